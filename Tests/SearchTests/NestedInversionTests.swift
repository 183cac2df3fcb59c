import Evaluation
import ExactArithmetic
import Grammars
import Randomness
import Tasks
import TestSupport
import Testing

@testable import Search

/// Streams with brackets and unknowns: how they are read, and machines of residues on them.
@Suite struct NestedInversionTests {
  private static func example(_ stream: [Int64], _ answer: Int64) -> Example {
    Example(inputs: [.list(stream)], output: .list([answer]))
  }

  /// A group is a stream of its own that begins at the start, and a symbol where it stood.
  @Test func groupsAreStreamsInTheTree() throws {
    let tree = try #require(
      StreamTree([Self.example([8, 1, 0, 9, 1], 1), Self.example([1, 0], 0)], brackets: (8, 9)))
    #expect(tree.symbols == [0, 1])
    #expect(tree.parents == [-1, 0, -1, 2] && tree.places == [1, 0, -1, 1] && tree.groups == [-1, -1, 1, -1])
    #expect(tree.wanted == [Value.noValueWord, 0, Value.noValueWord, 1] && tree.joined.isEmpty)
    // What a group may be is known with the symbols that it may be.
    #expect(tree.layers([1, 0], values: 2) == [[0], [1, 2, 3]])
    for stream in [[8], [9], [8, 9], [1, 8, 9], [8, 1], [9, 1, 8]] as [[Int64]] {
      #expect(StreamTree([Self.example(stream, 0)], brackets: (8, 9)) == nil)
    }
  }

  /// One stream for each number up to the answer; only at the answer the value is 0.
  @Test func unknownsAreTried() throws {
    let tree = try #require(StreamTree([Self.example([7, 3], 2), Self.example([4], 0)], unknown: 7))
    #expect(tree.symbols == [0, 1, 2, 3, 4] && tree.asksForZero && tree.answers == 0...2)
    #expect(tree.wanted.filter { $0 != Value.noValueWord } == [1, 1, 0, 0])
    #expect(StreamTree([Self.example([7], -1)], unknown: 7) == nil)
    #expect(StreamTree([Self.example([7], 1_000)], unknown: 7) == nil)
  }

  @Test func bracketsAndUnknownsAreThoseOfAllStreams() throws {
    let grammar = try StructuredLanguage.nested.grammar()
    func readings(_ examples: [Example]) throws -> [String] {
      try StreamReading.all(TransducerInversionTests.attempt(grammar, examples, bits: 4)).map { reading in
        reading.shapes[0].frames.map { frame in
          (frame.head?.head ?? "")
            + frame.constants.map { InfixPrinter(grammar).text(grammar.term(of: $0)) }.joined(separator: " ")
        }
        .joined(separator: "|")
      }
    }
    let paired = [Self.example([8, 1, 9, 2], 1), Self.example([8, 2, 9, 2], 0)]
    #expect(try readings(paired) == ["nested8 9|solve1", "nested8 9|solve2", "nested8 9"])
    // Nothing pairs: an unknown alone.
    #expect(try readings([Self.example([3, 1], 1), Self.example([3, 2, 2], 2)]) == ["|solve3"])
    #expect(
      try readings([Self.example([9, 8, 1], 1), Self.example([8, 1, 9], 1)]).allSatisfy { !$0.contains("nested") })
  }

  /// Expressions modulo 3 with digits 0 1 2, 3 for +, 4 for ·, brackets 6 and 7.
  private static func expression(_ depth: Int, _ generator: inout SeededGenerator) -> (symbols: [Int64], value: Int64) {
    if depth == 0 || generator.below(3) == 0 {
      let digit = Int64(generator.below(3))
      return ([digit], digit)
    }
    let (left, right) = (expression(depth - 1, &generator), expression(depth - 1, &generator))
    let isSum = generator.below(2) == 0
    let value = isSum ? left.value + right.value : left.value * right.value
    return ([6] + left.symbols + [isSum ? 3 : 4] + right.symbols + [7], value % 3)
  }

  private static func expressions(_ count: Int, depth: Int, _ generator: inout SeededGenerator) -> [Example] {
    (0..<count).map { _ in
      let (symbols, value) = expression(depth, &generator)
      return example(symbols, value)
    }
    .sorted { $0.inputs[0].elements.count < $1.inputs[0].elements.count }
  }

  /// The machine that is found is right on expressions that are deeper than all that it has seen.
  @Test func expressionsInBracketsAreRecovered() throws {
    let grammar = try StructuredLanguage.nested.grammar()
    var generator = SeededGenerator(seed: 1, name: "nested expressions")
    let training = Self.expressions(80, depth: 3, &generator)
    let attempt = try TransducerInversionTests.attempt(grammar, training, bits: 20)
    while attempt.earlyWork.reduce(0, +) < 60_000, attempt.storeEarly() {}
    let program = try #require(TransducerInversion.search(attempt, work: 4e5) { false })
    #expect(grammar.derives(program))
    let runner = ProgramRunner(grammar.term(of: program), in: grammar, stepLimit: .max)
    for example in training + Self.expressions(30, depth: 8, &generator) {
      #expect(runner.run(on: example.inputs.map { .init($0) }).value == .init(example.output))
    }
  }

  /// Tests on groups and inside of them leave no machine out: with and without them the same is the least.
  @Test(arguments: [1 as UInt64, 2].prefix(isThorough ? 2 : 1)) func machinesOnGroupsAreTheLeast(_ seed: UInt64) throws
  {
    let grammar = try StructuredLanguage.nested.grammar()
    var generator = SeededGenerator(seed: seed, name: "least groups")
    let examples = Self.expressions(14, depth: 2, &generator).map { example in
      // Words over 0, 1 and one operation.
      Self.example(example.inputs[0].elements.map { $0 < 3 ? $0 % 2 : $0 == 4 ? 3 : $0 }, 0)
    }
    let attempt = try TransducerInversionTests.attempt(grammar, examples, bits: 20)
    let shape = try #require(TransducerShape.all(grammar).first { $0.frames.count == 1 })
    let symbols: [Int64] = [0, 1, 3]
    func terms(_ count: Int) -> [ResidueTerms] {
      shape.updates.map {
        ResidueTerms(
          attempt, $0, states: Array(shape.updateVariables.prefix(2)), symbol: (shape.updateVariables[2], symbols),
          modulus: 2, looks: 1_000, most: count, { false })
      }
    }
    let updates = terms(3)
    let output = ResidueTerms(
      attempt, shape.output, states: Array(shape.outputVariables.prefix(2)), symbol: nil, modulus: 2, looks: 1_000,
      most: 3, { false })
    let count = updates[0].tables.count
    try #require(count == 3 && output.tables.count == 3)

    /// The value of a stream for a rule per symbol; nil where there is none.
    func value(_ stream: [Int64], _ rules: [[Int]], _ answers: [UInt8], _ start: Int) -> Int? {
      var cells = [start]
      var read = [0]
      for symbol in stream {
        if symbol == 6 {
          cells.append(start)
          read.append(0)
          continue
        }
        var number = Int(symbol)
        if symbol == 7 {
          number = Int(answers[cells.removeLast()])
          if read.removeLast() == 0 { return nil }
        }
        guard let place = symbols.firstIndex(of: Int64(number)) else { return nil }
        let next = rules[place].enumerated().map { updates[$0.offset].tables[$0.element][place * 4 + cells.last!] }
        if next.contains(ResidueTerms.none) { return nil }
        cells[cells.count - 1] = Int(next[0]) + 2 * Int(next[1])
        read[read.count - 1] += 1
      }
      return Int(answers[cells[0]])
    }
    let choices = (0..<count * count).map { [$0 % count, $0 / count] }
    let drawn = (0..<3).map { _ in choices[Int(generator.below(UInt64(choices.count)))] }
    let labelled = examples.compactMap { example -> Example? in
      let stream = example.inputs[0].elements
      return value(stream, drawn, output.tables[1], 2).map { Self.example(stream, Int64($0)) }
    }
    try #require(labelled.count > 3)
    let tree = try #require(StreamTree(labelled, brackets: (6, 7)))
    try #require(tree.symbols == symbols)

    let starts = (0..<4).map { (values: [$0 % 2, $0 / 2], bits: Double(1 + $0)) }
    let least = ResidueMachineTests.least(3, choices, updates, output, starts) { rules, table, start in
      labelled.allSatisfy {
        value($0.inputs[0].elements, rules, table, start[0] + 2 * start[1]).map { Int64($0) } == $0.output.elements[0]
      }
    }
    let machines = ResidueMachines(
      tree, modulus: 2, updates: updates, output: output, isSymmetric: false, memory: 1 << 28, work: 1e9, { false })
    #expect(machines.run(starts, within: .infinity)?.bits ?? .infinity == least)
    #expect(least < .infinity)
  }
}
