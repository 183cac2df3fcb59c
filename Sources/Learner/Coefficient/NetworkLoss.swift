public import Networks
public import Randomness

/// The loss of a network on the training examples, sampled in batches.
public struct NetworkLoss: SampledLoss {
  /// Rows of a batch that are asked for when there are as many.
  public static let standardBatchSize = 512

  private let executor: LaneExecutor<Float>
  private let examples: Batch
  private let rows: Int
  /// ln |Y| nats.
  public let guess: Double

  /// The loss of a network on examples.
  ///
  /// - Parameter batchSize: rows drawn for each step, with replacement; all of them in order when there are no more.
  public init(_ network: any Network, _ examples: Batch, batchSize: Int = Self.standardBatchSize, threads: Int = 1) {
    precondition(batchSize > 0, "a batch of \(batchSize) rows")
    self.examples = examples
    rows = min(batchSize, examples.shape.rows)
    var shape = examples.shape
    shape.rows = rows
    executor = LaneExecutor<Float>(network, shape: shape, threads: threads)
    guess = naturalLogarithm(Double(network.outputs))
  }

  /// Mean nats over all examples.
  public func loss(_ parameters: [Float]) -> Double { executor.evaluate(parameters, on: examples).mean }

  /// Mean nats and their gradient on one batch drawn with replacement, or on all examples where a batch holds them.
  public func sample(
    _ parameters: [Float], gradient: inout [Float], using generator: inout SeededGenerator
  ) -> Double {
    let count = examples.shape.rows
    if rows == count {
      executor.load(examples)
    } else {
      executor.load(examples.rows(at: (0..<rows).map { _ in Int(generator.below(UInt64(count))) }))
    }
    return executor.lossAndGradient(parameters, into: &gradient).mean
  }

  /// The gradient of `loss`, summed in float64 over batches.
  public func gradient(_ parameters: [Float], into gradient: inout [Float]) {
    var sum = [Double](repeating: 0, count: parameters.count)
    var part = [Float](repeating: 0, count: parameters.count)
    for start in stride(from: 0, to: examples.shape.rows, by: rows) {
      let batch = examples.rows(start..<min(start + rows, examples.shape.rows))
      executor.load(batch)
      let counted = executor.lossAndGradient(parameters, into: &part).counted
      for index in sum.indices { sum[index] += Double(part[index]) * Double(counted) }
    }
    let counted = Double(max(1, examples.counted))
    for index in sum.indices { gradient[index] = Float(sum[index] / counted) }
  }
}

extension TrainingRun {
  /// The local learning coefficient of the network as it is, on the training examples.
  ///
  /// - Parameter settings: nil takes the standard ones with nβ = n / ln n.
  /// - Returns: nil when `shouldStop` said yes.
  public func learningCoefficient(
    _ settings: LearningCoefficient.Settings? = nil, batchSize: Int = NetworkLoss.standardBatchSize, threads: Int = 1,
    shouldStop: () -> Bool = { false }
  ) -> LearningCoefficient? {
    let examples = dataset.training
    let settings =
      settings
      ?? LearningCoefficient.Settings(
        inverseTemperature: LearningCoefficient.Settings.usualInverseTemperature(examples: max(2, examples.shape.rows)))
    let sampler = LangevinSampler(
      NetworkLoss(recipe.network.network, examples, batchSize: batchSize, threads: threads), at: parameters, settings)
    return sampler.run(seed: seed, purpose: purpose, shouldStop: shouldStop)
  }
}
