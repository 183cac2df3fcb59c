import ExactArithmetic
import Testing

@Suite struct RationalsAreInLowestTerms {
  private func isCanonical(_ x: Rational) -> Bool {
    x.denominator > 0 && BigInteger.greatestCommonDivisor(x.numerator, x.denominator) == 1
  }

  @Test func fractionsReduceAndSignsMoveUp() {
    for p in -12...12 {
      for q in -12...12 where q != 0 {
        let x = Rational(BigInteger(p), BigInteger(q))
        check(isCanonical(x) && x.numerator * BigInteger(q) == BigInteger(p) * x.denominator, "\(p)/\(q)")
        check(x == Rational(BigInteger(-3 * p), BigInteger(-3 * q)), "\(p)/\(q)")
      }
    }
    #expect(Rational(0, -5).denominator == 1)
  }

  @Test func resultsOfOperationsAreCanonical() {
    for a in Samples.rationals {
      for b in Samples.rationals {
        check(isCanonical(a + b) && isCanonical(a - b) && isCanonical(a * b), "\(a), \(b)")
        if b != 0 { check(isCanonical(a / b) && isCanonical(b.reciprocal), "\(a) / \(b)") }
      }
    }
  }

  @Test func equalRationalsHaveEqualHashes() {
    for a in Samples.rationals {
      for b in Samples.rationals where b != 0 {
        let back = a * b / b
        check(back == a && back.hashValue == a.hashValue && Set([back, a]).count == 1, "\(a), \(b)")
      }
    }
  }
}

@Suite struct RationalsFormAnOrderedField {
  @Test func ringLawsHold() {
    for a in Samples.rationals {
      for b in Samples.rationals {
        check(a + b == b + a && a * b == b * a && a - b == a + -b, "\(a), \(b)")
        for c in Samples.rationals {
          check((a + b) + c == a + (b + c) && (a * b) * c == a * (b * c), "\(a), \(b), \(c)")
          check(a * (b + c) == a * b + a * c, "\(a), \(b), \(c)")
        }
      }
    }
  }

  @Test func everyNumberButZeroHasAReciprocal() {
    for a in Samples.rationals {
      check(a + 0 == a && a * 1 == a && a + -a == 0 && a - a == 0, "\(a)")
      if a != 0 { check(a * a.reciprocal == 1 && a / a == 1 && a.reciprocal.reciprocal == a, "\(a)") }
    }
  }

  @Test func sumsAndQuotientsAgreeWithIntegerFormulas() {
    for a in Samples.rationals {
      for b in Samples.rationals {
        let (p, q, r, s) = (a.numerator, a.denominator, b.numerator, b.denominator)
        check(a + b == Rational(p * s + r * q, q * s) && a - b == Rational(p * s - r * q, q * s), "\(a), \(b)")
        check(a * b == Rational(p * r, q * s), "\(a), \(b)")
        if r != 0 { check(a / b == Rational(p * s, q * r), "\(a), \(b)") }
      }
    }
  }

  @Test func orderIsThatOfTheCrossProducts() {
    for a in Samples.rationals {
      for b in Samples.rationals {
        let (left, right) = (a.numerator * b.denominator, b.numerator * a.denominator)
        check((a < b) == (left < right) && (a == b) == (left == right) && (a > b) == (left > right), "\(a), \(b)")
        for c in Samples.rationals where a < b {
          check(a + c < b + c, "\(a) < \(b) and \(c)")
          if c > 0 { check(a * c < b * c, "\(a) < \(b) and \(c)") }
        }
      }
    }
  }

  @Test func inPlaceOperatorsAgreeAndCopiesStay() {
    for a in Samples.rationals {
      for b in Samples.rationals where b != 0 {
        var values = [a, a, a, a, a]
        values[0] += b
        values[1] -= b
        values[2] *= b
        values[3] /= b
        check(values == [a + b, a - b, a * b, a / b, a], "\(a), \(b)")
      }
    }
  }

  @Test func powersAreRepeatedProducts() {
    for a in Samples.rationals {
      var product: Rational = 1
      for exponent in 0..<6 {
        check(a.power(exponent) == product, "\(a) to the \(exponent)")
        if a != 0 { check(a.power(-exponent) * product == 1, "\(a) to the -\(exponent)") }
        product *= a
      }
    }
  }

  @Test func floorSignAndMagnitudeAgreeWithOrder() {
    for a in Samples.rationals {
      let floor = Rational(a.floor())
      check(floor <= a && a < floor + 1 && (floor == a) == a.isInteger, "floor of \(a)")
      check(a.sign == (a < 0 ? -1 : a == 0 ? 0 : 1) && a.magnitude == max(a, -a), "\(a)")
    }
    #expect(Rational(-7, 2).floor() == -4)
  }
}
