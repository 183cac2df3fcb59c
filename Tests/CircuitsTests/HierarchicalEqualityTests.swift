import Circuits
import Grammars
import Networks
import Randomness
import Testing

/// Hierarchical equality, (w = x) = (y = z), where the network's variables are known by construction.
///
/// Source of the task: Geiger et al. 2021 and 2024; here over five entities, every input of 625.
@Suite struct HierarchicalEqualityTests {
  private static let entities = 5

  private static let grammar = Result {
    try SyGuSReader.problem(
      Array(
        """
        (set-logic LIA)
        (synth-fun f ((w Int) (x Int) (y Int) (z Int)) Bool ((B Bool) (E Int))
          ((B Bool ((= E E) (= B B) (not B))) (E Int (w x y z))))
        (check-synth)
        """.utf8), file: "equality.sl"
    ).grammar
  }

  private static let inputs: Inputs = {
    let n = entities
    let all = (0..<n * n * n * n).map { [$0 / (n * n * n), $0 / (n * n) % n, $0 / n % n, $0 % n] }
    return Inputs(
      values: all.map { $0.map { .int(Int64($0)) } }, tokens: all.flatMap { $0.map { Int32($0) } }, positions: 4,
      answers: [.bool(false): 0, .bool(true): 1], vocabulary: n, outputs: 2...2)
  }()

  private static func program(_ text: String) throws -> StudiedProgram {
    let grammar = try grammar.get()
    return try StudiedProgram(SyGuSReader.term(text, in: grammar), in: grammar, on: inputs)
  }

  /// Entities are numbers; layer 0 has both parts of w − x and of y − z, layer 1 one unit for each equality, layer 2 these and
  /// their product.
  private static func handcrafted() throws -> Subject {
    var c = LayeredPerceptron.Configuration(vocabulary: entities, outputs: 2, positions: 4)
    (c.width, c.hidden) = (1, [4, 2, 3])
    let network = LayeredPerceptron(c)
    let arrays: [(String, [Float])] = [
      ("embed.W_E", (0..<entities).map { Float($0) }),
      ("layers.0.W", [1, -1, 0, 0, -1, 1, 0, 0, 0, 0, 1, -1, 0, 0, -1, 1]),
      ("layers.1.W", [-1, 0, -1, 0, 0, -1, 0, -1]), ("layers.1.b", [1, 1]),
      ("layers.2.W", [1, 0, 1, 0, 1, 1]), ("layers.2.b", [0, 0, -1]),
      // true − false: 1 − 2 (first + second) + 4 both, over 2 on either side.
      ("unembed.W_U", [1, -1, 1, -1, -2, 2]), ("unembed.b_U", [-0.5, 0.5]),
    ]
    var parameters = [Float](repeating: 0, count: network.layout.count)
    for (name, values) in arrays {
      let entry = network.layout[name]!
      #expect(entry.count == values.count, "\(name)")
      parameters.replaceSubrange(entry.range, with: values)
    }
    return try Subject(network, parameters: parameters, inputs: inputs)
  }

  private static func options(_ alignment: AlignmentClass, _ site: String) -> Agreement.Options {
    var options = Agreement.Options()
    options.alignment = alignment
    options.sites = [Site(site)]
    options.pairs = 2000
    options.fittingPairs = 1000
    options.maxDimensions = 1
    options.rotationSteps = 100
    options.rotationBatch = 128
    return options
  }

  @Test func handcraftedUnitsAreTheEqualities() throws {
    let agreement = try Agreement(
      Self.program("(= (= w x) (= y z))"), Self.handcrafted(), options: Self.options(.neurons, "layers.1.hook_post"))
    #expect(agreement.behaviour.alike == Proportion(625, of: 625) && agreement.behaviour.leastMargin == 1)
    #expect(agreement.variables.map(\.variable) == ["(= w x)", "(= y z)", "(= (= w x) (= y z))"])
    for (place, variable) in agreement.variables.prefix(2).enumerated() {
      #expect(variable.accuracy == Proportion(2000, of: 2000), "\(variable.variable)")
      #expect(variable.fitted.subspace == Subspace(units: [place], of: 2))
      #expect(variable.score == 1 && variable.isImplemented)
      // An equality taken from elsewhere is not the source's answer.
      #expect(variable.discriminating.count > 100 && variable.discriminating.share == 1)
    }
  }

  @Test func learnedRotationFindsThem() throws {
    let agreement = try Agreement(
      Self.program("(= (= w x) (= y z))"), Self.handcrafted(), options: Self.options(.rotation, "layers.1.hook_post"))
    for variable in agreement.variables.prefix(2) { #expect(variable.accuracy.share > 0.99, "\(variable.accuracy)") }
  }

  /// The same answers from other variables: (w = x) and not (y = z) are there, w = y is not.
  @Test func falseProgramIsRefused() throws {
    var options = Self.options(.rotation, "layers.1.hook_post")
    options.ignoresBehaviour = true
    let agreement = try Agreement(Self.program("(= (= w y) (= x z))"), Self.handcrafted(), options: options)
    #expect(agreement.behaviour.alike.share < 0.9)
    for variable in agreement.variables.prefix(2) {
      #expect(!variable.isImplemented && variable.accuracy.share < 0.75, "\(variable.accuracy)")
    }
  }

  @Test func untrainedNetworkIsRefused() throws {
    let network = LayeredPerceptron(.init(vocabulary: Self.entities, outputs: 2, positions: 4))
    let subject = try Subject(network, parameters: network.initialParameters(seed: 1), inputs: Self.inputs)
    var options = Self.options(.rotation, "layers.1.hook_post")
    options.maxDimensions = 8
    let stopped = try Agreement(Self.program("(= (= w x) (= y z))"), subject, options: options)
    #expect(stopped.overall == nil && stopped.behaviour.alike.share < 0.99)
    options.ignoresBehaviour = true
    let agreement = try Agreement(Self.program("(= (= w x) (= y z))"), subject, options: options)
    for variable in agreement.variables.prefix(2) { #expect(!variable.isImplemented, "\(variable.accuracy)") }
  }

  /// All pairs: those on which nothing changes count too; within runs both inputs are of one run.
  @Test func pairsAreDrawnAsAsked() throws {
    let program = try Self.program("(= (= w x) (= y z))")
    let variable = program.variables[0]
    func pairs(_ drawing: InterchangePairs.Drawing) throws -> InterchangePairs {
      var generator = SeededGenerator(seed: 1, name: "pairs")
      return try InterchangePairs(
        program, variable, from: Array(0..<625), count: 400, drawing: drawing, using: &generator)
    }
    let (effective, all, within) = (try pairs(.effective), try pairs(.all), try pairs(.within(125)))
    func changed(_ pairs: InterchangePairs) -> Int {
      (0..<pairs.count).count { pairs.expected[$0] != program.answers[pairs.bases[$0]] }
    }
    #expect(effective.count == 400 && changed(effective) == 400)
    // w = x in one of five inputs: an interchange changes it in 2 · 1/5 · 4/5 = 32 % of the pairs.
    #expect(all.count == 400 && (96...160).contains(changed(all)))
    #expect(within.count == 400 && zip(within.bases, within.sources).allSatisfy { $0 / 125 == $1 / 125 && $0 != $1 })
    // Runs of two inputs: each with the other, once.
    var generator = SeededGenerator(seed: 1)
    let two = try InterchangePairs(
      program, variable, from: Array(0..<10), count: 40, drawing: .within(2), using: &generator)
    #expect(two.count == 10 && zip(two.bases, two.sources).allSatisfy { $0 ^ 1 == $1 })
  }

  @Test func variablesThatAreNotThereAreRefused() throws {
    var options = Self.options(.neurons, "layers.1.hook_post")
    options.variables = ["(= y z)"]
    let agreement = try Agreement(Self.program("(= (= w x) (= y z))"), Self.handcrafted(), options: options)
    #expect(agreement.variables.map(\.variable) == ["(= y z)"])
    options.variables = ["(= y w)"]
    let error = #expect(throws: CircuitError.self) {
      try Agreement(Self.program("(= (= w x) (= y z))"), Self.handcrafted(), options: options)
    }
    #expect("\(error!)".contains("has no variable '(= y w)'; it has (= w x), (= y z)"))
  }
}
