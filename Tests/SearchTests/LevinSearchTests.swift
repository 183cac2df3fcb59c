import Evaluation
import ExactArithmetic
import Grammars
import Search
import Tasks
import TestSupport
import Testing

/// Levin search against all programs written out, and its own promises.
@Suite struct LevinSearchTests {
  static func examples(_ range: ClosedRange<Int64>, _ f: (Int64) -> Int64) -> [Example] {
    range.map { Example(inputs: [.int($0)], output: .int(f($0))) }
  }
  static let factorials = examples(0...4) { $0 < 2 ? 1 : (2...$0).reduce(1, *) }

  static func grammar(_ text: String) throws -> Grammar {
    try SyGuSReader.problem(Array(text.utf8), file: "a language").grammar
  }

  /// A program with its prior and its steps on all examples, when it gives all outputs.
  struct Right: Hashable {
    let program: Program
    let prior: Rational
    let steps: UInt64
  }

  static func right(_ brute: BruteForce, _ examples: [Example]) -> [Right] {
    let interpreter = Interpreter(brute.grammar)
    return brute.programs.compactMap { program, prior in
      let term = brute.grammar.term(of: program)
      var steps: UInt64 = 0
      for example in examples {
        let outcome = interpreter.run(term, on: example.inputs, stepLimit: BruteForce.stepLimit)
        guard outcome.value == example.output else { return nil }
        steps += outcome.steps
      }
      return Right(program: program, prior: prior, steps: steps)
    }
  }

  /// The phase in which a program is run to its end.
  static func phase(_ right: Right) -> Int {
    var phase = 1
    while right.prior * Rational(BigInteger(1) << phase) < Rational(BigInteger(right.steps)) { phase += 1 }
    return phase
  }

  static let nonDyadic = """
    (synth-fun f ((n Int)) Int ((S Int) (B Int))
      ((S Int ((! n :probability 1/3) (! 1 :probability 1/5) (! 0 :probability 2/15) (! (+ S S) :probability 1/10)
        (! (ite (< S S) S S) :probability 1/15)
        (! (loop (lambda ((x Int) (y Int)) B) S S) :probability 1/6)))
       (B Int (x y (+ B B) (* B B) (- B 1)))))
    """
  static let loops = """
    (synth-fun f ((n Int)) Int ((S Int) (B Int))
      ((S Int ((! n :probability 1/2) (! 1 :probability 1/4)
        (! (loop (lambda ((x Int) (y Int)) B) S S) :probability 1/4)))
       (B Int (x y (+ B B) (* B B)))))
    """
  static let commutative = """
    (synth-fun f ((a Int) (b Int)) Int ((S Int))
      ((S Int ((! a :probability 1/3) (! b :probability 1/3) (! (+ S S) :probability 1/6) (! (* S S) :probability 1/6)))))
    """

  /// The first phase with right programs, and all of them, with laws and without: as all programs written out say.
  static func check(_ grammar: Grammar, _ examples: [Example], bits: Int) throws {
    let right = Self.right(BruteForce(grammar, bits: bits), examples)
    let first = try #require(right.map(Self.phase).min())
    // Every program that could be right by then was written out: it takes a step on each input.
    #expect(Rational(BigInteger(1) << first) <= Rational(BigInteger(examples.count) << bits))
    var configuration = LevinSearch.Configuration()
    configuration.top = 10_000
    configuration.usesLaws = false
    let plain = try LevinSearch(grammar, configuration).run(training: examples)
    let expected = Set(right.filter { Self.phase($0) == first })
    #expect(plain.phase == first)
    #expect(
      Set(plain.solutions.map { Right(program: $0.program, prior: $0.probability, steps: $0.steps) }) == expected)
    #expect(plain.tally?.right.total == expected.reduce(Rational(0)) { $0 + $1.prior })
    configuration.usesLaws = true
    let lawful = try LevinSearch(grammar, configuration).run(training: examples)
    #expect(lawful.phase == first)
    let best = try #require(lawful.solutions.first)
    let other = try #require(plain.solutions.first)
    #expect(
      Rational(BigInteger(best.steps)) * other.probability == Rational(BigInteger(other.steps)) * best.probability)
    for solution in lawful.solutions {
      #expect(
        expected.contains(Right(program: solution.program, prior: solution.probability, steps: solution.steps)))
    }
    #expect(lawful.steps <= plain.steps && lawful.programs <= plain.programs)
    for report in [plain, lawful] {
      #expect(BigInteger(report.steps) < report.bound)
      // Under 2^(Kt+2) = 4·t/P.
      #expect(Rational(BigInteger(report.steps)) * best.probability < Rational(4 * BigInteger(best.steps)))
      for phase in report.log.phases {
        #expect(phase.tally.total == 1)
        #expect(phase.tally.steps <= 1 << UInt64(phase.number))
      }
    }
  }

  @Test func levinSearchEqualsBruteForce() throws {
    let grammar = try StructuredLanguage.sequences.grammar()
    try Self.check(grammar, Self.examples(0...3) { $0 * $0 + 1 }, bits: 18)
    try Self.check(grammar, Self.examples(0...4) { $0 % 2 }, bits: 15)
    let loops = try Self.grammar(Self.loops)
    try Self.check(loops, Self.examples(0...3) { $0 < 2 ? 1 : (2...$0).reduce(1, *) }, bits: 16)
    try Self.check(loops, Self.examples(0...3) { 1 << $0 }, bits: 16)
  }

  @Test func levinSearchEqualsBruteForceForOtherPriors() throws {
    try Self.check(try Self.grammar(Self.nonDyadic), Self.examples(0...3) { $0 * ($0 + 1) / 2 }, bits: 18)
    try Self.check(try Self.grammar(Self.nonDyadic), Self.examples(0...3) { 2 * $0 + 1 }, bits: 16)
    let pairs: [(Int64, Int64)] = [(2, 3), (5, 7), (0, 4)]
    let sums = pairs.map { Example(inputs: [.int($0), .int($1)], output: .int(($0 + $1) * $1)) }
    try Self.check(try Self.grammar(Self.commutative), sums, bits: 18)
  }

  /// Bit vectors, whose laws have constants of their own, and the word that stands for no value elsewhere.
  @Test func levinSearchEqualsBruteForceOnBitVectors() throws {
    func bytes(_ symbols: String) throws -> Grammar {
      try Self.grammar(
        "(synth-fun f ((x (_ BitVec 8))) (_ BitVec 8) ((V (_ BitVec 8))) ((V (_ BitVec 8) (\(symbols)))))")
    }
    func words(_ f: (UInt64) -> UInt64) -> [Example] {
      [0, 1, 0x80, 0xA5, 0xFF].map {
        Example(inputs: [.bitVector($0, width: 8)], output: .bitVector(f($0), width: 8))
      }
    }
    let first = try bytes("x #x01 #xff #x00 (bvand V V) (bvsub V V) (bvxor V V) (bvlshr V V)")
    try Self.check(first, words { $0 & ($0 &- 1) }, bits: 18)
    try Self.check(first, words { $0 >> 1 ^ 0xFF }, bits: 18)
    let second = try bytes("x #xff #x00 (bvor V V) (bvadd V V) (bvmul V V) (bvudiv V V) (bvshl V V)")
    try Self.check(second, words { $0 &* 3 }, bits: 18)
    try Self.check(second, words { $0 | $0 &* $0 }, bits: 18)
    let wide = try Self.grammar(
      """
      (define-fun double ((x (_ BitVec 64)) (y (_ BitVec 64))) (_ BitVec 64) (bvadd (bvadd x x) (bvand y #x8000000000000000)))
      (synth-fun f ((x (_ BitVec 64))) (_ BitVec 64) ((V (_ BitVec 64)) (B Bool))
        ((V (_ BitVec 64) (x #x8000000000000000 #x0000000000000000 (bvxor V V) (bvneg V) (double V V) (ite B V V)))
         (B Bool ((bvslt V V)))))
      """)
    let lowest = UInt64(1) << 63
    let inputs = [0, 1, lowest, lowest + 1, .max] as [UInt64]
    for f in [{ ($0 ^ lowest) &* 2 }, { ($0 &* 2) ^ lowest }, { _ in lowest }] as [(UInt64) -> UInt64] {
      let examples = inputs.map {
        Example(inputs: [.bitVector($0, width: 64)], output: .bitVector(f($0), width: 64))
      }
      try Self.check(wide, examples, bits: 18)
    }
  }

  @Test func levinSearchEqualsBruteForceOnPermutations() throws {
    let grammar = try Self.grammar(
      """
      (define-fun between ((f (Permutation 4)) (g (Permutation 4))) (Permutation 4) (compose (inverse f) g))
      (synth-fun f ((a (Permutation 4)) (b (Permutation 4))) (Permutation 4) ((P (Permutation 4)))
        ((P (Permutation 4) (a b (compose P P) (inverse P) (between P P)))))
      """)
    let pairs = [([1, 2, 3, 0], [1, 0, 2, 3]), ([0, 2, 1, 3], [3, 1, 2, 0]), ([2, 0, 1, 3], [0, 1, 3, 2])]
    let examples = pairs.map { a, b in
      let conjugate = (0..<4).map { a[b[a.firstIndex(of: $0)!]] }
      return Example(inputs: [.permutation(a)!, .permutation(b)!], output: .permutation(conjugate)!)
    }
    try Self.check(grammar, examples, bits: 18)
  }

  /// Where exchanging arguments is the only law, what it removes comes back as mass of the survivors, exactly.
  @Test func copiesCarryTheMassOfWhatIsRemoved() throws {
    let grammar = try Self.grammar(Self.commutative)
    let pairs: [(Int64, Int64)] = [(2, 3), (5, 7)]
    let examples = pairs.map { Example(inputs: [.int($0), .int($1)], output: .int(($0 + $1) * $1 + $0)) }
    var configuration = LevinSearch.Configuration()
    configuration.top = 10_000
    let lawful = try LevinSearch(grammar, configuration).run(training: examples)
    configuration.usesLaws = false
    let plain = try LevinSearch(grammar, configuration).run(training: examples)
    #expect(lawful.solutions.count < plain.solutions.count)
    #expect(
      lawful.solutions.reduce(Rational(0)) { $0 + $1.probability * Rational(BigInteger(1) << $1.copies) }
        == plain.tally?.right.total)
  }

  @Test func factorialIsFound() throws {
    let grammar = try StructuredLanguage.sequences.grammar()
    let report = try LevinSearch(grammar).run(training: Self.factorials)
    let solution = try #require(report.solutions.first)
    let text = SyGuSPrinter(grammar).definition(solution.program)
    #expect(text == "(define-fun f ((n Int)) Int (loop (lambda ((x Int) (y Int)) (* x y)) n 1))")
    #expect(solution.steps == 50 && report.phase == 24)
  }

  /// Parts of a phase run on any number of threads; every number is the same.
  @Test func oneAndTwoThreadsAgree() throws {
    let grammar = try StructuredLanguage.sequences.grammar()
    var configuration = LevinSearch.Configuration()
    configuration.top = 100
    let one = try LevinSearch(grammar, configuration).run(training: Self.factorials)
    configuration.threads = 2
    let two = try LevinSearch(grammar, configuration).run(training: Self.factorials)
    #expect(one.solutions == two.solutions)
    #expect(one.steps == two.steps && one.programs == two.programs && one.prefixes == two.prefixes)
    #expect(one.tally?.open.total == two.tally?.open.total)
    #expect(one.tally?.merged.total == two.tally?.merged.total)
  }

  /// A search that a limit ends goes on from its log as if nothing had happened.
  @Test func resumedSearchEqualsStraightOne() throws {
    let grammar = try StructuredLanguage.sequences.grammar()
    var configuration = LevinSearch.Configuration()
    let straight = try LevinSearch(grammar, configuration).run(training: Self.factorials)
    configuration.maxSteps = straight.steps / 2
    let half = try LevinSearch(grammar, configuration).run(training: Self.factorials)
    #expect(half.stop == .maxSteps(straight.steps / 2) && half.solutions.isEmpty)
    let again = try LevinSearch(grammar, configuration).run(training: Self.factorials, resume: half.log)
    #expect(again.stop == half.stop && again.steps == half.steps && again.log.shards.count == half.log.shards.count)
    configuration.maxSteps = nil
    let rest = try LevinSearch(grammar, configuration).run(training: Self.factorials, resume: half.log)
    #expect(rest.solutions == straight.solutions && rest.steps == straight.steps && rest.phase == straight.phase)
  }

  /// What the last phase says comes before a limit that it reached, and before what a log of it goes on with.
  @Test func limitsHideNoEnd() throws {
    try Self.checkLimits(bits: nil, wanted: 7, .exhausted)
    try Self.checkLimits(bits: 2, wanted: 7, .maxBits(2))
    try Self.checkLimits(bits: nil, wanted: 2, .found)
  }

  private static func checkLimits(bits: Int?, wanted: Int64, _ stop: StopReason) throws {
    let grammar = try Self.grammar(
      """
      (synth-fun f ((n Int)) Int ((S Int) (A Int))
        ((S Int ((! n :probability 1/2) (! (+ A A) :probability 1/2)))
         (A Int ((! n :probability 1/2) (! 1 :probability 1/2)))))
      """)
    let training = examples(1...1) { _ in wanted }
    var configuration = LevinSearch.Configuration()
    configuration.maxBits = bits
    let straight = try LevinSearch(grammar, configuration).run(training: training)
    #expect(straight.stop == stop && straight.steps > 0)
    for limit in 1...(straight.steps + 1) {
      for countsPrograms in [false, true] {
        var limited = configuration
        if countsPrograms { limited.maxPrograms = limit } else { limited.maxSteps = limit }
        let report = try LevinSearch(grammar, limited).run(training: training)
        let early: StopReason = countsPrograms ? .maxPrograms(limit) : .maxSteps(limit)
        #expect(report.stop == (report.phase == straight.phase ? stop : early))
        let rest = try LevinSearch(grammar, configuration).run(training: training, resume: report.log)
        #expect(rest.stop == stop && rest.phase == straight.phase && rest.steps == straight.steps)
        #expect(rest.programs == straight.programs && rest.solutions == straight.solutions)
      }
    }
    // No search leaves a phase after the last one.
    var log = straight.log
    log.phases.append(LevinLog.Phase(number: log.phases.count + 1, tally: log.phases[log.phases.count - 1].tally))
    #expect(log.fault(over: grammar)?.contains("and another phase follows") == true)
  }

  /// After phase 62 there is none: neither a limit of steps nor something that a log goes on with.
  @Test(arguments: [10, LevinSearch.lastPhase]) func theLastPhaseEndsASearch(_ last: Int) throws {
    let grammar = try Self.grammar(
      """
      (synth-fun f ((n Int)) Int ((S Int))
        ((S Int ((! n :probability 1/2) (! (compr (lambda ((m Int)) (< m 0)) 0) :probability 1/2)))))
      """)
    var configuration = LevinSearch.Configuration()
    configuration.maxPhase = last
    let search = LevinSearch(grammar, configuration)
    let report = try search.run(training: Self.examples(1...1) { _ in 7 })
    #expect(report.stop == .maxPhase(last) && report.phase == last && report.isComplete && report.solutions.isEmpty)
    let again = try search.run(training: Self.examples(1...1) { _ in 7 }, resume: report.log)
    #expect(again.stop == report.stop && again.phase == last && again.steps == report.steps)
  }

  /// One program, of prior 1: the four phases before take 28 steps, phase 5 finds it in 19, and 2·t/P is 38.
  @Test func theBoundIsThatOfThePhaseAndNotOfTheCost() throws {
    let grammar = try Self.grammar(
      """
      (synth-fun f ((n Int)) Int ((S Int) (B Int) (X Int) (Z Int))
        ((S Int ((loop (lambda ((x Int) (y Int)) B) n Z))) (B Int ((+ X X))) (X Int (x)) (Z Int (1))))
      """)
    let report = try LevinSearch(grammar).run(training: Self.examples(5...5) { 1 << $0 })
    let best = try #require(report.solutions.first)
    #expect(best.probability == 1 && best.steps == 19 && report.phase == 5)
    #expect(report.steps == 47 && report.steps > 2 * best.steps)
    #expect(BigInteger(report.steps) < report.bound && report.bound == 64)
  }

  /// A program that never ends stays open and takes no more than its share.
  @Test func programsWithoutEndStayOpen() throws {
    let grammar = try Self.grammar(
      """
      (synth-fun f ((n Int)) Int ((S Int) (T Bool))
        ((S Int ((! n :probability 1/2) (! (compr (lambda ((n Int)) T) S) :probability 1/2)))
         (T Bool ((< n n) (= n n)))))
      """)
    var configuration = LevinSearch.Configuration()
    configuration.maxPhase = 12
    configuration.maxBits = 6
    let report = try LevinSearch(grammar, configuration).run(training: Self.examples(0...2) { _ in 7 })
    #expect(report.solutions.isEmpty)
    let tally = try #require(report.tally)
    // (compr (< n n) n) is one of the programs whose share ends.
    #expect(tally.open.total >= Rational(1, 8))
    #expect(report.phase == 12)
  }

  /// State that overflows has no value: the prefix is left, and nothing traps.
  @Test func overflowEndsAPrefix() throws {
    let grammar = try Self.grammar(
      """
      (synth-fun f ((n Int)) Int ((S Int) (B Int))
        ((S Int (n (loop (lambda ((x Int) (y Int)) B) n S))) (B Int (x (* B B) (+ B B)))))
      """)
    var configuration = LevinSearch.Configuration()
    configuration.maxPhase = 18
    let report = try LevinSearch(grammar, configuration).run(training: Self.examples(60...63) { _ in 1 })
    #expect(report.tally!.failed.total > 0 && report.solutions.isEmpty)
  }

  /// Priors whose numerators and denominators outgrow 64 bits are computed exactly all the same.
  @Test func widePriorsAreExact() throws {
    let grammar = try Self.grammar(
      "(synth-fun f ((n Int)) Int ((S Int)) ((S Int ((! n :probability 1/100) (! (- S) :probability 99/100)))))")
    var configuration = LevinSearch.Configuration()
    configuration.maxPhase = 14
    let report = try LevinSearch(grammar, configuration).run(training: Self.examples(3...4) { _ in 100 })
    // -…-n with m signs has prior (99/100)^m/100 and takes 2(m + 1) steps.
    var expected = Rational(0)
    for signs in 0..<200 {
      let prior = Rational(99, 100).power(signs) / 100
      if Rational(2 * (signs + 1)) <= prior * Rational(BigInteger(1) << 14) { expected += prior }
    }
    #expect(report.tally?.wrong.total == expected)
  }

  @Test func finiteLanguagesAreExhausted() throws {
    let grammar = try Self.grammar(
      "(synth-fun f ((n Int)) Int ((S Int) (T Int)) ((S Int (n (+ T T))) (T Int (n 1 2))))")
    let report = try LevinSearch(grammar).run(training: Self.examples(0...2) { _ in 9 })
    #expect(report.stop == .exhausted && report.solutions.isEmpty)
  }

  @Test func whatCannotBeSearchedIsRefused() throws {
    let grammar = try StructuredLanguage.sequences.grammar()
    let contradictory = [Example(inputs: [.int(1)], output: .int(1)), Example(inputs: [.int(1)], output: .int(2))]
    #expect(throws: SearchError.self) { try LevinSearch(grammar).run(training: contradictory) }
    #expect(throws: SearchError.self) { try LevinSearch(grammar).run(training: []) }
    let mixed = try Self.grammar(
      """
      (synth-fun f ((x (_ BitVec 8)) (n Int)) (_ BitVec 8) ((V (_ BitVec 8)) (I Int))
        ((V (_ BitVec 8) (x (ite (< I I) V V))) (I Int (n (div I I)))))
      """)
    let example = Example(inputs: [.bitVector(1, width: 8), .int(1)], output: .bitVector(1, width: 8))
    #expect(throws: SearchError.self) { try LevinSearch(mixed).run(training: [example]) }
  }

  /// Three decimals of ten digits already make priors that do not fit three words.
  @Test func bitsAreKeptToUnderPriorsThatAreWide() throws {
    let grammar = try Self.grammar(
      """
      (synth-fun f ((n Int)) Int ((S Int)) ((S Int ((! n :probability 0.3333333333) (! 1 :probability 0.3333333333)
        (! (+ S S) :probability 0.3333333334)))))
      """)
    var configuration = LevinSearch.Configuration()
    let training = Self.examples(1...2) { 2 * $0 }
    configuration.maxBits = 2
    let short = try LevinSearch(grammar, configuration).run(training: training)
    #expect(short.solutions.isEmpty && short.stop == .maxBits(2))
    configuration.maxBits = 5
    #expect(try LevinSearch(grammar, configuration).run(training: training).stop == .found)
  }

  /// What is nested deeper than the call stack may be is left open, and the masses still add up.
  @Test func deepProgramsStayOpen() throws {
    let deep = String(repeating: "(+ 1 ", count: 150) + "S" + String(repeating: ")", count: 150)
    let grammar = try Self.grammar(
      "(synth-fun f ((n Int)) Int ((S Int)) ((S Int ((! \(deep) :probability 31/32) (! n :probability 1/32)))))")
    var configuration = LevinSearch.Configuration()
    configuration.maxPhase = 16
    let report = try LevinSearch(grammar, configuration).run(training: Self.examples(1...3) { 3_000 + $0 })
    #expect(report.solutions.isEmpty)
    #expect(report.tally?.total == 1 && report.tally?.open.isZero == false)
  }

  /// The clock is asked between phases too, where each has few prefixes and long runs.
  @Test func fewPrefixesKeepToTheTimeLimit() throws {
    let grammar = try Self.grammar(
      """
      (synth-fun f ((n Int)) Int ((S Int) (T Bool) (B Int))
        ((S Int ((! (compr (lambda ((k Int)) T) n) :probability 1/2) (! 5 :probability 1/2)))
         (T Bool ((= (mod (* B B) 7) 3))) (B Int (k))))
      """)
    var configuration = LevinSearch.Configuration()
    configuration.timeLimit = .milliseconds(50)
    configuration.countsSettledRounds = false
    let report = try LevinSearch(grammar, configuration).run(
      training: [Example(inputs: [.int(0)], output: .int(7)), Example(inputs: [.int(1)], output: .int(9))])
    #expect(report.stop == .timeLimit(.milliseconds(50)) && report.phase < 40)
  }
}
