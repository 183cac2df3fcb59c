public import Documents
import Networks

/// A run on disk: one safetensors file with the parameters, the optimiser's state, and what was measured so far.
///
/// It is written as a whole or not at all. A run that goes on from it ends with the same bytes as one that was never
/// interrupted.
extension TrainingRun {
  private static let prefix = "optimizer."

  /// The file's bytes.
  ///
  /// - Parameter identity: a text that names recipe, data, seed and version; `restore` refuses another.
  public func checkpoint(identity: String) -> [UInt8] {
    let layout = recipe.network.layout
    var tensors = NamedTensors(parameters, layout: layout).tensors
    for vector in optimizer.state {
      tensors.append(
        NamedTensors.Tensor(name: Self.prefix + vector.name, shape: [vector.values.count], values: vector.values))
    }
    let state: JSONValue = [
      "step": .integer(step), "firstFit": firstFit.map { .integer($0) } ?? .null,
      "metrics": .array(metrics.map(\.record)),
    ]
    return Safetensors.bytes(
      NamedTensors(tensors), metadata: ["type": "levin training run", "identity": identity, "state": "\(state)"])
  }

  /// Refuses a file that is no checkpoint, or one of a run with another identity; `hint` says what to do then.
  public static func validate(
    _ bytes: [UInt8], identity: String, file: String, hint: String
  ) throws(InputError) {
    _ = try checkpoint(bytes, identity: identity, file: file, hint: hint)
  }

  /// Its tensors and, as JSON, the rest of its state.
  private static func checkpoint(
    _ bytes: [UInt8], identity: String, file: String, hint: String? = nil
  ) throws(InputError) -> (tensors: NamedTensors, state: String) {
    let contents = try Safetensors.read(bytes, file: file)
    guard contents.metadata["type"] == "levin training run", let state = contents.metadata["state"] else {
      throw InputError(file: file, message: "not a checkpoint of levin learn")
    }
    guard contents.metadata["identity"] == identity else {
      throw InputError(
        file: file, message: "the checkpoint is of another run: another task, recipe, seed, version or setting",
        hint: hint)
    }
    return (contents.tensors, state)
  }

  /// Takes over the state in a checkpoint of the same run.
  ///
  /// - Throws: `InputError` when the file is damaged or of another run.
  public func restore(_ bytes: [UInt8], identity: String, file: String) throws(InputError) {
    let (tensors, text) = try Self.checkpoint(bytes, identity: identity, file: file)
    let state = try JSONValue(parsing: text, file: file)
    let read = state["metrics"]?.array?.compactMap { TrainingMetrics($0) }
    guard let step = state["step"]?.integer(as: Int.self), (0...recipe.maxSteps).contains(step), let read,
      read.count == state["metrics"]?.array?.count, let restored = parameters(in: tensors)
    else { throw InputError(file: file, message: "the checkpoint is damaged") }
    let own = tensors.tensors.filter { $0.name.hasPrefix(Self.prefix) }
    do {
      try optimizer.restore(own.map { OptimizerState(String($0.name.dropFirst(Self.prefix.count)), $0.values) })
    } catch { throw InputError(file: file, message: "the checkpoint does not fit its optimiser: \(error)") }
    parameters = restored
    self.step = step
    firstFit = state["firstFit"]?.integer(as: Int.self)
    metrics = read
  }

  private func parameters(in tensors: NamedTensors) -> [Float]? {
    var all: [Float] = []
    for entry in recipe.network.layout.entries {
      guard let tensor = tensors[entry.name], tensor.shape == entry.shape else { return nil }
      all += tensor.values
    }
    return all
  }
}
