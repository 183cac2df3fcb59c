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
    let (data, limits) = (data, limits)
    let outcomes = try SuiteRunner.outcomes(of: jobs, threads: limits.threads) { try Self.search($0, data, limits, $1) }
    if json {
      for outcome in outcomes { Terminal.out(JSONWriter.line(outcome.record)) }
    } else {
      Terminal.out(table(rows, outcomes))
    }
    let solved = outcomes.count { $0.isSolved }
    if !json {
      let time = SuiteRunner.greatest(outcomes.filter(\.isSolved).map(\.cpuSeconds))
      Terminal.out("\n\(solved) of \(outcomes.count) solved: every unseen input right\(time).\n")
    }
    if solved < outcomes.count { throw Exit.incomplete }
  }

  private static func search(
    _ job: Job, _ data: TaskOptions, _ limits: LimitOptions, _ progress: SuiteProgress
  ) throws -> SearchOutcome? {
    var options = data
    options.modulus = job.modulus
    if data.trainFraction == nil, data.trainCount == nil { options.trainCount = trainingCount }
    var run = try SearchRun(try Assignment(job.task, options, grammar: job.grammar), limits)
    run.suite = progress
    let outcome = try run.search()
    return outcome.report.stop == .interrupted ? nil : outcome
  }

  // MARK: The table

  private func table(_ rows: [Row], _ outcomes: [SearchOutcome]) -> String {
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

  private func line(_ row: Row, _ outcomes: [SearchOutcome]) -> String {
    func unique(_ texts: [String]) -> String {
      texts.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.joined(separator: " / ")
    }
    let programs = outcomes.map { outcome -> String in
      guard let solution = outcome.report.solutions.first else { return "– (\(outcome.report.stop))" }
      let grammar = outcome.run.assignment.grammar
      return "`\(InfixPrinter(grammar).text(grammar.term(of: solution.program)))`"
    }
    let bits = outcomes.map { outcome -> String in
      guard let solution = outcome.report.solutions.first else { return "–" }
      return ProgramMeasure.bits(solution.probability, places: 2)
    }
    var cells = outcomes.flatMap { outcome -> [String] in
      let unseen = outcome.run.assignment.unseen.count
      let right = outcome.measures.first?.unseenRight ?? 0
      return ["\(Number.grouped(right)) of \(Number.grouped(unseen))", Number.rounded(outcome.cpuSeconds, 2)]
    }
    while cells.count < 2 * moduli.count { cells.append("") }
    return
      "| \(row.task) | \(row.grammar) | \(unique(programs)) | \(unique(bits)) | \(cells.joined(separator: " | ")) |"
  }
}
