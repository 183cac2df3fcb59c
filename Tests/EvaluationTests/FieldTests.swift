import Evaluation
import Grammars
import Randomness
import Testing

@Suite struct FieldOperatorsAreArithmeticModuloP {
  private static let operators: [Operator] = [.fieldAdd, .fieldSubtract, .fieldMultiply, .fieldDivide]

  /// The result by plain integer arithmetic; the quotient by trying every member of the field.
  private func expected(_ op: Operator, _ x: Int64, _ y: Int64, _ p: Int64) -> Result<Value, NoValue> {
    guard x >= 0, x < p, y >= 0, y < p else { return .failure(.outOfRange) }
    switch op {
    case .fieldAdd: return .success(.int((x + y) % p))
    case .fieldSubtract: return .success(.int(((x - y) % p + p) % p))
    case .fieldMultiply: return .success(.int(x * y % p))
    default:
      guard y != 0 else { return .failure(.divisionByZero) }
      return .success(.int((0..<p).first { $0 * y % p == x }!))
    }
  }

  private func checkAll(_ pairs: [(Int64, Int64)], _ p: Int64) {
    let evaluator = BatchEvaluator(language([.int, .int], modulus: p), inputs: pairs.map { [.int($0.0), .int($0.1)] })
    for op in Self.operators {
      for ((x, y), word) in zip(pairs, evaluator.words(of: applied(op))) {
        let answer = expected(op, x, y, p)
        let found: Result<Value, NoValue>
        do { found = .success(try op.apply(.int(x), .int(y), modulus: p)) } catch { found = .failure(error) }
        check(found == answer, "interpreter: \(op) \(x) \(y) modulo \(p)")
        check(
          word == ((try? answer.get())?.word ?? Value.noValueWord), "kernel: \(op) \(x) \(y) modulo \(p) gives \(word)")
      }
    }
  }

  @Test(arguments: [2, 3, 5, 7] as [Int64])
  func onAllPairsAndBeyondTheRange(_ p: Int64) {
    checkAll((-1...p + 1).flatMap { x in (-1...p + 1).map { (x, $0) } }, p)
  }

  @Test func onRandomPairsModulo97() {
    var generator = SeededGenerator(seed: 4)
    checkAll((0..<500).map { _ in (Int64(generator.below(99)) - 1, Int64(generator.below(99)) - 1) }, 97)
  }

  @Test(arguments: [65_521, 65_537, 33_554_393, 33_554_467, 2_147_483_647] as [Int64])
  func quotientsTimesDivisorsGiveBackTheDividend(_ p: Int64) {
    var generator = SeededGenerator(seed: 5)
    let near = [0, 1, 2, p - 2, p - 1]
    let values = near + (0..<20).map { _ in Int64(generator.below(UInt64(p))) }
    let pairs = values.flatMap { x in values.filter { $0 != 0 }.map { (x, $0) } }
    let evaluator = BatchEvaluator(language([.int, .int], modulus: p), inputs: pairs.map { [.int($0.0), .int($0.1)] })
    for ((x, y), z) in zip(pairs, evaluator.words(of: applied(.fieldDivide))) {
      check(z >= 0 && z < p && Int128(z) * Int128(y) % Int128(p) == Int128(x), "\(x) / \(y) modulo \(p): \(z)")
    }
    for ((x, y), z) in zip(pairs, evaluator.words(of: applied(.fieldMultiply))) {
      check(Int128(z) == Int128(x) * Int128(y) % Int128(p), "\(x) * \(y) modulo \(p): \(z)")
    }
  }

  @Test func nothingHasAValueWithoutAModulus() {
    for op in Self.operators {
      #expect(throws: NoValue.outOfRange) { try op.apply(.int(0), .int(1), modulus: nil) }
      checkAgreement(applied(op), language([.int, .int]), [[.int(0), .int(1)], [.int(1), .int(0)]])
    }
  }

  @Test func tablesOfInversesInvert() {
    for p: Int64 in [2, 3, 97, 65_521] {
      let one = Term.constant(.int(1), name: nil)
      let inverse = Term.operation(.fieldDivide, [one, .variable(0)])
      let back = Term.operation(.fieldMultiply, [inverse, .variable(0)])
      let inputs = (0..<min(p, 300)).map { [Value.int($0)] }
      let words = BatchEvaluator(language([.int], modulus: p), inputs: inputs).words(of: back)
      #expect(words == [Value.noValueWord] + Array(repeating: 1, count: inputs.count - 1))
    }
  }
}
