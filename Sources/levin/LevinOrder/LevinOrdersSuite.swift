import ArgumentParser
import Documents
import ExactArithmetic
import Grammars
import Search
import Tasks

/// Integer sequences, or tasks on symbols, searched in order of Levin cost and in order of length, and the steps of both.
///
/// Both orders walk the same derivations and share prefixes in the same way; they differ in what a program may take: its
/// share of a phase, or a fixed number of steps. Of the length order the last pass alone is counted (all programs up to the
/// length found, each once), of the Levin order all phases.
struct LevinOrdersSuite {
  enum Kind {
    case sequences
    /// The tasks of Delétang et al. 2022 and the streams.
    case symbols

    func tasks() throws -> [String] {
      switch self {
      case .sequences: try LoopSuite.Kind.sequences.tasks()
      case .symbols: try LoopSuite.Kind.chomsky.tasks() + LoopSuite.Kind.streams.tasks()
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

  /// Steps of one order on one task unless told otherwise.
  static let standardMaxSteps: UInt64 = 50_000_000

  private struct Row {
    let assignment: Assignment
    let cost: LevinReport
    let length: LevinReport

    /// Steps of the last pass, when it found a program.
    var lengthSteps: UInt64? { length.solutions.isEmpty ? nil : length.tally?.steps }
    var costSteps: UInt64? { cost.solutions.isEmpty ? nil : cost.steps }
  }

  func run() throws {
    var rows: [Row] = []
    let tasks = try kind.tasks()
    for (index, task) in tasks.enumerated() {
      rows.append(try row(task))
      if Interruption.signalNumber != 0 {
        Terminal.error("interrupted: \(index) of \(tasks.count) tasks were done; a suite starts anew\n")
        throw ExitCode(128 + Interruption.signalNumber)
      }
      if Terminal.errorIsTerminal { Terminal.error("\r\u{1B}[K\(index + 1) of \(tasks.count)") }
      if json { Terminal.out(JSONWriter.line(record(rows[index]))) }
    }
    if Terminal.errorIsTerminal { Terminal.error("\r\u{1B}[K") }
    if !json { Terminal.out(table(rows)) }
  }

  private func row(_ task: String) throws -> Row {
    let assignment = try Assignment(task, data, grammar: grammar)
    var configuration = limits.levinConfiguration
    configuration.maxSteps = limits.maxSteps ?? Self.standardMaxSteps
    func search() throws -> LevinReport {
      try LevinSearch(assignment.grammar, configuration).run(training: assignment.training) { _ in
        Interruption.signalNumber != 0
      }
    }
    let cost = try search()
    configuration.order = .length(stepLimit: limits.stepLimit ?? kind.standardStepLimit)
    return Row(assignment: assignment, cost: cost, length: try search())
  }

  private func record(_ row: Row) -> JSONValue {
    func part(_ report: LevinReport, _ steps: UInt64?) -> JSONValue {
      let solution = report.solutions.first
      return [
        "steps": steps.map { .integer($0) } ?? .null, "allSteps": .integer(report.steps),
        "programs": .integer(report.programs), "phase": .integer(report.phase),
        "stop": .string(report.stop.description), "bits": solution.map { .real(-$0.probability.log2) } ?? .null,
        "programSteps": solution.map { .integer($0.steps) } ?? .null,
        "program": solution.map { .string(SyGuSPrinter(row.assignment.grammar).definition($0.program)) } ?? .null,
      ]
    }
    return [
      "type": "orders", "version": .string(Levin.version), "task": .string(row.assignment.name),
      "levin": part(row.cost, row.costSteps), "length": part(row.length, row.lengthSteps),
    ]
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
    let solution = row.cost.solutions.first ?? row.length.solutions.first
    var cells = [row.assignment.name]
    if let solution {
      let text = InfixPrinter(row.assignment.grammar).text(row.assignment.grammar.term(of: solution.program))
      cells += ["`\(text)`", Number.rounded(-solution.probability.log2, 0), Number.grouped(solution.steps)]
    } else {
      cells += ["–", "–", "–"]
    }
    cells.append(row.cost.solutions.isEmpty ? "–" : "\(row.cost.phase)")
    cells.append(row.costSteps.map { Number.grouped($0) } ?? "– (\(row.cost.stop))")
    cells.append(row.lengthSteps.map { Number.grouped($0) } ?? "– (\(row.length.stop))")
    let ratio = row.costSteps.flatMap { cost in row.lengthSteps.map { Double($0) / Double(cost) } }
    cells.append(ratio.map { Number.rounded($0, 2) } ?? "–")
    return "| " + cells.joined(separator: " | ") + " |"
  }
}
