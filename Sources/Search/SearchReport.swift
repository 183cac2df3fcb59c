public import ExactArithmetic
public import Grammars
public import Tasks

/// What a search found and covered, in exact numbers.
public struct SearchReport: Sendable {
  /// One function that agrees with all examples.
  public struct Solution: Sendable {
    /// Its shortest program, the first in enumeration order.
    public let program: Program
    /// The program's exact prior.
    public let probability: Rational
    /// Exact prior of all programs, up to the last complete level, that equal this one on the signature. Nil when mass
    /// was not counted.
    ///
    /// Functions are told apart by their values on the signature alone: programs that differ from this one only
    /// elsewhere are counted here too. A wider signature splits them off.
    public let mass: Rational?
    /// Certified bounds of the share of those programs in the prior of all programs that agree with the signature's
    /// examples, unvisited ones included.
    public let posterior: RationalInterval?
  }

  /// Why the search ended.
  public let stop: StopReason
  /// Shortest first.
  public let solutions: [Solution]
  /// Whether the first solution is the shortest program: all shorter ones were covered. Where programs loop, one that was
  /// found beyond the complete levels is reported too, with false, and no mass.
  public let isShortest: Bool
  /// Levels of the start nonterminal that are complete: every program in them was covered.
  public let completeLevels: Int
  /// Prior of the programs in the last complete level; nil when none is complete.
  public let completeProbability: Rational?
  /// Exact number of programs in the complete levels.
  public let programs: BigInteger
  /// Exact prior of the programs in the complete levels.
  public let resolvedMass: Rational
  /// Exact prior of the programs in the complete levels that agree with the signature's examples; nil when mass was not
  /// counted.
  public let consistentMass: Rational?
  /// Candidates evaluated and stored or merged.
  public let candidates: UInt64
  /// Goals looked up.
  public let lookups: UInt64
  /// Candidates run forward on one example or more, without being stored.
  public let filtered: UInt64
  /// Classes of all nonterminals: programs told apart by their values on the signature.
  public let classes: Int
  /// Start levels stored (the others were looked up).
  public let storedLevels: Int
  /// Peak bytes of the search's tables, indexes of lookups included; a resumed run builds those at other times.
  public let bytes: Int
  /// Bytes of the classes stored at the end, the same for a resumed run.
  public let classBytes: Int
  /// Time by the clock that went into looking for programs beyond the complete levels, since this run began; no count above has it.
  public let timeBeyondLevels: Duration
  /// Training examples in the final signature, by index, and how many probes it had.
  public let signature: [Int]
  /// Inputs without outputs in the final signature.
  public let probes: Int
  /// Stored levels whose counts were compared with the counting DP; nil when no audit was asked for.
  public let auditedLevels: Int?
  /// What a later run needs to go on.
  public let log: SearchLog
}

/// What was looked up so far: enough to resume without repeating it (the stored levels are rebuilt).
public struct SearchLog: Hashable, Sendable {
  /// One group of programs of a level: a function met there.
  public struct Hit: Hashable, Sendable {
    /// Its first program, as the numbers of its productions in preorder.
    public let program: [Int32]
    /// Exact number of the level's programs that compute it.
    public let count: UInt64
    /// Place of the first program in the written order of the level.
    public let orderKey: [UInt32]
    /// A group of programs that reach the goal, with its place in the order of the level.
    public init(program: [Int32], count: UInt64, orderKey: [UInt32]) {
      self.program = program
      self.count = count
      self.orderKey = orderKey
    }
  }
  /// One resolved level, with the counters when it was done.
  public struct Level: Hashable, Sendable {
    /// Goals looked up so far, this level included.
    public let lookups: UInt64
    /// Candidates run forward so far, this level included.
    public let filtered: UInt64
    /// Functions met, in the written order.
    public let hits: [Hit]
    /// A level that was looked up: counters so far and what it held.
    public init(lookups: UInt64, filtered: UInt64, hits: [Hit]) {
      self.lookups = lookups
      self.filtered = filtered
      self.hits = hits
    }
  }
  /// Counters of earlier attempts.
  public struct Work: Hashable, Sendable {
    /// Candidates evaluated and stored or merged.
    public var candidates: UInt64 = 0
    /// Goals looked up.
    public var lookups: UInt64 = 0
    /// Candidates run forward on one example or more.
    public var filtered: UInt64 = 0
    /// Counters; nothing done unless given.
    public init(candidates: UInt64 = 0, lookups: UInt64 = 0, filtered: UInt64 = 0) {
      self.candidates = candidates
      self.lookups = lookups
      self.filtered = filtered
    }
  }
  /// Training examples of the signature, by index.
  public var known: [Int]
  /// The levels resolved with this signature, in order.
  public var levels: [Level]
  /// Work of the attempts with smaller signatures.
  public var spentBefore: Work
  /// A log from its parts, as a checkpoint holds them.
  public init(known: [Int], levels: [Level], spentBefore: Work) {
    self.known = known
    self.levels = levels
    self.spentBefore = spentBefore
  }
}
