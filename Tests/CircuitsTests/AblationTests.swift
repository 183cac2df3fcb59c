import Circuits
import Networks
import Testing

@Suite struct AblationTests {
  private static func targets(_ p: Int) -> [Int32] { (0..<p * p).map { Int32(($0 / p + $0 % p) % p) } }

  @Test func withoutTheHiddenUnitsEveryAnswerIsEquallyLikely() throws {
    let runner = Runner(try FourierTests.addition(7))
    let found = try Ablation.all([.whole], at: Site("mlp.hook_post"), runner, targets: Self.targets(7))
    #expect(found.map(\.kind) == [.zero, .mean, .resample])
    let uniform = 1.9459101  // ln 7
    #expect(abs(found[0].loss - uniform) < 1e-5)
    // The mean of the units over all pairs says nothing about the answer either.
    #expect(abs(found[1].loss - uniform) < 1e-4)
    #expect(found[2].loss > uniform && found[2].right.share < 0.35)
  }

  @Test func eachFrequencyByFormulaLosesAsMuch() throws {
    let runner = Runner(try FourierTests.addition(7))
    let site = Site("mlp.hook_post")
    let parts = try Ablation.frequencies([1, 2, 3], at: site, runner)
    #expect(parts.map(\.name) == ["frequency 1", "frequency 2", "frequency 3"])
    let losses = try Ablation.all(parts, at: site, runner, targets: Self.targets(7)).filter { $0.kind == .mean }.map(
      \.loss)
    let whole = try runner.run(Array(0..<49), targets: Self.targets(7)).loss.mean
    #expect(losses.count == 3 && losses.allSatisfy { $0 > whole + 0.05 })
    #expect(losses.max()! - losses.min()! < 1e-4)
  }

  private static func transformer() throws -> Runner {
    var c = DecoderTransformer.Configuration(vocabulary: 6, outputs: 5, context: 3)
    (c.width, c.heads, c.headWidth, c.hidden) = (8, 2, 4, 8)
    let network = DecoderTransformer(c)
    return Runner(
      try Subject(
        network, parameters: network.initialParameters(seed: 1), inputs: .pairs(modulus: 5, endsInEquals: true)))
  }

  /// Without any token all inputs are alike: one answer, right for a fifth of the pairs. Without one of them they are not.
  @Test func positionsAreTakenAwayOneByOneAndTogether() throws {
    let runner = try Self.transformer()
    let places = try Ablation.wholes(named: "hook_embed", runner)
    #expect(places.map { $0.site.description } == ["hook_embed@0", "hook_embed@1", "hook_embed@2", "hook_embed"])
    #expect(places.map { $0.part.name } == ["all", "all", "all", "all 3 positions"])
    let losses = try places.map { site, part in
      try Ablation.all([part], at: site, runner, targets: Self.targets(5))[0]
    }
    #expect(losses[3].kind == .zero && losses[3].right == Proportion(5, of: 25))
    let untouched = try runner.run(Array(0..<25), targets: Self.targets(5)).loss.mean
    #expect(Set(losses.map(\.loss) + [untouched]).count == 5)
    #expect(try Ablation.wholes(named: "blocks.0.attn.hook_pattern", runner).map { $0.part } == [.whole])
  }

  /// Nothing reads the residual stream behind the last layer but at the last position; scores of attention are -inf.
  @Test(arguments: ["blocks.0.hook_resid_post@0", "blocks.0.attn.hook_attn_scores", "blocks.0.attn.hook_pattern"])
  func whatIsNotReadHasNoFrequencies(_ text: String) throws {
    let runner = try Self.transformer()
    #expect(throws: CircuitError.notLinear(text)) {
      try Ablation.frequencies([1], at: Site(text: text), runner)
    }
    #expect(try Ablation.frequencies([1], at: Site("blocks.0.hook_resid_post"), runner).count == 1)
  }

  /// A state has a name for all steps and one for each; what is written at a step reaches the later ones.
  @Test(arguments: RecurrentNetwork.Cell.allCases) func stepsOfAStateAreItsPositions(_ cell: RecurrentNetwork.Cell)
    throws
  {
    var c = RecurrentNetwork.Configuration(cell: cell, vocabulary: 6, outputs: 5)
    (c.width, c.hidden) = (4, 6)
    let network = RecurrentNetwork(c)
    let runner = Runner(
      try Subject(
        network, parameters: network.initialParameters(seed: 2), inputs: .pairs(modulus: 5, endsInEquals: true)))
    let names = ["rnn.hook_hidden", "rnn.hook_hidden.2", "rnn.hook_hidden@2", "rnn.hook_hidden.0", "rnn.hook_hidden@0"]
    #expect(
      try runner.distinct(names.map { try Site(text: $0) }).map(\.description)
        == ["rnn.hook_hidden", "rnn.hook_hidden.0"])
    func losses(_ site: Site) throws -> [Double] {
      try Ablation.all([.whole], at: site, runner, targets: Self.targets(5)).map(\.loss)
    }
    let first = try losses(Site("rnn.hook_hidden", position: 0))
    let untouched = try runner.run(Array(0..<25), targets: Self.targets(5)).loss.mean
    #expect(try first == losses(Site("rnn.hook_hidden.0")) && first[0] != untouched)
  }

  @Test func frequenciesAreReadWhereTheRestIsLinear() throws {
    let runner = Runner(try FourierTests.addition(7))
    #expect(throws: CircuitError.notLinear("mlp.hook_pre")) {
      try Ablation.frequencies([1], at: Site("mlp.hook_pre"), runner)
    }
  }
}
