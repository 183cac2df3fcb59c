import Documents
import Grammars
import Learner
import Networks
import Randomness
import Tasks
import Testing

/// Training as a whole: what it reaches, and that it is the same bytes however it is run.
@Suite struct TrainingRunTests {
  private static func dataset(_ task: String, _ modulus: Int64, count: Int, _ recipe: Recipe.Name, tied: Bool = true)
    throws
    -> (Recipe, Dataset)
  {
    let table = try TaskFamily.named(task).table(modulus: modulus)
    let split = try Split(of: table, size: .count(count), seed: 1)
    let vocabulary = TaskVocabulary(table.examples)
    let recipe = Recipe(
      recipe, inputs: vocabulary.inputs.count, outputs: vocabulary.outputs.count, arguments: 2, tied: tied)
    let data = Dataset(
      training: split.training, unseen: split.unseen, vocabulary: vocabulary, endsInEquals: recipe.endsInEquals)
    return (recipe, data)
  }

  /// Recipes small enough for a debug build; every kind of network.
  private static func small(_ network: NetworkConfiguration, _ batchSize: Int?) -> Recipe {
    var recipe = Recipe(
      network: network, method: .perpendicularAdamW(AdamW.Configuration(learningRate: 0.01)), maxSteps: 12)
    recipe.batchSize = batchSize
    recipe.evaluationInterval = 5
    return recipe
  }

  private static let networks: [NetworkConfiguration] = {
    var mlp = EmbeddingMLP.Configuration(vocabulary: 11, outputs: 11)
    (mlp.width, mlp.hidden) = (8, 16)
    var transformer = DecoderTransformer.Configuration(vocabulary: 12, outputs: 11, context: 3)
    (transformer.width, transformer.heads, transformer.headWidth, transformer.hidden) = (8, 2, 4, 16)
    var lstm = RecurrentNetwork.Configuration(cell: .lstm, vocabulary: 12, outputs: 11)
    (lstm.width, lstm.hidden) = (6, 8)
    return [.embeddingMLP(mlp), .transformer(transformer), .recurrent(lstm)]
  }()

  private static func data(_ recipe: Recipe) throws -> Dataset {
    let table = try TaskFamily.named("mod-add").table(modulus: 11)
    let split = try Split(of: table, size: .count(60), seed: 0)
    return Dataset(
      training: split.training, unseen: split.unseen, vocabulary: TaskVocabulary(table.examples),
      endsInEquals: recipe.endsInEquals)
  }

  private static func bits(_ run: TrainingRun) -> [UInt32] { run.parameters.map(\.bitPattern) }

  private static func finished(_ run: TrainingRun) -> TrainingRun {
    while run.end == nil { _ = run.advance() }
    return run
  }

  @Test(arguments: networks.indices, [nil, 16]) func anInterruptedRunEndsWithTheSameBytes(_ network: Int, _ batch: Int?)
    throws
  {
    let recipe = Self.small(Self.networks[network], batch)
    let data = try Self.data(recipe)
    func run() -> TrainingRun { TrainingRun(recipe, data, seed: 4, purpose: "test") }
    let straight = Self.finished(run())
    for stop in [0, 1, 7] {
      let first = run()
      for _ in 0..<stop { _ = first.advance() }
      let saved = first.checkpoint(identity: "this")
      let second = run()
      try second.restore(saved, identity: "this", file: "c")
      let resumed = Self.finished(second)
      #expect(Self.bits(resumed) == Self.bits(straight), "stopped at \(stop)")
      #expect(resumed.metrics == straight.metrics && resumed.firstFit == straight.firstFit)
      #expect(resumed.checkpoint(identity: "x") == straight.checkpoint(identity: "x"))
    }
  }

  /// Also where a run has diverged. A number that is none has no sign.
  @Test func readingMetricsUndoesWritingThem() throws {
    for number in [0.5, Double.infinity, -Double.infinity, Double.nan, -Double.nan] {
      for testLoss in [number, nil] {
        let metrics = TrainingMetrics(
          step: 3, trainLoss: number, trainCorrect: 1, trainCount: 2, testLoss: testLoss, testCorrect: 0,
          testCount: testLoss == nil ? 0 : 5, parameterNorm: number)
        let line = JSONWriter.line(metrics.record)
        let read = try #require(TrainingMetrics(JSONValue(parsing: line)))
        #expect(JSONWriter.line(read.record) == line && (read.testLoss == nil) == (testLoss == nil))
        #expect("\(read.trainLoss)" == "\(metrics.trainLoss)" && "\(metrics.trainLoss)" != "-nan")
      }
    }
    #expect(TrainingMetrics(["step": 3, "trainLoss": "none"]) == nil)
  }

  @Test func checkpointsOfOtherRunsAndDamagedOnesAreRefused() throws {
    let recipe = Self.small(Self.networks[0], nil)
    let run = try TrainingRun(recipe, Self.data(recipe), seed: 0, purpose: "test")
    let saved = run.checkpoint(identity: "this")
    let other = #expect(throws: InputError.self) { try run.restore(saved, identity: "that", file: "c") }
    #expect("\(other!)".contains("another run"))
    for cut in [0, 7, 8, saved.count / 2, saved.count - 1] {
      #expect(throws: InputError.self) { try run.restore(Array(saved[..<cut]), identity: "this", file: "c") }
    }
    // Behind the last step, where there is no batch.
    let far = Safetensors.bytes(
      NamedTensors(run.parameters, layout: recipe.network.layout),
      metadata: ["type": "levin training run", "identity": "this", "state": #"{"step":13,"metrics":[]}"#])
    let beyond = #expect(throws: InputError.self) { try run.restore(far, identity: "this", file: "c") }
    #expect("\(beyond!)".contains("the checkpoint is damaged"))
    let network = Safetensors.bytes(NamedTensors(run.parameters, layout: recipe.network.layout))
    #expect(throws: InputError.self) { try run.restore(network, identity: "this", file: "c") }
  }

  @Test(arguments: [1, 2, 3]) func bytesDoNotDependOnThreads(_ threads: Int) throws {
    // Enough rows for several lanes.
    let table = try TaskFamily.named("mod-add").table(modulus: 29)
    var mlp = EmbeddingMLP.Configuration(vocabulary: 29, outputs: 29)
    (mlp.width, mlp.hidden) = (8, 16)
    let recipe = Self.small(.embeddingMLP(mlp), nil)
    let split = try Split(of: table, size: .count(800), seed: 0)
    let data = Dataset(
      training: split.training, unseen: split.unseen, vocabulary: TaskVocabulary(table.examples), endsInEquals: false)
    let one = Self.finished(TrainingRun(recipe, data, seed: 0, purpose: "t"))
    let many = Self.finished(TrainingRun(recipe, data, seed: 0, purpose: "t", threads: threads))
    #expect(Self.bits(one) == Self.bits(many) && one.metrics == many.metrics)
    let other = Self.finished(TrainingRun(recipe, data, seed: 1, purpose: "t"))
    #expect(Self.bits(one) != Self.bits(other))
  }

  /// Counted bytes: at least the parameters with gradient, two moments and the projected gradient; the same for any threads.
  @Test func countedBytesAreThoseOfTheShapes() throws {
    let recipe = Self.small(Self.networks[0], nil)
    let data = try Self.data(recipe)
    let runs = [1, 3].map { TrainingRun(recipe, data, seed: 0, purpose: "t", threads: $0) }
    let before = runs[0].bytes
    for run in runs { _ = Self.finished(run) }
    #expect(runs[0].bytes == runs[1].bytes && runs[0].bytes > before)  // gradients of activations come with the first pass
    let parameters = runs[0].parameters.count
    // Activations of 60 training rows, the hidden ones before and after the unit, the logits, and their gradients.
    let activations = 2 * 60 * (2 * 16 + 11) * 4
    let least = 5 * parameters * 4 + activations
    #expect(runs[0].bytes > least && runs[0].bytes < 3 * least, "\(runs[0].bytes), at least \(least)")
  }

  /// The recipe on a small modulus: unseen pairs are answered, and the run ends when they are.
  @Test func fastRecipeGeneralises() throws {
    let (recipe, data) = try Self.dataset("mod-add", 29, count: 500, .fast)
    let run = TrainingRun(recipe, data, seed: 0, purpose: "mod-add", target: .grokked)
    _ = Self.finished(run)
    let last = try #require(run.metrics.last)
    #expect(run.end == .testAccuracy && last.testCorrect * 100 >= last.testCount * 99)
    #expect(run.step <= 400 && run.firstFit! <= run.step)
  }

  @Test func tiedNetworkCannotLearnWhatDoesNotCommute() throws {
    var (recipe, data) = try Self.dataset("mod-sub", 11, count: 90, .fast)
    recipe.maxSteps = 60
    let run = TrainingRun(recipe, data, seed: 0, purpose: "mod-sub", target: .grokked)
    _ = Self.finished(run)
    #expect(run.end == .maxSteps && run.metrics.last!.testAccuracy! < 0.5)
  }

  /// A right batch is no fit of the training examples: what counts is all of them, at evaluated steps.
  @Test(arguments: [1, 20]) func fitOfMinibatchesIsThatOfAllExamples(_ batch: Int) throws {
    var recipe = Self.small(Self.networks[0], batch)
    recipe.maxSteps = 60
    let data = try Self.data(recipe)
    let run = TrainingRun(recipe, data, seed: 0, purpose: "t")
    let all = LaneExecutor<Float>(recipe.network.network, shape: data.training.shape)
    all.load(data.training)
    var fit: Int?
    while run.end == nil {
      let (step, loss) = (run.step, all.evaluate(run.parameters))
      if run.advance() != nil, fit == nil, loss.correct * 1000 >= loss.counted * 999 { fit = step }
    }
    #expect(run.firstFit == fit)
  }

  @Test func everyExampleIsInOneBatchOfAPass() throws {
    let recipe = Self.small(Self.networks[0], 20)
    let run = try TrainingRun(recipe, Self.data(recipe), seed: 0, purpose: "t")
    #expect(run.advance()?.trainCount == 20)
  }
}
