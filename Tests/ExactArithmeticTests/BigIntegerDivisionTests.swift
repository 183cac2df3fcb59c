import ExactArithmetic
import Testing

@Suite struct DivisionSatisfiesItsIdentity {
  @Test func truncatedRemainderHasTheSignOfTheDividend() {
    for a in Samples.integers {
      for b in Samples.integers where b != 0 {
        let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
        check(a == quotient * b + remainder, "\(a) by \(b)")
        check(remainder.magnitude < b.magnitude, "remainder of \(a) by \(b)")
        check(remainder == 0 || remainder.signum() == a.signum(), "sign of the remainder of \(a) by \(b)")
        check(quotient == a / b && remainder == a % b, "operators on \(a), \(b)")
        check((-a) / b == -(a / b) && a / -b == -(a / b), "symmetry of \(a) / \(b)")
      }
    }
  }

  @Test func euclideanRemainderIsNeverNegative() {
    for a in Samples.integers {
      for b in Samples.integers where b != 0 {
        let (quotient, remainder) = a.euclideanQuotientAndRemainder(dividingBy: b)
        check(a == quotient * b + remainder, "\(a) by \(b)")
        check(remainder >= 0 && remainder < b.magnitude, "remainder of \(a) by \(b)")
      }
    }
  }

  @Test func inPlaceDivisionAgrees() {
    for a in Samples.integers {
      for b in Samples.few where b != 0 {
        var (quotient, remainder) = (a, a)
        quotient /= b
        remainder %= b
        check(quotient == a / b && remainder == a % b, "\(a), \(b)")
      }
    }
  }

  @Test func multiplesAreDivisible() {
    for a in Samples.integers {
      for b in Samples.few {
        check((a * b).isMultiple(of: a) && (a * b).isMultiple(of: b), "\(a) * \(b)")
        check(a.isMultiple(of: b) == (b == 0 ? a == 0 : a % b == 0), "\(a), \(b)")
      }
    }
  }
}

@Suite struct CommonDivisors {
  /// Euclid's algorithm, on the library's remainder only.
  private func euclid(_ a: BigInteger, _ b: BigInteger) -> BigInteger { b == 0 ? a.magnitude : euclid(b, a % b) }

  @Test func greatestCommonDivisorIsEuclids() {
    for a in Samples.integers {
      for b in Samples.integers {
        check(BigInteger.greatestCommonDivisor(a, b) == euclid(a, b), "gcd of \(a), \(b)")
      }
    }
    #expect(BigInteger.greatestCommonDivisor(0, 0) == 0)
    #expect(BigInteger.greatestCommonDivisor(-12, 18) == 6)
  }

  @Test func divisorTimesMultipleIsTheProduct() {
    for a in Samples.integers {
      for b in Samples.few {
        let product = BigInteger.greatestCommonDivisor(a, b) * BigInteger.leastCommonMultiple(a, b)
        check(product == (a * b).magnitude, "\(a), \(b)")
      }
    }
  }
}
