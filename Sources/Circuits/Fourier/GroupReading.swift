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
  public struct Embedding: Hashable, Sendable {
    /// The parameter's name.
    public let name: String
    public let spectrum: Spectrum
  }

  public struct Unit: Hashable, Sendable {
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

  public let basis: AnswerBasis
  public let embeddings: [Embedding]
  public let hiddenSite: Site
  public let units: [Unit]
  /// The share of all units' variance that functions of the right answer in each block explain.
  public let hiddenOfAnswer: Spectrum
  /// Shares of χ_ρ(f c⁻¹) in the logits.
  public let logits: Spectrum
  /// Shares of functions of the label c in each block, whatever the input: these add up to 1.
  public let labels: Spectrum
  /// The fewest blocks, from 1, that hold `share` of what all hold of the logits, the strongest first.
  public let key: [Int]
  public let share: Double
  public let accuracy: Double

  /// - Parameters:
  ///   - subject: a network whose inputs are all pairs of elements, a slowest, in the order of the answers' numbers.
  ///   - answers: the number of the right answer of each input.
  /// - Throws: `CircuitError.notDefined` for other inputs and answers.
  public init(_ subject: Subject, answers: [Int32], hidden: Site? = nil, share: Double = 0.95) throws(CircuitError) {
    let basis = try subject.inputs.answerBasis
    let (n, runner) = (basis.count, Runner(subject))
    try Self.checkPairs(subject.inputs, answers, n)
    guard let site = hidden ?? runner.siteNames.last(where: { $0.hasSuffix("mlp.hook_post") }).map({ Site($0) }) else {
      throw .notDefined("the network has no site 'mlp.hook_post'; name the site of its hidden units")
    }
    let all = Array(0..<n * n)
    let result = try runner.run(all, targets: answers)
    let table = result.logits.matrix.firstColumns(n)
    logits = basis.shares(of: table, answers: answers.map(Optional.some))
    labels = basis.spectrum(table.transposed)
    accuracy = result.loss.accuracy
    key = logits.keyFrequencies(holding: share)
    embeddings = subject.embeddingTables(n).map { Embedding(name: $0, spectrum: basis.spectrum($1)) }
    let activations = try runner.activations(at: site, of: all).matrix
    let along = Self.spectraAlongAnswers(activations, answers, basis)
    hiddenOfAnswer = Spectrum(
      power: basis.blocks.indices.map { block in along.reduce(0) { $0 + $1.power[block] } },
      total: along.reduce(0) { $0 + $1.total })
    units = Self.units(activations, along, basis)
    (self.basis, self.share, hiddenSite) = (basis, share, site)
  }

  private static func checkPairs(_ inputs: Inputs, _ answers: [Int32], _ n: Int) throws(CircuitError) {
    guard inputs.arity == 2, inputs.count == n * n,
      inputs.values.enumerated().allSatisfy({ place, pair in
        inputs.answers[pair[0]] == Int32(place / n) && inputs.answers[pair[1]] == Int32(place % n)
          && inputs.tokens[place * inputs.positions] == Int32(place / n)
          && inputs.tokens[place * inputs.positions + 1] == Int32(place % n)
      })
    else { throw .notDefined("a Fourier transform over a group needs all pairs of its elements as inputs") }
    guard
      Dictionary(answers.map { ($0, 1) }, uniquingKeysWith: +)
        == Dictionary(uniqueKeysWithValues: (0..<n).map { (Int32($0), n) })
    else { throw .notDefined("this reading needs a task on which every answer is right equally often") }
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
  public func transformPairs(_ table: Matrix) -> Matrix {
    let n = count
    precondition(table.rows == n * n, "\(table.rows) rows for pairs of \(n) elements")
    let m = table.columns
    var first = vectors.times(Matrix(rows: n, columns: n * m, elements: table.elements))
    for a in 0..<n {
      let block = Matrix(rows: n, columns: m, elements: Array(first.elements[a * n * m..<(a + 1) * n * m]))
      first.elements.replaceSubrange(a * n * m..<(a + 1) * n * m, with: vectors.times(block).elements)
    }
    return Matrix(rows: n * n, columns: m, elements: first.elements)
  }
}
