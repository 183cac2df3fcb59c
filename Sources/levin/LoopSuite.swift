import ArgumentParser
import Documents
import ExactArithmetic
import Grammars
import Search
import Tasks

/// Suites of tasks that need loops or lists: integer sequences, the tasks of Delétang et al. 2022, and streams.
struct LoopSuite {
  enum Kind {
    case sequences, chomsky, streams

    /// A search for each task.
    func jobs() throws -> [SuiteJob] {
      let tasks =
        switch self {
        case .sequences: try SequenceTask.read(path: TasksCommand.suitePath()).map(\.number)
        case .chomsky: SymbolTask.chomsky.map(\.name)
        case .streams: SymbolTask.streams.map(\.name)
        }
      return tasks.map { SuiteJob(task: $0) }
    }

    /// Seconds of one search unless told otherwise.
    var standardTimeLimit: Double { self == .sequences ? 60 : 300 }

    /// What is unseen of a task.
    var unseenName: String { self == .sequences ? "term" : "sequence" }
  }

  let kind: Kind
  /// Tried one after another until a program of one agrees with what is given; nil takes the task's own.
  let grammars: [String?]
  let data: TaskOptions
  let limits: LimitOptions
  let json: Bool
  let checkpoint: SuiteCheckpoint

  func run() throws {
    let jobs = try kind.jobs()
    var limits = limits
    if limits.timeLimit == nil { limits.timeLimit = kind.standardTimeLimit }
    let (suite, options) = (self, limits)
    let languages = try grammars.flatMap { try SuiteCheckpoint.languages(jobs, data, grammar: $0) }
    let journal: SuiteJournal<SuiteRow> = try checkpoint.journal(
      "length \(kind) \(languages) \(json)", data, limits, jobs)
    if !json {
      Terminal.out(
        "| task |\(hasLanguages ? " language |" : "") program | bits | complete to | steps | unseen right | CPU s |\n"
          + "|---|\(hasLanguages ? "---|" : "")---|--:|--:|--:|--:|--:|\n")
    }
    let rows = try SuiteRunner.outcomes(
      of: Array(jobs.indices), threads: limits.threads, goesOn: "to go on:\n  \(checkpoint.resumeLine)"
    ) { row in
      Terminal.out(row.text)
    } search: { number, progress in
      try journal.row(number) { try suite.search(jobs[number], options, progress) }
    }
    journal.remove()
    let solved = rows.count { $0.isSolved }
    if !json {
      let proven = rows.count { $0.isSolved && $0.isProven }
      let fitting = rows.count { $0.fits }
      let time = SuiteRunner.greatest(rows.filter(\.isSolved).map(\.cpuSeconds))
      Terminal.out(
        "\n\(solved) of \(rows.count) solved: every unseen \(kind.unseenName) right; "
          + "\(fitting - solved) more fit what was given and fail later; \(proven) of the solved by the shortest program"
          + "\(time).\n"
      )
    }
    if solved < rows.count { throw Exit.incomplete }
  }

  /// Searches in one language after another; nil when it was interrupted.
  private func search(_ job: SuiteJob, _ limits: LimitOptions, _ progress: SuiteProgress) throws -> SuiteRow? {
    var tries: [SearchOutcome] = []
    for grammar in grammars where tries.last?.report.solutions.isEmpty ?? true {
      var run = try SearchRun(try job.assignment(data, grammar: grammar), limits)
      run.suite = progress
      tries.append(try run.search())
      if tries.last!.report.stop == .interrupted || tries.last!.isScoringCut { return nil }
    }
    let last = tries.last!
    return SuiteRow(
      text: json ? tries.map { JSONWriter.line($0.record) }.joined() : line(tries) + "\n",
      fits: !last.report.solutions.isEmpty, isSolved: last.isSolved, isProven: last.report.isShortest,
      cpuSeconds: Self.cpuSeconds(tries))
  }

  /// Whether the table says which language a program is of.
  private var hasLanguages: Bool { grammars.count > 1 }

  /// A line of the table: the last try, with the time of all.
  private func line(_ tries: [SearchOutcome]) -> String {
    let outcome = tries.last!
    let assignment = outcome.run.assignment
    let task =
      kind == .sequences ? "\(assignment.name) \(Self.short(assignment.source.formula ?? ""))" : assignment.name
    let name = "| \(task) | " + (hasLanguages ? "\(assignment.grammarName) | " : "")
    let seconds = Number.rounded(Self.cpuSeconds(tries), 1)
    guard let solution = outcome.report.solutions.first, let measure = outcome.measures.first else {
      return "\(name)– (\(outcome.report.stop)) | – | \(complete(outcome)) | – | – | \(seconds) |"
    }
    let text = InfixPrinter(assignment.grammar).text(assignment.grammar.term(of: solution.program))
    let bits = ProgramMeasure.bits(solution.probability, places: 2)
    let right = measure.symbols.map { $0.right } ?? measure.unseenRight
    let share =
      measure.symbols.map { " (\(($0.score * 100).decimalString(digits: 1)))" } ?? ""
    return "\(name)`\(text)` | \(bits) | \(complete(outcome)) "
      + "| \(Number.grouped(measure.steps)) "
      + "| \(Number.grouped(right)) of \(Number.grouped(outcome.unseenCount))\(share) | \(seconds) |"
  }

  /// Bits to which every program was covered; a program of no more is the shortest.
  private func complete(_ outcome: SearchOutcome) -> String {
    outcome.report.completeProbability.map { ProgramMeasure.bits($0, places: 2) } ?? "–"
  }

  /// CPU seconds of a task in all languages that were tried.
  private static func cpuSeconds(_ tries: [SearchOutcome]) -> Double { tries.reduce(0) { $0 + $1.cpuSeconds } }

  /// A name that fits into a table.
  static func short(_ name: String) -> String {
    let plain = name.replacing("|", with: "¦")
    return plain.count <= 48 ? plain : plain.prefix(47) + "…"
  }
}
