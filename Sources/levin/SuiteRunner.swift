import ArgumentParser
import Dispatch
import Synchronization

/// Runs the searches of a suite side by side, one core each.
enum SuiteRunner {
  /// An outcome on its way between threads; nothing changes it any more.
  private struct Finished<Outcome>: @unchecked Sendable {
    let outcome: Outcome
  }

  /// A search that was interrupted: it has no outcome.
  private struct Interrupted: Error {}

  /// Outcomes in the order of the jobs.
  ///
  /// - Parameters:
  ///   - goesOn: says, when it was interrupted, how it goes on.
  ///   - show: called for each outcome, in the order of the jobs, as soon as those before it are done.
  ///   - search: runs a job; it may show where it is in the suite's progress. Nil when it was interrupted.
  /// - Throws: the first error of a search; `ExitCode` 130 or 143 when it was interrupted.
  static func outcomes<Job: Sendable, Outcome>(
    of jobs: [Job], threads: Int, goesOn: String,
    show: @escaping @Sendable (Outcome) -> Void = { _ in },
    search: @escaping @Sendable (Job, SuiteProgress) throws -> Outcome?
  ) throws -> [Outcome] {
    let next = Atomic<Int>(0)
    let done = Mutex<[Int: Result<Finished<Outcome>, any Error>]>([:])
    let shown = Mutex(0)
    let progress = SuiteProgress(of: jobs.count)
    DispatchQueue.concurrentPerform(iterations: min(threads, jobs.count)) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < jobs.count, Interruption.signalNumber == 0 else { return }
        let outcome = Result {
          guard let outcome = try search(jobs[index], progress) else { throw Interrupted() }
          return Finished(outcome: outcome)
        }
        done.withLock { $0[index] = outcome }
        shown.withLock { shown in
          while case .success(let finished)? = done.withLock({ $0[shown] }) {
            progress.clear()
            show(finished.outcome)
            shown += 1
          }
        }
        progress.finishOne()
      }
    }
    progress.clear()
    let outcomes = try done.withLock { results in
      try results.sorted { $0.key < $1.key }.compactMap { result in
        do { return try result.value.get().outcome } catch is Interrupted { return nil }
      }
    }
    if Interruption.signalNumber != 0 {
      Terminal.error("interrupted: \(outcomes.count) of \(jobs.count) searches were done; \(goesOn)\n")
      throw ExitCode(128 + Interruption.signalNumber)
    }
    return outcomes
  }

  /// `; at most 2.97 s of CPU each`, of what was solved; nothing where nothing was.
  static func greatest(_ cpuSeconds: [Double]) -> String {
    cpuSeconds.max().map { "; at most \(Number.rounded($0, 2)) s of CPU each" } ?? ""
  }
}
