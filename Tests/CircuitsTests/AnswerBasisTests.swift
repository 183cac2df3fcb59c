import Circuits
import Randomness
import Testing

/// Shares of logits in blocks of a basis over the answers.
@Suite struct AnswerBasisTests {
  private static func random(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var generator = SeededGenerator(seed: seed, name: "answer-basis")
    return Matrix(
      rows: rows, columns: columns,
      elements: (0..<rows * columns).map { _ in Double(generator.below(2001)) / 1000 - 1 })
  }

  /// Two routes: coefficients in a, b and c, and coefficients over the labels along the answers.
  @Test(arguments: [5, 8, 11]) func sharesOfTheSumAreThoseOfTheLogitReading(_ p: Int) {
    let basis = FourierBasis(modulus: p)
    let logits = Self.random(p * p, p, seed: 3)
    let direct = LogitReading(logits, basis).direct
    let answers = (0..<p * p).map { Optional(Int32(($0 / p + $0 % p) % p)) }
    let shares = AnswerBasis(basis).shares(of: logits, answers: answers)
    #expect(abs(shares.total - direct.total) < 1e-9)
    for k in basis.frequencies { #expect(abs(shares.power[k - 1] - direct.power[k - 1]) < 1e-9, "\(k)") }
  }

  /// Logits that are one block along any answers have all of their variance there, inputs without an answer apart.
  @Test func oneBlockHasEverything() {
    let p = 13
    let basis = AnswerBasis(FourierBasis(modulus: p))
    let answers: [Int32?] = (0..<60).map { $0 % 7 == 3 ? nil : Int32($0 * $0 % p) }
    var logits = Self.random(60, p, seed: 4)
    for (row, answer) in answers.enumerated() {
      guard let answer else { continue }
      for c in 0..<p {
        logits[row, c] =
          5 + 3 * basis.blocks[4].rows.reduce(0) { $0 + basis.vectors[$1, Int(answer)] * basis.vectors[$1, c] }
      }
    }
    let shares = basis.shares(of: logits, answers: answers)
    for k in 1...6 { #expect(abs(shares.share(k) - (k == 5 ? 1 : 0)) < 1e-12) }
  }
}
