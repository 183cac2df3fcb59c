public import Documents

/// The local learning coefficient of a loss at a point, estimated by stochastic gradient Langevin dynamics.
///
///     λ̂ = nβ (E[L_n(w)] − L_n(w*)),      w from a density ∝ exp(−nβ L_n(w) − γ/2 |w − w*|²)
///
/// λ says how fast the volume {w near w* : L(w) < L(w*) + ε} shrinks, as ε^λ: half the number of parameters where the loss
/// is a regular minimum, less where it is singular. It has no unit and is no code: it is an asymptotic rate, λ log n nats at n
/// examples, of one network; no number of bits of labels is to be added to it or compared with it.
///
/// - Source: Lau, Murfet & Wei 2023, "Quantifying degeneracy in singular models via the learning coefficient", eq. 12 and
///   algorithm 1; Welling & Teh 2011 for the dynamics.
public struct LearningCoefficient: Hashable, Sendable {
  /// What decides an estimate beside the loss, the point and the seed.
  public struct Settings: Hashable, Sendable {
    /// nβ: examples times inverse temperature. The usual one is n / ln n.
    public var inverseTemperature: Double
    /// ε.
    public var stepSize: Double
    /// γ: how strongly a chain is held at w*.
    public var localization: Double
    /// Steps of a chain whose losses are averaged.
    public var draws: Int
    /// Steps before them.
    public var burnIn: Int
    /// Independent chains, all from w*.
    public var chains: Int
    /// Whether chains stay in the hyperplane through w* that is perpendicular to the gradient there: a point at which
    /// training ended is hardly ever a minimum, and a chain would just go on with the training.
    public var isPerpendicular: Bool

    /// Settings at a temperature.
    ///
    /// The standard ones are those at which both halves of the draws agree for the MLP of the recipe `fast` on mod-add, p = 113;
    /// the estimate there is 5 times smaller at γ = 300 and 23 times at γ = 1000, so γ belongs to the number.
    public init(
      inverseTemperature: Double, stepSize: Double = 3e-4, localization: Double = 100, draws: Int = 200,
      burnIn: Int = 200, chains: Int = 3, isPerpendicular: Bool = false
    ) {
      precondition(inverseTemperature > 0 && stepSize > 0 && localization >= 0, "nβ, ε > 0 and γ ≥ 0")
      precondition(draws > 0 && burnIn >= 0 && chains > 0, "\(chains) chains of \(draws) draws after \(burnIn)")
      (self.inverseTemperature, self.stepSize, self.localization) = (inverseTemperature, stepSize, localization)
      (self.draws, self.burnIn, self.chains) = (draws, burnIn, chains)
      self.isPerpendicular = isPerpendicular
    }

    /// nβ of β = 1 / ln n, Watanabe's temperature.
    ///
    /// - Precondition: at least two examples.
    public static func usualInverseTemperature(examples n: Int) -> Double {
      precondition(n > 1, "\(n) examples have no temperature")
      return Double(n) / naturalLogarithm(Double(n))
    }
  }

  /// Why there is no estimate.
  public enum Fault: Hashable, Sendable {
    /// The loss or a parameter of a chain was no finite number after so many steps.
    case notFinite(chain: Int, step: Int)
    /// The mean loss of a chain was below that at w*: w* is no minimum for it.
    case below(chain: Int)
    /// The mean loss of a chain was above that of a guess: the chain has left the neighbourhood of w*.
    case left(chain: Int)
  }

  /// What the estimate was made with.
  public let settings: Settings
  /// L_n(w*), nats per example.
  public let lossAtPoint: Double
  /// The estimate of each chain; those of a chain that is not finite are left out.
  public let chains: [Double]
  /// The estimates from the first and the second half of the draws, over the chains that are finite: far apart when these
  /// still drift. Empty where no chain is finite.
  public let halves: [Double]
  /// Why there is no estimate; nil when there is one.
  public let fault: Fault?

  /// The mean over the chains; nil when there is a fault.
  public var estimate: Double? { fault == nil ? Self.mean(chains) : nil }

  /// The standard error of the estimate, from the spread of the chains; nil with one chain or a fault.
  public var standardError: Double? {
    guard fault == nil, chains.count > 1 else { return nil }
    let mean = Self.mean(chains)
    let squares = chains.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(chains.count - 1) / Double(chains.count)).squareRoot()
  }

  static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
}

extension LearningCoefficient.Fault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFinite(let chain, let step): "chain \(chain) is not finite after \(step) steps"
    case .below(let chain): "chain \(chain) has a lower loss than the point: the point is no minimum for it"
    case .left(let chain): "chain \(chain) has a greater loss than a guess: it has left the point"
    }
  }

  /// Reads a description; nil when it is none.
  init?(_ text: String) {
    let numbers = text.split(separator: " ").compactMap { Int($0) }
    guard let chain = numbers.first, let last = numbers.last else { return nil }
    let all: [Self] = [.notFinite(chain: chain, step: last), .below(chain: chain), .left(chain: chain)]
    guard let found = all.first(where: { $0.description == text }) else { return nil }
    self = found
  }
}

extension LearningCoefficient {
  /// The estimate with all that it depends on.
  public var record: JSONValue {
    func number(_ value: Double?) -> JSONValue { value.flatMap { $0.isFinite ? .real($0) : nil } ?? .null }
    return [
      "estimate": number(estimate), "standardError": number(standardError),
      "fault": fault.map { .string("\($0)") } ?? .null, "lossAtPoint": number(lossAtPoint),
      "byChain": .array(chains.map { number($0) }), "byHalfOfDraws": .array(halves.map { number($0) }),
      "inverseTemperature": .real(settings.inverseTemperature), "stepSize": .real(settings.stepSize),
      "localization": .real(settings.localization), "draws": .integer(settings.draws),
      "burnIn": .integer(settings.burnIn), "chains": .integer(settings.chains),
      "perpendicular": .bool(settings.isPerpendicular),
    ]
  }

  /// Reads a record, which is written as the same bytes again; nil when it is none.
  public init?(record: JSONValue) {
    // Numbers that are not finite are written as null.
    func number(_ value: JSONValue?) -> Double? { value == .null ? Double.nan : value?.double }
    func numbers(_ name: String) -> [Double]? {
      guard let values = record[name]?.array else { return nil }
      let found = values.compactMap { number($0) }
      return found.count == values.count ? found : nil
    }
    func count(_ name: String, from least: Int) -> Int? {
      record[name]?.integer(as: Int.self).flatMap { $0 >= least ? $0 : nil }
    }
    guard let temperature = record["inverseTemperature"]?.double, temperature > 0,
      let stepSize = record["stepSize"]?.double, stepSize > 0,
      let localization = record["localization"]?.double, localization >= 0,
      let draws = count("draws", from: 1), let burnIn = count("burnIn", from: 0), let chains = count("chains", from: 1),
      let isPerpendicular = record["perpendicular"]?.bool, let lossAtPoint = number(record["lossAtPoint"]),
      let byChain = numbers("byChain"), let halves = numbers("byHalfOfDraws"), let said = record["fault"]
    else { return nil }
    let fault = said.string.flatMap { Fault($0) }
    guard fault != nil || said == .null else { return nil }
    self.init(
      settings: Settings(
        inverseTemperature: temperature, stepSize: stepSize, localization: localization, draws: draws, burnIn: burnIn,
        chains: chains, isPerpendicular: isPerpendicular),
      lossAtPoint: lossAtPoint, chains: byChain, halves: halves, fault: fault)
  }
}
