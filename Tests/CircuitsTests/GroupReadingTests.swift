import Circuits
import Grammars
import Networks
import Testing

/// Networks over pairs of permutations, read by irreducible representations.
@Suite struct GroupReadingTests {
  private static let elements = RepresentationTests.s5
  private static let values = elements.map { Value.permutation($0)! }

  /// All pairs; permutations are their own tokens and answers.
  private static let inputs = Inputs(
    values: values.flatMap { a in values.map { [a, $0] } },
    tokens: (0..<120).flatMap { a in (0..<120).flatMap { [Int32(a), Int32($0)] } }, positions: 2,
    answers: Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, Int32($0)) }), vocabulary: 120,
    outputs: 120...120)

  private static let products = elements.flatMap { f in
    elements.map { g in Int32(RepresentationTests.places[g.map { f[$0] }]!) }
  }

  private static func sign(_ f: [Int]) -> Float {
    (0..<5).reduce(1) { sign, i in (0..<i).reduce(sign) { $0 * (f[$1] < f[i] ? 1 : -1) } }
  }

  /// With x and y the signs of a and b, relu(x + y) + relu(-x - y) - 1 = x y: the logits are sign(a b) sign(c).
  private static func signNetwork() throws -> Subject { try network(of: elements.map(sign), inputs) }

  private static func network(of signs: [Float], _ inputs: Inputs) throws -> Subject {
    var c = EmbeddingMLP.Configuration(vocabulary: signs.count, outputs: signs.count)
    (c.width, c.hidden) = (2, 3)
    let network = EmbeddingMLP(c)
    let arrays: [(String, [Float])] = [
      ("embed.W_E", signs.flatMap { [$0, 0.5] }), ("mlp.W_in", [1, -1, 0, 0, 0, 1]),
      ("unembed.W_U", signs + signs + signs.map { -$0 }),
    ]
    var parameters = [Float](repeating: 0, count: network.layout.count)
    for (name, values) in arrays { parameters.replaceSubrange(network.layout[name]!.range, with: values) }
    return try Subject(network, parameters: parameters, inputs: inputs)
  }

  @Test func networkOfSignsIsReadAsTheSign() throws {
    let reading = try GroupReading(Self.signNetwork(), answers: Self.products)
    let last = reading.basis.blocks.count
    #expect(reading.basis.blocks[last - 1].name == "(1,1,1,1,1)" && reading.key == [last])
    for block in 1...last {
      let expected = block == last ? 1.0 : 0
      #expect(
        abs(reading.logits.share(block) - expected) < 1e-10 && abs(reading.labels.share(block) - expected) < 1e-10)
      #expect(abs(reading.embeddings[0].spectrum.share(block) - expected) < 1e-10)
    }
    // The third unit is 1 everywhere; of the others' variance half is in x and y, half in their product.
    #expect(reading.units.map(\.block) == [last, last, 0])
    for unit in reading.units.prefix(2) {
      #expect(abs(unit.share - 1) < 1e-10 && abs(unit.ofAnswer - 1.0 / 3) < 1e-10, "\(unit)")
    }
  }

  /// Modulo 7 the squares are 1, 2 and 4: a network of their signs works in the Legendre symbol, the last character.
  @Test func networkOfLegendreSymbolsIsReadAsTheLastCharacter() throws {
    let inputs = Inputs.pairs(modulus: 7, endsInEquals: false)
    let products = (0..<49).map { Int32($0 / 7 * ($0 % 7) % 7) }
    let subject = try Self.network(of: [0, 1, 1, -1, 1, -1, -1], inputs)
    let reading = try GroupReading(subject, answers: products, group: inputs.multiplicativeGroup)
    #expect(reading.basis.blocks.map(\.name) == ["χ1", "χ2", "χ3"] && reading.key == [3])
    for block in 1...3 {
      let expected = block == 3 ? 1.0 : 0
      #expect(abs(reading.logits.share(block) - expected) < 1e-10)
      #expect(abs(reading.labels.share(block) - expected) < 1e-10)
      #expect(abs(reading.embeddings[0].spectrum.share(block) - expected) < 1e-10)
    }
    #expect(reading.units.map(\.block) == [3, 3, 0])
    // Sums of residues are no products: 0 is an answer.
    let sums = (0..<49).map { Int32(($0 / 7 + $0 % 7) % 7) }
    #expect(throws: CircuitError.self) {
      try GroupReading(subject, answers: sums, group: inputs.multiplicativeGroup)
    }
  }

  @Test func sharesOfAnUntrainedNetworkAddUp() throws {
    let reading = try GroupReading(Self.signNetwork().untrained(seed: 2), answers: Self.products)
    let all = Array(1...reading.basis.blocks.count)
    #expect(abs(reading.labels.share(all) - 1) < 1e-9)
    #expect(abs(reading.embeddings[0].spectrum.share(all) - 1) < 1e-9)
    #expect(reading.logits.share(all) < 0.05 && reading.hiddenOfAnswer.share(all) < 1)
    for block in all { #expect(reading.logits.share(block) <= reading.labels.share(block) + 1e-12) }
  }

  /// Interchange in the directions of the sign finds the sign in a network that computes nothing else.
  @Test func signIsInterchangedInItsOneDimension() throws {
    let grammar = try SyGuSReader.problem(
      Array(
        """
        (synth-fun f ((a (_ Permutation 5)) (b (_ Permutation 5))) (_ Permutation 5)
          ((G (_ Permutation 5))) ((G (_ Permutation 5) (a b (compose G G) (inverse G)))))
        (check-synth)
        """.utf8), file: "s5.sl"
    ).grammar
    let program = try StudiedProgram(SyGuSReader.term("(compose a b)", in: grammar), in: grammar, on: Self.inputs)
    #expect(program.answers == Self.products.map(Optional.some))
    var options = Agreement.Options()
    (options.ignoresBehaviour, options.pairs, options.fittingPairs, options.maxDimensions) = (true, 500, 200, 1)
    let agreement = try Agreement(program, Self.signNetwork(), options: options)
    #expect(agreement.behaviour.alike.share < 0.02)
    let fitted = agreement.variables[0].fitted
    #expect(fitted.terms == ["(1,1,1,1,1)"] && fitted.subspace.dimensions == 1)
    // No subspace of no dimensions in place of one that is not allowed.
    options.maxDimensions = 0
    let error = #expect(throws: CircuitError.self) {
      try Agreement(program, Self.signNetwork(), options: options)
    }
    #expect("\(error!)".contains("takes 1 dimensions; at most 0 are allowed"))
  }

  @Test func pairsInAnotherOrderAreRefused() throws {
    let subject = try Self.signNetwork()
    let answers = [Int32](repeating: 0, count: 14_400)
    #expect(throws: CircuitError.self) { try GroupReading(subject, answers: answers) }
  }
}
