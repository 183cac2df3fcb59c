import Search
import Synchronization

/// The progress of a suite on stderr: how many of its searches are done, and where one of those that run is.
final class SuiteProgress: Sendable {
  private let line = LiveLine()
  private let done = Atomic<Int>(0)
  private let count: Int

  /// - Parameter count: searches of the suite.
  init(of count: Int) { self.count = count }

  /// Counts a search that is done.
  func finishOne() {
    _ = done.add(1, ordering: .relaxed)
    line.show { counted }
  }

  /// Shows where a search is, when it is time for a line.
  func show(_ name: String, _ progress: LengthOrderedSearch.Progress) {
    line.show {
      "\(counted); \(name): \(Number.grouped(progress.candidates + progress.lookups)) programs, "
        + "level \(Number.rounded(progress.bits, 1)) bits, \(progress.bytes >> 20) MB"
    }
  }

  /// Takes the live line away.
  func clear() { line.clear() }

  private var counted: String { "\(done.load(ordering: .relaxed)) of \(count) searches done" }
}
