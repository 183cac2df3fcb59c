import ExactArithmetic
import Induction
import Testing

@Suite struct KrichevskyTrofimovTests {
  /// Willems, Shtarkov & Tjalkens 1995, table of P_e(a, b).
  @Test func publishedBlockProbabilities() {
    let table: [(Int, Int, Rational)] = [
      (0, 0, 1), (1, 0, Rational(1, 2)), (2, 0, Rational(3, 8)), (3, 0, Rational(5, 16)), (4, 0, Rational(35, 128)),
      (5, 0, Rational(63, 256)), (1, 1, Rational(1, 8)), (2, 1, Rational(1, 16)), (3, 1, Rational(5, 128)),
      (4, 1, Rational(7, 256)), (2, 2, Rational(3, 128)), (3, 2, Rational(3, 256)), (3, 3, Rational(5, 1024)),
      (4, 3, Rational(5, 2048)),
    ]
    for (a, b, probability) in table {
      #expect(KrichevskyTrofimovEstimator(counts: [a, b]).sequenceProbability == probability, "\(a), \(b)")
      #expect(KrichevskyTrofimovEstimator(counts: [b, a]).sequenceProbability == probability, "\(b), \(a)")
    }
  }

  @Test func blockProbabilityIsTheProductOfPredictions() {
    for alphabetSize in 2...6 {
      var estimator = KrichevskyTrofimovEstimator(alphabetSize: alphabetSize)
      var product: Rational = 1
      for symbol in Sequences.random(length: 80, alphabetSize: alphabetSize, seed: 4) {
        product *= estimator.probability(of: symbol)
        estimator.observe(symbol)
        #expect(estimator.sequenceProbability == product)
      }
      #expect(estimator == KrichevskyTrofimovEstimator(counts: estimator.counts))
    }
  }

  @Test func twoSymbolsGiveSuperCatalanNumbers() {
    func factorial(_ n: Int) -> BigInteger { (0..<n).reduce(BigInteger(1)) { $0 * BigInteger($1 + 1) } }
    for a in 0...12 {
      for b in 0...12 {
        let integer = factorial(2 * a) * factorial(2 * b) / (factorial(a) * factorial(b) * factorial(a + b))
        let probability = KrichevskyTrofimovEstimator(counts: [a, b]).sequenceProbability
        #expect(probability == Rational(integer) * Rational(4).power(-a - b), "\(a), \(b)")
      }
    }
  }

  @Test func dirichletIntegralOfTwoSymbols() {
    // ∫ p^a (1-p)^b dp / (π √(p (1-p))) with p = sin² t is a mean over t; 2^k equal steps integrate it exactly.
    for (a, b) in [(0, 0), (3, 1), (4, 3), (7, 2)] {
      let count = 64
      let mean =
        (0..<count).reduce(0.0) { sum, index in
          let (s, c) = Self.sineAndCosine(index, of: count)
          return sum + Self.power(s * s, a) * Self.power(c * c, b)
        } / Double(count)
      let exact = KrichevskyTrofimovEstimator(counts: [a, b]).sequenceProbability.nearestDouble
      #expect(abs(mean - exact) < 1e-14)
    }
  }

  private static func power(_ x: Double, _ n: Int) -> Double { (0..<n).reduce(1) { value, _ in value * x } }

  /// sin and cos of 2π index/count, by repeated rotation.
  private static func sineAndCosine(_ index: Int, of count: Int) -> (Double, Double) {
    var (c, s) = (-1.0, 0.0)
    var turn = 2
    while turn < count {
      (c, s) = (((1 + c) / 2).squareRoot(), ((1 - c) / 2).squareRoot())
      turn *= 2
    }
    var (x, y) = (1.0, 0.0)
    for _ in 0..<index { (x, y) = (x * c - y * s, x * s + y * c) }
    return (y, x)
  }
}
