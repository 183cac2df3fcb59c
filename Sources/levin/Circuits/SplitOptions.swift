import ArgumentParser
import Documents
import Tasks

/// Flags that say which inputs a network was trained on.
struct SplitOptions: ParsableArguments {
  @Option(
    help:
      "The share of the examples that the network was trained on (default: as its run says; without one 3/10 of built-in tasks, all of a file)."
  )
  var trainFraction: String?
  @Option(help: "The number of those examples.")
  var trainCount: Int?
  @Option(help: "Seed of that split (default: its run's, else 0).")
  var splitSeed: UInt64?
  @Option(help: "Shuffle of that split: seeded or cpython (default: as its run says, else seeded).")
  var shuffle: TaskOptions.ShuffleName?

  /// Whether nothing was asked for.
  var isStandard: Bool { trainFraction == nil && trainCount == nil && splitSeed == nil && shuffle == nil }

  /// The studied task in its two parts.
  func split(_ study: StudyOptions) throws -> SplitTask {
    var words: [String] = []
    if let splitSeed { words += ["--seed", "\(splitSeed)"] }
    if let shuffle { words += ["--shuffle", shuffle.rawValue] }
    if let trainFraction { words += ["--train-fraction", trainFraction] }
    if let trainCount { words += ["--train-count", "\(trainCount)"] }
    if let modulus = study.modulus { words += ["--modulus", "\(modulus)"] }
    return try SplitTask(study.task, TaskOptions.parse(words))
  }

  /// The studied task in the parts that a run had: what the flags leave open is the run's, and what they say must be.
  ///
  /// - Parameter run: nil leaves it to the flags alone.
  /// - Throws: `InputError` where the flags say another split than the run's file.
  func split(_ study: StudyOptions, of run: RunSplit?) throws -> SplitTask {
    guard let run else { return try split(study) }
    let parts = try completed(by: run).split(study)
    guard parts.training.count == run.trainingExamples, parts.seed == run.seed,
      parts.shuffle == run.shuffle.rawValue
    else {
      throw InputError(
        file: run.file,
        message: "the run learnt from \(run.text), and the flags say \(parts.splitText): "
          + "\(Number.grouped(parts.training.count)) examples",
        hint: "without --train-fraction, --train-count, --split-seed and --shuffle the run's split is taken")
    }
    return parts
  }

  /// The flags with those of the run where they leave it open; a run of all examples has none.
  private func completed(by run: RunSplit) -> SplitOptions {
    guard run.split != SplitTask.whole else { return self }
    var completed = self
    if trainFraction == nil, trainCount == nil {
      if run.split.contains("/") { completed.trainFraction = run.split } else { completed.trainCount = Int(run.split) }
    }
    completed.splitSeed = splitSeed ?? run.seed
    completed.shuffle = shuffle ?? run.shuffle
    return completed
  }
}

/// Which examples of a task a run of `levin learn` was trained on, as the result.json in its folder says.
struct RunSplit {
  /// The file that says it.
  let file: String
  /// `3/10`, a number of examples, or `SplitTask.whole`.
  let split: String
  let seed: UInt64
  let shuffle: TaskOptions.ShuffleName
  let trainingExamples: Int

  /// nil where the folder has no such file, or it is of another task.
  init?(in folder: String, of task: TaskData) throws(InputError) {
    let file = "\(folder)/result.json"
    guard exists(file) else { return nil }
    let stored = try JSONValue(parsing: readFile(file, limit: 1 << 20), file: file)
    guard let record = stored["result"]?["task"], record["sha256"]?.string == task.digest(),
      let split = record["split"]?.string, let seed = record["seed"]?.integer(as: UInt64.self),
      let shuffleName = record["shuffle"]?.string, let shuffle = TaskOptions.ShuffleName(rawValue: shuffleName),
      let trainingExamples = record["trainingExamples"]?.integer(as: Int.self)
    else { return nil }
    (self.file, self.split, self.seed, self.shuffle) = (file, split, seed, shuffle)
    self.trainingExamples = trainingExamples
  }

  /// That of the networks in some folders; nil where none says it.
  ///
  /// - Throws: `InputError` where two of them had different ones.
  static func common(to folders: [String], of task: TaskData) throws(InputError) -> RunSplit? {
    var common: RunSplit?
    for folder in folders {
      guard let run = try RunSplit(in: folder, of: task) else { continue }
      if let common, common.text != run.text {
        throw InputError(
          file: run.file, message: "the run learnt from \(run.text), and that of \(common.file) from \(common.text)",
          hint: "the search fits one of them: ask for networks of one split at a time")
      }
      common = common ?? run
    }
    return common
  }

  /// The split in words: `3/5, seed 0: 317 examples`.
  var text: String {
    let split = SplitTask.text(split, seed: seed, shuffle: shuffle.rawValue)
    return "\(split): \(Number.grouped(trainingExamples)) examples"
  }
}

extension SplitTask {
  /// The split in words, without its size: `3/5, seed 0`.
  var splitText: String { Self.text(split, seed: seed, shuffle: shuffle) }

  fileprivate static func text(_ split: String, seed: UInt64, shuffle: String) -> String {
    if split == whole { return split }
    let order = shuffle == TaskOptions.ShuffleName.seeded.rawValue ? "" : ", shuffle \(shuffle)"
    return "\(split), seed \(seed)\(order)"
  }
}
