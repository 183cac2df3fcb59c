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
    // Free blocks of the size, as in the reference.
    withExtendedLifetime((0..<16).map { _ in a + b }) {}
    let start = reference_seconds()
    for _ in 0..<count {
      let sum = a + b
      withExtendedLifetime(sum) { reference_keep(nil) }
    }
    return reference_seconds() - start
  }

  /// Seconds of `count` objects with room for the sum, made and released, with no arithmetic: what counting references costs.
  func objects() -> Double {
    let elements = 1 + (bits / 64 + 2) / 2
    withExtendedLifetime((0..<16).map { _ in Object.make(elements) }) {}
    let start = reference_seconds()
    for _ in 0..<count { withExtendedLifetime(Object.make(elements)) { reference_keep(nil) } }
    return reference_seconds() - start
  }

  /// As large as the box of a `BigInteger`, and empty.
  private final class Object: ManagedBuffer<Void, (UInt64, UInt64)> {
    @inline(never)
    static func make(_ elements: Int) -> ManagedBuffer<Void, (UInt64, UInt64)> {
      Object.create(minimumCapacity: elements) { _ in () }
    }
  }

  func c() -> Double { reference_add(Int32(bits), count) }

  /// Medians: nanoseconds of a sum, of GMP's in C and of an object alone; ratio of the first two.
  func run(rounds: Int) -> (swift: Double, c: Double, object: Double, ratio: Double) {
    var figures: [(swift: Double, c: Double, object: Double)] = []
    for _ in 0..<rounds { figures.append((swift(), c(), objects())) }
    let scale = 1e9 / Double(count)
    return (
      median(figures.map(\.swift)) * scale, median(figures.map(\.c)) * scale, median(figures.map(\.object)) * scale,
      median(figures.map { $0.swift / $0.c })
    )
  }
}
