internal import Networks

/// How what follows a site reads it: the matrix from the site to the logits, where it is one.
///
/// The gradient of a logit at a site is the same for all inputs exactly when the rest of the network is affine in the site
/// (with all else held). It is taken at four inputs that are far apart and compared. Where it is 0 there, as behind saturated
/// attention or at a position that nothing reads, it says nothing of the other inputs and has no directions.
struct ReadDirections {
  /// `[width, outputs]`
  let weights: Matrix

  init(_ subject: Subject, _ runner: Runner, at site: Site) throws(CircuitError) {
    let outputs = subject.network.outputs
    let count = subject.inputs.count
    let probes = Array(Set([0, count / 3, count / 2 + 1, count - 1].map { min($0, count - 1) })).sorted()
    var weights = FloatRows(rows: probes.count * outputs, columns: outputs)
    for row in 0..<weights.rows { weights.elements[row * outputs + row % outputs] = 1 }
    let numbers = probes.flatMap { [Int](repeating: $0, count: outputs) }
    let gradients = try runner.logitGradients(at: [site], of: numbers, weights: weights)[0]
    let first = gradients.selecting(Array(0..<outputs))
    let scale = first.elements.map(abs).max() ?? 0
    guard scale > 1e-30, scale.isFinite else { throw .notLinear(site.description) }
    for probe in 1..<max(probes.count, 1) {
      let other = gradients.selecting(Array(probe * outputs..<(probe + 1) * outputs))
      let difference = zip(first.elements, other.elements).map { abs($0 - $1) }.max() ?? 0
      guard difference <= 1e-4 * scale else { throw .notLinear(site.description) }
    }
    self.weights = first.matrix.transposed
  }

  /// The directions of the site that a block over the answers reads, from block 1: a frequency's cosine and sine, or the
  /// d² matrix entries of a representation.
  func directions(of block: Int, _ basis: AnswerBasis) -> Matrix {
    let answers = weights.firstColumns(basis.count)
    return basis.vectors.selecting(rows: basis.blocks[block - 1].rows).times(answers, otherTransposed: true)
  }
}
