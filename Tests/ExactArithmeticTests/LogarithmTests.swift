import ExactArithmetic
import Testing

/// Bounds of log2 from the series of the inverse hyperbolic tangent: a second route, certain to 2^-100.
private enum Series {
  /// ln x for `1 ≤ x ≤ 2`, as 2 artanh z with `z = (x - 1)/(x + 1) ≤ 1/3`.
  static func logarithm(_ x: Rational) -> RationalInterval {
    let z = RationalInterval((x - 1) / (x + 1)).rounded(toBits: 200)
    let square = (z * z).rounded(toBits: 200)
    var (power, sum) = (z, RationalInterval(0))
    for index in 0..<40 {
      sum = (sum + power / RationalInterval(Rational(2 * index + 1))).rounded(toBits: 200)
      power = (power * square).rounded(toBits: 200)
    }
    // What is left is below z^81 (1 + 1/9 + …) / 81 < 2^-128.
    let rest = RationalInterval(lower: 0, upper: Rational(2).power(-128))
    return (sum + rest) * RationalInterval(2)
  }

  static func log2(_ x: Rational) -> RationalInterval {
    var (m, exponent) = (x, 0)
    while m >= 2 { (m, exponent) = (m / 2, exponent + 1) }
    while m < 1 { (m, exponent) = (m * 2, exponent - 1) }
    return RationalInterval(Rational(exponent)) + logarithm(m) / logarithm(2)
  }
}

@Suite struct LogarithmsAreCertified {
  private static let numbers: [Rational] = {
    var draws = Draws(seed: 40)
    let fixed: [Rational] = [
      3, 5, 10, 100, Rational(1, 3), Rational(3, 10), Rational(10, 7), Rational(2, 3), Rational(99, 100),
      Rational(113, 12769),
      Rational((1 << 30) + 1, 1 << 30), Rational((1 << 30) - 1, 1 << 30), Rational(7).power(50), Rational(7).power(-50),
      Rational((1 << 40) + 1, 1 << 40), Rational((BigInteger(1) << 70) - 1),
    ]
    return fixed + (0..<12).map { _ in draws.rational(words: 2).magnitude + Rational(1, 1000) }
  }()

  @Test func digitsAreCertifiedByExactPowers() {
    // p/2^k ≤ log2 x exactly when 2^p ≤ x^(2^k).
    let k = 10
    for x in Self.numbers where x.numerator.bitWidthOfMagnitude < 60 {
      let bounds = x.log2Interval(digits: k)
      let scale = Rational(BigInteger(1) << k)
      let (low, high) = (bounds.lower * scale, bounds.upper * scale)
      check(low.isInteger && high.isInteger && high - low <= 2, "\(x): \(bounds)")
      let power = x.power(1 << k)
      check(Rational(2).power(Int(low.floor())) <= power, "lower bound of log2 \(x)")
      check(power <= Rational(2).power(Int(high.floor())), "upper bound of log2 \(x)")
    }
  }

  @Test func boundsContainTheSeries() {
    for x in Self.numbers {
      let truth = Series.log2(x)
      check(truth.width < Rational(2).power(-100), "width of the series for \(x)")
      let (lower, upper) = x.log2Bounds()
      check(
        Rational(double: lower) <= truth.lower && truth.upper <= Rational(double: upper), "\(x): \(lower), \(upper)")
      check(upper - lower <= 0x1p-40, "\(x): \(lower), \(upper)")
      check(x.log2Interval(digits: 64).contains(truth), "interval of \(x)")
      check(x.log2Interval(digits: 64).width <= Rational(2).power(-62), "interval of \(x)")
    }
  }

  @Test func nearestLogarithmIsThatOfTheSeries() {
    for x in Self.numbers {
      let truth = Series.log2(x)
      check(truth.lower.nearestDouble == truth.upper.nearestDouble, "series of \(x)")
      check(x.log2 == truth.lower.nearestDouble, "log2 \(x)")
    }
  }

  @Test func powersOfTwoAreExact() {
    for exponent in [0, 1, -1, 2, 10, -10, 63, 64, -64, 1000, -1074, 5000] {
      let x = Rational(2).power(exponent)
      let bounds = x.log2Bounds()
      check(bounds.lower == Double(exponent) && bounds.upper == Double(exponent), "2^\(exponent)")
      check(x.log2 == Double(exponent) && x.log2Interval(digits: 8).isExact, "2^\(exponent)")
    }
  }

  @Test func neighboursOfPowersOfTwoAreNotExact() {
    for exponent in [-3, 0, 7] {
      for offset in [Rational(2).power(-200), -Rational(2).power(-200)] {
        let bounds = (Rational(2).power(exponent) + offset).log2Bounds()
        let (low, high) = (min(offset.sign, 0), max(offset.sign, 0))
        check(bounds.lower <= Double(exponent) && bounds.upper >= Double(exponent), "\(exponent), \(low), \(high)")
        check(bounds.lower < bounds.upper && bounds.upper - bounds.lower <= 0x1p-40, "\(exponent), \(low), \(high)")
      }
    }
    let tiny = (1 + Rational(2).power(-200)).log2
    #expect((tiny / 0x1p-200 - 1.442695040888963).magnitude < 1e-14)
  }

  @Test func logarithmOfAProductIsTheSum() {
    for x in Self.numbers {
      for y in Self.numbers.prefix(6) {
        let sum = x.log2Interval(digits: 32) + y.log2Interval(digits: 32)
        check(sum.intersection((x * y).log2Interval(digits: 32)) != nil, "\(x), \(y)")
        check((x < y) == (x.log2 < y.log2) || x == y, "order of \(x), \(y)")
      }
    }
  }
}
