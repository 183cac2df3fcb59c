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

  /// One search of the suite.
  private struct Job: Sendable {
    let task: String
    let grammar: String
    let modulus: Int64?
  }
  private struct Row {
    let task: String
    let grammar: String
    let jobs: [Job]
  }

  /// Training pairs of each task unless told otherwise.
  private static let trainingCount = 40

  private var moduli: [Int64] { data.modulus.map { [$0] } ?? [97, 113] }

  private var rows: [Row] {
    let modular = TaskFamily.all.filter { $0.name.hasPrefix("mod-") }.map(\.name)
    let groups = TaskFamily.all.filter { $0.name.hasPrefix("s5-") }.map(\.name)
    func row(_ task: String, _ grammar: String) -> Row {
      Row(task: task, grammar: grammar, jobs: moduli.map { Job(task: task, grammar: grammar, modulus: $0) })
    }
    // Integers have no inverse modulo p, so the tasks that divide cannot be said there.
    let dividing = ["mod-div", "mod-parity-div"]
    return modular.map { row($0, "field") } + modular.filter { !dividing.contains($0) }.map { row($0, "integers") }
      + groups.map {
        Row(task: $0, grammar: "permutations", jobs: [Job(task: $0, grammar: "permutations", modulus: nil)])
      }
  }

  func run() throws {
    let rows = self.rows
    let jobs = rows.flatMap(\.jobs)
    let (data, limits, json) = (data, limits, json)
    let languages = try Dictionary(grouping: jobs, by: \.grammar).sorted { $0.key < $1.key }.map { grammar, jobs in
      try Assignment(jobs[0].task, Self.options(data, jobs[0]), grammar: grammar).grammarHash
    }
    let tasks = jobs.map { "\($0.task) \($0.grammar) \($0.modulus ?? 0)" }
    let journal: SuiteJournal<SuiteRow> = try checkpoint.journal("power2022 \(languages) \(json)", data, limits, tasks)
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

  /// The data of a search.
  private static func options(_ data: TaskOptions, _ job: Job) -> TaskOptions {
    var options = data
    options.modulus = job.modulus
    if data.trainFraction == nil, data.trainCount == nil { options.trainCount = trainingCount }
    return options
  }

  /// Nil when it was interrupted.
  private static func search(
    _ job: Job, _ data: TaskOptions, _ limits: LimitOptions, _ progress: SuiteProgress
  ) throws -> SuiteRow? {
    var run = try SearchRun(try Assignment(job.task, options(data, job), grammar: job.grammar), limits)
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
    while cells.count < 2 * moduli.count { cells.append("") }
    let (programs, bits) = (unique(found.map { $0.cells[0] }), unique(found.map { $0.cells[1] }))
    return "| \(row.task) | \(row.grammar) | \(programs) | \(bits) | \(cells.joined(separator: " | ")) |"
  }
}
