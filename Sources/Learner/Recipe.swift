public import Networks

/// Everything that a training run is made of, beside the data and the seed.
public struct Recipe: Hashable, Sendable {
  /// The recipes that come with the learner.
  public enum Name: String, Hashable, Sendable, CaseIterable {
    /// An embedding MLP under the perpendicular gradient: generalises within some hundred steps.
    case fast
    /// The same network under plain AdamW with strong decay: fits the training pairs long before it generalises.
    case delayed
    /// The one-layer transformer of Nanda et al. 2023 with its published settings.
    case published
    /// The published transformer under the perpendicular gradient.
    case transformer
  }

  /// The optimiser with its settings.
  public enum Method: Hashable, Sendable {
    /// AdamW along the gradient.
    case adamW(AdamW.Configuration)
    /// AdamW along the part of each array's gradient that is perpendicular to the array (`PerpendicularGradient`).
    case perpendicularAdamW(AdamW.Configuration)
    /// Muon for hidden matrices, AdamW for the other parameters.
    case muon(Muon.Configuration)
  }

  /// Kind and sizes of the network.
  public var network: NetworkConfiguration
  /// The optimiser with its settings.
  public var method: Method
  /// Rows per step; nil takes all training examples in each.
  public var batchSize: Int?
  /// Updates after which a run ends.
  public var maxSteps: Int
  /// Unseen examples are evaluated at multiples of this, and at powers of two below it; so are all training examples of a
  /// run on minibatches, until they are fitted.
  public var evaluationInterval: Int
  /// Whether a network that could read its answer at a token `=` reads it at the last argument instead.
  public var omitsEquals = false

  /// A recipe; `maxSteps` and `evaluationInterval` count updates, `batchSize` rows.
  public init(
    network: NetworkConfiguration, method: Method, batchSize: Int? = nil, maxSteps: Int,
    evaluationInterval: Int = 10
  ) {
    self.network = network
    self.method = method
    self.batchSize = batchSize
    self.maxSteps = maxSteps
    self.evaluationInterval = evaluationInterval
  }
}

extension Recipe {
  /// A named recipe for a task with `inputs` input tokens, `outputs` answers and `arguments` arguments.
  ///
  /// - Parameter tied: whether all arguments share one embedding (MLP only): then the network computes a function of the
  ///   multiset of its arguments, so a task that does not commute is out of its reach.
  public init(_ name: Name, inputs: Int, outputs: Int, arguments: Int, tied: Bool) {
    var mlp = EmbeddingMLP.Configuration(vocabulary: inputs, outputs: outputs)
    mlp.positions = arguments
    mlp.tied = tied
    let hasOwnOutputs = inputs != outputs
    // The published network has an output for `=` too, as its embedding has.
    let transformer = DecoderTransformer.Configuration(
      vocabulary: inputs + 1, outputs: hasOwnOutputs ? outputs : inputs + 1, context: arguments + 1)
    func adam(_ rate: Double, _ squareDecay: Double, _ decay: Double, warmUp: Int = 0) -> AdamW.Configuration {
      AdamW.Configuration(
        learningRate: rate, squareDecay: squareDecay, weightDecay: decay, schedule: Schedule(warmUp: warmUp))
    }
    switch name {
    case .fast:
      self.init(network: .embeddingMLP(mlp), method: .perpendicularAdamW(adam(0.01, 0.99, 0.1)), maxSteps: 1000)
    case .delayed:
      self.init(network: .embeddingMLP(mlp), method: .adamW(adam(0.003, 0.98, 1)), maxSteps: 4000)
    case .published:
      self.init(
        network: .transformer(transformer), method: .adamW(adam(0.001, 0.98, 1, warmUp: 10)), maxSteps: 40_000,
        evaluationInterval: 50)
    case .transformer:
      self.init(
        network: .transformer(transformer), method: .perpendicularAdamW(adam(0.003, 0.98, 1, warmUp: 10)),
        maxSteps: 10_000)
    }
  }

  /// Whether the network reads its answer at a token `=` behind the arguments.
  public var endsInEquals: Bool {
    if case .embeddingMLP = network { false } else { !omitsEquals }
  }
}
