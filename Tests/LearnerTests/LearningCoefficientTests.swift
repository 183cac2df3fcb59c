import Documents
import Grammars
import Networks
import Randomness
import Tasks
import Testing

@testable import Learner

/// The sampler on losses whose coefficient is known, and on networks.
@Suite struct LearningCoefficientTests {
  /// A loss given by a formula, without examples.
  private struct Formula: SampledLoss {
    let value: @Sendable ([Float]) -> Double
    let slope: @Sendable ([Float], inout [Float]) -> Void
    var guess = Double.infinity

    func loss(_ w: [Float]) -> Double { value(w) }
    func sample(_ w: [Float], gradient: inout [Float], using generator: inout SeededGenerator) -> Double {
      slope(w, &gradient)
      return value(w)
    }
    func gradient(_ w: [Float], into gradient: inout [Float]) { slope(w, &gradient) }
  }

  private static func estimate(
    _ loss: Formula, at point: [Float], _ settings: LearningCoefficient.Settings, seed: UInt64 = 0
  ) throws -> LearningCoefficient {
    let sampler = LangevinSampler(loss, at: point, settings)
    return try #require(sampler.run(seed: seed, purpose: "test"))
  }

  private static func settings(
    _ inverseTemperature: Double, _ stepSize: Double, _ localization: Double, draws: Int, burnIn: Int, chains: Int
  ) -> LearningCoefficient.Settings {
    LearningCoefficient.Settings(
      inverseTemperature: inverseTemperature, stepSize: stepSize, localization: localization, draws: draws,
      burnIn: burnIn, chains: chains)
  }

  /// Within five standard errors, and the error small enough to tell.
  private static func expect(_ found: LearningCoefficient, _ wanted: Double, tolerance: Double) throws {
    let (estimate, error) = (try #require(found.estimate), try #require(found.standardError))
    #expect((estimate - wanted).magnitude < 5 * error, "\(estimate) ± \(error), expected \(wanted)")
    #expect(error < tolerance, "\(estimate) ± \(error)")
  }

  /// L = ½ Σ h_i w_i²: the chain is linear, and its law is known. With a_i = nβ h_i + γ each coordinate has the variance
  /// 1 / (a_i (1 − ε a_i / 4)), so λ̂ has the expectation ½ Σ nβ h_i / (a_i (1 − ε a_i / 4)); d/2 as γ and ε go to 0.
  @Test(arguments: [0.0, 30]) func aQuadraticLossHasHalfItsDimension(_ gamma: Double) throws {
    let curvatures = (0..<20).map { 0.5 + Float($0) / 10 }
    let loss = Formula(
      value: { w in zip(curvatures, w).reduce(0) { $0 + 0.5 * Double($1.0) * Double($1.1) * Double($1.1) } },
      slope: { w, g in for i in w.indices { g[i] = curvatures[i] * w[i] } })
    let (nBeta, step) = (100.0, 0.002)
    let wanted = curvatures.reduce(0.0) { sum, h in
      let a = nBeta * Double(h) + gamma
      return sum + 0.5 * nBeta * Double(h) / (a * (1 - step * a / 4))
    }
    if gamma == 0 { #expect((wanted - 10).magnitude < 1) }
    let found = try Self.estimate(
      loss, at: [Float](repeating: 0, count: 20), Self.settings(nBeta, step, gamma, draws: 1500, burnIn: 150, chains: 6)
    )
    try Self.expect(found, wanted, tolerance: 0.3)
  }

  /// L = w⁴: λ = 1/4, and E[nβ w⁴] = 1/4 at every temperature.
  @Test func aQuarticLossHasAQuarter() throws {
    let loss = Formula(
      value: { w in
        let x = Double(w[0])
        return x * x * x * x
      }, slope: { w, g in g[0] = 4 * w[0] * w[0] * w[0] })
    let found = try Self.estimate(loss, at: [0], Self.settings(100, 0.004, 0, draws: 8000, burnIn: 400, chains: 6))
    try Self.expect(found, 0.25, tolerance: 0.02)
  }

  /// L = w₁² w₂², held at 0 by γ: λ is 1/2 in the limit; at a temperature the expectation is an integral over w₁ alone,
  /// for w₂ given w₁ is normal with the precision 2 nβ w₁² + γ.
  @Test func aProductLossIsSingular() throws {
    let loss = Formula(
      value: { w in
        let x = Double(w[0]) * Double(w[1])
        return x * x
      },
      slope: { w, g in
        g[0] = 2 * w[0] * w[1] * w[1]
        g[1] = 2 * w[0] * w[0] * w[1]
      })
    let (nBeta, gamma) = (400.0, 20.0)
    var (weight, sum) = (0.0, 0.0)
    for i in 0..<40_000 {
      let x = (Double(i) + 0.5) * 0.00005
      let precision = 2 * nBeta * x * x + gamma
      let density = Self.exponential(-gamma * x * x / 2) / precision.squareRoot()
      weight += density
      sum += density * nBeta * x * x / precision
    }
    let wanted = sum / weight
    #expect(wanted > 0.15 && wanted < 0.45)  // less than the 1 of a regular minimum in two dimensions
    let found = try Self.estimate(
      loss, at: [0, 0], Self.settings(nBeta, 0.001, gamma, draws: 12_000, burnIn: 600, chains: 6))
    try Self.expect(found, wanted, tolerance: 0.03)
  }

  private static func exponential(_ x: Double) -> Double {
    // (1 + x/2^20)^(2^20) by squaring is right to six digits here.
    (0..<20).reduce(1 + x * 0x1p-20) { value, _ in value * value }
  }

  @Test func chainsThatSayNothingHaveNoEstimate() throws {
    // Uphill everywhere but at the point: every chain falls.
    let hill = Formula(value: { -Double($0[0]) * Double($0[0]) }, slope: { w, g in g[0] = -2 * w[0] })
    let fallen = try Self.estimate(hill, at: [0], Self.settings(1, 0.01, 1, draws: 50, burnIn: 0, chains: 2))
    #expect(fallen.estimate == nil && fallen.standardError == nil && fallen.fault == .below(chain: 0))
    #expect("\(fallen.record["fault"]!)".contains("no minimum") && fallen.record["estimate"] == .null)
    // Steps that are too long for the curvature.
    let steep = Formula(value: { Double($0[0]) * Double($0[0]) }, slope: { w, g in g[0] = 2 * w[0] })
    let lost = try Self.estimate(steep, at: [0], Self.settings(1000, 1, 0, draws: 400, burnIn: 0, chains: 2))
    guard case .notFinite(0, let step)? = lost.fault else {
      Issue.record("\(String(describing: lost.fault))")
      return
    }
    #expect(step > 0 && step < 400 && lost.estimate == nil)
    // Chains that are not finite have no halves either.
    #expect(lost.chains.isEmpty && lost.halves.isEmpty)
    var bounded = steep
    bounded.guess = 0.001
    let left = try Self.estimate(bounded, at: [0], Self.settings(1, 0.01, 0, draws: 100, burnIn: 0, chains: 1))
    #expect(left.fault == .left(chain: 0))
  }

  @Test func recordsReadBackAsTheyAreWritten() throws {
    let bowl = Formula(value: { 0.5 * Double($0[0]) * Double($0[0]) }, slope: { w, g in g[0] = w[0] })
    let hill = Formula(value: { -Double($0[0]) * Double($0[0]) }, slope: { w, g in g[0] = -2 * w[0] })
    let steep = Formula(value: { Double($0[0]) * Double($0[0]) }, slope: { w, g in g[0] = 2 * w[0] })
    for (loss, settings) in [
      (bowl, Self.settings(10, 0.01, 1, draws: 20, burnIn: 5, chains: 3)),
      (hill, Self.settings(1, 0.01, 1, draws: 50, burnIn: 0, chains: 2)),
      (steep, Self.settings(1000, 1, 0, draws: 400, burnIn: 0, chains: 2)),
    ] {
      let record = try Self.estimate(loss, at: [0], settings).record
      let read = try #require(LearningCoefficient(record: JSONValue(parsing: JSONWriter.text(record))))
      #expect(read.record == record)
      guard case .object(var members) = record else { continue }
      for (name, wrong) in [("fault", "chain 0 is tired"), ("draws", 0), ("byChain", .null)] as [(String, JSONValue)] {
        members[name] = wrong
        #expect(LearningCoefficient(record: .object(members)) == nil, "\(name)")
        members[name] = record[name]
      }
    }
  }

  @Test func perpendicularChainsKeepTheirHyperplane() throws {
    // A slope along the first coordinate, a bowl in the second: without the slope's direction λ is 1/2.
    let loss = Formula(
      value: { 5 * Double($0[0]) + 0.5 * Double($0[1]) * Double($0[1]) },
      slope: { w, g in
        g[0] = 5
        g[1] = w[1]
      })
    var settings = Self.settings(50, 0.004, 0, draws: 3000, burnIn: 200, chains: 6)
    settings.isPerpendicular = true
    // At (1, 0) the gradient lies along the first coordinate.
    let found = try Self.estimate(loss, at: [1, 0], settings)
    try Self.expect(found, 0.5 / (1 - 0.004 * 50 / 4), tolerance: 0.05)
    settings.isPerpendicular = false
    #expect(try Self.estimate(loss, at: [1, 0], settings).fault != nil)
  }

  private static func trained(_ threads: Int = 1) throws -> TrainingRun {
    let table = try TaskFamily.named("mod-add").table(modulus: 29)
    let split = try Split(of: table, size: .count(700), seed: 0)
    var mlp = EmbeddingMLP.Configuration(vocabulary: 29, outputs: 29)
    (mlp.width, mlp.hidden) = (8, 16)
    var recipe = Recipe(
      network: .embeddingMLP(mlp), method: .adamW(AdamW.Configuration(learningRate: 0.01)), maxSteps: 60)
    recipe.evaluationInterval = 20
    let data = Dataset(
      training: split.training, unseen: split.unseen, vocabulary: TaskVocabulary(table.examples), endsInEquals: false)
    let run = TrainingRun(recipe, data, seed: 0, purpose: "t", threads: threads)
    while run.end == nil { _ = run.advance() }
    return run
  }

  @Test func anEstimateOfANetworkIsTheSameBytesOnAnyThreads() throws {
    let run = try Self.trained()
    let settings = Self.settings(100, 1e-4, 10, draws: 12, burnIn: 3, chains: 2)
    let one = try #require(run.learningCoefficient(settings, batchSize: 600))
    for threads in [2, 3] { #expect(run.learningCoefficient(settings, batchSize: 600, threads: threads) == one) }
    #expect(one.chains[0] != one.chains[1])
    #expect(run.learningCoefficient(settings, batchSize: 600, shouldStop: { true }) == nil)
  }

  /// Batches are unbiased: over many the mean loss is that of all examples; a whole batch is exactly it.
  @Test func batchesHaveTheLossOfAllExamplesOnAverage() throws {
    let run = try Self.trained()
    var generator = SeededGenerator(seed: 1)
    var gradient = [Float](repeating: 0, count: run.parameters.count)
    let whole = NetworkLoss(run.recipe.network.network, run.dataset.training, batchSize: 700)
    let all = whole.loss(run.parameters)
    #expect(whole.sample(run.parameters, gradient: &gradient, using: &generator) == all)
    let parts = NetworkLoss(run.recipe.network.network, run.dataset.training, batchSize: 100)
    #expect((parts.loss(run.parameters) - all).magnitude < 1e-6)
    var (sum, squares) = (0.0, 0.0)
    for _ in 0..<200 {
      let found = parts.sample(run.parameters, gradient: &gradient, using: &generator)
      sum += found
      squares += found * found
    }
    let mean = sum / 200
    let error = ((squares / 200 - mean * mean) / 200).squareRoot()
    #expect((mean - all).magnitude < 4 * error && error < all / 20, "\(mean) ± \(error), expected \(all)")
    // The gradient of all examples, by parts and at once.
    var other = gradient
    whole.gradient(run.parameters, into: &gradient)
    parts.gradient(run.parameters, into: &other)
    #expect(zip(gradient, other).allSatisfy { ($0 - $1).magnitude < 1e-4 })
  }
}
