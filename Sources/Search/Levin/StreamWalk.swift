import Evaluation
public import ExactArithmetic
public import Grammars

/// Runs all programs n ↦ f(n) along a sequence: the program prints f(offset), f(offset + 1), …
///
///     let tally = try StreamWalk(grammar).run(along: [0, 1, 4, 9], phase: 20)
///     tally.stream.next[16]?.total        // prior of the programs found that print 0, 1, 4, 9, 16
///
/// Within phase k a program p prints its symbol at a place when the steps of all symbols up to there are at most ⌊2^k·P(p)⌋.
/// What it prints does not depend on how far the sequence goes on, and a later phase prints no less.
///
/// Programs that differ in the order of arguments within a body are run once and counted as many times as they are (with
/// `.kt`, each for itself).
public struct StreamWalk: Sendable {
  /// The language of the programs: functions Int → Int.
  public let grammar: Grammar
  /// The first n.
  public let offset: Int64
  /// What each program counts for.
  public let prior: SequencePrior
  /// What may come next; nil for all integers.
  public let alphabet: Set<Int64>?
  private let tables: WalkTables

  /// - Throws: `SearchError` for a grammar of other functions than Int → Int, or one whose programs are not searched.
  public init(
    _ grammar: Grammar, offset: Int64 = 0, prior: SequencePrior = .length, alphabet: Set<Int64>? = nil
  ) throws(SearchError) {
    guard grammar.parameters.map(\.sort) == [.int], grammar.resultSort == .int else {
      throw SearchError("sequences are predicted by functions Int -> Int; the grammar is for others")
    }
    try LengthOrderedSearch(grammar).validateGrammar()
    try LengthOrderedSearch(grammar).refuseNullaryCalls()
    do { tables = WalkTables(grammar, machine: try FlatMachine(grammar)) } catch {
      throw SearchError("\(error)")
    }
    (self.grammar, self.offset, self.prior, self.alphabet) = (grammar, offset, prior, alphabet)
  }

  /// What is known while a walk runs.
  public struct Progress {
    /// Prefixes of derivations visited.
    public let prefixes: UInt64
    /// Programs run.
    public let programs: UInt64
    /// Interpreter steps taken.
    public let steps: UInt64
    private let walk: DerivationWalk

    fileprivate init(_ walk: DerivationWalk) {
      self.walk = walk
      (prefixes, programs, steps) = (walk.tally.prefixes, walk.tally.programs, walk.tally.steps)
    }

    /// The prior of the programs met, exact; at the end 1. To be asked while the walk waits.
    public var met: Rational {
      walk.collect()
      return walk.tally.total
    }
  }

  /// Symbols of a sequence at most: a program keeps some words for each at every operator.
  public static let longestSequence = 100_000

  /// Runs the programs of a phase.
  ///
  /// A common beginning is run operator by operator, on all places that its share reaches. What was taken on a later place
  /// stays taken when a later operator leaves that place beyond the share: the share bounds the steps on each place, not
  /// their sum.
  ///
  /// - Parameters:
  ///   - sequence: in the alphabet, if there is one.
  ///   - progress: called now and then; true ends the walk.
  /// - Returns: what was met; its `total` is 1 exactly, and less of a walk that was ended before.
  /// - Complexity: at most 2^phase steps on each of the n + 1 places of n symbols and of the one after them,
  ///   (n + 1)·2^phase in all (asserted), and memory for one program.
  public func run(
    along sequence: [Int64], phase: Int, progress: @escaping (Progress) -> Bool = { _ in false }
  ) throws(SearchError) -> WalkTally {
    precondition(phase >= 0 && phase < 63, "phase \(phase)")
    precondition(alphabet.map { $0.isSuperset(of: sequence) } ?? true, "a symbol outside the alphabet")
    let (last, overflow) = offset.addingReportingOverflow(Int64(sequence.count))
    guard !overflow, offset != Value.noValueWord else { throw SearchError("n leaves 64 bits") }
    guard sequence.count <= Self.longestSequence else {
      throw SearchError(
        "a sequence of \(sequence.count) symbols; programs are run along at most \(Self.longestSequence)")
    }
    let machine: FlatMachine
    do { machine = try FlatMachine(grammar) } catch { throw SearchError("\(error)") }
    let walk = DerivationWalk(
      tables, machine: machine, inputs: (offset...last).map { [$0] }, expected: sequence, goal: .stream,
      usesLaws: false, mergesCopies: prior != .kt, weighting: prior)
    walk.alphabet = alphabet
    walk.isInterrupted = { [unowned walk] in progress(Progress(walk)) }
    walk.walk(phase: phase)
    let tally = walk.tally
    precondition(walk.isOver || tally.total == 1, "programs of prior \(tally.total) were met, and not of 1")
    let bound = BigInteger(sequence.count + 1) << phase
    precondition(
      BigInteger(tally.steps) <= bound, "\(tally.steps) steps on \(sequence.count + 1) places in phase \(phase)")
    return tally
  }
}
