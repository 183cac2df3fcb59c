import ExactArithmetic
import Testing

/// Records a failure with its values; cheap when the claim holds, so loops may call it often.
func check(
  _ holds: Bool, _ message: @autoclosure () -> String, sourceLocation: SourceLocation = #_sourceLocation
) {
  if !holds { Issue.record(Comment(rawValue: message()), sourceLocation: sourceLocation) }
}

/// SplitMix64: the random numbers of these tests, from a seed written in each test.
struct Draws {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func word() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(word() % UInt64(bound)) }

  /// A signed integer of at most `words` words.
  mutating func integer(words: Int) -> BigInteger {
    var value: BigInteger = 0
    for _ in 0..<words { value = value * 0x1_0000_0000_0000_0000 + BigInteger(word()) }
    return word() & 1 == 0 ? value : 0 - value
  }

  mutating func rational(words: Int) -> Rational {
    Rational(integer(words: words), integer(words: words).magnitude + 1)
  }

  /// A decimal text with `digits` digits, perhaps negative, without leading zeros.
  mutating func decimal(digits: Int) -> String {
    let sign = word() & 1 == 0 ? "-" : ""
    return sign + String(1 + below(9)) + (1..<max(digits, 1)).map { _ in String(below(10)) }.joined()
  }
}

enum Samples {
  /// 0, ±1 and the neighbours of word limits, with both signs.
  static let crowded: [BigInteger] = {
    let centres: [BigInteger] = [
      0, 0x8000_0000, 0x1_0000_0000, 0x8000_0000_0000_0000, 0x1_0000_0000_0000_0000,
      0x1_0000_0000_0000_0000_0000_0000_0000_0000,
    ]
    let positive = centres.flatMap { centre in [-2, -1, 0, 1, 2].map { centre + $0 } }
    return Array(Set(positive + positive.map { 0 - $0 })).sorted()
  }()

  /// `crowded` and random numbers of up to eight words.
  static let integers: [BigInteger] = {
    var draws = Draws(seed: 1)
    return crowded + (1...10).map { draws.integer(words: 1 + $0 % 8) }
  }()

  /// A few of each kind, for laws of three variables.
  static let few: [BigInteger] = {
    var draws = Draws(seed: 2)
    return [
      0, 1, -1, 2, -3, 0x8000_0000, -0x1_0000_0000, 0x7FFF_FFFF_FFFF_FFFF, -0x8000_0000_0000_0000,
      0xFFFF_FFFF_FFFF_FFFF, -0x1_0000_0000_0000_0000, 0x1_0000_0000_0000_0000_0000_0000_0000_0000,
      -0xFFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF, draws.integer(words: 3), draws.integer(words: 5),
      draws.integer(words: 8),
    ]
  }()

  /// Numbers of at most 64 bits and a sign, for comparison with `Int128`.
  static let narrow: [Int128] = {
    var draws = Draws(seed: 3)
    let centres: [Int128] = [0, 1 << 31, 1 << 32, 1 << 53, 1 << 62, 1 << 63]
    let near = centres.flatMap { centre in [-2, -1, 0, 1, 2].map { centre + $0 } }.filter { $0 <= 1 << 63 }
    let random = (0..<8).map { _ in Int128(draws.word() >> UInt64(1 + draws.below(50))) }
    return Array(Set((near + random).flatMap { [$0, -$0] })).sorted()
  }()

  static let rationals: [Rational] = {
    var draws = Draws(seed: 4)
    let small: [Rational] = [0, 1, -1, 2, Rational(1, 2), Rational(-1, 3), Rational(3, 10), Rational(-7, 4)]
    let wide = [
      Rational(BigInteger(1) << 64, 3), Rational(-1, (BigInteger(1) << 63) + 1), draws.rational(words: 2),
      draws.rational(words: 4),
    ]
    return small + wide
  }()
}
