import ExactArithmetic
import Testing

@testable import Comparison

/// Priors over functions beside sums over all functions, and surveys beside counts by hand.
@Suite struct FunctionBiasTests {
  /// All functions of two inputs with two labels; the masses are 5/10, 2/10, 2/10, 1/20 with 1/20 open.
  private static let masses: [[Int]: Rational] = [
    [0, 0]: Rational(1, 2), [0, 1]: Rational(1, 5), [1, 0]: Rational(1, 5), [1, 1]: Rational(1, 20),
  ]
  private static let bias = FunctionBias(masses, open: Rational(1, 20), labels: 2)

  @Test func probabilitiesAreThoseOfTheDefinition() {
    let bias = Self.bias
    #expect(bias.given().probability([0, 0], by: .programs) == Rational(1, 2))
    #expect(
      bias.given([0: 0]).probability([0, 1], by: .programs) == Rational(1, 5) / (Rational(7, 10) + Rational(1, 20)))
    // Numbers of labels: two 0s 1/2, one of each 2/5, two 1s 1/20; 19/20 are said.
    #expect(bias.given().probability([0, 0], by: .balance) == Rational(10, 19))
    #expect(bias.given().probability([0, 1], by: .balance) == Rational(4, 19))
    // Behind a 0 either one more (1/2) or a 1 (half of 2/5).
    #expect(bias.given([0: 0]).probability([0, 1], by: .balance) == Rational(1, 5) / Rational(7, 10))
    #expect(bias.given([1: 1]).probability([0, 1], by: .uniform) == Rational(1, 2))
    #expect(bias.given([0: 0]).likeliest == [[0, 0]] && bias.given([1: 1]).likeliest == [[0, 1]])
    // Equal, and apart by no more than what is open.
    let close = FunctionBias(
      [[0, 1]: Rational(1, 5), [1, 0]: Rational(6, 25), [1, 1]: Rational(1, 20)], open: Rational(1, 20), labels: 2)
    #expect(close.given().likeliest == [[0, 1], [1, 0]])
  }

  /// Three inputs, three labels, some functions without programs: over all that agree, balance and uniform add up to 1, and
  /// programs to what is not open.
  @Test func probabilitiesAddUp() {
    var masses: [[Int]: Rational] = [:]
    var all: [[Int]] = []
    for number in 0..<27 {
      let function = [number % 3, number / 3 % 3, number / 9]
      all.append(function)
      if number % 4 != 1 { masses[function] = Rational(1, BigInteger(40 + 7 * number)) }
    }
    let said = masses.values.reduce(0, +)
    let bias = FunctionBias(masses, open: 1 - said, labels: 3)
    for known in [[:], [0: 2], [1: 0, 2: 1], [0: 0, 1: 0, 2: 0]] as [[Int: Int]] {
      let left = all.filter { function in known.allSatisfy { function[$0.key] == $0.value } }
      func sum(_ prior: FunctionBias.Prior) -> Rational {
        left.reduce(0) { $0 + bias.given(known).probability($1, by: prior) }
      }
      let consistent = left.reduce(Rational(0)) { $0 + (masses[$1] ?? 0) }
      #expect(sum(.uniform) == 1 && sum(.balance) == 1)
      #expect(sum(.programs) == consistent / (consistent + 1 - said))
    }
  }

  @Test func ranksShareTheirMean() {
    #expect(RankCorrelation.ranks([3, 1, 3, 0]) == [3.5, 2, 3.5, 1])
    #expect(RankCorrelation.ranks([3, 1, 4, 0], within: 1) == [3.5, 1.5, 3.5, 1.5])
    #expect(RankCorrelation.pearson([1, 2, 3], [2, 4, 6]) == 1)
    #expect(RankCorrelation.pearson([1, 2, 3], [3, 2, 1]) == -1)
    #expect(RankCorrelation.pearson([1, 1, 1], [3, 2, 1]) == 0)
  }

  @Test func surveysCountNetworks() {
    let survey = Self.bias.survey([[0, 0]: 3, [0, 1]: 1], seed: 0)
    #expect(survey.networks == 4 && survey.functions == 2 && survey.unsaid == 0)
    // 3/4 and 1/4.
    #expect(abs(survey.entropy - 0.811278) < 1e-6)
    // (3 · 1 + log2 5) / 4.
    #expect(abs(survey.bits[.programs]! - 1.330482) < 1e-6)
    #expect(survey.bits[.uniform] == 2)
    // Frequencies 3 1 0 0, priors 1/2 1/5 1/5 1/20: ranks 4 3 1.5 1.5 and 4 2.5 2.5 1.
    #expect(abs(survey.correlation - 0.833333) < 1e-6)
    // Only the two functions with one of each label exchange: frequencies stay as near to their priors.
    #expect(abs(survey.exchanged - survey.correlation) < 1e-12)
    let partial = FunctionBias([[0, 0]: Rational(1, 2)], open: Rational(1, 2), labels: 2)
    #expect(partial.survey([[1, 1]: 2], seed: 0).unsaid == 2)
  }

  @Test func exchangesKeepNumbersOfLabels() {
    // Priors follow one input, networks another: within equal numbers of labels nothing is left of the correlation.
    var (masses, counts): ([[Int]: Rational], [[Int]: Int]) = ([:], [:])
    for number in 0..<16 {
      let function = (0..<4).map { number >> $0 & 1 }
      masses[function] = Rational(1, BigInteger(20 + 100 * function.reduce(0, +)))
      counts[function] = 10 - function.reduce(0, +)
    }
    let bias = FunctionBias(masses, open: 0, labels: 2)
    let survey = bias.survey(counts, seed: 1)
    #expect(abs(survey.correlation - 1) < 1e-12 && abs(survey.exchanged - 1) < 1e-12)
    // One function more likely than its equals, for both.
    masses[[1, 0, 0, 0]] = Rational(1, 30)
    counts[[1, 0, 0, 0]] = 100
    let better = FunctionBias(masses, open: 0, labels: 2).survey(counts, seed: 1)
    #expect(better.correlation >= better.exchanged)
  }

  @Test func summariesCountTrials() {
    let trials = [
      FunctionBias.Trial(posterior: Self.bias.given([0: 0]), target: [0, 1], networks: [[0, 0], [0, 1], [0, 1]]),
      FunctionBias.Trial(posterior: Self.bias.given([1: 1]), target: [1, 1], networks: [[0, 1]]),
    ]
    let summary = Self.bias.summary(trials)
    #expect(summary.networks == 4 && summary.unseen == 4 && summary.unsaid == 0)
    #expect(summary.networkRight == 2 && summary.networkWhole == 2)
    // The likeliest behind [0: 0] is 00, behind [1: 1] it is 01.
    #expect(summary.programRight == 0 && summary.programWhole == 0 && summary.likeliest == 2)
    // Two trials: the mean of their means, and half of what these differ by.
    func bits(_ probability: Rational) -> Double { 0 - probability.log2 }
    let first = (bits(Rational(2, 3)) + 2 * bits(Rational(4, 15))) / 3
    let second = bits(Rational(2, 3))
    #expect(abs(summary.bits[.programs]! - (first + second) / 2) < 1e-12)
    #expect(abs(summary.errors[.programs]! - abs(first - second) / 2) < 1e-12)
    // Behind [0: 1] two functions are as likely: each counts half.
    let even = FunctionBias(
      [[1, 0]: Rational(1, 4), [1, 1]: Rational(1, 4), [0, 0]: Rational(1, 2)], open: 0, labels: 2)
    let halves = even.summary([.init(posterior: even.given([0: 1]), target: [1, 1], networks: [[1, 0], [1, 1]])])
    #expect(halves.likeliest == 2 && halves.programRight == 1 && halves.programWhole == 1 && halves.networkRight == 1)
    #expect(halves.bits[.programs] == 1 && halves.errors.isEmpty)
    #expect(summary.bits[.uniform] == 1)
  }
}
