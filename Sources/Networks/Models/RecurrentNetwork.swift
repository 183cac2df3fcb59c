public import Randomness

/// A recurrent network of one layer over token sequences of any length, with PyTorch's cells.
///
/// `embed.W_E [vocabulary, width]`, `rnn.weight_ih [gates·hidden, width]`, `rnn.weight_hh [gates·hidden, hidden]`,
/// `rnn.bias_ih`, `rnn.bias_hh [gates·hidden]`, `unembed.W_U [hidden, outputs]`, `unembed.b_U [outputs]`.
/// The state begins at zero. Its activations are position-major: `[position, batch, …]`.
public struct RecurrentNetwork: Network {
  public enum Cell: String, Hashable, Sendable, CaseIterable {
    /// Gates r, z, n (Cho et al. 2014, in PyTorch's variant: n = tanh(W x + b + r ⊙ (W h + b))).
    case gru
    /// Gates i, f, g, o (Hochreiter & Schmidhuber 1997, with forget gate).
    case lstm

    var gates: Int { self == .gru ? 3 : 4 }
  }

  public struct Configuration: Hashable, Sendable {
    public var cell: Cell
    public var vocabulary: Int
    public var outputs: Int
    public var width = 64
    public var hidden = 128

    public init(cell: Cell, vocabulary: Int, outputs: Int) {
      self.cell = cell
      self.vocabulary = vocabulary
      self.outputs = outputs
    }
  }

  public let configuration: Configuration
  public let layout: ParameterLayout

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
