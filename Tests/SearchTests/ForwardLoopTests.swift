import Evaluation
import Grammars
import Randomness
import Tasks
import Testing

@testable import Search

/// Loops that are run forward.
@Suite struct ForwardLoopTests {
  /// Loops drawn from the language, with a choice in the body and n in the start, the body or both: found, by a program no longer
  /// than the drawn one.
  @Test func loopsWithNInThemAreRecovered() throws {
    let grammar = try LoopInversionTests.sequences()
    let interpreter = Interpreter(grammar)
    var generator = SeededGenerator(seed: 5, name: "forward")
    func draw(_ choices: [String]) -> String { choices[Int(generator.below(UInt64(choices.count)))] }
    var drawn: [[Int64]: Program] = [:]
    while drawn.count < 2 {
      let test = draw(["(< x y)", "(< y x)", "(= x y)"])
      let body = "(ite \(test) \(draw(["x", "y", "n", "1"])) \(draw(["x", "y", "n", "1"])))"
      let text = "(loop (lambda ((x Int) (y Int)) \(body)) \(draw(["n", "(- n 1)"])) \(draw(["n", "1", "2"])))"
      let term = try SyGuSReader.term(text, in: grammar)
      let terms = (1...12).compactMap { interpreter.run(term, on: [.int($0)]).value?.word }
      guard terms.count == 12, Set(terms).count > 1, text.dropFirst(30).contains("n") else { continue }
      drawn[terms] = grammar.derivation(of: term)
    }
    for (terms, program) in drawn {
      let examples = terms.enumerated().map {
        Example(inputs: [.int(Int64($0.offset) + 1)], output: .int($0.element))
      }
      let attempt = try TransducerInversionTests.attempt(grammar, examples, bits: 14)
      let found = try #require(LoopInversion(attempt, work: 1_000).forward(.first, work: 1_000) { false })
      expectRight(found, grammar, examples)
      #expect(grammar.probability(of: found) >= grammar.probability(of: program))
    }
  }

  /// A look with no more work than an earlier one would do the same again, and does nothing.
  @Test func noLookIsRepeated() throws {
    let grammar = try LoopInversionTests.sequences()
    let examples = (1...12).map { n in
      Example(inputs: [.int(Int64(n))], output: .int(Int64(n)))
    }
    let attempt = try TransducerInversionTests.attempt(grammar, examples, bits: 14)
    let inversion = LoopInversion(attempt, work: 1_000)
    #expect(inversion.forward(.first, work: 1_000) { false } != nil)
    #expect(inversion.forward(.first, work: 1_000) { false } == nil)
  }
}
