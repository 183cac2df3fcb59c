import Evaluation
import ExactArithmetic
import Grammars
import Randomness
import TestSupport
import Testing

@testable import Search

/// The parts that transducers are put together from, compared with the interpreter and with plain lists.
@Suite struct TransducerPartsTests {
  private func grammar() throws -> Grammar { try StructuredLanguage.transducers.grammar() }

  /// The shapes of the shipped language: what they write is derived, and its bits are those of the shape and the parts.
  @Test func shapesWriteProgramsOfTheLanguage() throws {
    let grammar = try grammar()
    let shapes = TransducerShape.all(grammar)
    #expect(shapes.map(\.states) == [1, 2])
    #expect(try TransducerShape.all(StructuredLanguage.lists.grammar()).isEmpty)
    for shape in shapes {
      func first(_ nonterminal: Int) -> Program {
        Program(grammar.nonterminals[nonterminal].productions.lowerBound, [])
      }
      let parts = shape.starts + shape.updates + [shape.output]
      let program = shape.program(
        starts: shape.starts.map(first), updates: shape.updates.map(first), output: first(shape.output))
      #expect(grammar.derives(program))
      let bits = parts.reduce(shape.bits(grammar)) { $0 - grammar.probability(of: first($1)).log2 }
      #expect(bits == -grammar.probability(of: program).log2)
    }
  }

  /// Joined values are those of the interpreter, no value included; the second part is the one that gives the result.
  @Test func jointsAgreeWithTheInterpreter() throws {
    let grammar = try grammar()
    let shape = try #require(TransducerShape.all(grammar).first)
    let language = BodyLanguage(grammar, from: shape.updates[0])
    let interpreter = Interpreter(language.grammar)
    let joints = Joint.all(grammar, of: shape.updates[0])
    #expect(joints.count == 8)
    func leaf(_ variable: Int) -> Program {
      Program(
        grammar.nonterminals[shape.updates[0]].productions.first {
          grammar.productions[$0].symbol == .variable(shape.updateVariables[variable])
        }!, [])
    }
    let words: [Int64] = [0, 1, -1, 2, 7, -8, 60, 1 << 33, -(1 << 33) + 1, .max, .max - 1, -.max, Value.noValueWord]
    for joint in joints {
      let term = grammar.term(of: joint.program(leaf(0), leaf(1)))
      for s in words {
        for x in words {
          // Where a part has no value the whole has none, and there is no input to ask the interpreter.
          guard s != Value.noValueWord, x != Value.noValueWord else {
            #expect(joint.value(s, x) == Value.noValueWord)
            continue
          }
          var inputs = Array(repeating: Value.int(0), count: grammar.variables.count)
          inputs[shape.updateVariables[0]] = .int(s)
          inputs[shape.updateVariables[1]] = .int(x)
          let value = interpreter.run(term, on: inputs).value?.word
          #expect(joint.value(s, x) == value ?? Value.noValueWord)
          if let value, let second = joint.second(s, value) { #expect(joint.value(s, second) == value) }
        }
      }
    }
  }

  /// Tables of terms of a state hold the interpreter's values, from the least state to the greatest.
  @Test func tablesHoldTheValuesOfTheirTerms() throws {
    let grammar = try grammar()
    let shape = try #require(TransducerShape.all(grammar).first)
    let language = BodyLanguage(grammar, from: shape.output)
    let variable = shape.outputVariables[0]
    let terms = try #require(
      StateTerms(
        language, reading: variable, work: 3_000, most: 24, memoryLimit: 1 << 28, stepLimit: 4_000, { false }))
    #expect(terms.count == 24 && zip(terms.bits, terms.bits.dropFirst()).allSatisfy { $0 <= $1 })
    let interpreter = Interpreter(language.grammar)
    for number in 0..<terms.count {
      let term = grammar.term(of: terms.list.program(number))
      for state in [StateTerms.states.lowerBound, -3, 0, 1, 64, 1_000, StateTerms.states.upperBound] {
        let inputs = grammar.variables.indices.map { $0 == variable ? Value.int(state) : .int(-77) }
        #expect(terms.origin(number)[Int(state)] == interpreter.run(term, on: inputs).value?.word ?? Value.noValueWord)
      }
    }
  }

  /// Following a tree of terms gives those that a plain filter gives, once each.
  @Test func prefixesFilterAsListsDo() throws {
    let grammar = try grammar()
    let shape = try #require(TransducerShape.all(grammar).first)
    let language = BodyLanguage(grammar, from: shape.updates[0])
    let list = try #require(
      TermList(
        language, reading: shape.updateVariables[1], values: [0, 3, 5, 8], work: 20_000, classes: 4 * 500, most: 500,
        memoryLimit: 1 << 28, stepLimit: 4_000, { false }, keeping: { _ in true }))
    let tree = PrefixTree(list, lanes: [2, 0, 3])
    func accepts(_ depth: Int, _ value: Int64) -> Bool { (value &* 7 &+ Int64(depth)) % 3 != 1 }
    var found: [Int32] = []
    tree.follow(accepts) { found += $0 }
    let plain = (0..<Int32(list.count)).filter { term in
      let row = list.row(Int(term))
      return [2, 0, 3].enumerated().allSatisfy { accepts($0.offset, row[$0.element]) }
    }
    #expect(list.count > 100 && !plain.isEmpty && found.sorted() == plain)
  }

  /// The tree of streams has each beginning once, what is wanted there, and layers that need no later symbol.
  @Test func treesHoldTheStreams() throws {
    var generator = SeededGenerator(seed: 8, name: "tree")
    let streams = TransducerInversionTests.streams(9, length: 7, below: 3, &generator)
    let examples = TransducerInversionTests.examples(streams) { stream in
      stream.indices.map { stream[0...$0].reduce(0, +) }
    }
    let tree = try #require(StreamTree(examples))
    #expect(tree.count == examples.count && tree.wantedCount == tree.count)
    func path(_ position: Int) -> [Int64] {
      position < 0 ? [] : path(tree.parents[position]) + [tree.symbols[tree.places[position]]]
    }
    #expect(tree.parents.indices.allSatisfy { tree.parents[$0] < $0 && tree.wanted[$0] == path($0).reduce(0, +) })
    #expect(Set(tree.parents.indices.map(path)).count == tree.count)
    let order = tree.order
    let layers = tree.layers(order)
    #expect(layers.flatMap { $0 }.sorted() == Array(tree.parents.indices))
    for (depth, layer) in layers.enumerated() {
      let known = Set(order[...depth].map { tree.symbols[$0] })
      #expect(layer.allSatisfy { Set(path($0)).isSubset(of: known) && path($0).contains(tree.symbols[order[depth]]) })
    }
    #expect(tree.joined.count >= streams.map(\.count).max()!)
  }
}
