import Comparison
import Documents
import Evaluation
import ExactArithmetic
import Grammars
import Search
import Tasks

/// A program on lists for a task on sequences: searched on short inputs, asked about long ones.
struct SequenceProgram {
  private let problem: SequenceProblem
  private let maxPrograms: UInt64
  private let context: CellContext

  /// The language of all tasks on sequences.
  private static let language = "lists"

  init(_ problem: SequenceProblem, maxPrograms: UInt64, context: CellContext) {
    self.problem = problem
    self.maxPrograms = maxPrograms
    self.context = context
  }

  func outcome() throws -> Outcome {
    let path = try GrammarFile.path(Self.language)
    let grammar = try SyGuSReader.problem(readFile(path, limit: 1 << 20), file: path).grammar
    let isStream = problem.task.kind == .stream
    let training = SplitTask.examples(problem.training, isStream: isStream)
    var configuration = LengthOrderedSearch.Configuration()
    configuration.probes = 0
    configuration.extraWork = 0
    configuration.countsMass = false
    configuration.maxPrograms = maxPrograms
    configuration.memoryLimit = 4 * ProgramLanguage.memoryLimit
    let report = try LengthOrderedSearch(grammar, configuration).run(training: training) { _ in context.shouldStop() }
    if report.stop == .interrupted { throw CellInterrupted() }
    var outcome = Outcome()
    outcome.times["found"] = .real(context.cpuSeconds())
    outcome.stop = report.stop.description
    outcome.work = ProgramLanguage.work(report)
    outcome.bytes = report.bytes
    outcome.details["isShortest"] = .bool(report.isShortest && !report.solutions.isEmpty)
    outcome.details["programsCovered"] = .string(report.programs.description)
    outcome.accuracyByLength = problem.test.map { ($0.length, 0) }
    guard let solution = report.solutions.first else { return outcome }
    let term = grammar.term(of: solution.program)
    let runner = ProgramRunner(term, in: grammar, stepLimit: SymbolScore.stepLimit)
    outcome.accuracyByLength = problem.test.map { length, examples in
      let sum = examples.reduce(Rational(0)) { sum, example in
        sum + ChomskyProtocol.accuracy(of: SymbolScore.answer(runner, example.input, isStream: isStream), for: example)
      }
      return (length, sum / Rational(max(1, examples.count)))
    }
    outcome.hypothesis = [
      "program": .string(SyGuSPrinter(grammar).definition(solution.program)),
      "infix": .string(InfixPrinter(grammar).text(term)), "prior": .exact(solution.probability),
      "bits": .real(-solution.probability.log2), "grammar": .string("grammars/\(Self.language).sl"),
    ]
    return outcome
  }
}
