import ExactArithmetic
import Grammars
import Testing

@Suite struct KraftSumTests {
  @Test(arguments: SmallGrammar.allCases) func sumAndRemainderAreTheTerminationMass(_ small: SmallGrammar) {
    var sums = KraftSums(small.grammar)
    #expect(sums.current.remaining == sums.terminationMass)
    for _ in 0..<60 {
      let before = sums.current
      guard let partial = sums.next() else { break }
      #expect(partial.sum - before.sum == partial.lastProbability! * Rational(partial.programs - before.programs))
      let total = partial.remaining + RationalInterval(partial.sum)
      #expect(total.upper == sums.terminationMass.upper)
      // A sum may come to lie above the lower bound of an irrational mass; then nothing below the sum is possible.
      #expect(total.lower == max(sums.terminationMass.lower, partial.sum))
    }
  }

  @Test(arguments: SmallGrammar.allCases) func partialSumsAreThoseOfBruteForce(_ small: SmallGrammar) {
    var sums = KraftSums(small.grammar)
    let least = Rational(1, 500)
    let priors = BruteForce.trees(small.grammar, priorAtLeast: least).map(\.prior)
    while let last = priors.min(), sums.current.lastProbability != last, sums.next() != nil {}
    #expect(sums.current.sum == priors.reduce(0, +))
    #expect(sums.current.programs == BigInteger(priors.count))
    #expect(sums.current.levels == Set(priors).count)
  }

  @Test func sumsOfAFiniteGrammarLeaveNothing() {
    var sums = KraftSums(SmallGrammar.finite.grammar)
    while sums.next() != nil {}
    #expect(sums.current.sum == 1)
    #expect(sums.current.remaining == RationalInterval(0))
    #expect(sums.current.programs == 6)
  }
}
