import ArgumentParser
import Circuits
import Documents
import Grammars
import Learner
import Networks
import Tasks

/// Flags that name the networks and the inputs that they are studied on.
struct StudyOptions: ParsableArguments {
  @Option(help: "The task whose inputs and answers the network has.")
  var task = "mod-add"
  @Option(help: "Modulus of a modular task (113 where nothing else is said).")
  var modulus: Int64?
  @Option(help: "The configuration of a network, where its file has none.")
  var config: String?
  @Option(help: "The state in a PyTorch file that holds several, such as model or state_dicts.-1.")
  var entry: String?

  var fileOptions: NetworkFile.Options { NetworkFile.Options(configurationFile: config, entry: entry) }

  /// Refuses options of files where all networks are written down by formula.
  func refuseUnused(_ networks: [String]) throws {
    if config != nil || entry != nil, networks.allSatisfy({ $0 == StudiedNetwork.analytic }) {
      throw ValidationError("--config and --entry are for networks in files")
    }
  }

  /// The task in full: every input of its domain.
  func table() throws -> TaskData {
    if TaskData.isFile(task) { return try TaskData.read(path: task).taking(modulus: modulus, file: task) }
    return try TaskFamily.named(task).table(modulus: modulus)
  }
}

/// A network from a file, or by formula, ready to be studied.
struct StudiedNetwork {
  /// How reports name it.
  let name: String
  /// A short name for tables: the last part of the path, or as many as tell it from the other networks of a command.
  private(set) var shortName: String
  let configuration: NetworkConfiguration
  let subject: Subject
  let notes: [String]
  /// SHA-256 of the file that it was read from; nil where there is none.
  private(set) var fileDigest: String?
  /// What records say of the task.
  private let task: JSONValue

  /// The name that stands for the network written down by formula (`AnalyticAddition`).
  static let analytic = "analytic"

  init(_ path: String, _ task: TaskData, _ options: StudyOptions) throws {
    if path == Self.analytic {
      guard let modulus = task.modulus else {
        throw ValidationError("'\(path)' is the network that adds modulo p by formula; it needs a modular task")
      }
      try self.init(path, StoredNetwork(addingModulo: modulus, file: path), task)
    } else {
      try self.init(path, NetworkFile.load(path, options: options.fileOptions), task)
      fileDigest = try Self.digest(path)
    }
  }

  /// A network of a file on sequences.
  init(_ path: String, _ streams: StudiedStreams, _ options: StudyOptions) throws {
    guard path != Self.analytic else {
      throw ValidationError("'\(path)' is the network that adds modulo p by formula; it reads no sequences")
    }
    try self.init(path, NetworkFile.load(path, options: options.fileOptions), streams)
    fileDigest = try Self.digest(path)
  }

  /// A network at hand; `path` names it.
  init(_ path: String, _ stored: StoredNetwork, _ task: TaskData) throws {
    let endsInEquals = try stored.endsInEquals(
      TaskVocabulary(task.examples), arguments: task.parameters.count, file: path)
    try self.init(
      path, stored, Inputs(task, endsInEquals: endsInEquals),
      task: [
        "name": .string(task.name), "sha256": .string(task.digest()),
        "modulus": task.modulus.map { .integer($0) } ?? .null,
      ])
  }

  /// A network at hand on sequences; `path` names it.
  init(_ path: String, _ stored: StoredNetwork, _ streams: StudiedStreams) throws {
    try self.init(path, stored, streams.inputs, task: streams.record)
  }

  private init(_ path: String, _ stored: StoredNetwork, _ inputs: Inputs, task: JSONValue) throws {
    name = path
    shortName = Self.parts(path).last ?? path
    self.task = task
    configuration = stored.configuration
    notes = stored.notes
    do {
      subject = try Subject(stored.network, parameters: stored.parameters, inputs: inputs)
    } catch {
      throw InputError(file: path, message: "\(error)")
    }
  }

  private static func digest(_ path: String) throws -> String {
    let file = exists("\(path)/model.safetensors") ? "\(path)/model.safetensors" : path
    return SHA256.hexadecimalDigest(of: try readFile(file, limit: NetworkFile.sizeLimit))
  }

  /// The number of the right answer to each input; nil where the task has none.
  func answers(of task: TaskData) -> [Int32?] {
    let inputs = subject.inputs
    let outputs = Dictionary(uniqueKeysWithValues: task.distinctExamples.map { ($0.inputs, $0.output) })
    return inputs.values.map { outputs[$0].flatMap { inputs.answers[$0] } }
  }

  private static func parts(_ path: String) -> [String] {
    path.split(separator: "/").filter { $0 != "model.safetensors" }.map(String.init)
  }

  /// The networks with short names of as many last parts of their paths as tell different paths apart.
  static func toldApart(_ networks: [StudiedNetwork]) -> [StudiedNetwork] {
    let paths = networks.map { parts($0.name) }
    return networks.indices.map { place in
      let own = paths[place]
      let rivals = paths.filter { $0 != own }
      let count = (1...max(own.count, 1)).first { count in
        rivals.allSatisfy { $0.suffix(count) != own.suffix(count) }
      }
      var network = networks[place]
      if !own.isEmpty { network.shortName = own.suffix(count ?? own.count).joined(separator: "/") }
      return network
    }
  }

  /// A record about the network: version, network with the digest of its file, and task in full, beside what it says itself.
  func record(_ type: String, _ members: [String: JSONValue]) -> JSONValue {
    let all: [String: JSONValue] = [
      "type": .string(type), "version": .string(Levin.version), "name": .string(shortName),
      "network": configuration.json, "networkSHA256": fileDigest.map { .string($0) } ?? .null,
      "task": task,
    ]
    return .object(all.merging(members) { _, own in own })
  }
}

extension Inputs {
  /// Every input of a task, with the tokens that `levin learn` gives it.
  init(_ task: TaskData, endsInEquals: Bool) {
    let examples = task.distinctExamples
    let vocabulary = TaskVocabulary(examples)
    let batch = Dataset.batch(examples, vocabulary, endsInEquals)
    let (inputs, outputs) = (vocabulary.inputs.count, vocabulary.outputs.count)
    let sharesTokens = vocabulary.outputs == vocabulary.inputs
    self.init(
      values: examples.map(\.inputs), tokens: batch.tokens, positions: batch.shape.positions,
      answers: Dictionary(uniqueKeysWithValues: vocabulary.outputs.map { ($0, vocabulary.output(of: $0)!) }),
      vocabulary: inputs + (endsInEquals ? 1 : 0), outputs: outputs...outputs + (endsInEquals && sharesTokens ? 1 : 0))
  }
}
