import Evaluation
import ExactArithmetic
import Grammars
import Search
import TestSupport
import Testing

/// Search of languages with loops and lists beyond what brute force reaches.
@Suite struct LoopSearchTests {
  private func search(_ language: StructuredLanguage, _ examples: [Example], bits: Int? = nil) throws -> (
    SearchReport, Grammar
  ) {
    let grammar = try language.grammar()
    var configuration = LengthOrderedSearch.Configuration()
    configuration.probes = 0
    configuration.extraWork = 0
    configuration.audits = true
    configuration.maxBits = bits
    return (try LengthOrderedSearch(grammar, configuration).run(training: examples), grammar)
  }

  private func terms(_ values: [Int64]) -> [Example] {
    values.enumerated().map { Example(inputs: [.int(Int64($0.offset))], output: .int($0.element)) }
  }

  @Test func factorialIsOneLoop() throws {
    let (report, grammar) = try search(.sequences, terms([1, 1, 2, 6, 24, 120, 720, 5040, 40320]))
    let program = try #require(report.solutions.first?.program)
    #expect(SyGuSPrinter(grammar).text(grammar.term(of: program)) == "(loop (lambda ((x Int) (y Int)) (* x y)) n 1)")
    #expect(grammar.probability(of: program) == Rational(1, 1 << 18))
    #expect(report.isShortest && report.auditedLevels! > 10)
  }

  /// 2^n and 2^n - 1 … whose state leaves 64 bits on one example only have no value there, and do not fit.
  @Test func overflowIsNoValue() throws {
    let grammar = try StructuredLanguage.sequences.grammar()
    let term = try SyGuSReader.term("(loop (lambda ((x Int) (y Int)) (+ x x)) n 1)", in: grammar)
    let evaluator = BatchEvaluator(grammar, inputs: [[.int(61)], [.int(62)], [.int(63)], [.int(64)]])
    #expect(evaluator.words(of: term) == [1 << 61, 1 << 62, Value.noValueWord, Value.noValueWord])
  }

  /// A body that never ends costs its limit of steps, not the search.
  @Test func programsThatNeverEndAreNoValue() throws {
    let (report, _) = try search(.sequences, terms([5, 5, 7, 5, 5, 5, 5, 5]), bits: 15)
    #expect(report.solutions.isEmpty && report.completeLevels > 5)
  }

  @Test func contradictoryStreamsAreRefused() throws {
    let examples = [
      Example(inputs: [.list([1])], output: .list([1])), Example(inputs: [.list([1])], output: .list([0])),
    ]
    #expect(throws: SearchError.self) { try search(.lists, examples) }
  }

  @Test func theEmptyListAndOneSymbolAreLearnedFrom() throws {
    let examples = [
      Example(inputs: [.list([])], output: .list([])), Example(inputs: [.list([3])], output: .list([3, 3])),
    ]
    let (report, grammar) = try search(.lists, examples)
    let program = try #require(report.solutions.first?.program)
    #expect(SyGuSPrinter(grammar).text(grammar.term(of: program)) == "(append xs xs)")
  }

  /// Each rule that undoes an operator proposes what brute force finds.
  @Test func undoneOperatorsAreFound() throws {
    let inputs: [[Int64]] = [[2, 0, 1], [1], [4, 4], [0, 3, 1, 2]]
    let targets = [
      "(append (reverse xs) (cons 7 nil))", "(append (cons 7 nil) (reverse xs))", "(cons (* 2 (sum xs)) nil)",
      "(digits 2 (+ 10 (sum xs)))", "(fit (+ 2 (length xs)) (reverse xs))", "(reverse (fit 6 (sort xs)))",
    ]
    let grammar = try StructuredLanguage.lists.grammar()
    for text in targets {
      let term = try SyGuSReader.term(text, in: grammar)
      let examples = inputs.map {
        Example(inputs: [.list($0)], output: Interpreter(grammar).run(term, on: [.list($0)]).value!)
      }
      let (report, _) = try search(.lists, examples)
      let found = try #require(report.solutions.first?.program, "\(text)")
      let prior = try #require(grammar.derivation(of: term).map { grammar.probability(of: $0) })
      #expect(
        grammar.probability(of: found) >= prior, "\(text): \(SyGuSPrinter(grammar).text(grammar.term(of: found)))")
    }
  }
}
