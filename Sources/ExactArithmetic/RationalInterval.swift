/// A closed interval of rationals that is certain to contain a number: `lower ≤ x ≤ upper`.
///
/// Operations enclose all results for numbers of the operands; ends are exact unless `rounded(toBits:)` widens them.
public struct RationalInterval: Hashable, Sendable {
  /// The least number in it.
  public let lower: Rational
  /// The greatest number in it.
  public let upper: Rational

  /// The interval between two numbers, `lower ≤ upper`.
  public init(lower: Rational, upper: Rational) {
    precondition(lower <= upper, "[\(lower), \(upper)] is not an interval")
    self.lower = lower
    self.upper = upper
  }

  /// One number.
  public init(_ exact: Rational) {
    lower = exact
    upper = exact
  }

  /// Whether the interval is one number.
  public var isExact: Bool { lower == upper }
  /// Upper end less lower end, exact.
  public var width: Rational { upper - lower }
  /// Half the sum of the ends, exact.
  public var midpoint: Rational { (lower + upper) / 2 }

  /// Whether a number lies in it, ends included.
  public func contains(_ number: Rational) -> Bool { lower <= number && number <= upper }
  /// Whether all of another interval lies in it.
  public func contains(_ other: RationalInterval) -> Bool { lower <= other.lower && other.upper <= upper }

  /// What two intervals share; nil when they are apart.
  public func intersection(_ other: RationalInterval) -> RationalInterval? {
    let (low, high) = (max(lower, other.lower), min(upper, other.upper))
    return low <= high ? RationalInterval(lower: low, upper: high) : nil
  }

  /// The least interval that contains both.
  public func hull(_ other: RationalInterval) -> RationalInterval {
    RationalInterval(lower: min(lower, other.lower), upper: max(upper, other.upper))
  }

  /// The interval widened to ends that are multiples of 2^-bits, to keep numbers small.
  public func rounded(toBits bits: Int) -> RationalInterval {
    let unit = BigInteger(1) << bits
    return RationalInterval(
      lower: Rational((lower * Rational(unit)).floor(), unit),
      upper: Rational(-((-upper * Rational(unit)).floor()), unit))
  }
}

extension RationalInterval {
  /// All sums of a number of each.
  public static func + (a: RationalInterval, b: RationalInterval) -> RationalInterval {
    RationalInterval(lower: a.lower + b.lower, upper: a.upper + b.upper)
  }
  /// All differences of a number of each.
  public static func - (a: RationalInterval, b: RationalInterval) -> RationalInterval {
    RationalInterval(lower: a.lower - b.upper, upper: a.upper - b.lower)
  }
  /// All products of a number of each.
  public static func * (a: RationalInterval, b: RationalInterval) -> RationalInterval {
    let products = [a.lower * b.lower, a.lower * b.upper, a.upper * b.lower, a.upper * b.upper]
    return RationalInterval(lower: products.min()!, upper: products.max()!)
  }
  /// The quotients. The divisor must not contain 0.
  public static func / (a: RationalInterval, b: RationalInterval) -> RationalInterval {
    precondition(!b.contains(0), "division by \(b), which contains 0")
    return a * RationalInterval(lower: b.upper.reciprocal, upper: b.lower.reciprocal)
  }
}

extension RationalInterval: CustomStringConvertible {
  /// `[p/q, r/s]`, or the number alone when it is exact.
  public var description: String { isExact ? "\(lower)" : "[\(lower), \(upper)]" }
}
