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
  /// Is called with what is done at the site now, in words that follow its name.
  var watch: Agreement.Watch = { _ in }

  private var runner: Runner { activations.runner }
  private var subject: Subject { runner.subject }

  func fitted(_ kind: AlignmentClass) throws(CircuitError) -> FittedSubspace {
    if let basis = try subject.inputs.basis(of: kind) { return try readDirections(basis) }
    switch kind {
    case .fourier, .multiplicative: preconditionFailure("these have a basis")
    case .neurons:
      let ranked = try rankedUnits()
      return try smallest(
        sizes: dimensions.map { [min($0, activations.width)] }
          ?? Agreement.Options.doublingSizes(upTo: activations.width / 2)
      ) { size throws(CircuitError) in
        (Subspace(units: Array(ranked.prefix(size)), of: activations.width), [])
      }
    case .rotation:
      var generator = rotationGenerator
      // Less than all of the activation, but for one of a single unit.
      let size = max(1, min(dimensions ?? options.maxDimensions, activations.width - 1))
      return try rotated(size, after: nil, using: &generator)!
    }
  }

  /// Draws the beginnings of the rotations of this site, one size after the other.
  var rotationGenerator: SeededGenerator {
    SeededGenerator(seed: options.seed, name: "circuits/rotation/\(activations.site)")
  }

  /// A learned rotation of a size, or the better one of smaller sizes, of which the curve is continued; that one alone where the
  /// activation has no more dimensions.
  func rotated(
    _ size: Int, after smaller: FittedSubspace?, using generator: inout SeededGenerator
  ) throws(CircuitError) -> FittedSubspace? {
    guard size < max(activations.width, 2) else { return smaller }
    watch { "" }
    let subspace = try RotationFit(activations, pairs, options, watch: watch).fitted(size, using: &generator)
    let fit = try activations.accuracy(pairs, in: subspace)
    let isBetter = smaller.map { fit.successes > $0.fit.successes } ?? true
    return FittedSubspace(
      site: activations.site, subspace: isBetter ? subspace : smaller!.subspace, fit: isBetter ? fit : smaller!.fit,
      frequencies: [], terms: [], curve: (smaller?.curve ?? []) + [(size, fit)])
  }

  private func smallest<Size>(
    sizes: [Size], names: ([Int]) -> [String] = { _ in [] },
    _ make: (Size) throws(CircuitError) -> (Subspace, [Int])
  ) throws(CircuitError) -> FittedSubspace {
    var best: (subspace: Subspace, frequencies: [Int], fit: Proportion)?
    var curve: [(Int, Proportion)] = []
    for size in sizes {
      watch { "" }
      let (subspace, frequencies) = try make(size)
      let fit = try activations.accuracy(pairs, in: subspace)
      curve.append((subspace.dimensions, fit))
      if best.map({ fit.successes > $0.fit.successes }) ?? true { best = (subspace, frequencies, fit) }
      if fit.share >= options.goal { break }
    }
    return FittedSubspace(
      site: activations.site, subspace: best!.subspace, fit: best!.fit, frequencies: best!.frequencies,
      terms: names(best!.frequencies), curve: curve)
  }
}

// MARK: - Read directions

extension AlignmentFit {
  /// The directions that the strongest blocks of a basis over the answers read.
  private func readDirections(_ basis: AnswerBasis) throws(CircuitError) -> FittedSubspace {
    let read = try ReadDirections(subject, runner, at: activations.site)
    let ranked = try rankedBlocks(basis)
    let limit = dimensions ?? options.maxDimensions
    func subspace(_ blocks: [Int]) throws(CircuitError) -> Subspace {
      let directions = blocks.flatMap { read.directions(of: $0, basis).rowsOfElements }
      return try Subspace(spannedBy: Matrix(directions), at: activations.site.description)
    }
    func isIndependent(_ blocks: [Int]) -> Bool { (try? subspace(blocks)) != nil }
    var lists: [[Int]] = []
    if dimensions == nil {
      // The strongest, the two strongest, …, as far as they fit and the site has dimensions for them.
      for count in 1...ranked.count {
        let list = Array(ranked.prefix(count))
        guard list.reduce(0, { $0 + basis.blocks[$1 - 1].rows.count }) <= limit, count == 1 || isIndependent(list)
        else { break }
        lists.append(list)
      }
      let strongest = basis.blocks[ranked[0] - 1]
      guard !lists.isEmpty else {
        throw .notDefined(
          "the strongest term, \(strongest.name), takes \(strongest.rows.count) dimensions; at most \(limit) are allowed (--max-dimensions)"
        )
      }
    } else {
      lists = [Self.filling(limit, ranked, basis, isIndependent)]
    }
    return try smallest(sizes: lists, names: { $0.map { basis.blocks[$0 - 1].name } }) { chosen throws(CircuitError) in
      (try subspace(chosen), chosen)
    }
  }

  /// The strongest blocks with independent directions that fit together into so many dimensions; the smallest block where none
  /// does.
  private static func filling(
    _ dimensions: Int, _ ranked: [Int], _ basis: AnswerBasis, _ isIndependent: ([Int]) -> Bool
  ) -> [Int] {
    var (left, chosen) = (dimensions, [Int]())
    for block in ranked where basis.blocks[block - 1].rows.count <= left && isIndependent(chosen + [block]) {
      chosen.append(block)
      left -= basis.blocks[block - 1].rows.count
    }
    return chosen.isEmpty ? [ranked.min { basis.blocks[$0 - 1].rows.count < basis.blocks[$1 - 1].rows.count }!] : chosen
  }

  /// Blocks by their power over the answers in the logits of the fitting half, the strongest first.
  private func rankedBlocks(_ basis: AnswerBasis) throws(CircuitError) -> [Int] {
    let logits = try runner.run(half).logits.matrix.firstColumns(basis.count)
    return basis.spectrum(logits.transposed).ranked
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
