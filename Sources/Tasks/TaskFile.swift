public import Documents

/// What a task file holds; the first line of a file of JSON Lines tells.
public enum TaskFile: Sendable {
  /// Examples of a function: CSV, or a header with `parameters` (`JSONLinesReader`).
  case function(TaskData)
  /// Sequences of symbols: a header with `input_symbols` (`SymbolReader`).
  case symbols(SymbolData)
  /// Integer sequences: a header with `suite` (`SequenceReader`), which may say where they are from and under which licence.
  case integerSequences([SequenceTask], header: JSONValue)

  /// The task in a file, by its ending and its first line; the file is read once.
  ///
  /// - Throws: `InputError` when the file cannot be read, has another ending than `.csv`, `.jsonl` and `.ndjson`, or
  ///   has faults; see the reader of each kind.
  public static func read(path: String) throws(InputError) -> TaskFile {
    let isCSV = TaskData.isCSV(path)
    guard isCSV || TaskData.isJSONLines(path) else {
      throw InputError(
        file: path, message: "a task file of unknown format",
        hint: "expected a name that ends in .csv, .jsonl or .ndjson")
    }
    let bytes = try readFile(path, limit: TaskFileLimits.bytes)
    if isCSV { return .function(try CSVReader.read(bytes, file: path)) }
    if SymbolReader.recognises(bytes) { return .symbols(try SymbolReader.read(bytes, file: path)) }
    if SequenceReader.recognises(bytes) {
      let suite = try SequenceReader.readSuite(bytes, file: path)
      return .integerSequences(suite.tasks, header: suite.header)
    }
    return .function(try JSONLinesReader.read(bytes, file: path))
  }
}
