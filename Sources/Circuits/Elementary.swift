#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

// The functions of the C library that the standard library lacks.

func cosine(_ x: Double) -> Double { cos(x) }
func sine(_ x: Double) -> Double { sin(x) }
/// The angle of the point (x, y), in (−π, π].
func angle(_ y: Double, _ x: Double) -> Double { atan2(y, x) }
func logarithm(_ x: Double) -> Double { log(x) }
func binaryLogarithm(_ x: Double) -> Double { log2(x) }
func exponential(_ x: Double) -> Double { exp(x) }
func logarithmOfGamma(_ x: Double) -> Double { lgamma(x) }

/// log2 of the number of ways to choose k of n.
func bitsToChoose(_ k: Int, of n: Int) -> Double {
  precondition(0 <= k && k <= n, "\(k) of \(n)")
  let (k, n) = (Double(k), Double(n))
  return (logarithmOfGamma(n + 1) - logarithmOfGamma(k + 1) - logarithmOfGamma(n - k + 1)) / logarithm(2)
}
