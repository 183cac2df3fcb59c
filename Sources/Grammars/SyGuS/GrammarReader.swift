import Documents
import ExactArithmetic

extension FileReader {
  /// The grammar of a `synth-fun`; nil after a fault.
  mutating func grammar(_ arguments: ArraySlice<SExpression>) -> Grammar? {
    let items = Array(arguments)
    guard (3...5).contains(items.count), let name = items[0].symbol, let list = items[1].list else {
      let end = items.last?.range.upperBound ?? 0
      let start = items.first?.range.lowerBound ?? 0
      terms.faults.append(
        source.fault(start..<max(end, start + 1), "synth-fun takes a name, parameters, a sort and a grammar"))
      return nil
    }
    if terms.isTaken(name) { fault(items[0], "the function '\(name)' has the name of a definition or operator") }
    let sort = terms.sort(items[2])
    guard let parameters = terms.parameters(list), let sort else { return nil }
    function = (name, self.parameters ?? parameters, sort)
    for (node, parameter) in zip(list, parameters) where terms.isTaken(parameter.name) {
      fault(node, "the parameter '\(parameter.name)' has the name of a definition or operator")
    }
    var builder = GrammarBuilder(source, terms, name: name, parameters: self.parameters ?? parameters)
    switch items.count {
    case 3: builder.useDefault(sort)
    case 4: builder.declare(items[3], predeclared: nil)
    default: builder.declare(items[4], predeclared: items[3])
    }
    if builder.terms.faults.count == terms.faults.count, builder.names[0].sort != sort {
      builder.terms.faults.append(
        source.fault(
          items[2].range, "the function is of sort \(sort), the first nonterminal of sort \(builder.names[0].sort)"))
    }
    let grammar = builder.finish()
    terms = builder.terms
    return grammar
  }
}

/// Brings productions into normal form and checks the grammar.
struct GrammarBuilder {
  struct Name {
    let name: String
    let sort: Sort
    let isAuxiliary: Bool
    let range: Range<Int>
  }
  struct Rule {
    let symbol: Grammar.Symbol
    let arguments: [Int]
    let sort: Sort
    let range: Range<Int>
  }
  enum Measure {
    case weight(BigInteger)
    case probability(Rational)
    case none
  }

  let source: SourceText
  var terms: TermReader
  let name: String
  let parameters: [Grammar.Parameter]
  var names: [Name] = []
  private var numbers: [String: Int] = [:]
  private var rules: [[(rule: Rule, measure: Measure)]] = []
  private var auxiliaries: [String: Int] = [:]
  /// The parameters, then what lambdas bind.
  private var variables: [Grammar.Parameter]
  /// How many faults the file had before.
  private let knownFaults: Int

  init(_ source: SourceText, _ terms: TermReader, name: String, parameters: [Grammar.Parameter]) {
    self.source = source
    self.terms = terms
    knownFaults = terms.faults.count
    self.name = name
    self.parameters = parameters
    variables = parameters
  }

  // MARK: Declarations

  /// `((E Int (…)) …)`, behind `((E Int) …)` in SyGuS-IF 2.1.
  mutating func declare(_ grammar: SExpression, predeclared: SExpression?) {
    guard let groups = grammar.list, !groups.isEmpty else {
      return terms.fault(grammar, "the grammar is empty; expected ((E Sort (term …)) …)")
    }
    var bodies: [(number: Int, terms: SExpression)] = []
    for group in groups {
      guard let items = group.list, items.count == 3, let name = items[0].symbol, items[2].list != nil else {
        terms.fault(group, "a nonterminal with its productions was expected: (E Sort (term …))")
        continue
      }
      guard let sort = terms.sort(items[1]) else { continue }
      if numbers[name] != nil { terms.fault(items[0], "a second nonterminal '\(name)'") }
      if parameters.contains(where: { $0.name == name }) || terms.isTaken(name) {
        terms.fault(items[0], "the nonterminal '\(name)' has the name of a parameter, definition or operator")
      }
      numbers[name] = names.count
      bodies.append((names.count, items[2]))
      names.append(Name(name: name, sort: sort, isAuxiliary: false, range: items[0].range))
      rules.append([])
    }
    if let predeclared { check(predeclared) }
    for body in bodies { bindVariables(body.terms) }
    for body in bodies {
      if body.terms.list!.isEmpty { terms.fault(body.terms, "'\(names[body.number].name)' has no productions") }
      for term in body.terms.list! { production(term, of: body.number) }
    }
  }

  /// Takes in the variables of all lambdas below a node: one for each name.
  private mutating func bindVariables(_ node: SExpression) {
    guard let items = node.list else { return }
    if items.first?.symbol == "lambda", items.count == 3, let list = items[1].list, let bound = terms.parameters(list) {
      for (place, parameter) in zip(list, bound) {
        if let known = variables.first(where: { $0.name == parameter.name }) {
          if known.sort != parameter.sort {
            terms.fault(place, "'\(parameter.name)' is of sort \(known.sort) elsewhere; a name has one sort")
          }
        } else if numbers[parameter.name] != nil || terms.isTaken(parameter.name) {
          terms.fault(place, "the variable '\(parameter.name)' has the name of a nonterminal, definition or operator")
        } else {
          variables.append(parameter)
        }
      }
    }
    for item in items { bindVariables(item) }
  }

  /// The list of nonterminals and sorts must be the one of the productions.
  private mutating func check(_ predeclared: SExpression) {
    guard let list = predeclared.list else { return terms.fault(predeclared, "a list ((E Sort) …) was expected") }
    guard let declared = terms.parameters(list) else { return }
    for (node, parameter) in zip(list, declared) {
      guard let number = numbers[parameter.name] else {
        terms.fault(
          node, "'\(parameter.name)' is declared and has no productions",
          hint: nearestMatch(to: parameter.name, among: names.map(\.name)).map { "did you mean '\($0)'?" })
        continue
      }
      if names[number].sort != parameter.sort {
        terms.fault(node, "'\(parameter.name)' is of sort \(names[number].sort) below")
      }
    }
    for name in names where !declared.contains(where: { $0.name == name.name }) {
      terms.faults.append(source.fault(name.range, "'\(name.name)' is not in the list of nonterminals"))
    }
  }

  // MARK: Productions

  private mutating func production(_ node: SExpression, of number: Int) {
    guard terms.isReadable(node), let (term, measure) = annotation(node) else { return }
    if let items = term.list, items.count == 2, let head = items[0].symbol,
      head == "Variable" || head == "InputVariable"
    {
      guard let sort = terms.sort(items[1]) else { return }
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
        let digits = items[pair + 1].numeral ?? items[pair + 1].arguments(of: "-")?.first?.numeral.map { "-" + $0 }
        guard let weight = digits.flatMap({ Int($0) }), Swift.abs(weight) <= 1 << 16 else {
          terms.fault(items[pair + 1], "a weight is an integer of at most 65536 bits")
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

  // MARK: The finished grammar

  /// Whether the grammar has no fault so far.
  private var isSound: Bool { terms.faults.count == knownFaults }

  /// The grammar in normal form, with the nonterminals that the first one reaches; nil after a fault.
  mutating func finish() -> Grammar? {
    var probabilities: [[Rational]] = []
    for number in names.indices { probabilities.append(self.probabilities(of: number)) }
    if isSound { checkTermination() }
    if isSound { checkModulus() }
    if rules.joined().count > 60_000 {
      terms.faults.append(.init(message: "the grammar has more than 60000 productions"))
    }
    guard isSound else { return nil }
    let kept = reachable()
    checkBindings(kept)
    guard isSound else { return nil }
    let renumbered = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($0.element, $0.offset) })
    var productions: [Grammar.Production] = []
    var nonterminals: [Grammar.Nonterminal] = []
    for place in kept {
      let start = productions.count
      for (index, item) in rules[place.number].enumerated() {
        let arguments = item.rule.arguments.map { renumbered[place.argument($0, of: item.rule)]! }
        productions.append(
          .init(
            nonterminal: renumbered[place]!, symbol: item.rule.symbol, arguments: arguments,
            probability: probabilities[place.number][index]))
      }
      nonterminals.append(
        .init(
          name: names[place.number].name, sort: names[place.number].sort, productions: start..<productions.count,
          isAuxiliary: names[place.number].isAuxiliary, isOpen: place.isOpen))
    }
    return Grammar(
      name: name, parameters: parameters, nonterminals: nonterminals, productions: productions,
      definitions: terms.definitions, modulus: terms.modulus,
      boundVariables: Array(variables.dropFirst(parameters.count)))
  }

  /// A nonterminal inside or outside of lambdas.
  private struct Place: Hashable, Comparable {
    let isOpen: Bool
    let number: Int

    static func < (a: Place, b: Place) -> Bool { a.isOpen == b.isOpen ? a.number < b.number : b.isOpen }

    func argument(_ number: Int, of rule: Rule) -> Place {
      Place(isOpen: isOpen || rule.symbol.isLambda, number: number)
    }
  }

  /// Every variable of a lambda must be bound wherever the nonterminal that writes it is used.
  private mutating func checkBindings(_ places: [Place]) {
    let all = Set(variables.indices)
    var bound = Dictionary(uniqueKeysWithValues: places.map { ($0, all) })
    bound[places[0]] = Set(parameters.indices)
    var changes = true
    while changes {
      changes = false
      for place in places {
        for item in rules[place.number] {
          var inner = bound[place]!
          if case .lambda(let variables) = item.rule.symbol { inner.formUnion(variables) }
          for argument in item.rule.arguments {
            let child = place.argument(argument, of: item.rule)
            let narrowed = bound[child]!.intersection(inner)
            if narrowed != bound[child]! {
              bound[child] = narrowed
              changes = true
            }
          }
        }
      }
    }
    for place in places {
      for item in rules[place.number] {
        guard case .variable(let variable) = item.rule.symbol, !bound[place]!.contains(variable) else { continue }
        terms.faults.append(
          source.fault(
            item.rule.range,
            "'\(variables[variable].name)' is not bound wherever '\(names[place.number].name)' is used"))
      }
    }
  }

  private mutating func probabilities(of number: Int) -> [Rational] {
    let measures = rules[number].map(\.measure)
    let given = measures.compactMap { if case .probability(let q) = $0 { q } else { nil } }
    if !given.isEmpty {
      if given.count != measures.count {
        terms.faults.append(
          source.fault(
            names[number].range,
            "\(measures.count - given.count) of the \(measures.count) productions of '\(names[number].name)' have no :probability"
          ))
      } else {
        let sum = given.reduce(Rational(0), +)
        if sum != 1 {
          terms.faults.append(
            source.fault(names[number].range, "the probabilities of '\(names[number].name)' sum to \(sum), not to 1"))
        }
      }
      return given
    }
    let weights = measures.map { if case .weight(let k) = $0 { Int(k) } else { 0 } }
    guard let least = weights.min() else { return [] }
    let shares = weights.map { Rational(1, BigInteger(1) << ($0 - least)) }
    let sum = shares.reduce(Rational(0), +)
    return shares.map { $0 / sum }
  }

  private mutating func checkTermination() {
    var ends = Array(repeating: false, count: names.count)
    var changes = true
    while changes {
      changes = false
      for number in names.indices where !ends[number] {
        if rules[number].contains(where: { $0.rule.arguments.allSatisfy { ends[$0] } }) {
          ends[number] = true
          changes = true
        }
      }
    }
    for number in names.indices where !ends[number] && !names[number].isAuxiliary {
      terms.faults.append(
        source.fault(
          names[number].range,
          "'\(names[number].name)' derives no finite program: each of its productions needs a nonterminal that never ends"
        ))
    }
  }

  private mutating func checkModulus() {
    func isField(_ op: Operator) -> Bool { op.symbol.hasPrefix("ff.") }
    func isField(_ term: Term) -> Bool {
      if case .operation(let op, _) = term, isField(op) { return true }
      return term.arguments.contains { isField($0) }
    }
    let inField = rules.joined().contains { if case .operation(let op) = $0.rule.symbol { isField(op) } else { false } }
    guard inField || terms.definitions.contains(where: { isField($0.body) }), let modulus = terms.modulus else {
      return
    }
    let place = terms.modulusPlace ?? 0..<1
    if modulus >= 1 << 31 {
      terms.faults.append(source.fault(place, "the modulus \(modulus) of ff. operators must be below 2^31"))
    } else if !isPrime(modulus) {
      terms.faults.append(
        source.fault(place, "the modulus \(modulus) is not prime: ff. operators compute in the field Z/p"))
    }
  }

  private func reachable() -> [Place] {
    var seen: Set = [Place(isOpen: false, number: 0)]
    var pending = Array(seen)
    while let place = pending.popLast() {
      for item in rules[place.number] {
        for argument in item.rule.arguments {
          let child = place.argument(argument, of: item.rule)
          if seen.insert(child).inserted { pending.append(child) }
        }
      }
    }
    return seen.sorted()
  }
}

/// Trial division; the moduli of grammars are below 2^31.
package func isPrime(_ n: Int64) -> Bool {
  guard n > 1 else { return false }
  var divisor: Int64 = 2
  while divisor * divisor <= n {
    if n % divisor == 0 { return false }
    divisor += 1
  }
  return true
}
