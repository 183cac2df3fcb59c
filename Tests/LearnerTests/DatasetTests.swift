import Documents
import Grammars
import Learner
import Networks
import Tasks
import Testing

@Suite struct DatasetTests {
  @Test func residuesAreTheirOwnTokens() throws {
    let task = try TaskFamily.named("mod-add").table(modulus: 7)
    let vocabulary = TaskVocabulary(task.examples)
    #expect(vocabulary.inputs == (0..<7).map { .int($0) })
    #expect(vocabulary.outputs == vocabulary.inputs)
    let batch = Dataset.batch(task.examples, vocabulary, false)
    #expect(batch.shape == BatchShape(rows: 49, positions: 2))
    for (row, target) in batch.targets.enumerated() {
      #expect(target == (batch.tokens[2 * row] + batch.tokens[2 * row + 1]) % 7)
    }
  }

  @Test func equalsSignIsTheLastToken() throws {
    let task = try TaskFamily.named("mod-div").table(modulus: 5)
    let split = try Split(of: task, size: .count(10), seed: 3)
    let data = Dataset(
      training: split.training, unseen: split.unseen, vocabulary: TaskVocabulary(task.examples), endsInEquals: true)
    #expect(data.positions == 3 && data.training.shape.rows == 10 && data.test?.shape.rows == 10)
    #expect((0..<10).allSatisfy { data.training.tokens[3 * $0 + 2] == 5 })
  }

  @Test func permutationsAreInLexicographicOrder() throws {
    let task = try TaskFamily.named("s5-compose").table()
    let vocabulary = TaskVocabulary(task.examples)
    #expect(vocabulary.inputs.count == 120 && vocabulary.outputs == vocabulary.inputs)
    #expect(
      vocabulary.inputs.first == .permutation([0, 1, 2, 3, 4])
        && vocabulary.inputs.last == .permutation([4, 3, 2, 1, 0]))
    for (number, value) in vocabulary.inputs.enumerated() { #expect(vocabulary.token(of: value) == Int32(number)) }
  }

  /// Told from the training examples alone, and only where some of them mirror each other.
  @Test func commutingIsReadOffTheTrainingExamples() throws {
    for (name, commutes) in [
      ("mod-add", true), ("mod-mul", true), ("mod-sub", false), ("mod-square-add", false), ("mod-quadratic", true),
    ] {
      let table = try TaskFamily.named(name).table(modulus: 11)
      let split = try Split(of: table, size: .count(60), seed: 0)
      #expect(Dataset.commutes(split.training) == commutes, "\(name)")
    }
    let apart = [(1, 2, 3), (4, 5, 9), (6, 6, 12)].map { a, b, c in
      Example(inputs: [.int(Int64(a)), .int(Int64(b))], output: .int(Int64(c)))
    }
    #expect(!Dataset.commutes(apart))
  }

  @Test func outputsOfAnotherKindHaveNumbersOfTheirOwn() throws {
    let examples = [(3, true), (-1, false), (9, true)].map { Example(inputs: [.int($0.0)], output: .bool($0.1)) }
    let vocabulary = TaskVocabulary(examples)
    #expect(vocabulary.inputs == [.int(-1), .int(3), .int(9)])
    #expect(vocabulary.outputs == [.bool(false), .bool(true)])
    #expect(vocabulary.token(of: .int(4)) == nil && vocabulary.output(of: .bool(true)) == 1)
  }
}
