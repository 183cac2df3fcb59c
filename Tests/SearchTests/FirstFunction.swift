import Evaluation
import Grammars
import Tasks
import Testing

@testable import Search

/// A search for one function, without masses, that ends where the first is found.
func firstFunction(
  _ grammar: Grammar, _ examples: [Example], unproven: Bool, programs: UInt64? = nil,
  _ change: (inout LengthOrderedSearch.Configuration) -> Void = { _ in }
) throws -> SearchReport {
  var configuration = LengthOrderedSearch.Configuration()
  configuration.extraWork = 0
  configuration.probes = 0
  configuration.countsMass = false
  configuration.looksFurther = unproven
  configuration.maxPrograms = programs
  change(&configuration)
  return try LengthOrderedSearch(grammar, configuration).run(training: examples)
}

/// The program gives all outputs, by the interpreter.
func expectRight(_ program: Program, _ grammar: Grammar, _ examples: [Example]) {
  let interpreter = Interpreter(grammar)
  let term = grammar.term(of: program)
  #expect(grammar.derives(program))
  for example in examples { #expect(interpreter.run(term, on: example.inputs).value == example.output) }
}

/// What two searches found is right, and what the first found beyond the complete levels is no shorter than what the second proves.
func expectNoShorter(_ fast: SearchReport, than proven: SearchReport, _ grammar: Grammar, _ examples: [Example]) {
  for report in [fast, proven] {
    if let found = report.solutions.first { expectRight(found.program, grammar, examples) }
  }
  guard let found = fast.solutions.first, let least = proven.solutions.first else { return }
  #expect(found.probability <= least.probability)
  #expect(!fast.isShortest || found.program == least.program)
}
