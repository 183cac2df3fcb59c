/// Eigenvalues of a symmetric matrix with their vectors, by Jacobi's rotations.
///
/// Exact to rounding whatever the gaps between eigenvalues: where some are nearly equal, as the variances of the circles of an
/// embedding are, an iteration that multiplies by the matrix mixes their vectors for thousands of rounds.
///
/// - Complexity: O(n³) a sweep, some ten sweeps.
/// - Source: Golub & Van Loan, "Matrix computations", algorithm 8.5.3 (cyclic Jacobi).
struct Eigenvectors {
  /// In falling order.
  let values: [Double]
  /// `[n, n]`, orthonormal rows: row i belongs to value i.
  let vectors: Matrix

  /// - Parameter matrix: symmetric; a square one that is not is a programming error.
  init(ofSymmetric matrix: Matrix) {
    precondition(matrix.rows == matrix.columns, "\(matrix.rows) x \(matrix.columns) is not square")
    let n = matrix.rows
    var a = matrix
    var vectors = Matrix(rows: n, columns: n)
    for i in 0..<n { vectors[i, i] = 1 }
    let negligible = matrix.squaredNorm * 1e-30
    for _ in 0..<60 {
      var rest = 0.0
      for p in 0..<n { for q in p + 1..<n { rest += 2 * a[p, q] * a[p, q] } }
      if rest <= negligible { break }
      for p in 0..<n { for q in p + 1..<n where a[p, q] != 0 { Self.rotate(&a, &vectors, p, q) } }
    }
    let order = (0..<n).sorted { (a[$0, $0], $1) > (a[$1, $1], $0) }
    values = order.map { a[$0, $0] }
    self.vectors = vectors.selecting(rows: order)
  }

  /// Turns rows and columns p and q so that their common element is 0.
  private static func rotate(_ a: inout Matrix, _ vectors: inout Matrix, _ p: Int, _ q: Int) {
    let ratio = (a[q, q] - a[p, p]) / (2 * a[p, q])
    let tangent = (ratio >= 0 ? 1.0 : -1.0) / (ratio.magnitude + (1 + ratio * ratio).squareRoot())
    let c = 1 / (1 + tangent * tangent).squareRoot()
    let s = tangent * c
    let n = a.columns
    for i in 0..<n { (a[i, p], a[i, q]) = (c * a[i, p] - s * a[i, q], s * a[i, p] + c * a[i, q]) }
    for i in 0..<n { (a[p, i], a[q, i]) = (c * a[p, i] - s * a[q, i], s * a[p, i] + c * a[q, i]) }
    for i in 0..<n {
      (vectors[p, i], vectors[q, i]) = (c * vectors[p, i] - s * vectors[q, i], s * vectors[p, i] + c * vectors[q, i])
    }
  }
}
