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
    checkReplacements(items[1])
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

  /// The names of the inputs that stand in for the parameters of the file.
  private mutating func checkReplacements(_ list: SExpression) {
    var names: Set<String> = []
    for parameter in parameters ?? [] {
      if terms.isTaken(parameter.name) {
        fault(list, "the task's input '\(parameter.name)' has the name of a definition or operator")
      }
      if !names.insert(parameter.name).inserted { fault(list, "a second input '\(parameter.name)' of the task") }
    }
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
  var numbers: [String: Int] = [:]
  var rules: [[(rule: Rule, measure: Measure)]] = []
  var auxiliaries: [String: Int] = [:]
  /// The parameters, then what lambdas bind.
  var variables: [Grammar.Parameter]
  /// How many faults the file had before.
  let knownFaults: Int

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
