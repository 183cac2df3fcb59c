import Circuits
import Randomness
import Testing

/// Irreducible representations of symmetric groups by Young's orthogonal form, and the transform over them.
@Suite struct RepresentationTests {
  static func permutations(_ points: [Int]) -> [[Int]] {
    guard points.count > 1 else { return [points] }
    return points.flatMap { first in permutations(points.filter { $0 != first }).map { [first] + $0 } }
  }

  static let s5 = permutations(Array(0..<5))
  static let places = Dictionary(uniqueKeysWithValues: s5.enumerated().map { ($1, $0) })

  private static func composed(_ f: [Int], _ g: [Int]) -> [Int] { g.map { f[$0] } }

  @Test func dimensionsOfS5() {
    let partitions = YoungRepresentation.partitions(of: 5)
    #expect(partitions == [[5], [4, 1], [3, 2], [3, 1, 1], [2, 2, 1], [2, 1, 1, 1], [1, 1, 1, 1, 1]])
    let dimensions = partitions.map { YoungRepresentation($0).dimension }
    #expect(dimensions == [1, 4, 5, 6, 5, 4, 1] && dimensions.reduce(0) { $0 + $1 * $1 } == 120)
    for n in 1...6 {
      let squares = YoungRepresentation.partitions(of: n).map { YoungRepresentation($0).dimension }.reduce(0) {
        $0 + $1 * $1
      }
      #expect(squares == (1...n).reduce(1, *))
    }
  }

  /// Entries of generators: 1/r for a whole number r, and ±√(1 − 1/r²), so that rows have length 1.
  @Test func generatorsHaveRootsOfRationals() {
    for partition in YoungRepresentation.partitions(of: 5) {
      let representation = YoungRepresentation(partition)
      for i in 0..<4 {
        var images = Array(0..<5)
        images.swapAt(i, i + 1)
        let matrix = representation.matrix(of: images)
        for row in 0..<representation.dimension {
          let r = (1 / matrix[row, row]).rounded()
          #expect(matrix[row, row] == 1 / r && (1...4).contains(abs(r)))
          for column in 0..<representation.dimension where column != row && matrix[row, column] != 0 {
            #expect(matrix[row, column] == (1 - 1 / (r * r)).squareRoot())
          }
        }
      }
    }
  }

  @Test func matricesMultiplyAsPermutationsAndAreOrthogonal() {
    for partition in YoungRepresentation.partitions(of: 5) {
      let representation = YoungRepresentation(partition)
      let matrices = Self.s5.map { representation.matrix(of: $0) }
      var greatest = 0.0
      for (f, a) in zip(Self.s5, matrices) {
        for (g, b) in zip(Self.s5, matrices) {
          let expected = matrices[Self.places[Self.composed(f, g)]!]
          greatest = max(greatest, zip(a.times(b).elements, expected.elements).map { abs($0 - $1) }.max()!)
        }
        let square = a.times(a, otherTransposed: true)
        for i in 0..<square.rows {
          for j in 0..<square.rows { greatest = max(greatest, abs(square[i, j] - (i == j ? 1 : 0))) }
        }
      }
      #expect(greatest < 1e-12, "\(partition): \(greatest)")
    }
  }

  /// The character table of S5, columns 1, (12), (12)(34), (123), (123)(45), (1234), (12345).
  ///
  /// Source: Fulton & Harris 1991, "Representation Theory", section 3.1.
  @Test func charactersAreThePublishedOnes() {
    let classes = [
      [0, 1, 2, 3, 4], [1, 0, 2, 3, 4], [1, 0, 3, 2, 4], [1, 2, 0, 3, 4], [1, 2, 0, 4, 3], [1, 2, 3, 0, 4],
      [1, 2, 3, 4, 0],
    ]
    let table: [([Int], [Double])] = [
      ([5], [1, 1, 1, 1, 1, 1, 1]), ([1, 1, 1, 1, 1], [1, -1, 1, 1, -1, -1, 1]), ([4, 1], [4, 2, 0, 1, -1, 0, -1]),
      ([2, 1, 1, 1], [4, -2, 0, 1, 1, 0, -1]), ([3, 2], [5, 1, 1, -1, 1, -1, 0]),
      ([2, 2, 1], [5, -1, 1, -1, -1, 1, 0]),
      ([3, 1, 1], [6, 0, -2, 0, 0, 0, 1]),
    ]
    for (partition, characters) in table {
      let representation = YoungRepresentation(partition)
      for (images, character) in zip(classes, characters) {
        #expect(abs(representation.character(of: images) - character) < 1e-12, "\(partition) at \(images)")
      }
    }
  }

  private static let basis = AnswerBasis(permutations: s5)

  @Test func transformKeepsSumsOfSquaresAndIsUndoneByItsTranspose() {
    let product = Self.basis.vectors.times(Self.basis.vectors, otherTransposed: true)
    for i in 0..<120 { for j in 0..<120 { #expect(abs(product[i, j] - (i == j ? 1 : 0)) < 1e-12) } }
    var generator = SeededGenerator(seed: 5, name: "s5")
    let table = Matrix(rows: 120, columns: 3, elements: (0..<360).map { _ in Double(generator.below(2001)) / 1000 - 1 })
    let coefficients = Self.basis.vectors.times(table)
    #expect(abs(coefficients.squaredNorm - table.squaredNorm) < 1e-10)
    let back = Self.basis.vectors.times(coefficients, transposed: true)
    #expect(zip(back.elements, table.elements).allSatisfy { abs($0 - $1) < 1e-12 })
    let spectrum = Self.basis.spectrum(table)
    #expect(spectrum.power.count == 6 && Self.basis.blocks.map(\.name).first == "(4,1)")
    #expect(Self.basis.blocks.map(\.rows.count) == [16, 25, 36, 25, 16, 1])
    let constant = (0..<3).reduce(0.0) { sum, column in
      let mean = (0..<120).reduce(0.0) { $0 + table[$1, column] }
      return sum + mean * mean / 120
    }
    #expect(abs(spectrum.total + constant - table.squaredNorm) < 1e-10)
  }

  /// Logits χ_ρ(a b c⁻¹) by formula have 100 % of their variance at ρ, for each ρ.
  @Test(arguments: [[4, 1], [3, 2], [3, 1, 1], [2, 2, 1], [2, 1, 1, 1], [1, 1, 1, 1, 1]])
  func characterOfTheQuotientIsOneRepresentation(_ partition: [Int]) {
    let representation = YoungRepresentation(partition)
    var inverse = Self.s5
    for (place, f) in Self.s5.enumerated() { for (x, y) in f.enumerated() { inverse[place][y] = x } }
    let characters = Self.s5.map { representation.character(of: $0) }
    // Some pairs: logits depend on their product alone.
    let pairs = (0..<400).map { ($0 * 7 % 120, $0 * 11 % 120) }
    let answers = pairs.map { Int32(Self.places[Self.composed(Self.s5[$0], Self.s5[$1])]!) }
    let logits = Matrix(
      answers.map { answer in
        inverse.map { characters[Self.places[Self.composed(Self.s5[Int(answer)], $0)]!] }
      })
    let shares = Self.basis.shares(of: logits, answers: answers.map(Optional.some))
    for (place, block) in Self.basis.blocks.enumerated() {
      #expect(abs(shares.share(place + 1) - (block.name == representation.name ? 1 : 0)) < 1e-12, "\(block.name)")
    }
    #expect(shares.keyFrequencies(holding: 0.95).map { Self.basis.blocks[$0 - 1].name } == [representation.name])
  }
}
