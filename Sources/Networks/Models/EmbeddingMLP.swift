public import Randomness

/// A perceptron over summed embeddings: logits = act((Σ_i E_i[x_i]) W_in + b_in) W_U.
///
/// Parameters: `embed.W_E [vocabulary, width]` (tied) or `embed.0.W_E`, `embed.1.W_E`, … (one per position);
/// `mlp.W_in [width, hidden]`; optionally `mlp.b_in [hidden]`; `unembed.W_U [hidden, outputs]`.
/// Activations: `hook_embed` (the sum), `mlp.hook_pre`, `mlp.hook_post`, `logits`.
public struct EmbeddingMLP: Network {
  /// Shapes and switches of a network.
  public struct Configuration: Hashable, Sendable {
    /// Tokens that there are.
    public var vocabulary: Int
    /// Answers, one logit each.
    public var outputs: Int
    /// Tokens of an input.
    public var positions = 2
    /// One embedding for all positions: the network is then a function of the multiset of tokens.
    public var tied = true
    /// Length of an embedding (d_model).
    public var width = 128
    /// Hidden units (d_mlp).
    public var hidden = 256
    /// Of the hidden units.
    public var activation = Activation.relu
    /// Whether hidden units have biases.
    public var hiddenBias = false

    /// The standard shapes for so many tokens and answers.
    public init(vocabulary: Int, outputs: Int) {
      self.vocabulary = vocabulary
      self.outputs = outputs
    }
  }

  /// Its shapes.
  public let configuration: Configuration
  /// Where each parameter lies in the flat vector.
  public let layout: ParameterLayout

  /// A network of these shapes.
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

  /// Tokens that there are.
  public var vocabulary: Int { configuration.vocabulary }
  /// Answers, one logit each.
  public var outputs: Int { configuration.outputs }
}

extension EmbeddingMLP {
  /// Embeddings and W_in ~ N(0, 1/width), W_U ~ N(0, 1/hidden), bias 0.
  public func initialParameters(using generator: inout SeededGenerator) -> [Float] {
    var drawn = Initialiser()
    for entry in layout.entries {
      switch entry.name {
      case "mlp.b_in": drawn.constant(entry.count, 0)
      case "unembed.W_U": drawn.normal(entry.count, variance: 1 / Double(configuration.hidden), &generator)
      default: drawn.normal(entry.count, variance: 1 / Double(configuration.width), &generator)
      }
    }
    return drawn.parameters
  }

  private func embeddingName(_ position: Int) -> String {
    configuration.tied ? "embed.W_E" : "embed.\(position).W_E"
  }

  private func check(_ shape: BatchShape) {
    precondition(
      shape.positions == configuration.positions && shape.readPositions == 1,
      "a perceptron of \(configuration.positions) positions was asked for \(shape)")
  }

  /// The ordinary form: `hook_embed`, `mlp.hook_pre`, `mlp.hook_post` and `logits`, one row a sequence.
  ///
  /// - Precondition: the configuration's number of positions, and one read.
  public func graph<Scalar: NetworkScalar>(for shape: BatchShape, of scalar: Scalar.Type) -> Graph<Scalar> {
    check(shape)
    let graph = Graph<Scalar>(shape: shape, layout: layout)
    let c = configuration
    let embedded = graph.node("hook_embed", rowsPerSequence: 1, [c.width])
    let terms = (0..<c.positions).map { position in
      (graph.parameter(embeddingName(position)), graph.list(.tokens(position: position)))
    }
    graph.append(Gather(terms, into: embedded))
    let pre = graph.node("mlp.hook_pre", rowsPerSequence: 1, [c.hidden])
    let bias = c.hiddenBias ? graph.parameter("mlp.b_in") : nil
    graph.append(Dense(embedded, graph.parameter("mlp.W_in"), bias: bias, into: pre))
    finish(graph, pre, isActive: false)
    return graph
  }

  /// (Σ E_i[x_i]) W_in = Σ (E_i W_in)[x_i]: the first product is taken once per vocabulary entry instead of once per row.
  public func trainingForm<Scalar: NetworkScalar>(for shape: BatchShape, of scalar: Scalar.Type) -> TrainingForm<Scalar>
  {
    check(shape)
    let c = configuration
    let tableCount = c.tied ? 1 : c.positions
    if tableCount * c.vocabulary >= shape.rows {
      let network = self
      return TrainingForm(tableLayout: ParameterLayout([]), tables: nil) { rows in
        network.graph(for: BatchShape(rows: rows, positions: shape.positions), of: Scalar.self)
      }
    }
    let tableLayout = ParameterLayout((0..<tableCount).map { ("hidden.\($0)", [c.vocabulary, c.hidden]) })
    let tables = Graph<Scalar>(
      shape: BatchShape(rows: 1, positions: 1), layout: layout, tables: tableLayout, isFused: true)
    for table in 0..<tableCount {
      tables.append(
        Dense(
          tables.parameter(embeddingName(table)), tables.parameter("mlp.W_in"), into: tables.table("hidden.\(table)")))
    }
    tables.seal()
    let network = self
    return TrainingForm(tableLayout: tableLayout, tables: tables) { network.lane($0, tableLayout) }
  }

  private func lane<Scalar: NetworkScalar>(_ rows: Int, _ tableLayout: ParameterLayout) -> Graph<Scalar> {
    let c = configuration
    let graph = Graph<Scalar>(
      shape: BatchShape(rows: rows, positions: c.positions), layout: layout, tables: tableLayout, isFused: true)
    let terms = (0..<c.positions).map { position in
      (graph.table("hidden.\(c.tied ? 0 : position)"), graph.list(.tokens(position: position)))
    }
    let isRelu = c.activation == .relu
    let hidden = graph.node(rowsPerSequence: 1, [c.hidden])
    graph.append(
      Gather(terms, bias: c.hiddenBias ? graph.parameter("mlp.b_in") : nil, isRelu: isRelu, into: hidden))
    finish(graph, hidden, isActive: isRelu)
    return graph
  }

  /// Activation, unembedding, loss.
  private func finish<Scalar: NetworkScalar>(_ graph: Graph<Scalar>, _ hidden: Node<Scalar>, isActive: Bool) {
    var post = hidden
    if !isActive {
      post = graph.node("mlp.hook_post", like: hidden, hidden.rowShape)
      graph.append(Activate(hidden, configuration.activation, into: post))
    }
    let logits = graph.node("logits", rowsPerSequence: 1, [configuration.outputs])
    graph.append(Dense(post, graph.parameter("unembed.W_U"), into: logits))
    graph.finish(logits: logits)
  }
}
