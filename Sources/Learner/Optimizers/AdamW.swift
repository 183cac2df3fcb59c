internal import CTensorKernels
public import Networks

/// Adam with decoupled weight decay.
///
///     m = β₁ m + (1 - β₁) g           m̂ = m / (1 - β₁ᵗ)
///     v = β₂ v + (1 - β₂) g²          v̂ = v / (1 - β₂ᵗ)
///     w = (1 - η λ) w - η m̂ / (√v̂ + ε)
///
/// where η is the learning rate times the schedule's factor at step t. Every parameter decays, biases too.
///
/// - Complexity: one pass; reads four and writes three vectors.
/// - Source: Loshchilov & Hutter 2019, "Decoupled weight decay regularization", algorithm 2; decay before the step and ε
///   outside the corrected root, as in `torch.optim.AdamW`.
public final class AdamW: Optimizer {
  /// Rates and switches.
  public struct Configuration: Hashable, Sendable {
    /// η.
    public var learningRate: Double
    /// β₁.
    public var meanDecay: Double
    /// β₂.
    public var squareDecay: Double
    /// ε.
    public var epsilon: Double
    /// λ.
    public var weightDecay: Double
    /// The factor of the learning rate by step.
    public var schedule: Schedule

    /// Rates; the defaults are those of `torch.optim.AdamW`.
    public init(
      learningRate: Double = 1e-3, meanDecay: Double = 0.9, squareDecay: Double = 0.999, epsilon: Double = 1e-8,
      weightDecay: Double = 0.01, schedule: Schedule = .constant
    ) {
      (self.learningRate, self.meanDecay, self.squareDecay) = (learningRate, meanDecay, squareDecay)
      (self.epsilon, self.weightDecay, self.schedule) = (epsilon, weightDecay, schedule)
    }
  }

  /// What it was made with.
  public let configuration: Configuration
  /// Steps taken.
  public private(set) var stepCount = 0
  private var mean: [Float]
  private var square: [Float]

  /// For parameters of a layout.
  public init(_ configuration: Configuration, _ layout: ParameterLayout) {
    self.configuration = configuration
    mean = [Float](repeating: 0, count: layout.count)
    square = mean
  }

  /// One step along a gradient of the same layout, in place.
  public func step(_ parameters: UnsafeMutableBufferPointer<Float>, _ gradient: UnsafeBufferPointer<Float>) {
    precondition(
      parameters.count == mean.count && gradient.count == mean.count,
      "\(parameters.count) parameters and \(gradient.count) numbers of a gradient; expected \(mean.count)")
    stepCount += 1
    configuration.update(0..<mean.count, atStep: stepCount, parameters, gradient, &mean, &square)
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

extension AdamW.Configuration {
  /// Does step t on a part of the parameters.
  func update(
    _ range: Range<Int>, atStep step: Int, _ parameters: UnsafeMutableBufferPointer<Float>,
    _ gradient: UnsafeBufferPointer<Float>, _ mean: inout [Float], _ square: inout [Float]
  ) {
    guard !range.isEmpty, let parameters = parameters.baseAddress, let gradient = gradient.baseAddress else { return }
    let start = range.lowerBound
    var scalars = scalars(atStep: step)
    mean.withUnsafeMutableBufferPointer { mean in
      square.withUnsafeMutableBufferPointer { square in
        guard let mean = mean.baseAddress, let square = square.baseAddress else { return }
        levin_adamw_step(&scalars, range.count, parameters + start, gradient + start, mean + start, square + start)
      }
    }
  }

  /// The scalars of step t, computed in `Double` and rounded once.
  private func scalars(atStep step: Int) -> levin_adamw {
    let rate = learningRate * schedule.factor(atStep: step)
    return levin_adamw(
      keep: Float(1 - rate * weightDecay), beta1: Float(meanDecay), rest1: Float(1 - meanDecay),
      beta2: Float(squareDecay),
      rest2: Float(1 - squareDecay), step: Float(rate / (1 - meanDecay.raised(to: step))),
      root: Float((1 / (1 - squareDecay.raised(to: step))).squareRoot()), epsilon: Float(epsilon))
  }
}

extension Double {
  /// The power with a whole exponent, by squaring: the same bits on every system.
  func raised(to exponent: Int) -> Double {
    var (result, base, rest) = (1.0, self, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= base }
      base *= base
      rest >>= 1
    }
    return result
  }
}
