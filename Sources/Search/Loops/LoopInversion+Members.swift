import Evaluation
import ExactArithmetic
import Grammars

/// Programs of which a set that sums tell is a part: c(k), the number of its member k, for stored k; one operator between two of
/// these; and c(u) where the goal's values are all members, so that u, which member it is, is a goal again.
///
/// Sets come in order of prior (`NumberedSums`), whatever is wanted, and nothing is asked of a set but a look-up among the
/// goals: of so many sets some fit a goal by accident, and what is found is run as a whole.
extension LoopInversion {
  private static let mostSets = 400
  /// Numbers that are asked whether they are members, for what is looked up and for the values of a goal.
  private static let mostNumbers = 128
  private static let mostGoalNumbers = 400
  private static let mostCounts = 12
  private static let mostPlaced = 24

  /// The shortest program met that agrees with all training examples.
  func members(_ numbered: NumberedSums, _ shape: LoopShape, _ machine: TermMachine, _ isOver: () -> Bool) -> Program? {
    let grammar = attempt.grammar
    let known = known(0)
    let counts = known.filter { $0.row.allSatisfy { $0 >= 0 } && Self.counts($0.row) }.prefix(Self.mostCounts)
    let operators = grammar.nonterminals[0].productions.filter {
      guard case .operation(let op) = grammar.productions[$0].symbol else { return false }
      return grammar.productions[$0].arguments == [0, 0] && Self.value(op, 1, 1) != nil
    }
    let wanted = WantedRows(goals.map(\.row))
    var best = BestProgram(grammar)
    func offer(_ row: [Int64], _ program: () -> Program) {
      guard let place = wanted.place(of: row) else { return }
      best.offer(goals[place].around(program())) { attempt.agrees($0, machine) }
    }
    var sets: [NumberSet] = []
    var seen: Set<[Int64]> = []
    var placed: [(row: [Int64], program: Program)] = []
    let all = numbered.sets(most: .max) { written($0, $1, $2, shape.bodies[0]).first }
    for set in all where sets.count < Self.mostSets {
      if isOver() { break }
      let atoms = counts.compactMap { count -> KnownTerm? in
        let row = count.row.compactMap { set.member($0, upTo: Self.mostNumbers) }
        guard row.count == count.row.count else { return nil }
        let program = shape.program([set.test], count: count.program, starts: [])
        return KnownTerm(program: program, bits: count.bits, row: row)
      }
      guard let first = atoms.first, seen.insert(first.row).inserted else { continue }
      sets.append(set)
      placed += atoms.map { ($0.row, $0.program) }
      for (place, a) in atoms.enumerated() {
        offer(a.row) { a.program }
        for number in operators {
          guard case .operation(let op) = grammar.productions[number].symbol else { continue }
          for (other, b) in atoms.enumerated() where op.isCommutative ? other <= place : other != place {
            if let row = wanted.row(op, a.row, b.row) { offer(row) { Program(number, [a.program, b.program]) } }
          }
        }
      }
    }
    // Stored terms and members, by their values: what a number of a member can be.
    let inner = Dictionary(
      (known.map { ($0.row, $0.program) } + placed).map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first })
    for set in sets {
      if isOver() { break }
      for goal in goals.prefix(Self.mostPlaced) {
        let row = goal.row.compactMap { set.place(of: $0, upTo: Self.mostGoalNumbers) }
        guard row.count == goal.row.count, row != goal.row else { continue }
        let place = Goal(bits: goal.bits, row: row) {
          goal.around(shape.program([set.test], count: $0, starts: []))
        }
        for goal in [place] + below(place, 12) {
          if let program = inner[goal.row] { best.offer(goal.around(program)) { attempt.agrees($0, machine) } }
        }
      }
    }
    return best.program
  }

  /// The value of an arithmetic operator; nil where it has none, or for another operator.
  static func value(_ op: Operator, _ x: Int64, _ y: Int64) -> Int64? {
    switch op {
    case .add: return exact(x.addingReportingOverflow(y))
    case .subtract: return exact(x.subtractingReportingOverflow(y))
    case .multiply: return exact(x.multipliedReportingOverflow(by: y))
    case .div, .mod:
      guard x >= 0, y > 0 else { return nil }
      return op == .div ? x / y : x % y
    default: return nil
    }
  }
}

/// Rows that are looked for; most that are asked for are left after three words.
struct WantedRows {
  private let places: [[Int64]: Int]
  private let beginnings: Set<Int64>

  /// Of equal rows the first counts.
  init(_ rows: [[Int64]]) {
    places = Dictionary(rows.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    beginnings = Set(rows.map { Self.beginning($0) })
  }

  func place(of row: [Int64]) -> Int? { beginnings.contains(Self.beginning(row)) ? places[row] : nil }

  /// What an operator gives on two rows, if it may be one of those that are looked for.
  func row(_ op: Operator, _ a: [Int64], _ b: [Int64]) -> [Int64]? {
    var words: (Int64, Int64, Int64) = (0, 0, 0)
    guard a.count >= 3, let first = LoopInversion.value(op, a[0], b[0]),
      let second = LoopInversion.value(op, a[1], b[1]), let third = LoopInversion.value(op, a[2], b[2])
    else { return nil }
    words = (first, second, third)
    guard beginnings.contains(Self.beginning(words)) else { return nil }
    let row = zip(a, b).compactMap { LoopInversion.value(op, $0, $1) }
    return row.count == a.count ? row : nil
  }

  private static func beginning(_ row: [Int64]) -> Int64 {
    row.count < 3 ? 0 : beginning((row[0], row[1], row[2]))
  }

  private static func beginning(_ words: (Int64, Int64, Int64)) -> Int64 {
    (words.0 &* 0x1E37_79B9_7F4A_7C15 &+ words.1) &* 0x3F58_476D_1CE4_E5B9 &+ words.2
  }
}
