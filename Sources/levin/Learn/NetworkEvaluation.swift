import ArgumentParser
import Documents
import Grammars
import Learner
import Networks
import Tasks

/// A network from a file against every input of a task.
struct NetworkEvaluation {
  private let path: String
  private let source: SplitTask
  private let stored: StoredNetwork
  private let all: BatchLoss
  private let training: BatchLoss
  private let unseen: BatchLoss?

  /// The network in a file.
  init(_ path: String, _ source: SplitTask, _ options: NetworkFile.Options) throws {
    try self.init(NetworkFile.load(path, options: options), path: path, source)
  }

  /// The network whose weights are written down by formula; kept in a folder when there is one.
  init(analytic source: SplitTask, savingTo folder: String?) throws {
    guard source.name == "mod-add", let modulus = source.task.modulus else {
      throw ValidationError("--analytic is for mod-add, not for '\(source.name)'")
    }
    let stored = try StoredNetwork(addingModulo: modulus, file: source.name)
    if let folder {
      try makeFolder(folder)
      try NetworkFile.save(stored, to: folder)
    }
    try self.init(stored, path: "weights by formula", source)
  }

  private init(_ stored: StoredNetwork, path: String, _ source: SplitTask) throws {
    self.path = path
    self.source = source
    self.stored = stored
    let vocabulary = TaskVocabulary(source.task.examples)
    let arguments = source.task.parameters.count
    let endsInEquals = try stored.endsInEquals(vocabulary, arguments: arguments, file: path)
    let (sort, outputs) = (stored.network.vocabulary, stored.network.outputs)
    switch stored.configuration {
    case .embeddingMLP(let c):
      try Self.require(
        c.positions == arguments, path, "it reads \(c.positions) tokens, the task has \(arguments) arguments")
    case .transformer(let c):
      let needed = arguments + (endsInEquals ? 1 : 0)
      try Self.require(
        c.context >= needed, path,
        "it reads at most \(c.context) tokens, the task needs \(needed)\(endsInEquals ? " (arguments and =)" : "")")
    case .recurrent: break
    }
    let tokens = vocabulary.inputs.count + (endsInEquals ? 1 : 0)
    try Self.require(sort == tokens, path, "it knows \(sort) tokens, the task has \(tokens)")
    // Where answers are tokens too, a network may have a logit for `=`.
    let least = vocabulary.outputs.count
    let most = least + (endsInEquals && vocabulary.outputs == vocabulary.inputs ? 1 : 0)
    try Self.require(
      (least...most).contains(outputs), path,
      "it has \(outputs) answers, the task has \(least == most ? "\(least)" : "\(least) to \(most)")")
    func measure(_ examples: [Example]) -> BatchLoss? {
      if examples.isEmpty { return nil }
      let batch = Dataset.batch(examples, vocabulary, endsInEquals)
      var shape = batch.shape
      shape.rows = min(shape.rows, 4096)
      return LaneExecutor<Float>(stored.network, shape: shape).evaluate(stored.parameters, on: batch)
    }
    training = measure(source.training)!
    unseen = measure(source.unseen)
    // A split has each input once. All of them run a third time might be rounded otherwise.
    var all = training
    if let unseen { all.add(unseen) }
    self.all = all
    guard Self.isFinite(all) else {
      // Halves of what has such an input until it is alone: the first one.
      var part = source.task.distinctExamples[...]
      while part.count > 1 {
        let half = part.prefix(part.count / 2)
        part = Self.isFinite(measure(Array(half))!) ? part.dropFirst(half.count) : half
      }
      let input = part.first!.inputs.map(\.description).joined(separator: ", ")
      throw InputError(
        file: path, message: "the logits are not finite on input (\(input)): nothing can be counted with them")
    }
  }

  /// Whether every logit was a number.
  private static func isFinite(_ loss: BatchLoss) -> Bool { loss.lossSum.isFinite && !loss.leastMargin.isNaN }

  fileprivate static func require(_ condition: Bool, _ path: String, _ message: String) throws(InputError) {
    if !condition { throw InputError(file: path, message: "the network does not fit the task: \(message)") }
  }

  func text(json: Bool) -> String {
    if json { return JSONWriter.line(record) }
    var lines = ["task       \(source.summary)", "network    \(path): \(stored.configuration.summary)"]
    lines += stored.notes.map { "note       \($0)" }
    func line(_ name: String, _ loss: BatchLoss) -> String {
      name + String(repeating: " ", count: 11 - name.count)
        + "\(Number.grouped(loss.correct)) of \(Number.grouped(loss.counted)) right, "
        + "mean loss \(Number.rounded(loss.mean, 6)) nats, least margin \(Number.rounded(loss.leastMargin, 6))"
    }
    lines.append(line("all", all))
    lines.append(line("training", training))
    if let unseen { lines.append(line("unseen", unseen)) }
    return lines.map { $0 + "\n" }.joined()
  }

  private var record: JSONValue {
    func part(_ loss: BatchLoss) -> JSONValue {
      [
        "correct": .integer(loss.correct), "count": .integer(loss.counted), "loss": .real(loss.mean),
        "leastMargin": .real(loss.leastMargin),
      ]
    }
    return [
      "type": "evaluation", "version": .string(Levin.version),
      "task": [
        "name": .string(source.name), "sha256": .string(source.task.digest()), "split": .string(source.split),
        "seed": .integer(source.seed),
      ],
      "network": stored.configuration.json, "all": part(all), "training": part(training),
      "unseen": unseen.map(part) ?? .null,
    ]
  }
}

extension StoredNetwork {
  /// Whether it reads a task's inputs with the token `=` behind the arguments.
  ///
  /// A transformer that knows the arguments' values and no other token reads its answer at the last argument. It has as
  /// many positions as there are arguments: one with more has `=`, and is of a task with one value less.
  ///
  /// - Throws: `InputError` of `file` for a transformer with tokens of the one kind and positions of the other.
  func endsInEquals(_ vocabulary: TaskVocabulary, arguments: Int, file: String) throws(InputError) -> Bool {
    switch configuration {
    case .embeddingMLP: return false
    case .recurrent: return true
    case .transformer(let c):
      let tokens = vocabulary.inputs.count
      guard c.vocabulary == tokens else { return true }
      try NetworkEvaluation.require(
        c.context <= arguments, file,
        "it knows \(tokens) tokens and reads up to \(c.context) of them, the task has \(tokens + 1) in sequences of "
          + "\(arguments + 1) (arguments and =), or \(tokens) in sequences of \(arguments) (without =)")
      return false
    }
  }

  /// The network that adds modulo p, its weights written down by formula; `file` is what messages name.
  init(addingModulo modulus: Int64, file: String) throws(InputError) {
    guard AnalyticAddition.isWithinLimits(modulus: Int(modulus)) else {
      throw InputError(
        file: file, message: "weights by formula modulo \(modulus) are more than 2^30; none so large is written down")
    }
    let addition = AnalyticAddition(modulus: Int(modulus))
    self.init(.embeddingMLP(addition.network.configuration), parameters: addition.parameters)
  }
}
