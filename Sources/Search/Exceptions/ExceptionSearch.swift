import Evaluation
public import ExactArithmetic
public import Grammars
import Randomness
public import Tasks

/// Finds programs for examples of which some are wrong: the least code of a program and its exceptions, the program by its
/// prior, the exceptions by `ExceptionCode`.
///
///     let report = try ExceptionSearch(grammar, labels: task.labels).run(training: examples)
///     report.solution?.exceptions         // the examples that the program does not give
///
/// 1. *Subsets.* A few examples drawn at random are likely to be all right. Their shortest programs are found by
///    `LengthOrderedSearch` and run on all examples (consensus: Fischler & Bolles 1981). Rounds of subsets of about 12, 24 and
///    48 bits of labels, each round with four times the work of the one before on each, end when one brings no shorter code.
/// 2. *Levels.* Then all programs are enumerated in order of length on some of the examples. A class that misses so many
///    of these that its code is longer, whatever it says of the others, is refuted with all of its programs; of every other
///    class that says something about these the first program is run on all examples.
///
/// Neither makes more than 2,000 levels of all nonterminals together, which are many where priors are no powers of two.
///
/// Any program makes a code, so that what is found is an upper bound; `ExceptionReport` says for which programs none is
/// shorter. Where programs loop, one that needs more than the step limit on an example counts as without a value when its
/// code is made, and as possibly right when classes are refuted. Orders, codes and refutations are exact; nothing depends on threads, hashing or the clock.
public struct ExceptionSearch {
  /// What is searched and within which limits.
  public struct Configuration: Hashable, Sendable {
    /// Candidates evaluated and goals looked up in both parts together, the subsets at most half of them; a candidate of the
    /// levels, and a program that is run on all examples, counts once for every eight that it is evaluated on.
    public var maxPrograms: UInt64 = 20_000_000
    /// Bytes of the tables.
    public var memoryLimit = 4 << 30
    /// In languages with loops or lists, steps of one operator on one example; see `LengthOrderedSearch`.
    public var stepLimit = LengthOrderedSearch.Configuration.standardStepLimit
    /// Of the subsets.
    public var seed: UInt64 = 0

    /// Limits of some seconds.
    public init() {}
  }

  /// What is known while the search runs.
  public struct Progress: Sendable {
    /// Candidates evaluated and goals looked up.
    public let programs: UInt64
    /// Subsets that are done.
    public let subsets: Int
    /// Bits of the level that is enumerated; nil before all subsets are done.
    public let bits: Double?
    /// The program of the shortest code so far.
    public let best: Program?
    /// What a later run needs to go on from here.
    public let log: ExceptionLog
  }

  /// The language that is searched.
  public let grammar: Grammar
  /// Y: the values that labels may have.
  public let labels: [Value]
  /// The limits.
  public let configuration: Configuration

  /// A search over `grammar` for labels of these values, at least one.
  public init(_ grammar: Grammar, labels: [Value], _ configuration: Configuration = Configuration()) {
    precondition(!labels.isEmpty, "no label")
    (self.grammar, self.labels, self.configuration) = (grammar, labels, configuration)
  }

  /// Searches for the program of the least code of all examples.
  ///
  /// - Parameters:
  ///   - training: examples, each once.
  ///   - resume: the log of an interrupted search over the same data and limits; its subsets are not repeated.
  ///   - progress: called now and then; true interrupts.
  /// - Throws: `SearchError` for a grammar or examples that cannot be searched.
  public func run(
    training: [Example], resume: ExceptionLog? = nil, progress: @escaping (Progress) -> Bool = { _ in false }
  ) throws -> ExceptionReport {
    try LengthOrderedSearch(grammar).validate(training)
    let attempt = ExceptionAttempt(self, training, resume ?? ExceptionLog(), progress)
    try attempt.runSubsets()
    if attempt.stop == nil { try attempt.runLevels() }
    return attempt.report
  }
}

/// What an exception search found, in exact numbers.
public struct ExceptionReport: Sendable {
  /// An example that a program misses.
  public struct Exception: Hashable, Sendable {
    /// Its place among the training examples.
    public let place: Int
    /// What the program says there; nil when it has no value.
    public let said: Value?
  }

  /// A program and what it does not give.
  public struct Solution: Hashable, Sendable {
    /// The program.
    public let program: Program
    /// Its exact prior.
    public let probability: Rational
    /// The training examples that it misses, in order.
    public let exceptions: [Exception]
    /// The prior times the probability of the exceptions: of the code −log2 is the length.
    public let code: Rational
  }

  /// Why the search ended: `found` or, without a solution, `exhausted` when no program beyond the complete levels has a
  /// shorter code.
  public let stop: StopReason
  /// Programs whose codes are shorter than the labels alone, of different values on the examples, the shortest code first: as
  /// many as were met, at most `mostSolutions`.
  public let solutions: [Solution]
  /// The program of the shortest code that was met, the first of those; nil when none was shorter than the labels alone.
  public var solution: Solution? { solutions.first }
  /// Programs that are kept.
  public static let mostSolutions = 16
  /// Levels of which every program was enumerated.
  public let completeLevels: Int
  /// Prior of the programs of the last of them; nil when there is none.
  public let completeProbability: Rational?
  /// Programs in them.
  public let programs: BigInteger
  /// Examples on which these were told apart.
  public let lanes: Int
  /// Their classes there.
  public let classes: Int
  /// Classes of which a program may have a shorter code than the solution, by what they say on those examples; among them
  /// mostly the solution's own. At 0 no program of the complete levels has one; where all examples tell programs apart it is.
  public let undecided: Int
  /// Subsets of examples that were searched.
  public let subsets: Int
  /// Programs that were run on all examples.
  public let tried: Int
  /// Candidates evaluated.
  public let candidates: UInt64
  /// Goals looked up.
  public let lookups: UInt64
  /// Candidates run forward on one example or more, without being stored.
  public let filtered: UInt64
  /// Peak bytes of the tables.
  public let bytes: Int
  /// What a later run needs to go on.
  public let log: ExceptionLog

  /// Whether no program at all has a shorter code: the longer ones because their priors are too small, the others by their
  /// values.
  public var isLeast: Bool { (stop == .found || stop == .exhausted) && undecided == 0 }
}

/// What the subsets gave so far.
public struct ExceptionLog: Hashable, Sendable {
  /// A program and the subset that first gave it.
  public struct Met: Hashable, Sendable {
    /// Number of the subset, from 0.
    public let subset: Int
    /// The program, as the numbers of its productions in preorder.
    public let program: [Int32]
    /// A program with the subset that first gave it.
    public init(subset: Int, program: [Int32]) { (self.subset, self.program) = (subset, program) }
  }
  /// Subsets that are done.
  public var subsets: Int
  /// Their programs, each once, in the order in which they were met.
  public var programs: [Met]
  /// Counters of their searches.
  public var work: SearchLog.Work
  /// Peak bytes of their tables.
  public var bytes: Int
  /// A log from its parts, as a checkpoint holds them.
  public init(subsets: Int = 0, programs: [Met] = [], work: SearchLog.Work = .init(), bytes: Int = 0) {
    (self.subsets, self.programs, self.work, self.bytes) = (subsets, programs, work, bytes)
  }
}
