import Evaluation
import ExactArithmetic
import Grammars
import Randomness
import Tasks
import TestSupport
import Testing

@testable import Search

extension TransducerInversion {
  /// With the first way to read the streams; nil where there is none.
  convenience init?(_ attempt: SearchAttempt, work: Double) {
    guard let reading = StreamReading.all(attempt).first else { return nil }
    self.init(attempt, reading, work: work)
  }
}

/// Programs on streams found by their halves: right, never shorter than the shortest, as short where the halves are all there,
/// and found where the complete search does not come to them.
@Suite struct TransducerInversionTests {
  /// A language small enough to be covered to the programs that are asked for.
  private static let smallText = """
    (set-logic ALL)
    (synth-fun f ((xs (List Int))) (List Int)
      ((L (List Int)) (Y Int) (I Int) (U Int))
      ((L (List Int) ((cons Y nil)))
       (Y Int ((transduce I (lambda ((s Int) (x Int)) U) (lambda ((s Int) (x Int)) U))))
       (I Int (0 1))
       (U Int ((! s :probability 1/4) (! x :probability 1/4) (! 1 :probability 1/8) (! 2 :probability 1/16)
        (! 3 :probability 1/16) (! (+ U U) :probability 1/8) (! (mod U U) :probability 1/8)))))
    (check-synth)
    """

  static func small() throws -> Grammar { try SyGuSReader.problem(Array(smallText.utf8), file: "small.sl").grammar }

  static func list(_ symbols: [Int64]) -> Value { .list(symbols) }

  /// Every beginning of some streams with the answer to its last symbol, each once, short ones first.
  static func examples(_ streams: [[Int64]], _ answer: ([Int64]) -> [Int64]) -> [Example] {
    var seen: Set<[Int64]> = []
    return streams.flatMap { stream in
      let answers = answer(stream)
      return stream.indices.map { (Array(stream[...$0]), answers[$0]) }
    }
    .filter { seen.insert($0.0).inserted }.sorted { $0.0.count < $1.0.count }
    .map { Example(inputs: [list($0.0)], output: list([$0.1])) }
  }

  static func streams(_ count: Int, length: Int, below bound: UInt64, _ generator: inout SeededGenerator) -> [[Int64]] {
    (0..<count).map { _ in (0..<length).map { _ in Int64(generator.below(bound)) } }
  }

  /// An attempt that has stored the levels of up to some bits.
  static func attempt(_ grammar: Grammar, _ examples: [Example], bits: Int) throws -> SearchAttempt {
    var configuration = LengthOrderedSearch.Configuration()
    configuration.countsMass = false
    configuration.memoryLimit = 1 << 30
    let tables = KernelTables(grammar)
    let evaluator = BatchEvaluator(grammar, inputs: examples.map(\.inputs), tables: tables, stepLimit: 400_000)
    let attempt = try SearchAttempt(
      LengthOrderedSearch(grammar, configuration), training: examples, known: Array(examples.indices.prefix(8)),
      probes: [], evaluator: evaluator, outputs: examples.map { tables.word($0.output) }, tables: tables, log: nil,
      spentBefore: SearchLog.Work(), queue: LevelQueue(grammar))
    while let level = attempt.bank.upcoming(), level.probability * Rational(BigInteger(1) << bits) >= 1 {
      guard case .level = attempt.bank.store(level) else { break }
    }
    return attempt
  }

  private func search(
    _ grammar: Grammar, _ examples: [Example], programs: UInt64, unproven: Bool = true
  ) throws -> SearchReport {
    try firstFunction(grammar, examples, unproven: unproven, programs: programs) { $0.memoryLimit = 1 << 30 }
  }

  /// Streams answered by programs drawn from the language itself: the halves find one of just the bits of the shortest, which
  /// the complete search proves.
  @Test func theHalvesFindTheShortest() throws {
    let grammar = try Self.small()
    var generator = SeededGenerator(seed: 4, name: "drawn")
    let machines: [@Sendable (Int64, Int64) -> (Int64, Int64)] = [
      { s, x in ((s + x) % 2, (s + x) % 2) },
      { s, x in (s % 3 + x, (s % 3 + x) % 2) },
      { s, x in (s % 2 + 2 * x, (s % 2 + 2 * x) % 3) },
      { s, x in (x + 1 + s % 2, (x + 1 + s % 2) % 2) },
      { s, x in (s + x + 1, (s + x + 1) % 3) },
    ]
    #if DEBUG
      let count = 2
    #else
      let count = machines.count
    #endif
    for machine in machines.prefix(count) {
      let streams = Self.streams(6, length: 12, below: 3, &generator)
      let examples = Self.examples(streams) { stream in
        var state: Int64 = 0
        return stream.map {
          let (next, answer) = machine(state, $0)
          state = next
          return answer
        }
      }
      let complete = try search(grammar, examples, programs: 2_000_000, unproven: false)
      let least = try #require(complete.solutions.first)
      #expect(complete.isShortest)
      let inversion = try #require(
        TransducerInversion(Self.attempt(grammar, examples, bits: 12), work: 2e6))
      let found = try #require(inversion.run { false })
      expectRight(found, grammar, examples)
      #expect(grammar.probability(of: found) == least.probability)
    }
  }

  /// What an attempt reports is right, and no likelier than what is proven least.
  @Test func foundTransducersAreNeverShorterThanTheShortest() throws {
    let grammar = try Self.small()
    var generator = SeededGenerator(seed: 9, name: "streams")
    for _ in 0..<3 {
      let (a, b, m) = (
        Int64(generator.below(2)), Int64(generator.below(3)), Int64(generator.below(2)) + 2
      )
      let examples = Self.examples(Self.streams(5, length: 10, below: 4, &generator)) { stream in
        var state: Int64 = 0
        return stream.map {
          state = (state * a + $0 + b) % m
          return state
        }
      }
      let fast = try search(grammar, examples, programs: 40_000)
      let proven = try search(grammar, examples, programs: 400_000, unproven: false)
      expectNoShorter(fast, than: proven, grammar, examples)
    }
  }

  /// A transducer of two halves of the shipped language, with the answers that it gives.
  struct Target: Sendable {
    let name: String
    let symbols: UInt64
    let step: @Sendable (Int64, Int64) -> Int64
    let answer: @Sendable (Int64) -> Int64
  }

  /// Drawn: s ↦ A(s) + B(x) with an output, each from short forms with drawn constants; the first alone where all is slow.
  static let targets: [Target] = {
    var generator = SeededGenerator(seed: 11, name: "targets")
    func constant() -> Int64 { 2 + Int64(generator.below(8)) }
    var targets: [Target] = []
    for _ in 0..<6 {
      let (a, b, m, form) = (constant(), constant(), constant(), generator.below(3))
      targets.append(
        Target(
          name: "s div \(a) + B\(form)(x, \(b)), mod \(m)", symbols: 12,
          step: { s, x in s / a + (form == 0 ? b * x : form == 1 ? x / b + x % b : x + b) }, answer: { $0 % m }))
    }
    #if DEBUG
      return Array(targets.prefix(1))
    #else
      return targets
    #endif
  }()

  @Test(arguments: targets.indices) func drawnTransducersAreRecovered(_ number: Int) throws {
    let target = Self.targets[number]
    let grammar = try StructuredLanguage.transducers.grammar()
    var generator = SeededGenerator(seed: 2, name: "streams of targets")
    func answers(_ stream: [Int64]) -> [Int64] {
      var state: Int64 = 0
      return stream.map {
        state = target.step(state, $0)
        return target.answer(state)
      }
    }
    let training = Self.examples(Self.streams(20, length: 30, below: target.symbols, &generator), answers)
    let inversion = try #require(TransducerInversion(Self.attempt(grammar, training, bits: 12), work: 1e7))
    let program = try #require(inversion.run { false }, "\(target.name)")
    expectRight(program, grammar, training)
    let fresh = Self.examples(Self.streams(4, length: 120, below: target.symbols, &generator), answers)
    expectRight(program, grammar, fresh)
  }

  /// Answers without a rule, and two answers to one stream.
  @Test func streamsThatNothingExplains() throws {
    let grammar = try Self.small()
    var generator = SeededGenerator(seed: 1, name: "noise")
    let streams = Self.streams(6, length: 20, below: 2, &generator)
    let noise = Self.examples(streams) { _ in streams[0].map { _ in 1_000 + Int64(generator.below(1 << 20)) } }
    let report = try search(grammar, noise, programs: 22_000)
    let again = try search(grammar, noise, programs: 22_000)
    #expect(report.solutions.isEmpty)
    #expect(report.log == again.log && report.candidates == again.candidates)
    let one = Example(inputs: [Self.list([0, 1])], output: Self.list([1]))
    let other = Example(inputs: [Self.list([0, 1])], output: Self.list([0]))
    #expect(throws: SearchError.self) { try search(grammar, [one, other], programs: 1_000) }
  }

  /// Streams of one symbol, an empty stream, an answer of two numbers, numbers at the edge of 64 bits.
  @Test func streamsAtTheEdge() throws {
    let grammar = try Self.small()
    let edge = Int64.max
    let cases: [[([Int64], [Int64])]] = [
      [([5], [5])], [([], [0]), ([1], [1])], [([1], [1, 1]), ([1, 2], [2, 1])],
      [([edge], [1]), ([edge, edge], [0]), ([edge, -edge], [3])], [([0], [0]), ([0, 0], [0]), ([0, 0, 0], [0])],
    ]
    for pairs in cases {
      let examples = pairs.map { Example(inputs: [Self.list($0.0)], output: Self.list($0.1)) }
      let report = try search(grammar, examples, programs: 21_000)
      for solution in report.solutions { expectRight(solution.program, grammar, examples) }
    }
    #expect(StreamTree([Example(inputs: [Self.list([])], output: Self.list([1]))]) == nil)
    #expect(StreamTree([Example(inputs: [Self.list([1])], output: Self.list([1, 2]))]) == nil)
  }

  /// Searches side by side find what each finds alone.
  @Test func otherSearchesBesideChangeNothing() async throws {
    let grammar = try Self.small()
    var generator = SeededGenerator(seed: 3, name: "beside")
    let examples = Self.examples(Self.streams(5, length: 12, below: 3, &generator)) { stream in
      var sum: Int64 = 0
      return stream.map {
        sum = sum % 3 + $0
        return sum % 2
      }
    }
    let alone = try TransducerInversion(Self.attempt(grammar, examples, bits: 10), work: 5e5)?.run { false }
    let together = try await withThrowingTaskGroup(of: Program?.self) { group in
      for _ in 0..<4 {
        group.addTask {
          try TransducerInversion(Self.attempt(grammar, examples, bits: 10), work: 5e5)?.run { false }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(alone != nil && together.allSatisfy { $0 == alone })
  }

  /// A state that doubles fits short streams and has no value on long ones: it is no answer.
  @Test func statesThatOutgrowTheWordAreNoAnswer() throws {
    let grammar = try StructuredLanguage.transducers.grammar()
    var generator = SeededGenerator(seed: 6, name: "delay")
    let examples = Self.examples(Self.streams(8, length: 20, below: 2, &generator)) { stream in
      stream.indices.map { $0 < 2 ? 0 : stream[$0 - 2] }
    }
    let inversion = try #require(TransducerInversion(Self.attempt(grammar, examples, bits: 10), work: 1e4))
    func program(_ update: String) throws -> Program {
      let text =
        "(cons (transduce 0 (lambda ((s Int) (x Int)) \(update)) (lambda ((s Int) (x Int)) (mod (div s 4) 2))) nil)"
      return try #require(grammar.derivation(of: SyGuSReader.term(text, in: grammar)))
    }
    let growing = try program("(+ (+ s s) x)")
    #expect(inversion.attempt.wrongExamples(growing).isEmpty)
    #expect(!inversion.offer(growing) && inversion.best.program == nil)
    #expect(try inversion.offer(program("(+ (+ (mod s 4) (mod s 4)) x)")))
  }
}
