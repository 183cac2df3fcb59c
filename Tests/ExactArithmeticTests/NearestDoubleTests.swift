import ExactArithmetic
import Testing

/// The rounding of `Rational.nearestDouble`, against exact distances to the neighbouring numbers.
@Suite struct NearestDoubleIsNearest {
  /// Doubles of every kind: limits, subnormal, near 1, and random bit patterns.
  private static let doubles: [Double] = {
    var draws = Draws(seed: 30)
    let special: [Double] = [
      .leastNonzeroMagnitude, 3 * .leastNonzeroMagnitude, .leastNormalMagnitude, .leastNormalMagnitude.nextDown,
      .leastNormalMagnitude.nextUp, 1, 1.0.nextUp, 1.0.nextDown, 2, 2.0.nextDown, .pi, 0.1, 1e22, 0x1.8p-1030,
      4_503_599_627_370_495.5, 0x1p53, .greatestFiniteMagnitude.nextDown,
    ]
    let random = (0..<80).map { _ in Double(bitPattern: draws.word()).magnitude }.filter { $0.isFinite && $0 > 0 }
    return special + random
  }()

  private func distance(_ x: Rational, _ d: Double) -> Rational { (x - Rational(double: d)).magnitude }

  /// Whether `d` is finite and no neighbour is nearer to `x`, nor as near with an even last bit.
  private func isNearest(_ d: Double, to x: Rational) -> Bool {
    guard d.isFinite else { return false }
    let own = distance(x, d)
    return [d.nextUp, d.nextDown].filter(\.isFinite).allSatisfy { neighbour in
      let other = distance(x, neighbour)
      return own < other || (own == other && d.bitPattern & 1 == 0)
    }
  }

  @Test func doublesComeBack() {
    for d in Self.doubles + [0, .greatestFiniteMagnitude] {
      check(Rational(double: d).nearestDouble == d && Rational(double: -d).nearestDouble == -d, "\(d)")
    }
  }

  @Test func exactValuesAreTheirSignificandsTimesPowersOfTwo() {
    for d in Self.doubles {
      let bits = d.bitPattern
      let (field, fraction) = (Int(bits >> 52), BigInteger(bits & ((1 << 52) - 1)))
      let significand = field == 0 ? fraction : fraction + BigInteger(1) << 52
      let exponent = max(field, 1) - 1075
      check(Rational(double: d) == Rational(significand) * Rational(2).power(exponent), "\(d)")
    }
  }

  @Test func halvesGoToTheEvenNeighbour() {
    for d in Self.doubles {
      let (low, high) = (Rational(double: d), Rational(double: d.nextUp))
      let half = (low + high) / 2
      let even = d.bitPattern & 1 == 0 ? d : d.nextUp
      let tiny = (high - low) / Rational(BigInteger(1) << 200)
      check(half.nearestDouble == even && (-half).nearestDouble == -even, "half above \(d)")
      check((half - tiny).nearestDouble == d, "just below the half above \(d)")
      check((half + tiny).nearestDouble == d.nextUp, "just above the half above \(d)")
    }
  }

  @Test func fractionsRoundToTheNearest() {
    var draws = Draws(seed: 31)
    for _ in 0..<300 {
      let scale = Rational(2).power(draws.below(2100) - 1060)
      let x = draws.rational(words: 1 + draws.below(3)) * scale
      guard x.magnitude < Rational(BigInteger(1) << 1023) else { continue }
      check(isNearest(x.nearestDouble, to: x), "\(x)")
      check(x.isInteger == false || x.nearestDouble == x.numerator.nearestDouble, "\(x) as an integer")
    }
    for p in -20...20 {
      for q in 1...20 {
        check(Rational(BigInteger(p), BigInteger(q)).nearestDouble == Double(p) / Double(q), "\(p)/\(q)")
      }
    }
  }

  @Test func decimalTextsAgreeWithTheStandardLibrary() {
    var draws = Draws(seed: 32)
    for _ in 0..<200 {
      let text =
        "\(draws.decimal(digits: 1 + draws.below(20))).\(String(draws.decimal(digits: 1 + draws.below(30)).drop { $0 == "-" }))"
      check(Rational(text)?.nearestDouble == Double(text), text)
    }
  }

  @Test func rangeEndsAtHalfAnUlpPastTheGreatest() {
    let edge = Rational((BigInteger(1) << 1024) - (BigInteger(1) << 970))
    let tiny = Rational(2).power(-300)
    #expect(edge.nearestDouble == .infinity && (-edge).nearestDouble == -.infinity)
    #expect((edge - tiny).nearestDouble == .greatestFiniteMagnitude)
    #expect((-edge + tiny).nearestDouble == -.greatestFiniteMagnitude)
    #expect(Rational(2).power(3000).nearestDouble == .infinity)
  }

  @Test func halfOfTheLeastIsZeroAndMoreIsNot() {
    let half = Rational(2).power(-1075)
    #expect(half.nearestDouble == 0)
    #expect((half + Rational(2).power(-1300)).nearestDouble == .leastNonzeroMagnitude)
    #expect((half * 3).nearestDouble == 2 * .leastNonzeroMagnitude)
    #expect(Rational(2).power(-3000).nearestDouble == 0)
    #expect(Rational(0).nearestDouble == 0)
  }
}
