/// The orthonormal real Fourier basis of functions on Z/p.
///
/// Row 0 is constant; rows 2k − 1 and 2k are the cosine and the sine of 2πkx/p for the frequencies k = 1 … ⌊p/2⌋. For even
/// p the frequency p/2 has a cosine alone. Frequencies k and p − k are one.
public struct FourierBasis: Hashable, Sendable {
  /// p, at least 2.
  public let modulus: Int
  /// `[p, p]`: one basis function a row.
  public let vectors: Matrix

  /// - Precondition: p is at least 2.
  public init(modulus: Int) {
    precondition(modulus >= 2, "the modulus must be at least 2, not \(modulus)")
    self.modulus = modulus
    let p = Double(modulus)
    var vectors = Matrix(rows: modulus, columns: modulus)
    for x in 0..<modulus {
      vectors[0, x] = (1 / p).squareRoot()
      for k in 1...modulus / 2 {
        let turn = 2 * .pi * Double(k * x % modulus) / p
        let isAlone = 2 * k == modulus
        vectors[2 * k - 1, x] = ((isAlone ? 1 : 2) / p).squareRoot() * cosine(turn)
        if !isAlone { vectors[2 * k, x] = (2 / p).squareRoot() * sine(turn) }
      }
    }
    self.vectors = vectors
  }

  /// 1 … ⌊p/2⌋
  public var frequencies: ClosedRange<Int> { 1...modulus / 2 }

  /// The rows of a frequency: its cosine and, but for p/2, its sine.
  public func rows(of frequency: Int) -> Range<Int> {
    2 * frequency - 1..<min(2 * frequency + 1, modulus)
  }

  /// Coefficients of each column of a table over residues, `[p, n]`; the transform keeps sums of squares.
  public func transform(_ table: Matrix) -> Matrix {
    precondition(table.rows == modulus, "\(table.rows) rows for modulus \(modulus)")
    return vectors.times(table)
  }

  /// Coefficients in both arguments of a table over pairs (a, b), a slowest: `[p·p, n]` to `[p·p, n]`, the row α·p + β for
  /// the product of basis function α in a and β in b.
  public func transformPairs(_ table: Matrix) -> Matrix {
    let p = modulus
    precondition(table.rows == p * p, "\(table.rows) rows for pairs modulo \(p)")
    return vectors.timesBothArguments(table)
  }
}

extension Matrix {
  /// This square matrix applied to both arguments of a table over pairs (a, b), a slowest: `[n·n, m]` to `[n·n, m]`.
  func timesBothArguments(_ table: Matrix) -> Matrix {
    let (n, m) = (rows, table.columns)
    precondition(table.rows == n * n, "\(table.rows) rows for pairs of \(n) elements")
    var first = times(Matrix(rows: n, columns: n * m, elements: table.elements))
    for a in 0..<n {
      let block = Matrix(rows: n, columns: m, elements: Array(first.elements[a * n * m..<(a + 1) * n * m]))
      first.elements.replaceSubrange(a * n * m..<(a + 1) * n * m, with: times(block).elements)
    }
    return Matrix(rows: n * n, columns: m, elements: first.elements)
  }
}
