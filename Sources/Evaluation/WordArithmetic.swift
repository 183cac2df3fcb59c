// Arithmetic on 64-bit words that both machines use, and searches that put values together.

/// The Euclidean quotient or remainder (`div`, `mod`) of a divisor that is not 0.
@inlinable
package func euclidean(_ x: Int64, _ y: Int64, remainder wanted: Bool) -> Int64 {
  // Short non-negative numbers divide several times as fast.
  if (x | y) >> 32 == 0 {
    let (a, b) = (UInt32(truncatingIfNeeded: x), UInt32(truncatingIfNeeded: y))
    return Int64(wanted ? a % b : a / b)
  }
  let (quotient, remainder) = x.quotientAndRemainder(dividingBy: y)
  if wanted { return remainder < 0 ? remainder + Swift.abs(y) : remainder }
  return remainder >= 0 ? quotient : y > 0 ? quotient - 1 : quotient + 1
}

/// gcd(|x|, |y|); 0 for twice 0.
func greatestCommonDivisor(_ x: Int64, _ y: Int64) -> Int64 {
  var (a, b) = (x.magnitude, y.magnitude)
  while b != 0 { (a, b) = (b, a % b) }
  return Int64(a)
}

/// The integer part of a square root, by Newton's iteration from above.
func integerSquareRoot(_ n: UInt64) -> UInt64 {
  if n < 2 { return n }
  var x: UInt64 = 1 << UInt64((64 - n.leadingZeroBitCount + 1) / 2)
  while true {
    let next = (x + n / x) / 2
    if next >= x { return x }
    x = next
  }
}
