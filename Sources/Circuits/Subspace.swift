public import Randomness

/// An orthonormal basis of a subspace of an activation: what an interchange replaces.
public struct Subspace: Hashable, Sendable {
  /// `[k, d]`: k orthonormal rows.
  public let basis: Matrix

  /// Dimensions of the subspace, k.
  public var dimensions: Int { basis.rows }
  /// Dimensions of the activation, d.
  public var width: Int { basis.columns }

  /// The numbers of the activation's coordinates that it is not orthogonal to.
  var coordinates: Set<Int> {
    Set((0..<width).filter { column in (0..<dimensions).contains { basis[$0, column] != 0 } })
  }

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
  /// Up to 32 dimensions all eigenvectors of the covariance C are taken, exact to rounding. Above that, orthogonal iteration
  /// with 8 vectors to spare and the Rayleigh–Ritz step: C is diagonalised within the span that the rounds leave. It ends
  /// after 10, 20, 40, 80 rounds when each of the k directions v with variance θ has ‖Cv - θv‖ ≤ 10^-6 of the greatest
  /// variance, and after 160 in any case; the error of the k-th direction falls as the ratio of the (k+9)-th variance to the
  /// k-th, to the power of the rounds. With all residuals r the span is off by an angle of at most ‖r‖/(λ_k - λ_{k+1})
  /// (Davis & Kahan 1970): where two variances about k are nearly equal, either of their directions may be the k-th.
  ///
  /// Rows that vary in fewer than k dimensions have fewer components: the others are any directions orthogonal to these.
  ///
  /// - Parameter rows: `[n, d]`, centred here.
  /// - Source: Golub & Van Loan, "Matrix computations", section 8.2.4 (orthogonal iteration) and 8.7 (Rayleigh–Ritz).
  public static func principal(_ k: Int, of rows: Matrix, using generator: inout SeededGenerator) -> Subspace {
    precondition(1 <= k && k <= rows.columns, "\(k) of \(rows.columns) dimensions")
    let centred = rows.centred
    let covariance = centred.times(centred, transposed: true)
    guard rows.columns > exactWidth else {
      return Subspace(orthonormal: Eigenvectors(ofSymmetric: covariance).vectors.selecting(rows: 0..<k))
    }
    let start = random(min(k + 8, rows.columns), of: rows.columns, using: &generator).basis
    var basis = start
    var rounds = 0
    while true {
      basis = orthonormalized(basis.times(covariance), tolerance: 1e-12)
      rounds += 1
      guard ritzRounds.contains(rounds) else { continue }
      let (rotated, residual) = ritz(basis, covariance, k)
      basis = rotated
      if residual <= 1e-6 || rounds == ritzRounds.last { break }
    }
    if basis.rows < k {
      let filled = Matrix(
        rows: basis.rows + start.rows, columns: basis.columns, elements: basis.elements + start.elements)
      basis = orthonormalized(filled, tolerance: 1e-12)
    }
    return Subspace(orthonormal: basis.selecting(rows: 0..<k))
  }

  /// The greatest width at which all eigenvectors are taken.
  private static let exactWidth = 32
  /// Rounds after which the components are looked at.
  private static let ritzRounds = [10, 20, 40, 80, 160]

  /// The directions of a span along which the covariance is diagonal within it, the greatest variance first, and the greatest
  /// residual ‖Cv - θv‖ of the first k, in units of the greatest variance.
  private static func ritz(_ basis: Matrix, _ covariance: Matrix, _ k: Int) -> (basis: Matrix, residual: Double) {
    let image = basis.times(covariance)
    let within = image.times(basis, otherTransposed: true)
    let found = Eigenvectors(ofSymmetric: 0.5 * (within + within.transposed))
    guard let greatest = found.values.first, greatest > 0 else { return (basis, 0) }
    let (directions, images) = (found.vectors.times(basis), found.vectors.times(image))
    let residuals = (0..<min(k, directions.rows)).map { number -> Double in
      norm(zip(images.row(number), directions.row(number)).map { $0 - found.values[number] * $1 })
    }
    return (directions, residuals.max()! / greatest)
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
