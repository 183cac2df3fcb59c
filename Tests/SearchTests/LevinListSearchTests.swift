import Evaluation
import ExactArithmetic
import Grammars
import Tasks
import TestSupport
import Testing

@testable import Search

/// Levin search over lists and streams: the same promises as over integers, and memory that does not grow.
@Suite struct LevinListSearchTests {
  static let lists = """
    (synth-fun f ((xs (List Int))) (List Int) ((L (List Int)) (I Int) (E Int) (M (List Int)))
      ((L (List Int) ((! xs :probability 1/2) (! nil :probability 1/16) (! (reverse L) :probability 1/8)
         (! (cons I L) :probability 1/8) (! (drop I L) :probability 1/16)
         (! (map (lambda ((e Int)) E) L) :probability 1/16)
         (! (fold (lambda ((s (List Int)) (e Int)) M) nil L) :probability 1/16)))
       (I Int ((! 1 :probability 1/2) (! (last L) :probability 1/4) (! (sum L) :probability 1/4)))
       (E Int ((! e :probability 1/2) (! 1 :probability 1/4) (! (+ E E) :probability 1/4)))
       (M (List Int) ((! s :probability 1/2) (! (cons e M) :probability 1/4) (! (drop 1 M) :probability 1/4)))))
    """
  /// The last argument of a program is a lambda, and priors are no powers of two.
  static let streams = """
    (synth-fun f ((xs (List Int))) Int ((S Int) (I Int) (U Int))
      ((S Int ((! (transduce I (lambda ((s Int) (x Int)) U) (lambda ((s Int) (x Int)) U)) :probability 2/3)
         (! (transduce2 (pair I I) (lambda ((s Int) (t Int) (x Int)) (pair t U)) (lambda ((s Int) (t Int) (x Int)) s))
            :probability 1/3)))
       (I Int ((! 0 :probability 2/3) (! 1 :probability 1/3)))
       (U Int ((! s :probability 1/3) (! x :probability 1/3) (! 2 :probability 1/6) (! (+ U U) :probability 1/9)
         (! (mod U U) :probability 1/18)))))
    """
  /// Every program has a value on every list.
  static let total = """
    (synth-fun f ((xs (List Int))) (List Int) ((L (List Int)) (I Int) (P Bool))
      ((L (List Int) ((! xs :probability 1/2) (! (reverse L) :probability 1/8) (! (append L L) :probability 1/8)
         (! (before I L) :probability 1/8) (! (filter (lambda ((e Int)) P) L) :probability 1/8)))
       (I Int ((! 1 :probability 1/2) (! (length L) :probability 1/2)))
       (P Bool ((! (< e 2) :probability 1/2) (! (= e 1) :probability 1/2)))))
    """
  static let inputs: [[Int64]] = [[2, 1], [], [3, 0, 1]]

  static func examples(_ inputs: [[Int64]] = inputs, _ f: ([Int64]) -> Value) -> [Example] {
    inputs.map { Example(inputs: [.list($0)], output: f($0)) }
  }

  @Test func levinSearchOfListsEqualsBruteForce() throws {
    let grammar = try LevinSearchTests.grammar(Self.lists)
    try LevinSearchTests.check(grammar, Self.examples { .list($0.reversed()) }, bits: 10)
    try LevinSearchTests.check(grammar, Self.examples { .list([1] + $0.dropFirst()) }, bits: 14)
    try LevinSearchTests.check(grammar, Self.examples { .list($0.map { 2 * $0 }) }, bits: 13)
    try LevinSearchTests.check(grammar, Self.examples { .list([$0.reduce(0, +)] + $0) }, bits: 13)
  }

  @Test func levinSearchOfStreamsEqualsBruteForce() throws {
    let grammar = try LevinSearchTests.grammar(Self.streams)
    let inputs: [[Int64]] = [[1], [1, 1], [1, 1, 0], [1, 0, 1, 1]]
    try LevinSearchTests.check(grammar, Self.examples(inputs) { .int($0.reduce(0, +)) }, bits: 13)
    let delayed: [[Int64]] = [[5, 6], [5, 6, 7], [5, 6, 7, 8], [3, 4]]
    try LevinSearchTests.check(grammar, Self.examples(delayed) { .int($0.suffix(2).first!) }, bits: 12)
  }

  /// Steps of what is found are those of the runner; with one step less it is not found.
  @Test(arguments: [StructuredLanguage.lists, .transducers])
  func stepsAreThoseOfTheRunner(_ language: StructuredLanguage) throws {
    let grammar = try language.grammar()
    let inputs: [[Int64]] = [[1, 2], [4], [3, 3, 1]]
    let examples =
      language == .lists
      ? Self.examples(inputs) { .list($0.sorted().reversed()) } : Self.examples(inputs) { .list([$0.last! * 2]) }
    var configuration = LevinSearch.Configuration()
    configuration.top = 8
    let report = try LevinSearch(grammar, configuration).run(training: examples)
    #expect(!report.solutions.isEmpty)
    for solution in report.solutions {
      let runner = ProgramRunner(grammar.term(of: solution.program), in: grammar, stepLimit: .max)
      let steps = examples.reduce(UInt64(0)) { sum, example in
        sum + runner.run(on: example.inputs.map { WideInterpreter.Wide($0) }).steps
      }
      #expect(steps == solution.steps)
    }
    let best = try #require(report.solutions.first)
    let bits = Int((-best.probability.log2).rounded(.up))
    for (limit, isFound) in [(best.steps, true), (best.steps - 1, false)] {
      configuration.order = .length(stepLimit: limit)
      configuration.maxBits = bits
      configuration.top = 1000
      let short = try LevinSearch(grammar, configuration).run(training: examples)
      #expect(short.solutions.contains { $0.program == best.program } == isFound)
    }
  }

  /// Shards begin with prefixes that hold lists and compiled bodies; every number is the same.
  @Test(arguments: [StructuredLanguage.lists, .transducers])
  func oneAndTwoThreadsAgreeOnLists(_ language: StructuredLanguage) throws {
    let grammar = try language.grammar()
    let inputs: [[Int64]] = [[1, 2, 4], [4, 9], [3, 3, 1, 7]]
    let examples =
      language == .lists
      ? Self.examples(inputs) { .list($0.map { $0 * $0 }.reversed()) }
      : Self.examples(inputs) { .list([$0.reduce(0, +) % 3]) }
    var configuration = LevinSearch.Configuration()
    configuration.top = 100
    let one = try LevinSearch(grammar, configuration).run(training: examples)
    configuration.threads = 2
    let two = try LevinSearch(grammar, configuration).run(training: examples)
    #expect(!one.solutions.isEmpty && one.phase > 20)
    #expect(one.solutions == two.solutions && one.phase == two.phase)
    #expect(one.steps == two.steps && one.programs == two.programs && one.prefixes == two.prefixes)
    for part in [\WalkTally.open, \.failed, \.wrong, \.merged, \.right] as [KeyPath<WalkTally, MassSum>] {
      #expect(one.tally?[keyPath: part].total == two.tally?[keyPath: part].total)
    }
    #expect(one.tally?.total == 1)
  }

  /// What is shared changes the work and not what is found; where nothing fails and one input is all, not even the tally.
  @Test func sharingChangesNoResult() throws {
    let first: [[Int64]] = [[1, 4, 0, 2]]
    for (text, examples, isWholeTally) in [
      (Self.total, Self.examples(first) { .list($0.reversed() + $0.filter { $0 < 2 }) }, true),
      (Self.total, Self.examples { .list($0 + $0.reversed()) }, false),
      (Self.lists, Self.examples { .list($0.map { 2 * $0 }.reversed()) }, false),
      (Self.streams, Self.examples([[1], [1, 1], [1, 1, 0]]) { .int($0.reduce(0, +) % 2) }, false),
    ] {
      var configuration = LevinSearch.Configuration()
      configuration.top = 1000
      let grammar = try LevinSearchTests.grammar(text)
      let shared = try LevinSearch(grammar, configuration).run(training: examples)
      configuration.sharesPrefixes = false
      let plain = try LevinSearch(grammar, configuration).run(training: examples)
      #expect(!shared.solutions.isEmpty)
      #expect(shared.solutions == plain.solutions && shared.phase == plain.phase)
      #expect(shared.tally?.total == 1 && plain.tally?.total == 1)
      #expect(shared.tally?.right.total == plain.tally?.right.total)
      guard isWholeTally else { continue }
      #expect(shared.steps < plain.steps)
      for part in [\WalkTally.open, \.failed, \.wrong, \.merged] as [KeyPath<WalkTally, MassSum>] {
        #expect(shared.tally?[keyPath: part].total == plain.tally?[keyPath: part].total)
      }
    }
  }

  /// Overflow, the last of nothing, and searches without end: no value or no end, and nothing traps.
  @Test func programsWithoutValueAreCounted() throws {
    let grammar = try LevinSearchTests.grammar(
      """
      (synth-fun f ((xs (List Int))) Int ((S Int) (A Int) (P Bool))
        ((S Int ((! (fold (lambda ((a Int) (e Int)) A) 2 xs) :probability 1/2) (! (last (drop 9 xs)) :probability 1/4)
           (! (compr (lambda ((m Int)) P) 0) :probability 1/4)))
         (A Int ((! (* a a) :probability 1/2) (! (product (cons a (cons a xs))) :probability 1/2)))
         (P Bool ((! (< m m) :probability 1/2) (! (= (length xs) m) :probability 1/2)))))
      """)
    var configuration = LevinSearch.Configuration()
    configuration.maxPhase = 14
    let long = [Int64](repeating: 9, count: 9)
    let report = try LevinSearch(grammar, configuration).run(training: Self.examples([long, []]) { _ in .int(-1) })
    let tally = try #require(report.tally)
    #expect(tally.total == 1 && report.solutions.isEmpty)
    // Both folds leave 64 bits and `last` of nothing has no value; one search goes on for ever, the other gives 9.
    #expect(tally.failed.total == Rational(3, 4))
    #expect(tally.open.total == Rational(1, 8) && tally.wrong.total == Rational(1, 8))
  }

  /// Ten times as many programs take the same memory, though each makes lists.
  @Test(arguments: [true, false]) func memoryIsThatOfOnePath(_ sharesPrefixes: Bool) throws {
    let grammar = try StructuredLanguage.lists.grammar()
    let machine = try FlatMachine(grammar)
    let examples = Self.examples([[1, 2, 3, 4, 5, 6], [6, 5, 4]]) { .list($0 + [77]) }
    let tables = WalkTables(grammar, machine: machine)
    let walk = DerivationWalk(
      tables, machine: machine, inputs: examples.map { [machine.word($0.inputs[0])] },
      expected: examples.map { machine.word($0.output) }, goal: .outputs)
    walk.settings.sharesPrefixes = sharesPrefixes
    let before = walk.bytes
    walk.walk(phase: 20)
    let (few, bytes) = (walk.tally.programs, walk.bytes)
    for _ in 0..<3 { walk.walk(phase: 20) }
    #expect(walk.bytes == bytes && walk.tally.programs == 4 * few)
    walk.walk(phase: 25)
    #expect(walk.tally.programs - 4 * few > 10 * few)
    // Lists of a run are no longer than its steps, and these are at most 2^25 / 2^6.
    #expect(walk.bytes - before < 1 << 21 && walk.tally.steps > 100_000)
    #expect(machine.listMark == walk.baseList)
  }
}
