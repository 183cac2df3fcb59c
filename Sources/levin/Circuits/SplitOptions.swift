import ArgumentParser
import Documents
import Tasks

/// Flags that say which inputs a network was trained on.
struct SplitOptions: ParsableArguments {
  @Option(help: "The share of the examples that the network was trained on (built-in tasks: 3/10; files: all).")
  var trainFraction: String?
  @Option(help: "The number of those examples.")
  var trainCount: Int?
  @Option(help: "Seed of that split. (default: 0)")
  var splitSeed: UInt64?
  @Option(help: "Shuffle of that split: seeded (default) or cpython.")
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
}
