import Evaluation
import ExactArithmetic
import Grammars

/// A loop of two states whose second goes down from c^n by z ↦ z div c, so that n div z is what the first digits of n in base c
/// say, one digit more in each of n + 1 iterations.
struct LeadingDigits {
  let shape: LoopShape
  let base: Int64
  /// c^n and z div c.
  let start: Program
  let update: Program
  /// n div z, and its last digit.
  let prefix: Term
  let digit: Term
  let bits: Double

  /// Those that a shape may write, for bases up to a number; `number` is the variable n, which must not be one of the loop's own.
  static func all(_ grammar: Grammar, _ shape: LoopShape, number: Int, upTo most: Int64) -> [LeadingDigits] {
    let (x, y) = (shape.variables[0], shape.variables[1])
    if shape.variables.contains(number) { return [] }
    let one = Term.constant(.int(1), name: nil)
    return grammar.numerals(of: shape.bodies[1], upTo: most).filter { $0.value > 1 }.compactMap { base, numeral in
      // Multiplied by c: a product, or a sum of states.
      let sum = (1..<base).reduce(Term.variable(x)) { sum, _ in .operation(.add, [.variable(x), sum]) }
      let powers = [.operation(.multiply, [.variable(x), numeral]), sum].compactMap { step in
        grammar.derivation(
          of: .operation(.loop, [.lambda([x, y], step), .variable(number), one]), from: shape.starts[1])
      }
      guard let start = powers.max(by: { grammar.probability(of: $0) < grammar.probability(of: $1) }),
        let update = grammar.derivation(of: .operation(.div, [.variable(y), numeral]), from: shape.bodies[1])
      else { return nil }
      let prefix = Term.operation(.div, [.variable(number), .variable(y)])
      return LeadingDigits(
        shape: shape, base: base, start: start, update: update, prefix: prefix,
        digit: .operation(.mod, [prefix, numeral]),
        bits: -(grammar.probability(of: start) * grammar.probability(of: update)).log2)
    }
  }

  /// The loop whose first body is `term` with something read in place of y; nil when the language does not write it.
  func program(_ grammar: Grammar, _ term: Term, reading read: Term, count: Program, start first: Program) -> Program? {
    grammar.derivation(of: term.replacing(shape.variables[1], by: read), from: shape.bodies[0]).map {
      shape.program([$0, update], count: count, starts: [first, start])
    }
  }
}

extension LoopInversion {
  /// The digits of n from the first to the last, as what drives a loop (`LoopInversion.Drive`): so a number is read in another base,
  /// x ↦ b·x + (n div z mod c).
  ///
  /// Leading zeros come first; a body that leaves 0 as it is does not see them. Beyond n + 1 iterations there is no value.
  func leadingDigits(_ loops: ForwardLoops) -> [Drive] {
    let (grammar, number) = (attempt.grammar, loops.number)
    guard let shape = secondState(beside: loops) else { return [] }
    let numerals = grammar.numerals(of: shape.bodies[0], upTo: Self.mostDivisor)
    return LeadingDigits.all(grammar, shape, number: number, upTo: Self.mostDivisor).flatMap { digits -> [Drive] in
      let first = loops.machine.number(of: grammar.term(of: digits.start))
      var words = attempt.words([], [])
      var values: [[Int64]] = []
      for (input, n) in loops.inputs.enumerated() {
        words[number] = n
        guard n >= 0, var power = loops.value(first, words) else { return [] }
        var row: [Int64] = []
        while power > 0, row.count < loops.runner.lengths[input] {
          row.append(n / power % digits.base)
          power /= digits.base
        }
        values.append(row)
      }
      func drive(reading constant: (value: Int64, term: Term)?) -> Drive {
        Drive(
          bits: digits.bits, values: values,
          numbers: constant.map { [Int64](repeating: $0.value, count: loops.inputs.count) }, isDeep: constant == nil
        ) { program, count, start in
          var term = grammar.term(of: program)
          if let constant { term = term.replacing(number, by: constant.term) }
          return digits.program(grammar, term, reading: digits.digit, count: count, start: start)
        }
      }
      return [drive(reading: nil)]
        + numerals.filter { $0.value > 1 && $0.value != digits.base }.map { drive(reading: $0) }
    }
  }

  /// x ↦ B(x, n div z) and x ↦ B(x, n div z mod c): the body leads from the value at n without its last digit to that at n, so
  /// that examples tell it, as they do for sequences defined by a(2n) and a(2n + 1).
  func prefixes() -> [Candidate] {
    let grammar = attempt.grammar
    let inputs = attempt.inputs
    guard inputs.allSatisfy({ $0 >= 0 }) else { return [] }
    return all(
      shapes(.loop2).flatMap { shape -> [[Candidate]] in
        // All n + 1 digits are read.
        let count = known(shape.count).first { zip($0.row, inputs).allSatisfy { $0 == $1 + 1 } }
        guard let count else { return [] }
        return LeadingDigits.all(grammar, shape, number: 0, upTo: Self.mostDivisor).map { digits in
          goals.flatMap { goal -> [Candidate] in
            let value = Dictionary(zip(inputs, goal.row)) { first, _ in first }
            let asked = inputs.filter { value[$0 / digits.base] != nil }
            return [(digits.prefix, nil), (digits.digit, digits.base)].map { read, base -> Candidate in
              Candidate(bits: goal.bits + digits.bits) { [self] in
                BodyQuestion(
                  shape.bodies[0],
                  asked.map { n in
                    attempt.words(shape.variables, [value[n / digits.base]!, base.map { n % $0 } ?? n])
                  }, asked.map { value[$0]! })
              } programs: { [self] body in
                starts(value[0], shape.starts[0]).compactMap { start in
                  digits.program(grammar, grammar.term(of: body), reading: read, count: count.program, start: start)
                    .map(goal.around)
                }
              }
            }
          }
        }
      })
  }
}
