import ExactArithmetic

// The least non-negative solution q of x = f(x), f with non-negative coefficients: exact where a proof of rationality
// is at hand, else in certified bounds. Three facts carry the proofs; J is the matrix of derivatives, ρ the spectral
// radius.
//
// 1. f(u) ≤ u implies q ≤ u (Knaster & Tarski).
// 2. If f(u) ≤ u and ρ(J(u)) < 1, then q is the only solution in [0, u], since two solutions s ≤ r ≤ u have
//    r − s ≤ J(u)(r − s). So l ≤ f(l) and l ≤ u imply l ≤ q: the iterates of l rise to a solution in [0, u].
// 3. In a strongly connected system of degree ≥ 2, a positive solution r with ρ(J(r)) ≤ 1 is q: convexity gives
//    r − q ≤ J(r)(r − q), and with r ≠ q somewhere strictly, hence ρ(J(r)) > 1 (Etessami & Yannakakis 2009).

extension PolynomialSystem {
  /// The least solution when it is proved rational without approximation: all ones, a linear system, or one quadratic
  /// equation whose discriminant is a square; nil otherwise.
  ///
  /// - Precondition: the system is strongly connected and its least solution is positive.
  func rationalSolution() -> [Rational]? {
    let ones = Array(repeating: Rational(1), count: count)
    if isLeastSolution(ones) { return ones }
    let zeros = Array(repeating: Rational(0), count: count)
    if degree <= 1 { return solveExactly(jacobian(at: zeros), value(at: zeros)) }
    return count == 1 && degree == 2 ? quadraticSolution() : nil
  }

  /// Whether `x` is proved the least solution by fact 3 (for degree ≥ 2) or by ρ(J) < 1 (for degree 1).
  func isLeastSolution(_ x: [Rational]) -> Bool {
    guard value(at: x) == x else { return false }
    let derivatives = jacobian(at: x)
    if degree <= 1 { return solveExactly(derivatives, x) != nil }
    return x.allSatisfy { $0 > 0 } && hasSpectralRadiusAtMostOne(derivatives)
  }

  /// The smaller root of a·x² + b·x + c = x when it is rational.
  private func quadraticSolution() -> [Rational]? {
    func coefficient(_ power: Int) -> Rational {
      equations[0].filter { $0.unknowns.count == power }.reduce(Rational(0)) { $0 + $1.coefficient }
    }
    let (a, b, c) = (coefficient(2), coefficient(1) - 1, coefficient(0))
    guard let root = (b * b - 4 * a * c).rationalSquareRoot() else { return nil }
    return [(-b - root) / (2 * a)]
  }
}

/// A system whose coefficients are known only between two bounds: `lower` ≤ true system ≤ `upper`, term by term.
struct BoundedSystem {
  let lower: PolynomialSystem
  let upper: PolynomialSystem

  /// Certified bounds on the least solution from numbers of `precision` binary places; nil when the precision is too
  /// small to certify any.
  ///
  /// Approximates the solution by Newton's method, then looks for the least power of two ε for which x ± ε·v are
  /// certified, where v solves (I − J(x)) v = 1. The approximation may be arbitrarily bad: only facts 1 and 2,
  /// checked in exact arithmetic, decide.
  func enclosure(precision: Int) -> [RationalInterval]? {
    guard let center = newtonApproximation(precision: precision) else { return nil }
    let ones = Array(repeating: Rational(1), count: center.count)
    guard let direction = solveApproximately(upper.jacobian(at: center), ones, bits: precision) else { return nil }
    for exponent in stride(from: precision, through: 2, by: -2) {
      let radius = Rational(1, BigInteger(1) << exponent)
      if let bounds = certified(center, direction.map { $0 * radius }, direction) { return bounds }
    }
    return nil
  }

  /// The bounds `center ± radii` when facts 1 and 2 hold for them; nil otherwise.
  private func certified(_ center: [Rational], _ radii: [Rational], _ direction: [Rational]) -> [RationalInterval]? {
    let high = zip(center, radii).map { $0 + $1 }
    let low = zip(center, radii).map { max(0, $0 - $1) }
    guard zip(upper.value(at: high), high).allSatisfy({ $0 <= $1 }), zip(low, high).allSatisfy({ $0 <= $1 }),
      zip(low, lower.value(at: low)).allSatisfy({ $0 <= $1 }), contracts(at: high, direction)
    else { return nil }
    // A sum of priors never exceeds 1.
    return zip(low, high).map { RationalInterval(lower: $0, upper: min(1, $1)) }
  }

  /// Whether J(x)·v < v for the positive vector v, which proves ρ(J(x)) < 1 (Collatz & Wielandt).
  private func contracts(at x: [Rational], _ v: [Rational]) -> Bool {
    guard v.allSatisfy({ $0 > 0 }) else { return false }
    return zip(upper.jacobian(at: x), v).allSatisfy { row, size in
      row.reduce(Rational(0)) { $0 + $1.value * v[$1.key] } < size
    }
  }

  /// Newton's method from 0 in numbers of `precision` binary places (Esparza, Kiefer & Luttenberger 2010), on the lower
  /// system; nil when it breaks down.
  private func newtonApproximation(precision: Int) -> [Rational]? {
    var x = Array(repeating: Rational(0), count: lower.count)
    let goal = Rational(1, BigInteger(1) << max(1, precision - 8))
    var previous = Rational(2)
    for step in 0..<(2 * precision) {
      let residual = zip(lower.value(at: x), x).map { $0 - $1 }
      guard let change = solveApproximately(lower.jacobian(at: x), residual, bits: precision) else { return nil }
      x = zip(x, change).map { min(1, max(0, $0 + $1)) }
      let size = change.map(\.magnitude).max()!
      if size <= goal || (step >= 8 && size >= previous) { break }
      previous = size
    }
    return x
  }
}

extension Rational {
  /// The non-negative rational whose square this is; nil when there is none.
  func rationalSquareRoot() -> Rational? {
    guard self >= 0 else { return nil }
    let (p, q) = (numerator.squareRoot(), denominator.squareRoot())
    return p * p == numerator && q * q == denominator ? Rational(p, q) : nil
  }
}

extension RationalInterval {
  /// The rational of least denominator in the interval (Stern & Brocot), `0 ≤ lower`.
  func simplestRational() -> Rational {
    var (low, high) = (lower, upper)
    var quotients: [BigInteger] = []
    while true {
      let whole = low.floor()
      if Rational(whole) == low {
        quotients.append(whole)
        break
      }
      if Rational(whole + 1) <= high {
        quotients.append(whole + 1)
        break
      }
      quotients.append(whole)
      (low, high) = ((high - Rational(whole)).reciprocal, (low - Rational(whole)).reciprocal)
    }
    return quotients.dropLast().reversed().reduce(Rational(quotients.last!)) { Rational($1) + $0.reciprocal }
  }
}
