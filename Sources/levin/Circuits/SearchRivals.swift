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

  /// What rivals have to fit: the examples that the flags name, of which few leave many rivals; without flags those that the
  /// networks were trained on.
  func examples(_ study: StudyOptions, of networks: [String], _ task: TaskData) throws -> SplitTask {
    try split.split(study, of: split.isStandard ? RunSplit.common(to: networks, of: task) : nil)
  }

  func validate() throws {
    guard (0...64).contains(searchDecoys) else {
      throw ValidationError("--search-decoys \(searchDecoys) is outside 0 … 64")
    }
    if searchDecoys == 0, !split.isStandard {
      throw ValidationError("--train-fraction, --train-count, --split-seed and --shuffle go with --search-decoys")
    }
  }
}

/// Where programs of one language differ: on inputs on which both have a value.
///
/// `a/(a/(a + b))` has none for some pairs modulo p and is a + b for all others: it says nothing else than a + b does.
struct ProgramDifference {
  private let evaluator: BatchEvaluator
  private let isTotal: Bool

  init(_ grammar: Grammar, on inputs: [[Value]]) {
    evaluator = BatchEvaluator(grammar, inputs: inputs)
    // Every word is a value there.
    isTotal = grammar.resultSort.isBitVector
  }

  /// The program's values, to be compared.
  func words(of term: Term) -> [Int64] { evaluator.words(of: term) }

  /// Whether two programs differ somewhere, by their words.
  func differ(_ words: [Int64], _ others: [Int64]) -> Bool {
    zip(words, others).contains { own, their in
      own != their && (isTotal || (own != Value.noValueWord && their != Value.noValueWord))
    }
  }
}

/// Rivals of a program that a search names: the next-shortest functions that fit the same examples and differ from it on some
/// input on which both have a value.
///
/// A rival may itself lack values: interchanges are drawn where it has them. What its null says is with `Agreement`.
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
      grammar, split.training, probes: split.unseen[...], top: wanted + Self.spare, extraWork: 1, countsMass: false,
      maxPrograms: nil)
    self.init(of: term, in: grammar, split.training, split.unseen, report, wanted: wanted)
  }

  /// Takes the rivals of a search's functions.
  init(
    of term: Term, in grammar: Grammar, _ training: [Example], _ unseen: [Example], _ report: SearchReport, wanted: Int
  ) {
    let difference = ProgramDifference(grammar, on: (training + unseen).map(\.inputs))
    let words = difference.words(of: term)
    let others = report.solutions.lazy.map { grammar.term(of: $0.program) }
      .filter { difference.differ(difference.words(of: $0), words) }
    terms = Array(others.prefix(wanted))
    let covered =
      report.completeProbability.map { "all programs of up to \(Number.rounded(-$0.log2, 1)) bits are covered" }
      ?? "no level is covered"
    summary =
      "\(terms.count) of \(wanted) other functions found that fit \(Number.grouped(training.count)) examples; \(covered)"
  }

  /// Functions that a search is asked for beside the rivals wanted: the program's own, and those that are the program's
  /// wherever they have values, of which there are many. What it costs is bounded by the search's extra work, not by this.
  private static let spare = 64
}
