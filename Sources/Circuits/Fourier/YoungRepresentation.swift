/// An irreducible representation of a symmetric group by real orthogonal matrices: Young's orthogonal form.
///
///     YoungRepresentation([4, 1]).dimension                       // 4
///     YoungRepresentation([4, 1]).matrix(of: [1, 0, 2, 3, 4])     // of the exchange of the first two points
///
/// Basis vectors are the standard tableaux of the partition λ. With c(i) the content (column − row) of the entry i of a
/// tableau T and r = c(i + 1) − c(i), the exchange s of i and i + 1 sends e_T to (1/r) e_T + √(1 − 1/r²) e_{sT}; where sT is
/// not standard, r = ±1 and the second part is 0. Entries of these are square roots of rationals; all other matrices are
/// products of them, in float64.
///
/// - Source: Young 1931, "On quantitative substitutional analysis VI"; James & Kerber 1981, "The Representation Theory of the
///   Symmetric Group", section 3.4.
public struct YoungRepresentation: Hashable, Sendable {
  /// A weakly decreasing list of positive numbers.
  public let partition: [Int]
  /// Of the exchanges of neighbours (i, i + 1), i from 0.
  private let generators: [Matrix]
  /// d, the size of the matrices: the number of standard tableaux of the partition.
  public let dimension: Int

  /// - Precondition: the parts are positive and weakly decreasing.
  public init(_ partition: [Int]) {
    precondition(
      !partition.isEmpty && partition.allSatisfy { $0 > 0 } && zip(partition, partition.dropFirst()).allSatisfy(>=),
      "\(partition) is not a partition")
    self.partition = partition
    let tableaux = Self.standardTableaux(partition)
    dimension = tableaux.count
    let numbers = Dictionary(uniqueKeysWithValues: tableaux.enumerated().map { ($1, $0) })
    generators = (0..<max(partition.reduce(0, +) - 1, 0)).map { i in
      var matrix = Matrix(rows: tableaux.count, columns: tableaux.count)
      for (place, tableau) in tableaux.enumerated() {
        let r = Double(tableau.content(of: i + 1) - tableau.content(of: i))
        matrix[place, place] = 1 / r
        // Neighbours in a row or column: the exchanged tableau is not standard.
        guard abs(r) > 1, let other = numbers[tableau.exchanging(i)] else { continue }
        matrix[other, place] = (1 - 1 / (r * r)).squareRoot()
      }
      return matrix
    }
  }

  /// Points that are permuted.
  public var degree: Int { partition.reduce(0, +) }

  /// The partition as people write it: `(4,1)`.
  public var name: String { "(\(partition.map(String.init).joined(separator: ",")))" }

  /// The matrix of the permutation that sends i to `images[i]`; products go with (f g)(x) = f(g(x)).
  public func matrix(of images: [Int]) -> Matrix {
    precondition(images.sorted() == Array(0..<degree), "\(images) is not a permutation of \(degree) points")
    // Sorting the images by exchanges of neighbours writes the permutation as a product: f s_{i1} … s_{ik} = 1.
    var (rest, product) = (images, Matrix.identity(dimension))
    while let i = (0..<max(degree - 1, 0)).first(where: { rest[$0] > rest[$0 + 1] }) {
      rest.swapAt(i, i + 1)
      product = generators[i].times(product)
    }
    return product
  }

  /// The trace of that matrix.
  public func character(of images: [Int]) -> Double {
    let matrix = matrix(of: images)
    return (0..<dimension).reduce(0) { $0 + matrix[$1, $1] }
  }

  /// All partitions of a number, the largest parts first: of 5 from (5) to (1,1,1,1,1).
  public static func partitions(of n: Int) -> [[Int]] {
    func parts(_ left: Int, atMost limit: Int) -> [[Int]] {
      if left == 0 { return [[]] }
      return stride(from: min(left, limit), through: 1, by: -1).flatMap { first in
        parts(left - first, atMost: first).map { [first] + $0 }
      }
    }
    return parts(n, atMost: n)
  }

  /// Where each entry stands: its row, entry by entry. A row's entries increase, so this is the whole tableau.
  private struct Tableau: Hashable {
    var rows: [Int]

    /// Column − row of an entry.
    func content(of entry: Int) -> Int { rows[..<entry].reduce(0) { $0 + ($1 == rows[entry] ? 1 : 0) } - rows[entry] }

    func exchanging(_ i: Int) -> Tableau {
      var other = self
      other.rows.swapAt(i, i + 1)
      return other
    }
  }

  /// Standard tableaux: every beginning of the list of rows is a partition.
  private static func standardTableaux(_ partition: [Int]) -> [Tableau] {
    var found: [Tableau] = []
    func grow(_ rows: [Int], _ lengths: [Int]) {
      if rows.count == partition.reduce(0, +) {
        found.append(Tableau(rows: rows))
        return
      }
      for row in partition.indices where lengths[row] < partition[row] && (row == 0 || lengths[row - 1] > lengths[row])
      {
        var next = lengths
        next[row] += 1
        grow(rows + [row], next)
      }
    }
    grow([], partition.map { _ in 0 })
    return found
  }
}

extension Matrix {
  static func identity(_ size: Int) -> Matrix {
    var result = Matrix(rows: size, columns: size)
    for i in 0..<size { result[i, i] = 1 }
    return result
  }
}

extension AnswerBasis {
  /// The matrix entries √(d/n!) ρ_ij of all irreducible representations, over these permutations in this order.
  ///
  /// The trivial representation is the constant row 0. Orthonormal by Schur's relations; d² rows a block.
  ///
  /// - Precondition: every permutation of one degree is there once.
  public init(permutations: [[Int]]) {
    let degree = permutations.first?.count ?? 0
    let order = (1...max(degree, 1)).reduce(1, *)
    precondition(
      permutations.count == order && Set(permutations).count == order, "all permutations of \(degree) points")
    var (rows, blocks) = ([[Double]](), [Block]())
    for partition in YoungRepresentation.partitions(of: degree) {
      let representation = YoungRepresentation(partition)
      let (d, first) = (representation.dimension, rows.count)
      let scale = (Double(d) / Double(order)).squareRoot()
      let matrices = permutations.map { representation.matrix(of: $0).elements }
      rows += (0..<d * d).map { entry in matrices.map { scale * $0[entry] } }
      if partition.count > 1 { blocks.append(Block(name: representation.name, rows: first..<rows.count)) }
    }
    self.init(vectors: Matrix(rows), blocks: blocks)
  }
}
