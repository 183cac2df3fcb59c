internal import CGMP

/// An integer of any size, exact, over GMP.
///
///     let x: BigInteger = 340_282_366_920_938_463_463_374_607_431_768_211_456
///     x / 3            // 113427455640312821154458202477256070485
///
/// A value type: the number lives in one counted box that is shared until a copy is changed; a sum has its words in the
/// box as well.
/// Division truncates toward zero, as for Swift's integers; bit operations see two's complement of unlimited width.
///
/// - Complexity: of the GMP function behind each operator; one allocation for a new value, none for in-place
///   operators on a value that is not shared.
public struct BigInteger: @unchecked Sendable {
  // Sound as Array's is: the box is changed only while it has one owner, and copied otherwise.
  private var box: levin_integer
  /// The number in the box, for GMP to read.
  private(set) var z: UnsafeMutablePointer<__mpz_struct>

  init(box: levin_integer) {
    self.box = box
    z = levin_integer_value(box)
  }

  /// A new number that `body` computes into.
  static func computed(_ body: (UnsafeMutablePointer<__mpz_struct>) -> Void) -> BigInteger {
    let box = levin_integer_make(0)
    body(levin_integer_value(box))
    return BigInteger(box: box)
  }

  /// A new number that `body` computes into from `a` and `b`, with at most one word more than the longer of them: one
  /// allocation where GMP alone would take two.
  @inline(__always)
  static func sum(
    _ a: BigInteger, _ b: BigInteger,
    _ body: (
      UnsafeMutablePointer<__mpz_struct>, UnsafePointer<__mpz_struct>, UnsafePointer<__mpz_struct>
    ) -> Void
  ) -> BigInteger {
    // Closures over both would retain them.
    defer {
      withExtendedLifetime(a) {}
      withExtendedLifetime(b) {}
    }
    let (x, y) = (a.z, b.z)
    let limbs = Int(Swift.max(x.pointee._mp_size.magnitude, y.pointee._mp_size.magnitude)) + 1
    let box = levin_integer_make(limbs <= 64 ? limbs : 0)
    body(levin_integer_value(box), x, y)
    return BigInteger(box: box)
  }

  /// The number for GMP to change: a copy first when it is shared or fixed in size.
  mutating func mutableZ() -> UnsafeMutablePointer<__mpz_struct> {
    if levin_integer_may_change(&box) == 0 {
      self = Self.computed { __gmpz_set($0, z) }
    }
    return z
  }
}

// MARK: - Comparison

extension BigInteger: Hashable, Comparable {
  /// Whether the integers are equal.
  public static func == (a: BigInteger, b: BigInteger) -> Bool { a.compare(b) == 0 }
  /// Exact comparison, linear in the words at worst.
  public static func < (a: BigInteger, b: BigInteger) -> Bool { a.compare(b) < 0 }
  /// Exact comparison; see `<`.
  public static func > (a: BigInteger, b: BigInteger) -> Bool { a.compare(b) > 0 }
  /// Exact comparison; see `<`.
  public static func <= (a: BigInteger, b: BigInteger) -> Bool { a.compare(b) <= 0 }
  /// Exact comparison; see `<`.
  public static func >= (a: BigInteger, b: BigInteger) -> Bool { a.compare(b) >= 0 }

  private func compare(_ other: BigInteger) -> Int32 {
    withExtendedLifetime((self, other)) { __gmpz_cmp(z, other.z) }
  }

  /// Feeds the two's complement words: equal integers have equal hashes.
  public func hash(into hasher: inout Hasher) { for word in words { hasher.combine(word) } }

  /// -1, 0 or 1.
  public func signum() -> BigInteger { BigInteger(Int(sign)) }

  /// The sign as a small integer.
  var sign: Int32 { withExtendedLifetime(self) { levin_mpz_sign(z) } }
}

// MARK: - Arithmetic

extension BigInteger: BinaryInteger, SignedInteger {
  /// Absolute values are of the same type: there is no unsigned big integer.
  public typealias Magnitude = BigInteger

  /// The exact sum, in a new number.
  public static func + (a: BigInteger, b: BigInteger) -> BigInteger {
    sum(a, b) { __gmpz_add($0, $1, $2) }
  }
  /// The exact difference, in a new number.
  public static func - (a: BigInteger, b: BigInteger) -> BigInteger {
    sum(a, b) { __gmpz_sub($0, $1, $2) }
  }
  /// The exact product; GMP picks the method by size.
  public static func * (a: BigInteger, b: BigInteger) -> BigInteger {
    withExtendedLifetime((a, b)) { computed { __gmpz_mul($0, a.z, b.z) } }
  }
  /// The quotient rounded toward zero. The divisor must not be 0.
  public static func / (a: BigInteger, b: BigInteger) -> BigInteger {
    precondition(b.sign != 0, "division by zero")
    return withExtendedLifetime((a, b)) { computed { __gmpz_tdiv_q($0, a.z, b.z) } }
  }
  /// The remainder with the sign of the dividend. The divisor must not be 0.
  public static func % (a: BigInteger, b: BigInteger) -> BigInteger {
    precondition(b.sign != 0, "division by zero")
    return withExtendedLifetime((a, b)) { computed { __gmpz_tdiv_r($0, a.z, b.z) } }
  }

  /// Adds in place; the memory is shared only until the first change.
  public static func += (a: inout BigInteger, b: BigInteger) {
    let other = b
    let target = a.mutableZ()
    withExtendedLifetime(other) { __gmpz_add(target, target, other.z) }
  }
  /// Subtracts in place.
  public static func -= (a: inout BigInteger, b: BigInteger) {
    let other = b
    let target = a.mutableZ()
    withExtendedLifetime(other) { __gmpz_sub(target, target, other.z) }
  }
  /// Multiplies in place.
  public static func *= (a: inout BigInteger, b: BigInteger) {
    let other = b
    let target = a.mutableZ()
    withExtendedLifetime(other) { __gmpz_mul(target, target, other.z) }
  }
  /// Divides, rounding to zero as `/` does. Traps on zero.
  public static func /= (a: inout BigInteger, b: BigInteger) { a = a / b }
  /// Replaces by the remainder that `%` gives. Traps on zero.
  public static func %= (a: inout BigInteger, b: BigInteger) { a = a % b }

  /// Adds `a · b` in place.
  public mutating func addProduct(_ a: BigInteger, _ b: BigInteger) {
    let target = mutableZ()
    withExtendedLifetime((a, b)) { __gmpz_addmul(target, a.z, b.z) }
  }

  /// The number with the other sign.
  public static prefix func - (a: BigInteger) -> BigInteger {
    withExtendedLifetime(a) { computed { __gmpz_neg($0, a.z) } }
  }
  /// Changes the sign in place.
  public mutating func negate() {
    let target = mutableZ()
    __gmpz_neg(target, target)
  }
  /// The absolute value.
  public var magnitude: BigInteger { withExtendedLifetime(self) { Self.computed { __gmpz_abs($0, z) } } }

  /// Quotient rounded to zero, and the remainder, which has the sign of the dividend. Traps on zero.
  public func quotientAndRemainder(dividingBy divisor: BigInteger) -> (quotient: BigInteger, remainder: BigInteger) {
    precondition(divisor.sign != 0, "division by zero")
    let (quotient, remainder) = (levin_integer_make(0), levin_integer_make(0))
    withExtendedLifetime((self, divisor)) {
      __gmpz_tdiv_qr(levin_integer_value(quotient), levin_integer_value(remainder), z, divisor.z)
    }
    return (BigInteger(box: quotient), BigInteger(box: remainder))
  }

  /// Quotient and remainder with `0 ≤ remainder < |divisor|` (SMT-LIB's `div` and `mod`).
  public func euclideanQuotientAndRemainder(dividingBy divisor: BigInteger)
    -> (quotient: BigInteger, remainder: BigInteger)
  {
    var (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    if remainder.sign < 0 {
      remainder += divisor.magnitude
      quotient -= divisor.signum()
    }
    return (quotient, remainder)
  }

  // MARK: Bits

  /// Bits that both have, in two's complement of unlimited width.
  public static func & (a: BigInteger, b: BigInteger) -> BigInteger {
    withExtendedLifetime((a, b)) { computed { __gmpz_and($0, a.z, b.z) } }
  }
  /// Bits that either has, in two's complement of unlimited width.
  public static func | (a: BigInteger, b: BigInteger) -> BigInteger {
    withExtendedLifetime((a, b)) { computed { __gmpz_ior($0, a.z, b.z) } }
  }
  /// Bits that exactly one has, in two's complement of unlimited width.
  public static func ^ (a: BigInteger, b: BigInteger) -> BigInteger {
    withExtendedLifetime((a, b)) { computed { __gmpz_xor($0, a.z, b.z) } }
  }
  /// As `&`, stored in the first.
  public static func &= (a: inout BigInteger, b: BigInteger) { a = a & b }
  /// As `|`, stored in the first.
  public static func |= (a: inout BigInteger, b: BigInteger) { a = a | b }
  /// As `^`, stored in the first.
  public static func ^= (a: inout BigInteger, b: BigInteger) { a = a ^ b }
  /// -1 - a: every bit of the two's complement turned.
  public static prefix func ~ (a: BigInteger) -> BigInteger {
    withExtendedLifetime(a) { computed { __gmpz_com($0, a.z) } }
  }

  /// a · 2^count, exactly; a negative count shifts right.
  public static func << <RHS: BinaryInteger>(a: BigInteger, count: RHS) -> BigInteger {
    a.shifted(left: Int(clamping: count))
  }
  /// The floor of a / 2^count; a negative count shifts left.
  public static func >> <RHS: BinaryInteger>(a: BigInteger, count: RHS) -> BigInteger {
    let bits = Int(clamping: count)
    return a.shifted(left: bits == .min ? .max : -bits)
  }
  /// As `<<`, stored in the first.
  public static func <<= <RHS: BinaryInteger>(a: inout BigInteger, count: RHS) { a = a << count }
  /// As `>>`, stored in the first.
  public static func >>= <RHS: BinaryInteger>(a: inout BigInteger, count: RHS) { a = a >> count }

  /// Left shift for positive counts; right shift (toward minus infinity) for negative ones.
  private func shifted(left count: Int) -> BigInteger {
    withExtendedLifetime(self) {
      if count >= 0 {
        precondition(sign == 0 || count < 1 << 36, "a shift by \(count) bits exceeds memory")
        return sign == 0 ? self : Self.computed { __gmpz_mul_2exp($0, z, UInt(count)) }
      }
      return Self.computed { __gmpz_fdiv_q_2exp($0, z, UInt(count.magnitude)) }
    }
  }

  /// The number in two's complement, least significant word first, just wide enough for the sign.
  public var words: [UInt] {
    if sign == 0 { return [0] }
    let source = sign > 0 ? self : ~self
    let count = Int(__gmpz_size(source.z))
    var result: [UInt] = []
    withExtendedLifetime(source) {
      for index in 0..<count { result.append(UInt(__gmpz_getlimbn(source.z, mp_size_t(index)))) }
    }
    if result.isEmpty || result.last! >> UInt(UInt.bitWidth - 1) == 1 { result.append(0) }
    return sign > 0 ? result : result.map { ~$0 }
  }

  /// Bits of two's complement with its sign bit, in whole words.
  public var bitWidth: Int { words.count * UInt.bitWidth }

  /// Bits of the magnitude: 0 for 0, else ⌊log2 |x|⌋ + 1.
  public var bitWidthOfMagnitude: Int {
    sign == 0 ? 0 : withExtendedLifetime(self) { Int(__gmpz_sizeinbase(z, 2)) }
  }

  /// How often 2 divides it; see the standard library for 0.
  public var trailingZeroBitCount: Int {
    sign == 0 ? bitWidth : withExtendedLifetime(self) { Int(__gmpz_scan1(z, 0)) }
  }
}

// MARK: - Number theory

extension BigInteger {
  /// The number to the power `exponent ≥ 0`.
  public func power(_ exponent: Int) -> BigInteger {
    precondition(exponent >= 0, "the power \(exponent) of an integer is not an integer")
    return withExtendedLifetime(self) { Self.computed { __gmpz_pow_ui($0, z, UInt(exponent)) } }
  }

  /// C(n, k), the number of sets of k among n things: 0 where k > n. Neither may be negative.
  public static func binomial(_ n: Int, _ k: Int) -> BigInteger {
    precondition(n >= 0 && k >= 0, "C(\(n), \(k)) has a negative argument")
    return computed { __gmpz_bin_uiui($0, UInt(n), UInt(k)) }
  }

  /// The greatest common divisor, not negative; that of 0 and 0 is 0.
  public static func greatestCommonDivisor(_ a: BigInteger, _ b: BigInteger) -> BigInteger {
    withExtendedLifetime((a, b)) { computed { __gmpz_gcd($0, a.z, b.z) } }
  }

  /// The least common multiple, not negative.
  public static func leastCommonMultiple(_ a: BigInteger, _ b: BigInteger) -> BigInteger {
    withExtendedLifetime((a, b)) { computed { __gmpz_lcm($0, a.z, b.z) } }
  }

  /// ⌊√x⌋ for `x ≥ 0`.
  public func squareRoot() -> BigInteger {
    precondition(sign >= 0, "the square root of a negative integer is not real")
    return withExtendedLifetime(self) { Self.computed { __gmpz_sqrt($0, z) } }
  }
}
