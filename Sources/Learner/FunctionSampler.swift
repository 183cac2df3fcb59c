public import Grammars
public import Networks
import Randomness

/// The functions that networks of one kind compute on a few inputs: with random parameters, or once they fit some examples.
///
///     let sampler = FunctionSampler(network, inputs: inputs, labels: labels)
///     sampler.random(seed: 0)                                  // a label for each input
///     sampler.trained(on: [0: 1, 3: 0], seed: 0)?.labels       // the same, after training on inputs 0 and 3
///
/// A network's answer is its greatest logit. The same seed gives the same function on one machine; one sampler serves one
/// thread.
///
/// - Source: Valle-Pérez, Camargo & Louis 2019 (the parameter-function map); Mingard, Valle-Pérez, Skalse & Louis 2021
///   (training until all examples are right).
public final class FunctionSampler {
  /// What training came to.
  public struct Trained: Hashable, Sendable {
    /// The label of each input, by number.
    public let labels: [Int]
    /// Updates made.
    public let steps: Int
  }

  /// Kind and sizes of the networks.
  public let configuration: NetworkConfiguration
  /// What all parameters are multiplied by before training.
  public let initialScale: Double
  private let network: any Network
  private let batch: Batch
  private let outputs: Int
  private let all: LaneExecutor<Float>
  /// Executors of trainings, by how many examples they take.
  private var trainers: [Int: LaneExecutor<Float>] = [:]

  /// Rate of plain AdamW without decay, on all examples at once.
  public static let learningRate = 0.01

  /// A sampler of networks on `inputs`, whose answers are numbers in `labels`.
  ///
  /// - Parameter initialScale: of the initial parameters, positive: 1 leaves them as the network draws them. Far above 1 states and
  ///   attention saturate, and training moves parameters little in relation to what they are (Chizat, Oyallon & Bach 2019); an
  ///   `EmbeddingMLP` with relu units and no biases computes the same function at every scale until it is trained.
  /// - Precondition: the network has the vocabulary of the inputs (`vocabulary(of:)`; transformers and recurrent networks one
  ///   more for `=`), an answer for each label, and as many positions as there are tokens.
  public init(_ configuration: NetworkConfiguration, inputs: [[Value]], labels: Int, initialScale: Double = 1) {
    precondition(initialScale > 0 && initialScale.isFinite, "an initial scale of \(initialScale)")
    self.configuration = configuration
    self.initialScale = initialScale
    network = configuration.network
    outputs = labels
    precondition(network.outputs == labels, "\(network.outputs) answers for \(labels) labels")
    let vocabulary = Self.vocabulary(of: inputs)
    var endsInEquals = true
    if case .embeddingMLP = configuration { endsInEquals = false }
    var tokens: [Int32] = []
    for input in inputs {
      tokens += input.map { vocabulary[$0]! }
      if endsInEquals { tokens.append(Int32(vocabulary.count)) }
    }
    batch = Batch(
      shape: BatchShape(rows: inputs.count, positions: tokens.count / inputs.count), tokens: tokens,
      targets: Array(repeating: 0, count: inputs.count))
    all = LaneExecutor<Float>(network, shape: batch.shape, threads: 1)
    all.load(batch)
  }

  /// The token of each value of the inputs, in the order of `TaskVocabulary`.
  public static func vocabulary(of inputs: [[Value]]) -> [Value: Int32] {
    let examples = inputs.map { Example(inputs: $0, output: $0[0]) }
    let values = TaskVocabulary(examples).inputs
    return Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, Int32($0)) })
  }

  /// The function of a network whose parameters are as they are before training.
  public func random(seed: UInt64) -> [Int] {
    answers(initialParameters(seed, "function/random"))
  }

  private func initialParameters(_ seed: UInt64, _ name: String) -> [Float] {
    let drawn = network.initialParameters(seed: seed, name: name)
    return initialScale == 1 ? drawn : drawn.map { Float(initialScale) * $0 }
  }

  /// Most updates of a training, where nothing else is said.
  public static let mostSteps = 10_000

  /// The function of a network trained on some inputs until it answers all of these rightly; nil where it does not within
  /// `maxSteps` updates.
  ///
  /// - Parameters:
  ///   - known: labels by the numbers of inputs, at least one.
  ///   - loss: goes on until the mean loss is at most this, in nats; nil ends with the last right answer.
  public func trained(
    on known: [Int: Int], loss greatestLoss: Double? = nil, seed: UInt64, maxSteps: Int = mostSteps
  ) -> Trained? {
    let rows = known.keys.sorted()
    let positions = batch.shape.positions
    let examples = Batch(
      shape: BatchShape(rows: rows.count, positions: positions),
      tokens: rows.flatMap { batch.tokens[$0 * positions..<($0 + 1) * positions] },
      targets: rows.map { Int32(known[$0]!) })
    let trainer = trainers[rows.count] ?? LaneExecutor<Float>(network, shape: examples.shape, threads: 1)
    trainers[rows.count] = trainer
    trainer.load(examples)
    var parameters = initialParameters(seed, "function/trained")
    var gradient = Array(repeating: Float(0), count: parameters.count)
    let optimizer = Recipe.Method.adamW(
      AdamW.Configuration(learningRate: Self.learningRate, weightDecay: 0)
    ).optimizer(network.layout)
    for step in 0...maxSteps {
      let loss = trainer.lossAndGradient(parameters, into: &gradient)
      let isFitted = loss.correct == rows.count && greatestLoss.map { loss.mean <= $0 } ?? true
      if isFitted { return Trained(labels: answers(parameters), steps: step) }
      guard loss.lossSum.isFinite, step < maxSteps else { return nil }
      optimizer.step(&parameters, gradient)
    }
    return nil
  }

  private func answers(_ parameters: [Float]) -> [Int] {
    _ = all.evaluate(parameters)
    let logits = all.logits()
    return (0..<batch.shape.rows).map { row in
      let own = logits[row * outputs..<(row + 1) * outputs]
      // Of equal logits the first.
      return own.indices.reduce(own.startIndex) { own[$1] > own[$0] ? $1 : $0 } - own.startIndex
    }
  }
}
