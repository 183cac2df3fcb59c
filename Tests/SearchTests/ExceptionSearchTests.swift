import Evaluation
import ExactArithmetic
import Grammars
import Randomness
import Search
import Tasks
import TestSupport
import Testing

/// Programs for examples of which some are wrong.
@Suite struct ExceptionSearchTests {
  /// One round of subsets, and some levels.
  private static let maxPrograms: UInt64 = 400_000

  /// A table with one label in `part` replaced by another, at the places returned.
  private func noisy(_ name: String, modulus: Int64, oneIn part: Int) throws -> (task: TaskData, places: [Int]) {
    let table = try TaskFamily.named(name).table(modulus: modulus)
    var generator = SeededGenerator(seed: 1, name: name)
    var places = Array(table.examples.indices)
    generator.shuffle(&places)
    places = places.prefix(table.examples.count / part).sorted()
    var examples = table.examples
    for place in places {
      let shift = 1 + Int64(generator.below(UInt64(modulus - 1)))
      examples[place] = Example(
        inputs: examples[place].inputs, output: .int((examples[place].output.word + shift) % modulus))
    }
    let task = try TaskData(
      name: table.name, parameters: table.parameters, outputSort: table.outputSort, examples: examples, modulus: modulus
    )
    return (task, places)
  }

  private func search(_ task: TaskData, _ language: Language = .field) throws -> ExceptionSearch {
    var configuration = ExceptionSearch.Configuration()
    configuration.maxPrograms = Self.maxPrograms
    return ExceptionSearch(
      try language.grammar(modulus: task.modulus), labels: task.labels, configuration)
  }

  /// The rule behind the noise is found, and what was replaced is what it calls exceptions.
  @Test(arguments: [("mod-add", 20), ("mod-div", 20), ("mod-square-add", 5), ("mod-parity-add", 20), ("mod-mul", 2)])
  func replacedLabelsAreTheExceptions(_ name: String, oneIn part: Int) throws {
    let (task, places) = try noisy(name, modulus: 23, oneIn: part)
    let search = try search(task)
    let report = try search.run(training: task.examples)
    let solution = try #require(report.solution)
    #expect(solution.exceptions.map(\.place) == places)
    let exact = try TaskFamily.named(name).table(modulus: 23)
    #expect(solution.exceptions.allSatisfy { $0.said == exact.examples[$0.place].output })
    let term = search.grammar.term(of: solution.program)
    let interpreter = Interpreter(search.grammar)
    #expect(exact.examples.allSatisfy { interpreter.run(term, on: $0.inputs).value == $0.output })
    // The code by hand.
    let (n, k) = (exact.examples.count, places.count)
    var sets = Rational(1)
    for i in 0..<k { sets *= Rational(BigInteger(n - i), BigInteger(i + 1)) }
    let others = Rational(BigInteger(task.labels.count - 1)).power(k)
    #expect(
      solution.code
        == solution.probability / (Rational(BigInteger((k + 1) * (k + 2))) * sets * others))
  }

  /// Nothing is claimed about labels drawn at random.
  @Test func randomLabelsHaveNoProgram() throws {
    var generator = SeededGenerator(seed: 2)
    let table = try TaskFamily.named("mod-add").table(modulus: 23)
    let examples = table.examples.map {
      Example(inputs: $0.inputs, output: .int(Int64(generator.below(23))))
    }
    let task = try TaskData(
      name: "random", parameters: table.parameters, outputSort: .int, examples: examples, modulus: 23)
    let report = try search(task).run(training: examples)
    #expect(report.solution == nil && !report.isLeast)
    #expect(report.stop == .maxPrograms(Self.maxPrograms))
  }

  /// All programs that could matter, run one by one: none has a shorter code, and where the search says that none has, of any
  /// length, longer ones cannot.
  @Test func codesAreLeastByBruteForce() throws {
    let grammar = try SyGuSReader.problem(
      Array(
        """
        (set-logic BV)
        (synth-fun f ((x Bool) (y Bool) (z Bool)) Bool ((S Bool))
          ((S Bool (x y z (and S S) (xor S S)))))
        (check-synth)
        """.utf8), file: "small.sl"
    ).grammar
    let inputs = (0..<8).map { place in (0..<3).map { Value.bool(place >> $0 & 1 == 1) } }
    let all = BruteForce(grammar, bits: 9)
    let interpreter = Interpreter(grammar)
    let rows = all.programs.map { program in
      inputs.map { interpreter.run(grammar.term(of: program.program), on: $0).value }
    }
    let code = ExceptionCode(labels: 8, alphabet: 2)
    var found = 0
    for labels in 0..<256 {
      let training = inputs.enumerated().map {
        Example(inputs: $0.element, output: .bool(labels >> $0.offset & 1 == 1))
      }
      var best = code.withoutProgram
      var first: Program?
      for (row, program) in zip(rows, all.programs) {
        let misses = zip(row, training).count { $0 != $1.output }
        let probability = program.prior * code.probability(misses)!
        if probability > best { (best, first) = (probability, program.program) }
      }
      let report = try ExceptionSearch(grammar, labels: [.bool(false), .bool(true)]).run(training: training)
      #expect(report.isLeast, "\(labels): \(report.stop), \(report.undecided)")
      #expect(report.solution?.code == (first == nil ? nil : best), "\(labels)")
      if let solution = report.solution {
        found += 1
        let row = training.map { interpreter.run(grammar.term(of: solution.program), on: $0.inputs).value }
        #expect(solution.exceptions.map(\.place) == training.indices.filter { row[$0] != training[$0].output })
      }
    }
    #expect(found > 20 && found < 256, "\(found) of 256 have a program")
  }

  /// A program that is wrong everywhere says as much as one that is right, where there are two labels.
  @Test func everyLabelMayBeAnException() throws {
    let grammar = try SyGuSReader.problem(
      Array("(set-logic BV)\n(synth-fun f ((x Bool) (y Bool)) Bool ((S Bool)) ((S Bool (x (and S S)))))\n".utf8),
      file: "small.sl"
    ).grammar
    let table = [(false, false), (false, true), (true, false), (true, true)]
    let examples = table.map { Example(inputs: [.bool($0.0), .bool($0.1)], output: .bool(!$0.0)) }
    let report = try ExceptionSearch(grammar, labels: [.bool(false), .bool(true)]).run(training: examples)
    // 1/2 · 1/30 is less than 1/16 of the labels alone.
    #expect(report.solution == nil && report.isLeast)
    let vectors = try SyGuSReader.problem(
      Array(
        "(set-logic BV)\n(synth-fun f ((x (_ BitVec 8))) (_ BitVec 1) ((S (_ BitVec 1)) (V (_ BitVec 8))) ((S (_ BitVec 1) (((_ extract 0 0) V))) (V (_ BitVec 8) (x (bvadd V V)))))\n"
          .utf8), file: "small.sl")
    let bits = (0..<256).map { number in
      Example(
        inputs: [.bitVector(UInt64(number), width: 8)], output: .bitVector(UInt64(1 - number % 2), width: 1))
    }
    var configuration = ExceptionSearch.Configuration()
    configuration.maxPrograms = Self.maxPrograms
    let opposite = try ExceptionSearch(
      vectors.grammar, labels: [.bitVector(0, width: 1), .bitVector(1, width: 1)], configuration
    ).run(training: bits)
    #expect(opposite.solution?.exceptions.count == 256)
    #expect(opposite.solution?.code == Rational(1, BigInteger(2 * 257 * 258)))
    #expect(opposite.isLeast)
  }

  /// Interrupted after some subsets, it goes on to the same report.
  @Test func resumedSearchesReportTheSame() throws {
    let (task, _) = try noisy("mod-quadratic", modulus: 23, oneIn: 20)
    let search = try search(task)
    let whole = try search.run(training: task.examples)
    let ends: [(ExceptionSearch.Progress) -> Bool] = [
      { $0.subsets >= 0 }, { $0.subsets >= 1 }, { $0.subsets >= whole.subsets - 1 }, { $0.bits != nil },
      { $0.bits ?? 0 > 12 },
    ]
    for (number, isOver) in ends.enumerated() {
      let first = try search.run(training: task.examples, progress: isOver)
      #expect(first.stop == .interrupted, "\(number)")
      let resumed = try search.run(training: task.examples, resume: first.log)
      #expect(resumed.solution == whole.solution && resumed.stop == whole.stop)
      #expect(
        [resumed.subsets, resumed.tried, resumed.completeLevels, resumed.undecided, resumed.classes, resumed.bytes]
          == [whole.subsets, whole.tried, whole.completeLevels, whole.undecided, whole.classes, whole.bytes])
      #expect(
        [resumed.candidates, resumed.lookups, resumed.filtered] == [whole.candidates, whole.lookups, whole.filtered])
      #expect(resumed.log == whole.log)
    }
  }

  /// What no label says names no exception's value more cheaply: coin flips have no program over numbers that are no flips.
  @Test func valuesThatNoLabelHasSayNothing() throws {
    let grammar = try SyGuSReader.problem(
      Array("(set-logic LIA)\n(synth-fun f ((x Int)) Int ((S Int)) ((S Int (x 7 (+ S S)))))\n".utf8), file: "small.sl"
    ).grammar
    var generator = SeededGenerator(seed: 3)
    let flips = (10..<210).map { Example(inputs: [.int($0)], output: .int(Int64(generator.below(2)))) }
    var configuration = ExceptionSearch.Configuration()
    configuration.maxPrograms = Self.maxPrograms
    let report = try ExceptionSearch(grammar, labels: [.int(0), .int(1)], configuration).run(training: flips)
    #expect(report.solution == nil, "\(report.solution!.code)")
  }

  /// A program that the step limit cuts is not refuted: 2^n by a loop, with one label wrong, is found or stays undecided.
  @Test func limitedStepsRefuteNothing() throws {
    let text = """
      (set-logic ALL)
      (synth-fun f ((n Int)) Int ((S Int) (B Int))
        ((S Int (n 1 (loop (lambda ((x Int) (y Int)) B) S S))) (B Int (x y (+ B B)))))
      """
    let grammar = try SyGuSReader.problem(Array(text.utf8), file: "small.sl").grammar
    let examples = (0..<12).map { n in
      Example(inputs: [.int(n)], output: .int(n == 5 ? 77 : Int64(1) << n))
    }
    for limit in [8, 400] as [UInt64] {
      var configuration = ExceptionSearch.Configuration()
      configuration.maxPrograms = Self.maxPrograms
      configuration.stepLimit = limit
      let labels = examples.map(\.output)
      let report = try ExceptionSearch(grammar, labels: labels, configuration).run(training: examples)
      #expect(report.solution != nil || !report.isLeast && report.undecided > 0, "\(limit)")
    }
  }

  @Test func wrongExamplesAreRefused() throws {
    let search = ExceptionSearch(try Language.field.grammar(modulus: 23), labels: (0..<23).map { .int($0) })
    #expect(throws: SearchError("there is no example to learn from")) { try search.run(training: []) }
    #expect(throws: SearchError.self) {
      try search.run(training: [Example(inputs: [.bool(true)], output: .int(1))])
    }
  }
}
