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
        weight: solution.mass ?? solution.probability,
        runner: ProgramRunner(grammar.term(of: solution.program), in: grammar, stepLimit: SymbolScore.stepLimit)
      )
    }
    try outcome.score(problem) { examples in
      try examples.map { example in
        guard let index = SequenceTask.index(of: example.input) else { return [] }
        var votes: [(answer: [Int], weight: Rational)] = []
        for function in functions {
          if context.shouldStop() { throw CellInterrupted() }
          let answer = SequenceProgram.answer(function.runner, at: index)
          if answer.isEmpty { continue }
          if let known = votes.firstIndex(where: { $0.answer == answer }) {
            votes[known].weight += function.weight
          } else {
            votes.append((answer, function.weight))
          }
        }
        // Of equal weights that of the shorter program, which comes first.
        var best = votes.first
        for vote in votes.dropFirst() where vote.weight > best!.weight { best = vote }
        return best?.answer ?? []
      }
    }
    if !functions.isEmpty {
      outcome.hypothesis = ["functions": .integer(functions.count), "grammar": .string(grammarName)]
    }
    outcome.details["functions"] = .array(
      report.solutions.map { solution in
        var record = record(solution)
        record["posteriorLower"] = solution.posterior.map { .exact($0.lower) } ?? .null
        record["posteriorUpper"] = solution.posterior.map { .exact($0.upper) } ?? .null
        return .object(record)
      })
    return outcome
  }

  /// −log2 of the prior of the programs that were run on every index and give every term; the terms alone where none does.
  func code(_ name: String) throws -> Outcome {
    var (report, outcome) = try search(asked: [])
    let alphabet = problem.data.output.count
    guard let first = report.solutions.first else {
      outcome.codes = [.withoutProgram(name, labels: problem.labelCount, alphabet: alphabet)]
      return outcome
    }
    let mass = first.mass ?? first.probability
    outcome.codes = [.mixture(name, mass: mass, labels: problem.labelCount, alphabet: alphabet)]
    outcome.hypothesis = .object(record(first))
    let most = mass + grammar.terminationMass()[0].upper - report.resolvedMass
    outcome.details["mixtureAtMost"] = .exact(most)
    outcome.details["leastBits"] = .real(most >= 1 ? 0 : -most.log2)
    return outcome
  }

  private func record(_ solution: SearchReport.Solution) -> [String: JSONValue] {
    var record = ProgramLanguage.record(solution.program, solution.probability, in: grammar, grammarName)
    record["mass"] = solution.mass.map { .exact($0) } ?? .null
    return record
  }
}
