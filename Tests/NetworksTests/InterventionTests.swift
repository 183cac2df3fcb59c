import Testing

@testable import Networks

@Suite struct ActivationsByName {
  private func transformer() -> (DecoderTransformer, Batch, [Double]) {
    var c = DecoderTransformer.Configuration(vocabulary: 5, outputs: 6, context: 3)
    (c.layers, c.width, c.heads, c.headWidth, c.hidden) = (2, 6, 2, 3, 5)
    let network = DecoderTransformer(c)
    let shape = BatchShape(rows: 4, positions: 3)
    return (
      network, randomBatch(shape, vocabulary: 5, outputs: 6), network.initialParameters(seed: 1).map(Double.init)
    )
  }

  @Test func areTransformerLensNames() {
    let (network, batch, _) = transformer()
    let names = network.graph(for: batch.shape, of: Double.self).activationNames
    #expect(names.count == Set(names).count)
    let block = [
      "hook_resid_pre", "attn.hook_q", "attn.hook_k", "attn.hook_v", "attn.hook_attn_scores", "attn.hook_pattern",
      "attn.hook_z", "hook_attn_out", "hook_resid_mid", "mlp.hook_pre", "mlp.hook_post", "hook_mlp_out",
      "hook_resid_post",
    ]
    let expected =
      ["hook_embed", "hook_pos_embed", "logits"] + block.map { "blocks.0.\($0)" }
      + block.map { "blocks.1.\($0)" }
    #expect(Set(names) == Set(expected))
  }

  @Test func haveTheirShapes() {
    let (network, batch, parameters) = transformer()
    let graph = network.graph(for: batch.shape, of: Double.self)
    graph.load(batch)
    _ = graph.forward(parameters)
    #expect(graph.activation("blocks.1.attn.hook_pattern")?.shape == [4, 2, 3, 3])
    #expect(graph.activation("blocks.0.attn.hook_q")?.shape == [4, 3, 2, 3])
    #expect(graph.activation("logits")?.shape == [4, 3, 6])
    #expect(graph.activation("blocks.0.attn.hook_scores") == nil)
    let pattern = graph.activation("blocks.1.attn.hook_pattern")!.array
    for row in 0..<24 {
      #expect(abs(pattern[row * 3..<row * 3 + 3].reduce(0, +) - 1) < 1e-12)
      #expect(pattern[row * 3..<row * 3 + 3].dropFirst(row % 3 + 1).allSatisfy { $0 == 0 })
    }
  }

  /// Patching an activation with its values from another batch, everywhere, gives that batch's logits.
  @Test(arguments: ["blocks.0.hook_resid_post", "blocks.1.hook_resid_pre", "blocks.1.hook_resid_mid", "logits"])
  func patchedWhollyCarryTheSource(_ name: String) {
    let (network, base, parameters) = transformer()
    let source = randomBatch(base.shape, vocabulary: 5, outputs: 6, seed: 2)
    let graph = network.graph(for: base.shape, of: Double.self)
    graph.load(source)
    _ = graph.forward(parameters)
    let (patch, wanted) = (graph.activation(name)!.array, graph.activation("logits")!.array)
    graph.load(base)
    _ = graph.forward(parameters)
    #expect(graph.activation("logits")!.array != wanted)
    graph.intervene(at: name) { view in for (place, number) in patch.enumerated() { view.values[place] = number } }
    _ = graph.forward(parameters)
    #expect(graph.activation("logits")!.array == wanted)
    graph.removeInterventions()
    _ = graph.forward(parameters)
    #expect(graph.activation("logits")!.array != wanted)
  }

  /// Every activation on the way to the loss: its gradient is the difference quotient of patching it.
  @Test func haveGradientsThatPatchingConfirms() {
    let (network, batch, parameters) = transformer()
    let graph = network.graph(for: batch.shape, of: Double.self)
    graph.load(batch)
    for name in graph.activationNames where !name.hasSuffix("attn_scores") {
      graph.removeInterventions()
      _ = graph.forward(parameters)
      _ = graph.backward(parameters)
      // The last position of the last sequence; the pattern's last row.
      let place = graph.activation(name)!.array.count - 1
      let gradient = graph.gradient(of: name)!.array[place]
      func moved(_ distance: Double) -> Double {
        graph.intervene(at: name) { $0.values[place] += distance }
        return graph.forward(parameters).mean
      }
      let quotient = (8 * (moved(1e-4) - moved(-1e-4)) - (moved(2e-4) - moved(-2e-4))) / 12e-4
      #expect(abs(gradient - quotient) < 1e-8, "\(name): \(gradient) against \(quotient)")
    }
  }

  @Test(arguments: RecurrentNetwork.Cell.allCases) func statesAreReplacedBetweenPositions(_ cell: RecurrentNetwork.Cell)
  {
    var c = RecurrentNetwork.Configuration(cell: cell, vocabulary: 3, outputs: 4)
    (c.width, c.hidden) = (3, 5)
    let network = RecurrentNetwork(c)
    let parameters = network.initialParameters(seed: 1)
    let long = randomBatch(BatchShape(rows: 2, positions: 6, readPositions: 6), vocabulary: 3, outputs: 4)
    // A state put back to zero at position 2 makes the rest that of the sequence from position 3.
    let short = Batch(
      shape: BatchShape(rows: 2, positions: 3, readPositions: 3),
      tokens: (0..<2).flatMap { long.tokens[$0 * 6 + 3..<$0 * 6 + 6] },
      targets: (0..<2).flatMap { long.targets[$0 * 6 + 3..<$0 * 6 + 6] })
    let (whole, tail) = (
      network.graph(for: long.shape, of: Float.self), network.graph(for: short.shape, of: Float.self)
    )
    whole.load(long)
    tail.load(short)
    // The hidden state of a cell of zeros is zero: it is made after the change.
    whole.intervene(at: cell == .lstm ? "rnn.hook_cell.2" : "rnn.hook_hidden.2") { $0.values.update(repeating: 0) }
    _ = whole.forward(parameters)
    _ = tail.forward(parameters)
    #expect(whole.activation("logits")!.shape == [6, 2, 4])
    #expect(Array(whole.activation("logits")!.array.suffix(24)) == tail.activation("logits")!.array)
  }

  /// The gradient of each step's states is the difference quotient of patching them there.
  @Test(arguments: RecurrentNetwork.Cell.allCases, [1, 4]) func statesHaveGradientsThatPatchingConfirms(
    _ cell: RecurrentNetwork.Cell, _ read: Int
  ) {
    var c = RecurrentNetwork.Configuration(cell: cell, vocabulary: 3, outputs: 4)
    (c.width, c.hidden) = (3, 5)
    let network = RecurrentNetwork(c)
    let parameters = network.initialParameters(seed: 2).map(Double.init)
    let batch = randomBatch(BatchShape(rows: 3, positions: 4, readPositions: read), vocabulary: 3, outputs: 4)
    let graph = network.graph(for: batch.shape, of: Double.self)
    graph.load(batch)
    let names = graph.activationNames.filter { $0.hasPrefix("rnn.hook_") && $0.last!.isNumber }
    #expect(names.count == (cell == .lstm ? 8 : 4))
    for name in names {
      graph.removeInterventions()
      _ = graph.forward(parameters)
      _ = graph.backward(parameters)
      let gradients = graph.gradient(of: name)!.array
      for place in [0, gradients.count - 1] {
        func moved(_ distance: Double) -> Double {
          graph.intervene(at: name) { $0.values[place] += distance }
          return graph.forward(parameters).mean
        }
        let quotient = (8 * (moved(1e-4) - moved(-1e-4)) - (moved(2e-4) - moved(-2e-4))) / 12e-4
        #expect(abs(quotient - gradients[place]) < 1e-9, "\(name): \(quotient), \(gradients[place])")
      }
    }
  }
}
