/// How the variation of a function on Z/p is shared among frequencies.
public struct Spectrum: Hashable, Sendable {
  /// The sum of squares of each frequency's coefficients, from frequency 1.
  public let power: [Double]
  /// What is shared: the sum of squares less the constant part; at least the sum of `power`.
  public let total: Double

  /// - Parameter total: the whole, when `power` is a part of it.
  public init(power: [Double], total: Double? = nil) {
    self.power = power
    self.total = total ?? power.reduce(0, +)
  }

  /// The spectrum of a table over residues, `[p, n]`, summed over its columns.
  public init(_ table: Matrix, _ basis: FourierBasis) {
    let coefficients = basis.transform(table)
    self.init(
      power: basis.frequencies.map { frequency in
        basis.rows(of: frequency).reduce(0) { $0 + coefficients.row($1).reduce(0) { $0 + $1 * $1 } }
      })
  }

  /// The share of one frequency; 0 where nothing varies.
  public func share(_ frequency: Int) -> Double { total > 0 ? power[frequency - 1] / total : 0 }

  /// The share of several frequencies together.
  public func share(_ frequencies: [Int]) -> Double { frequencies.reduce(0) { $0 + share($1) } }

  /// All frequencies, the strongest first; of equal ones the smaller.
  public var ranked: [Int] {
    (1...max(power.count, 1)).filter { $0 <= power.count }
      .sorted { (power[$0 - 1], $1) > (power[$1 - 1], $0) }
  }

  /// The fewest frequencies that hold this share of what all frequencies hold, the strongest first.
  public func keyFrequencies(holding share: Double) -> [Int] {
    let goal = share * power.reduce(0, +)
    guard goal > 0 else { return [] }
    var (held, chosen) = (0.0, [Int]())
    for frequency in ranked where held < goal {
      held += power[frequency - 1]
      chosen.append(frequency)
    }
    return chosen
  }

  /// The Gini coefficient of the frequencies' norms (√power): 0 when all are equal, near 1 when one has all.
  ///
  /// - Source: Hurley & Rickard 2009, "Comparing measures of sparsity", IEEE Trans. Inf. Theory 55(10); used for norms of
  ///   Fourier components by Nanda et al. 2023, section 5.
  public var gini: Double {
    let norms = power.map { $0.squareRoot() }.sorted()
    let sum = norms.reduce(0, +)
    guard sum > 0 else { return 0 }
    let n = Double(norms.count)
    let weighted = norms.enumerated().reduce(0.0) { $0 + $1.element * (n - Double($1.offset) - 0.5) }
    return 1 - 2 * weighted / (sum * n)
  }
}
