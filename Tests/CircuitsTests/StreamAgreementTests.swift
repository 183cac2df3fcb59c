import Circuits
import Grammars
import Networks
import Randomness
import TestSupport
import Testing

/// States of programs on streams, and networks whose state is known.
@Suite struct StreamAgreementTests {
  private static func grammar(_ name: String) throws -> Grammar {
    try SyGuSReader.problem(
      Array(Repository.text(Repository.root + "/grammars/\(name).sl").utf8), file: "\(name).sl"
    ).grammar
  }

  private static func program(
    _ text: String, _ name: String, on inputs: Inputs, after: Int?
  ) throws -> StudiedProgram {
    let grammar = try grammar(name)
    return try StudiedProgram(SyGuSReader.term(text, in: grammar), in: grammar, on: inputs, statesAfter: after)
  }

  private static let counter = "(cons (mod (sum xs) 3) nil)"

  private static func transducer(_ start: Int, _ update: String, _ output: String) -> String {
    "(cons (transduce \(start) (lambda ((s Int) (x Int)) \(update)) (lambda ((s Int) (x Int)) \(output))) nil)"
  }

  /// A machine with the same states and answers, run without any term.
  private struct Machine: Sendable {
    let language: String
    let text: String
    let names: [String]
    let start: [Int]
    let update: @Sendable ([Int], Int) -> [Int]
    /// Of the states behind the last symbol, and that.
    let output: @Sendable ([Int], Int) -> Int

    func states(_ stream: some Sequence<Int>, from start: [Int]? = nil) -> [Int] {
      stream.reduce(start ?? self.start, update)
    }
  }

  private static let machines = [
    Machine(
      language: "lists", text: counter, names: ["(sum xs)"], start: [0], update: { [$0[0] + $1] },
      output: { s, _ in s[0] % 3 }),
    Machine(
      language: "lists", text: "(cons (mod (fold (lambda ((a Int) (e Int)) (+ e (* a 2))) 1 xs) 3) nil)", names: ["a"],
      start: [1], update: { [$1 + 2 * $0[0]] }, output: { s, _ in s[0] % 3 }),
    Machine(
      language: "transducers", text: transducer(2, "(+ s x)", "(mod (+ s x) 3)"), names: ["s"], start: [2],
      update: { [$0[0] + $1] }, output: { ($0[0] + $1) % 3 }),
    Machine(
      language: "transducers",
      text:
        "(cons (transduce2 (pair 0 1) (lambda ((s Int) (t Int) (x Int)) (pair (+ t x) s)) (lambda ((s Int) (t Int) (x Int)) (mod (+ s t) 3))) nil)",
      names: ["s", "t"], start: [0, 1], update: { [$0[1] + $1, $0[0]] }, output: { s, _ in (s[0] + s[1]) % 3 }),
    // The stream is read beside the sum.
    Machine(
      language: "lists", text: "(cons (mod (+ (sum xs) (last xs)) 3) nil)", names: ["(sum xs)"], start: [0],
      update: { [$0[0] + $1] }, output: { ($0[0] + $1) % 3 }),
  ]

  /// Values of states and answers from other states, by machines run symbol by symbol: all pairs of streams, all places.
  @Test(arguments: 0..<5) func statesAreThoseOfTheMachine(_ number: Int) throws {
    let machine = Self.machines[number]
    let inputs = StreamCounter.inputs(length: 4, outputs: 3)
    let streams = inputs.values.map { $0[0].elements.map { Int($0) } }
    for after in 1..<4 {
      let program = try Self.program(machine.text, machine.language, on: inputs, after: after)
      let states = program.variables.filter { $0.after != nil }
      // What was the second state before the first symbol is the first behind it, whatever that is.
      let components = machine.start.indices.filter { component in
        Set(streams.map { machine.states($0.prefix(after))[component] }).count > 1
      }
      #expect(states.map(\.text) == components.map { "\(machine.names[$0]) after \(after)" })
      for (component, variable) in zip(components, states) {
        for source in streams.indices {
          let value = machine.states(streams[source].prefix(after))[component]
          #expect(variable.values[source] == .int(Int64(value)))
          for base in streams.indices {
            var there = machine.states(streams[base].prefix(after))
            there[component] = value
            let end = machine.states(streams[base].dropFirst(after), from: there)
            #expect(
              program.answer(on: base, setting: variable, from: source)
                == Int32(machine.output(end, streams[base].last!)))
          }
        }
      }
    }
  }

  /// A list of the answer alone and what keeps a state are no variables beside.
  @Test func variablesAreStatesAndTheAnswer() throws {
    let inputs = StreamCounter.inputs(length: 4, outputs: 3)
    let counter = try Self.program(Self.counter, "lists", on: inputs, after: 2)
    #expect(counter.variables.map(\.text) == ["(sum xs) after 2", Self.counter])
    #expect(counter.variables.map(\.after) == [2, nil])
    // Without a place there are no states.
    #expect(
      try Self.program(Self.counter, "lists", on: inputs, after: nil).variables.map(\.text)
        == ["(sum xs)", "(mod (sum xs) 3)", Self.counter])
    let lengths = try Self.program("(cons (mod (+ (sum xs) (length xs)) 3) nil)", "lists", on: inputs, after: 2)
    #expect(lengths.constants == ["(length xs)"])
  }

  @Test func placesAndStreamsThatHaveNoStateAreRefused() throws {
    let inputs = StreamCounter.inputs(length: 4, outputs: 3)
    for after in [0, 4] {
      #expect(throws: CircuitError.notDefined("a state after \(after) of 4 symbols; expected 1 … 3")) {
        try Self.program(Self.counter, "lists", on: inputs, after: after)
      }
    }
    let uneven = Inputs(
      values: [[.list([0, 1])], [.list([1])]], tokens: [0, 1, 1, 3], positions: 2,
      answers: [.list([0]): 0, .list([1]): 1], vocabulary: 4, outputs: 2...2)
    #expect(throws: CircuitError.notDefined("states are those of a program of one list, on lists of one length")) {
      try Self.program("(cons (sum xs) nil)", "lists", on: uneven, after: 1)
    }
    let two = "(cons (+ (transduce 0 \(Self.lambdas)) (transduce 1 \(Self.lambdas))) nil)"
    #expect(throws: CircuitError.self) { try Self.program(two, "transducers", on: inputs, after: 2) }
  }

  private static let lambdas = "(lambda ((s Int) (x Int)) (+ s x)) (lambda ((s Int) (x Int)) s)"

  private static var small: Agreement.Options {
    var options = Agreement.Options()
    options.alignment = .rotation
    options.rotationSizes = [1, 2, 4]
    options.maxDimensions = 4
    (options.pairs, options.fittingPairs, options.rotationSteps) = (500, 500, 60)
    return options
  }

  /// The subspace is known: in it, and only in all of it, states are exchanged, between places too.
  @Test(arguments: [2, 3, 5]) func counterKeepsItsStateWhereItWasPut(_ m: Int) throws {
    let inputs = StreamCounter.inputs(length: 8, outputs: m)
    let counter = StreamCounter(modulus: m)
    let runner = Runner(try counter.subject(on: inputs))
    let program = try Self.program("(cons (mod (sum xs) \(m)) nil)", "lists", on: inputs, after: 4)
    #expect(try runner.run(Array(0..<inputs.count)).answers.map { Optional($0) } == program.answers)
    var generator = SeededGenerator(seed: 1)
    let pairs = try InterchangePairs(
      program, program.variables[0], from: Array(0..<inputs.count), count: 1000, drawing: .all, using: &generator)
    let site = try SiteActivations(runner, at: Site("rnn.hook_hidden", position: 3))
    let state = counter.stateSubspace
    #expect(state.dimensions == m - 1 && state.width == 2 * m)
    #expect(try site.accuracy(pairs, in: state) == Proportion(1000, of: 1000))
    // What tells the last symbol exchanges none.
    let unchanged = zip(pairs.bases, pairs.expected).count { program.answers[$0] == $1 }
    let rest = try Subspace(
      spannedBy: Matrix((0..<m).map { i in (0..<2 * m).map { $0 == i ? 1.0 : $0 == i + m ? -1 : 0 } }), at: "the rest")
    #expect(try site.accuracy(pairs, in: rest) == Proportion(unchanged, of: 1000))
  }

  @Test func counterAgreesWithItsProgram() throws {
    let inputs = StreamCounter.inputs(length: 8, outputs: 3)
    let agreement = try Agreement(
      Self.program(Self.counter, "lists", on: inputs, after: 4), StreamCounter(modulus: 3).subject(on: inputs),
      decoys: [("sum + 1", Self.program("(cons (mod (+ 1 (sum xs)) 3) nil)", "lists", on: inputs, after: 4))],
      options: Self.small)
    #expect(agreement.behaviour.alike == Proportion(256, of: 256))
    #expect(agreement.variables.map(\.variable) == ["(sum xs) after 4"])
    let state = agreement.variables[0]
    #expect(state.fitted.site == Site("rnn.hook_hidden", position: 3) && state.fitted.subspace.dimensions == 2)
    #expect(state.accuracy == Proportion(500, of: 500) && state.verdict == .implemented)
    #expect(state.discriminating.count > 200 && state.discriminating.share == 1)
    // One code at all times, and nothing beside it.
    #expect(state.elsewhere.map(\.after) == Array(1..<8) && state.elsewhere.allSatisfy { $0.accuracy.share == 1 })
    #expect(state.sufficiency.recovered > 0.99 && state.sufficiency.recoveredByScrubbing > 0.99)
    // The program counts to four, the network knows the count modulo 3.
    let map = try #require(state.states)
    #expect(map.groups.map { $0.values.map(\.word) } == [[0, 3], [1, 4], [2]])
    #expect(map.explained > 0.99 && map.groups.allSatisfy { !$0.points.isEmpty })
    // Components are no null of a state; the other nulls stay below it.
    #expect(state.nulls.map(\.name) == ["5 random subspaces", "untrained network", "sum + 1"])
    #expect(state.principalComponents != nil && state.null < 0.6)
  }

  /// Of long streams some places are looked at, that of the state among them.
  @Test func placesOfLongStreamsAreSpread() throws {
    var generator = SeededGenerator(seed: 2)
    let streams = (0..<24).map { _ in (0..<40).map { _ in Int64(generator.below(2)) } }
    let inputs = Inputs(
      values: streams.map { [.list($0)] }, tokens: streams.flatMap { $0.map { Int32($0) } }, positions: 40,
      answers: [.list([0]): 0, .list([1]): 1], vocabulary: 4, outputs: 2...2)
    var options = Self.small
    (options.rotationSizes, options.rotationSteps) = ([1], 2)
    let agreement = try Agreement(
      Self.program("(cons (mod (sum xs) 2) nil)", "lists", on: inputs, after: 20),
      StreamCounter(modulus: 2).subject(on: inputs), options: options)
    #expect(agreement.variables[0].elsewhere.map(\.after) == [1, 4, 7, 10, 13, 16, 19, 20, 22, 25, 28, 31, 34, 37])
  }

  /// Another network's state: what steps by 2 counts otherwise, though with the same states in the same places.
  @Test func counterThatStepsOtherwiseIsStopped() throws {
    let inputs = StreamCounter.inputs(length: 8, outputs: 3)
    let other = try StreamCounter(modulus: 3).subject(on: inputs, step: 2)
    let program = try Self.program(Self.counter, "lists", on: inputs, after: 4)
    let stopped = try Agreement(program, other, options: Self.small)
    #expect(stopped.overall == nil && stopped.behaviour.alike.share < 0.5)
    let doubled = try Self.program("(cons (mod (* 2 (sum xs)) 3) nil)", "lists", on: inputs, after: 4)
    #expect(try Agreement(doubled, other, options: Self.small).variables[0].verdict == .implemented)
  }

  /// The older of two symbols that are kept is gone one symbol later.
  @Test func statesThatChangeNoAnswerAreNamed() throws {
    let inputs = StreamCounter.inputs(length: 6, outputs: 2)
    let window = """
      (cons (transduce2 (pair 0 0) (lambda ((s Int) (t Int) (x Int)) (pair t x)) \
      (lambda ((s Int) (t Int) (x Int)) (* s t))) nil)
      """
    let subject = try StreamCounter(modulus: 2).subject(on: inputs)
    var options = Self.small
    options.ignoresBehaviour = true
    let near = try Agreement(
      Self.program(window, "transducers", on: inputs, after: 5), subject, options: options)
    #expect(near.idleStates == ["s after 5"] && near.variables.map(\.variable) == ["t after 5"])
    #expect(
      throws: CircuitError.noEffectivePairs("t after 3", within: "the half of 32 inputs that is fitted on")
    ) {
      try Agreement(Self.program(window, "transducers", on: inputs, after: 3), subject, options: options)
    }
  }
}
