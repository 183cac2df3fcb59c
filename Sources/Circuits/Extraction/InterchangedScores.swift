internal import Randomness

/// How much of a network's logits an extracted program still explains after interchanges of the sum: interventional R².
///
/// Answers alone are blunt where an interchange is partial: the greatest logit may stay where all others move. Here the sum a + b
/// (of numbers, `CyclicNumbering`) is taken from one pair and the rest, a − b, stays that of another, in the network by the coordinates of the subspace that
/// agreement fits, in the program by its scores of the one pair (a', b') that has both. All shares are squared correlations of
/// logits and scores, both centred over the answers.
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
  ///   - sum: the program of the operation on the subject's inputs; its last variable is interchanged.
  ///   - dimensions: of the subspace; nil takes as few as keep the answers, as agreement does.
  /// - Throws: `CircuitError.notDefined` where 2 has no inverse modulo p, and where no subspace can be fitted.
  public init(
    _ extracted: ExtractedProgram, _ sum: StudiedProgram, _ subject: Subject, _ options: Agreement.Options,
    dimensions: Int? = nil
  ) throws(CircuitError) {
    let numbering = extracted.numbering
    let p = numbering.modulus
    guard p % 2 == 1 else { throw .notDefined("modulo \(p) a sum and a difference do not name one pair") }
    let study = try AgreementStudy(subject, options)
    let variable = sum.variables[sum.variables.count - 1]
    let fitted = AgreementStudy.best(try study.fits(sum, variable, dimensions: dimensions))
    let site = try SiteActivations(study.runner, at: fitted.site)
    let pairs = try study.pairs(sum, variable, scoring: true)
    let scores = try extracted.program.scores(modulus: p)
    guard let places = numbering.places(in: subject.inputs), places.count == subject.inputs.count else {
      throw .notDefined("the inputs are not just all pairs modulo \(p)")
    }
    var numbers = Array(repeating: 0, count: places.count)
    for (pair, place) in places.enumerated() { numbers[place] = pair }
    let (bases, sources) = (pairs.bases.map { numbers[$0] }, pairs.sources.map { numbers[$0] })
    let wanted = scores.selecting(
      rows: zip(bases, sources).map { Self.pair(sumOf: $1, differenceOf: $0, modulus: p) })
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
    explainedByBase = ScoreProgram.explained(found, by: scores.selecting(rows: bases))
    explainedAtRandom = random
  }

  /// The number a'·p + b' of the pair with a' + b' as in one pair and a' − b' as in another, modulo an odd p.
  static func pair(sumOf source: Int, differenceOf base: Int, modulus p: Int) -> Int {
    let sum = source / p + source % p
    let difference = base / p + p - base % p
    // (p + 1)/2 is the inverse of 2.
    return (sum + difference) * ((p + 1) / 2) % p * p + (sum + 2 * p - difference) * ((p + 1) / 2) % p
  }
}
