import Foundation
import Grammars
import Learner
import Networks
import Randomness
import Tasks
import TestSupport
import Testing

/// The published estimates for modular addition, by our sampler on networks that our optimiser trained.
@Suite struct PublishedCoefficientTests {
  /// Panickssery & Vaintrob 2023, "Investigating the learning coefficient of modular addition": 17 numbers, 80 % of the
  /// pairs, embeddings of 8, 32 GELU units, Adam with rate 0.01 and decay 2e-4 on 10,000 batches of 64; chains with
  /// γ = 5, ε = 1e-3 on batches of 64, perpendicular to the gradient, the first quarter left out. Their figures at nβ = m / ln m
  /// with m = n · multiplier: 111.1 at 1, 117.2 at 2.15, 112.9 at 10.
  ///
  /// Ours, on two seeds that answer all unseen pairs: 66.7 and 77.4 at 1, 70.3 and 83.8 at 2.15, 72.0 and 87.4 at 10, so
  /// 0.6 to 0.8 of theirs with the same flat course. The network is not theirs: the widths are those of their released
  /// settings for 17, which need not be those of the figure; start and batches are ours; they add 1e-7 to probabilities.
  @Test(.enabled(if: isLongRun, "LEVIN_LONG=1"))
  func modularAdditionOf17Numbers() throws {
    let table = try TaskFamily.named("mod-add").table(modulus: 17)
    let split = try Split(of: table, size: .count(231), seed: 0)
    let data = Dataset(
      training: split.training, unseen: split.unseen, vocabulary: TaskVocabulary(table.examples), endsInEquals: false)
    var configuration = LayeredPerceptron.Configuration(vocabulary: 17, outputs: 17, positions: 2)
    (configuration.width, configuration.hidden, configuration.activation) = (8, [32], .gelu)
    let network = LayeredPerceptron(configuration)
    for seed: UInt64 in 0..<2 {
      let parameters = Self.trained(network, data.training, seed: seed)
      let executor = LaneExecutor<Float>(network, shape: data.training.shape)
      let (fit, unseen) = (
        executor.evaluate(parameters, on: data.training), executor.evaluate(parameters, on: data.test!)
      )
      #expect(fit.accuracy == 1 && unseen.accuracy == 1, "\(fit) \(unseen)")
      for (multiplier, published) in [(1.0, 111.1), (2.1544, 117.2), (10, 112.9)] {
        let examples = 231 * multiplier
        var settings = LearningCoefficient.Settings(
          inverseTemperature: examples / log(examples), stepSize: 1e-3, localization: 5, draws: 2250, burnIn: 750,
          chains: 3)
        settings.isPerpendicular = true
        let sampler = LangevinSampler(NetworkLoss(network, data.training, batchSize: 64), at: parameters, settings)
        let found = try #require(sampler.run(seed: seed, purpose: "mod-add@17"))
        print(
          "mod-add@17 seed \(seed): unseen right \(unseen.correct) of \(unseen.counted), loss \(fit.mean), nβ of \(multiplier) n: \(found.estimate ?? .nan) ± \(found.standardError ?? .nan), halves \(found.halves), published \(published)"
        )
        let estimate = try #require(found.estimate, "\(String(describing: found.fault))")
        #expect(estimate > published / 2 && estimate < published * 2)
      }
    }
  }

  private static func trained(_ network: LayeredPerceptron, _ examples: Batch, seed: UInt64) -> [Float] {
    var parameters = network.initialParameters(seed: seed)
    // Matrices as PyTorch begins them: of a third of the variance.
    for entry in network.layout.entries where entry.name.hasSuffix(".W") || entry.name.hasSuffix("W_U") {
      for index in entry.range { parameters[index] /= Float(3).squareRoot() }
    }
    var gradient = parameters
    let optimizer = AdamW(AdamW.Configuration(learningRate: 0.01, weightDecay: 0), network.layout)
    let loss = NetworkLoss(network, examples, batchSize: 64)
    var generator = SeededGenerator(seed: seed, name: "batches")
    for _ in 0..<10_000 {
      _ = loss.sample(parameters, gradient: &gradient, using: &generator)
      // The decay of Adam, which is in the gradient: not AdamW's.
      for index in gradient.indices { gradient[index] += 0.0002 * parameters[index] }
      optimizer.step(&parameters, gradient)
    }
    return parameters
  }
}
