import Evaluation
public import ExactArithmetic
public import Grammars

/// What a program counts for in a mixture over sequences.
public enum SequencePrior: String, Hashable, Sendable, CaseIterable {
  /// Its prior P: Solomonoff's mixture.
  case length
  /// P/t, t the steps up to the symbol: the speed prior S_Kt (Filan, Leike & Hutter 2016).
  case kt
  /// P·2^(1-i), i ≥ 1 the phase in which it prints the symbol, the least i with t ≤ 2^i·P: Schmidhuber's S_Fast (2002),
  /// Σ_i 2^-i Σ {P : p prints x in phase i}, with the tail of the geometric series summed.
  case fast
}

/// What programs say along a sequence x: for each place the mass that comes there, goes on, differs, ends and is open.
public struct StreamTally: Sendable {
  /// A program that gives all of the sequence.
  public struct Match: Hashable, Sendable {
    /// The program that was run; it stands for those that differ from it in the order of arguments alone.
    public let program: Program
    /// Its prior, with that of the programs that differ from it in the order of arguments alone.
    public let mass: Rational
    /// Its own prior, exact; `mass` is that times a power of two.
    public let probability: Rational
    /// The symbol after the sequence; nil when it has none, or none within its steps.
    public let next: Int64?
  }

  /// By place j: mass of the programs that print the j symbols before.
  public internal(set) var reached: [MassSum]
  /// Mass of those that print another symbol than x_j there.
  public internal(set) var other: [MassSum]
  /// Mass of those that print a symbol outside of the alphabet there, where one was given (x_j is within).
  public internal(set) var foreign: [MassSum]
  /// Mass of those that certainly print nothing there.
  public internal(set) var silent: [MassSum]
  /// Mass of those whose steps ended there.
  public internal(set) var open: [MassSum]
  /// After all of x: the mass of each symbol.
  public internal(set) var next: [Int64: MassSum] = [:]
  /// With `.kt`, what the programs that were not visited count for at most; with `.fast`, the prior of those that are too
  /// deep, which may print in any phase.
  public internal(set) var unvisited = MassSum()
  /// Greatest mass first.
  public internal(set) var matches: [Match] = []
  /// The program of greatest prior that gives the sequence, of several the first in written order; it may be none of `matches`, where
  /// many orders of arguments make the mass of longer ones greater.
  public internal(set) var shortest: Match?

  static let matchLimit = 16

  init(positions: Int) {
    let none = [MassSum](repeating: MassSum(), count: positions)
    (reached, other, foreign, silent, open) = (none, none, none, none, none)
  }

  mutating func add(_ part: StreamTally) {
    for place in reached.indices {
      reached[place].add(part.reached[place])
      other[place].add(part.other[place])
      foreign[place].add(part.foreign[place])
      silent[place].add(part.silent[place])
      open[place].add(part.open[place])
    }
    for (symbol, mass) in part.next { next[symbol, default: MassSum()].add(mass) }
    unvisited.add(part.unvisited)
    for match in part.matches { add(match) }
    if let match = part.shortest { keepShorter(match) }
  }

  mutating func add(_ match: Match) {
    keepShorter(match)
    matches.append(match)
    matches.sort {
      $0.mass != $1.mass
        ? $0.mass > $1.mass : $0.program.productions.lexicographicallyPrecedes($1.program.productions)
    }
    if matches.count > Self.matchLimit { matches.removeLast() }
  }

  private mutating func keepShorter(_ match: Match) {
    if let shortest, shortest.probability > match.probability { return }
    if let shortest, shortest.probability == match.probability,
      !match.program.productions.lexicographicallyPrecedes(shortest.program.productions)
    {
      return
    }
    shortest = match
  }
}

extension DerivationWalk {
  /// A program's symbols, place by place, up to the first that differs from the sequence or is not there.
  func emit(_ leaf: Part, _ parent: Int32, _ state: UnsafeMutablePointer<State>, _ limit: UInt64) {
    var steps: UInt64 = 0
    credit(&tally.stream.reached[0], state, 0)
    for lane in 0..<laneCount {
      if lane == Int(state.pointee.horizon) { return end(state, lane, limit, isSilent: state.pointee.isSilent) }
      steps &+= UInt64(rows[Int(state.pointee.stepsRow) + lane])
      let allowed = steps > limit ? 0 : limit &- steps
      let (word, taken) = value(leaf, parent, lane, allowed)
      tally.steps &+= min(taken, allowed)
      steps &+= taken
      if steps > limit { return end(state, lane, limit, isSilent: false) }
      if word == Value.noValueWord { return end(state, lane, limit, isSilent: machine.reason != .stepLimit) }
      guard lane < expected.count else {
        tally.stream.next[word, default: MassSum()].add(
          weight(state.pointee.prior, copies: state.pointee.copies, steps), else: wideWeight(state, steps),
          of: tables.wideScale)
        addRight(state)
        return match(state, word)
      }
      if word != expected[lane] {
        if alphabet.map({ $0.contains(word) }) ?? true {
          credit(&tally.stream.other[lane], state, steps)
        } else {
          credit(&tally.stream.foreign[lane], state, steps)
        }
        return addWrong(state)
      }
      credit(&tally.stream.reached[lane + 1], state, steps)
    }
  }

  /// A program prints nothing more, or not within its share.
  private func end(_ state: UnsafeMutablePointer<State>, _ lane: Int, _ limit: UInt64, isSilent: Bool) {
    let steps = limit &+ (limit == .max ? 0 : 1)
    if isSilent {
      credit(&tally.stream.silent[lane], state, steps)
      addFailed(state)
    } else {
      credit(&tally.stream.open[lane], state, steps)
      addOpen(state)
    }
    if lane == expected.count { match(state, nil) }
  }

  /// No program with this prefix prints a first symbol, for certain or within its share.
  func endBeforeStart(_ state: UnsafeMutablePointer<State>, _ limit: UInt64) {
    if state.pointee.isSilent {
      credit(&tally.stream.reached[0], state, 0)
      credit(&tally.stream.silent[0], state, limit)
      addFailed(state)
    } else {
      addOpen(state)
      leaveUnvisited(state.pointee.prior, limit &+ (limit == .max ? 0 : 1), .all)
    }
  }

  /// Programs that are not visited and take at least `steps` to print anything: more than their share of the phase, unless
  /// they are too deep.
  func leaveUnvisited(_ mass: PriorFraction, _ steps: UInt64, isTooDeep: Bool = false, _ part: Continuations) {
    let scale = tables.wideScale
    func wide(divisor: UInt64) -> MassSum.Wide {
      var mass = wideMass(part)
      mass.divisor = divisor
      return mass
    }
    switch weighting {
    case .length: break
    case .kt: tally.stream.unvisited.add(weight(mass, copies: 0, steps), else: wide(divisor: max(1, steps)), of: scale)
    case .fast: if isTooDeep { tally.stream.unvisited.add(mass, else: wide(divisor: 1), of: scale) }
    }
  }

  @inline(__always)
  private func credit(_ sum: inout MassSum, _ state: UnsafeMutablePointer<State>, _ steps: UInt64) {
    sum.add(
      weight(state.pointee.prior, copies: state.pointee.copies, steps), else: wideWeight(state, steps),
      of: tables.wideScale)
  }

  /// What a program with these steps counts for; wide when it does not fit.
  private func weight(_ prior: PriorFraction, copies: Int32, _ steps: UInt64) -> PriorFraction {
    var mass = prior
    switch weighting {
    case .length: break
    case .kt:
      let zeros = Int32(max(1, steps).trailingZeroBitCount)
      mass.multiply(by: PriorFraction(numerator: 1, odd: max(1, steps) >> UInt64(zeros), shift: zeros))
    case .fast:
      if mass.isWide { return mass }
      var i: Int32 = 1
      while i < 1 << 20, mass.floor(times: i) < steps { i += 1 }
      mass.shift &+= i - 1
    }
    mass.shift &-= copies
    return mass
  }

  /// The same where it does not fit.
  private func wideWeight(_ state: UnsafeMutablePointer<State>, _ steps: UInt64) -> MassSum.Wide {
    var mass = wideMass(.all)
    mass.shift = Int(state.pointee.copies)
    switch weighting {
    case .length: break
    case .kt: mass.divisor = max(1, steps)
    case .fast:
      let prior = prior(ofCode: codeTop)
      var i = 1
      while prior * Rational(BigInteger(1) << i) < Rational(BigInteger(steps)) { i += 1 }
      mass.shift -= i - 1
    }
    return mass
  }

  private func match(_ state: UnsafeMutablePointer<State>, _ next: Int64?) {
    let prior = prior(ofCode: codeTop)
    let mass = prior * Rational(BigInteger(1) << Int(state.pointee.copies))
    if tally.stream.matches.count == StreamTally.matchLimit, tally.stream.matches.last!.mass > mass,
      tally.stream.shortest!.probability > prior
    {
      return
    }
    tally.stream.add(
      StreamTally.Match(
        program: Program(productions: (0..<codeTop).map { code[$0] }), mass: mass, probability: prior, next: next))
  }
}
