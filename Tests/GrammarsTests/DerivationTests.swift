import ExactArithmetic
import Grammars
import TestSupport
import Testing

/// The derivation of a term is one of the greatest prior among all programs that write it.
@Suite struct DerivationTests {
  private static func check(_ grammar: Grammar, bits: Int) -> (terms: Int, several: Int) {
    var best: [Term: Rational] = [:]
    var several: Set<Term> = []
    for (program, prior) in TestSupport.BruteForce(grammar, bits: bits).programs {
      let term = grammar.term(of: program)
      if let known = best[term] {
        several.insert(term)
        best[term] = max(known, prior)
      } else {
        best[term] = prior
      }
    }
    for (term, prior) in best {
      let derivation = grammar.derivation(of: term)
      #expect(derivation.map { grammar.derives($0) && grammar.term(of: $0) == term } == true, "\(term)")
      #expect(derivation.map { grammar.probability(of: $0) } == prior, "\(term)")
    }
    return (best.count, several.count)
  }

  @Test(arguments: SmallGrammar.allCases) func derivationsOfSmallGrammarsAreTheLikeliest(_ small: SmallGrammar) {
    #expect(Self.check(small.grammar, bits: 9).terms > 0)
  }

  @Test func derivationsOfRandomGrammarsAreTheLikeliest() throws {
    var (terms, several) = (0, 0)
    for seed in 1...40 as ClosedRange<UInt64> {
      var random = RandomSyGuS(seed: seed)
      let found = Self.check(try problem(random.file()).grammar, bits: 13)
      terms += found.terms
      several += found.several
    }
    #expect(terms > 1000 && several > 20, "\(terms), \(several)")
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
    #expect(found.terms > 20 && found.several > 5)
    let term = try SyGuSReader.term("(- (* a (* a a)))", in: grammar)
    // (* B A) with B at once, twice: 1/2 · (1/2 · 3/4)² · 1/4.
    #expect(grammar.derivation(of: term).map { grammar.probability(of: $0) } == Rational(9, 512))
  }
}
