import Grammars
import Tasks
import Testing

@Suite struct TaskFamilyTests {
  @Test(arguments: modularTables)
  func modularTableEqualsPythons(_ expected: (name: String, modulus: Int64, digest: String)) throws {
    let task = try TaskFamily.named(expected.name).table(modulus: expected.modulus)
    #expect(task.digest().prefix(16) == expected.digest)
    #expect(task.modulus == expected.modulus)
  }

  @Test(arguments: symmetricTables)
  func symmetricGroupTableEqualsPythons(_ expected: (name: String, digest: String)) throws {
    let task = try TaskFamily.named(expected.name).table()
    #expect(task.examples.count == 14_400)
    #expect(task.digest() == expected.digest)
  }

  @Test(arguments: bitVectorTables)
  func bitVectorTableEqualsPythons(_ expected: (name: String, width: Int, digest: String)) throws {
    let task = try TaskFamily.named(expected.name).table(width: expected.width)
    #expect(task.digest().prefix(16) == expected.digest)
  }

  @Test func familiesStandInThePublishedOrder() {
    let names = TaskFamily.all.map(\.name)
    #expect(
      names.prefix(17) == [
        "mod-add", "mod-sub", "mod-mul", "mod-div", "mod-square-add", "mod-cube-add", "mod-sum-of-squares",
        "mod-quadratic", "mod-quadratic-plus", "mod-cube-mul", "mod-cube-mul-square", "mod-parity-div",
        "mod-parity-mul", "mod-parity-add", "s5-compose", "s5-conjugate", "s5-sandwich",
      ])
    #expect(Set(names).count == names.count)
  }

  @Test(arguments: TaskFamily.all.map(\.name))
  func everyFamilyHasAsManyExamplesAsItSaysAndSatisfiesTheInvariant(_ name: String) throws {
    let family = try TaskFamily.named(name)
    var (modulus, width): (Int64?, Int?) = (nil, nil)
    if case .modulus = family.size { modulus = 13 }
    if case .width = family.size { width = 4 }
    let task = try family.table(modulus: modulus, width: width)
    #expect(try family.exampleCount(modulus: modulus, width: width) == task.examples.count)
    let checked = try TaskData(
      name: task.name, parameters: task.parameters, outputSort: task.outputSort, examples: task.examples,
      modulus: task.modulus)
    #expect(checked == task)
    #expect(task.distinctExamples == task.examples)
  }

  @Test func standardTablesHaveModulus113() throws {
    #expect(try TaskFamily.named("mod-add").table().examples.count == 12_769)
    #expect(try TaskFamily.named("mod-div").exampleCount() == 113 * 112)
    #expect(try TaskFamily.named("mod-parity-div").exampleCount() == 12_769)
    #expect(try TaskFamily.named("mod-add").exampleCount(modulus: 4096) == 16_777_216)
  }

  @Test func tablesAreInRowMajorOrder() throws {
    let task = try TaskFamily.named("mod-div").table(modulus: 5)
    let inputs = task.examples.map { $0.inputs.map(\.word) }
    #expect(inputs == (0..<5).flatMap { a in (1..<5).map { [a, $0] } })
    let s5 = try TaskFamily.named("s5-compose").table()
    #expect(s5.examples[121].inputs.map(\.images) == [[0, 1, 2, 4, 3], [0, 1, 2, 4, 3]])
    #expect(s5.examples[121].output.images == [0, 1, 2, 3, 4])
  }

  @Test func compositionAppliesTheRightFactorFirst() throws {
    let s5 = try TaskFamily.named("s5-compose").table()
    for example in s5.examples where example.inputs[0].word % 7 == 0 {
      let (f, g) = (example.inputs[0].images, example.inputs[1].images)
      #expect(example.output.images == (0..<5).map { f[g[$0]] })
    }
  }

  @Test func booleanFamiliesMatchTheirDefinitions() throws {
    let parity = try TaskFamily.named("bool-parity-6").table()
    #expect(parity.examples.count == 64)
    #expect(parity.parameters.map(\.name) == ["x0", "x1", "x2", "x3", "x4", "x5"])
    for example in parity.examples {
      #expect(example.output.word == example.inputs.map(\.word).reduce(0, +) % 2)
    }
    for example in try TaskFamily.named("bool-majority-3").table().examples {
      #expect(example.output.word == (example.inputs.map(\.word).reduce(0, +) >= 2 ? 1 : 0))
    }
    let mux = try TaskFamily.named("bool-mux-2").table()
    #expect(mux.parameters.map(\.name) == ["s0", "s1", "d0", "d1", "d2", "d3"])
    for example in mux.examples {
      let inputs = example.inputs.map { Int($0.word) }
      #expect(Int(example.output.word) == inputs[2 + inputs[0] + 2 * inputs[1]])
    }
  }

  @Test func refusalsSayWhatWouldBeRight() throws {
    #expect(message { try TaskFamily.named("mod-dvi") } == "unknown task 'mod-dvi'; did you mean 'mod-div'?")
    #expect(message { try TaskFamily.named("zzzzzzzz") } == "unknown task 'zzzzzzzz'; 'levin tasks' lists all of them")
    #expect(
      message { try TaskFamily.named("mod-div").table(modulus: 12) }
        == "task 'mod-div': modulus 12 is not a prime, and the task divides; the next prime is 13")
    #expect(
      message { try TaskFamily.named("mod-add").table(modulus: 4097) }
        == "task 'mod-add': modulus 4097 is outside 2 … 4096, the range for exhaustive tables")
    #expect(
      message { try TaskFamily.named("mod-add").table(modulus: 1) }
        == "task 'mod-add': modulus 1 is outside 2 … 4096, the range for exhaustive tables")
    #expect(
      message { try TaskFamily.named("bv-lowest-bit").table(width: 13) }
        == "task 'bv-lowest-bit': width 13 is outside 1 … 12, the range for exhaustive tables")
    #expect(message { try TaskFamily.named("s5-compose").table(modulus: 5) } == "task 's5-compose' has no modulus")
    #expect(message { try TaskFamily.named("mod-add").table(width: 5) } == "task 'mod-add' has no width")
    #expect(
      message { try TaskFamily.named("bool-majority-4") }
        == "task 'bool-majority': no instance of size 4; expected an odd number of inputs, 1 … 15")
    #expect(message { try TaskFamily.named("bool-parity-06") }.hasPrefix("unknown task"))
  }

  @Test func taskDataRefusesWhatBreaksItsInvariant() {
    let a = Grammar.Parameter(name: "a", sort: .int)
    func make(_ examples: [Example]) throws -> TaskData {
      try TaskData(name: "t", parameters: [a], outputSort: .int, examples: examples)
    }
    let one = Example(inputs: [.int(1)], output: .int(2))
    let other = Example(inputs: [.int(1)], output: .int(-3))
    #expect(message { try make([]) } == "task 't' has no examples")
    #expect(
      message { try make([one, one, other]) } == "task 't': examples 1 and 3 contradict each other: 1 gives 2 and (- 3)"
    )
    #expect(
      message { try make([one, Example(inputs: [.bool(true)], output: .int(2))]) }
        == "task 't': example 2 does not have the sorts of the parameters and the output")
  }
}

/// What a call throws, as text; empty when it throws nothing.
func message(_ body: () throws -> some Any) -> String {
  do {
    _ = try body()
    return ""
  } catch { return "\(error)" }
}
