import ExactArithmetic
import Grammars
import Randomness
import TestSupport
import Testing

/// The derivation of a term is the first program with its text in the enumeration order: one of the greatest prior, and
/// of these the one of least rank.
@Suite struct DerivationTests {
  /// The numbers of texts, of those with several programs, and of those with several of the greatest prior.
  private static func check(_ grammar: Grammar, bits: Int) throws -> (texts: Int, several: Int, tied: Int) {
    let printer = SyGuSPrinter(grammar)
    var best: [String: (term: Term, program: Program, prior: Rational, rank: Int)] = [:]
    var (several, tied) = (Set<String>(), Set<String>())
    for (rank, (program, prior)) in TestSupport.BruteForce(grammar, bits: bits).programs.enumerated() {
      let term = grammar.term(of: program)
      let text = printer.text(term)
      if let known = best[text] {
        several.insert(text)
        if known.prior == prior { tied.insert(text) }
      } else {
        best[text] = (term, program, prior, rank)
      }
    }
    var order = ProgramOrder(grammar)
    for (text, written) in best {
      let derivation = try #require(grammar.derivation(of: written.term), "\(text)")
      #expect(grammar.derives(derivation) && printer.text(grammar.term(of: derivation)) == text, "\(text)")
      #expect(grammar.probability(of: derivation) == written.prior, "\(text)")
      #expect(derivation == written.program, "\(text)")
      #expect(try order.rank(of: derivation) == BigInteger(written.rank), "\(text)")
    }
    return (best.count, several.count, tied.count)
  }

  @Test(arguments: SmallGrammar.allCases) func derivationsOfSmallGrammarsAreTheLikeliest(_ small: SmallGrammar) throws {
    #expect(try Self.check(small.grammar, bits: 9).texts > 0)
  }

  @Test func derivationsOfRandomGrammarsAreTheLikeliest() throws {
    var (texts, several) = (0, 0)
    for seed in 1...40 as ClosedRange<UInt64> {
      var random = RandomSyGuS(seed: seed)
      let found = try Self.check(try problem(random.file()).grammar, bits: 13)
      texts += found.texts
      several += found.several
    }
    #expect(texts > 1000 && several > 20, "\(texts), \(several)")
  }

  /// Grammars with the same symbols over and over, and with unit productions in cycles: many programs of one text are
  /// equally likely.
  @Test func equallyLikelyDerivationsAreTheFirst() throws {
    var (texts, tied) = (0, 0)
    for seed in 1...60 as ClosedRange<UInt64> {
      var generator = SeededGenerator(seed: seed, name: "grammars/ambiguous")
      func below(_ bound: UInt64) -> Int { Int(generator.below(bound)) }
      let names = Array(["S", "T", "U"].prefix(1 + below(3)))
      func name() -> String { names[below(UInt64(names.count))] }
      let rules = names.map { nonterminal in
        // A leaf, so that every nonterminal ends, at any place.
        var terms = ["x"]
        for _ in 0..<1 + below(4) {
          let term =
            switch below(5) {
            case 0, 1: name()
            case 2: below(2) == 0 ? "x" : "1"
            case 3: "(- \(name()))"
            default: "(+ \(name()) \(name()))"
            }
          terms.insert(term, at: below(UInt64(terms.count + 1)))
        }
        if below(2) == 0 { terms = terms.map { "(! \($0) :weight \(below(3)))" } }
        return "(\(nonterminal) Int (\(terms.joined(separator: " "))))"
      }
      let text = "(synth-fun f ((x Int)) Int (\(rules.joined(separator: " "))))"
      let found = try Self.check(try problem(text).grammar, bits: 8)
      texts += found.texts
      tied += found.tied
    }
    #expect(texts > 150 && tied > 20, "\(texts), \(tied)")
  }

  /// The unit production comes first in its nonterminal, so the program through it does in the order.
  @Test func aUnitProductionInFrontIsTaken() throws {
    let grammar = try problem("(synth-fun f ((x Int)) Int ((E Int) (T Int)) ((E Int (T x)) (T Int (x))))").grammar
    let derivation = try #require(grammar.derivation(of: .variable(0)))
    #expect(derivation.productions == [0, 2])
    var order = ProgramOrder(grammar)
    #expect(try order.rank(of: derivation) == 0)
    let first = order.program(atRank: 0)
    #expect(first == derivation)
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
    let found = try Self.check(grammar, bits: 12)
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
