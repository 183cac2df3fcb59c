internal import Grammars

/// An orthonormal basis of the functions on a group of answers, in blocks that belong to its irreducible representations.
///
///     AnswerBasis(FourierBasis(modulus: 113)).blocks[4].name     // "5": cosine and sine of 2π5x/113
///
/// A block of representation ρ with dimension d over a group of n elements spans its matrix entries. Vectors of a block have
/// Σ_i v_i(f) v_i(c) = (d/n) tr ρ(f c⁻¹) (twice the real part where a block holds ρ and its conjugate): a function of f c⁻¹
/// alone. For Z/p that is (2/p) cos 2πk(f − c)/p.
public struct AnswerBasis: Hashable, Sendable {
  /// The functions of one representation.
  public struct Block: Hashable, Sendable {
    /// A frequency, or the partition that names a representation.
    public let name: String
    /// Its rows of `vectors`.
    public let rows: Range<Int>

    /// A block of these rows.
    public init(name: String, rows: Range<Int>) { (self.name, self.rows) = (name, rows) }
  }

  /// `[n, n]`: one basis function a row; the first is constant.
  public let vectors: Matrix
  /// All blocks but the constant one.
  public let blocks: [Block]

  /// - Parameter vectors: orthonormal rows, the constant one first.
  public init(vectors: Matrix, blocks: [Block]) { (self.vectors, self.blocks) = (vectors, blocks) }

  /// The basis of Z/p, a block for each frequency.
  public init(_ basis: FourierBasis) {
    self.init(
      vectors: basis.vectors,
      blocks: basis.frequencies.map { Block(name: "\($0)", rows: basis.rows(of: $0)) })
  }

  /// Elements of the group.
  public var count: Int { vectors.columns }

  /// The spectrum of a table over the group, `[n, m]`, by block, summed over its columns.
  public func spectrum(_ table: Matrix) -> Spectrum {
    precondition(table.rows == count, "\(table.rows) rows for \(count) elements")
    let coefficients = vectors.times(table)
    return Spectrum(
      power: blocks.map { $0.rows.reduce(0) { $0 + coefficients.row($1).reduce(0) { $0 + $1 * $1 } } })
  }

  /// Shares of Σ_i v_i(f) v_i(c), for each block, in logits over inputs with right answers f and over labels c.
  ///
  /// Logits are centred over c first, as a softmax does not see what is added to all of them; inputs without an answer are
  /// left out. For Z/p and all pairs with f = a + b these are the shares `LogitReading.direct`.
  ///
  /// - Parameters:
  ///   - logits: `[inputs, n]`
  ///   - answers: the number of the right answer of each input.
  /// - Source: Nanda et al. 2023, section 4.1, for Z/p; Chughtai, Chan & Nanda 2023, section 4.1, for characters of groups.
  public func shares(of logits: Matrix, answers: [Int32?]) -> Spectrum {
    precondition(logits.columns == count && logits.rows == answers.count, "logits of \(count) answers")
    let kept = answers.indices.filter { answers[$0] != nil }
    var centred = logits.selecting(rows: kept)
    for row in 0..<centred.rows {
      let mean = centred.row(row).reduce(0, +) / Double(count)
      for column in 0..<count { centred[row, column] -= mean }
    }
    // [inputs, n]: coefficients over the labels.
    let coefficients = centred.times(vectors, otherTransposed: true)
    let power = blocks.map { block -> Double in
      var (along, norm) = (0.0, 0.0)
      for (row, input) in kept.enumerated() {
        let answer = Int(answers[input]!)
        for i in block.rows {
          along += vectors[i, answer] * coefficients[row, i]
          // Σ_c (Σ_i v_i(f) v_i(c))² = Σ_i v_i(f)², as the vectors are orthonormal.
          norm += vectors[i, answer] * vectors[i, answer]
        }
      }
      return norm > 0 ? along * along / norm : 0
    }
    return Spectrum(power: power, total: centred.squaredNorm)
  }
}

/// Answers that form a group, with the functions on them.
public struct AnswerGroup: Hashable, Sendable {
  /// The functions.
  public let basis: AnswerBasis
  /// The numbers of the answers, in the order of the basis.
  public let elements: [Int]
}

extension Inputs {
  /// All answers as a group: residues modulo p under addition, or all permutations of some points.
  ///
  /// - Throws: `CircuitError.notDefined` for other answers.
  public var answerGroup: AnswerGroup {
    get throws(CircuitError) {
      let basis = try answerBasis
      return AnswerGroup(basis: basis, elements: Array(0..<basis.count))
    }
  }

  /// The basis of the group that the answers form: residues modulo p under addition, or all permutations of some points.
  ///
  /// - Throws: `CircuitError.notDefined` for other answers.
  public var answerBasis: AnswerBasis {
    get throws(CircuitError) {
      if let elements = answerPermutations { return AnswerBasis(permutations: elements) }
      return AnswerBasis(FourierBasis(modulus: try answerModulus))
    }
  }

  /// The answers' images in the order of their numbers, when the answers are all permutations of 2 to 5 points.
  private var answerPermutations: [[Int]]? {
    let values = answers.sorted { $0.value < $1.value }.map(\.key)
    guard case .permutation(let degree)? = values.first?.sort, (2...5).contains(degree),
      values.count == (1...degree).reduce(1, *), Set(values.map(\.sort)).count == 1
    else { return nil }
    return values.map(\.images)
  }

  /// p, when the answers are the residues modulo p in order.
  var answerModulus: Int {
    get throws(CircuitError) {
      let p = answers.count
      guard p >= 2, answers.allSatisfy({ $0.key.sort == .int && $0.key.word == Int64($0.value) && $0.value < p }) else {
        throw .notDefined(
          "Fourier directions need residues modulo p or all permutations as answers; choose neurons or a rotation")
      }
      return p
    }
  }
}
