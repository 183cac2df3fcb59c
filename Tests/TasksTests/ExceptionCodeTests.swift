import ExactArithmetic
import Testing

@testable import Tasks

@Suite struct ExceptionCodeTests {
  /// Over all sets of wrong labels and all their values the probabilities sum to 1 − 1/(n + 2), exactly.
  @Test func allSetsOfExceptionsSumToNearlyOne() {
    for (labels, alphabet) in [(0, 2), (1, 2), (5, 3), (6, 2), (4, 7)] {
      let code = ExceptionCode(labels: labels, alphabet: alphabet)
      var sum = Rational(0)
      for count in 0...labels {
        sum += Rational(binomial(labels, count) * BigInteger(alphabet - 1).power(count)) * code.probability(count)!
      }
      #expect(sum == 1 - Rational(1, BigInteger(labels + 2)), "\(labels) labels of \(alphabet): \(sum)")
    }
  }

  /// By hand: 2 of 5 labels of 4 values, 1/(3·4) · 1/10 · 1/9.
  @Test func twoOfFive() {
    #expect(ExceptionCode(labels: 5, alphabet: 4).probability(2) == Rational(1, 1080))
    #expect(ExceptionCode(labels: 5, alphabet: 4).withoutProgram == Rational(1, 1024))
    #expect(ExceptionCode(labels: 5, alphabet: 1).probability(0) == Rational(1, 2))
    #expect(ExceptionCode(labels: 5, alphabet: 1).probability(1) == nil)
    // One of the two where no label has what is said: 1/(3·4) · 1/10 · 1/3 · 1/4.
    #expect(ExceptionCode(labels: 5, alphabet: 4).probability(2, outside: 1) == Rational(1, 1440))
  }

  /// The bound from some number of exceptions on is the greatest of all probabilities there.
  @Test func greatestProbabilityIsTheGreatest() {
    for alphabet in 1...5 {
      for labels in 0...30 {
        let code = ExceptionCode(labels: labels, alphabet: alphabet)
        let all = (0...labels).map { code.probability($0) ?? 0 }
        for count in 0...labels {
          guard alphabet > 1 else { continue }
          #expect(code.greatestProbability(from: count) == all[count...].max(), "\(count) of \(labels), \(alphabet)")
        }
      }
    }
  }

  /// Over all label sequences the codes of one program sum to at most 1, whatever it says: values of labels, others, or none.
  @Test func codesOfOneProgramSumToAtMostOne() {
    for (alphabet, said) in [(2, [0, 1, 5, 5]), (2, [7, 7, 7, 7]), (3, [0, 9, 1, 2]), (1, [0, 3, 0]), (1, [0, 0])] {
      let code = ExceptionCode(labels: said.count, alphabet: alphabet)
      var sequences: [[Int]] = [[]]
      for _ in said { sequences = sequences.flatMap { start in (0..<alphabet).map { start + [$0] } } }
      var sum = Rational(0)
      for labels in sequences {
        let misses = said.indices.filter { said[$0] != labels[$0] }
        let outside = misses.count { said[$0] >= alphabet }
        let probability = code.probability(misses.count, outside: outside) ?? 0
        sum += probability
        for less in 0...outside {
          #expect(code.greatestProbability(from: misses.count, outside: less) >= probability)
        }
      }
      #expect(sum > 0 && sum <= 1, "\(alphabet) values, \(said): \(sum)")
    }
  }

  @Test func binomialsAreThoseOfPascal() {
    var row: [BigInteger] = [1]
    for n in 0...20 {
      #expect((0...n).map { BigInteger.binomial(n, $0) } == row)
      row = zip([0] + row, row + [0]).map { $0 + $1 }
    }
  }
}
