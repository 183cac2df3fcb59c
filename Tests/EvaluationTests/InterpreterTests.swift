import Evaluation
import Grammars
import Testing

private func int(_ value: Int64) -> Term { .constant(.int(value), name: nil) }
private func apply(_ op: Operator, _ arguments: Term...) -> Term { .operation(op, arguments) }
private var x: Term { .variable(0) }
private var y: Term { .variable(1) }

@Suite struct StepsAreCounted {
  private func outcome(_ term: Term, _ inputs: [Int64], limit: UInt64 = .max, _ definitions: [Grammar.Definition] = [])
    -> EvaluationOutcome
  {
    Interpreter(definitions: definitions, modulus: 7).run(term, on: inputs.map { .int($0) }, stepLimit: limit)
  }

  @Test func everyOperatorVariableAndConstantCostsOneStep() {
    #expect(outcome(x, [5]) == (.value(.int(5)), 1))
    #expect(outcome(int(9), []) == (.value(.int(9)), 1))
    #expect(outcome(apply(.add, x, int(1)), [5]) == (.value(.int(6)), 3))
    #expect(outcome(apply(.multiply, apply(.add, x, y), apply(.negate, x)), [2, 3]) == (.value(.int(-10)), 6))
  }

  @Test func onlyTheChosenBranchRuns() {
    let guarded = apply(.ite, apply(.equal, y, int(0)), int(0), apply(.div, x, y))
    #expect(outcome(guarded, [8, 0]) == (.value(.int(0)), 5))
    #expect(outcome(guarded, [8, 2]) == (.value(.int(4)), 7))
    let reversed = apply(.ite, apply(.distinct, y, int(0)), apply(.div, x, y), int(0))
    #expect(outcome(reversed, [8, 0]) == (.value(.int(0)), 5))
  }

  @Test func theFirstArgumentWithoutAValueEndsTheRunWithItsReason() {
    let byZero = apply(.div, x, int(0))
    let large = apply(.multiply, int(.max), int(2))
    let outside = apply(.fieldAdd, int(7), int(0))
    #expect(outcome(apply(.add, byZero, large), [1]) == (.none(.divisionByZero), 4))
    #expect(outcome(apply(.add, large, byZero), [1]) == (.none(.overflow), 4))
    #expect(outcome(apply(.add, outside, byZero), [1]) == (.none(.outOfRange), 4))
    #expect(outcome(apply(.add, int(1), byZero), [1]) == (.none(.divisionByZero), 5))
    #expect(outcome(apply(.ite, apply(.even, byZero), int(1), int(2)), [1]).value == nil)
  }

  @Test func aFieldNumberOutsideIsReportedBeforeTheZeroDivisor() {
    #expect(outcome(apply(.fieldDivide, int(7), int(0)), []).answer == .none(.outOfRange))
    #expect(outcome(apply(.fieldDivide, int(6), int(0)), []).answer == .none(.divisionByZero))
  }

  @Test func runsEndExactlyAtTheLimit() {
    let term = apply(.ite, apply(.less, x, y), apply(.add, x, int(1)), y)
    let needed = outcome(term, [1, 2]).steps
    #expect(needed == 7)
    for limit in 0..<needed {
      #expect(outcome(term, [1, 2], limit: limit) == (.none(.stepLimit), limit))
    }
    for limit in [needed, needed + 1, .max] {
      #expect(outcome(term, [1, 2], limit: limit) == (.value(.int(2)), needed))
    }
  }
}

@Suite struct CallsOfDefinedFunctions {
  private static let ints = ["a", "b", "c", "d"].map { Grammar.Parameter(name: $0, sort: .int) }
  private static var square: Grammar.Definition {
    .init(name: "square", parameters: [ints[0]], sort: .int, body: apply(.multiply, x, x))
  }
  private static var distance: Grammar.Definition {
    .init(
      name: "distance", parameters: Array(ints.prefix(2)), sort: .int,
      body: apply(.abs, apply(.subtract, .call(0, [x]), .call(0, [y]))))
  }

  private func outcome(_ term: Term, _ inputs: [Int64], limit: UInt64 = .max) -> EvaluationOutcome {
    Interpreter(definitions: [Self.square, Self.distance]).run(term, on: inputs.map { .int($0) }, stepLimit: limit)
  }

  @Test func costTheirArgumentsOnceAndTheirBody() {
    #expect(outcome(.call(0, [x]), [5]) == (.value(.int(25)), 4))
    #expect(outcome(.call(0, [apply(.add, x, int(1))]), [5]) == (.value(.int(36)), 6))
    // Two variables, then abs and minus, then two squares with an argument of one step and a body of three.
    #expect(outcome(.call(1, [x, y]), [3, 5]) == (.value(.int(16)), 12))
  }

  @Test func endWithTheReasonOfAnArgument() {
    #expect(outcome(.call(0, [apply(.div, x, int(0))]), [1]) == (.none(.divisionByZero), 3))
    #expect(outcome(.call(0, [int(.max)]), []) == (.none(.overflow), 4))
    #expect(outcome(.call(0, [x]), [5], limit: 3) == (.none(.stepLimit), 3))
  }
}

/// Whether a run ended with an answer after a number of steps.
private func == (found: EvaluationOutcome, expected: (EvaluationOutcome.Answer, UInt64)) -> Bool {
  found.answer == expected.0 && found.steps == expected.1
}
