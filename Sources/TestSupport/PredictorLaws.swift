import ExactArithmetic
public import Tasks

/// What every `SequencePredictor` promises, checked exactly.
public enum PredictorLaws {
  /// The laws that a predictor breaks on its way along a sequence, with the place; empty when it keeps them all.
  ///
  /// - Parameter start: A predictor that has observed nothing.
  /// - Complexity: at every position one question and one observation per symbol of the alphabet.
  public static func violations(of start: some SequencePredictor, along symbols: [Int]) -> [String] {
    var found: [String] = []
    var (asked, silent) = (start, start)
    if start.sequenceProbability != 1 { found.append("P(nothing) is \(start.sequenceProbability)") }
    for (position, symbol) in symbols.enumerated() {
      found += violations(now: asked).map { "before position \(position): \($0)" }
      asked.observe(symbol)
      silent.observe(symbol)
    }
    found += violations(now: asked).map { "at the end: \($0)" }
    // Having been asked must have left no trace, and a copy none in the original.
    if asked.sequenceProbability != silent.sequenceProbability { found.append("asking changed P(x)") }
    if asked.distribution != silent.distribution { found.append("asking changed the distribution") }
    if start.sequenceProbability != 1 { found.append("a copy changed its original") }
    return found
  }

  private static func violations(now predictor: some SequencePredictor) -> [String] {
    let distribution = predictor.distribution
    guard distribution.count == predictor.alphabetSize else {
      return ["\(distribution.count) probabilities for \(predictor.alphabetSize) symbols"]
    }
    var found: [String] = []
    let sum = distribution.reduce(Rational(0), +)
    if sum != 1 { found.append("the distribution sums to \(sum)") }
    if predictor.distribution != distribution { found.append("the second answer differs from the first") }
    let before = predictor.sequenceProbability
    var after: Rational = 0
    for (symbol, probability) in distribution.enumerated() {
      if probability <= 0 { found.append("P(\(symbol)) is \(probability)") }
      if predictor.probability(of: symbol) != probability { found.append("two values of P(\(symbol))") }
      var next = predictor
      next.observe(symbol)
      let longer = next.sequenceProbability
      if longer != before * probability { found.append("P(x\(symbol)) is \(longer), not \(before) · \(probability)") }
      after += longer
    }
    if after != before { found.append("Σ P(xa) is \(after), P(x) is \(before)") }
    return found
  }
}
