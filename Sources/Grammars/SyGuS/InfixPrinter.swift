/// Writes terms as people do: `a + b·(a + b)`, `if even(b) then a - b else a / b`.
public struct InfixPrinter {
  private let grammar: Grammar

  /// A printer for terms of this grammar, by its names of variables and definitions.
  public init(_ grammar: Grammar) { self.grammar = grammar }

  /// A term in ordinary notation. Field operators are written `+ - · /`: they compute modulo the grammar's modulus.
  public func text(_ term: Term) -> String { write(term, 0) }

  /// `level`: how tightly the surroundings bind; a weaker term is put in parentheses.
  private func write(_ term: Term, _ level: Int) -> String {
    switch term {
    case .variable(let index): return grammar.variables[index].name
    case .lambda(let variables, let body):
      let text = "\(variables.map { grammar.variables[$0].name }.joined(separator: " ")) ↦ \(write(body, 0))"
      return level > 0 ? "(\(text))" : text
    case .constant(let value, let name): return name ?? literal(value, level)
    case .call(let index, let arguments):
      let name = grammar.definitions[index].name
      return arguments.isEmpty ? name : "\(name)(\(arguments.map { write($0, 0) }.joined(separator: ", ")))"
    case .operation(.ite, let arguments):
      let text = "if \(write(arguments[0], 1)) then \(write(arguments[1], 1)) else \(write(arguments[2], 0))"
      return level > 0 ? "(\(text))" : text
    case .operation(let op, let arguments): return write(op, arguments, level)
    }
  }

  private func literal(_ value: Value, _ level: Int) -> String {
    switch value.sort {
    case .int: value.word < 0 && level > 0 ? "(\(value.word))" : "\(value.word)"
    default: value.description
    }
  }

  private func write(_ op: Operator, _ arguments: [Term], _ level: Int) -> String {
    if let (symbol, own) = Self.infix(op) {
      // The left side may bind as loosely as the operator itself where custom reads that from left to right.
      let left = write(arguments[0], Self.continues(op, arguments[0], own) ? own : own + 1)
      let right = write(arguments[1], own + 1)
      let text = symbol.count == 1 && own >= 7 ? "\(left)\(symbol)\(right)" : "\(left) \(symbol) \(right)"
      return level > own ? "(\(text))" : text
    }
    switch op {
    case .negate, .bvneg: return "-\(write(arguments[0], 9))"
    case .not:
      let text = "not \(write(arguments[0], 9))"
      return level > 3 ? "(\(text))" : text
    case .bvnot: return "~\(write(arguments[0], 9))"
    case .inverse: return "\(write(arguments[0], 9))⁻¹"
    default: return "\(op.head)(\(arguments.map { write($0, 0) }.joined(separator: ", ")))"
    }
  }

  /// Whether `x op y` may stand without parentheses to the left of `op'`.
  private static func continues(_ op: Operator, _ left: Term, _ level: Int) -> Bool {
    guard case .operation(let inner, _) = left, let known = infix(inner), known.1 == level else { return true }
    // `(a mod 2)·b`: a product is set tighter than the words.
    if level == 7 { return known.0.count == 1 || infix(op)!.0.count > 1 }
    return level == 6 || (inner == op && level != 4 && op != .implies)
  }

  private static func infix(_ op: Operator) -> (String, Int)? {
    switch op {
    case .implies: ("=>", 2)
    case .or: ("or", 2)
    case .xor: ("xor", 2)
    case .and: ("and", 3)
    case .equal: ("=", 4)
    case .distinct: ("≠", 4)
    case .less, .bvult: ("<", 4)
    case .lessOrEqual, .bvule: ("≤", 4)
    case .greater, .bvugt: (">", 4)
    case .greaterOrEqual, .bvuge: ("≥", 4)
    case .bvor: ("|", 5)
    case .bvxor: ("^", 5)
    case .bvand: ("&", 5)
    case .bvshl: ("<<", 5)
    case .bvlshr: (">>", 5)
    case .add, .fieldAdd, .bvadd: ("+", 6)
    case .subtract, .fieldSubtract, .bvsub: ("-", 6)
    case .mod, .bvurem: ("mod", 7)
    case .div, .bvudiv: ("div", 7)
    case .multiply, .fieldMultiply, .bvmul: ("·", 7)
    case .fieldDivide: ("/", 7)
    case .compose: ("∘", 8)
    default: nil
    }
  }
}
