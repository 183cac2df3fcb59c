import Evaluation
import ExactArithmetic
import Grammars
import Randomness
import Tasks
import TestSupport
import Testing

@testable import Search

/// What a level costs to look up, kept from step to step, and conditions on more examples than a word has bits.
@Suite struct LookupCostTests {
  /// Costs that were kept while levels were stored are those that a search without a past finds.
  @Test(arguments: ReplayTests.Sample.all) func keptCostsAreThoseOfANewSearch(_ sample: ReplayTests.Sample) throws {
    let grammar = try sample.grammar()
    var generator = SeededGenerator(seed: 5, name: "costs")
    let tables = KernelTables(grammar)
    let inputs = BruteForceTests.inputs(grammar, count: 4, &generator)
    let bank = try ClassBank(
      grammar: grammar, signature: Signature(inputs: inputs, tables: tables), countsMass: generator.next() & 1 == 1,
      memoryLimit: 1 << 30, tables: tables, stepLimit: 1_000)
    let kept = GoalSearch(bank)
    var asked = 0
    var coverable = 0
    while bank.candidates < 4_000, asked < 400, let level = bank.upcoming() {
      guard bank.store(level) == .level else { break }
      let stored = bank.tables[0].levels
      let fresh = GoalSearch(bank)
      for ordinal in stored..<stored + 4 {
        let (a, b) = (kept.cost(0, ordinal), fresh.cost(0, ordinal))
        asked += 1
        guard let a, let b else {
          #expect(a == nil && b == nil, "level \(ordinal), \(stored) stored")
          continue
        }
        coverable += 1
        #expect(abs(a - b) <= 1e-9 * max(a, b), "level \(ordinal), \(stored) stored")
      }
    }
    #expect(asked > 10)
    #expect(coverable > 0 || grammar.isStructured)
  }

  /// With a hundred examples in the signature a choice is made on all of them; whatever their number, what is found is the same.
  @Test(arguments: [8, 64, 65, 100, 130]) func choicesAreFoundOnAnyNumberOfExamples(_ count: Int) throws {
    let text = """
      (set-logic LIA)
      (synth-fun f ((a Int) (b Int)) Int ((E Int) (B Bool)) (
        (E Int ((! a :probability 1/3) (! b :probability 1/5) (! 3 :probability 1/5) (! (+ E E) :probability 1/15)
          (! (ite B E E) :probability 1/5)))
        (B Bool ((< E E) (= E E)))))
      (check-synth)
      """
    let grammar = try SyGuSReader.problem(Array(text.utf8), file: "choice.sl").grammar
    var generator = SeededGenerator(seed: 11, name: "choices")
    let inputs = BruteForceTests.inputs(grammar, count: 140, &generator)
    let training = inputs.map { input in
      let (a, b) = (input[0].word, input[1].word)
      return Example(inputs: input, output: .int(a < b ? b : a + 3))
    }
    var configuration = LengthOrderedSearch.Configuration()
    configuration.signatureExamples = count
    configuration.maxBits = 18
    configuration.extraWork = 1e9
    let report = try LengthOrderedSearch(grammar, configuration).run(training: training)
    let found = try #require(report.solutions.first)
    #expect(SyGuSPrinter(grammar).text(grammar.term(of: found.program)) == "(ite (< a b) b (+ a 3))")
    #expect(report.completeLevels > report.storedLevels)
    let brute = BruteForce(grammar, bits: 18)
    let expected = brute.functions(agreeingWith: training, on: inputs)
    #expect(expected.count == 1)
    #expect(found.program == expected[0].first)
    // On few examples others agree too, and have their part in the mass.
    #expect(count == 8 ? found.mass! >= expected[0].mass : found.mass == expected[0].mass)
    #expect(report.programs == BigInteger(brute.programs.count))
  }
}
