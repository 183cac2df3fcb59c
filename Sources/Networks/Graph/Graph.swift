/// A network's computation on batches of one shape: a tape of operations, built once and run many times.
///
///     let graph = network.graph(for: shape, of: Float.self)
///     graph.load(batch)
///     graph.intervene(at: "mlp.hook_post") { $0.values[3] = 0 }
///     let loss = graph.forward(parameters)
///     let gradient = graph.backward(parameters)
///
/// All memory is allocated when the graph is sealed or first run backward; a pass allocates nothing. Each gradient is
/// written by the first operation that contributes to it and added to by the others, which is settled when the graph is
/// sealed, so nothing is cleared that is written. A graph belongs to one thread at a time.
public final class Graph<Scalar: NetworkScalar> {
  typealias Matrix = Node<Scalar>

  /// The greatest batch.
  public let shape: BatchShape
  /// The parameters that it may read.
  public let layout: ParameterLayout
  /// Tables that it reads or writes beside the parameters.
  let tableLayout: ParameterLayout
  /// Whether activations share memory and operations are joined where nobody looks in between.
  let isFused: Bool

  var nodes: [Matrix] = []
  private(set) var operations: [Operation<Scalar>] = []
  private(set) var lists: [IndexList] = []
  private var flatNodes: [String: Matrix] = [:]
  private(set) var loss: CrossEntropy<Scalar>?
  /// Logits at the positions read; rows are position by position if `isPositionMajor`.
  var logits: Matrix?

  private var values: UnsafeMutablePointer<Scalar>?
  private var gradients: UnsafeMutablePointer<Scalar>?
  private var valueCount = 0
  private var gradientCount = 0
  private var isSealed = false
  /// Sequences of the loaded batch.
  private(set) var sequences = 0
  private(set) var counted = 0

  init(
    shape: BatchShape, layout: ParameterLayout, tables: ParameterLayout = ParameterLayout([]), isFused: Bool = false
  ) {
    BLASBackend.prepare()
    self.shape = shape
    self.layout = layout
    tableLayout = tables
    self.isFused = isFused
  }

  deinit {
    values?.deallocate()
    gradients?.deallocate()
  }

  /// Bytes of activations, of their gradients once there are any, and of the numbers of rows: a function of the shape.
  public var bytes: Int {
    let numbers = (isSealed ? valueCount : 0) + (gradients == nil ? 0 : gradientCount)
    return numbers * MemoryLayout<Scalar>.stride + lists.reduce(0) { $0 + $1.bytes }
  }
}

// MARK: - Building

extension Graph {
  /// A new matrix in the graph's memory.
  func node(
    _ name: String? = nil, rowsPerSequence: Int = 0, fixedRows: Int = 0, _ rowShape: [Int],
    isPositionMajor: Bool = false
  ) -> Matrix {
    precondition(!isSealed, "a sealed graph does not grow")
    let count = (rowsPerSequence * shape.rows + fixedRows) * rowShape.reduce(1, *)
    let node = Matrix(
      name: name, rowsPerSequence: rowsPerSequence, fixedRows: fixedRows, rowShape: rowShape,
      isPositionMajor: isPositionMajor, storage: .owned(value: valueCount, gradient: gradientCount))
    // Whole cache lines, and a spare one so that arrays of equal power-of-two sizes do not share cache sets.
    valueCount += (count + 15) / 16 * 16 + 16
    gradientCount += (count + 15) / 16 * 16 + 16
    nodes.append(node)
    return node
  }

  /// A matrix like another one, in its own memory.
  func node(_ name: String? = nil, like other: Matrix, _ rowShape: [Int]) -> Matrix {
    node(
      name, rowsPerSequence: other.rowsPerSequence, fixedRows: other.fixedRows, rowShape,
      isPositionMajor: other.isPositionMajor)
  }

  /// The rows of one position of a position-major matrix.
  func step(_ name: String? = nil, _ position: Int, of other: Matrix) -> Matrix {
    let node = Matrix(name: name, rowsPerSequence: 1, rowShape: other.rowShape, storage: .step(of: other, position))
    nodes.append(node)
    return node
  }

  /// A parameter as a matrix: `[product of the earlier sizes, last size]`.
  func parameter(_ name: String) -> Matrix {
    guard let entry = layout[name] else { preconditionFailure("no parameter '\(name)'") }
    return flat(entry, .parameter(entry))
  }

  /// A table as a matrix.
  func table(_ name: String) -> Matrix {
    guard let entry = tableLayout[name] else { preconditionFailure("no table '\(name)'") }
    return flat(entry, .table(entry))
  }

  private func flat(_ entry: ParameterLayout.Entry, _ storage: Node<Scalar>.Storage) -> Matrix {
    if let node = flatNodes[entry.name] { return node }
    let width = entry.shape.last ?? 1
    let node = Matrix(fixedRows: entry.count / max(width, 1), rowShape: [width], storage: storage)
    flatNodes[entry.name] = node
    nodes.append(node)
    return node
  }

  /// Row numbers taken from each batch.
  func list(_ source: IndexList.Source) -> IndexList {
    if let list = lists.first(where: { $0.source == source }) { return list }
    lists.append(IndexList(source, shape: shape))
    return lists[lists.count - 1]
  }

  func append(_ operation: Operation<Scalar>) { operations.append(operation) }

  /// Ends the tape with the loss of `logits`.
  func finish(logits: Matrix) {
    self.logits = logits
    let targets = list(.targets(positionMajor: logits.isPositionMajor))
    let loss = CrossEntropy(logits, targets)
    self.loss = loss
    append(loss)
    seal()
  }

  /// Settles memory, and for each gradient who writes it first.
  func seal() {
    isSealed = true
    values = Self.memory(valueCount)
    for node in nodes { if case .table = node.storage, loss == nil { node.isLive = true } }
    for operation in operations.reversed() {
      operation.isLive = operation === loss || operation.outputs.contains(where: \.isLive)
      guard operation.isLive else { continue }
      for (index, input) in operation.inputs.enumerated() {
        operation.adds[index] = input.isLive
        input.isLive = true
      }
    }
    place(sequences: shape.rows)
  }

  private static func memory(_ count: Int) -> UnsafeMutablePointer<Scalar> {
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Scalar>.stride, alignment: 64)
    let memory = bytes.bindMemory(to: Scalar.self, capacity: max(count, 1))
    memory.initialize(repeating: 0, count: max(count, 1))
    return memory
  }
}

// MARK: - Running

extension Graph {
  /// Takes tokens and targets; the batch may have fewer rows than the graph's shape.
  public func load(_ batch: Batch) { load(batch, 0..<batch.shape.rows) }

  /// Takes some rows of a batch.
  func load(_ batch: Batch, _ range: Range<Int>) {
    precondition(
      range.count <= shape.rows && batch.shape.positions == shape.positions
        && batch.shape.readPositions == shape.readPositions, "a graph for \(shape) was given \(batch.shape)")
    for list in lists { list.fill(batch, range) }
    let read = shape.readPositions
    counted = batch.targets[range.lowerBound * read..<range.upperBound * read].count { $0 >= 0 }
    if range.count != sequences { place(sequences: range.count) }
  }

  /// Computes every activation and the loss of the loaded batch.
  public func forward(_ parameters: [Scalar]) -> BatchLoss {
    precondition(parameters.count == layout.count, "\(parameters.count) numbers for \(layout.count) parameters")
    return parameters.withUnsafeBufferPointer {
      forward(Flat(parameters: $0.baseAddress!), Run(sequences: sequences, wantsGradient: true, factor: meanFactor))
    }
  }

  /// The gradient of the mean loss, after `forward` with the same parameters.
  ///
  /// Gradients pass through interventions unchanged, as if the activation had been computed so.
  public func backward(_ parameters: [Scalar]) -> [Scalar] {
    precondition(parameters.count == layout.count, "\(parameters.count) numbers for \(layout.count) parameters")
    var gradient = [Scalar](repeating: 0, count: layout.count)
    parameters.withUnsafeBufferPointer { parameters in
      gradient.withUnsafeMutableBufferPointer { gradient in
        backward(
          Flat(parameters: parameters.baseAddress!, parameterGradient: gradient.baseAddress!),
          Run(sequences: sequences, wantsGradient: true, factor: meanFactor))
      }
    }
    return gradient
  }

  /// The gradient of a weighted sum of the logits in place of the loss, after `forward` with the same parameters.
  ///
  /// - Parameter logitGradient: the weights, as the logits lie: one for each logit of the loaded batch.
  public func backward(_ parameters: [Scalar], logitGradient: [Scalar]) -> [Scalar] {
    guard let logits else { preconditionFailure("a graph without logits") }
    precondition(logitGradient.count == logits.count, "\(logitGradient.count) weights for \(logits.count) logits")
    for (place, weight) in logitGradient.enumerated() { logits.gradient[place] = weight }
    return backward(parameters)
  }

  private var meanFactor: Double { 1 / Double(max(counted, 1)) }

  /// The flat vectors that a pass works on.
  struct Flat {
    var parameters: UnsafePointer<Scalar>
    var parameterGradient: UnsafeMutablePointer<Scalar>?
    var tables: UnsafeMutablePointer<Scalar>?
    var tableGradient: UnsafeMutablePointer<Scalar>?
  }

  func forward(_ flat: Flat, _ run: Run<Scalar>) -> BatchLoss {
    if run.wantsGradient { makeGradients() }
    bind(flat)
    for operation in operations { operation.forward(run) }
    return loss?.result ?? BatchLoss()
  }

  func backward(_ flat: Flat, _ run: Run<Scalar>) {
    bind(flat)
    for node in nodes where !node.isLive {
      if case .parameter = node.storage { clear(node.gradient, node.count) }
    }
    for operation in operations.reversed() where operation.isLive { operation.backward(run) }
  }

  /// Parameters that backward passes write.
  var writtenParameters: [ParameterLayout.Entry] {
    nodes.compactMap { if case .parameter(let entry) = $0.storage { entry } else { nil } }
  }

  private func bind(_ flat: Flat) {
    for node in nodes {
      switch node.storage {
      case .parameter(let entry):
        node.value = UnsafeMutablePointer(mutating: flat.parameters + entry.offset)
        if let gradient = flat.parameterGradient { node.gradient = gradient + entry.offset }
      case .table(let entry):
        node.value = flat.tables! + entry.offset
        if let gradient = flat.tableGradient { node.gradient = gradient + entry.offset }
      default: break
      }
    }
  }

  private func makeGradients() {
    if gradients != nil { return }
    gradients = Self.memory(gradientCount)
    place(sequences: sequences)
  }

  /// Gives every node its rows and its memory.
  private func place(sequences: Int) {
    self.sequences = sequences
    for node in nodes {
      node.rows = node.fixedRows + node.rowsPerSequence * sequences
      switch node.storage {
      case .owned(let value, let gradient):
        node.value = values! + value
        if let gradients { node.gradient = gradients + gradient }
      case .step(let other, let position):
        node.value = other.value + position * node.count
        node.gradient = other.gradient + position * node.count
      case .parameter, .table: break
      }
    }
  }
}

// MARK: - Activations

extension Graph {
  /// Names of the activations, in the order in which they are computed.
  public var activationNames: [String] { nodes.flatMap(\.names) }

  /// The activation of that name in the last forward pass, `nil` when there is none.
  public func activation(_ name: String) -> ActivationView<Scalar>? {
    named(name).map { $0.view(sequences: sequences, of: $0.value) }
  }

  /// The gradient of the mean loss with respect to that activation in the last backward pass.
  public func gradient(of name: String) -> ActivationView<Scalar>? {
    gradients == nil ? nil : named(name).map { $0.view(sequences: sequences, of: $0.gradient) }
  }

  /// Runs `body` on the activation right after it is computed in each forward pass; all that follows sees the change.
  ///
  /// - Precondition: There is an activation of that name. It has one intervention at a time; a second replaces the first.
  public func intervene(at name: String, _ body: @escaping (ActivationView<Scalar>) -> Void) {
    guard let node = named(name) else { preconditionFailure("no activation '\(name)'") }
    node.intervention = body
  }

  /// Lets the graph compute as it was built again.
  public func removeInterventions() { for node in nodes { node.intervention = nil } }

  private func named(_ name: String) -> Matrix? { nodes.first { $0.names.contains(name) } }
}
