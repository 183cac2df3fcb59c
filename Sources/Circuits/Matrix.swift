internal import Networks

/// A dense matrix of float64, row-major.
public struct Matrix: Hashable, Sendable {
  /// How many rows.
  public let rows: Int
  /// How many columns: the length of a row.
  public let columns: Int
  /// `rows · columns` numbers, row by row.
  public var elements: [Double]

  /// A matrix of these numbers, row by row; another count than `rows · columns` is a programming error.
  public init(rows: Int, columns: Int, elements: [Double]) {
    precondition(elements.count == rows * columns, "\(elements.count) numbers for \(rows) x \(columns)")
    (self.rows, self.columns, self.elements) = (rows, columns, elements)
  }

  /// Zeros.
  public init(rows: Int, columns: Int) {
    self.init(rows: rows, columns: columns, elements: [Double](repeating: 0, count: rows * columns))
  }

  /// Rows of equal length.
  public init(_ lines: [[Double]]) {
    self.init(rows: lines.count, columns: lines.first?.count ?? 0, elements: lines.flatMap { $0 })
  }

  /// The number at a place; rows and columns count from 0.
  public subscript(row: Int, column: Int) -> Double {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }

  /// The numbers of one row.
  public func row(_ row: Int) -> ArraySlice<Double> { elements[row * columns..<(row + 1) * columns] }

  /// The rows with these numbers.
  public func selecting(rows numbers: some Collection<Int>) -> Matrix {
    Matrix(rows: numbers.count, columns: columns, elements: numbers.flatMap { row($0) })
  }

  /// The columns with these numbers.
  public func selecting(columns numbers: [Int]) -> Matrix {
    var result = Matrix(rows: rows, columns: numbers.count)
    for row in 0..<rows { for (place, column) in numbers.enumerated() { result[row, place] = self[row, column] } }
    return result
  }

  /// `[columns, rows]`.
  public var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for row in 0..<rows { for column in 0..<columns { result[column, row] = self[row, column] } }
    return result
  }

  /// op(self) · op(other), where op transposes on request.
  public func times(_ other: Matrix, transposed: Bool = false, otherTransposed: Bool = false) -> Matrix {
    var result = Matrix(rows: transposed ? columns : rows, columns: otherTransposed ? other.rows : other.columns)
    multiply(
      (elements, rows, columns, transposed), (other.elements, other.rows, other.columns, otherTransposed),
      into: &result.elements)
    return result
  }

  /// The sum of all squares.
  public var squaredNorm: Double { elements.reduce(0) { $0 + $1 * $1 } }

  /// Sums by place, of matrices of one shape.
  public static func + (a: Matrix, b: Matrix) -> Matrix { a.combined(b) { $0 + $1 } }
  /// Differences by place, of matrices of one shape.
  public static func - (a: Matrix, b: Matrix) -> Matrix { a.combined(b) { $0 - $1 } }
  /// All numbers times a factor.
  public static func * (factor: Double, a: Matrix) -> Matrix {
    Matrix(rows: a.rows, columns: a.columns, elements: a.elements.map { factor * $0 })
  }

  private func combined(_ other: Matrix, _ f: (Double, Double) -> Double) -> Matrix {
    precondition(rows == other.rows && columns == other.columns, "sizes of two matrices differ")
    return Matrix(rows: rows, columns: columns, elements: zip(elements, other.elements).map(f))
  }

  /// Each row less the mean of the rows.
  var centred: Matrix {
    let mean = columnMeans
    var result = self
    for row in 0..<rows { for column in 0..<columns { result[row, column] -= mean[column] } }
    return result
  }

  /// The mean of each column.
  var columnMeans: [Double] {
    var mean = [Double](repeating: 0, count: columns)
    for row in 0..<rows { for column in 0..<columns { mean[column] += elements[row * columns + column] } }
    return mean.map { $0 / Double(max(rows, 1)) }
  }
}

extension Matrix {
  /// X with self · X = right, by elimination with row exchanges; nil for a singular matrix.
  func solving(_ right: Matrix) -> Matrix? {
    precondition(rows == columns && right.rows == rows, "a square system of \(rows)")
    var (a, x) = (self, right)
    let isRegular = a.elements.withUnsafeMutableBufferPointer { a in
      x.elements.withUnsafeMutableBufferPointer { x in Self.eliminate(a, x, rows, right.columns) }
    }
    guard isRegular else { return nil }
    for row in 0..<rows { for column in 0..<x.columns { x[row, column] /= a[row, row] } }
    return x
  }

  /// Brings `a`, `[n, n]`, to diagonal form and does the same to `x`, `[n, width]`; false for a singular matrix.
  private static func eliminate(
    _ a: UnsafeMutableBufferPointer<Double>, _ x: UnsafeMutableBufferPointer<Double>, _ n: Int, _ width: Int
  ) -> Bool {
    for pivot in 0..<n {
      let best = (pivot..<n).max { abs(a[$0 * n + pivot]) < abs(a[$1 * n + pivot]) }!
      guard abs(a[best * n + pivot]) > 1e-300 else { return false }
      if best != pivot {
        for column in 0..<n { a.swapAt(pivot * n + column, best * n + column) }
        for column in 0..<width { x.swapAt(pivot * width + column, best * width + column) }
      }
      for row in 0..<n where row != pivot {
        let factor = a[row * n + pivot] / a[pivot * n + pivot]
        guard factor != 0 else { continue }
        for column in pivot..<n { a[row * n + column] -= factor * a[pivot * n + column] }
        for column in 0..<width { x[row * width + column] -= factor * x[pivot * width + column] }
      }
    }
    return true
  }
}

/// op(a) · op(b) of row-major matrices, op transposing on request.
func multiply<Scalar: NetworkScalar>(
  _ a: (elements: [Scalar], rows: Int, columns: Int, transposed: Bool),
  _ b: (elements: [Scalar], rows: Int, columns: Int, transposed: Bool), into result: inout [Scalar]
) {
  let (m, inner) = a.transposed ? (a.columns, a.rows) : (a.rows, a.columns)
  let (otherInner, n) = b.transposed ? (b.columns, b.rows) : (b.rows, b.columns)
  precondition(inner == otherInner, "a product of \(m) x \(inner) with \(otherInner) x \(n)")
  guard m > 0, n > 0, inner > 0 else { return }
  a.elements.withUnsafeBufferPointer { first in
    b.elements.withUnsafeBufferPointer { second in
      result.withUnsafeMutableBufferPointer { out in
        Scalar.product(
          m, n, inner, alpha: 1, first.baseAddress!, a.columns, transposed: a.transposed, second.baseAddress!,
          b.columns,
          transposed: b.transposed, beta: 0, out.baseAddress!, n)
      }
    }
  }
}
