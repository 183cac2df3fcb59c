internal import CTensorKernels
public import Randomness

/// A loss on vectors of parameters, as the sampler sees it.
public protocol SampledLoss {
  /// L_n(w): the mean over all examples, in nats.
  func loss(_ parameters: [Float]) -> Double
  /// The mean over some examples, drawn with the generator, and its gradient; every element is written.
  ///
  /// Its expectation is L_n(w), and does not depend on what was drawn before.
  func sample(
    _ parameters: [Float], gradient: inout [Float], using generator: inout SeededGenerator
  ) -> Double
  /// The gradient of L_n(w).
  func gradient(_ parameters: [Float], into gradient: inout [Float])
  /// The loss of a guess, which a chain near a trained point stays below.
  var guess: Double { get }
}

/// Chains of stochastic gradient Langevin dynamics from one point.
///
///     w ← w + ε/2 (−nβ ∇L_m(w) + γ (w* − w)) + N(0, ε)
///
/// The noise of chain c and its examples come from one generator each, named by the chain: chains do not depend on each
/// other, and equal calls give equal bytes whatever the threads of the loss. A chain's estimate averages the losses L_m at
/// its draws, before each step.
///
/// - Complexity: for each step one gradient and two passes over the parameters; 4 vectors of memory.
public struct LangevinSampler<Loss: SampledLoss> {
  private let loss: Loss
  private let point: [Float]
  private let settings: LearningCoefficient.Settings
  /// The unit vector that chains stay perpendicular to.
  private let forbidden: [Float]?

  /// Chains of a loss around a point.
  public init(_ loss: Loss, at point: [Float], _ settings: LearningCoefficient.Settings) {
    self.loss = loss
    self.point = point
    self.settings = settings
    var unit: [Float]?
    if settings.isPerpendicular {
      var gradient = [Float](repeating: 0, count: point.count)
      self.loss.gradient(point, into: &gradient)
      let norm = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      if norm > 0, norm.isFinite { unit = gradient.map { Float(Double($0) / norm) } }
    }
    forbidden = unit
  }

  /// Runs the chains.
  ///
  /// - Parameter shouldStop: asked before each step; nil comes back when it says yes.
  public func run(
    seed: UInt64, purpose: String, shouldStop: () -> Bool = { false }
  ) -> LearningCoefficient? {
    let start = loss.loss(point)
    var chains: [Double] = []
    // Of each chain that is finite.
    var halves: [[Double]] = []
    var fault: LearningCoefficient.Fault?
    for chain in 0..<settings.chains {
      var losses: [Double] = []
      guard walk(chain, seed, purpose, shouldStop, &losses) else { return nil }
      guard losses.count == settings.burnIn + settings.draws else {
        fault = fault ?? .notFinite(chain: chain, step: losses.count)
        continue
      }
      let kept = Array(losses[settings.burnIn...])
      let mean = LearningCoefficient.mean(kept)
      if mean < start { fault = fault ?? .below(chain: chain) }
      if mean > loss.guess { fault = fault ?? .left(chain: chain) }
      chains.append(settings.inverseTemperature * (mean - start))
      let half = kept.count / 2
      halves.append(
        [kept[..<max(half, 1)], kept[half...]].map {
          settings.inverseTemperature * (LearningCoefficient.mean(Array($0)) - start)
        })
    }
    if !start.isFinite { fault = .notFinite(chain: 0, step: 0) }
    let means: [Double] =
      halves.isEmpty ? [] : (0..<2).map { part in halves.reduce(0) { $0 + $1[part] / Double(halves.count) } }
    return LearningCoefficient(
      settings: settings, lossAtPoint: start, chains: chains, halves: means, fault: fault)
  }

  /// One chain's losses, fewer than asked for when a number is not finite; false when it was stopped.
  private func walk(
    _ chain: Int, _ seed: UInt64, _ purpose: String, _ shouldStop: () -> Bool, _ losses: inout [Double]
  ) -> Bool {
    var noise = SeededGenerator(seed: seed, name: "llc/\(purpose)/noise/\(chain)")
    var examples = SeededGenerator(seed: seed, name: "llc/\(purpose)/examples/\(chain)")
    var w = point
    var gradient = [Float](repeating: 0, count: w.count)
    var normals = gradient
    var draws = [UInt64](repeating: 0, count: (w.count + 1) / 2 * 2)
    for _ in 0..<settings.burnIn + settings.draws {
      if shouldStop() { return false }
      let found = loss.sample(w, gradient: &gradient, using: &examples)
      guard found.isFinite else { return true }
      losses.append(found)
      for index in draws.indices { draws[index] = noise.next() }
      levin_normals(normals.count, draws, &normals)
      move(&w, gradient, normals)
    }
    return true
  }

  private func move(_ w: inout [Float], _ gradient: [Float], _ normals: [Float]) {
    let pull = Float(settings.stepSize / 2 * settings.localization)
    let slope = Float(settings.stepSize / 2 * settings.inverseTemperature)
    let deviation = Float(settings.stepSize.squareRoot())
    for index in w.indices {
      w[index] += pull * (point[index] - w[index]) - slope * gradient[index] + deviation * normals[index]
    }
    guard let forbidden else { return }
    var along = 0.0
    for index in w.indices { along += Double(w[index] - point[index]) * Double(forbidden[index]) }
    let share = Float(along)
    for index in w.indices { w[index] -= share * forbidden[index] }
  }
}

/// ln x.
func naturalLogarithm(_ x: Double) -> Double { levin_log(x) }
