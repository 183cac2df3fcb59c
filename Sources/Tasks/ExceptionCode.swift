public import ExactArithmetic

/// The code that says which of n labels a program misses, and what they are: k, their number, by 1/((k+1)(k+2)); which they
/// are, 1 / C(n, k); and each one's right value, among the |Y| − 1 others where the program says one of the values that labels
/// may have, among all |Y| where it says none of them.
///
/// Of any one program the probabilities of all label sequences sum to at most 1; to 1 − 1/(n+2) where all that it says are
/// such values, and there are more than one.
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
  /// - Parameter outside: exceptions where the program has no value, or one that no label has.
  public func probability(_ count: Int, outside: Int = 0) -> Rational? {
    precondition((0...labels).contains(count), "\(count) exceptions among \(labels) labels")
    precondition((0...count).contains(outside), "\(outside) of \(count) exceptions")
    if count > outside, alphabet < 2 { return nil }
    let number = BigInteger(count + 1) * BigInteger(count + 2)
    let values = BigInteger(max(alphabet - 1, 1)).power(count - outside) * BigInteger(alphabet).power(outside)
    return Rational(1, number * .binomial(labels, count) * values)
  }

  /// The greatest probability of any `count` exceptions or more, `outside` of them or more such as `probability` says.
  ///
  /// Probabilities fall with the number of exceptions and may rise again towards its end, where a program that misses nearly
  /// everything says something: p(k + 1) / p(k) = (k+1)² / ((k+3)(n−k)(|Y|−1)) grows with k, so that one of both ends is
  /// greatest.
  public func greatestProbability(from count: Int, outside: Int = 0) -> Rational {
    if alphabet < 2 { return probability(count, outside: count)! }
    let inside = max(probability(count)!, probability(labels)!)
    return inside * Rational(BigInteger(alphabet - 1).power(outside), BigInteger(alphabet).power(outside))
  }

  /// All labels, each by the same |Y|⁻¹: what a code with a program must be shorter than.
  public var withoutProgram: Rational { Rational(1, BigInteger(alphabet).power(labels)) }
}
