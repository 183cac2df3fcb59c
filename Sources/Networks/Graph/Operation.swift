/// One computation of a graph: from its inputs' values to its outputs' values, and back from the outputs' gradients to
/// those of the inputs.
class Operation<Scalar: NetworkScalar> {
  typealias Matrix = Node<Scalar>
  typealias Pointer = UnsafeMutablePointer<Scalar>

  /// Everything whose value it reads and whose gradient it computes, parameters included.
  let inputs: [Matrix]
  let outputs: [Matrix]
  /// For each input: whether its gradient holds a part already. Set when the graph is sealed.
  var adds: [Bool]
  /// Whether the loss depends on the outputs.
  var isLive = false

  let kernels = Scalar.kernels

  init(inputs: [Matrix], outputs: [Matrix]) {
    self.inputs = inputs
    self.outputs = outputs
    adds = inputs.map { _ in false }
  }

  func forward(_ run: Run<Scalar>) { preconditionFailure("an operation without a body") }

  /// Writes (or adds, where `adds` says so) the gradients of the inputs.
  func backward(_ run: Run<Scalar>) { preconditionFailure("an operation without a body") }

  /// For products: 1 where the input's gradient is added to, 0 where it is written.
  final func beta(_ input: Int) -> Scalar { adds[input] ? 1 : 0 }

  /// Clears an input's gradient unless it holds a part already; for loops that only add.
  final func clearUnlessAdding(_ input: Int) {
    if !adds[input] { clear(inputs[input].gradient, inputs[input].count) }
  }
}

/// What operations see of the pass that they are in.
struct Run<Scalar: NetworkScalar> {
  /// Sequences of the loaded batch.
  var sequences: Int
  /// Whether gradients will be asked for.
  var wantsGradient: Bool
  /// The factor of the summed loss in what is differentiated: 1 / counted targets of the whole batch.
  var factor: Double

  /// Lets interventions see an activation that has just been computed.
  func computed(_ node: Node<Scalar>) {
    if let intervention = node.intervention { intervention(node.view(sequences: sequences, of: node.value)) }
  }
}

/// Zeros, by bytes: a loop over elements of a generic type would go through each one's witness table.
func clear<Scalar: NetworkScalar>(_ pointer: UnsafeMutablePointer<Scalar>, _ count: Int) {
  UnsafeMutableRawPointer(pointer).initializeMemory(
    as: UInt8.self, repeating: 0, count: count * MemoryLayout<Scalar>.stride)
}
