internal import ExactArithmetic

/// A positive number numerator / (denominator · 2^exponent), exact: what a node of a context tree keeps.
///
/// Powers of two stand apart, so that arithmetic of dyadic numbers (alphabets of two symbols) takes products, sums and
/// shifts only. Other numbers carry an odd denominator and pay greatest common divisors.
///
/// - Invariant: numerator > 0; the denominator is odd, greater than 1 and prime to the numerator, or nil for 1.
struct ScaledFraction: Sendable {
  private(set) var numerator: BigInteger
  private(set) var denominator: BigInteger?
  private(set) var exponent: Int

  static let one = ScaledFraction(numerator: 1, denominator: nil, exponent: 0)

  private init(numerator: BigInteger, denominator: BigInteger?, exponent: Int) {
    self.numerator = numerator
    self.denominator = denominator == 1 ? nil : denominator
    self.exponent = exponent
  }

  /// The number in lowest terms.
  var rational: Rational { self / .one }

  /// Bits that the numerator and the odd denominator take.
  var bits: Int { numerator.bitWidthOfMagnitude + (denominator?.bitWidthOfMagnitude ?? 0) }
}

extension ScaledFraction {
  /// The number times p/q, for positive p and q.
  ///
  /// - Complexity: linear in the bits.
  func scaled(by p: Int, over q: Int) -> ScaledFraction {
    let twos = q.trailingZeroBitCount
    let (top, cancelled) = Self.cancel(BigInteger(p), denominator)
    let product = numerator * top
    let (rest, odd) = Self.cancel(product, BigInteger(q >> twos))
    return ScaledFraction(
      numerator: rest, denominator: Self.product(cancelled, odd), exponent: exponent + twos)
  }

  static func * (a: ScaledFraction, b: ScaledFraction) -> ScaledFraction {
    let exponent = a.exponent + b.exponent
    if a.denominator == nil, b.denominator == nil {
      return ScaledFraction(numerator: a.numerator * b.numerator, denominator: nil, exponent: exponent)
    }
    let (p, s) = cancel(a.numerator, b.denominator)
    let (r, q) = cancel(b.numerator, a.denominator)
    return ScaledFraction(numerator: p * r, denominator: product(q, s), exponent: exponent)
  }

  /// (a + b) / 2.
  static func mean(_ a: ScaledFraction, _ b: ScaledFraction) -> ScaledFraction {
    let exponent = max(a.exponent, b.exponent)
    var (p, r) = (a.numerator << (exponent - a.exponent), b.numerator << (exponent - b.exponent))
    guard a.denominator != nil || b.denominator != nil else {
      p += r
      return ScaledFraction(numerator: p, denominator: nil, exponent: exponent + 1).withoutTwos()
    }
    // a/(g q) + b/(g s) = (a s + b q)/(g q s); only factors of g can cancel once more.
    let (q, s) = (a.denominator ?? 1, b.denominator ?? 1)
    let shared = BigInteger.greatestCommonDivisor(q, s)
    let (left, right) = (q / shared, s / shared)
    p *= right
    p.addProduct(r, left)
    r = BigInteger.greatestCommonDivisor(p, shared)
    let denominator = left * right * (shared / r)
    return ScaledFraction(numerator: p / r, denominator: denominator, exponent: exponent + 1).withoutTwos()
  }

  static func / (a: ScaledFraction, b: ScaledFraction) -> Rational {
    let shift = a.exponent - b.exponent
    let top = a.numerator * (b.denominator ?? 1)
    let bottom = b.numerator * (a.denominator ?? 1)
    return shift >= 0 ? Rational(top, bottom << shift) : Rational(top << -shift, bottom)
  }

  /// The same number with an odd numerator.
  private func withoutTwos() -> ScaledFraction {
    let twos = numerator.trailingZeroBitCount
    if twos == 0 { return self }
    return ScaledFraction(numerator: numerator >> twos, denominator: denominator, exponent: exponent - twos)
  }

  /// The two numbers without what they share; nil stands for 1.
  private static func cancel(_ number: BigInteger, _ divisor: BigInteger?) -> (BigInteger, BigInteger?) {
    guard let divisor else { return (number, nil) }
    let shared = BigInteger.greatestCommonDivisor(number, divisor)
    return shared == 1 ? (number, divisor) : (number / shared, divisor / shared)
  }

  private static func product(_ a: BigInteger?, _ b: BigInteger?) -> BigInteger? {
    if let a, let b { a * b } else { a ?? b }
  }
}
