import Evaluation
import ExactArithmetic
import Grammars
import Search
import Tasks
import TestSupport
import Testing

/// What a search promises beside its result.
@Suite struct SearchLawTests {
  static func task(_ name: String, modulus: Int64, training: Int) throws -> Split {
    try Split(of: try TaskFamily.named(name).table(modulus: modulus), size: .count(training), seed: 0)
  }

  private func run(
    _ name: String, _ language: Language, modulus: Int64 = 23, training: Int = 30,
    _ change: (inout LengthOrderedSearch.Configuration) -> Void = { _ in }, resume: SearchLog? = nil,
    progress: @escaping (LengthOrderedSearch.Progress) -> Bool = { _ in false }
  ) throws -> SearchReport {
    let split = try Self.task(name, modulus: modulus, training: training)
    var configuration = LengthOrderedSearch.Configuration()
    configuration.extraWork = 0
    change(&configuration)
    return try LengthOrderedSearch(try language.grammar(modulus: modulus), configuration).run(
      training: split.training, probes: split.unseen.map(\.inputs), resume: resume, progress: progress)
  }

  @Test(arguments: ["mod-add", "mod-div", "mod-square-add", "mod-parity-add", "mod-cube-mul"])
  func foundProgramIsRightOnAllUnseenInputs(_ name: String) throws {
    let report = try run(name, .field)
    let grammar = try Language.field.grammar(modulus: 23)
    let unseen = try Self.task(name, modulus: 23, training: 30).unseen
    let program = try #require(report.solutions.first?.program)
    let interpreter = Interpreter(grammar)
    #expect(unseen.allSatisfy { interpreter.run(grammar.term(of: program), on: $0.inputs).value == $0.output })
  }

  /// The signature is a choice of speed: the shortest program does not depend on it.
  @Test(arguments: [1, 2, 5, 16, 30]) func shortestProgramDoesNotDependOnTheSignature(_ examples: Int) throws {
    let whole = try run("mod-parity-mul", .field) { $0.signatureExamples = 30 }
    let part = try run("mod-parity-mul", .field) {
      $0.signatureExamples = examples
      $0.probes = examples % 3
    }
    #expect(part.solutions.first?.program == whole.solutions.first?.program)
    #expect(part.programs == whole.programs)
  }

  /// Two runs say the same; mass and audits change no program.
  @Test func runsRepeat() throws {
    func essence(_ report: SearchReport) -> String {
      "\(report.solutions) \(report.programs) \(report.resolvedMass) \(report.candidates) \(report.lookups) \(report.filtered) "
        + "\(report.classes) \(report.completeLevels) \(report.signature) \(report.bytes) \(report.log)"
    }
    let first = try run("mod-sum-of-squares", .field) { $0.top = 3 }
    let second = try run("mod-sum-of-squares", .field) { $0.top = 3 }
    #expect(essence(first) == essence(second))
    let without = try run("mod-sum-of-squares", .field) { $0.countsMass = false }
    #expect(without.solutions.first?.program == first.solutions.first?.program)
    #expect(without.solutions.first?.mass == nil)
  }

  /// A search that is interrupted anywhere and resumed ends as one that is not.
  @Test(arguments: [1, 2, 4, 7]) func resumedSearchEndsAsAnUninterruptedOne(_ polls: Int) throws {
    func settings(_ configuration: inout LengthOrderedSearch.Configuration) {
      configuration.top = 3
      configuration.maxBits = 27
      configuration.extraWork = 1e9
    }
    let whole = try run("mod-mul", .field, settings)
    var count = 0
    let part = try run("mod-mul", .field, settings) { _ in
      count += 1
      return count >= polls * 2
    }
    #expect(part.stop == .interrupted)
    #expect(part.completeLevels < whole.completeLevels)
    let rest = try run("mod-mul", .field, settings, resume: part.log)
    #expect("\(rest.solutions)" == "\(whole.solutions)")
    #expect(rest.programs == whole.programs)
    #expect(rest.candidates == whole.candidates)
    #expect(rest.lookups == whole.lookups)
    #expect(rest.filtered == whole.filtered)
    #expect(rest.classes == whole.classes)
    #expect(rest.log == whole.log)
    #expect(rest.stop == whole.stop)
  }

  @Test func limitsStopTheSearchAndKeepTheBestResult() throws {
    let memory = try run("mod-add", .field, training: 5) {
      $0.memoryLimit = 3 << 20
      $0.top = 1000
      $0.extraWork = 1e9
    }
    #expect(memory.stop == .memoryLimit(3 << 20))
    #expect(memory.bytes <= 3 << 20)
    #expect(!memory.solutions.isEmpty)
    let programs = try run("mod-cube-mul-square", .integers) { $0.maxPrograms = 10_000 }
    #expect(programs.stop == .maxPrograms(10_000))
    #expect(programs.solutions.isEmpty)
    let bits = try run("mod-cube-mul-square", .integers) { $0.maxBits = 12 }
    #expect(bits.stop == .maxBits(12))
    #expect(bits.completeProbability == Rational(1, 4096))
    let steps = try run("mod-cube-mul-square", .integers) { $0.maxSteps = 100_000 }
    #expect(steps.stop == .maxSteps(100_000))
    let time = try run("mod-cube-mul-square", .integers) { $0.timeLimit = .milliseconds(1) }
    #expect(time.stop == .timeLimit(.milliseconds(1)))
  }

  /// A language of finitely many programs is searched to its end.
  @Test func finiteLanguageIsExhausted() throws {
    let text = "(synth-fun f ((x Int)) Int ((E Int ((+ A A) (* A A))) (A Int (x 1 2))))"
    let grammar = try SyGuSReader.problem(Array(text.utf8), file: "finite").grammar
    let examples = [Example(inputs: [.int(3)], output: .int(100))]
    let report = try LengthOrderedSearch(grammar).run(training: examples)
    #expect(report.stop == .exhausted)
    #expect(report.programs == 18)
    #expect(report.resolvedMass == 1)
  }

  @Test func impossibleRequestsAreErrors() throws {
    let grammar = try Language.integers.grammar()
    func message(_ examples: [Example], _ grammar: Grammar) -> String? {
      do {
        _ = try LengthOrderedSearch(grammar).run(training: examples)
        return nil
      } catch { return "\(error)" }
    }
    func example(_ a: Int64, _ b: Int64, _ output: Int64) -> Example {
      Example(inputs: [.int(a), .int(b)], output: .int(output))
    }
    #expect(message([], grammar) == "there is no example to learn from")
    #expect(message([example(1, 2, 3), example(1, 2, 4)], grammar) == "contradictory examples: (1 2) gives 3 and 4")
    #expect(
      message([Example(inputs: [.bool(true)], output: .int(1))], grammar)
        == "the grammar is for functions (Int Int) -> Int, the examples are of (Bool) -> Int")
  }
}
