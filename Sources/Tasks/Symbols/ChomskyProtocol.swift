public import ExactArithmetic

/// How Delétang et al. 2022 train and score: lengths 1 ... 40 to learn from, lengths 41 ... 500 to be scored on.
///
/// The accuracy of an answer is the share of the output's symbols that it has in their places. The score is the mean over
/// the test lengths of the mean accuracy over the examples of a length; every example of a length weighs the same,
/// whatever the length of its output, as the paper defines it. Its released code differs twice: it starts at length 42
/// (`accuracies[41:]` of a list that begins at length 1), and it pools the symbols of a batch where outputs vary in
/// length.
public enum ChomskyProtocol {
  /// Nominal input lengths that examples to learn from are drawn from.
  public static let trainingLengths = 1...40
  /// Nominal input lengths that are scored.
  public static let testLengths = 41...500

  /// The share of the output's symbols that the answer has in their places.
  ///
  /// Symbols that an answer lacks are wrong; symbols beyond the output's last are padding and not looked at.
  ///
  ///     ChomskyProtocol.accuracy(of: [1, 1, 0], for: SequenceExample(input: [0], output: [1, 0, 0, 2]))   // 1/2
  public static func accuracy(of answer: [Int], for example: SequenceExample) -> Rational {
    precondition(!example.output.isEmpty, "an example without output has no accuracy")
    return Rational(BigInteger(zip(answer, example.output).count { $0 == $1 }), BigInteger(example.output.count))
  }
}

/// Gathers accuracies by length and gives their mean over the lengths, exactly.
public struct LengthScore: Sendable {
  /// The nominal lengths that the score is the mean over.
  public let lengths: ClosedRange<Int>
  private var sums: [(accuracy: Rational, count: Int)]

  /// A score without any example yet.
  public init(lengths: ClosedRange<Int> = ChomskyProtocol.testLengths) {
    self.lengths = lengths
    sums = lengths.map { _ in (0, 0) }
  }

  /// Enters the accuracy of one example of a nominal length.
  public mutating func add(_ accuracy: Rational, length: Int) {
    precondition(lengths.contains(length), "length \(length) is outside \(lengths)")
    precondition(accuracy >= 0 && accuracy <= 1, "\(accuracy) is not an accuracy")
    sums[length - lengths.lowerBound].accuracy += accuracy
    sums[length - lengths.lowerBound].count += 1
  }

  /// The mean accuracy at a length; nil when no example of it was entered.
  public func accuracy(length: Int) -> Rational? {
    let (accuracy, count) = sums[length - lengths.lowerBound]
    return count == 0 ? nil : accuracy / Rational(count)
  }

  /// The mean over all lengths; nil while a length has no example.
  public var score: Rational? {
    let means = lengths.compactMap { accuracy(length: $0) }
    return means.count == lengths.count ? means.reduce(0, +) / Rational(means.count) : nil
  }
}

extension SymbolTask {
  /// Examples to learn from, of `trainingLengths` drawn evenly.
  public func trainingExamples(count: Int, seed: UInt64) -> [SequenceExample] {
    examples(count: count, lengths: trainingLengths, seed: seed)
  }

  /// 1 ... 40, or from the least length that is learned from on.
  public var trainingLengths: ClosedRange<Int> { leastLearned...ChomskyProtocol.trainingLengths.upperBound }

  /// Examples of one length to be scored on.
  ///
  /// Those of one length do not depend on which others are asked for.
  public func testExamples(count: Int, length: Int, seed: UInt64) -> [SequenceExample] {
    examples(count: count, lengths: length...length, seed: seed)
  }
}
