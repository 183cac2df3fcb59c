import ExactArithmetic
import Grammars
import Randomness
import TestSupport
import Testing

@Suite struct ReadingUndoesPrintingTests {
  @Test(arguments: 1...120 as ClosedRange<UInt64>) func grammarsComeBack(_ seed: UInt64) throws {
    var random = RandomSyGuS(seed: seed)
    let text = random.file()
    let grammar = try problem(text).grammar
    expectInvariant(grammar, "\(text)")
    let printed = SyGuSPrinter(grammar).problem([])
    let again = try problem(printed).grammar
    #expect(SyGuSPrinter(again).problem([]) == printed)
    // Numbers of auxiliary nonterminals may skip those of parts that the start does not reach; once more, nothing moves.
    expectSame(again, try problem(SyGuSPrinter(again).problem([])).grammar, "\(text)")
    #expect(
      again.productions.map(\.symbol) == grammar.productions.map(\.symbol)
        || again.nonterminals.count == grammar.nonterminals.count)
    for (a, b) in zip(grammar.nonterminals, again.nonterminals) where !a.isAuxiliary {
      #expect(a == b || a.name == b.name && a.sort == b.sort)
      #expect(
        a.productions.map { grammar.productions[$0].probability }
          == b.productions.map { again.productions[$0].probability })
    }
  }

  /// `(- 3)` is a constant unless the grammar has the operator and not the constant; `(- 0)` is never one.
  @Test func negationsOfConstantsComeBack() throws {
    let grammar = try problem("(synth-fun f ((x Int)) Int ((S Int (x 0 3 (- 2) (- S)))))").grammar
    for text in ["(- 0)", "(- (- 0))", "(- 3)", "(- (- 3))", "(- 2)", "(- (- 2))", "(- x)"] {
      let term = try SyGuSReader.term(text, in: grammar)
      #expect(SyGuSPrinter(grammar).text(term) == text)
      #expect(grammar.derivation(of: term) != nil, "\(text)")
    }
    #expect(try SyGuSReader.term("(- 0)", in: grammar) == .operation(.negate, [.constant(.int(0), name: nil)]))
    #expect(try SyGuSReader.term("(- 2)", in: grammar) == .constant(.int(-2), name: nil))
  }

  /// Programs drawn from the prior.
  private static func programs(_ grammar: Grammar, _ count: Int, seed: UInt64) -> [Program] {
    let sampler = PriorSampler(grammar)
    var generator = SeededGenerator(seed: seed, name: "grammars/programs")
    return (0..<count).compactMap { _ in sampler.sample(maximumSize: 120, using: &generator) }
  }

  @Test(arguments: Language.allCases) func programsComeBack(_ language: Language) throws {
    let grammar = try language.grammar()
    let printer = SyGuSPrinter(grammar)
    for program in Self.programs(grammar, 300, seed: 3) {
      let term = grammar.term(of: program)
      #expect(try SyGuSReader.term(printer.text(term), in: grammar) == term)
      #expect(try SyGuSReader.term(printer.definition(program), in: grammar) == term)
      let derivation = try #require(grammar.derivation(of: term))
      #expect(grammar.probability(of: derivation) >= grammar.probability(of: program))
    }
  }

  @Test(arguments: 1...30 as ClosedRange<UInt64>) func programsOfRandomGrammarsComeBack(_ seed: UInt64) throws {
    var random = RandomSyGuS(seed: seed)
    let grammar = try problem(random.file()).grammar
    let printer = SyGuSPrinter(grammar)
    for program in Self.programs(grammar, 40, seed: seed) {
      let term = grammar.term(of: program)
      let text = printer.text(term)
      let read = try SyGuSReader.term(text, in: grammar)
      // (- 1) is a constant wherever the grammar has it, and also the negation of 1 where it has that.
      #expect(read == term || text.contains("(- ") && printer.text(read) == text, "\(text)")
      #expect(!InfixPrinter(grammar).text(term).isEmpty)
    }
  }

  @Test func negationOfALiteralIsReadAsTheGrammarHasIt() throws {
    func term(_ productions: String) throws -> Term {
      let grammar = try problem("(synth-fun f ((a Int)) Int ((S Int (a 3 \(productions)))))").grammar
      let term = try SyGuSReader.term("(- 3)", in: grammar)
      if !productions.isEmpty { #expect(grammar.derivation(of: term) != nil) }
      return term
    }
    #expect(try term("") == .constant(.int(-3), name: nil))
    #expect(try term("(- 3)") == .constant(.int(-3), name: nil))
    #expect(try term("(- S)") == .operation(.negate, [.constant(.int(3), name: nil)]))
    #expect(try term("(- S) (- 3)") == .constant(.int(-3), name: nil))
    #expect(try term("(- S) (- 4)") == .operation(.negate, [.constant(.int(3), name: nil)]))
  }

  /// In a list a negative number is one, also where the grammar negates.
  @Test func listsOfNegativeNumbersComeBack() throws {
    let grammar = try problem(
      "(synth-fun f ((n Int)) (List Int) ((L (List Int) ((list 3 (- 1)) (cons I L))) (I Int (n (- I)))))"
    ).grammar
    let text = "(cons (- n) (list 3 (- 1)))"
    let term = try SyGuSReader.term(text, in: grammar)
    #expect(grammar.derivation(of: term) != nil)
    #expect(SyGuSPrinter(grammar).text(term) == text)
  }
}
