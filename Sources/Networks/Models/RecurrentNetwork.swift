public import Randomness

/// A recurrent network of one layer over token sequences of any length, with PyTorch's cells.
///
/// `embed.W_E [vocabulary, width]`, `rnn.weight_ih [gates·hidden, width]`, `rnn.weight_hh [gates·hidden, hidden]`,
/// `rnn.bias_ih`, `rnn.bias_hh [gates·hidden]`, `unembed.W_U [hidden, outputs]`, `unembed.b_U [outputs]`.
/// The state begins at zero. Its activations are position-major: `[position, batch, …]`.
public struct RecurrentNetwork: Network {
  /// Which cell: gated recurrent unit (Cho et al. 2014) or long short-term memory (Hochreiter & Schmidhuber 1997).
  public enum Cell: String, Hashable, Sendable, CaseIterable {
    /// Gates r, z, n (Cho et al. 2014, in PyTorch's variant: n = tanh(W x + b + r ⊙ (W h + b))).
    case gru
    /// Gates i, f, g, o (Hochreiter & Schmidhuber 1997, with forget gate).
    case lstm

    var gates: Int { self == .gru ? 3 : 4 }
  }

  /// Sizes of a recurrent network.
  public struct Configuration: Hashable, Sendable {
    /// The cell of its one layer.
    public var cell: Cell
    /// Tokens that it reads.
    public var vocabulary: Int
    /// Answers that it gives at each position.
    public var outputs: Int
    /// Numbers per embedded token.
    public var width = 64
    /// Numbers in the state.
    public var hidden = 128

    /// Sizes with the standard width and state.
    public init(cell: Cell, vocabulary: Int, outputs: Int) {
      self.cell = cell
      self.vocabulary = vocabulary
      self.outputs = outputs
    }
  }

  /// Its sizes.
  public let configuration: Configuration
  /// Which parameter lies where in the flat vector.
  public let layout: ParameterLayout

  /// A network of these sizes; whoever trains it owns the parameters.
  public init(_ configuration: Configuration) {
    self.configuration = configuration
    let (width, hidden) = (configuration.width, configuration.hidden)
    let gates = configuration.cell.gates * hidden
    layout = ParameterLayout([
      ("embed.W_E", [configuration.vocabulary, width]), ("rnn.weight_ih", [gates, width]),
      ("rnn.weight_hh", [gates, hidden]), ("rnn.bias_ih", [gates]), ("rnn.bias_hh", [gates]),
      ("unembed.W_U", [hidden, configuration.outputs]), ("unembed.b_U", [configuration.outputs]),
    ])
  }

  /// Tokens that it reads.
  public var vocabulary: Int { configuration.vocabulary }
  /// Answers that it gives at each position.
  public var outputs: Int { configuration.outputs }
}

extension RecurrentNetwork {
  /// Embedding ~ N(0, 1), cell and readout uniform in ±1/√hidden, as PyTorch begins.
  public func initialParameters(using generator: inout SeededGenerator) -> [Float] {
    var drawn = Initialiser()
    for entry in layout.entries {
      if entry.name == "embed.W_E" {
        drawn.normal(entry.count, variance: 1, &generator)
      } else {
        drawn.uniform(entry.count, bound: 1 / Double(configuration.hidden).squareRoot(), &generator)
      }
    }
    return drawn.parameters
  }

  /// The tape for a batch shape: embeddings, the recurrence over positions, logits where they are read.
  public func graph<Scalar: NetworkScalar>(for shape: BatchShape, of scalar: Scalar.Type) -> Graph<Scalar> {
    let graph = Graph<Scalar>(shape: shape, layout: layout)
    let embedded = graph.node(
      "hook_embed", rowsPerSequence: shape.positions, [configuration.width], isPositionMajor: true)
    graph.append(Gather([(graph.parameter("embed.W_E"), graph.list(.allTokensPositionMajor))], into: embedded))
    let x = gateInputs(graph)
    project(graph, embedded, into: x)
    finish(graph, x, stateBias: graph.parameter("rnn.bias_hh"))
    return graph
  }

  /// W_ih · embedding + biases is taken once per vocabulary entry where that is less than once per token.
  public func trainingForm<Scalar: NetworkScalar>(for shape: BatchShape, of scalar: Scalar.Type) -> TrainingForm<Scalar>
  {
    let network = self
    guard configuration.vocabulary < shape.rows * shape.positions else {
      return TrainingForm(tableLayout: ParameterLayout([]), tables: nil) { rows in
        var part = shape
        part.rows = rows
        return network.graph(for: part, of: Scalar.self)
      }
    }
    let gates = configuration.cell.gates * configuration.hidden
    let tableLayout = ParameterLayout([("inputs", [configuration.vocabulary, gates])])
    let tables = Graph<Scalar>(
      shape: BatchShape(rows: 1, positions: 1), layout: layout, tables: tableLayout, isFused: true)
    project(tables, tables.parameter("embed.W_E"), into: tables.table("inputs"))
    tables.seal()
    return TrainingForm(tableLayout: tableLayout, tables: tables) { rows in
      var part = shape
      part.rows = rows
      let graph = Graph<Scalar>(shape: part, layout: network.layout, tables: tableLayout, isFused: true)
      let x = network.gateInputs(graph)
      // An LSTM's second bias is added while its inputs are gathered; a GRU's stands inside a product with a gate.
      let bias = graph.parameter("rnn.bias_hh")
      let isAdded = network.configuration.cell == .lstm
      graph.append(
        Gather(
          [(graph.table("inputs"), graph.list(.allTokensPositionMajor))], bias: isAdded ? bias : nil, into: x))
      network.finish(graph, x, stateBias: isAdded ? nil : bias)
      return graph
    }
  }

  private func gateInputs<Scalar: NetworkScalar>(_ graph: Graph<Scalar>) -> Node<Scalar> {
    graph.node(
      rowsPerSequence: graph.shape.positions, [configuration.cell.gates, configuration.hidden], isPositionMajor: true)
  }

  /// x = input · W_ihᵀ + b_ih
  private func project<Scalar: NetworkScalar>(
    _ graph: Graph<Scalar>, _ input: Node<Scalar>, into x: Node<Scalar>
  ) {
    let weight = graph.parameter("rnn.weight_ih")
    graph.append(Dense(input, weight, isTransposed: true, bias: graph.parameter("rnn.bias_ih"), into: x))
  }

  /// Recurrence, readout, loss.
  private func finish<Scalar: NetworkScalar>(_ graph: Graph<Scalar>, _ x: Node<Scalar>, stateBias: Node<Scalar>?) {
    let (positions, c) = (graph.shape.positions, configuration)
    let readsLast = graph.shape.readPositions == 1
    let hidden = graph.node("rnn.hook_hidden", like: x, [c.hidden])
    func steps(_ name: String, _ of: Node<Scalar>) -> [Node<Scalar>] {
      (0..<positions).map { graph.step("\(name).\($0)", $0, of: of) }
    }
    var memory = Recurrence<Scalar>.Memory(
      hidden: hidden, hiddenSteps: steps("rnn.hook_hidden", hidden), zeros: graph.node(rowsPerSequence: 1, [c.hidden]),
      direct: graph.node(rowsPerSequence: 1, [c.hidden]))
    if c.cell == .lstm {
      let cells = graph.node("rnn.hook_cell", like: x, [c.hidden])
      memory.cells = cells
      memory.cellSteps = steps("rnn.hook_cell", cells)
    } else {
      memory.state = graph.node(like: x, x.rowShape)
    }
    graph.append(
      Recurrence(
        c.cell, x: x, weight: graph.parameter("rnn.weight_hh"), stateBias: stateBias,
        positions: positions, readsLast: readsLast, memory))
    let read = readsLast ? memory.hiddenSteps[positions - 1] : hidden
    let logits = graph.node("logits", like: read, [c.outputs])
    graph.append(
      Dense(read, graph.parameter("unembed.W_U"), bias: graph.parameter("unembed.b_U"), into: logits))
    graph.finish(logits: logits)
  }
}
