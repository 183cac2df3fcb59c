import CKernels
import Evaluation
import ExactArithmetic
import Grammars

/// The least `ite` that gives a goal, put together from stored conditions and stored terms.
///
/// A term agrees with the goal on a set of lanes, a condition cuts the lanes in two: a program of nested `ite`s is a tree of
/// choices (`LeastChoices`) whose conditions separate the lanes and whose leaves agree with the goal where they are reached.
///
/// - Complexity: one pass over the stored classes; then that of the tree.
struct ConditionalCover {
  private typealias Choices = LeastChoices<Derivation>
  static let mostLanes = LeastChoices<Derivation>.mostLanes

  private let all: Choices.Lanes
  private var choices: Choices

  /// - Parameter goal: has no free lanes.
  init(_ goal: Goal, production: Int, parts: Branches, _ search: GoalSearch) {
    let grammar = search.bank.grammar
    all = Choices.set(search.goalLanes) { _ in true }
    let arguments = grammar.productions[production].arguments
    let (then, otherwise) = (arguments[parts.then], arguments[parts.otherwise])
    let terms = Self.terms(of: then, goal, search)
    choices = Choices(
      leaves: [terms, otherwise == then ? terms : Self.terms(of: otherwise, goal, search)],
      nests: [then, otherwise].map { $0 == grammar.productions[production].nonterminal },
      conditions: Self.conditions(of: arguments[parts.condition], parts, search, all),
      choiceBits: -grammar.productions[production].probability.log2
    ) { condition, then, otherwise in
      var children = Array(repeating: then, count: 3)
      children[parts.condition] = condition
      children[parts.otherwise] = otherwise
      return .node(production: production, batch: 0, children)
    }
  }

  /// Whether there is no program of any length.
  var isEmpty: Bool { choices.isEmpty }

  /// The least program of at most `limit` bits; nil when there is none, or when `isOver` says so before one is found.
  mutating func program(within limit: Double, _ search: GoalSearch, until isOver: () -> Bool) -> Derivation? {
    choices.split(all, within: limit, isOver, { search.filtered += 1 })?.part
  }

  // MARK: What is stored

  /// The classes of a nonterminal, likeliest first; of those with the same lanes the first. Nil lanes are left out.
  private static func choices(
    of nonterminal: Int, _ search: GoalSearch, _ lanes: (UnsafePointer<Int64>) -> Choices.Lanes?
  ) -> [Choices.Choice] {
    let table = search.bank.tables + nonterminal
    var met: Set<Choices.Lanes> = []
    var choices: [Choices.Choice] = []
    for level in 0..<table.pointee.levels {
      let bits = -search.bank.levels[nonterminal][level].probability.log2
      for index in table.pointee.classStart[level]..<table.pointee.classStart[level + 1] {
        guard let lanes = lanes(table.pointee.row(index)), met.insert(lanes).inserted else { continue }
        choices.append(.init(lanes: lanes, bits: bits, part: .stored(nonterminal: nonterminal, index: index)))
      }
    }
    // A look at a stored row takes a small part of what a candidate takes.
    search.filtered += UInt64(table.pointee.count / 16)
    search.poll()
    return choices
  }

  private static func terms(of nonterminal: Int, _ goal: Goal, _ search: GoalSearch) -> [Choices.Choice] {
    choices(of: nonterminal, search) { row in
      let lanes = Choices.set(search.goalLanes) { search.agrees(row[$0], goal.row[$0], goal.modulus) }
      return lanes == Choices.Lanes() ? nil : lanes
    }
  }

  private static func conditions(
    of nonterminal: Int, _ parts: Branches, _ search: GoalSearch, _ all: Choices.Lanes
  ) -> [Choices.Choice] {
    choices(of: nonterminal, search) { row in
      parts.withTruth(of: row, search.bank.signature.lanes, search) { row in
        if (0..<search.goalLanes).contains(where: { row[$0] == Int64.min }) { return nil }
        let lanes = Choices.set(search.goalLanes) { row[$0] == 1 }
        return lanes == Choices.Lanes() || lanes == all ? nil : lanes
      }
    }
  }
}
