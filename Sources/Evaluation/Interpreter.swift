public import Grammars

/// Why a program has no value on an input.
public enum NoValue: Error, Hashable, Sendable {
  /// An integer left `-(2^63 - 1) ... 2^63 - 1`.
  case overflow
  /// `div`, `mod` or `ff.div` by zero.
  case divisionByZero
  /// A field operator was given a number outside `0 ..< p`; or `nth`, `last`, `isqrt`, `stride`, `fit`, `digits` or `compr`
  /// one that they do not take; or `transduce` no symbol, or `nested` brackets that do not pair.
  case outOfRange
  /// The run needed more than the permitted steps.
  case stepLimit
}

/// The outcome of running a program on one input: a value, or the reason why there is none, and the steps taken.
public struct EvaluationOutcome: Hashable, Sendable {
  /// What a run gave.
  public enum Answer: Hashable, Sendable {
    /// The program's value.
    case value(Value)
    /// No value, and the reason.
    case none(NoValue)
  }
  /// The value, or the reason why there is none.
  public let answer: Answer
  /// Operators, lambdas, variables and constants evaluated, one step each; a branch that `ite` does not take costs nothing.
  public let steps: UInt64

  /// The value, nil when there is none.
  public var value: Value? { if case .value(let value) = answer { value } else { nil } }
}

/// Runs terms on inputs, one at a time: the reference semantics of every operator.
///
/// Each operator, lambda, variable and constant evaluated costs one step; a call of a defined function costs the steps of its
/// body, in which arguments are values already computed (one step for each use). Evaluation is strict except for
/// `ite`, which runs only the branch it takes; the first argument without a value ends the run with its reason.
public struct Interpreter: Sendable {
  /// Definitions that `Term.call` refers to.
  public let definitions: [Grammar.Definition]
  /// p of the field operators; they have no value without it.
  public let modulus: Int64?
  /// Runs languages with loops, lambdas or lists.
  private let wide: WideInterpreter?

  /// An interpreter for the terms of a grammar, with its definitions and its modulus.
  public init(_ grammar: Grammar) {
    definitions = grammar.definitions
    modulus = grammar.modulus
    wide = grammar.runsStructure ? WideInterpreter(grammar, range: .word) : nil
  }

  /// An interpreter for terms without loops, lambdas and lists, from definitions and modulus alone.
  public init(definitions: [Grammar.Definition] = [], modulus: Int64? = nil) {
    self.definitions = definitions
    self.modulus = modulus
    wide = nil
  }

  /// Runs `term` on `inputs` for at most `stepLimit` steps.
  ///
  /// - Complexity: proportional to the steps taken. The nesting of `term` is limited by the stack (some 10^4).
  public func run(_ term: Term, on inputs: [Value], stepLimit: UInt64 = .max) -> EvaluationOutcome {
    if let wide { return wide.outcome(term, on: inputs, stepLimit: stepLimit) }
    var steps: UInt64 = 0
    do {
      let value = try evaluate(term, inputs, &steps, stepLimit)
      return EvaluationOutcome(answer: .value(value), steps: steps)
    } catch {
      return EvaluationOutcome(answer: .none(error), steps: steps)
    }
  }

  private func evaluate(_ term: Term, _ inputs: [Value], _ steps: inout UInt64, _ limit: UInt64) throws(NoValue)
    -> Value
  {
    if case .call(let index, let arguments) = term {
      var values: [Value] = []
      for argument in arguments { values.append(try evaluate(argument, inputs, &steps, limit)) }
      return try evaluate(definitions[index].body, values, &steps, limit)
    }
    guard steps < limit else { throw .stepLimit }
    steps += 1
    switch term {
    case .variable(let index): return inputs[index]
    case .constant(let value, _): return value
    case .operation(.ite, let arguments):
      let condition = try evaluate(arguments[0], inputs, &steps, limit)
      return try evaluate(arguments[condition.word == 1 ? 1 : 2], inputs, &steps, limit)
    case .operation(let op, let arguments):
      let first = try evaluate(arguments[0], inputs, &steps, limit)
      let second = arguments.count > 1 ? try evaluate(arguments[1], inputs, &steps, limit) : first
      return try op.apply(first, second, modulus: modulus)
    case .call, .lambda: preconditionFailure("handled above")
    }
  }
}
