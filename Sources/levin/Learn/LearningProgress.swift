import Learner
import Synchronization

/// The progress line of runs that may go on side by side: a live line on a terminal, one line per 10 s otherwise.
final class LearningProgress: Sendable {
  private struct State {
    var shown: ContinuousClock.Instant
    var isLive = false
  }
  private let state: Mutex<State>
  private let name: String
  private let clock = ContinuousClock()

  init(_ name: String) {
    self.name = name
    state = Mutex(State(shown: clock.now))
  }

  /// - Parameter rate: updates per second.
  func show(seed: UInt64, _ metrics: TrainingMetrics, of steps: Int, rate: Double) {
    let now = clock.now
    state.withLock { state in
      guard now - state.shown > (Terminal.errorIsTerminal ? .milliseconds(200) : .seconds(10)) else { return }
      state.shown = now
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
      state.isLive = Terminal.errorIsTerminal
      Terminal.error(Terminal.errorIsTerminal ? "\r\u{1B}[K" + text.prefix(150) : text + "\n")
    }
  }

  func clear() {
    state.withLock { state in
      if state.isLive { Terminal.error("\r\u{1B}[K") }
      state.isLive = false
    }
  }
}
