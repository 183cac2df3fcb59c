internal import CTensorKernels

/// C = alpha · op(A) · op(B) + beta · C in float32, row-major, where op transposes on request: m, n, k, alpha, A, distance
/// between its rows, whether transposed, the same of B, beta, C, distance between its rows. With `beta` 0, C is not read.
public typealias MatrixProduct =
  @Sendable (
    Int, Int, Int, Float, UnsafePointer<Float>, Int, Bool, UnsafePointer<Float>, Int, Bool, Float,
    UnsafeMutablePointer<Float>, Int
  ) -> Void

/// Moves the singular values of a matrix towards one, keeping its singular vectors: five times
///
///     X ← a X + (b A + c A²) X,   A = X Xᵀ,   (a, b, c) = (3.4445, -4.7750, 2.0315)
///
/// They end between about 0.7 and 1.2. A tall matrix is multiplied from the right with A = Xᵀ X, which is the iteration on
/// its transpose, without moving it.
///
/// - Source: Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks"; in float32 throughout.
struct NewtonSchulz {
  private static let (a, b, c): (Float, Float, Float) = (3.4445, -4.7750, 2.0315)
  private static let iterations = 5

  private let product: MatrixProduct
  private var gram: [Float]
  private var polynomial: [Float]
  private var next: [Float]

  /// Bytes of its scratch.
  var bytes: Int { (gram.count + polynomial.count + next.count) * MemoryLayout<Float>.stride }

  /// - Parameter shapes: Of the matrices it will see; scratch is allocated once, for the largest.
  init(shapes: [(rows: Int, columns: Int)], product: @escaping MatrixProduct) {
    self.product = product
    let side = shapes.map { min($0.rows, $0.columns) }.max() ?? 0
    gram = [Float](repeating: 0, count: side * side)
    polynomial = gram
    next = [Float](repeating: 0, count: shapes.map { $0.rows * $0.columns }.max() ?? 0)
  }

  /// Replaces a matrix `[rows, columns]`, whose sum of squares is given; one of zeros stays.
  mutating func orthogonalize(
    _ x: UnsafeMutablePointer<Float>, rows: Int, columns: Int, sumOfSquares: Double
  ) {
    let count = rows * columns
    levin_scale(count, Float(1 / max(sumOfSquares.squareRoot(), 1e-7)), x)
    let side = min(rows, columns)
    let (product, isTall) = (product, rows > columns)
    gram.withUnsafeMutableBufferPointer { gram in
      polynomial.withUnsafeMutableBufferPointer { polynomial in
        next.withUnsafeMutableBufferPointer { next in
          guard let gram = gram.baseAddress, let p = polynomial.baseAddress, let next = next.baseAddress else { return }
          for _ in 0..<Self.iterations {
            // A, [side, side]
            product(side, side, max(rows, columns), 1, x, columns, isTall, x, columns, !isTall, 0, gram, side)
            // b A + c A²
            p.update(from: gram, count: side * side)
            product(side, side, side, Self.c, gram, side, false, gram, side, false, Self.b, p, side)
            // a X + P X, or a X + X P; [rows, columns]
            next.update(from: x, count: count)
            if isTall {
              product(rows, columns, side, 1, x, columns, false, p, side, false, Self.a, next, columns)
            } else {
              product(rows, columns, side, 1, p, side, false, x, columns, false, Self.a, next, columns)
            }
            x.update(from: next, count: count)
          }
        }
      }
    }
  }
}
