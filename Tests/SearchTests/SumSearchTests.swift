import Evaluation
import Grammars
import Randomness
import Tasks
import TestSupport
import Testing

@testable import Search

/// Terms found by their sums, compared with the interpreter.
@Suite struct SumSearchTests {
  private static let sums: [(name: String, term: @Sendable (Int64) -> Int64)] = [
    ("divisors", { n in LoopInversionTests.count(n) { n % $0 == 0 } }),
    ("sum of divisors", { n in (1...n).reduce(0) { n % $1 == 0 ? $0 + $1 : $0 } }),
    ("coprime", { n in (1...n).reduce(0) { gcd(n, $1) == 1 ? $0 + 1 : $0 } }),
    ("unitary divisors", { n in LoopInversionTests.count(n) { gcd($0 * $0, n) == $0 } }),
    ("quotients and remainders", { n in (1...n).reduce(0) { $0 + n / $1 + n % $1 } }),
  ]

  private static func gcd(_ a: Int64, _ b: Int64) -> Int64 { b == 0 ? a : gcd(b, a % b) }

  /// A search for T(n, y) on all 1 ≤ y ≤ n ≤ 10, and what its sums are by the interpreter.
  private func sumSearch(_ wanted: [[Int64]], numbers: ClosedRange<Int> = 1...10) throws -> (
    search: SumSearch, sums: (Program) -> [Int64?]
  ) {
    let grammar = try LoopInversionTests.sequences()
    let shape = try #require(LoopShape.all(grammar).first { $0.head == .loop })
    let language = try #require(BodyLanguage(grammar, from: shape.bodies[0], binds: false))
    let points = numbers.flatMap { n in
      (0..<n).map { y in
        SumSearch.Point(
          words: [Int64(n), Value.noValueWord, Int64(y + 1)], owner: n - numbers.lowerBound, times: 1)
      }
    }
    let search = try #require(
      SumSearch(language, points, wanted: wanted, memoryLimit: 1 << 30, stepLimit: 4_000))
    let interpreter = Interpreter(language.grammar)
    return (
      search,
      { body in
        numbers.map { n in
          (0..<n).reduce(Int64?(0)) { sum, y in
            let inputs = [Value.int(Int64(n)), .int(-5), .int(Int64(y + 1))]
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

  /// A comparison holds where its terms say, and each way to divide the points is there once, against all of them.
  @Test func comparisonsDivideThePointsOnce() throws {
    let (search, _) = try sumSearch([])
    search.store(work: 2_000) { false }
    let grammar = search.bank.grammar
    let condition = grammar.productions[try #require(search.choiceProductions.first)].arguments[0]
    let terms = search.valued(0).map(\.index)
    let rows = terms.map { index in (0..<search.lanes).map { search.bank.tables[0].row(index)[$0] } }
    var all: Set<[Bool]> = []
    for (place, a) in rows.enumerated() {
      for (other, b) in rows.enumerated() where place < 3 && other != place {
        all.formUnion([zip(a, b).map(==), zip(a, b).map(<), zip(b, a).map(<)])
      }
    }
    var met: Set<[Bool]> = []
    let isDone = search.comparisons(terms, sides: 3, condition, { false }) { production, a, b, truth in
      let (first, second) = (rows[terms.firstIndex(of: a)!], rows[terms.firstIndex(of: b)!])
      let isEqual = grammar.productions[production].symbol == .operation(.equal)
      let holds = zip(first, second).map { isEqual ? $0 == $1 : $0 < $1 }
      #expect(holds.indices.allSatisfy { holds[$0] == (truth[$0] == 1) })
      #expect(met.insert(holds).inserted)
      return false
    }
    #expect(!isDone && met == all)
  }

  /// Primes and numbers without square factors, an open number among them; a remainder and a quotient: every proposal keeps what
  /// it promises, and all are found.
  @Test func proposedComparisonsHold() throws {
    let (search, sums) = try sumSearch([], numbers: 0...15)
    let rows = [Int64(1), 2].map { Array(repeating: $0, count: NumberSets.count) }
    let wanted: [Set<Int>] = [[2, 3, 5, 7, 11, 13], [1, 2, 3, 5, 6, 7, 10, 11, 13, 14, 15]]
    let known: [UInt16] = [0xFFFF, 0xFFFE]
    var comparisons = SumSearch.Comparisons(rows: rows)
    for (numbers, known) in zip(wanted, known) {
      comparisons.sets.add(known: known, passing: numbers.reduce(0) { $0 | 1 << UInt16($1) })
    }
    let outer = [(isRemainder: true, constant: 3), (isRemainder: false, constant: 2)]
    func below(_ place: Int, _ sum: Int) -> Int { outer[place].isRemainder ? (sum % 3 + 3) % 3 : sum >> 1 }
    let triangles = (0...15).map { $0 * ($0 + 1) / 2 }
    comparisons.outer = outer.indices.map { place in
      SumSearch.Outer(
        isRemainder: outer[place].isRemainder, constant: Int64(outer[place].constant),
        row: triangles.enumerated().map { $0.offset == 4 ? nil : Int64(below(place, $0.element)) })
    }
    var (passed, given) = ([0, 0], [0, 0])
    search.run(work: 100_000, comparisons, { false }) { match, program in
      let values = sums(program).map { $0! }
      switch match {
      case .outer(let place):
        given[place] += 1
        for number in 0...15 where number != 4 {
          #expect(below(place, Int(values[number])) == below(place, triangles[number]))
        }
      case .passes(let relation, let row, let set):
        passed[set] += 1
        for number in 0...15 where known[set] & 1 << UInt16(number) != 0 {
          let (sum, value) = (values[number], rows[row][number])
          let holds =
            switch relation {
            case .equal: sum == value
            case .less: sum < value
            case .greater: sum > value
            case .even: sum % 2 == 0
            case .odd: sum % 2 != 0
            }
          #expect(holds == wanted[set].contains(number))
        }
      }
      return false
    }
    #expect(passed.allSatisfy { $0 > 0 } && given.allSatisfy { $0 > 0 }, "\(passed) \(given)")
  }

  /// Sets are found by every set of numbers that agrees with them, and by no other, against a look at each of them.
  @Test func setsAreFoundByWhatAgreesWithThem() {
    var generator = SeededGenerator(seed: 3, name: "sets")
    var sets = NumberSets()
    var all: [(known: UInt16, passing: UInt16)] = []
    for place in 0..<40 {
      let known = UInt16([0xFFFF, 0xFFFE, 0x0FFF, 0x000F][place % 4])
      all.append((known, UInt16(generator.below(1 << 16))))
      sets.add(known: known, passing: all[place].passing)
    }
    for place in 0..<2_000 {
      let numbers = place < 40 ? all[place].passing : UInt16(generator.below(1 << 16))
      let found = all.indices.filter { (all[$0].passing ^ numbers) & all[$0].known == 0 }
      #expect(sets.matches(numbers) == found)
      #expect(sets.contains(numbers) == !found.isEmpty)
      if place < 40 { #expect(found.contains(place)) }
    }
  }

  /// Sums over all pairs a, b below n, found from fourteen terms and right on the next ten; (0, 0) is left out and (n, 0) is in.
  @Test(arguments: 0..<(isThorough ? 3 : 2)) func sumsOverPairsAreFound(_ number: Int) throws {
    let kinds: [(Int64, Int64, Int64) -> Int64] = [
      { a, b, _ in Self.gcd(a, b) == 1 ? 1 : 0 }, { a, b, n in Self.gcd(Self.gcd(a, b), n) == 1 ? 1 : 0 },
      { a, b, n in a * b % n },
    ]
    let terms = (Int64(1)...24).map { n in
      (1...n * n).reduce(0) { $0 + kinds[number]($1 / n, $1 % n, n) }
    }
    let grammar = try LoopInversionTests.sequences()
    let examples = terms.prefix(14).enumerated().map {
      Example(inputs: [.int(Int64($0.offset) + 1)], output: .int($0.element))
    }
    let attempt = try TransducerInversionTests.attempt(grammar, examples, bits: 13)
    let found = try #require(LoopInversion(attempt, work: 1_000).doubleSums(work: 300_000) { false })
    let interpreter = Interpreter(grammar)
    for (place, term) in terms.enumerated() {
      #expect(interpreter.run(grammar.term(of: found), on: [.int(Int64(place) + 1)]).value == .int(term))
    }
  }
}
