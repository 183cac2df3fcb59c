import Documents

extension TermReader {
  typealias Typed = (term: Term, sort: Sort)

  /// Most words of one term: later stages recurse over terms, and `(+ a b c …)` nests as deep as it is long.
  static let wordLimit = 2000

  static let noLet = "let is not read; write a define-fun"

  /// Whether a term is short enough; a fault when it is not.
  mutating func isReadable(_ node: SExpression) -> Bool {
    if node.wordCount(upTo: Self.wordLimit) <= Self.wordLimit { return true }
    fault(node, "a term of more than \(Self.wordLimit) words")
    return false
  }

  /// A term over parameters; nil after a fault.
  mutating func read(_ node: SExpression, _ parameters: [Grammar.Parameter]) -> Typed? {
    guard isReadable(node) else { return nil }
    var environment: [String: Typed] = [:]
    for (index, parameter) in parameters.enumerated() {
      environment[parameter.name] = (.variable(index), parameter.sort)
    }
    return read(node, environment)
  }

  private mutating func read(_ node: SExpression, _ environment: [String: Typed]) -> Typed? {
    if let name = node.symbol {
      if let known = environment[name] { return known }
      if let value = constants[name] { return (.constant(value, name: name), value.sort) }
      if let number = nullaryDefinition(name) { return (.call(number, []), definitions[number].sort) }
      if isRefused(node) { return nil }
    }
    if let literal = literal(node) { return literal.map { (.constant($0, name: nil), $0.sort) } }
    guard let items = node.list, let head = items.first else {
      unknown(node, among: Array(environment.keys) + Array(constants.keys), "a variable or constant")
      return nil
    }
    if head.symbol == "let" {
      fault(head, Self.noLet)
      return nil
    }
    if head.symbol == "lambda" { return lambda(node, items, environment) }
    var arguments: [Typed] = []
    var isSound = true
    for item in items.dropFirst() {
      if let argument = read(item, environment) { arguments.append(argument) } else { isSound = false }
    }
    guard isSound else {
      _ = symbol(head)
      return nil
    }
    guard let applied = apply(head, node, arguments.map(\.sort)) else { return nil }
    return (Self.combine(applied, arguments.map(\.term)), applied.sort)
  }

  /// `(lambda ((x Int) …) body)` over variables of the adopted grammar.
  private mutating func lambda(_ node: SExpression, _ items: [SExpression], _ environment: [String: Typed]) -> Typed? {
    guard items.count == 3, let list = items[1].list, !list.isEmpty else {
      fault(node, "a function was expected: (lambda ((x Int) …) body)")
      return nil
    }
    guard let bound = parameters(list) else { return nil }
    var (environment, numbers): ([String: Typed], [Int]) = (environment, [])
    for (place, parameter) in zip(list, bound) {
      guard let number = variables.firstIndex(of: parameter) else {
        let known = variables.map { "(\($0.name) \($0.sort))" }.joined(separator: " ")
        fault(
          place, known.isEmpty ? "a definition has no lambda" : "the grammar binds no such variable; it has \(known)")
        return nil
      }
      environment[parameter.name] = (.variable(number), parameter.sort)
      numbers.append(number)
    }
    return read(items[2], environment).map {
      (.lambda(numbers, $0.term), .function(bound.map(\.sort), $0.sort))
    }
  }

  /// What a head symbol applied to sorts means.
  enum Application {
    case definition(Int, Sort)
    /// The operator, applied from left to right when there are more than two arguments.
    case operation(Operator, Sort)
    case implication

    var sort: Sort {
      switch self {
      case .definition(_, let sort), .operation(_, let sort): sort
      case .implication: .bool
      }
    }
  }

  private static func combine(_ application: Application, _ arguments: [Term]) -> Term {
    switch application {
    case .definition(let index, _): return .call(index, arguments)
    case .implication:
      return arguments.dropLast().reversed().reduce(arguments.last!) { .operation(.implies, [$1, $0]) }
    case .operation(let op, _):
      if op.arity != 2 { return .operation(op, arguments) }
      return arguments.dropFirst().reduce(arguments[0]) { .operation(op, [$0, $1]) }
    }
  }

  /// Resolves a head for arguments of these sorts; a fault when there is no such function.
  mutating func apply(_ head: SExpression, _ node: SExpression, _ sorts: [Sort]) -> Application? {
    guard let candidates = symbol(head) else { return nil }
    if let name = head.symbol, let number = definitionNumber[name] {
      let definition = definitions[number]
      if definition.parameters.map(\.sort) == sorts { return .definition(number, definition.sort) }
      mismatch(node, name, sorts, "(\(definition.parameters.map(\.sort.description).joined(separator: " ")))")
      return nil
    }
    for op in candidates {
      var found = op.resultSort(of: sorts)
      let isChain = found == nil && sorts.count > 2 && op.arity == 2 && op.isLeftAssociative
      if isChain {
        found = sorts.dropFirst().reduce(sorts[0]) { sort, next in sort.flatMap { op.resultSort(of: [$0, next]) } }
      }
      guard let sort = found else { continue }
      if needsModulus(op), modulus == nil {
        fault(head, "'\(op.symbol)' needs a modulus", hint: "write (define-fun modulus () Int 113) before it")
        return nil
      }
      return isChain && op == .implies ? .implication : .operation(op, sort)
    }
    let name = source.text(head.range)
    let expected = expectations[name] ?? Self.expectation(candidates)
    expectations[name] = expected
    mismatch(node, name, sorts, expected)
    return nil
  }

  private func needsModulus(_ op: Operator) -> Bool {
    switch op {
    case .fieldAdd, .fieldSubtract, .fieldMultiply, .fieldDivide: true
    default: false
    }
  }

  /// The sorts that operators take, where they are few; else how many arguments.
  private static func expectation(_ operators: [Operator]) -> String {
    operators.map { op in
      let signatures = op.signatures
      guard signatures.isEmpty else {
        return signatures.map { "(\($0.map(\.description).joined(separator: " ")))" }.joined(separator: " or ")
      }
      switch op {
      case .ite: return "(Bool A A) for one sort A"
      case .equal, .distinct: return "(A A) for one sort A"
      default: return "\(op.arity) argument\(op.arity == 1 ? "" : "s") of its sorts"
      }
    }.joined(separator: " or ")
  }

  private mutating func mismatch(_ node: SExpression, _ name: String, _ sorts: [Sort], _ expected: String) {
    let given = sorts.map(\.description).joined(separator: " ")
    fault(node, "'\(name)' does not take (\(given)); it takes \(expected)")
  }

  /// The operators that a head names (none for a definition); nil after a fault.
  private mutating func symbol(_ head: SExpression) -> [Operator]? {
    if let name = head.symbol {
      if definitionNumber[name] != nil { return [] }
      if let operators = Self.operators[name] { return operators }
      if isRefused(head) { return nil }
      unknown(head, among: Array(Self.operators.keys) + Array(definitionNumber.keys), "an operator")
      return nil
    }
    if let op = indexed(head) { return [op] }
    fault(head, "an operator was expected, not '\(source.text(head.range))'")
    return nil
  }

  /// `(_ extract 7 0)` and its kind.
  private func indexed(_ head: SExpression) -> Operator? {
    guard let items = head.list, items.count >= 3, items[0].symbol == "_", let name = items[1].symbol else {
      return nil
    }
    let numbers = items.dropFirst(2).compactMap { $0.numeral.flatMap { Int($0) } }
    guard numbers.count == items.count - 2, numbers.allSatisfy({ $0 <= 1 << 20 }) else { return nil }
    switch (name, numbers.count) {
    case ("extract", 2): return .extract(high: numbers[0], low: numbers[1])
    case ("zero_extend", 1): return .zeroExtend(numbers[0])
    case ("sign_extend", 1): return .signExtend(numbers[0])
    case ("rotate_left", 1): return .rotateLeft(numbers[0])
    case ("rotate_right", 1): return .rotateRight(numbers[0])
    case ("repeat", 1): return .repeat(numbers[0])
    default: return nil
    }
  }

  mutating func unknown(_ node: SExpression, among names: [String], _ what: String) {
    var hint =
      faults.areMany
      ? nil : node.symbol.flatMap { nearestMatch(to: $0, among: names.sorted()) }.map { "did you mean '\($0)'?" }
    if let digits = node.symbol?.dropFirst(), !digits.isEmpty, node.symbol?.first == "-", digits.allSatisfy(\.isNumber)
    {
      hint = "a negative integer is written (- \(digits))"
    }
    fault(
      node, "unknown \(what == "an operator" ? "operator" : "name") '\(source.text(node.range))'; \(what) was expected",
      hint: hint)
  }
}

extension Operator {
  /// Whether `(f a b c)` means `(f (f a b) c)` in SMT-LIB (for `=>`, `(f a (f b c))`).
  fileprivate var isLeftAssociative: Bool {
    switch self {
    case .and, .or, .xor, .implies, .add, .subtract, .multiply, .div, .fieldAdd, .fieldSubtract, .fieldMultiply,
      .bvand, .bvor, .bvxor, .bvadd, .bvmul, .concat, .compose:
      true
    default: false
    }
  }
}
