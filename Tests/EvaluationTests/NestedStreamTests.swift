import Evaluation
import Grammars
import Randomness
import TestSupport
import Testing

/// `nested` and `solve`: values by hand, by a second route, and the same values and steps from every machine.
@Suite struct NestedStreamTests {
  /// Sums by a transducer, below brackets 8 and 9 and an unknown 7.
  private static let sum =
    "(transduce2 (pair 0 1) (lambda ((s Int) (t Int) (x Int)) (pair (+ s (* t x)) 1)) (lambda ((s Int) (t Int) (x Int)) s))"
  private static let nestedSum = "(cons (nested (lambda ((xs (List Int))) \(sum)) 8 9) nil)"
  private static let solvedSum =
    "(cons (solve (lambda ((xs (List Int))) (nested (lambda ((xs (List Int))) (transduce2 (pair 0 1) (lambda ((s Int) (t Int) (x Int)) (pair (+ s x) t)) (lambda ((s Int) (t Int) (x Int)) (mod s 5)))) 8 9)) 7) nil)"

  private struct Machines {
    let grammar: Grammar
    let flat: FlatMachine
    let terms: TermMachine

    init() throws {
      grammar = try StructuredLanguage.nested.grammar()
      (flat, terms) = (try FlatMachine(grammar), TermMachine(grammar))
    }

    /// The answer of all machines; nil without a value.
    func run(_ text: String, _ stream: [Int64], limit: UInt64 = 100_000) throws -> Int64? {
      let term = try SyGuSReader.term(text, in: grammar)
      let outcome = Interpreter(grammar).run(term, on: [.list(stream)], stepLimit: limit)
      let (word, reason, steps) = terms.run(
        terms.number(of: term), on: [terms.word(.list(stream))], stepLimit: limit)
      #expect(word.map { terms.value($0, .list) } == outcome.value && steps == outcome.steps, "\(text) on \(stream)")
      let program = try #require(grammar.derivation(of: term))
      let marks = (flat.mark, flat.listMark)
      defer { (flat.mark, flat.listMark) = marks }
      let own = flat.run(flat.compile(program), on: [flat.word(.list(stream))], stepLimit: limit)
      #expect(own.word.map { flat.value($0, .list) } == outcome.value, "\(text) on \(stream)")
      if outcome.value != nil { #expect(own.steps == outcome.steps) }
      if case .none(let expected) = outcome.answer {
        #expect(reason == expected && (own.reason == expected || own.reason == .stepLimit))
      }
      return outcome.value?.elements[0]
    }
  }

  @Test func groupsGiveWayToTheirValues() throws {
    let machines = try Machines()
    let cases: [([Int64], Int64?)] = [
      ([3], 3), ([1, 2, 3], 6), ([8, 3, 9], 3), ([8, 8, 1, 2, 9, 3, 9, 4], 10), ([8, 1, 9, 8, 2, 9], 3), ([], nil),
      ([8, 9], nil), ([8, 1], nil), ([1, 9], nil), ([9, 1, 8], nil), ([8, 8, 1, 9], nil), ([1, 8, 9, 2], nil),
    ]
    for (stream, answer) in cases { #expect(try machines.run(Self.nestedSum, stream) == answer, "\(stream)") }
    // A value may be the number of a bracket: it is read as a symbol.
    #expect(try machines.run(Self.nestedSum, [8, 4, 4, 9, 1]) == 9)
    // Steps by hand: cons and the element it writes, nil, nested, lambda, 8, 9, and symbols read; per body a transducer with its start and lambdas (6), per
    // symbol the pair with s + t·x and 1 (7), and the output (1).
    let term = try SyGuSReader.term(Self.nestedSum, in: machines.grammar)
    #expect(Interpreter(machines.grammar).run(term, on: [.list([1, 2])]).steps == 7 + 2 + 6 + 2 * 7 + 1)
    #expect(Interpreter(machines.grammar).run(term, on: [.list([8, 1, 9, 2])]).steps == 7 + 4 + 2 * 6 + 3 * 7 + 2)
  }

  @Test func unknownsAreTheLeastThatSolve() throws {
    let machines = try Machines()
    let cases: [([Int64], Int64?)] = [
      ([7, 3], 2), ([7, 0], 0), ([8, 7, 1, 9, 2], 2), ([4, 1], 0), ([7, 7, 1], 2), ([7, 8, 9], nil), ([], nil),
      ([1, 1], nil),
    ]
    for (stream, answer) in cases {
      #expect(try machines.run(Self.solvedSum, stream, limit: 3_000) == answer, "\(stream)")
    }
  }

  /// Random words, most of which pair, deep ones too, at all limits: the sum of the symbols is the sum of sums.
  @Test func machinesAgreeOnRandomWords() throws {
    let machines = try Machines()
    var generator = SeededGenerator(seed: 4, name: "nested")
    var answers = 0
    for _ in 0..<150 {
      let stream = Self.word(depth: Int(generator.below(6)), &generator)
      let sum = stream.filter { $0 < 8 }.reduce(0, +)
      #expect(try machines.run(Self.nestedSum, stream) == sum)
      _ = try machines.run(Self.nestedSum, stream, limit: generator.below(200))
      answers += try machines.run(Self.solvedSum, stream, limit: 2_000) == nil ? 0 : 1
      let noise = (0..<Int(generator.below(9))).map { _ in 5 + Int64(generator.below(5)) }
      for text in [Self.nestedSum, Self.solvedSum] { _ = try machines.run(text, noise, limit: 1_000) }
    }
    #expect(answers > 20)
    let deep = Array(repeating: Int64(8), count: 5_000) + [6] + Array(repeating: 9, count: 5_000)
    #expect(try machines.run(Self.nestedSum, deep, limit: 1_000_000) == 6)
  }

  private static func word(depth: Int, _ generator: inout SeededGenerator) -> [Int64] {
    (0...Int(generator.below(3))).flatMap { _ in
      depth == 0 || generator.below(2) == 0
        ? [Int64(generator.below(8))] : [8] + word(depth: depth - 1, &generator) + [9]
    }
  }
}
