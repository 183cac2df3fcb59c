internal import Networks
internal import Randomness

/// Measures that tell two ways of adding on a circle apart: the clock multiplies, the pizza averages.
///
/// Each is nil where it is 0/0: where no gradient, logit or embedding varies but by rounding.
///
/// - Source: Zhong, Liu, Tegmark & Andreas 2023, "The clock and the pizza: two stories in mechanistic explanation of neural
///   networks", sections 3 and 4.
public struct ClockPizza: Hashable, Sendable {
  /// Mean cosine between the gradients of a logit with respect to the two arguments' embeddings; 1 where the network sees
  /// the arguments through their sum alone. High for pizzas, low for clocks.
  public let gradientSymmetricity: Double?
  /// The standard error of that mean over the triples drawn.
  public let gradientError: Double?
  /// How much of the variation of the right answer's logit is along a + b at a fixed a − b: the mean of the standard
  /// deviations there over that of all. Low where the logit depends on a − b, as in a pizza; near 1 in a clock.
  public let distanceIrrelevance: Double?
  /// The same of the greatest wrong logit. The authors' training code computes this one, and the table of their runs holds it;
  /// their evaluation, and the figures of the paper's models, take the right answer's.
  public let runnerUpIrrelevance: Double?
  /// The mean over the first four principal components of the embedding of the greatest share of power at one frequency; over
  /// as many as there can be, p - 1 or the width, where these are fewer. Of components that are equally great any mixture may
  /// be the one that is measured.
  public let circularity: Double?

  /// Triples that the gradients are averaged over, unless others are asked for. The paper takes 100, which leaves an error of
  /// some 0.03.
  public static let standardTriples = 10_000

  /// - Parameters:
  ///   - triples: how many (a, b, c) the gradients are averaged over.
  ///   - seed: of the triples.
  public init(_ subject: Subject, triples: Int = standardTriples, seed: UInt64 = 0) throws(CircuitError) {
    let p = try subject.pairModulus
    guard let embedding = subject.embeddingTables(p).first else {
      throw .notDefined("the network has no embedding table of \(p) tokens")
    }
    let runner = Runner(subject)
    var generator = SeededGenerator(seed: seed, name: "circuits/clock-pizza")
    (gradientSymmetricity, gradientError) = try Self.symmetricity(subject, runner, p, triples, &generator)
    let logits = try runner.run(Array(0..<p * p)).logits
    let rows = (0..<p * p).map { logits.elements[$0 * logits.columns..<$0 * logits.columns + p].map(Double.init) }
    let answers = (0..<p * p).map { ($0 / p + $0 % p) % p }
    let rounding = Self.rounding * Self.deviation(rows.flatMap(\.self))
    distanceIrrelevance = Self.irrelevance(zip(rows, answers).map { $0[$1] }, p, rounding: rounding)
    runnerUpIrrelevance = Self.irrelevance(zip(rows, answers).map(Self.greatest(of:except:)), p, rounding: rounding)
    circularity = Self.circularity(embedding.table)
  }

  /// The part of the deviation of all logits up to which one may vary by the rounding of their sums alone: these are numbers
  /// of 24 digits, and sums of up to some thousands.
  private static let rounding = 1e-5

  /// Triples whose gradients are taken at once.
  private static let block = 1_000

  private static func symmetricity(
    _ subject: Subject, _ runner: Runner, _ p: Int, _ count: Int, _ generator: inout SeededGenerator
  ) throws(CircuitError) -> (mean: Double?, error: Double?) {
    let sites = [Site("hook_embed", position: 0), Site("hook_embed", position: 1)]
    if subject.network is EmbeddingMLP { return (1, 0) }
    for site in sites { _ = try runner.width(of: site) }
    var (sum, squares, defined) = (0.0, 0.0, 0.0)
    for start in stride(from: 0, to: count, by: block) {
      let rows = min(block, count - start)
      var weights = FloatRows(rows: rows, columns: subject.network.outputs)
      let pairs = (0..<rows).map { _ in Int(generator.below(UInt64(p * p))) }
      for row in 0..<rows { weights.elements[row * weights.columns + Int(generator.below(UInt64(p)))] = 1 }
      let found = try runner.logitGradients(at: sites, of: pairs, weights: weights).map(\.matrix)
      for row in 0..<rows {
        let (x, y) = (Array(found[0].row(row)), Array(found[1].row(row)))
        let norms = (dot(x, x) * dot(y, y)).squareRoot()
        guard norms > 0 else { continue }
        let cosine = dot(x, y) / norms
        sum += cosine
        squares += cosine * cosine
        defined += 1
      }
    }
    guard defined > 0 else { return (nil, nil) }
    let mean = sum / defined
    return (mean, (max(0, squares / defined - mean * mean) / defined).squareRoot())
  }

  static func greatest(of logits: [Double], except answer: Int) -> Double {
    max(logits[..<answer].max() ?? -.infinity, logits[(answer + 1)...].max() ?? -.infinity)
  }

  /// `right[a·p + b]` is the logit of a + b; a deviation of `rounding` is none.
  static func irrelevance(_ right: [Double], _ p: Int, rounding: Double = 0) -> Double? {
    let whole = deviation(right)
    guard whole > rounding else { return nil }
    let byDistance = (0..<p).map { distance in
      // All pairs with a − b = distance.
      deviation((0..<p).map { b in right[(b + distance) % p * p + b] })
    }
    return byDistance.reduce(0, +) / Double(p) / whole
  }

  private static func deviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
  }

  static func circularity(_ embedding: Matrix) -> Double? {
    let basis = FourierBasis(modulus: embedding.rows)
    let centred = embedding.centred
    // The tokens' coordinates along a principal component are, but for a factor, an eigenvector of their inner products.
    let components = Eigenvectors(ofSymmetric: centred.times(centred, otherTransposed: true))
    guard components.values[0] > 0 else { return nil }
    // Centred, p tokens vary in p - 1 dimensions at most.
    let shares = (0..<max(0, min(4, embedding.rows - 1, embedding.columns))).map { component -> Double in
      guard components.values[component] > 1e-12 * components.values[0] else { return 0 }
      let column = Matrix(rows: embedding.rows, columns: 1, elements: Array(components.vectors.row(component)))
      let spectrum = Spectrum(column, basis)
      return spectrum.share(spectrum.ranked[0])
    }
    return shares.reduce(0, +) / Double(max(shares.count, 1))
  }
}
