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
    public let childLevels: [Int]
    /// The exact number of its programs: the product of the programs in the arguments' levels.
    public let count: BigInteger

    package init(production: Int, childLevels: [Int], count: BigInteger) {
      self.production = production
      self.childLevels = childLevels
      self.count = count
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

  /// A production with levels of its arguments, waiting in the heap.
  private struct Pending: Sendable {
    let production: Int
    let childLevels: [Int]
    let exponents: [Int64]
    let log2: Double
  }

  /// A group of equal prior: what the heap orders.
  private struct Entry: Comparable, Sendable {
    let log2: Double
    let exponents: [Int64]
    let order: Order
    final class Order: Sendable {
      let priors: PriorExponents
      init(_ priors: PriorExponents) { self.priors = priors }
    }
    static func == (a: Entry, b: Entry) -> Bool { a.exponents == b.exponents }
    static func < (a: Entry, b: Entry) -> Bool {
      a.order.priors.compare(a.exponents, a.log2, b.exponents, b.log2) < 0
    }
  }

  private let grammar: Grammar
  private let order: Entry.Order
  /// Exponents of the levels listed so far, by nonterminal.
  private var listed: [[[Int64]]]
  private var counts: [[BigInteger]]
  private var heap = Heap<Entry>()
  private var pending: [[Int64]: [Pending]] = [:]
  /// Tuples that wait for a level that is not listed yet, by (nonterminal, ordinal).
  private var stalled: [Slot: [(production: Int, childLevels: [Int])]] = [:]
  /// Nonterminals so that a probability-1 production's arguments come first.
  private let rank: [Int]

  /// The ladder of a grammar before its first level.
  public init(_ grammar: Grammar) {
    self.grammar = grammar
    order = Entry.Order(PriorExponents(grammar))
    listed = Array(repeating: [], count: grammar.nonterminals.count)
    counts = Array(repeating: [], count: grammar.nonterminals.count)
    rank = Self.dependencyRanks(grammar)
    for (index, production) in grammar.productions.enumerated() {
      offer(index, Array(repeating: 0, count: production.arguments.count))
    }
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
  private mutating func offer(_ production: Int, _ childLevels: [Int]) {
    let arguments = grammar.productions[production].arguments
    for (position, ordinal) in childLevels.enumerated() where ordinal >= listed[arguments[position]].count {
      stalled[Slot(nonterminal: arguments[position], ordinal: ordinal), default: []].append((production, childLevels))
      return
    }
    push(production, childLevels)
  }

  private mutating func push(_ production: Int, _ childLevels: [Int]) {
    var exponents = order.priors.productions[production]
    let arguments = grammar.productions[production].arguments
    for (position, ordinal) in childLevels.enumerated() {
      let child = listed[arguments[position]][ordinal]
      for i in exponents.indices { exponents[i] += child[i] }
    }
    let log2 = order.priors.approximateLog2(exponents)
    if pending[exponents] == nil { heap.insert(Entry(log2: log2, exponents: exponents, order: order)) }
    pending[exponents, default: []].append(
      Pending(production: production, childLevels: childLevels, exponents: exponents, log2: log2))
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
      guard let waiting = pending[top.exponents], !waiting.isEmpty else {
        pending[top.exponents] = nil
        heap.removeMax()
        continue
      }
      let nonterminal = waiting.map { grammar.productions[$0.production].nonterminal }
        .min { (rank[$0], $0) < (rank[$1], $1) }!
      let chosen = waiting.filter { grammar.productions[$0.production].nonterminal == nonterminal }
      pending[top.exponents] = waiting.filter { grammar.productions[$0.production].nonterminal != nonterminal }
      return list(chosen, nonterminal, top.exponents)
    }
    return nil
  }

  private mutating func list(_ chosen: [Pending], _ nonterminal: Int, _ exponents: [Int64]) -> Listing {
    let sorted = chosen.sorted {
      $0.production != $1.production
        ? $0.production < $1.production : $0.childLevels.lexicographicallyPrecedes($1.childLevels)
    }
    var total = BigInteger(0)
    var batches: [Batch] = []
    for batch in sorted {
      let arguments = grammar.productions[batch.production].arguments
      var count = BigInteger(1)
      for (position, ordinal) in batch.childLevels.enumerated() { count *= counts[arguments[position]][ordinal] }
      total += count
      batches.append(Batch(production: batch.production, childLevels: batch.childLevels, count: count))
    }
    let ordinal = listed[nonterminal].count
    listed[nonterminal].append(exponents)
    counts[nonterminal].append(total)
    advance(batches, nonterminal, ordinal)
    return Listing(
      nonterminal: nonterminal, ordinal: ordinal, exponents: exponents, batches: batches, count: total)
  }

  /// Queues the tuples that waited for the new level, and the successors of the listed ones.
  ///
  /// The successors of a tuple add 1 at or behind its last non-zero place, so every tuple has one predecessor, of
  /// greater prior, and comes exactly once.
  private mutating func advance(_ batches: [Batch], _ nonterminal: Int, _ ordinal: Int) {
    for waiting in stalled.removeValue(forKey: Slot(nonterminal: nonterminal, ordinal: ordinal)) ?? [] {
      offer(waiting.production, waiting.childLevels)
    }
    for batch in batches {
      let first = batch.childLevels.lastIndex { $0 > 0 } ?? 0
      for position in batch.childLevels.indices where position >= first {
        var successor = batch.childLevels
        successor[position] += 1
        offer(batch.production, successor)
      }
    }
  }
}
