import ExactArithmetic
import Grammars
import Randomness
import Testing

@Suite struct ProgramCountTests {
  @Test(arguments: SmallGrammar.allCases) func countsAreThoseOfBruteForce(_ small: SmallGrammar) throws {
    let grammar = small.grammar
    var counts = try SizeCounts(grammar)
    var total = BigInteger(0)
    for size in 0...6 {
      for nonterminal in grammar.nonterminals.indices {
        let trees = BruteForce.trees(grammar, nonterminal, size: size)
        #expect(counts.count(ofSize: size, nonterminal: nonterminal) == BigInteger(trees.count))
      }
      total += counts.count(ofSize: size)
      #expect(counts.count(upToSize: size) == total)
    }
  }

  @Test(arguments: SmallGrammar.allCases) func numbersOfOneSizeAreABijection(_ small: SmallGrammar) throws {
    let grammar = small.grammar
    var counts = try SizeCounts(grammar)
    for size in 1...6 {
      let expected = Set(BruteForce.trees(grammar, size: size).map(\.program))
      let count = Int(counts.count(ofSize: size))
      let found = Set((0..<count).map { counts.program(ofSize: size, index: BigInteger($0)) })
      #expect(found == expected)
    }
  }

  /// OEIS A000108: binary trees with n inner nodes have 2n + 1 symbols.
  @Test func binaryTreesAreCountedByCatalanNumbers() throws {
    var counts = try SizeCounts(SmallGrammar.supercritical.grammar)
    let catalan: [BigInteger] = [1, 1, 2, 5, 14, 42, 132, 429, 1430, 4862, 16796]
    for (n, number) in catalan.enumerated() {
      #expect(counts.count(ofSize: 2 * n + 1) == number)
      #expect(counts.count(ofSize: 2 * n) == 0)
    }
    // C(100) = 200! / (100! · 101!)
    #expect(counts.count(ofSize: 201) == BigInteger("896519947090131496687170070074100632420837521538745909320")!)
  }

  @Test func depthIsThatOfTheTerm() throws {
    let grammar = try problem(
      "(synth-fun f ((a Int)) Int ((S Int) (T Int)) ((S Int (a T (+ S (* 2 S)))) (T Int ((- S)))))"
    ).grammar
    for (text, depth) in [("a", 1), ("(- a)", 2), ("(+ a (* 2 a))", 3), ("(+ (- a) (* 2 (- (- a))))", 5)] {
      let program = try #require(grammar.derivation(of: SyGuSReader.term(text, in: grammar)))
      #expect(grammar.depth(of: program) == depth, "\(text)")
    }
  }

  @Test func unitCyclesAreReportedByName() {
    let cyclic = grammar([
      "S": [Rule("unit", ["T"], "1/2"), Rule("a", "1/2")],
      "T": [Rule("unit", ["S"], "1/2"), Rule("b", "1/2")],
    ])
    #expect(throws: ProgramCountError.unitCycle(["S", "T"])) { try SizeCounts(cyclic) }
  }
}

@Suite struct SamplingTests {
  /// Draws against exact probabilities; a cell for nil. The bound is far beyond chance: 60 for at most 30 cells.
  @Test(arguments: [SmallGrammar.dyadic, .thirds, .supercritical, .twoSorts, .units])
  func priorSamplesFollowThePrior(_ small: SmallGrammar) {
    let grammar = small.grammar
    let limit = 3
    let programs = (1...limit).flatMap { BruteForce.trees(grammar, size: $0) }
    let covered = programs.reduce(Rational(0)) { $0 + $1.prior }
    let cells = Dictionary(uniqueKeysWithValues: programs.enumerated().map { ($1.program, $0) })
    var observed = Array(repeating: 0, count: programs.count + 1)
    let sampler = PriorSampler(grammar)
    var generator = SeededGenerator(seed: 7, name: "prior samples of \(small)")
    for _ in 0..<5000 {
      let drawn = sampler.sample(maximumSize: limit, using: &generator)
      observed[drawn.map { cells[$0]! } ?? programs.count] += 1
    }
    #expect(chiSquare(observed, programs.map(\.prior) + [1 - covered]) < Rational(2 * observed.count + 30))
  }

  /// Denominators of more than 64 bits take the path of big integers.
  @Test func sharesOfLargeDenominatorsAreDrawnExactly() {
    let large = BigInteger(3).power(60)
    let part = Rational((large - 1) / 2, large)
    let sampler = PriorSampler(
      grammar(["S": [Rule("a", "\(part)"), Rule("b", "\(part)"), Rule("c", "\(1 - part - part)")]]))
    var observed = [0, 0, 0]
    var generator = SeededGenerator(seed: 3, name: "large denominators")
    for _ in 0..<2000 { observed[Int(sampler.sample(maximumSize: 1, using: &generator)!.productions[0])] += 1 }
    #expect(observed[2] == 0)
    #expect(chiSquare(Array(observed.prefix(2)), [Rational(1, 2), Rational(1, 2)]) < 20)
  }

  @Test func samplesOfASupercriticalGrammarEnd() {
    let sampler = PriorSampler(SmallGrammar.supercritical.grammar)
    var generator = SeededGenerator(seed: 11, name: "supercritical")
    let ended = (0..<2000).count { _ in sampler.sample(maximumSize: 1000, using: &generator) != nil }
    // Termination mass 1/2: five standard deviations are 112.
    #expect((888...1112).contains(ended))
  }

  /// Unit productions write no symbol: a limit of symbols alone would not end these draws.
  @Test func drawsThatWriteNothingEnd() {
    let sampler = PriorSampler(
      grammar(["S": [Rule("a", "1/1000000000000"), Rule("unit", ["S"], "999999999999/1000000000000")]]))
    var generator = SeededGenerator(seed: 1, name: "units")
    for _ in 0..<3 {
      #expect(sampler.sample(maximumSize: 1, maximumProductions: 2000, using: &generator) == nil)
    }
  }

  @Test(arguments: [SmallGrammar.dyadic, .twoSorts, .units])
  func samplesOfOneSizeAreUniform(_ small: SmallGrammar) throws {
    let size = 4
    let programs = BruteForce.trees(small.grammar, size: size).map(\.program)
    let cells = Dictionary(uniqueKeysWithValues: programs.enumerated().map { ($1, $0) })
    var observed = Array(repeating: 0, count: programs.count)
    var counts = try SizeCounts(small.grammar)
    var generator = SeededGenerator(seed: 5, name: "uniform samples of \(small)")
    for _ in 0..<3000 { observed[cells[counts.sample(size: size, using: &generator)!]!] += 1 }
    let each = Rational(1, BigInteger(programs.count))
    #expect(chiSquare(observed, observed.map { _ in each }) < Rational(2 * observed.count + 30))
    #expect(counts.sample(size: 0, using: &generator) == nil)
  }

  @Test(arguments: [1, 5, 63, 64, 65, 128, 200]) func bigNumbersBelowABoundFillItsRange(_ bits: Int) {
    let bound = BigInteger(2).power(bits)
    var generator = SeededGenerator(seed: 1, name: "below")
    let drawn = (0..<200).map { _ in generator.integer(below: bound) }
    #expect(drawn.allSatisfy { $0 >= 0 && $0 < bound })
    #expect((40...160).contains(drawn.count { $0 >= bound / 2 }))
    #expect(generator.integer(below: 1) == 0)
  }
}
