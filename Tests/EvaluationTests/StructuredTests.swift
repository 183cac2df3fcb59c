import Evaluation
import ExactArithmetic
import Grammars
import Randomness
import TestSupport
import Testing

/// The fast machine and the reference agree on programs drawn from the shipped languages with loops and lists.
@Suite struct TheMachineAgreesWithTheReference {
  private static func inputs(_ grammar: Grammar, _ generator: inout SeededGenerator) -> [Value] {
    grammar.parameters.map { parameter in
      parameter.sort == .int
        ? .int(Int64(generator.below(12)) - 1)
        : .list((0..<Int(generator.below(7))).map { _ in Int64(generator.below(11)) })
    }
  }

  /// A definition may have operators of its own that no production has.
  @Test func definitionsMayHideStructure() throws {
    let text = """
      (define-fun g ((a Int) (b Int)) Int (gcd a b))
      (define-fun len ((l (List Int))) Int (length l))
      (synth-fun f ((x Int) (ys (List Int))) Int ((S Int) (L (List Int))) ((S Int (x (g S S) (len L))) (L (List Int) (ys))))
      """
    let grammar = try SyGuSReader.problem(Array(text.utf8), file: "hidden").grammar
    let program = try #require(
      BruteForce(grammar, bits: 12).programs.first { found in
        SyGuSPrinter(grammar).text(grammar.term(of: found.program)) == "(g x (len ys))"
      })
    let outcome = Interpreter(grammar).run(grammar.term(of: program.program), on: [.int(6), .list([7, 8, 9, 1])])
    #expect(outcome.value == .int(2) && outcome.steps > 4)
  }

  /// Every program of up to some bits, and longer ones drawn from the prior: value, reason and steps.
  @Test(arguments: StructuredLanguage.allCases) func onProgramsOfTheLanguage(_ language: StructuredLanguage) throws {
    let grammar = try language.grammar()
    var generator = SeededGenerator(seed: 4, name: "machine/\(language)")
    let short = BruteForce(grammar, bits: 15).programs.map(\.program)
    let sampler = PriorSampler(grammar)
    let long = (0..<1500).compactMap { _ in sampler.sample(maximumSize: 40, using: &generator) }
    #expect(long.count > 500)
    var (values, reasons): (Int, Set<NoValue>) = (0, [])
    for program in short + long {
      let term = grammar.term(of: program)
      let machine = TermMachine(grammar)
      let number = machine.number(of: term)
      for limit in [UInt64(3), 700] {
        let input = Self.inputs(grammar, &generator)
        let expected = Interpreter(grammar).run(term, on: input, stepLimit: limit)
        let given = machine.run(number, on: input.map { machine.word($0) }, stepLimit: limit)
        let text = "\(SyGuSPrinter(grammar).text(term)) on \(input)"
        switch expected.answer {
        case .value(let value):
          #expect(given.word.map { machine.value($0, grammar.resultSort) } == value, "\(text)")
          #expect(given.steps == expected.steps, "\(text)")
          values += 1
        case .none(let reason):
          #expect(given.word == nil && given.reason == reason, "\(text): \(given), expected \(reason)")
          reasons.insert(reason)
        }
      }
    }
    #expect(values > (language == .nested ? 200 : 500) && reasons.count > 1, "\(values) values")
  }

  /// Beyond 64 bits the runner goes on: 2^n, n! and lists of digits.
  @Test func integersHaveNoLimitInTheRunner() throws {
    let grammar = try StructuredLanguage.sequences.grammar()
    let text = "(loop (lambda ((x Int) (y Int)) (* x y)) n 1)"
    let term = try SyGuSReader.term(text, in: grammar)
    let runner = ProgramRunner(term, in: grammar, stepLimit: 100_000)
    #expect(runner.run(on: [.integer(20)]).value == .integer(2_432_902_008_176_640_000))
    #expect(runner.run(on: [.integer(25)]).value == .large(BigInteger("15511210043330985984000000")!))
    #expect(Interpreter(grammar).run(term, on: [.int(25)]).answer == .none(.overflow))
    // Squares of squares would take all of the memory within a hundred steps.
    let squares = try SyGuSReader.term("(loop (lambda ((x Int) (y Int)) (* x x)) n 2)", in: grammar)
    let square = ProgramRunner(squares, in: grammar, stepLimit: 100_000)
    #expect(square.run(on: [.integer(15)]).value == .large(BigInteger(1) << 32_768))
    #expect(square.run(on: [.integer(60)]).reason == .overflow)
    let endless = try SyGuSReader.term("(compr (lambda ((n Int)) (< n 0)) 0)", in: grammar)
    let result = ProgramRunner(endless, in: grammar, stepLimit: 1000).run(on: [.integer(0)])
    #expect(result.value == nil && result.reason == .stepLimit && result.steps == 1000)
  }
}
