public import Documents

/// A SyGuS-IF file as Levin uses it: a grammar and examples.
public struct SyGuSProblem: Sendable {
  /// The name behind `set-logic`, nil when there is none.
  public let logic: String?
  /// The language of the function to be found, in normal form and with the prior that the file says.
  public let grammar: Grammar
  /// The constraints, in file order.
  public let examples: [Example]
}

/// Reads SyGuS-IF 2.1, and the grammar form of SyGuS-IF 1.
///
/// Commands: `set-logic`, `set-feature`, `set-info`, `set-option`, `define-fun`, `declare-var`, `synth-fun`,
/// `constraint`, `check-synth`. Constraints are examples, `(= (f input…) output)`. A production may carry
/// `(! term :weight k)`, probability proportional to 2^-k (0 where none is written), or `(! term :probability q)`;
/// without either, the productions of a nonterminal are equally probable. The nullary definition `modulus` is the
/// modulus of `ff.` operators. Nonterminals that the start symbol does not reach are left out.
///
/// - Source: Padhi, Polgreen, Raghothaman, Reynolds & Udupa 2023, "The SyGuS Language Standard Version 2.1".
public enum SyGuSReader {
  /// The problem in a file's bytes.
  ///
  /// - Parameters:
  ///   - file: the name to report faults under.
  ///   - modulus: replaces the value of the file's `modulus`.
  ///   - parameters: replace those of the `synth-fun`; the grammar must name inputs by `(Variable Sort)` alone.
  /// - Throws: all faults of the file, at most 100.
  public static func problem(
    _ bytes: [UInt8], file: String, modulus: Int64? = nil, parameters: [Grammar.Parameter]? = nil
  ) throws(InputError) -> SyGuSProblem {
    var reader = FileReader(SourceText(bytes, file: file), modulus: modulus, parameters: parameters)
    return try reader.problem()
  }

  /// A term over the grammar's parameters and definitions, such as `(+ a b)` or a whole `define-fun`.
  public static func term(_ text: String, in grammar: Grammar) throws(InputError) -> Term {
    let source = SourceText(Array(text.utf8), file: "program")
    var parser = SExpressionParser(source)
    let nodes = parser.parse()
    var terms = TermReader(source)
    terms.faults = parser.faults
    terms.adopt(grammar)
    guard terms.faults.isEmpty, let first = nodes.first, nodes.count == 1 else {
      let message = nodes.isEmpty ? "a program was expected" : "one program was expected, not \(nodes.count)"
      if terms.faults.isEmpty { terms.faults.append(source.fault(0..<1, message)) }
      throw InputError(file: "program", faults: source.inOrder(terms.faults))
    }
    var body = first
    if let definition = first.arguments(of: "define-fun").map(Array.init), definition.count == 4 {
      body = definition[3]
      if let given = definition[1].list.flatMap({ terms.parameters($0) }), given != grammar.parameters {
        let wanted = grammar.parameters.map { "(\($0.name) \($0.sort))" }.joined(separator: " ")
        terms.faults.append(source.fault(definition[1].range, "the parameters of the grammar are \(wanted)"))
      }
      if let sort = terms.sort(definition[2]), sort != grammar.resultSort {
        terms.faults.append(
          source.fault(definition[2].range, "the result is of sort \(sort); the grammar makes \(grammar.resultSort)"))
      }
    }
    let result = terms.read(body, grammar.parameters)
    if let result, result.sort != grammar.resultSort {
      terms.faults.append(
        source.fault(body.range, "the program is of sort \(result.sort); the grammar makes \(grammar.resultSort)"))
    }
    guard let result, terms.faults.isEmpty else {
      throw InputError(file: "program", faults: source.inOrder(terms.faults))
    }
    return result.term
  }
}

/// The state of reading one file.
struct FileReader {
  let source: SourceText
  let modulus: Int64?
  let parameters: [Grammar.Parameter]?
  var terms: TermReader
  private var logic: String?
  /// The head of the `synth-fun`, once it is read: examples are checked against it even when the grammar has faults.
  var function: Function?
  private var synthesis: ArraySlice<SExpression>?
  private var constraints: [SExpression] = []
  /// Names of `declare-var`.
  private var variables: Set<String> = []

  init(_ source: SourceText, modulus: Int64?, parameters: [Grammar.Parameter]?) {
    self.source = source
    self.modulus = modulus
    self.parameters = parameters
    terms = TermReader(source)
  }

  mutating func fault(_ node: SExpression, _ message: String, hint: String? = nil) {
    terms.faults.append(source.fault(node.range, message, hint: hint))
  }

  mutating func problem() throws(InputError) -> SyGuSProblem {
    var parser = SExpressionParser(source)
    let nodes = parser.parse()
    terms.faults = parser.faults
    for node in nodes { command(node) }
    var grammar: Grammar?
    if let synthesis {
      grammar = self.grammar(synthesis)
    } else if terms.faults.isEmpty {
      terms.faults.append(.init(message: "the file has no synth-fun command: there is nothing to search"))
    }
    let examples = self.examples()
    if !terms.faults.isEmpty { throw InputError(file: source.file, faults: source.inOrder(terms.faults)) }
    return SyGuSProblem(logic: logic, grammar: grammar!, examples: examples)
  }

  private static let commands = [
    "set-logic", "set-feature", "set-info", "set-option", "define-fun", "declare-var", "synth-fun", "constraint",
    "check-synth",
  ]

  private mutating func command(_ node: SExpression) {
    guard let items = node.list, let head = items.first, let name = head.symbol else {
      return fault(node, "a command such as (synth-fun …) was expected, not '\(source.text(node.range))'")
    }
    let arguments = items.dropFirst()
    switch name {
    case "set-feature", "set-info", "set-option", "check-synth": break
    case "set-logic":
      if arguments.count == 1, let value = arguments.first!.symbol {
        logic = value
      } else {
        fault(node, "set-logic takes one name")
      }
    case "define-fun": define(node, arguments)
    case "declare-var":
      if arguments.count == 2, let variable = arguments.first!.symbol {
        variables.insert(variable)
        _ = terms.sort(arguments.last!)
      } else {
        fault(node, "declare-var takes a name and a sort")
      }
    case "synth-fun":
      if synthesis == nil { synthesis = arguments } else { fault(head, "a second synth-fun: one function is searched") }
    case "constraint":
      if arguments.count == 1 { constraints.append(arguments.first!) } else { fault(node, "constraint takes one term") }
    default:
      let near = nearestMatch(to: name, among: Self.commands)
      fault(
        head, "unknown command '\(source.text(head.range))'",
        hint: near.map { "did you mean '\($0)'?" } ?? "commands read: \(Self.commands.joined(separator: " "))")
    }
  }

  private mutating func define(_ node: SExpression, _ arguments: ArraySlice<SExpression>) {
    let items = Array(arguments)
    readDefinition(node, items)
    if let name = items.first?.symbol, !terms.isTaken(name) { terms.refuse(name) }
  }

  /// The name is taken afterwards when the definition has no fault.
  private mutating func readDefinition(_ node: SExpression, _ items: [SExpression]) {
    guard items.count == 4, let name = items[0].symbol, let list = items[1].list else {
      return fault(node, "define-fun takes a name, parameters, a sort and a term")
    }
    // Both before either is asked for: a wrong one hides no fault of the other.
    let (readParameters, readSort) = (terms.parameters(list), terms.sort(items[2]))
    guard let parameters = readParameters, let sort = readSort else { return }
    if terms.isTaken(name) {
      let shown = source.text(items[0].range)
      return fault(
        items[0], ReservedWords.isWord(name) ? "'\(shown)' is a reserved word" : "'\(shown)' is defined already")
    }
    guard let body = terms.read(items[3], parameters) else { return }
    if body.sort != sort {
      return fault(items[3], "the body of '\(name)' is of sort \(body.sort), not \(sort)")
    }
    if terms.expandedSize(body.term) > TermReader.expansionLimit {
      return fault(items[0], "'\(name)' expands to more than \(TermReader.expansionLimit) symbols")
    }
    let constant: Value? = if parameters.isEmpty, case .constant(let value, _) = body.term { value } else { nil }
    if name == "modulus" {
      if let modulus, modulus < 2 {
        return fault(items[3], "the modulus \(modulus) given for it must be an integer of 2 or more")
      }
      guard let constant, constant.sort == .int, constant.word >= 2 else {
        return fault(items[3], "the modulus must be an integer of 2 or more")
      }
      terms.setModulus(modulus ?? constant.word, at: items[3].range)
    } else if let constant {
      terms.constants[name] = constant
    } else {
      terms.define(Grammar.Definition(name: name, parameters: parameters, sort: sort, body: body.term))
    }
  }
}

// MARK: - Examples

extension FileReader {
  typealias Function = (name: String, parameters: [Grammar.Parameter], sort: Sort)

  /// The constraints as examples.
  private mutating func examples() -> [Example] {
    guard let function else { return [] }
    var examples: [Example] = []
    var first: [[Value]: (output: Value, line: Int)] = [:]
    for constraint in constraints {
      for (node, example) in exampleNodes(constraint, function) {
        let line = source.line(of: node.range.lowerBound)
        if let known = first[example.inputs], known.output != example.output {
          fault(node, "this example contradicts line \(known.line): the output there is \(known.output)")
        } else {
          first[example.inputs] = (example.output, line)
          examples.append(example)
        }
      }
    }
    return examples
  }

  private mutating func exampleNodes(_ node: SExpression, _ function: Function) -> [(SExpression, Example)] {
    if let parts = node.arguments(of: "and") {
      var all: [(SExpression, Example)] = []
      for part in parts { all += exampleNodes(part, function) }
      return all
    }
    if let variable = self.variable(in: node) {
      fault(
        variable,
        "the constraint is about all values of this variable, and functions are given by example: "
          + "(= (\(function.name) input…) output) with constants")
      return []
    }
    func isCall(_ node: SExpression) -> Bool {
      // A function without parameters is written without parentheses.
      node.arguments(of: function.name) != nil || (function.parameters.isEmpty && node.symbol == function.name)
    }
    if let sides = node.arguments(of: "="), sides.count == 2 {
      let isCall = sides.map(isCall)
      if isCall[0] != isCall[1] {
        let (call, output) = isCall[0] ? (sides.first!, sides.last!) : (sides.last!, sides.first!)
        return example(call, output, function).map { [(node, $0)] } ?? []
      }
    }
    if function.sort == .bool {
      if isCall(node) {
        return inputs(node, function).map { [(node, Example(inputs: $0, output: .bool(true)))] } ?? []
      }
      if let inner = node.arguments(of: "not"), inner.count == 1, let inner = inner.first, isCall(inner) {
        return inputs(inner, function).map { [(node, Example(inputs: $0, output: .bool(false)))] } ?? []
      }
    }
    fault(
      node, "the constraint is not an example; expected (= (\(function.name) input…) output) with constants")
    return []
  }

  /// The first variable of a `declare-var` in a constraint.
  private func variable(in node: SExpression) -> SExpression? {
    if variables.isEmpty { return nil }
    if let name = node.symbol { return variables.contains(name) ? node : nil }
    return node.list?.lazy.compactMap { variable(in: $0) }.first
  }

  private mutating func example(_ call: SExpression, _ output: SExpression, _ function: Function) -> Example? {
    guard let inputs = inputs(call, function), let output = constant(output, function.sort) else { return nil }
    return Example(inputs: inputs, output: output)
  }

  private mutating func inputs(_ call: SExpression, _ function: Function) -> [Value]? {
    let arguments = call.list?.dropFirst() ?? []
    guard arguments.count == function.parameters.count else {
      fault(call, "'\(function.name)' takes \(function.parameters.count) inputs, not \(arguments.count)")
      return nil
    }
    var values: [Value] = []
    for (argument, parameter) in zip(arguments, function.parameters) {
      guard let value = constant(argument, parameter.sort) else { return nil }
      values.append(value)
    }
    return values
  }

  private mutating func constant(_ node: SExpression, _ sort: Sort) -> Value? {
    guard let result = terms.read(node, []) else { return nil }
    guard case .constant(let value, _) = result.term else {
      fault(node, "a constant of sort \(sort) was expected, not '\(source.text(node.range))'")
      return nil
    }
    if value.sort != sort {
      fault(node, "a constant of sort \(sort) was expected, not \(value) of sort \(value.sort)")
      return nil
    }
    return value
  }
}
