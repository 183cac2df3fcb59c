/// The one generator of random numbers: xoshiro256**, seeded through SplitMix64.
///
///     var generator = SeededGenerator(seed: 0, name: "split/mod-add/113")
///     generator.below(6)
///
/// The same seed and name give the same numbers on every machine and in every version.
///
/// - Source: Blackman & Vigna 2021, "Scrambled linear pseudorandom number generators" (xoshiro256**);
///   Steele, Lea & Flood 2014 (SplitMix64).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// A generator from a number.
  public init(seed: UInt64) {
    var mixer = seed
    func next() -> UInt64 {
      mixer &+= 0x9E37_79B9_7F4A_7C15
      var z = mixer
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    state = (next(), next(), next(), next())
  }

  /// A generator of its own for a named purpose: the seed plus the FNV-1a hash of the name's UTF-8 bytes, mixed.
  public init(seed: UInt64, name: String) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    self.init(seed: seed ^ hash &* 0x9E37_79B9_7F4A_7C15)
  }

  public mutating func next() -> UInt64 {
    func rotate(_ x: UInt64, _ count: UInt64) -> UInt64 { x << count | x >> (64 - count) }
    let result = rotate(state.1 &* 5, 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotate(state.3, 45)
    return result
  }

  /// A number in `0 ..< bound`, each equally likely (rejection; Lemire 2019). The bound must be positive.
  public mutating func below(_ bound: UInt64) -> UInt64 {
    precondition(bound > 0, "no number is below 0")
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return product.high
  }

  /// Shuffles in place: Fisher–Yates from the end.
  public mutating func shuffle<Element>(_ list: inout [Element]) {
    guard list.count > 1 else { return }
    for i in stride(from: list.count - 1, to: 0, by: -1) { list.swapAt(i, Int(below(UInt64(i + 1)))) }
  }
}
