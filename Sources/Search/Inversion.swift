import Evaluation
import Grammars

/// How an operator is undone: the argument that makes `op(…) = goal`, given the other argument.
///
/// The answer is unique wherever it exists, except on examples where both the goal and the known argument are zero in a
/// product or quotient: there any argument does, and the example drops out of the goal. Candidates are always run
/// forward before they count, so a rule may propose too much (a quotient by zero) but never too little.
struct Inverse {
  /// Rows (goal, known, modulus) to the wanted argument's row; no value where there is none.
  let symbol: RowProgram
  /// Whether an example with goal 0 and known argument 0 leaves the argument free.
  let freeAtZero: Bool
}

/// The inverses of one production, by the position of the unknown argument.
struct Inversions {
  var exact: [Inverse?] = []
  /// Inverses of congruences modulo an integer: `op(…) ≡ goal (mod m)`.
  var congruent: [Inverse?] = []
}

extension Inversions {
  /// The inverses of `production` in `grammar`.
  ///
  /// `moduli`: kernel tables for congruences by a prime m; nil when m is not a prime below 2^31, and products are not
  /// inverted then.
  init(_ production: Grammar.Production, _ grammar: Grammar, tables: KernelTables, congruence: KernelTables?) {
    let count = production.arguments.count
    exact = Array(repeating: nil, count: count)
    congruent = Array(repeating: nil, count: count)
    guard case .operation(let op) = production.symbol else { return }
    let sort = grammar.nonterminals[production.arguments[0]].sort
    for position in 0..<count {
      exact[position] = Self.exactInverse(op, position, sort, tables)
      congruent[position] = Self.congruentInverse(op, position, congruence)
    }
  }

  private typealias Step = (Operator, [Sort], [Int])
  /// Sources: 0 goal, 1 known; results from 2 (or from 3 with a modulus row as source 2).
  private static func exactInverse(_ op: Operator, _ position: Int, _ sort: Sort, _ tables: KernelTables) -> Inverse? {
    func rule(_ steps: [Step], freeAtZero: Bool = false) -> Inverse {
      Inverse(
        symbol: RowProgram(chain: steps, argumentCount: 2, tables: tables), freeAtZero: freeAtZero)
    }
    let two = [sort, sort]
    let (goal, known) = (0, 1)
    switch (op, position) {
    case (.add, _): return rule([(.subtract, two, [goal, known])])
    case (.subtract, 0): return rule([(.add, two, [goal, known])])
    case (.subtract, 1): return rule([(.subtract, two, [known, goal])])
    case (.multiply, _):
      // q = goal div known, kept only where q · known = goal: q div 1, else q div 0.
      return rule(
        [
          (.div, two, [goal, known]), (.multiply, two, [2, known]), (.equal, two, [3, goal]), (.div, two, [2, 4]),
        ], freeAtZero: true)
    case (.negate, _), (.not, _), (.bvnot, _), (.bvneg, _), (.inverse, _): return rule([(op, [sort], [goal])])
    case (.fieldAdd, _): return rule([(.fieldSubtract, two, [goal, known])])
    case (.fieldSubtract, 0): return rule([(.fieldAdd, two, [goal, known])])
    case (.fieldSubtract, 1): return rule([(.fieldSubtract, two, [known, goal])])
    case (.fieldMultiply, _): return rule([(.fieldDivide, two, [goal, known])], freeAtZero: true)
    case (.fieldDivide, 0): return rule([(.fieldMultiply, two, [goal, known])])
    case (.fieldDivide, 1): return rule([(.fieldDivide, two, [known, goal])], freeAtZero: true)
    case (.xor, _), (.bvxor, _), (.bvxnor, _): return rule([(op, two, [goal, known])])
    case (.bvadd, _): return rule([(.bvsub, two, [goal, known])])
    case (.bvsub, 0): return rule([(.bvadd, two, [goal, known])])
    case (.bvsub, 1): return rule([(.bvsub, two, [known, goal])])
    case (.compose, 0): return rule([(.inverse, [sort], [known]), (.compose, two, [goal, 2])])
    case (.compose, 1): return rule([(.inverse, [sort], [known]), (.compose, two, [2, goal])])
    default: return nil
    }
  }

  private static func congruentInverse(_ op: Operator, _ position: Int, _ prime: KernelTables?) -> Inverse? {
    let two: [Sort] = [.int, .int]
    let (goal, known, modulus) = (0, 1, 2)
    let tables = prime ?? KernelTables(modulus: nil)
    func rule(_ steps: [Step], freeAtZero: Bool = false) -> Inverse {
      Inverse(symbol: RowProgram(chain: steps, argumentCount: 3, tables: tables), freeAtZero: freeAtZero)
    }
    switch (op, position) {
    // Reduce first: the goal is in 0 ..< m, so nothing overflows.
    case (.add, _):
      return rule([
        (.mod, two, [known, modulus]), (.subtract, two, [goal, 3]), (.mod, two, [4, modulus]),
      ])
    case (.subtract, 0):
      return rule([(.mod, two, [known, modulus]), (.add, two, [goal, 3]), (.mod, two, [4, modulus])])
    case (.subtract, 1):
      return rule([
        (.mod, two, [known, modulus]), (.subtract, two, [3, goal]), (.mod, two, [4, modulus]),
      ])
    case (.multiply, _):
      guard prime != nil else { return nil }
      return rule([(.mod, two, [known, modulus]), (.fieldDivide, two, [goal, 3])], freeAtZero: true)
    case (.negate, _):
      return rule([(.negate, [.int], [goal]), (.mod, two, [3, modulus])])
    default: return nil
    }
  }
}
