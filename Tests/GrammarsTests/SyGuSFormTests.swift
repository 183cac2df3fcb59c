import Documents
import ExactArithmetic
import Grammars
import TestSupport
import Testing

/// The forms in which SyGuS files say the same thing.
@Suite struct SyGuSFormTests {
  private static func synthesis(_ productions: String, sort: String = "Int", extra: String = "") -> String {
    "(synth-fun f ((a \(sort)) (b \(sort))) \(sort) ((S \(sort) (\(productions)))\(extra)))"
  }

  // MARK: Forms

  @Test func bothGrammarFormsGiveTheSameGrammar() throws {
    let first = try problem("(synth-fun f ((a Int)) Int ((S Int (a 0 (+ S S) (ite B S S))) (B Bool ((<= S S)))))")
      .grammar
    let second = try problem(
      "(synth-fun f ((a Int)) Int ((S Int) (B Bool)) ((S Int (a 0 (+ S S) (ite B S S))) (B Bool ((<= S S)))))"
    ).grammar
    expectSame(first, second)
    #expect(shown(first) == ["a 1/4", "0 1/4", "(+ S S) 1/4", "(ite B S S) 1/4"])
  }

  @Test func bothSortFormsGiveTheSameSort() throws {
    let old = try problem("(synth-fun f ((x (BitVec 5))) (BitVec 5) ((S (BitVec 5) (x #b00001 (bvnot S)))))").grammar
    let new = try problem("(synth-fun f ((x (_ BitVec 5))) (_ BitVec 5) ((S (_ BitVec 5) (x #b00001 (bvnot S)))))")
      .grammar
    expectSame(old, new)
  }

  @Test func nonterminalListMayBeInAnotherOrder() throws {
    let grammar = try problem("(synth-fun f () Int ((B Bool) (S Int)) ((S Int (1 (ite B S S))) (B Bool (true))))")
      .grammar
    #expect(grammar.nonterminals.map(\.name) == ["S", "B"])
  }

  @Test func unreachedNonterminalsAreLeftOut() throws {
    let grammar = try problem(Self.synthesis("a", extra: " (T Int (b (+ T T)))")).grammar
    #expect(grammar.nonterminals.map(\.name) == ["S"])
    #expect(grammar.productions.count == 1)
  }

  @Test func commandsWithoutAMeaningHereAreAccepted() throws {
    let read = try problem(
      """
      ; a comment ( ( |
      (set-logic BV) (set-feature :grammars true) (set-info :source |two
      lines ; no comment|) (set-option :seed "1 "" ; 2")
      (declare-var v Int) (synth-fun f ((a Int)) Int ((S Int (a)))) (constraint (= (f 1) 1)) (check-synth)
      """)
    #expect(read.logic == "BV")
    #expect(read.examples == [Example(inputs: [.int(1)], output: .int(1))])
  }

  /// SMT-LIB 2.6, section 3.1: a comment ends at the first line feed or carriage return.
  @Test(arguments: ["\n", "\r", "\r\n"]) func commentsEndWithTheirLine(_ end: String) throws {
    let read = try problem(
      "(synth-fun f ((x Int)) Int ((E Int (x 1 (+ E E)))))\n; first\(end)(constraint (= (f 1) 5))\n"
        + ";\(end)(constraint (= (f 2) 4));\(end)")
    #expect(read.examples.map { $0.output } == [.int(5), .int(4)])
  }

  @Test func quotedSymbolsAreNames() throws {
    let grammar = try problem("(synth-fun |my f| ((|x y| Int)) Int ((|S(| Int (|x y| (+ |S(| |S(|)))))").grammar
    #expect(grammar.name == "my f")
    #expect(grammar.parameters.map(\.name) == ["x y"])
    expectSame(grammar, try problem(SyGuSPrinter(grammar).problem([])).grammar)
  }

  // MARK: Measures

  @Test(arguments: [
    ("a b 0 1", ["1/4", "1/4", "1/4", "1/4"]),
    ("a b 0", ["1/3", "1/3", "1/3"]),
    ("(! a :weight 0) (! b :weight 1) (! 0 :weight 2)", ["4/7", "2/7", "1/7"]),
    ("a (! b :weight 3)", ["8/9", "1/9"]),
    ("(! a :weight 7) (! b :weight 7)", ["1/2", "1/2"]),
    ("(! a :weight (- 1)) (! b :weight 0)", ["2/3", "1/3"]),
    ("(! a :probability 3/10) (! b :probability 0.45) (! 0 :probability (/ 1 4))", ["3/10", "9/20", "1/4"]),
    ("(! a :probability 1)", ["1"]),
    ("(! a :probability 0.1) (! b :probability 9/10)", ["1/10", "9/10"]),
    ("(! a :probability (/ 2 6)) (! b :probability 4/6)", ["1/3", "2/3"]),
    ("(! (Variable Int) :weight 1) (! 0 :weight 1) (! 1 :weight 1)", ["1/4", "1/4", "1/4", "1/4"]),
    ("(! (Variable Int) :probability 0.25) (! 0 :probability 0.5)", ["1/4", "1/4", "1/2"]),
  ])
  func measuresAreNormalisedExactly(_ productions: String, _ probabilities: [String]) throws {
    let grammar = try problem(Self.synthesis(productions)).grammar
    #expect(grammar.productions.map { "\($0.probability)" } == probabilities)
    expectInvariant(grammar)
  }

  @Test func weightsFarApartLoseNothing() throws {
    let grammar = try problem(Self.synthesis("(! a :weight 0) (! b :weight 3000)")).grammar
    let scale = BigInteger(1) << 3000
    #expect(grammar.productions.map(\.probability) == [Rational(scale, scale + 1), Rational(1, scale + 1)])
  }

  // MARK: Variables and constants

  @Test func variableStandsForEveryParameterOfItsSort() throws {
    let grammar = try problem(
      "(synth-fun f ((a Int) (p Bool) (b Int)) Int ((S Int ((Variable Int) (ite B S S))) (B Bool ((InputVariable Bool)))))"
    ).grammar
    #expect(shown(grammar) == ["a 1/3", "b 1/3", "(ite B S S) 1/3"])
    #expect(shown(grammar, 1) == ["p 1"])
  }

  @Test func parametersOfATaskReplaceThoseOfTheFile() throws {
    let text = Repository.text(Repository.root + "/grammars/bitvectors.sl")
    let parameters = ["x", "y"].map { Grammar.Parameter(name: $0, sort: .bitVector(width: 8)) }
    let grammar = try problem(text, parameters: parameters).grammar
    #expect(grammar.parameters == parameters)
    #expect(grammar.productions.count == 16)
    #expect(grammar.productions[0].probability == Rational(1, 5))
    expectInvariant(grammar)
  }

  @Test func literalsOfAllSortsAreConstants() throws {
    let grammar = try problem(
      """
      (define-fun big () Int 9223372036854775807)
      (define-fun yes () Bool true)
      (synth-fun f () Bool ((S Bool ((= I I) (= V V) (= P P) yes false))
        (I Int ((- 9223372036854775807) big 0)) (V (_ BitVec 12) (#xFfF #b000000000001 (_ bv4095 12)))
        (P (_ Permutation 3) ((perm 2 0 1)))))
      """
    ).grammar
    let constants = grammar.productions.compactMap { production -> Value? in
      if case .constant(let value, _) = production.symbol { value } else { nil }
    }
    #expect(
      constants == [
        .bool(true), .bool(false), .int(-9_223_372_036_854_775_807), .int(.max), .int(0), .bitVector(4095, width: 12),
        .bitVector(1, width: 12), .bitVector(4095, width: 12), .permutation([2, 0, 1])!,
      ])
  }

  // MARK: Composite productions

  @Test func compositeProductionsKeepPriorSizeAndDerivations() throws {
    let composite = try problem(Self.synthesis("(! a :weight 1) (! (+ S (* 2 S)) :weight 2) (! (- (+ a 1)) :weight 2)"))
      .grammar
    #expect(composite.nonterminals.count { $0.isAuxiliary } == 5)
    expectInvariant(composite)
    for (text, prior, size) in [
      ("a", Rational(1, 2), 1), ("(+ a (* 2 a))", Rational(1, 16), 5), ("(- (+ a 1))", Rational(1, 4), 4),
      ("(+ (+ a (* 2 a)) (* 2 (- (+ a 1))))", Rational(1, 256), 12),
    ] {
      let term = try SyGuSReader.term(text, in: composite)
      let program = try #require(composite.derivation(of: term))
      #expect(composite.probability(of: program) == prior, "\(text)")
      #expect(composite.size(of: program) == size, "\(text)")
      #expect(composite.derivationCount(of: term) == 1)
      #expect(composite.term(of: program) == term)
    }
    for text in ["(+ a a)", "(* 2 a)", "2", "(+ a 1)"] {
      #expect(composite.derivation(of: try SyGuSReader.term(text, in: composite)) == nil, "\(text)")
    }
  }

  @Test func equalProductionsAreSeveralDerivations() throws {
    let grammar = try problem(Self.synthesis("a a (+ S S)")).grammar
    #expect(grammar.derivationCount(of: try SyGuSReader.term("(+ a a)", in: grammar)) == 4)
  }

  @Test(arguments: [
    ("Int", "(+ S S S)", "(+ (+ a b) a)", "(+ a b a)"), ("Int", "(- S S S S)", "(- (- (- a b) a) b)", "(- a b a b)"),
    ("Int", "(* S 2 S)", "(* (* a 2) b)", "(* a 2 b)"), ("Bool", "(=> S S S)", "(=> a (=> b a))", "(=> a b a)"),
    ("Bool", "(and S S S)", "(and (and a b) a)", "(and a b a)"),
    ("Bool", "(xor S S S)", "(xor (xor a b) b)", "(xor a b b)"),
    ("(_ BitVec 8)", "(bvadd S S S)", "(bvadd (bvadd a b) a)", "(bvadd a b a)"),
    ("(_ Permutation 4)", "(compose S S S)", "(compose (compose a b) a)", "(compose a b a)"),
  ])
  func naryOperatorsMeanNestedBinaryOnes(_ sort: String, _ production: String, _ nested: String, _ flat: String) throws
  {
    let grammar = try problem(Self.synthesis("a b \(production)", sort: sort)).grammar
    let term = try SyGuSReader.term(nested, in: grammar)
    #expect(try SyGuSReader.term(flat, in: grammar) == term)
    let program = try #require(grammar.derivation(of: term))
    #expect(grammar.term(of: program) == term)
    let symbols = flat.split(separator: " ").count - 1
    let leaves = production.contains("2") ? 2 : symbols
    #expect(grammar.probability(of: program) == Rational(1, BigInteger(3)).power(leaves + 1))
  }

  @Test func naryConcatenationAddsWidths() throws {
    let grammar = try problem(
      "(synth-fun f ((a (_ BitVec 3))) (_ BitVec 9) ((S (_ BitVec 9) ((concat T T T))) (T (_ BitVec 3) (a))))"
    ).grammar
    #expect(grammar.terminationMass()[0].lower == 1)
    #expect(SyGuSPrinter(grammar).text(ofProduction: 0) == "(concat (concat T T) T)")
  }

  // MARK: Definitions

  @Test func macrosAreCalledAndNested() throws {
    let grammar = try problem(
      """
      (define-fun one () Int 1)
      (define-fun inc ((x Int)) Int (+ x one))
      (define-fun twice ((x Int)) Int (inc (inc x)))
      (define-fun five () Int (twice (inc (+ one 1))))
      (define-fun if0 ((c Int) (x Int) (y Int)) Int (ite (= c 0) x y))
      \(Self.synthesis("a five (twice S) (if0 S S S)"))
      """
    ).grammar
    #expect(grammar.definitions.map(\.name) == ["inc", "twice", "five", "if0"])
    #expect(shown(grammar) == ["a 1/4", "five 1/4", "(twice S) 1/4", "(if0 S S S) 1/4"])
    let term = try SyGuSReader.term("(if0 five (twice a) (inc five))", in: grammar)
    #expect(SyGuSPrinter(grammar).text(term) == "(if0 five (twice a) (inc five))")
    #expect(InfixPrinter(grammar).text(term) == "if0(five, twice(a), inc(five))")
    expectSame(grammar, try problem(SyGuSPrinter(grammar).problem([])).grammar)
  }

  @Test func ownOperatorsMayBeDefinedByTheFile() throws {
    let grammar = try problem(
      "(define-fun even ((x Int)) Bool (= (mod x 2) 0)) \(Self.synthesis("a (ite (even S) S S)"))"
    ).grammar
    #expect(grammar.definitions.map(\.name) == ["even"])
    #expect(grammar.productions.contains { $0.symbol == .call(0) })
  }

  // MARK: Examples

  @Test func constraintsOfAllFormsAreExamples() throws {
    let read = try problem(
      """
      (synth-fun f ((a Int) (p Bool)) Bool ((S Bool (p))))
      (constraint (= (f 1 true) true)) (constraint (= false (f (- 2) true)))
      (constraint (f 3 true)) (constraint (not (f 4 true)))
      (constraint (and (f 5 false) (and (not (f 6 false)) (= (f 7 false) true))))
      """)
    #expect(read.examples.map { $0.inputs[0].word } == [1, -2, 3, 4, 5, 6, 7])
    #expect(read.examples.map { $0.output.word } == [1, 0, 1, 0, 1, 0, 1])
  }

  /// SMT-LIB writes a function without parameters without parentheses.
  @Test func functionOfNothingIsItsName() throws {
    for constraint in ["(= f 3)", "(= 3 f)", "(= (f) 3)"] {
      let read = try problem("(synth-fun f () Int ((S Int (1 (+ S S))))) (constraint \(constraint))")
      #expect(read.examples.map(\.inputs) == [[]] && read.examples.map(\.output.word) == [3])
    }
    let read = try problem("(synth-fun f () Bool ((S Bool (true)))) (constraint f)")
    #expect(read.examples.map(\.output.word) == [1])
  }

  @Test func constraintOnAllValuesIsNamedAsSuch() {
    for constraint in ["(= (f x 2) (+ x 1))", "(>= (f x 2) x)", "(= (f 1 x) 2)"] {
      let text = "\(Self.synthesis("a")) (declare-var x Int) (constraint \(constraint))"
      let error = #expect(throws: InputError.self) { try problem(text) }
      #expect(error?.faults.count == 1)
      #expect(error?.faults.first?.message.hasPrefix("the constraint is about all values of this variable") == true)
    }
  }

  @Test func repeatedExamplesAreKept() throws {
    let read = try problem("\(Self.synthesis("a")) (constraint (= (f 1 2) 3)) (constraint (= (f 1 2) 3))")
    #expect(read.examples.count == 2)
  }

  // MARK: Published forms

  @Test func bitVectorTrackOf2018IsRead() throws {
    let read = try Self.file("pbe-bv-macros.sl")
    let grammar = read.grammar
    #expect(read.logic == "BV")
    #expect(grammar.definitions.map(\.name) == ["shr1", "shr4", "shr16", "shl1", "if0"])
    #expect(grammar.productions.count == 13)
    #expect(grammar.productions.allSatisfy { $0.probability == Rational(1, 13) })
    #expect(read.examples.count == 12)
    #expect(read.examples.allSatisfy { $0.output.sort == .bitVector(width: 64) })
    #expect(read.examples[0].inputs == [.bitVector(0x1234_5678_9abc_def0, width: 64)])
  }

  @Test func bitVectorTrackWithConditionsIsRead() throws {
    let read = try Self.file("pbe-bv-conditions.sl")
    #expect(read.grammar.nonterminals.map(\.name) == ["Start", "StartBool"])
    #expect(read.grammar.nonterminals.map(\.productions.count) == [24, 4])
    #expect(read.examples.count == 6)
  }

  @Test func aThousandConstraintsAreRead() throws {
    let constraints = (0..<1000).map {
      "(constraint (= (f #x\(String(0x1_0000_0000_0000 + $0 * 7919, radix: 16).padded(16))) #x\("1".padded(16))))"
    }
    let text = Repository.text(Repository.root + "/Tests/GrammarsTests/Files/pbe-bv-macros.sl")
    let head = text[..<text.firstRange(of: "(constraint")!.lowerBound]
    let read = try problem(head + constraints.joined(separator: "\n"))
    #expect(read.examples.count == 1000)
    #expect(read.examples[999].inputs[0].word == 0x1_0000_0000_0000 + 999 * 7919)
  }

  @Test func integerFileWithoutAGrammarGetsTheDefaultOne() throws {
    let read = try Self.file("pbe-lia.sl")
    #expect(read.logic == "LIA")
    #expect(
      shown(read.grammar) == [
        "x 1/8", "y 1/8", "0 1/8", "1 1/8", "(+ Start Start) 1/8", "(- Start Start) 1/8", "(* Start Start) 1/8",
        "(ite Cond Start Start) 1/8",
      ])
    #expect(shown(read.grammar, 1).count == 5)
    #expect(read.examples.count == 5)
    #expect(read.examples[3] == Example(inputs: [.int(-4), .int(-9)], output: .int(-4)))
  }

  @Test(arguments: ["Int", "Bool", "(_ BitVec 1)", "(_ BitVec 17)", "(_ BitVec 64)", "(_ Permutation 6)"])
  func everySortHasADefaultGrammar(_ sort: String) throws {
    // Names of the default grammar may be taken.
    for names in [["a", "b"], ["Start", "Cond"], ["Start_", "Start"]] {
      let grammar = try problem(
        "(synth-fun f ((\(names[0]) \(sort)) (\(names[1]) \(sort))) \(sort))"
      ).grammar
      expectInvariant(grammar)
      #expect(grammar.productions.contains { $0.symbol == .variable(1) })
      expectSame(grammar, try problem(SyGuSPrinter(grammar).problem([])).grammar)
    }
  }

  private static func file(_ name: String) throws -> SyGuSProblem {
    try SyGuSReader.problem(Repository.bytes(Repository.root + "/Tests/GrammarsTests/Files/\(name)"), file: name)
  }

  // MARK: Widths

  @Test(arguments: 1...64) func allBitVectorOperatorsAreReadAtAllWidths(_ width: Int) throws {
    let sort = "(_ BitVec \(width))"
    let same =
      [
        "(bvnot S)", "(bvneg S)", "(bvand S S)", "(bvor S S)", "(bvxor S S)", "(bvnand S S)", "(bvnor S S)",
        "(bvxnor S S)",
        "(bvadd S S)", "(bvsub S S)", "(bvmul S S)", "(bvudiv S S)", "(bvurem S S)", "(bvsdiv S S)", "(bvsrem S S)",
        "(bvsmod S S)", "(bvshl S S)", "(bvlshr S S)", "(bvashr S S)", "((_ rotate_left 3) S)",
        "((_ rotate_right 70) S)",
        "((_ zero_extend 0) S)", "((_ sign_extend 0) S)", "((_ repeat 1) S)", "((_ extract \(width - 1) 0) S)",
        "((_ zero_extend \(width - 1)) C)", "((_ sign_extend \(width - 1)) C)", "((_ repeat \(width)) C)",
      ] + (width > 1 ? ["(concat ((_ extract \(width - 1) 1) S) C)"] : [])
    let truths = ["bvult", "bvule", "bvugt", "bvuge", "bvslt", "bvsle", "bvsgt", "bvsge", "=", "distinct"].map {
      "(\($0) S S)"
    }
    let literal =
      width % 4 == 0 ? "#x" + String(repeating: "f", count: width / 4) : "#b" + String(repeating: "1", count: width)
    let grammar = try problem(
      """
      (synth-fun f ((x \(sort))) \(sort)
        ((S \(sort) (x \(literal) (_ bv1 \(width)) (ite B S S) \(same.joined(separator: " "))))
         (C (_ BitVec 1) ((bvcomp S S) ((_ extract 0 0) S))) (B Bool (\(truths.joined(separator: " "))))))
      """
    ).grammar
    expectInvariant(grammar)
    #expect(grammar.nonterminals[0].productions.count == 4 + same.count)
    #expect(grammar.productions[1].symbol == .constant(.bitVector(.max, width: width), name: nil))
    expectSame(grammar, try problem(SyGuSPrinter(grammar).problem([])).grammar)
  }
}

extension String {
  fileprivate func padded(_ count: Int) -> String { String(repeating: "0", count: count - self.count) + self }
}
