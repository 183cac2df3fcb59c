import Comparison
import Documents
import ExactArithmetic
import Grammars
import Learner
import Networks
import Tasks

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The two-part code of a network: its weights, quantised and entropy-coded, then the labels by the quantised network.
///
/// Each array of parameters has a uniform quantiser of 2^b − 1 steps up to a share of its greatest magnitude, which costs
/// 32 bits; what is beyond gets the outermost step. The steps of an array are coded by the Krichevsky–Trofimov estimator,
/// which learns their frequencies on the way. The width b and the share, the same for all arrays, and the sharpness of the
/// logits are searched, and the choice is charged.
struct QuantisedCode {
  /// Widths tried.
  private static let widths = Array(2...6)
  /// Shares of the greatest magnitude tried.
  private static let shares: [Float] = [1, 0.5, 0.25]
  /// Updates of the training on all labels: with all of them known there is no delay before the rule is found.
  private static let mostSteps = 200

  /// Settings among which the shortest code is chosen, those of the recipe included, and whether an MLP's tables are one: all
  /// labels decide that, which the receiver has not.
  private static func choices(_ network: NetworkConfiguration) -> Int {
    let tyings = if case .embeddingMLP = network { 2 } else { 1 }
    return NetworkMethod.choices * tyings * widths.count * shares.count * LabelScorer.sharpnesses.count
  }

  let method: NetworkMethod
  let problem: FunctionProblem
  let seed: UInt64
  let context: CellContext

  func outcome() throws -> Outcome {
    let plan = try method.plan(problem, training: problem.order, unseen: [])
    let run = plan.run(seed: seed, threads: 1)
    while run.end == nil, run.step < Self.mostSteps {
      _ = run.advance()
      if context.shouldStop() { throw CellInterrupted() }
    }
    let scorer = LabelScorer(plan, problem.order)
    let layout = run.recipe.network.layout
    var best: (bits: Double, code: LabelCode)?
    var tried: [JSONValue] = []
    for width in Self.widths {
      for share in Self.shares {
        if context.shouldStop() { throw CellInterrupted() }
        let (parameters, weights) = Self.quantised(run.parameters, layout, width: width, share: share)
        let score = scorer.score(parameters)
        let code = LabelCode(
          NetworkMethod.quantised,
          [
            .init("choice", probability: Rational(1, BigInteger(Self.choices(run.recipe.network)))),
            .init("scales", bits: Double(32 * layout.entries.count)), .init("weights", bits: weights),
            .init("labels", bits: score.bits[score.best]),
          ])
        tried.append([
          "width": .integer(width), "share": .real(Double(share)), "weightBits": .real(weights),
          "labelBits": .real(score.bits[score.best]), "right": .integer(score.right),
          "sharpness": .real(LabelScorer.sharpnesses[score.best]),
        ])
        if code.bits < best?.bits ?? .infinity { best = (code.bits, code) }
      }
    }
    var outcome = Outcome()
    outcome.stop = run.end == .diverged ? "diverged" : "step limit"
    outcome.work["updates"] = UInt64(run.step)
    outcome.budget = ["maxUpdates": UInt64(min(Self.mostSteps, run.recipe.maxSteps))]
    outcome.bytes = run.bytes + scorer.bytes + run.parameters.count * MemoryLayout<Float>.stride
    outcome.codes = best.map { [$0.code] } ?? []
    outcome.details["widths"] = .array(tried)
    outcome.details["parameters"] = .integer(layout.count)
    return outcome
  }

  /// Parameters at a width, and the bits of their steps.
  private static func quantised(_ parameters: [Float], _ layout: ParameterLayout, width: Int, share: Float) -> (
    [Float], Double
  ) {
    var result = parameters
    var bits = 0.0
    let half = Float(1 << (width - 1) - 1)
    for entry in layout.entries {
      let scale = parameters[entry.range].reduce(0) { max($0, $1.magnitude) } * share
      var counts = [Int](repeating: 0, count: 1 << width - 1)
      for index in entry.range {
        let step = scale == 0 ? 0 : max(-half, min(half, (parameters[index] / scale * half).rounded()))
        counts[Int(step + half)] += 1
        result[index] = step / half * scale
      }
      bits += Self.bits(counts)
    }
    return (result, bits)
  }

  /// −log2 of the Krichevsky–Trofimov probability of symbols that came so often.
  private static func bits(_ counts: [Int]) -> Double {
    var bits = 0.0
    for index in 0..<counts.reduce(0, +) { bits += log2(Double(2 * index + counts.count)) }
    for count in counts { for index in 0..<count { bits -= log2(Double(2 * index + 1)) } }
    return bits
  }
}
