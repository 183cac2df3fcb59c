import Evaluation
import ExactArithmetic
import Grammars
import Randomness
import Search
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
  ]

  @Test(arguments: others.indices) func searchEqualsBruteForceInOtherLanguages(_ number: Int) throws {
    let grammar = try SyGuSReader.problem(Array(Self.others[number].utf8), file: "grammar \(number)").grammar
    try check(grammar, bits: [14, 15, 13, 13, 15][number], name: "other \(number)")
  }

  /// Random target programs: the search must report the same functions in the same order, with the same first programs and
  /// masses as brute force, and cover the same programs.
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
