import Evaluation
import ExactArithmetic
import Grammars
import Randomness
import TestSupport
import Testing

@testable import Search

/// Loops found from what they must give: right, never shorter than the shortest, and found where the complete search does not
/// come to them.
@Suite struct LoopInversionTests {
  static func sequences() throws -> Grammar {
    let path = "grammars/sequences.sl"
    return try SyGuSReader.problem(Array(Repository.text(path).utf8), file: path).grammar
  }

  private func examples(_ terms: [Int64], _ first: Int64 = 0) -> [Example] {
    terms.enumerated().map { Example(inputs: [.int(first + Int64($0.offset))], output: .int($0.element)) }
  }

  struct Target: Sendable {
    let name: String
    let term: @Sendable (Int64) -> Int64
    var first: Int64 = 0
    /// Terms that are given, of twice as many that are asked for. Twenty of 0 and 1 are fitted by accident.
    var given: Int64 = 20
  }

  private static func order2(_ a: Int64, _ b: Int64, _ next: (Int64, Int64) -> Int64, _ n: Int64) -> Int64 {
    var (x, y) = (a, b)
    for _ in 0..<n { (x, y) = (y, next(x, y)) }
    return x
  }

  static func count(_ n: Int64, _ test: (Int64) -> Bool) -> Int64 {
    n < 1 ? 0 : Int64((1...n).count { test($0) })
  }

  /// The n-th number, from 0, that passes a test.
  static func numbers(_ n: Int64, _ test: (Int64) -> Bool) -> Int64 {
    (0...).lazy.filter(test).dropFirst(Int(n)).first!
  }

  /// One of each kind: two states, a body in x and y, a second state that goes its own way, a sum of choices with n in them, a
  /// sum over states from n, sums of sums, the remainder of a sum, a stored term below two operators, tests of sums, a body with
  /// a numeral, the inverse of a rising function; the first alone where everything is slow.
  static let targets: [Target] = {
    let all = [
      Target(name: "order 2", term: { n in order2(1, 1, { $0 + 2 * $1 }, n) }),
      Target(name: "fourth powers", term: { n in n < 1 ? 0 : (1...n).reduce(0) { $0 + $1 * $1 * $1 * $1 } }),
      Target(name: "odd squares", term: { n in n < 1 ? 0 : (1...n).reduce(0) { $0 + (2 * $1 - 1) * (2 * $1 - 1) } }),
      Target(name: "divisors", term: { n in count(n) { n % $0 == 0 } }, first: 1),
      Target(name: "square root", term: { n in count(n) { $0 * $0 <= n } }),
      Target(name: "binary weight", term: { n in Int64(n.nonzeroBitCount) }),
      Target(name: "binomials", term: { n in n * (n - 1) * (n - 2) * (n - 3) / 24 }),
      Target(name: "parity of the binary weight", term: { n in Int64(n.nonzeroBitCount % 2) }, given: 40),
      Target(name: "odd part", term: { n in (n >> n.trailingZeroBitCount) / 2 + 1 }, first: 1),
      Target(name: "primes", term: { n in numbers(n) { n in count(n) { n % $0 == 0 } == 2 } }),
      Target(name: "digital root", term: { n in n == 0 ? 0 : 1 + (n - 1) % 9 }),
      Target(name: "floor of n^(3/2)", term: { n in Int64(BigInteger(n * n * n).squareRoot()) }),
      Target(name: "no primes", term: { n in numbers(n) { n in count(n) { n % $0 == 0 } > 2 } }),
    ]
    #if DEBUG
      return Array(all.prefix(1))
    #else
      return all
    #endif
  }()
  /// Programs for a target; the search goes on behind what it found.
  #if DEBUG
    private static let programs: UInt64 = 10_000
  #else
    private static let programs: UInt64 = 300_000
  #endif

  @Test(arguments: targets.indices) func loopsBeyondTheCompleteLevelsAreFound(_ number: Int) throws {
    let target = Self.targets[number]
    let grammar = try Self.sequences()
    let terms = (0..<2 * target.given).map { target.term(target.first + $0) }
    let given = examples(Array(terms.prefix(Int(target.given))), target.first)
    let report = try firstFunction(grammar, given, unproven: true, programs: Self.programs) { $0.firstLook = 2_000 }
    let program = try #require(report.solutions.first?.program, "\(target.name)")
    #expect(!report.isShortest)
    expectRight(program, grammar, examples(terms, target.first))
  }

  /// What is found beyond the complete levels is no shorter than what is proven least, and both are right.
  @Test func foundLoopsAreNeverShorterThanTheShortest() throws {
    let grammar = try StructuredLanguage.sequences.grammar()
    var generator = SeededGenerator(seed: 7, name: "loops")
    for _ in 0..<4 {
      let (start, factor, step) = (Int64(generator.below(3)), Int64(generator.below(2)) + 1, Int64(generator.below(3)))
      var terms = [start]
      for i in 1..<12 { terms.append(terms[i - 1] * factor + step * Int64(i)) }
      let examples = examples(terms)
      let fast = try firstFunction(grammar, examples, unproven: true, programs: 8_000) { $0.firstLook = 2_000 }
      let proven = try firstFunction(grammar, examples, unproven: false, programs: 25_000)
      expectNoShorter(fast, than: proven, grammar, examples)
    }
  }

  /// Two runs are equal, and what is complete does not depend on whether more is looked for.
  @Test func theCompleteLevelsAreThoseOfTheSearchAlone() throws {
    let grammar = try Self.sequences()
    var generator = SeededGenerator(seed: 1, name: "noise")
    let terms = (0..<20).map { _ in Int64(generator.below(1_000)) }
    func run() throws -> SearchReport {
      try firstFunction(grammar, examples(terms), unproven: true, programs: 2_500) { $0.firstLook = 2_000 }
    }
    let (report, again) = (try run(), try run())
    #expect(report.solutions.isEmpty)
    #expect(report.log == again.log && report.candidates == again.candidates && report.classes == again.classes)
    #expect(report.log.levels.allSatisfy { $0.hits.isEmpty })
  }

  /// Inputs that no loop counts up, single examples, values at the edge of 64 bits: nothing wrong is reported.
  @Test func examplesThatTellNothingOfALoop() throws {
    let grammar = try Self.sequences()
    let edge = Int64.max
    for (inputs, outputs) in [
      ([5], [7]), ([-3, -2, -1, 0, 1, 2, 3, 4, 5], [9, 4, 1, 0, 1, 4, 9, 16, 25]),
      ([0, 10, 20, 30, 40, 50, 60, 70], [3, 1, 4, 1, 5, 9, 2, 6]),
      ([0, 1, 2, 3, 4, 5, 6, 7, 8], [edge, -edge, edge, -edge, edge, 0, edge, -edge, 1]),
      ([0, 1, 2, 3, 4, 5, 6, 7, 8], Array(repeating: edge - 1, count: 9)),
    ] as [([Int64], [Int64])] {
      let examples = zip(inputs, outputs).map { Example(inputs: [.int($0)], output: .int($1)) }
      let report = try firstFunction(grammar, examples, unproven: true, programs: 3_000) { $0.firstLook = 2_000 }
      if let program = report.solutions.first?.program { expectRight(program, grammar, examples) }
    }
  }

  /// With numerals as symbols a body's program is one of the open nonterminal with the numeral written out.
  @Test func bodiesWithNumeralsAreProgramsOfTheOpenNonterminal() throws {
    let grammar = try Self.sequences()
    let body = LoopShape.all(grammar)[0].bodies[0]
    let plain = try #require(BodyLanguage(grammar, from: body, binds: false))
    let language = try #require(BodyLanguage(grammar, from: body, binds: false, numerals: 12))
    #expect(language.grammar.productions.count == plain.grammar.productions.count + 10)
    // What loops leave of the prior, 1/32 + 1/64, is enough for ten numerals of 1/256.
    let bodies = language.grammar.nonterminals[0]
    #expect(bodies.productions.reduce(Rational(0)) { $0 + language.grammar.productions[$1].probability } < 1)
    let inputs = [[Value.int(3), .int(2), .int(5)], [.int(4), .int(1), .int(7)], [.int(0), .int(9), .int(30)]]
    var enumeration = try Enumeration(language.grammar, inputs: inputs, countsMass: false)
    while let level = try enumeration.next(), level.probability > Rational(1, 1 << 16) {}
    var numerals: Set<Int64> = []
    let (own, whole) = (Interpreter(language.grammar), Interpreter(grammar))
    for index in 0..<enumeration.classes(of: 0) {
      let program = enumeration.program(0, class: index)
      let original = language.original(program)
      #expect(grammar.derives(original, from: body))
      let (short, long) = (language.grammar.term(of: program), grammar.term(of: original))
      if case .constant(let value, _) = short { numerals.insert(value.word) }
      for input in inputs { #expect(own.run(short, on: input).value == whole.run(long, on: input).value) }
    }
    #expect(numerals.isSuperset(of: 3...12))
  }

  /// The language of bodies has the programs, priors and order of the open nonterminal, and values for its variables; without
  /// binders it has those without lambdas.
  @Test(arguments: [true, false]) func bodiesAreProgramsOfTheOpenNonterminal(_ binds: Bool) throws {
    let grammar = try Self.sequences()
    let shapes = LoopShape.all(grammar)
    #expect(shapes.map(\.head) == [.loop, .loop2, .compr])
    for shape in shapes {
      for body in shape.bodies {
        let language = try #require(BodyLanguage(grammar, from: body, binds: binds))
        #expect(language.grammar.productions.contains { if case .lambda = $0.symbol { true } else { false } } == binds)
        #expect(!language.grammar.nonterminals[0].isOpen && grammar.nonterminals[body].isOpen)
        let inputs = [[Value.int(3), .int(2), .int(5)], [.int(4), .int(1), .int(7)]]
        var enumeration = try Enumeration(language.grammar, inputs: inputs, countsMass: false)
        while let level = try enumeration.next(), level.probability > Rational(1, 1 << 9) {}
        let classes = enumeration.classes(of: 0)
        #expect(classes > 1)
        for index in 0..<classes {
          let program = enumeration.program(0, class: index)
          let original = language.original(program)
          #expect(grammar.derives(original, from: body))
          #expect(grammar.probability(of: original) == language.grammar.probability(of: program))
          #expect(grammar.term(of: original) == language.grammar.term(of: program))
        }
      }
    }
  }
}
