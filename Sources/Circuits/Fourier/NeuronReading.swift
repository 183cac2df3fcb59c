/// What frequency a hidden unit works at, over all pairs of residues.
public struct NeuronReading: Hashable, Sendable {
  /// The unit's number, from 0.
  public let unit: Int
  /// The frequency whose terms explain most of its variance; 0 for a unit that never varies.
  public let frequency: Int
  /// That share: of the variance over all pairs, by the constant-free terms of degree 2 and less in cos and sin of the
  /// frequency (8 terms: two in a, two in b, four products).
  public let share: Double
  /// The variance over all pairs.
  public let variance: Double
  /// Its phases at that frequency; all 0 for a unit that never varies.
  public let phases: Phases

  /// Phases φ in turns, −1/2 to 1/2, of cos 2π(kx/p + φ) for several x.
  public struct Phases: Hashable, Sendable {
    /// Of the unit's part in a alone.
    public var a = 0.0
    /// Of its part in b alone.
    public var b = 0.0
    /// Of its part in a + b.
    public var sum = 0.0
    /// Of its readout over the answers, equal to `sum` in a unit that serves the sum; nil where the readout is no matrix.
    public var answer: Double?
  }
}

extension NeuronReading {
  /// Readings of all units.
  ///
  /// - Parameters:
  ///   - activations: `[p·p, units]` over pairs, a slowest.
  ///   - readout: `[units, p]`, how a unit moves the answers; nil where that is not one matrix.
  /// - Source: Nanda et al. 2023, section 4.2 and appendix C.
  static func all(_ activations: Matrix, _ basis: FourierBasis, readout: Matrix?) -> [NeuronReading] {
    let p = basis.modulus
    let coefficients = basis.transformPairs(activations)
    let outward = readout.map { basis.transform($0.transposed) }
    let squares = (0..<activations.rows).reduce(into: [Double](repeating: 0, count: activations.columns)) { sums, row in
      for (unit, x) in activations.row(row).enumerated() { sums[unit] += x * x }
    }
    return (0..<activations.columns).map { unit in
      func c(_ a: Int, _ b: Int) -> Double { coefficients[a * p + b, unit] }
      func square(_ a: Int, _ b: Int) -> Double { c(a, b) * c(a, b) }
      let total = squares[unit] - square(0, 0)
      let power = basis.frequencies.map { frequency -> Double in
        let rows = basis.rows(of: frequency)
        return rows.reduce(0) { sum, i in sum + square(i, 0) + square(0, i) + rows.reduce(0) { $0 + square(i, $1) } }
      }
      guard total > 1e-12 * max(squares[unit], 1e-30), let best = power.indices.max(by: { power[$0] < power[$1] })
      else {
        return NeuronReading(unit: unit, frequency: 0, share: 0, variance: 0, phases: Phases())
      }
      let rows = basis.rows(of: best + 1)
      let (x, y) = (rows.lowerBound, rows.upperBound - 1)
      let hasSine = rows.count > 1
      func phase(_ cosine: Double, _ sine: @autoclosure () -> Double) -> Double {
        angle(hasSine ? -sine() : 0, cosine) / (2 * .pi)
      }
      return NeuronReading(
        unit: unit, frequency: best + 1, share: power[best] / total, variance: total / Double(p * p),
        phases: Phases(
          a: phase(c(x, 0), c(y, 0)), b: phase(c(0, x), c(0, y)),
          sum: phase(hasSine ? c(x, x) - c(y, y) : c(x, x), c(y, x) + c(x, y)),
          answer: outward.map { phase($0[x, unit], $0[y, unit]) }))
    }
  }
}
