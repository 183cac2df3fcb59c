public import ExactArithmetic

/// The code that says which of n labels a program misses, and what they are: k, their number, by 1/((k+1)(k+2)); which they
/// are, 1 / C(n, k); and each one's right value among the |Y| − 1 others.
///
/// All sets of exceptions with all their values together have probability Σ_k 1/((k+1)(k+2)) = 1 − 1/(n+2), where there is
/// more than one label.
///
/// - Source: the two-part code for exceptions (Rissanen 1978; Quinlan & Rivest 1989, "Inferring decision trees using the
///   minimum description length principle", section 3), with a prior of k that needs no bound.
public struct ExceptionCode: Hashable, Sendable {
  /// n: labels, or the places where labels may be.
  public let labels: Int
  /// |Y|: values that a label may have.
  public let alphabet: Int

  /// - Precondition: at least one value; no negative number of labels.
  public init(labels: Int, alphabet: Int) {
    precondition(labels >= 0 && alphabet > 0, "\(labels) labels of \(alphabet) values")
    (self.labels, self.alphabet) = (labels, alphabet)
  }

  /// The probability of any one set of `count` exceptions with their values; nil where there is none: of a single value no
  /// other can be right.
  ///
  /// - Complexity: `min(count, labels - count)` products of numbers as long as the result.
  public func probability(_ count: Int) -> Rational? {
    precondition((0...labels).contains(count), "\(count) exceptions among \(labels) labels")
    if count > 0, alphabet < 2 { return nil }
    let number = BigInteger(count + 1) * BigInteger(count + 2)
    return Rational(1, number * binomial(labels, count) * BigInteger(max(alphabet - 1, 1)).power(count))
  }

  /// The greatest probability of any set of `count` exceptions or more.
  ///
  /// Probabilities fall with the number of exceptions and may rise again towards its end, where a program that misses nearly
  /// everything says something: p(k + 1) / p(k) = (k+1)² / ((k+3)(n−k)(|Y|−1)) grows with k, so that one of both ends is
  /// greatest.
  public func greatestProbability(from count: Int) -> Rational {
    let first = probability(count) ?? 0
    return max(first, probability(labels) ?? 0)
  }

  /// All labels, each by the same |Y|⁻¹: what a code with a program must be shorter than.
  public var withoutProgram: Rational { Rational(1, BigInteger(alphabet).power(labels)) }
}

/// C(n, k), exactly.
func binomial(_ n: Int, _ k: Int) -> BigInteger {
  var value = BigInteger(1)
  for i in 0..<min(k, n - k) {
    value = (value * BigInteger(n - i)).euclideanQuotientAndRemainder(dividingBy: BigInteger(i + 1)).quotient
  }
  return value
}
