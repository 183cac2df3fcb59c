import ExactArithmetic
import Grammars

/// The levels of a grammar in the order in which they are stored.
///
/// A level comes when the prior of the likeliest program that it can be part of is the greatest left; levels that it is built
/// from come before it. Without lambdas the surroundings are not asked about and that is the order of the ladder. With them,
/// bodies of loops are needed far less deep than whole programs.
struct LevelQueue {
  /// Levels produced so far, by nonterminal and ordinal.
  private(set) var levels: [[Ladder.Level]]
  private let grammar: Grammar
  /// Where levels come from; copies of a queue have it in common, so that each level is made once.
  private let source: LevelSource
  private var produced = 0
  private var lastProduced: Rational?
  /// Levels to be stored, those from `head` on, in descending order of key; of equal keys the first produced first.
  private var waiting: [(key: Rational, level: Ladder.Level)] = []
  private var head = 0
  /// About what the levels take: where nothing new is stored they are what grows.
  private(set) var bytes = 0

  init(_ grammar: Grammar) {
    self.grammar = grammar
    source = LevelSource(grammar)
    levels = Array(repeating: [], count: grammar.nonterminals.count)
  }

  /// The next level to store; nil when the grammar has no more programs.
  mutating func first() -> Ladder.Level? {
    while true {
      // What the ladder has not produced has no greater key than the prior it has come to.
      if head < waiting.count, let lastProduced, waiting[head].key >= lastProduced { return waiting[head].level }
      if !produce() { return head < waiting.count ? waiting[head].level : nil }
    }
  }

  /// A level before its turn: of the nonterminal, among those that `early` names, on which `work` is least and whose next
  /// level has its parts among the first `stored` levels of their nonterminals.
  func firstEarly(_ work: [Double], among early: [Bool], stored: (Int) -> Int) -> Ladder.Level? {
    var best: Ladder.Level?
    var isNext = Array(repeating: true, count: grammar.nonterminals.count)
    for (_, level) in waiting[head...]
    where early[level.nonterminal] && isNext[level.nonterminal] {
      isNext[level.nonterminal] = false
      let isReady = level.batches.allSatisfy { batch in
        zip(grammar.productions[batch.production].arguments, batch.childLevels).allSatisfy { $1 < stored($0) }
      }
      if isReady, best.map({ work[level.nonterminal] < work[$0.nonterminal] }) ?? true { best = level }
    }
    return best
  }

  /// Takes out a level that is stored.
  mutating func remove(_ level: Ladder.Level) {
    let place = waiting[head...].firstIndex {
      $0.level.nonterminal == level.nonterminal && $0.level.ordinal == level.ordinal
    }!
    if place > head {
      waiting.remove(at: place)
      return
    }
    head += 1
    if head > 1024, head * 2 > waiting.count {
      waiting.removeFirst(head)
      head = 0
    }
  }

  /// The level number `ordinal` of a nonterminal, produced when needed; nil when it has fewer.
  mutating func level(_ nonterminal: Int, _ ordinal: Int) -> Ladder.Level? {
    while levels[nonterminal].count <= ordinal { if !produce() { return nil } }
    return levels[nonterminal][ordinal]
  }

  private mutating func produce() -> Bool {
    guard let (key, next) = source.level(produced) else { return false }
    produced += 1
    levels[next.nonterminal].append(next)
    bytes += Self.bytes(of: next)
    // Mostly at the end.
    var place = waiting.count
    while place > head, waiting[place - 1].key < key { place -= 1 }
    waiting.insert((key, next), at: place)
    lastProduced = next.probability
    return true
  }

  /// A level is its record here, in its source and in the log, and its prior, twice, with exponents beside; and its batches.
  private static func bytes(of level: Ladder.Level) -> Int {
    let own = MemoryLayout<Ladder.Level>.stride + 512 + 4 * level.probability.denominator.bitWidthOfMagnitude / 8
    return level.batches.reduce(own) { $0 + $1.bytes }
  }
}

/// The levels of a grammar in the order of its ladder, each with its key: its prior times what the surroundings leave.
private final class LevelSource {
  private var ladder: Ladder
  /// How much prior the surroundings of a nonterminal leave; nil where that is not asked.
  private let contexts: [Rational]?
  private var made: [(key: Rational, level: Ladder.Level)] = []

  init(_ grammar: Grammar) {
    ladder = Ladder(grammar)
    contexts = grammar.isStructured ? grammar.contextPriors() : nil
  }

  /// The level with this number, made when needed; nil when there are fewer.
  func level(_ number: Int) -> (key: Rational, level: Ladder.Level)? {
    while made.count <= number {
      guard let next = ladder.next() else { return nil }
      made.append((contexts.map { next.probability * $0[next.nonterminal] } ?? next.probability, next))
    }
    return made[number]
  }
}
