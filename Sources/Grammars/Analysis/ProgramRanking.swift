public import ExactArithmetic

/// Why a program has no place in the order, or none that is found.
public enum ProgramOrderError: Error, Hashable, Sendable {
  /// The program is not a complete derivation from the start nonterminal.
  case notDerivable(Program)
  /// The place is not within this number of batches of the ladder, the most that may be listed.
  case batchLimit(Int)
}

extension ProgramOrderError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notDerivable(let program):
      let shown = program.productions.prefix(20).map(String.init).joined(separator: " ")
      let rest = program.productions.count > 20 ? " …" : ""
      return "productions '\(shown)\(rest)' are not a complete derivation from the start nonterminal"
    case .batchLimit(let limit): return "not found within \(limit) batches"
    }
  }
}

/// The total order of the programs of the start nonterminal, as numbers: the order in which a search meets them.
///
///     var order = ProgramOrder(grammar)
///     let program = order.program(atRank: 1_000_000)!
///     try order.rank(of: program)      // 1000000
///
/// Programs come by level in decreasing prior (`Ladder`); within a level by batch (production ascending, then levels
/// of the arguments in lexicographic order); within a batch by the arguments' ranks inside their own levels, the first
/// argument slowest. Ranks are exact, from 0, for programs of any size; every program has one.
///
/// The order keeps the levels of all nonterminals that were asked for. It is a bijection between the programs and
/// `0 ..< number of programs`, but not a total preorder by size: a longer text may have the greater prior.
///
/// - Complexity: a first question about prior p lists all batches of prior ≥ p, one heap operation each: with dyadic
///   probabilities O(log2(1/p)^k) batches for productions of k arguments, with others the number of distinct products
///   of priors takes the place of log2(1/p). Priors stay exponents meanwhile, so that a batch takes the same time for
///   probabilities of many digits. After that O(log batches) per symbol, without recursion.
public struct ProgramOrder: Sendable {
  /// A listed level with what ranks need.
  private struct Listed: Sendable {
    let level: Ladder.Listing
    /// For each batch the number of programs of the level before it.
    let starts: [BigInteger]
    /// The number of programs of the nonterminal in earlier levels.
    let first: BigInteger
  }

  /// A program as one of its level.
  private struct Place {
    let ordinal: Int
    let rank: BigInteger
  }

  /// The grammar whose programs are numbered.
  public let grammar: Grammar
  /// The number of all programs; nil when it is infinite.
  private let programCount: BigInteger?
  private var ladder: Ladder
  /// The batches listed so far.
  private var batchCount = 0
  private var listed: [[Listed]]
  private var ordinals: [[[Int64]: Int]]

  /// The order of a grammar's programs, nothing listed yet.
  public init(_ grammar: Grammar) {
    self.grammar = grammar
    programCount = grammar.programCount()
    ladder = Ladder(grammar)
    listed = Array(repeating: [], count: grammar.nonterminals.count)
    ordinals = Array(repeating: [:], count: grammar.nonterminals.count)
  }

  /// The number of programs that come before `program`.
  ///
  /// - Parameter maximumBatches: Most batches that are listed in all, those of earlier questions included.
  /// - Throws: `ProgramOrderError.notDerivable` when it is not a program of the start nonterminal, `batchLimit` when the
  ///   limit comes first.
  public mutating func rank(
    of program: Program, maximumBatches: Int = .max
  ) throws(ProgramOrderError) -> BigInteger {
    let place = try locate(program, maximumBatches)
    return listed[0][place.ordinal].first + place.rank
  }

  /// The level that contains `program`.
  ///
  /// - Throws: `ProgramOrderError.notDerivable` when it is not a program of the start nonterminal.
  public mutating func level(of program: Program) throws(ProgramOrderError) -> Ladder.Level {
    let place = try locate(program, .max)
    return ladder.level(listed[0][place.ordinal].level)
  }

  /// The program with a rank; nil when the grammar has no more than `rank` programs.
  ///
  /// - Precondition: the rank is not negative.
  public mutating func program(atRank rank: BigInteger) -> Program? {
    try! program(atRank: rank, maximumBatches: .max)
  }

  /// As `program(atRank:)`, with a limit to the batches that are listed in all, those of earlier questions included.
  ///
  /// - Throws: `ProgramOrderError.batchLimit` when the limit comes first.
  public mutating func program(
    atRank rank: BigInteger, maximumBatches: Int
  ) throws(ProgramOrderError) -> Program? {
    precondition(rank >= 0, "\(rank) is not the rank of a program")
    if let programCount, rank >= programCount { return nil }
    while (listed[0].last.map { $0.first + $0.level.count } ?? 0) <= rank {
      let isListed = try listNext(maximumBatches)
      precondition(isListed, "the ladder ended before program \(rank)")
    }
    let ordinal = Self.lastIndex(in: listed[0].count) { listed[0][$0].first <= rank }
    return program(at: Place(ordinal: ordinal, rank: rank - listed[0][ordinal].first))
  }
}

// MARK: - Levels

extension ProgramOrder {
  /// Lists one more level of some nonterminal; false when there is none.
  private mutating func listNext(_ maximumBatches: Int) throws(ProgramOrderError) -> Bool {
    if batchCount >= maximumBatches { throw .batchLimit(maximumBatches) }
    guard let level = ladder.nextListing() else { return false }
    batchCount += level.batches.count
    var sum = BigInteger(0)
    var starts: [BigInteger] = []
    for batch in level.batches {
      starts.append(sum)
      sum += batch.count
    }
    let first = listed[level.nonterminal].last.map { $0.first + $0.level.count } ?? 0
    ordinals[level.nonterminal][level.exponents] = level.ordinal
    listed[level.nonterminal].append(Listed(level: level, starts: starts, first: first))
    return true
  }

  /// The prior of a production with arguments of given levels.
  private func exponents(_ production: Int, _ childLevels: [Int]) -> [Int64] {
    var exponents = ladder.priors.productions[production]
    for (argument, ordinal) in zip(grammar.productions[production].arguments, childLevels) {
      let child = listed[argument][ordinal].level.exponents
      for i in exponents.indices { exponents[i] += child[i] }
    }
    return exponents
  }

  /// The level of a production with arguments of given levels; lists levels until it is there.
  private mutating func ordinal(
    _ production: Int, _ childLevels: [Int], _ maximumBatches: Int
  ) throws(ProgramOrderError) -> Int {
    let (nonterminal, key) = (grammar.productions[production].nonterminal, exponents(production, childLevels))
    while true {
      if let ordinal = ordinals[nonterminal][key] { return ordinal }
      let isListed = try listNext(maximumBatches)
      precondition(isListed, "the ladder ended before the level of a program")
    }
  }

  /// The greatest index below `count` with a property that holds for 0 and never again after it fails.
  private static func lastIndex(in count: Int, where holds: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if holds(middle) { low = middle } else { high = middle }
    }
    return low
  }
}

// MARK: - Between programs and places

extension ProgramOrder {
  /// The place of a program, from the leaves up.
  private mutating func locate(_ program: Program, _ maximumBatches: Int) throws(ProgramOrderError) -> Place {
    guard grammar.derives(program) else { throw .notDerivable(program) }
    var stack: [Place] = []
    for index in program.productions.reversed() {
      let production = Int(index)
      let count = grammar.productions[production].arguments.count
      let children = Array(stack.suffix(count).reversed())
      stack.removeLast(count)
      stack.append(try place(production, children, maximumBatches))
    }
    return stack[0]
  }

  private mutating func place(
    _ production: Int, _ children: [Place], _ maximumBatches: Int
  ) throws(ProgramOrderError) -> Place {
    let childLevels = children.map(\.ordinal)
    let ordinal = try ordinal(production, childLevels, maximumBatches)
    let nonterminal = grammar.productions[production].nonterminal
    let here = listed[nonterminal][ordinal]
    let batches = here.level.batches
    let batch = Self.lastIndex(in: batches.count) { index in
      let candidate = batches[index]
      return candidate.production != production
        ? candidate.production < production : !childLevels.lexicographicallyPrecedes(candidate.childLevels)
    }
    var rank = BigInteger(0)
    for (argument, child) in zip(grammar.productions[production].arguments, children) {
      rank = rank * listed[argument][child.ordinal].level.count + child.rank
    }
    return Place(ordinal: ordinal, rank: here.starts[batch] + rank)
  }

  /// The program at a place of the start nonterminal, from the root down.
  private func program(at place: Place) -> Program {
    var written: [Int32] = []
    var waiting = [(nonterminal: 0, place: place)]
    while let (nonterminal, place) = waiting.popLast() {
      let here = listed[nonterminal][place.ordinal]
      let index = Self.lastIndex(in: here.starts.count) { here.starts[$0] <= place.rank }
      let batch = here.level.batches[index]
      written.append(Int32(batch.production))
      var rest = place.rank - here.starts[index]
      let arguments = grammar.productions[batch.production].arguments
      for position in arguments.indices.reversed() {
        let (argument, ordinal) = (arguments[position], batch.childLevels[position])
        let (quotient, rank) = rest.quotientAndRemainder(dividingBy: listed[argument][ordinal].level.count)
        waiting.append((argument, Place(ordinal: ordinal, rank: rank)))
        rest = quotient
      }
    }
    return Program(productions: written)
  }
}
