public import ExactArithmetic
public import Tasks

/// The Krichevsky–Trofimov estimator: symbols drawn independently from an unknown distribution, that distribution drawn
/// from the Dirichlet prior with all parameters 1/2.
///
///     var estimator = KrichevskyTrofimovEstimator(alphabetSize: 2)
///     estimator.observe(all: [0, 1, 1, 0, 1, 0, 0])
///     estimator.sequenceProbability     // 5/2048
///     estimator.distribution            // [9/16, 7/16]
///
/// With n_a the times that symbol a came, n their sum and A the size of the alphabet:
///
///     P(a | counts)  = (n_a + 1/2) / (n + A/2) = (2 n_a + 1) / (2 n + A)
///     P_e(n_1 … n_A) = Π_a 1·3·5 ⋯ (2 n_a - 1)  /  A (A + 2) (A + 4) ⋯ (A + 2n - 2)
///
/// Exact. The order of the symbols does not matter. For A = 2, 4^n P_e is the integer (2a)! (2b)! / (a! b! (a + b)!), so
/// block probabilities are dyadic; for other alphabets they are not.
///
/// - Source: Krichevsky & Trofimov 1981, "The performance of universal encoding", IEEE Transactions on Information Theory
///   27(2) (the estimator); Willems, Shtarkov & Tjalkens 1995 (A = 2); the integers are the super Catalan numbers of Gessel
///   1992, "Super ballot numbers".
public struct KrichevskyTrofimovEstimator: SequencePredictor, Hashable {
  /// How often each symbol came.
  public private(set) var counts: [Int]
  /// How many symbols came.
  public private(set) var total: Int

  /// An estimator that has seen nothing. The alphabet has at least two symbols.
  public init(alphabetSize: Int) { self.init(counts: Array(repeating: 0, count: alphabetSize)) }

  /// An estimator that has seen these counts, none of them negative.
  public init(counts: [Int]) {
    precondition(counts.count >= 2, "an alphabet of \(counts.count) symbols; the estimator needs two")
    precondition(counts.allSatisfy { $0 >= 0 }, "negative counts: \(counts)")
    self.counts = counts
    total = counts.reduce(0, +)
  }

  /// A, the number of symbols, at least 2.
  public var alphabetSize: Int { counts.count }

  /// (2 n_a + 1) / (2 n + A) for every symbol a, exact.
  public var distribution: [Rational] { counts.indices.map(probability) }

  /// (2 n_a + 1) / (2 n + A) for the symbol a, exact.
  public func probability(of symbol: Int) -> Rational {
    precondition(counts.indices.contains(symbol), "symbol \(symbol) of an alphabet of \(alphabetSize)")
    return Rational(BigInteger(2 * counts[symbol] + 1), BigInteger(2 * total + alphabetSize))
  }

  /// P_e of the counts, from the closed form.
  ///
  /// - Complexity: one product of n numbers of O(log n) bits, multiplied in halves.
  public var sequenceProbability: Rational {
    let numerator = counts.reduce(BigInteger(1)) { $0 * Self.product(from: 1, count: $1) }
    return Rational(numerator, Self.product(from: alphabetSize, count: total))
  }

  /// Counts a symbol once more, in constant time.
  public mutating func observe(_ symbol: Int) {
    precondition(counts.indices.contains(symbol), "symbol \(symbol) of an alphabet of \(alphabetSize)")
    counts[symbol] += 1
    total += 1
  }

  /// first (first + 2) (first + 4) ⋯, so many factors.
  private static func product(from first: Int, count: Int) -> BigInteger {
    if count <= 8 {
      return (0..<count).reduce(BigInteger(1)) { $0 * BigInteger(first + 2 * $1) }
    }
    let half = count / 2
    return product(from: first, count: half) * product(from: first + 2 * half, count: count - half)
  }
}
