import Evaluation
import ExactArithmetic
import Grammars
import Randomness
import TestSupport
import Testing

@testable import Search

/// Machines of residues with an update for each block of symbols: the least there are, written as programs that are right.
@Suite struct ResidueMachineTests {
  private static func shape(_ states: Int) throws -> (grammar: Grammar, shape: TransducerShape) {
    let grammar = try StructuredLanguage.transducers.grammar()
    return (grammar, try #require(TransducerShape.all(grammar).first { $0.states == states }))
  }

  private static func terms(
    _ attempt: SearchAttempt, _ shape: TransducerShape, _ modulus: Int, _ symbols: [Int64], terms: Int, outputs: Int
  ) -> (updates: [ResidueTerms], output: ResidueTerms) {
    let states = shape.states
    let updates = shape.updates.map {
      ResidueTerms(
        attempt, $0, states: Array(shape.updateVariables.prefix(states)),
        symbol: (shape.updateVariables[states], symbols),
        modulus: modulus, looks: 1_000, most: terms, { false })
    }
    let output = ResidueTerms(
      attempt, shape.output, states: Array(shape.outputVariables.prefix(states)), symbol: nil, modulus: modulus,
      looks: 1_000, most: outputs, { false })
    return (updates, output)
  }

  /// The values of the tables are those of the interpreter, reduced.
  @Test(arguments: [1, 2]) func tablesHoldTheInterpretersResidues(_ states: Int) throws {
    let (grammar, shape) = try Self.shape(states)
    var generator = SeededGenerator(seed: 1, name: "tables")
    let streams = TransducerInversionTests.streams(3, length: 6, below: 3, &generator)
    let attempt = try TransducerInversionTests.attempt(
      grammar, TransducerInversionTests.examples(streams) { $0 }, bits: 20)
    let (modulus, symbols) = (5, [Int64(0), 3, 9])
    let (updates, _) = Self.terms(attempt, shape, modulus, symbols, terms: 60, outputs: 1)
    let interpreter = Interpreter(grammar)
    for (program, table) in zip(updates[0].programs, updates[0].tables) {
      var expected: [UInt8] = []
      for symbol in symbols {
        for cell in 0..<(states == 1 ? modulus : modulus * modulus) {
          var inputs = Array(repeating: Value.int(0), count: grammar.variables.count)
          inputs[shape.updateVariables[0]] = .int(Int64(cell % modulus))
          if states == 2 { inputs[shape.updateVariables[1]] = .int(Int64(cell / modulus)) }
          inputs[shape.updateVariables[states]] = .int(symbol)
          let value = interpreter.run(grammar.term(of: program), on: inputs).value
          expected.append(value.map { UInt8((($0.word % 5) + 5) % 5) } ?? ResidueTerms.none)
        }
      }
      #expect(table == expected)
    }
    #expect(updates[0].tables.count == 60 && Set(updates[0].tables).count == 60)
    #expect(zip(updates[0].bits, updates[0].bits.dropFirst()).allSatisfy { $0 <= $1 })
  }

  /// Bits of the least machine of all: every cut, every choice of terms, one for each state, every output and start.
  ///
  /// - Parameter isRight: whether a machine answers as wanted, by its choice for each symbol, the output's table and the start.
  static func least(
    _ symbols: Int, _ choices: [[Int]], _ updates: [ResidueTerms], _ output: ResidueTerms,
    _ starts: [(values: [Int], bits: Double)], _ isRight: ([[Int]], [UInt8], [Int]) -> Bool
  ) -> Double {
    func bits(_ choice: [Int]) -> Double { choice.enumerated().reduce(0) { $0 + updates[$1.offset].bits[$1.element] } }
    var least = Double.infinity
    for ends in ResidueCut.ends(symbols, most: 4) {
      var rules: [[Int]] = []
      func choose(_ total: Double) {
        if total >= least { return }
        guard rules.count == ends.count else {
          for choice in choices {
            rules.append(choice)
            choose(total + bits(choice))
            rules.removeLast()
          }
          return
        }
        let bySymbol = (0..<symbols).map { symbol in rules[ends.firstIndex { symbol < $0 }!] }
        for (table, outputBits) in zip(output.tables, output.bits) {
          for start in starts where total + outputBits + start.bits < least {
            if isRight(bySymbol, table, start.values) { least = total + outputBits + start.bits }
          }
        }
      }
      choose(0)
    }
    return least
  }

  /// Against all machines one by one: every cut, every choice of terms, every output and start.
  @Test(arguments: [1, 2], [1 as UInt64, 2, 3]) func machinesAreTheLeast(_ states: Int, _ seed: UInt64) throws {
    let (grammar, shape) = try Self.shape(states)
    let (modulus, symbols) = (3, states == 1 ? 3 : 2)
    var generator = SeededGenerator(seed: seed, name: "least")
    // A machine drawn from the tables themselves answers the streams.
    let streams = TransducerInversionTests.streams(4, length: 5, below: UInt64(symbols), &generator)
    func tree(_ answer: ([Int64]) -> [Int64]) throws -> (SearchAttempt, StreamTree) {
      let examples = TransducerInversionTests.examples(streams, answer)
      return (
        try TransducerInversionTests.attempt(grammar, examples, bits: 20), try #require(StreamTree(examples))
      )
    }
    let outputs = 6
    let drawn = try tree { $0.map { $0 % 2 } }
    let (updates, output) = Self.terms(
      drawn.0, shape, modulus, drawn.1.symbols, terms: states == 1 ? 9 : 5, outputs: outputs)
    let count = updates[0].tables.count
    try #require(count >= 4 && updates.allSatisfy { $0.tables.count == count } && output.tables.count == outputs)
    let cells = states == 1 ? modulus : modulus * modulus
    func next(_ choice: [Int], _ symbol: Int, _ cell: Int) -> Int? {
      let values = choice.enumerated().map { updates[$0.offset].tables[$0.element][symbol * cells + cell] }
      if values.contains(ResidueTerms.none) { return nil }
      return values.reversed().reduce(0) { $0 * modulus + Int($1) }
    }
    let rules = (0..<symbols).map { _ in (0..<states).map { _ in Int(generator.below(UInt64(count))) } }
    let answers = output.tables[1 + Int(generator.below(UInt64(outputs - 1)))]
    let (_, streamTree) = try tree { stream in
      var cell = 0
      return stream.map {
        cell = next(rules[Int($0)], Int($0), cell) ?? 0
        return Int64(answers[cell] % 3)
      }
    }
    let starts = (0..<cells).map { cell in
      (values: states == 1 ? [cell] : [cell % modulus, cell / modulus], bits: Double(1 + cell))
    }

    let choices = (0..<(states == 1 ? count : count * count)).map { states == 1 ? [$0] : [$0 % count, $0 / count] }
    let least = Self.least(symbols, choices, updates, output, starts) { rules, table, start in
      var reached = [start.reversed().reduce(0) { $0 * modulus + $1 }]
      return streamTree.parents.indices.allSatisfy { position in
        let symbol = streamTree.places[position]
        guard let cell = next(rules[symbol], symbol, reached[streamTree.parents[position] + 1]) else { return false }
        reached.append(cell)
        return Int64(table[cell]) == streamTree.wanted[position]
      }
    }

    func found(_ starts: [(values: [Int], bits: Double)], isSymmetric: Bool) -> Double {
      let runs = (1...3).map { threads in
        let machines = ResidueMachines(
          streamTree, modulus: modulus, updates: updates, output: output, isSymmetric: isSymmetric, memory: 1 << 28,
          work: 1e9, threads: threads, { false })
        return (machine: machines.run(starts, within: .infinity), spent: machines.spent)
      }
      for run in runs.dropFirst() {
        #expect(run.machine?.step == runs[0].machine?.step && run.spent == runs[0].spent)
      }
      return runs[0].machine?.bits ?? .infinity
    }
    #expect(found(starts, isSymmetric: false) == least)
    if states == 2 {
      // Of two machines that differ by which state is called which, one is enough.
      let alike = starts.map { (values: $0.values, bits: Double($0.values[0] + $0.values[1])) }
      #expect(found(alike, isSymmetric: true) == found(alike, isSymmetric: false))
    }
  }

  /// A machine is left out for its mirror image only where that is looked at: here the output t is missing.
  @Test func machinesWithoutMirrorImagesAreLookedAt() throws {
    let (grammar, shape) = try Self.shape(2)
    let examples = TransducerInversionTests.examples([[0, 1, 1, 0, 1]]) { $0.map { _ in 1 } }
    let attempt = try TransducerInversionTests.attempt(grammar, examples, bits: 20)
    let tree = try #require(StreamTree(examples))
    let (updates, output) = Self.terms(attempt, shape, 3, tree.symbols, terms: 2, outputs: 1)
    #expect(output.tables == [(0..<9).map { UInt8($0 % 3) }])
    let machines = ResidueMachines(
      tree, modulus: 3, updates: updates, output: output, isSymmetric: true, memory: 1 << 28, work: 1e6, { false })
    #expect(machines.run([([1, 0], 3)], within: .infinity)?.starts == [1, 0])
  }

  /// The symbols with a rule each: digits 0 and 1, then + and · modulo 2.
  private static func expressions(_ count: Int, most length: Int, _ generator: inout SeededGenerator) -> [Example] {
    var seen: Set<[Int64]> = []
    return (0..<count).map { _ in
      (0..<2 * Int(generator.below(UInt64(length))) + 1).map { Int64(generator.below(2)) + ($0 % 2 == 0 ? 0 : 2) }
    }
    .filter { seen.insert($0).inserted }.sorted { $0.count < $1.count }.map { stream in
      var (sum, product) = (Int64(0), Int64(1))
      for symbol in stream where symbol != 3 {
        (sum, product) = symbol == 2 ? (sum + product, 1) : (sum, product * symbol)
      }
      return Example(inputs: [.list(stream)], output: .list([(sum + product) % 2]))
    }
  }

  /// Sums of products, answered only where they end: two states, three rules, found and right on long ones.
  @Test func sumsOfProductsAreRecovered() throws {
    let (grammar, shape) = try Self.shape(2)
    var generator = SeededGenerator(seed: 5, name: "expressions")
    let training = Self.expressions(120, most: 8, &generator)
    let attempt = try TransducerInversionTests.attempt(grammar, training, bits: 18)
    while attempt.earlyWork.reduce(0, +) < 60_000, attempt.storeEarly() {}
    let inversion = try #require(TransducerInversion(attempt, work: 1e6))
    inversion.residues(shape, work: 4e6, { false })
    let program = try #require(inversion.best.program)
    #expect(grammar.derives(program))
    expectRight(program, grammar, training)
    expectRight(program, grammar, Self.expressions(40, most: 100, &generator))
  }

  /// A choice by the symbol is right on all symbols, and no shorter than a program that is proven the shortest.
  @Test func choicesAreRightAndNeverShorterThanTheShortest() throws {
    let (grammar, shape) = try Self.shape(1)
    let symbols: [Int64] = [0, 1, 2, 3, 5]
    let variable = shape.updateVariables[1]
    var generator = SeededGenerator(seed: 3, name: "choices")
    let streams = [[Int64]](repeating: symbols, count: 1)
    let attempt = try TransducerInversionTests.attempt(
      grammar, TransducerInversionTests.examples(streams) { $0 }, bits: 20)
    let choices = try #require(SymbolChoices(attempt, shape.updates[0], symbol: variable, symbols))
    let language = BodyLanguage(grammar, from: shape.updates[0])
    for _ in 0..<4 {
      let wanted = symbols.map { _ in Int64(generator.below(2)) * 3 }
      let terms = attempt.bank.firstClasses(shape.updates[0], 400).compactMap {
        index, bits -> SymbolChoices.Choices.Choice? in
        let program = attempt.bank.program(shape.updates[0], index)
        let lanes = SymbolChoices.Choices.set(symbols.count) { place in
          var inputs = Array(repeating: Value.int(0), count: grammar.variables.count)
          inputs[variable] = .int(symbols[place])
          // The state, which has no value here, must not be read.
          inputs[shape.updateVariables[0]] = .int(71)
          return Interpreter(grammar).run(grammar.term(of: program), on: inputs).value?.word == wanted[place]
        }
        return .init(lanes: lanes, bits: bits, part: program)
      }
      let least = try #require(choices.least(terms))
      let points = symbols.map { attempt.words([variable, shape.updateVariables[0]], [$0, 71]) }
      for (point, answer) in zip(points, wanted) {
        let inputs = point.map { Value.int($0 == Value.noValueWord ? 0 : $0) }
        #expect(Interpreter(grammar).run(grammar.term(of: least), on: inputs).value?.word == answer)
      }
      let question = try #require(BodyQuestion(shape.updates[0], points, wanted, least: 1))
      if let proven = attempt.body(question, language, work: 200_000, { false }) {
        #expect(grammar.probability(of: least) <= grammar.probability(of: proven))
      }
    }
  }

  /// Answers that are no residues, more symbols than a table has, one symbol alone: nothing is looked for, nothing fails.
  @Test func streamsThatAreNoResidues() throws {
    let (grammar, shape) = try Self.shape(2)
    let cases: [([Int64], ([Int64]) -> [Int64])] = [
      ([0, 1, 1, 0], { $0.map { -$0 } }), ([0, 1, 1, 0], { $0.map { $0 * 1_000 } }),
      (Array(0..<20), { $0.map { $0 % 2 } }), ([4, 4, 4], { $0.map { _ in 1 } }),
    ]
    for (stream, answer) in cases {
      let examples = TransducerInversionTests.examples([stream], answer)
      let inversion = try #require(
        TransducerInversion(TransducerInversionTests.attempt(grammar, examples, bits: 20), work: 1e5))
      inversion.residues(shape, work: 1e6, { false })
      #expect(inversion.best.program == nil)
    }
  }
}
