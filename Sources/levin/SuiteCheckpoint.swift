import Documents
import Tasks

/// Where a suite keeps its rows, and where it goes on.
struct SuiteCheckpoint: Sendable {
  let path: String
  let resume: String?
  /// The command line that goes on.
  let resumeLine: String

  /// - Parameter name: suite, order and languages.
  func journal(
    _ name: String, _ data: TaskOptions, _ limits: LimitOptions, _ kind: LoopSuite.Kind, _ tasks: [String]
  ) throws -> SuiteJournal {
    // Neither the number of threads nor where a checkpoint is decides a row.
    let settings =
      "\(name) \(data.seed) \(data.shuffle) \(data.trainCount ?? 0) \(data.trainFraction ?? "") \(data.modulus ?? 0) "
      + "\(data.width ?? 0) \(limits.settings) \(limits.testCount ?? 0)"
    // Sequences are data; the other tasks are rules of this version.
    let suite =
      kind == .sequences ? SHA256.hexadecimalDigest(of: try readFile(TasksCommand.suitePath(), limit: 64 << 20)) : ""
    return try SuiteJournal(path, settings: "\(settings) \(tasks) \(suite)", count: tasks.count, resuming: resume)
  }
}

extension LimitOptions {
  /// Whatever decides a result: all but the threads.
  fileprivate var settings: String {
    func text<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "-" }
    let numbers = [
      text(maxPrograms), text(maxSteps), text(maxBits), text(timeLimit), text(signatureExamples), text(probes),
      text(stepLimit),
    ]
    return "\(top) \(numbers.joined(separator: " ")) \(memoryLimit) \(audit) \(mass) \(unproven) \(extraWork)"
  }
}
