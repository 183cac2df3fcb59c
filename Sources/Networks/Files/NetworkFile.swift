public import Documents

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A network with its parameters, read from a file.
public struct StoredNetwork: Sendable {
  /// Kind and sizes of the network.
  public let configuration: NetworkConfiguration
  /// Laid out by `configuration.layout`.
  public let parameters: [Float]
  /// What the reader found and assumed, a sentence each: for the user to see.
  public let notes: [String]

  /// A network with parameters of its layout, and what a reader noted.
  ///
  /// - Precondition: `configuration.layout.count` parameters.
  public init(_ configuration: NetworkConfiguration, parameters: [Float], notes: [String] = []) {
    precondition(parameters.count == configuration.layout.count, "\(parameters.count) parameters for \(configuration)")
    (self.configuration, self.parameters, self.notes) = (configuration, parameters, notes)
  }

  /// The network of the configuration; it holds no parameters.
  public var network: any Network { configuration.network }
}

/// Networks in files: own ones and those that users bring.
///
///     try NetworkFile.save(.init(.transformer(.published()), parameters: w), to: "runs/7")
///     let stored = try NetworkFile.load("runs/7")    // model.safetensors and config.json
///     let theirs = try NetworkFile.load("grokking.pth", options: .init(entry: "state_dicts.-1"))
///
/// Written: safetensors with the names and shapes of TransformerLens; its metadata holds the configuration too, so the
/// file is complete alone. Read: such files, and PyTorch archives, in either `TensorConvention`.
public enum NetworkFile {
  /// The greatest size of a file that is read, in bytes.
  public static let sizeLimit = 1 << 32

  /// What a user may say about a file.
  public struct Options: Hashable, Sendable {
    /// A config file to use in place of any other.
    public var configurationFile: String?
    /// Where in a PyTorch archive the tensors are, such as `model` or `state_dicts.-1`; see
    /// `TorchArchive.tensors(at:)`.
    public var entry: String?
    /// The activation of a network for which there is no configuration.
    public var assumedActivation: Activation

    /// Options; without any, sizes are those that the file or its shapes say, and an unknown activation is relu.
    public init(configurationFile: String? = nil, entry: String? = nil, assumedActivation: Activation = .relu) {
      self.configurationFile = configurationFile
      self.entry = entry
      self.assumedActivation = assumedActivation
    }
  }

  static let modelName = "model.safetensors"
  static let configurationName = "config.json"
  /// The name of the configuration in the metadata of a safetensors file.
  static let configurationKey = "config"
}

// MARK: - Reading

extension NetworkFile {
  /// Reads a network from a folder with `model.safetensors`, a safetensors file or a PyTorch archive.
  ///
  /// Which of the two a file is, its first bytes say. The configuration is the first of: `options.configurationFile`;
  /// that in the file's metadata; `config.json` in the folder or beside a safetensors file; what the shapes imply. In a
  /// folder, and beside a `model.safetensors`, the second and the third must be equal.
  ///
  /// - Throws: `InputError` for the first file that is wrong, with all of its faults: tensors missing, too many, of
  ///   another shape, or not finite.
  public static func load(_ path: String, options: Options = .init()) throws(InputError) -> StoredNetwork {
    let isFolder = isFolder(path)
    let file = isFolder ? join(path, modelName) : path
    let contents = try contents(readFile(file, limit: sizeLimit), file: file, options)
    if let other = options.configurationFile {
      return try network(contents.tensors, file: file, configuration(other), from: other, options)
    }
    let beside = join(isFolder ? path : folder(of: path), configurationName)
    let isPair = isFolder || path == modelName || path.hasSuffix("/" + modelName)
    guard contents.isSafetensors, isPair || contents.configuration == nil, exists(beside) else {
      return try network(contents.tensors, file: file, contents.configuration, options)
    }
    let other = try configuration(beside)
    if let own = contents.configuration, own != other {
      throw contradiction(of: other, in: beside, to: own, "the configuration in \(file) says")
    }
    return try network(contents.tensors, file: file, other, from: beside, options)
  }

  /// The members of a configuration file that are not as they should be.
  private static func contradiction(
    of configuration: NetworkConfiguration, in path: String, to expected: NetworkConfiguration, _ source: String
  ) -> InputError {
    let (found, wanted) = (configuration.json.object ?? [:], expected.json.object ?? [:])
    var names = Set(found.keys).union(wanted.keys).filter { found[$0] != wanted[$0] }
    // Of another kind of network the other members mean something else.
    if names.contains("architecture") { names = ["architecture"] }
    func text(_ value: JSONValue?) -> String { value.map { "\($0)" } ?? "not there" }
    return InputError(
      file: path,
      faults: names.sorted().map {
        InputError.Fault(message: "'\($0)' is \(text(found[$0])); \(source) \(text(wanted[$0]))")
      })
  }

  /// Reads a network from the bytes of a safetensors file or PyTorch archive.
  ///
  /// - Parameter configuration: Counts more than that in the file's metadata.
  public static func read(
    _ bytes: [UInt8], file: String, configuration: NetworkConfiguration? = nil, options: Options = .init()
  ) throws(InputError) -> StoredNetwork {
    let contents = try contents(bytes, file: file, options)
    return try network(contents.tensors, file: file, configuration ?? contents.configuration, options)
  }

  private struct Contents {
    let tensors: NamedTensors
    /// That in the metadata.
    var configuration: NetworkConfiguration?
    let isSafetensors: Bool
  }

  private static func contents(_ bytes: [UInt8], file: String, _ options: Options) throws(InputError) -> Contents {
    if TorchArchive.isBeginning(bytes) {
      let tensors = try TorchArchive(bytes, file: file).tensors(at: options.entry, options: .parameters)
      return Contents(tensors: tensors, isSafetensors: false)
    }
    if let entry = options.entry {
      throw InputError(file: file, message: "not a PyTorch archive, so there is no entry \(quoted(entry))")
    }
    let safetensors = try Safetensors.read(bytes, file: file, options: .parameters)
    var contents = Contents(tensors: safetensors.tensors, isSafetensors: true)
    if let text = safetensors.metadata[configurationKey] {
      contents.configuration = try NetworkConfiguration(
        parsing: Array(text.utf8), file: "\(file) (metadata '\(configurationKey)')")
    }
    return contents
  }

  private static func configuration(_ path: String) throws(InputError) -> NetworkConfiguration {
    try NetworkConfiguration(parsing: readFile(path, limit: 1 << 20), file: path)
  }

  /// - Parameter path: the file that `configuration` is from, if it is one of its own.
  private static func network(
    _ tensors: NamedTensors, file: String, _ configuration: NetworkConfiguration?, from path: String? = nil,
    _ options: Options
  ) throws(InputError) -> StoredNetwork {
    let convention: TensorConvention
    var known: NetworkConfiguration
    var notes: [String] = []
    do throws(Complaint) {
      let isTransformer = tensors.names.contains { $0.hasPrefix("blocks.") }
      convention = isTransformer ? try TensorConvention(of: tensors) : .transformerLens
      if convention == .transposed { notes.append("matrices are transposed, as in the published grokking code") }
      if let configuration {
        known = configuration
      } else {
        let inferred = try NetworkConfiguration.inferred(
          from: tensors, convention, activation: options.assumedActivation)
        known = inferred.configuration
        let assumed = inferred.assumptions.isEmpty ? "" : "; assumed: \(inferred.assumptions.joined(separator: ", "))"
        notes.append("no configuration: sizes from the shapes\(assumed)")
      }
    } catch {
      throw InputError(file: file, message: error.message, hint: error.hint)
    }
    known = known.addingBiases(of: tensors)
    var matching = ParameterMatching(tensors, known.layout, convention, file: file)
    do throws(InputError) {
      let parameters = try matching.parameters()
      return StoredNetwork(known, parameters: parameters, notes: notes + matching.notes)
    } catch {
      guard let path, let told = implied(by: tensors, convention, like: known), told != known else { throw error }
      throw contradiction(of: known, in: path, to: told, "the tensors in \(file) say")
    }
  }

  /// The configuration of which all tensors are; what they do not tell is taken from another one. Nil when there is none.
  private static func implied(
    by tensors: NamedTensors, _ convention: TensorConvention, like known: NetworkConfiguration
  ) -> NetworkConfiguration? {
    guard
      let told = try? NetworkConfiguration.inferred(from: tensors, convention, activation: .relu).configuration
        .addingBiases(of: tensors).taking(functionsOf: known)
    else { return nil }
    var matching = ParameterMatching(tensors, told.layout, convention, file: "")
    return (try? matching.parameters()) == nil ? nil : told
  }
}

// MARK: - Writing

extension NetworkFile {
  /// The bytes of a safetensors file that is complete alone; the same for the same network.
  public static func bytes(_ network: StoredNetwork, metadata: [String: String] = [:]) -> [UInt8] {
    var metadata = metadata
    metadata[configurationKey] = JSONWriter.text(network.configuration.json)
    return Safetensors.bytes(
      NamedTensors(network.parameters, layout: network.configuration.layout), metadata: metadata)
  }

  /// Writes a network: to one file when the path ends in `.safetensors`, else to `model.safetensors` and `config.json`
  /// in a folder, which is made when there is none.
  ///
  /// Each file is replaced as a whole, the model first. After a crash in between `config.json` may be the older one;
  /// when it then is another configuration, reading says so.
  ///
  /// - Parameter metadata: Further texts for the file; the configuration is added as `config`.
  /// - Throws: `InputError` when the system refuses.
  public static func save(
    _ network: StoredNetwork, to path: String, metadata: [String: String] = [:]
  ) throws(InputError) {
    let bytes = bytes(network, metadata: metadata)
    if path.hasSuffix(".safetensors") { return try replaceFile(path, with: bytes) }
    if !isFolder(path), mkdir(path, 0o777) != 0 {
      let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
      throw InputError(file: path, message: "cannot make the folder: \(reason)")
    }
    try replaceFile(join(path, modelName), with: bytes)
    try replaceFile(join(path, configurationName), with: network.configuration.text)
  }
}

// MARK: - Paths

extension NetworkFile {
  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
  }

  private static func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }
}
