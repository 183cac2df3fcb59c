/// The logits over all pairs (a, b) and answers c, in terms of cos 2πk(a + b − c)/p.
///
/// A softmax does not see what is added to all logits of an input: logits are centred over c first. Shares are of the sum
/// of squares of these.
public struct LogitReading: Hashable, Sendable {
  /// Shares of cos(2πk(a + b − c)/p), one number for each frequency.
  public let direct: Spectrum
  /// Shares of everything that depends on a and b through cos and sin of 2πk(a + b)/p alone.
  public let ofSum: Spectrum
  /// The factor of each cos(2πk(a + b − c)/p) in the logits, from frequency 1.
  public let factors: [Double]
  /// The share that the right answer alone explains: one logit higher than all others, which are equal.
  public let explainedByAnswer: Double
  /// The mean logit at each distance a + b − c = 0 … p − 1.
  public let byDistance: [Double]

  /// - Parameter logits: `[p·p, p]` over pairs, a slowest; further answers must have been left out.
  public init(_ logits: Matrix, _ basis: FourierBasis) {
    let p = basis.modulus
    precondition(logits.rows == p * p && logits.columns == p, "logits of all pairs modulo \(p)")
    var centred = logits
    for row in 0..<centred.rows {
      let mean = centred.row(row).reduce(0, +) / Double(p)
      for c in 0..<p { centred[row, c] -= mean }
    }
    let total = centred.squaredNorm
    // [α·p + β, γ]: coefficients in a, b and c.
    let t = basis.transformPairs(centred).times(basis.vectors, otherTransposed: true)
    var (direct, ofSum, factors) = ([Double](), [Double](), [Double]())
    for k in basis.frequencies {
      let rows = basis.rows(of: k)
      let (x, y) = (rows.lowerBound, rows.upperBound - 1)
      if rows.count == 1 {
        direct.append(t[x * p + x, x] * t[x * p + x, x])
        ofSum.append((0..<p).reduce(0) { $0 + t[x * p + x, $1] * t[x * p + x, $1] })
        factors.append(t[x * p + x, x] / (Double(p) * Double(p).squareRoot()))
        continue
      }
      // cos(a + b − c) = cc·c − ss·c + sc·s + cs·s; the product basis functions are orthonormal.
      let along = (t[x * p + x, x] - t[y * p + y, x] + t[y * p + x, y] + t[x * p + y, y]) / 2
      direct.append(along * along)
      factors.append(along * 2 / (2 * Double(p) * Double(p)).squareRoot() / Double(p).squareRoot())
      ofSum.append(
        (0..<p).reduce(0) { sum, c in
          let cosines = (t[x * p + x, c] - t[y * p + y, c]) / 2.0.squareRoot()
          let sines = (t[y * p + x, c] + t[x * p + y, c]) / 2.0.squareRoot()
          return sum + cosines * cosines + sines * sines
        })
    }
    self.direct = Spectrum(power: direct, total: total)
    self.ofSum = Spectrum(power: ofSum, total: total)
    self.factors = factors
    byDistance = Self.byDistance(centred, p)
    // A unit vector for each pair: 1 − 1/p at the answer and −1/p elsewhere has the square 1 − 1/p.
    let right = byDistance[0] * Double(p * p)
    explainedByAnswer = total > 0 ? right * right / (Double(p * p) * (1 - 1 / Double(p)) * total) : 0
  }

  private static func byDistance(_ logits: Matrix, _ p: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: p)
    for a in 0..<p {
      for b in 0..<p { for c in 0..<p { sums[(a + b + p - c) % p] += logits[a * p + b, c] } }
    }
    return sums.map { $0 / Double(p * p) }
  }

  /// Σ over these frequencies of their factor times cos(2πk·distance/p), for the distances 0 … p − 1.
  public func fit(_ frequencies: [Int]) -> [Double] {
    let p = byDistance.count
    return (0..<p).map { distance in
      frequencies.reduce(0) { $0 + factors[$1 - 1] * cosine(2 * .pi * Double($1 * distance % p) / Double(p)) }
    }
  }
}
