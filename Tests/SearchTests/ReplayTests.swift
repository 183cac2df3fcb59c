import Evaluation
import Grammars
import Randomness
import TestSupport
import Testing

@testable import Search

/// Candidates whose classes are known are added up without being run: nothing but time and memory may tell.
@Suite struct ReplayTests {
  /// A grammar, by name.
  struct Sample: Sendable, CustomStringConvertible {
    let name: String
    let grammar: @Sendable () throws -> Grammar
    var description: String { name }

    static let all: [Sample] =
      Language.allCases.map { language in Sample(name: "\(language)") { try language.grammar(modulus: 7) } }
      + StructuredLanguage.allCases.map { language in Sample(name: "\(language)") { try language.grammar() } }
      + BruteForceTests.others.enumerated().map { number, text in
        Sample(name: "other \(number)") { try SyGuSReader.problem(Array(text.utf8), file: "other").grammar }
      }
  }

  /// All that a bank knows of a nonterminal, and what was seen on the way.
  struct Contents: Equatable {
    var programs: [Program] = []
    var rows: [Int64] = []
    var levels: [Int] = []
    var firstCounts: [UInt64] = []
    var repeatLevels: [Int] = []
    var repeats: [UInt32] = []
    var repeatCounts: [UInt64] = []
  }

  struct Run {
    var contents: [Contents] = []
    var candidates: UInt64 = 0
    /// Candidates at each question whether to stop.
    var polls: [UInt64] = []
    var replayed = 0
    var isKept = false
    var numbers = 0
    var peak = 0
    var outcome = ClassBank.Stored.level
  }

  /// Stores levels until `most` candidates are counted.
  static func run(
    _ grammar: Grammar, most: UInt64 = 40_000, limit: Int = .max, memoryLimit: Int = 1 << 30,
    stopAt: UInt64 = .max, stepLimit: UInt64 = 10_000
  ) throws -> Run {
    var generator = SeededGenerator(seed: 3, name: "replay")
    let tables = KernelTables(grammar)
    let inputs = BruteForceTests.inputs(grammar, count: 6, &generator)
    let bank = try ClassBank(
      grammar: grammar, signature: Signature(inputs: inputs, tables: tables), countsMass: true,
      memoryLimit: memoryLimit, tables: tables, stepLimit: stepLimit)
    bank.numbers.limit = limit
    var run = Run()
    bank.shouldStop = {
      run.polls.append($0.candidates)
      return $0.candidates >= stopAt
    }
    while bank.candidates < most, let level = bank.upcoming() {
      run.outcome = bank.store(level)
      guard run.outcome == .level else { break }
      #expect(bank.audit(level.nonterminal, level.ordinal), "level \(level.ordinal) of \(level.nonterminal)")
      run.replayed += bank.counted.replayed
    }
    run.candidates = bank.candidates
    run.isKept = bank.numbers.isKept
    run.numbers = grammar.nonterminals.indices.map { bank.numbers.list($0).count }.max()!
    run.peak = bank.meter.peak
    run.contents = grammar.nonterminals.indices.map { contents(bank, $0) }
    return run
  }

  private static func contents(_ bank: ClassBank, _ nonterminal: Int) -> Contents {
    let table = bank.tables + nonterminal
    let (classes, repeats) = (table.pointee.count, table.pointee.repeatStart.last!)
    return Contents(
      programs: (0..<classes).map { bank.program(nonterminal, $0) },
      rows: Array(UnsafeBufferPointer(start: table.pointee.rows.base, count: classes * bank.signature.lanes)),
      levels: table.pointee.classStart,
      firstCounts: (0..<classes).map { table.pointee.weight(of: $0, at: table.pointee.level(of: $0)) },
      repeatLevels: table.pointee.repeatStart,
      repeats: (0..<repeats).map { table.pointee.repeatClass.base[$0] },
      repeatCounts: (0..<table.pointee.levels).flatMap { level in
        (table.pointee.repeatStart[level]..<table.pointee.repeatStart[level + 1]).map {
          table.pointee.repeatCount($0, of: level)
        }
      })
  }

  private func expectEqual(_ run: Run, _ other: Run) {
    let outcomes = (run.outcome, other.outcome)
    #expect(outcomes.0 == outcomes.1)
    let (candidates, polls) = ((run.candidates, other.candidates), (run.polls, other.polls))
    #expect(candidates.0 == candidates.1)
    #expect(polls.0 == polls.1)
    for (number, (one, two)) in zip(run.contents, other.contents).enumerated() {
      let isSame = one == two
      #expect(isSame, "nonterminal \(number)")
    }
  }

  @Test(arguments: Sample.all) func replayingEqualsEvaluating(_ sample: Sample) throws {
    let grammar = try sample.grammar()
    // Programs of nested streams are long, and many run to the limit of steps: fewer of them do, and it is lower.
    let isNested = sample.name == "nested"
    let (most, least) = isNested ? (10_000 as UInt64, 5) : isThorough ? (40_000, 100) : (10_000, 25)
    let replayed = try Self.run(grammar, most: most, stepLimit: isNested ? 500 : 10_000)
    let evaluated = try Self.run(grammar, most: most, limit: 0, stepLimit: isNested ? 500 : 10_000)
    let (isKept, count, other) = (replayed.isKept, replayed.replayed, evaluated.replayed)
    #expect(isKept)
    #expect(count > least)
    #expect(other == 0)
    expectEqual(replayed, evaluated)
  }

  /// Whenever the numbers are dropped, in the middle of a level too.
  @Test(arguments: Sample.all) func droppingTheNumbersChangesNothing(_ sample: Sample) throws {
    let grammar = try sample.grammar()
    let most: UInt64 = sample.name == "nested" ? 2_000 : isThorough ? 10_000 : 4_000
    let stepLimit: UInt64 = sample.name == "nested" ? 500 : 10_000
    let kept = try Self.run(grammar, most: most, stepLimit: stepLimit)
    for part in 1...4 {
      let dropped = try Self.run(grammar, most: most, limit: kept.numbers * part / 5, stepLimit: stepLimit)
      let isDropped = !dropped.isKept
      #expect(isDropped)
      expectEqual(kept, dropped)
    }
  }

  /// Sums of more than 32 bits, of few classes and of more than 2^8: 4^n programs at level n, up to the limit of 64 bits.
  @Test(arguments: [101, 307]) func countsBeyond32BitsAreExact(_ modulus: Int) throws {
    let steps = [1, 18, 90, 200]
    let text =
      steps.map { "(define-fun p\($0) ((x Int)) Int (mod (+ x \($0)) \(modulus)))" }.joined()
      + "(synth-fun f ((a Int)) Int ((E Int)) ((E Int (a \(steps.map { "(p\($0) E)" }.joined(separator: " "))))))"
    let grammar = try SyGuSReader.problem(Array(text.utf8), file: "steps").grammar
    let replayed = try Self.run(grammar, most: .max)
    let evaluated = try Self.run(grammar, most: .max, limit: 0)
    let (outcome, greatest) = (replayed.outcome, replayed.contents[0].repeatCounts.max()!)
    #expect(outcome == .countLimit)
    #expect(greatest > UInt64(UInt32.max) * 100)
    expectEqual(replayed, evaluated)
  }

  /// A class with more than 2^32 programs at its first level: each of 17 nonterminals writes the one before in four ways.
  @Test func countsOfNewClassesBeyond32BitsAreExact() throws {
    let same = (1...4).map { "(define-fun p\($0) ((x Int)) Int x)" }.joined()
    let chain = (1...17).map { level in
      "(N\(level) Int (\((1...4).map { "(p\($0) N\(level - 1))" }.joined(separator: " "))))"
    }
    let text = """
      \(same)
      (define-fun inc ((x Int)) Int (mod (+ x 1) 31))
      (define-fun dec ((x Int)) Int (mod (+ x 30) 31))
      (define-fun mix ((x Int) (y Int)) Int (mod (+ x (* 2 y)) 31))
      (synth-fun f ((a Int)) Int ((S Int) (Q Int) (N0 Int) \((1...17).map { "(N\($0) Int)" }.joined(separator: " ")))
        ((S Int (N17 (inc S) (dec S) (mix Q S))) (Q Int (1 3 (mix Q Q))) (N0 Int (a)) \(chain.joined(separator: " "))))
      """
    let grammar = try SyGuSReader.problem(Array(text.utf8), file: "chain").grammar
    let replayed = try Self.run(grammar, most: 20_000)
    let evaluated = try Self.run(grammar, most: 20_000, limit: 0)
    let (count, greatest) = (replayed.replayed, replayed.contents[0].firstCounts.max()!)
    #expect(count > 100)
    #expect(greatest > UInt64(UInt32.max))
    expectEqual(replayed, evaluated)
  }

  /// The numbers take no memory that anything else needs.
  @Test(arguments: [Language.integers, .bitvectors]) func shortMemoryDropsTheNumbers(_ language: Language) throws {
    let grammar = try language.grammar()
    let kept = try Self.run(grammar, most: 100_000)
    let evaluated = try Self.run(grammar, most: 100_000, limit: 0)
    let (peak, keptPeak) = (evaluated.peak, kept.peak)
    #expect(peak < keptPeak)
    let short = try Self.run(grammar, most: 100_000, memoryLimit: peak)
    let (isKept, replayed) = (short.isKept, short.replayed)
    #expect(!isKept)
    #expect(replayed > 0)
    expectEqual(kept, short)
  }

  /// A search that is stopped in the middle of a level has counted the same candidates and keeps the levels before.
  @Test func stoppingEqualsStoppingTheEvaluation() throws {
    let grammar = try Language.integers.grammar()
    for stopAt: UInt64 in [1, 65_536, 150_000] {
      let replayed = try Self.run(grammar, most: 1_000_000, stopAt: stopAt)
      let evaluated = try Self.run(grammar, most: 1_000_000, limit: 0, stopAt: stopAt)
      let outcome = replayed.outcome
      #expect(outcome == .stopped)
      expectEqual(replayed, evaluated)
    }
  }
}
