import Comparison
import Documents
import ExactArithmetic
import Search
import Tasks

/// The shortest program that agrees with all training examples; where none does, that of the least code with exceptions.
struct ProgramSearchMethod: ComparedMethod {
  let name = "search"
  let title = "program search"
  let kind = MethodKind.program
  let maxPrograms: UInt64
  /// What `ComparisonPlan.grammar` says.
  let grammar: String?

  var settings: JSONValue {
    [
      "maxPrograms": .integer(maxPrograms), "tableBytes": .integer(ProgramLanguage.memoryLimit),
      "sequenceTableBytes": .integer(SequenceProgram.memoryLimit), "exceptions": true,
      "grammar": grammar.map { .string($0) } ?? .null,
    ]
  }

  static let code = "two-part program"

  func codes(for kind: TaskKind) -> [String] { [Self.code] }
  func handles(_ kind: TaskKind) -> Bool { true }
  func files(for problem: Problem) -> [FileDigest] { ProgramLanguage.files(for: problem, grammar: grammar) }
  /// Programs with loops are looked for beyond the complete levels, which takes most of the time.
  func weight(_ question: Cell.Question, of kind: TaskKind) -> Double { kind == .terms ? 1000 : 3 }

  func learn(_ problem: Problem, seed: UInt64, context: CellContext) throws -> Outcome {
    if case .sequences(let sequences) = problem {
      return try SequenceProgram(sequences, maxPrograms: maxPrograms, grammar: grammar, context: context).outcome()
    }
    let language = try ProgramLanguage(problem, grammar: grammar)
    return try outcome(language, known: language.problem.trainingCount, codesAll: false, context)
  }

  /// The code of the program that all labels select, or of a shorter one with exceptions.
  func code(_ problem: Problem, as code: String, seed: UInt64, context: CellContext) throws -> Outcome {
    if case .sequences(let sequences) = problem {
      return try SequenceProgram(sequences, maxPrograms: maxPrograms, grammar: grammar, context: context).code(
        Self.code)
    }
    let language = try ProgramLanguage(problem, grammar: grammar)
    var outcome = try outcome(language, known: language.problem.order.count, codesAll: true, context)
    outcome.unseenRight = nil
    return outcome
  }

  /// - Parameter codesAll: whether a program is for the shortest code, not for the answers to unseen inputs.
  private func outcome(_ language: ProgramLanguage, known: Int, codesAll: Bool, _ context: CellContext) throws
    -> Outcome
  {
    let problem = language.problem
    let report = try language.search(
      top: 1, knownLabels: known, extraWork: 0, countsMass: false, maxPrograms: maxPrograms, context: context)
    var outcome = Outcome()
    outcome.stop = report.stop.description
    outcome.budget = ProgramLanguage.budget(maxPrograms: maxPrograms)
    outcome.add(report)
    outcome.details["programsCovered"] = .string(report.programs.description)
    var found = report.solutions.first.map { ($0.program, $0.probability) }
    let isSure = found.map { language.hasNoShorterCode(than: $0.1, labels: known) } ?? false
    if found == nil || codesAll && !isSure {
      let other = try language.searchWithExceptions(knownLabels: known, maxPrograms: maxPrograms, context: context)
      outcome.add(other)
      let exact = ExceptionCode(labels: known, alphabet: problem.alphabet.count).probability(0)!
      if let solution = other.solution, found.map({ $0.1 * exact < solution.code }) ?? true {
        found = (solution.program, solution.probability)
        outcome.stop = other.stop.description
      }
    }
    outcome.times["found"] = .real(context.cpuSeconds())
    (outcome.unseenRight, outcome.answered, outcome.trainingRight) = (0, 0, 0)
    let labels = problem.order.count
    let misses = found.map { language.misses($0.0) } ?? problem.order.indices.map { ($0, false) }
    if let (program, probability) = found {
      let exceptions = misses.count { $0.place < known }
      outcome.answered = labels - known
      outcome.unseenRight = Rational(labels - known - (misses.count - exceptions))
      outcome.trainingRight = Rational(known - exceptions)
      var record = language.record(program, probability)
      if exceptions > 0 { record["exceptions"] = .integer(exceptions) }
      outcome.hypothesis = .object(record)
    }
    outcome.codes = [
      .twoPart(
        Self.code, prior: found?.1, exceptions: misses.count, outside: misses.count { $0.isOutside }, labels: labels,
        alphabet: problem.alphabet.count, choices: language.choices)
    ]
    return outcome
  }
}
