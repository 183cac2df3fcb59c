import Circuits
import Documents
import Grammars
import Learner
import Networks
import Randomness

/// Hierarchical equality over vectors: (w = x) = (y = z), where each argument is a vector drawn anew for every input.
///
/// A vector is an entity with a number of its own, a token whose embedding it is: networks see vectors, programs numbers, and
/// both see the same equalities. Each of w = x and y = z holds in half of the inputs, independently.
///
/// - Source: Geiger et al. 2024, "Finding alignments between interpretable causal variables and distributed neural
///   representations", section 4.1; vectors of four numbers for networks of 16 units as in Sutter et al. 2025.
struct HierarchicalEquality {
  /// Numbers of a vector, each uniform in [-1, 1).
  static let width = 4
  static let arguments = 4

  /// `[4 · count, width]`, row e the vector of entity e.
  let vectors: [Float]
  /// `[count, 4]`: the entities of each input; equal arguments are one entity.
  private(set) var tokens: [Int32]
  /// 1 where (w = x) = (y = z).
  private(set) var targets: [Int32]

  init(count: Int, using generator: inout SeededGenerator) {
    vectors = (0..<count * Self.arguments * Self.width).map { _ in
      Float(generator.below(1 << 24)) / Float(1 << 23) - 1
    }
    var (tokens, targets) = ([Int32](), [Int32]())
    for input in 0..<count {
      let first = Int32(input * Self.arguments)
      let (left, right) = (generator.below(2) == 0, generator.below(2) == 0)
      tokens += [first, left ? first : first + 1, first + 2, right ? first + 2 : first + 3]
      targets.append(left == right ? 1 : 0)
    }
    (self.tokens, self.targets) = (tokens, targets)
  }

  /// Inputs in runs of 16: two entities for w and x and two for y and z in each run, every choice of them once. So an
  /// argument of one input equals that of another of its run in half of the cases.
  init(runs: Int, using generator: inout SeededGenerator) {
    let plain = HierarchicalEquality(count: 16 * runs, using: &generator)
    vectors = plain.vectors
    (tokens, targets) = ([], [])
    for run in 0..<runs {
      let first = Int32(run * 16 * Self.arguments)
      for choice in 0..<Int32(16) {
        let (w, x, y, z) = (choice & 1, choice >> 1 & 1, choice >> 2 & 1, choice >> 3)
        tokens += [first + w, first + x, first + 2 + y, first + 2 + z]
        targets.append((w == x) == (y == z) ? 1 : 0)
      }
    }
  }

  var count: Int { targets.count }

  /// The network of three layers of 16 units over these entities.
  static func network(inputs count: Int) -> LayeredPerceptron {
    var c = LayeredPerceptron.Configuration(vocabulary: count * arguments, outputs: 2, positions: arguments)
    (c.width, c.hidden) = (width, [16, 16, 16])
    return LayeredPerceptron(c)
  }

  /// The inputs as programs and networks read them.
  var inputs: Inputs {
    Inputs(
      values: (0..<count).map { input in
        tokens[input * Self.arguments..<(input + 1) * Self.arguments].map { .int(Int64($0)) }
      }, tokens: tokens, positions: Self.arguments, answers: [.bool(false): 0, .bool(true): 1],
      vocabulary: count * Self.arguments, outputs: 2...2)
  }

  /// What programs over entities can say: equalities, and an argument itself as a value (x + 0).
  static func grammar() throws -> Grammar {
    try SyGuSReader.problem(
      Array(
        """
        (set-logic LIA)
        (synth-fun f ((w Int) (x Int) (y Int) (z Int)) Bool ((B Bool) (E Int))
          ((B Bool ((= E E) (= B B) (not B))) (E Int (w x y z 0 (+ E E)))))
        (check-synth)
        """.utf8), file: "equality.sl"
    ).grammar
  }
}

/// A perceptron trained on hierarchical equality, and the study of its layers.
struct EqualityNetwork {
  /// Parameters behind the vectors: the layers and the readout.
  let weights: [Float]
  let seed: UInt64

  struct Settings {
    var batch = 1024
    var steps = 3000
    var learningRate = 0.002
  }

  /// Trains on vectors drawn anew for every batch: Adam, mean cross-entropy, the rate lowered along a cosine.
  ///
  /// - Parameters:
  ///   - onStep: called before each step with its number.
  ///   - shouldStop: asked before each step; nil comes back when it says so.
  init?(
    seed: UInt64, _ settings: Settings = Settings(), onStep: (Int) -> Void = { _ in }, shouldStop: () -> Bool
  ) {
    let network = HierarchicalEquality.network(inputs: settings.batch)
    var generator = SeededGenerator(seed: seed, name: "equality/batches")
    var parameters = network.initialParameters(seed: seed, name: "equality/init")
    let vectors = network.layout["embed.W_E"]!.range
    let optimizer = AdamW(
      .init(
        learningRate: settings.learningRate, weightDecay: 0, schedule: Schedule(decay: .cosine(steps: settings.steps))),
      network.layout)
    let executor = LaneExecutor<Float>(
      network, shape: BatchShape(rows: settings.batch, positions: HierarchicalEquality.arguments))
    var gradient = [Float](repeating: 0, count: network.layout.count)
    for step in 0..<settings.steps {
      if shouldStop() { return nil }
      onStep(step)
      let data = HierarchicalEquality(count: settings.batch, using: &generator)
      parameters.replaceSubrange(vectors, with: data.vectors)
      executor.load(
        Batch(
          shape: BatchShape(rows: settings.batch, positions: HierarchicalEquality.arguments), tokens: data.tokens,
          targets: data.targets))
      _ = executor.lossAndGradient(parameters, into: &gradient)
      // The vectors are data: they are not learnt.
      for index in vectors { gradient[index] = 0 }
      optimizer.step(&parameters, gradient)
    }
    weights = Array(parameters[vectors.upperBound...])
    self.seed = seed
  }

  /// SHA-256 of the learnt parameters as little-endian float32.
  var digest: String {
    SHA256.hexadecimalDigest(
      of: weights.flatMap { weight -> [UInt8] in
        let bits = weight.bitPattern
        return [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: bits >> $0) }
      })
  }

  /// The parameters that are data: the vectors of the entities.
  static let dataParameters = ["embed.W_E"]

  /// The network over other vectors.
  func subject(_ data: HierarchicalEquality) throws -> Subject {
    let network = HierarchicalEquality.network(inputs: data.count)
    precondition(network.layout["embed.W_E"]!.offset == 0, "the vectors come first")
    return try Subject(network, parameters: data.vectors + weights, inputs: data.inputs)
  }
}
