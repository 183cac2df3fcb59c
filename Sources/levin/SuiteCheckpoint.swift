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
  ///   - tasks: those of the rows; sequences are data, the other tasks are rules of this version.
  func journal<Row: JournalRow>(
    _ name: String, _ data: TaskOptions, _ limits: LimitOptions, _ tasks: [String]
  ) throws -> SuiteJournal<Row> {
    // Neither the number of threads nor where a checkpoint is decides a row.
    let settings =
      "\(name) \(data.seed) \(data.shuffle) \(data.trainCount ?? 0) \(data.trainFraction ?? "") \(data.modulus ?? 0) "
      + "\(data.width ?? 0) \(limits.settings) \(limits.testCount ?? 0)"
    let suite =
      tasks.contains(where: SequenceTask.isNumber)
      ? SHA256.hexadecimalDigest(of: try readFile(TasksCommand.suitePath(), limit: 64 << 20)) : ""
    return try SuiteJournal(
      path, command: "levin search", isNamed: true, settings: "\(settings) \(tasks) \(suite)", count: tasks.count,
      resuming: resume)
  }

  /// The digest of each language that these tasks are searched in; what is wrong with one is said before anything is searched.
  ///
  /// - Parameter grammar: of all of them; nil for those that they are meant for.
  static func languages(_ tasks: [String], _ data: TaskOptions, grammar: String?) throws -> [String] {
    var seen: Set<String> = []
    return try tasks.compactMap { task in
      guard seen.insert(grammar ?? Assignment.language(of: task) ?? task).inserted else { return nil }
      return try Assignment(task, data, grammar: grammar).grammarHash
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
