import ExactArithmetic
import Induction
import Tasks
import Testing

@Suite struct ContextTreeTests {
  private static func probability(_ symbols: [Int], depth: Int, alphabetSize: Int = 2, past: [Int] = []) -> Rational {
    var tree = ContextTree(depth: depth, alphabetSize: alphabetSize, past: past)
    tree.observe(all: symbols)
    return tree.sequenceProbability
  }

  /// Willems, Shtarkov & Tjalkens 1995: the weighted context tree of their example.
  @Test func publishedExampleHasItsProbability() {
    #expect(Self.probability([0, 1, 1, 0, 1, 0, 0], depth: 3, past: [0, 1, 0]) == Rational(95, 32768))
    #expect(Self.probability([0, 1, 1, 0, 1, 0, 0], depth: 0) == Rational(5, 2048))
  }

  @Test func weightsOfAllTreesSumToOne() {
    for (depth, alphabetSize) in [(0, 2), (1, 2), (2, 2), (3, 2), (1, 3), (2, 3), (2, 4), (1, 5)] {
      let models = TreeModels(depth: depth, alphabetSize: alphabetSize)
      #expect(models.totalWeight == 1, "depth \(depth), \(alphabetSize) symbols")
    }
    #expect((0...3).map { TreeModels(depth: $0, alphabetSize: 2).models.count } == [1, 2, 5, 26])
  }

  @Test(arguments: 0...3) func probabilityIsTheSumOverAllTrees(_ depth: Int) {
    let models = TreeModels(depth: depth, alphabetSize: 2)
    for past in depth == 3 ? [[0, 1, 0], [1, 1, 0]] : Sequences.all(length: depth, alphabetSize: 2) {
      for length in 0...(past == [0, 1, 0] ? 8 : 6) {
        for symbols in Sequences.all(length: length, alphabetSize: 2) {
          let found = Self.probability(symbols, depth: depth, past: past)
          if found != models.probability(of: symbols, past: past) {
            Issue.record("depth \(depth), past \(past), \(symbols): \(found)")
          }
        }
      }
    }
  }

  @Test(arguments: [(1, 3, 5), (2, 3, 4), (1, 4, 4), (2, 4, 2), (1, 5, 3)])
  func probabilityIsTheSumOverAllTreesOfLargerAlphabets(_ depth: Int, _ alphabetSize: Int, _ length: Int) {
    let models = TreeModels(depth: depth, alphabetSize: alphabetSize)
    let past = Array([2, 1].suffix(depth))
    let sequences =
      Sequences.all(length: length, alphabetSize: alphabetSize)
      + [Sequences.repeating(length: 40, alphabetSize: alphabetSize, seed: 3)]
    for symbols in sequences {
      let found = Self.probability(symbols, depth: depth, alphabetSize: alphabetSize, past: past)
      if found != models.probability(of: symbols, past: past) {
        Issue.record("depth \(depth), \(alphabetSize) symbols, \(symbols): \(found)")
      }
    }
  }

  @Test func longSequencesAreTheSumOverAllTreesToo() {
    let models = TreeModels(depth: 3, alphabetSize: 2)
    for seed in 0..<4 as Range<UInt64> {
      let symbols = Sequences.repeating(length: 150, alphabetSize: 2, seed: seed)
      #expect(
        Self.probability(symbols, depth: 3, past: [1, 0, 0]) == models.probability(of: symbols, past: [1, 0, 0]))
    }
  }

  @Test(arguments: [(0, 2), (1, 2), (3, 2), (5, 2), (12, 2), (2, 3), (4, 3), (2, 4)])
  func probabilitiesOfAllSequencesOfALengthSumToOne(_ depth: Int, _ alphabetSize: Int) {
    for length in 0...(alphabetSize == 2 ? 8 : 4) {
      let sum = Sequences.all(length: length, alphabetSize: alphabetSize)
        .reduce(Rational(0)) { $0 + Self.probability($1, depth: depth, alphabetSize: alphabetSize) }
      #expect(sum == 1, "length \(length)")
    }
  }

  @Test func mixtureLosesAtMostTheCostOfAnyTree() {
    let models = TreeModels(depth: 2, alphabetSize: 2)
    let symbols = Sequences.repeating(length: 60, alphabetSize: 2, seed: 9)
    let mixture = Self.probability(symbols, depth: 2, past: [0, 1])
    for (leaves, cost) in models.models {
      var estimators = leaves.map { ($0, KrichevskyTrofimovEstimator(alphabetSize: 2)) }
      let all = [0, 1] + symbols
      for position in 2..<all.count {
        let leaf = estimators.firstIndex { leaf, _ in leaf.indices.allSatisfy { all[position - 1 - $0] == leaf[$0] } }!
        estimators[leaf].1.observe(all[position])
      }
      let member = estimators.reduce(Rational(1)) { $0 * $1.1.sequenceProbability }
      #expect(mixture >= member * Rational(2).power(-cost))
    }
  }

  @Test func shortPastIsContinuedByTheFirstSymbol() {
    let symbols = Sequences.random(length: 40, alphabetSize: 3, seed: 1)
    for (short, long) in [([], [0, 0, 0, 0]), ([2], [0, 0, 0, 2]), ([1, 2], [0, 0, 1, 2])] {
      #expect(
        Self.probability(symbols, depth: 4, alphabetSize: 3, past: short)
          == Self.probability(symbols, depth: 4, alphabetSize: 3, past: long))
    }
    #expect(
      Self.probability(symbols, depth: 2, alphabetSize: 3, past: [1, 1, 0, 2])
        == Self.probability(symbols, depth: 2, alphabetSize: 3, past: [0, 2]))
  }

  @Test func depthZeroIsTheEstimator() {
    for alphabetSize in [2, 3, 7] {
      let symbols = Sequences.random(length: 60, alphabetSize: alphabetSize, seed: 2)
      var estimator = KrichevskyTrofimovEstimator(alphabetSize: alphabetSize)
      var tree = ContextTree(depth: 0, alphabetSize: alphabetSize)
      for symbol in symbols {
        #expect(tree.distribution == estimator.distribution)
        tree.observe(symbol)
        estimator.observe(symbol)
      }
      #expect(tree.sequenceProbability == estimator.sequenceProbability)
    }
  }

  @Test func deepTreesShareTheirNumbers() {
    let symbols = Sequences.repeating(length: 200, alphabetSize: 2, seed: 5)
    var tree = ContextTree(depth: 48, alphabetSize: 2)
    tree.observe(all: symbols)
    #expect(tree.nodeCount <= 1 + 48 * 200)
    // 2 bits a symbol and one for each node that may split.
    #expect(tree.rootBits <= 2 * 200 + tree.nodeCount)
  }
}
