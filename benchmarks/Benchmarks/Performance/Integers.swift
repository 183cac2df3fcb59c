import ExactArithmetic
import Reference

/// `a + b` as a new `BigInteger`, against mpz_init, mpz_add and mpz_clear in C.
struct Integers {
  let bits: Int
  let count: Int

  /// Seconds of `count` additions.
  func swift() -> Double {
    let a = BigInteger(1) << (bits - 1)
    let b = a - 12345
    return timed {
      for _ in 0..<count {
        let sum = a + b
        withExtendedLifetime(sum) { reference_keep(nil) }
      }
    }.seconds
  }

  func c() -> Double { reference_add(Int32(bits), count) }

  func run(rounds: Int) -> (swift: Double, c: Double, ratio: Double) {
    var figures: [(Double, Double)] = []
    for _ in 0..<rounds { figures.append((swift(), c())) }
    let scale = 1e9 / Double(count)
    return (
      median(figures.map(\.0)) * scale, median(figures.map(\.1)) * scale, median(figures.map { $0.0 / $0.1 })
    )
  }
}
