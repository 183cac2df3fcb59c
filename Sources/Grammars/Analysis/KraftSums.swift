public import ExactArithmetic

/// The prior of the first levels of the start nonterminal, and what bounds the rest.
public struct KraftPartialSum: Hashable, Sendable {
  /// The number of levels summed.
  public let levels: Int
  /// The number of programs in them.
  public let programs: BigInteger
  /// The prior of each program of the last level; nil when no level is summed.
  public let lastProbability: Rational?
  /// Their total prior, exact: Σ count · probability over the levels.
  public let sum: Rational
  /// The prior of all programs in later levels: termination mass − `sum`, within [0, 1]. One number when the mass is.
  public let remaining: RationalInterval
}

/// Partial sums of Kraft's inequality over the levels of the start nonterminal, lazily, in decreasing prior.
///
///     var sums = KraftSums(grammar)
///     while let partial = sums.next(), partial.remaining.upper > Rational("1/1000")! {}
///
/// The sums rise to the termination mass, not always to 1; nothing is renormalised.
///
/// - Complexity: that of `Ladder`; one multiplication and one addition of rationals per level of the start nonterminal.
public struct KraftSums: Sendable {
  /// The termination mass of the start nonterminal.
  public let terminationMass: RationalInterval
  /// The sum over the levels so far; over none at first.
  public private(set) var current: KraftPartialSum
  private var ladder: Ladder
  /// The batches of the ladder taken so far, those of other nonterminals included.
  private var batchCount = 0
  /// The number of all programs; nil when it is infinite.
  private let programCount: BigInteger?

  /// Sums for a grammar, no level taken yet.
  ///
  /// - Parameter bits: `remaining` is known to 2^-bits.
  public init(_ grammar: Grammar, bits: Int = 64) {
    terminationMass = grammar.terminationMass(bits: bits)[0]
    current = KraftPartialSum(levels: 0, programs: 0, lastProbability: nil, sum: 0, remaining: terminationMass)
    ladder = Ladder(grammar)
    programCount = grammar.programCount()
  }

  /// Adds the next level of the start nonterminal; nil, and no change, when the grammar has no more programs.
  public mutating func next() -> KraftPartialSum? { try! next(maximumBatches: .max) }

  /// As `next()`, with a limit to the batches of the ladder that are taken in all.
  ///
  /// - Throws: `ProgramOrderError.batchLimit` when the limit comes before the level.
  public mutating func next(maximumBatches: Int) throws(ProgramOrderError) -> KraftPartialSum? {
    while current.programs != programCount {
      if batchCount >= maximumBatches { throw .batchLimit(maximumBatches) }
      guard let listing = ladder.nextListing() else { return nil }
      batchCount += listing.batches.count
      guard listing.nonterminal == 0 else { continue }
      let level = ladder.level(listing)
      let sum = current.sum + level.probability * Rational(level.count)
      let rest = RationalInterval(
        lower: max(0, terminationMass.lower - sum), upper: terminationMass.upper - sum)
      current = KraftPartialSum(
        levels: current.levels + 1, programs: current.programs + level.count, lastProbability: level.probability,
        sum: sum, remaining: rest)
      return current
    }
    return nil
  }
}
