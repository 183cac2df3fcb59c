import Comparison
import Synchronization

/// The progress line of a comparison: cells done, running and left, with the time that they may take.
final class ComparisonProgress: Sendable {
  private struct State {
    var shown: ContinuousClock.Instant
    var isLive = false
  }
  private let state: Mutex<State>
  private let clock = ContinuousClock()

  init() { state = Mutex(State(shown: clock.now)) }

  func show(_ progress: ComparisonRunner.Progress) {
    let now = clock.now
    state.withLock { state in
      if !Terminal.errorIsTerminal, now - state.shown < .seconds(10) { return }
      state.shown = now
      var text =
        "\(Number.grouped(progress.done)) of \(Number.grouped(progress.total)) cells, \(progress.running) running"
      if let left = progress.secondsLeft, progress.done < progress.total {
        text += ", about \(Number.grouped(Int(left.rounded(.up)))) s left"
      }
      text += ": \(progress.cell)"
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
