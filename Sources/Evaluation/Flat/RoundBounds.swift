/// What is known of an integer in the rounds t = 0, 1, … of a loop, up to a last one: it lies between two polynomials in t
/// with integer coefficients.
///
/// Sound, not complete: an operator whose bounds are not known gives nil. Truth values are 0 and 1.
struct RoundBounds {
  /// Coefficients of 1, t, t², t³, each below `limit` in absolute value.
  typealias Polynomial = SIMD4<Int64>
  /// So that no sum or product of two polynomials leaves 64 bits.
  private static let limit: Int64 = 1 << 30

  /// The polynomials, the greater one last; equal where the integer is known.
  let least: Polynomial
  let most: Polynomial

  private init(_ least: Polynomial, _ most: Polynomial) { (self.least, self.most) = (least, most) }

  /// A number that all rounds share, and t times `slope` more.
  init?(_ word: Int64, slope: Int64 = 0) {
    guard word.magnitude < UInt64(Self.limit) else { return nil }
    self.init([word, slope, 0, 0], [word, slope, 0, 0])
  }

  private static func truth(_ isTrue: Bool) -> RoundBounds {
    let polynomial: Polynomial = [isTrue ? 1 : 0, 0, 0, 0]
    return RoundBounds(polynomial, polynomial)
  }

  private static let undecided = RoundBounds(.zero, [1, 0, 0, 0])

  /// The truth value, where it is the same in all rounds.
  var truth: Bool? {
    guard least == most, least == .zero || least == [1, 0, 0, 0] else { return nil }
    return least[0] == 1
  }

  /// Whether no round up to `last` comes near the end of 64 bits; false where that is not known.
  func fits(upTo last: UInt64) -> Bool {
    for polynomial in [least, most] {
      var sum: UInt64 = 0
      for power in (0..<4).reversed() {
        let (product, isProductLost) = sum.multipliedReportingOverflow(by: last)
        let (next, isNextLost) = product.addingReportingOverflow(polynomial[power].magnitude)
        if isProductLost || isNextLost { return false }
        sum = next
      }
      if sum > UInt64(Int64.max) { return false }
    }
    return true
  }

  /// The value of an operator that takes two integers or truth values.
  static func apply(_ code: FlatMachine.Code, _ x: RoundBounds, _ y: RoundBounds) -> RoundBounds? {
    switch code {
    case .add: checked(x.least &+ y.least, x.most &+ y.most)
    case .subtract: checked(x.least &- y.most, x.most &- y.least)
    case .multiply: product(x, y)
    case .div: quotient(x, y)
    case .mod: remainder(x, y)
    case .less: isLess(x, y)
    case .greater: isLess(y, x)
    case .lessOrEqual: isLess(y, x).negated
    case .greaterOrEqual: isLess(x, y).negated
    case .equal: isEqual(x, y)
    case .distinct: isEqual(x, y).negated
    case .and: both(x, y)
    case .or: both(x.negated, y.negated).negated
    case .implies: both(x, y.negated).negated
    default: nil
    }
  }

  /// 1 less the value: the other truth value.
  var negated: RoundBounds {
    let one: Polynomial = [1, 0, 0, 0]
    return RoundBounds(one &- most, one &- least)
  }

  private static func checked(_ least: Polynomial, _ most: Polynomial) -> RoundBounds? {
    for power in 0..<4 where max(least[power].magnitude, most[power].magnitude) >= UInt64(limit) { return nil }
    return RoundBounds(least, most)
  }

  /// Whether a polynomial is known to be at least 0 in all rounds.
  private static func isNatural(_ polynomial: Polynomial) -> Bool { polynomial.min() >= 0 }
  private static func isPositive(_ polynomial: Polynomial) -> Bool { isNatural(polynomial) && polynomial[0] > 0 }

  private static func product(_ x: RoundBounds, _ y: RoundBounds) -> RoundBounds? {
    guard x.least == x.most && y.least == y.most || isNatural(x.least) && isNatural(y.least) else { return nil }
    guard let least = product(x.least, y.least), let most = product(x.most, y.most) else { return nil }
    return checked(least, most)
  }

  private static func product(_ x: Polynomial, _ y: Polynomial) -> Polynomial? {
    var result = Polynomial.zero
    for i in 0..<4 where x[i] != 0 {
      for j in 0..<4 where y[j] != 0 {
        if i + j > 3 { return nil }
        result[i + j] &+= x[i] &* y[j]
      }
    }
    return result
  }

  /// Of a dividend that is at least 0 and a divisor that is at least 1.
  private static func quotient(_ x: RoundBounds, _ y: RoundBounds) -> RoundBounds? {
    guard isNatural(x.least), isPositive(y.least) else { return nil }
    if isPositive(y.least &- x.most) { return RoundBounds(.zero, .zero) }
    let divisor = y.least[0]
    guard y.least == y.most, y.least == [divisor, 0, 0, 0] else { return RoundBounds(.zero, x.most) }
    // Each term rounded by itself: t is an integer.
    var (least, most) = (Polynomial.zero, Polynomial.zero)
    for power in 0..<4 {
      least[power] = x.least[power] / divisor
      most[power] = (x.most[power] &+ (divisor &- 1)) / divisor
    }
    return RoundBounds(least, most)
  }

  /// Of a divisor that is at least 1.
  private static func remainder(_ x: RoundBounds, _ y: RoundBounds) -> RoundBounds? {
    guard isPositive(y.least) else { return nil }
    if isNatural(x.least), isPositive(y.least &- x.most) { return x }
    return RoundBounds(.zero, y.most &- [1, 0, 0, 0])
  }

  private static func isLess(_ x: RoundBounds, _ y: RoundBounds) -> RoundBounds {
    if isNatural(x.least &- y.most) { return truth(false) }
    if isPositive(y.least &- x.most) { return truth(true) }
    return undecided
  }

  private static func isEqual(_ x: RoundBounds, _ y: RoundBounds) -> RoundBounds {
    if isPositive(x.least &- y.most) || isPositive(y.least &- x.most) { return truth(false) }
    if x.least == x.most, y.least == y.most, x.least == y.least { return truth(true) }
    return undecided
  }

  private static func both(_ x: RoundBounds, _ y: RoundBounds) -> RoundBounds {
    if x.truth == false || y.truth == false { return truth(false) }
    if x.truth == true { return y }
    return y.truth == true ? x : undecided
  }
}
