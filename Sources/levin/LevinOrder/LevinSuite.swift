import ArgumentParser
import Documents
import ExactArithmetic
import Grammars
import Search
import Tasks

/// A suite of tasks that need loops or lists, each searched in order of Levin cost, one after the other.
struct LevinSuite {
  let kind: LoopSuite.Kind
  let grammar: String?
  let data: TaskOptions
  let limits: LimitOptions
  let json: Bool

  /// Steps of one search unless told otherwise.
  static let standardMaxSteps: UInt64 = 100_000_000

  func run() throws {
    let tasks = try kind.tasks()
    var limits = limits
    limits.maxSteps = limits.maxSteps ?? Self.standardMaxSteps
    if !json {
      Terminal.out(
        "| task | program | bits | its steps | phase | steps, all phases | unseen right | CPU s |\n"
          + "|---|---|--:|--:|--:|--:|--:|--:|\n")
    }
    var (solved, fitting) = (0, 0)
    for (index, task) in tasks.enumerated() {
      let assignment = try Assignment(task, data, grammar: grammar)
      var run = LevinOrderRun(assignment, limits)
      run.showsProgress = false
      let outcome = try run.search()
      if outcome.report.stop == .interrupted {
        Terminal.error("interrupted: \(index) of \(tasks.count) searches were done; a suite starts anew\n")
        throw ExitCode(128 + Interruption.signalNumber)
      }
      Terminal.out(json ? JSONWriter.line(outcome.record) : line(outcome) + "\n")
      if outcome.isSolved { solved += 1 }
      if !outcome.report.solutions.isEmpty { fitting += 1 }
    }
    if !json {
      Terminal.out(
        "\n\(solved) of \(tasks.count) solved within \(Number.grouped(limits.maxSteps!)) steps each: every unseen "
          + "\(kind.unseenName) right; \(fitting - solved) more fit what was given and fail later.\n")
    }
    if solved < tasks.count { throw Exit.incomplete }
  }

  private func line(_ outcome: LevinOutcome) -> String {
    let (assignment, report) = (outcome.run.assignment, outcome.report)
    let name =
      kind == .sequences
      ? "\(assignment.name) \(LoopSuite.short(assignment.source.formula ?? ""))" : assignment.name
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
