import ExactArithmetic

/// Writes terms, programs and problems in SyGuS-IF 2.1.
public struct SyGuSPrinter {
  let grammar: Grammar
  /// Whether Levin's own sorts, operators and names are replaced by standard ones (`portableProblem(_:)`).
  let isPortable: Bool

  /// A printer for terms and programs of this grammar, Levin's own sorts and operators by their own names.
  public init(_ grammar: Grammar) { self.init(grammar, isPortable: false) }

  init(_ grammar: Grammar, isPortable: Bool) {
    self.grammar = grammar
    self.isPortable = isPortable
  }

  func text(_ sort: Sort) -> String {
    if isPortable, case .permutation(let degree) = sort { return "(_ BitVec \(4 * degree))" }
    return sort.description
  }

  func text(_ value: Value) -> String {
    if isPortable, case .permutation(let degree) = value.sort {
      return Value.bitVector(UInt64(bitPattern: value.word), width: 4 * degree).description
    }
    return value.description
  }

  private func text(_ value: Value, _ name: String?) -> String {
    name.map { isPortable ? text(value) : Self.quoted($0) } ?? text(value)
  }

  /// A name as SMT-LIB writes it: between bars when it is not a simple symbol.
  static func quoted(_ name: String) -> String { isSimpleSymbol(name) ? name : "|\(name)|" }

  /// A term, such as `(+ a b)`.
  public func text(_ term: Term) -> String { text(term, grammar.variables.map(\.name)) }

  func text(_ term: Term, _ parameters: [String]) -> String {
    func applied(_ head: String, _ arguments: [Term]) -> String {
      "(" + ([head] + arguments.map { text($0, parameters) }).joined(separator: " ") + ")"
    }
    switch term {
    case .variable(let index): return Self.quoted(parameters[index])
    case .constant(let value, let name): return text(value, name)
    case .operation(let op, let arguments): return applied(op.head, arguments)
    case .call(let index, let arguments):
      let name = Self.quoted(grammar.definitions[index].name)
      return arguments.isEmpty ? name : applied(name, arguments)
    case .lambda(let variables, let body):
      return "(lambda \(list(variables.map { grammar.variables[$0] })) \(text(body, parameters)))"
    }
  }

  /// `(define-fun f ((a Int) (b Int)) Int (+ a b))`.
  public func definition(_ program: Program) -> String {
    "(define-fun \(Self.quoted(grammar.name)) \(list(grammar.parameters)) \(text(grammar.resultSort)) \(text(grammar.term(of: program))))"
  }

  func list(_ parameters: [Grammar.Parameter]) -> String {
    "(" + parameters.map { "(\(Self.quoted($0.name)) \(text($0.sort)))" }.joined(separator: " ") + ")"
  }

  /// The grammar with its probabilities and the examples, as a file that `SyGuSReader` reads back.
  ///
  /// Auxiliary nonterminals are written out inside the productions that use them.
  public func problem(_ examples: [Example], logic: String? = nil) -> String {
    problem(examples, logic: logic, preamble: definitions(), withProbabilities: true)
  }

  /// The definitions of the file: named constants, then functions.
  private func definitions() -> [String] {
    var lines: [String] = []
    if let modulus = grammar.modulus { lines.append("(define-fun modulus () Int \(modulus))") }
    var named: Set<String> = ["modulus"]
    func name(_ value: Value, _ name: String?) {
      guard let name, named.insert(name).inserted else { return }
      lines.append("(define-fun \(Self.quoted(name)) () \(text(value.sort)) \(text(value)))")
    }
    func nameConstants(of term: Term) {
      if case .constant(let value, let known) = term { name(value, known) }
      for argument in term.arguments { nameConstants(of: argument) }
    }
    for production in grammar.productions {
      if case .constant(let value, let known) = production.symbol { name(value, known) }
    }
    for definition in grammar.definitions { nameConstants(of: definition.body) }
    for definition in grammar.definitions {
      let body = text(definition.body, definition.parameters.map(\.name))
      lines.append(
        "(define-fun \(Self.quoted(definition.name)) \(list(definition.parameters)) \(text(definition.sort)) \(body))")
    }
    return lines
  }

  func problem(_ examples: [Example], logic: String?, preamble: [String], withProbabilities: Bool) -> String {
    var lines = logic.map { ["(set-logic \($0))"] } ?? []
    lines += preamble
    var known: Set<String> = []
    let named = grammar.nonterminals.filter { !$0.isAuxiliary && known.insert($0.name).inserted }
    lines.append("(synth-fun \(Self.quoted(grammar.name)) \(list(grammar.parameters)) \(text(grammar.resultSort))")
    lines.append("  (" + named.map { "(\(Self.quoted($0.name)) \(text($0.sort)))" }.joined(separator: " ") + ")")
    for (index, nonterminal) in named.enumerated() {
      lines.append("  \(index == 0 ? "(" : " ")(\(Self.quoted(nonterminal.name)) \(text(nonterminal.sort)) (")
      for number in nonterminal.productions {
        let term = text(ofProduction: number)
        let probability = grammar.productions[number].probability
        lines.append(
          "    "
            + (withProbabilities
              ? "(! \(term) :probability (/ \(probability.numerator) \(probability.denominator)))" : term))
      }
      lines.append("  ))\(index == named.count - 1 ? "))" : "")")
    }
    for example in examples {
      let inputs = example.inputs.map { text($0) }.joined(separator: " ")
      lines.append("(constraint (= (\(Self.quoted(grammar.name)) \(inputs)) \(text(example.output))))")
    }
    lines.append("(check-synth)")
    return lines.joined(separator: "\n") + "\n"
  }

  /// The right side of a production as the file writes it.
  public func text(ofProduction number: Int) -> String {
    let production = grammar.productions[number]
    let arguments = production.arguments.map { argument -> String in
      let nonterminal = grammar.nonterminals[argument]
      return nonterminal.isAuxiliary
        ? text(ofProduction: nonterminal.productions.lowerBound) : Self.quoted(nonterminal.name)
    }
    switch production.symbol {
    case .variable(let index): return Self.quoted(grammar.variables[index].name)
    case .constant(let value, let name): return text(value, name)
    case .lambda(let variables): return "(lambda \(list(variables.map { grammar.variables[$0] })) \(arguments[0]))"
    case .unit: return arguments[0]
    case .operation(let op): return "(" + ([op.head] + arguments).joined(separator: " ") + ")"
    case .call(let index):
      let name = Self.quoted(grammar.definitions[index].name)
      return arguments.isEmpty ? name : "(" + ([name] + arguments).joined(separator: " ") + ")"
    }
  }
}
