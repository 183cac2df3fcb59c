import Documents
import ExactArithmetic
import Grammars
import Tasks

/// `levin search TASK --check PROGRAM`: what a program that somebody wrote does on the task, with no search.
struct ProgramCheck {
  private let assignment: Assignment
  private let program: Program
  private let probability: Rational
  private let measure: ProgramMeasure

  /// - Throws: `InputError` for text that is no program of the grammar.
  init(_ text: String, on assignment: Assignment, testCount: Int?) throws(InputError) {
    let grammar = assignment.grammar
    let term = try SyGuSReader.term(text, in: grammar)
    guard let program = grammar.derivation(of: term) else {
      throw InputError(
        file: "program",
        message: "the grammar \(assignment.grammarName) does not derive '\(SyGuSPrinter(grammar).text(term))'")
    }
    self.assignment = assignment
    self.program = program
    probability = grammar.probability(of: program)
    measure = ProgramMeasure(program, probability: probability, on: assignment, testCount: testCount)
  }

  /// The outcome for people.
  var text: String {
    ProgramMeasure.text(
      assignment.lines + ProgramMeasure.heading(program, probability, assignment.grammar) + measure.lines(assignment))
  }

  /// The outcome for machines.
  var record: JSONValue {
    var record = measure.members(program, probability, assignment.grammar)
    record["type"] = "check"
    record["version"] = .string(Levin.version)
    record["task"] = assignment.record
    record["grammar"] = ["file": .string(assignment.grammarName), "sha256": .string(assignment.grammarHash)]
    return .object(record)
  }
}
