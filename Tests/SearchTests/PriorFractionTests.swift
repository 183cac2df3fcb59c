import ExactArithmetic
import Grammars
import Randomness
import TestSupport
import Testing

@testable import Search

/// Fractions in three words against exact ones, beyond what three words hold too.
@Suite struct PriorFractionTests {
  private static let factors = [
    Rational(1, 2), Rational(1, 8), Rational(17, 91), Rational(13, 91), Rational(2, 3), Rational(1, 7),
    Rational(
      BigInteger("340282366920938463463374607431768211507")!, BigInteger("1000000000000000000000000000000000000000")!),
  ]

  /// What the bounds settle is the exact floor, and they settle nearly all.
  @Test func boundsSettleWhatTheySay() {
    var generator = SeededGenerator(seed: 1, name: "fractions")
    var (asked, wide, unsettled) = (0, 0, 0)
    for _ in 0..<300 {
      var fraction = PriorFraction.one
      var exact = Rational(1)
      for _ in 0..<40 {
        let factor = Self.factors[Int(generator.below(UInt64(Self.factors.count)))]
        fraction.multiply(by: PriorFraction(factor))
        exact = exact * factor
        let bits = Int(-exact.log2)
        for exponent in [bits - 2, bits, bits + 1, bits + 7, bits + 40, bits + 62, bits + 63, bits + 64, bits + 70]
        where exponent >= 0 {
          let floor = (exact * Rational(BigInteger(1) << exponent)).floor()
          let wanted = UInt64(exactly: floor) ?? .max
          asked += 1
          if !fraction.isWide {
            #expect(fraction.floor(times: Int32(exponent)) == wanted)
            continue
          }
          wide += 1
          if let settled = fraction.floorOfBounds(times: Int32(exponent)) {
            #expect(settled == wanted)
          } else if exponent <= bits + 40 {
            unsettled += 1
          }
        }
      }
    }
    #expect(wide > asked / 4)
    #expect(unsettled * 1000 < wide)
  }

  /// Whole numbers and what lies just below them: bounds may leave them open, and never say the other.
  @Test func bordersAreNotDecidedWrongly() {
    let third = Rational(BigInteger(3).power(60), BigInteger(1) << 100)
    var fraction = PriorFraction(third)
    #expect(fraction.isWide)
    for _ in 0..<60 { fraction.multiply(by: PriorFraction(Rational(1, 3))) }
    // 2^-100 exactly, by way of wide fractions.
    for exponent in [99, 100, 101, 120] as [Int32] {
      let settled = fraction.floorOfBounds(times: exponent)
      #expect(settled == nil || settled == (exponent < 100 ? 0 : 1 << UInt64(exponent - 100)))
    }
  }

  /// Masses by exponents, tails, powers of two and divisors add up as fractions do, in parts and together.
  @Test func wideMassesAddUp() throws {
    let grammar = try SyGuSReader.problem(Array(BruteForceTests.others[6].utf8), file: "other.sl").grammar
    let tail = Rational(24, 91)
    let priors = PriorExponents(grammar)
    let scale = MassSum.WideScale(priors, tails: [1, tail])
    let wide = PriorFraction(Self.factors.last!)
    #expect(wide.isWide)
    var (one, two) = (MassSum(), MassSum())
    var exact = Rational(0)
    var generator = SeededGenerator(seed: 2, name: "masses")
    for round in 0..<200 {
      var key = Array(repeating: Int64(0), count: priors.basis.count)
      var prior = Rational(1)
      for _ in 0..<generator.below(30) {
        let production = Int(generator.below(UInt64(grammar.productions.count)))
        for place in key.indices { key[place] += priors.productions[production][place] }
        prior = prior * grammar.productions[production].probability
      }
      let (isTail, shift) = (Int(generator.below(2)), Int(generator.below(8)) - 4)
      let divisor = 1 + generator.below(12)
      let mass = MassSum.Wide(exponents: key, tail: isTail, shift: shift, divisor: divisor)
      exact =
        exact + prior * (isTail == 1 ? tail : 1) * Rational(2).power(shift) / Rational(BigInteger(divisor))
      if round % 3 == 0 { one.add(wide, else: mass, of: scale) } else { two.add(wide, else: mass, of: scale) }
    }
    #expect(!two.isZero)
    one.add(two)
    #expect(one.total == exact)
  }

  /// In a language of uneven probabilities a whole phase adds up to 1, priors that fit three words or not.
  @Test func phasesOfUnevenProbabilitiesAddUp() throws {
    let grammar = try SyGuSReader.problem(Array(BruteForceTests.others[6].utf8), file: "other.sl").grammar
    let training = [(1, 1, 77), (0, 1, 2), (3, 2, 1)].map { a, b, c in
      Example(inputs: [.int(a), .int(b)], output: .int(c))
    }
    var configuration = LevinSearch.Configuration()
    configuration.maxPhase = 30
    // Each phase asserts its sum.
    let report = try LevinSearch(grammar, configuration).run(training: training)
    #expect(report.solutions.isEmpty && report.phase == 30)
    #expect(report.tally!.total == 1)
  }
}
