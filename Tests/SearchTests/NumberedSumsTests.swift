import Evaluation
import ExactArithmetic
import Foundation
import Grammars
import Randomness
import Tasks
import TestSupport
import Testing

@testable import Search

/// Sums and the sets that they tell as parts of programs, by the interpreter and by brute force.
@Suite struct NumberedSumsTests {
  /// What a look at some terms has: stored terms, sums, and the loop of `compr`.
  private struct Look {
    let grammar: Grammar
    let inversion: LoopInversion
    let numbered: NumberedSums
    let shape: LoopShape
    let machine: TermMachine

    init(_ terms: [Int64], work: Double) throws {
      grammar = try LoopInversionTests.sequences()
      let examples = terms.enumerated().map {
        Example(inputs: [.int(Int64($0.offset) + 1)], output: .int($0.element))
      }
      let attempt = try TransducerInversionTests.attempt(grammar, examples, bits: 13)
      machine = TermMachine(grammar)
      inversion = LoopInversion(attempt, work: work)
      shape = try #require(inversion.shapes.first { $0.head == .compr })
      let test = try #require(inversion.tests(shape.bodies[0]).first)
      numbered = try #require(
        NumberedSums(
          inversion, side: grammar.productions[test].arguments[0], variable: shape.variables[0], work: work, machine
        ) { false })
    }

    var sets: [NumberSet] {
      numbered.sets(most: .max) { inversion.written($0, $1, $2, shape.bodies[0]).first }
    }

    func value(_ program: Program, _ number: Int64) -> Int64? {
      Interpreter(grammar).run(grammar.term(of: program), on: [.int(number)]).value?.word
    }

    func program(_ text: String) throws -> Program {
      try #require(grammar.derivation(of: SyGuSReader.term(text, in: grammar)))
    }

    /// Expects a program that gives all the terms.
    func expectRight(_ program: Program?, _ terms: [Int64]) throws {
      let program = try #require(program)
      for (place, term) in terms.enumerated() { #expect(value(program, Int64(place) + 1) == term) }
    }
  }

  /// Sums are those of the interpreter, on numbers that they were not found by too; each is there once, likely ones first.
  @Test func sumsAreThoseOfTheInterpreter() throws {
    let look = try Look(Array(repeating: 0, count: 20), work: 5_000)
    let sums = look.numbered.sums
    #expect(sums.count > 20 && Set(sums.map(\.row)).count == sums.count)
    #expect(zip(sums, sums.dropFirst()).allSatisfy { $0.bits <= $1.bits })
    for sum in sums.prefix(40) {
      for number in [0, 1, 2, 7, 15, 16, 20] {
        #expect(sum.value(number) == look.value(sum.program, Int64(number)))
      }
    }
  }

  /// Every set of the numbers 0 … 15 that comparing a sum with a term tells is there once, with a test of the least bits, and its
  /// members are those that pass the test.
  @Test func setsAreThoseThatComparisonsTell() throws {
    let look = try Look(Array(repeating: 0, count: 20), work: 3_000)
    var least: [[Bool]: Double] = [:]
    for sum in look.numbered.sums {
      for term in look.numbered.rows.prefix(20) {
        for relation in [(==), (<), (>)] as [(Int64, Int64) -> Bool] {
          let set = zip(sum.row, term.row).map(relation)
          guard 3...13 ~= set.count(where: { $0 }) else { continue }
          least[set] = min(least[set] ?? .infinity, sum.bits + term.bits)
        }
      }
    }
    let sets = look.sets
    var found: Set<[Bool]> = []
    for (rank, set) in sets.enumerated() {
      let passes = (0..<16).map { set.contains($0)! }
      #expect(least[passes] != nil && found.insert(passes).inserted)
      guard rank % 16 == 0 else { continue }
      let term = look.grammar.term(of: set.test)
      let members = (0..<24).filter {
        Interpreter(look.grammar).run(term, on: [.int($0)]).value == .bool(true)
      }
      for (k, member) in members.enumerated() {
        #expect(set.member(Int64(k), upTo: 23) == member && set.place(of: member, upTo: 23) == Int64(k))
      }
      #expect(set.member(Int64(members.count), upTo: 23) == nil && set.member(-1, upTo: 23) == nil)
      #expect((0..<24).filter { set.place(of: $0, upTo: 23) != nil } == members)
    }
    #expect(found.count == least.count)
  }

  /// Programs drawn from the language with a set as a part: differences and products of members, members at members, members
  /// beside stored terms. What is found is right, and no longer than what was drawn.
  @Test func programsOfMembersAreRecovered() throws {
    var generator = SeededGenerator(seed: 2, name: "members")
    let plain = try Look(Array(repeating: 0, count: 20), work: 3_000)
    let sets = plain.sets.prefix(40).filter { set in (0..<32).allSatisfy { set.member($0, upTo: 100) != nil } }
    #expect(sets.count > 8)
    for form in 0..<5 {
      let set = sets[Int(generator.below(UInt64(sets.count)))]
      func member(_ k: Int64) -> Int64 { set.member(k, upTo: 400)! }
      func written(_ k: String) throws -> Program {
        plain.shape.program([set.test], count: try plain.program(k), starts: [])
      }
      func written(_ op: Operator, _ a: Program, _ b: Program) throws -> Program {
        let number = plain.grammar.nonterminals[0].productions.first {
          plain.grammar.productions[$0].symbol == .operation(op)
        }
        return Program(try #require(number), [a, b])
      }
      let (drawn, term): (Program, (Int64) -> Int64) =
        switch form {
        case 0: (try written(.subtract, written("(+ n 1)"), written("n")), { member($0 + 1) - member($0) })
        case 1: (try written(.multiply, written("n"), written("(+ n 1)")), { member($0) * member($0 + 1) })
        case 2: (try written(.multiply, written("n"), written("n")), { member($0) * member($0) })
        case 3: (plain.shape.program([set.test], count: try written("n"), starts: []), { member(member($0)) })
        default: (try written(.add, written("n"), plain.program("(+ n n)")), { member($0) + 2 * $0 })
        }
      let terms = (1...10).map { term($0) }
      let look = try Look(terms, work: 3_000)
      let found = look.inversion.members(look.numbered, look.shape, look.machine) { false }
      try look.expectRight(found, terms)
      #expect(plain.grammar.probability(of: try #require(found)) >= plain.grammar.probability(of: drawn))
    }
  }

  /// Numbers at which a sum drawn from the language and the same sum at n + 2 make a constant together are found.
  @Test(.enabled(if: isLongRun, "LEVIN_LONG=1"))
  func testsOfTwoSumsAreRecovered() throws {
    let plain = try Look(Array(repeating: 0, count: 20), work: 5_000)
    var tested = 0
    for sum in plain.numbered.sums.prefix(60) where tested < 1 {
      let words = (0..<64).map { sum.value($0)! + sum.value($0 + 2)! }
      for constant in plain.numbered.rows.prefix(8) where Set(constant.row).count == 1 && tested < 1 {
        let members = words.indices.filter { words[$0] == constant.value(0) }
        guard members.count >= 8, 3...13 ~= members.count(where: { $0 < 16 }), members[7] != 7 else { continue }
        tested += 1
        let terms = members.prefix(8).map { Int64($0) }
        let look = try Look(terms, work: 5_000)
        try look.expectRight(look.inversion.pairedSums(look.numbered, look.machine) { false }, terms)
      }
    }
    #expect(tested > 0)
  }
}
