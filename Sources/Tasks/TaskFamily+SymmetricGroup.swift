import Grammars

extension TaskFamily {
  /// The three operations on the symmetric group S5 of Power et al. 2022, each on all 14,400 pairs.
  ///
  /// Elements stand in lexicographic order of their images. The product is composition of functions,
  /// `(a∘b)(x) = a(b(x))`, as in Levin's operator `compose`. The released code of the paper applies the left factor
  /// first; `a∘b∘a` is the same table either way.
  static let symmetricGroup: [TaskFamily] = [
    symmetric("s5-compose", "a∘b") { a, b in composed(a, b) },
    symmetric("s5-conjugate", "a∘b∘a⁻¹") { a, b in composed(composed(a, b), inverse(a)) },
    symmetric("s5-sandwich", "a∘b∘a") { a, b in composed(composed(a, b), a) },
  ]

  private static func symmetric(
    _ name: String, _ formula: String, _ operation: @escaping @Sendable ([Int], [Int]) -> [Int]
  ) -> TaskFamily {
    TaskFamily(
      name: name, formula: "\(formula) in S5", summary: "all 14,400 ordered pairs of permutations; (a∘b)(x) = a(b(x))",
      source: "Power et al. 2022", size: .fixed, parameterNames: ["a", "b"], count: { _ in 14_400 },
      rows: { _ in
        let elements = permutations(of: Array(0..<5))
        let values = elements.map(value)
        var examples: [Example] = []
        examples.reserveCapacity(elements.count * elements.count)
        for (a, first) in zip(elements, values) {
          for (b, second) in zip(elements, values) {
            examples.append(Example(inputs: [first, second], output: value(operation(a, b))))
          }
        }
        let sort = Sort.permutation(degree: 5)
        return Rows(parameterSort: sort, outputSort: sort, examples: examples)
      })
  }

  private static func composed(_ f: [Int], _ g: [Int]) -> [Int] { g.map { f[$0] } }

  private static func inverse(_ f: [Int]) -> [Int] {
    var images = f
    for (point, image) in f.enumerated() { images[image] = point }
    return images
  }

  /// All orders of ascending, distinct `points`, lexicographically.
  private static func permutations(of points: [Int]) -> [[Int]] {
    guard points.count > 1 else { return [points] }
    return points.flatMap { first in permutations(of: points.filter { $0 != first }).map { [first] + $0 } }
  }

  private static func value(_ images: [Int]) -> Value {
    let word = images.reversed().reduce(Int64(0)) { word, image in word << 4 | Int64(image) }
    return Value(sort: .permutation(degree: images.count), word: word)
  }
}
