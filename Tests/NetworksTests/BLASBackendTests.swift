import Networks
import Testing

@Suite struct MatrixProducts {
  @Test func sayTheirLibraryAndKernels() {
    let description = BLASBackend.description
    #if canImport(Accelerate)
      #expect(description == "Accelerate")
    #else
      #expect(description.hasPrefix("OpenBLAS ") && description.contains("1 thread"), "\(description)")
    #endif
  }

  /// Against the definition, for every transposition, with strides wider than the rows.
  @Test(arguments: [(1, 1, 1), (3, 5, 7), (17, 4, 9), (33, 31, 2)]) func areSumsOfProducts(_ sizes: (Int, Int, Int)) {
    let (m, n, k) = sizes
    let numbers = { (count: Int) in (0..<count).map { Double($0 * 7 % 11) - 5 } }
    for (aTransposed, bTransposed) in [(false, false), (false, true), (true, false), (true, true)] {
      let (aStride, bStride) = ((aTransposed ? m : k) + 1, (bTransposed ? k : n) + 2)
      let (a, b) = (numbers((aTransposed ? k : m) * aStride), numbers((bTransposed ? n : k) * bStride))
      for beta in [0.0, 1.0] {
        var c = [Double](repeating: beta == 0 ? .nan : 2, count: m * n)
        Double.product(
          m, n, k, alpha: 0.5, a, aStride, transposed: aTransposed, b, bStride, transposed: bTransposed, beta: beta, &c,
          n)
        for row in 0..<m {
          for column in 0..<n {
            var sum = beta * 2
            for i in 0..<k {
              let x = aTransposed ? a[i * aStride + row] : a[row * aStride + i]
              let y = bTransposed ? b[column * bStride + i] : b[i * bStride + column]
              sum += 0.5 * x * y
            }
            #expect(abs(c[row * n + column] - sum) < 1e-12)
          }
        }
      }
    }
  }
}
