import Comparison
import Documents
import Evaluation
import ExactArithmetic
import Grammars
import Search
import Tasks

/// The mixture over programs for an integer sequence: functions are told apart on every term that is given and at every index
/// that is asked, so each has the exact prior of all its programs met.
struct TermMixture {
  private let problem: SequenceProblem
  private let sequence: SequenceTask
  /// Those that are known.
  private let terms: [Example]
  private let grammar: Grammar
  private let grammarName: String
  private let maxPrograms: UInt64
  private let context: CellContext

  init(
    _ problem: SequenceProblem, _ sequence: SequenceTask, maxPrograms: UInt64, grammar: String?, context: CellContext
  ) throws {
    let language = SequenceProgram.languages(of: problem, grammar)[0]
    self.grammar = try GrammarFile.grammar(ProgramLanguage.path(language))
    grammarName = ProgramLanguage.fileName(language)
    self.problem = problem
    self.sequence = sequence
    terms = Array(sequence.examples.prefix(problem.training.count))
    self.maxPrograms = maxPrograms
    self.context = context
  }

  /// Searches on the known terms; `asked` are indices at which functions are told apart too.
  private func search(asked: [Example]) throws -> (report: SearchReport, outcome: Outcome) {
    var configuration = LengthOrderedSearch.Configuration()
    configuration.top = ProgramMixtureMethod.top
    configuration.extraWork = ProgramMixtureMethod.extraWork
    configuration.signatureExamples = terms.count
    configuration.probes = asked.count
    configuration.maxPrograms = maxPrograms
    configuration.memoryLimit = SequenceProgram.memoryLimit
    let report = try LengthOrderedSearch(grammar, configuration).run(training: terms, probes: asked.map(\.inputs)) {
      _ in
      context.shouldStop()
    }
    if report.stop == .interrupted { throw CellInterrupted() }
    var outcome = Outcome()
    outcome.stop = report.stop.description
    outcome.budget = ProgramLanguage.budget(maxPrograms: maxPrograms, tableBytes: SequenceProgram.memoryLimit)
    outcome.add(report)
    outcome.times["found"] = .real(context.cpuSeconds())
    outcome.details = [
      "resolvedMass": .exact(report.resolvedMass), "isShortest": .bool(report.isShortest && !report.solutions.isEmpty),
    ]
    return (report, outcome)
  }

  /// Answers every other index with the term of greatest weight.
  func outcome() throws -> Outcome {
    var (report, outcome) = try search(asked: Array(sequence.examples.dropFirst(terms.count)))
    let functions = report.solutions.map { solution in
      (
        mass: solution.mass ?? solution.probability,
        runner: ProgramRunner(grammar.term(of: solution.program), in: grammar, stepLimit: SymbolScore.stepLimit)
      )
    }
    try outcome.score(problem) { examples in
      try examples.map { example in
        guard let index = SequenceTask.index(of: example.input) else { return [] }
        let votes = try functions.map { function in
          if context.shouldStop() { throw CellInterrupted() }
          return (mass: function.mass, answer: SequenceProgram.answer(function.runner, at: index))
        }
        return ProgramMixtureMethod.answer(votes.filter { !$0.answer.isEmpty }) ?? []
      }
    }
    if !functions.isEmpty {
      outcome.hypothesis = ["functions": .integer(functions.count), "grammar": .string(grammarName)]
    }
    outcome.details["functions"] = .array(report.solutions.map { .object(record($0)) })
    return outcome
  }

  /// −log2 of the prior of the programs that were run on every index and give every term; the terms alone where none does.
  func code(_ name: String) throws -> Outcome {
    var (report, outcome) = try search(asked: [])
    let mass = report.solutions.first.map { $0.mass ?? $0.probability }
    outcome.codes = [.mixture(name, mass: mass, labels: problem.labelCount, alphabet: problem.data.output.count)]
    if let mass {
      outcome.hypothesis = .object(record(report.solutions[0]))
      let most = mass + grammar.terminationMass()[0].upper - report.resolvedMass
      outcome.details["mixtureAtMost"] = .exact(most)
      outcome.details["leastBits"] = .real(most >= 1 ? 0 : -most.log2)
    }
    return outcome
  }

  private func record(_ solution: SearchReport.Solution) -> [String: JSONValue] {
    ProgramLanguage.record(solution.program, solution.probability, in: grammar, grammarName)
      .merging(solution.massRecord) { $1 }
  }
}
