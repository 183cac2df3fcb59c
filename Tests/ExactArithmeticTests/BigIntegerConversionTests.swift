import ExactArithmetic
import Testing

@Suite struct ConversionsKeepTheNumber {
  private func roundTrip<T: FixedWidthInteger>(_ type: T.Type) {
    var draws = Draws(seed: 20)
    let values = [T.min, .min + 1, 0, 1, .max - 1, .max] + (0..<20).map { _ in T(truncatingIfNeeded: draws.word()) }
    for x in values {
      let a = BigInteger(x)
      check(T(a) == x && T(exactly: a) == x && T(truncatingIfNeeded: a) == x && T(clamping: a) == x, "\(type) \(x)")
      check(a.description == x.description, "\(type) \(x)")
      check(
        BigInteger(exactly: x) == a && BigInteger(clamping: x) == a && BigInteger(truncatingIfNeeded: x) == a, "\(x)")
    }
  }

  @Test func everyFixedWidthIntegerComesBack() {
    roundTrip(Int.self)
    roundTrip(UInt.self)
    roundTrip(Int64.self)
    roundTrip(UInt64.self)
    roundTrip(Int8.self)
    roundTrip(UInt8.self)
    roundTrip(Int16.self)
    roundTrip(UInt32.self)
    roundTrip(Int128.self)
    roundTrip(UInt128.self)
  }

  private func narrow<T: FixedWidthInteger>(_ type: T.Type) {
    for a in Samples.integers {
      let fits = BigInteger(T.min) <= a && a <= BigInteger(T.max)
      check((T(exactly: a) != nil) == fits, "\(type)(exactly: \(a))")
      check(BigInteger(T(clamping: a)) == min(max(a, BigInteger(T.min)), BigInteger(T.max)), "\(type)(clamping: \(a))")
      let difference = BigInteger(T(truncatingIfNeeded: a)) - a
      check(difference.isMultiple(of: BigInteger(1) << T.bitWidth), "\(type)(truncatingIfNeeded: \(a))")
    }
  }

  @Test func narrowingIsExactClampedOrModular() {
    narrow(Int.self)
    narrow(UInt.self)
    narrow(Int8.self)
    narrow(UInt8.self)
    narrow(Int32.self)
    narrow(UInt64.self)
    narrow(Int128.self)
    narrow(UInt128.self)
  }

  @Test func comparisonWithOtherTypesIsExact() {
    for a in Samples.integers {
      check((a == Int.max) == (a == BigInteger(Int.max)), "\(a)")
      check((a < UInt.max) == (a < BigInteger(UInt.max)), "\(a)")
      check((Int.min < a) == (BigInteger(Int.min) < a), "\(a)")
    }
  }
}

@Suite struct IntegerTexts {
  @Test func readingUndoesPrintingInEveryRadix() {
    for a in Samples.integers {
      for radix in 2...36 {
        let text = a.description(radix: radix)
        check(BigInteger(text, radix: radix) == a, "\(text) in radix \(radix)")
        check(BigInteger(text.uppercased(), radix: radix) == a, "\(text) in radix \(radix), upper case")
      }
      check(BigInteger("\(a)") == a, "\(a)")
    }
  }

  @Test func textsAgreeWithTheStandardLibrary() {
    for x in Samples.narrow + [.min, .max] {
      for radix in [2, 3, 8, 10, 16, 36] {
        let text = String(x, radix: radix)
        check(BigInteger(x).description(radix: radix) == text, "\(x) in radix \(radix)")
        check(String(BigInteger(x), radix: radix) == text, "generic text of \(x) in radix \(radix)")
      }
    }
  }

  @Test func signsAndLeadingZerosAreRead() {
    #expect(BigInteger("+5") == 5)
    #expect(BigInteger("-0") == 0)
    #expect(BigInteger("-000120") == -120)
    #expect(BigInteger("xyz"[...], radix: 36) == 44027)
  }

  @Test(arguments: ["", "-", "+", "--1", "+-1", " 1", "1 ", "1_000", "1.0", "0x10", "12a", "1e5", "١", "５"])
  func otherTextIsRejected(_ text: String) { #expect(BigInteger(text) == nil && BigInteger(text + "\0") == nil) }

  @Test func digitsOutsideTheRadixAreRejected() {
    #expect(BigInteger("2", radix: 2) == nil)
    #expect(BigInteger("g", radix: 16) == nil)
    #expect(BigInteger("z", radix: 36) == 35)
  }
}

@Suite struct EqualIntegersAreOne {
  @Test func hashesOfEqualIntegersAreEqual() {
    for a in Samples.integers {
      let routes = [
        a, (a << 300) >> 300, (a + (BigInteger(1) << 500)) - (BigInteger(1) << 500), BigInteger("\(a)")!, -(-a),
      ]
      check(Set(routes).count == 1 && Set(routes.map(\.hashValue)).count == 1, "\(a)")
    }
    #expect(Set(Samples.integers + Samples.integers).count == Set(Samples.integers.map(\.description)).count)
  }
}

@Suite struct IntegersServeGenericCode {
  private func collatzSteps<T: BinaryInteger>(_ start: T) -> Int {
    var (n, steps) = (start, 0)
    while n != 1 {
      n = n % 2 == 0 ? n / 2 : 3 * n + 1
      steps += 1
    }
    return steps
  }

  private func digitSum<T: BinaryInteger>(_ n: T) -> T {
    n < 10 ? n : n % 10 + digitSum(n.quotientAndRemainder(dividingBy: 10).quotient)
  }

  @Test func algorithmsOverBinaryIntegerGiveTheSame() {
    for n in 1..<60 { check(collatzSteps(BigInteger(n)) == collatzSteps(n), "\(n)") }
    #expect(digitSum(BigInteger(2).power(1000)) == 1366)  // Project Euler, problem 16
    #expect((1...30).map { BigInteger($0) }.reduce(1, *) == BigInteger("265252859812191058636308480000000"))
    #expect([BigInteger(3), -5, 9].max() == 9 && [BigInteger(1), 2, 3].reduce(0, +) == 6)
  }

  @Test func stridesAndRangesWork() {
    let start = BigInteger(1) << 64
    #expect(stride(from: start, to: start + 10, by: 3).map { $0 - start } == [0, 3, 6, 9])
    #expect((start..<start + 5).contains(start + 4))
    #expect(start.advanced(by: -1) == start - 1)
    #expect(start.distance(to: start + 7) == 7)
  }
}

@Suite struct IntegersAndFloatingPoint {
  @Test func doublesConvertToTheirIntegerPart() {
    let values: [Double] = [
      0, -0.0, 0.5, -0.999, 1, -1.5, 4_503_599_627_370_497, 9.3e18, -1e300, .greatestFiniteMagnitude,
    ]
    for x in values {
      let a = BigInteger(x)
      check(a.nearestDouble == x.rounded(.towardZero), "\(x)")
      check(Rational(a) == Rational(double: x.rounded(.towardZero)), "\(x)")
      check((BigInteger(exactly: x) != nil) == (x == x.rounded(.towardZero)), "exactly \(x)")
    }
    #expect(BigInteger(exactly: Double.infinity) == nil && BigInteger(exactly: Double.nan) == nil)
    #expect(BigInteger(Float(16_777_216)) == 16_777_216)
  }

  @Test func nearestDoubleIsThatOfTheStandardLibrary() {
    var draws = Draws(seed: 21)
    let wide = (0..<200).map { _ in
      Int128(truncatingIfNeeded: draws.word()) << Int128(draws.below(60)) + Int128(draws.below(3))
    }
    for x in Samples.narrow + wide + [.min, .max] { check(BigInteger(x).nearestDouble == Double(x), "\(x)") }
  }

  @Test func halvesOfAnUlpGoToEvenAndTheRangeEnds() {
    let unit = BigInteger(1) << 100
    let odd = (BigInteger(1) << 52 | 1) * 2
    #expect((odd * unit + unit).nearestDouble == Double(sign: .plus, exponent: 101, significand: 0x1.0000000000002p52))
    #expect(
      (odd * unit + unit - 1).nearestDouble == Double(sign: .plus, exponent: 101, significand: 0x1.0000000000001p52))
    #expect((odd * unit - unit).nearestDouble == Double(sign: .plus, exponent: 101, significand: 0x1.0p52))
    #expect(
      (odd * unit - unit + 1).nearestDouble == Double(sign: .plus, exponent: 101, significand: 0x1.0000000000001p52))
    let edge = (BigInteger(1) << 1024) - (BigInteger(1) << 970)
    #expect(edge.nearestDouble == .infinity && (-edge).nearestDouble == -.infinity)
    #expect((edge - 1).nearestDouble == .greatestFiniteMagnitude)
    #expect((BigInteger(1) << 5000).nearestDouble == .infinity)
  }
}
