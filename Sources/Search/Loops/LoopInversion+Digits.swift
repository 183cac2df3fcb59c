import Evaluation
import ExactArithmetic
import Grammars

/// The digits of n from the first to the last, as what drives a loop (`LoopInversion.Drive`): a second state z goes down from
/// c^n by z ↦ z div c, and n div z mod c is read. So a number is read in another base, x ↦ b·x + (n div z mod c).
///
/// Leading zeros come first; a body that leaves 0 as it is does not see them. Beyond n + 1 iterations there is no value.
extension LoopInversion {
  func leadingDigits(_ loops: ForwardLoops) -> [Drive] {
    let (grammar, number) = (attempt.grammar, loops.number)
    let (x, y) = (loops.shape.variables[0], loops.shape.variables[1])
    // The variable n must not be one of the loop's own.
    guard let shape = secondState(beside: loops), !loops.shape.variables.contains(number) else { return [] }
    let body = shape.bodies[0]
    let numerals = grammar.numerals(of: body, upTo: Self.mostDivisor)
    let one = Term.constant(.int(1), name: nil)
    return numerals.filter { $0.value > 1 }.flatMap { base, numeral -> [Drive] in
      // Multiplied by c: a product, or a sum of states.
      let sum = (1..<base).reduce(Term.variable(x)) { sum, _ in .operation(.add, [.variable(x), sum]) }
      let powers = [.operation(.multiply, [.variable(x), numeral]), sum].compactMap { step in
        grammar.derivation(
          of: .operation(.loop, [.lambda([x, y], step), .variable(number), one]), from: shape.starts[1])
      }
      guard let start = powers.max(by: { grammar.probability(of: $0) < grammar.probability(of: $1) }),
        let update = grammar.derivation(of: .operation(.div, [.variable(y), numeral]), from: body)
      else { return [] }
      let first = loops.machine.number(of: grammar.term(of: start))
      var words = attempt.words([], [])
      var values: [[Int64]] = []
      for (input, n) in loops.inputs.enumerated() {
        words[number] = n
        guard n >= 0, var power = loops.value(first, words) else { return [] }
        var row: [Int64] = []
        while power > 0, row.count < loops.runner.lengths[input] {
          row.append(n / power % base)
          power /= base
        }
        values.append(row)
      }
      let digit = Term.operation(.mod, [.operation(.div, [.variable(number), .variable(y)]), numeral])
      let bits = -(grammar.probability(of: start) * grammar.probability(of: update)).log2
      func drive(reading constant: (value: Int64, term: Term)?) -> Drive {
        Drive(
          bits: bits, values: values,
          numbers: constant.map { [Int64](repeating: $0.value, count: loops.inputs.count) }, isDeep: constant == nil
        ) { program, count, first in
          var term = grammar.term(of: program)
          if let constant { term = term.replacing(number, by: constant.term) }
          return grammar.derivation(of: term.replacing(y, by: digit), from: body).map {
            shape.program([$0, update], count: count, starts: [first, start])
          }
        }
      }
      return [drive(reading: nil)] + numerals.filter { $0.value > 1 && $0.value != base }.map { drive(reading: $0) }
    }
  }
}
