/// How far a network is on the way from remembering its training pairs to adding by frequencies.
///
/// With f the right answer, a + b in the paper and a − b or another one here: functions of f at the key frequencies are what the
/// network should come to use. All losses are mean cross-entropies in nats over the logits of the p residues, in float64.
///
/// - Source: Nanda, Chan, Lieberum, Smith & Steinhardt 2023, "Progress measures for grokking via mechanistic
///   interpretability", section 5 and its code.
public struct ProgressMeasures: Hashable, Sendable {
  /// Over the training pairs.
  public let trainLoss: Double
  /// On the pairs that are not training pairs; nil when there are none.
  public let testLoss: Double?
  /// Over all pairs.
  public let fullLoss: Double
  /// Over all pairs, of the logits' part in cos and sin of 2πkf/p for the key frequencies alone, with the mean of what is
  /// left out over all pairs added back for each answer.
  public let restrictedLoss: Double
  /// Over the training pairs, of the logits without that part.
  public let excludedLoss: Double
  /// The Gini coefficient of the embedding's norms by frequency: 0 when all are equal, near 1 when one has all.
  public let embeddingGini: Double
  /// The same of the map from hidden units to logits; nil where that is not one matrix.
  public let readoutGini: Double?
  /// The sum of all parameters' squares.
  public let squaredNorm: Double

  /// - Parameters:
  ///   - answers: the number of the right answer of each pair.
  ///   - keyFrequencies: usually those of the trained network.
  ///   - training: numbers a · p + b of the training pairs.
  ///   - hidden: the site of the hidden units.
  /// - Throws: `CircuitError.notDefined` unless every residue is the right answer of p pairs.
  public init(
    _ subject: Subject, answers: [Int32?], keyFrequencies: [Int], training: [Int], hidden: Site
  ) throws(CircuitError) {
    let p = try subject.pairModulus
    let answers = try Self.residues(answers, p)
    guard let embedding = subject.embeddingTables(p).first else {
      throw .notDefined("the network has no embedding table of \(p) tokens")
    }
    precondition(!training.isEmpty && training.allSatisfy { (0..<p * p).contains($0) }, "training pairs")
    let (basis, runner) = (FourierBasis(modulus: p), Runner(subject))
    let logits = try runner.run(Array(0..<p * p)).logits.matrix.firstColumns(p)
    let part = Self.component(logits, keyFrequencies, basis, answers)
    let isTraining = training.reduce(into: [Bool](repeating: false, count: p * p)) { $0[$1] = true }
    let unseen = isTraining.indices.filter { !isTraining[$0] }
    let all = Array(0..<p * p)
    let rest = logits - part
    var corrected = part
    let correction = rest.columnMeans
    for row in all { for c in 0..<p { corrected[row, c] += correction[c] } }
    trainLoss = Self.loss(logits, training, answers)
    testLoss = unseen.isEmpty ? nil : Self.loss(logits, unseen, answers)
    fullLoss = Self.loss(logits, all, answers)
    restrictedLoss = Self.loss(corrected, all, answers)
    excludedLoss = Self.loss(rest, training, answers)
    embeddingGini = Spectrum(embedding.table, basis).gini
    readoutGini = (try? ReadDirections(subject, runner, at: hidden)).map {
      Spectrum($0.weights.firstColumns(p).transposed, basis).gini
    }
    squaredNorm = subject.parameters.reduce(0) { $0 + Double($1) * Double($1) }
  }

  /// Shares of cos 2πk(f − c)/p in the logits over all pairs, f the right answer and c the label: they tell the key frequencies.
  ///
  /// - Parameter answers: the number of the right answer of each pair.
  /// - Throws: `CircuitError.notDefined` unless every residue is the right answer of p pairs.
  public static func shares(_ subject: Subject, answers: [Int32?]) throws(CircuitError) -> Spectrum {
    let p = try subject.pairModulus
    _ = try residues(answers, p)
    let logits = try Runner(subject).run(Array(0..<p * p)).logits.matrix.firstColumns(p)
    return AnswerBasis(FourierBasis(modulus: p)).shares(of: logits, answers: answers)
  }

  /// The right answers, each residue that of p pairs: then functions of the answer have equal norms over the pairs.
  private static func residues(_ answers: [Int32?], _ p: Int) throws(CircuitError) -> [Int] {
    let found = answers.compactMap { $0.map { Int($0) } }
    var counts = [Int](repeating: 0, count: p)
    for answer in found where (0..<p).contains(answer) { counts[answer] += 1 }
    guard found.count == p * p, counts.allSatisfy({ $0 == p }) else {
      throw .notDefined(
        "progress measures need a task in which every residue answers equally many pairs, as a + b and a - b do")
    }
    return found
  }

  /// The part of a table over pairs, `[p·p, n]`, in cos and sin of 2πkf/p for these frequencies, f the answer of each pair.
  private static func component(
    _ table: Matrix, _ frequencies: [Int], _ basis: FourierBasis, _ answers: [Int]
  ) -> Matrix {
    let directions = frequencies.flatMap { frequency in
      basis.rows(of: frequency).map { row in
        // A function of f alone; divided by √p its norm over the pairs is 1.
        answers.map { basis.vectors[row, $0] / Double(basis.modulus).squareRoot() }
      }
    }
    guard !directions.isEmpty else { return Matrix(rows: table.rows, columns: table.columns) }
    let d = Matrix(directions)
    return d.times(d.times(table), transposed: true)
  }

  /// The mean cross-entropy of rows of logits against the answers.
  private static func loss(_ logits: Matrix, _ pairs: [Int], _ answers: [Int]) -> Double {
    let sum = pairs.reduce(0.0) { sum, pair in
      let row = Array(logits.row(pair))
      let greatest = row.max()!
      let total = row.reduce(0) { $0 + exponential($1 - greatest) }
      return sum + logarithm(total) + greatest - row[answers[pair]]
    }
    return sum / Double(pairs.count)
  }
}
