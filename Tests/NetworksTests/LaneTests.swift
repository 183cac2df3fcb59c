import Foundation
import Randomness
import Testing

@testable import Networks

@Suite struct LanesOfRows {
  private static let networks: [(any Network, BatchShape)] = {
    var perceptron = EmbeddingMLP.Configuration(vocabulary: 13, outputs: 13)
    (perceptron.width, perceptron.hidden) = (8, 24)
    var transformer = DecoderTransformer.Configuration(vocabulary: 14, outputs: 14, context: 3)
    (transformer.width, transformer.heads, transformer.headWidth, transformer.hidden) = (16, 2, 8, 32)
    var recurrent = RecurrentNetwork.Configuration(cell: .lstm, vocabulary: 4, outputs: 3)
    (recurrent.width, recurrent.hidden) = (6, 8)
    return [
      (EmbeddingMLP(perceptron), BatchShape(rows: 1031, positions: 2)),
      (DecoderTransformer(transformer), BatchShape(rows: 1031, positions: 3)),
      (RecurrentNetwork(recurrent), BatchShape(rows: 517, positions: 5, readPositions: 5)),
    ]
  }()

  @Test(arguments: networks.indices) func giveTheSameBytesForAnyNumberOfThreads(_ index: Int) {
    let (network, shape) = Self.networks[index]
    let parameters = network.initialParameters(seed: 1)
    let batch = randomBatch(shape, vocabulary: network.vocabulary, outputs: network.outputs)
    let results = (1...3).map { threads in
      let executor = LaneExecutor<Float>(network, shape: shape, threads: threads)
      executor.load(batch)
      var gradient = [Float](repeating: .nan, count: parameters.count)
      let loss = executor.lossAndGradient(parameters, into: &gradient)
      let again = executor.lossAndGradient(parameters, into: &gradient)
      #expect(loss == again)
      return (loss, gradient.map(\.bitPattern), executor.logits().map(\.bitPattern))
    }
    #expect(results[0].0.lossSum.isFinite && results[0].0.counted == batch.counted)
    for result in results.dropFirst() { #expect(result == results[0]) }
  }

  /// Whatever the order of the parts.
  /// Within, numbers too near to 0 for their type are 0; outside, and behind a thrown error, they are what they are.
  @Test func subnormalNumbersCountForNothingInside() {
    // Known when it runs, not when it is compiled.
    let factor = Float(ProcessInfo.processInfo.arguments.isEmpty ? 1 : 1e-20)
    func product() -> Float { factor * factor }
    #expect(product() > 0)
    #if arch(x86_64) || arch(arm64)
      #expect(withoutSubnormals { product() } == 0)
    #endif
    struct Failure: Error {}
    #expect(throws: Failure.self) { try withoutSubnormals { throw Failure() } }
    #expect(product() > 0)
  }

  @Test func keepAMarginThatIsNoNumber() {
    let margins: [Double] = [2, .nan, -1]
    for order in [[0, 1, 2], [1, 0, 2], [0, 2, 1]] {
      var total = BatchLoss()
      for place in order {
        var part = BatchLoss()
        part.leastMargin = margins[place]
        total.add(part)
      }
      #expect(total.leastMargin.isNaN)
    }
    var total = BatchLoss()
    total.add(BatchLoss())
    #expect(total.leastMargin == .infinity)
  }

  @Test(arguments: networks.indices) func takeSmallerBatchesAndParts(_ index: Int) {
    let (network, shape) = Self.networks[index]
    let parameters = network.initialParameters(seed: 1).map(Double.init)
    let batch = randomBatch(shape, vocabulary: network.vocabulary, outputs: network.outputs)
    let executor = LaneExecutor<Double>(network, shape: shape, threads: 2)
    executor.load(batch)
    let whole = executor.evaluate(parameters)
    var small = shape
    small.rows = 300
    let part = LaneExecutor<Double>(network, shape: small)
    let total = part.evaluate(parameters, on: batch)
    #expect(abs(total.lossSum - whole.lossSum) < 1e-9)
    #expect(total.correct == whole.correct && total.leastMargin.isFinite)
    // A smaller batch in a large executor is a batch of its own.
    executor.load(batch.rows(0..<3))
    part.load(batch.rows(0..<3))
    var gradients = [
      [Double](repeating: .nan, count: parameters.count), [Double](repeating: .nan, count: parameters.count),
    ]
    _ = executor.lossAndGradient(parameters, into: &gradients[0])
    _ = part.lossAndGradient(parameters, into: &gradients[1])
    #expect(relativeError(gradients[0], gradients[1]) < 1e-10)
  }
}

@Suite struct LossesOfLogits {
  @Test func areRightFarFromAndNearToCertainty() {
    let graph = Graph<Float>(shape: BatchShape(rows: 4, positions: 1), layout: ParameterLayout([("x", [4, 40])]))
    let logits = graph.node("logits", rowsPerSequence: 1, [40])
    graph.append(Add(graph.parameter("x"), graph.parameter("x"), into: logits))
    graph.finish(logits: logits)
    graph.load(
      Batch(
        shape: BatchShape(rows: 4, positions: 1), tokens: [0, 0, 0, 0], targets: [33, 33, -1, 0]))
    var x = [Float](repeating: 0, count: 160)
    x[33] = 15  // near certainty: 39 others at e^-30
    x[40 + 1] = 100  // far from it: a loss of 200
    let loss = graph.forward(x)
    let expected = 39 * 9.357622968840175e-14 + 200 + 3.6888794541139363
    #expect(abs(loss.lossSum - expected) < 1e-6)
    #expect(loss.counted == 3 && loss.correct == 1 && loss.leastMargin == -200)
    let gradient = graph.backward(x)
    // −39 e^-30 / 3, twice because x is added to itself: far below the last place of 1.
    #expect(abs(gradient[33] / Float(-2 * 39 * 9.357622968840175e-14 / 3) - 1) < 1e-5)
    #expect(gradient[80..<120].allSatisfy { $0 == 0 })
  }
}
