/// A network's computation on batches of one shape: built once, run forward and backward many times.
public final class Graph<Scalar: NetworkScalar> {
  /// The greatest batch.
  public let shape: BatchShape
  /// The parameters that it reads.
  public let layout: ParameterLayout

  init(shape: BatchShape, layout: ParameterLayout) {
    self.shape = shape
    self.layout = layout
  }

  /// Names of the activations, in the order in which they are computed.
  public var activationNames: [String] { fatalError("skeleton") }

  /// Takes tokens and targets; the batch may have fewer rows than the graph's shape.
  public func load(_ batch: Batch) { fatalError("skeleton") }

  /// Computes every activation and the loss of the loaded batch.
  public func forward(_ parameters: [Scalar]) -> BatchLoss { fatalError("skeleton") }

  /// The gradient of the mean loss, after `forward` with the same parameters.
  public func backward(_ parameters: [Scalar]) -> [Scalar] { fatalError("skeleton") }

  /// The activation of that name in the last forward pass, `nil` when there is none.
  public func activation(_ name: String) -> ActivationView<Scalar>? { fatalError("skeleton") }

  /// The gradient of the mean loss with respect to that activation in the last backward pass.
  public func gradient(of name: String) -> ActivationView<Scalar>? { fatalError("skeleton") }

  /// Runs `body` on the activation right after it is computed in each forward pass; all that follows sees the change.
  public func intervene(at name: String, _ body: @escaping (ActivationView<Scalar>) -> Void) { fatalError("skeleton") }

  public func removeInterventions() { fatalError("skeleton") }
}

/// An activation in place: valid until the graph runs again or goes away.
public struct ActivationView<Scalar: NetworkScalar> {
  /// Sizes, slowest index first, e.g. `[batch, position, head, d_head]`.
  public let shape: [Int]
  /// Rows of the matrix that the shape flattens to, and their length.
  public let rows: Int, width: Int
  /// The elements, row-major.
  public let values: UnsafeMutableBufferPointer<Scalar>

  /// A copy of the elements.
  public var array: [Scalar] { Array(values) }
}
