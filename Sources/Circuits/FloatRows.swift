internal import Networks

/// Rows of float32: activations, logits, or what is written into them.
public struct FloatRows: Hashable, Sendable {
  /// Rows, as a rule one for each input.
  public let rows: Int
  /// Elements of a row.
  public let columns: Int
  /// Row by row.
  public var elements: [Float]

  /// Zeros, `[rows, columns]`.
  public init(rows: Int, columns: Int) {
    (self.rows, self.columns) = (rows, columns)
    elements = [Float](repeating: 0, count: rows * columns)
  }

  init(_ matrix: Matrix) {
    (rows, columns) = (matrix.rows, matrix.columns)
    elements = matrix.elements.map { Float($0) }
  }

  /// In float64.
  public var matrix: Matrix { Matrix(rows: rows, columns: columns, elements: elements.map { Double($0) }) }

  /// One row, counted from 0; the slice keeps the indices of `elements`.
  public func row(_ row: Int) -> ArraySlice<Float> { elements[row * columns..<(row + 1) * columns] }

  /// The rows with these numbers, in this order.
  public func selecting(_ numbers: [Int]) -> FloatRows {
    var result = FloatRows(rows: numbers.count, columns: columns)
    guard columns > 0 else { return result }
    elements.withUnsafeBufferPointer { from in
      result.elements.withUnsafeMutableBufferPointer { to in
        for (place, number) in numbers.enumerated() {
          (to.baseAddress! + place * columns).update(from: from.baseAddress! + number * columns, count: columns)
        }
      }
    }
    return result
  }

  /// op(self) · op(other).
  func times(_ other: FloatRows, transposed: Bool = false, otherTransposed: Bool = false) -> FloatRows {
    var result = FloatRows(
      rows: transposed ? columns : rows, columns: otherTransposed ? other.rows : other.columns)
    multiply(
      (elements, rows, columns, transposed), (other.elements, other.rows, other.columns, otherTransposed),
      into: &result.elements)
    return result
  }

  /// self + factor · other.
  func adding(_ factor: Float, _ other: FloatRows) -> FloatRows {
    precondition(rows == other.rows && columns == other.columns, "sizes of a sum differ")
    var result = self
    result.elements.withUnsafeMutableBufferPointer { to in
      other.elements.withUnsafeBufferPointer { from in
        for i in 0..<to.count { to[i] += factor * from[i] }
      }
    }
    return result
  }

  /// The first row that holds an infinity or NaN.
  var firstRowNotFinite: Int? { elements.firstIndex { !$0.isFinite }.map { $0 / columns } }

  /// For each row the number of its greatest element, the first of equal ones; the elements are finite.
  func greatestColumns() -> [Int32] {
    elements.withUnsafeBufferPointer { x in
      (0..<rows).map { row in
        var best = 0
        let base = row * columns
        for column in 1..<max(columns, 1) where x[base + column] > x[base + best] { best = column }
        return Int32(best)
      }
    }
  }
}
