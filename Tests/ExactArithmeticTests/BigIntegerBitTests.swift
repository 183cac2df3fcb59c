import ExactArithmetic
import Testing

/// `words` continued by the sign to `count` words.
private func extended(_ words: [UInt], to count: Int) -> [UInt] {
  let sign: UInt = words.last! >> UInt(UInt.bitWidth - 1) == 1 ? .max : 0
  return words + Array(repeating: sign, count: count - words.count)
}

@Suite struct BitsAreThoseOfTwosComplement {
  @Test func wordsSumUpToTheNumber() {
    for a in Samples.integers {
      let words = Array(a.words)
      var value: BigInteger = 0
      for (index, word) in words.enumerated() { value += BigInteger(word) * BigInteger(2).power(64 * index) }
      if words.last! >> 63 == 1 { value -= BigInteger(2).power(64 * words.count) }
      check(value == a, "words of \(a)")
    }
  }

  @Test func wordsAreNoMoreThanNeeded() {
    for a in Samples.integers {
      let words = Array(a.words)
      check(a.bitWidth == 64 * words.count, "width of \(a)")
      if words.count > 1 { check(extended(Array(words.dropLast()), to: words.count) != words, "words of \(a)") }
    }
    #expect(Array(BigInteger(0).words) == [0])
    #expect(Array(BigInteger(-1).words) == [.max])
    #expect(Array((BigInteger(1) << 63).words) == [1 << 63, 0])
    #expect(Array((-(BigInteger(1) << 63)).words) == [1 << 63])
    #expect(Array((-(BigInteger(1) << 64)).words) == [0, .max])
  }

  @Test func operatorsActWordByWord() {
    for a in Samples.integers {
      for b in Samples.integers {
        let count = max(a.words.count, b.words.count)
        let (x, y) = (extended(a.words, to: count), extended(b.words, to: count))
        let pairs = zip(x, y)
        check(extended((a & b).words, to: count) == pairs.map { $0 & $1 }, "\(a) & \(b)")
        check(extended((a | b).words, to: count) == pairs.map { $0 | $1 }, "\(a) | \(b)")
        check(extended((a ^ b).words, to: count) == pairs.map { $0 ^ $1 }, "\(a) ^ \(b)")
      }
    }
  }

  @Test func complementIsMinusOneMinusTheNumber() {
    for a in Samples.integers { check(~a == -1 - a && ~(~a) == a, "\(a)") }
  }

  @Test func inPlaceOperatorsAgree() {
    for a in Samples.integers {
      for b in Samples.few {
        var (and, or, xor) = (a, a, a)
        and &= b
        or |= b
        xor ^= b
        check(and == a & b && or == a | b && xor == a ^ b, "\(a), \(b)")
      }
    }
  }

  @Test func deMorgansLawsHold() {
    for a in Samples.integers {
      for b in Samples.few {
        check(~(a & b) == ~a | ~b && ~(a | b) == ~a & ~b && a ^ b == (a | b) - (a & b), "\(a), \(b)")
      }
    }
  }
}

@Suite struct ShiftsAreProductsAndFloors {
  private let counts = [0, 1, 2, 31, 32, 33, 63, 64, 65, 127, 128, 129, 200]

  @Test func leftShiftMultipliesByAPowerOfTwo() {
    for a in Samples.integers {
      for count in counts { check(a << count == a * BigInteger(2).power(count), "\(a) << \(count)") }
    }
  }

  @Test func rightShiftIsTheFloorOfTheQuotient() {
    for a in Samples.integers {
      for count in counts {
        let power = BigInteger(2).power(count)
        let floor = a >> count
        check(floor * power <= a && a < (floor + 1) * power, "\(a) >> \(count)")
        check(a << -count == floor && (floor << count) >> count == floor, "\(a) >> \(count)")
      }
    }
  }

  @Test func shiftCountsOfEveryTypeAgree() {
    for a in Samples.few {
      check(a << UInt8(65) == a << 65 && a >> Int128(65) == a >> 65, "\(a)")
      check(a << BigInteger(65) == a << 65 && a >> BigInteger(-65) == a << 65, "\(a)")
      var (left, right) = (a, a)
      left <<= 65
      right >>= 65
      check(left == a << 65 && right == a >> 65, "\(a) in place")
    }
  }

  @Test func hugeCountsToTheRightLeaveTheSign() {
    for a in Samples.few {
      let sign: BigInteger = a < 0 ? -1 : 0
      check(a >> Int.max == sign && a << Int.min == sign && a >> (BigInteger(1) << 100) == sign, "\(a)")
    }
    #expect(BigInteger(0) << Int.max == 0)
  }
}

@Suite struct BitCounts {
  @Test func trailingZerosAreDivisionsByTwo() {
    for a in Samples.integers where a != 0 {
      for count in [0, 1, 63, 64, 65] {
        let b = a << count
        var (rest, zeros) = (b, 0)
        while rest.isMultiple(of: 2) {
          rest /= 2
          zeros += 1
        }
        check(b.trailingZeroBitCount == zeros, "\(b)")
      }
    }
    #expect(BigInteger(0).trailingZeroBitCount == BigInteger(0).bitWidth)
  }

  @Test func widthOfTheMagnitudeIsOneMoreThanTheLogarithm() {
    for a in Samples.integers where a != 0 {
      let width = a.bitWidthOfMagnitude
      check(BigInteger(2).power(width - 1) <= a.magnitude && a.magnitude < BigInteger(2).power(width), "\(a)")
    }
    #expect(BigInteger(0).bitWidthOfMagnitude == 0)
  }
}
