import Evaluation
import ExactArithmetic
import Grammars
import Networks
import TestSupport
import Testing

@testable import Circuits

/// The trigonometric language, and programs extracted from networks whose way of adding is known.
@Suite struct ExtractionTests {
  private static func grammar(_ p: Int64) throws -> Grammar {
    try SyGuSReader.problem(
      Array(Repository.text(Repository.root + "/grammars/trigonometry.sl").utf8), file: "trigonometry.sl", modulus: p
    ).grammar
  }

  /// The logits of a network that adds.
  private static func numbered(_ subject: Subject) throws -> NumberedLogits {
    try NumberedLogits(subject, CyclicNumbering.all(modulo: 13)[0])
  }

  @Test(arguments: [59, 112, 113] as [Int64]) func cosineOfTheLanguageIsOneToSevenTenThousandths(_ p: Int64) throws {
    let grammar = try Self.grammar(p)
    let place = grammar.definitions.firstIndex { $0.name == "cosine" }!
    let interpreter = Interpreter(grammar)
    for x in -3 * p...3 * p {
      let value = interpreter.run(.call(place, [.constant(.int(x), name: nil)]), on: []).value!
      let exact = 4096 * cosine(.pi * Double(x) / Double(p))
      #expect(abs(Double(value.word) - exact) <= 0.0017 * 4096 + 1, "\(x): \(value), \(exact)")
    }
  }

  /// The example in the file's head.
  @Test func priorOfOneTermIsExact() throws {
    let grammar = try Self.grammar(113)
    let program = try ScoreProgram(
      SyGuSReader.term("(scaled (twice-plus-one 1) (clock 5 a b c))", in: grammar), in: grammar)
    #expect(program.prior == Rational(1, 2 * 2 * 56 * 8))
  }

  /// One cosine is greatest at the answer alone, whatever its frequency, when p is prime.
  @Test func oneClockTermAddsModuloAPrime() throws {
    let grammar = try Self.grammar(13)
    let program = try ScoreProgram(SyGuSReader.term("(scaled 1 (clock 5 a b c))", in: grammar), in: grammar)
    let answers = ScoreProgram.answers(try program.scores(modulus: 13))
    for (pair, answer) in answers.enumerated() { #expect(answer == Int32((pair / 13 + pair % 13) % 13)) }
  }

  /// A pizza term vanishes where cos(πk(a − b)/p) does; for odd p it never does exactly, and answers are kept.
  @Test func tiesHaveNoAnswer() {
    #expect(ScoreProgram.answers(Matrix([[1, 3, 2], [4, 4, 1], [.nan, 1, 0]])) == [1, nil, nil])
  }

  @Test func formulaIsExtractedAsAClock() throws {
    let subject = try FourierTests.addition(13)
    let found = try ExtractedProgram(Self.numbered(subject), keyFrequencies: [1, 2, 3, 4, 5, 6], in: Self.grammar(13))
    #expect(found.fit.form == .clock && abs(found.fit.explained - 1) < 1e-6)
    #expect(found.digits == 1 && found.weights == [1, 1, 1, 1, 1, 1])
    #expect(found.alike.share == 1 && found.right.share == 1)
    #expect(found.explained > 0.999)
    // Six terms: 1/2 for each term's end or sum, 1/2 form, 1/56 frequency, 1/2 weight.
    #expect(found.program.prior == Rational(1, 8 * 56).power(6))
  }

  /// The logits of the formula are the program's scores, and stay so when the sum is another pair's.
  @Test func scoresExplainTheLogitsAfterInterchanges() throws {
    let subject = try FourierTests.addition(13)
    let found = try ExtractedProgram(Self.numbered(subject), keyFrequencies: [1, 2, 3, 4, 5, 6], in: Self.grammar(13))
    let field = try Language.field.grammar(modulus: 13)
    let sum = try StudiedProgram(SyGuSReader.term("(ff.add a b)", in: field), in: field, on: subject.inputs)
    var options = Agreement.Options()
    options.pairs = 2000
    let all = try InterchangedScores(found, Self.numbered(subject), sum, subject, options, dimensions: 12)
    #expect(all.pairs == 2000 && all.fitted.subspace.dimensions == 12)
    #expect(all.explained > 0.999 && all.explainedByBase < 0.05 && all.explainedAtRandom < 0.2, "\(all)")
    // With three of six frequencies, three say the source's sum and three the base's. Sums that differ correlate by -1/12 each,
    // so the logits do so with either sum's scores by 1/2 - 1/24.
    let half = try InterchangedScores(found, Self.numbered(subject), sum, subject, options, dimensions: 6)
    #expect(half.fitted.subspace.dimensions == 6)
    let expected = (11.0 / 24) * (11.0 / 24)
    #expect(abs(half.explained - expected) < 0.02 && abs(half.explainedByBase - expected) < 0.02)
  }

  /// Numbers add where residues are added, subtracted, multiplied and divided; each residue that has one has one of its own.
  @Test(arguments: [2, 3, 4, 7, 9, 13, 97]) func numbersAdd(_ p: Int) {
    let numberings = CyclicNumbering.all(modulo: p)
    let isOddPrime = [3, 7, 13, 97].contains(p)
    #expect(numberings.map(\.operation) == (isOddPrime ? CyclicNumbering.Operation.allCases : [.sum, .difference]))
    for numbering in numberings {
      let m = numbering.modulus
      let residues = numbering.root == nil ? Set(0..<p) : Set(1..<p)
      for places in [numbering.first, numbering.second, numbering.answers] { #expect(Set(places) == residues) }
      for i in 0..<m {
        for j in 0..<m {
          let (a, b, c) = (numbering.first[i], numbering.second[j], numbering.answers[(i + j) % m])
          let isRight =
            switch numbering.operation {
            case .sum: (a + b - c) % p == 0
            case .difference: (a - b - c) % p == 0
            case .product: (a * b - c) % p == 0
            case .quotient: (b * c - a) % p == 0
            }
          #expect(isRight, "\(numbering.operation) modulo \(p): \(a), \(b), \(c)")
        }
      }
    }
  }

  /// The task's answers tell the operation, without the pairs that have no quotient, and only when there are all pairs.
  @Test func answersTellTheOperation() throws {
    let p = 7
    func inputs(_ pairs: [(Int, Int)]) -> Inputs {
      let residues = (0..<p).map { Value.int(Int64($0)) }
      return Inputs(
        values: pairs.map { [residues[$0.0], residues[$0.1]] },
        tokens: pairs.flatMap { [Int32($0.0), Int32($0.1)] }, positions: 2,
        answers: Dictionary(uniqueKeysWithValues: residues.enumerated().map { ($1, Int32($0)) }), vocabulary: p,
        outputs: p...p)
    }
    let all = (0..<p).flatMap { a in (0..<p).map { (a, $0) } }
    func operation(_ pairs: [(Int, Int)], _ value: (Int, Int) -> Int) throws -> CyclicNumbering.Operation {
      try CyclicNumbering(of: inputs(pairs), answers: pairs.map { Int32(value($0.0, $0.1)) }).operation
    }
    #expect(try operation(all) { ($0 + $1) % p } == .sum)
    #expect(try operation(all) { ($0 + p - $1) % p } == .difference)
    #expect(try operation(all.reversed()) { $0 * $1 % p } == .product)
    let quotients = all.filter { $0.1 > 0 }
    #expect(try operation(quotients) { a, b in (0..<p).first { b * $0 % p == a }! } == .quotient)
    #expect(throws: CircuitError.self) { try operation(all) { ($0 * $0 + $1) % p } }
    #expect(throws: CircuitError.self) { try operation(Array(all.dropLast())) { ($0 + $1) % p } }
  }

  /// Modulo an even number there is a pair just where there is one to be found.
  @Test(arguments: [3, 5, 13, 2, 6]) func sumAndDifferenceNamePairs(_ m: Int) {
    func fits(_ a: Int, _ b: Int, _ source: Int, _ base: Int) -> Bool {
      (a + b - source / m - source % m) % m == 0 && (a - b - base / m + base % m) % m == 0
    }
    for source in 0..<m * m {
      for base in 0..<m * m {
        let pair = InterchangedScores.pair(sumOf: source, differenceOf: base, modulus: m)
        if let pair {
          #expect((0..<m * m).contains(pair) && fits(pair / m, pair % m, source, base))
        } else {
          #expect(!(0..<m * m).contains { fits($0 / m, $0 % m, source, base) })
        }
      }
    }
  }

  /// A network that multiplies residues but 0 by formula, as one that adds their logarithms.
  private static func multiplication(_ p: Int) throws -> Subject {
    let product = try #require(CyclicNumbering.all(modulo: p).first { $0.operation == .product })
    let addition = AnalyticAddition(modulus: p - 1)
    var configuration = addition.network.configuration
    (configuration.vocabulary, configuration.outputs) = (p, p)
    let network = EmbeddingMLP(configuration)
    var parameters = [Float](repeating: 0, count: network.layout.count)
    for entry in network.layout.entries {
      let other = try #require(addition.network.layout[entry.name])
      for index in 0..<other.count {
        let (row, column) = (index / other.shape.last!, index % other.shape.last!)
        let place =
          switch entry.name {
          case "embed.0.W_E", "embed.1.W_E": product.first[row] * entry.shape[1] + column
          case "unembed.W_U": row * p + product.answers[column]
          default: index
          }
        parameters[entry.offset + place] = addition.parameters[other.offset + index]
      }
    }
    return try Subject(network, parameters: parameters, inputs: .pairs(modulus: p, endsInEquals: false))
  }

  /// It is written as a clock in logarithms, which explains its logits also where the product is another pair's.
  @Test func productsAreExtractedInLogarithms() throws {
    let p = 13
    let subject = try Self.multiplication(p)
    let numbering = try CyclicNumbering(
      of: subject.inputs, answers: (0..<p * p).map { Int32($0 / p * ($0 % p) % p) })
    #expect(numbering.operation == .product && numbering.modulus == 12 && numbering.root == 2)
    let logits = try NumberedLogits(subject, numbering)
    #expect(logits.right == Proportion(144, of: 144))
    let found = try ExtractedProgram(logits, keyFrequencies: Array(1...6), in: Self.grammar(12))
    #expect(found.fit.form == .clock && found.alike.share == 1 && found.right.share == 1)
    #expect(found.explained > 0.98)

    let field = try Language.field.grammar(modulus: 13)
    let product = try StudiedProgram(SyGuSReader.term("(ff.mul a b)", in: field), in: field, on: subject.inputs)
    var options = Agreement.Options()
    (options.pairs, options.alignment) = (2000, .multiplicative)
    let all = try InterchangedScores(found, logits, product, subject, options, dimensions: 12)
    // Half of the pairs without 0.
    #expect((600...800).contains(all.pairs))
    #expect(all.explained > 0.99 && all.explainedByBase < 0.05 && all.explainedAtRandom < 0.2, "\(all)")
  }

  @Test func pizzaIsToldFromClock() {
    let p = 13
    let basis = FourierBasis(modulus: p)
    var logits = Matrix(rows: p * p, columns: p)
    for pair in 0..<p * p {
      let (a, b) = (pair / p, pair % p)
      for c in 0..<p {
        for k in [2, 5] {
          let turn = 2 * Double.pi * Double(k * (a + b - c)) / Double(p)
          let half = cosine(Double.pi * Double(k * (a - b)) / Double(p))
          logits[pair, c] += Double(k) * abs(half) * cosine(turn)
        }
      }
    }
    let pizza = TrigonometricFit(.pizza, logits, frequencies: [2, 5], basis)
    let clock = TrigonometricFit(.clock, logits, frequencies: [2, 5], basis)
    #expect(abs(pizza.explained - 1) < 1e-9 && clock.explained < 0.95)
    #expect(abs(pizza.weights[0] - 2) < 1e-9 && abs(pizza.weights[1] - 5) < 1e-9)
    #expect(pizza.integerWeights(digits: 3) == [3, 7])
  }

  /// No frequency, one beyond the language, and weights too coarse for the answers.
  @Test func whatCannotBeWrittenSaysWhy() throws {
    let logits = try Self.numbered(FourierTests.addition(13))
    let none = #expect(throws: CircuitError.self) {
      try ExtractedProgram(logits, keyFrequencies: [], in: Self.grammar(13))
    }
    #expect("\(none!)".contains("no frequency explains anything"))
    let error = #expect(throws: CircuitError.self) {
      try ExtractedProgram(logits, keyFrequencies: [3, 57], in: Self.grammar(13))
    }
    #expect(
      "\(error!)".contains("at frequency 57 of numbers modulo 13, and those of grammars/trigonometry.sl end at 56"))
    let kept = try ExtractedProgram(logits, keyFrequencies: Array(1...6), in: Self.grammar(13))
    let lost = try ExtractedProgram(logits, keyFrequencies: Array(1...6), in: Self.grammar(13), keeping: 1.1)
    #expect(kept.keepsAnswers && !lost.keepsAnswers)
    // Where none keeps as many as are asked for, finer weights that keep no more are not worth their bits.
    #expect(kept.alike.successes == kept.alike.count && (lost.digits, lost.weights) == (kept.digits, kept.weights))
  }

  @Test func aFrequencyBeyondTheLanguageIsAnError() throws {
    #expect(throws: CircuitError.self) {
      try ScoreProgram(
        SyGuSReader.term("(scaled 1 (clock 57 a b c))", in: Self.grammar(127)), in: Self.grammar(127))
    }
  }
}
