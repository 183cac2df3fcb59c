import Comparison
import Documents
import ExactArithmetic
import Learner
import Networks
import Tasks

/// A network on a task on sequences: trained on short inputs, asked about long ones.
struct SequenceNetwork {
  private let problem: SequenceProblem
  private let tokens: SequenceTokens
  private let network: NetworkConfiguration
  private let seed: UInt64
  private let steps: Int
  private let context: CellContext

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
    tokens = SequenceTokens(problem: problem)
    network = try Self.configuration(name, tokens, problem.training + problem.test.flatMap(\.examples))
  }

  /// The network of a name for sequences of these lengths.
  static func configuration(
    _ name: RecipeOptions.NetworkName, _ tokens: SequenceTokens, _ examples: [SequenceExample]
  ) throws -> NetworkConfiguration {
    try tokens.check(examples, for: name)
    let outputs = tokens.problem.data.output.count
    switch name {
    case .lstm: return .recurrent(.init(cell: .lstm, vocabulary: tokens.vocabulary, outputs: outputs))
    case .gru: return .recurrent(.init(cell: .gru, vocabulary: tokens.vocabulary, outputs: outputs))
    case .transformer:
      let longest = examples.map { tokens.positions($0) }.max() ?? 1
      return .transformer(.init(vocabulary: tokens.vocabulary, outputs: outputs, context: longest))
    default: throw CellFailure("an MLP reads inputs of one length")
    }
  }
}

extension SequenceNetwork {
  func outcome() throws -> Outcome {
    let start = NetworkWork.productOperations
    let model = network.network
    let trainer = SequenceTrainer(
      model, tokens, problem.training, seed: seed, purpose: "compare/\(problem.data.name)")
    let curve = try train(trainer)
    let parameters = trainer.parameters
    var outcome = Outcome()
    var scoring = 0
    try outcome.score(problem) { try answers(to: $0, parameters, model, &scoring) }
    outcome.stop = "step limit"
    outcome.budget = ["maxUpdates": UInt64(steps)]
    outcome.work = ["updates": UInt64(steps), "productOperations": NetworkWork.productOperations - start]
    outcome.bytes = trainer.bytes + scoring
    outcome.details = ["curve": .array(curve), "curveColumns": ["step", "loss", "right", "counted"]]
    var hypothesis: [String: JSONValue] = ["network": network.json, "summary": .string(network.summary)]
    if let folder = context.folder {
      try NetworkFile.save(StoredNetwork(network, parameters: parameters), to: folder)
      hypothesis["folder"] = .string("networks/" + folder.split(separator: "/").last!)
    }
    outcome.hypothesis = .object(hypothesis)
    return outcome
  }

  /// Makes the updates; metrics of some batches.
  private func train(_ trainer: SequenceTrainer) throws -> [JSONValue] {
    var curve: [JSONValue] = []
    for step in 0..<steps {
      if context.shouldStop() { throw CellInterrupted() }
      let loss = trainer.advance()
      if step % Self.interval == 0 || step == steps - 1 {
        curve.append([.integer(step), .real(loss.mean), .integer(loss.correct), .integer(loss.counted)])
      }
    }
    return curve
  }

  /// The symbols with the greatest logits at the places of each output, of equal ones the first.
  ///
  /// - Parameter bytes: raised to the bytes of the activations.
  private func answers(
    to examples: [SequenceExample], _ parameters: [Float], _ model: any Network, _ bytes: inout Int
  ) throws -> [[Int]] {
    var answers: [[Int]] = []
    for start in stride(from: 0, to: examples.count, by: SequenceTrainer.rows) {
      if context.shouldStop() { throw CellInterrupted() }
      let rows = Array(examples[start..<min(start + SequenceTrainer.rows, examples.count)])
      let positions = rows.map { tokens.positions($0) }.max()!
      let batch = tokens.batch(rows, positions: positions)
      let executor = LaneExecutor<Float>(model, shape: batch.shape)
      executor.load(batch)
      _ = executor.evaluate(parameters)
      bytes = max(bytes, executor.bytes)
      let logits = executor.logits()
      let width = model.outputs
      for (row, example) in rows.enumerated() {
        let first = row * positions + tokens.firstAnswer(example)
        answers.append(
          example.output.indices.map { place in
            let at = (first + place) * width
            return (0..<width).max { logits[at + $0] < logits[at + $1] }!
          })
      }
    }
    return answers
  }
}
