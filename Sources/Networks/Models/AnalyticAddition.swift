/// Weights written down by formula that add modulo p exactly (Gromov 2023): ground truth for tests and circuit work.
///
/// An untied `EmbeddingMLP` with squared units: see `network` and `parameters`.
public struct AnalyticAddition: Sendable {
  public let modulus: Int
  public let network: EmbeddingMLP
  /// The weights, laid out by `network.layout`.
  public let parameters: [Float]

  /// The network of that modulus (at least 3, odd) with `hidden` units; `nil` takes as many as the proof needs.
  public init(modulus: Int, hidden: Int? = nil, phaseSeed: UInt64 = 0) { fatalError("skeleton") }
}
