public import ExactArithmetic
import HeapModule

/// The levels of a grammar, lazily, in strictly decreasing prior: the order of the search and the counting DP in one.
///
/// A *level* of a nonterminal is the set of its programs with one and the same prior. Levels come in decreasing prior
/// over all nonterminals; levels of equal prior come in an order in which each follows those that it is built from.
///
///     var ladder = Ladder(grammar)
///     while let level = ladder.next() { print(level.probability, level.count) }
///
/// - Complexity: per batch (production and levels of its arguments) one heap operation of O(log batches pending); per
///   level the product of the factors of its prior.
public struct Ladder: Sendable {
  /// All programs of one nonterminal with one prior.
  public struct Level: Sendable {
    /// The nonterminal whose programs it holds, an index into `Grammar.nonterminals`.
    public let nonterminal: Int
    /// Its number among the levels of the nonterminal.
    public let ordinal: Int
    /// The prior of each program, exact.
    public let probability: Rational
    /// How the programs are built: productions ascending, then `childLevels` in lexicographic order.
    public let batches: [Batch]
    /// The exact number of programs.
    public let count: BigInteger
  }

  /// The programs of a level with one production and arguments of given levels.
  public struct Batch: Sendable {
    /// The production at the root, an index into `Grammar.productions`.
    public let production: Int
    /// For each argument the ordinal of its level.
    public let childLevels: LevelNumbers
    private let programs: ProgramCount

    package init(production: Int, childLevels: LevelNumbers, count: BigInteger) {
      self.init(production: production, childLevels: childLevels, programs: ProgramCount(count))
    }

    fileprivate init(production: Int, childLevels: LevelNumbers, programs: ProgramCount) {
      (self.production, self.childLevels, self.programs) = (production, childLevels, programs)
    }

    /// The exact number of its programs: the product of the programs in the arguments' levels.
    public var count: BigInteger { programs.value }

    /// The memory that it takes: its record, and what does not lie in it.
    package var bytes: Int {
      MemoryLayout<Batch>.stride + programs.farBytes + (childLevels.count > 3 ? 32 + 8 * childLevels.count : 0)
    }
  }

  /// A level before its prior is multiplied out, which takes long where probabilities have many digits.
  struct Listing: Sendable {
    let nonterminal: Int
    let ordinal: Int
    /// Of the prior of each program.
    let exponents: [Int64]
    let batches: [Batch]
    let count: BigInteger
  }

  private struct Slot: Hashable, Sendable {
    let nonterminal: Int
    let ordinal: Int
  }

  /// What the heap orders: the tuples of one prior.
  private struct Entry: Comparable, Sendable {
    let log2: Double
    let exponents: [Int64]
    let group: Int
    let order: Order
    final class Order: Sendable {
      let priors: PriorExponents
      init(_ priors: PriorExponents) { self.priors = priors }
    }
    static func == (a: Entry, b: Entry) -> Bool { a.group == b.group }
    static func < (a: Entry, b: Entry) -> Bool {
      a.order.priors.compare(a.exponents, a.log2, b.exponents, b.log2) < 0
    }
  }

  private let grammar: Grammar
  private let order: Entry.Order
  private var groups: PriorGroups
  private var tuples: LevelTuples
  /// Groups of the levels listed so far, by nonterminal.
  private var listed: [[Int]]
  private var counts: [[ProgramCount]]
  private var heap = Heap<Entry>()
  /// Tuples that wait for a level that is not listed yet, by (nonterminal, ordinal).
  private var stalled: [Slot: [Int]] = [:]
  /// Nonterminals so that a probability-1 production's arguments come first.
  private let rank: [Int]

  /// The ladder of a grammar before its first level.
  public init(_ grammar: Grammar) {
    self.grammar = grammar
    order = Entry.Order(PriorExponents(grammar))
    groups = PriorGroups(order.priors)
    tuples = LevelTuples(grammar)
    listed = Array(repeating: [], count: grammar.nonterminals.count)
    counts = Array(repeating: [], count: grammar.nonterminals.count)
    rank = Self.dependencyRanks(grammar)
    for production in grammar.productions.indices { offer(tuples.first(of: production)) }
  }

  /// Ranks in which a production of probability 1 has a higher rank than its arguments.
  private static func dependencyRanks(_ grammar: Grammar) -> [Int] {
    let dependencies = grammar.nonterminals.map { nonterminal in
      nonterminal.productions.filter { grammar.productions[$0].probability == 1 }
        .flatMap { grammar.productions[$0].arguments }
    }
    var ranks = Array(repeating: 0, count: dependencies.count)
    for nonterminal in stronglyConnectedComponents(dependencies).joined() {
      ranks[nonterminal] = (dependencies[nonterminal].map { ranks[$0] }.max() ?? -1) + 1
    }
    return ranks
  }

  /// Queues a tuple, or lets it wait for the first of its levels that is missing.
  private mutating func offer(_ tuple: Int) {
    let production = tuples.production(tuple)
    let arguments = tuples.arguments[production]
    for position in arguments.indices {
      let (nonterminal, ordinal) = (arguments[position], tuples.level(tuple, position))
      if ordinal >= listed[nonterminal].count {
        stalled[Slot(nonterminal: nonterminal, ordinal: ordinal), default: []].append(tuple)
        return
      }
    }
    groups.add(production)
    for position in arguments.indices { groups.add(group: listed[arguments[position]][tuples.level(tuple, position)]) }
    let (group, isNew) = groups.find()
    if isNew {
      let exponents = groups.exponents(group)
      heap.insert(
        Entry(log2: order.priors.approximateLog2(exponents), exponents: exponents, group: group, order: order))
    }
    tuples.link(tuple, into: &groups.first[group])
  }

  /// The next level; nil when the grammar has no more programs.
  public mutating func next() -> Level? {
    guard let listing = nextListing() else { return nil }
    return level(listing)
  }

  /// What the exponents of listings are the exponents of.
  var priors: PriorExponents { order.priors }

  /// A listing with its prior.
  func level(_ listing: Listing) -> Level {
    Level(
      nonterminal: listing.nonterminal, ordinal: listing.ordinal, probability: priors.probability(listing.exponents),
      batches: listing.batches, count: listing.count)
  }

  /// The next level, its prior not multiplied out; nil when the grammar has no more programs.
  mutating func nextListing() -> Listing? {
    while let top = heap.max {
      let waiting = tuples.chain(from: groups.first[top.group])
      if waiting.isEmpty {
        heap.removeMax()
        continue
      }
      let nonterminal = waiting.map { tuples.nonterminal($0) }.min { (rank[$0], $0) < (rank[$1], $1) }!
      groups.first[top.group] = LevelTuples.none
      var chosen: [Int] = []
      for tuple in waiting {
        if tuples.nonterminal(tuple) == nonterminal {
          chosen.append(tuple)
        } else {
          tuples.link(tuple, into: &groups.first[top.group])
        }
      }
      return list(chosen, nonterminal, top)
    }
    return nil
  }

  private mutating func list(_ chosen: [Int], _ nonterminal: Int, _ entry: Entry) -> Listing {
    let sorted = chosen.count > 1 ? chosen.sorted { tuples.precedes($0, $1) } : chosen
    var batches: [Batch] = []
    batches.reserveCapacity(sorted.count)
    var total = ProgramCount(word: 0)
    for tuple in sorted {
      let production = tuples.production(tuple)
      let (arguments, levels) = (tuples.arguments[production], tuples.levels(tuple))
      let count = arguments.indices.reduce(ProgramCount(word: 1)) { $0 * counts[arguments[$1]][levels[$1]] }
      total = total + count
      batches.append(Batch(production: production, childLevels: levels, programs: count))
    }
    let ordinal = listed[nonterminal].count
    listed[nonterminal].append(entry.group)
    counts[nonterminal].append(total)
    for tuple in stalled.removeValue(forKey: Slot(nonterminal: nonterminal, ordinal: ordinal)) ?? [] { offer(tuple) }
    for tuple in sorted { advance(tuple) }
    return Listing(
      nonterminal: nonterminal, ordinal: ordinal, exponents: entry.exponents, batches: batches, count: total.value)
  }

  /// Queues the successors of a listed tuple.
  ///
  /// They add 1 at or behind its last non-zero place, so every tuple has one predecessor, of greater prior, and comes exactly
  /// once.
  private mutating func advance(_ tuple: Int) {
    let count = tuples.arguments[tuples.production(tuple)].count
    var first = count - 1
    while first > 0, tuples.level(tuple, first) == 0 { first -= 1 }
    var position = max(first, 0)
    while position < count {
      offer(tuples.successor(of: tuple, at: position))
      position += 1
    }
    tuples.free(tuple)
  }
}
