public import ExactArithmetic
public import Search

/// Solomonoff's mixture over programs, resolved up to a phase: what it certainly says of a sequence and its continuation.
///
///     let mixture = try ProgramMixture(StreamWalk(grammar), sequence: [0, 1, 4, 9], phase: 20)
///     mixture.interval(of: 16)          // certified bounds of M_norm(16 | 0, 1, 4, 9)
///
/// Every program counts with its prior (or P/t, or 2^-i per phase: `SequencePrior`). At every place of the sequence the mass
/// that comes there is printed on, printed otherwise, silent, or open; with the prior alone as weight these sums agree
/// exactly, which is asserted.
///
/// An interval contains every interval of a later phase, because mass that is open at a place is the only mass that a later
/// phase moves. For the same reason it contains that of the whole phase when the walk was ended before: what was not met counts
/// as open.
///
/// - Source: Solomonoff 1978; bounds by the joint constraint (ARCHITECTURE.md).
public struct ProgramMixture: Sendable {
  /// What is known at a place of the sequence, as masses.
  public struct Place: Hashable, Sendable {
    /// Of the programs that print all symbols before; at the first place 1, whether visited or not.
    public let emitted: Rational
    /// Of those that print the sequence's symbol here; at the last place, any symbol.
    public let hits: Rational
    /// Of those that print another symbol.
    public let others: Rational
    /// Of those that print a symbol outside of the alphabet, where one is given.
    public let foreign: Rational
    /// Of those that certainly print nothing.
    public let silent: Rational
    /// Of those of which this is not known; at the first place, those not visited too.
    public let open: Rational
    /// All open mass up to here.
    public let openSoFar: Rational
  }

  /// The language of the programs, what each counts for, and the alphabet.
  public let walk: StreamWalk
  /// x, the integers that the programs are to print first.
  public let sequence: [Int64]
  /// The phase k, 0 … 62: up to each place a program of prior P has ⌊2^k · P⌋ steps.
  public let phase: Int
  /// One per symbol of the sequence, and one after it.
  public let places: [Place]
  /// Mass of every symbol that is printed next; greatest first, then the smaller symbol.
  public let next: [(symbol: Int64, mass: Rational)]
  /// Programs that print the sequence, greatest mass first; the first 16.
  public let matches: [StreamTally.Match]
  /// Of all programs met that print the sequence the one of greatest prior; nil when there is none.
  public let shortest: StreamTally.Match?
  /// Interpreter steps taken, at most `bound`; a step shared by many programs counts once.
  public let steps: UInt64
  /// Programs run.
  public let programs: UInt64
  /// Prefixes of derivations visited.
  public let prefixes: UInt64
  /// The prior of all that the walk met, exact: 1, unless it was ended before. Programs that only exchange arguments of one
  /// that was run are met where their own turn comes.
  public let met: Rational

  /// The mixture along `sequence` at its end.
  ///
  /// - Parameter progress: called now and then; true ends the walk, and the mixture is that of what was met.
  /// - Throws: `SearchError` for a sequence whose n leave 64 bits.
  public init(
    _ walk: StreamWalk, sequence: [Int64], phase: Int,
    progress: @escaping (StreamWalk.Progress) -> Bool = { _ in false }
  ) throws(SearchError) {
    let tally = try walk.run(along: sequence, phase: phase, progress: progress)
    (self.walk, self.sequence, self.phase) = (walk, sequence, phase)
    (steps, programs, prefixes) = (tally.steps, tally.programs, tally.prefixes)
    (met, matches, shortest) = (tally.total, tally.stream.matches, tally.stream.shortest)
    next = tally.stream.next.map { (symbol: $0.key, mass: $0.value.total) }.sorted {
      $0.mass != $1.mass ? $0.mass > $1.mass : $0.symbol < $1.symbol
    }
    let printed = next.reduce(Rational(0)) { $0 + $1.mass }
    places = Self.places(tally.stream, printed, walk.prior, phase, unmet: 1 - met)
  }

  /// - Parameter unmet: the prior of what the walk did not come to.
  private static func places(
    _ stream: StreamTally, _ printed: Rational, _ prior: SequencePrior, _ phase: Int, unmet: Rational
  ) -> [Place] {
    let reached = stream.reached.map(\.total)
    let unvisited: Rational
    switch prior {
    case .length: unvisited = 1 - reached[0]
    // What was not met may print after one step, and in the first phase: it counts for at most its prior.
    case .kt: unvisited = stream.unvisited.total + unmet
    // What prints later than in this phase counts for at most its prior over 2^phase, what is too deep for its prior.
    case .fast:
      let rest = 1 - reached[0]
      let early = min(rest, unmet + stream.unvisited.total)
      unvisited = early + (rest - early) / Rational(BigInteger(1) << phase)
    }
    precondition(unvisited >= 0, "programs of prior \(reached[0]) were visited")
    var soFar = unvisited
    return reached.indices.map { place in
      let hits = place + 1 < reached.count ? reached[place + 1] : printed
      let (other, foreign) = (stream.other[place].total, stream.foreign[place].total)
      let (silent, open) = (stream.silent[place].total, stream.open[place].total)
      soFar += open
      if prior == .length {
        precondition(
          reached[place] == hits + other + foreign + silent + open,
          "place \(place): \(reached[place]) is not \(hits) + \(other) + \(foreign) + \(silent) + \(open)")
      }
      return Place(
        emitted: place == 0 ? 1 : reached[place], hits: hits, others: other, foreign: foreign, silent: silent,
        open: place == 0 ? open + unvisited : open, openSoFar: soFar)
    }
  }
}

// MARK: - Probabilities

extension ProgramMixture {
  /// Whether all programs of the phase were met.
  public var isFinished: Bool { met == 1 }

  /// (n + 1) · 2^phase for n symbols: 2^phase steps on each place and on the one after all.
  public var bound: BigInteger { BigInteger(places.count) << phase }

  /// What is known at the end of the sequence.
  public var end: Place { places[places.count - 1] }

  /// Certified bounds of M_norm(symbol | sequence).
  public func interval(of symbol: Int64) -> RationalInterval {
    let mass = next.first { $0.symbol == symbol }?.mass ?? 0
    return Self.bounds(mass, of: end.hits, end.openSoFar)
  }

  /// The symbol's part of what the programs met print next, at any rate within `interval(of:)`; 0 when they print nothing.
  ///
  /// An estimate: nothing says that the open mass is divided as the resolved one.
  public func resolvedShare(of symbol: Int64) -> Rational {
    end.hits == 0 ? 0 : (next.first { $0.symbol == symbol }?.mass ?? 0) / end.hits
  }

  /// Certified bounds of M_norm of a symbol of the sequence, given those before it.
  public func interval(at place: Int) -> RationalInterval {
    precondition(sequence.indices.contains(place), "place \(place) of \(sequence.count)")
    let known = places[place]
    return Self.bounds(known.hits, of: known.hits + known.others + known.foreign, known.openSoFar)
  }

  /// The share of one program in the mixture of those that print the sequence.
  public func share(of match: StreamTally.Match) -> RationalInterval {
    precondition(walk.prior == .length, "shares of speed priors depend on steps")
    // Where nothing was printed yet, all programs count, visited or not.
    let open = sequence.isEmpty ? 0 : end.openSoFar - end.open
    return RationalInterval(lower: match.mass / (end.emitted + open), upper: match.mass / end.emitted)
  }

  /// `mass` of `all` when up to `open` more may go to either.
  private static func bounds(_ mass: Rational, of all: Rational, _ open: Rational) -> RationalInterval {
    let most = all + open
    if most == 0 { return RationalInterval(lower: 0, upper: 1) }
    return RationalInterval(lower: mass / most, upper: (mass + open) / most)
  }

  /// The probability of a symbol of the sequence in the resolved mixture, given those before: emit(xa) / emit(x).
  ///
  /// All of what is open or silent counts against it, so the product over the sequence is the mass of the programs that print
  /// it, and that is at least the prior of each of them.
  public func resolvedProbability(at place: Int) -> Rational {
    let known = places[place]
    return known.emitted == 0 ? 0 : known.hits / known.emitted
  }

  /// The mass of the programs that print the sequence: the resolved part of M(x).
  public var sequenceMass: Rational { end.emitted }
}

// MARK: - Solomonoff's bound

extension ProgramMixture {
  /// Σ (1 − M(x_t | x_<t))² over the sequence in the resolved mixture, exactly.
  public var squaredError: Rational {
    sequence.indices.reduce(Rational(0)) { sum, place in
      let miss = 1 - resolvedProbability(at: place)
      return sum + miss * miss
    }
  }

  /// ℓ·ln 2 / 2 for a program of this prior, rounded down: the squared error of a sequence that it prints is at most that.
  ///
  /// From −ln q ≥ 2(1 − q)² and Π M(x_t | x_<t) ≥ P(p).
  public static func solomonoffBound(prior: Rational) -> Rational {
    if prior == 1 { return 0 }
    return (1 / prior).log2Interval(digits: 20).lower * naturalLogarithmOfTwo / 2
  }

  /// ln 2, rounded down.
  private static let naturalLogarithmOfTwo = Rational(
    BigInteger("693147180559945309417232121458")!, BigInteger(10).power(30))
}
