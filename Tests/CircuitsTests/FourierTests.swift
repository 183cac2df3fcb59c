import Circuits
import Networks
import Randomness
import Testing

/// Known values of the Fourier reading.
@Suite struct FourierTests {
  /// The network that adds modulo p by formula, over all pairs.
  static func addition(_ p: Int) throws -> Subject {
    let addition = AnalyticAddition(modulus: p)
    return try Subject(
      addition.network, parameters: addition.parameters, inputs: .pairs(modulus: p, endsInEquals: false))
  }

  @Test(arguments: [2, 3, 7, 12, 59]) func basisIsOrthonormal(_ p: Int) {
    let product = FourierBasis(modulus: p).vectors.times(FourierBasis(modulus: p).vectors, otherTransposed: true)
    for i in 0..<p { for j in 0..<p { #expect(abs(product[i, j] - (i == j ? 1 : 0)) < 1e-12) } }
  }

  @Test func transformOfPairsFindsOneProduct() {
    let basis = FourierBasis(modulus: 7)
    let table = Matrix(
      rows: 49, columns: 1, elements: (0..<49).map { basis.vectors[3, $0 / 7] * basis.vectors[6, $0 % 7] })
    let coefficients = basis.transformPairs(table)
    for row in 0..<49 { #expect(abs(coefficients[row, 0] - (row == 3 * 7 + 6 ? 1 : 0)) < 1e-12) }
  }

  @Test func giniIsZeroForEqualNormsAndNearOneForOne() {
    #expect(abs(Spectrum(power: [4, 4, 4, 4]).gini) < 1e-12)
    #expect(abs(Spectrum(power: [0, 0, 0, 9]).gini - 0.75) < 1e-12)
    #expect(Spectrum(power: [0, 0]).gini == 0)
  }

  /// The logits by formula are Σ_k cos(2πk(a + b − c)/p) / 2 with k = 1 … ⌊p/2⌋, and nothing else.
  @Test(arguments: [7, 13, 16]) func analyticLogitsAreEqualCosines(_ p: Int) throws {
    let reading = try FourierReading(Self.addition(p))
    #expect(reading.accuracy == 1)
    #expect(abs(reading.logits.direct.share(Array(1...p / 2)) - 1) < 1e-6)
    for k in 1...p / 2 {
      #expect(abs(reading.logits.factors[k - 1] - (2 * k == p ? 0.25 : 0.5)) < 1e-5, "frequency \(k)")
    }
    for (x, y) in zip(reading.logits.byDistance, reading.logits.fit(Array(1...p / 2))) { #expect(abs(x - y) < 1e-5) }
  }

  /// (cos x + cos y)² has 4/5 of its variance in 2 cos x cos y, at the unit's frequency, and φ3 = φ1 + φ2.
  @Test func analyticUnitsHaveTheirFrequenciesAndPhases() throws {
    let reading = try FourierReading(Self.addition(13))
    #expect(reading.neurons.count == 54)
    for neuron in reading.neurons {
      #expect(neuron.frequency == neuron.unit / 9 + 1)
      #expect(abs(neuron.share - 0.8) < 1e-5)
      let difference = neuron.phases.sum - neuron.phases.answer!
      #expect(abs(difference - difference.rounded()) < 1e-5)
    }
    #expect(reading.clusters(explaining: 0.79).map(\.units.count) == [9, 9, 9, 9, 9, 9])
    #expect(reading.clusters().isEmpty)
  }

  /// In numbers of which the answer is the sum, a and −b, a network that subtracts is read as one that adds.
  @Test func differenceIsReadAsASum() throws {
    let subject = try AgreementTests.subtraction(13)
    let (reading, sum) = (try FourierReading(subject, .difference), try FourierReading(Self.addition(13)))
    #expect(reading.operation == .difference && reading.right == Proportion(169, of: 169) && reading.accuracy == 1)
    #expect(reading.keyFrequencies.count == sum.keyFrequencies.count)
    #expect(abs(reading.logits.direct.share(Array(1...6)) - 1) < 1e-6)
    for (own, other) in zip(reading.neurons, sum.neurons) {
      #expect(own.frequency == other.frequency && abs(own.share - other.share) < 1e-5)
      let difference = own.phases.sum - own.phases.answer!
      #expect(abs(difference - difference.rounded()) < 1e-5)
    }
    // a + b = a − b where 2b = 0.
    #expect(try FourierReading(subject).right == Proportion(13, of: 169))
    #expect(throws: CircuitError.self) { try FourierReading(subject, .product) }
  }

  @Test func untrainedNetworkHasNoKeyFrequencies() throws {
    let network = EmbeddingMLP(.init(vocabulary: 23, outputs: 23))
    let subject = try Subject(
      network, parameters: network.initialParameters(seed: 1), inputs: .pairs(modulus: 23, endsInEquals: false))
    let reading = try FourierReading(subject)
    #expect(reading.logits.direct.share(Array(1...11)) < 0.05)
    #expect(reading.keyFrequencies.count >= 7)
  }

  @Test func misfitsAreErrors() throws {
    let addition = AnalyticAddition(modulus: 7)
    #expect(throws: CircuitError.misfit("it knows 7 tokens, the inputs have 11")) {
      try Subject(addition.network, parameters: addition.parameters, inputs: .pairs(modulus: 11, endsInEquals: false))
    }
    let subject = try Self.addition(7)
    #expect(throws: CircuitError.self) { try FourierReading(subject, hidden: Site("mlp.hook_pots")) }
    #expect(throws: CircuitError.noPosition("mlp.hook_post", position: 2, positions: 1)) {
      try FourierReading(subject, hidden: Site("mlp.hook_post", position: 2))
    }
    #expect(throws: CircuitError.self) { try Site(text: "mlp.hook_post@last") }
  }
}
