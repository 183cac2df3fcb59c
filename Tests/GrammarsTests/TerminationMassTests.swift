import ExactArithmetic
import Grammars
import Randomness
import Testing

@Suite struct TerminationMassTests {
  @Test(arguments: SmallGrammar.allCases) func massOfSmallGrammarsIsKnown(_ small: SmallGrammar) {
    let found = small.grammar.terminationMass()[0]
    if let mass = small.mass {
      #expect(found == RationalInterval(mass))
    } else {
      #expect(!found.isExact)
    }
  }

  /// x = 1/4 + 3/4·x³ has the roots 1 and the roots of 3x² + 3x − 1.
  @Test(arguments: [8, 64, 500]) func irrationalMassIsEnclosedToTheBitsAsked(_ bits: Int) {
    let mass = SmallGrammar.irrational.grammar.terminationMass(bits: bits)[0]
    func polynomial(_ x: Rational) -> Rational { 3 * x * x + 3 * x - 1 }
    #expect(mass.width <= Rational(1, BigInteger(2).power(bits)))
    #expect(polynomial(mass.lower) < 0)
    #expect(polynomial(mass.upper) > 0)
  }

  /// S's equation has irrational numbers from T in it: s = t/2 + s·t/2, and r = s/3 + 2/3·r².
  @Test func irrationalMassesOfArgumentsAreCarriedThroughLinearAndQuadraticComponents() {
    let grammar = grammar([
      "R": [Rule("unit", ["S"], "1/3"), Rule("+", ["R", "R"], "2/3")],
      "S": [Rule("neg", ["T"], "1/2"), Rule("+", ["S", "T"], "1/2")],
      "T": [Rule("a", "1/4"), Rule("ite", ["T", "T", "T"], "3/4")],
    ])
    let masses = grammar.terminationMass(bits: 100)
    let widest = Rational(1, BigInteger(2).power(100))
    #expect(masses.allSatisfy { $0.width <= widest && !$0.isExact })
    let half = RationalInterval(Rational(1, 2))
    let expected = masses[2] * half / (RationalInterval(1) - masses[2] * half)
    #expect(expected.intersection(masses[1]) != nil)
    func quadratic(_ r: Rational, _ s: Rational) -> Rational { s / 3 + 2 * r * r / 3 - r }
    #expect(quadratic(masses[0].lower, masses[1].upper) > 0)
    #expect(quadratic(masses[0].upper, masses[1].lower) < 0)
  }

  /// s = 1/3 + 2/3·x and x = s²: the smaller solution is s = 1/2, x = 1/4.
  @Test func rationalMassOfASystemOfSeveralNonterminalsIsExact() {
    let grammar = grammar([
      "S": [Rule("a", "1/3"), Rule("neg", ["X"], "2/3")],
      "X": [Rule("+", ["S", "S"], "1")],
    ])
    #expect(grammar.terminationMass() == [RationalInterval(Rational(1, 2)), RationalInterval(Rational(1, 4))])
  }

  @Test func linearComponentsWithArgumentsThatEndRarelyAreExact() {
    // t = 1/2, s = t/3 + 2/3·s·t: s = 1/4.
    let grammar = grammar([
      "S": [Rule("unit", ["T"], "1/3"), Rule("+", ["S", "T"], "2/3")],
      "T": [Rule("a", "1/3"), Rule("+", ["T", "T"], "2/3")],
    ])
    #expect(grammar.terminationMass() == [RationalInterval(Rational(1, 4)), RationalInterval(Rational(1, 2))])
  }

  /// Means 1 − 2^-k, 1 and 1 + 2^-k.
  @Test(arguments: [3, 40, 300]) func consistencyIsDecidedNextToTheCriticalPoint(_ exponent: Int) {
    let tiny = Rational(1, BigInteger(2).power(exponent))
    for (shift, consistent) in [(-tiny, true), (0, true), (tiny, false)] {
      let pair = (Rational(1) + shift) / 2
      let mass = grammar([
        "S": [Rule("a", "\(1 - pair)"), Rule("+", ["S", "S"], "\(pair)")]
      ]).terminationMass()[0]
      #expect(mass == RationalInterval(consistent ? 1 : (1 - pair) / pair))
    }
  }

  @Test(arguments: [20, 60]) func irrationalMassNearTheCriticalPointIsEnclosed(_ exponent: Int) {
    let triple = Rational(1, 3) + Rational(1, BigInteger(2).power(exponent))
    let mass = grammar([
      "S": [Rule("a", "\(1 - triple)"), Rule("ite", ["S", "S", "S"], "\(triple)")]
    ]).terminationMass(bits: 80)[0]
    func polynomial(_ x: Rational) -> Rational { triple * (x * x + x + 1) - 1 }
    #expect(mass.width <= Rational(1, BigInteger(2).power(80)))
    #expect(polynomial(mass.lower) < 0 && polynomial(mass.upper) > 0)
  }

  @Test func unitCyclesAreGeometricSeries() {
    let grammar = grammar(["S": [Rule("unit", ["S"], "1/2"), Rule("a", "1/2")]])
    #expect(grammar.terminationMass() == [RationalInterval(1)])
  }

  /// A ring of supercritical nonterminals: by symmetry each has the mass of the single equation.
  @Test func massesOfALargeComponentAreFound() {
    let grammar = ring(12, pair: Rational(3, 5))
    #expect(grammar.terminationMass() == Array(repeating: RationalInterval(Rational(2, 3)), count: 12))
  }

  /// s = 1/2 + s¹⁰⁰⁰/2: an unknown for each of 998 inner sums, each in few equations.
  @Test(.timeLimit(.minutes(10))) func massOfALongProductionIsFound() throws {
    let sum = "(+\(String(repeating: " S", count: 1000)))"
    let grammar = try problem("(synth-fun f ((a Int)) Int ((S Int (a \(sum)))))").grammar
    #expect(grammar.nonterminals.count == 999)
    let mass = grammar.terminationMass()[0]
    #expect(mass.width <= Rational(1, BigInteger(2).power(64)))
    #expect(mass.upper > Rational(1, 2))
    #expect(mass.lower < Rational(1, 2) + Rational(1, BigInteger(2).power(1000)))
    var sums = KraftSums(grammar)
    let levels = [sums.next(), sums.next()]
    #expect(levels.map { $0?.lastProbability } == [Rational(1, 2), Rational(1, BigInteger(2).power(1001))])
  }

  /// Iteration from 0 in floating point is the other route; at the critical point its error falls as 1/steps.
  @Test func massesOfRandomGrammarsAgreeWithIterationFromZero() {
    var generator = SeededGenerator(seed: 17, name: "random grammars")
    var exact = 0
    for _ in 0..<40 {
      let grammar = randomGrammar(&generator)
      let masses = grammar.terminationMass(bits: 40)
      exact += masses.count { $0.isExact }
      var x = Array(repeating: 0.0, count: masses.count)
      let probabilities = grammar.productions.map(\.probability.nearestDouble)
      for _ in 0..<2000 { x = iterate(grammar, probabilities, x) }
      for (mass, limit) in zip(masses, x) {
        #expect(mass.lower >= 0 && mass.upper <= 1 && mass.width <= Rational(1, BigInteger(2).power(40)))
        #expect(abs(mass.midpoint.nearestDouble - limit) < 5e-3, "\(grammar.productions)")
      }
      for component in zip(grammar.iterate(masses.map(\.upper)), masses) { #expect(component.0 <= component.1.upper) }
    }
    #expect(exact > 0)
  }

  private func iterate(_ grammar: Grammar, _ probabilities: [Double], _ x: [Double]) -> [Double] {
    var next = Array(repeating: 0.0, count: x.count)
    for (production, probability) in zip(grammar.productions, probabilities) {
      next[production.nonterminal] += production.arguments.reduce(probability) { $0 * x[$1] }
    }
    return next
  }

  /// One to five nonterminals, each with a leaf and up to three other productions.
  private func randomGrammar(_ generator: inout SeededGenerator) -> Grammar {
    let count = 1 + Int(generator.below(5))
    var (nonterminals, productions): ([Grammar.Nonterminal], [Grammar.Production]) = ([], [])
    for number in 0..<count {
      let arities = [0] + (0...generator.below(3)).map { _ in 1 + Int(generator.below(3)) }
      let weights = arities.map { _ in BigInteger(1 + generator.below(9)) }
      let total = weights.reduce(0, +)
      let start = productions.count
      for (arity, weight) in zip(arities, weights) {
        let arguments = (0..<arity).map { _ in Int(generator.below(UInt64(count))) }
        productions.append(
          .init(
            nonterminal: number, symbol: .constant(.int(Int64(productions.count)), name: nil), arguments: arguments,
            probability: Rational(weight, total)))
      }
      nonterminals.append(
        .init(name: "N\(number)", sort: .int, productions: start..<productions.count, isAuxiliary: false))
    }
    return Grammar(name: "f", parameters: [], nonterminals: nonterminals, productions: productions)
  }

  private func ring(_ count: Int, pair: Rational) -> Grammar {
    var productions: [Grammar.Production] = []
    for number in 0..<count {
      let next = (number + 1) % count
      productions += [
        .init(nonterminal: number, symbol: .constant(.int(0), name: nil), arguments: [], probability: 1 - pair),
        .init(nonterminal: number, symbol: .operation(.add), arguments: [next, next], probability: pair),
      ]
    }
    return Grammar(
      name: "f", parameters: [],
      nonterminals: (0..<count).map {
        .init(name: "N\($0)", sort: .int, productions: (2 * $0)..<(2 * $0 + 2), isAuxiliary: false)
      }, productions: productions)
  }
}

extension Grammar {
  /// One application of the equations of the masses, exact.
  fileprivate func iterate(_ x: [Rational]) -> [Rational] {
    nonterminals.map { nonterminal in
      nonterminal.productions.reduce(Rational(0)) { sum, index in
        sum + productions[index].arguments.reduce(productions[index].probability) { $0 * x[$1] }
      }
    }
  }
}
