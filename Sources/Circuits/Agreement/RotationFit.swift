internal import Networks
internal import Randomness

/// Learns the subspace whose interchange best gives the program's answers: distributed alignment search.
///
/// The mean cross-entropy of the intervened network against the program's intervened answers is lowered over orthonormal
/// bases B, by Cayley steps along the momentum's component in the tangent of the Stiefel manifold, so that B stays
/// orthonormal without projection: B(τ) = (I + τ/2 W)⁻¹ (I − τ/2 W) B with W = M Bᵀ − B Mᵀ.
///
/// - Source: Geiger, Wu, Potts, Icard & Goodman 2024, "Finding alignments between interpretable causal variables and
///   distributed neural representations"; the steps: Wen & Yin 2013, "A feasible method for optimization with
///   orthogonality constraints", equation 11 and lemma 4; Li, Fuxin & Todorovic 2020 for the momentum.
struct RotationFit {
  private let activations: SiteActivations
  private let pairs: InterchangePairs
  private let options: Agreement.Options
  private let watch: Agreement.Watch

  init(
    _ activations: SiteActivations, _ pairs: InterchangePairs, _ options: Agreement.Options,
    watch: @escaping Agreement.Watch = { _ in }
  ) {
    (self.activations, self.pairs, self.options, self.watch) = (activations, pairs, options, watch)
  }

  func fitted(_ k: Int, using generator: inout SeededGenerator) throws(CircuitError) -> Subspace {
    var basis = Subspace.random(k, of: activations.width, using: &generator)
    var momentum = Matrix(rows: k, columns: activations.width)
    let size = min(options.rotationBatch, pairs.count)
    for step in 0..<options.rotationSteps {
      watch { ", \(k) dimensions, update \(step) of \(options.rotationSteps)" }
      let chosen = (0..<size).map { _ in Int(generator.below(UInt64(pairs.count))) }
      let gradient = try gradient(basis, pairs.selecting(chosen))
      momentum = 0.9 * momentum + gradient
      let progress = Double(step) / Double(options.rotationSteps)
      let rate = options.rotationRate * 0.5 * (1 + cosine(.pi * progress))
      basis = Self.step(basis, momentum, length: rate)
    }
    // Rounding accumulates over the steps; what is returned is orthonormal to the last bit that matters.
    return Subspace(orthonormal: Subspace.orthonormalized(basis.basis, tolerance: 1e-9))
  }

  /// The gradient of the mean loss with respect to B, `[k, d]`: with D = h_s − h_b and g the gradient at the site, h_b + D B Bᵀ
  /// gives (D B)ᵀ g + (g B)ᵀ D.
  private func gradient(_ subspace: Subspace, _ pairs: InterchangePairs) throws(CircuitError) -> Matrix {
    let patch = Patch(
      .add, at: activations.site, activations.difference(pairs.bases, pairs.sources, in: subspace))
    let g = try activations.runner.gradients(
      at: activations.site, of: pairs.bases, targets: pairs.expected, patches: [patch]
    ).gradients
    let change = activations.rows.selecting(pairs.sources).adding(-1, activations.rows.selecting(pairs.bases))
    let basis = FloatRows(subspace.basis)
    let first = change.times(basis, otherTransposed: true).times(g, transposed: true)
    let second = g.times(basis, otherTransposed: true).times(change, transposed: true)
    return first.adding(1, second).matrix
  }

  /// One Cayley step of at most `length` (radians per basis vector, root mean square) down the gradient.
  ///
  /// W has rank 2k: with U = [M, B] and V = [B, −M] (columns), B(τ) = B − τ U (I + τ/2 VᵀU)⁻¹ VᵀB.
  static func step(_ subspace: Subspace, _ gradient: Matrix, length: Double) -> Subspace {
    let (b, k) = (subspace.basis, subspace.dimensions)
    // The tangent part of the gradient; its norm sets the step.
    let tangent = gradient - gradient.times(b, otherTransposed: true).times(b)
    let along = gradient.times(b, otherTransposed: true)
    let skew = 0.5 * (along - along.transposed)
    let norm = (tangent.squaredNorm + skew.squaredNorm).squareRoot()
    guard norm > 1e-30 else { return subspace }
    let tau = length * Double(k).squareRoot() / norm
    let u = Matrix(rows: 2 * k, columns: b.columns, elements: gradient.elements + b.elements)
    let v = Matrix(rows: 2 * k, columns: b.columns, elements: b.elements + gradient.elements.map { -$0 })
    var system = (tau / 2) * v.times(u, otherTransposed: true)
    for i in 0..<2 * k { system[i, i] += 1 }
    guard let x = system.solving(v.times(b, otherTransposed: true)) else { return subspace }
    return Subspace(orthonormal: b - tau * x.times(u, transposed: true))
  }
}
