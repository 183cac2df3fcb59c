import Evaluation
import Grammars
import Randomness
import Testing

/// Kernels and interpreter give the same words: every operator, every list of sorts, limits and random values.
@Suite struct KernelsAgreeWithTheInterpreter {
  @Test func onEveryPlainOperatorAndSort() {
    for op in Operator.plain where !op.isStructured {
      let signatures = Samples.signatures(op)
      check(!signatures.isEmpty, "\(op) takes no sorts")
      for sorts in signatures {
        let modulus: Int64? = op.symbol.hasPrefix("ff.") ? 127 : nil
        checkAgreement(
          applied(op), language(sorts, modulus: modulus), Samples.product(sorts, random: op == .concat ? 0 : 6))
      }
    }
  }

  @Test func onEveryIndexedOperatorAndWidth() {
    for width in Samples.widths {
      let sort = Sort.bitVector(width: width)
      for op in Samples.indexed(width) { checkAgreement(applied(op), language([sort]), Samples.product([sort])) }
    }
  }

  @Test(arguments: [nil, 2, 3, 7, 97, 65_521, 65_537, 33_554_393, 33_554_467, 2_147_483_647] as [Int64?])
  func onFieldOperatorsWithEveryModulus(_ modulus: Int64?) {
    let p = modulus ?? 5
    var generator = SeededGenerator(seed: 2)
    let near = [-1, 0, 1, 2, p / 2, p - 2, p - 1, p, p + 1, .max, -.max].map { Value.int($0) }
    let values = near + (0..<20).map { _ in Value.int(Int64(generator.below(UInt64(p)))) }
    let inputs = values.flatMap { x in values.map { [x, $0] } }
    for op in [Operator.fieldAdd, .fieldSubtract, .fieldMultiply, .fieldDivide] {
      checkAgreement(applied(op), language([.int, .int], modulus: modulus), inputs)
    }
  }

  /// Rows of eight that mix small and large numbers take the general method; rows of small ones the fast method.
  @Test func onDivisionOfRandomIntegersOfEverySize() {
    var generator = SeededGenerator(seed: 3)
    for bits in 2...63 {
      let inputs = (0..<64).map { _ in
        (0..<2).map { _ in Value.int(Int64(bitPattern: generator.next() | 1) >> Int64(64 - bits)) }
      }
      let exact = inputs.map {
        [Value.int(($0[0].word >> Int64(bits / 2)) * ($0[1].word >> Int64((bits + 1) / 2))), $0[1]]
      }
      for op in [Operator.div, .mod, .multiply] { checkAgreement(applied(op), language([.int, .int]), inputs + exact) }
    }
  }

  @Test(arguments: [1, 2, 7, 8, 9, 15, 16, 17, 24, 25])
  func onEveryNumberOfInputs(_ count: Int) {
    let inputs = Samples.product([.int, .int]).suffix(count * 7).enumerated().filter { $0.offset % 7 == 0 }.map(
      \.element)
    #expect(inputs.count == count)
    for op in [Operator.add, .multiply, .div, .less] { checkAgreement(applied(op), language([.int, .int]), inputs) }
    checkAgreement(.variable(1), language([.int, .int]), inputs)
    checkAgreement(.constant(.int(-9), name: nil), language([.int, .int]), inputs)
  }

  @Test func onNoInputs() {
    let evaluator = BatchEvaluator(language([.int]), inputs: [])
    #expect(evaluator.words(of: applied(.negate)).isEmpty)
    #expect(evaluator.correct(applied(.negate), outputs: []) == 0)
  }

  @Test func countsOfRightAnswersAreThoseOfTheWords() {
    let inputs = (0..<20).map { [Value.int($0)] }
    let evaluator = BatchEvaluator(language([.int]), inputs: inputs)
    let square = Term.operation(.multiply, [.variable(0), .variable(0)])
    #expect(evaluator.correct(square, outputs: (0..<20).map { $0 * $0 }) == 20)
    #expect(evaluator.correct(square, outputs: (0..<20).map { $0 }) == 2)
  }
}
