import Evaluation
import ExactArithmetic
import Grammars
import Randomness
import Search
import TestSupport
import Testing

/// The search against all programs written out.
@Suite struct BruteForceTests {
  /// Inputs for a language: crowded at the ends of the range, and distinct.
  static func inputs(_ grammar: Grammar, count: Int, _ generator: inout SeededGenerator) -> [[Value]] {
    var found: [[Value]] = []
    while found.count < count {
      let input = grammar.parameters.map { value($0.sort, grammar.modulus, &generator) }
      if !found.contains(input) { found.append(input) }
    }
    return found
  }

  static func value(_ sort: Sort, _ modulus: Int64?, _ generator: inout SeededGenerator) -> Value {
    switch sort {
    case .int: return .int(Int64(generator.below(UInt64(modulus ?? 50))))
    case .bool: return .bool(generator.next() & 1 == 1)
    case .bitVector(let width): return .bitVector(generator.next(), width: width)
    case .permutation(let degree):
      var images = Array(0..<degree)
      generator.shuffle(&images)
      return .permutation(images)!
    }
  }

  /// Random target programs of each language: the search must report the same functions in the same order, with the same
  /// first programs, counts of programs and masses as brute force, and cover the same levels.
  @Test(arguments: Language.allCases) func searchEqualsBruteForce(_ language: Language) throws {
    let grammar = try language.grammar(modulus: 7)
    let bits = language == .permutations || language == .bitvectors ? 18 : language == .boolean ? 18 : 16
    let brute = BruteForce(grammar, bits: bits)
    var generator = SeededGenerator(seed: 1, name: "brute/\(language)")
    let interpreter = Interpreter(grammar)
    for round in 0..<5 {
      let target = grammar.term(of: brute.programs[Int(generator.below(UInt64(brute.programs.count)))].program)
      let inputs = Self.inputs(grammar, count: language == .boolean ? 12 : 10, &generator)
      let examples = inputs.compactMap { input in
        interpreter.run(target, on: input).value.map { Example(inputs: input, output: $0) }
      }
      guard examples.count > 2 else { continue }
      let training = Array(examples.prefix(1 + round))
      let probes = examples.dropFirst(1 + round).map(\.inputs)
      var configuration = LengthOrderedSearch.Configuration()
      configuration.top = 1000
      configuration.maxBits = bits
      configuration.audits = true
      configuration.probes = probes.count
      configuration.extraWork = 1e9
      let report = try LengthOrderedSearch(grammar, configuration).run(training: training, probes: probes)
      let expected = brute.functions(agreeingWith: training, on: training.map(\.inputs) + probes)
      #expect(report.programs == BigInteger(brute.programs.count))
      #expect(report.resolvedMass == brute.programs.reduce(Rational(0)) { $0 + $1.prior })
      #expect(report.solutions.map(\.program) == expected.map(\.first))
      #expect(report.solutions.map(\.probability) == expected.map(\.prior))
      #expect(report.solutions.map(\.mass) == expected.map { Optional($0.mass) })
      #expect(report.consistentMass == expected.reduce(Rational(0)) { $0 + $1.mass })
    }
  }

}
