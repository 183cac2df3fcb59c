internal import Grammars
internal import Randomness

/// Fits a subspace of a declared class at one site, on pairs of one half of the inputs.
///
/// Sizes are tried in rising order; the first that reaches the goal is taken, else the best one, the smaller of equals.
struct AlignmentFit {
  let activations: SiteActivations
  /// Inputs of the fitting half.
  let half: [Int]
  let pairs: InterchangePairs
  let options: Agreement.Options
  /// The one size to take, for nulls; nil tries all.
  var dimensions: Int?

  private var runner: Runner { activations.runner }
  private var subject: Subject { runner.subject }

  func fitted(_ kind: AlignmentClass) throws(CircuitError) -> FittedSubspace {
    switch kind {
    case .fourier: return try fourier()
    case .neurons:
      let ranked = try rankedUnits()
      return try smallest(
        sizes: dimensions.map { [min($0, activations.width)] } ?? doubling(upTo: activations.width / 2)
      ) { size throws(CircuitError) in
        (Subspace(units: Array(ranked.prefix(size)), of: activations.width), [])
      }
    case .rotation:
      var generator = SeededGenerator(seed: options.seed, name: "circuits/rotation/\(activations.site)")
      let greatest = min(dimensions ?? options.maxDimensions, activations.width - 1)
      let sizes = dimensions == nil ? options.rotationSizes ?? [greatest] : [greatest]
      return try smallest(sizes: sizes) { size throws(CircuitError) in
        try (RotationFit(activations, pairs, options).fitted(size, using: &generator), [])
      }
    }
  }

  /// 1, 2, 4, … and the limit.
  private func doubling(upTo limit: Int) -> [Int] {
    var sizes: [Int] = []
    var size = 1
    while size < limit {
      sizes.append(size)
      size *= 2
    }
    return sizes + [max(limit, 1)]
  }

  private func smallest(
    sizes: [Int], _ make: (Int) throws(CircuitError) -> (Subspace, [Int])
  ) throws(CircuitError) -> FittedSubspace {
    var best: (subspace: Subspace, frequencies: [Int], fit: Proportion)?
    var curve: [(Int, Proportion)] = []
    for size in sizes {
      let (subspace, frequencies) = try make(size)
      let fit = try activations.accuracy(pairs, in: subspace)
      curve.append((subspace.dimensions, fit))
      if best.map({ fit.successes > $0.fit.successes }) ?? true { best = (subspace, frequencies, fit) }
      if fit.share >= options.goal { break }
    }
    return FittedSubspace(
      site: activations.site, subspace: best!.subspace, fit: best!.fit, frequencies: best!.frequencies, curve: curve)
  }
}

// MARK: - Fourier read directions

extension AlignmentFit {
  private func fourier() throws(CircuitError) -> FittedSubspace {
    let basis = FourierBasis(modulus: try subject.inputs.answerModulus)
    let read = try ReadDirections(subject, runner, at: activations.site)
    let ranked = try rankedFrequencies(basis)
    let greatest = max(1, min((dimensions ?? options.maxDimensions) / 2, ranked.count))
    let sizes = dimensions == nil ? Array(1...greatest) : [greatest]
    return try smallest(sizes: sizes) { size throws(CircuitError) in
      let chosen = Array(ranked.prefix(size))
      let directions = chosen.flatMap { read.directions(of: $0, basis).rowsOfElements }
      return (try Subspace(spannedBy: Matrix(directions), at: activations.site.description), chosen)
    }
  }

  /// Frequencies by their power over the answers in the logits of the fitting half, the strongest first.
  private func rankedFrequencies(_ basis: FourierBasis) throws(CircuitError) -> [Int] {
    let logits = try runner.run(half).logits.matrix.firstColumns(basis.modulus)
    return Spectrum(logits.transposed, basis).ranked
  }

  /// Units by how much an interchange of each alone would move the loss, to first order: mean |gradient · difference|.
  private func rankedUnits() throws(CircuitError) -> [Int] {
    let (bases, sources) = (pairs.bases, pairs.sources)
    let gradients = try runner.gradients(at: activations.site, of: bases, targets: pairs.expected).gradients
    let changes = activations.rows.selecting(sources).adding(-1, activations.rows.selecting(bases))
    var scores = [Double](repeating: 0, count: activations.width)
    for row in 0..<pairs.count {
      for unit in 0..<activations.width {
        let place = row * activations.width + unit
        scores[unit] += Double(abs(gradients.elements[place] * changes.elements[place]))
      }
    }
    return scores.indices.sorted { (scores[$0], $1) > (scores[$1], $0) }
  }
}

extension Matrix {
  var rowsOfElements: [[Double]] { (0..<rows).map { Array(row($0)) } }
}

extension Inputs {
  /// The basis of the group that the answers form: residues modulo p under addition.
  ///
  /// - Throws: `CircuitError.notDefined` for other answers.
  public var answerBasis: AnswerBasis {
    get throws(CircuitError) { AnswerBasis(FourierBasis(modulus: try answerModulus)) }
  }

  /// p, when the answers are the residues modulo p in order.
  var answerModulus: Int {
    get throws(CircuitError) {
      let p = answers.count
      guard p >= 2, answers.allSatisfy({ $0.key.sort == .int && $0.key.word == Int64($0.value) && $0.value < p }) else {
        throw .notDefined("Fourier directions need residues modulo p as answers; choose neurons or a rotation")
      }
      return p
    }
  }
}
