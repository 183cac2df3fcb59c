import Testing

@testable import Circuits

/// What is said of interchange accuracies beside their nulls.
@Suite struct VerdictTests {
  private static func variable(
    _ accuracy: (Int, Int), discriminating: (Int, Int)? = nil, nulls: [(String, Int, Int)] = [], bits: Double = 100
  ) -> VariableAgreement {
    let fitted = FittedSubspace(
      site: Site("mlp.hook_post"), subspace: Subspace(units: [0], of: 2), fit: Proportion(accuracy.0, of: accuracy.1),
      frequencies: [], terms: [], curve: [])
    return VariableAgreement(
      variable: "v", isAnswer: discriminating == nil, fitted: fitted, tried: [fitted],
      accuracy: Proportion(accuracy.0, of: accuracy.1),
      discriminating: Proportion(discriminating?.0 ?? 0, of: discriminating?.1 ?? 0),
      nulls: nulls.map { ($0.0, Proportion($0.1, of: $0.2)) }, principalComponents: nil, bitsGained: bits,
      alignmentBits: 1,
      sufficiency: Sufficiency(original: 0, outsideResampled: 0, scrubbed: 0, insideResampled: 1, allResampled: 1),
      elsewhere: [], states: nil)
  }

  @Test func accuracyDecidesAtNineteenOfTwenty() {
    #expect(Self.variable((19, 20), nulls: [("n", 0, 20)]).verdict == .implemented)
    #expect(Self.variable((18, 20), nulls: [("n", 0, 20)]).verdict == .refuted)
    #expect(Self.variable((0, 0)).verdict == .refuted)
  }

  /// A null that reaches what the claim does refutes nothing: it says that the accuracy is no evidence.
  @Test func nullThatReachesTheAccuracyIsNamed() {
    let nulls = [("low", 1, 1000), ("principal components", 1000, 1000), ("untrained network", 400, 1000)]
    let all = Self.variable((1000, 1000), nulls: nulls)
    #expect(all.verdict == .isReached(by: "principal components") && all.score == 0 && !all.isImplemented)
    // (0.96 − 0.4)/0.6 is 0.933, (0.98 − 0.4)/0.6 is 0.967.
    #expect(Self.variable((960, 1000), nulls: [nulls[2]]).verdict == .isReached(by: "untrained network"))
    #expect(Self.variable((980, 1000), nulls: [nulls[2]]).verdict == .implemented)
    // A null of other size; one without interchanges says nothing.
    #expect(Self.variable((95, 100), nulls: [("n", 0, 7), ("none", 0, 0)]).verdict == .implemented)
    #expect(Self.variable((95, 100), nulls: [("n", 1, 7)]).verdict == .isReached(by: "n"))
  }

  @Test func innerVariablesNeedInterchangesOfTheirOwn() {
    #expect(Self.variable((20, 20), discriminating: (0, 0)).verdict == .isLikeAnswer)
    #expect(Self.variable((10, 20), discriminating: (0, 0)).verdict == .isLikeAnswer)
    #expect(Self.variable((100, 100), discriminating: (19, 20)).verdict == .implemented)
    #expect(Self.variable((99, 100), discriminating: (18, 20)).verdict == .refuted)
  }

  @Test func bitsArePaidFor() {
    #expect(Self.variable((20, 20), bits: 0).verdict == .isUnpaid)
    #expect(Self.variable((20, 20), nulls: [("n", 20, 20)], bits: -5).verdict == .isReached(by: "n"))
  }

  /// A network that is right everywhere answers each source as an interchange of the answer wants: an account that copies it
  /// is a rival for every variable but the answer.
  @Test func copyingTheSourceIsARivalOfInnerVariables() {
    let (answers, base) = ([Int32](repeating: 1, count: 64), [Int32](repeating: 0, count: 64))
    func gained(_ isAnswer: Bool) -> Double {
      let bits = AgreementBits(
        observed: answers, expected: answers, base: base, source: answers, answers: 5, isAnswer: isAnswer)
      return bits.rival - bits.program
    }
    #expect(gained(true) > 100 && gained(false) <= 0)
  }
}
