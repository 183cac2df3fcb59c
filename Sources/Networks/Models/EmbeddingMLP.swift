public import Randomness

/// A perceptron over summed embeddings: logits = act((Σ_i E_i[x_i]) W_in + b_in) W_U.
///
/// Parameters: `embed.W_E [vocabulary, width]` (tied) or `embed.0.W_E`, `embed.1.W_E`, … (one per position);
/// `mlp.W_in [width, hidden]`; optionally `mlp.b_in [hidden]`; `unembed.W_U [hidden, outputs]`.
/// Activations: `hook_embed` (the sum), `mlp.hook_pre`, `mlp.hook_post`, `logits`.
public struct EmbeddingMLP: Network {
  public struct Configuration: Hashable, Sendable {
    public var vocabulary: Int
    public var outputs: Int
    public var positions = 2
    /// One embedding for all positions: the network is then a function of the multiset of tokens.
    public var tied = true
    /// Length of an embedding (d_model).
    public var width = 128
    /// Hidden units (d_mlp).
    public var hidden = 256
    public var activation = Activation.relu
    public var hiddenBias = false

    public init(vocabulary: Int, outputs: Int) {
      self.vocabulary = vocabulary
      self.outputs = outputs
    }
  }

  public let configuration: Configuration
  public let layout: ParameterLayout

  public init(_ configuration: Configuration) {
    self.configuration = configuration
    let (vocabulary, width) = (configuration.vocabulary, configuration.width)
    var arrays: [(name: String, shape: [Int])] =
      configuration.tied
      ? [("embed.W_E", [vocabulary, width])]
      : (0..<configuration.positions).map { ("embed.\($0).W_E", [vocabulary, width]) }
    arrays.append(("mlp.W_in", [width, configuration.hidden]))
    if configuration.hiddenBias { arrays.append(("mlp.b_in", [configuration.hidden])) }
    arrays.append(("unembed.W_U", [configuration.hidden, configuration.outputs]))
    layout = ParameterLayout(arrays)
  }

  public var vocabulary: Int { configuration.vocabulary }
  public var outputs: Int { configuration.outputs }

  public func initialParameters(using generator: inout SeededGenerator) -> [Float] { fatalError("skeleton") }
  public func graph<Scalar: NetworkScalar>(for shape: BatchShape, of scalar: Scalar.Type) -> Graph<Scalar> {
    fatalError("skeleton")
  }
  public func trainingForm<Scalar: NetworkScalar>(for shape: BatchShape, of scalar: Scalar.Type) -> TrainingForm<Scalar> {
    fatalError("skeleton")
  }
}
