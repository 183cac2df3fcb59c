import ExactArithmetic
import Testing

@Suite struct IntervalsContainTheirResults {
  private static let intervals: [RationalInterval] = {
    let ends: [Rational] = [-3, Rational(-1, 2), 0, Rational(1, 3), 2, Rational(7, 2)]
    return ends.flatMap { low in ends.filter { low <= $0 }.map { RationalInterval(lower: low, upper: $0) } }
  }()

  /// Both ends, the midpoint, and a point near the lower end.
  private func members(_ interval: RationalInterval) -> [Rational] {
    [interval.lower, interval.upper, interval.midpoint, interval.lower + interval.width / 7]
  }

  @Test func operationsContainResultsOfMembers() {
    for a in Self.intervals {
      for b in Self.intervals {
        let (sum, difference, product) = (a + b, a - b, a * b)
        let quotient = b.contains(0) ? nil : a / b
        for x in members(a) {
          for y in members(b) {
            check(
              sum.contains(x + y) && difference.contains(x - y) && product.contains(x * y), "\(x) of \(a), \(y) of \(b)"
            )
            if let quotient { check(quotient.contains(x / y), "\(x) / \(y)") }
          }
        }
      }
    }
  }

  @Test func endsOfResultsAreReached() {
    for a in Self.intervals {
      for b in Self.intervals {
        let corners = [(a.lower, b.lower), (a.lower, b.upper), (a.upper, b.lower), (a.upper, b.upper)]
        let products = corners.map { $0 * $1 }
        check((a * b).lower == products.min() && (a * b).upper == products.max(), "\(a) * \(b)")
        check((a - b).upper == a.upper - b.lower && (a - b).lower == a.lower - b.upper, "\(a) - \(b)")
        if !b.contains(0) {
          let quotients = corners.map { $0 / $1 }
          check((a / b).lower == quotients.min() && (a / b).upper == quotients.max(), "\(a) / \(b)")
        }
      }
    }
  }

  @Test func intersectionAndHullAreTheNearestIntervals() {
    for a in Self.intervals {
      for b in Self.intervals {
        let hull = a.hull(b)
        check(hull.contains(a) && hull.contains(b), "\(a), \(b)")
        check([a.lower, b.lower].contains(hull.lower) && [a.upper, b.upper].contains(hull.upper), "\(a), \(b)")
        let shared = a.intersection(b)
        check((shared == nil) == (a.upper < b.lower || b.upper < a.lower), "\(a), \(b)")
        if let shared { check(a.contains(shared) && b.contains(shared), "\(a), \(b)") }
        for x in members(a) where b.contains(x) { check(shared?.contains(x) == true, "\(x)") }
      }
    }
  }

  @Test func roundingWidensByLessThanAUnitAtEachEnd() {
    for a in Self.intervals {
      for bits in [0, 1, 5, 64] {
        let unit = Rational(2).power(-bits)
        let wide = a.rounded(toBits: bits)
        check(wide.contains(a) && wide.contains(wide), "\(a) to \(bits) bits")
        check(a.lower - wide.lower < unit && wide.upper - a.upper < unit, "\(a) to \(bits) bits")
        check((wide.lower / unit).isInteger && (wide.upper / unit).isInteger, "\(a) to \(bits) bits")
        check(wide.rounded(toBits: bits) == wide, "\(a) twice to \(bits) bits")
      }
    }
  }

  @Test func oneNumberIsExact() {
    let point = RationalInterval(Rational(3, 10))
    #expect(point.isExact && point.width == 0 && point.midpoint == Rational(3, 10) && point.contains(Rational(3, 10)))
    #expect("\(point)" == "3/10")
    #expect("\(RationalInterval(lower: Rational(-1, 2), upper: 3))" == "[-1/2, 3]")
    #expect(!RationalInterval(lower: 0, upper: 1).isExact)
  }
}
