import Documents
import Figures
import Learner
import Networks
import Tasks

/// One seed of a plan: trains with progress and checkpoints, and leaves its files.
struct LearningRun: Sendable {
  let plan: LearningPlan
  let seed: UInt64
  let threads: Int
  /// Where its files go; nil keeps none.
  let folder: String?
  /// What to measure of the trained network.
  var coefficient: CoefficientOptions?
  /// Updates from one kept network to the next; nil keeps the last one alone.
  var snapshotEvery: Int?
  let resumes: Bool
  let progress: LearningProgress

  private var checkpointPath: String? { folder.map { SeedFolder(path: $0).checkpointPath } }

  /// The result, or nil when a signal came first (then the state is saved).
  func result() throws -> LearningResult? {
    let identity = plan.identity(seed: seed)
    if resumes, let finished = finished(identity) {
      progress.say("seed \(seed) is finished: its files stay")
      return finished
    }
    let run = try begun(identity)
    let clock = ContinuousClock()
    let start = (clock.now, threads > 1 ? processSeconds() : threadSeconds())
    var saved = clock.now
    let first = run.step
    while run.end == nil {
      try keepSnapshot(run)
      if let metrics = run.advance() {
        progress.show(
          seed: seed, metrics, of: run.recipe.maxSteps, rate: Double(run.step - first) / (clock.now - start.0).seconds)
      }
      if Interruption.signalNumber != 0 {
        try save(run, identity)
        return nil
      }
      if clock.now - saved > .seconds(30) {
        saved = clock.now
        try save(run, identity)
      }
    }
    let cpu = (threads > 1 ? processSeconds() : threadSeconds()) - start.1
    var result = LearningResult(plan, run, seconds: (clock.now - start.0).seconds, cpuSeconds: cpu)
    if let coefficient, coefficient.llc, run.end != .diverged {
      result.coefficient = coefficient.estimate(run, threads: threads) { Interruption.signalNumber != 0 }
      // The run is done and its checkpoint is the last one saved: the estimate is made again.
      if result.coefficient == nil { return nil }
    }
    if let folder {
      if snapshotEvery != nil { try keepSnapshot(run, isLast: true) }
      try write(run, result, folder)
    }
    return result
  }

  /// What a finished run of this seed came to; nil when there is none, or more is to be measured of its network.
  private func finished(_ identity: String) -> LearningResult? {
    guard let folder, coefficient?.llc != true else { return nil }
    return SeedFolder(path: folder).finished(plan, seed: seed, identity: identity, snapshotEvery: snapshotEvery)
  }

  /// The run as its checkpoint left it; at its beginning where there is none, or where a network that is asked for was not
  /// kept on the way to it.
  private func begun(_ identity: String) throws -> TrainingRun {
    let run = plan.run(seed: seed, threads: threads)
    guard resumes, let path = checkpointPath, isReadable(path) else { return run }
    try run.restore(readFile(path, limit: 1 << 32), identity: identity, file: path)
    guard let missing = missingSnapshot(before: run.step) else { return run }
    progress.say("seed \(seed) starts anew: its network of step \(missing) was not kept before the interruption")
    return plan.run(seed: seed, threads: threads)
  }

  /// The network before the next update, where it is its turn to be kept.
  private func keepSnapshot(_ run: TrainingRun, isLast: Bool = false) throws {
    guard let folder, let snapshotEvery, isLast || run.step % snapshotEvery == 0 else { return }
    let path = snapshotPath(of: run.step, in: folder)
    try makeFolder(path)
    try NetworkFile.save(StoredNetwork(run.recipe.network, parameters: run.parameters), to: path)
  }

  /// The first step whose network had its turn and is not in the folder; nil when all are there, or none is asked for.
  private func missingSnapshot(before end: Int) -> Int? {
    guard let folder, let snapshotEvery else { return nil }
    return stride(from: 0, to: end, by: snapshotEvery).first { step in
      let path = snapshotPath(of: step, in: folder)
      return !exists("\(path)/model.safetensors") || !exists("\(path)/config.json")
    }
  }

  /// `snapshots/00050`, with as many digits as the greatest step has, so that names sort as steps do.
  private func snapshotPath(of step: Int, in folder: String) -> String {
    let (digits, number) = ("\(plan.recipe.maxSteps)".count, "\(step)")
    return "\(folder)/snapshots/" + String(repeating: "0", count: max(digits - number.count, 0)) + number
  }

  private func save(_ run: TrainingRun, _ identity: String) throws {
    guard let path = checkpointPath, run.end == nil else { return }
    try replaceFile(path, with: run.checkpoint(identity: identity))
  }

  /// The finished run's files, in place of its checkpoint.
  private func write(_ run: TrainingRun, _ result: LearningResult, _ folder: String) throws {
    try NetworkFile.save(StoredNetwork(run.recipe.network, parameters: run.parameters), to: folder)
    try replaceFile("\(folder)/metrics.jsonl", with: run.metrics.map { JSONWriter.line($0.record) }.joined())
    let curves = LearningCurves([result])
    try replaceFile("\(folder)/curves.svg", with: curves.accuracy.svg)
    try replaceFile("\(folder)/curves.csv", with: curves.accuracy.csv)
    try replaceFile("\(folder)/losses.svg", with: curves.loss.svg)
    try replaceFile("\(folder)/losses.csv", with: curves.loss.csv)
    let place = SeedFolder(path: folder)
    try place.save(result, identity: plan.identity(seed: seed), snapshotEvery: snapshotEvery)
    removeFile(place.checkpointPath)
  }
}

/// What a finished run came to.
struct LearningResult: Sendable {
  let plan: LearningPlan
  let seed: UInt64
  let end: TrainingRun.End
  let steps: Int
  /// The first step with 99.9 % of all training examples right, as `TrainingRun.firstFit`.
  let firstFit: Int?
  let metrics: [TrainingMetrics]
  let seconds: Double
  let cpuSeconds: Double
  var coefficient: LearningCoefficient?

  init(_ plan: LearningPlan, _ run: TrainingRun, seconds: Double, cpuSeconds: Double) {
    self.plan = plan
    seed = run.seed
    end = run.end!
    steps = run.step
    firstFit = run.firstFit
    metrics = run.metrics
    self.seconds = seconds
    self.cpuSeconds = cpuSeconds
  }

  /// A result from its record; nil when that is none.
  init?(_ plan: LearningPlan, seed: UInt64, _ metrics: [TrainingMetrics], record: JSONValue) {
    guard let end = TrainingRun.End.allCases.first(where: { Self.stop(at: $0) == record["stop"]?.string }),
      let steps = record["steps"]?.integer(as: Int.self), !metrics.isEmpty,
      let seconds = record["seconds"]?.double, let cpuSeconds = record["cpuSeconds"]?.double
    else { return nil }
    (self.plan, self.seed, self.end, self.steps, self.metrics) = (plan, seed, end, steps, metrics)
    firstFit = record["trainFitStep"]?.integer(as: Int.self)
    (self.seconds, self.cpuSeconds) = (seconds, cpuSeconds)
    if let measured = record["learningCoefficient"] {
      guard let coefficient = LearningCoefficient(record: measured) else { return nil }
      self.coefficient = coefficient
    }
  }

  /// The first evaluated step with 99 % of the unseen examples right.
  var firstGeneralisation: Int? { metrics.firstGeneralisation }

  /// The evaluation with the most unseen examples right, the earliest of them.
  var best: TrainingMetrics? {
    metrics.reduce(nil) { best, next in best.map { next.testCorrect > $0.testCorrect ? next : $0 } ?? next }
  }

  /// One record; all fields but the seconds are functions of inputs and seed.
  var record: JSONValue {
    let source = plan.source
    let last = metrics.last!
    var record: JSONValue = [
      "type": "learn", "version": .string(Levin.version),
      "task": [
        "name": .string(source.name), "sha256": .string(source.task.digest()),
        "modulus": source.task.modulus.map { .integer($0) } ?? .null, "split": .string(source.split),
        "trainingExamples": .integer(source.training.count), "unseenExamples": .integer(source.unseen.count),
        "seed": .integer(source.seed), "shuffle": .string(source.shuffle),
      ],
      "recipe": plan.recipe.record, "seed": .integer(seed), "stop": .string(stop), "steps": .integer(steps),
      "trainFitStep": firstFit.map { .integer($0) } ?? .null,
      "testGeneralisationStep": firstGeneralisation.map { .integer($0) } ?? .null,
      "last": last.record, "bestTestCorrect": best.map { .integer($0.testCorrect) } ?? .null,
      "bestTestStep": best.map { .integer($0.step) } ?? .null,
      "seconds": .real(seconds), "cpuSeconds": .real(cpuSeconds),
    ]
    if let coefficient, case .object(var members) = record {
      members["learningCoefficient"] = coefficient.record
      record = .object(members)
    }
    return record
  }

  var stop: String { Self.stop(at: end) }

  private static func stop(at end: TrainingRun.End) -> String {
    switch end {
    case .testAccuracy: "found"
    case .maxSteps: "step limit"
    case .diverged: "diverged"
    }
  }
}

extension [TrainingMetrics] {
  /// The first evaluated step with 99 % of the unseen examples right.
  var firstGeneralisation: Int? {
    first(where: { $0.testCount > 0 && AccuracyTarget.grokked.isMet($0.testCorrect, of: $0.testCount) })?.step
  }
}
