import Synchronization

/// The progress line on stderr: a live line on a terminal, otherwise a line per 10 s. May be shown from several threads.
final class LiveLine: Sendable {
  private struct State {
    var shown: ContinuousClock.Instant
    var isLive = false
  }
  private let state: Mutex<State>
  private let start: ContinuousClock.Instant
  private let clock = ContinuousClock()
  /// Least time between two lines on a terminal.
  private let pause: Duration

  init(pause: Duration = .milliseconds(200)) {
    self.pause = pause
    start = clock.now
    state = Mutex(State(shown: clock.now))
  }

  /// Seconds since the line was made.
  var seconds: Double { (clock.now - start).seconds }

  /// Shows a text when it is time for one; makes it only then.
  func show(_ text: () -> String) {
    let now = clock.now
    state.withLock { state in
      guard now - state.shown >= (Terminal.errorIsTerminal ? pause : .seconds(10)) else { return }
      state.shown = now
      state.isLive = Terminal.errorIsTerminal
      Terminal.error(Terminal.errorIsTerminal ? "\r\u{1B}[K" + text().prefix(150) : text() + "\n")
    }
  }

  /// Takes the live line away.
  func clear() {
    state.withLock { state in
      if state.isLive { Terminal.error("\r\u{1B}[K") }
      state.isLive = false
    }
  }
}
