internal import Documents

/// Brings the tensors of a file into the layout of a network.
struct ParameterMatching {
  private let tensors: NamedTensors
  private let layout: ParameterLayout
  private let convention: TensorConvention
  private var faults: FaultList
  /// Missing tensors so far.
  private var missing = 0
  /// What was taken for something that the file does not say.
  private(set) var notes: [String] = []

  /// Matches names and shapes.
  ///
  /// Filled in, and noted, where a file has none at all: zero for the biases `b_in` and `b_out` of MLPs, one and zero
  /// for the weights and biases of layer norms (TransformerLens folds them away as `LNPre`). Left out where they are
  /// zero, and noted: biases of attention and unembedding that the network does not have.
  init(_ tensors: NamedTensors, _ layout: ParameterLayout, _ convention: TensorConvention, file: String) {
    self.tensors = tensors
    self.layout = layout
    self.convention = convention
    faults = FaultList(file: file)
  }

  /// The parameters, laid out by the layout.
  ///
  /// - Throws: `InputError` with all tensors that are missing, of another shape, or without a place in the network.
  mutating func parameters() throws(InputError) -> [Float] {
    var parameters: [Float] = []
    parameters.reserveCapacity(tensors.tensors.reduce(0) { $0 + $1.values.count })
    let extra = extraTensors()
    let absentKinds = absentKinds()
    for entry in layout.entries {
      let expected = convention.shape(entry.name, entry.shape)
      if let tensor = tensors[entry.name] {
        guard tensor.shape == expected else {
          addShape(tensor, expected)
          continue
        }
        parameters += convention.values(tensor)
      } else if let value = absentKinds[kind(entry.name)] {
        parameters += repeatElement(value, count: entry.count)
      } else {
        addMissing(entry.name, expected, extra)
      }
    }
    for tensor in extra { addExtra(tensor) }
    if let error = faults.error { throw error }
    for (kind, value) in absentKinds.sorted(by: { $0.key < $1.key }) {
      notes.append("no tensors '\(kind)': taken as \(value == 0 ? "zero" : "one")")
    }
    return parameters
  }

  /// Tensors that the layout does not have, except biases that are zero.
  private mutating func extraTensors() -> [NamedTensors.Tensor] {
    var zero: [String] = []
    let extra = tensors.tensors.filter { tensor in
      guard layout[tensor.name] == nil else { return false }
      guard Self.droppedBiases.contains(kind(tensor.name)), tensor.values.allSatisfy({ $0 == 0 }) else { return true }
      if !zero.contains(kind(tensor.name)) { zero.append(kind(tensor.name)) }
      return false
    }
    if !zero.isEmpty { notes.append("left out, as they are zero: \(zero.joined(separator: ", "))") }
    return extra
  }

  private static let droppedBiases = ["attn.b_Q", "attn.b_K", "attn.b_V", "attn.b_O", "unembed.b_U"]

  /// Kinds of parameters that the layout has, of which the file has no relatives either, with the value that they then
  /// have.
  private func absentKinds() -> [String: Float] {
    guard layout["pos_embed.W_pos"] != nil else { return [:] }
    let present = Set(tensors.names.map(kind))
    let needed = Set(layout.entries.map { kind($0.name) })
    var absent: [String: Float] = [:]
    for relatives: [String: Float] in [
      ["mlp.b_in": 0, "mlp.b_out": 0],
      ["ln1.w": 1, "ln1.b": 0, "ln2.w": 1, "ln2.b": 0, "ln_final.w": 1, "ln_final.b": 0],
    ] where present.isDisjoint(with: relatives.keys) {
      absent.merge(relatives.filter { needed.contains($0.key) }) { first, _ in first }
    }
    return absent
  }

  /// A name without its block: `attn.b_Q` for `blocks.3.attn.b_Q`.
  private func kind(_ name: String) -> String {
    guard name.hasPrefix("blocks.") else { return name }
    return name.split(separator: ".", omittingEmptySubsequences: false).dropFirst(2).joined(separator: ".")
  }

  private mutating func addShape(_ tensor: NamedTensors.Tensor, _ expected: [Int]) {
    let isTransposed = tensor.shape.count > 1 && tensor.shape == expected.reversed() && tensor.shape != expected
    let convention = convention == .transposed ? " in the transposed convention" : ""
    faults.add(
      Complaint(
        "tensor '\(tensor.name)' is \(text(tensor.shape)); expected \(text(expected))\(convention)",
        hint: isTransposed ? "it is transposed" : nil))
  }

  /// Missing tensors for which a name like theirs is sought: each takes a pass through the others.
  private static let mostHints = 10

  private mutating func addMissing(_ name: String, _ expected: [Int], _ extra: [NamedTensors.Tensor]) {
    missing += 1
    var nearest: String?
    if missing <= Self.mostHints {
      // A name in another module, such as `model.embed.W_E`, is nearer than any by letters.
      let nested = extra.first { $0.name.hasSuffix(".\(name)") }?.name
      nearest = nested ?? nearestMatch(to: name, among: extra.prefix(1000).map(\.name))
    }
    faults.add(
      Complaint("no tensor '\(name)' \(text(expected))", hint: nearest.map { "there is \(quoted($0))" }))
  }

  private mutating func addExtra(_ tensor: NamedTensors.Tensor) {
    faults.add(Complaint("tensor \(quoted(tensor.name)) \(text(tensor.shape)) has no place in the network"))
  }
}

extension NetworkConfiguration {
  /// The same with biases in attention and unembedding where a file has some that are not zero.
  func addingBiases(of tensors: NamedTensors) -> NetworkConfiguration {
    guard case .transformer(var transformer) = self else { return self }
    func has(_ names: [String]) -> Bool {
      tensors.tensors.contains { tensor in
        names.contains { tensor.name.hasSuffix($0) } && tensor.values.contains { $0 != 0 }
      }
    }
    if has(["attn.b_Q", "attn.b_K", "attn.b_V", "attn.b_O"]) { transformer.attentionBiases = true }
    if has(["unembed.b_U"]) { transformer.unembeddingBias = true }
    return .transformer(transformer)
  }
}
