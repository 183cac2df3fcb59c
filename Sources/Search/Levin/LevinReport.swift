public import ExactArithmetic
import Grammars
public import Tasks

/// What a Levin search did so far: all that a later run needs to go on.
public struct LevinLog: Sendable {
  /// A finished phase.
  public struct Phase: Sendable {
    /// k, from 1.
    public let number: Int
    /// What its walk counted.
    public let tally: WalkTally

    /// A finished phase with its tally.
    public init(number: Int, tally: WalkTally) {
      self.number = number
      self.tally = tally
    }
  }
  /// Phases 1, 2, …
  public var phases: [Phase] = []
  /// Parts of the phase that is not finished: what comes before the shards, then shards in order.
  public var shards: [WalkTally] = []

  /// Nothing done yet.
  public init() {}

  /// Steps of everything, the unfinished phase included.
  public var steps: UInt64 { phases.reduce(0) { $0 + $1.tally.steps } + shards.reduce(0) { $0 + $1.steps } }
  /// Programs run, once per phase.
  public var programs: UInt64 { phases.reduce(0) { $0 + $1.tally.programs } + shards.reduce(0) { $0 + $1.programs } }
  /// Prefixes visited, once per phase.
  public var prefixes: UInt64 { phases.reduce(0) { $0 + $1.tally.prefixes } + shards.reduce(0) { $0 + $1.prefixes } }

  /// Adds the shards up.
  mutating func finishPhase(_ number: Int) -> WalkTally {
    var tally = shards[0]
    for shard in shards.dropFirst() { tally.add(shard) }
    phases.append(Phase(number: number, tally: tally))
    shards = []
    return tally
  }
}

/// What a Levin search found, and the proof that it kept its bound.
public struct LevinReport: Sendable {
  /// Why it ended.
  public let stop: StopReason
  /// Programs that give all outputs, least steps per prior first; of the last phase all that there are up to `top`.
  public let solutions: [WalkTally.Solution]
  /// The phase that was run last; its number is ⌈Kt⌉ of the first solution, Kt = ℓ + log2 t.
  public let phase: Int
  /// Whether that phase was finished.
  public let isComplete: Bool
  /// Interpreter steps of all phases.
  public let steps: UInt64
  /// Programs run, once per phase.
  public let programs: UInt64
  /// Prefixes visited, once per phase.
  public let prefixes: UInt64
  /// The last finished phase's tally.
  public let tally: WalkTally?
  /// Certified bounds of the prior of all finite programs.
  public let terminationMass: RationalInterval
  /// What a later run needs to go on.
  public let log: LevinLog

  /// 2^(phase+1), of a search that found a program 2^(⌈Kt⌉+1): the steps of all phases stay under it.
  ///
  /// Under 2^(Kt+1) they need not stay: the phase in which a program of cost Kt is found may have nearly 2·2^Kt steps,
  /// 2^Kt = t/P, and the phases before it as many again. All stay under 2^(Kt+2) = 4·t/P, as ⌈Kt⌉ < Kt + 1.
  public var bound: BigInteger { BigInteger(1) << (phase + 1) }

  init(_ search: LevinSearch, _ log: LevinLog, stop: StopReason) {
    self.stop = stop
    self.log = log
    isComplete = log.shards.isEmpty
    phase = log.phases.count + (log.shards.isEmpty ? 0 : 1)
    var unfinished = log.shards.first
    for shard in log.shards.dropFirst() { unfinished?.add(shard) }
    let found = log.shards.isEmpty ? log.phases.last?.tally.solutions : unfinished?.solutions
    solutions = Array((found ?? []).prefix(search.configuration.top))
    (steps, programs, prefixes) = (log.steps, log.programs, log.prefixes)
    tally = log.phases.last?.tally
    terminationMass = search.grammar.terminationMass()[0]
    guard search.configuration.order == .cost else { return }
    precondition(
      BigInteger(steps) < bound, "\(steps) steps in \(phase) phases, and not under 2^\(phase + 1)")
    precondition(
      Rational(BigInteger(steps)) <= Rational(bound) * terminationMass.upper,
      "\(steps) steps in \(phase) phases, more than 2^\(phase + 1) times the prior of all programs")
    for solution in solutions {
      precondition(
        Rational(BigInteger(solution.steps)) <= Rational(BigInteger(1) << phase) * solution.probability,
        "a program with \(solution.steps) steps exceeds its share of phase \(phase)")
    }
  }
}
