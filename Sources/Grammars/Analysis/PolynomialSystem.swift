import ExactArithmetic

/// Equations x = f(x) with non-negative rational coefficients: those of the nonterminals of one strongly connected
/// component, with numbers put in for the nonterminals outside of it.
struct PolynomialSystem {
  struct Monomial {
    let coefficient: Rational
    /// Unknowns with repetition, as positions in the component.
    let unknowns: [Int]
  }

  let equations: [[Monomial]]

  /// The equations of `component`; `outside` gives the number to put in for every nonterminal that is not in it.
  init(_ grammar: Grammar, _ component: [Int], outside: (Int) -> Rational) {
    let position = Dictionary(uniqueKeysWithValues: component.enumerated().map { ($1, $0) })
    equations = component.map { nonterminal in
      grammar.nonterminals[nonterminal].productions.map { index in
        let production = grammar.productions[index]
        let factors = production.arguments.filter { position[$0] == nil }.map(outside)
        return Monomial(
          coefficient: factors.reduce(production.probability, *),
          unknowns: production.arguments.compactMap { position[$0] })
      }
    }
  }

  var count: Int { equations.count }

  /// The greatest number of unknowns in a product.
  var degree: Int { equations.joined().map(\.unknowns.count).max() ?? 0 }

  /// f(x), exact.
  func value(at x: [Rational]) -> [Rational] {
    equations.map { equation in
      equation.reduce(Rational(0)) { sum, term in sum + term.unknowns.reduce(term.coefficient) { $0 * x[$1] } }
    }
  }

  /// The matrix of partial derivatives of f at x, exact.
  func jacobian(at x: [Rational]) -> [[Rational]] {
    equations.map { equation in
      var row = Array(repeating: Rational(0), count: count)
      for term in equation {
        for (place, unknown) in term.unknowns.enumerated() {
          let others = term.unknowns.enumerated().filter { $0.offset != place }.map(\.element)
          row[unknown] += others.reduce(term.coefficient) { $0 * x[$1] }
        }
      }
      return row
    }
  }
}

/// Whether an irreducible non-negative matrix has spectral radius ≤ 1. Exact.
///
/// Eliminates I − M without exchanges. The radius is ≤ 1 exactly when all pivots are positive except that the last may
/// be 0: if all but the last are positive, the leading block has radius below 1 and the last pivot of tI − M rises
/// strictly in t ≥ 1, so no t > 1 is an eigenvalue; conversely, proper principal blocks of an irreducible matrix of
/// radius ≤ 1 have radius below 1.
///
/// - Complexity: O(n³) rational operations for a dense matrix; zeros are skipped.
/// - Source: Berman & Plemmons 1994, chapter 6 (M-matrices).
func hasSpectralRadiusAtMostOne(_ matrix: [[Rational]]) -> Bool {
  var a = identityMinus(matrix)
  let zero = Rational(0)
  for k in a.indices {
    let pivot = a[k][k]
    if k == a.count - 1 { return pivot >= zero }
    if pivot <= zero { return false }
    let row = a[k]
    for i in (k + 1)..<a.count where a[i][k] != zero {
      let factor = a[i][k] / pivot
      for j in (k + 1)..<a.count where row[j] != zero { a[i][j] -= factor * row[j] }
    }
  }
  return true
}

/// The solution of (I − M) x = b, exact; nil unless all pivots are positive (then the radius of M is below 1).
func solveExactly(_ matrix: [[Rational]], _ constants: [Rational]) -> [Rational]? {
  var (a, b) = (identityMinus(matrix), constants)
  let zero = Rational(0)
  for k in a.indices {
    guard a[k][k] > zero else { return nil }
    for i in (k + 1)..<max(k + 1, a.count) where a[i][k] != zero {
      let factor = a[i][k] / a[k][k]
      for j in k..<a.count where a[k][j] != zero { a[i][j] -= factor * a[k][j] }
      b[i] -= factor * b[k]
    }
  }
  for k in a.indices.reversed() {
    for j in (k + 1)..<max(k + 1, a.count) where a[k][j] != zero { b[k] -= a[k][j] * b[j] }
    b[k] /= a[k][k]
  }
  return b
}

/// An approximate solution of (I − M) x = b in numbers of `bits` binary places, without any promise of accuracy:
/// callers certify what they make of it. nil when a pivot is not positive.
func solveApproximately(_ matrix: [[Rational]], _ constants: [Rational], bits: Int) -> [Rational]? {
  let unit = BigInteger(1) << bits
  func scaled(_ x: Rational) -> BigInteger { (x * Rational(unit)).floor() }
  var a = identityMinus(matrix).map { $0.map(scaled) }
  var b = constants.map(scaled)
  let zero = BigInteger(0)
  for k in a.indices {
    guard a[k][k] > zero else { return nil }
    for i in (k + 1)..<max(k + 1, a.count) where a[i][k] != zero {
      let factor = (a[i][k] << bits) / a[k][k]
      for j in k..<a.count where a[k][j] != zero { a[i][j] -= (factor * a[k][j]) >> bits }
      b[i] -= (factor * b[k]) >> bits
    }
  }
  for k in a.indices.reversed() {
    for j in (k + 1)..<max(k + 1, a.count) where a[k][j] != zero { b[k] -= (a[k][j] * b[j]) >> bits }
    b[k] = (b[k] << bits) / a[k][k]
  }
  return b.map { Rational($0, unit) }
}

private func identityMinus(_ matrix: [[Rational]]) -> [[Rational]] {
  matrix.enumerated().map { i, row in row.enumerated().map { j, entry in (i == j ? 1 : 0) - entry } }
}
