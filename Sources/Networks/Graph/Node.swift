/// A matrix of a graph, with its gradient: an activation, or a view of a parameter.
///
/// Rows are `fixedRows` plus `rowsPerSequence` for each sequence of the loaded batch. `shape` writes them as batch and
/// position where that helps the reader; in memory everything is row-major.
final class Node<Scalar: NetworkScalar> {
  enum Storage {
    /// Memory of the graph, at these places of its arenas.
    case owned(value: Int, gradient: Int)
    /// The rows of one time step of a position-major node.
    case step(of: Node, Int)
    /// Part of the flat vector of parameters.
    case parameter(ParameterLayout.Entry)
    /// Part of the flat vector of tables, which one graph writes and lanes read.
    case table(ParameterLayout.Entry)
  }

  /// The activation's names; a residual stream has two, as the end of one layer and the beginning of the next.
  var names: [String]
  let rowsPerSequence: Int
  let fixedRows: Int
  /// Elements of a row.
  let width: Int
  /// How a row is split, e.g. `[head, d_head]`; its product is `width`.
  let rowShape: [Int]
  let isPositionMajor: Bool
  var storage: Storage
  /// Rows now.
  var rows = 0
  var value: UnsafeMutablePointer<Scalar>
  var gradient: UnsafeMutablePointer<Scalar>
  /// Whether the loss depends on it.
  var isLive = false
  var intervention: ((ActivationView<Scalar>) -> Void)?

  init(
    name: String? = nil, rowsPerSequence: Int = 0, fixedRows: Int = 0, rowShape: [Int], isPositionMajor: Bool = false,
    storage: Storage
  ) {
    names = name.map { [$0] } ?? []
    self.rowsPerSequence = rowsPerSequence
    self.fixedRows = fixedRows
    self.rowShape = rowShape
    self.width = rowShape.reduce(1, *)
    self.isPositionMajor = isPositionMajor
    self.storage = storage
    value = UnsafeMutablePointer(bitPattern: MemoryLayout<Scalar>.alignment)!
    gradient = value
  }

  /// Elements now.
  var count: Int { rows * width }

  /// Sizes for `sequences` loaded sequences.
  func shape(sequences: Int) -> [Int] {
    if rowsPerSequence == 0 { return [fixedRows] + rowShape }
    if rowsPerSequence == 1 && !isPositionMajor { return [sequences] + rowShape }
    return (isPositionMajor ? [rowsPerSequence, sequences] : [sequences, rowsPerSequence]) + rowShape
  }

  func view(sequences: Int, of pointer: UnsafeMutablePointer<Scalar>) -> ActivationView<Scalar> {
    ActivationView(
      shape: shape(sequences: sequences), rows: rows, width: width,
      values: UnsafeMutableBufferPointer(start: pointer, count: count))
  }
}

/// An activation in place: valid until the graph runs again or goes away.
public struct ActivationView<Scalar: NetworkScalar> {
  /// Sizes, slowest index first, e.g. `[batch, position, head, d_head]`.
  public let shape: [Int]
  /// Rows of the matrix that the shape flattens to.
  public let rows: Int
  /// Elements of such a row.
  public let width: Int
  /// The elements, row-major.
  public let values: UnsafeMutableBufferPointer<Scalar>

  /// A copy of the elements.
  public var array: [Scalar] { Array(values) }
}
