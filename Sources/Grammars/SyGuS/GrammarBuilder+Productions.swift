import Documents
import ExactArithmetic

/// Productions as they are written, brought into normal form.
extension GrammarBuilder {
  mutating func production(_ node: SExpression, of number: Int) {
    guard terms.isReadable(node), let (term, measure) = annotation(node) else { return }
    if let items = term.list, items.count == 2, let head = items[0].symbol,
      head == "Variable" || head == "InputVariable"
    {
      guard let sort = terms.sort(items[1]) else { return }
      guard parameters.contains(where: { $0.sort == sort }) else {
        return terms.fault(term, "no input is of sort \(sort)")
      }
      for (index, parameter) in parameters.enumerated() where parameter.sort == sort {
        let rule = Rule(symbol: .variable(index), arguments: [], sort: sort, range: term.range)
        add(rule, measure, to: number, term)
      }
      return
    }
    if let rule = rule(term) { add(rule, measure, to: number, term) }
  }

  private mutating func add(_ rule: Rule, _ measure: Measure, to number: Int, _ node: SExpression) {
    if rule.sort != names[number].sort {
      return terms.fault(
        node, "a production of '\(names[number].name)' must be of sort \(names[number].sort), not \(rule.sort)")
    }
    rules[number].append((rule, measure))
  }

  /// `(! term :weight k)`, `(! term :probability q)`, or the term alone.
  private mutating func annotation(_ node: SExpression) -> (SExpression, Measure)? {
    guard let items = node.arguments(of: "!").map(Array.init) else { return (node, .none) }
    guard items.count >= 3, items.count % 2 == 1 else {
      terms.fault(node, "an annotated production was expected: (! term :weight k) or (! term :probability q)")
      return nil
    }
    var measure = Measure.none
    for pair in stride(from: 1, to: items.count, by: 2) {
      guard let keyword = items[pair].keyword else {
        terms.fault(items[pair], "a keyword such as :weight was expected")
        return nil
      }
      if case .none = measure {
      } else {
        terms.fault(items[pair], "a second measure of one production")
        return nil
      }
      switch keyword {
      case ":weight":
        guard let weight = integer(items[pair + 1]), (-65536...65536).contains(weight) else {
          let hint = items[pair + 1].symbol?.first == "-" ? "a negative integer is written (- 1)" : nil
          terms.fault(items[pair + 1], "a weight is an integer of at most 65536 bits", hint: hint)
          return nil
        }
        measure = .weight(BigInteger(weight))
      case ":probability":
        guard let value = rational(items[pair + 1]), value > 0, value <= 1 else {
          terms.fault(items[pair + 1], "a probability above 0 and up to 1 was expected: 0.3, 3/10 or (/ 3 10)")
          return nil
        }
        measure = .probability(value)
      default:
        let near = nearestMatch(to: keyword, among: [":weight", ":probability"])
        terms.fault(
          items[pair], "unknown annotation '\(source.text(items[pair].range))'",
          hint: near.map { "did you mean '\($0)'?" } ?? ":weight and :probability are read")
        return nil
      }
    }
    return (items[0], measure)
  }

  /// `3` or `(- 3)`; nil for all else and beyond `Int`.
  private func integer(_ node: SExpression) -> Int? {
    (node.numeral ?? node.negatedNumeral.map { "-" + $0 }).flatMap { Int($0) }
  }

  private func rational(_ node: SExpression) -> Rational? {
    switch node.kind {
    case .numeral(let text), .decimal(let text): return text.utf8.count <= 4096 ? Rational(text) : nil
    default:
      guard let parts = node.arguments(of: "/"), parts.count == 2, let p = parts.first!.numeral,
        let q = parts.last!.numeral, p.utf8.count + q.utf8.count <= 4096
      else { return nil }
      return Rational("\(p)/\(q)")
    }
  }

  /// A term of the grammar as one rule; inner terms become auxiliary nonterminals.
  private mutating func rule(_ node: SExpression) -> Rule? {
    if let name = node.symbol {
      if let number = numbers[name] {
        return Rule(symbol: .unit, arguments: [number], sort: names[number].sort, range: node.range)
      }
      if let index = variables.firstIndex(where: { $0.name == name }) {
        return Rule(symbol: .variable(index), arguments: [], sort: variables[index].sort, range: node.range)
      }
      if let value = terms.constants[name] {
        return Rule(symbol: .constant(value, name: name), arguments: [], sort: value.sort, range: node.range)
      }
      if let number = terms.nullaryDefinition(name) {
        return Rule(symbol: .call(number), arguments: [], sort: terms.definitions[number].sort, range: node.range)
      }
      if terms.isRefused(node) { return nil }
    }
    if let literal = terms.literal(node) {
      return literal.map { Rule(symbol: .constant($0, name: nil), arguments: [], sort: $0.sort, range: node.range) }
    }
    guard let items = node.list, let head = items.first else {
      terms.unknown(
        node, among: names.map(\.name) + variables.map(\.name) + Array(terms.constants.keys),
        "a nonterminal, parameter or constant")
      return nil
    }
    if head.symbol == "Constant" || head.symbol == "LocalVariable" {
      terms.fault(node, "'\(head.symbol!)' productions are not read", hint: "list the constants one by one")
      return nil
    }
    if head.symbol == "let" {
      terms.fault(head, TermReader.noLet)
      return nil
    }
    if head.symbol == "lambda" { return lambda(node, items) }
    return application(node, head, Array(items.dropFirst()))
  }

  /// `(lambda ((x Int) …) Body)`.
  private mutating func lambda(_ node: SExpression, _ items: [SExpression]) -> Rule? {
    guard items.count == 3, let list = items[1].list, !list.isEmpty else {
      terms.fault(node, "a function was expected: (lambda ((x Int) …) Body)")
      return nil
    }
    // Faults of the variables are known since `bindVariables`.
    let bound = list.compactMap { item in variables.firstIndex { $0.name == item.list?.first?.symbol } }
    guard bound.count == list.count, let body = argument(items[2]) else { return nil }
    return Rule(
      symbol: .lambda(bound), arguments: [body],
      sort: .function(bound.map { variables[$0].sort }, names[body].sort), range: node.range)
  }

  private mutating func application(_ node: SExpression, _ head: SExpression, _ items: [SExpression]) -> Rule? {
    var arguments: [Int] = []
    var isSound = true
    for item in items {
      if let number = argument(item) { arguments.append(number) } else { isSound = false }
    }
    guard isSound, let applied = terms.apply(head, node, arguments.map { names[$0].sort }) else { return nil }
    func rule(_ symbol: Grammar.Symbol, _ arguments: [Int]) -> Rule {
      Rule(symbol: symbol, arguments: arguments, sort: applied.sort, range: node.range)
    }
    switch applied {
    case .definition(let number, _): return rule(.call(number), arguments)
    case .implication:
      while arguments.count > 2 {
        let last = arguments.suffix(2)
        arguments.removeLast(2)
        arguments.append(auxiliary(rule(.operation(.implies), Array(last))))
      }
      return rule(.operation(.implies), arguments)
    case .operation(let op, _):
      while op.arity == 2, arguments.count > 2 {
        let sort = op.resultSort(of: [names[arguments[0]].sort, names[arguments[1]].sort])!
        let inner = Rule(symbol: .operation(op), arguments: Array(arguments.prefix(2)), sort: sort, range: node.range)
        arguments.replaceSubrange(0..<2, with: [auxiliary(inner)])
      }
      return rule(.operation(op), arguments)
    }
  }

  /// The nonterminal of an argument: the one named, or an auxiliary one for an inner term.
  private mutating func argument(_ node: SExpression) -> Int? {
    if let name = node.symbol, let number = numbers[name] { return number }
    return rule(node).map { auxiliary($0) }
  }

  private mutating func auxiliary(_ rule: Rule) -> Int {
    let key = "\(rule.symbol) \(rule.arguments)"
    if let known = auxiliaries[key] { return known }
    auxiliaries[key] = names.count
    names.append(Name(name: "\(name).\(names.count)", sort: rule.sort, isAuxiliary: true, range: rule.range))
    rules.append([(rule, .none)])
    return names.count - 1
  }
}
