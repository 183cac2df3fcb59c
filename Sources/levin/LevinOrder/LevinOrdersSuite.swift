import ArgumentParser
import Documents
import ExactArithmetic
import Grammars
import Search
import Tasks

/// Integer sequences, tasks on symbols, or the operations of Power et al. 2022, searched in order of Levin cost and in order of length, and the steps of both.
///
/// Both orders walk the same derivations and share prefixes in the same way; they differ in what a program may take: its
/// share of a phase, or a fixed number of steps. Of the length order the last pass alone is counted (all programs up to the
/// length found, each once), of the Levin order all phases.
struct LevinOrdersSuite {
  enum Kind {
    case sequences
    /// The tasks of Delétang et al. 2022 and the streams.
    case symbols
    case power2022

    func jobs(_ data: TaskOptions) throws -> [SuiteJob] {
      switch self {
      case .sequences: try LoopSuite.Kind.sequences.jobs()
      case .symbols: try LoopSuite.Kind.chomsky.jobs() + LoopSuite.Kind.streams.jobs()
      case .power2022: Suite.jobs(data)
      }
    }

    /// Steps that a program may take in the length order unless told otherwise, on all examples together.
    var standardStepLimit: UInt64 { self == .sequences ? 20_000 : 100_000 }
  }

  let kind: Kind
  let grammar: String?
  let data: TaskOptions
  let limits: LimitOptions
  let json: Bool
  let checkpoint: SuiteCheckpoint

  /// Steps of one order on one task unless told otherwise.
  static let standardMaxSteps: UInt64 = 50_000_000

  /// What the two searches of a task came to.
  fileprivate struct Row: JournalRow {
    let task: String
    /// The program of the Levin order, else of the length order, with its bits and steps; nil when there is none.
    let program: String?
    let bits: String?
    let programSteps: UInt64?
    /// Of the last phase of the Levin order, where it found a program.
    let phase: Int?
    /// Steps of all phases, when they found a program, and why they ended.
    let costSteps: UInt64?
    let costStop: String
    /// Steps of the last pass, when it found a program, and why it ended.
    let lengthSteps: UInt64?
    let lengthStop: String
    /// As JSON.
    let record: String
  }

  func run() throws {
    let jobs = try kind.jobs(data)
    let languages = try SuiteCheckpoint.languages(jobs, data, grammar: grammar)
    let journal: SuiteJournal<Row> = try checkpoint.journal("orders \(kind) \(languages) \(json)", data, limits, jobs)
    let (suite, json) = (self, json)
    // Each search uses the threads.
    let rows = try SuiteRunner.outcomes(
      of: Array(jobs.indices), threads: 1, goesOn: "to go on:\n  \(checkpoint.resumeLine)"
    ) { row in
      if json { Terminal.out(row.record) }
    } search: { number, _ in
      try journal.row(number) { try suite.row(jobs[number]) }
    }
    journal.remove()
    if !json { Terminal.out(table(rows)) }
  }

  /// Nil when it was interrupted.
  private func row(_ job: SuiteJob) throws -> Row? {
    let assignment = try job.assignment(data, grammar: grammar)
    var configuration = limits.levinConfiguration
    configuration.maxSteps = limits.maxSteps ?? Self.standardMaxSteps
    func search() throws -> LevinReport {
      try LevinSearch(assignment.grammar, configuration).run(training: assignment.training) { _ in
        Interruption.signalNumber != 0
      }
    }
    let cost = try search()
    if cost.stop == .interrupted { return nil }
    configuration.order = .length(stepLimit: limits.stepLimit ?? kind.standardStepLimit)
    let length = try search()
    return length.stop == .interrupted ? nil : Row(assignment, job, cost: cost, length: length)
  }
}

extension LevinOrdersSuite.Row {
  init(_ assignment: Assignment, _ job: SuiteJob, cost: LevinReport, length: LevinReport) {
    let grammar = assignment.grammar
    task = job.name
    let solution = cost.solutions.first ?? length.solutions.first
    program = solution.map { InfixPrinter(grammar).text(grammar.term(of: $0.program)) }
    bits = solution.map { Number.rounded(-$0.probability.log2, 0) }
    programSteps = solution?.steps
    phase = cost.solutions.isEmpty ? nil : cost.phase
    costSteps = cost.solutions.isEmpty ? nil : cost.steps
    costStop = cost.stop.description
    lengthSteps = length.solutions.isEmpty ? nil : length.tally?.steps
    lengthStop = length.stop.description
    func part(_ report: LevinReport, _ steps: UInt64?) -> JSONValue {
      let solution = report.solutions.first
      return [
        "steps": steps.map { .integer($0) } ?? .null, "allSteps": .integer(report.steps),
        "programs": .integer(report.programs), "phase": .integer(report.phase),
        "stop": .string(report.stop.description), "bits": solution.map { .real(-$0.probability.log2) } ?? .null,
        "programSteps": solution.map { .integer($0.steps) } ?? .null,
        "program": solution.map { .string(SyGuSPrinter(grammar).definition($0.program)) } ?? .null,
      ]
    }
    record = JSONWriter.line([
      "type": "orders", "version": .string(Levin.version), "task": .string(task), "levin": part(cost, costSteps),
      "length": part(length, lengthSteps),
    ])
  }

  var members: [String: JSONValue] {
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    func number(_ value: UInt64?) -> JSONValue { value.map { .integer($0) } ?? .null }
    return [
      "name": .string(task), "program": text(program), "bits": text(bits), "programSteps": number(programSteps),
      "phase": phase.map { .integer($0) } ?? .null, "costSteps": number(costSteps), "costStop": .string(costStop),
      "lengthSteps": number(lengthSteps), "lengthStop": .string(lengthStop), "record": .string(record),
    ]
  }

  init?(_ record: JSONValue) {
    guard let task = record["name"]?.string, let costStop = record["costStop"]?.string,
      let lengthStop = record["lengthStop"]?.string, let text = record["record"]?.string
    else { return nil }
    func number(_ name: String) -> UInt64? { record[name]?.integer(as: UInt64.self) }
    (self.task, self.costStop, self.lengthStop, self.record) = (task, costStop, lengthStop, text)
    (program, bits, programSteps) = (record["program"]?.string, record["bits"]?.string, number("programSteps"))
    (costSteps, lengthSteps) = (number("costSteps"), number("lengthSteps"))
    phase = record["phase"]?.integer(as: Int.self)
  }
}

// MARK: - The table

extension LevinOrdersSuite {
  private func table(_ rows: [Row]) -> String {
    var lines = [
      "| task | program | bits | its steps | phase | Levin order, steps | length order, steps | length / Levin |",
      "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    lines += rows.map(line)
    let ratios = rows.compactMap { row in
      row.costSteps.flatMap { cost in row.lengthSteps.map { Double($0) / Double(cost) } }
    }
    let solved = (rows.count { $0.costSteps != nil }, rows.count { $0.lengthSteps != nil })
    let only = (
      rows.count { $0.costSteps != nil && $0.lengthSteps == nil },
      rows.count { $0.costSteps == nil && $0.lengthSteps != nil }
    )
    lines.append("")
    lines.append(
      "Within \(Number.grouped(limits.maxSteps ?? Self.standardMaxSteps)) steps each: Levin order \(solved.0) of "
        + "\(rows.count) (\(only.0) by it alone), length order with at most "
        + "\(Number.grouped(limits.stepLimit ?? kind.standardStepLimit)) steps a program \(solved.1) (\(only.1) by it alone)."
    )
    if !ratios.isEmpty {
      let sorted = ratios.sorted()
      lines.append(
        "Where both find one: Levin order takes fewer steps \(ratios.count { $0 > 1 }) times, more \(ratios.count { $0 < 1 }) "
          + "times; length / Levin least \(Number.rounded(sorted[0], 2)), median \(Number.rounded(sorted[sorted.count / 2], 2)), "
          + "greatest \(Number.rounded(sorted[sorted.count - 1], 2)).")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func line(_ row: Row) -> String {
    var cells = [row.task]
    cells += [
      row.program.map { "`\($0)`" } ?? "–", row.bits ?? "–", row.programSteps.map { Number.grouped($0) } ?? "–",
    ]
    cells.append(row.phase.map { "\($0)" } ?? "–")
    cells.append(row.costSteps.map { Number.grouped($0) } ?? "– (\(row.costStop))")
    cells.append(row.lengthSteps.map { Number.grouped($0) } ?? "– (\(row.lengthStop))")
    let ratio = row.costSteps.flatMap { cost in row.lengthSteps.map { Double($0) / Double(cost) } }
    cells.append(ratio.map { Number.rounded($0, 2) } ?? "–")
    return "| " + cells.joined(separator: " | ") + " |"
  }
}
