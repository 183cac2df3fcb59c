import Circuits
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The functions on Z/p in blocks of the multiplicative group.
@Suite struct MultiplicativeBasisTests {
  @Test(arguments: [3, 5, 7, 11, 13, 97]) func vectorsAreOrthonormalAndBlocksCoverThem(_ p: Int) throws {
    let basis = try AnswerBasis(multiplicativeModulo: p)
    let products = basis.vectors.times(basis.vectors, otherTransposed: true)
    for i in 0..<p {
      for j in 0..<p { #expect(abs(products[i, j] - (i == j ? 1 : 0)) < 1e-12, "\(i) \(j)") }
    }
    #expect(basis.count == p && basis.blocks.flatMap(\.rows) == Array(1..<p))
    #expect(basis.blocks.map(\.name) == ["zero"] + (1...(p - 1) / 2).map { "χ\($0)" })
    #expect(Set((0..<p).map { basis.vectors[0, $0] }).count == 1)
  }

  /// Σ_i v_i(f) v_i(c) of a character depends on c/f alone, found by trial; with 0 it is 0.
  @Test(arguments: [5, 7, 13]) func charactersAreFunctionsOfTheQuotient(_ p: Int) throws {
    let basis = try AnswerBasis(multiplicativeModulo: p)
    for block in basis.blocks.dropFirst() {
      func product(_ f: Int, _ c: Int) -> Double {
        block.rows.reduce(0) { $0 + basis.vectors[$1, f] * basis.vectors[$1, c] }
      }
      for f in 1..<p {
        #expect(product(f, 0) == 0 && product(0, f) == 0)
        for c in 1..<p { #expect(abs(product(f, f * c % p) - product(1, c)) < 1e-12) }
      }
    }
    // The last character is the Legendre symbol: 1 at squares, −1 at the others.
    let squares = Set((1..<p).map { $0 * $0 % p })
    let last = try #require(basis.blocks.last)
    #expect(last.rows.count == 1)
    for x in 1..<p {
      let scaled = basis.vectors[last.rows.lowerBound, x] * Double(p - 1).squareRoot()
      #expect(abs(scaled - (squares.contains(x) ? 1 : -1)) < 1e-12)
    }
  }

  /// 3 generates modulo 7: 1, 3, 2, 6, 4, 5. Logits that are one character of c/(ab) by that table have all of their variance
  /// there; by addition they are spread.
  @Test func logitsOfProductsAreOneCharacter() throws {
    let logarithm = [1: 0, 3: 1, 2: 2, 6: 3, 4: 4, 5: 5]
    let p = 7
    var logits = Matrix(rows: p * p, columns: p)
    var answers: [Int32?] = []
    for a in 0..<p {
      for b in 0..<p {
        let answer = a * b % p
        answers.append(answer == 0 ? nil : Int32(answer))
        guard answer > 0 else { continue }
        for c in 1..<p {
          logits[a * p + b, c] = cos(2 * .pi * 2 * Double(logarithm[c]! - logarithm[answer]!) / 6)
        }
      }
    }
    let products = try AnswerBasis(multiplicativeModulo: p)
    let shares = products.shares(of: logits, answers: answers)
    #expect(abs(shares.share(products.blocks.firstIndex { $0.name == "χ2" }! + 1) - 1) < 1e-12)
    let sums = AnswerBasis(FourierBasis(modulus: p)).shares(of: logits, answers: answers)
    #expect(sums.power.reduce(0, +) < 0.5 * sums.total)
  }

  @Test(arguments: [1, 2, 4, 9, 91]) func otherModuliAreRefused(_ p: Int) {
    #expect(throws: CircuitError.self) { try AnswerBasis(multiplicativeModulo: p) }
  }
}
