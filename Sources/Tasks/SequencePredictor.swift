public import ExactArithmetic

/// Gives exact probabilities to the next symbol of a sequence, then is told the symbol.
///
///     predictor.distribution        // [1/2, 1/2]
///     predictor.observe(0)
///     predictor.distribution        // [3/4, 1/4]
///
/// Symbols are the numbers `0 ..< alphabetSize`. Asking changes nothing; only `observe(_:)` does, and a copy goes its own
/// way. With x what was observed so far and a any symbol, exactly:
/// - the distribution sums to 1, and all of its members are positive, whatever was observed;
/// - `sequenceProbability` is 1 before the first symbol, and P(xa) = P(x) · P(a | x) (the chain rule), so
///   P(x) = Σ P(xa) over all symbols a.
///
/// What does not hold in general: the distribution may depend on the order of what was observed, not on counts alone.
public protocol SequencePredictor: Sendable {
  /// The number of symbols, at least 1.
  var alphabetSize: Int { get }

  /// P(a | x) for every symbol a.
  var distribution: [Rational] { get }

  /// P(a | x) for one symbol.
  func probability(of symbol: Int) -> Rational

  /// P(x): the probability given to all that was observed, at the time before it was.
  var sequenceProbability: Rational { get }

  /// Appends a symbol of the alphabet to x.
  mutating func observe(_ symbol: Int)
}

extension SequencePredictor {
  /// P(a | x), read off the distribution; predictors that can do with less work do.
  public func probability(of symbol: Int) -> Rational {
    precondition((0..<alphabetSize).contains(symbol), "symbol \(symbol) of an alphabet of \(alphabetSize)")
    return distribution[symbol]
  }

  /// Appends symbols in their order.
  public mutating func observe(all symbols: some Sequence<Int>) { for symbol in symbols { observe(symbol) } }
}
