import Comparison
import Documents
import ExactArithmetic
import Learner
import Networks
import Randomness
import Tasks

/// A network on a task on sequences: trained on short inputs, asked about long ones.
///
/// Tokens are the input's symbols and, unless the task answers after each symbol, a token that asks for each symbol of the
/// output; answers are read there. Shorter rows of a batch end in a token whose answers are not counted.
struct SequenceNetwork {
  private let problem: SequenceProblem
  private let network: NetworkConfiguration
  private let seed: UInt64
  private let steps: Int
  private let context: CellContext

  /// Rows of a batch, and the greatest learning rate.
  static let rows = 64
  static let learningRate = 0.001
  static let standardSteps = 1500
  /// Training metrics are noted every so many updates.
  private static let interval = 25

  init(_ problem: SequenceProblem, _ name: RecipeOptions.NetworkName, steps: Int?, seed: UInt64, context: CellContext)
    throws
  {
    self.problem = problem
    self.seed = seed
    self.steps = steps ?? Self.standardSteps
    self.context = context
    let (inputs, outputs) = (problem.task.input.count, problem.task.output.count)
    // Symbols, the token that asks, the token that fills.
    let vocabulary = inputs + 2
    switch name {
    case .lstm: network = .recurrent(.init(cell: .lstm, vocabulary: vocabulary, outputs: outputs))
    case .gru: network = .recurrent(.init(cell: .gru, vocabulary: vocabulary, outputs: outputs))
    case .transformer:
      let all = problem.training + problem.test.flatMap(\.examples)
      let longest = all.map { Self.positions(problem.task, $0) }.max() ?? 1
      network = .transformer(.init(vocabulary: vocabulary, outputs: outputs, context: longest))
    default: throw CellFailure("an MLP reads inputs of one length")
    }
  }

  /// Tokens of an example.
  private static func positions(_ task: SymbolTask, _ example: SequenceExample) -> Int {
    task.kind == .stream
      ? example.input.count : example.input.count + task.paddedOutputCount(inputCount: example.input.count)
  }

  private func batch(_ examples: [SequenceExample], positions: Int) -> Batch {
    let task = problem.task
    let (ask, fill) = (Int32(task.input.count), Int32(task.input.count + 1))
    var tokens: [Int32] = []
    var targets: [Int32] = []
    for example in examples {
      var row = example.input.map(Int32.init)
      var wanted = [Int32](repeating: Batch.ignored, count: task.kind == .stream ? 0 : row.count)
      if task.kind != .stream {
        row += [Int32](repeating: ask, count: task.paddedOutputCount(inputCount: example.input.count))
      }
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

extension SequenceNetwork {
  func outcome() throws -> Outcome {
    let start = NetworkWork.productOperations
    let model = network.network
    var parameters = model.initialParameters(seed: seed, name: "compare/\(problem.name)/init")
    let curve = try train(&parameters, model)
    var outcome = Outcome()
    outcome.accuracyByLength = try problem.test.map { ($0.length, try accuracy(of: $0.examples, parameters, model)) }
    outcome.stop = "step limit"
    outcome.work = ["updates": UInt64(steps), "productOperations": NetworkWork.productOperations - start]
    outcome.bytes = parameters.count * MemoryLayout<Float>.stride * 4
    outcome.details = ["curve": .array(curve), "curveColumns": ["step", "loss", "right", "counted"]]
    var hypothesis: [String: JSONValue] = ["network": network.json, "summary": .string(network.summary)]
    if let folder = context.folder {
      try NetworkFile.save(StoredNetwork(network, parameters: parameters), to: folder)
      hypothesis["folder"] = .string("networks/" + folder.split(separator: "/").last!)
    }
    outcome.hypothesis = .object(hypothesis)
    return outcome
  }

  /// Trains on batches drawn from the training examples; metrics of some batches.
  private func train(_ parameters: inout [Float], _ model: any Network) throws -> [JSONValue] {
    let longest = problem.training.map { Self.positions(problem.task, $0) }.max()!
    let executor = LaneExecutor<Float>(
      model, shape: BatchShape(rows: Self.rows, positions: longest, readPositions: longest))
    let settings = AdamW.Configuration(
      learningRate: Self.learningRate, squareDecay: 0.999, weightDecay: 0, schedule: Schedule(warmUp: 10))
    let optimizer = Recipe.Method.adamW(settings).optimizer(model.layout)
    var gradient = [Float](repeating: 0, count: model.layout.count)
    var generator = SeededGenerator(seed: seed, name: "compare/\(problem.name)/batches")
    var curve: [JSONValue] = []
    for step in 0..<steps {
      if context.shouldStop() { throw CellInterrupted() }
      let examples = (0..<Self.rows).map { _ in
        problem.training[Int(generator.below(UInt64(problem.training.count)))]
      }
      executor.load(batch(examples, positions: longest))
      let loss = executor.lossAndGradient(parameters, into: &gradient)
      Self.clip(&gradient)
      optimizer.step(&parameters, gradient)
      if step % Self.interval == 0 || step == steps - 1 {
        curve.append([.integer(step), .real(loss.mean), .integer(loss.correct), .integer(loss.counted)])
      }
    }
    return curve
  }

  /// The gradient at most of norm 1, so that a long sequence cannot throw a recurrent network off.
  private static func clip(_ gradient: inout [Float]) {
    let norm = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    guard norm > 1 else { return }
    let factor = Float(1 / norm)
    for index in gradient.indices { gradient[index] *= factor }
  }

  /// The mean over examples of the share of symbols that are right, as `ChomskyProtocol` scores.
  private func accuracy(of examples: [SequenceExample], _ parameters: [Float], _ model: any Network) throws -> Rational
  {
    if context.shouldStop() { throw CellInterrupted() }
    let positions = examples.map { Self.positions(problem.task, $0) }.max()!
    let batch = batch(examples, positions: positions)
    let executor = LaneExecutor<Float>(model, shape: batch.shape)
    executor.load(batch)
    _ = executor.evaluate(parameters)
    let logits = executor.logits()
    let width = model.outputs
    var sum = Rational(0)
    for (row, example) in examples.enumerated() {
      let first = problem.task.kind == .stream ? 0 : example.input.count
      let answer = example.output.indices.map { place -> Int in
        let at = (row * positions + first + place) * width
        return (0..<width).max { logits[at + $0] < logits[at + $1] }!
      }
      sum += ChomskyProtocol.accuracy(of: answer, for: example)
    }
    return sum / Rational(examples.count)
  }
}
