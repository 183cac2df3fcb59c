import ArgumentParser
import Documents
import ExactArithmetic
import Grammars
import Search
import Tasks

/// A suite of tasks, each searched in order of Levin cost, one after the other.
struct LevinSuite {
  enum Kind {
    case loops(LoopSuite.Kind)
    /// The operations of Power et al. 2022.
    case power2022

    var name: String { if case .loops(let kind) = self { "\(kind)" } else { "power2022" } }

    func jobs(_ data: TaskOptions) throws -> [SuiteJob] {
      if case .loops(let kind) = self { try kind.jobs() } else { Suite.jobs(data) }
    }

    /// What is unseen of a task.
    var unseenName: String { if case .loops(let kind) = self { kind.unseenName } else { "input" } }
  }

  let kind: Kind
  let grammar: String?
  let data: TaskOptions
  let limits: LimitOptions
  let json: Bool
  let checkpoint: SuiteCheckpoint

  /// Steps of one search unless told otherwise.
  static let standardMaxSteps: UInt64 = 100_000_000

  func run() throws {
    let jobs = try kind.jobs(data)
    var limits = limits
    limits.maxSteps = limits.maxSteps ?? Self.standardMaxSteps
    let languages = try SuiteCheckpoint.languages(jobs, data, grammar: grammar)
    let journal: SuiteJournal<SuiteRow> = try checkpoint.journal(
      "levin \(kind.name) \(languages) \(json)", data, limits, jobs)
    if !json {
      Terminal.out(
        "| task | program | bits | its steps | phase | steps, all phases | unseen right | CPU s |\n"
          + "|---|---|--:|--:|--:|--:|--:|--:|\n")
    }
    let (suite, options) = (self, limits)
    // Each search uses the threads.
    let rows = try SuiteRunner.outcomes(
      of: Array(jobs.indices), threads: 1, goesOn: "to go on:\n  \(checkpoint.resumeLine)"
    ) { row in
      Terminal.out(row.text)
    } search: { number, _ in
      try journal.row(number) { try suite.search(jobs[number], options) }
    }
    journal.remove()
    let (solved, fitting) = (rows.count { $0.isSolved }, rows.count { $0.fits })
    if !json {
      Terminal.out(
        "\n\(solved) of \(jobs.count) solved within \(Number.grouped(limits.maxSteps!)) steps each: every unseen "
          + "\(kind.unseenName) right; \(fitting - solved) more fit what was given and fail later.\n")
    }
    if solved < jobs.count { throw Exit.incomplete }
  }

  /// Nil when it was interrupted.
  private func search(_ job: SuiteJob, _ limits: LimitOptions) throws -> SuiteRow? {
    var run = LevinOrderRun(try job.assignment(data, grammar: grammar), limits)
    run.showsProgress = false
    let outcome = try run.search()
    if outcome.report.stop == .interrupted || outcome.isScoringCut { return nil }
    return SuiteRow(
      text: json ? JSONWriter.line(outcome.record) : line(outcome, job) + "\n",
      fits: !outcome.report.solutions.isEmpty, isSolved: outcome.isSolved, isProven: false,
      cpuSeconds: outcome.cpuSeconds)
  }

  private func line(_ outcome: LevinOutcome, _ job: SuiteJob) -> String {
    let (assignment, report) = (outcome.run.assignment, outcome.report)
    let name =
      if case .loops(.sequences) = kind {
        "\(assignment.name) \(LoopSuite.short(assignment.source.formula ?? ""))"
      } else { job.name }
    let (phase, steps) = ("\(report.phase)\(report.isComplete ? "" : ", not finished")", Number.grouped(report.steps))
    let seconds = Number.rounded(outcome.cpuSeconds, 1)
    guard let solution = report.solutions.first, let unseen = outcome.unseen.first else {
      return "| \(name) | – (\(report.stop)) | – | – | \(phase) | \(steps) | – | \(seconds) |"
    }
    let text = InfixPrinter(assignment.grammar).text(assignment.grammar.term(of: solution.program))
    let share = unseen.symbols.map { " (\(($0.score * 100).decimalString(digits: 1)))" } ?? ""
    return "| \(name) | `\(text)` | \(ProgramMeasure.bits(solution.probability, places: 2)) "
      + "| \(Number.grouped(solution.steps)) | \(phase) | \(steps) "
      + "| \(Number.grouped(unseen.right)) of \(Number.grouped(unseen.count))\(share) | \(seconds) |"
  }
}
