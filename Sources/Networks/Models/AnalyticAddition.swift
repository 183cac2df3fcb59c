internal import CTensorKernels

/// Weights written down by formula that add modulo p exactly: ground truth for tests and circuit work.
///
///     let addition = AnalyticAddition(modulus: 113)
///     addition.network          // an untied EmbeddingMLP with squared units
///     addition.parameters       // its weights; every pair of 0 ..< 113 is answered with a + b mod 113
///
/// A unit has a frequency σ and phases φ1, φ2, φ3 = φ1 + φ2 and computes
///
///     (cos(2π σ a/p + φ1) + cos(2π σ b/p + φ2))² → cos(2π σ q/p + φ3)   for the answer q.
///
/// Twice the product of the two cosines is cos(2π σ (a + b)/p + φ3) + cos(2π σ (a − b)/p + φ1 − φ2). The first part, times
/// the answer's cosine, is half of cos(2π σ (a + b − q)/p) plus terms that turn with the phases, and so is all the rest:
/// with φ1 and φ2 each at 0, 1/3 and 2/3 of a turn those terms add up to 0. Over the frequencies 1 … ⌊p/2⌋ the logit of
/// the right answer is then p/4 more than that of every other one, in exact arithmetic.
///
/// - Source: Gromov 2023, "Grokking modular arithmetic", arXiv:2301.02679, equations 5 to 7. There frequencies and phases
///   are drawn at random and the rest cancels for many units; the grid of phases makes it cancel for 9 units a frequency.
public struct AnalyticAddition: Sendable {
  /// p, at least 2.
  public let modulus: Int
  /// An untied perceptron of 9 · ⌊p/2⌋ squared units; it holds no parameters.
  public let network: EmbeddingMLP
  /// The weights, laid out by `network.layout`.
  public let parameters: [Float]

  /// The network for a modulus of at least 2, with 9 · ⌊p/2⌋ units.
  ///
  /// - Precondition: `isWithinLimits(modulus:)`.
  public init(modulus: Int) {
    precondition(Self.isWithinLimits(modulus: modulus), "the modulus \(modulus) is less than 2 or too large")
    self.modulus = modulus
    network = EmbeddingMLP(Self.configuration(modulus))
    parameters = Self.weights(network, modulus, modulus / 2 * 9)
  }

  /// Whether there is such a network among those that are read: for moduli of 2 to some 5,600.
  public static func isWithinLimits(modulus: Int) -> Bool {
    (2...NetworkConfiguration.greatestSize).contains(modulus)
      && NetworkConfiguration.embeddingMLP(configuration(modulus)).isWithinLimits
  }

  private static func configuration(_ modulus: Int) -> EmbeddingMLP.Configuration {
    var configuration = EmbeddingMLP.Configuration(vocabulary: modulus, outputs: modulus)
    configuration.tied = false
    configuration.width = modulus / 2 * 9
    configuration.hidden = modulus / 2 * 9
    configuration.activation = .square
    return configuration
  }

  private static func weights(_ network: EmbeddingMLP, _ modulus: Int, _ units: Int) -> [Float] {
    var weights = [Float](repeating: 0, count: network.layout.count)
    func cosine(_ token: Int, _ unit: Int, _ thirds: Int) -> Double {
      levin_cosine(Double(token * (unit / 9 + 1) % modulus) / Double(modulus) + Double(thirds) / 3)
    }
    func place(_ name: String) -> Int { network.layout[name]!.offset }
    for unit in 0..<units {
      let (first, second) = (unit % 3, unit / 3 % 3)
      // The frequency p/2 is its own negative and counts half.
      let weight = (unit / 9 + 1) * 2 == modulus ? 1.0 / 18 : 1.0 / 9
      for token in 0..<modulus {
        weights[place("embed.0.W_E") + token * units + unit] = Float(cosine(token, unit, first))
        weights[place("embed.1.W_E") + token * units + unit] = Float(cosine(token, unit, second))
        weights[place("unembed.W_U") + unit * modulus + token] = Float(weight * cosine(token, unit, first + second))
      }
      weights[place("mlp.W_in") + unit * units + unit] = 1
    }
    return weights
  }
}
