import Evaluation
import ExactArithmetic
import Grammars
import Randomness
import Search
import Tasks
import TestSupport
import Testing

/// The search against all programs written out.
@Suite struct BruteForceTests {
  /// Inputs for a language: crowded at the ends of the range, and distinct.
  static func inputs(_ grammar: Grammar, count: Int, _ generator: inout SeededGenerator) -> [[Value]] {
    var found: [[Value]] = []
    while found.count < count {
      let input = grammar.parameters.map {
        value($0.sort, grammar.modulus, most: grammar.isStructured ? 12 : 50, &generator)
      }
      if !found.contains(input) { found.append(input) }
    }
    return found
  }

  static func value(_ sort: Sort, _ modulus: Int64?, most: Int64 = 50, _ generator: inout SeededGenerator) -> Value {
    switch sort {
    case .int: return .int(Int64(generator.below(UInt64(modulus ?? most))))
    case .bool: return .bool(generator.next() & 1 == 1)
    case .bitVector(let width): return .bitVector(generator.next(), width: width)
    case .permutation(let degree):
      var images = Array(0..<degree)
      generator.shuffle(&images)
      return .permutation(images)!
    case .list: return .list((0..<Int(generator.below(6))).map { _ in Int64(generator.below(5)) })
    case .pair, .function: preconditionFailure("no task has values of \(sort)")
    }
  }

  /// Targets drawn for each language; fewer where everything is slow.
  #if DEBUG
    private static let rounds = 3
  #else
    private static let rounds = 6
  #endif

  @Test(arguments: Language.allCases) func searchEqualsBruteForce(_ language: Language) throws {
    let bits = language == .integers || language == .field ? 16 : 18
    try check(try language.grammar(modulus: 7), bits: bits, name: "\(language)")
  }

  private static let structuredBits: [StructuredLanguage: Int] = [
    .sequences: 16, .lists: 14, .transducers: 17, .nested: 18,
  ]

  /// Merging by normal form under lambdas, and by value elsewhere, loses and adds no program.
  @Test(arguments: StructuredLanguage.allCases) func searchOfLoopsEqualsBruteForce(_ language: StructuredLanguage)
    throws
  {
    try check(
      try language.grammar(), bits: Self.structuredBits[language]!, name: "\(language)")
  }

  /// Languages with what the shipped ones lack: other probabilities, units, inner terms, macros, partial operators.
  static let others = [
    """
    (define-fun modulus () Int 5)
    (synth-fun f ((a Int) (b Int)) Int ((E Int) (T Int) (B Bool))
      ((E Int ((! T :probability 1/3) (! (+ E T) :probability 1/5) (! (mod E E) :probability 1/5)
        (! (div E T) :probability 1/15) (! (abs (- E 2)) :probability 1/10) (! (ite B E T) :probability 1/10)))
       (T Int (a b (- 1) modulus (* T T) (- T)))
       (B Bool ((< E T) (distinct T T) (and B B) (=> B B)))))
    """,
    """
    (define-fun shr1 ((x (BitVec 6))) (BitVec 6) (bvlshr x #b000001))
    (define-fun if0 ((x (BitVec 6)) (y (BitVec 6)) (z (BitVec 6))) (BitVec 6) (ite (= x #b000001) y z))
    (define-fun first ((x (BitVec 6)) (y (BitVec 6))) (BitVec 6) x)
    (synth-fun f ((x (BitVec 6))) (BitVec 6)
      ((Start (BitVec 6) (#b000000 #b000001 x (bvnot Start) (shr1 Start) (bvand Start Start) (bvadd Start Start)
        (first Start Start) (if0 Start Start Start) (bvsub x Start) ((_ rotate_left 2) Start)))))
    """,
    """
    (synth-fun f ((a Bool) (n Int)) Bool ((B Bool) (N Int))
      ((B Bool ((! a :weight 1) (! (not B) :weight 2) (! (or B B) :weight 3) (! (= N N) :weight 2) (! (< N N) :weight 2)
        (! (xor B B) :weight 3) (! (ite B B B) :weight 4)))
       (N Int ((! n :weight 1) (! 3 :weight 2) (! (+ N N) :weight 3) (! (mod N 2) :weight 3) (! (* N N) :weight 3)))))
    """,
    """
    (synth-fun f ((p (_ Permutation 4)) (q (_ Permutation 4))) (_ Permutation 4) ((G (_ Permutation 4)) (H (_ Permutation 4)))
      ((G (_ Permutation 4) ((! H :probability 0.4) (! (compose G H) :probability 0.35) (! (inverse G) :probability 0.25)))
       (H (_ Permutation 4) (p q (perm 1 0 2 3) (compose H (inverse H))))))
    """,
    """
    (define-fun madd ((x Int) (y Int)) Int (mod (+ x y) 5))
    (define-fun mmul ((x Int) (y Int)) Int (mod (* x y) 5))
    (define-fun six ((x Int) (y Int)) Int (mod (* y x) 6))
    (define-fun double ((x Int)) Int (+ x x))
    (define-fun odd ((x Int)) Int (- (* 2 x) 1))
    (define-fun mixed ((x Int) (y Int)) Int (+ (mod (madd x 7) 3) (double y)))
    (define-fun modulus () Int 5)
    (synth-fun f ((a Int) (b Int)) Int ((E Int))
      ((E Int ((! a :weight 1) (! b :weight 2) (! (madd E E) :weight 4) (! (mmul E E) :weight 4) (! (six E E) :weight 5)
        (! (odd E) :weight 5) (! (mixed E E) :weight 5) (! (double E) :weight 5)))))
    """,
    """
    (define-fun modulus () Int 5)
    (define-fun scale ((x Int) (y Int)) Int (* x y y))
    (define-fun cube ((x Int) (y Int)) Int (ff.mul (ff.mul (mod x 3) y) y))
    (define-fun shift ((x Int) (y Int)) Int (ff.add (mod x 2) y))
    (define-fun twice ((x Int) (y Int)) Int (mod (* (mod x 5) y) 7))
    (synth-fun f ((a Int) (b Int)) Int ((E Int))
      ((E Int (a b 0 (- 1) (scale E E) (cube E E) (shift E E) (twice E E)))))
    """,
    """
    (synth-fun f ((x Int) (y Int)) Int ((S Int) (B Bool)) (
      (S Int ((! x :probability 17/91) (! y :probability 13/91) (! 0 :probability 3/91) (! 1 :probability 7/91)
        (! 2 :probability 5/91) (! (+ S S) :probability 19/91) (! (- S S) :probability 11/91)
        (! (* S S) :probability 11/91) (! (ite B S S) :probability 5/91)))
      (B Bool ((! (< S S) :probability 3/5) (! (= S S) :probability 2/5)))))
    """,
  ]

  /// Macros whose unknown stands below two factors, or below a congruence beside a field: what undoes them must lose nothing.
  @Test(
    arguments: [
      ("(* x y y)", "", [[3, 2, 12], [5, 0, 0], [2, 3, 18], [7, 1, 7]]),
      ("(* (* 3 x) (* y y))", "", [[3, 2, 36], [5, 0, 0], [0, 0, 0], [2, 3, 54]]),
      ("(ff.mul (ff.mul x y) y)", "2", [[0, 1, 0], [1, 0, 0], [1, 1, 1]]),
      ("(ff.add (mod x 2) y)", "5", [[2, 3, 3], [3, 3, 4], [1, 4, 0]]),
      ("(ff.add (mod x 7) y)", "113", [[30, 20, 22], [51, 11, 13], [8, 3, 4]]),
      ("(mod (* (mod x 5) y) 7)", "", [[3, 2, 6], [14, 3, 5], [9, 10, 5]]),
      ("(mod (* y (* y x)) 7)", "", [[3, 2, 5], [4, 7, 0], [6, 0, 0], [1, 3, 2]]),
    ] as [(String, String, [[Int64]])])
  func macrosAreUndoneWhereTheyLoseTheirArgument(_ body: String, _ modulus: String, _ rows: [[Int64]]) throws {
    let text = """
      (set-logic ALL)
      \(modulus.isEmpty ? "" : "(define-fun modulus () Int \(modulus))")
      (define-fun g ((x Int) (y Int)) Int \(body))
      (synth-fun f ((a Int) (b Int)) Int ((S Int)) ((S Int (a b (g S S)))))
      (check-synth)
      """
    let grammar = try SyGuSReader.problem(Array(text.utf8), file: "g.sl").grammar
    let training = rows.map { Example(inputs: [.int($0[0]), .int($0[1])], output: .int($0[2])) }
    var configuration = LengthOrderedSearch.Configuration()
    configuration.extraWork = 0
    configuration.maxBits = 20
    let report = try LengthOrderedSearch(grammar, configuration).run(training: training)
    let found = try #require(report.solutions.first)
    #expect(SyGuSPrinter(grammar).text(grammar.term(of: found.program)) == "(g a b)")
    #expect(report.isShortest)
  }

  /// A definition without parameters is a constant, or nothing where it has no value.
  @Test(arguments: [("(+ 3 4)", 7), ("(ite (= 1 1) 3 4)", 3), ("(div 1 0)", nil)] as [(String, Int64?)])
  func definitionsWithoutParametersAreLeaves(_ body: String, _ value: Int64?) throws {
    let text = """
      (define-fun k () Int \(body))
      (synth-fun f ((a Int)) Int ((S Int)) ((S Int (a k (+ S S)))))
      """
    let grammar = try SyGuSReader.problem(Array(text.utf8), file: "k.sl").grammar
    let training = [3, 5].map { Example(inputs: [.int($0)], output: .int($0 + (value ?? 1))) }
    var configuration = LengthOrderedSearch.Configuration()
    configuration.maxBits = 12
    let report = try LengthOrderedSearch(grammar, configuration).run(training: training)
    #expect(report.solutions.isEmpty == (value == nil))
    if value != nil { #expect(SyGuSPrinter(grammar).text(grammar.term(of: report.solutions[0].program)) == "(+ a k)") }
    #expect(throws: SearchError.self) { try LevinSearch(grammar).run(training: training) }
  }

  /// A macro may not bring Int, whose values may be missing, below bit vectors.
  @Test func intInsideAMacroOverBitVectorsIsRefused() throws {
    let text = """
      (define-fun g ((x (_ BitVec 8))) (_ BitVec 8) (ite (= (div 1 0) 1) x (bvnot x)))
      (synth-fun f ((a (_ BitVec 8))) (_ BitVec 8) ((S (_ BitVec 8))) ((S (_ BitVec 8) (a #x01 (g S) (bvadd S S)))))
      """
    let grammar = try SyGuSReader.problem(Array(text.utf8), file: "g.sl").grammar
    let example = Example(inputs: [.bitVector(15, width: 8)], output: .bitVector(240, width: 8))
    #expect(throws: SearchError.self) { try LengthOrderedSearch(grammar).run(training: [example]) }
  }

  /// What is found beyond the complete levels is not longer than asked for either.
  @Test func conjecturesKeepToTheBitsAskedFor() throws {
    let grammar = try StructuredLanguage.sequences.grammar()
    let primes: [Int64] = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71]
    let training = primes.enumerated().map { Example(inputs: [.int(Int64($0.offset))], output: .int($0.element)) }
    var configuration = LengthOrderedSearch.Configuration()
    configuration.maxBits = 16
    let report = try LengthOrderedSearch(grammar, configuration).run(training: training)
    #expect(report.solutions.isEmpty && report.stop == .maxBits(16))
  }

  @Test(arguments: others.indices) func searchEqualsBruteForceInOtherLanguages(_ number: Int) throws {
    let grammar = try SyGuSReader.problem(Array(Self.others[number].utf8), file: "grammar \(number)").grammar
    try check(grammar, bits: [14, 15, 13, 13, 15, 15, 17][number], name: "other \(number)")
  }

  /// Random target programs: the search must report the same functions in the same order, with the same first programs and
  /// masses as brute force, and cover the same programs.
  /// The built-in tasks whose program is short enough to write out all shorter ones, with the bits of that program.
  static let builtIn: [(language: Language, modulus: Int64?, tasks: [(name: String, bits: Int)])] = [
    (
      .field, 97,
      [
        ("mod-add", 7), ("mod-sub", 8), ("mod-mul", 7), ("mod-div", 9), ("mod-square-add", 12), ("mod-cube-add", 17),
        ("mod-sum-of-squares", 17), ("mod-cube-mul", 17),
      ]
    ),
    (.integers, 97, [("mod-add", 12), ("mod-sub", 13), ("mod-mul", 13), ("mod-square-add", 18)]),
    (.permutations, nil, [("s5-compose", 6), ("s5-conjugate", 12), ("s5-sandwich", 10)]),
  ]

  /// The program found from 40 examples is the first of all programs that agree with them.
  @Test(arguments: [Language.field, .integers, .permutations]) func programOfBuiltInTaskIsFirst(_ language: Language)
    throws
  {
    let (_, modulus, tasks) = try #require(Self.builtIn.first { $0.language == language })
    let grammar = try language.grammar(modulus: modulus ?? 7)
    let brute = BruteForce(grammar, bits: tasks.map(\.bits).max()!)
    for (name, bits) in tasks {
      let table = try TaskFamily.named(name).table(modulus: modulus)
      let training = try Split(of: table, size: .count(40), seed: 0).training
      var configuration = LengthOrderedSearch.Configuration()
      configuration.extraWork = 0
      let report = try LengthOrderedSearch(grammar, configuration).run(training: training)
      let expected = try #require(brute.functions(agreeingWith: training, on: []).first, "\(name)")
      #expect(expected.prior == Rational(1, BigInteger(1) << bits), "\(name)")
      #expect(report.solutions.first?.program == expected.first, "\(name)")
    }
  }

  func check(_ grammar: Grammar, bits: Int, name: String) throws {
    let brute = BruteForce(grammar, bits: bits)
    #expect(brute.programs.count > 150)
    var generator = SeededGenerator(seed: 1, name: "brute/\(name)")
    let interpreter = Interpreter(grammar)
    for round in 0..<Self.rounds {
      let target = grammar.term(of: brute.programs[Int(generator.below(UInt64(brute.programs.count)))].program)
      let inputs = Self.inputs(grammar, count: 10, &generator)
      let examples = inputs.compactMap { input in
        interpreter.run(target, on: input, stepLimit: BruteForce.stepLimit).value.map {
          Example(inputs: input, output: $0)
        }
      }
      guard examples.count > 2 else { continue }
      let training = Array(examples.prefix(1 + round))
      let probes = examples.dropFirst(1 + round).map(\.inputs)
      var configuration = LengthOrderedSearch.Configuration()
      configuration.top = 1000
      configuration.maxBits = bits
      configuration.audits = true
      configuration.probes = probes.count
      configuration.extraWork = 1e9
      let report = try LengthOrderedSearch(grammar, configuration).run(training: training, probes: probes)
      let expected = brute.functions(agreeingWith: training, on: training.map(\.inputs) + probes)
      #expect(!expected.isEmpty)
      #expect(report.programs == BigInteger(brute.programs.count))
      #expect(report.resolvedMass == brute.programs.reduce(Rational(0)) { $0 + $1.prior })
      #expect(report.solutions.map(\.program) == expected.map(\.first))
      #expect(report.solutions.map(\.probability) == expected.map(\.prior))
      #expect(report.solutions.map(\.mass) == expected.map { Optional($0.mass) })
      #expect(report.consistentMass == expected.reduce(Rational(0)) { $0 + $1.mass })
    }
  }
}
