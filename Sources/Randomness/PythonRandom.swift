/// CPython's `random` module as far as published data splits need it: `seed(int)`, `getrandbits`, `shuffle`.
///
/// Gives the same permutation as `random.seed(s); random.shuffle(x)` of CPython 3.2 to 3.13.
///
/// - Source: Matsumoto & Nishimura 1998 (MT19937, `init_by_array`); CPython `Lib/random.py`, `_randbelow_with_getrandbits`.
public struct PythonRandom: Sendable {
  private var state: [UInt32]
  private var index = 624

  /// `random.seed(seed)` for a non-negative integer.
  public init(seed: UInt64) {
    let key = seed >> 32 == 0 ? [UInt32(seed)] : [UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)]
    state = [19_650_218]
    for i in 1..<624 {
      let previous = state[i - 1]
      state.append(1_812_433_253 &* (previous ^ (previous >> 30)) &+ UInt32(i))
    }
    var (i, j) = (1, 0)
    for _ in 0..<max(624, key.count) {
      state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >> 30)) &* 1_664_525)) &+ key[j] &+ UInt32(j)
      advance(&i)
      j = (j + 1) % key.count
    }
    for _ in 0..<623 {
      state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >> 30)) &* 1_566_083_941)) &- UInt32(i)
      advance(&i)
    }
    state[0] = 0x8000_0000
  }

  private mutating func advance(_ i: inout Int) {
    i += 1
    if i == 624 {
      state[0] = state[623]
      i = 1
    }
  }

  /// The next 32 bits of the Mersenne Twister.
  private mutating func next32() -> UInt32 {
    if index == 624 {
      for i in 0..<624 {
        let y = (state[i] & 0x8000_0000) | (state[(i + 1) % 624] & 0x7FFF_FFFF)
        state[i] = state[(i + 397) % 624] ^ (y >> 1) ^ (y & 1 == 0 ? 0 : 0x9908_B0DF)
      }
      index = 0
    }
    var y = state[index]
    index += 1
    y ^= y >> 11
    y ^= (y << 7) & 0x9D2C_5680
    y ^= (y << 15) & 0xEFC6_0000
    return y ^ (y >> 18)
  }

  /// `random.getrandbits(count)`, `count` in `1 ... 32`.
  public mutating func bits(_ count: Int) -> UInt32 { next32() >> UInt32(32 - count) }

  /// `random._randbelow(bound)` for `0 < bound < 2^32`.
  public mutating func below(_ bound: Int) -> Int {
    let width = Int.bitWidth - bound.leadingZeroBitCount
    var drawn = Int(bits(width))
    while drawn >= bound { drawn = Int(bits(width)) }
    return drawn
  }

  /// `random.shuffle(list)`.
  public mutating func shuffle<Element>(_ list: inout [Element]) {
    guard list.count > 1 else { return }
    for i in stride(from: list.count - 1, to: 0, by: -1) { list.swapAt(i, below(i + 1)) }
  }
}
