import Evaluation
import Grammars
import Randomness
import Testing

/// Calls take values: an argument without one ends the run, whether or not the body would have read it.
@Suite struct CallsAreStrict {
  @Test func inRandomNestedCalls() throws {
    var terms = RandomTerms(generator: SeededGenerator(seed: 6), definitions: [])
    for round in 0..<60 {
      let sorts = Array([Sort.int, .bool, .int].prefix(1 + round % 3))
      let sort: Sort = round % 4 == 3 ? .bool : .int
      let body = terms.term(sort, sorts, depth: 1 + round % 3)
      let definition = Grammar.Definition(name: "f\(round)", parameters: parameters(sorts), sort: sort, body: body)
      terms.definitions.append(definition)
      let grammar = language(sorts, definitions: terms.definitions, modulus: 7)
      let inputs = Array(Samples.product(sorts, random: 2).shuffled(seed: UInt64(round)).prefix(120))
      let call = Term.call(round, sorts.indices.map { .variable($0) })
      checkAgreement(call, grammar, inputs)
      checkAgreement(terms.term(.int, sorts, depth: 3), grammar, inputs)
      guard let program = try? RowProgram(definition, in: grammar, tables: KernelTables(modulus: 7)) else { continue }
      let interpreter = Interpreter(grammar)
      for lanes in [8, 16, 24] {
        for (arguments, found) in zip(inputs, run(program, inputs, lanes: lanes)) {
          check(
            found == word(interpreter.run(call, on: arguments)), "\(body) on \(arguments) in \(lanes) lanes: \(found)")
        }
      }
    }
  }

  /// Calls are strict: an argument without a value takes the call's value away even where the body ignores it.
  @Test func whenAnArgumentWithoutAValueIsNotRead() throws {
    let bodies: [Term] = [
      .variable(0), .constant(.int(3), name: nil),
      .operation(
        .ite, [.operation(.less, [.variable(0), .constant(.int(0), name: nil)]), .variable(0), .variable(1)]),
    ]
    let missing = Term.operation(.div, [.variable(0), .variable(1)])
    for body in bodies {
      let inner = Grammar.Definition(name: "f", parameters: parameters([.int, .int]), sort: .int, body: body)
      let call = Term.call(0, [.variable(0), missing])
      let outer = Grammar.Definition(name: "g", parameters: parameters([.int, .int]), sort: .int, body: call)
      let grammar = language([.int, .int], definitions: [inner, outer])
      let inputs = Samples.product([.int, .int], random: 0)
      checkAgreement(call, grammar, inputs)
      checkAgreement(.operation(.add, [call, .variable(0)]), grammar, inputs)
      let program = try RowProgram(outer, in: grammar, tables: KernelTables(modulus: nil))
      #expect(run(program, inputs, lanes: 8) == inputs.map { word(Interpreter(grammar).run(call, on: $0)) }, "\(body)")
    }
  }
}
