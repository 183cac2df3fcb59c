import Networks
import Randomness
import Testing

@testable import Circuits

/// Progress measures and those of clocks and pizzas where their values are known.
@Suite struct MeasuresTests {
  /// a + b for all pairs modulo 13.
  private static let sums: [Int32?] = (0..<169).map { Int32(($0 / 13 + $0 % 13) % 13) }

  /// All of the logits by formula lie in the part that key frequencies hold: nothing is lost, or all.
  @Test func formulaIsRestrictedToItsFrequencies() throws {
    let measures = try ProgressMeasures(
      FourierTests.addition(13), answers: Self.sums, keyFrequencies: Array(1...6), training: Array(0..<50),
      hidden: Site("mlp.hook_post"))
    #expect(abs(measures.restrictedLoss - measures.fullLoss) < 1e-4)
    #expect(abs(measures.excludedLoss - logarithm(13)) < 1e-4)
    #expect(abs(measures.trainLoss - measures.testLoss!) < 1e-4)
    // Every frequency has the same norm in the readout and in the embedding.
    #expect(measures.readoutGini! < 1e-3 && measures.embeddingGini < 1e-3)
  }

  @Test func oneFrequencyOfManyKeepsLess() throws {
    func measures(_ frequencies: [Int]) throws -> ProgressMeasures {
      try ProgressMeasures(
        FourierTests.addition(13), answers: Self.sums, keyFrequencies: frequencies, training: Array(0..<50),
        hidden: Site("mlp.hook_post"))
    }
    let (one, three) = (try measures([2]), try measures([2, 3, 5]))
    #expect(one.restrictedLoss > three.restrictedLoss && three.restrictedLoss > three.fullLoss)
    #expect(one.excludedLoss < three.excludedLoss && one.excludedLoss > one.trainLoss)
  }

  /// A network that subtracts is measured by its own answers: along a + b it has nothing.
  @Test func progressIsMeasuredAlongTheRightAnswers() throws {
    let subject = try AgreementTests.subtraction(13)
    let pairs = (0..<169).map { (a: $0 / 13, b: $0 % 13) }
    let differences: [Int32?] = pairs.map { a, b in Int32((a + 13 - b) % 13) }
    func measures(_ answers: [Int32?]) throws -> ProgressMeasures {
      try ProgressMeasures(
        subject, answers: answers, keyFrequencies: Array(1...6), training: Array(0..<50), hidden: Site("mlp.hook_post"))
    }
    let (right, wrong) = (try measures(differences), try measures(Self.sums))
    #expect(abs(right.restrictedLoss - right.fullLoss) < 1e-4 && abs(right.excludedLoss - logarithm(13)) < 1e-4)
    #expect(wrong.fullLoss > right.fullLoss + 1)
    let shares = try ProgressMeasures.shares(subject, answers: differences)
    #expect(abs(shares.share(Array(1...6)) - 1) < 1e-6)
    // 0 is the product of more pairs than 1.
    let products: [Int32?] = pairs.map { a, b in Int32(a * b % 13) }
    #expect(throws: CircuitError.self) { try measures(products) }
    #expect(throws: CircuitError.self) { try ProgressMeasures.shares(subject, answers: products) }
  }

  @Test func irrelevanceIsZeroForADistanceAndNearOneForASum() {
    let p = 11
    let ofDistance = (0..<p * p).map { cosine(Double(($0 / p - $0 % p + p) % p)) }
    let ofSum = (0..<p * p).map { cosine(Double(($0 / p + $0 % p) % p)) }
    #expect(ClockPizza.irrelevance(ofDistance, p)! < 1e-12)
    #expect(abs(ClockPizza.irrelevance(ofSum, p)! - 1) < 1e-12)
    #expect(ClockPizza.irrelevance([Double](repeating: 3, count: p * p), p) == nil)
    #expect(ClockPizza.irrelevance(ofSum, p, rounding: 10) == nil)
  }

  @Test func twoCirclesAreCircular() {
    var generator = SeededGenerator(seed: 1)
    let p = 17
    func turn(_ k: Int, _ x: Int) -> Double { 2 * .pi * Double(k * x % p) / Double(p) }
    let circles = Matrix(
      (0..<p).map { [3 * cosine(turn(2, $0)), 3 * sine(turn(2, $0)), cosine(turn(5, $0)), sine(turn(5, $0)), 0] })
    #expect(ClockPizza.circularity(circles)! > 0.999)
    let noise = Matrix((0..<p).map { _ in (0..<5).map { _ in generator.normal() } })
    #expect(ClockPizza.circularity(noise)! < 0.7)
  }

  /// Circles of nearly equal size, as trained embeddings have them: their variances differ by parts in ten thousand.
  @Test func circlesOfNearlyEqualSizeAreToldApart() {
    let p = 59
    func turn(_ k: Int, _ x: Int) -> Double { 2 * .pi * Double(k * x % p) / Double(p) }
    let circles = Matrix(
      (0..<p).map { x in
        [3, 7, 11].enumerated().flatMap { number, k in
          let radius = 1 + 1e-4 * Double(number)
          return [radius * cosine(turn(k, x)), radius * sine(turn(k, x))]
        }
      })
    #expect(abs(ClockPizza.circularity(circles)! - 1) < 1e-9)
    // Three tokens on a circle vary in two dimensions, whatever the width.
    let three = (0..<3).map { x in
      [1.0, 2, 3].map { _ in cosine(2 * .pi * Double(x) / 3) } + [sine(2 * .pi * Double(x) / 3)]
    }
    #expect(abs(ClockPizza.circularity(Matrix(three))! - 1) < 1e-9)
    // One circle alone fills two components, all that its two columns have.
    #expect(abs(ClockPizza.circularity(Matrix((0..<p).map { Array(circles.row($0).prefix(2)) }))! - 1) < 1e-9)
  }

  @Test func eigenvectorsDiagonalize() {
    var generator = SeededGenerator(seed: 5)
    for n in [1, 2, 9, 40] {
      let half = Matrix(rows: n, columns: n + 2, elements: (0..<n * (n + 2)).map { _ in generator.normal() })
      let symmetric = half.times(half, otherTransposed: true)
      let found = Eigenvectors(ofSymmetric: symmetric)
      #expect(found.values == found.values.sorted(by: >))
      var diagonal = Matrix(rows: n, columns: n)
      var unit = diagonal
      for i in 0..<n { (diagonal[i, i], unit[i, i]) = (found.values[i], 1) }
      let vectors = found.vectors
      #expect((vectors.times(vectors, otherTransposed: true) - unit).squaredNorm < 1e-24)
      let restored = vectors.times(diagonal, transposed: true).times(vectors)
      #expect((restored - symmetric).squaredNorm < 1e-24 * symmetric.squaredNorm)
    }
  }

  @Test func runnerUpIsTheGreatestWrongLogit() {
    #expect(ClockPizza.greatest(of: [1, 9, 3], except: 1) == 3)
    #expect(ClockPizza.greatest(of: [4, 2, 3], except: 2) == 4)
    #expect(ClockPizza.greatest(of: [4, 2, 3], except: 0) == 3)
  }

  /// The sum of two embeddings has one gradient for both; attention that tells positions apart does not.
  @Test func symmetricityOfSumsIsOne() throws {
    // The right answer's logit of the network by formula is one number; it varies by the rounding of its sums alone.
    for p in [7, 13] {
      let formula = try ClockPizza(FourierTests.addition(p))
      #expect(formula.gradientSymmetricity == 1)
      #expect(formula.distanceIrrelevance == nil && formula.runnerUpIrrelevance == nil && formula.circularity != nil)
    }
    func transformer(_ pattern: DecoderTransformer.Pattern, triples: Int = 2_000, seed: UInt64 = 0) throws -> ClockPizza
    {
      var c = DecoderTransformer.Configuration.published(modulus: 11)
      c.pattern = pattern
      let network = DecoderTransformer(c)
      // Embeddings ten times larger, so that attention is not near its constant beginning.
      let parameters = network.initialParameters(seed: 2).enumerated().map { place, x in
        network.layout["embed.W_E"]!.range.contains(place) ? 10 * x : x
      }
      return try ClockPizza(
        Subject(network, parameters: parameters, inputs: .pairs(modulus: 11, endsInEquals: true)), triples: triples,
        seed: seed)
    }
    // Read at `=`, constant attention sees a and b through the sum of their values.
    #expect(try transformer(.constant).gradientSymmetricity! > 0.9999)
    let (one, other) = (try transformer(.softmax), try transformer(.softmax, triples: 500, seed: 1))
    #expect(one.gradientSymmetricity! < 0.99 && one.distanceIrrelevance != nil && one.runnerUpIrrelevance != nil)
    // Two samples agree within their errors, which shrink with the root of their sizes.
    let distance = (one.gradientSymmetricity! - other.gradientSymmetricity!).magnitude
    let errors = (one.gradientError!, other.gradientError!)
    #expect(distance < 4 * (errors.0 * errors.0 + errors.1 * errors.1).squareRoot())
    #expect((1.6...2.5).contains(errors.1 / errors.0))
  }

  /// 0/0 is no number, neither 0 nor 1.
  @Test func whatDoesNotVaryHasNoMeasures() throws {
    let network = DecoderTransformer(.published(modulus: 5))
    let dead = try ClockPizza(
      Subject(
        network, parameters: [Float](repeating: 0, count: network.layout.count),
        inputs: .pairs(modulus: 5, endsInEquals: true)), triples: 50)
    #expect(dead.gradientSymmetricity == nil && dead.gradientError == nil && dead.circularity == nil)
    #expect(dead.distanceIrrelevance == nil && dead.runnerUpIrrelevance == nil)
  }

  /// All right: half a case of error is paid; all wrong: the uniform code, also with two answers.
  @Test func bitsOfAnAccountAreThoseOfItsErrors() {
    let four: [Int32] = [0, 1, 2, 3]
    #expect(abs(AgreementBits.bits(four, named: four, 8) - 4 * 0.19264507794239588) < 1e-9)
    #expect(abs(AgreementBits.bits(four, named: [1, 2, 3, 0], 8) - 4 * 3) < 1e-9)
    #expect(abs(AgreementBits.bits([0, 1, 0, 1], named: [1, 0, 1, 0], 2) - 4) < 1e-9)
    // Base or source by half: a mixture says so for one bit each, and little more.
    let base = [Int32](repeating: 5, count: 200)
    let source = (0..<200).map { Int32($0 % 4) }
    let observed = (0..<200).map { $0 % 2 == 0 ? base[$0] : source[$0] }
    #expect(abs(AgreementBits.mixture(observed, base, source, 113) - 200) < 1)
  }
}
