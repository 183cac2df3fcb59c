import ExactArithmetic
import Grammars
import Tasks
import Testing

@Suite struct SplitTests {
  private func pairs(_ examples: some Sequence<Example>) -> [[Int64]] { examples.map { $0.inputs.map(\.word) } }

  @Test func threeTenthsOf113SquaredLeaves8939Unseen() throws {
    let task = try TaskFamily.named("mod-add").table(modulus: 113)
    let split = try Split(of: task, size: .fraction(Rational(3, 10)), seed: 0)
    #expect(split.training.count == 3830)
    #expect(split.unseen.count == 8939)
    #expect(Set(split.training + split.unseen) == Set(task.examples))
    let again = try Split(of: task, size: .count(3830), seed: 0)
    #expect(again == split)
    #expect(try Split(of: task, size: .count(3830), seed: 1) != split)
    // An independent implementation of the generator and of the shuffle, in Python.
    #expect(pairs(split.training.prefix(4)) == [[9, 5], [87, 1], [111, 10], [53, 15]])
    #expect(pairs(split.unseen.suffix(3)) == [[85, 76], [108, 35], [7, 49]])
  }

  @Test func splitsOfDifferentTasksDiffer() throws {
    let add = try TaskFamily.named("mod-add").table(modulus: 11)
    let sub = try TaskFamily.named("mod-sub").table(modulus: 11)
    let (first, second) = (
      try Split(of: add, size: .count(60), seed: 5), try Split(of: sub, size: .count(60), seed: 5)
    )
    #expect(pairs(first.training) != pairs(second.training))
  }

  @Test func cpythonShuffleGivesThePublishedSplit() throws {
    // python3: random.seed(598); random.shuffle([(i, j) for i in range(113) for j in range(113)])
    let task = try TaskFamily.named("mod-add").table(modulus: 113)
    let split = try Split(of: task, size: .fraction(Rational(3, 10)), seed: 598, shuffle: .cpython)
    #expect(pairs(split.training.prefix(6)) == [[25, 27], [18, 24], [98, 95], [52, 57], [49, 87], [56, 78]])
    #expect(pairs(split.unseen.prefix(3)) == [[43, 43], [67, 63], [104, 35]])
    #expect(pairs(split.unseen.suffix(2)) == [[96, 57], [14, 47]])
    // python3: random.seed(0); random.shuffle([(i, j) for i in range(97) for j in range(1, 97)])
    let division = try TaskFamily.named("mod-div").table(modulus: 97)
    let other = try Split(of: division, size: .count(4), seed: 0, shuffle: .cpython)
    #expect(pairs(other.training) == [[90, 66], [68, 12], [65, 85], [15, 44]])
    #expect(pairs(other.unseen.suffix(2)) == [[71, 75], [65, 72]])
  }

  @Test func repeatedExamplesCountOnceSoNothingUnseenWasSeen() throws {
    let parameter = Grammar.Parameter(name: "a", sort: .int)
    let examples = (0..<20).map { Example(inputs: [.int($0 % 10)], output: .int($0 % 10)) }
    let task = try TaskData(name: "t", parameters: [parameter], outputSort: .int, examples: examples)
    let split = try Split(of: task, size: .fraction(Rational(1, 2)), seed: 3)
    #expect(split.training.count == 5)
    #expect(split.unseen.count == 5)
    #expect(Set(split.training).isDisjoint(with: split.unseen))
  }

  @Test func fractionsAreExact() throws {
    // 0.29 * 100 is 28.999999999999996 in floating point.
    let task = try TaskFamily.named("mod-add").table(modulus: 10)
    #expect(try Split(of: task, size: .fraction(Rational("0.29")!), seed: 0).training.count == 29)
    #expect(try Split(of: task, size: .fraction(Rational(1, 3)), seed: 0).training.count == 33)
    #expect(try Split(of: task, size: .fraction(1), seed: 0).unseen.isEmpty)
    #expect(try Split(of: task, size: .count(1), seed: 0).training.count == 1)
  }

  @Test func sizesThatMakeNoTrainingSetAreRefused() throws {
    let task = try TaskFamily.named("mod-add").table(modulus: 10)
    let sizes: [(Split.Size, String)] = [
      (.count(0), "0"), (.count(101), "101"), (.fraction(Rational(1, 1000)), "1/1000"),
      (.fraction(Rational(1001, 1000)), "1001/1000"),
    ]
    for (size, asked) in sizes {
      #expect(
        message { try Split(of: task, size: size, seed: 0) }
          == "task 'mod-add': \(asked) of 100 examples is not a training set; expected 1 … 100 of them")
    }
  }
}
