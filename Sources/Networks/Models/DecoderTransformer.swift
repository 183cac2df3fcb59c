public import Randomness

/// A decoder-only transformer with the parameter names, shapes and activations of TransformerLens.
///
/// `embed.W_E [vocabulary, width]`, `pos_embed.W_pos [context, width]`; for each layer i with layer norm `blocks.i.ln1.w`,
/// `blocks.i.ln1.b`, always `blocks.i.attn.W_Q`, `W_K`, `W_V [heads, width, headWidth]`, `W_O [heads, headWidth, width]`,
/// with layer norm `blocks.i.ln2.w`, `ln2.b`, always `blocks.i.mlp.W_in [width, hidden]`, `b_in`, `W_out [hidden, width]`,
/// `b_out`; with layer norm `ln_final.w`, `ln_final.b`; `unembed.W_U [width, outputs]`.
/// Biases of attention and unembedding are there on request. Scores are scaled by 1/√headWidth under a causal mask; layer norm stands
/// before each part (ε = 1e-5).
public struct DecoderTransformer: Network {
  /// What stands before each part of a block, and before the unembedding.
  public enum Normalization: String, Hashable, Sendable, CaseIterable {
    /// No layer norm: each part reads the residual stream as it is.
    case none
    /// Layer norm over the width, with scale and shift; ε = 1e-5.
    case layerNorm = "LN"
  }

  /// What decides how much a position is attended to.
  public enum Pattern: String, Hashable, Sendable, CaseIterable {
    /// softmax(q · k / √d_head) over the positions seen.
    case softmax
    /// 1 for every position seen: queries and keys are there and do nothing.
    case constant
  }

  /// The spread of the first parameters.
  public enum Initialisation: String, Hashable, Sendable, CaseIterable {
    /// Every matrix ~ N(0, 1/width), W_U ~ N(0, 1/vocabulary): the code of Nanda et al. 2023.
    case nanda
    /// The same, but W_in ~ N(0, 1/hidden): the code of Zhong et al. 2023.
    case zhong
  }

  /// Sizes and kinds, with the published network's as defaults.
  public struct Configuration: Hashable, Sendable {
    /// Input tokens (d_vocab).
    public var vocabulary: Int
    /// Logits (d_vocab_out).
    public var outputs: Int
    /// The greatest number of positions (n_ctx).
    public var context: Int
    /// n_layers
    public var layers = 1
    /// d_model
    public var width = 128
    /// n_heads
    public var heads = 4
    /// d_head
    public var headWidth = 32
    /// d_mlp
    public var hidden = 512
    /// act_fn
    public var activation = Activation.relu
    /// normalization_type
    public var normalization = Normalization.none
    /// attention_pattern
    public var pattern = Pattern.softmax
    /// Says how parameters are drawn and nothing of the function, so files of networks do not hold it.
    public var initialisation = Initialisation.nanda
    /// Whether attention has biases `b_Q`, `b_K`, `b_V [heads, headWidth]` and `b_O [width]`.
    public var attentionBiases = false
    /// Whether the logits have a bias `unembed.b_U [outputs]`.
    public var unembeddingBias = false

    /// One layer of the published width over other tokens.
    public init(vocabulary: Int, outputs: Int, context: Int) {
      self.vocabulary = vocabulary
      self.outputs = outputs
      self.context = context
    }

    /// The one-layer network of Nanda et al. 2023 for a binary operation modulo `modulus`: tokens a, b, =; logits over the
    /// same vocabulary. 226 816 parameters for 113.
    public static func published(modulus: Int = 113) -> Configuration {
      Configuration(vocabulary: modulus + 1, outputs: modulus + 1, context: 3)
    }
  }

  /// Sizes and kinds.
  public let configuration: Configuration
  /// Where each parameter lies, under its TransformerLens name.
  public let layout: ParameterLayout

  /// A network of these sizes; it holds no parameters.
  public init(_ configuration: Configuration) {
    self.configuration = configuration
    layout = Self.layout(configuration)
  }

  /// Input tokens (d_vocab); ids are `0 ..< vocabulary`.
  public var vocabulary: Int { configuration.vocabulary }
  /// Logits of a position (d_vocab_out).
  public var outputs: Int { configuration.outputs }

  private static func layout(_ c: Configuration) -> ParameterLayout {
    let normalized = c.normalization == .layerNorm
    func scale(_ name: String) -> [(name: String, shape: [Int])] {
      normalized ? [("\(name).w", [c.width]), ("\(name).b", [c.width])] : []
    }
    var arrays: [(name: String, shape: [Int])] = [
      ("embed.W_E", [c.vocabulary, c.width]), ("pos_embed.W_pos", [c.context, c.width]),
    ]
    for layer in 0..<c.layers {
      let block = "blocks.\(layer)"
      arrays += scale("\(block).ln1")
      for matrix in ["W_Q", "W_K", "W_V"] {
        arrays.append(("\(block).attn.\(matrix)", [c.heads, c.width, c.headWidth]))
      }
      arrays.append(("\(block).attn.W_O", [c.heads, c.headWidth, c.width]))
      if c.attentionBiases {
        for bias in ["b_Q", "b_K", "b_V"] { arrays.append(("\(block).attn.\(bias)", [c.heads, c.headWidth])) }
        arrays.append(("\(block).attn.b_O", [c.width]))
      }
      arrays += scale("\(block).ln2")
      arrays += [
        ("\(block).mlp.W_in", [c.width, c.hidden]), ("\(block).mlp.b_in", [c.hidden]),
        ("\(block).mlp.W_out", [c.hidden, c.width]), ("\(block).mlp.b_out", [c.width]),
      ]
    }
    arrays += scale("ln_final") + [("unembed.W_U", [c.width, c.outputs])]
    return ParameterLayout(arrays + (c.unembeddingBias ? [("unembed.b_U", [c.outputs])] : []))
  }
}

extension DecoderTransformer {
  /// Matrices as the configuration's `initialisation` says, biases 0, scales of layer norms 1.
  ///
  /// - Source: the code of Nanda et al. 2023, "Progress measures for grokking via mechanistic interpretability", or of Zhong
  ///   et al. 2023, "The clock and the pizza".
  public func initialParameters(using generator: inout SeededGenerator) -> [Float] {
    var drawn = Initialiser()
    for entry in layout.entries {
      if entry.name == "unembed.W_U" {
        drawn.normal(entry.count, variance: 1 / Double(configuration.vocabulary), &generator)
      } else if configuration.initialisation == .zhong, entry.name.hasSuffix("mlp.W_in") {
        drawn.normal(entry.count, variance: 1 / Double(configuration.hidden), &generator)
      } else if entry.shape.count > 1 && !entry.name.contains(".b_") {
        drawn.normal(entry.count, variance: 1 / Double(configuration.width), &generator)
      } else {
        drawn.constant(entry.count, entry.name.hasSuffix(".w") ? 1 : 0)
      }
    }
    return drawn.parameters
  }
}
