internal import Randomness

/// How much of a network's logits an extracted program still explains after interchanges of the sum: interventional R².
///
/// Answers alone are blunt where an interchange is partial: the greatest logit may stay where all others move. Here the sum a + b
/// (of numbers, `CyclicNumbering`) is taken from one pair and the rest, a − b, stays that of another, in the network by the
/// coordinates of the subspace that agreement fits, in the program by its scores of the pair (a', b') that has both. All shares are
/// squared correlations of logits and scores, both centred over the answers.
///
/// Modulo an odd m there is one such pair. Modulo an even one there are two where sum and difference are both even or both odd, with
/// the same scores, and none elsewhere: those interchanges are left out, as are those with residues that have no number.
public struct InterchangedScores: Sendable {
  /// The site and the subspace that are interchanged, fitted on one half of the inputs.
  public let fitted: FittedSubspace
  /// Interchanges between inputs of the other half.
  public let pairs: Int
  /// Explained by the scores with the sum of the source.
  public let explained: Double
  /// Explained by the scores with the sum of the base, which the interchange should have removed.
  public let explainedByBase: Double
  /// Explained by the scores with the sum of the source after interchanges in random dimensions, as many: the greatest.
  public let explainedAtRandom: Double

  /// - Parameters:
  ///   - numbered: the logits that the program was extracted from.
  ///   - sum: the program of the operation on the subject's inputs; its last variable is interchanged.
  ///   - dimensions: of the subspace; nil takes as few as keep the answers, as agreement does.
  /// - Throws: `CircuitError.notDefined` where no subspace can be fitted, or no interchange is left.
  public init(
    _ extracted: ExtractedProgram, _ numbered: NumberedLogits, _ sum: StudiedProgram, _ subject: Subject,
    _ options: Agreement.Options,
    dimensions: Int? = nil
  ) throws(CircuitError) {
    let numbering = numbered.numbering
    let p = numbering.modulus
    let study = try AgreementStudy(subject, options)
    let variable = sum.variables[sum.variables.count - 1]
    let fitted = AgreementStudy.best(try study.fits(sum, variable, dimensions: dimensions))
    let site = try SiteActivations(study.runner, at: fitted.site)
    let numbers = Dictionary(uniqueKeysWithValues: numbered.places.enumerated().map { ($0.element, $0.offset) })
    let drawn = try study.pairs(sum, variable, scoring: true)
    var kept: [(number: Int, base: Int, pair: Int)] = []
    for number in 0..<drawn.count {
      if let base = numbers[drawn.bases[number]], let source = numbers[drawn.sources[number]],
        let pair = Self.pair(sumOf: source, differenceOf: base, modulus: p)
      {
        kept.append((number, base, pair))
      }
    }
    guard !kept.isEmpty else { throw .notDefined("no interchange has a pair with its sum and its difference") }
    let pairs = drawn.selecting(kept.map(\.number))
    let scores = try extracted.program.scores(modulus: p)
    let wanted = scores.selecting(rows: kept.map(\.pair))
    func logits(in subspace: Subspace) throws(CircuitError) -> Matrix {
      try site.run(pairs.bases, pairs.sources, in: subspace).logits.matrix.selecting(columns: numbering.answers)
    }
    let found = try logits(in: fitted.subspace)
    var generator = SeededGenerator(seed: options.seed, name: "circuits/interchanged scores")
    var random = 0.0
    for _ in 0..<options.randomSubspaces {
      let subspace = Subspace.random(fitted.subspace.dimensions, of: site.width, using: &generator)
      random = max(random, ScoreProgram.explained(try logits(in: subspace), by: wanted))
    }
    self.fitted = fitted
    self.pairs = pairs.count
    explained = ScoreProgram.explained(found, by: wanted)
    explainedByBase = ScoreProgram.explained(found, by: scores.selecting(rows: kept.map(\.base)))
    explainedAtRandom = random
  }

  /// The number a'·m + b' of a pair with a' + b' as in one pair and a' − b' as in another, modulo m; nil when there is none.
  static func pair(sumOf source: Int, differenceOf base: Int, modulus m: Int) -> Int? {
    let sum = source / m + source % m
    let difference = base / m + m - base % m
    if m % 2 == 0 {
      guard (sum + difference) % 2 == 0 else { return nil }
      let first = (sum + difference) / 2 % m
      return first * m + (sum + m - first) % m
    }
    // (m + 1)/2 is the inverse of 2.
    let first = (sum + difference) * ((m + 1) / 2) % m
    return first * m + (sum + m - first) % m
  }
}
