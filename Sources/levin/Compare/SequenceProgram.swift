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

  /// A search on the known outputs, and what its record says.
  private func search() throws -> (grammar: Grammar, report: SearchReport, outcome: Outcome) {
    let path = try GrammarFile.path(Self.language)
    let grammar = try SyGuSReader.problem(readFile(path, limit: 1 << 20), file: path).grammar
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
    if let solution = report.solutions.first {
      outcome.hypothesis = [
        "program": .string(SyGuSPrinter(grammar).definition(solution.program)),
        "infix": .string(InfixPrinter(grammar).text(grammar.term(of: solution.program))),
        "prior": .exact(solution.probability), "bits": .real(-solution.probability.log2),
        "grammar": .string("grammars/\(Self.language).sl"),
      ]
    }
    return (grammar, report, outcome)
  }

  private var isStream: Bool { problem.task.kind == .stream }

  func outcome() throws -> Outcome {
    var (grammar, report, outcome) = try search()
    outcome.accuracyByLength = problem.test.map { ($0.length, 0) }
    guard let solution = report.solutions.first else { return outcome }
    let runner = ProgramRunner(grammar.term(of: solution.program), in: grammar, stepLimit: SymbolScore.stepLimit)
    outcome.accuracyByLength = problem.test.map { length, examples in
      let sum = examples.reduce(Rational(0)) { sum, example in
        sum + ChomskyProtocol.accuracy(of: SymbolScore.answer(runner, example.input, isStream: isStream), for: example)
      }
      return (length, sum / Rational(max(1, examples.count)))
    }
    return outcome
  }
}

// MARK: - Codes

extension SequenceProgram {
  /// Languages of sequences that are shipped, `lists` and `transducers`: choosing one of them is charged.
  private static let choices = 2

  /// Symbols of all outputs.
  private var labels: Int { problem.training.reduce(0) { $0 + $1.output.count } }

  /// Places where symbols may be: the padded lengths, which a receiver knows by the inputs.
  private var places: Int {
    problem.training.reduce(0) { sum, example in
      sum + (isStream ? example.output.count : problem.task.paddedOutputCount(inputCount: example.input.count))
    }
  }

  /// Symbols that a program gets wrong; where it has none it is taken to say the first symbol.
  private func exceptions(of term: Term, in grammar: Grammar) throws -> Int {
    let runner = ProgramRunner(term, in: grammar, stepLimit: SymbolScore.stepLimit)
    var wrong = 0
    for example in problem.training {
      if context.shouldStop() { throw CellInterrupted() }
      let answer = SymbolScore.answer(runner, example.input, isStream: isStream)
      for (place, symbol) in example.output.enumerated() {
        let said = place < answer.count && problem.task.output.holds([answer[place]]) ? answer[place] : 0
        if said != symbol { wrong += 1 }
      }
    }
    return wrong
  }

  /// The two-part code of the program that all outputs select.
  func code(_ name: String) throws -> Outcome {
    var (grammar, report, outcome) = try search()
    let solution = report.solutions.first
    let wrong = try solution.map { try exceptions(of: grammar.term(of: $0.program), in: grammar) } ?? labels
    outcome.codes = [
      .twoPart(
        name, prior: solution?.probability, exceptions: wrong, labels: labels, places: places,
        alphabet: problem.task.output.count, choices: Self.choices)
    ]
    return outcome
  }
}
