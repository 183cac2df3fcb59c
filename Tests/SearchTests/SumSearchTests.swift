import Evaluation
import Grammars
import TestSupport
import Testing

@testable import Search

/// Terms found by their sums, compared with the interpreter.
@Suite struct SumSearchTests {
  private static let sums: [(name: String, term: @Sendable (Int64) -> Int64)] = [
    ("divisors", { n in LoopInversionTests.count(n) { n % $0 == 0 } }),
    ("sum of divisors", { n in (1...n).reduce(0) { n % $1 == 0 ? $0 + $1 : $0 } }),
    ("coprime", { n in (1...n).reduce(0) { gcd(n, $1) == 1 ? $0 + 1 : $0 } }),
    ("quotients and remainders", { n in (1...n).reduce(0) { $0 + n / $1 + n % $1 } }),
  ]

  private static func gcd(_ a: Int64, _ b: Int64) -> Int64 { b == 0 ? a : gcd(b, a % b) }

  /// A search for T(n, y) on all 1 ≤ y ≤ n ≤ 10, and what its sums are by the interpreter.
  private func sumSearch(_ wanted: [[Int64]]) throws -> (search: SumSearch, sums: (Program) -> [Int64?]) {
    let grammar = try LoopInversionTests.sequences()
    let shape = try #require(LoopShape.all(grammar).first { $0.head == .loop })
    let language = BodyLanguage(grammar, from: shape.bodies[0])
    let points = (1...10).flatMap { n in
      (1...n).map { y in
        SumSearch.Point(words: [Int64(n), Value.noValueWord, Int64(y)], owner: n - 1, times: 1)
      }
    }
    let search = try #require(
      SumSearch(language, points, wanted: wanted, memoryLimit: 1 << 30, stepLimit: 4_000))
    let interpreter = Interpreter(language.grammar)
    return (
      search,
      { body in
        (1...10).map { n in
          (1...n).reduce(Int64?(0)) { sum, y in
            let inputs = [Value.int(Int64(n)), .int(-5), .int(Int64(y))]
            let value = interpreter.run(grammar.term(of: body), on: inputs).value?.word
            return sum.flatMap { sum in value.map { sum + $0 } }
          }
        }
      }
    )
  }

  /// Every proposal has the sum that is wanted, and does not read x; a row of noise has none.
  @Test(arguments: sums.indices) func proposedTermsHaveTheWantedSums(_ number: Int) throws {
    let noise: [Int64] = [71, -3, 911, 4, 55, 1009, -77, 3, 12, 9_999]
    let wanted = [noise, (1...10).map { Self.sums[number].term($0) }]
    let (search, sums) = try sumSearch(wanted)
    var found = 0
    search.run(work: 200_000, { false }) { proposal in
      #expect(proposal.goal == 1)
      #expect(sums(proposal.program) == wanted[1])
      found += 1
      return found == 20
    }
    #expect(found > 0, "\(Self.sums[number].name)")
  }

  /// Primes: two divisors. Every proposal tells them from other numbers.
  @Test func proposedTestsTellNumbersApart() throws {
    let primes = (1...10).map { [2, 3, 5, 7].contains($0) }
    let (search, sums) = try sumSearch([])
    let tests = [
      SumSearch.Test(relation: .equal, row: Array(repeating: 2, count: 10)),
      SumSearch.Test(relation: .less, row: Array(repeating: 0, count: 10)),
    ]
    var found = 0
    search.run(work: 200_000, tests, passes: primes, { false }) { proposal in
      let values = sums(proposal.program).map { $0 ?? 0 }
      #expect(primes.indices.allSatisfy { tests[proposal.goal].passes(values[$0], $0) == primes[$0] })
      found += 1
      return found == 20
    }
    #expect(found > 0)
  }
}
