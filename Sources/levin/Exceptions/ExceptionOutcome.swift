import Documents
import ExactArithmetic
import Grammars
import Search
import Tasks

/// A finished search for a program with exceptions, with what was measured on the program.
struct ExceptionOutcome {
  private let assignment: Assignment
  private let search: ExceptionSearch
  private let report: ExceptionReport
  private let seconds: Double
  private let cpuSeconds: Double
  private let measure: ProgramMeasure?

  init(_ run: ExceptionRun, _ report: ExceptionReport, seconds: Double, cpuSeconds: Double) {
    (assignment, search, self.report) = (run.assignment, run.search, report)
    (self.seconds, self.cpuSeconds) = (seconds, cpuSeconds)
    measure = report.solution.map {
      ProgramMeasure($0.program, probability: $0.probability, on: run.assignment, testCount: nil)
    }
  }

  /// The code of the labels alone.
  private var labelsAlone: Rational {
    ExceptionCode(labels: assignment.training.count, alphabet: search.labels.count).withoutProgram
  }

  // MARK: Text

  /// Exceptions that are written out for people.
  private static let shown = 3

  /// The outcome for people.
  var text: String {
    var lines = assignment.lines
    if let solution = report.solution, let measure {
      lines += ProgramMeasure.heading(solution.program, solution.probability, assignment.grammar)
      lines += measure.lines(assignment)
      lines.append(("exceptions", exceptions(solution)))
      lines.append(("code", code(solution)))
    }
    lines.append(("", ""))
    lines.append(
      (
        "tried",
        "\(Number.counted(report.tried, "program")) on all examples, from \(Number.grouped(report.subsets)) subsets and the levels"
      ))
    lines.append(
      (
        "covered",
        "\(Number.grouped(report.programs)) programs in \(Number.grouped(report.classes)) classes on \(Number.grouped(report.lanes)) of the examples; "
          + "\(Number.grouped(report.candidates)) candidates, \(Number.grouped(report.lookups)) lookups"
      ))
    if let complete { lines.append(("complete", complete)) }
    lines.append(("stop", stop))
    lines.append(
      (
        "time",
        SearchOutcome.time(seconds, cpuSeconds, bytes: report.bytes)
      ))
    return ProgramMeasure.text(lines)
  }

  private func exceptions(_ solution: ExceptionReport.Solution) -> String {
    let count = solution.exceptions.count
    let share = "\(Number.grouped(count)) of \(Number.grouped(assignment.training.count))"
    if count == 0 { return share }
    let first = solution.exceptions.prefix(Self.shown).map { exception in
      let example = assignment.training[exception.place]
      let inputs = example.inputs.map(\.description).joined(separator: " ")
      return "(\(inputs)): label \(example.output), program \(exception.said.map(\.description) ?? "without a value")"
    }
    return share + ": " + first.joined(separator: "; ") + (count > Self.shown ? "; … (--json has all)" : "")
  }

  private func code(_ solution: ExceptionReport.Solution) -> String {
    let wrong = solution.code / solution.probability
    return
      "\(bits(solution.code)) bits: \(bits(solution.probability)) of the program, \(bits(wrong)) of its exceptions; "
      + "the labels alone take \(bits(labelsAlone))"
  }

  private func bits(_ probability: Rational) -> String { Number.rounded(-probability.log2, 2) }

  private var complete: String? {
    guard let probability = report.completeProbability else { return nil }
    let bits = "of up to \(ProgramMeasure.bits(probability)) bits"
    guard report.undecided > 0 else {
      return "no program \(bits) has a shorter code" + (report.solution == nil ? " than the labels" : "")
    }
    let classes = "\(Number.grouped(report.classes - report.undecided)) of \(Number.grouped(report.classes)) classes"
    return
      "programs \(bits): no shorter code in \(classes); \(Number.grouped(report.undecided)) not decided by these examples"
  }

  private var stop: String {
    if report.isLeast {
      return report.solution == nil
        ? "no program of the language, of any length, is shorter than the labels"
        : "found: no program of the language, of any length, has a shorter code"
    }
    if report.stop == .found || report.stop == .exhausted {
      return
        "no longer program has a shorter code; of the others \(Number.grouped(report.undecided)) classes are not decided"
    }
    return "\(report.stop), " + (report.solution == nil ? "no code shorter than the labels" : "shortest code kept")
  }

  // MARK: Record

  /// The outcome for machines. All fields but `seconds` and `cpuSeconds` are functions of the inputs and the seed.
  var record: JSONValue {
    var record: [String: JSONValue] = [
      "type": "search with exceptions", "version": .string(Levin.version), "task": assignment.record,
      "grammar": ["file": .string(assignment.grammarName), "sha256": .string(assignment.grammarHash)],
      "labels": .integer(search.labels.count), "limits": limits, "stop": .string(report.stop.description),
      "solution": report.solution.map(solution) ?? .null,
      "labelsAlone": ["labels": .integer(assignment.training.count), "log2": .real(labelsAlone.log2)],
      "isLeast": .bool(report.isLeast), "completeLevels": .integer(report.completeLevels),
      "programs": .string(report.programs.description), "lanes": .integer(report.lanes),
      "classes": .integer(report.classes), "undecided": .integer(report.undecided),
      "subsets": .integer(report.subsets), "tried": .integer(report.tried),
      "candidates": .integer(report.candidates), "lookups": .integer(report.lookups),
      "filtered": .integer(report.filtered), "seconds": .real(seconds), "cpuSeconds": .real(cpuSeconds),
    ]
    if let probability = report.completeProbability {
      record["completeProbability"] = SearchOutcome.exact(probability)
    }
    return .object(record)
  }

  private var limits: JSONValue {
    let configuration = search.configuration
    return [
      "maxPrograms": .integer(configuration.maxPrograms), "tableBytes": .integer(configuration.memoryLimit),
      "stepLimit": assignment.grammar.isStructured ? .integer(configuration.stepLimit) : .null,
    ]
  }

  private func solution(_ solution: ExceptionReport.Solution) -> JSONValue {
    var record = measure!.members(solution.program, solution.probability, assignment.grammar)
    record["exceptions"] = .array(
      solution.exceptions.map { exception in
        let example = assignment.training[exception.place]
        return [
          "inputs": .array(example.inputs.map { .string($0.description) }),
          "output": .string(example.output.description),
          "said": exception.said.map { .string($0.description) } ?? .null,
        ]
      })
    record["code"] = SearchOutcome.exact(solution.code)
    return .object(record)
  }
}
