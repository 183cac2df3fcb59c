import Comparison
import Documents
import Evaluation
import ExactArithmetic
import Grammars
import Search
import Tasks

/// A program for a task on sequences: searched on short inputs, asked about long ones. For an integer sequence: searched on
/// its first terms, asked about those behind them.
struct SequenceProgram {
  private let problem: SequenceProblem
  private let maxPrograms: UInt64
  private let languages: [String]
  private let context: CellContext

  /// The languages of sequences, tried in this order until one has a program; choosing one of them is charged.
  static let languages = ["lists", "transducers", "nested"]

  /// These, for an integer sequence its own, or the one that `ComparisonPlan.grammar` says.
  static func languages(of problem: SequenceProblem, _ grammar: String?) -> [String] {
    if let grammar { return [grammar] }
    return problem.sequence == nil ? languages : ["sequences"]
  }

  /// Bytes of the tables of a search in one language, at most.
  static let memoryLimit = 4 * ProgramLanguage.memoryLimit

  init(_ problem: SequenceProblem, maxPrograms: UInt64, grammar: String?, context: CellContext) {
    self.problem = problem
    self.maxPrograms = maxPrograms
    languages = Self.languages(of: problem, grammar)
    self.context = context
  }

  /// Searches on the known outputs, and what their record says.
  private func search() throws -> (grammar: Grammar, report: SearchReport, outcome: Outcome) {
    if problem.isFinite, problem.isStream {
      try SplitTask.checkBeginnings(of: problem.training + problem.test.flatMap(\.examples), file: problem.name)
    }
    var outcome = Outcome()
    var tried: [JSONValue] = []
    var last: (grammar: Grammar, report: SearchReport)?
    for name in languages where last?.report.solutions.isEmpty ?? true {
      let (grammar, report) = try search(name)
      last = (grammar, report)
      outcome.add(report)
      tried.append([
        "grammar": .string(ProgramLanguage.fileName(name)), "stop": .string(report.stop.description),
        "programsCovered": .string(report.programs.description),
      ])
      if let solution = report.solutions.first {
        outcome.hypothesis = .object(
          ProgramLanguage.record(solution.program, solution.probability, in: grammar, ProgramLanguage.fileName(name)))
      }
    }
    let (grammar, report) = last!
    outcome.times["found"] = .real(context.cpuSeconds())
    outcome.stop = report.stop.description
    // Of the search in each language.
    outcome.budget = ProgramLanguage.budget(maxPrograms: maxPrograms, tableBytes: Self.memoryLimit)
    outcome.details["isShortest"] = .bool(report.isShortest && !report.solutions.isEmpty)
    outcome.details["languages"] = .array(tried)
    return (grammar, report, outcome)
  }

  private func search(_ language: String) throws -> (Grammar, SearchReport) {
    let grammar = try GrammarFile.grammar(ProgramLanguage.path(language))
    var configuration = LengthOrderedSearch.Configuration()
    configuration.probes = 0
    configuration.extraWork = 0
    configuration.countsMass = false
    configuration.maxPrograms = maxPrograms
    configuration.memoryLimit = Self.memoryLimit
    let training = problem.terms ?? SplitTask.examples(problem.training, isStream: problem.isStream)
    let report = try LengthOrderedSearch(grammar, configuration).run(training: training) { _ in context.shouldStop() }
    if report.stop == .interrupted { throw CellInterrupted() }
    return (grammar, report)
  }

  /// The program that is found, with its language and its prior; nil where there is none.
  func program() throws -> (term: Term, grammar: Grammar, probability: Rational)? {
    let (grammar, report, _) = try search()
    return report.solutions.first.map { (grammar.term(of: $0.program), grammar, $0.probability) }
  }

  func outcome() throws -> Outcome {
    var (grammar, report, outcome) = try search()
    let runner = report.solutions.first.map {
      ProgramRunner(grammar.term(of: $0.program), in: grammar, stepLimit: SymbolScore.stepLimit)
    }
    try outcome.score(problem) { examples in
      try examples.map { example in
        guard let runner else { return [] }
        return try answer(runner, example)
      }
    }
    return outcome
  }

  /// What a program answers to an example's input, in symbols; of a term none where it has no value.
  private func answer(_ runner: ProgramRunner, _ example: SequenceExample) throws(CellInterrupted) -> [Int] {
    guard problem.sequence != nil else {
      return try SymbolScore.answer(runner, example.input, isStream: problem.isStream) { () throws(CellInterrupted) in
        if context.shouldStop() { throw CellInterrupted() }
      }
    }
    if context.shouldStop() { throw CellInterrupted() }
    return SequenceTask.index(of: example.input).map { Self.answer(runner, at: $0) } ?? []
  }

  /// The symbols of a program's term at an index, none where it has no value.
  static func answer(_ runner: ProgramRunner, at index: Int64) -> [Int] {
    switch runner.run(on: [.integer(index)]).value {
    case .integer(let term)?: SequenceTask.termSymbols(term)
    case .large(let term)?: SequenceTask.termSymbols(term)
    default: []
    }
  }
}

// MARK: - Codes

extension SequenceProgram {
  /// Places where symbols may be: the padded lengths, which a receiver knows by the inputs; of a file the outputs' own.
  private var places: Int {
    problem.training.reduce(0) { $0 + problem.paddedOutputCount($1) }
  }

  /// Symbols that a program gets wrong; where it has none it is taken to say the first symbol.
  private func exceptions(of term: Term, in grammar: Grammar) throws -> Int {
    let runner = ProgramRunner(term, in: grammar, stepLimit: SymbolScore.stepLimit)
    var wrong = 0
    for example in problem.training {
      let answer = try answer(runner, example)
      for (place, symbol) in example.output.enumerated() {
        let said = place < answer.count && problem.data.output.holds([answer[place]]) ? answer[place] : 0
        if said != symbol { wrong += 1 }
      }
    }
    return wrong
  }

  /// The two-part code of the program that all outputs select.
  func code(_ name: String) throws -> Outcome {
    var (grammar, report, outcome) = try search()
    let solution = report.solutions.first
    let wrong = try solution.map { try exceptions(of: grammar.term(of: $0.program), in: grammar) } ?? problem.labelCount
    outcome.codes = [
      .twoPart(
        name, prior: solution?.probability, exceptions: wrong, labels: problem.labelCount, places: places,
        alphabet: problem.data.output.count, choices: languages.count)
    ]
    return outcome
  }
}
