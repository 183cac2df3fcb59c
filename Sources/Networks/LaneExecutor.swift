internal import CTensorKernels
internal import Dispatch

/// Loss and gradient of a batch, on several threads, with the same bits whatever their number.
///
///     let executor = LaneExecutor<Float>(network, shape: batch.shape, threads: 2)
///     executor.load(batch)
///     let loss = executor.lossAndGradient(parameters, into: &gradient)
///
/// The rows are cut into lanes whose number depends on the shape alone. Each lane has its own graph and runs on one thread;
/// sums over lanes are taken in their order. Everything is allocated at the beginning.
public final class LaneExecutor<Scalar: NetworkScalar> {
  /// The form of the network that runs.
  public enum Form: Sendable {
    /// Work that the shape makes needless is left out.
    case training
    /// Every activation at every position.
    case ordinary
  }

  private let network: any Network
  private let capacity: BatchShape
  private let threads: Int
  private let lanes: [Lane<Scalar>]
  /// Lanes with rows of the loaded batch.
  private var busy: ArraySlice<Lane<Scalar>> = []
  private let tables: Graph<Scalar>?
  private let tableValues: UnsafeMutablePointer<Scalar>
  private let tableCount: Int
  private let lanesWrite: [ParameterLayout.Entry]
  private let kernels = Scalar.kernels
  private var counted = 0
  private var sequences = 0

  /// An executor for batches of at most `shape.rows` rows.
  public init(_ network: any Network, shape: BatchShape, threads: Int = 1, form: Form = .training) {
    self.network = network
    self.threads = max(threads, 1)
    capacity = shape
    let made: TrainingForm<Scalar> =
      switch form {
      case .training: network.trainingForm(for: shape, of: Scalar.self)
      case .ordinary:
        TrainingForm(tableLayout: ParameterLayout([]), tables: nil) { rows in
          var part = shape
          part.rows = rows
          return network.graph(for: part, of: Scalar.self)
        }
      }
    tables = made.tables
    tableCount = made.tableLayout.count
    tableValues = Self.memory(made.tableLayout.count)
    let ranges = Self.ranges(rows: shape.rows, lanes: Self.laneCount(shape))
    lanes = ranges.enumerated().map { index, range in
      Lane(
        made.lane(range.count), parameterCount: index == 0 ? 0 : network.layout.count,
        tableCount: made.tableLayout.count)
    }
    lanesWrite = lanes[0].graph.writtenParameters
  }

  /// Rows of the lanes of a full batch.
  public var laneRows: [Int] { lanes.map(\.graph.shape.rows) }

  deinit { tableValues.deallocate() }

  /// Bytes of the lanes' activations, gradients and numbers of rows and of the tables: what the executor has allocated,
  /// counted and not measured. It is greatest once a gradient was asked for, and depends on the shape alone.
  public var bytes: Int {
    let own = tableCount + lanes.dropFirst().count * network.layout.count + lanes.count * tableCount
    return lanes.reduce(own * MemoryLayout<Scalar>.stride + (tables?.bytes ?? 0)) { $0 + $1.graph.bytes }
  }

  fileprivate static func memory(_ count: Int) -> UnsafeMutablePointer<Scalar> {
    let memory = UnsafeMutablePointer<Scalar>.allocate(capacity: max(count, 1))
    memory.initialize(repeating: 0, count: max(count, 1))
    return memory
  }

  /// How many lanes a batch of that shape is cut into: one for 256 rows, or for 32 rows of 1024 tokens; at most 8.
  private static func laneCount(_ shape: BatchShape) -> Int {
    let long = min(shape.rows / 32, shape.rows * shape.positions / 1024)
    return max(1, min(8, max(shape.rows / 256, long)))
  }

  /// Consecutive ranges of sizes that differ by at most one.
  private static func ranges(rows: Int, lanes: Int) -> [Range<Int>] {
    (0..<lanes).map { $0 * rows / lanes..<($0 + 1) * rows / lanes }
  }
}

/// One lane: its graph, and where its gradient goes.
private final class Lane<Scalar: NetworkScalar>: @unchecked Sendable {
  let graph: Graph<Scalar>
  /// `nil` for the first lane, which writes into the result.
  let parameterGradient: UnsafeMutablePointer<Scalar>?
  let tableGradient: UnsafeMutablePointer<Scalar>
  var loss = BatchLoss()

  init(_ graph: Graph<Scalar>, parameterCount: Int, tableCount: Int) {
    self.graph = graph
    parameterGradient = parameterCount == 0 ? nil : LaneExecutor<Scalar>.memory(parameterCount)
    tableGradient = LaneExecutor<Scalar>.memory(tableCount)
  }

  deinit {
    parameterGradient?.deallocate()
    tableGradient.deallocate()
  }
}

// MARK: - Batches

extension LaneExecutor {
  /// The batch that the following calls are about; at most `shape.rows` rows, the same positions.
  ///
  /// - Precondition: tokens are in `0 ..< vocabulary`, targets in `-1 ..< outputs`.
  public func load(_ batch: Batch) {
    precondition(
      batch.shape.rows <= capacity.rows && batch.shape.positions == capacity.positions
        && batch.shape.readPositions == capacity.readPositions, "an executor for \(capacity) was given \(batch.shape)")
    network.check(batch)
    sequences = batch.shape.rows
    counted = batch.counted
    let count = min(lanes.count, sequences)
    busy = lanes[..<count]
    for (lane, range) in zip(busy, Self.ranges(rows: sequences, lanes: count)) { lane.graph.load(batch, range) }
  }

  /// Loss of a batch of any number of rows, which is loaded part by part in place of the loaded one.
  public func evaluate(_ parameters: [Scalar], on batch: Batch) -> BatchLoss {
    var total = BatchLoss()
    for start in stride(from: 0, to: batch.shape.rows, by: capacity.rows) {
      load(batch.rows(start..<min(start + capacity.rows, batch.shape.rows)))
      total.add(evaluate(parameters))
    }
    return total
  }

  /// Logits of the last pass over the loaded batch, `[rows, readPositions, outputs]`.
  public func logits() -> [Scalar] {
    busy.flatMap { lane -> [Scalar] in
      guard let logits = lane.graph.logits else { return [] }
      let (read, width) = (capacity.readPositions, logits.width)
      if !logits.isPositionMajor { return Array(UnsafeBufferPointer(start: logits.value, count: logits.count)) }
      return (0..<lane.graph.sequences).flatMap { row in
        (0..<read).flatMap { position in
          UnsafeBufferPointer(start: logits.value + (position * lane.graph.sequences + row) * width, count: width)
        }
      }
    }
  }
}

// MARK: - Passes

extension LaneExecutor {
  /// Loss of the loaded batch; writes the gradient of its mean loss (every element, nothing is added to what was there).
  public func lossAndGradient(
    _ parameters: UnsafeBufferPointer<Scalar>, into gradient: UnsafeMutableBufferPointer<Scalar>
  ) -> BatchLoss {
    precondition(gradient.count == network.layout.count, "\(gradient.count) places for \(network.layout.count) numbers")
    return withoutSubnormals { lossAndSum(parameters, into: gradient.baseAddress!) }
  }

  private func lossAndSum(
    _ parameters: UnsafeBufferPointer<Scalar>, into result: UnsafeMutablePointer<Scalar>
  ) -> BatchLoss {
    let loss = pass(parameters, gradient: result)
    for entry in lanesWrite { addLanes(result + entry.offset, entry.count) { $0.parameterGradient! + entry.offset } }
    guard let tables else { return loss }
    // The tables' gradients, then back to the parameters; the first lane's table gradient holds the sum.
    let tableGradient = busy.first!.tableGradient
    addLanes(tableGradient, tableCount) { $0.tableGradient }
    tables.backward(
      Graph.Flat(
        parameters: parameters.baseAddress!, parameterGradient: result, tables: tableValues,
        tableGradient: tableGradient), Run(sequences: 1, wantsGradient: true, factor: 1))
    return loss
  }

  /// The same on arrays of `layout.count` elements.
  public func lossAndGradient(_ parameters: [Scalar], into gradient: inout [Scalar]) -> BatchLoss {
    parameters.withUnsafeBufferPointer { parameters in
      gradient.withUnsafeMutableBufferPointer { lossAndGradient(parameters, into: $0) }
    }
  }

  /// Loss of the loaded batch, without gradient.
  public func evaluate(_ parameters: UnsafeBufferPointer<Scalar>) -> BatchLoss {
    withoutSubnormals { pass(parameters, gradient: nil) }
  }

  /// The same on an array.
  public func evaluate(_ parameters: [Scalar]) -> BatchLoss { parameters.withUnsafeBufferPointer { evaluate($0) } }

  /// Adds the other lanes' parts to the first one's, in order.
  private func addLanes(
    _ sum: UnsafeMutablePointer<Scalar>, _ count: Int, _ part: (Lane<Scalar>) -> UnsafeMutablePointer<Scalar>
  ) {
    if busy.count < 2 || count == 0 { return }
    let parts = [UnsafeRawPointer(sum)] + busy.dropFirst().map { UnsafeRawPointer(part($0)) }
    kernels.sum(count, parts.count, parts, sum)
  }

  private func pass(
    _ parameters: UnsafeBufferPointer<Scalar>, gradient: UnsafeMutablePointer<Scalar>?
  ) -> BatchLoss {
    precondition(
      parameters.count == network.layout.count, "\(parameters.count) numbers for \(network.layout.count) parameters")
    precondition(!busy.isEmpty, "no batch is loaded")
    let run = Run<Scalar>(
      sequences: 0, wantsGradient: gradient != nil, factor: 1 / Double(max(counted, 1)))
    let flat = Graph<Scalar>.Flat(
      parameters: parameters.baseAddress!, parameterGradient: gradient, tables: tableValues)
    if let tables { _ = tables.forward(flat, run) }
    let work = Work(lanes: Array(busy), flat: flat, run: run)
    if threads == 1 || busy.count == 1 {
      for index in busy.indices { work(index) }
    } else {
      let workers = min(threads, busy.count)
      // A worker takes every n-th lane: lanes are equal, and which worker has which does not change a bit.
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        withoutSubnormals {
          for index in stride(from: worker, to: work.lanes.count, by: workers) { work(index) }
        }
      }
    }
    var total = BatchLoss()
    for lane in busy { total.add(lane.loss) }
    return total
  }

  /// One pass, as the lanes' threads see it: each call touches one lane and reads the rest.
  private struct Work: @unchecked Sendable {
    let lanes: [Lane<Scalar>]
    let flat: Graph<Scalar>.Flat
    let run: Run<Scalar>

    func callAsFunction(_ index: Int) {
      let lane = lanes[index]
      var (flat, run) = (flat, run)
      run.sequences = lane.graph.sequences
      flat.tableGradient = lane.tableGradient
      if let own = lane.parameterGradient { flat.parameterGradient = own }
      lane.loss = lane.graph.forward(flat, run)
      if run.wantsGradient { lane.graph.backward(flat, run) }
    }
  }
}

extension Network {
  /// Stops on ids that the network does not have.
  func check(_ batch: Batch) {
    precondition(
      batch.tokens.allSatisfy { $0 >= 0 && $0 < vocabulary }, "a token is outside 0 ..< \(vocabulary)")
    precondition(
      batch.targets.allSatisfy { $0 >= Batch.ignored && $0 < outputs }, "a target is outside -1 ..< \(outputs)")
  }
}
