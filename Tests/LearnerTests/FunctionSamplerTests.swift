import Grammars
import Learner
import Networks
import Testing

/// Functions of random and of trained networks.
@Suite struct FunctionSamplerTests {
  private static let inputs: [[Value]] = (0..<8).map { row in (0..<3).map { .bool(row >> (2 - $0) & 1 == 1) } }

  static let kinds: [NetworkConfiguration] = {
    var mlp = EmbeddingMLP.Configuration(vocabulary: 2, outputs: 2)
    (mlp.positions, mlp.tied, mlp.width, mlp.hidden) = (3, false, 8, 32)
    var transformer = DecoderTransformer.Configuration(vocabulary: 3, outputs: 2, context: 4)
    (transformer.width, transformer.heads, transformer.headWidth, transformer.hidden) = (16, 2, 8, 32)
    var gru = RecurrentNetwork.Configuration(cell: .gru, vocabulary: 3, outputs: 2)
    (gru.width, gru.hidden) = (8, 16)
    return [.embeddingMLP(mlp), .transformer(transformer), .recurrent(gru)]
  }()

  /// The answers are those of the network's ordinary form, input by input.
  @Test(arguments: kinds.indices) func randomFunctionsAreThoseOfTheNetwork(_ kind: Int) {
    let configuration = Self.kinds[kind]
    let network = configuration.network
    let sampler = FunctionSampler(configuration, inputs: Self.inputs, labels: 2)
    for seed in 0..<5 as Range<UInt64> {
      let parameters = network.initialParameters(seed: seed, name: "function/random")
      let expected = Self.inputs.map { input in
        var tokens = input.map { Int32($0.word) }
        if kind > 0 { tokens.append(2) }
        let batch = Batch(shape: BatchShape(rows: 1, positions: tokens.count), tokens: tokens, targets: [0])
        let runner = LaneExecutor<Float>(network, shape: batch.shape, form: .ordinary)
        runner.load(batch)
        _ = runner.evaluate(parameters)
        let logits = runner.logits()
        return logits[1] > logits[0] ? 1 : 0
      }
      #expect(sampler.random(seed: seed) == expected)
    }
  }

  /// All parameters are multiplied: without biases a network of relu units says the same, one whose states saturate does not.
  @Test func initialParametersAreScaled() {
    func functions(_ kind: Int, _ scale: Double) -> [[Int]] {
      let sampler = FunctionSampler(Self.kinds[kind], inputs: Self.inputs, labels: 2, initialScale: scale)
      return (0..<40 as Range<UInt64>).map { sampler.random(seed: $0) }
    }
    // A power of two changes no digit.
    #expect(functions(0, 8) == functions(0, 1))
    for kind in [1, 2] {
      let (plain, scaled) = (functions(kind, 1), functions(kind, 8))
      #expect(plain != scaled && Set(plain).count < Set(scaled).count)
    }
    let sampler = FunctionSampler(Self.kinds[0], inputs: Self.inputs, labels: 2, initialScale: 8)
    let known = [0: 1, 3: 0, 5: 1, 6: 0, 7: 1]
    #expect(
      sampler.trained(on: known, seed: 0).map { found in known.allSatisfy { found.labels[$0.key] == $0.value } } == true
    )
  }

  @Test(arguments: kinds.indices) func trainedFunctionsAgreeWithWhatWasLearned(_ kind: Int) throws {
    let sampler = FunctionSampler(Self.kinds[kind], inputs: Self.inputs, labels: 2)
    let known = [0: 1, 3: 0, 5: 1, 6: 0, 7: 1]
    for seed in 0..<3 as Range<UInt64> {
      let found = try #require(sampler.trained(on: known, seed: seed))
      #expect(known.allSatisfy { found.labels[$0.key] == $0.value })
      let further = try #require(sampler.trained(on: known, loss: 0.01, seed: seed))
      #expect(further.steps > found.steps && known.allSatisfy { further.labels[$0.key] == $0.value })
      #expect(sampler.trained(on: known, seed: seed) == found)
    }
    #expect(sampler.trained(on: known, loss: 1e-9, seed: 0, maxSteps: 3) == nil)
  }

  /// Both answers of a random network are drawn alike: a function is as frequent as its complement.
  @Test func complementsAreAsFrequent() {
    let sampler = FunctionSampler(Self.kinds[0], inputs: Self.inputs, labels: 2)
    var counts: [[Int]: Int] = [:]
    let count = 2_000
    for seed in 0..<UInt64(count) { counts[sampler.random(seed: seed), default: 0] += 1 }
    #expect(counts.values.reduce(0, +) == count)
    for (function, number) in counts {
      let other = counts[function.map { 1 - $0 }] ?? 0
      // A difference of two counts has at most their sum as its variance.
      #expect(abs(Double(number - other)) <= 5 * Double(number + other).squareRoot())
    }
  }
}
