import Randomness
import Testing

@testable import Networks

@Suite struct WorkIsCounted {
  /// Of the perceptron: forward, and back to weights and to activations. Embeddings meet W_in once per vocabulary entry.
  @Test func productsOfAPerceptronAreThoseOnPaper() {
    var configuration = EmbeddingMLP.Configuration(vocabulary: 13, outputs: 11)
    (configuration.width, configuration.hidden) = (8, 24)
    let network = EmbeddingMLP(configuration)
    let rows = 50
    let executor = LaneExecutor<Float>(network, shape: BatchShape(rows: rows, positions: 2))
    executor.load(
      Batch(
        shape: BatchShape(rows: rows, positions: 2), tokens: (0..<100).map { Int32($0 % 13) },
        targets: (0..<50).map { Int32($0 % 11) }))
    let parameters = network.initialParameters(seed: 0)
    var gradient = [Float](repeating: 0, count: network.layout.count)
    let start = NetworkWork.productOperations
    _ = executor.evaluate(parameters)
    let forward = NetworkWork.productOperations - start
    #expect(forward == UInt64(2 * (13 * 8 * 24 + rows * 24 * 11)))
    _ = executor.lossAndGradient(parameters, into: &gradient)
    #expect(NetworkWork.productOperations - start == 4 * forward)
  }
}
