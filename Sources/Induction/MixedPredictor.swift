public import ExactArithmetic
public import Search
public import Tasks

/// Half programs, half context-tree weighting: exact, and never zero.
///
/// A program counts as the predictor that follows it and, where it prints nothing (certainly, or within its share of the phase)
/// or a symbol outside of the alphabet, goes on as the context tree does, given all that was seen. So with x_<j the symbols
/// before place j, exactly,
///
///     P(x) = CTW(x)/2 + (emit(x) + Σ_j stop_j · CTW(x)/CTW(x_<j))/2,
///
/// stop_j being the mass of programs that print x_<j and stop there. Its log-loss is at most that of the context tree plus one
/// bit, and at most the length of any program found that prints the sequence plus one bit.
///
/// - Complexity: an observation walks all programs of the phase.
public struct MixedPredictor: SequencePredictor {
  private let walk: StreamWalk
  private let symbols: [Int64]
  private let phase: Int
  private var tree: ContextTree
  private var seen: [Int64] = []
  private var mixture: ProgramMixture
  /// CTW(x_<j) for j = 0 … n.
  private var treeProbabilities: [Rational] = [1]
  /// Interpreter steps of all walks so far.
  public private(set) var steps: UInt64
  /// Programs run, once per walk.
  public private(set) var programs: UInt64

  /// A predictor that has seen nothing.
  ///
  /// - Parameters:
  ///   - walk: its alphabet is that of the predictor, in increasing order; its prior is `.length`.
  public init(_ walk: StreamWalk, phase: Int, depth: Int, past: [Int] = []) throws {
    guard let alphabet = walk.alphabet, !alphabet.isEmpty else { throw SearchError("an alphabet is needed") }
    precondition(walk.prior == .length, "the mixture of both is defined for the prior alone")
    self.walk = walk
    self.phase = phase
    symbols = alphabet.sorted()
    tree = ContextTree(depth: depth, alphabetSize: alphabet.count, past: past)
    mixture = try ProgramMixture(walk, sequence: [], phase: phase)
    (steps, programs) = (mixture.steps, mixture.programs)
  }

  /// The size of the walk's alphabet; symbol i is its i-th integer in increasing order, from 0.
  public var alphabetSize: Int { symbols.count }

  /// P(x) of the formula above for all that was observed, exact.
  public var sequenceProbability: Rational {
    let tree = treeProbabilities[seen.count]
    return (tree + mixture.end.emitted + followed(tree)) / 2
  }

  /// P(xa) / P(x) for every symbol a, by the formula above; exact, and without a walk.
  public var distribution: [Rational] {
    let total = sequenceProbability
    return tree.distribution.enumerated().map { number, conditional in
      let longer = treeProbabilities[seen.count] * conditional
      let printed = mixture.next.first { $0.symbol == symbols[number] }?.mass ?? 0
      return (longer + printed + followed(longer) + stop(seen.count) * conditional) / 2 / total
    }
  }

  /// Programs that stopped before now, on a sequence of this probability in the tree.
  private func followed(_ tree: Rational) -> Rational {
    seen.indices.reduce(Rational(0)) { $0 + stop($1) * tree / treeProbabilities[$1] }
  }

  private func stop(_ place: Int) -> Rational {
    let known = mixture.places[place]
    if place < seen.count { return known.silent + known.open + known.foreign }
    let outside = mixture.next.reduce(Rational(0)) { walk.alphabet!.contains($1.symbol) ? $0 : $0 + $1.mass }
    return known.silent + known.open + outside
  }

  /// Appends a symbol and walks all programs of the phase along the longer sequence.
  public mutating func observe(_ symbol: Int) {
    precondition(symbols.indices.contains(symbol), "symbol \(symbol) of an alphabet of \(symbols.count)")
    tree.observe(symbol)
    seen.append(symbols[symbol])
    treeProbabilities.append(tree.sequenceProbability)
    guard let longer = try? ProgramMixture(walk, sequence: seen, phase: phase) else {
      preconditionFailure("the walk was accepted before")
    }
    mixture = longer
    steps += longer.steps
    programs += longer.programs
  }
}
