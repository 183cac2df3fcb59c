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
  }

  /// The bound from some number of exceptions on is the greatest of all probabilities there.
  @Test func greatestProbabilityIsTheGreatest() {
    for alphabet in 1...5 {
      for labels in 0...30 {
        let code = ExceptionCode(labels: labels, alphabet: alphabet)
        let all = (0...labels).map { code.probability($0) ?? 0 }
        for count in 0...labels {
          #expect(code.greatestProbability(from: count) == all[count...].max(), "\(count) of \(labels), \(alphabet)")
        }
      }
    }
  }

  @Test func binomialsAreThoseOfPascal() {
    var row: [BigInteger] = [1]
    for n in 0...20 {
      #expect((0...n).map { Tasks.binomial(n, $0) } == row)
      row = zip([0] + row, row + [0]).map { $0 + $1 }
    }
  }
}
