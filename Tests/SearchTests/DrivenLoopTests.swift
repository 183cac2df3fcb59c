import Evaluation
import Foundation
import Grammars
import Randomness
import Tasks
import TestSupport
import Testing

@testable import Search

/// Loops that read something else than their counter.
@Suite struct DrivenLoopTests {
  /// A look at terms for n = `first`, …, with what it needs to run loops forward.
  private struct Look {
    let grammar: Grammar
    let examples: [Example]
    let inversion: LoopInversion
    let loops: ForwardLoops

    init(_ terms: [Int64], from first: Int64 = 0, work: Double = 2_000) throws {
      grammar = try LoopInversionTests.sequences()
      examples = terms.enumerated().map {
        Example(inputs: [.int(Int64($0.offset) + first)], output: .int($0.element))
      }
      inversion = LoopInversion(try TransducerInversionTests.attempt(grammar, examples, bits: 13), work: work)
      let shape = try #require(inversion.shapes.first { $0.head == .loop })
      loops = try #require(ForwardLoops(inversion, shape, work: work) { false })
    }

    func program(_ text: String) throws -> Program {
      try #require(grammar.derivation(of: SyGuSReader.term(text, in: grammar)))
    }

    func value(_ program: Program, _ number: Int64) -> Int64? {
      Interpreter(grammar).run(grammar.term(of: program), on: [.int(number)]).value?.word
    }

    /// The shortest of the loops found that give all terms.
    func found(_ search: (ForwardLoops.Look) -> Void) -> Program? {
      var best = BestProgram(grammar)
      search(inversion.look(loops) { best.offer($0) { inversion.agrees($0) } })
      return best.program
    }
  }

  /// Of every drive the loop that repeats what it reads gives, by the interpreter, what the drive says is read last.
  @Test func drivesAreThoseOfTheInterpreter() throws {
    let look = try Look((0..<16).map { $0 * 3 % 5 })
    let terms = look.inversion.terms(look.loops)
    let orbits = look.inversion.orbits(look.loops, terms)
    let body = look.loops.shape.bodies[0]
    let y = try #require(look.inversion.attempt.leaf(body, look.loops.shape.variables[1]))
    let (zero, count) = (try look.program("0"), try look.program("n"))
    #expect(orbits.count > 20 && orbits.contains { $0.idle != nil } && orbits.contains { $0.numbers == nil })
    // The last second state, which is not read, may leave 64 bits.
    var missing = 0
    for drive in orbits + look.inversion.choosers(look.loops, terms) {
      let loop = try #require(drive.loop(y, count, zero))
      for (input, values) in drive.values.enumerated() where values.count >= input {
        let idle = drive.idle?[input] ?? 0
        let busy = (0..<input).last { idle >> UInt64($0) & 1 == 0 }
        if let value = look.value(loop, Int64(input)) {
          #expect(value == busy.map { values[$0] } ?? 0)
        } else {
          missing += 1
        }
      }
    }
    #expect(missing < 10)
  }

  /// Sums, parities and reversals of digits, in a base drawn for each: found from twenty terms, right on the next forty.
  @Test func digitsAreRead() throws {
    var generator = SeededGenerator(seed: 11, name: "digits")
    func digits(_ n: Int, _ base: Int) -> [Int] { n == 0 ? [] : [n % base] + digits(n / base, base) }
    let kinds: [(bases: [Int], readsBase: Bool, value: ([Int], Int) -> Int)] = [
      ([2, 3, 4], false, { digits, _ in digits.reduce(0, +) }),
      ([2, 3, 4], false, { digits, _ in digits.reduce(0, +) % 2 }),
      ([2, 3, 5, 10], true, { digits, base in digits.reduce(0) { base * $0 + $1 } }),
    ]
    for (bases, readsBase, value) in kinds {
      let base = bases[Int(generator.below(UInt64(bases.count)))]
      let terms = (0..<60).map { Int64(value(digits($0, base), base)) }
      let look = try Look(Array(terms.prefix(20)), work: readsBase ? 40_000 : 4_000)
      let stored = look.inversion.terms(look.loops)
      let drives = look.inversion.orbits(look.loops, stored).filter {
        $0.numbers?[0] == (readsBase ? Int64(base) : nil)
          && $0.values[19].prefix(2) == [Int64(19 % base), Int64(19 / base % base)]
      }
      let found = try #require(
        drives.lazy.compactMap { drive in
          look.found { look.inversion.driven(by: drive, look.loops, stored, .goals, $0) }
        }.first, "base \(base)")
      for (n, term) in terms.enumerated() { #expect(look.value(found, Int64(n)) == term, "base \(base), n = \(n)") }
    }
  }

  /// Numbers written in another base: the digits come from the first to the last. Found from twenty terms, right on the next.
  @Test func leadingDigitsAreRead() throws {
    func digits(_ n: Int, _ base: Int) -> [Int] { n == 0 ? [] : [n % base] + digits(n / base, base) }
    func number(_ digits: [Int], _ base: Int) -> Int { digits.reduce(0) { $0 * base + $1 } }
    for (base, other) in [(2, 3), (3, 4)] {
      let terms = (0..<36).map { Int64(number(digits($0, base).reversed(), other)) }
      let look = try Look(Array(terms.prefix(20)), work: 20_000)
      let stored = look.inversion.terms(look.loops)
      let drives = look.inversion.leadingDigits(look.loops).filter { drive in
        guard drive.numbers?[0] == Int64(other) else { return false }
        return (0..<20).allSatisfy { n in number(drive.values[n].prefix(n + 1).map { Int($0) }, base) == n }
      }
      #expect(drives.count == 1)
      let found = try #require(
        look.found { take in
          for drive in drives { look.inversion.driven(by: drive, look.loops, stored, .goals, take) }
        }, "base \(base) as \(other)")
      for (n, term) in terms.enumerated() { #expect(look.value(found, Int64(n)) == term) }
    }
  }

  /// Sequences with a(c·n + d) = B(a(n), c·n + d): the question asks for B just where both terms are known, and with B the program
  /// written is the sequence, far beyond the examples.
  @Test(arguments: [
    (Int64(2), "(+ (+ x x) (mod (div (+ y 1) 2) 2))", false),  // the Gray code
    (2, "(+ (+ x x) (mod (+ x y) 2))", true),
    (2, "(ite (= y 1) (+ x 1) (- 0 x))", true),
    (3, "(+ (* x (+ 2 2)) y)", true),
    (3, "(- y x)", true),
  ]) func prefixesTellTheBody(_ base: Int64, _ text: String, _ readsDigit: Bool) throws {
    let grammar = try LoopInversionTests.sequences()
    let lambda = "(loop (lambda ((x Int) (y Int)) \(text)) n 1)"
    guard case .operation(_, let arguments) = try SyGuSReader.term(lambda, in: grammar),
      case .lambda(let variables, let body) = arguments[0]
    else { return }
    let interpreter = Interpreter(grammar)
    func words(_ x: Int64, _ y: Int64) -> [Int64] {
      var words = Array(repeating: Value.noValueWord, count: grammar.variables.count)
      (words[variables[0]], words[variables[1]]) = (x, y)
      return words
    }
    var terms: [Int64] = [0]
    for n in Int64(1)..<38 {
      let values = words(terms[Int(n / base)], readsDigit ? n % base : n).map {
        Value.int($0 == Value.noValueWord ? 0 : $0)
      }
      terms.append(try #require(interpreter.run(body, on: values).value?.word))
    }
    let look = try Look(Array(terms.prefix(20)))
    let expected = BodyQuestion(
      look.loops.shape.bodies[0],
      (0..<20).map { words(terms[Int(Int64($0) / base)], readsDigit ? Int64($0) % base : Int64($0)) },
      Array(terms.prefix(20)))
    let written = try #require(grammar.derivation(of: body, from: look.loops.shape.bodies[0]))
    let asking = look.inversion.prefixes().filter { $0.question() == expected }
    let programs = asking.flatMap { $0.programs(written) }
    #expect(
      programs.contains { program in terms.indices.allSatisfy { look.value(program, Int64($0)) == terms[$0] } })
  }

  /// What is read in place of y or n has, by the interpreter, the values that the drive says; bodies are written with it.
  @Test func readingsAreThoseOfTheInterpreter() throws {
    let look = try Look((0..<16).map { $0 * 3 % 5 })
    let terms = look.inversion.terms(look.loops)
    let body = look.loops.shape.bodies[0]
    let y = try #require(look.inversion.attempt.leaf(body, look.loops.shape.variables[1]))
    let (zero, count) = (try look.program("0"), try look.program("n"))
    let orbit = try #require(look.inversion.orbits(look.loops, terms).first { $0.numbers == nil })
    for drive in [look.inversion.counter(look.loops), orbit] {
      let readings = look.inversion.readings(of: drive, look.loops, terms)
      #expect(!readings.isEmpty && Set(readings.map(\.values)).count == readings.count)
      for reading in readings {
        let loop = try #require(reading.loop(y, count, zero))
        for (input, values) in reading.values.enumerated() where values.count >= input {
          guard let value = look.value(loop, Int64(input)) else { continue }
          #expect(value == (input == 0 ? 0 : values[input - 1]))
        }
      }
    }
    let n = try #require(look.inversion.attempt.leaf(body, look.loops.number))
    let renamings = look.inversion.renamings(look.loops, terms)
    #expect(renamings.count > 10)
    for renaming in renamings {
      let loop = try #require(renaming.loop(n, count, zero))
      for (input, number) in try #require(renaming.numbers).enumerated() where input > 0 {
        #expect(look.value(loop, Int64(input)) == number)
      }
    }
  }

  /// A term of n in place of n, and a term of y and n in place of y, that the body reads twice: found, right on numbers not seen.
  @Test func termsAreReadInPlaceOfVariables() throws {
    let cases: [(text: String, first: Int64)] = [
      ("(loop (lambda ((x Int) (y Int)) (div x (gcd x (+ 2 (+ 2 2))))) n n)", 1),
      ("(loop (lambda ((x Int) (y Int)) (+ x (* (gcd y n) (gcd y n)))) n 0)", 1),
    ]
    for (text, first) in cases {
      let target = try SyGuSReader.term(text, in: try LoopInversionTests.sequences())
      let terms = try (0..<40).map {
        try #require(
          Interpreter(try LoopInversionTests.sequences()).run(target, on: [.int(Int64($0) + first)]).value?.word)
      }
      let look = try Look(Array(terms.prefix(20)), from: first, work: 100_000)
      let stored = look.inversion.terms(look.loops)
      let found = try #require(
        look.found { take in
          for drive in look.inversion.renamings(look.loops, stored) {
            look.inversion.driven(by: drive, look.loops, stored, .goals, take)
          }
          let bodies = stored.filter { $0.readsX && $0.readsY && !$0.readsOther }.prefix(1_200)
          for drive in look.inversion.readings(of: look.inversion.counter(look.loops), look.loops, stored).prefix(10) {
            look.inversion.driven(by: drive, look.loops, bodies: bodies, take)
          }
        }, "\(text)")
      let program = try #require(look.grammar.derivation(of: target))
      #expect(look.grammar.probability(of: found) >= look.grammar.probability(of: program))
      for (place, term) in terms.enumerated() { #expect(look.value(found, Int64(place) + first) == term, "\(text)") }
    }
  }

  /// Numbers whose digits, or whose powers, pass a test: the loop is compared, not the sequence. Right on numbers not seen.
  @Test(.enabled(if: isLongRun, "LEVIN_LONG=1"))
  func setsAreToldByLoops() throws {
    func digits(_ n: Int, _ base: Int) -> [Int] { n == 0 ? [] : [n % base] + digits(n / base, base) }
    let tests: [(Int) -> Bool] = [
      { !digits($0, 3).contains(2) }, { Array(digits($0, 2).reversed()) == digits($0, 2) },
      { n in n > 0 && [2, 3].reduce(n) { rest, p in (0..<20).reduce(rest) { r, _ in r % p == 0 ? r / p : r } } == 1 },
    ]
    for test in tests {
      let members = (0..<2_000).filter(test).prefix(40).map { Int64($0) }
      let look = try Look(Array(members.prefix(20)), work: 500_000)
      let found = try #require(look.inversion.comparisons(.second, work: 400_000) { false })
      for (place, member) in members.enumerated() { #expect(look.value(found, Int64(place)) == member) }
    }
  }

  /// Numerals have their values, and no sum or product of up to four constants with the value is likelier.
  @Test func numeralsAreTheLikeliest() throws {
    let look = try Look((0..<12).map { $0 })
    let body = look.loops.shape.bodies[0]
    var trees: [[Term]] = [[], [0, 1, 2].map { .constant(.int($0), name: nil) }]
    for leaves in 2...4 {
      trees.append(
        (1..<leaves).flatMap { left in
          trees[left].flatMap { a in
            trees[leaves - left].flatMap { b in [Operator.add, .multiply].map { Term.operation($0, [a, b]) } }
          }
        })
    }
    let numerals = look.inversion.attempt.grammar.numerals(of: body, upTo: LoopInversion.mostDivisor)
    #expect(numerals.map(\.value) == Array(1...12))
    for (value, numeral) in numerals {
      let prior = look.grammar.probability(of: try #require(look.grammar.derivation(of: numeral, from: body)))
      #expect(Interpreter(look.grammar).run(numeral, on: [.int(0)]).value == .int(value))
      for tree in trees.joined() where Interpreter(look.grammar).run(tree, on: [.int(0)]).value == .int(value) {
        let other = look.grammar.probability(of: try #require(look.grammar.derivation(of: tree, from: body)))
        #expect(other <= prior)
      }
    }
  }

  /// Primes are chosen by a loop in the body: products of those that divide n, and n without them, right on numbers not seen.
  @Test(.enabled(if: isLongRun, "LEVIN_LONG=1"))
  func primesAreChosen() throws {
    func primes(_ n: Int) -> [Int] { (2...max(2, n)).filter { p in n % p == 0 && (2..<p).allSatisfy { p % $0 != 0 } } }
    for value in [{ primes($0).reduce(1, *) }, { $0 / primes($0).reduce(1, *) }] {
      let terms = (1...40).map { Int64(value($0)) }
      let look = try Look(Array(terms.prefix(20)), from: 1, work: 500_000)
      let found = try #require(look.found { look.inversion.drives(.first, look.loops, .goals, { false }, $0) })
      for (place, term) in terms.enumerated() { #expect(look.value(found, Int64(place) + 1) == term) }
    }
  }
}
