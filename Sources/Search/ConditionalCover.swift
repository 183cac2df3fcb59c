import CKernels
import Evaluation
import ExactArithmetic
import Grammars

/// The least `ite` that gives a goal, put together from stored conditions and stored terms.
///
/// A term agrees with the goal on a set of lanes, a condition cuts the lanes in two: a program of nested `ite`s is a decision
/// tree whose conditions separate the lanes and whose leaves agree with the goal where they are reached. Of the terms that
/// agree on one set of lanes, and of the conditions that cut alike, the likeliest stand for all, so the tree depends on the
/// number of sets and not of programs. (Divide and conquer after Alur, Radhakrishna & Udupa 2017, with a least tree in place
/// of a greedy one.)
///
/// Lengths in `Double` order the work and decide nothing else.
///
/// - Complexity: one pass over the stored classes; then exponential in the number of conditions in a tree.
struct ConditionalCover {
  /// A set of lanes, at most 256.
  typealias Lanes = SIMD4<UInt64>
  static let mostLanes = 256

  /// The likeliest stored class of all that agree with the goal, or hold, on the same lanes.
  private struct Choice {
    let lanes: Lanes
    let bits: Double
    let nonterminal: Int
    let index: Int
  }

  private struct Tree {
    let bits: Double
    let derivation: Derivation
  }

  /// What is known of a set of lanes: its least tree, or that there is none of up to `limit` bits.
  private struct Known {
    var tree: Tree?
    var limit: Double
  }

  private let production: Int
  private let parts: Branches
  private let productionBits: Double
  /// By branch (0 then, 1 otherwise): the terms, likeliest first, and whether the branch may be such an `ite` again.
  private var leaves: [[Choice]] = []
  private var nests: [Bool] = []
  private var conditions: [Choice] = []
  private let all: Lanes
  private var known: [Lanes: Known] = [:]

  /// - Parameter goal: has no free lanes.
  init(_ goal: Goal, production: Int, parts: Branches, _ search: GoalSearch) {
    let grammar = search.bank.grammar
    self.production = production
    self.parts = parts
    productionBits = -grammar.productions[production].probability.log2
    all = Self.set(search.goalLanes) { _ in true }
    let arguments = grammar.productions[production].arguments
    let (then, otherwise) = (arguments[parts.then], arguments[parts.otherwise])
    let terms = Self.terms(of: then, goal, search)
    leaves = [terms, otherwise == then ? terms : Self.terms(of: otherwise, goal, search)]
    nests = [then, otherwise].map { $0 == grammar.productions[production].nonterminal }
    conditions = Self.conditions(of: arguments[parts.condition], parts, search, all)
  }

  /// The least program of at most `limit` bits; nil when there is none, or when `isOver` says so before one is found.
  mutating func program(within limit: Double, _ search: GoalSearch, until isOver: () -> Bool) -> Derivation? {
    split(all, within: limit, search, isOver)?.derivation
  }

  // MARK: What is stored

  private static func set(_ count: Int, where holds: (Int) -> Bool) -> Lanes {
    var set = Lanes()
    for lane in 0..<count where holds(lane) { set[lane >> 6] |= 1 << UInt64(lane & 63) }
    return set
  }

  /// The classes of a nonterminal, likeliest first; of those with the same lanes the first. Nil lanes are left out.
  private static func choices(
    of nonterminal: Int, _ search: GoalSearch, _ lanes: (UnsafePointer<Int64>) -> Lanes?
  ) -> [Choice] {
    let table = search.bank.tables + nonterminal
    var met: Set<Lanes> = []
    var choices: [Choice] = []
    for level in 0..<table.pointee.levels {
      let bits = -search.bank.levels[nonterminal][level].probability.log2
      for index in table.pointee.classStart[level]..<table.pointee.classStart[level + 1] {
        guard let lanes = lanes(table.pointee.row(index)), met.insert(lanes).inserted else { continue }
        choices.append(Choice(lanes: lanes, bits: bits, nonterminal: nonterminal, index: index))
      }
    }
    // A look at a stored row takes a small part of what a candidate takes.
    search.filtered += UInt64(table.pointee.count / 16)
    search.poll()
    return choices
  }

  private static func terms(of nonterminal: Int, _ goal: Goal, _ search: GoalSearch) -> [Choice] {
    choices(of: nonterminal, search) { row in
      let lanes = set(search.goalLanes) { search.agrees(row[$0], goal.row[$0], goal.modulus) }
      return lanes == Lanes() ? nil : lanes
    }
  }

  private static func conditions(of nonterminal: Int, _ parts: Branches, _ search: GoalSearch, _ all: Lanes) -> [Choice]
  {
    choices(of: nonterminal, search) { row in
      parts.withTruth(of: row, search.bank.signature.lanes, search) { row in
        if (0..<search.goalLanes).contains(where: { row[$0] == Int64.min }) { return nil }
        let lanes = set(search.goalLanes) { row[$0] == 1 }
        return lanes == Lanes() || lanes == all ? nil : lanes
      }
    }
  }

  // MARK: Trees

  /// The least term or tree for one branch on some lanes.
  private mutating func tree(
    _ branch: Int, _ lanes: Lanes, within limit: Double, _ search: GoalSearch, _ isOver: () -> Bool
  ) -> Tree? {
    let leaf = leaves[branch].first { $0.lanes & lanes == lanes }
    var best = leaf.flatMap {
      $0.bits > limit ? nil : Tree(bits: $0.bits, derivation: .stored(nonterminal: $0.nonterminal, index: $0.index))
    }
    if nests[branch], let deeper = split(lanes, within: best?.bits.nextDown ?? limit, search, isOver) { best = deeper }
    return best
  }

  /// The least tree with a condition at its root.
  private mutating func split(_ lanes: Lanes, within limit: Double, _ search: GoalSearch, _ isOver: () -> Bool) -> Tree?
  {
    if let known = known[lanes] {
      if let tree = known.tree { return tree.bits <= limit ? tree : nil }
      if known.limit >= limit { return nil }
    }
    guard let least = leastLeaves else { return nil }
    var best: Tree?
    var bound = limit
    var cuts: Set<Lanes> = []
    for condition in conditions {
      let base = productionBits + condition.bits
      if base + least.0 + least.1 > bound { break }
      if isOver() { return best }
      search.filtered += 1
      let inside = lanes & condition.lanes
      let outside = lanes & ~condition.lanes
      if inside == Lanes() || outside == Lanes() || !cuts.insert(inside).inserted { continue }
      guard let then = tree(0, inside, within: bound - base - least.1, search, isOver),
        let otherwise = tree(1, outside, within: bound - base - then.bits, search, isOver)
      else { continue }
      let bits = base + then.bits + otherwise.bits
      best = Tree(bits: bits, derivation: derivation(condition, then.derivation, otherwise.derivation))
      bound = bits.nextDown
    }
    if !isOver() { known[lanes] = Known(tree: best, limit: limit) }
    return best
  }

  /// The bits of the likeliest term of each branch.
  private var leastLeaves: (Double, Double)? {
    guard let then = leaves[0].first, let otherwise = leaves[1].first else { return nil }
    return (then.bits, otherwise.bits)
  }

  private func derivation(_ condition: Choice, _ then: Derivation, _ otherwise: Derivation) -> Derivation {
    var children = Array(repeating: then, count: 3)
    children[parts.condition] = .stored(nonterminal: condition.nonterminal, index: condition.index)
    children[parts.otherwise] = otherwise
    return .node(production: production, batch: 0, children)
  }
}
