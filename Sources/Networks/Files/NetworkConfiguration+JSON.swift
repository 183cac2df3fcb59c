public import Documents

// The keys are those of TransformerLens (`HookedTransformerConfig`) where it has them, plus `architecture`.
//
//     transformer    n_layers d_model n_ctx d_head n_heads d_mlp d_vocab d_vocab_out act_fn normalization_type
//     embedding_mlp  d_model d_mlp d_vocab d_vocab_out n_ctx act_fn tied_embeddings mlp_bias
//     gru, lstm      d_model d_hidden d_vocab d_vocab_out

extension NetworkConfiguration {
  /// The configuration as an object of a config file.
  public var json: JSONValue {
    var members: [String: JSONValue] = ["architecture": .string(architecture)]
    switch self {
    case .embeddingMLP(let c):
      members["d_vocab"] = .integer(c.vocabulary)
      members["d_vocab_out"] = .integer(c.outputs)
      members["n_ctx"] = .integer(c.positions)
      members["d_model"] = .integer(c.width)
      members["d_mlp"] = .integer(c.hidden)
      members["act_fn"] = .string(c.activation.rawValue)
      members["tied_embeddings"] = .bool(c.tied)
      members["mlp_bias"] = .bool(c.hiddenBias)
    case .transformer(let c):
      members["d_vocab"] = .integer(c.vocabulary)
      members["d_vocab_out"] = .integer(c.outputs)
      members["n_ctx"] = .integer(c.context)
      members["n_layers"] = .integer(c.layers)
      members["d_model"] = .integer(c.width)
      members["n_heads"] = .integer(c.heads)
      members["d_head"] = .integer(c.headWidth)
      members["d_mlp"] = .integer(c.hidden)
      members["act_fn"] = .string(c.activation.rawValue)
      if c.pattern != .softmax { members["attention_pattern"] = .string(c.pattern.rawValue) }
      if c.attentionBiases { members["attention_biases"] = true }
      if c.unembeddingBias { members["unembedding_bias"] = true }
      members["normalization_type"] = c.normalization == .none ? .null : .string(c.normalization.rawValue)
    case .recurrent(let c):
      members["d_vocab"] = .integer(c.vocabulary)
      members["d_vocab_out"] = .integer(c.outputs)
      members["d_model"] = .integer(c.width)
      members["d_hidden"] = .integer(c.hidden)
    }
    return .object(members)
  }

  /// The text of a config file: a member per line, names sorted.
  public var text: String {
    let members = (json.object ?? [:]).sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    return "{\n" + members.map { "  \(JSONValue.string($0.key)): \($0.value)" }.joined(separator: ",\n") + "\n}\n"
  }

  /// Reads a config file.
  ///
  /// `architecture` may be absent: then it is a transformer. Members without a meaning here are left alone, as files of
  /// TransformerLens have many; those that would make it another function (rotary positions, no causal mask, gated or
  /// missing MLPs, …) are faults. As there, `d_mlp` is 4·d_model, `d_head` is d_model / n_heads and `d_vocab_out` is
  /// d_vocab unless given. `LNPre` is read as `LN`: its weights are one and its biases zero.
  ///
  /// - Throws: `InputError` with every fault of the file.
  public init(parsing bytes: [UInt8], file: String) throws(InputError) {
    // For its message and place.
    _ = try JSONValue(parsing: bytes, file: file)
    guard let node = try? JSONParser.parse(bytes[...]), case .object = node.content else {
      throw InputError(file: file, message: "not an object; expected one with the sizes of a network, such as d_model")
    }
    var reader = ConfigurationReader(bytes: bytes, root: node, file: file)
    let configuration = reader.configuration()
    if let error = reader.faults.error {
      // In order of place; what has none, such as a missing member, comes last.
      let place = { (fault: InputError.Fault) in (fault.line > 0 ? fault.line : .max, fault.column) }
      throw InputError(file: file, faults: error.faults.sorted { place($0) < place($1) })
    }
    guard let configuration else { throw InputError(file: file, message: "not the configuration of a network") }
    self = configuration
  }
}
