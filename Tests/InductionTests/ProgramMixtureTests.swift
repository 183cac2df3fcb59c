import Dispatch
import Evaluation
import ExactArithmetic
import Foundation
import Grammars
import Induction
import Randomness
import Search
import Tasks
import TestSupport
import Testing

/// The mixture over programs: against all programs written out, and against itself with more steps.
@Suite struct ProgramMixtureTests {
  private static func language() throws -> Grammar { try StructuredLanguage.sequences.grammar() }

  private func mixture(
    _ sequence: [Int64], phase: Int, prior: SequencePrior = .length, grammar: Grammar? = nil, offset: Int64 = 0
  ) throws -> ProgramMixture {
    let walk = try StreamWalk(grammar ?? Self.language(), offset: offset, prior: prior)
    return try ProgramMixture(walk, sequence: sequence, phase: phase)
  }

  /// What is nested deeper than a walk goes is no later phase's: it may print in an early one.
  @Test func programsTooDeepMayPrintInAnyPhase() throws {
    let deep = String(repeating: "(+ 1 ", count: 150) + "S" + String(repeating: ")", count: 150)
    let text =
      "(synth-fun f ((n Int)) Int ((S Int)) ((S Int ((! \(deep) :probability 31/32) (! n :probability 1/32)))))"
    let grammar = try SyGuSReader.problem(Array(text.utf8), file: "deep").grammar
    // The walk recurses along a program; frames under the address sanitizer are larger than a test's thread has room for.
    let mixture = try onLargeStack { try self.mixture([], phase: 40, prior: .fast, grammar: grammar) }
    // The program of k rounds prints 150 k at 0 within 151 k + 1 steps; some 13 rounds are walked.
    func weight(_ rounds: Int) -> Rational {
      let prior = Rational(31, 32).power(rounds) / 32
      let phase = (1...62).first { prior * Rational(BigInteger(1) << $0) >= Rational(151 * rounds + 1) }!
      return prior / Rational(BigInteger(1) << (phase - 1))
    }
    let whole = (0...60).reduce(Rational(0)) { $0 + weight($1) }
    for rounds in 0...40 {
      let share = weight(rounds) / whole
      let interval = mixture.interval(of: Int64(150 * rounds))
      // Rounds beyond 60 have less than a fifth of the prior, and hardly a share of the weight.
      #expect(interval.lower <= share && share <= interval.upper, "\(rounds) rounds")
    }
  }

  @Test func longSequencesAreRefused() throws {
    let error = #expect(throws: SearchError.self) { try mixture(Array(repeating: 0, count: 100_001), phase: 1) }
    #expect("\(error!)".contains("at most 100000"))
  }

  /// By definition: a program prints at a place what its steps up to there let it print.
  private struct ByDefinition {
    var reached: [Rational]
    var next: [Int64: Rational] = [:]
    var others: [Rational]

    init(_ brute: BruteForce, _ sequence: [Int64], phase: Int, _ prior: SequencePrior) {
      reached = Array(repeating: 0, count: sequence.count + 1)
      others = reached
      let interpreter = Interpreter(brute.grammar)
      for (program, p) in brute.programs {
        let term = brute.grammar.term(of: program)
        let share = UInt64((p * Rational(BigInteger(1) << phase)).floor())
        var steps: UInt64 = 0
        for place in 0...sequence.count {
          let run = interpreter.run(term, on: [.int(Int64(place))], stepLimit: share - min(share, steps))
          steps += run.steps
          guard let word = run.value?.word else { break }
          let weight = Self.weight(p, steps, prior)
          if place == sequence.count {
            next[word, default: 0] += weight
          } else if word == sequence[place] {
            reached[place + 1] += weight
          } else {
            others[place] += weight
            break
          }
        }
      }
    }

    private static func weight(_ p: Rational, _ steps: UInt64, _ prior: SequencePrior) -> Rational {
      switch prior {
      case .length: return p
      case .kt: return p / Rational(BigInteger(steps))
      case .fast:
        var i = 1
        while p * Rational(BigInteger(1) << i) < Rational(BigInteger(steps)) { i += 1 }
        return p / Rational(BigInteger(1) << (i - 1))
      }
    }
  }

  @Test(arguments: SequencePrior.allCases) func massesAreThoseOfTheDefinition(_ prior: SequencePrior) throws {
    let phase = 17
    for (grammar, bits) in [
      (try Self.language(), 17),
      (
        try SyGuSReader.problem(
          Array(
            """
            (synth-fun f ((n Int)) Int ((S Int) (B Int))
              ((S Int ((! n :probability 1/3) (! 1 :probability 1/5) (! 0 :probability 2/15) (! (+ S S) :probability 1/10)
                (! (ite (< S S) S S) :probability 1/15)
                (! (loop (lambda ((x Int) (y Int)) B) S S) :probability 1/6)))
               (B Int (x y (+ B B) (* B B) (- B 1)))))
            """.utf8), file: "other"
        ).grammar, 17
      ),
    ] {
      let brute = BruteForce(grammar, bits: bits)
      for sequence in [[], [1], [0, 1, 2], [0, 1, 4], [1, 1, 2, 6]] as [[Int64]] {
        let found = try mixture(sequence, phase: phase, prior: prior, grammar: grammar)
        let expected = ByDefinition(brute, sequence, phase: phase, prior)
        #expect(found.next.count == expected.next.count)
        for entry in found.next { #expect(entry.mass == expected.next[entry.symbol]) }
        for place in sequence.indices {
          #expect(found.places[place].hits == expected.reached[place + 1])
          #expect(found.places[place].others == expected.others[place])
        }
      }
    }
  }

  /// An interval contains that of sixteen times the steps.
  @Test func intervalsContainThoseOfLongerRuns() throws {
    let suite = try SequenceTask.read(path: Repository.root + "/benchmarks/suites/sequences.jsonl")
    let grammar = try Self.language()
    #expect(suite.count >= 50)
    // Where the shorter run knows symbols that come next, some interval says more than 0 to 1.
    var known: [SequencePrior: Int] = [:]
    for (number, task) in suite.prefix(50).enumerated() {
      let sequence = Array(task.given.prefix(number % 4))
      for prior in number % 3 == 0 ? SequencePrior.allCases : [.length] {
        let short = try mixture(sequence, phase: 14, prior: prior, grammar: grammar, offset: task.offset)
        let long = try mixture(sequence, phase: 18, prior: prior, grammar: grammar, offset: task.offset)
        if short.end.hits > 0 {
          known[prior, default: 0] += 1
          #expect(short.interval(of: short.next[0].symbol).lower > 0)
        }
        for symbol in Set([task.given[sequence.count], 0, 1, 2] + long.next.prefix(4).map(\.symbol)) {
          #expect(
            short.interval(of: symbol).contains(long.interval(of: symbol)), "\(task.number) \(prior) \(symbol)")
        }
        for place in sequence.indices {
          #expect(short.interval(at: place).contains(long.interval(at: place)), "\(task.number) \(prior) \(place)")
        }
        #expect(long.end.openSoFar <= short.end.openSoFar)
      }
    }
    #expect(known == [.length: 44, .kt: 15, .fast: 15])
  }

  /// What was met of a phase that is ended early bounds all that the whole phase says.
  @Test(arguments: SequencePrior.allCases) func walksThatAreEndedEarlyStillBound(_ prior: SequencePrior) throws {
    let walk = try StreamWalk(Self.language(), prior: prior)
    let sequence: [Int64] = [0, 1, 4]
    let whole = try ProgramMixture(walk, sequence: sequence, phase: 24)
    var shown: Rational?
    let part = try ProgramMixture(walk, sequence: sequence, phase: 24) { progress in
      shown = progress.met
      return true
    }
    #expect(whole.isFinished && whole.met == 1)
    #expect(!part.isFinished && part.met > 0 && part.prefixes < whole.prefixes && part.steps < whole.steps)
    let met = try #require(shown)
    #expect(met > 0 && met <= part.met)
    #expect(part.places[0].hits > 0 && part.end.openSoFar > whole.end.openSoFar)
    for symbol in Set([9, 0, 1] + whole.next.prefix(4).map(\.symbol)) {
      #expect(part.interval(of: symbol).contains(whole.interval(of: symbol)), "\(symbol)")
    }
    for place in sequence.indices {
      #expect(part.interval(at: place).contains(whole.interval(at: place)), "\(place)")
      #expect(part.places[place].hits <= whole.places[place].hits)
    }
  }

  /// −log2 of the mixture is at most the length of each program that prints the sequence.
  @Test func lossIsAtMostTheLengthOfEveryProgram() throws {
    let grammar = try Self.language()
    let sequence: [Int64] = [0, 1, 4, 9, 16, 25]
    let found = try mixture(sequence, phase: 18, grammar: grammar)
    #expect(!found.matches.isEmpty)
    for match in found.matches {
      #expect(found.sequenceMass >= match.mass && match.mass >= match.probability)
      #expect(found.squaredError <= ProgramMixture.solomonoffBound(prior: match.probability))
      #expect(found.share(of: match).upper <= 1)
    }
    #expect(sequence.indices.reduce(Rational(1)) { $0 * found.resolvedProbability(at: $1) } == found.sequenceMass)
    #expect(found.next.first?.symbol == 36)
    #expect(found.resolvedShare(of: 36) > Rational(9, 10))
    #expect(found.interval(of: 36).contains(found.resolvedShare(of: 36)))
  }

  /// Sixteen longer programs have more mass, by the orders of their arguments; the bound is that of the shortest all the same.
  @Test func theShortestProgramIsThatOfGreatestPrior() throws {
    let grammar = try SyGuSReader.problem(
      Array(
        """
        (synth-fun f ((n Int)) Int ((S Int) (C Int) (D Int) (V Int))
          ((S Int ((! n :probability 1/256) (! 7 :probability 127/256)
            (! (loop2 (lambda ((x Int) (y Int)) (pair C y)) 1 (pair 0 0)) :probability 1/2)))
           (C Int ((+ D D))) (D Int ((+ V V))) (V Int (x y n 0))))
        """.utf8), file: "shortest.sl"
    ).grammar
    let found = try mixture([0], phase: 24, grammar: grammar)
    #expect(found.matches.count == 16 && found.matches.allSatisfy { $0.probability < Rational(1, 256) })
    let shortest = try #require(found.shortest)
    #expect(SyGuSPrinter(grammar).text(grammar.term(of: shortest.program)) == "n")
    #expect(shortest.probability == Rational(1, 256))
  }

  @Test func mixtureOfProgramsAndTreeIsNeverWorseThanEitherByABit() throws {
    let walk = try StreamWalk(Self.language(), alphabet: [0, 1])
    var mixed = try MixedPredictor(walk, phase: 13, depth: 3)
    var tree = ContextTree(depth: 3, alphabetSize: 2, past: [])
    let symbols = [0, 1, 0, 1, 0, 1, 1, 0]
    for symbol in symbols {
      mixed.observe(symbol)
      tree.observe(symbol)
      #expect(mixed.sequenceProbability * 2 >= tree.sequenceProbability)
    }
    let alternating = try ProgramMixture(walk, sequence: [0, 1, 0, 1, 0], phase: 15)
    var follower = try MixedPredictor(walk, phase: 15, depth: 3)
    for symbol in [0, 1, 0, 1, 0] { follower.observe(symbol) }
    for match in alternating.matches { #expect(follower.sequenceProbability * 2 >= match.probability) }
    #expect(!alternating.matches.isEmpty)
  }

  @Test func mixedPredictorKeepsTheLaws() throws {
    for alphabet in [[0, 1], [0, 1, 5]] as [Set<Int64>] {
      let walk = try StreamWalk(Self.language(), alphabet: alphabet)
      let predictor = try MixedPredictor(walk, phase: 10, depth: 2)
      #expect(PredictorLaws.violations(of: predictor, along: [0, 1, 1, 0]) == [])
    }
  }

  @Test func endsOfTheRangeAndEmptySequences() throws {
    let empty = try mixture([], phase: 12)
    #expect(empty.places.count == 1 && empty.end.emitted == 1 && empty.squaredError == 0)
    #expect(empty.interval(of: 0).lower > 0)
    // No program prints this within its share: nothing is said.
    let strange = try mixture([5, -7, 1_000_003, 12, 12, -1], phase: 12)
    #expect(strange.end.emitted == 0 && strange.next.isEmpty && strange.matches.isEmpty)
    #expect(strange.interval(of: 3) == RationalInterval(lower: 0, upper: 1))
    // One symbol, at the end of 64 bits: n + 1 overflows there and is silent.
    let end = try mixture([.max - 1], phase: 12, offset: .max - 1)
    #expect(end.places[0].silent > 0 && end.next.first?.symbol == .max)
    #expect(throws: SearchError.self) { try self.mixture([1, 2], phase: 5, offset: .max) }
  }

  /// A program without end is open, and its mass is in every interval.
  @Test func programsWithoutEndAreOpen() throws {
    let text = """
      (synth-fun f ((n Int)) Int ((S Int) (T Bool))
        ((S Int ((! n :probability 1/2) (! (compr (lambda ((n Int)) T) S) :probability 1/2)))
         (T Bool ((< n n) (= n n)))))
      """
    let grammar = try SyGuSReader.problem(Array(text.utf8), file: "a language").grammar
    let found = try mixture([0, 1], phase: 14, grammar: grammar)
    #expect(found.places[0].open >= Rational(1, 8))
    #expect(found.interval(of: 2).upper == 1 && found.interval(of: 2).lower > Rational(1, 2))
    #expect(found.interval(of: 7).upper >= Rational(1, 8))
  }

  /// A symbol's steps are taken place by place, within the share: 400 symbols are far from taking 401 times the phase.
  @Test(arguments: [SequencePrior.length, .kt, .fast]) func stepsOfLongSequencesStayWithinThePhase(
    _ prior: SequencePrior
  )
    throws
  {
    for phase in [8, 10, 12] {
      let walk = try StreamWalk(Self.language(), prior: prior)
      let tally = try walk.run(along: Array(repeating: 0, count: 400), phase: phase)
      #expect(tally.steps <= 1 << UInt64(phase))
    }
  }

  /// The steps on each place, since what is run on a place does not depend on those after it.
  private func stepsByPlace(_ walk: StreamWalk, _ sequence: [Int64], phase: Int) throws -> [UInt64] {
    var before: UInt64 = 0
    return try (0...sequence.count).map { count in
      let steps = try walk.run(along: Array(sequence.prefix(count)), phase: phase).steps
      #expect(steps >= before)
      defer { before = steps }
      return steps - before
    }
  }

  /// One program of seven steps, of which phase 3 gives it eight: on two places it begins, and one it leaves.
  @Test func phasesBoundTheStepsOnEachPlace() throws {
    let text = "(synth-fun f ((n Int)) Int ((S Int) (A Int)) ((S Int ((+ A A))) (A Int ((+ n n)))))"
    let grammar = try SyGuSReader.problem(Array(text.utf8), file: "one program").grammar
    let steps = try stepsByPlace(StreamWalk(grammar, offset: 1), [4], phase: 3)
    #expect(steps[0] == 7 && steps[1] > 1 && steps[1] <= 8)
    let found = try mixture([4], phase: 3, grammar: grammar, offset: 1)
    #expect(found.bound == 16 && found.steps == steps[0] + steps[1] && found.end.open == 1)
  }

  @Test func phasesOfRandomLanguagesBoundTheStepsOnEachPlace() throws {
    var generator = SeededGenerator(seed: 1, name: "induction/languages")
    var isAboveInAll = false
    for number in 0..<24 {
      let text = Self.randomLanguage(&generator)
      let grammar = try SyGuSReader.problem(Array(text.utf8), file: "language \(number)").grammar
      let offset = Int64(generator.below(4))
      // What the program n prints, so that one at least comes to the last place.
      let sequence = (0..<4).map { offset + $0 }
      for prior in [SequencePrior.length, .kt] {
        let walk = try StreamWalk(grammar, offset: offset, prior: prior)
        for phase in [3, 5, 7] {
          let steps = try stepsByPlace(walk, sequence, phase: phase)
          #expect(steps.allSatisfy { $0 <= 1 << UInt64(phase) }, "\(prior), phase \(phase): \(steps) of \(text)")
          if steps.reduce(0, +) > 1 << UInt64(phase) { isAboveInAll = true }
        }
      }
    }
    #expect(isAboveInAll, "no language takes more than the phase on all places together")
  }

  /// Three or four nonterminals, each an operator of the next or n; few programs, which take much of a phase.
  private static func randomLanguage(_ generator: inout SeededGenerator) -> String {
    let names = Array(["S", "A", "B", "C"].prefix(3 + Int(generator.below(2))))
    var rules: [String] = []
    for (name, next) in zip(names, names.dropFirst()) {
      let operators = [
        "(+ \(next) \(next))", "(* \(next) n)", "(- \(next))", "(ite (< \(next) 2) \(next) \(next))",
        "(loop (lambda ((x Int) (y Int)) (+ x y)) \(next) \(next))",
      ]
      let term = operators[Int(generator.below(UInt64(operators.count)))]
      // Of 0 the operator stands alone.
      let weight = generator.below(2) * (1 + generator.below(6))
      rules.append(
        weight == 0
          ? "(\(name) Int (\(term)))"
          : "(\(name) Int ((! \(term) :probability \(weight)/\(weight + 1)) (! n :probability 1/\(weight + 1))))")
    }
    rules.append("(\(names[names.count - 1]) Int (n 1))")
    let declarations = names.map { "(\($0) Int)" }.joined(separator: " ")
    return "(synth-fun f ((n Int)) Int (\(declarations)) (\(rules.joined(separator: " "))))"
  }
}

/// What a thread leaves behind; read once the thread has signalled.
private final class Outcome<Value>: @unchecked Sendable { var result: Result<Value, any Error>? }

/// Runs something on a thread of its own with 64 MB of stack.
private func onLargeStack<Value>(_ body: @escaping @Sendable () throws -> Value) throws -> Value {
  let (outcome, done) = (Outcome<Value>(), DispatchSemaphore(value: 0))
  let thread = Thread {
    outcome.result = Result { try body() }
    done.signal()
  }
  thread.stackSize = 64 << 20
  thread.start()
  done.wait()
  return try outcome.result!.get()
}
