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

    /// Names of the tasks.
    func tasks() throws -> [String] {
      switch self {
      case .sequences: try SequenceTask.read(path: TasksCommand.suitePath()).map(\.number)
      case .chomsky: SymbolTask.chomsky.map(\.name)
      case .streams: SymbolTask.streams.map(\.name)
      }
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

  func run() throws {
    let tasks = try kind.tasks()
    var limits = limits
    if limits.timeLimit == nil { limits.timeLimit = kind.standardTimeLimit }
    let (suite, options) = (self, limits)
    // A name or option that is wrong is said before anything is searched.
    for grammar in grammars { _ = try Assignment(tasks[0], data, grammar: grammar) }
    if !json {
      Terminal.out(
        "| task |\(hasLanguages ? " language |" : "") program | bits | complete to | steps | unseen right | CPU s |\n"
          + "|---|\(hasLanguages ? "---|" : "")---|--:|--:|--:|--:|--:|\n")
    }
    let tries = try SuiteRunner.outcomes(of: tasks, threads: limits.threads) { tries in
      Terminal.out(suite.json ? tries.map { JSONWriter.line($0.record) }.joined() : suite.line(tries) + "\n")
    } search: { task, progress in
      var tries: [SearchOutcome] = []
      for grammar in suite.grammars where tries.last?.report.solutions.isEmpty ?? true {
        var run = try SearchRun(try Assignment(task, suite.data, grammar: grammar), options)
        run.suite = progress
        tries.append(try run.search())
      }
      return tries
    }
    let outcomes = tries.map { $0.last! }
    let solved = outcomes.count { $0.isSolved }
    if !json {
      let proven = outcomes.count { $0.isSolved && $0.report.isShortest }
      let fitting = outcomes.count { !$0.report.solutions.isEmpty }
      let time = SuiteRunner.greatest(tries.filter { $0.last!.isSolved }.map(Self.cpuSeconds))
      Terminal.out(
        "\n\(solved) of \(outcomes.count) solved: every unseen \(kind.unseenName) right; "
          + "\(fitting - solved) more fit what was given and fail later; \(proven) of the solved by the shortest program"
          + "\(time).\n"
      )
    }
    if solved < outcomes.count { throw Exit.incomplete }
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
