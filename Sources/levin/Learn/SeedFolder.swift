import Documents
import Learner
import Networks

/// The folder of one seed's run: what is in it, and whose it is.
struct SeedFolder: Sendable {
  let path: String

  var checkpointPath: String { "\(path)/checkpoint.safetensors" }
  /// What the run came to; written when all its other files are.
  private var resultPath: String { "\(path)/result.json" }
  /// The files of a finished run beside it.
  private static let files = [
    "model.safetensors", "config.json", "metrics.jsonl", "curves.svg", "curves.csv", "losses.svg", "losses.csv",
  ]

  /// The seeds that have a folder in the folder of a session.
  static func seeds(in folder: String) -> [UInt64] {
    folderEntries(folder).compactMap { $0.hasPrefix("seed-") ? UInt64($0.dropFirst(5)) : nil }.sorted()
  }

  /// Refuses files of a run with another identity: those of two runs would stand beside each other.
  func validate(identity: String) throws(InputError) {
    func refusal(_ found: String) -> InputError {
      InputError(
        file: path, message: "\(found) is here, of another task, split, recipe, seed, version or setting",
        hint: "choose another folder with --out, or remove this one")
    }
    if exists(resultPath) {
      let stored = try JSONValue(parsing: readFile(resultPath, limit: 1 << 20), file: resultPath)
      if stored["identity"]?.string == identity { return }
      throw refusal("a finished run" + (stored["result"]?["task"]?["name"]?.string.map { " of \($0)" } ?? ""))
    }
    if exists(checkpointPath) {
      try TrainingRun.validate(
        readFile(checkpointPath, limit: 1 << 32), identity: identity, file: checkpointPath,
        hint: "choose another folder with --out, or remove \(path)")
    } else if let file = (Self.files + ["snapshots"]).first(where: { exists("\(path)/\($0)") }) {
      throw refusal("\(file) without the result.json of its run")
    }
  }

  /// Says that all files of the run are written.
  func save(_ result: LearningResult, identity: String, snapshotEvery: Int?) throws(InputError) {
    try replaceFile(
      resultPath,
      with: JSONWriter.line([
        "identity": .string(identity), "result": result.record,
        "snapshotEvery": snapshotEvery.map { .integer($0) } ?? .null,
      ]))
  }

  /// The result of a run of this identity that left all its files; nil when it has to be run.
  func finished(_ plan: LearningPlan, seed: UInt64, identity: String, snapshotEvery: Int?) -> LearningResult? {
    guard !exists(checkpointPath), Self.files.allSatisfy({ isReadable("\(path)/\($0)") }),
      let bytes = try? readFile(resultPath, limit: 1 << 20),
      let stored = try? JSONValue(parsing: bytes, file: resultPath), stored["identity"]?.string == identity,
      snapshotEvery == nil || stored["snapshotEvery"]?.integer(as: Int.self) == snapshotEvery,
      let lines = try? readFile("\(path)/metrics.jsonl", limit: 1 << 30).split(separator: 0x0A)
    else { return nil }
    let metrics = lines.compactMap { line in
      (try? JSONValue(parsing: Array(line), file: "metrics.jsonl")).flatMap { TrainingMetrics($0) }
    }
    guard metrics.count == lines.count, let result = stored["result"] else { return nil }
    return LearningResult(plan, seed: seed, metrics, record: result)
  }
}
