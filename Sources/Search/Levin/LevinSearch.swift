import Dispatch
import Evaluation
import ExactArithmetic
public import Grammars
import Synchronization
import Tasks

/// Finds the programs of least Levin cost: description length plus the logarithm of running time.
///
/// In phase k = 1, 2, … every program p runs on all examples for at most ⌊2^k·P(p)⌋ interpreter steps, compared in exact
/// integers for any rational prior; the first phase with a program that gives all outputs is finished and ends the search.
/// What programs have in common at their beginning runs once (`DerivationWalk`). Nothing found is stored between phases, so
/// memory is that of one path per thread.
///
/// The programs of a phase are cut into shards by their first productions; shards run on any number of threads and are
/// added up in order, so that the result and every count are those of one thread.
///
/// - Complexity: the steps of all phases up to k are at most 2^(k+1), in fact at most that times the prior of all finite
///   programs: at a prefix q, what is run below it fits into 2^k·P(q) (asserted at the end of every phase).
/// - Source: Levin 1973, universal sequential search; phases as in Schmidhuber 2002 (FAST). Lengths satisfy Kraft's
///   inequality because programs are derivations.
public struct LevinSearch: Sendable {
  /// In which order programs are run, and how far.
  public enum Order: Hashable, Sendable {
    /// Phases: program p for 2^k·P(p) steps in phase k.
    case cost
    /// Plain length order, for comparison: "phase" k runs every program of at most k bits for so many steps, all examples
    /// together. No bound holds but that number times the programs.
    case length(stepLimit: UInt64)
  }

  /// Limits; nil does not apply.
  public struct Configuration: Hashable, Sendable {
    /// What a phase gives a program.
    public var order = Order.cost
    /// Programs wanted, least Levin cost first.
    public var top = 1
    /// Interpreter steps, asked after every shard.
    public var maxSteps: UInt64?
    /// Programs run, asked after every shard.
    public var maxPrograms: UInt64?
    /// Longest programs, in bits.
    public var maxBits: Int?
    /// No phase after this one, 1 … 62: the steps of all phases then fit 64 bits.
    public var maxPhase = LevinSearch.lastPhase
    /// By the clock; a run that it ends is not reproducible.
    public var timeLimit: Duration?
    /// Shards walked at once; the result does not depend on it.
    public var threads = 1
    /// Whether programs that a law makes equal to a shorter one are left out (tests).
    public var usesLaws = true
    /// Whether a common beginning of programs runs once; else every program runs from its beginning (benchmarks).
    public var sharesPrefixes = true
    /// Whether rounds of a search whose test is settled are counted, not run; steps and results are the same (benchmarks).
    public var countsSettledRounds = true

    /// No limit, one program, one thread.
    public init() {}
  }

  /// What is known while the search runs.
  public struct Progress: Sendable {
    /// The phase that is walked now.
    public let phase: Int
    /// Its parts that are done.
    public let shardsDone: Int
    /// All its parts.
    public let shards: Int
    /// What a later run needs to go on from here.
    public let log: LevinLog
  }

  /// Programs of more symbols than that, within one or two, stay open in every phase: a walk keeps all on the call stack.
  public static let mostSymbols = 2_000
  /// 62: the greatest phase that there is.
  public static let lastPhase = 62

  /// The language that is searched.
  public let grammar: Grammar
  /// The order and the limits.
  public let configuration: Configuration

  /// A search over `grammar`.
  public init(_ grammar: Grammar, _ configuration: Configuration = Configuration()) {
    precondition((1...Self.lastPhase).contains(configuration.maxPhase), "last phase \(configuration.maxPhase)")
    self.grammar = grammar
    self.configuration = configuration
  }
}

extension LevinSearch {
  /// Searches for programs that agree with all of `training`.
  ///
  /// - Parameters:
  ///   - resume: the log of an interrupted search over the same data; its phases and shards are not run again.
  ///   - progress: called now and then, from one thread at a time; true interrupts.
  /// - Throws: `SearchError` for a grammar with loops or lists beside bit vectors or permutations, or with integers beside
  ///   bit vectors, for examples that do not fit it, and for a log with parts of another walk (`LevinLog.fault(over:)` tells what
  ///   can be told before).
  public func run(
    training: [Example], resume: LevinLog? = nil, progress: @escaping @Sendable (Progress) -> Bool = { _ in false }
  ) throws(SearchError) -> LevinReport {
    let search = LengthOrderedSearch(grammar)
    try search.validate(training)
    try search.refuseNullaryCalls()
    let run = try LevinRun(self, training, progress)
    return try run.run(resume ?? LevinLog())
  }
}

/// One run of the search.
final class LevinRun: Sendable {
  private let search: LevinSearch
  private let tables: WalkTables
  private let training: [Example]
  private let progress: @Sendable (LevinSearch.Progress) -> Bool
  private let start = ContinuousClock.now
  private let isStopped = Atomic<Bool>(false)
  private let isOverTime = Atomic<Bool>(false)

  init(
    _ search: LevinSearch, _ training: [Example], _ progress: @escaping @Sendable (LevinSearch.Progress) -> Bool
  ) throws(SearchError) {
    self.search = search
    self.progress = progress
    let machine: FlatMachine
    do { machine = try FlatMachine(search.grammar) } catch {
      throw SearchError("no Levin search over this grammar: \(error)")
    }
    tables = WalkTables(search.grammar, machine: machine)
    self.training = training
  }

  private var limits: LevinSearch.Configuration { search.configuration }

  private func makeWalk(_ phase: Int) -> DerivationWalk {
    guard let machine = try? FlatMachine(search.grammar) else { preconditionFailure("the grammar was accepted before") }
    machine.countsSettledRounds = limits.countsSettledRounds
    let inputs = training.map { $0.inputs.map { machine.word($0) } }
    let expected = training.map { machine.word($0.output) }
    let walk = DerivationWalk(
      tables, machine: machine, inputs: inputs, expected: expected, goal: .outputs, maxBits: limits.maxBits,
      usesLaws: limits.usesLaws, mergesCopies: limits.usesLaws, solutionLimit: max(16, limits.top))
    walk.settings.sharesPrefixes = limits.sharesPrefixes
    if case .length(let steps) = limits.order {
      walk.settings.fixedLimit = steps
      walk.settings.maxBits = Int32(phase)
    }
    walk.isInterrupted = { [unowned self] in isStopped.load(ordering: .relaxed) || checkClock() }
    return walk
  }

  private func checkClock() -> Bool {
    guard let limit = limits.timeLimit, ContinuousClock.now - start > limit else { return false }
    isOverTime.store(true, ordering: .relaxed)
    return true
  }

  func run(_ log: LevinLog) throws(SearchError) -> LevinReport {
    var log = log
    while true {
      // What the phases say comes before limits: a limit reached with the last step of the last phase ends nothing.
      if let stop = verdict(log) { return LevinReport(search, log, stop: stop) }
      if log.shards.isEmpty, let stop = limit(log) { return LevinReport(search, log, stop: stop) }
      if let stop = try run(log.phases.count + 1, &log) { return LevinReport(search, log, stop: stop) }
    }
  }

  /// Why no phase comes after those of a log, one that was read too; nil when one does.
  private func verdict(_ log: LevinLog) -> StopReason? {
    if let tally = log.phases.last?.tally {
      if !tally.solutions.isEmpty { return .found }
      switch limits.order {
      case .cost:
        if tally.open.isZero, tally.tooLong.isZero { return .exhausted }
        if tally.open.isZero, let bits = limits.maxBits { return .maxBits(bits) }
      case .length:
        if let bits = limits.maxBits, log.phases.count >= bits { return .maxBits(bits) }
        if tally.tooLong.isZero { return .exhausted }
      }
    }
    return log.phases.count >= limits.maxPhase ? .maxPhase(limits.maxPhase) : nil
  }

  /// Runs a phase; nil when it is finished, or why it is not.
  private func run(_ phase: Int, _ log: inout LevinLog) throws(SearchError) -> StopReason? {
    let spine = makeWalk(phase)
    var shards: [DerivationShard] = []
    // Small phases are one piece.
    if phase > Self.leastSplitPhase {
      spine.settings.splitBits = Self.splitBits
      spine.hand = { shards.append($0) }
    }
    spine.walk(phase: phase)
    if spine.isOver { return stopNow }
    if let fault = log.fault(inPhase: phase, spine: spine.tally, shards: shards, search.grammar) {
      throw SearchError("the search cannot go on: \(fault)")
    }
    if let stop = run(shards, phase, spine.tally, &log) { return stop }
    let tally = log.finishPhase(phase)
    precondition(tally.total == 1, "phase \(phase) met programs of prior \(tally.total) and not 1")
    precondition(
      limits.order != .cost || tally.steps <= 1 << UInt64(phase),
      "phase \(phase) took \(tally.steps) steps, more than 2^\(phase)")
    return nil
  }

  private static let leastSplitPhase = 20
  private static let splitBits: Int32 = 9

  private var stopNow: StopReason {
    if isOverTime.load(ordering: .relaxed), let limit = limits.timeLimit { return .timeLimit(limit) }
    return .interrupted
  }

  private func limit(_ log: LevinLog) -> StopReason? { limit(steps: log.steps, programs: log.programs) }

  private func limit(steps: UInt64, programs: UInt64) -> StopReason? {
    if let most = limits.maxSteps, steps >= most { return .maxSteps(most) }
    if let most = limits.maxPrograms, programs >= most { return .maxPrograms(most) }
    return nil
  }

  private func run(_ shards: [DerivationShard], _ phase: Int, _ spine: WalkTally, _ log: inout LevinLog) -> StopReason?
  {
    if log.shards.isEmpty { log.shards.append(spine) }
    let first = log.shards.count - 1
    // A log may have been ended by the same limit; after the last shard the phase comes first.
    if first > 0, first < shards.count, let stop = limit(log) { return stop }
    let work = ShardWork(log: log, first: first)
    let threads = max(1, min(limits.threads, shards.count - first))
    if first < shards.count {
      DispatchQueue.concurrentPerform(iterations: threads) { _ in
        let walk = makeWalk(phase)
        while let index = work.take(shards.count) {
          walk.tally = WalkTally(positions: 0, solutionLimit: walk.tally.solutionLimit)
          walk.walk(shards[index], phase: phase)
          if walk.isOver || isStopped.load(ordering: .relaxed) { return }
          work.finish(index, walk.tally) { log, steps, programs in
            let shown = LevinSearch.Progress(
              phase: phase, shardsDone: log.shards.count - 1, shards: shards.count, log: log)
            return limit(steps: steps, programs: programs) != nil || progress(shown) || checkClock()
          }
          if work.isOver { isStopped.store(true, ordering: .relaxed) }
        }
      }
    } else if progress(LevinSearch.Progress(phase: phase, shardsDone: 0, shards: 0, log: log)) || checkClock() {
      return stopNow
    }
    log = work.log
    if log.shards.count == shards.count + 1 { return nil }
    return limit(log) ?? stopNow
  }
}

/// Shards given out in order, and their tallies taken back in order.
private final class ShardWork: Sendable {
  private struct State {
    var log: LevinLog
    var next: Int
    /// Those of the log, summed once.
    var steps: UInt64
    var programs: UInt64
    var waiting: [Int: WalkTally] = [:]
    var isOver = false
  }
  private let state: Mutex<State>

  init(log: LevinLog, first: Int) {
    state = Mutex(State(log: log, next: first, steps: log.steps, programs: log.programs))
  }

  var log: LevinLog { state.withLock { $0.log } }
  var isOver: Bool { state.withLock { $0.isOver } }

  func take(_ count: Int) -> Int? {
    state.withLock { state in
      guard !state.isOver, state.next < count else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  /// Adds a tally, and those that waited for it; asks `isEnd` after each, in order.
  func finish(
    _ index: Int, _ tally: WalkTally, isEnd: (_ log: LevinLog, _ steps: UInt64, _ programs: UInt64) -> Bool
  ) {
    state.withLock { state in
      state.waiting[index] = tally
      while !state.isOver, let tally = state.waiting.removeValue(forKey: state.log.shards.count - 1) {
        state.log.shards.append(tally)
        state.steps += tally.steps
        state.programs += tally.programs
        state.isOver = isEnd(state.log, state.steps, state.programs)
      }
    }
  }
}
