public import ExactArithmetic
import Grammars

/// A positive rational n / (odd · 2^shift) in three words: exact, or where it does not fit, certified bounds.
///
/// Priors of prefixes are products of the same few probabilities; this form makes a product of powers of two an addition and
/// any other product two multiplications. A fraction that does not fit is `isWide`: it is known to lie between two numbers that
/// agree in some 60 bits, which settles nearly all that is asked; for the rest its user computes it with `Rational`.
struct PriorFraction {
  /// Numerator; odd when the fraction was made from a `Rational`. 0 when the fraction is wide.
  var numerator: UInt64 = 1
  /// The odd part of the denominator; of a wide fraction m ≥ 2^63: the fraction times 2^shift lies in [m, m (1 + slack / 2^63)].
  var odd: UInt64 = 1
  /// The power of two of the denominator, negative when it stands in the numerator.
  var shift: Int32 = 0
  /// Of a wide fraction; `UInt32.max` when nothing is known above m.
  private var slack: UInt32 = 0

  static let one = PriorFraction()

  @inline(__always) var isWide: Bool { numerator == 0 }
  /// Whether it is a power of two.
  @inline(__always) private var isPower: Bool { (numerator ^ 1) | (odd ^ 1) == 0 }

  /// A fraction equal to `value > 0`, or a wide one.
  init(_ value: Rational) {
    let (top, bottom) = (value.numerator, value.denominator)
    let (up, down) = (top.trailingZeroBitCount, bottom.trailingZeroBitCount)
    if let numerator = UInt64(exactly: top >> up), let odd = UInt64(exactly: bottom >> down),
      let shift = Int32(exactly: down - up)
    {
      (self.numerator, self.odd, self.shift) = (numerator, odd, shift)
      return
    }
    // So scaled, the quotient has 64 bits or 65.
    let scale = 64 - (top.bitWidthOfMagnitude - bottom.bitWidthOfMagnitude)
    let quotient = (scale >= 0 ? (top << scale) / bottom : top / (bottom << -scale))
    let spare = quotient.bitWidthOfMagnitude - 64
    (numerator, odd, shift, slack) = (0, UInt64(exactly: quotient >> spare)!, Int32(clamping: scale - spare), 2)
  }

  private init() {}

  init(numerator: UInt64, odd: UInt64, shift: Int32) {
    (self.numerator, self.odd, self.shift) = (numerator, odd, shift)
  }

  @inline(__always)
  mutating func multiply(by other: PriorFraction) {
    shift &+= other.shift
    if !other.isPower { multiplySlowly(by: other) }
  }

  @inline(never)
  private mutating func multiplySlowly(by other: PriorFraction) {
    if other.isWide || isWide { return multiplyBounds(by: other) }
    if odd == 1, other.odd == 1 {
      let (n, isLost) = numerator.multipliedReportingOverflow(by: other.numerator)
      if isLost { return multiplyBounds(by: other) }
      numerator = n
      return
    }
    // Only the crosswise common factors can be there.
    let first = Self.greatestDivisor(numerator, other.odd)
    let second = Self.greatestDivisor(other.numerator, odd)
    let (n, up) = (numerator / first).multipliedReportingOverflow(by: other.numerator / second)
    let (d, down) = (odd / second).multipliedReportingOverflow(by: other.odd / first)
    if up || down { return multiplyBounds(by: other) }
    (numerator, odd) = (n, d)
  }

  /// The product as bounds; its power of two is set already.
  private mutating func multiplyBounds(by other: PriorFraction) {
    let (a, b) = (mantissa, other.mantissa)
    let product = a.bits.multipliedFullWidth(by: b.bits)
    let isHigh = product.high >> 63 == 1
    odd = isHigh ? product.high : product.high << 1 | product.low >> 63
    numerator = 0
    shift = shift &+ a.shift &+ b.shift &- (isHigh ? 64 : 63)
    // Cutting off is one part in 2^63, and the product of two slacks of up to 2^31 half of one. What is more says nothing.
    let sum = UInt64(a.slack) + UInt64(b.slack) + 2
    slack = sum > 1 << 31 ? .max : UInt32(sum)
  }

  /// The fraction times 2^`self.shift` as bits ≥ 2^63, a power of two and a slack.
  private var mantissa: (bits: UInt64, shift: Int32, slack: UInt32) {
    if isWide { return (odd, 0, slack) }
    let up = UInt128(numerator).leadingZeroBitCount
    let quotient = UInt128(numerator) << UInt128(up) / UInt128(odd)
    let spare = 64 - quotient.leadingZeroBitCount
    return (UInt64(truncatingIfNeeded: quotient >> UInt128(spare)), Int32(up - spare), 2)
  }

  private static func greatestDivisor(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var (x, y) = (a, b)
    while y != 0 { (x, y) = (y, x % y) }
    return x
  }

  /// ⌊fraction · 2^exponent⌋, at most `UInt64.max`; the fraction must not be wide.
  @inline(__always)
  func floor(times exponent: Int32) -> UInt64 {
    let e = exponent &- shift
    if isPower { return e < 0 ? 0 : e > 63 ? .max : 1 &<< UInt64(truncatingIfNeeded: e) }
    return floorSlowly(e)
  }

  @inline(never)
  private func floorSlowly(_ e: Int32) -> UInt64 {
    if e <= 0 {
      let shifted = e <= -64 ? 0 : numerator >> UInt64(-e)
      return odd == 1 ? shifted : shifted / odd
    }
    if numerator.leadingZeroBitCount + 64 < Int(e) { return .max }
    let wide = UInt128(numerator) << UInt128(e)
    let quotient = odd == 1 ? wide : wide / UInt128(odd)
    return quotient > UInt128(UInt64.max) ? .max : UInt64(truncatingIfNeeded: quotient)
  }

  /// ⌊fraction · 2^exponent⌋, at most `UInt64.max`, of a wide fraction; nil where the bounds do not settle it.
  func floorOfBounds(times exponent: Int32) -> UInt64? {
    let down = Int(shift) - Int(exponent)
    if down < 0 { return .max }
    if slack == .max { return nil }
    let (low, high) = (UInt128(odd), UInt128(odd) + 2 * UInt128(slack))
    if down >= 66 { return 0 }
    let (least, most) = (low >> UInt128(down), high >> UInt128(down))
    return least == most ? UInt64(exactly: least) ?? .max : nil
  }

  /// The value; the fraction must not be wide.
  var rational: Rational {
    let power = BigInteger(1) << abs(shift)
    return shift >= 0
      ? Rational(BigInteger(numerator), BigInteger(odd) * power)
      : Rational(BigInteger(numerator) * power, BigInteger(odd))
  }
}

/// An exact sum of many prior masses.
///
/// - Complexity: an addition of a dyadic fraction is one 128-bit addition.
public struct MassSum: Sendable {
  private struct Scale: Hashable {
    let odd: UInt64
    let shift: Int32
  }
  /// A mass that does not fit a `PriorFraction`.
  struct Wide: Hashable {
    /// Exponents of the factors of priors.
    let exponents: [Int64]
    /// A number of the scale's tails, a power of two and a divisor.
    var tail = 0
    var shift = 0
    var divisor: UInt64 = 1
  }

  /// What the exponents and tails of wide masses mean.
  final class WideScale: Sendable {
    let priors: PriorExponents
    /// Factors that are no products of those of the priors; number 0 is 1.
    let tails: [Rational]

    init(_ priors: PriorExponents, tails: [Rational]) { (self.priors, self.tails) = (priors, tails) }

    func value(_ mass: Wide) -> Rational {
      priors.probability(mass.exponents) * tails[mass.tail] * Rational(2).power(mass.shift)
        / Rational(BigInteger(mass.divisor))
    }
  }
  static let shifts = 128
  /// Sums of numerators by shift, for odd parts of 1; empty before the first.
  private var dyadic: [UInt128] = []
  private var others: [Scale: UInt128] = [:]
  private var wide: [Wide: UInt128] = [:]
  private var wideScale: WideScale?
  private var rest: Rational = 0

  /// A sum of nothing: 0.
  public init() {}

  /// A sum that begins with `value`.
  public init(_ value: Rational) { rest = value }

  @inline(__always)
  mutating func add(_ mass: PriorFraction) {
    let shift = mass.shift
    if mass.odd == 1, shift >= 0, shift < Self.shifts {
      if dyadic.isEmpty { dyadic = [UInt128](repeating: 0, count: Self.shifts) }
      dyadic[Int(shift)] &+= UInt128(mass.numerator)
    } else {
      others[Scale(odd: mass.odd, shift: shift), default: 0] += UInt128(mass.numerator)
    }
  }

  /// Adds n · 2^-i for the i-th word n of `shifts` words.
  mutating func add(dyadic words: UnsafeMutablePointer<UInt128>) {
    if dyadic.isEmpty { dyadic = [UInt128](repeating: 0, count: Self.shifts) }
    for index in 0..<Self.shifts { dyadic[index] += words[index] }
  }

  /// Adds a fraction, or what one that is wide stands for.
  @inline(__always)
  mutating func add(_ mass: PriorFraction, else exact: @autoclosure () -> Wide, of scale: WideScale) {
    if !mass.isWide { return add(mass) }
    wide[exact(), default: 0] += 1
    wideScale = scale
  }

  mutating func add(_ other: MassSum) {
    if dyadic.isEmpty {
      dyadic = other.dyadic
    } else {
      for (index, sum) in other.dyadic.enumerated() { dyadic[index] += sum }
    }
    for (scale, sum) in other.others { others[scale, default: 0] += sum }
    for (key, sum) in other.wide { wide[key, default: 0] += sum }
    wideScale = wideScale ?? other.wideScale
    rest += other.rest
  }

  /// Whether the sum is exactly 0. Masses are not negative, so no two parts cancel.
  public var isZero: Bool { rest == 0 && others.isEmpty && wide.isEmpty && dyadic.allSatisfy { $0 == 0 } }

  /// The sum.
  public var total: Rational {
    var total = rest
    var numerator = BigInteger(0)
    for (shift, sum) in dyadic.enumerated() where sum != 0 {
      numerator += BigInteger(sum) << (Self.shifts - shift)
    }
    total += Rational(numerator, BigInteger(1) << Self.shifts)
    for (scale, sum) in others {
      let part = Rational(BigInteger(sum), BigInteger(scale.odd))
      let power = Rational(BigInteger(1) << abs(scale.shift))
      total += scale.shift >= 0 ? part / power : part * power
    }
    for (key, sum) in wide { total += wideScale!.value(key) * Rational(BigInteger(sum)) }
    return total
  }
}
