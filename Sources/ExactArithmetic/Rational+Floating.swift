extension Rational {
  /// The nearest `Double`, ties to even, subnormal numbers included; infinite beyond the range.
  public var nearestDouble: Double {
    if sign == 0 { return 0 }
    let (p, q) = (numerator.magnitude, denominator)
    // 2^(e-1) < p/q < 2^(e+1); keep 55 bits or more, down to the last subnormal bit, then round once.
    let exponent = p.bitWidthOfMagnitude - q.bitWidthOfMagnitude
    if exponent > 1025 { return sign < 0 ? -.infinity : .infinity }
    let lowest = max(exponent - 53, -1074)
    let shift = -lowest + 2
    let scaled = shift >= 0 ? p << shift : p
    let divisor = shift >= 0 ? q : q << -shift
    let (quotient, remainder) = scaled.quotientAndRemainder(dividingBy: divisor)
    // `quotient` counts quarters of 2^lowest; round it to a multiple of 4 (of 8 when it has a bit too many).
    let value = Self.rounded(quotient, sticky: remainder != 0, unit: lowest)
    return sign < 0 ? -value : value
  }

  /// Rounds `quarters / 4 · 2^unit` to 53 bits, not below the unit of subnormal numbers.
  private static func rounded(_ quarters: BigInteger, sticky: Bool, unit: Int) -> Double {
    let excess = max(2, quarters.bitWidthOfMagnitude - 53)
    let top = quarters >> excess
    let rest = quarters - (top << excess)
    let half = BigInteger(1) << (excess - 1)
    let up = rest > half || (rest == half && (sticky || top & 1 == 1))
    let significand = Int(top) + (up ? 1 : 0)
    return Double(sign: .plus, exponent: unit - 2 + excess, significand: Double(significand))
  }

  /// Certified bounds of log2 x for `x > 0`: `lower ≤ log2 x ≤ upper`, both within 2^-62 of the truth plus an ulp.
  ///
  /// Exact (equal bounds) for powers of two. x is scaled to m in [1, 2); the binary digits of log2 m come from repeated
  /// squaring of an interval of fixed-point numbers of 144 bits behind the point, lower end rounded down and upper end up (Knuth, TAOCP 1,
  /// 1.2.2, exercise 25), so the true logarithm stays between the two digit strings.
  public func log2Bounds() -> (lower: Double, upper: Double) {
    let bounds = log2Interval(digits: 64)
    return (bounds.lower.roundedDouble(up: false), bounds.upper.roundedDouble(up: true))
  }

  /// The `Double` nearest to log2 x for `x > 0`.
  ///
  /// Digits are added until both certified bounds round to the same number; log2 of a rational is either an integer or
  /// irrational, so that happens.
  public var log2: Double {
    var digits = 64
    while true {
      let bounds = log2Interval(digits: digits)
      let (low, high) = (bounds.lower.nearestDouble, bounds.upper.nearestDouble)
      if low == high { return low }
      digits *= 2
    }
  }

  /// Rational bounds of log2 x with about `digits` binary digits; exact for powers of two.
  public func log2Interval(digits: Int) -> RationalInterval {
    precondition(sign > 0, "log2 of \(self), which is not positive")
    let (p, q) = (numerator, denominator)
    var exponent = p.bitWidthOfMagnitude - q.bitWidthOfMagnitude
    // m = x / 2^exponent in [1/2, 2); make it [1, 2).
    if exponent >= 0 ? p < (q << exponent) : (p << -exponent) < q { exponent -= 1 }
    let precision = digits * 2 + 16
    let scale = precision - exponent
    let top = scale >= 0 ? p << scale : p
    let bottom = scale >= 0 ? q : q << -scale
    let (quotient, remainder) = top.quotientAndRemainder(dividingBy: bottom)
    let one = BigInteger(1) << precision
    if quotient == one, remainder == 0 { return RationalInterval(Rational(exponent)) }
    let lower = Self.digits(of: quotient, count: digits, precision: precision, up: false)
    let upper = Self.digits(
      of: quotient + (remainder == 0 ? 0 : 1), count: digits, precision: precision, up: true)
    let unit = BigInteger(1) << digits
    return RationalInterval(
      lower: Rational(exponent) + Rational(lower, unit), upper: Rational(exponent) + Rational(upper + 1, unit))
  }

  /// The first binary digits of log2 (m / 2^precision), m in [1, 2] in fixed point, with squares rounded one way.
  private static func digits(of start: BigInteger, count: Int, precision: Int, up: Bool) -> BigInteger {
    let two = BigInteger(1) << (precision + 1)
    var m = start
    var digits = BigInteger(0)
    for _ in 0..<count {
      let square = m * m
      m = square >> precision
      if up, (m << precision) != square { m += 1 }
      digits <<= 1
      if m >= two {
        digits += 1
        let half = m >> 1
        m = up && (half << 1) != m ? half + 1 : half
      }
    }
    return digits
  }

  /// The nearest `Double` that is not above (or, `up`, not below) the number.
  func roundedDouble(up: Bool) -> Double {
    let near = nearestDouble
    guard near.isFinite else {
      return near > 0 ? (up ? near : .greatestFiniteMagnitude) : (up ? -.greatestFiniteMagnitude : near)
    }
    let exact = Rational(double: near)
    if up { return exact < self ? near.nextUp : near }
    return exact > self ? near.nextDown : near
  }

  /// A finite floating-point number, exactly.
  public init(double value: Double) {
    precondition(value.isFinite, "\(value) is not a finite number")
    if value == 0 {
      self.init(0)
      return
    }
    let exponent = Int(value.exponent) - 52
    let significand = BigInteger(Int(value.significand * 4_503_599_627_370_496))
    let size =
      exponent >= 0 ? Rational(significand << exponent, 1) : Rational(significand, BigInteger(1) << -exponent)
    self = value < 0 ? -size : size
  }
}
