import Comparison
import Documents
import ExactArithmetic
import Learner
import Networks
import Tasks

/// The prequential code of a network for the outputs of sequences, by the rules of `PrequentialCode` with its cuts: blocks of
/// examples in the order in which they were drawn, every symbol of an output a label.
///
/// Symbols of one output are coded independently, given the input, as the network answers them: an output that ends with an
/// end symbol is coded up to it. One known example in ten is held back, the last ones, which it has not been trained on
/// before. Unlike there one network goes on from cut to cut, drawing from all that is known and not held back, for an equal
/// share of the updates: the code costs as much as learning does.
struct PrequentialSequenceCode {
  private let problem: SequenceProblem
  private let tokens: SequenceTokens
  private let model: any Network
  private let steps: Int
  private let seed: UInt64
  private let context: CellContext

  init(_ problem: SequenceProblem, _ name: RecipeOptions.NetworkName, steps: Int?, seed: UInt64, context: CellContext)
    throws
  {
    self.problem = problem
    self.steps = steps ?? SequenceNetwork.standardSteps
    self.seed = seed
    self.context = context
    tokens = SequenceTokens(problem: problem)
    model = try SequenceNetwork.configuration(name, tokens, problem.training).network
  }

  private typealias Chosen = PrequentialCode.Chosen

  func outcome() throws -> Outcome {
    var (bytes, maxUpdates) = (0, 0)
    // The receiver knows the inputs, so also the longest one.
    let trainer = SequenceTrainer(
      model, tokens, [], positions: problem.training.map { tokens.positions($0) }.max()!, seed: seed,
      purpose: "compare/\(problem.data.name)/prequential")
    func symbols(_ examples: ArraySlice<SequenceExample>) -> Int { examples.reduce(0) { $0 + $1.output.count } }
    let (total, blocks) = try PrequentialCode.blocks(
      of: problem.training.count, uniformBits: Rational(problem.data.output.count).log2,
      labels: { symbols(problem.training[$0]) }
    ) { block in
      let known = problem.training[..<block.lowerBound]
      let held = known.suffix(max(1, known.count / PrequentialCode.heldBack))
      let doubt = 1 / Double(symbols(held) + 2)
      trainer.examples = Array(known.dropLast(held.count))
      let chosen = try train(trainer, Array(held), doubt, &bytes)
      maxUpdates += share
      return (
        chosen,
        {
          let scorer = SequenceScorer(model, tokens, Array(problem.training[block]), doubt: doubt)
          bytes = max(bytes, scorer.bytes)
          return scorer.score(chosen.parameters, only: chosen.sharpness)
        }
      )
    }
    var outcome = Outcome()
    outcome.work["updates"] = UInt64(trainer.step)
    outcome.budget = ["maxUpdates": UInt64(maxUpdates)]
    outcome.bytes = bytes
    outcome.codes = [LabelCode(NetworkMethod.prequential, [.init("labels", bits: total)])]
    outcome.details["blocks"] = .array(blocks)
    return outcome
  }

  /// Updates behind one cut.
  private var share: Int { max(1, steps / (PrequentialCode.cuts.count - 1)) }

  /// Goes on with the training for a share of the updates; the best of the looks at the examples held back.
  private func train(
    _ trainer: SequenceTrainer, _ held: [SequenceExample], _ doubt: Double, _ bytes: inout Int
  ) throws -> Chosen {
    let scorer = SequenceScorer(model, tokens, held, doubt: doubt)
    // At this the labels held back cost no more than twice what the doubt alone does.
    let floor = -2 * PrequentialCode.log2(1 - doubt)
    var best = Chosen(parameters: trainer.parameters, sharpness: 0, bitsPerLabel: .infinity, step: trainer.step)
    let end = trainer.step + share
    while true {
      if context.shouldStop() { throw CellInterrupted() }
      if trainer.step == end || trainer.step % PrequentialCode.interval == 0 {
        let score = scorer.score(trainer.parameters)
        let bits = score.bits[score.best] / Double(score.count)
        if bits.isFinite, bits < best.bitsPerLabel {
          best = Chosen(parameters: trainer.parameters, sharpness: score.best, bitsPerLabel: bits, step: trainer.step)
        }
        if trainer.step == end || (score.right == score.count && bits < floor) { break }
      }
      guard trainer.advance().lossSum.isFinite else { break }
    }
    bytes = max(bytes, trainer.bytes + scorer.bytes + trainer.parameters.count * MemoryLayout<Float>.stride)
    return best
  }
}

/// What a network's logits say of the symbols of known outputs, in bits.
struct SequenceScorer {
  private let model: any Network
  private let executor: LaneExecutor<Float>
  private let batches: [Batch]
  private let doubt: Double

  /// - Parameter doubt: the weight of the uniform distribution, which is mixed in so that no symbol costs without bound.
  init(_ model: any Network, _ tokens: SequenceTokens, _ examples: [SequenceExample], doubt: Double) {
    self.model = model
    self.doubt = doubt
    let positions = examples.map { tokens.positions($0) }.max()!
    let rows = min(SequenceTrainer.rows, examples.count)
    executor = LaneExecutor<Float>(
      model, shape: BatchShape(rows: rows, positions: positions, readPositions: positions))
    batches = stride(from: 0, to: examples.count, by: rows).map { start in
      tokens.batch(Array(examples[start..<min(start + rows, examples.count)]), positions: positions)
    }
  }

  /// Bytes of its activations and tokens.
  var bytes: Int { batches.reduce(executor.bytes) { $0 + $1.bytes } }

  /// Bits of all symbols at each sharpness, or at one.
  func score(_ parameters: [Float], only: Int? = nil) -> LabelScorer.Score {
    var score = LabelScorer.Score()
    for batch in batches {
      executor.load(batch)
      _ = executor.evaluate(parameters)
      let logits = executor.logits()
      let width = model.outputs
      for (place, target) in batch.targets.enumerated() where target >= 0 {
        LabelScorer.add(logits[place * width..<(place + 1) * width], Int(target), doubt: doubt, only, &score)
      }
    }
    return score
  }
}
