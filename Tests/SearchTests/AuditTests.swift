import ExactArithmetic
import Grammars
import Randomness
import Search
import TestSupport
import Testing

/// Σ of class masses = counting recurrence, exactly, at every level.
@Suite struct AuditTests {
  @Test(arguments: Language.allCases) func classCountsSumToTheCountingRecurrence(_ language: Language) throws {
    let grammar = try language.grammar(modulus: 11)
    var generator = SeededGenerator(seed: 2, name: "audit")
    let inputs = BruteForceTests.inputs(grammar, count: 12, &generator)
    var enumeration = try Enumeration(grammar, inputs: inputs)
    var audited = 0
    var programs = BigInteger(0)
    while let level = try enumeration.next(), level.probability * Rational(1 << 20) >= 1 {
      #expect(
        enumeration.countedPrograms(level) == level.programs,
        "\(language), level \(level.ordinal) of \(level.nonterminal)")
      audited += 1
      if level.nonterminal == 0 { programs += level.programs }
    }
    #expect(audited >= 6)
    #expect(programs > 1500)
    #expect(BigInteger(enumeration.candidates) < programs * 4)
  }

  /// The ladder of each language decreases strictly under GMP's comparison, and its counts are those of brute force.
  @Test(arguments: Language.allCases) func ladderDecreasesStrictlyAndCountsAsBruteForce(_ language: Language) throws {
    let grammar = try language.grammar()
    let brute = BruteForce(grammar, bits: 16)
    var counts: [Rational: BigInteger] = [:]
    for program in brute.programs { counts[program.prior, default: 0] += 1 }
    var last: [Int: Rational] = [:]
    var ladder = Ladder(grammar)
    while let level = ladder.next(), level.probability * Rational(1 << 16) >= 1 {
      if let last = last[level.nonterminal] { #expect(level.probability < last) }
      last[level.nonterminal] = level.probability
      if level.nonterminal == 0 { #expect(counts.removeValue(forKey: level.probability) == level.count) }
    }
    #expect(counts.isEmpty)
  }

  /// Σ prior of complete levels + certified rest = termination mass.
  @Test(arguments: Language.allCases) func partialSumsAndTheRestAreTheTerminationMass(_ language: Language) throws {
    var sums = KraftSums(try language.grammar())
    for _ in 0..<25 {
      let next = sums.next()
      let sum = try #require(next)
      #expect(sum.remaining.isExact)
      #expect(sum.sum + sum.remaining.lower == 1)
    }
  }
}
