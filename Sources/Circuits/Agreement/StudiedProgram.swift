internal import Evaluation
public import Grammars
internal import Synchronization

/// A program with its variables: the values that it computes on the way to its answer.
///
///     let program = try StudiedProgram(term, in: grammar, on: inputs)    // (ff.sub (ff.add a b) b)
///     program.variables.map(\.text)                                      // ["(ff.add a b)", "(ff.sub (ff.add a b) b)"]
///
/// A variable is a sub-expression with an operator, each distinct one once, in order of first use; the last is the answer.
/// Arguments and constants are not: both sides have them given. Nor is another sub-expression with one value on all inputs on
/// which it has any (`constants`), nor what stands under a binder: it has many values in a run.
///
/// Of a stream the states after some symbols are variables: of `transduce`, `transduce2` and `fold`, and sums so far.
///
///     let counter = try StudiedProgram(term, in: lists, on: streams, statesAfter: 6)     // (cons (mod (sum xs) 3) nil)
///     counter.variables.map(\.text)                                          // ["(sum xs) after 6", "(cons (mod (sum xs) 3) nil)"]
///
/// The sub-expressions that keep them are none beside, and neither is what the answer is a list of alone.
public struct StudiedProgram: Sendable {
  /// A value that the program computes on the way, named by its sub-expression.
  public struct Variable: Hashable, Sendable {
    /// The sub-expression as the language writes it; of a state its name and after how many symbols.
    public let text: String
    /// Its value on each input; nil where it has none.
    public let values: [Value?]
    /// Whether it is the answer itself.
    public let isAnswer: Bool
    /// After how many symbols of the stream it is a state; nil where it is none.
    public var after: Int? { state?.after }
    /// The program with each value that occurs in the variable's place.
    fileprivate let settings: [Value: Term]
    fileprivate let state: State?
  }

  /// A state of a machine after some symbols, with the values there of all of the machine's states, for each input.
  fileprivate struct State: Hashable, Sendable {
    let machine: StreamMachine
    let component: Int
    let after: Int
    let values: [[Value?]]
    let known = KnownAnswers()
  }

  /// Answers from states that were asked for: pairs of inputs are many more than pairs of an input and a state.
  fileprivate final class KnownAnswers: Hashable, Sendable {
    private struct Question: Hashable {
      let base: Int
      let value: Value
    }

    private let answers = Mutex<[Question: Int32?]>([:])

    func answer(on base: Int, from value: Value, _ find: () -> Int32?) -> Int32? {
      let question = Question(base: base, value: value)
      if let known = answers.withLock({ $0[question] }) { return known }
      let found = find()
      answers.withLock { $0[question] = .some(found) }
      return found
    }

    // What is known follows from the state, so it does not tell two states apart.
    static func == (x: KnownAnswers, y: KnownAnswers) -> Bool { true }
    func hash(into hasher: inout Hasher) {}
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

  /// - Parameter statesAfter: the symbols after which states of a stream are variables; nil leaves them out.
  /// - Throws: `CircuitError.arity`, `.noVariables`, `.noAnswer` when a value is not among the network's answers, and
  ///   `.notDefined` for states of inputs that are no streams of one length, or after all or none of their symbols.
  public init(
    _ term: Term, in grammar: Grammar, on inputs: Inputs, statesAfter: Int? = nil
  ) throws(CircuitError) {
    guard grammar.parameters.count == inputs.arity else {
      throw .arity(program: grammar.parameters.count, inputs: inputs.arity)
    }
    let printer = SyGuSPrinter(grammar)
    let interpreter = Interpreter(grammar)
    var parts = term.computedParts
    text = printer.text(term)
    guard !parts.isEmpty else { throw .noVariables(text) }
    self.term = term
    self.inputs = inputs
    self.interpreter = interpreter
    var found: [Variable] = []
    if let statesAfter {
      let machines = try StreamMachine.machines(of: term, in: grammar)
      for machine in machines { found += try Self.states(of: machine, after: statesAfter, on: inputs, interpreter) }
      parts.removeAll { part in machines.contains { $0.part == part } || term.isList(of: part) }
    }
    found += parts.map { part in
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
    return answer(on: base, setting: variable, to: value)
  }

  /// The program's answer on input `base` with a variable set to a value, which of other variables than states is one that occurs.
  func answer(on base: Int, setting variable: Variable, to value: Value) -> Int32? {
    if variable.isAnswer { return inputs.answers[value] }
    if let state = variable.state {
      return state.known.answer(on: base, from: value) { answer(on: base, setting: state, to: value) }
    }
    guard let term = variable.settings[value] else { return nil }
    return answer(of: term, on: inputs.values[base])
  }

  private func answer(on base: Int, setting state: State, to value: Value) -> Int32? {
    var states: [Value] = []
    for (component, values) in state.values.enumerated() {
      guard let own = component == state.component ? value : values[base] else { return nil }
      states.append(own)
    }
    let machine = state.machine
    let goingOn = term.replacing(machine.part, by: machine.part(from: states, after: state.after))
    let stream = inputs.values[base]
    return answer(
      of: goingOn, on: machine.readsParts ? [.list(Array(stream[0].elements.dropFirst(state.after)))] : stream)
  }

  private func answer(of term: Term, on arguments: [Value]) -> Int32? {
    interpreter.run(term, on: arguments, stepLimit: Self.stepLimit).value.flatMap { inputs.answers[$0] }
  }

  /// The states of a machine after some symbols, each a variable.
  private static func states(
    of machine: StreamMachine, after symbols: Int, on inputs: Inputs, _ interpreter: Interpreter
  ) throws(CircuitError) -> [Variable] {
    guard let length = inputs.streamLength else {
      throw .notDefined("states are those of a program of one list, on lists of one length")
    }
    guard (1..<length).contains(symbols) else {
      throw .notDefined("a state after \(symbols) of \(length) symbols; expected 1 … \(length - 1)")
    }
    let streams = inputs.values.map { machine.readsParts ? [Value.list(Array($0[0].elements.prefix(symbols)))] : $0 }
    let values = machine.readings(after: symbols).map { reading in
      streams.map { interpreter.run(reading, on: $0, stepLimit: stepLimit).value }
    }
    return machine.names.indices.map { component in
      Variable(State(machine: machine, component: component, after: symbols, values: values))
    }
  }

  /// The same state after another number of symbols.
  ///
  /// - Throws: `CircuitError.notDefined` after all or none of them.
  func state(_ variable: Variable, after symbols: Int) throws(CircuitError) -> Variable {
    guard let state = variable.state else { preconditionFailure("'\(variable.text)' is no state") }
    return try Self.states(of: state.machine, after: symbols, on: inputs, interpreter)[state.component]
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
  fileprivate var isConstant: Bool { Set(values.compactMap(\.self)).count < 2 }

  fileprivate init(_ part: Term, text: String, values: [Value?], in term: Term) {
    (self.text, self.values, isAnswer, state) = (text, values, part == term, nil)
    settings = Dictionary(
      uniqueKeysWithValues: Set(values.compactMap(\.self)).map {
        ($0, term.replacing(part, by: .constant($0, name: nil)))
      })
  }

  fileprivate init(_ state: StudiedProgram.State) {
    text = "\(state.machine.names[state.component]) after \(state.after)"
    (values, isAnswer, settings, self.state) = (state.values[state.component], false, [:], state)
  }
}

extension Term {
  /// Whether it is a list of another term's value alone.
  fileprivate func isList(of element: Term) -> Bool {
    guard case .operation(.cons, let arguments) = self, case .constant(let rest, _) = arguments[1] else { return false }
    return arguments[0] == element && rest == .list([])
  }

  /// Distinct sub-expressions with an operator or a call, arguments before what uses them; a pair is no value.
  fileprivate var computedParts: [Term] {
    var found: [Term] = []
    func visit(_ term: Term) {
      switch term {
      case .operation(_, let arguments), .call(_, let arguments):
        arguments.forEach(visit)
        if case .operation(.pair, _) = term { return }
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
