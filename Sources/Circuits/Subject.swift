public import Networks

/// A network with its parameters and the inputs that it is studied on.
public struct Subject: Sendable {
  /// The network's sizes and kinds; it holds no parameters.
  public let network: any Network
  /// Its parameters, laid out by `network.layout`.
  public let parameters: [Float]
  /// The inputs that it is studied on.
  public let inputs: Inputs

  /// - Throws: `CircuitError.misfit` when the network has other tokens, positions or answers than the inputs.
  public init(_ network: any Network, parameters: [Float], inputs: Inputs) throws(CircuitError) {
    precondition(parameters.count == network.layout.count, "\(parameters.count) parameters for \(network.layout.count)")
    guard network.vocabulary == inputs.vocabulary else {
      throw .misfit("it knows \(network.vocabulary) tokens, the inputs have \(inputs.vocabulary)")
    }
    guard inputs.outputs.contains(network.outputs) else {
      let wanted =
        inputs.outputs.count == 1
        ? "\(inputs.outputs.lowerBound)" : "\(inputs.outputs.lowerBound) to \(inputs.outputs.upperBound)"
      throw .misfit("it has \(network.outputs) answers, the inputs have \(wanted)")
    }
    if let mlp = network as? EmbeddingMLP, mlp.configuration.positions != inputs.positions {
      throw .misfit("it reads \(mlp.configuration.positions) tokens, an input has \(inputs.positions)")
    }
    if let transformer = network as? DecoderTransformer, transformer.configuration.context < inputs.positions {
      throw .misfit("it reads at most \(transformer.configuration.context) tokens, an input has \(inputs.positions)")
    }
    (self.network, self.parameters, self.inputs) = (network, parameters, inputs)
  }

  /// The same network before any training, from a seed: a null for every measure.
  ///
  /// - Parameter data: names of parameters that are inputs and not learnt, such as vectors that tokens stand for; they stay.
  public func untrained(seed: UInt64, keeping data: [String] = []) -> Subject {
    var drawn = network.initialParameters(seed: seed, name: "circuits/twin")
    for name in data {
      guard let entry = network.layout[name] else { preconditionFailure("no parameter '\(name)'") }
      drawn.replaceSubrange(entry.range, with: parameters[entry.range])
    }
    var other = self
    other.replaceParameters(drawn)
    return other
  }

  /// The same network with other parameters.
  public func with(parameters: [Float]) -> Subject {
    precondition(parameters.count == network.layout.count, "parameters of another network")
    var other = self
    other.replaceParameters(parameters)
    return other
  }

  private mutating func replaceParameters(_ new: [Float]) { self = Subject(unchecked: network, new, inputs) }

  private init(unchecked network: any Network, _ parameters: [Float], _ inputs: Inputs) {
    (self.network, self.parameters, self.inputs) = (network, parameters, inputs)
  }
}

/// A place in a network: an activation by its name, at one position where it has several.
public struct Site: Hashable, Sendable {
  /// The activation's name, such as `blocks.0.hook_resid_mid`.
  public var name: String
  /// The position; nil is the last one.
  public var position: Int?

  /// A place at an activation; without a position the last one.
  public init(_ name: String, position: Int? = nil) { (self.name, self.position) = (name, position) }

  /// A site as people write it: `mlp.hook_post` or `blocks.0.hook_resid_mid@2`.
  public init(text: String) throws(CircuitError) {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count <= 2, let name = parts.first, !name.isEmpty else {
      throw .notDefined("'\(text)' is not a site such as mlp.hook_post or blocks.0.hook_resid_pre@1")
    }
    guard parts.count == 2 else {
      self.init(String(name))
      return
    }
    guard let position = Int(parts[1]), position >= 0 else {
      throw .notDefined("'\(parts[1])' is not a position of '\(name)'; expected a number from 0")
    }
    self.init(String(name), position: position)
  }
}

extension Site {
  /// Whether it holds attention between all queries and keys: its row has no position, and its scores are -inf where the mask
  /// hides a key.
  public var isAttentionBetweenPositions: Bool { name.hasSuffix("hook_attn_scores") || name.hasSuffix("hook_pattern") }
}

extension Site: CustomStringConvertible {
  public var description: String { position.map { "\(name)@\($0)" } ?? name }
}
