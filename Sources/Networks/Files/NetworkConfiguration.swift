/// The sizes of any network of this module: what a config file says.
public enum NetworkConfiguration: Hashable, Sendable {
  /// A perceptron over summed embeddings.
  case embeddingMLP(EmbeddingMLP.Configuration)
  /// A decoder-only transformer.
  case transformer(DecoderTransformer.Configuration)
  /// A recurrent network: the configuration says of which cell.
  case recurrent(RecurrentNetwork.Configuration)

  /// The network of that configuration.
  public var network: any Network {
    switch self {
    case .embeddingMLP(let configuration): EmbeddingMLP(configuration)
    case .transformer(let configuration): DecoderTransformer(configuration)
    case .recurrent(let configuration): RecurrentNetwork(configuration)
    }
  }

  /// Where each parameter of that network lies.
  public var layout: ParameterLayout { network.layout }

  /// The word under `architecture` in config files.
  public var architecture: String {
    switch self {
    case .embeddingMLP: "embedding_mlp"
    case .transformer: "transformer"
    case .recurrent(let configuration): configuration.cell.rawValue
    }
  }

  /// All such words.
  static let architectures = ["embedding_mlp", "transformer"] + RecurrentNetwork.Cell.allCases.map(\.rawValue)
}

// MARK: - Limits

extension NetworkConfiguration {
  /// The greatest size of a dimension, and of the number of layers or positions with arrays of their own.
  static let greatestSize = 1 << 24
  static let mostLayers = 4096
  /// The greatest number of parameters.
  static let mostParameters = 1 << 30

  /// Whether a layout can be made: at most 2^24 in a dimension, 4,096 layers and 2^30 parameters, and so no product that
  /// overflows. Files of larger networks are refused.
  public var isWithinLimits: Bool {
    let (sizes, repeats): ([Int], Int)
    switch self {
    case .embeddingMLP(let c): (sizes, repeats) = ([c.vocabulary, c.outputs, c.width, c.hidden], c.positions)
    case .transformer(let c):
      sizes = [c.vocabulary, c.outputs, c.context, c.width, c.heads, c.headWidth, c.hidden]
      repeats = c.layers
    case .recurrent(let c): (sizes, repeats) = ([c.vocabulary, c.outputs, c.width, c.hidden], 1)
    }
    guard sizes.allSatisfy({ 1...Self.greatestSize ~= $0 }), 1...Self.mostLayers ~= repeats else { return false }
    // Doubles cannot overflow here, and their error is far below the limit's.
    return approximateParameters <= Double(Self.mostParameters)
  }

  private var approximateParameters: Double {
    switch self {
    case .embeddingMLP(let c):
      let (vocabulary, width, hidden) = (Double(c.vocabulary), Double(c.width), Double(c.hidden))
      return vocabulary * width * Double(c.tied ? 1 : c.positions) + (width + 1) * hidden + hidden * Double(c.outputs)
    case .transformer(let c):
      let (width, heads) = (Double(c.width), Double(c.heads) * Double(c.headWidth))
      let block = 4 * width * heads + 2 * width * Double(c.hidden) + Double(c.hidden) + 5 * width
      return width * (Double(c.vocabulary) + Double(c.context) + Double(c.outputs) + 2) + Double(c.layers) * block
    case .recurrent(let c):
      let (width, hidden, outputs) = (Double(c.width), Double(c.hidden), Double(c.outputs))
      return Double(c.vocabulary) * width + Double(c.cell.gates) * hidden * (width + hidden + 2) + (hidden + 1)
        * outputs
    }
  }
}
