import ArgumentParser
import Comparison
import Documents
import ExactArithmetic
import Grammars
import Learner
import Networks
import Tasks

/// A network of the learner, trained by one of its recipes.
struct NetworkMethod: ComparedMethod {
  let name: String
  let title: String
  let recipe: Recipe.Name
  /// Another network than the recipe's.
  let network: RecipeOptions.NetworkName?
  let learningRate: Double?
  /// Most updates of one training; nil leaves it to the recipe.
  let steps: Int?
  /// Whether the local learning coefficient of what was trained is estimated.
  let measures: Bool
  let kind = MethodKind.network

  static let prequential = "prequential network"
  static let quantised = "quantised network"

  /// Settings tried before the recipes were fixed: about six, on mod-add at 30 %, and charged to every network.
  static let choices = 6

  var settings: JSONValue {
    [
      "recipe": .string(recipe.rawValue), "network": network.map { .string($0.rawValue) } ?? .null,
      "learningRate": .real(learningRate), "steps": steps.map { .integer($0) } ?? .null,
      "choices": .integer(Self.choices),
      "sequences": [
        "rows": .integer(SequenceTrainer.rows), "learningRate": .real(SequenceTrainer.learningRate),
        "steps": .integer(steps ?? SequenceNetwork.standardSteps), "choices": 1,
      ],
    ]
  }

  func codes(for kind: TaskKind) -> [String] {
    kind == .function ? [Self.prequential, Self.quantised] : [Self.prequential]
  }
  /// The network that reads sequences: nil for one that reads inputs of one length.
  private var sequenceNetwork: RecipeOptions.NetworkName? {
    switch (network, recipe) {
    case (.lstm, _), (.gru, _): network
    case (nil, .transformer): .transformer
    default: nil
    }
  }

  func handles(_ kind: TaskKind) -> Bool { kind == .function || sequenceNetwork != nil }

  func weight(_ question: Cell.Question, of kind: TaskKind) -> Double {
    let factor = recipe == .transformer ? 20.0 : network == nil ? 1 : 8
    switch question {
    case .learn(let share): return factor * 30 * (share?.nearestDouble ?? 1)
    case .code(Self.prequential): return factor * 60
    case .code: return factor * 40
    }
  }

  func code(_ problem: Problem, as code: String, seed: UInt64, context: CellContext) throws -> Outcome {
    let start = NetworkWork.productOperations
    guard case .function(let function) = problem else {
      guard case .sequences(let sequences) = problem, let network = sequenceNetwork else {
        throw CellFailure("this network reads inputs of one length")
      }
      var outcome = try PrequentialSequenceCode(sequences, network, steps: steps, seed: seed, context: context)
        .outcome()
      outcome.work["productOperations"] = NetworkWork.productOperations - start
      return outcome
    }
    var outcome =
      code == Self.prequential
      ? try PrequentialCode(method: self, problem: function, seed: seed, context: context).outcome()
      : try QuantisedCode(method: self, problem: function, seed: seed, context: context).outcome()
    outcome.work["productOperations"] = NetworkWork.productOperations - start
    return outcome
  }

  /// The plan of a training on some examples, with others as its unseen ones.
  func plan(_ problem: FunctionProblem, training: [Example], unseen: [Example]) throws -> LearningPlan {
    var words = ["--recipe", recipe.rawValue, "--until-test-accuracy", "1"]
    if let network { words += ["--network", network.rawValue] }
    if let learningRate { words += ["--learning-rate", "\(learningRate)"] }
    if let steps { words += ["--steps", "\(steps)"] }
    let source = SplitTask(
      name: problem.task.name, formula: problem.formula, task: problem.task, training: training, unseen: unseen,
      split: "\(training.count)", seed: problem.seed, shuffle: "seeded", ownGrammar: nil,
      symbols: nil)
    return try LearningPlan(source, RecipeOptions.parse(words))
  }
}

extension NetworkMethod {
  /// Trains on the training examples until all unseen ones are answered rightly or the updates are used up.
  ///
  /// The unseen examples decide nothing but when a run that can become no better ends.
  func learn(_ problem: Problem, seed: UInt64, context: CellContext) throws -> Outcome {
    guard case .function(let function) = problem else { return try learnSequences(problem, seed: seed, context) }
    let start = NetworkWork.productOperations
    let plan = try plan(function, training: function.training, unseen: function.unseen)
    let run = plan.run(seed: seed, threads: 1)
    var curve: [JSONValue] = []
    var seconds: [JSONValue] = []
    var operations: [JSONValue] = []
    while run.end == nil {
      let metrics = run.advance()
      if context.shouldStop() { throw CellInterrupted() }
      guard let metrics else { continue }
      curve.append([
        .integer(metrics.step), .integer(metrics.trainCorrect), .integer(metrics.testCorrect),
        .real(metrics.trainLoss), .real(metrics.testLoss ?? 0),
      ])
      seconds.append(.real(context.cpuSeconds()))
      operations.append(.integer(NetworkWork.productOperations - start))
    }
    var outcome = Outcome()
    let last = run.metrics.last!
    outcome.stop = run.end == .diverged ? "diverged" : run.end == .testAccuracy ? "all unseen right" : "step limit"
    outcome.budget = ["maxUpdates": UInt64(run.recipe.maxSteps)]
    outcome.unseenRight = Rational(last.testCorrect)
    outcome.answered = last.testCount
    outcome.trainingRight = Rational(last.trainCorrect)
    outcome.work = ["updates": UInt64(run.step), "productOperations": NetworkWork.productOperations - start]
    outcome.bytes = run.bytes
    outcome.details = [
      "curve": .array(curve),
      "curveColumns": ["step", "training right", "unseen right", "training loss", "unseen loss"],
      "productOperations": .array(operations), "trainFitStep": run.firstFit.map { .integer($0) } ?? .null,
      "generalisationStep": run.metrics.firstGeneralisation.map { .integer($0) } ?? .null,
    ]
    outcome.times["curveCPUSeconds"] = .array(seconds)
    if measures, run.end != .diverged {
      let begin = context.cpuSeconds()
      guard let found = run.learningCoefficient(shouldStop: context.shouldStop) else { throw CellInterrupted() }
      outcome.learningCoefficient = found.record
      outcome.measuringSeconds = context.cpuSeconds() - begin
    }
    var hypothesis: [String: JSONValue] = [
      "network": run.recipe.network.json, "summary": .string(run.recipe.networkText),
      "method": .string(run.recipe.methodText),
    ]
    if let folder = context.folder {
      try NetworkFile.save(StoredNetwork(run.recipe.network, parameters: run.parameters), to: folder)
      hypothesis["folder"] = .string("networks/" + folder.split(separator: "/").last!)
    }
    outcome.hypothesis = .object(hypothesis)
    return outcome
  }

  private func learnSequences(_ problem: Problem, seed: UInt64, _ context: CellContext) throws -> Outcome {
    guard case .sequences(let sequences) = problem, let network = sequenceNetwork else {
      throw CellFailure("this network reads inputs of one length")
    }
    return try SequenceNetwork(sequences, network, steps: steps, seed: seed, context: context).outcome()
  }
}
