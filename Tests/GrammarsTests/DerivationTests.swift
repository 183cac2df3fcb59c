import ExactArithmetic
import Grammars
import TestSupport
import Testing

/// The derivation of a term is one of the greatest prior among all programs with its text.
@Suite struct DerivationTests {
  private static func check(_ grammar: Grammar, bits: Int) -> (texts: Int, several: Int) {
    let printer = SyGuSPrinter(grammar)
    var best: [String: (term: Term, prior: Rational)] = [:]
    var several: Set<String> = []
    for (program, prior) in TestSupport.BruteForce(grammar, bits: bits).programs {
      let term = grammar.term(of: program)
      let text = printer.text(term)
      if let known = best[text] {
        several.insert(text)
        best[text] = (term, max(known.prior, prior))
      } else {
        best[text] = (term, prior)
      }
    }
    for (text, written) in best {
      let derivation = grammar.derivation(of: written.term)
      #expect(derivation.map { grammar.derives($0) && printer.text(grammar.term(of: $0)) == text } == true, "\(text)")
      #expect(derivation.map { grammar.probability(of: $0) } == written.prior, "\(text)")
    }
    return (best.count, several.count)
  }

  @Test(arguments: SmallGrammar.allCases) func derivationsOfSmallGrammarsAreTheLikeliest(_ small: SmallGrammar) {
    #expect(Self.check(small.grammar, bits: 9).texts > 0)
  }

  @Test func derivationsOfRandomGrammarsAreTheLikeliest() throws {
    var (texts, several) = (0, 0)
    for seed in 1...40 as ClosedRange<UInt64> {
      var random = RandomSyGuS(seed: seed)
      let found = Self.check(try problem(random.file()).grammar, bits: 13)
      texts += found.texts
      several += found.several
    }
    #expect(texts > 1000 && several > 20, "\(texts), \(several)")
  }

  /// Several ways to write a symbol, at the top and below one that has a single way.
  @Test func ambiguityBelowTheTopIsSeen() throws {
    let grammar = try problem(
      """
      (synth-fun f ((a Int)) Int ((S Int) (A Int) (B Int))
        ((S Int ((! (+ A B) :probability 1/2) (! (- A) :probability 1/2)))
         (A Int ((! a :probability 1/4) (! (* A A) :probability 1/4) (! (* B A) :probability 1/2)))
         (B Int ((! a :probability 3/4) (! A :probability 1/4)))))
      """
    ).grammar
    let found = Self.check(grammar, bits: 12)
    #expect(found.texts > 20 && found.several > 5)
    let term = try SyGuSReader.term("(- (* a (* a a)))", in: grammar)
    // (* B A) with B at once, twice: 1/2 · (1/2 · 3/4)² · 1/4.
    #expect(grammar.derivation(of: term).map { grammar.probability(of: $0) } == Rational(9, 512))
  }

  /// `(- 3)` is a literal in D and a negation in S, whichever of the two is read.
  @Test func aTextHasTheDerivationsOfLiteralAndNegation() throws {
    let grammar = try problem(
      "(synth-fun f ((a Int)) Int ((S Int) (D Int)) ((S Int (a 3 (- S) (div S D))) (D Int ((- 3) 2))))"
    ).grammar
    let literal = Term.constant(.int(-3), name: nil)
    let negation = Term.operation(.negate, [.constant(.int(3), name: nil)])
    for term in [literal, negation] {
      #expect(grammar.derivation(of: term).map { grammar.term(of: $0) } == negation)
      #expect(grammar.derivation(of: term, from: 1).map { grammar.term(of: $0) } == literal)
      #expect(grammar.derivationCount(of: term) == 1)
      #expect(grammar.derivationCount(of: term, from: 1) == 1)
    }
    var order = ProgramOrder(grammar)
    for rank in 0..<200 {
      let found = order.program(atRank: BigInteger(rank))
      let program = try #require(found)
      let text = SyGuSPrinter(grammar).text(grammar.term(of: program))
      let derivation = try #require(grammar.derivation(of: SyGuSReader.term(text, in: grammar)), "\(text)")
      #expect(grammar.probability(of: derivation) >= grammar.probability(of: program), "\(text)")
    }
  }

  @Test func aTextOfTwoProgramsHasTwoDerivations() throws {
    let grammar = try problem("(synth-fun f ((a Int)) Int ((S Int (a 3 (- 3) (- S)))))").grammar
    for (text, prior, count) in [
      ("3", Rational(1, 4), 1), ("(- 3)", Rational(1, 4), 2), ("(- (- 3))", Rational(1, 16), 2),
      ("(- a)", Rational(1, 16), 1),
    ] {
      let term = try SyGuSReader.term(text, in: grammar)
      #expect(grammar.derivation(of: term).map { grammar.probability(of: $0) } == prior, "\(text)")
      #expect(grammar.derivationCount(of: term) == BigInteger(count), "\(text)")
    }
  }

  @Test func onlyWhatNeedsACycleOfUnitsHasInfinitelyManyDerivations() throws {
    let grammar = try problem(
      """
      (synth-fun f ((a Int)) Int ((S Int) (A Int) (B Int))
        ((S Int ((+ A A) (* B B))) (A Int (a)) (B Int (B a))))
      """
    ).grammar
    func count(_ text: String, _ nonterminal: Int = 0) throws -> BigInteger? {
      grammar.derivationCount(of: try SyGuSReader.term(text, in: grammar), from: nonterminal)
    }
    #expect(try count("(+ a a)") == 1)
    #expect(try count("(* a a)") == nil)
    #expect(try count("a") == 0)
    #expect(try count("a", 1) == 1)
    #expect(try count("a", 2) == nil)
    #expect(try count("(+ a a)", 2) == 0)
  }
}
