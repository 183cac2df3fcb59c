import Evaluation
import ExactArithmetic
import Grammars
import Randomness
import Search
import Tasks
import TestSupport
import Testing

/// Languages with finitely many functions on the examples: the search says when there is no other.
@Suite struct ClosureTests {
  private static let inputs = [[false, false], [false, true], [true, false], [true, true]]
  private static let tables: [String: @Sendable (Int, Int) -> Int] = [
    "and": { $0 & $1 }, "or": { $0 | $1 }, "xor": { $0 ^ $1 }, "=>": { (~$0 & 15) | $1 },
  ]

  private static func grammar(_ operators: [String]) throws -> Grammar {
    let terms = operators.map { $0 == "not" ? "(not S)" : "(\($0) S S)" }.joined(separator: " ")
    let text = "(synth-fun f ((x Bool) (y Bool)) Bool ((S Bool)) ((S Bool (x y \(terms)))))"
    return try SyGuSReader.problem(Array(text.utf8), file: "boolean").grammar
  }

  /// Truth tables, four bits each, of all terms: the least set with x and y that is closed under the operators.
  private static func closure(_ operators: [String]) -> Set<Int> {
    var known: Set = [0b1100, 0b1010]
    while true {
      var next = known
      for a in known {
        for name in operators {
          if name == "not" { next.insert(~a & 15) } else { for b in known { next.insert(tables[name]!(a, b)) } }
        }
      }
      if next == known { return known }
      known = next
    }
  }

  private static func table(_ program: Program, _ grammar: Grammar) -> Int {
    let interpreter = Interpreter(grammar)
    return inputs.indices.reduce(0) { table, place in
      let value = interpreter.run(grammar.term(of: program), on: inputs[place].map { .bool($0) }).value
      return table | (value == .bool(true) ? 1 << place : 0)
    }
  }

  @Test(arguments: [["and", "or"], ["xor"], ["not"], ["=>"], ["and", "not"], ["or", "xor"]], [false, true])
  func allFunctionsAreFoundAndNoMore(_ operators: [String], countsMass: Bool) throws {
    let grammar = try Self.grammar(operators)
    let functions = Self.closure(operators)
    var generator = SeededGenerator(seed: 3, name: operators.joined())
    for _ in 0..<4 {
      // Some outputs are given, the others free.
      let (target, given) = (Int(generator.below(16)), 1 + Int(generator.below(15)))
      let known = (0..<4).filter { given >> $0 & 1 == 1 }
      let training = known.map { place in
        Example(inputs: Self.inputs[place].map { .bool($0) }, output: .bool(target >> place & 1 == 1))
      }
      let probes = (0..<4).filter { !known.contains($0) }.map { place in Self.inputs[place].map { Value.bool($0) } }
      var configuration = LengthOrderedSearch.Configuration()
      configuration.top = 17
      configuration.countsMass = countsMass
      let report = try LengthOrderedSearch(grammar, configuration).run(training: training, probes: probes)
      let expected = functions.filter { ($0 ^ target) & given == 0 }
      #expect(report.stop == .noOtherFunction)
      #expect(Set(report.solutions.map { Self.table($0.program, grammar) }) == expected)
      #expect(report.solutions.count == expected.count)
    }
  }

  /// What one function is enough for ends as found, and without masses there is no further work to do.
  @Test func oneFunctionIsFound() throws {
    let grammar = try Self.grammar(["and", "or"])
    let training = Self.inputs.map { Example(inputs: $0.map { .bool($0) }, output: .bool($0[0] && $0[1])) }
    var configuration = LengthOrderedSearch.Configuration()
    configuration.countsMass = false
    let report = try LengthOrderedSearch(grammar, configuration).run(training: training)
    #expect(report.stop == .found && report.solutions.count == 1)
    #expect(report.candidates < 100)
  }

  /// Partial functions: 6 div x has no value at 0, and what is built on it has none there either.
  @Test func partialFunctionsAreFunctionsToo() throws {
    let text = "(synth-fun f ((x Int)) Int ((S Int)) ((S Int (x (div S S) (ite (= S S) S S)))))"
    let grammar = try SyGuSReader.problem(Array(text.utf8), file: "partial").grammar
    let training = [0, 3].map { Example(inputs: [.int($0)], output: .int(7)) }
    let report = try LengthOrderedSearch(grammar).run(training: training)
    #expect(report.stop == .noOtherFunction && report.solutions.isEmpty)
  }
}
