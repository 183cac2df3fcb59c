import Grammars
import Learner
import Networks

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a network's logits say of known labels, in bits, at a temperature.
struct LabelScorer {
  /// Factors of the logits that are tried.
  static let sharpnesses: [Double] = [0.125, 0.25, 0.5, 0.71, 1, 1.41, 2, 2.83, 4, 8]

  private let executor: LaneExecutor<Float>
  private let batch: Batch
  private let outputs: Int
  private let width: Int
  private let doubt: Double

  /// A scorer of these examples by the network of a plan.
  ///
  /// - Parameter doubt: the weight of the uniform distribution, which is mixed in so that no label costs without bound.
  init(_ plan: LearningPlan, _ examples: [Example], doubt: Double = 0) {
    self.doubt = doubt
    batch = Dataset.batch(examples, plan.dataset.vocabulary, plan.dataset.endsInEquals)
    let network = plan.recipe.network.network
    var shape = batch.shape
    shape.rows = min(shape.rows, 4096)
    executor = LaneExecutor<Float>(network, shape: shape)
    outputs = plan.dataset.vocabulary.outputs.count
    width = network.outputs
  }

  /// Bytes of its activations and of the labels' tokens.
  var bytes: Int { executor.bytes + batch.bytes }

  /// What the logits came to at each sharpness.
  struct Score {
    /// Bits of all labels, one sum for each of `sharpnesses`.
    var bits = [Double](repeating: 0, count: LabelScorer.sharpnesses.count)
    var right = 0
    var count = 0

    /// The sharpness with the fewest bits.
    var best: Int { bits.indices.min { bits[$0] < bits[$1] }! }
  }

  /// Bits of the labels by (1 − doubt) · softmax(sharpness · logits) + doubt / |Y| over the labels that there are.
  ///
  /// - Parameter only: nil scores at every sharpness, a number at one.
  func score(_ parameters: [Float], only: Int? = nil) -> Score {
    var score = Score()
    let rows = batch.shape.rows
    for start in stride(from: 0, to: rows, by: 4096) {
      let part = batch.rows(start..<min(start + 4096, rows))
      executor.load(part)
      _ = executor.evaluate(parameters)
      let logits = executor.logits()
      for (row, target) in part.targets.enumerated() {
        add(logits[row * width..<row * width + outputs], Int(target), only, &score)
      }
    }
    return score
  }

  private func add(_ logits: ArraySlice<Float>, _ target: Int, _ only: Int?, _ score: inout Score) {
    Self.add(logits, target, doubt: doubt, only, &score)
  }

  /// Adds the bits of one label, given the logits of the labels that there are.
  static func add(
    _ logits: ArraySlice<Float>, _ target: Int, doubt: Double, _ only: Int?, _ score: inout Score
  ) {
    let outputs = logits.count
    let wanted = logits[logits.startIndex + target]
    var greatest = -Float.infinity
    var others = -Float.infinity
    for (index, logit) in logits.enumerated() {
      if logit > greatest { greatest = logit }
      if index != target, logit > others { others = logit }
    }
    score.count += 1
    if wanted > others { score.right += 1 }
    for index in sharpnesses.indices where only == nil || only == index {
      let beta = sharpnesses[index]
      var sum = 0.0
      for logit in logits { sum += exp(beta * Double(logit - greatest)) }
      let nats = log(sum) - beta * Double(wanted - greatest)
      score.bits[index] += doubt == 0 ? nats / M_LN2 : -log2((1 - doubt) * exp(-nats) + doubt / Double(outputs))
    }
  }
}
