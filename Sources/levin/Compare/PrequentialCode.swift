import Comparison
import Documents
import ExactArithmetic
import Grammars
import Learner
import Networks
import Tasks

/// The prequential code of a network: labels come in blocks, each coded by a network trained on the blocks before it.
///
/// Sender and receiver know the same labels at each cut, so training costs no bits: they hold back one known label in
/// ten, train on the others, and keep the parameters, the sharpness of the logits and, where it is shorter, the uniform
/// code, as the h labels held back say. What the network says is mixed with the uniform distribution at weight 1/(h + 2),
/// the rate of errors that h labels without one leave possible. The first block is uniform.
struct PrequentialCode {
  /// Ends of the blocks, in per cent of the labels.
  static let cuts = [5, 10, 15, 20, 25, 30, 35, 40, 50, 70, 100]
  /// One known label in so many is held back.
  static let heldBack = 10
  /// Updates between two looks at the labels held back.
  static let interval = 10
  /// Looks without improvement, once every label held back is right, that end a training; likewise the first one at which
  /// they cost less than twice what the doubt alone does.
  private static let patience = 5

  let method: NetworkMethod
  let problem: FunctionProblem
  let seed: UInt64
  let context: CellContext

  /// A network with how it codes, chosen on labels held back.
  struct Chosen {
    var parameters: [Float]
    var sharpness: Int
    var bitsPerLabel: Double
    var step: Int
  }

  /// The code of so many examples, block by block.
  ///
  /// - Parameters:
  ///   - uniformBits: of a label.
  ///   - labels: in a block; recorded where an example is not one label.
  ///   - learn: what is chosen on the examples before a block, and the block's score by it.
  static func blocks(
    of count: Int, uniformBits: Double, labels: ((Range<Int>) -> Int)? = nil,
    learn: (Range<Int>) throws -> (Chosen, () -> LabelScorer.Score)
  ) rethrows -> (bits: Double, records: [JSONValue]) {
    var (total, begin) = (0.0, 0)
    var records: [JSONValue] = []
    for cut in cuts {
      let block = begin..<max(begin, count * cut / 100)
      guard !block.isEmpty else { continue }
      let labelCount = labels?(block) ?? block.count
      var bits = Double(labelCount) * uniformBits
      var record: [String: JSONValue] = [
        "from": .integer(block.lowerBound), "to": .integer(block.upperBound), "percent": .integer(cut),
      ]
      if labels != nil { record["labels"] = .integer(labelCount) }
      // Fewer than this leave none to hold back.
      if begin >= heldBack {
        let (chosen, score) = try learn(block)
        if chosen.bitsPerLabel < uniformBits {
          let score = score()
          bits = score.bits[chosen.sharpness]
          record["right"] = .integer(score.right)
          record["sharpness"] = .real(LabelScorer.sharpnesses[chosen.sharpness])
          record["step"] = .integer(chosen.step)
        }
        record["heldBackBitsPerLabel"] = chosen.bitsPerLabel.isFinite ? .real(chosen.bitsPerLabel) : .null
      }
      record["bits"] = .real(bits)
      total += bits
      records.append(.object(record))
      begin = block.upperBound
    }
    return (total, records)
  }

  func outcome() throws -> Outcome {
    var (updates, maxUpdates, bytes) = (0, 0, 0)
    let uniformBits = Rational(problem.alphabet.count).log2
    let (total, blocks) = try Self.blocks(of: problem.order.count, uniformBits: uniformBits) { block in
      let plan = try plan(known: block.lowerBound)
      maxUpdates += plan.recipe.maxSteps
      let chosen = try train(plan, known: block.lowerBound, &updates, &bytes)
      let scorer = { LabelScorer(plan, Array(problem.order[block]), doubt: doubt(known: block.lowerBound)) }
      return (chosen, { scorer().score(chosen.parameters, only: chosen.sharpness) })
    }
    var outcome = Outcome()
    outcome.work["updates"] = UInt64(updates)
    outcome.budget = ["maxUpdates": UInt64(maxUpdates)]
    outcome.bytes = bytes
    outcome.codes = [
      LabelCode(
        NetworkMethod.prequential,
        [
          .init("choice", probability: Rational(1, BigInteger(NetworkMethod.choices))), .init("labels", bits: total),
        ])
    ]
    outcome.details["blocks"] = .array(blocks)
    return outcome
  }

  /// Known labels in two parts: those to train on, and those held back (the last ones: the order is random).
  private func parts(known: Int) -> (training: [Example], held: [Example]) {
    let held = max(1, known / Self.heldBack)
    return (Array(problem.order[..<(known - held)]), Array(problem.order[known - held..<known]))
  }

  static func log2(_ share: Double) -> Double { Rational(double: share).log2 }

  private func doubt(known: Int) -> Double { 1 / Double(max(1, known / Self.heldBack) + 2) }

  private func plan(known: Int) throws -> LearningPlan {
    try method.plan(problem, training: parts(known: known).training, unseen: [])
  }

  private func train(_ plan: LearningPlan, known: Int, _ updates: inout Int, _ bytes: inout Int) throws -> Chosen {
    let held = parts(known: known).held
    let scorer = LabelScorer(plan, held, doubt: doubt(known: known))
    let run = plan.run(seed: seed, threads: 1)
    let floor = -2 * Self.log2(1 - doubt(known: known))
    var best: Chosen?
    var idle = 0
    while run.end == nil {
      _ = run.advance()
      if context.shouldStop() { throw CellInterrupted() }
      guard run.end != nil || run.step % Self.interval == 0 else { continue }
      let score = scorer.score(run.parameters)
      let bits = score.bits[score.best] / Double(held.count)
      idle += 1
      if bits.isFinite, bits < best?.bitsPerLabel ?? .infinity {
        best = Chosen(parameters: run.parameters, sharpness: score.best, bitsPerLabel: bits, step: run.step)
        idle = 0
      }
      if score.right == held.count, idle >= Self.patience || bits < floor { break }
    }
    updates += run.step
    // The best parameters are kept beside those in training.
    bytes = max(bytes, run.bytes + scorer.bytes + run.parameters.count * MemoryLayout<Float>.stride)
    return best ?? Chosen(parameters: run.parameters, sharpness: 0, bitsPerLabel: .infinity, step: run.step)
  }
}
