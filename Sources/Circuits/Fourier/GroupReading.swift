internal import Grammars
internal import Networks

/// A network over pairs of elements of a group, read through the group's Fourier transform.
///
///     let reading = try GroupReading(subject)            // a network that composes permutations of five points
///     reading.basis.blocks[reading.key[0] - 1].name      // "(4,1)", the strongest representation
///
/// The logits are read along the right answers f: how much of their variance the characters χ_ρ(f c⁻¹) explain. Embeddings
/// and units are read by the matrix entries of the representations.
///
/// - Source: Chughtai, Chan & Nanda 2023, "A toy model of universality: reverse engineering how networks learn group
///   operations", sections 4 and 5.
public struct GroupReading: Sendable {
  /// An embedding table, of which the rows of the group's elements are read.
  public struct Embedding: Hashable, Sendable {
    /// The parameter's name.
    public let name: String
    /// How the table's variation over the elements is shared among blocks.
    public let spectrum: Spectrum
  }

  /// What block a hidden unit works in.
  public struct Unit: Hashable, Sendable {
    /// The unit's number, from 0.
    public let unit: Int
    /// The block whose entries explain most of its variance, from 1; 0 for a unit that never varies.
    public let block: Int
    /// That share: by entries in a alone, in b alone, and products of one of each.
    public let share: Double
    /// The share of the block's entries at the right answer.
    public let ofAnswer: Double
    /// The variance over all pairs.
    public let variance: Double
  }

  /// The functions on the group, in blocks of one representation each.
  public let basis: AnswerBasis
  /// The tables of `embed.…` parameters: one for all positions, or one for each.
  public let embeddings: [Embedding]
  /// The site of the hidden units.
  public let hiddenSite: Site
  /// The hidden units, by number.
  public let units: [Unit]
  /// The share of all units' variance that functions of the right answer in each block explain.
  public let hiddenOfAnswer: Spectrum
  /// Shares of χ_ρ(f c⁻¹) in the logits.
  public let logits: Spectrum
  /// Shares of functions of the label c in each block, whatever the input: these add up to 1.
  public let labels: Spectrum
  /// The fewest blocks, from 1, that hold `share` of what all hold of the logits, the strongest first.
  public let key: [Int]
  /// The share that key blocks were asked to hold, 0 to 1.
  public let share: Double
  /// The pairs that are answered rightly.
  public let right: Proportion
  /// Their share of all pairs.
  public var accuracy: Double { right.share }

  /// - Parameters:
  ///   - subject: a network whose inputs hold all pairs of the group's elements.
  ///   - answers: the number of the right answer of each input.
  ///   - group: what is read through; nil takes all answers.
  /// - Throws: `CircuitError.notDefined` for other inputs and answers.
  public init(
    _ subject: Subject, answers: [Int32], group: AnswerGroup? = nil, hidden: Site? = nil, share: Double = 0.95
  ) throws(CircuitError) {
    let given = group
    let group = if let given { given } else { try subject.inputs.answerGroup }
    let (basis, runner) = (group.basis, Runner(subject))
    let pairs = try Self.pairs(subject.inputs, group.elements)
    let right = try Self.places(pairs.map { answers[$0] }, group.elements)
    let site = if let hidden { hidden } else { try runner.hiddenSite }
    let result = try runner.run(pairs, targets: pairs.map { answers[$0] })
    let table = result.logits.matrix.transposed.selecting(rows: group.elements).transposed
    logits = basis.shares(of: table, answers: right.map(Optional.some))
    labels = basis.spectrum(table.transposed)
    self.right = Proportion(result.loss.correct, of: result.loss.counted)
    key = logits.keyFrequencies(holding: share)
    embeddings = subject.embeddingTables(group.elements.max()! + 1).map {
      Embedding(name: $0, spectrum: basis.spectrum($1.selecting(rows: group.elements)))
    }
    let activations = try runner.finiteActivations(at: site, of: pairs).matrix
    let along = Self.spectraAlongAnswers(activations, right, basis)
    hiddenOfAnswer = Spectrum(
      power: basis.blocks.indices.map { block in along.reduce(0) { $0 + $1.power[block] } },
      total: along.reduce(0) { $0 + $1.total })
    units = Self.units(activations, along, basis)
    (self.basis, self.share, hiddenSite) = (basis, share, site)
  }

  /// The inputs that are pairs of elements, a slowest.
  private static func pairs(_ inputs: Inputs, _ elements: [Int]) throws(CircuitError) -> [Int] {
    var place: [[Int32]: Int] = [:]
    for (number, pair) in inputs.values.enumerated() where pair.count == 2 {
      let tokens = (0..<2).map { inputs.tokens[number * inputs.positions + $0] }
      // Elements are their own tokens.
      if inputs.answers[pair[0]] == tokens[0], inputs.answers[pair[1]] == tokens[1] { place[tokens] = number }
    }
    let found = elements.flatMap { a in elements.compactMap { place[[Int32(a), Int32($0)]] } }
    guard found.count == elements.count * elements.count else {
      throw .notDefined("a Fourier transform over a group needs all pairs of its elements as inputs")
    }
    return found
  }

  /// Answers as places among the elements, each equally often.
  private static func places(_ answers: [Int32], _ elements: [Int]) throws(CircuitError) -> [Int32] {
    let place = Dictionary(uniqueKeysWithValues: elements.enumerated().map { (Int32($1), Int32($0)) })
    let found = answers.compactMap { place[$0] }
    var counts = [Int](repeating: 0, count: elements.count)
    for answer in found { counts[Int(answer)] += 1 }
    guard counts.allSatisfy({ $0 == elements.count }) else {
      throw .notDefined("this reading needs a task on which every answer is right equally often")
    }
    return found
  }

  /// For each unit: what functions of the right answer explain, by block; of the whole variance.
  private static func spectraAlongAnswers(
    _ activations: Matrix, _ answers: [Int32], _ basis: AnswerBasis
  ) -> [Spectrum] {
    let centred = activations.centred
    // v_i(f) over the inputs of each answer has the square 1/n · (inputs of that answer); answers of a group operation in
    // one argument come equally often, so that these are orthogonal with the square n² / n.
    var sums = Matrix(rows: basis.count, columns: centred.columns)
    var squares = [Double](repeating: 0, count: centred.columns)
    for (row, answer) in answers.enumerated() {
      for (unit, x) in centred.row(row).enumerated() {
        sums[Int(answer), unit] += x
        squares[unit] += x * x
      }
    }
    let coefficients = basis.vectors.times(sums)
    let norm = Double(answers.count) / Double(basis.count)
    return (0..<centred.columns).map { unit in
      Spectrum(
        power: basis.blocks.map {
          $0.rows.reduce(0) { $0 + coefficients[$1, unit] * coefficients[$1, unit] } / norm
        }, total: squares[unit])
    }
  }

  private static func units(_ activations: Matrix, _ along: [Spectrum], _ basis: AnswerBasis) -> [Unit] {
    let n = basis.count
    let coefficients = basis.transformPairs(activations)
    return along.enumerated().map { unit, answer in
      func square(_ a: Int, _ b: Int) -> Double { coefficients[a * n + b, unit] * coefficients[a * n + b, unit] }
      let power = basis.blocks.map { block in
        block.rows.reduce(0.0) { sum, i in
          sum + square(i, 0) + square(0, i) + block.rows.reduce(0) { $0 + square(i, $1) }
        }
      }
      guard answer.total > 1e-12 * max(answer.total + square(0, 0), 1e-30),
        let best = power.indices.max(by: { power[$0] < power[$1] })
      else { return Unit(unit: unit, block: 0, share: 0, ofAnswer: 0, variance: 0) }
      return Unit(
        unit: unit, block: best + 1, share: power[best] / answer.total, ofAnswer: answer.share(best + 1),
        variance: answer.total / Double(n * n))
    }
  }
}

extension AnswerBasis {
  /// Coefficients in both arguments of a table over pairs (a, b), a slowest: `[n·n, m]` to `[n·n, m]`.
  public func transformPairs(_ table: Matrix) -> Matrix { vectors.timesBothArguments(table) }
}
