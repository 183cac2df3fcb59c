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
  func jacobian(at x: [Rational]) -> SparseMatrix<Rational> {
    equations.map { equation in
      var row: [Int: Rational] = [:]
      for term in equation {
        for (place, unknown) in term.unknowns.enumerated() {
          let others = term.unknowns.enumerated().filter { $0.offset != place }.map(\.element)
          row[unknown, default: 0] += others.reduce(term.coefficient) { $0 * x[$1] }
        }
      }
      return row
    }
  }
}

/// A square matrix as the entries of each row by column; what is missing is 0.
///
/// An inner term of a production is an unknown of its own that few others name, so long productions make large systems with few
/// entries.
typealias SparseMatrix<Number> = [[Int: Number]]

/// Whether an irreducible non-negative matrix has spectral radius ≤ 1. Exact.
///
/// Eliminates I − M without exchanges. The radius is ≤ 1 exactly when all pivots are positive except that the last may
/// be 0: if all but the last are positive, the leading block has radius below 1 and the last pivot of tI − M rises
/// strictly in t ≥ 1, so no t > 1 is an eigenvalue; conversely, proper principal blocks of an irreducible matrix of
/// radius ≤ 1 have radius below 1.
///
/// - Complexity: O(n³) rational operations for a dense matrix; zeros are skipped.
/// - Source: Berman & Plemmons 1994, chapter 6 (M-matrices).
func hasSpectralRadiusAtMostOne(_ matrix: SparseMatrix<Rational>) -> Bool {
  let zeros = Array(repeating: Rational(0), count: matrix.count)
  var system = LinearSystem(identityMinus(matrix), zeros, product: { $0 * $1 }, quotient: { $0 / $1 })
  let positive = system.eliminate()
  if positive + 1 < matrix.count { return false }
  return positive == matrix.count || system.rows[positive][positive]! == 0
}

/// The solution of (I − M) x = b, exact; nil unless all pivots are positive (then the radius of M is below 1).
func solveExactly(_ matrix: SparseMatrix<Rational>, _ constants: [Rational]) -> [Rational]? {
  var system = LinearSystem(identityMinus(matrix), constants, product: { $0 * $1 }, quotient: { $0 / $1 })
  return system.solution()
}

/// An approximate solution of (I − M) x = b in numbers of `bits` binary places, without any promise of accuracy:
/// callers certify what they make of it. nil when a pivot is not positive.
func solveApproximately(_ matrix: SparseMatrix<Rational>, _ constants: [Rational], bits: Int) -> [Rational]? {
  let unit = BigInteger(1) << bits
  func scaled(_ x: Rational) -> BigInteger { (x * Rational(unit)).floor() }
  func product(_ a: BigInteger, _ b: BigInteger) -> BigInteger { (a * b) >> bits }
  func quotient(_ a: BigInteger, _ b: BigInteger) -> BigInteger { (a << bits) / b }
  let rows: SparseMatrix<BigInteger> = identityMinus(matrix).map { $0.mapValues(scaled) }
  var system = LinearSystem(rows, constants.map(scaled), product: product, quotient: quotient)
  return system.solution()?.map { Rational($0, unit) }
}

private func identityMinus(_ matrix: SparseMatrix<Rational>) -> SparseMatrix<Rational> {
  matrix.enumerated().map { number, row in
    var entries = row.mapValues { -$0 }
    entries[number, default: 0] += 1
    return entries
  }
}

/// Equations A x = b in numbers of one kind, solved by elimination without exchanges.
///
/// Every number comes from the same operations whatever the order of the columns, so that of a dictionary does not matter.
private struct LinearSystem<Number: SignedNumeric & Comparable> {
  /// The matrix, its diagonal without gaps.
  private(set) var rows: SparseMatrix<Number>
  private var constants: [Number]
  /// For each column the rows that have an entry in it.
  private var places: [[Int]]
  private let product: (Number, Number) -> Number
  private let quotient: (Number, Number) -> Number

  init(
    _ rows: SparseMatrix<Number>, _ constants: [Number], product: @escaping (Number, Number) -> Number,
    quotient: @escaping (Number, Number) -> Number
  ) {
    self.rows = rows
    self.constants = constants
    self.product = product
    self.quotient = quotient
    places = Array(repeating: [], count: rows.count)
    for (number, row) in rows.enumerated() {
      for column in row.keys { places[column].append(number) }
    }
  }

  /// Clears the columns below the diagonal, one after another as long as pivots are positive; the number of those pivots.
  mutating func eliminate() -> Int {
    let zero = Number.zero
    for k in rows.indices {
      let row = rows[k]
      guard let pivot = row[k], pivot > zero else { return k }
      for i in places[k] where i > k && rows[i][k]! != zero {
        let factor = quotient(rows[i][k]!, pivot)
        for (column, entry) in row where column > k && entry != zero {
          if rows[i][column] == nil { places[column].append(i) }
          rows[i][column, default: zero] -= product(factor, entry)
        }
        constants[i] -= product(factor, constants[k])
      }
    }
    return rows.count
  }

  /// The solution; nil unless all pivots are positive.
  mutating func solution() -> [Number]? {
    guard eliminate() == rows.count else { return nil }
    let zero = Number.zero
    for k in rows.indices.reversed() {
      for (column, entry) in rows[k] where column > k && entry != zero {
        constants[k] -= product(entry, constants[column])
      }
      constants[k] = quotient(constants[k], rows[k][k]!)
    }
    return constants
  }
}
