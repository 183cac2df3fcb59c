#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

// The functions of the C library that the standard library lacks. Their last bit differs between systems; every use is
// rounded to two decimals or to a colour of 8 bits afterwards.

func logarithm10(_ x: Double) -> Double { log10(x) }
func power(_ x: Double, _ exponent: Double) -> Double { pow(x, exponent) }
func cosine(_ x: Double) -> Double { cos(x) }
func sine(_ x: Double) -> Double { sin(x) }
