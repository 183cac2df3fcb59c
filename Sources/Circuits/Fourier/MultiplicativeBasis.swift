internal import Grammars

extension AnswerBasis {
  /// The functions on Z/p, p an odd prime, in blocks of the multiplicative group: its characters, and zero apart.
  ///
  ///     try AnswerBasis(multiplicativeModulo: 7).blocks.map(\.name)     // zero, χ1, χ2, χ3
  ///
  /// With g the least primitive root, the block χk holds cosine and sine of 2πk·log_g x/(p − 1) at x ≠ 0, and 0 at 0; the last,
  /// k = (p − 1)/2, is the Legendre symbol alone. The block *zero* tells 0 from the others. Where f is not 0, vectors of χk have
  /// Σ_i v_i(f) v_i(c) = 2/(p − 1) · cos 2πk·log_g(c/f)/(p − 1): a function of c/f alone, as networks that multiply need it.
  ///
  /// - Complexity: O(p²).
  /// - Throws: `CircuitError.notDefined` unless p is an odd prime.
  public init(multiplicativeModulo p: Int) throws(CircuitError) {
    guard p > 2, isPrime(Int64(p)) else {
      throw .notDefined("characters of products need an odd prime number of answers, not \(p)")
    }
    let order = p - 1
    let group = AnswerBasis(unitsModulo: p)
    var vectors = Matrix(rows: p, columns: p)
    vectors[0, 0] = (1 / Double(p)).squareRoot()
    vectors[1, 0] = (Double(order) / Double(p)).squareRoot()
    for x in 1..<p {
      vectors[0, x] = vectors[0, 0]
      vectors[1, x] = -(1 / (Double(order) * Double(p))).squareRoot()
      for i in 1..<order { vectors[i + 1, x] = group.vectors[i, x - 1] }
    }
    let characters = group.blocks.map { Block(name: $0.name, rows: $0.rows.lowerBound + 1..<$0.rows.upperBound + 1) }
    self.init(vectors: vectors, blocks: [Block(name: "zero", rows: 1..<2)] + characters)
  }

  /// The functions on 1 … p − 1, p an odd prime: those of Z/(p − 1) of the discrete logarithm.
  init(unitsModulo p: Int) {
    let powers = FourierBasis(modulus: p - 1)
    let logarithms = Self.logarithms(modulo: p)
    var vectors = powers.vectors
    for x in 1..<p { for i in 0..<p - 1 { vectors[i, x - 1] = powers.vectors[i, logarithms[x]] } }
    self.init(vectors: vectors, blocks: powers.frequencies.map { Block(name: "χ\($0)", rows: powers.rows(of: $0)) })
  }

  /// log_g x for x = 1 … p − 1, g the least number whose powers are all of them; 0 at 0.
  static func logarithms(modulo p: Int) -> [Int] {
    for g in 1..<p {
      var logarithms = [Int](repeating: -1, count: p)
      var power = 1
      for exponent in 0..<p - 1 {
        if logarithms[power] >= 0 { break }
        logarithms[power] = exponent
        power = power * g % p
      }
      if logarithms.dropFirst().allSatisfy({ $0 >= 0 }) {
        logarithms[0] = 0
        return logarithms
      }
    }
    preconditionFailure("\(p) is a prime, and has a primitive root")
  }
}

extension Inputs {
  /// The basis of the characters of products, where the answers are the residues modulo an odd prime.
  ///
  /// - Throws: `CircuitError.notDefined` for other answers.
  public var multiplicativeBasis: AnswerBasis {
    get throws(CircuitError) {
      guard let p = try? answerModulus else {
        throw .notDefined("characters of products need residues modulo a prime as answers")
      }
      return try AnswerBasis(multiplicativeModulo: p)
    }
  }

  /// The residues modulo an odd prime but 0, under multiplication.
  ///
  /// - Throws: `CircuitError.notDefined` for other answers.
  public var multiplicativeGroup: AnswerGroup {
    get throws(CircuitError) {
      // Says what is wrong with the answers.
      let p = try multiplicativeBasis.count
      return AnswerGroup(basis: AnswerBasis(unitsModulo: p), elements: Array(1..<p))
    }
  }

  /// The basis whose directions a class of subspaces is made of; nil for a class without one.
  func basis(of kind: AlignmentClass) throws(CircuitError) -> AnswerBasis? {
    switch kind {
    case .fourier: try answerBasis
    case .multiplicative: try multiplicativeBasis
    case .neurons, .rotation: nil
    }
  }
}
