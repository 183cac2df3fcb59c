import Comparison

/// The progress of a comparison: cells done, running and left, with the time that they may take.
struct ComparisonProgress: Sendable {
  private let line = LiveLine(pause: .zero)

  func show(_ progress: ComparisonRunner.Progress) {
    line.show {
      var text =
        "\(Number.grouped(progress.done)) of \(Number.grouped(progress.total)) cells, \(progress.running) running"
      if let left = progress.secondsLeft, progress.done < progress.total {
        text += ", about \(Number.grouped(Int(left.rounded(.up)))) s left"
      }
      return text + ": \(progress.cell)"
    }
  }

  func clear() { line.clear() }
}
