import ExactArithmetic
import Grammars
import Testing

/// Priors down to which brute force goes.
private func least(_ small: SmallGrammar) -> Rational {
  switch small {
  case .dyadic: Rational(1, 4096)
  case .thirds: Rational(1, 5000)
  case .supercritical: Rational(1, 3000)
  case .irrational: Rational(1, 50_000)
  case .twoSorts: Rational(1, 4096)
  case .units: Rational(1, 10_000)
  case .auxiliary: Rational(1, 50_000)
  case .finite: Rational(1, 1000)
  }
}

@Suite struct LadderTests {
  @Test(arguments: SmallGrammar.allCases) func levelsAreThoseOfBruteForceInDecreasingPrior(_ small: SmallGrammar) {
    let grammar = small.grammar
    for nonterminal in grammar.nonterminals.indices {
      var expected = BruteForce.trees(grammar, nonterminal, priorAtLeast: least(small)).map(\.prior)
      expected.sort(by: >)
      var ladder = Ladder(grammar)
      var found: [Rational] = []
      var last = Rational(2)
      while let level = ladder.next(), level.probability >= least(small) {
        guard level.nonterminal == nonterminal else { continue }
        #expect(level.probability < last)
        #expect(level.batches.reduce(0) { $0 + $1.count } == level.count)
        last = level.probability
        found += Array(repeating: level.probability, count: Int(level.count))
      }
      #expect(found == expected)
    }
  }

  @Test(arguments: SmallGrammar.allCases) func ranksAreThePlacesInTheSortedList(_ small: SmallGrammar) throws {
    let trees = BruteForce.ordered(small.grammar, priorAtLeast: least(small))
    #expect(trees.count >= 6)
    var ranking = ProgramOrder(small.grammar)
    var unranking = ProgramOrder(small.grammar)
    for (place, tree) in trees.enumerated() {
      #expect(try ranking.rank(of: tree.program) == BigInteger(place))
      #expect(unranking.program(atRank: BigInteger(place)) == tree.program)
      #expect(try ranking.level(of: tree.program).probability == tree.prior)
    }
  }

  @Test func ordinalsOfAnyNumberOfArgumentsAreKept() {
    for count in 0...6 {
      let numbers = (0..<count).map { 7 * $0 + 1 }
      let kept = Ladder.LevelNumbers(numbers)
      #expect(Array(kept) == numbers)
      #expect(kept == Ladder.LevelNumbers(numbers) && kept.hashValue == Ladder.LevelNumbers(numbers).hashValue)
      for place in 0..<count {
        var others = numbers
        others[place] += 1
        #expect(kept != Ladder.LevelNumbers(others))
      }
      #expect(kept != Ladder.LevelNumbers(numbers + [0]))
    }
  }

  /// Asking for the last program first must not change any rank.
  @Test func ranksDoNotDependOnTheOrderOfQuestions() throws {
    let trees = BruteForce.ordered(SmallGrammar.units.grammar, priorAtLeast: Rational(1, 1000))
    var order = ProgramOrder(SmallGrammar.units.grammar)
    for (place, tree) in trees.enumerated().reversed() {
      #expect(try order.rank(of: tree.program) == BigInteger(place))
    }
  }

  @Test func finiteGrammarsHaveNoProgramPastTheEnd() {
    let grammar = SmallGrammar.finite.grammar
    #expect(grammar.programCount() == 6)
    #expect(SmallGrammar.dyadic.grammar.programCount() == nil)
    var order = ProgramOrder(grammar)
    #expect(Set((0..<6).map { order.program(atRank: $0)! }).count == 6)
    #expect(order.program(atRank: 6) == nil)
    #expect(order.program(atRank: BigInteger(10).power(30)) == nil)
  }

  /// An infinite nonterminal that the start never reaches must not keep the search for an end going.
  @Test func unreachableNonterminalsDoNotHideTheEnd() {
    let grammar = grammar([
      "S": [Rule("a", "1/2"), Rule("b", "1/2")], "T": [Rule("a", "1/2"), Rule("neg", ["T"], "1/2")],
    ])
    var order = ProgramOrder(grammar)
    #expect(order.program(atRank: 2) == nil)
    var sums = KraftSums(grammar)
    while sums.next() != nil {}
    #expect(sums.current.sum == 1)
  }

  @Test func incompleteAndForeignDerivationsHaveNoRank() {
    var order = ProgramOrder(SmallGrammar.twoSorts.grammar)
    for productions: [Int32] in [[], [2], [5], [0, 0], [99]] {
      let program = Program(productions: productions)
      #expect(throws: ProgramOrderError.notDerivable(program)) { try order.rank(of: program) }
    }
  }

  @Test func derivationsThroughUnitCyclesHaveRanks() throws {
    var order = ProgramOrder(grammar(["S": [Rule("unit", ["S"], "1/2"), Rule("a", "1/2")]]))
    let found = order.program(atRank: 50)
    let program = try #require(found)
    #expect(program.productions == Array(repeating: 0, count: 50) + [1])
    #expect(try order.rank(of: program) == 50)
  }

  @Test func programsOfTenThousandSymbolsHaveRanks() throws {
    let chain = grammar(["S": [Rule("a", "1/2"), Rule("neg", ["S"], "1/2")]])
    let program = Program(productions: Array(repeating: 1, count: 9_999) + [0])
    var order = ProgramOrder(chain)
    #expect(try order.rank(of: program) == 9_999)
    #expect(order.program(atRank: 9_999) == program)
    #expect(chain.depth(of: program) == 10_000)
  }

  /// Priors stay exponents, here of more than 32 bits: the prior of the program with rank 33,000 has two thousand million
  /// binary digits.
  @Test(.timeLimit(.minutes(10))) func ranksTakeNoTimeForDigitsOfProbabilities() throws {
    let grammar = try problem(
      "(synth-fun f ((x Int)) Int ((E Int (x (- E) (! (abs E) :weight 65535) (! 1 :weight 65536)))))"
    ).grammar
    var order = ProgramOrder(grammar)
    let found = try order.program(atRank: 33_000, maximumBatches: 33_001)
    let program = try #require(found)
    #expect(program.productions == Array(repeating: 1, count: 33_000) + [0])
    #expect(try order.rank(of: program) == 33_000)
    let last = Program(productions: [3])
    #expect(throws: ProgramOrderError.batchLimit(40_000)) { try order.rank(of: last, maximumBatches: 40_000) }
  }

  /// The priors of E and of T, and of E among themselves, differ by factors next to 1: no `Double` logarithm shows it.
  @Test(arguments: [70, 3_000]) func nearlyEqualPriorsAreOrderedExactly(_ weight: Int) throws {
    let grammar = try problem(
      "(synth-fun f ((x Int)) Int ((E Int (x (! 1 :weight \(weight)) (+ T E))) (T Int (x (- T)))))"
    ).grammar
    var ladder = Ladder(grammar)
    var previous = Rational(1)
    var levels = [0, 0]
    for _ in 0..<60 {
      let next = ladder.next()
      let level = try #require(next)
      #expect(level.probability < previous)
      previous = level.probability
      levels[level.nonterminal] += 1
    }
    #expect(levels[0] > 30 && levels[1] > 10, "\(levels)")
  }

  /// A level of the chain is one batch.
  @Test func nothingIsListedBeyondTheLimitOfBatches() throws {
    let chain = grammar(["S": [Rule("a", "1/2"), Rule("neg", ["S"], "1/2")]])
    let program = Program(productions: Array(repeating: 1, count: 100) + [0])
    var order = ProgramOrder(chain)
    #expect(throws: ProgramOrderError.batchLimit(100)) { try order.rank(of: program, maximumBatches: 100) }
    #expect(try order.rank(of: program, maximumBatches: 101) == 100)
    #expect(throws: ProgramOrderError.batchLimit(150)) { try order.program(atRank: 150, maximumBatches: 150) }
    let found = try order.program(atRank: 150, maximumBatches: 151)
    #expect(found?.productions.count == 151)
    var sums = KraftSums(chain)
    let first = try sums.next(maximumBatches: 1)
    #expect(first?.levels == 1)
    #expect(throws: ProgramOrderError.batchLimit(1)) { try sums.next(maximumBatches: 1) }
    #expect(sums.current == first)
    let second = sums.next()
    #expect(second?.levels == 2)
  }
}
