internal import CGMP

/// A rational number of any size, exact, over GMP's `mpq`.
///
///     Rational("3/10")! + Rational(1) / 5        // 1/2
///
/// - Invariant: in lowest terms with a positive denominator, so equality is equality of parts.
/// - Complexity: addition and multiplication take greatest common divisors, as `mpq_add` and `mpq_mul` do.
public struct Rational: @unchecked Sendable {
  // Sound as Array's is: the box is never changed after it is made.
  let box: Box

  /// Owner of one GMP rational.
  final class Box: ManagedBuffer<Void, __mpq_struct> {
    static func make() -> Box {
      let box = unsafeDowncast(Box.create(minimumCapacity: 1) { _ in () }, to: Box.self)
      box.withUnsafeMutablePointerToElements { __gmpq_init($0) }
      return box
    }

    var pointer: UnsafeMutablePointer<__mpq_struct> { withUnsafeMutablePointerToElements { $0 } }

    deinit { withUnsafeMutablePointerToElements { __gmpq_clear($0) } }
  }

  private static func computed(_ body: (UnsafeMutablePointer<__mpq_struct>) -> Void) -> Rational {
    let box = Box.make()
    body(box.pointer)
    return Rational(box: box)
  }

  private init(box: Box) { self.box = box }

  private var q: UnsafeMutablePointer<__mpq_struct> { box.pointer }

  /// `numerator / denominator` in lowest terms. The denominator must not be 0.
  public init(_ numerator: BigInteger, _ denominator: BigInteger) {
    precondition(denominator.sign != 0, "\(numerator)/0 is not a rational number")
    self = Self.computed { q in
      withExtendedLifetime((numerator, denominator)) {
        __gmpq_set_num(q, numerator.z)
        __gmpq_set_den(q, denominator.z)
      }
      __gmpq_canonicalize(q)
    }
  }

  /// An integer.
  public init<T: BinaryInteger>(_ value: T) { self.init(BigInteger(value), 1) }

  /// The numerator in lowest terms; carries the sign.
  public var numerator: BigInteger {
    withExtendedLifetime(self) { BigInteger.computed { __gmpq_get_num($0, q) } }
  }

  /// The denominator in lowest terms, positive.
  public var denominator: BigInteger {
    withExtendedLifetime(self) { BigInteger.computed { __gmpq_get_den($0, q) } }
  }
}

// MARK: - Comparison

extension Rational: Hashable, Comparable {
  /// Whether the numbers are equal: fractions are in lowest terms.
  public static func == (a: Rational, b: Rational) -> Bool {
    withExtendedLifetime((a, b)) { __gmpq_equal(a.q, b.q) != 0 }
  }
  /// Exact comparison, by one cross-multiplication at worst.
  public static func < (a: Rational, b: Rational) -> Bool {
    withExtendedLifetime((a, b)) { __gmpq_cmp(a.q, b.q) < 0 }
  }

  /// Equal numbers have equal hashes.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(numerator)
    hasher.combine(denominator)
  }

  /// -1, 0 or 1.
  public var sign: Int { numerator.sign < 0 ? -1 : numerator.sign > 0 ? 1 : 0 }

  /// Whether the denominator is 1.
  public var isInteger: Bool { denominator == 1 }

  /// The greatest integer that is not greater.
  public func floor() -> BigInteger { numerator.euclideanQuotientAndRemainder(dividingBy: denominator).quotient }
}

// MARK: - Arithmetic

extension Rational: SignedNumeric, ExpressibleByIntegerLiteral {
  /// An integer literal of any size.
  public init(integerLiteral value: StaticBigInt) { self.init(BigInteger(integerLiteral: value), 1) }

  /// The integer as a fraction; never nil.
  public init?<T: BinaryInteger>(exactly source: T) { self.init(source) }

  /// The exact sum in lowest terms.
  public static func + (a: Rational, b: Rational) -> Rational {
    withExtendedLifetime((a, b)) { computed { __gmpq_add($0, a.q, b.q) } }
  }
  /// The exact difference in lowest terms.
  public static func - (a: Rational, b: Rational) -> Rational {
    withExtendedLifetime((a, b)) { computed { __gmpq_sub($0, a.q, b.q) } }
  }
  /// The exact product in lowest terms.
  public static func * (a: Rational, b: Rational) -> Rational {
    withExtendedLifetime((a, b)) { computed { __gmpq_mul($0, a.q, b.q) } }
  }
  /// The quotient. The divisor must not be 0.
  public static func / (a: Rational, b: Rational) -> Rational {
    precondition(b.sign != 0, "\(a) divided by 0")
    return withExtendedLifetime((a, b)) { computed { __gmpq_div($0, a.q, b.q) } }
  }
  /// As `+`, stored in the first.
  public static func += (a: inout Rational, b: Rational) { a = a + b }
  /// As `-`, stored in the first.
  public static func -= (a: inout Rational, b: Rational) { a = a - b }
  /// As `*`, stored in the first.
  public static func *= (a: inout Rational, b: Rational) { a = a * b }
  /// As `/`, stored in the first. Traps on zero.
  public static func /= (a: inout Rational, b: Rational) { a = a / b }

  /// The number with the other sign.
  public static prefix func - (a: Rational) -> Rational {
    withExtendedLifetime(a) { computed { __gmpq_neg($0, a.q) } }
  }

  /// The absolute value.
  public var magnitude: Rational { sign < 0 ? -self : self }

  /// 1 / x. The number must not be 0.
  public var reciprocal: Rational { Rational(denominator, numerator) }

  /// The number to an integer power; a negative power of 0 is a precondition failure.
  public func power(_ exponent: Int) -> Rational {
    if exponent < 0 { return reciprocal.power(-exponent) }
    return Rational(numerator.power(exponent), denominator.power(exponent))
  }
}

// MARK: - Text

extension Rational: CustomStringConvertible {
  /// `p/q`, or `p` for an integer.
  public var description: String { isInteger ? "\(numerator)" : "\(numerator)/\(denominator)" }

  /// Reads `p`, `p/q` or a decimal such as `-0.25`; nil for anything else and for a zero denominator.
  public init?<S: StringProtocol>(_ text: S) {
    if let slash = text.firstIndex(of: "/") {
      guard let p = BigInteger(text[..<slash]), let q = BigInteger(text[text.index(after: slash)...]), q > 0,
        text[text.index(after: slash)] != "+"
      else { return nil }
      self.init(p, q)
    } else if let point = text.firstIndex(of: ".") {
      let (whole, fraction) = (text[..<point], text[text.index(after: point)...])
      guard fraction.utf8.allSatisfy({ (48...57).contains($0) }), !fraction.isEmpty,
        let digits = BigInteger("\(whole)\(fraction)")
      else { return nil }
      self.init(digits, BigInteger(10).power(fraction.utf8.count))
    } else {
      guard let p = BigInteger(text) else { return nil }
      self.init(p, 1)
    }
  }

  /// A decimal with `digits` digits behind the point, rounded half to even: for people, not for computing.
  public func decimalString(digits: Int) -> String {
    let scaled = magnitude * Rational(BigInteger(10).power(digits))
    var whole = scaled.floor()
    let rest = scaled - Rational(whole)
    let half = Rational(1, 2)
    if rest > half || (rest == half && whole & 1 == 1) { whole += 1 }
    var text = "\(whole)"
    if digits > 0 {
      text = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
      text.insert(".", at: text.index(text.endIndex, offsetBy: -digits))
    }
    return (sign < 0 && whole != 0 ? "-" : "") + text
  }
}
