import Evaluation
import Grammars
import Randomness
import Testing

@Suite struct DefinedFunctionsAgreeWithTheInterpreter {
  @Test func onRandomBodies() throws {
    var terms = RandomTerms(generator: SeededGenerator(seed: 6), definitions: [])
    for round in 0..<60 {
      let sorts = Array([Sort.int, .bool, .int].prefix(1 + round % 3))
      let sort: Sort = round % 4 == 3 ? .bool : .int
      let body = terms.term(sort, sorts, depth: 1 + round % 3)
      let definition = Grammar.Definition(name: "f\(round)", parameters: parameters(sorts), sort: sort, body: body)
      let grammar = language(sorts, definitions: [definition], modulus: 7)
      let inputs = Array(Samples.product(sorts, random: 2).shuffled(seed: UInt64(round)).prefix(120))
      let call = Term.call(0, sorts.indices.map { .variable($0) })
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

  @Test func whenABodyIsOneOfItsArgumentsOrAConstant() throws {
    let bodies: [Term] = [
      .variable(1), .constant(.int(42), name: nil), .operation(.add, [.variable(1), .variable(1)]),
    ]
    let inputs = Samples.product([.int, .int], random: 0)
    for body in bodies {
      let definition = Grammar.Definition(name: "f", parameters: parameters([.int, .int]), sort: .int, body: body)
      let grammar = language([.int, .int], definitions: [definition])
      let program = try RowProgram(definition, in: grammar, tables: KernelTables(modulus: nil))
      let words = inputs.map { word(Interpreter(grammar).run(body, on: $0)) }
      #expect(run(program, inputs, lanes: 8) == words, "\(body)")
    }
  }

  @Test func exceptThoseThatAreTooLargeToCompile() {
    let four = Grammar.Definition(
      name: "f", parameters: parameters([.int, .int, .int, .int]), sort: .int, body: .variable(3))
    let chain = (0..<70).reduce(Term.variable(0)) { term, _ in .operation(.negate, [term]) }
    let long = Grammar.Definition(name: "g", parameters: parameters([.int]), sort: .int, body: chain)
    let sum = (1..<65).reduce(Term.constant(.int(100), name: nil)) {
      .operation(.add, [$0, .constant(.int(Int64($1)), name: nil)])
    }
    let wide = Grammar.Definition(name: "h", parameters: parameters([.int]), sort: .int, body: sum)
    for definition in [four, long, wide] {
      #expect(throws: RowProgram.Unsupported.self) {
        try RowProgram(definition, in: language([.int], definitions: [definition]), tables: KernelTables(modulus: nil))
      }
    }
    checkAgreement(.call(0, [.variable(0)]), language([.int], definitions: [long]), Samples.product([.int]))
    checkAgreement(.call(0, [.variable(0)]), language([.int], definitions: [wide]), Samples.product([.int]))
  }
}
