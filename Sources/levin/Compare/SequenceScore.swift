import Comparison
import ExactArithmetic
import Tasks

extension Outcome {
  /// What a method's answers to the test examples are worth: symbols by length, and of a file's lines the whole answers too;
  /// of terms these alone.
  ///
  /// - Parameter answers: the symbols answered to each of some examples of one length, none where there is no answer.
  mutating func score(
    _ problem: SequenceProblem, answers: ([SequenceExample]) throws -> [[Int]]
  ) rethrows {
    var (right, answered) = (0, 0)
    let byLength = try problem.test.map { length, examples in
      var sum = Rational(0)
      for (example, answer) in zip(examples, try answers(examples)) {
        sum += ChomskyProtocol.accuracy(of: answer, for: example)
        if answer == example.output { right += 1 }
        if !answer.isEmpty { answered += 1 }
      }
      return (length, sum / Rational(max(1, examples.count)))
    }
    if problem.sequence == nil { accuracyByLength = byLength }
    if problem.isFinite { (unseenRight, self.answered) = (Rational(right), answered) }
  }
}
