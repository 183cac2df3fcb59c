package import ExactArithmetic

/// Priors as exponent vectors: every probability of a grammar is a product of powers of pairwise coprime integers, so
/// two products of probabilities are equal exactly when their exponents are.
///
/// Order is decided by a `Double` approximation of log2 only when the difference exceeds its certified error, and by
/// exact integers of the factors that differ otherwise.
package struct PriorExponents: Sendable {
  /// Pairwise coprime integers > 1 that generate all numerators and denominators.
  package let basis: [BigInteger]
  private let logarithms: [Double]
  /// The exponents of each production's probability. A weight of 65536 is an exponent of that size, so that those of
  /// programs of some ten thousand symbols leave 32 bits.
  package let productions: [[Int64]]

  /// Of a grammar's productions.
  package init(_ grammar: Grammar) {
    let numbers = grammar.productions.flatMap { [$0.probability.numerator, $0.probability.denominator] }
    let found = Self.coprimeBasis(numbers)
    basis = found
    logarithms = found.map { Rational($0, 1).log2 }
    productions = grammar.productions.map { production in
      var (p, q) = (production.probability.numerator, production.probability.denominator)
      return found.map { factor in
        let (above, below) = (Self.multiplicity(of: factor, in: p), Self.multiplicity(of: factor, in: q))
        (p, q) = (above.rest, below.rest)
        return above.count - below.count
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
        let rests = [other, number].map { multiplicity(of: shared, in: $0).rest }
        pending += ([shared] + rests).filter { $0 > 1 }
      } else {
        basis.append(number)
      }
    }
    return basis.sorted()
  }

  /// How often a factor greater than 1 divides a positive number, and what is left of that.
  ///
  /// - Complexity: two divisions for each binary digit of the count, by the factor squared over and over.
  private static func multiplicity(of factor: BigInteger, in number: BigInteger) -> (count: Int64, rest: BigInteger) {
    let once = number.quotientAndRemainder(dividingBy: factor)
    if once.remainder != 0 { return (0, number) }
    let inPairs = multiplicity(of: factor * factor, in: once.quotient)
    let last = inPairs.rest.quotientAndRemainder(dividingBy: factor)
    return last.remainder == 0 ? (2 * inPairs.count + 2, last.quotient) : (2 * inPairs.count + 1, inPairs.rest)
  }

  /// The prior with these exponents.
  package func probability(_ exponents: [Int64]) -> Rational {
    zip(basis, exponents).reduce(Rational(1)) { $0 * Rational($1.0, 1).power(Int($1.1)) }
  }

  /// log2 of the prior, with an error below `1e-12 · (1 + Σ|exponent · log|)`.
  func approximateLog2(_ exponents: [Int64]) -> Double {
    zip(logarithms, exponents).reduce(0) { $0 + $1.0 * Double($1.1) }
  }

  /// Whether the first prior is the greater one: -1 less, 0 equal, 1 greater. Exact.
  func compare(_ a: [Int64], _ logA: Double, _ b: [Int64], _ logB: Double) -> Int {
    if a == b { return 0 }
    let magnitude = zip(logarithms, zip(a, b)).reduce(1.0) { $0 + $1.0 * Double(abs($1.1.0) + abs($1.1.1)) }
    if Swift.abs(logA - logB) > 1e-12 * magnitude { return logA > logB ? 1 : -1 }
    return product(a, over: b) > product(b, over: a) ? 1 : -1
  }

  /// The factors of which `a` has more than `b`: what both share says nothing about their order, and may be long.
  private func product(_ a: [Int64], over b: [Int64]) -> BigInteger {
    zip(basis, zip(a, b)).reduce(BigInteger(1)) { product, factor in
      let excess = factor.1.0 - factor.1.1
      return excess > 0 ? product * factor.0.power(Int(excess)) : product
    }
  }
}
