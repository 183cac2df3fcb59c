import ExactArithmetic
import Testing

@Suite struct IntegersFormAnOrderedRing {
  @Test func sumsAndProductsAreAssociativeAndDistributive() {
    for a in Samples.few {
      for b in Samples.few {
        for c in Samples.few {
          check((a + b) + c == a + (b + c), "sum of \(a), \(b), \(c)")
          check((a * b) * c == a * (b * c), "product of \(a), \(b), \(c)")
          check(a * (b + c) == a * b + a * c, "\(a) times the sum of \(b), \(c)")
        }
      }
    }
  }

  @Test func sumsAndProductsCommute() {
    for a in Samples.integers {
      for b in Samples.integers {
        check(a + b == b + a, "\(a) + \(b)")
        check(a * b == b * a, "\(a) * \(b)")
      }
    }
  }

  @Test func zeroAndOneAreNeutralAndNegationInverts() {
    for a in Samples.integers {
      check(a + 0 == a && a * 1 == a && a * 0 == 0 && a + -a == 0 && -(-a) == a, "\(a)")
      check(a - a == 0 && 0 - a == -a && a * -1 == -a, "\(a)")
    }
  }

  @Test func subtractionUndoesAdditionAndDivisionUndoesMultiplication() {
    for a in Samples.integers {
      for b in Samples.integers {
        check((a + b) - b == a, "\(a), \(b)")
        if b != 0 { check((a * b) / b == a && (a * b) % b == 0, "\(a), \(b)") }
      }
    }
  }

  @Test func orderIsTotalAndFollowsTheSignOfTheDifference() {
    for a in Samples.integers {
      for b in Samples.integers {
        let relations = [a < b, a == b, a > b]
        check(relations.count { $0 } == 1, "\(a), \(b)")
        check((a <= b) == (a < b || a == b) && (a >= b) == !(a < b), "\(a), \(b)")
        check((a - b).signum() == (a < b ? -1 : a == b ? 0 : 1), "\(a) - \(b)")
      }
    }
  }

  @Test func inPlaceOperatorsAgreeAlsoWithTheirOwnOperand() {
    for a in Samples.integers {
      for b in Samples.few {
        var (sum, difference, product, more) = (a, a, a, a)
        sum += b
        difference -= b
        product *= b
        more.addProduct(b, a)
        check(sum == a + b && difference == a - b && product == a * b && more == a + b * a, "\(a), \(b)")
      }
      var (twice, nothing, square, own) = (a, a, a, a)
      twice += twice
      nothing -= nothing
      square *= square
      own.addProduct(own, own)
      check(twice == a + a && nothing == 0 && square == a * a && own == a + a * a, "\(a) with itself")
      var negated = a
      negated.negate()
      check(negated == 0 - a, "negate \(a)")
    }
  }

  @Test func powersAreRepeatedProducts() {
    for a in Samples.few {
      var product: BigInteger = 1
      for exponent in 0..<9 {
        check(a.power(exponent) == product, "\(a) to the \(exponent)")
        product = product * a
      }
    }
  }

  @Test func squareRootIsTheFloor() {
    for a in Samples.integers where a >= 0 {
      let root = a.squareRoot()
      check(root >= 0 && root * root <= a && (root + 1) * (root + 1) > a, "root of \(a)")
      check((a * a).squareRoot() == a, "root of the square of \(a)")
    }
  }
}

@Suite struct CopiesAreIndependent {
  @Test func changingACopyLeavesTheOriginal() {
    for original in Samples.integers {
      let text = original.description
      var changes: [(inout BigInteger) -> Void] = [
        { $0 += 1 }, { $0 -= 7 }, { $0 *= 3 }, { $0 /= 2 }, { $0 %= 5 }, { $0.negate() }, { $0.addProduct(3, 5) },
      ]
      changes += [{ $0 <<= 65 }, { $0 >>= 3 }, { $0 &= 12 }, { $0 |= 1 << 70 }, { $0 ^= -1 }]
      for (index, change) in changes.enumerated() {
        var copy = original
        change(&copy)
        check(original.description == text, "change \(index) of a copy of \(text)")
      }
    }
  }

  @Test func changingTheOriginalLeavesTheCopy() {
    var number = BigInteger(1) << 200
    let copy = number
    number += 1
    let second = number
    number *= number
    #expect(copy == BigInteger(1) << 200)
    #expect(second == copy + 1)
    #expect(number == second * second)
  }

  @Test func collectionsOfCopiesAreIndependent() {
    var numbers = [BigInteger](repeating: BigInteger(1) << 100, count: 3)
    numbers[1] += 5
    numbers[2].negate()
    #expect(numbers.map { $0 - (BigInteger(1) << 100) } == [0, 5, -(BigInteger(1) << 101)])
  }
}
