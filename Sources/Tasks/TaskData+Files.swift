public import Documents
import Grammars

extension TaskData {
  /// The task as JSON Lines, which `JSONLinesReader` reads back as an equal task.
  ///
  /// - Throws: `TaskError.notWritable` for a task without inputs, or with one by a name that the readers refuse.
  /// - Complexity: linear in the size of the text.
  public func jsonLines() throws(TaskError) -> [UInt8] {
    try checkInputs()
    return uncheckedLines()
  }

  /// `jsonLines()`, of inputs by any names.
  func uncheckedLines() -> [UInt8] {
    var header: [String: JSONValue] = [
      "name": .string(name),
      "output": .string(sortText(outputSort)),
      "parameters": .array(
        parameters.map { ["name": .string($0.name), "sort": .string(sortText($0.sort))] }),
    ]
    if let modulus { header["modulus"] = .integer(modulus) }
    var bytes: [UInt8] = []
    JSONWriter.write(.object(header), to: &bytes)
    bytes.append(0x0A)
    for example in examples {
      // The members in the order of their names, as `JSONWriter` has them, without a dictionary for every row.
      bytes += #"{"inputs":"#.utf8
      JSONWriter.write(.array(example.inputs.map(\.json)), to: &bytes)
      bytes += #","output":"#.utf8
      JSONWriter.write(example.output.json, to: &bytes)
      bytes += "}\n".utf8
    }
    return bytes
  }

  /// The task as CSV with line ends LF; `CSVReader` reads it back as an equal task when it is told name and modulus.
  ///
  /// - Throws: `TaskError.notWritable`, as `jsonLines()` does.
  /// - Complexity: linear in the size of the text.
  public func csv() throws(TaskError) -> [UInt8] {
    try checkInputs()
    let columns = parameters.map { "\($0.name):\(sortText($0.sort))" } + ["=:\(sortText(outputSort))"]
    var bytes = Array(columns.joined(separator: ",").utf8)
    bytes.append(0x0A)
    for example in examples {
      for input in example.inputs {
        bytes += valueText(input).utf8
        bytes.append(0x2C)
      }
      bytes += valueText(example.output).utf8
      bytes.append(0x0A)
    }
    return bytes
  }

  private func checkInputs() throws(TaskError) {
    guard !parameters.isEmpty else { throw .notWritable(task: name, reason: "it has no inputs") }
    for parameter in parameters {
      do throws(Complaint) {
        try checkParameterName(parameter.name)
      } catch {
        throw TaskError.notWritable(task: name, reason: error.message)
      }
    }
  }

  /// Whether this names a file and no built-in task: a path, or a name with an ending that `read(path:)` knows.
  public static func isFile(_ name: String) -> Bool { name.contains("/") || hasFileEnding(name) }

  /// Whether a path has one of the endings that `read(path:)` knows.
  public static func hasFileEnding(_ path: String) -> Bool { isCSV(path) || isJSONLines(path) }

  /// Whether a path ends as files of comma-separated values do.
  static func isCSV(_ path: String) -> Bool { ending(ofPath: path) == "csv" }

  /// Whether a path ends as files of JSON Lines do.
  static func isJSONLines(_ path: String) -> Bool {
    let ending = ending(ofPath: path)
    return ending == "jsonl" || ending == "ndjson"
  }

  /// What stands behind the last dot, in lower case; nil without a dot.
  private static func ending(ofPath path: String) -> String? {
    path.lastIndex(of: ".").map { path[path.index(after: $0)...].lowercased() }
  }

  /// The task in a file, by its ending: `.csv`, or `.jsonl` and `.ndjson` for JSON Lines.
  ///
  /// - Throws: `InputError` when the file cannot be read, has another ending, holds sequences, or has faults.
  public static func read(path: String) throws(InputError) -> TaskData {
    guard case .function(let task) = try TaskFile.read(path: path) else {
      throw InputError(
        file: path, message: "sequences of symbols or of integers, no examples of a function",
        hint: "levin search reads such files, and levin compare those of symbols")
    }
    return task
  }
}

extension Value {
  /// The value as task files in JSON Lines write it.
  fileprivate var json: JSONValue {
    switch sort {
    case .int: .integer(word)
    case .bool: .bool(word == 1)
    case .bitVector: .string(description)
    case .permutation: .array(images.map { .integer($0) })
    case .list: .array(elements.map { .integer($0) })
    case .pair, .function: preconditionFailure("no task has values of \(sort)")
    }
  }
}
