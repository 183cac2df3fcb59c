internal import CTensorKernels
public import Networks

/// Gives another optimiser, in place of the gradient g of each parameter array w, its part perpendicular to w with the
/// length of g.
///
///     g⊥ = g - (w·g / (w·w + 1e-30)) w,   passed on: g⊥ |g| / |g⊥|
///
/// Logits of a network whose layers scale can be made larger, and the loss smaller, by longer weights alone; this takes
/// the direction of longer weights out. Every array is one vector, stacks of matrices too; an array of zeros keeps its
/// gradient. Where g lies along w up to a millionth, always for an array of one number, g⊥ is rounding and zero is
/// passed on.
///
/// - Complexity: two passes and one vector of scratch beside the other optimiser's.
/// - Source: Prieto, Barsbey, Mediano & Birdal 2025, "Grokking at the edge of numerical stability", ⊥Grad.
public final class PerpendicularGradient: Optimizer {
  /// The optimiser that gets the projected gradient.
  public let base: any Optimizer
  private let layout: ParameterLayout
  private var projected: [Float]

  /// - Parameter layout: the arrays of which each is projected by itself.
  public init(_ base: any Optimizer, _ layout: ParameterLayout) {
    (self.base, self.layout) = (base, layout)
    projected = [Float](repeating: 0, count: layout.count)
  }

  /// Steps that the other optimiser made.
  public var stepCount: Int { base.stepCount }

  /// Projects every array's gradient and makes a step of the other optimiser.
  public func step(_ parameters: UnsafeMutableBufferPointer<Float>, _ gradient: UnsafeBufferPointer<Float>) {
    precondition(
      parameters.count == layout.count && gradient.count == layout.count,
      "\(parameters.count) parameters and \(gradient.count) numbers of a gradient; expected \(layout.count)")
    guard let w = parameters.baseAddress, let g = gradient.baseAddress else { return base.step(parameters, gradient) }
    projected.withUnsafeMutableBufferPointer { projected in
      guard let out = projected.baseAddress else { return }
      for entry in layout.entries {
        let (w, g, out) = (w + entry.offset, g + entry.offset, out + entry.offset)
        var sums = (0.0, 0.0, 0.0)
        withUnsafeMutableBytes(of: &sums) { bytes in
          levin_products(entry.count, w, g, bytes.assumingMemoryBound(to: Double.self).baseAddress)
        }
        let (share, scale) = Self.projection(product: sums.0, weights: sums.1, gradient: sums.2)
        levin_project(entry.count, w, g, Float(share), Float(scale), out)
      }
      base.step(parameters, UnsafeBufferPointer(projected))
    }
  }

  /// How much of w to subtract, and what to multiply by then; from w·g, w·w and g·g.
  private static func projection(product: Double, weights: Double, gradient: Double) -> (share: Double, scale: Double) {
    let share = product / (weights + 1e-30)
    // |g⊥|² = g·g - 2 share w·g + share² w·w
    let rest = gradient - share * (2 * product - share * weights)
    return rest > gradient * 1e-12 ? (share, (gradient / rest).squareRoot()) : (share, 0)
  }

  /// Those of the other optimiser and of the projected gradient.
  public var bytes: Int { base.bytes + projected.count * MemoryLayout<Float>.stride }

  /// That of the other optimiser: nothing is remembered here.
  public var state: [OptimizerState] { base.state }

  /// Restores the other optimiser.
  public func restore(_ state: [OptimizerState]) throws(OptimizerStateError) { try base.restore(state) }
}
