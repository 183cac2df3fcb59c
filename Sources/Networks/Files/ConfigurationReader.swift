internal import Documents

/// Takes a configuration out of an object, gathering what is wrong with it.
struct ConfigurationReader {
  private let bytes: [UInt8]
  private let root: JSONNode
  private let names: [String]
  private(set) var faults: FaultList

  init(bytes: [UInt8], root: JSONNode, file: String) {
    self.bytes = bytes
    self.root = root
    names = if case .object(let members) = root.content { members.map(\.name) } else { [] }
    faults = FaultList(file: file)
  }

  /// nil when there are faults.
  mutating func configuration() -> NetworkConfiguration? {
    let architecture = word("architecture", among: NetworkConfiguration.architectures, default: "transformer")
    let configuration: NetworkConfiguration?
    switch architecture {
    case nil: return nil
    case "embedding_mlp": configuration = embeddingMLP()
    case "transformer": configuration = transformer()
    default: configuration = architecture.flatMap(RecurrentNetwork.Cell.init).flatMap { recurrent($0) }
    }
    guard let configuration, faults.isEmpty else { return nil }
    guard configuration.isWithinLimits else {
      faults.add(
        Complaint(
          "the network is too large: at most \(NetworkConfiguration.greatestSize) for a size, \(NetworkConfiguration.mostLayers) layers or positions and \(NetworkConfiguration.mostParameters) parameters"
        ))
      return nil
    }
    return configuration
  }

  private mutating func embeddingMLP() -> NetworkConfiguration? {
    let vocabulary = size("d_vocab")
    let outputs = size("d_vocab_out", default: vocabulary ?? 1)
    let (width, hidden, positions) = (size("d_model"), size("d_mlp"), size("n_ctx", default: 2))
    let activation = activation()
    let (tied, bias) = (flag("tied_embeddings", default: true), flag("mlp_bias", default: false))
    guard let vocabulary, let outputs, let width, let hidden, let positions, let activation, let tied, let bias else {
      return nil
    }
    var configuration = EmbeddingMLP.Configuration(vocabulary: vocabulary, outputs: outputs)
    (configuration.width, configuration.hidden, configuration.positions) = (width, hidden, positions)
    (configuration.activation, configuration.tied, configuration.hiddenBias) = (activation, tied, bias)
    return .embeddingMLP(configuration)
  }

  private mutating func transformer() -> NetworkConfiguration? {
    let vocabulary = size("d_vocab")
    let outputs = size("d_vocab_out", default: vocabulary ?? 1, unset: "-1")
    let (context, layers, width, heads) = (size("n_ctx"), size("n_layers"), size("d_model"), size("n_heads"))
    // Where a size is missing, what follows from it is no second fault.
    var perHead: Int? = 1
    if let width, let heads { perHead = width % heads == 0 ? width / heads : nil }
    let headWidth = size("d_head", default: perHead)
    let hidden = size("d_mlp", default: width.map { $0 < 1 << 32 ? 4 * $0 : $0 } ?? 1)
    let activation = activation()
    let normalization = word("normalization_type", among: ["LN", "LNPre"], nullAs: "none")
    let pattern = word(
      "attention_pattern", among: DecoderTransformer.Pattern.allCases.map(\.rawValue), default: "softmax")
    let (biased, readOutBiased) = (flag("attention_biases", default: false), flag("unembedding_bias", default: false))
    refuseOtherFunctions()
    guard let vocabulary, let outputs, let context, let layers, let width, let heads, let headWidth, let hidden,
      let activation, let normalization, let biased, let pattern = pattern.flatMap(DecoderTransformer.Pattern.init),
      let readOutBiased
    else { return nil }
    var configuration = DecoderTransformer.Configuration(vocabulary: vocabulary, outputs: outputs, context: context)
    (configuration.layers, configuration.width, configuration.heads) = (layers, width, heads)
    (configuration.headWidth, configuration.hidden, configuration.activation) = (headWidth, hidden, activation)
    configuration.pattern = pattern
    configuration.normalization = normalization == "none" ? .none : .layerNorm
    (configuration.attentionBiases, configuration.unembeddingBias) = (biased, readOutBiased)
    return .transformer(configuration)
  }

  private mutating func recurrent(_ cell: RecurrentNetwork.Cell) -> NetworkConfiguration? {
    let vocabulary = size("d_vocab")
    let outputs = size("d_vocab_out", default: vocabulary ?? 1)
    let (width, hidden) = (size("d_model"), size("d_hidden"))
    guard let vocabulary, let outputs, let width, let hidden else { return nil }
    var configuration = RecurrentNetwork.Configuration(cell: cell, vocabulary: vocabulary, outputs: outputs)
    (configuration.width, configuration.hidden) = (width, hidden)
    return .recurrent(configuration)
  }

  /// Settings of TransformerLens that make another function, with the values that do not.
  private mutating func refuseOtherFunctions() {
    let accepted: [(name: String, values: [JSONValue])] = [
      ("attention_dir", ["causal"]), ("attn_only", [false]), ("use_attn_scale", [true]),
      ("positional_embedding_type", ["standard"]), ("parallel_attn_mlp", [false]), ("gated_mlp", [false]),
      ("use_local_attn", [false]), ("scale_attn_by_inverse_layer_idx", [false]), ("final_rms", [false]),
      ("num_experts", [nil]), ("n_key_value_heads", [nil]), ("use_normalization_before_and_after", [false]),
    ]
    for (name, values) in accepted {
      guard let node = root.member(name), !values.contains(node.value), node.value != .null else { continue }
      let expected = values.map { $0 == .null ? "no such member" : "\($0)" }.joined(separator: " or ")
      add("'\(name)' is \(shown(node)), which makes a network that is not read; expected \(expected)", at: node.range)
    }
    if let node = root.member("eps"), root.member("normalization_type")?.value != .null, node.value.double != 1e-5 {
      add("'eps' is \(shown(node)); expected 1e-5", at: node.range)
    }
  }
}

// MARK: - Members

extension ConfigurationReader {
  private mutating func add(_ message: String, hint: String? = nil, at range: Range<Int>) {
    faults.add(Complaint(message, hint: hint), at: range, of: bytes.indices, in: bytes)
  }

  private mutating func addMissing(_ name: String, _ expected: String) {
    let nearest = nearestMatch(to: name, among: names)
    faults.add(
      Complaint("no member '\(name)'; expected \(expected)", hint: nearest.map { "there is '\(printable($0))'" }))
  }

  private func printable(_ name: String) -> String { String(quoted(name).dropFirst().dropLast()) }

  private func shown(_ node: JSONNode) -> String {
    switch node.content {
    case .scalar(.string(let text)): quoted(text)
    case .scalar(let value): "\(value)"
    case .array: "an array"
    case .object: "an object"
    }
  }

  /// A positive integer. `null` and the text `unset` are as good as no member where there is a default.
  private mutating func size(_ name: String, default fallback: Int? = nil, unset: String? = nil) -> Int? {
    let expected = "a size from 1 on"
    guard let node = root.member(name) else {
      if fallback == nil { addMissing(name, expected) }
      return fallback
    }
    if let fallback, node.value == .null || node.value == unset.map(JSONValue.number) { return fallback }
    guard let size = node.value.integer(as: Int.self), size >= 1 else {
      add("'\(name)' is \(shown(node)); expected \(expected)", at: node.range)
      return nil
    }
    return size
  }

  private mutating func flag(_ name: String, default fallback: Bool) -> Bool? {
    guard let node = root.member(name) else { return fallback }
    guard let value = node.value.bool else {
      add("'\(name)' is \(shown(node)); expected true or false", at: node.range)
      return nil
    }
    return value
  }

  private mutating func word(
    _ name: String, among words: [String], default fallback: String? = nil, nullAs null: String? = nil
  ) -> String? {
    let expected = (words.map { "\"\($0)\"" } + (null == nil ? [] : ["null"])).joined(separator: ", ")
    guard let node = root.member(name) else {
      if fallback == nil { addMissing(name, "one of \(expected)") }
      return fallback
    }
    if let null, node.value == .null { return null }
    let text = node.value.string
    if let text, words.contains(text) { return text }
    let small = text?.lowercased() ?? ""
    let nearest = words.first { $0.lowercased() == small } ?? nearestMatch(to: small, among: words)
    add(
      "'\(name)' is \(shown(node)); expected one of \(expected)", hint: nearest.map { "did you mean '\($0)'?" },
      at: node.range)
    return nil
  }

  private mutating func activation() -> Activation? {
    word("act_fn", among: Activation.allCases.map(\.rawValue)).flatMap(Activation.init)
  }
}
