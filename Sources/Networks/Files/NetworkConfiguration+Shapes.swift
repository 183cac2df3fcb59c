internal import Documents

extension NetworkConfiguration {
  /// The configuration that the names and shapes of tensors imply.
  ///
  /// Nothing in a file tells the activation or, with one embedding for all positions, their number: `activation` is
  /// assumed, and two positions. Shapes that contradict each other are left to whoever compares all of them with the
  /// layout.
  ///
  /// - Returns: the configuration and, for the user, what was assumed.
  /// - Throws: a complaint that names the tensors that are missing for it.
  static func inferred(
    from tensors: NamedTensors, _ convention: TensorConvention, activation: Activation
  ) throws(Complaint) -> (configuration: Self, assumptions: [String]) {
    var shapes = Shapes(tensors)
    let configuration: Self?
    var assumptions = ["act_fn \(activation.rawValue)"]
    if tensors["rnn.weight_ih"] != nil || tensors["rnn.weight_hh"] != nil {
      configuration = recurrent(&shapes)
      assumptions = []
    } else if tensors.names.contains(where: { $0.hasPrefix("blocks.") }) {
      configuration = transformer(&shapes, convention, activation)
    } else if tensors["mlp.W_in"] != nil || tensors["embed.W_E"] != nil {
      configuration = embeddingMLP(&shapes, activation)
      if tensors["embed.W_E"] != nil { assumptions.append("n_ctx 2") }
    } else {
      let found = tensors.names.prefix(5).map { quoted($0) }.joined(separator: ", ")
      throw Complaint(
        "no tensor by which to know the network; expected 'blocks.0.attn.W_Q' (transformer), 'mlp.W_in' (embedding_mlp) or 'rnn.weight_ih' (gru, lstm), found \(found.isEmpty ? "none" : found)\(tensors.names.count > 5 ? ", …" : "")"
      )
    }
    guard let configuration else {
      throw Complaint(
        "the sizes of the network cannot be told without \(shapes.missing.joined(separator: ", "))", hint: shapes.hint)
    }
    guard configuration.isWithinLimits else { throw Complaint("the shapes are not those of a network that is read") }
    return (configuration, assumptions)
  }

  /// The same sizes with what no shape tells as in another configuration of the kind.
  func taking(functionsOf other: Self) -> Self {
    switch (self, other) {
    case (.embeddingMLP(var own), .embeddingMLP(let other)):
      own.activation = other.activation
      if own.tied, other.tied { own.positions = other.positions }
      return .embeddingMLP(own)
    case (.transformer(var own), .transformer(let other)):
      (own.activation, own.pattern) = (other.activation, other.pattern)
      return .transformer(own)
    default: return self
    }
  }

  private static func transformer(
    _ shapes: inout Shapes, _ convention: TensorConvention, _ activation: Activation
  ) -> Self? {
    let transposed = convention == .transposed
    let position = shapes.shape("pos_embed.W_pos", 2)
    let vocabulary = shapes.shape("embed.W_E", 2)?[transposed ? 1 : 0]
    let query = shapes.shape("blocks.0.attn.W_Q", 3)
    let hidden = shapes.shape("blocks.0.mlp.W_in", 2)?[transposed ? 0 : 1]
    let outputs = shapes.shape("unembed.W_U", 2)?[1]
    guard let position, let vocabulary, let query, let hidden, let outputs else { return nil }
    var configuration = DecoderTransformer.Configuration(vocabulary: vocabulary, outputs: outputs, context: position[0])
    configuration.layers = shapes.layers
    configuration.width = position[1]
    (configuration.heads, configuration.headWidth) = (query[0], query[transposed ? 1 : 2])
    (configuration.hidden, configuration.activation) = (hidden, activation)
    configuration.normalization = shapes.has("blocks.0.ln1.w") || shapes.has("ln_final.w") ? .layerNorm : .none
    return .transformer(configuration)
  }

  private static func embeddingMLP(_ shapes: inout Shapes, _ activation: Activation) -> Self? {
    let tied = !shapes.has("embed.0.W_E")
    let embedding = shapes.shape(tied ? "embed.W_E" : "embed.0.W_E", 2)
    let (hidden, outputs) = (shapes.shape("mlp.W_in", 2)?[1], shapes.shape("unembed.W_U", 2)?[1])
    guard let embedding, let hidden, let outputs else { return nil }
    var configuration = EmbeddingMLP.Configuration(vocabulary: embedding[0], outputs: outputs)
    (configuration.width, configuration.hidden, configuration.activation) = (embedding[1], hidden, activation)
    (configuration.tied, configuration.hiddenBias) = (tied, shapes.has("mlp.b_in"))
    if !tied { configuration.positions = shapes.embeddings }
    return .embeddingMLP(configuration)
  }

  private static func recurrent(_ shapes: inout Shapes) -> Self? {
    let (embedding, outputs) = (shapes.shape("embed.W_E", 2), shapes.shape("unembed.W_U", 2)?[1])
    let weights = shapes.shape("rnn.weight_hh", 2)
    guard let embedding, let outputs, let weights else { return nil }
    // Gates stand one above the other: three of a GRU, four of an LSTM.
    let cell: RecurrentNetwork.Cell = weights[0] / 3 == weights[1] ? .gru : .lstm
    var configuration = RecurrentNetwork.Configuration(cell: cell, vocabulary: embedding[0], outputs: outputs)
    (configuration.width, configuration.hidden) = (embedding[1], weights[1])
    return .recurrent(configuration)
  }
}

/// Shapes by name, and which of those asked for are missing.
private struct Shapes {
  private let tensors: NamedTensors
  private(set) var missing: [String] = []
  /// A name of the file that is like a missing one.
  private(set) var hint: String?

  init(_ tensors: NamedTensors) { self.tensors = tensors }

  func has(_ name: String) -> Bool { tensors[name] != nil }

  /// The shape of a tensor with so many dimensions.
  mutating func shape(_ name: String, _ dimensions: Int) -> [Int]? {
    if let shape = tensors[name]?.shape, shape.count == dimensions { return shape }
    missing.append("'\(name)' with \(dimensions) dimensions")
    if tensors[name] == nil, hint == nil {
      hint = nearestMatch(to: name, among: tensors.names).map { "there is \(quoted($0))" }
    }
    return nil
  }

  /// One more than the greatest number behind `blocks.`
  var layers: Int { numbered("blocks.") }
  /// One more than the greatest number behind `embed.`
  var embeddings: Int { numbered("embed.") }

  private func numbered(_ prefix: String) -> Int {
    let numbers = tensors.names.compactMap { name -> Int? in
      guard name.hasPrefix(prefix) else { return nil }
      return Int(name.dropFirst(prefix.count).prefix { $0 != "." })
    }
    return min(numbers.max() ?? 0, NetworkConfiguration.mostLayers) + 1
  }
}
