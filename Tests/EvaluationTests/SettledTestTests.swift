import Evaluation
import Grammars
import TestSupport
import Testing

/// Rounds of a search that are counted, beside rounds that are run.
@Suite struct SettledTestTests {
  private static let text = """
    (synth-fun f ((k Int) (a Int)) Int ((S Int) (T Bool) (E Int) (L Int) (V Int))
      ((S Int ((compr (lambda ((n Int)) T) k)))
       (T Bool ((< E E) (<= E E) (> E E) (>= E E) (= E E) (distinct E E) (and T T) (or T T) (=> T T) (not T)))
       (E Int (V (+ V V) (- V V) (* V V) (div V V) (mod V V) L))
       (L Int ((* V (- V V)) (div (* V V) V) (mod (+ V V) V) (ite (< n a) n 1) (gcd n a)))
       (V Int (n a 0 1 3 (* n n)))))
    """

  /// All searches with one comparison and a part of those with two: word, reason and steps.
  @Test func countedRoundsAreRoundsRun() throws {
    let grammar = try SyGuSReader.problem(Array(Self.text.utf8), file: "searches").grammar
    let (counting, running) = (try FlatMachine(grammar), try FlatMachine(grammar))
    running.countsSettledRounds = false
    let programs = BruteForce(grammar, bits: 17).programs
    #expect(programs.count > 4000)
    var (found, ended) = (0, 0)
    for (program, _) in programs {
      let starts = (counting.compile(program), running.compile(program))
      for input in [[0, 5], [40, 0], [3, -7], [700, 100]] as [[Int64]] {
        for limit in [90, 3001] as [UInt64] {
          let a = counting.run(starts.0, on: input, stepLimit: limit)
          let b = running.run(starts.1, on: input, stepLimit: limit)
          #expect(a == b, "\(grammar.term(of: program)) at \(input), \(limit) steps")
          if a.word.map({ $0 > 16 }) ?? false { found += 1 }
          if a.word == nil, a.reason == .stepLimit { ended += 1 }
        }
      }
    }
    #expect(found > 1000 && ended > 1000)
  }

  /// What nothing could run is counted; but not beyond the end of 64 bits, where a test has no value.
  @Test func countingEndsWithTheIntegers() throws {
    let grammar = try SyGuSReader.problem(Array(Self.text.utf8), file: "searches").grammar
    let machine = try FlatMachine(grammar)
    func run(_ text: String, _ number: Int64, _ limit: UInt64) throws -> (Int64?, NoValue, UInt64) {
      let term = try SyGuSReader.term(text, in: grammar)
      let program = try #require(grammar.derivation(of: term))
      let (word, reason, steps) = machine.run(machine.compile(program), on: [number, 3_000_000_000], stepLimit: limit)
      return (word, reason, steps)
    }
    // 2^40 rounds of three steps and their beginning: nothing could run them.
    let equal = try run("(compr (lambda ((n Int)) (= n n)) k)", 1 << 40, .max)
    #expect(equal.0 == 1 << 40 && equal.2 == 3 + 3 * (1 << 40) + 3)
    let never = try run("(compr (lambda ((n Int)) (< n n)) k)", 0, 1 << 50)
    #expect(never.0 == nil && never.1 == .stepLimit && never.2 > 1 << 50 && never.2 <= 1 << 50 + 3)
    // Cubes leave 64 bits at n = 2^21, in step 7 · 2^21 and some: a limit before that is counted to, one behind it is not.
    let cubes = "(compr (lambda ((n Int)) (< (* n (* n n)) 0)) k)"
    let within = try run(cubes, 0, 7 << 20)
    #expect(within.0 == nil && within.1 == .stepLimit)
    let beyond = try run(cubes, 0, 7 << 22)
    #expect(beyond.0 == nil && beyond.1 == .overflow && beyond.2 >> 21 == 7)
  }
}
