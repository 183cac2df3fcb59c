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

  /// What undoes an operator has the steps of one run of it: digits of three places take three.
  @Test(arguments: [2, 3, 5] as [UInt64]) func operatorsAreUndoneWithinTheirSteps(_ stepLimit: UInt64) throws {
    let text = """
      (synth-fun f ((n Int)) (List Int) ((L (List Int)) (I Int))
        ((L (List Int) ((! (digits I I) :weight 1) (! (reverse L) :weight 1))) (I Int (n 2))))
      """
    let grammar = try SyGuSReader.problem(Array(text.utf8), file: "digits.sl").grammar
    let training = [(5, [1, 0, 1]), (6, [0, 1, 1])].map { Example(inputs: [.int($0)], output: .list($1)) }
    var configuration = LengthOrderedSearch.Configuration()
    configuration.maxBits = 12
    configuration.stepLimit = stepLimit
    let report = try LengthOrderedSearch(grammar, configuration).run(training: training)
    let found = report.solutions.first.map { SyGuSPrinter(grammar).text(grammar.term(of: $0.program)) }
    #expect(found == (stepLimit < 3 ? nil : "(digits 2 n)"))
  }

  /// Levels of three arguments are many where priors have several primes: looking beyond the complete levels ends with its work.
  @Test func lookingBackwardEndsWithItsWork() throws {
    let text = """
      (synth-fun f ((xs (List Int))) (List Int) ((L (List Int)) (B Bool) (I Int))
        ((L (List Int) ((! xs :probability 3/20) (! (reverse L) :probability 4/20) (! (ite B L L) :probability 6/20)
           (! (map (lambda ((e Int)) I) L) :probability 7/20)))
         (B Bool ((! (= L L) :probability 3/5) (! (not B) :probability 2/5)))
         (I Int ((! 1 :probability 3/7) (! (+ I I) :probability 2/7) (! (* I I) :probability 2/7)))))
      """
    let grammar = try SyGuSReader.problem(Array(text.utf8), file: "choices.sl").grammar
    let training = [([1, 2, 3], [5, 9, 4]), ([4, 5], [7, 3]), ([2, 2], [9])].map { (input, output) in
      Example(inputs: [.list(input)], output: .list(output))
    }
    var configuration = LengthOrderedSearch.Configuration()
    configuration.maxPrograms = 20_000
    let report = try LengthOrderedSearch(grammar, configuration).run(training: training)
    #expect(report.solutions.isEmpty)
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
