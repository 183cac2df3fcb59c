import Comparison
import Learner
import Networks
import Randomness
import Tasks

/// A task on sequences as tokens: the input's symbols and, unless the task answers after each symbol, a token that asks for
/// each symbol of the output; answers are read there. Shorter rows of a batch end in a token whose answers are not counted.
struct SequenceTokens {
  let problem: SequenceProblem

  /// Symbols, the token that asks, the token that fills.
  var vocabulary: Int { problem.data.input.count + 2 }

  /// The place of the first answer in a row.
  func firstAnswer(_ example: SequenceExample) -> Int { problem.isStream ? 0 : example.input.count }

  /// Tokens of an example.
  func positions(_ example: SequenceExample) -> Int {
    firstAnswer(example) + problem.paddedOutputCount(example)
  }

  /// Refuses lines of a file that are too long for a batch: one of 512 tokens takes a gigabyte in a transformer, by their
  /// square, and in a recurrent network one of 2,048 some more.
  func check(_ examples: [SequenceExample], for network: RecipeOptions.NetworkName) throws(CellFailure) {
    let most = network == .transformer ? 512 : 2048
    guard problem.isFinite, let longest = examples.map({ positions($0) }).max(), longest > most else { return }
    throw CellFailure(
      "a sequence of \(longest) tokens, its answer included; \(network.rawValue) takes at most \(most) of a file's line"
    )
  }

  /// `[examples, positions]` tokens, every position read.
  func batch(_ examples: [SequenceExample], positions: Int) -> Batch {
    let (ask, fill) = (Int32(problem.data.input.count), Int32(problem.data.input.count + 1))
    var tokens: [Int32] = []
    var targets: [Int32] = []
    for example in examples {
      var row = example.input.map(Int32.init)
      var wanted = [Int32](repeating: Batch.ignored, count: firstAnswer(example))
      row += [Int32](repeating: ask, count: self.positions(example) - row.count)
      wanted += example.output.map(Int32.init)
      row += [Int32](repeating: fill, count: positions - row.count)
      wanted += [Int32](repeating: Batch.ignored, count: positions - wanted.count)
      tokens += row
      targets += wanted
    }
    return Batch(
      shape: BatchShape(rows: examples.count, positions: positions, readPositions: positions), tokens: tokens,
      targets: targets)
  }
}

/// A network in training on sequences: one update on a batch drawn from its examples at each step.
final class SequenceTrainer {
  /// Rows of a batch, and the greatest learning rate.
  static let rows = 64
  static let learningRate = 0.001

  let model: any Network
  private(set) var parameters: [Float]
  private(set) var step = 0
  private let tokens: SequenceTokens
  /// What batches are drawn from; no longer than the longest sequence that was announced.
  var examples: [SequenceExample]
  private let longest: Int
  private let executor: LaneExecutor<Float>
  private let optimizer: any Optimizer
  private var gradient: [Float]
  private var generator: SeededGenerator

  /// A network at its beginning.
  ///
  /// - Parameters:
  ///   - positions: the most tokens of an example that will ever be drawn; nil takes that of the examples.
  ///   - purpose: names the generators of the parameters and of the batches.
  init(
    _ model: any Network, _ tokens: SequenceTokens, _ examples: [SequenceExample], positions: Int? = nil, seed: UInt64,
    purpose: String
  ) {
    self.model = model
    self.tokens = tokens
    self.examples = examples
    longest = positions ?? examples.map { tokens.positions($0) }.max()!
    parameters = model.initialParameters(seed: seed, name: "\(purpose)/init")
    gradient = [Float](repeating: 0, count: parameters.count)
    executor = LaneExecutor<Float>(
      model, shape: BatchShape(rows: Self.rows, positions: longest, readPositions: longest))
    let settings = AdamW.Configuration(
      learningRate: Self.learningRate, squareDecay: 0.999, weightDecay: 0, schedule: Schedule(warmUp: 10))
    optimizer = Recipe.Method.adamW(settings).optimizer(model.layout)
    generator = SeededGenerator(seed: seed, name: "\(purpose)/batches")
  }

  /// Bytes of the parameters, their gradient, the optimiser and the activations.
  var bytes: Int {
    (parameters.count + gradient.count) * MemoryLayout<Float>.stride + optimizer.bytes + executor.bytes
  }

  /// Makes one update; the loss of its batch before it.
  func advance() -> BatchLoss {
    let chosen = (0..<Self.rows).map { _ in examples[Int(generator.below(UInt64(examples.count)))] }
    executor.load(tokens.batch(chosen, positions: longest))
    let loss = executor.lossAndGradient(parameters, into: &gradient)
    clip()
    optimizer.step(&parameters, gradient)
    step += 1
    return loss
  }

  /// The gradient at most of norm 1, so that a long sequence cannot throw a recurrent network off.
  private func clip() {
    let norm = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    guard norm > 1 else { return }
    let factor = Float(1 / norm)
    for index in gradient.indices { gradient[index] *= factor }
  }
}
