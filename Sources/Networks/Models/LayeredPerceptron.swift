public import Randomness

/// A perceptron of several layers over concatenated embeddings: x ← act(x W_i + b_i), logits = x W_U + b_U.
///
/// Parameters: `embed.W_E [vocabulary, width]`, shared by all positions; `layers.i.W`, the first
/// `[positions · width, hidden]`, the others `[hidden, hidden]`; `layers.i.b [hidden]`; `unembed.W_U [hidden, outputs]`,
/// `unembed.b_U [outputs]`. Activations: `hook_embed [batch, position, width]`, `layers.i.hook_pre`, `layers.i.hook_post`,
/// `logits`. It has no file format: it serves as ground truth, its weights written down.
public struct LayeredPerceptron: Network {
  /// Sizes and the activation of a perceptron.
  public struct Configuration: Hashable, Sendable {
    /// Tokens that there are.
    public var vocabulary: Int
    /// Answers that there are.
    public var outputs: Int
    /// Tokens of an input.
    public var positions: Int
    /// Length of an embedding.
    public var width = 4
    /// Units of each layer, from the first.
    public var hidden = [16, 16, 16]
    /// What follows each layer's sums.
    public var activation = Activation.relu

    /// Three layers of 16 units over embeddings of length 4, unless changed.
    public init(vocabulary: Int, outputs: Int, positions: Int) {
      (self.vocabulary, self.outputs, self.positions) = (vocabulary, outputs, positions)
    }
  }

  /// Sizes and activation.
  public let configuration: Configuration
  /// Where each array of parameters lies.
  public let layout: ParameterLayout

  /// The function with these sizes; parameters come with each call.
  ///
  /// - Precondition: There is a layer.
  public init(_ configuration: Configuration) {
    precondition(!configuration.hidden.isEmpty, "a perceptron without layers")
    self.configuration = configuration
    var arrays: [(name: String, shape: [Int])] = [("embed.W_E", [configuration.vocabulary, configuration.width])]
    var inner = configuration.positions * configuration.width
    for (layer, units) in configuration.hidden.enumerated() {
      arrays += [("layers.\(layer).W", [inner, units]), ("layers.\(layer).b", [units])]
      inner = units
    }
    arrays += [("unembed.W_U", [inner, configuration.outputs]), ("unembed.b_U", [configuration.outputs])]
    layout = ParameterLayout(arrays)
  }

  /// Tokens that there are.
  public var vocabulary: Int { configuration.vocabulary }
  /// Answers that there are.
  public var outputs: Int { configuration.outputs }
}

extension LayeredPerceptron {
  /// Embeddings ~ N(0, 1), matrices ~ N(0, 1/rows), biases 0.
  public func initialParameters(using generator: inout SeededGenerator) -> [Float] {
    var drawn = Initialiser()
    for entry in layout.entries {
      if entry.shape.count == 1 {
        drawn.constant(entry.count, 0)
      } else {
        drawn.normal(entry.count, variance: entry.name == "embed.W_E" ? 1 : 1 / Double(entry.shape[0]), &generator)
      }
    }
    return drawn.parameters
  }

  /// The tape for batches of a shape, every activation named.
  ///
  /// - Precondition: the shape has the perceptron's positions and reads one.
  public func graph<Scalar: NetworkScalar>(for shape: BatchShape, of scalar: Scalar.Type) -> Graph<Scalar> {
    let c = configuration
    precondition(
      shape.positions == c.positions && shape.readPositions == 1,
      "a perceptron of \(c.positions) positions was asked for \(shape)")
    let graph = Graph<Scalar>(shape: shape, layout: layout)
    let embedded = graph.node("hook_embed", rowsPerSequence: c.positions, [c.width])
    graph.append(Gather([(graph.parameter("embed.W_E"), graph.list(.allTokens))], into: embedded))
    var x = graph.node(rowsPerSequence: 1, [c.positions * c.width])
    graph.append(Concatenate(embedded, into: x))
    for (layer, units) in c.hidden.enumerated() {
      let pre = graph.node("layers.\(layer).hook_pre", rowsPerSequence: 1, [units])
      graph.append(
        Dense(x, graph.parameter("layers.\(layer).W"), bias: graph.parameter("layers.\(layer).b"), into: pre))
      x = graph.node("layers.\(layer).hook_post", rowsPerSequence: 1, [units])
      graph.append(Activate(pre, c.activation, into: x))
    }
    let logits = graph.node("logits", rowsPerSequence: 1, [c.outputs])
    graph.append(Dense(x, graph.parameter("unembed.W_U"), bias: graph.parameter("unembed.b_U"), into: logits))
    graph.finish(logits: logits)
    return graph
  }

  /// The ordinary form: the networks are small.
  public func trainingForm<Scalar: NetworkScalar>(for shape: BatchShape, of scalar: Scalar.Type) -> TrainingForm<Scalar>
  {
    let network = self
    return TrainingForm(tableLayout: ParameterLayout([]), tables: nil) { rows in
      var part = shape
      part.rows = rows
      return network.graph(for: part, of: Scalar.self)
    }
  }
}
