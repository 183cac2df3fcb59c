import ExactArithmetic
import Tasks
import Testing

@Suite struct ChomskyProtocolTests {
  @Test func lengthsAreThePublishedOnes() {
    #expect(ChomskyProtocol.trainingLengths == 1...40 && ChomskyProtocol.testLengths == 41...500)
  }

  @Test(arguments: [
    ([1, 0, 0, 2], "1"), ([1, 0, 0, 2, 7, 7], "1"), ([1, 1, 0, 2], "3/4"), ([1, 1, 0], "1/2"), ([], "0"),
    ([0, 1, 1, 0], "0"),
  ])
  func accuracyIsTheShareOfRightSymbols(_ answer: [Int], _ expected: String) {
    let example = SequenceExample(input: [0], output: [1, 0, 0, 2])
    #expect(ChomskyProtocol.accuracy(of: answer, for: example).description == expected)
  }

  /// Every length weighs the same, and in it every example.
  @Test func scoreIsTheMeanOverLengthsOfMeans() {
    var score = LengthScore(lengths: 41...43)
    #expect(score.score == nil)
    for accuracy in [Rational(1), Rational(1, 2), Rational(0)] { score.add(accuracy, length: 41) }
    score.add(1, length: 42)
    #expect(score.score == nil && score.accuracy(length: 43) == nil)
    score.add(Rational(1, 3), length: 43)
    #expect(score.accuracy(length: 41) == Rational(1, 2))
    #expect(score.score == Rational(11, 18))
  }

  @Test func rightAnswersScoreOneOnAllTestLengths() throws {
    for task in SymbolTask.chomsky where task.name != "binary-multiplication" {
      var score = LengthScore()
      for length in ChomskyProtocol.testLengths {
        let example = task.testExamples(count: 1, length: length, seed: 0)[0]
        let answer = try #require(task.output(for: example.input))
        score.add(ChomskyProtocol.accuracy(of: answer, for: example), length: length)
      }
      #expect(score.score == 1)
    }
  }

  /// Blind guessing on single symbols lies near one over the alphabet: the samplers are not lopsided.
  @Test(arguments: [
    "even-pairs", "modular-arithmetic", "parity-check", "cycle-navigation", "solve-equation", "missing-duplicate",
  ])
  func constantAnswersScoreNearChance(_ name: String) throws {
    let task = try SymbolTask.named(name)
    for symbol in 0..<task.output.count {
      let examples = task.examples(count: 2000, lengths: 41...60, seed: 11)
      let share = Double(examples.count { $0.output == [symbol] }) / 2000
      // Products with 0 pull modular arithmetic towards no symbol: terms are many.
      #expect(abs(share - 1 / Double(task.output.count)) < 0.05, "\(name): \(symbol) has \(share)")
    }
  }
}
