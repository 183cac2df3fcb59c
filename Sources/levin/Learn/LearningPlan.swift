import ArgumentParser
import Documents
import Grammars
import Learner
import Networks
import Tasks

/// A task with the recipe that is trained on it.
struct LearningPlan {
  let source: SplitTask
  let recipe: Recipe
  let dataset: Dataset
  let target: AccuracyTarget?

  /// 8 GiB of numbers, and as many of their gradients.
  private static let mostBatchLogits = 1 << 31

  init(_ source: SplitTask, _ options: RecipeOptions) throws {
    self.source = source
    let vocabulary = TaskVocabulary(source.task.examples)
    let tied =
      options.network == .tiedMLP || (options.network != .untiedMLP && Dataset.commutes(source.training))
    var recipe = Recipe(
      options.recipe, inputs: vocabulary.inputs.count, outputs: vocabulary.outputs.count,
      arguments: source.task.parameters.count, tied: tied)
    if let network = options.network {
      recipe.network = Self.network(network, vocabulary, arguments: source.task.parameters.count, tied: tied)
    }
    if options.attention == .constant {
      guard case .transformer(var transformer) = recipe.network else {
        throw ValidationError("--attention constant is for transformers: add --network transformer or another recipe")
      }
      transformer.pattern = .constant
      recipe.network = .transformer(transformer)
    }
    if options.initialization == .zhong {
      guard case .transformer(var transformer) = recipe.network else {
        throw ValidationError("--initialization zhong is for transformers: add --network transformer or another recipe")
      }
      transformer.initialisation = .zhong
      recipe.network = .transformer(transformer)
    }
    if options.omitEquals {
      guard case .transformer(var transformer) = recipe.network else {
        throw ValidationError("--omit-equals is for transformers: add --network transformer or another recipe")
      }
      transformer.vocabulary = vocabulary.inputs.count
      transformer.outputs = vocabulary.outputs.count
      transformer.context = source.task.parameters.count
      recipe.network = .transformer(transformer)
      recipe.omitsEquals = true
    }
    if let optimizer = options.optimizer { recipe.method = recipe.method.with(optimizer) }
    if let steps = options.steps { recipe.maxSteps = steps }
    if let size = options.batchSize { recipe.batchSize = size }
    if let rate = options.learningRate { recipe.method.learningRate = rate }
    if let decay = options.weightDecay { recipe.method.weightDecay = decay }
    if let interval = options.evaluateEvery { recipe.evaluationInterval = interval }
    guard recipe.network.isWithinLimits else {
      throw InputError(
        file: source.name,
        message: "a network for \(Number.grouped(vocabulary.inputs.count)) input values and "
          + "\(Number.grouped(vocabulary.outputs.count)) answers has more than 2^30 parameters; none so large is trained"
      )
    }
    let rows = min(recipe.batchSize ?? .max, source.training.count)
    guard rows <= Self.mostBatchLogits / vocabulary.outputs.count else {
      throw InputError(
        file: source.name,
        message:
          "a batch of \(Number.grouped(rows)) examples with \(Number.grouped(vocabulary.outputs.count)) answers each "
          + "has more than 2^31 logits", hint: "levin learn --batch-size N takes fewer at once")
    }
    self.recipe = recipe
    target = try options.target
    dataset = Dataset(
      training: source.training, unseen: source.unseen, vocabulary: vocabulary, endsInEquals: recipe.endsInEquals)
  }

  private static func network(
    _ name: RecipeOptions.NetworkName, _ vocabulary: TaskVocabulary, arguments: Int, tied: Bool
  ) -> NetworkConfiguration {
    let (inputs, outputs) = (vocabulary.inputs.count, vocabulary.outputs.count)
    switch name {
    case .mlp, .tiedMLP, .untiedMLP:
      var mlp = EmbeddingMLP.Configuration(vocabulary: inputs, outputs: outputs)
      mlp.positions = arguments
      mlp.tied = tied
      return .embeddingMLP(mlp)
    case .transformer:
      return .transformer(
        DecoderTransformer.Configuration(vocabulary: inputs + 1, outputs: outputs, context: arguments + 1))
    case .gru: return .recurrent(.init(cell: .gru, vocabulary: inputs + 1, outputs: outputs))
    case .lstm: return .recurrent(.init(cell: .lstm, vocabulary: inputs + 1, outputs: outputs))
    }
  }

  /// A run of the plan at its beginning.
  func run(seed: UInt64, threads: Int) -> TrainingRun {
    TrainingRun(recipe, dataset, seed: seed, purpose: source.name, target: target, threads: threads)
  }

  /// Hash of all that decides the bytes of a run.
  ///
  /// - Parameter splitSeed: that of the plan's split, unless another is meant.
  func identity(seed: UInt64, splitSeed: UInt64? = nil) -> String {
    let record: JSONValue = [
      "version": .string(Levin.version), "task": .string(source.task.digest()), "name": .string(source.name),
      "split": .string("\(source.split) \(splitSeed ?? source.seed) \(source.shuffle)"), "recipe": recipe.record,
      "target": target.map { .string("\($0.numerator)/\($0.denominator)") } ?? .null, "seed": .integer(seed),
    ]
    return SHA256.hexadecimalDigest(of: Array(JSONWriter.text(record).utf8))
  }
}
