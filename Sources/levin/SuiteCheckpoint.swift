import Documents
import Tasks

/// Where a suite keeps its rows, and where it goes on.
struct SuiteCheckpoint: Sendable {
  let path: String
  let resume: String?
  /// The command line that goes on.
  let resumeLine: String

  /// - Parameters:
  ///   - name: suite, order and languages.
  ///   - jobs: those of the rows; sequences are data, the other tasks are rules of this version.
  func journal<Row: JournalRow>(
    _ name: String, _ data: TaskOptions, _ limits: LimitOptions, _ jobs: [SuiteJob]
  ) throws -> SuiteJournal<Row> {
    // Neither the number of threads nor where a checkpoint is decides a row.
    let settings =
      "\(name) \(data.seed) \(data.shuffle) \(data.trainCount ?? 0) \(data.trainFraction ?? "") \(data.modulus ?? 0) "
      + "\(data.width ?? 0) \(limits.settings) \(limits.testCount ?? 0)"
    let suite =
      jobs.contains { SequenceTask.isNumber($0.task) }
      ? SHA256.hexadecimalDigest(of: try readFile(TasksCommand.suitePath(), limit: 64 << 20)) : ""
    return try SuiteJournal(
      path, command: "levin search", isNamed: true, settings: "\(settings) \(jobs.map(\.name)) \(suite)",
      count: jobs.count,
      resuming: resume)
  }

  /// The digest of each language that is searched; what is wrong with one is said before anything is searched.
  ///
  /// - Parameter grammar: of all jobs that have none of their own; nil for those that their tasks are meant for.
  static func languages(_ jobs: [SuiteJob], _ data: TaskOptions, grammar: String?) throws -> [String] {
    var seen: Set<String> = []
    return try jobs.compactMap { job in
      let language = job.grammar ?? grammar ?? Assignment.language(of: job.task) ?? job.task
      return seen.insert(language).inserted ? try job.assignment(data, grammar: grammar).grammarHash : nil
    }
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
