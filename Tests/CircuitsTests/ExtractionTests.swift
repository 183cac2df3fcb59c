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
    #expect(found.alike.share == 1 && found.right.share == 1 && found.explained > 0.999)
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
    let all = try InterchangedScores(found, sum, subject, options, dimensions: 12)
    #expect(all.pairs == 2000 && all.fitted.subspace.dimensions == 12)
    #expect(all.explained > 0.999 && all.explainedByBase < 0.05 && all.explainedAtRandom < 0.2, "\(all)")
    // With three of six frequencies, three say the source's sum and three the base's. Sums that differ correlate by -1/12 each,
    // so the logits do so with either sum's scores by 1/2 - 1/24.
    let half = try InterchangedScores(found, sum, subject, options, dimensions: 6)
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

  @Test(arguments: [3, 5, 13]) func sumAndDifferenceNameOnePair(_ p: Int) {
    for source in 0..<p * p {
      for base in 0..<p * p {
        let pair = InterchangedScores.pair(sumOf: source, differenceOf: base, modulus: p)
        let (a, b) = (pair / p, pair % p)
        #expect((0..<p).contains(a) && (a + b - source / p - source % p) % p == 0)
        #expect((a - b - base / p + base % p) % p == 0)
      }
    }
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

  @Test func aFrequencyBeyondTheLanguageIsAnError() throws {
    #expect(throws: CircuitError.self) {
      try ScoreProgram(
        SyGuSReader.term("(scaled 1 (clock 57 a b c))", in: Self.grammar(127)), in: Self.grammar(127))
    }
  }
}
