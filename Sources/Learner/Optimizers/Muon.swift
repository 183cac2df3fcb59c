internal import CTensorKernels
public import Networks

/// Momentum whose update is made orthogonal, for matrices; AdamW for the other parameters.
///
///     B = μ B + (1 - μ) g,   U = μ B + (1 - μ) g  (Nesterov; else U = B)
///     w = (1 - η λ) w - η r NewtonSchulz(U)
///
/// Arrays of more than two dimensions are stacks of matrices, `[…, rows, columns]`, each made orthogonal on its own: the
/// heads of an attention layer. Momentum and the sum of squares take one pass, the iteration 15 matrix products.
///
/// - Source: Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks"; the factor r of
///   `.matchingAdamW` is that of Liu et al. 2025, "Muon is scalable for LLM training". As `torch.optim.Muon`, except that
///   the iteration is in float32 instead of bfloat16.
public final class Muon: Optimizer {
  /// The factor r of an orthogonal update of a matrix.
  public enum UpdateScale: Hashable, Sendable {
    /// r = √max(1, rows / columns).
    case original
    /// r = 0.2 √max(rows, columns): updates of about the size of AdamW's, so that its rates and decays can be used.
    case matchingAdamW
  }

  /// Rates and switches.
  public struct Configuration: Hashable, Sendable {
    /// η.
    public var learningRate: Double
    /// μ.
    public var momentum: Double
    /// Whether an update is μ B + (1 - μ) g, one step of momentum ahead, in place of B.
    public var isNesterov: Bool
    /// λ.
    public var weightDecay: Double
    /// The factor r.
    public var updateScale: UpdateScale
    /// For both the matrices and the rest.
    public var schedule: Schedule
    /// For the other parameters; its own schedule is not used.
    public var rest: AdamW.Configuration

    /// Rates and switches for the matrices, and those of AdamW for the rest.
    public init(
      learningRate: Double = 0.02, momentum: Double = 0.95, isNesterov: Bool = true, weightDecay: Double = 0.1,
      updateScale: UpdateScale = .original, schedule: Schedule = .constant, rest: AdamW.Configuration = .init()
    ) {
      (self.learningRate, self.momentum, self.isNesterov) = (learningRate, momentum, isNesterov)
      (self.weightDecay, self.updateScale) = (weightDecay, updateScale)
      (self.schedule, self.rest) = (schedule, rest)
    }
  }

  /// What it was made with.
  public let configuration: Configuration
  /// Names of the arrays that are treated as matrices.
  public let matrices: Set<String>
  /// Steps taken.
  public private(set) var stepCount = 0
  private let layout: ParameterLayout
  private let rest: AdamW.Configuration
  /// Of matrices the momentum, of the rest AdamW's mean.
  private var mean: [Float]
  /// AdamW's; zero for matrices.
  private var square: [Float]
  private var update: [Float]
  private var iteration: NewtonSchulz

  /// - Parameter matrices: Names of arrays with at least two dimensions; nil: `hiddenMatrices(of: layout)`.
  /// - Parameter product: The matrix product, on one thread or with a fixed order of sums.
  public init(
    _ configuration: Configuration, _ layout: ParameterLayout, matrices: Set<String>? = nil,
    product: @escaping MatrixProduct
  ) {
    let matrices = matrices ?? Self.hiddenMatrices(of: layout)
    let entries = matrices.map { name in
      guard let entry = layout[name] else { preconditionFailure("there is no parameter '\(name)'") }
      precondition(entry.shape.count >= 2, "'\(name)' of shape \(entry.shape) is not a matrix")
      return entry
    }
    (self.configuration, self.layout, self.matrices) = (configuration, layout, matrices)
    var rest = configuration.rest
    rest.schedule = configuration.schedule
    self.rest = rest
    mean = [Float](repeating: 0, count: layout.count)
    square = mean
    update = [Float](repeating: 0, count: entries.map { $0.matrixRows * $0.matrixColumns }.max() ?? 0)
    iteration = NewtonSchulz(shapes: entries.map { ($0.matrixRows, $0.matrixColumns) }, product: product)
  }

  /// Those of the moments and of the scratch of one matrix.
  public var bytes: Int { stateBytes + update.count * MemoryLayout<Float>.stride + iteration.bytes }

  /// The arrays of at least two dimensions, without embeddings and read-out (`embed.`, `pos_embed.`, `unembed.`), which
  /// Jordan et al. leave to AdamW.
  public static func hiddenMatrices(of layout: ParameterLayout) -> Set<String> {
    let outer = ["embed.", "pos_embed.", "unembed."]
    let inner = layout.entries.filter { entry in
      entry.shape.count >= 2 && entry.count > 0 && !outer.contains { entry.name.hasPrefix($0) }
    }
    return Set(inner.map(\.name))
  }

  /// One step along a gradient of the same layout, in place.
  public func step(_ parameters: UnsafeMutableBufferPointer<Float>, _ gradient: UnsafeBufferPointer<Float>) {
    precondition(
      parameters.count == layout.count && gradient.count == layout.count,
      "\(parameters.count) parameters and \(gradient.count) numbers of a gradient; expected \(layout.count)")
    stepCount += 1
    let rate = configuration.learningRate * configuration.schedule.factor(atStep: stepCount)
    for entry in layout.entries {
      if matrices.contains(entry.name) {
        step(entry, rate, parameters, gradient)
      } else {
        rest.update(entry.range, atStep: stepCount, parameters, gradient, &mean, &square)
      }
    }
  }

  /// The step of one matrix, or of each of a stack.
  private func step(
    _ entry: ParameterLayout.Entry, _ rate: Double, _ parameters: UnsafeMutableBufferPointer<Float>,
    _ gradient: UnsafeBufferPointer<Float>
  ) {
    let (rows, columns) = (entry.matrixRows, entry.matrixColumns)
    let count = rows * columns
    guard count > 0, let w = parameters.baseAddress, let g = gradient.baseAddress else { return }
    let (configuration, momentum) = (configuration, Float(configuration.momentum))
    mean.withUnsafeMutableBufferPointer { mean in
      update.withUnsafeMutableBufferPointer { update in
        guard let mean = mean.baseAddress, let update = update.baseAddress else { return }
        for start in stride(from: entry.offset, to: entry.offset + entry.count, by: count) {
          let sum = levin_momentum(
            count, g + start, momentum, Float(1 - configuration.momentum), configuration.isNesterov ? 1 : 0,
            mean + start, update)
          iteration.orthogonalize(update, rows: rows, columns: columns, sumOfSquares: sum)
          let length = rate * configuration.updateScale.factor(rows: rows, columns: columns)
          levin_descend(count, Float(1 - rate * configuration.weightDecay), Float(length), update, w + start)
        }
      }
    }
  }

  /// Everything that a step depends on, beside parameters and gradient.
  public var state: [OptimizerState] {
    [.steps(stepCount), OptimizerState("mean", mean), OptimizerState("square", square)]
  }

  /// Takes over a state that an optimiser of the same kind and layout gave.
  public func restore(_ state: [OptimizerState]) throws(OptimizerStateError) {
    let read = try OptimizerState.read(state, [("mean", mean.count), ("square", square.count)])
    stepCount = read.steps
    (mean, square) = (read.vectors[0], read.vectors[1])
  }
}

extension Muon {
  /// An optimiser that uses the product of `Networks`, on the calling thread.
  public convenience init(_ configuration: Configuration, _ layout: ParameterLayout, matrices: Set<String>? = nil) {
    // Reading the description chooses the library's kernels, if nothing did before.
    _ = BLASBackend.description
    self.init(configuration, layout, matrices: matrices) {
      m, n, k, alpha, a, aStride, aTransposed, b, bStride, bTransposed, beta, c, cStride in
      Float.product(
        m, n, k, alpha: alpha, a, aStride, transposed: aTransposed, b, bStride, transposed: bTransposed, beta: beta, c,
        cStride)
    }
  }
}

extension Muon.UpdateScale {
  func factor(rows: Int, columns: Int) -> Double {
    switch self {
    case .original: max(1, Double(rows) / Double(columns)).squareRoot()
    case .matchingAdamW: 0.2 * Double(max(rows, columns)).squareRoot()
    }
  }
}

extension ParameterLayout.Entry {
  fileprivate var matrixRows: Int { shape[shape.count - 2] }
  fileprivate var matrixColumns: Int { shape[shape.count - 1] }
}
