import ArgumentParser
import Documents
import Evaluation
import ExactArithmetic
import Grammars
import Search
import Tasks

/// Flags that let the search name rivals of a program.
struct RivalOptions: ParsableArguments {
  @Option(
    help:
      "Rivals too: this many of the next-shortest functions that fit the training examples, by a search with the program's grammar."
  )
  var searchDecoys = 0
  @Option(help: "Share of the examples that those must fit (default: 3/10).")
  var trainFraction: String?
  @Option(help: "Number of examples that those must fit.")
  var trainCount: Int?
  @Option(help: "Seed of the split whose training examples these are.")
  var splitSeed: UInt64 = 0

  func validate() throws {
    guard (0...64).contains(searchDecoys) else {
      throw ValidationError("--search-decoys \(searchDecoys) is outside 0 … 64")
    }
    if searchDecoys == 0, trainFraction != nil || trainCount != nil || splitSeed != 0 {
      throw ValidationError("--train-fraction, --train-count and --split-seed go with --search-decoys")
    }
    _ = try size
  }

  fileprivate var size: Split.Size {
    get throws {
      try TaskOptions.size(fraction: trainFraction, count: trainCount, standard: .fraction(Rational(3, 10)))!
    }
  }
}

/// Rivals of a program that a search names: the next-shortest functions that fit the same examples and differ somewhere.
///
/// What no data rules out is a fairer rival than one that is made up. From many examples there mostly is none within
/// reach, which `summary` says with what was covered; from few there are several.
struct SearchRivals {
  let terms: [Term]
  /// What was found among which programs.
  let summary: String

  /// - Throws: `SearchError`, `TaskError`.
  init(of term: Term, in grammar: Grammar, _ task: TaskData, _ options: RivalOptions) throws {
    let split = try Split(of: task, size: options.size, seed: options.splitSeed)
    self.init(
      of: term, in: grammar, split.training, split.unseen,
      try Self.search(
        grammar, split.training, split.unseen, wanted: options.searchDecoys, maxPrograms: nil, shouldStop: { false }),
      wanted: options.searchDecoys)
  }

  /// Takes the rivals of a search's functions.
  init(
    of term: Term, in grammar: Grammar, _ training: [Example], _ unseen: [Example], _ report: SearchReport, wanted: Int
  ) {
    let examples = training + unseen
    let evaluator = BatchEvaluator(grammar, inputs: examples.map(\.inputs))
    let words = evaluator.words(of: term)
    // Functions of a report differ from each other on its signature, so at most one of them is the program's.
    let others = report.solutions.lazy.map { grammar.term(of: $0.program) }.filter { evaluator.words(of: $0) != words }
    terms = Array(others.prefix(wanted))
    let covered =
      report.completeProbability.map { "all programs of up to \(Number.rounded(-$0.log2, 1)) bits are covered" }
      ?? "no level is covered"
    summary =
      "\(terms.count) of \(wanted) other functions found that fit \(Number.grouped(training.count)) examples; \(covered)"
  }

  /// The search for `wanted` functions beside the program's.
  static func search(
    _ grammar: Grammar, _ training: [Example], _ unseen: [Example], wanted: Int, maxPrograms: UInt64?,
    shouldStop: @escaping () -> Bool
  ) throws -> SearchReport {
    var configuration = LengthOrderedSearch.Configuration()
    configuration.top = wanted + 1
    configuration.countsMass = false
    configuration.maxPrograms = maxPrograms
    configuration.memoryLimit = ProgramLanguage.memoryLimit
    return try LengthOrderedSearch(grammar, configuration).run(
      training: training, probes: unseen.prefix(4096).map(\.inputs)
    ) { _ in shouldStop() }
  }
}
