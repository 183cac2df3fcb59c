import Evaluation
import Grammars
import Testing

@Suite struct IntegersAreMathematicalOrAbsent {
  private static let pairs = Samples.product([.int, .int]).map { ($0[0].word, $0[1].word) }

  private func outcome(_ op: Operator, _ x: Int64, _ y: Int64) -> Result<Value, NoValue> {
    do { return .success(try op.apply(.int(x), .int(y), modulus: nil)) } catch { return .failure(error) }
  }

  /// The number as a value, or `overflow` outside `-(2^63 - 1) ... 2^63 - 1`.
  private func inRange(_ x: Int128) -> Result<Value, NoValue> {
    x.magnitude <= UInt128(Int64.max) ? .success(.int(Int64(x))) : .failure(.overflow)
  }

  @Test func sumsDifferencesAndProductsAreExactOrOverflow() {
    for (x, y) in Self.pairs {
      let (a, b) = (Int128(x), Int128(y))
      check(outcome(.add, x, y) == inRange(a + b), "\(x) + \(y)")
      check(outcome(.subtract, x, y) == inRange(a - b), "\(x) - \(y)")
      check(outcome(.multiply, x, y) == inRange(a * b), "\(x) * \(y)")
      check(outcome(.negate, x, y) == inRange(-a), "- \(x)")
      check(outcome(.abs, x, y) == inRange(Int128(a.magnitude)), "abs \(x)")
    }
  }

  @Test func kernelsAreExactOrAbsent() {
    let evaluator = BatchEvaluator(language([.int, .int]), inputs: Self.pairs.map { [.int($0.0), .int($0.1)] })
    let sums = evaluator.words(of: applied(.add))
    let products = evaluator.words(of: applied(.multiply))
    let quotients = evaluator.words(of: applied(.div))
    let remainders = evaluator.words(of: applied(.mod))
    for (index, (x, y)) in Self.pairs.enumerated() {
      check(sums[index] == ((try? inRange(Int128(x) + Int128(y)).get())?.word ?? .min), "\(x) + \(y)")
      check(products[index] == ((try? inRange(Int128(x) * Int128(y)).get())?.word ?? .min), "\(x) * \(y)")
      if y == 0 {
        check(quotients[index] == .min && remainders[index] == .min, "\(x) by 0")
      } else {
        let (q, r) = (Int128(quotients[index]), Int128(remainders[index]))
        check(Int128(x) == Int128(y) * q + r && r >= 0 && r < Int128(y.magnitude), "\(x) by \(y): \(q) rest \(r)")
      }
    }
  }

  /// SMT-LIB `Ints`: `x = y · q + r` with `0 ≤ r < |y|`, which has one solution.
  @Test func divisionIsEuclidean() {
    for (x, y) in Self.pairs {
      guard y != 0 else {
        check(outcome(.div, x, y) == .failure(.divisionByZero), "\(x) div 0")
        check(outcome(.mod, x, y) == .failure(.divisionByZero), "\(x) mod 0")
        continue
      }
      guard case .success(let quotient) = outcome(.div, x, y), case .success(let remainder) = outcome(.mod, x, y) else {
        Issue.record("\(x) by \(y) has no value")
        continue
      }
      let (q, r) = (Int128(quotient.word), Int128(remainder.word))
      check(Int128(x) == Int128(y) * q + r && r >= 0 && r < Int128(y.magnitude), "\(x) by \(y): \(q) rest \(r)")
    }
  }

  @Test func smallQuotientsAreThoseOfTheDefinition() {
    for (x, y, q, r) in [(7, 2, 3, 1), (-7, 2, -4, 1), (7, -2, -3, 1), (-7, -2, 4, 1), (-6, 3, -2, 0), (0, -5, 0, 0)]
      as [(Int64, Int64, Int64, Int64)]
    {
      #expect(outcome(.div, x, y) == .success(.int(q)) && outcome(.mod, x, y) == .success(.int(r)))
    }
  }

  @Test func comparisonsAreThoseOfTheNumbers() {
    for (x, y) in Self.pairs {
      let found = [Operator.less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .distinct].map { outcome($0, x, y) }
      let expected = [x < y, x <= y, x > y, x >= y, x == y, x != y].map { Result<Value, NoValue>.success(.bool($0)) }
      check(found == expected, "\(x), \(y)")
      check(outcome(.even, x, x) == .success(.bool(x % 2 == 0)), "even \(x)")
    }
  }

  @Test func comparisonsAndParityOfNothingAreNothing() {
    let grammar = language([.int, .int])
    let quotient = Term.operation(.div, [.variable(0), .variable(1)])
    for op in [Operator.less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .distinct, .add, .mod] {
      checkAgreement(.operation(op, [quotient, .variable(0)]), grammar, Samples.product([.int, .int]))
      checkAgreement(.operation(op, [.variable(0), quotient]), grammar, Samples.product([.int, .int]))
    }
    for op in [Operator.even, .negate, .abs] {
      checkAgreement(.operation(op, [quotient]), grammar, Samples.product([.int, .int]))
    }
  }
}

@Suite struct TruthTables {
  @Test func areThoseOfTheCoreTheory() {
    let pairs = [(false, false), (false, true), (true, false), (true, true)]
    let tables: [(Operator, [Bool])] = [
      (.and, [false, false, false, true]), (.or, [false, true, true, true]), (.xor, [false, true, true, false]),
      (.implies, [true, true, false, true]), (.equal, [true, false, false, true]),
      (.distinct, [false, true, true, false]),
      (.not, [true, true, false, false]),
    ]
    let inputs = pairs.map { [Value.bool($0.0), .bool($0.1)] }
    for (op, table) in tables {
      let words = BatchEvaluator(language([.bool, .bool]), inputs: inputs).words(of: applied(op))
      #expect(words == table.map { $0 ? 1 : 0 }, "kernel of \(op)")
      for (input, expected) in zip(inputs, table) {
        #expect((try? op.apply(input[0], input[1], modulus: nil)) == .bool(expected), "\(op) \(input)")
      }
    }
  }
}
