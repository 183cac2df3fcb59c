import Evaluation
import ExactArithmetic
import Grammars
import Randomness
import Tasks
import TestSupport
import Testing

@testable import Search

/// Programs beyond the complete levels in languages without loops: right, never shorter than the shortest, and least among
/// trees of conditions where all programs are such trees.
@Suite struct UnprovenSearchTests {
  private func grammar(_ text: String) throws -> Grammar {
    try SyGuSReader.problem(Array(text.utf8), file: "trees").grammar
  }

  /// Every program is a tree of conditions over leaves, or one of other operators above it.
  private static let trees = """
    (synth-fun f ((x Int) (y Int)) Int ((S Int) (L Int) (C Bool))
      ((S Int ((! L :probability 1/2) (! (ite C S S) :probability 1/2)))
       (L Int (x y 0 1 2 3 4 5 6 (- x) (- y) (+ x y) (* x y) (- x y)))
       (C Bool ((= L L) (< L L) (and (< L L) (= L L))))))
    """

  private func examples(_ count: Int, seed: UInt64, _ function: (Int64, Int64) -> Int64) -> [Example] {
    var generator = SeededGenerator(seed: seed, name: "trees")
    var found: [Example] = []
    while found.count < count {
      let (x, y) = (Int64(generator.below(15)) - 7, Int64(generator.below(15)) - 7)
      if found.contains(where: { $0.inputs == [.int(x), .int(y)] }) { continue }
      found.append(Example(inputs: [.int(x), .int(y)], output: .int(function(x, y))))
    }
    return found
  }

  static let functions: [@Sendable (Int64, Int64) -> Int64] = [
    { x, y in x < y ? x * y : y < -2 ? x - y : x == 3 ? -y : 6 },
    { x, y in x < 0 ? -x : y < 0 ? -y : x == y ? 5 : x + y },
    { x, y in x < 1 ? (y < 1 ? 2 : 5) : (y < x ? x * y : y) },
  ]

  /// The least tree is the shortest program where nothing but trees is said: the complete search comes to the same length.
  @Test(arguments: functions.indices) func leastTreeIsTheShortestProgram(_ number: Int) throws {
    let grammar = try grammar(Self.trees)
    let examples = examples(16, seed: UInt64(number), Self.functions[number])
    let fast = try firstFunction(grammar, examples, unproven: true)
    let proven = try firstFunction(grammar, examples, unproven: false)
    let found = try #require(fast.solutions.first)
    #expect(!fast.isShortest && proven.isShortest)
    #expect(found.probability == proven.solutions.first?.probability)
    #expect(fast.completeLevels < proven.completeLevels)
    expectRight(found.program, grammar, examples)
  }

  /// A look before any condition is stored ends: there is no tree then, of whatever length.
  @Test func looksWithoutConditionsEnd() throws {
    let text = """
      (synth-fun f ((x Int)) Int ((S Int) (C Bool))
        ((S Int ((! x :probability 1/2) (! 1 :probability 1/4) (! (+ S S) :probability 1/8) (! (ite C S S) :probability 1/8)))
         (C Bool ((! (= S S) :probability 1/2) (! (< S S) :probability 1/2)))))
      """
    let grammar = try grammar(text)
    let examples = (0..<8).map { Example(inputs: [.int($0)], output: .int($0 * $0 * $0 - 77)) }
    let report = try firstFunction(grammar, examples, unproven: true, programs: 200) { $0.firstLook = 1 }
    #expect(report.solutions.isEmpty)
  }

  /// 60 constraints over 64-bit words, of which a signature holds 16: those that are missed join it.
  @Test func nestedConditionsOverManyExamples() throws {
    let file = Repository.text("Tests/GrammarsTests/Files/pbe-bv-nested.sl")
    let problem = try SyGuSReader.problem(Array(file.utf8), file: "pbe-bv-nested.sl")
    let report = try firstFunction(problem.grammar, problem.examples, unproven: true, programs: 2_000_000)
    let program = try #require(report.solutions.first?.program)
    #expect(report.stop == .found && !report.isShortest)
    #expect(report.solutions[0].mass == nil && report.solutions[0].posterior == nil)
    expectRight(program, problem.grammar, problem.examples)
    #expect(
      SyGuSPrinter(problem.grammar).text(problem.grammar.term(of: program)).filter { $0 == "(" }.count <= 9)
  }

  /// A macro that chooses on a test of its own, a constant condition, and lanes on which a condition has no value.
  @Test(arguments: BruteForceTests.others.indices) func foundProgramsAreRightAndNotShorter(_ number: Int) throws {
    let grammar = try grammar(BruteForceTests.others[number])
    let brute = BruteForce(grammar, bits: 13)
    var generator = SeededGenerator(seed: 7, name: "unproven/\(number)")
    let interpreter = Interpreter(grammar)
    for _ in 0..<4 {
      let target = grammar.term(of: brute.programs[Int(generator.below(UInt64(brute.programs.count)))].program)
      let examples = BruteForceTests.inputs(grammar, count: 8, &generator).compactMap { input in
        interpreter.run(target, on: input).value.map { Example(inputs: input, output: $0) }
      }
      guard examples.count > 2 else { continue }
      let fast = try firstFunction(grammar, examples, unproven: true)
      let proven = try firstFunction(grammar, examples, unproven: false)
      #expect(!fast.solutions.isEmpty && !proven.solutions.isEmpty)
      expectNoShorter(fast, than: proven, grammar, examples)
    }
  }
}
