public import Documents

/// Examples of a task on symbols with the alphabets they are written in: what a file of symbols holds.
public struct SymbolData: Hashable, Sendable {
  /// The task's name, or the stem of the file where it says none.
  public let name: String
  /// nil when the file does not say it.
  public let kind: SymbolTask.Kind?
  /// The symbols of the inputs.
  public let input: SymbolAlphabet
  /// The symbols of the outputs.
  public let output: SymbolAlphabet
  /// The examples in the order of the file, at least one.
  public let examples: [SequenceExample]

  /// - Parameter examples: At least one; symbols of the alphabets; equal inputs have equal outputs.
  public init(
    name: String, kind: SymbolTask.Kind?, input: SymbolAlphabet, output: SymbolAlphabet, examples: [SequenceExample]
  ) {
    precondition(!examples.isEmpty, "\(name): no examples")
    precondition(examples.allSatisfy { input.holds($0.input) && output.holds($0.output) }, "\(name): foreign symbols")
    self.name = name
    self.kind = kind
    self.input = input
    self.output = output
    self.examples = examples
  }

  /// Examples that a task gave.
  public init(_ task: SymbolTask, examples: [SequenceExample]) {
    self.init(name: task.name, kind: task.kind, input: task.input, output: task.output, examples: examples)
  }
}

extension SymbolData {
  /// The examples in a file of JSON Lines.
  ///
  /// - Throws: `InputError` when the file cannot be read or has faults; see `SymbolReader`.
  public static func read(path: String) throws(InputError) -> SymbolData {
    try SymbolReader.read(readFile(path, limit: TaskFileLimits.bytes), file: path)
  }

  /// The examples as JSON Lines, which `SymbolReader` reads back as equal data.
  ///
  /// - Complexity: linear in the size of the text.
  public func jsonLines() -> [UInt8] {
    func names(_ alphabet: SymbolAlphabet) -> JSONValue { .array(alphabet.names.map { .string($0) }) }
    var header: [String: JSONValue] = [
      "input_symbols": names(input), "name": .string(name), "output_symbols": names(output),
    ]
    if let kind { header["kind"] = .string(kind.rawValue) }
    var bytes: [UInt8] = []
    JSONWriter.write(.object(header), to: &bytes)
    bytes.append(0x0A)
    for example in examples {
      bytes += #"{"input":"#.utf8
      JSONWriter.write(.array(example.input.map { .integer($0) }), to: &bytes)
      bytes += #","output":"#.utf8
      JSONWriter.write(.array(example.output.map { .integer($0) }), to: &bytes)
      bytes += "}\n".utf8
    }
    return bytes
  }
}
