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

  @Test func frequenciesAreReadWhereTheRestIsLinear() throws {
    let runner = Runner(try FourierTests.addition(7))
    #expect(throws: CircuitError.notLinear("mlp.hook_pre")) {
      try Ablation.frequencies([1], at: Site("mlp.hook_pre"), runner)
    }
  }
}
