import Documents
import Evaluation
import ExactArithmetic
import Grammars
import Search
import Tasks

/// A finished Levin search, for people and for machines.
struct LevinOutcome {
  let run: LevinOrderRun
  let report: LevinReport
  let seconds: Double
  let cpuSeconds: Double

  private var assignment: Assignment { run.assignment }

  /// What a program found does on inputs that it was not searched on.
  struct Unseen {
    let right: Int
    let count: Int
    /// Of a task on symbols: fresh inputs.
    let symbols: SymbolScore?
  }

  /// By solution.
  let unseen: [Unseen]

  init(run: LevinOrderRun, report: LevinReport, seconds: Double, cpuSeconds: Double) {
    (self.run, self.report, self.seconds, self.cpuSeconds) = (run, report, seconds, cpuSeconds)
    unseen = report.solutions.map { Self.unseen($0, run) }
  }

  private static func unseen(_ solution: WalkTally.Solution, _ run: LevinOrderRun) -> Unseen {
    let (assignment, grammar) = (run.assignment, run.assignment.grammar)
    if let task = assignment.symbols {
      let score = SymbolScore(
        solution.program, grammar, on: task, count: run.testCount ?? SymbolScore.standardCount(task),
        seed: assignment.seed, showsProgress: run.showsProgress)
      return Unseen(right: score.right, count: score.sequences, symbols: score)
    }
    // The examples may need more steps than those that were learnt from; they are not for ever.
    let steps = solution.steps
    let limit = steps > 50_000_000 ? 2 * steps : min(100 * max(steps, 10_000), 100_000_000)
    let runner = ExampleRunner(grammar.term(of: solution.program), in: grammar, stepLimit: limit)
    let right = assignment.unseen.count { runner.run(on: $0).isRight }
    return Unseen(right: right, count: assignment.unseen.count, symbols: nil)
  }

  /// Whether a signal ended the scoring of a program that was found.
  var isScoringCut: Bool { unseen.contains { $0.symbols?.isCut ?? false } }

  /// Whether a program was found and is right on everything unseen.
  var isSolved: Bool { unseen.first.map { $0.right == $0.count } ?? false }

  private func levinCost(_ solution: WalkTally.Solution) -> Double {
    (Rational(BigInteger(solution.steps)) / solution.probability).log2
  }
}

extension LevinOutcome {
  var text: String {
    var lines = assignment.lines
    for (index, solution) in report.solutions.enumerated() { lines += describe(solution, index) }
    lines.append(("phase", "\(report.phase)\(report.isComplete ? "" : ", not finished")"))
    let part = Rational(BigInteger(report.steps), report.bound)
    lines.append(
      (
        "steps",
        "\(Number.grouped(report.steps)) in all phases, under 2^\(report.phase + 1) = \(Number.grouped(report.bound)) "
          + "(\(part.decimalString(digits: 6)) of it)"
      ))
    lines.append(
      (
        "programs",
        "\(Number.grouped(report.programs)) run, \(Number.grouped(report.prefixes)) prefixes, all phases together"
      ))
    if let tally = report.tally { lines.append(("prior", ledger(tally))) }
    lines.append(("stop", "\(stop)\(report.solutions.isEmpty ? ", nothing found" : "")"))
    lines.append(("time", "\(Number.rounded(seconds, 2)) s (\(Number.rounded(cpuSeconds, 2)) s of CPU)"))
    return ProgramMeasure.text(lines)
  }

  private var stop: String {
    switch report.stop {
    case .maxPhase(let last):
      return "phase limit: none after \(last), since steps are counted in 64 bits"
        + (report.tally?.open.isZero == false
          ? "; programs of more than \(Number.grouped(LevinSearch.mostSymbols)) symbols are not run" : "")
    case .found where report.solutions.count < run.configuration.top:
      return
        "found \(report.solutions.count) of \(run.configuration.top) programs; the first phase with a program is the last"
    default: return report.stop.description
    }
  }

  private func ledger(_ tally: WalkTally) -> String {
    let parts = [
      ("right", tally.right), ("wrong", tally.wrong), ("without a value", tally.failed),
      ("equal to shorter", tally.merged),
      ("open", tally.open), ("too long", tally.tooLong),
    ].filter { !$0.1.isZero }.map { "\($0.1.total.decimalString(digits: 6)) \($0.0)" }
    return "last finished phase: " + parts.joined(separator: ", ") + "; exactly 1 together"
  }

  private func describe(_ solution: WalkTally.Solution, _ index: Int) -> [(String, String)] {
    let grammar = assignment.grammar
    var lines = [
      (index == 0 ? "program" : "program \(index + 1)", SyGuSPrinter(grammar).definition(solution.program)),
      ("infix", InfixPrinter(grammar).text(grammar.term(of: solution.program))),
      (
        "prior",
        "\(SearchOutcome.short(solution.probability)), \(ProgramMeasure.bits(solution.probability)) bits"
          + (solution.copies > 0 ? "; as many as 2^\(solution.copies) programs with other orders of arguments" : "")
      ),
      (
        "cost",
        "\(Number.grouped(solution.steps)) steps on \(Number.grouped(assignment.training.count)) inputs; "
          + "Kt = \(Number.rounded(levinCost(solution), 2)) bits"
      ),
    ]
    let unseen = unseen[index]
    if let symbols = unseen.symbols {
      lines.append(("unseen", symbols.text))
    } else if unseen.count > 0 {
      lines.append(("unseen", "\(Number.grouped(unseen.right)) of \(Number.grouped(unseen.count)) right"))
    }
    return lines
  }

  /// All fields but `seconds` and `cpuSeconds` are functions of the inputs and the limits.
  var record: JSONValue {
    let grammar = assignment.grammar
    var record: [String: JSONValue] = [
      "type": "search", "order": "levin", "version": .string(Levin.version),
      "task": [
        "name": .string(assignment.name), "sha256": .string(assignment.task.digest()),
        "trainingExamples": .integer(assignment.training.count), "unseenExamples": .integer(assignment.unseen.count),
        "seed": .integer(assignment.seed),
      ],
      "grammar": ["file": .string(assignment.grammarName), "sha256": .string(run.grammarHash)],
      "limits": limits, "stop": .string(report.stop.description), "seconds": .real(seconds),
      "cpuSeconds": .real(cpuSeconds), "phase": .integer(report.phase), "phaseFinished": .bool(report.isComplete),
      "steps": .integer(report.steps), "bound": .string(report.bound.description),
      "stepsOfBound": .real(Rational(BigInteger(report.steps), report.bound).nearestDouble),
      "programs": .integer(report.programs), "prefixes": .integer(report.prefixes),
      "terminationMass": [
        "lower": SearchOutcome.exact(report.terminationMass.lower),
        "upper": SearchOutcome.exact(report.terminationMass.upper),
      ],
      "solutions": .array(
        zip(report.solutions, unseen).map { solution, unseen in
          [
            "program": .string(SyGuSPrinter(grammar).definition(solution.program)),
            "infix": .string(InfixPrinter(grammar).text(grammar.term(of: solution.program))),
            "prior": SearchOutcome.exact(solution.probability), "steps": .integer(solution.steps),
            "kt": .real(levinCost(solution)), "copies": .integer(solution.copies),
            "unseenRight": .integer(unseen.symbols == nil ? unseen.right : 0), "test": unseen.symbols?.record ?? .null,
          ]
        }),
    ]
    if let tally = report.tally {
      record["mass"] = [
        "failed": SearchOutcome.exact(tally.failed.total), "merged": SearchOutcome.exact(tally.merged.total),
        "open": SearchOutcome.exact(tally.open.total), "right": SearchOutcome.exact(tally.right.total),
        "tooLong": SearchOutcome.exact(tally.tooLong.total), "wrong": SearchOutcome.exact(tally.wrong.total),
      ]
    }
    return .object(record)
  }

  private var limits: JSONValue {
    let limits = run.configuration
    return [
      "top": .integer(limits.top), "maxPrograms": limits.maxPrograms.map { .integer($0) } ?? .null,
      "maxSteps": limits.maxSteps.map { .integer($0) } ?? .null,
      "maxBits": limits.maxBits.map { .integer($0) } ?? .null,
      "timeLimit": limits.timeLimit.map { .real($0.seconds) } ?? .null,
    ]
  }
}
