public import Randomness

/// An orthonormal basis of a subspace of an activation: what an interchange replaces.
public struct Subspace: Hashable, Sendable {
  /// `[k, d]`: k orthonormal rows.
  public let basis: Matrix

  /// Dimensions of the subspace, k.
  public var dimensions: Int { basis.rows }
  /// Dimensions of the activation, d.
  public var width: Int { basis.columns }

  init(orthonormal basis: Matrix) { self.basis = basis }

  /// The span of directions, `[k, d]`, which must be independent.
  ///
  /// - Throws: `CircuitError.rankDeficient` when a direction is, but for a 10^-6 of its length, a combination of others.
  public init(spannedBy directions: Matrix, at site: String) throws(CircuitError) {
    let basis = Self.orthonormalized(directions, tolerance: 1e-6)
    guard basis.rows == directions.rows else {
      throw .rankDeficient(site, rank: basis.rows, directions: directions.rows)
    }
    self.basis = basis
  }

  /// The coordinates with these numbers.
  public init(units: [Int], of width: Int) {
    precondition(Set(units).count == units.count && units.allSatisfy { (0..<width).contains($0) }, "units of \(width)")
    var basis = Matrix(rows: units.count, columns: width)
    for (row, unit) in units.enumerated() { basis[row, unit] = 1 }
    self.basis = basis
  }

  /// A subspace of k dimensions of which every orientation is equally likely.
  public static func random(_ k: Int, of width: Int, using generator: inout SeededGenerator) -> Subspace {
    precondition(1 <= k && k <= width, "\(k) of \(width) dimensions")
    let numbers = (0..<k * width).map { _ in generator.normal() }
    return Subspace(
      orthonormal: orthonormalized(Matrix(rows: k, columns: width, elements: numbers), tolerance: 1e-12))
  }

  /// Gram–Schmidt on rows, each projected twice; rows that the earlier ones span are left out.
  static func orthonormalized(_ directions: Matrix, tolerance: Double) -> Matrix {
    var kept: [[Double]] = []
    for number in 0..<directions.rows {
      var row = Array(directions.row(number))
      let length = norm(row)
      guard length > 0, length.isFinite else { continue }
      for _ in 0..<2 {
        for other in kept {
          let product = dot(row, other)
          for i in row.indices { row[i] -= product * other[i] }
        }
      }
      let rest = norm(row)
      guard rest > tolerance * length else { continue }
      kept.append(row.map { $0 / rest })
    }
    return Matrix(rows: kept.count, columns: directions.columns, elements: kept.flatMap { $0 })
  }

  private static func norm(_ x: [Double]) -> Double { dot(x, x).squareRoot() }
}

func dot(_ x: [Double], _ y: [Double]) -> Double {
  x.withUnsafeBufferPointer { x in
    y.withUnsafeBufferPointer { y in
      var sum = 0.0
      for i in 0..<x.count { sum += x[i] * y[i] }
      return sum
    }
  }
}

extension Subspace {
  /// The subspace of k dimensions in which rows vary most: the first principal components.
  ///
  /// Orthogonal iteration, 40 rounds with 8 vectors to spare; the k-th component is exact to the ratio of the (k+9)-th
  /// variance to the k-th, to the 40th power. Rows that vary in fewer than k dimensions have fewer components: the others are
  /// random directions orthogonal to these.
  ///
  /// - Parameter rows: `[n, d]`, centred here.
  public static func principal(_ k: Int, of rows: Matrix, using generator: inout SeededGenerator) -> Subspace {
    let centred = rows.centred
    let covariance = centred.times(centred, transposed: true)
    let start = random(min(k + 8, rows.columns), of: rows.columns, using: &generator).basis
    var basis = start
    for _ in 0..<40 { basis = orthonormalized(basis.times(covariance), tolerance: 1e-12) }
    if basis.rows < k {
      let filled = Matrix(
        rows: basis.rows + start.rows, columns: basis.columns, elements: basis.elements + start.elements)
      basis = orthonormalized(filled, tolerance: 1e-12)
    }
    // Rows come in order of variance once the iteration has settled.
    return Subspace(orthonormal: basis.selecting(rows: 0..<min(k, basis.rows)))
  }
}

extension SeededGenerator {
  /// A standard normal number (Box & Muller 1958).
  mutating func normal() -> Double {
    let u = (Double(next() >> 11) + 1) * 0x1p-53
    let v = Double(next() >> 11) * 0x1p-53
    return (-2 * logarithm(u)).squareRoot() * cosine(2 * .pi * v)
  }
}
