import Networks
import Randomness

/// One network in training: advances step by step, and can be saved and gone on with, bit for bit.
///
///     let run = TrainingRun(recipe, dataset, seed: 0, purpose: "mod-add")
///     while run.end == nil { if let metrics = run.advance() { print(metrics) } }
///
/// Given recipe, data, seed and purpose, the parameters after each step are the same bytes on one machine, whatever the
/// number of threads: the seed and the purpose name the generators of the initial parameters and of the batches.
public final class TrainingRun {
  /// Why a run ended.
  public enum End: Hashable, Sendable, CaseIterable {
    /// The unseen examples were answered as well as asked for.
    case testAccuracy
    /// `Recipe.maxSteps` updates were made.
    case maxSteps
    /// The loss is not a finite number any more.
    case diverged
  }

  /// Network, optimiser and limits.
  public let recipe: Recipe
  /// The training and unseen examples as tokens.
  public let dataset: Dataset
  /// Seed of the initial parameters and of the order of batches.
  public let seed: UInt64
  /// A word that tells the generators of this run from those of others with the same seed, such as the task's name.
  public let purpose: String
  /// The run ends at the first evaluation with at least this share of the unseen examples right; nil: never for that.
  public let target: AccuracyTarget?

  /// Updates made so far.
  public internal(set) var step = 0
  /// The parameters after `step` updates, laid out by the network's layout.
  public internal(set) var parameters: [Float]
  /// All evaluations so far, in order of steps.
  public internal(set) var metrics: [TrainingMetrics] = []
  /// The first step before which 99.9 % of all training examples were answered rightly: among all steps where each is on
  /// all of them, among the evaluated ones for minibatches.
  public internal(set) var firstFit: Int?
  /// Why the run ended; nil while it goes on.
  public private(set) var end: End?

  let optimizer: any Optimizer
  private let trainer: LaneExecutor<Float>
  /// Runs all unseen examples at once, or parts of them where they have more logits than `mostTestLogits`.
  private let tester: LaneExecutor<Float>?
  private static let mostTestLogits = 1 << 24
  private var gradient: [Float]
  private var order: [Int] = []
  private var orderEpoch = -1

  /// A run at its beginning.
  ///
  /// - Parameter threads: how many lanes of a batch run at once.
  public init(
    _ recipe: Recipe, _ dataset: Dataset, seed: UInt64, purpose: String, target: AccuracyTarget? = nil, threads: Int = 1
  ) {
    self.recipe = recipe
    self.dataset = dataset
    self.seed = seed
    self.purpose = purpose
    self.target = target
    let network = recipe.network.network
    parameters = network.initialParameters(seed: seed, name: "learn/\(purpose)/init")
    gradient = Array(repeating: 0, count: network.layout.count)
    optimizer = recipe.method.optimizer(network.layout)
    var shape = dataset.training.shape
    if let size = recipe.batchSize { shape.rows = min(size, shape.rows) }
    trainer = LaneExecutor<Float>(network, shape: shape, threads: threads)
    if recipe.batchSize == nil { trainer.load(dataset.training) }
    tester = dataset.test.map { test in
      var shape = test.shape
      shape.rows = max(1, min(shape.rows, Self.mostTestLogits / (shape.readPositions * network.outputs)))
      return LaneExecutor<Float>(network, shape: shape, threads: threads)
    }
  }

  /// Evaluates when the step asks for it, then makes one update; the metrics when there was an evaluation.
  ///
  /// The last call, which sets `end`, makes no update.
  public func advance() -> TrainingMetrics? {
    precondition(end == nil, "the run has ended")
    if recipe.batchSize != nil { trainer.load(nextBatch()) }
    let loss = trainer.lossAndGradient(parameters, into: &gradient)
    if firstFit == nil, let all = lossOfAll(loss), all.correct * 1000 >= all.counted * 999 { firstFit = step }
    var evaluation: TrainingMetrics?
    if isEvaluated(step) || !loss.lossSum.isFinite {
      let found = measure(loss)
      metrics.append(found)
      evaluation = found
      end = reasonToEnd(found)
      if end != nil { return evaluation }
    }
    optimizer.step(&parameters, gradient)
    step += 1
    return evaluation
  }

  /// Bytes of the parameters, their gradient, the optimiser, the activations of training and evaluation, and the examples as
  /// tokens: counted from what is allocated, so that equal runs have equal numbers on every machine and any thread.
  public var bytes: Int {
    (parameters.count + gradient.count) * MemoryLayout<Float>.stride + optimizer.bytes + trainer.bytes
      + (tester?.bytes ?? 0) + dataset.training.bytes + (dataset.test?.bytes ?? 0)
  }

  private func isEvaluated(_ step: Int) -> Bool {
    step % recipe.evaluationInterval == 0 || step >= recipe.maxSteps
      || (step < recipe.evaluationInterval && step & (step - 1) == 0)
  }

  private func measure(_ loss: BatchLoss) -> TrainingMetrics {
    let test = tester.map { $0.evaluate(parameters, on: dataset.test!) }
    let norm = parameters.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    return TrainingMetrics(
      step: step, trainLoss: loss.mean, trainCorrect: loss.correct, trainCount: loss.counted, testLoss: test?.mean,
      testCorrect: test?.correct ?? 0, testCount: test?.counted ?? 0, parameterNorm: norm)
  }

  /// The loss of all training examples, given that of this step's; nil for minibatches between evaluations.
  private func lossOfAll(_ loss: BatchLoss) -> BatchLoss? {
    guard let size = recipe.batchSize, size < dataset.training.shape.rows else { return loss }
    return isEvaluated(step) ? trainer.evaluate(parameters, on: dataset.training) : nil
  }

  private func reasonToEnd(_ found: TrainingMetrics) -> End? {
    // Units that cut at 0 hide parameters that are no numbers.
    if !found.trainLoss.isFinite || !found.parameterNorm.isFinite { return .diverged }
    if let target, found.testCount > 0, target.isMet(found.testCorrect, of: found.testCount) { return .testAccuracy }
    return step >= recipe.maxSteps ? .maxSteps : nil
  }

  /// The examples of this step: consecutive parts of an order drawn anew for each pass over the data.
  private func nextBatch() -> Batch {
    let all = dataset.training
    let size = min(recipe.batchSize ?? all.shape.rows, all.shape.rows)
    let perEpoch = all.shape.rows / size
    let (epoch, part) = (step / perEpoch, step % perEpoch)
    if epoch != orderEpoch {
      var generator = SeededGenerator(seed: seed, name: "learn/\(purpose)/batches/\(epoch)")
      order = Array(0..<all.shape.rows)
      generator.shuffle(&order)
      orderEpoch = epoch
    }
    return all.rows(at: order[part * size..<(part + 1) * size])
  }
}

/// A share of right answers, as an exact fraction.
public struct AccuracyTarget: Hashable, Sendable {
  /// The numerator, from 0 up to the denominator.
  public let numerator: Int
  /// The denominator, above 0.
  public let denominator: Int

  /// The share numerator/denominator, which need not be in lowest terms.
  public init(_ numerator: Int, of denominator: Int) {
    precondition(denominator > 0 && (0...denominator).contains(numerator), "\(numerator)/\(denominator) is not a share")
    self.numerator = numerator
    self.denominator = denominator
  }

  /// 99 %.
  public static let grokked = AccuracyTarget(99, of: 100)

  /// Whether `correct` of `count` is at least this share, decided in whole numbers.
  public func isMet(_ correct: Int, of count: Int) -> Bool { correct * denominator >= numerator * count }
}

extension Batch {
  /// The rows with these numbers, in this order.
  func rows(at numbers: some Collection<Int>) -> Batch {
    var part = shape
    part.rows = numbers.count
    let (positions, reads) = (shape.positions, shape.readPositions)
    return Batch(
      shape: part, tokens: numbers.flatMap { tokens[$0 * positions..<($0 + 1) * positions] },
      targets: numbers.flatMap { targets[$0 * reads..<($0 + 1) * reads] })
  }
}
