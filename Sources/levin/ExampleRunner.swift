import Evaluation
import Grammars

/// Runs a program on examples to see where it is right.
///
/// Programs with loops or lists are the mathematical functions that they are (`ProgramRunner`), others those of 64-bit words
/// (`Interpreter`).
struct ExampleRunner {
  private let term: Term
  private let stepLimit: UInt64
  private let interpreter: Interpreter
  private let runner: ProgramRunner?

  init(_ term: Term, in grammar: Grammar, stepLimit: UInt64) {
    (self.term, self.stepLimit) = (term, stepLimit)
    interpreter = Interpreter(grammar)
    runner = grammar.runsStructure ? ProgramRunner(term, in: grammar, stepLimit: stepLimit) : nil
  }

  /// Whether the program gives the output, why it has no value where it has none, and the steps taken.
  func run(on example: Example) -> (isRight: Bool, reason: NoValue?, steps: UInt64) {
    if let runner {
      let outcome = runner.run(on: example.inputs.map { .init($0) })
      return (outcome.value == .init(example.output), outcome.reason, outcome.steps)
    }
    let outcome = interpreter.run(term, on: example.inputs, stepLimit: stepLimit)
    switch outcome.answer {
    case .value(let value): return (value == example.output, nil, outcome.steps)
    case .none(let reason): return (false, reason, outcome.steps)
    }
  }
}
