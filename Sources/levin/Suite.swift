import ArgumentParser
import Documents
import ExactArithmetic
import Grammars
import Search
import Tasks

/// The operations of Power et al. 2022 modulo 97 and 113, and the three tasks of S5, as one table.
struct Suite {
  let data: TaskOptions
  let limits: LimitOptions
  let json: Bool
  let checkpoint: SuiteCheckpoint

  private struct Row {
    let task: String
    let grammar: String
    let jobs: [SuiteJob]
  }

  /// Training pairs of each task unless told otherwise.
  private static let trainingCount = 40

  private static func moduli(_ data: TaskOptions) -> [Int64] { data.modulus.map { [$0] } ?? [97, 113] }

  /// All searches of the suite.
  static func jobs(_ data: TaskOptions) -> [SuiteJob] { rows(data).flatMap(\.jobs) }

  private static func rows(_ data: TaskOptions) -> [Row] {
    let modular = TaskFamily.all.filter { $0.name.hasPrefix("mod-") }.map(\.name)
    let groups = TaskFamily.all.filter { $0.name.hasPrefix("s5-") }.map(\.name)
    func row(_ task: String, _ grammar: String) -> Row {
      let jobs = moduli(data).map {
        SuiteJob(task: task, grammar: grammar, modulus: $0, trainingCount: trainingCount)
      }
      return Row(task: task, grammar: grammar, jobs: jobs)
    }
    // Integers have no inverse modulo p, so the tasks that divide cannot be said there.
    let dividing = ["mod-div", "mod-parity-div"]
    return modular.map { row($0, "field") } + modular.filter { !dividing.contains($0) }.map { row($0, "integers") }
      + groups.map {
        Row(
          task: $0, grammar: "permutations",
          jobs: [SuiteJob(task: $0, grammar: "permutations", takesModulus: false, trainingCount: trainingCount)])
      }
  }

  func run() throws {
    let rows = Self.rows(data)
    let jobs = rows.flatMap(\.jobs)
    let (data, limits, json) = (data, limits, json)
    let languages = try SuiteCheckpoint.languages(jobs, data, grammar: nil)
    let journal: SuiteJournal<SuiteRow> = try checkpoint.journal("power2022 \(languages) \(json)", data, limits, jobs)
    let outcomes = try SuiteRunner.outcomes(
      of: Array(jobs.indices), threads: limits.threads, goesOn: "to go on:\n  \(checkpoint.resumeLine)"
    ) { found in
      if json { Terminal.out(found.text) }
    } search: { number, progress in
      try journal.row(number) { try Self.search(jobs[number], data, limits, progress) }
    }
    journal.remove()
    let solved = outcomes.count { $0.isSolved }
    if !json {
      let time = SuiteRunner.greatest(outcomes.filter(\.isSolved).map(\.cpuSeconds))
      Terminal.out(table(rows, outcomes))
      Terminal.out("\n\(solved) of \(outcomes.count) solved: every unseen input right\(time).\n")
    }
    if solved < outcomes.count { throw Exit.incomplete }
  }

  /// Nil when it was interrupted.
  private static func search(
    _ job: SuiteJob, _ data: TaskOptions, _ limits: LimitOptions, _ progress: SuiteProgress
  ) throws -> SuiteRow? {
    var run = try SearchRun(try job.assignment(data), limits)
    run.suite = progress
    let outcome = try run.search()
    return outcome.report.stop == .interrupted ? nil : row(outcome)
  }

  /// Its cells are program, bits, and what it answers of what is unseen.
  private static func row(_ outcome: SearchOutcome) -> SuiteRow {
    var (program, bits) = ("– (\(outcome.report.stop))", "–")
    if let solution = outcome.report.solutions.first {
      let grammar = outcome.run.assignment.grammar
      program = "`\(InfixPrinter(grammar).text(grammar.term(of: solution.program)))`"
      bits = ProgramMeasure.bits(solution.probability, places: 2)
    }
    let (right, unseen) = (outcome.measures.first?.unseenRight ?? 0, outcome.run.assignment.unseen.count)
    return SuiteRow(
      text: JSONWriter.line(outcome.record),
      cells: [program, bits, "\(Number.grouped(right)) of \(Number.grouped(unseen))"],
      fits: !outcome.report.solutions.isEmpty, isSolved: outcome.isSolved, isProven: outcome.report.isShortest,
      cpuSeconds: outcome.cpuSeconds)
  }

  // MARK: The table

  private func table(_ rows: [Row], _ outcomes: [SuiteRow]) -> String {
    let moduli = Self.moduli(data)
    let heads = moduli.map { "p = \($0): unseen right | CPU s" }
    var lines = [
      "| task | grammar | shortest program | bits | \(heads.joined(separator: " | ")) |",
      "|---|---|---|--:|" + String(repeating: "--:|--:|", count: heads.count),
    ]
    var position = 0
    for row in rows {
      let found = outcomes[position..<position + row.jobs.count]
      position += row.jobs.count
      lines.append(line(row, Array(found)))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func line(_ row: Row, _ found: [SuiteRow]) -> String {
    func unique(_ texts: [String]) -> String {
      texts.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.joined(separator: " / ")
    }
    var cells = found.flatMap { [$0.cells[2], Number.rounded($0.cpuSeconds, 2)] }
    while cells.count < 2 * Self.moduli(data).count { cells.append("") }
    let (programs, bits) = (unique(found.map { $0.cells[0] }), unique(found.map { $0.cells[1] }))
    return "| \(row.task) | \(row.grammar) | \(programs) | \(bits) | \(cells.joined(separator: " | ")) |"
  }
}
