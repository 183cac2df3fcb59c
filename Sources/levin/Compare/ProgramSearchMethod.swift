import Comparison
import Documents
import ExactArithmetic
import Search
import Tasks

/// The shortest program that agrees with all training examples.
struct ProgramSearchMethod: ComparedMethod {
  let name = "search"
  let title = "program search"
  let kind = MethodKind.program
  let maxPrograms: UInt64

  var settings: JSONValue {
    [
      "maxPrograms": .integer(maxPrograms), "tableBytes": .integer(ProgramLanguage.memoryLimit),
      "sequenceTableBytes": .integer(SequenceProgram.memoryLimit),
    ]
  }

  static let code = "two-part program"

  func codes(for kind: TaskKind) -> [String] { [Self.code] }
  func handles(_ kind: TaskKind) -> Bool { true }
  func files(for problem: Problem) -> [FileDigest] { ProgramLanguage.files(for: problem) }
  func weight(_ question: Cell.Question) -> Double { 3 }

  func learn(_ problem: Problem, seed: UInt64, context: CellContext) throws -> Outcome {
    if case .sequences(let sequences) = problem {
      return try SequenceProgram(sequences, maxPrograms: maxPrograms, context: context).outcome()
    }
    let language = try ProgramLanguage(problem)
    return try outcome(language, known: language.problem.trainingCount, context)
  }

  /// The code of the program that all labels select.
  func code(_ problem: Problem, as code: String, seed: UInt64, context: CellContext) throws -> Outcome {
    if case .sequences(let sequences) = problem {
      return try SequenceProgram(sequences, maxPrograms: maxPrograms, context: context).code(Self.code)
    }
    let language = try ProgramLanguage(problem)
    var outcome = try outcome(language, known: language.problem.order.count, context)
    outcome.unseenRight = nil
    return outcome
  }

  private func outcome(_ language: ProgramLanguage, known: Int, _ context: CellContext) throws -> Outcome {
    let report = try language.search(
      top: 1, knownLabels: known, extraWork: 0, countsMass: false, maxPrograms: maxPrograms, context: context)
    let problem = language.problem
    var outcome = Outcome()
    outcome.times["found"] = .real(context.cpuSeconds())
    outcome.stop = report.stop.description
    outcome.budget = ProgramLanguage.budget(maxPrograms: maxPrograms)
    outcome.work = ProgramLanguage.work(report)
    outcome.bytes = report.bytes
    outcome.unseenRight = 0
    outcome.answered = 0
    outcome.trainingRight = 0
    outcome.details["programsCovered"] = .string(report.programs.description)
    var exceptions = problem.order.count
    if let solution = report.solutions.first {
      let right = language.right(solution.program, on: problem.order)
      let unseen = language.right(solution.program, on: Array(problem.order[known...]))
      exceptions = problem.order.count - right
      outcome.unseenRight = Rational(unseen)
      outcome.answered = problem.order.count - known
      outcome.trainingRight = Rational(right - unseen)
      outcome.hypothesis = .object(language.record(solution))
    }
    outcome.codes = [
      .twoPart(
        Self.code, prior: report.solutions.first?.probability, exceptions: exceptions, labels: problem.order.count,
        alphabet: problem.alphabet.count, choices: language.choices)
    ]
    return outcome
  }
}
