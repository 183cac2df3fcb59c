import ExactArithmetic
import Induction
import Tasks
import TestSupport
import Testing

/// Every predictor keeps the laws of the contract.
@Suite struct PredictorLawTests {
  private static func sequences(_ alphabetSize: Int) -> [[Int]] {
    [
      [], Array(repeating: alphabetSize - 1, count: 12),
      Sequences.random(length: 20, alphabetSize: alphabetSize, seed: 1),
      Sequences.repeating(length: 40, alphabetSize: alphabetSize, seed: 2),
    ]
  }

  @Test(arguments: [2, 3, 5]) func everyConformerKeepsTheLaws(_ alphabetSize: Int) {
    let predictors: [any SequencePredictor] =
      [UniformPredictor(alphabetSize: alphabetSize), KrichevskyTrofimovEstimator(alphabetSize: alphabetSize)]
      + [0, 1, 3, 9].map { ContextTree(depth: $0, alphabetSize: alphabetSize, past: [1, 0]) }
    for predictor in predictors {
      for symbols in Self.sequences(alphabetSize) {
        #expect(PredictorLaws.violations(of: predictor, along: symbols) == [], "\(type(of: predictor))")
      }
    }
  }

  @Test func uniformPredictorTakesAnAlphabetOfOne() {
    #expect(PredictorLaws.violations(of: UniformPredictor(alphabetSize: 1), along: [0, 0, 0]) == [])
  }

  @Test func lawsFindAPredictorThatBreaksThem() {
    #expect(!PredictorLaws.violations(of: Forgetful(), along: [0, 1, 1]).isEmpty)
  }
}

/// Predicts as the estimator does, and takes the uniform probability for that of the sequence.
private struct Forgetful: SequencePredictor {
  private var estimator = KrichevskyTrofimovEstimator(alphabetSize: 2)
  private var uniform = UniformPredictor(alphabetSize: 2)
  var alphabetSize: Int { 2 }
  var distribution: [Rational] { estimator.distribution }
  var sequenceProbability: Rational { uniform.sequenceProbability }
  mutating func observe(_ symbol: Int) {
    estimator.observe(symbol)
    uniform.observe(symbol)
  }
}
