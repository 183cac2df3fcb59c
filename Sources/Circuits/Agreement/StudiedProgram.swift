internal import Evaluation
public import Grammars

/// A program with its variables: the values that it computes on the way to its answer.
///
///     let program = try StudiedProgram(term, in: grammar, on: inputs)    // (ff.sub (ff.add a b) b)
///     program.variables.map(\.text)                                      // ["(ff.add a b)", "(ff.sub (ff.add a b) b)"]
///
/// A variable is a sub-expression with an operator, each distinct one once, in order of first use; the last is the answer.
/// Arguments and constants are not: both sides have them given. Nor is another sub-expression with one value on all inputs on
/// which it has any (`constants`), nor what stands under a binder: it has many values in a run.
public struct StudiedProgram: Sendable {
  /// A value that the program computes on the way, named by its sub-expression.
  public struct Variable: Hashable, Sendable {
    /// The sub-expression as the language writes it.
    public let text: String
    /// Its value on each input; nil where it has none.
    public let values: [Value?]
    /// Whether it is the answer itself.
    public let isAnswer: Bool
    /// The program with each value that occurs in the variable's place.
    fileprivate let settings: [Value: Term]
  }

  /// The program as its language writes it.
  public let text: String
  /// The program over the grammar's parameters.
  public let term: Term
  /// The variables, arguments before what uses them; the last is the answer.
  public let variables: [Variable]
  /// The sub-expressions with an operator that are constants, as the language writes them: no variables.
  public let constants: [String]
  /// The answer on each input, by the network's number; nil where the program has no value.
  public let answers: [Int32?]
  private let interpreter: Interpreter
  private let inputs: Inputs

  /// - Throws: `CircuitError.arity`, `.noVariables`, and `.noAnswer` when a value is not among the network's answers.
  public init(_ term: Term, in grammar: Grammar, on inputs: Inputs) throws(CircuitError) {
    guard grammar.parameters.count == inputs.arity else {
      throw .arity(program: grammar.parameters.count, inputs: inputs.arity)
    }
    let printer = SyGuSPrinter(grammar)
    let interpreter = Interpreter(grammar)
    let parts = term.computedParts
    text = printer.text(term)
    guard !parts.isEmpty else { throw .noVariables(text) }
    self.term = term
    self.inputs = inputs
    self.interpreter = interpreter
    let found = parts.map { part in
      Variable(
        part, text: printer.text(part),
        values: inputs.values.map { interpreter.run(part, on: $0, stepLimit: Self.stepLimit).value }, in: term)
    }
    variables = found.filter { $0.isAnswer || !$0.isConstant }
    constants = found.filter { !$0.isAnswer && $0.isConstant }.map(\.text)
    let last = variables[variables.count - 1]
    var numbers: [Int32?] = []
    for (input, value) in last.values.enumerated() {
      guard let value else {
        numbers.append(nil)
        continue
      }
      guard let number = inputs.answers[value] else {
        throw .noAnswer(
          "on \(inputs.text(input)) the program '\(text)' gives \(value), which is no answer of the network")
      }
      numbers.append(number)
    }
    answers = numbers
  }

  /// The program's answer on input `base` with a variable set to its value on input `source`; nil where there is none.
  public func answer(on base: Int, setting variable: Variable, from source: Int) -> Int32? {
    guard let value = variable.values[source] else { return nil }
    if variable.isAnswer { return inputs.answers[value] }
    guard let term = variable.settings[value] else { return nil }
    return interpreter.run(term, on: inputs.values[base], stepLimit: Self.stepLimit).value.flatMap {
      inputs.answers[$0]
    }
  }

  /// Whether another program on the same inputs has another answer on one of them; where either has none they do not differ.
  public func differs(from other: StudiedProgram) -> Bool {
    zip(answers, other.answers).contains { own, their in own != nil && their != nil && own != their }
  }

  /// Steps of one run, for languages with loops.
  public static let stepLimit: UInt64 = 1_000_000
}

extension StudiedProgram.Variable {
  /// Whether it has no two values: setting it to one from another input says nothing.
  fileprivate var isConstant: Bool { settings.count < 2 }

  fileprivate init(_ part: Term, text: String, values: [Value?], in term: Term) {
    (self.text, self.values, isAnswer) = (text, values, part == term)
    settings = Dictionary(
      uniqueKeysWithValues: Set(values.compactMap(\.self)).map {
        ($0, term.replacing(part, by: .constant($0, name: nil)))
      })
  }
}

extension Term {
  /// Distinct sub-expressions with an operator or a call, arguments before what uses them.
  fileprivate var computedParts: [Term] {
    var found: [Term] = []
    func visit(_ term: Term) {
      switch term {
      case .operation(_, let arguments), .call(_, let arguments):
        arguments.forEach(visit)
        if !found.contains(term) { found.append(term) }
      default: break
      }
    }
    visit(self)
    return found
  }

  /// The term with every occurrence of a part replaced.
  fileprivate func replacing(_ part: Term, by other: Term) -> Term {
    if self == part { return other }
    switch self {
    case .operation(let op, let arguments): return .operation(op, arguments.map { $0.replacing(part, by: other) })
    case .call(let index, let arguments): return .call(index, arguments.map { $0.replacing(part, by: other) })
    case .lambda(let bound, let body): return .lambda(bound, body.replacing(part, by: other))
    default: return self
    }
  }
}
