import Documents
import Foundation
import Networks
import TestSupport
import Testing

@Suite struct NetworkFileTests {
  private let transformer = NetworkConfiguration.transformer(Fixture.transformer)

  /// A folder of its own for `body`.
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("levin-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test(arguments: ["transformer.safetensors", "transposed.safetensors", "lens.pt", "published.pth"])
  func allConventionsGiveTheSameNetwork(_ name: String) throws {
    let stored = try NetworkFile.read(Fixture.bytes(name), file: name)
    #expect(stored.configuration == transformer)
    #expect(stored.parameters == Fixture.parameters(transformer.layout))
    #expect(
      stored.notes.contains { $0.contains("transposed") } == ["transposed.safetensors", "published.pth"].contains(name))
    #expect(stored.notes.contains("no configuration: sizes from the shapes; assumed: act_fn relu"))
    #expect(stored.notes.contains { $0.hasPrefix("left out, as they are zero: attn.b_Q") } == (name == "lens.pt"))
    #expect(
      try NetworkFile.read(Fixture.bytes(name), file: name, configuration: transformer).parameters == stored.parameters)
  }

  /// Biases of attention and unembedding are kept where there are any, with and without a configuration.
  @Test func biasesOfAttentionComeBack() throws {
    var configuration = Fixture.transformer
    (configuration.attentionBiases, configuration.unembeddingBias) = (true, true)
    let known = NetworkConfiguration.transformer(configuration)
    let parameters = Fixture.parameters(known.layout)
    let stored = StoredNetwork(known, parameters: parameters)
    let read = try NetworkFile.read(NetworkFile.bytes(stored), file: "m")
    #expect(read.configuration == known && read.parameters == parameters)
    let bare = Safetensors.bytes(NamedTensors(parameters, layout: known.layout))
    let inferred = try NetworkFile.read(bare, file: "m")
    #expect(inferred.configuration == known && inferred.parameters == parameters)
  }

  @Test func oneOfASeriesIsChosen() throws {
    let first = try NetworkFile.load(Fixture.path("series.pth"), options: .init(entry: "state_dicts.0"))
    let last = try NetworkFile.load(
      Fixture.path("series.pth"), options: .init(entry: "state_dicts.-1", assumedActivation: .gelu))
    #expect(last.parameters == first.parameters.map { 2 * $0 })
    guard case .transformer(let configuration) = last.configuration else {
      throw InputError(file: "", message: "another network")
    }
    #expect(configuration.activation == .gelu)
  }

  /// One of each kind, away from their defaults.
  private static let configurations: [NetworkConfiguration] = {
    var mlp = EmbeddingMLP.Configuration(vocabulary: 7, outputs: 5)
    (mlp.width, mlp.hidden, mlp.positions, mlp.tied, mlp.hiddenBias, mlp.activation) = (4, 3, 3, false, true, .square)
    var tied = EmbeddingMLP.Configuration(vocabulary: 7, outputs: 7)
    (tied.width, tied.hidden) = (4, 5)
    var deep = Fixture.transformer
    (deep.layers, deep.normalization, deep.activation) = (3, .layerNorm, .geluTanh)
    var gru = RecurrentNetwork.Configuration(cell: .gru, vocabulary: 3, outputs: 2)
    (gru.width, gru.hidden) = (4, 5)
    var lstm = gru
    lstm.cell = .lstm
    return [
      .embeddingMLP(mlp), .embeddingMLP(tied), .transformer(Fixture.transformer), .transformer(deep), .recurrent(gru),
      .recurrent(lstm),
    ]
  }()

  @Test(arguments: configurations)
  func savedNetworksAreLoaded(_ configuration: NetworkConfiguration) throws {
    let network = StoredNetwork(configuration, parameters: Fixture.parameters(configuration.layout))
    try inFolder { folder in
      try NetworkFile.save(network, to: folder + "/run", metadata: ["step": "7"])
      for path in [folder + "/run", folder + "/run/", folder + "/run/model.safetensors"] {
        let stored = try NetworkFile.load(path)
        #expect(
          stored.configuration == configuration && stored.parameters == network.parameters && stored.notes.isEmpty)
      }
      #expect(
        try NetworkConfiguration(parsing: readFile(folder + "/run/config.json", limit: 9999), file: "c")
          == configuration)
      try NetworkFile.save(network, to: folder + "/alone.safetensors")
      #expect(try NetworkFile.load(folder + "/alone.safetensors").configuration == configuration)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["alone.safetensors", "run"])
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder + "/run").sorted() == [
          "config.json", "model.safetensors",
        ])
    }
    #expect(NetworkFile.bytes(network) == NetworkFile.bytes(network))
  }

  @Test(arguments: configurations)
  func shapesTellTheConfiguration(_ configuration: NetworkConfiguration) throws {
    let bytes = Safetensors.bytes(NamedTensors(Fixture.parameters(configuration.layout), layout: configuration.layout))
    let stored = try NetworkFile.read(bytes, file: "t")
    #expect(stored.configuration.layout == configuration.layout)
    #expect(stored.parameters == Fixture.parameters(configuration.layout))
  }

  @Test func theConfigurationBesideAFileIsUsed() throws {
    try inFolder { folder in
      let file = folder + "/model.safetensors"
      try replaceFile(file, with: Fixture.bytes("transformer.safetensors"))
      var gelu = Fixture.transformer
      gelu.activation = .gelu
      try replaceFile(folder + "/config.json", with: NetworkConfiguration.transformer(gelu).text)
      #expect(try NetworkFile.load(file).configuration == .transformer(gelu))
      #expect(try NetworkFile.load(folder).configuration == .transformer(gelu))
      try replaceFile(folder + "/other.json", with: transformer.text)
      #expect(
        try NetworkFile.load(folder, options: .init(configurationFile: folder + "/other.json")).configuration
          == transformer)
      try replaceFile(
        file, with: NetworkFile.bytes(StoredNetwork(transformer, parameters: Fixture.parameters(transformer.layout))))
      for path in [folder, file] {
        #expect(
          message { _ = try NetworkFile.load(path) }
            == "\(folder)/config.json: 'act_fn' is \"gelu\"; the configuration in \(file) says \"relu\"")
      }
    }
  }

  /// A configuration file that all tensors contradict is wrong, and not the tensors.
  @Test(arguments: configurations)
  func contradictedSizesAreNamed(_ configuration: NetworkConfiguration) throws {
    let bytes = Safetensors.bytes(NamedTensors(Fixture.parameters(configuration.layout), layout: configuration.layout))
    let members = try #require(configuration.json.object)
    try inFolder { folder in
      let path = "\(folder)/config.json"
      try replaceFile("\(folder)/model.safetensors", with: bytes)
      for name in ["d_model", "d_mlp", "d_hidden", "d_vocab", "d_vocab_out"] {
        guard let size = members[name] else { continue }
        var changed = members
        changed[name] = 19
        try replaceFile(path, with: JSONWriter.text(.object(changed)))
        let text = message { _ = try NetworkFile.load(folder) }
        #expect(text == "\(path): '\(name)' is 19; the tensors in \(folder)/model.safetensors say \(size)")
      }
    }
  }

  @Test func squareMatricesAreDecidedByTheOthers() throws {
    // Vocabulary, head width and hidden units all equal the width: only W_O decides.
    var square = DecoderTransformer.Configuration(vocabulary: 4, outputs: 4, context: 4)
    (square.width, square.heads, square.headWidth, square.hidden) = (4, 2, 4, 4)
    let layout = NetworkConfiguration.transformer(square).layout
    let parameters = Fixture.parameters(layout)
    let lens = NamedTensors(parameters, layout: layout)
    #expect(try NetworkFile.read(Safetensors.bytes(lens), file: "t").parameters == parameters)
    let transposed = NamedTensors(
      lens.tensors.map { tensor in
        let name = tensor.name.split(separator: ".").last.map(String.init) ?? ""
        guard tensor.shape.count > 1, !["W_pos", "W_U"].contains(name) else { return tensor }
        var values: [Float] = []
        for start in stride(from: 0, to: tensor.values.count, by: name == "W_O" ? 32 : 16) {
          let rows = name == "W_O" ? 8 : 4
          for column in 0..<4 {
            for row in 0..<rows { values.append(tensor.values[start + row * 4 + column]) }
          }
        }
        return .init(name: tensor.name, shape: name == "W_O" ? [4, 8] : tensor.shape, values: values)
      })
    let stored = try NetworkFile.read(Safetensors.bytes(transposed), file: "t")
    #expect(stored.configuration == .transformer(square) && stored.parameters == parameters)
  }

  @Test func whatAFileLeavesOutIsNoted() throws {
    let layout = transformer.layout
    let all = NamedTensors(Fixture.parameters(layout), layout: layout)
    let biasFree = NamedTensors(all.tensors.filter { !$0.name.contains(".b_") })
    let stored = try NetworkFile.read(Safetensors.bytes(biasFree), file: "t")
    #expect(
      stored.notes.suffix(2) == ["no tensors 'mlp.b_in': taken as zero", "no tensors 'mlp.b_out': taken as zero"])
    let entry = try #require(layout["blocks.0.mlp.b_in"])
    #expect(stored.parameters[entry.range].allSatisfy { $0 == 0 })
    var folded = Fixture.transformer
    folded.normalization = .layerNorm
    let normalized = try NetworkFile.read(Safetensors.bytes(all), file: "t", configuration: .transformer(folded))
    #expect(normalized.notes.contains("no tensors 'ln_final.w': taken as one"))
  }

  /// Of 21 missing tensors the first ten say what is near.
  @Test func hintsAreGivenForTheFirstMissingTensors() throws {
    var deep = Fixture.transformer
    deep.layers = 3
    let known = NetworkConfiguration.transformer(deep)
    let all = NamedTensors(Fixture.parameters(known.layout), layout: known.layout)
    let nested = NamedTensors(
      all.tensors.map { .init(name: "model.\($0.name)", shape: $0.shape, values: $0.values) })
    let text = message { _ = try NetworkFile.read(Safetensors.bytes(nested), file: "m", configuration: known) }
    let missing = text.split(separator: "\n").filter { $0.contains("no tensor '") }
    let hinted = missing.filter { $0.contains("; there is 'model.") }
    #expect(missing.count == 21 && hinted.count == 10, "\(text)")
  }

  // MARK: Whole messages, kept in `Faults/networks.txt` and `Faults/configurations.txt`

  private typealias Change = (inout [String: NamedTensors.Tensor]) -> Void

  private func changed(
    _ name: String = "transformer.safetensors", by change: (inout [String: NamedTensors.Tensor]) -> Void
  ) throws -> [UInt8] {
    let tensors = try Safetensors.read(Fixture.bytes(name), file: name).tensors.tensors
    var byName = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
    change(&byName)
    return Safetensors.bytes(
      NamedTensors(
        byName.sorted { $0.key < $1.key }.map { .init(name: $0.key, shape: $0.value.shape, values: $0.value.values) }))
  }

  private func tensor(_ shape: Int..., value: Float = 1) -> NamedTensors.Tensor {
    .init(name: "x", shape: shape, values: [Float](repeating: value, count: shape.reduce(1, *)))
  }

  @Test func messagesAreThoseOnRecord() throws {
    let changes: [(String, Change)] = [
      (
        "missing, extra, misspelt and misshapen",
        { (tensors: inout [String: NamedTensors.Tensor]) in
          tensors["blocks.0.attn.WQ"] = tensors.removeValue(forKey: "blocks.0.attn.W_Q")
          tensors["unembed.W_U"] = tensor(6, 4)
          tensors["blocks.0.mlp.b_in"] = nil
          tensors["blocks.1.attn.W_Q"] = tensor(1)
          tensors["head.weight"] = tensor(2, 2)
        }
      ),
      (
        "attention biases",
        { (tensors: inout [String: NamedTensors.Tensor]) in
          tensors["blocks.0.attn.b_Q"] = tensor(2, 3)
          tensors["blocks.0.attn.b_K"] = tensor(2, 3, value: 0)
        }
      ),
      (
        "contradictory conventions",
        { (tensors: inout [String: NamedTensors.Tensor]) in tensors["embed.W_E"] = tensor(4, 7) }
      ),
      (
        "in another module",
        { (tensors: inout [String: NamedTensors.Tensor]) in
          for name in tensors.keys { tensors["model.\(name)"] = tensors.removeValue(forKey: name) }
        }
      ),
    ]
    var text = ""
    for (name, change) in changes {
      let bytes = try changed(by: change)
      text +=
        "# \(name)\n\(message { _ = try NetworkFile.read(bytes, file: "m.safetensors", configuration: transformer) })\n\n"
      text += "# \(name), no configuration\n\(message { _ = try NetworkFile.read(bytes, file: "m.safetensors") })\n\n"
    }
    let transposed = try changed("transposed.safetensors") { $0["blocks.0.mlp.W_in"] = tensor(5, 3) }
    text +=
      "# transposed\n\(message { _ = try NetworkFile.read(transposed, file: "m", configuration: transformer) })\n\n"
    text += "# NaN\n\(message { _ = try NetworkFile.read(Fixture.bytes("nan.pt"), file: "nan.pt") })\n\n"
    text += "# several\n\(message { _ = try NetworkFile.read(Fixture.bytes("series.pth"), file: "series.pth") })\n\n"
    text +=
      "# entry of safetensors\n\(message { _ = try NetworkFile.read(transposed, file: "m", options: .init(entry: "model")) })\n\n"
    text += "# no file\n\(message { _ = try NetworkFile.load("/nowhere/m.pt") })\n\n"
    let stored = StoredNetwork(transformer, parameters: Fixture.parameters(transformer.layout))
    text += "# no folder\n\(message { try NetworkFile.save(stored, to: "/nowhere/at/all") })\n"
    if let difference = Golden.difference(text, "Tests/NetworksTests/Faults/networks.txt") {
      Issue.record("\(difference)")
    }
  }

  @Test func messagesOfConfigurationsAreThoseOnRecord() {
    let good =
      #""n_layers": 1, "d_model": 128, "n_ctx": 3, "d_head": 32, "n_heads": 4, "d_mlp": 512, "d_vocab": 114, "act_fn": "relu""#
    let texts = [
      "[1]", "{", "{}", #"{"architecture": "transfomer"}"#, #"{"architecture": "lstm", "d_model": 0}"#,
      #"{"architecture": "embedding_mlp", "d_vocab": 2.5, "d_mlp": "4", "d_modell": 3, "tied_embeddings": 1, "act_fn": "ReLU"}"#,
      "{\n  \(good),\n  \"normalization_type\": \"RMS\",\n  \"attention_dir\": \"bidirectional\",\n  \"attn_only\": true,\n  \"eps\": 1e-6,\n  \"positional_embedding_type\": \"rotary\"\n}",
      "{\(good)}",
      #"{"architecture": "gru", "d_model": 16777216, "d_hidden": 16777216, "d_vocab": 3}"#,
      "{\(good.replacing(": 1,", with: ": 5000,")), \"normalization_type\": null}",
      "{\(good.replacing("512", with: "9223372036854775807")), \"normalization_type\": null}",
    ]
    var text = ""
    for (number, json) in texts.enumerated() {
      text +=
        "# \(number)\n\(message { _ = try NetworkConfiguration(parsing: Array(json.utf8), file: "config.json") })\n\n"
    }
    if let difference = Golden.difference(text, "Tests/NetworksTests/Faults/configurations.txt") {
      Issue.record("\(difference)")
    }
  }

  @Test func configurationsOfTransformerLensAreRead() throws {
    let text = """
      {"n_layers": 1, "d_model": 128, "n_ctx": 3, "d_head": 32, "n_heads": 4, "d_mlp": 512, "d_vocab": 114, "d_vocab_out": 113,
       "act_fn": "relu", "normalization_type": null, "attention_dir": "causal", "attn_only": false, "use_attn_scale": true,
       "positional_embedding_type": "standard", "seed": 999, "dtype": "torch.float32", "device": "cpu", "init_weights": true,
       "num_experts": null, "gated_mlp": false, "eps": 1e-05, "model_name": "custom", "tokenizer_name": null}
      """
    var expected = DecoderTransformer.Configuration.published()
    expected.outputs = 113
    #expect(try NetworkConfiguration(parsing: Array(text.utf8), file: "c") == .transformer(expected))
    #expect(NetworkConfiguration.transformer(.published()).layout.count == 226_816)
    #expect(
      NetworkConfiguration.transformer(expected).json.description
        == #"{"act_fn":"relu","architecture":"transformer","d_head":32,"d_mlp":512,"d_model":128,"d_vocab":114,"d_vocab_out":113,"n_ctx":3,"n_heads":4,"n_layers":1,"normalization_type":null}"#
    )
  }
}
