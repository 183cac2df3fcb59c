import ArgumentParser
import Dispatch
import Synchronization

/// Runs the searches of a suite side by side, one core each.
enum SuiteRunner {
  /// An outcome on its way between threads; nothing changes it any more.
  private struct Finished<Outcome>: @unchecked Sendable {
    let outcome: Outcome
  }

  /// Outcomes in the order of the jobs.
  ///
  /// - Parameter show: called for each outcome, in the order of the jobs, as soon as those before it are done.
  /// - Throws: the first error of a search; `ExitCode` 130 or 143 when it was interrupted.
  static func outcomes<Job: Sendable, Outcome>(
    of jobs: [Job], threads: Int, show: @escaping @Sendable (Outcome) -> Void = { _ in },
    search: @escaping @Sendable (Job) throws -> Outcome
  ) throws -> [Outcome] {
    let next = Atomic<Int>(0)
    let done = Mutex<[Int: Result<Finished<Outcome>, any Error>]>([:])
    let shown = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: min(threads, jobs.count)) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < jobs.count, Interruption.signalNumber == 0 else { return }
        let outcome = Result { Finished(outcome: try search(jobs[index])) }
        let count = done.withLock { results in
          results[index] = outcome
          return results.count
        }
        shown.withLock { shown in
          while case .success(let finished)? = done.withLock({ $0[shown] }) {
            show(finished.outcome)
            shown += 1
          }
        }
        if Terminal.errorIsTerminal { Terminal.error("\r\u{1B}[K\(count) of \(jobs.count)") }
      }
    }
    if Terminal.errorIsTerminal { Terminal.error("\r\u{1B}[K") }
    let outcomes = try done.withLock { results in
      try results.sorted { $0.key < $1.key }.map { try $0.value.get().outcome }
    }
    if Interruption.signalNumber != 0 {
      Terminal.error("interrupted: \(outcomes.count) of \(jobs.count) searches were done; a suite starts anew\n")
      throw ExitCode(128 + Interruption.signalNumber)
    }
    return outcomes
  }
}
