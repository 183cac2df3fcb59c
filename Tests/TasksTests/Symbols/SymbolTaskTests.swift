import ExactArithmetic
import Randomness
import Tasks
import Testing

@Suite struct SymbolTaskTests {
  /// Table 2 of Delétang et al. 2022, with each task's class.
  @Test func chomskyTasksStandInThePublishedOrder() {
    let classes: [(SymbolTask.Kind, [String])] = [
      (.regular, ["even-pairs", "modular-arithmetic", "parity-check", "cycle-navigation"]),
      (
        .deterministicContextFree,
        ["stack-manipulation", "reverse-string", "modular-arithmetic-brackets", "solve-equation"]
      ),
      (
        .contextSensitive,
        [
          "duplicate-string", "missing-duplicate", "odds-first", "binary-addition", "binary-multiplication",
          "compute-sqrt", "bucket-sort",
        ]
      ),
    ]
    #expect(SymbolTask.chomsky.map(\.name) == classes.flatMap(\.1))
    for (kind, names) in classes {
      #expect(SymbolTask.chomsky.filter { $0.kind == kind }.map(\.name) == names)
    }
  }

  @Test func namesAreUniqueAndFound() throws {
    let names = SymbolTask.all.map(\.name)
    #expect(SymbolTask.chomsky.count == 15 && SymbolTask.streams.count == 25 && Set(names).count == 40)
    for name in names { #expect(try SymbolTask.named(name).name == name) }
    #expect(message { try SymbolTask.named("even-pair") } == "unknown task 'even-pair'; did you mean 'even-pairs'?")
    #expect(
      message { try TaskFamily.named("even-pairs") }
        == "task 'even-pairs' maps sequences to sequences; expected a task on single inputs, such as 'mod-add'")
  }

  @Test(arguments: SymbolTask.chomsky.map(\.name))
  func outputsEqualTheSecondRoute(_ name: String) throws {
    let task = try SymbolTask.named(name)
    let short = task.examples(count: 600, lengths: 1...12, seed: 1)
    let longer =
      task.examples(count: 60, lengths: 13...120, seed: 2) + task.examples(count: 3, lengths: 490...500, seed: 3)
    for example in short + longer {
      #expect(SecondRoute.chomsky(name, example.input) == example.output, "\(name): \(example.input)")
    }
  }

  @Test(arguments: SymbolTask.streams.map(\.name))
  func answersEqualTheDefinitionAtEveryPlace(_ name: String) throws {
    let task = try SymbolTask.named(name)
    for example in task.examples(count: 60, lengths: 1...40, seed: 4)
      + task.examples(count: 2, lengths: 200...200, seed: 5)
    {
      for t in 1...example.input.count {
        let answer = SecondRoute.stream(name, Array(example.input.prefix(t)))
        guard answer == example.output[t - 1] else {
          Issue.record("\(name): \(example.output[t - 1]) where \(answer) is right, after \(example.input.prefix(t))")
          return
        }
      }
    }
  }

  /// Words of up to 10 symbols of a binary alphabet, all of them.
  @Test(arguments: SymbolTask.streams.filter { $0.input.count == 2 }.map(\.name))
  func shortStreamsAreRightWithoutException(_ name: String) throws {
    let task = try SymbolTask.named(name)
    for length in 1...10 {
      for word in 0..<(1 << length) {
        let input = (0..<length).map { word >> $0 & 1 }
        guard let output = task.output(for: input) else { continue }
        #expect(SecondRoute.stream(name, input) == output.last)
      }
    }
  }

  @Test(arguments: SymbolTask.all.map(\.name))
  func lengthsAndAlphabetsAreAsDeclared(_ name: String) throws {
    let task = try SymbolTask.named(name)
    var generator = SeededGenerator(seed: 6, name: name)
    var symbols: (input: Set<Int>, output: Set<Int>) = ([], [])
    for length in Array(1...60) + [500] {
      for _ in 0..<8 {
        let example = task.example(length: length, using: &generator)
        #expect(example.input.count == task.inputCount(length: length))
        #expect(task.input.holds(example.input) && task.output.holds(example.output))
        #expect(task.output(for: example.input) == example.output)
        let padded = task.paddedOutputCount(inputCount: example.input.count)
        #expect(task.output.names.last == "end" ? example.output.count <= padded : example.output.count == padded)
        if task.output.names.last == "end" { #expect(example.output.firstIndex(of: 2) == example.output.count - 1) }
        symbols.input.formUnion(example.input)
        symbols.output.formUnion(example.output)
      }
    }
    #expect(symbols.input.count == task.input.count, "\(name): only \(symbols.input.sorted()) occur")
    let unused = name == "stream-set-size" ? 1 : 0
    #expect(symbols.output.count == task.output.count - unused, "\(name): only \(symbols.output.sorted()) are answered")
  }

  @Test func onlyModularArithmeticShortensEvenLengths() {
    for task in SymbolTask.all {
      #expect(
        (1...500).allSatisfy {
          task.inputCount(length: $0) == ($0 % 2 == 0 && task.name == "modular-arithmetic" ? $0 - 1 : $0)
        })
    }
  }

  @Test(arguments: SymbolTask.all.map(\.name))
  func theSameSeedGivesTheSameExamples(_ name: String) throws {
    let task = try SymbolTask.named(name)
    let first = task.trainingExamples(count: 30, seed: 7)
    #expect(task.trainingExamples(count: 30, seed: 7) == first)
    #expect(task.trainingExamples(count: 20, seed: 7) == Array(first.prefix(20)))
    #expect(task.trainingExamples(count: 30, seed: 8) != first)
    #expect(first.allSatisfy { (1...40).contains($0.input.count) })
    #expect(
      task.testExamples(count: 2, length: 100, seed: 7).allSatisfy { $0.input.count == task.inputCount(length: 100) })
  }

  /// Answers of a stream never depend on what comes later.
  @Test(arguments: SymbolTask.streams.map(\.name))
  func streamsAreCausal(_ name: String) throws {
    let task = try SymbolTask.named(name)
    for example in task.examples(count: 20, lengths: 2...50, seed: 9) {
      for t in 1..<example.input.count {
        #expect(task.output(for: Array(example.input.prefix(t))) == Array(example.output.prefix(t)))
      }
    }
  }

  /// The examples in the comments of the released code, and the edges that it leaves open.
  @Test(arguments: [
    ("even-pairs", [0, 0, 1, 1, 1, 0], [0]), ("even-pairs", [0, 1, 0, 1, 0, 0, 1], [1]), ("even-pairs", [1], [0]),
    ("modular-arithmetic", [1, 5, 2, 7, 3], [2]), ("modular-arithmetic", [1, 6, 1, 6, 1], [4]),
    ("modular-arithmetic", [0, 7, 1, 5, 4, 7, 3, 6, 2], [0]), ("parity-check", [1, 0, 1, 0, 1, 0, 0], [1]),
    ("parity-check", [0, 1, 1, 1, 1], [0]), ("cycle-navigation", [2, 0, 1, 0, 0], [3]),
    ("cycle-navigation", [2, 2, 2, 0], [2]), ("stack-manipulation", [0, 1, 1, 0, 4, 2, 2], [1, 1, 0, 2]),
    ("stack-manipulation", [1, 1, 0, 2, 2, 2], [2]), ("stack-manipulation", [1, 2, 2, 3], [0, 2]),
    ("reverse-string", [0, 1, 1, 0, 1, 0], [0, 1, 0, 1, 1, 0]), ("duplicate-string", [1, 0, 1], [1, 0, 1, 1, 0, 1]),
    ("missing-duplicate", [0, 1, 1, 0, 0, 2, 1, 0], [1]), ("missing-duplicate", [1, 0, 1, 1, 2, 1, 3], [0]),
    ("odds-first", [0, 0, 1, 1, 0, 1, 0, 1], [0, 1, 0, 0, 0, 1, 1, 1]), ("odds-first", [1, 1, 0], [1, 0, 1]),
    ("binary-addition", [0, 0, 1, 2, 0, 1, 1, 0, 1], [0, 1, 0, 1, 1, 2]), ("binary-addition", [1, 1], [1, 1, 2]),
    ("binary-multiplication", [1, 0, 0, 1, 2, 0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 1, 0, 0, 1, 2]),
    ("binary-multiplication", [1], [2]), ("binary-multiplication", [1, 1], [0, 2]),
    ("compute-sqrt", [1, 0, 0, 1, 0, 1], [1, 1, 0]), ("compute-sqrt", [1, 1, 1], [1, 0]),
    ("bucket-sort", [1, 0, 2, 0, 4, 1, 1, 2], [0, 0, 1, 1, 1, 2, 2, 4]),
    ("modular-arithmetic-brackets", [8, 6, 3, 6, 6, 4, 9], [1]), ("solve-equation", [7, 9, 6, 3, 8, 10, 4], [2]),
    ("solve-equation", [0, 0], [0]), ("stream-add-base-10", [99, 0, 5], [8, 1, 5]),
    ("stream-majority-4", [1, 1, 1, 0, 1, 0], [0, 0, 1, 1, 1, 0]),
    ("stream-parity-reset", [1, 1, 1, 2, 1], [1, 0, 1, 0, 1]),
  ])
  func publishedAndHandMadeExamples(_ name: String, _ input: [Int], _ output: [Int]) throws {
    #expect(try SymbolTask.named(name).output(for: input) == output)
  }

  @Test(arguments: [
    ("even-pairs", []), ("even-pairs", [2]), ("parity-check", [-1]), ("modular-arithmetic", [1, 5]),
    ("modular-arithmetic", [5, 1, 1]), ("modular-arithmetic-brackets", [8, 1, 5, 1]),
    ("modular-arithmetic-brackets", [1, 9]),
    ("modular-arithmetic-brackets", [8, 1, 5, 1, 5, 1, 9]), ("solve-equation", [1, 10, 1]),
    ("solve-equation", [9, 10]),
    ("solve-equation", [7, 9, 6, 9, 8, 10, 0]), ("missing-duplicate", [0, 1]), ("missing-duplicate", [2, 1, 0, 0]),
    ("missing-duplicate", [2, 2]), ("binary-addition", [2, 1, 1]), ("binary-addition", [1, 2, 1, 2, 1]),
    ("binary-multiplication", [1, 0, 1]), ("stack-manipulation", [2, 0]), ("stream-bracket-depth", [1]),
    ("stream-first-index", Array(repeating: 0, count: 16) + [1]),
  ])
  func inputsOfNoTaskHaveNoOutput(_ name: String, _ input: [Int]) throws {
    #expect(try SymbolTask.named(name).output(for: input) == nil)
  }
}
