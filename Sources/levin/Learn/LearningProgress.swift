import Learner

/// The progress of training runs that may go on side by side.
struct LearningProgress: Sendable {
  private let line = LiveLine()
  private let name: String

  init(_ name: String) { self.name = name }

  /// - Parameter rate: updates per second.
  func show(seed: UInt64, _ metrics: TrainingMetrics, of steps: Int, rate: Double) {
    line.show {
      func share(_ value: Double) -> String { Number.rounded(100 * value, 1) + " %" }
      var text =
        "\(name) seed \(seed): step \(Number.grouped(metrics.step)), train \(share(metrics.trainAccuracy)) loss \(Number.rounded(metrics.trainLoss, 4))"
      if let accuracy = metrics.testAccuracy, let loss = metrics.testLoss {
        text += ", test \(share(accuracy)) loss \(Number.rounded(loss, 4))"
      }
      if rate > 0, rate.isFinite {
        let left = Double(steps - metrics.step) / rate
        text += ", \(Number.rounded(rate, 1)) steps/s, at most \(Number.grouped(Int(left.rounded(.up)))) s left"
      }
      return text
    }
  }

  /// Says something that stays.
  func say(_ text: String) {
    line.clear()
    Terminal.error("\(name): \(text)\n")
  }

  func clear() { line.clear() }
}
