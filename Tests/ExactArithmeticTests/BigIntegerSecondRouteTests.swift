import ExactArithmetic
import Testing

/// Results agree with Swift's `Int128` where it reaches, and with digit-by-digit arithmetic where it does not.
@Suite struct IntegersAgreeWithASecondRoute {
  @Test func operatorsAgreeWithInt128() {
    for x in Samples.narrow {
      let a = BigInteger(x)
      check(BigInteger(~x) == ~a && BigInteger(-x) == -a && BigInteger(x.magnitude) == a.magnitude, "\(x)")
      for y in Samples.narrow {
        let b = BigInteger(y)
        check(a + b == BigInteger(x + y) && a - b == BigInteger(x - y), "\(x) ± \(y)")
        check(a * b == BigInteger(x * y), "\(x) * \(y)")
        check(
          (a & b) == BigInteger(x & y) && (a | b) == BigInteger(x | y) && (a ^ b) == BigInteger(x ^ y), "\(x), \(y)")
        check((a < b) == (x < y) && (a == b) == (x == y), "order of \(x), \(y)")
        if y != 0 { check(a / b == BigInteger(x / y) && a % b == BigInteger(x % y), "\(x) by \(y)") }
      }
    }
  }

  @Test func bitOperatorsAgreeWithInt128OverItsWholeRange() {
    let limits: [Int128] = [.min, .min + 1, .max, .max - 1, -1 << 64, 1 << 64, (1 << 64) - 1]
    for x in limits + Samples.narrow {
      for y in limits {
        let (a, b) = (BigInteger(x), BigInteger(y))
        check(
          (a & b) == BigInteger(x & y) && (a | b) == BigInteger(x | y) && (a ^ b) == BigInteger(x ^ y), "\(x), \(y)")
      }
    }
  }

  @Test func shiftsAgreeWithInt128() {
    for x in Samples.narrow {
      for count in [0, 1, 2, 31, 32, 33, 62] {
        check(BigInteger(x) << count == BigInteger(x << Int128(count)), "\(x) << \(count)")
        check(BigInteger(x) << -count == BigInteger(x >> Int128(count)), "\(x) << -\(count)")
      }
      for count in [0, 1, 31, 32, 63, 64, 65, 127, 128, 1000] {
        check(BigInteger(x) >> count == BigInteger(x >> Int128(count)), "\(x) >> \(count)")
      }
    }
  }

  @Test func operatorsAgreeWithSchoolbookDigits() {
    var draws = Draws(seed: 10)
    for round in 0..<60 {
      let (s, t) = (draws.decimal(digits: 1 + round * 2), draws.decimal(digits: 1 + draws.below(70)))
      let (x, y) = (SchoolbookDecimal(s), SchoolbookDecimal(t))
      guard let a = BigInteger(s), let b = BigInteger(t) else {
        Issue.record("\(s) or \(t) is not read")
        continue
      }
      check((a + b).description == (x + y).text, "\(s) + \(t)")
      check((a - b).description == (x - y).text, "\(s) - \(t)")
      check((a * b).description == (x * y).text, "\(s) * \(t)")
      let (quotient, remainder) = x.quotientAndRemainder(dividingBy: y)
      check((a / b).description == quotient.text && (a % b).description == remainder.text, "\(s) by \(t)")
      check((a < b) == (x < y) && (b < a) == (y < x), "order of \(s), \(t)")
    }
  }

  @Test func powersAgreeWithSchoolbookDigits() {
    for (base, exponent) in [("2", 300), ("-3", 77), ("10", 50), ("-99999999977", 9), ("0", 0), ("0", 5), ("7", 0)] {
      #expect(BigInteger(base)!.power(exponent).description == SchoolbookDecimal(base).power(exponent).text)
    }
  }

  @Test func literalsOfAnyLengthAreExact() {
    let large: BigInteger = 340_282_366_920_938_463_463_374_607_431_768_211_456
    let negative: BigInteger = -340_282_366_920_938_463_463_374_607_431_768_211_457
    #expect(large == BigInteger(1) << 128)
    #expect(negative == -(BigInteger(1) << 128) - 1)
    #expect((large / 3).description == "113427455640312821154458202477256070485")
    let limits: [BigInteger] = [
      0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFF, -0x8000_0000_0000_0000,
      -0x8000_0000_0000_0001, -0xFFFF_FFFF_FFFF_FFFF, -0x1_0000_0000_0000_0000,
    ]
    #expect(
      limits.map(\.description) == [
        "9223372036854775807", "9223372036854775808", "18446744073709551615", "-9223372036854775808",
        "-9223372036854775809", "-18446744073709551615", "-18446744073709551616",
      ])
  }
}
