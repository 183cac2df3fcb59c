import ExactArithmetic

/// Priors as exponent vectors: every probability of a grammar is a product of powers of pairwise coprime integers, so
/// two products of probabilities are equal exactly when their exponents are.
///
/// Order is decided by a `Double` approximation of log2 only when the difference exceeds its certified error, and by
/// exact integers otherwise.
struct PriorExponents: Sendable {
  /// Pairwise coprime integers > 1 that generate all numerators and denominators.
  let basis: [BigInteger]
  private let logarithms: [Double]
  /// The exponents of each production's probability.
  let productions: [[Int32]]

  init(_ grammar: Grammar) {
    let numbers = grammar.productions.flatMap { [$0.probability.numerator, $0.probability.denominator] }
    let found = Self.coprimeBasis(numbers)
    basis = found
    logarithms = found.map { Rational($0, 1).log2 }
    productions = grammar.productions.map { production in
      var (p, q) = (production.probability.numerator, production.probability.denominator)
      return found.map { factor in
        var exponent: Int32 = 0
        while p % factor == 0 {
          p /= factor
          exponent += 1
        }
        while q % factor == 0 {
          q /= factor
          exponent -= 1
        }
        return exponent
      }
    }
  }

  /// Splits numbers into pairwise coprime factors greater than 1 (Bach, Driscoll & Shallit 1993, by repeated gcd).
  static func coprimeBasis(_ numbers: [BigInteger]) -> [BigInteger] {
    var basis: [BigInteger] = []
    var pending = numbers.filter { $0 > 1 }
    while let number = pending.popLast() {
      if number == 1 || basis.contains(number) { continue }
      if let index = basis.firstIndex(where: { BigInteger.greatestCommonDivisor($0, number) > 1 }) {
        let other = basis.remove(at: index)
        let shared = BigInteger.greatestCommonDivisor(other, number)
        pending += [shared, other / shared, number / shared].filter { $0 > 1 }
      } else {
        basis.append(number)
      }
    }
    return basis.sorted()
  }

  /// The prior with these exponents.
  func probability(_ exponents: [Int32]) -> Rational {
    zip(basis, exponents).reduce(Rational(1)) { $0 * Rational($1.0, 1).power(Int($1.1)) }
  }

  /// log2 of the prior, with an error below `1e-12 · (1 + Σ|exponent · log|)`.
  func approximateLog2(_ exponents: [Int32]) -> Double {
    zip(logarithms, exponents).reduce(0) { $0 + $1.0 * Double($1.1) }
  }

  /// Whether the first prior is the greater one: -1 less, 0 equal, 1 greater. Exact.
  func compare(_ a: [Int32], _ logA: Double, _ b: [Int32], _ logB: Double) -> Int {
    if a == b { return 0 }
    let magnitude = zip(logarithms, zip(a, b)).reduce(1.0) { $0 + $1.0 * Double(abs($1.1.0) + abs($1.1.1)) }
    if Swift.abs(logA - logB) > 1e-12 * magnitude { return logA > logB ? 1 : -1 }
    return probability(a) > probability(b) ? 1 : -1
  }
}
