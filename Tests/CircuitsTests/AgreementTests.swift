import Circuits
import Grammars
import Networks
import Randomness
import TestSupport
import Testing

/// Agreement where its value is known beforehand.
@Suite struct AgreementTests {
  private static func field(_ p: Int64) throws -> Grammar {
    try SyGuSReader.problem(
      Array(Repository.text(Repository.root + "/grammars/field.sl").utf8), file: "field.sl", modulus: p
    ).grammar
  }

  private static func program(_ text: String, _ p: Int) throws -> StudiedProgram {
    let grammar = try field(Int64(p))
    return try StudiedProgram(
      SyGuSReader.term(text, in: grammar), in: grammar, on: .pairs(modulus: p, endsInEquals: false))
  }

  /// The analytic network with b read as −b: it computes a − b.
  static func subtraction(_ p: Int) throws -> Subject {
    let addition = try FourierTests.addition(p)
    let entry = addition.network.layout["embed.1.W_E"]!
    var parameters = addition.parameters
    let width = entry.shape[1]
    for b in 0..<p {
      for unit in 0..<width {
        parameters[entry.offset + b * width + unit] = addition.parameters[entry.offset + (p - b) % p * width + unit]
      }
    }
    return addition.with(parameters: parameters)
  }

  private static var small: Agreement.Options {
    var options = Agreement.Options()
    options.pairs = 1000
    options.fittingPairs = 500
    options.maxDimensions = 30
    return options
  }

  @Test func additionByFormulaAgreesWithItsProgram() throws {
    let agreement = try Agreement(
      Self.program("(ff.add a b)", 31), FourierTests.addition(31),
      decoys: [
        ("a - b", Self.program("(ff.sub a b)", 31)), ("a + b + 1", Self.program("(ff.add (ff.add a b) 1)", 31)),
      ],
      options: Self.small)
    #expect(agreement.behaviour.alike == Proportion(961, of: 961))
    #expect(abs(agreement.behaviour.leastMargin - 31 / 4.0) < 1e-3)
    let answer = agreement.variables[0]
    #expect(answer.isAnswer && answer.accuracy.share == 1 && answer.null < 0.1)
    #expect(answer.nulls.count == 5)
    // A rival that is never right is so on every interchange.
    #expect(answer.nulls.allSatisfy { $0.accuracy.count == 1000 })
    #expect(answer.isImplemented && agreement.overall! > 0.99)
    #expect(answer.fitted.site == Site("mlp.hook_post"))
  }

  /// A variable that the answer tells cannot be told from it: no verdict, whatever the accuracy.
  @Test func variableThatIsTheAnswerByAnotherNameIsNotImplemented() throws {
    let same = try Agreement(
      Self.program("(ff.add (ff.add a b) 0)", 31), FourierTests.addition(31), options: Self.small)
    #expect(same.variables.map(\.isAnswer) == [false, true] && same.variables[0].score > 0.99)
    #expect(same.variables.map(\.isToldFromAnswer) == [false, true])
    #expect(same.variables.map(\.isImplemented) == [false, true])
    // What copies the source's answer is as good an account of it as the program, and pays for no alignment.
    #expect(same.variables[0].verdict == .isLikeAnswer && same.variables[0].bitsGained < 0)
    #expect(same.variables[1].bitsGained > 1000)
  }

  /// The program spells 2 as 1 + 1, and adds 0 as b − b: neither is a variable.
  @Test func constantsAreNoVariables() throws {
    let spelt = try Self.program("(ff.add (ff.mul (ff.add 1 1) a) (ff.add b (ff.sub b b)))", 7)
    #expect(spelt.constants == ["(ff.add 1 1)", "(ff.sub b b)"])
    #expect(spelt.variables.map(\.text) == ["(ff.mul (ff.add 1 1) a)", "(ff.add b (ff.sub b b))", spelt.text])
    // The answer stays, though nothing can be counted with it.
    let one = try Self.program("(ff.div a a)", 7)
    #expect(one.constants.isEmpty && one.variables.map(\.isAnswer) == [true])
    let never = CircuitError.noEffectivePairs("(ff.div a a)", within: "the half of 24 inputs that is fitted on")
    var options = Self.small
    options.ignoresBehaviour = true
    #expect(throws: never) { try Agreement(one, FourierTests.addition(7), options: options) }
  }

  /// Every pair once where there are no more than are asked for.
  @Test func fewPairsAreTakenOnceEach() throws {
    let program = try Self.program("(ff.add a b)", 3)
    func pairs(_ count: Int) throws -> InterchangePairs {
      var generator = SeededGenerator(seed: 1)
      return try InterchangePairs(program, program.variables[0], from: Array(0..<9), count: count, using: &generator)
    }
    // Of 81 pairs a third have equal sums.
    let (all, drawn) = (try pairs(81), try pairs(80))
    #expect(all.count == 54 && Set(zip(all.bases, all.sources).map { $0 * 9 + $1 }).count == 54)
    #expect(drawn.count == 80)
  }

  @Test func networkForAnotherFunctionStopsAtItsBehaviour() throws {
    let agreement = try Agreement(
      Self.program("(ff.add a b)", 31), Self.subtraction(31), options: Self.small)
    // a + b = a − b where 2b = 0.
    #expect(agreement.behaviour.alike == Proportion(31, of: 961))
    #expect(agreement.variables.isEmpty && agreement.overall == nil)
    let right = try Agreement(Self.program("(ff.sub a b)", 31), Self.subtraction(31), options: Self.small)
    #expect(right.overall! > 0.99)
  }

  @Test func networkForAnotherFunctionHasNoAgreement() throws {
    var options = Self.small
    options.ignoresBehaviour = true
    let agreement = try Agreement(Self.program("(ff.add a b)", 31), Self.subtraction(31), options: options)
    #expect(agreement.overall! <= 0.05, "\(agreement.variables[0].accuracy)")
    #expect(!agreement.variables[0].isImplemented)
  }

  @Test(arguments: [1, 2] as [UInt64]) func untrainedNetworkHasNoAgreement(_ seed: UInt64) throws {
    let network = EmbeddingMLP(.init(vocabulary: 31, outputs: 31))
    let subject = try Subject(
      network, parameters: network.initialParameters(seed: seed), inputs: .pairs(modulus: 31, endsInEquals: false))
    var options = Self.small
    options.ignoresBehaviour = true
    let agreement = try Agreement(Self.program("(ff.add a b)", 31), subject, options: options)
    #expect(agreement.overall! <= 0.05, "\(agreement.variables[0].accuracy)")
  }

  /// (a + 1) + (b − 1) answers as a + b does, but the network by formula has neither part.
  @Test func overallIsTheLeastOfTheVariables() throws {
    let agreement = try Agreement(
      Self.program("(ff.add (ff.add a 1) (ff.sub b 1))", 31), FourierTests.addition(31), options: Self.small)
    #expect(agreement.variables.map(\.isAnswer) == [false, false, true])
    #expect(agreement.variables[2].score > 0.99)
    #expect(agreement.variables[0].score < 0.2 && agreement.variables[1].score < 0.2)
    #expect(agreement.overall == agreement.variables.map(\.score).min())
    #expect(!agreement.variables[0].isImplemented)
  }

  @Test func learnedRotationFindsTheSum() throws {
    var options = Self.small
    options.alignment = .rotation
    options.maxDimensions = 6
    options.sites = [Site("mlp.hook_post")]
    options.rotationSteps = 120
    options.rotationBatch = 256
    let agreement = try Agreement(Self.program("(ff.add a b)", 7), FourierTests.addition(7), options: options)
    let answer = agreement.variables[0]
    #expect(answer.accuracy.share > 0.95, "\(answer.accuracy)")
    let gram = answer.fitted.subspace.basis.times(answer.fitted.subspace.basis, otherTransposed: true)
    for i in 0..<6 { for j in 0..<6 { #expect(abs(gram[i, j] - (i == j ? 1 : 0)) < 1e-9) } }
  }

  @Test func allUnitsTogetherCarryTheAnswer() throws {
    let subject = try FourierTests.addition(7)
    let program = try Self.program("(ff.add a b)", 7)
    var generator = SeededGenerator(seed: 3)
    let pairs = try InterchangePairs(
      program, program.variables[0], from: Array(0..<49), count: 300, using: &generator)
    let site = try SiteActivations(Runner(subject), at: Site("mlp.hook_post"))
    #expect(try site.accuracy(pairs, in: Subspace(units: Array(0..<27), of: 27)).share == 1)
    // One unit of 27 moves little.
    #expect(try site.accuracy(pairs, in: Subspace(units: [4], of: 27)).share < 0.2)
  }

  @Test func faultsAreErrors() throws {
    let subject = try FourierTests.addition(7)
    #expect(throws: CircuitError.noVariables("a")) { try Self.program("a", 7) }
    let never = CircuitError.noEffectivePairs("(even a)", within: "the half of 24 inputs that is fitted on")
    let idle = try Self.program("(ite (even a) (ff.add a b) (ff.add b a))", 7)
    #expect(throws: never) { try Agreement(idle, subject, options: Self.small) }
    var options = Self.small
    options.variables = ["(ff.add a b)"]
    #expect(try Agreement(idle, subject, options: options).variables.map(\.variable) == ["(ff.add a b)"])
    let none = #expect(throws: CircuitError.self) {
      try Agreement(Self.program("(ff.div a (ff.sub b b))", 7), subject, options: Self.small)
    }
    #expect("\(none!)" == "the program '(ff.div a (ff.sub b b))' has no value on any of the 49 inputs")
    options = Self.small
    options.sites = [Site("mlp.hook_mid")]
    #expect(
      throws: CircuitError.noSite("mlp.hook_mid", known: ["hook_embed", "mlp.hook_pre", "mlp.hook_post", "logits"])
    ) {
      try Agreement(Self.program("(ff.add a b)", 7), subject, options: options)
    }
    options.sites = [Site("mlp.hook_pre")]
    #expect(throws: CircuitError.notLinear("mlp.hook_pre")) {
      try Agreement(Self.program("(ff.add a b)", 7), subject, options: options)
    }
    #expect(throws: CircuitError.rankDeficient("here", rank: 1, directions: 2)) {
      try Subspace(spannedBy: Matrix([[1, 2, 3], [2, 4, 6]]), at: "here")
    }
    let one = Grammar.Parameter(name: "x", sort: .int)
    let grammar = try SyGuSReader.problem(
      Array("(set-logic LIA)(synth-fun f ((x Int)) Int ((E Int)) ((E Int (x (+ E E)))))(check-synth)".utf8),
      file: "one.sl"
    ).grammar
    #expect(grammar.parameters == [one])
    #expect(throws: CircuitError.arity(program: 1, inputs: 2)) {
      try StudiedProgram(
        SyGuSReader.term("(+ x x)", in: grammar), in: grammar, on: .pairs(modulus: 7, endsInEquals: false))
    }
  }

  @Test func valuesOutsideTheAnswersAreErrors() throws {
    let grammar = try SyGuSReader.problem(
      Array("(set-logic LIA)(synth-fun f ((a Int) (b Int)) Int ((E Int)) ((E Int (a b (+ E E)))))(check-synth)".utf8),
      file: "two.sl"
    ).grammar
    #expect(throws: CircuitError.self) {
      try StudiedProgram(
        SyGuSReader.term("(+ a b)", in: grammar), in: grammar, on: .pairs(modulus: 7, endsInEquals: false))
    }
  }

  /// Wilson's interval for 8 of 10, by hand.
  @Test func wilsonInterval() {
    let interval = Proportion(8, of: 10).interval
    #expect(abs(interval.lowerBound - 0.4902) < 1e-4 && abs(interval.upperBound - 0.9433) < 1e-4)
    #expect(Proportion(0, of: 0).interval == 0...1)
    for count in [529, 2000, 20_000] {
      #expect(
        Proportion(count, of: count).interval.upperBound == 1 && Proportion(0, of: count).interval.lowerBound == 0)
    }
  }

  /// A unit alone; and three units, where two frequencies would take four dimensions.
  @Test func fitsEndAtTheWidth() throws {
    func fitted(_ p: Int, units: Int, _ alignment: AlignmentClass) throws -> FittedSubspace {
      var c = EmbeddingMLP.Configuration(vocabulary: p, outputs: p)
      (c.width, c.hidden) = (units, units)
      let network = EmbeddingMLP(c)
      let subject = try Subject(
        network, parameters: network.initialParameters(seed: 1), inputs: .pairs(modulus: p, endsInEquals: false))
      var options = Self.small
      (options.alignment, options.ignoresBehaviour, options.rotationSteps) = (alignment, true, 5)
      options.sites = [Site("mlp.hook_post")]
      return try Agreement(Self.program("(ff.add a b)", p), subject, options: options).variables[0].fitted
    }
    #expect(try fitted(5, units: 1, .rotation).subspace.dimensions == 1)
    let three = try fitted(7, units: 3, .fourier)
    #expect(three.subspace.dimensions == 2 && three.curve.map(\.dimensions) == [2])
  }

  @Test func networkThatAnswersAlwaysTheSameIsAnError() throws {
    let network = EmbeddingMLP(.init(vocabulary: 5, outputs: 5))
    let zeros = [Float](repeating: 0, count: network.layout.count)
    let subject = try Subject(network, parameters: zeros, inputs: .pairs(modulus: 5, endsInEquals: false))
    var options = Self.small
    options.ignoresBehaviour = true
    let error = #expect(throws: CircuitError.self) {
      try Agreement(Self.program("(ff.add a b)", 5), subject, options: options)
    }
    #expect("\(error!)".contains("the network answers the same whatever the input"))
  }

  /// Scores of attention are -inf where the mask hides a key: their differences are no numbers.
  @Test func infiniteActivationsAreErrors() throws {
    var c = DecoderTransformer.Configuration(vocabulary: 5, outputs: 5, context: 2)
    (c.width, c.heads, c.headWidth, c.hidden) = (8, 2, 4, 8)
    let network = DecoderTransformer(c)
    let subject = try Subject(
      network, parameters: network.initialParameters(seed: 1), inputs: .pairs(modulus: 5, endsInEquals: false))
    var options = Self.small
    (options.alignment, options.ignoresBehaviour) = (.neurons, true)
    options.sites = [Site("blocks.0.attn.hook_attn_scores")]
    #expect(throws: CircuitError.notFinite("the activations at blocks.0.attn.hook_attn_scores", input: "(0, 0)")) {
      try Agreement(Self.program("(ff.add a b)", 5), subject, options: options)
    }
  }

  @Test func logitsThatAreNoNumbersAreErrors() throws {
    let subject = try FourierTests.addition(7)
    let entry = subject.network.layout["embed.0.W_E"]!
    var parameters = subject.parameters
    parameters[entry.offset + 3 * entry.shape[1]] = .nan
    let broken = subject.with(parameters: parameters)
    let error = CircuitError.notFinite("the logits", input: "(3, 0)")
    #expect(throws: error) { try Agreement(Self.program("(ff.add a b)", 7), broken, options: Self.small) }
    #expect(throws: error) { try FourierReading(broken) }
    #expect(throws: error) { try ClockPizza(broken) }
    #expect("\(error)" == "the logits are not finite on input (3, 0): nothing can be counted with them")
  }

  /// 49 inputs at once, or 20, 20 and 9 of them.
  @Test func gradientsOfPartsAreThoseOfOneMean() throws {
    let subject = try FourierTests.addition(7)
    let targets = (0..<49).map { $0 == 3 ? -1 : Int32($0 % 7) }
    func gradients(_ capacity: Int) throws -> [Float] {
      try Runner(subject, capacity: capacity).gradients(
        at: Site("mlp.hook_post"), of: Array(0..<49), targets: targets
      ).gradients.elements
    }
    let (whole, parts) = (try gradients(49), try gradients(20))
    let greatest = whole.map(abs).max()!
    #expect(greatest > 0 && zip(whole, parts).allSatisfy { abs($0 - $1) <= 1e-5 * greatest })
  }

  /// Rows on a line, and rows that do not vary: components first, then directions orthogonal to them.
  @Test func missingPrincipalComponentsAreFilledUp() {
    var generator = SeededGenerator(seed: 6)
    let line = Matrix((0..<40).map { [0, 3 * Double($0), 0, 4 * Double($0), 1] })
    let ofLine = Subspace.principal(3, of: line, using: &generator).basis
    #expect(abs(abs(ofLine[0, 1]) - 0.6) < 1e-9 && abs(abs(ofLine[0, 3]) - 0.8) < 1e-9)
    let ofPoint = Subspace.principal(5, of: Matrix(rows: 40, columns: 5), using: &generator).basis
    #expect(ofLine.rows == 3 && ofPoint.rows == 5)
    for basis in [ofLine, ofPoint] {
      let gram = basis.times(basis, otherTransposed: true)
      for i in 0..<basis.rows { for j in 0..<basis.rows { #expect(abs(gram[i, j] - (i == j ? 1 : 0)) < 1e-9) } }
    }
  }

  /// Variances that fall by a tenth, or by three parts in a hundred, along directions of any orientation.
  @Test(arguments: [0.9, 0.97]) func principalComponentsAreThoseOfTheGreatestVariance(_ ratio: Double) {
    let (k, width) = (5, 60)
    var generator = SeededGenerator(seed: 8)
    let directions = Subspace.random(width, of: width, using: &generator).basis
    var (lines, scale) = ([[Double]](), 1.0)
    for number in 0..<width {
      let row = directions.row(number).map { scale * $0 }
      lines += [row, row.map { -$0 }]
      scale *= ratio.squareRoot()
    }
    let basis = Subspace.principal(k, of: Matrix(lines), using: &generator).basis
    for i in 0..<k {
      let cosine = zip(basis.row(i), directions.row(i)).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(abs(cosine) - 1) < 1e-8, "component \(i): \(cosine)")
    }
  }

  /// Written otherwise, or without a value for some pairs, it is a + b all the same.
  @Test(arguments: ["(ff.add b a)", "(ff.div a (ff.div a (ff.add a b)))"])
  func decoyThatIsTheProgramIsAnError(_ text: String) throws {
    let error = #expect(throws: CircuitError.self) {
      try Agreement(
        Self.program("(ff.add a b)", 7), FourierTests.addition(7), decoys: [("it", Self.program(text, 7))],
        options: Self.small)
    }
    #expect(error == .noRival("'it' answers as the program does wherever both have a value: it is no rival of it"))
  }

  /// Modulo 2 both inputs of a half may have one sum, or sums that are those of 2a + b.
  @Test func halvesThatAreTooSmallAreNamed() throws {
    func agreement(seed: UInt64, named: Bool) throws -> Agreement {
      var options = Self.small
      options.seed = seed
      let rival = (name: "2a + b", program: try Self.program("(ff.add (ff.add a a) b)", 2))
      return try Agreement(
        Self.program("(ff.add a b)", 2), FourierTests.addition(2), decoys: named ? [rival] : [],
        defaultDecoys: named ? [] : [rival], options: options)
    }
    let same = CircuitError.noEffectivePairs("(ff.add a b)", within: "the half of 2 inputs that is fitted on")
    #expect(throws: same) { try agreement(seed: 0, named: false) }
    #expect("\(same)".contains("never changes the program's answer within the half of 2 inputs that is fitted on"))
    for seed in [1, 5] as [UInt64] {
      // A rival that nobody named is left out.
      #expect(try agreement(seed: seed, named: false).variables[0].nulls.count == 3)
      #expect(throws: CircuitError.self) { try agreement(seed: seed, named: true) }
    }
  }

  /// Steps of a state are other positions of it, and no sites to try beside the last one.
  @Test(arguments: RecurrentNetwork.Cell.allCases) func stepsAreNoSites(_ cell: RecurrentNetwork.Cell) throws {
    var c = RecurrentNetwork.Configuration(cell: cell, vocabulary: 6, outputs: 5)
    (c.width, c.hidden) = (4, 6)
    let network = RecurrentNetwork(c)
    let subject = try Subject(
      network, parameters: network.initialParameters(seed: 1), inputs: .pairs(modulus: 5, endsInEquals: true))
    var options = Self.small
    (options.alignment, options.ignoresBehaviour) = (.neurons, true)
    let answer = try Agreement(Self.program("(ff.add a b)", 5), subject, options: options).variables[0]
    let states = cell == .lstm ? ["rnn.hook_hidden", "rnn.hook_cell"] : ["rnn.hook_hidden"]
    #expect(answer.tried.map(\.site) == (["hook_embed"] + states).map { Site($0) })
  }

  @Test func siteThatIsGivenTwiceIsOne() throws {
    var options = Self.small
    options.sites = [Site("mlp.hook_post"), Site("mlp.hook_post", position: 0)]
    let agreement = try Agreement(Self.program("(ff.add a b)", 7), FourierTests.addition(7), options: options)
    #expect(agreement.variables[0].tried.count == 1 && agreement.variables[0].alignmentBits == 0)
  }

  @Test func untrainedNetworkKeepsItsData() throws {
    let subject = try FourierTests.addition(7)
    let (first, second) = (subject.network.layout["embed.0.W_E"]!.range, subject.network.layout["embed.1.W_E"]!.range)
    let twin = subject.untrained(seed: 1, keeping: ["embed.0.W_E"])
    #expect(twin.parameters[first] == subject.parameters[first])
    #expect(twin.parameters[second] != subject.parameters[second])
  }

  @Test func principalComponentsAreThoseOfADiagonalCloud() {
    var generator = SeededGenerator(seed: 5)
    let scales = [1.0, 9, 0.1, 4, 0.5]
    let rows = Matrix((0..<400).map { _ in scales.map { $0 * (Double(generator.below(2001)) / 1000 - 1) } })
    let basis = Subspace.principal(2, of: rows, using: &generator).basis
    #expect(abs(basis[0, 1]) > 0.99 && abs(basis[1, 3]) > 0.99)
  }
}
