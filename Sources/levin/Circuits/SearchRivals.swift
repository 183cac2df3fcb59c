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
  @OptionGroup var split: SplitOptions

  func validate() throws {
    guard (0...64).contains(searchDecoys) else {
      throw ValidationError("--search-decoys \(searchDecoys) is outside 0 … 64")
    }
    if searchDecoys == 0, !split.isStandard {
      throw ValidationError("--train-fraction, --train-count, --split-seed and --shuffle go with --search-decoys")
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

  /// Searches with the training examples of a split.
  ///
  /// - Throws: `SearchError`.
  init(of term: Term, in grammar: Grammar, _ split: SplitTask, wanted: Int) throws {
    let report = try ProgramLanguage.search(
      grammar, split.training, probes: split.unseen[...], top: wanted + 1, extraWork: 1, countsMass: false,
      maxPrograms: nil)
    self.init(of: term, in: grammar, split.training, split.unseen, report, wanted: wanted)
  }

  /// Takes the rivals of a search's functions.
  init(
    of term: Term, in grammar: Grammar, _ training: [Example], _ unseen: [Example], _ report: SearchReport, wanted: Int
  ) {
    let evaluator = BatchEvaluator(grammar, inputs: (training + unseen).map(\.inputs))
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
}
