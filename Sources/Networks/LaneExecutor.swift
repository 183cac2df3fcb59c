/// Loss and gradient of a batch, on several threads, with the same bits whatever their number.
///
/// The rows are cut into lanes whose number depends on the shape alone; each lane runs on one thread, and sums over lanes
/// are taken in their order.
public final class LaneExecutor<Scalar: NetworkScalar> {
  /// The form of the network that runs.
  public enum Form: Sendable {
    /// Work that the shape makes needless is left out.
    case training
    /// Every activation at every position.
    case ordinary
  }

  /// An executor for batches of at most `shape.rows` rows.
  public init(_ network: any Network, shape: BatchShape, threads: Int = 1, form: Form = .training) {
    fatalError("skeleton")
  }

  /// The batch that the following calls are about; at most `shape.rows` rows, the same positions.
  public func load(_ batch: Batch) { fatalError("skeleton") }

  /// Loss of the loaded batch; writes the gradient of its mean loss (every element, nothing is added to what was there).
  public func lossAndGradient(
    _ parameters: UnsafeBufferPointer<Scalar>, into gradient: UnsafeMutableBufferPointer<Scalar>
  ) -> BatchLoss { fatalError("skeleton") }

  /// The same on arrays of `layout.count` elements.
  public func lossAndGradient(_ parameters: [Scalar], into gradient: inout [Scalar]) -> BatchLoss {
    parameters.withUnsafeBufferPointer { parameters in
      gradient.withUnsafeMutableBufferPointer { lossAndGradient(parameters, into: $0) }
    }
  }

  /// Loss of the loaded batch, without gradient.
  public func evaluate(_ parameters: UnsafeBufferPointer<Scalar>) -> BatchLoss { fatalError("skeleton") }

  /// The same on an array.
  public func evaluate(_ parameters: [Scalar]) -> BatchLoss {
    parameters.withUnsafeBufferPointer { evaluate($0) }
  }

  /// Loss of a batch of any number of rows, which is loaded part by part in place of the loaded one.
  public func evaluate(_ parameters: [Scalar], on batch: Batch) -> BatchLoss { fatalError("skeleton") }

  /// Logits of the last pass over the loaded batch, `[rows, readPositions, outputs]`.
  public func logits() -> [Scalar] { fatalError("skeleton") }
}
