import ExactArithmetic
import Testing

@testable import Comparison

@Suite struct CodesAreCodes {
  /// Where outputs end with a symbol of their own a receiver does not know their number of labels: exceptions are chosen
  /// among all places. Brute force: over every output that a receiver can be sent, the code's probabilities sum to at most 1.
  @Test func codesOfOutputsWithAnEndSumToAtMostOne() {
    let (width, alphabet, end) = (3, 3, 2)
    // Two outputs of at most three places, each up to its end symbol or full.
    func outputs(_ left: Int) -> [[Int]] {
      left == 0 ? [[]] : (0..<alphabet).flatMap { s in s == end ? [[s]] : outputs(left - 1).map { [s] + $0 } }
    }
    let said = [[0, 1, 2], [1, 2, 0]]
    var sum = Rational(0)
    for first in outputs(width) {
      for second in outputs(width) {
        let wrong = zip([first, second], said).reduce(0) { $0 + zip($1.0, $1.1).count { $0 != $1 } }
        let code = LabelCode.twoPart(
          "t", prior: 1, exceptions: wrong, labels: first.count + second.count, places: 2 * width, alphabet: alphabet)
        // Those parts that are exact; the uniform fallback is behind the other value of the first bit.
        if let part = code.parts.first(where: { $0.name == "exceptions" })?.probability { sum += part }
      }
    }
    #expect(sum > Rational(1, 2) && sum <= 1, "\(sum)")
  }

  @Test func twoPartCodeOfARightProgramIsItsPriorAndTwoBits() {
    let code = LabelCode.twoPart("t", prior: Rational(1, 128), exceptions: 0, labels: 12_769, alphabet: 113)
    #expect(code.bits == 9)
    #expect(code.parts.map(\.probability) == [Rational(1, 2), Rational(1, 128), Rational(1, 2)])
  }

  @Test func mixtureIsItsMassAndABit() {
    let code = LabelCode.mixture("m", mass: Rational(3, 256), labels: 10, alphabet: 12)
    #expect(code.parts.map(\.probability) == [Rational(1, 2), Rational(3, 256)])
    // 12^-2 is as long as the labels, which are then sent; more is shorter.
    let equal = LabelCode.mixture("m", mass: Rational(1, 144), labels: 2, alphabet: 12)
    #expect(equal == .withoutProgram("m", labels: 2, alphabet: 12) && equal.parts[1].exact == "2 · log2 12")
    #expect(LabelCode.mixture("m", mass: Rational(1, 143), labels: 2, alphabet: 12).parts[1].name == "mixture")
  }

  /// A useless program is not sent.
  @Test func twoPartCodeIsNeverMuchLongerThanUniform() {
    let uniform = LabelCode.uniform(labels: 100, alphabet: 5)
    for exceptions in [0, 1, 50, 90, 100] {
      let code = LabelCode.twoPart("t", prior: Rational(1, 1024), exceptions: exceptions, labels: 100, alphabet: 5)
      #expect(code.bits <= uniform.bits + 1)
    }
    #expect(LabelCode.twoPart("t", prior: nil, exceptions: 0, labels: 100, alphabet: 5).bits == uniform.bits + 1)
    // Which language is said behind the bit that there is a program.
    #expect(
      LabelCode.twoPart("t", prior: nil, exceptions: 0, labels: 100, alphabet: 5, choices: 3).bits == uniform.bits + 1)
  }

  @Test func uniformIsLabelsTimesLogarithm() {
    let code = LabelCode.uniform(labels: 12_769, alphabet: 113)
    #expect(code.parts[0].exact == "12769 · log2 113")
    #expect((code.bits - 87_086.865).magnitude < 0.01, "\(code.bits)")
  }

  @Test func percentNeverRoundsToAllOrNone() {
    #expect(Numerals.percent(1) == "100 %")
    #expect(Numerals.percent(Rational(99_999, 100_000)) == "99.99 %")
    #expect(Numerals.percent(Rational(1, 100_000)) == "0.01 %")
    #expect(Numerals.percent(0) == "0.00 %")
    #expect(
      Numerals.rounded(12_769.49, 0) == "12,769" && Numerals.rounded(-0.04, 1) == "0.0"
        && Numerals.rounded(-0.5, 1) == "-0.5")
    #expect(Numerals.decimal(12_769.5, 0) == "12770" && Numerals.decimal(0.125, 2) == "0.12")
    #expect(Numerals.large(2_130_000) == "2.1 million" && Numerals.large(999) == "999")
  }
}
