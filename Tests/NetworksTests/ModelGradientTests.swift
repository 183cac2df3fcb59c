import Testing

@testable import Networks

/// Whole networks in float64: gradients against central differences, training form against ordinary form.
@Suite struct GradientsOfNetworks {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let network: any Network
    let shape: BatchShape
  }

  static let perceptrons: [Case] = Activation.allCases.flatMap { activation in
    [(true, 2, false), (false, 2, true), (false, 3, false)].map { tied, positions, bias in
      var c = EmbeddingMLP.Configuration(vocabulary: 5, outputs: 4)
      (c.tied, c.positions, c.hiddenBias, c.activation) = (tied, positions, bias, activation)
      (c.width, c.hidden) = (3, 7)
      return Case(
        testDescription: "perceptron \(activation) tied \(tied) positions \(positions) bias \(bias)",
        network: EmbeddingMLP(c), shape: BatchShape(rows: 17, positions: positions))
    }
  }

  static let transformers: [Case] = [(1, 3, 1), (1, 3, 3), (2, 3, 1), (2, 10, 10), (3, 2, 1), (1, 10, 1)].flatMap {
    layers, positions, read in
    DecoderTransformer.Normalization.allCases.map { normalization in
      var c = DecoderTransformer.Configuration(vocabulary: 5, outputs: 6, context: positions + 1)
      (c.layers, c.normalization, c.width, c.heads, c.headWidth, c.hidden) = (layers, normalization, 6, 2, 3, 5)
      c.activation = layers == 2 ? .geluTanh : .relu
      return Case(
        testDescription: "transformer layers \(layers) positions \(positions) read \(read) \(normalization)",
        network: DecoderTransformer(c), shape: BatchShape(rows: 7, positions: positions, readPositions: read))
    }
  }

  static let constantAttention: [Case] = [(1, 3, 1), (2, 3, 3), (1, 10, 1)].map { layers, positions, read in
    var c = DecoderTransformer.Configuration(vocabulary: 5, outputs: 6, context: positions)
    (c.layers, c.pattern, c.width, c.heads, c.headWidth, c.hidden) = (layers, .constant, 6, 2, 3, 5)
    return Case(
      testDescription: "constant attention layers \(layers) positions \(positions) read \(read)",
      network: DecoderTransformer(c), shape: BatchShape(rows: 7, positions: positions, readPositions: read))
  }

  static let recurrent: [Case] = RecurrentNetwork.Cell.allCases.flatMap { cell in
    [(1, 1), (4, 1), (5, 5)].map { positions, read in
      var c = RecurrentNetwork.Configuration(cell: cell, vocabulary: 3, outputs: 4)
      (c.width, c.hidden) = (3, 5)
      return Case(
        testDescription: "\(cell) positions \(positions) read \(read)", network: RecurrentNetwork(c),
        shape: BatchShape(rows: 6, positions: positions, readPositions: read))
    }
  }

  static let layered: [Case] = [[7], [5, 6], [4, 4, 4]].map { hidden in
    var c = LayeredPerceptron.Configuration(vocabulary: 5, outputs: 3, positions: 4)
    (c.hidden, c.width) = (hidden, 2)
    return Case(
      testDescription: "layered perceptron \(hidden)", network: LayeredPerceptron(c),
      shape: BatchShape(rows: 13, positions: 4))
  }

  static let all = perceptrons + layered + transformers + constantAttention + recurrent

  private func parameters(_ network: any Network) -> [Double] {
    // Biases start at 0 and scales at 1: move them, so that their parts show.
    zip(network.initialParameters(seed: 3), randomNumbers(network.layout.count, scale: 0.1)).map { Double($0) + $1 }
  }

  private func batch(_ test: Case) -> Batch {
    randomBatch(
      test.shape, vocabulary: test.network.vocabulary, outputs: test.network.outputs, ignoring: true)
  }

  @Test(arguments: all) func areDifferenceQuotients(_ test: Case) {
    let (point, graph) = (parameters(test.network), test.network.graph(for: test.shape, of: Double.self))
    graph.load(batch(test))
    _ = graph.forward(point)
    let gradient = graph.backward(point)
    let expected = differences(point) { graph.forward($0).mean }
    #expect(relativeError(gradient, expected) < 1e-8)
  }

  @Test(arguments: all) func agreeInBothForms(_ test: Case) {
    let point = parameters(test.network)
    let results = [LaneExecutor<Double>.Form.training, .ordinary].map { form in
      let executor = LaneExecutor<Double>(test.network, shape: test.shape, form: form)
      executor.load(batch(test))
      var gradient = [Double](repeating: .nan, count: point.count)
      let loss = executor.lossAndGradient(point, into: &gradient)
      #expect(abs(executor.evaluate(point).lossSum - loss.lossSum) < 1e-10)
      return (loss, gradient, executor.logits())
    }
    #expect(abs(results[0].0.mean - results[1].0.mean) < 1e-12)
    #expect(results[0].0.correct == results[1].0.correct && results[0].0.counted == results[1].0.counted)
    #expect(relativeError(results[0].1, results[1].1) < 1e-10)
    #expect(relativeError(results[0].2, results[1].2) < 1e-10)
  }
}
