import Evaluation
import ExactArithmetic
import Grammars
import Randomness
import Tasks
import TestSupport
import Testing

@testable import Search

/// Priors of functions beside closed forms, counts of trees, enumeration by levels and draws from the prior.
@Suite struct FunctionPriorsTests {
  private func grammar(_ text: String, modulus: Int64? = nil) throws -> Grammar {
    try SyGuSReader.problem(Array(text.utf8), file: "test.sl", modulus: modulus).grammar
  }

  /// And/Or trees over literals: leaf 1/2, ∧ and ∨ 1/4 each.
  private func andOr(_ variables: Int) throws -> Grammar {
    let names = ["x", "y", "z"].prefix(variables)
    let leaf = "(/ 1 \(4 * variables))"
    let leaves = names.map { "(! \($0) :probability \(leaf)) (! (not \($0)) :probability \(leaf))" }
    return try grammar(
      """
      (synth-fun f (\(names.map { "(\($0) Bool)" }.joined(separator: " "))) Bool ((F Bool)) ((F Bool (
        \(leaves.joined(separator: " ")) (! (and F F) :probability 1/4) (! (or F F) :probability 1/4)))))
      (check-synth)
      """)
  }

  /// Bit x of the number is f(x), variable i is bit i of x; our inputs count with the last variable fastest.
  private func truthTable(_ values: [Value?], _ variables: Int) -> Int {
    values.indices.reduce(0) { table, row in
      let x = (0..<variables).reduce(0) { $0 | (row >> (variables - 1 - $1) & 1) << $1 }
      return values[row]!.word == 1 ? table | 1 << x : table
    }
  }

  private func bank(_ language: Grammar, _ inputs: [[Value]]) throws -> ClassBank {
    let tables = KernelTables(language)
    return try ClassBank(
      grammar: language, signature: Signature(inputs: inputs, tables: tables), countsMass: true, memoryLimit: 1 << 30,
      tables: tables, stepLimit: 1_000)
  }

  private func reference(_ name: String) throws -> [[Int]] {
    let text = Repository.text(Repository.root + "/Tests/SearchTests/Reference/\(name).csv")
    return text.split(separator: "\n").dropFirst().map { $0.split(separator: ",").map { Int($0)! } }
  }

  /// And/Or trees over three variables with the priors of all 256 functions.
  private static let three: Result<FunctionPriors, any Error> = Result {
    let language = try FunctionPriorsTests().andOr(3)
    return try FunctionPriors(language, inputs: FunctionPriors.allInputs(of: language))
  }

  private func andOrPriors(_ variables: Int) throws -> FunctionPriors {
    if variables == 3 { return try Self.three.get() }
    return try FunctionPriors(andOr(variables), inputs: FunctionPriors.allInputs(of: andOr(variables)))
  }

  @Test func oneVariableHasItsClosedForm() throws {
    // π(true) = π(false) = (2 - √3)/2, π(x) = π(¬x) = (√3 - 1)/2: critical, so that iterates come near as 2/depth.
    let language = try andOr(1)
    let priors = try FunctionPriors(language, inputs: FunctionPriors.allInputs(of: language))
    #expect(priors.isEveryFunction && priors.functions.count == 4)
    #expect(priors.terminationMass == RationalInterval(1))
    #expect(priors.open > 0 && priors.open < Rational(1, BigInteger(1) << 30))
    for function in priors.functions {
      let isConstant = Set(function.values).count == 1
      let (low, high) = (function.mass, function.mass + priors.open)
      if isConstant {
        // m ≤ (2 - √3)/2 where 2 - 2m ≥ √3.
        #expect((2 - 2 * low) * (2 - 2 * low) >= 3 && (2 - 2 * high) * (2 - 2 * high) <= 3)
      } else {
        #expect((2 * low + 1) * (2 * low + 1) <= 3 && (2 * high + 1) * (2 * high + 1) >= 3)
      }
    }
    // Lower bounds of false by the depth of trees, notes of the derivation: 1/32, 101/2048, 517145/8388608.
    let no = priors.functions.first { $0.values == [.bool(false), .bool(false)] }!
    #expect(no.mass > Rational(517_145, 8_388_608))
  }

  @Test(arguments: [1, 2, 3]) func andOrTreesAddUpToTheirPrior(_ variables: Int) throws {
    let priors = try andOrPriors(variables)
    #expect(priors.isEveryFunction && priors.functions.count == 1 << (1 << variables))
    var counted: [Int: Rational] = [:]
    var rest = Rational(1)
    for row in try reference("andor_tree_counts_n\(variables)") {
      // So many leaves of 1/(4n) each, and one connective of 1/4 fewer.
      let tree = Rational(1, BigInteger(4 * variables).power(row[0]) * BigInteger(4).power(row[0] - 1))
      let mass = Rational(BigInteger(row[2])) * tree
      counted[row[1], default: 0] += mass
      rest -= mass
    }
    #expect(rest > 0 && rest < 1)
    for function in priors.functions {
      let low = counted[truthTable(function.values, variables)] ?? 0
      #expect(low <= function.mass + priors.open && function.mass <= low + rest)
    }
  }

  @Test(arguments: [1, 2, 3]) func countsOfClassesAreThoseOfTrees(_ variables: Int) throws {
    let language = try andOr(variables)
    let bank = try bank(language, FunctionPriors.allInputs(of: language))
    let rows = try reference("andor_tree_counts_n\(variables)")
    let most = min(9, rows.map { $0[0] }.max()!)
    var leaves = 0
    var compared = 0
    while leaves < most, let level = bank.upcoming() {
      #expect(bank.store(level) == .level)
      guard level.nonterminal == 0 else { continue }
      leaves += 1
      var found: [Int: Int] = [:]
      for index in 0..<bank.tables[0].count {
        let programs = bank.tables[0].weight(of: index, at: level.ordinal)
        if programs == 0 { continue }
        let values = (0..<1 << variables).map { Value.bool(bank.tables[0].row(index)[$0] == 1) }
        found[truthTable(values, variables), default: 0] += Int(programs)
      }
      let expected = rows.filter { $0[0] == leaves && $0[2] > 0 }
      #expect(found == Dictionary(uniqueKeysWithValues: expected.map { ($0[1], $0[2]) }))
      compared += expected.count
    }
    #expect(leaves == most && compared > 20)
  }

  @Test func shortestFormulasHaveTheLeastSizes() throws {
    let rows = try reference("boolean3_complexities")
    let deMorgan = try andOrPriors(3)
    let basis = try grammar(
      """
      (synth-fun f ((x Bool) (y Bool) (z Bool)) Bool ((F Bool)) ((F Bool (
        x y z (not x) (not y) (not z) true false (and F F) (or F F) (xor F F)))))
      (check-synth)
      """)
    let full = try FunctionPriors(basis, inputs: FunctionPriors.allInputs(of: basis))
    func connectives(_ function: FunctionPriors.Function, _ language: Grammar) -> Int {
      function.program.productions.count { number in
        if case .operation(let op) = language.productions[Int(number)].symbol { op != .not } else { false }
      }
    }
    let language = try andOr(3)
    #expect(deMorgan.functions.count == 256 && full.functions.count == 256)
    for function in deMorgan.functions {
      #expect(connectives(function, language) + 1 == rows[truthTable(function.values, 3)][3])
    }
    for function in full.functions {
      #expect(connectives(function, basis) == rows[truthTable(function.values, 3)][2])
    }
  }

  /// Languages with few functions: subcritical, critical, supercritical, with partial functions, with inner terms (one whose
  /// own functions are met after all of the language's), and with components of their own.
  static let languages: [String] = [
    "(synth-fun f ((a Bool) (b Bool) (c Bool)) Bool ((F Bool)) ((F Bool (a b c (and F F) (or F F) (xor F F) (not F)))))",
    "(synth-fun f ((a Bool) (b Bool)) Bool ((F Bool)) ((F Bool (a b (and F F) (or F F) (xor F F) (not F)))))",
    "(synth-fun f ((a Bool) (b Bool)) Bool ((F Bool)) ((F Bool ((! a :weight 1) (! b :weight 2) (! (and F (not F)) :weight 3) (! (xor F F) :weight 4)))))",
    "(synth-fun f ((a Int)) Int ((E Int)) ((E Int (a 1 (ff.add E E) (ff.div E E)))))",
    "(synth-fun f ((a Int)) Int ((E Int) (B Bool)) ((E Int (a 1 2 (ff.mul E E) (ite B E E))) (B Bool ((even E) (not B)))))",
    "(synth-fun f ((a Bool) (b Bool)) Bool ((S Bool) (P Bool) (Q Bool)) ((S Bool (P (not S))) (P Bool (a Q (and P Q))) (Q Bool (b (or Q b) (not Q)))))",
    "(synth-fun f ((a (_ BitVec 2))) (_ BitVec 2) ((V (_ BitVec 2))) ((V (_ BitVec 2) (a #b01 (bvadd V V) (bvand V V)))))",
    "(synth-fun f ((a Bool)) Bool ((F Bool) (G Bool)) ((F Bool (a (and F G))) (G Bool (true (not G) (xor G G) (or F G)))))",
    "(synth-fun f ((x Bool)) Bool ((S Bool)) ((S Bool (x (=> S (xor S S))))))",
  ]

  @Test(arguments: languages.indices) func allFunctionsHaveThePriorThatLevelsCount(_ number: Int) throws {
    let language = try grammar("(define-fun modulus () Int 3)\n\(Self.languages[number])\n(check-synth)")
    let inputs = try FunctionPriors.allInputs(of: language)
    let all = try FunctionPriors(language, inputs: inputs)
    #expect(all.isEveryFunction && all.completeProbability == nil)
    #expect(all.open >= 0 && all.open < Rational(1, 1_000_000))
    // Level by level, whatever the number of functions.
    let bank = try bank(language, inputs)
    var masses: [[Value?]: Rational] = [:]
    var rest = language.terminationMass(bits: 64)[0].upper
    while bank.candidates < 300_000, let level = bank.upcoming(), bank.store(level) == .level {
      guard level.nonterminal == 0 else { continue }
      for index in 0..<bank.tables[0].count {
        let mass = Rational(BigInteger(bank.tables[0].weight(of: index, at: level.ordinal))) * level.probability
        if mass == 0 { continue }
        masses[bank.values(index, count: inputs.count), default: 0] += mass
        rest -= mass
      }
    }
    #expect(masses.count <= all.functions.count && rest >= 0 && rest < 1)
    let byValues = Dictionary(uniqueKeysWithValues: all.functions.map { ($0.values, $0) })
    for (values, low) in masses {
      let found = try #require(byValues[values])
      #expect(low <= found.mass + all.open)
      #expect(found.mass <= low + rest)
    }
    for function in all.functions { #expect(function.probability <= function.mass + all.open) }
  }

  @Test(arguments: [1, 3, 4]) func drawsFromThePriorFallAsOften(_ number: Int) throws {
    let language = try grammar("(define-fun modulus () Int 3)\n\(Self.languages[number])\n(check-synth)")
    let inputs = try FunctionPriors.allInputs(of: language)
    let priors = try FunctionPriors(language, inputs: inputs)
    var generator = SeededGenerator(seed: 7, name: "test/functions")
    let (sampler, interpreter, draws) = (PriorSampler(language), Interpreter(language), 4_000)
    var counts: [[Value?]: Int] = [:]
    for _ in 0..<draws {
      // Long programs are none of the draws: they are few, and counted as missing below.
      guard let program = sampler.sample(maximumSize: 300, maximumProductions: 1_000, using: &generator) else {
        continue
      }
      let term = language.term(of: program)
      counts[inputs.map { interpreter.run(term, on: $0).value }, default: 0] += 1
    }
    let missing = Double(draws - counts.values.reduce(0, +)) / Double(draws)
    for function in priors.functions {
      let mass = function.mass.nearestDouble
      let share = Double(counts[function.values] ?? 0) / Double(draws)
      let deviation = (mass * (1 - mass) / Double(draws)).squareRoot()
      #expect(share <= mass + 5 * deviation + 0.002 && share >= mass - 5 * deviation - 0.002 - missing)
    }
  }

  @Test func manyFunctionsAreCountedByLevels() throws {
    let language = try Language.boolean.grammar()
    let inputs = try FunctionPriors.allInputs(of: language)
    var limits = FunctionPriors.Limits()
    limits.maxBits = 15
    let priors = try FunctionPriors(language, inputs: inputs, counting: .levels(limits))
    #expect(!priors.isEveryFunction && priors.completeProbability == Rational(1, 32_768))
    #expect(priors.functions.reduce(0) { $0 + $1.mass } + priors.open == 1)
    // Sizes 1 … 5 by brute force.
    var brute: [[Value?]: Rational] = [:]
    let interpreter = Interpreter(language)
    for (program, prior) in BruteForce(language, bits: 15).programs {
      let term = language.term(of: program)
      brute[inputs.map { interpreter.run(term, on: $0).value }, default: 0] += prior
    }
    #expect(Dictionary(uniqueKeysWithValues: priors.functions.map { ($0.values, $0.mass) }) == brute)
  }

  /// Languages of truth values alone, by transforms and by the table of all pairs.
  @Test(arguments: [
    "((F Bool)) ((F Bool (a b (and F F) (or F F) (xor F F) (not F))))",
    "((F Bool)) ((F Bool ((! a :weight 0) (! b :weight 0) (! (=> F F) :weight 2) (! (= F F) :weight 3))))",
    "((F Bool) (G Bool)) ((F Bool (a (not G) (or F G) true)) (G Bool (b F (distinct G F) (and G (not G)))))",
    // Critical: a symbol brings one other on average.
    "((F Bool)) ((F Bool (a b (not F) (=> F F) (xor F F))))",
    "((F Bool)) ((F Bool ((! a :weight 2) (! b :weight 2) (! (and F F) :weight 2) (! (xor F F) :weight 2))))",
  ]) func transformsAgreeWithTheTable(_ text: String) throws {
    let language = try grammar("(synth-fun f ((a Bool) (b Bool)) Bool \(text))\n(check-synth)")
    let inputs = try FunctionPriors.allInputs(of: language)
    #expect(BooleanFunctions.covers(language, inputs: inputs.count))
    let bank = try bank(language, inputs)
    while !bank.isClosed, bank.store(bank.upcoming()!) == .level {}
    let totals = language.terminationMass(bits: FunctionUnit.bits)
    let table = try #require(FunctionTable(bank))
    let transforms = BooleanFunctions(
      language, variables: (0..<2).map { variable in inputs.map { $0[variable].word == 1 } }, inputs: inputs.count)
    let unit = BigInteger(1) << FunctionUnit.bits
    let (first, second) = (
      FunctionMasses.lowerBounds(table, totals: totals), FunctionMasses.lowerBounds(transforms, totals: totals)
    )
    for nonterminal in language.nonterminals.indices {
      func open(_ masses: [[BigInteger]]) -> BigInteger {
        (totals[nonterminal].upper * Rational(unit)).floor() + 1 - masses[nonterminal].reduce(0, +)
      }
      #expect(open(first) >= 0 && open(second) >= 0)
      #expect(open(second) < unit >> 40 && open(first) < unit >> 20)
      for index in 0..<bank.tables[nonterminal].count {
        let row = bank.tables[nonterminal].row(index)
        let number = (0..<inputs.count).reduce(0) { row[$1] == 1 ? $0 | 1 << $1 : $0 }
        let (one, other) = (first[nonterminal][index], second[nonterminal][number])
        #expect(one <= other + open(second) && other <= one + open(first))
      }
    }
  }

  /// All 65,536 functions of four truth values: bounds beside programs of up to 33 bits, level by level.
  @Test(.enabled(if: isLongRun)) func fourTruthValuesHaveTheirPriors() throws {
    let language = try Language.boolean.grammar()
    let inputs = try FunctionPriors.allInputs(of: language)
    let all = try FunctionPriors(language, inputs: inputs)
    #expect(all.isEveryFunction && all.functions.count == 65_536)
    #expect(all.open > 0 && all.open < Rational(1, BigInteger(1) << 70))
    #expect(all.functions.reduce(0) { $0 + $1.mass } + all.open == 1)
    var limits = FunctionPriors.Limits()
    limits.maxBits = 33
    let levels = try FunctionPriors(language, inputs: inputs, counting: .levels(limits))
    let byValues = Dictionary(uniqueKeysWithValues: all.functions.map { ($0.values, $0) })
    for function in levels.functions {
      let found = try #require(byValues[function.values])
      #expect(function.mass <= found.mass + all.open && found.mass <= function.mass + levels.open)
      #expect(found.probability == function.probability && found.program == function.program)
    }
  }

  @Test func inputsAreAllOfThem() throws {
    let field = try Language.field.grammar(modulus: 5)
    let pairs = try FunctionPriors.allInputs(of: field)
    #expect(pairs.count == 25 && pairs[0] == [.int(0), .int(0)] && pairs[1] == [.int(0), .int(1)])
    #expect(throws: SearchError.self) { try FunctionPriors.allInputs(of: Language.permutations.grammar()) }
    #expect(throws: SearchError.self) { try FunctionPriors.allInputs(of: Language.field.grammar(modulus: 113)) }
    let integers = try grammar("(synth-fun f ((a Int)) Int ((E Int)) ((E Int (a 1 (+ E E)))))\n(check-synth)")
    #expect(throws: SearchError.self) { try FunctionPriors.allInputs(of: integers) }
    #expect(throws: SearchError.self) { try FunctionPriors(integers, inputs: []) }
  }

  /// Where an Int has no value a word is no mark of it: such languages are not counted, as they are not searched.
  @Test func mixedLanguagesAreRefused() throws {
    let mixed = try grammar(
      """
      (synth-fun f ((x (_ BitVec 4)) (a Int)) (_ BitVec 4) ((V (_ BitVec 4)) (E Int) (B Bool)) (
        (V (_ BitVec 4) (x (bvadd V V) (ite B V V))) (E Int (a 1 (div E E))) (B Bool ((< E E)))))
      (check-synth)
      """)
    let inputs: [[Value]] = [[.bitVector(3, width: 4), .int(0)]]
    #expect(throws: SearchError.self) { try FunctionPriors(mixed, inputs: inputs) }
    #expect(throws: SearchError.self) { _ = try Enumeration(mixed, inputs: inputs) }
  }
}
