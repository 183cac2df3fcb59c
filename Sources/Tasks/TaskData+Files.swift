public import Documents
import Grammars

extension TaskData {
  /// The task as JSON Lines, which `JSONLinesReader` reads back as an equal task.
  ///
  /// - Complexity: linear in the size of the text.
  public func jsonLines() -> [UInt8] {
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
  /// - Complexity: linear in the size of the text.
  public func csv() -> [UInt8] {
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

  /// The task in a file, by its ending: `.csv`, or `.jsonl` and `.ndjson` for JSON Lines.
  ///
  /// - Throws: `InputError` when the file cannot be read, has another ending, or has faults.
  public static func read(path: String) throws(InputError) -> TaskData {
    let ending = path.split(separator: ".").last.map { $0.lowercased() }
    guard let ending, ["csv", "jsonl", "ndjson"].contains(ending) else {
      throw InputError(
        file: path, message: "a task file of unknown format",
        hint: "expected a name that ends in .csv, .jsonl or .ndjson")
    }
    let bytes = try readFile(path, limit: TaskFileLimits.bytes)
    if ending == "csv" { return try CSVReader.read(bytes, file: path) }
    return try JSONLinesReader.read(bytes, file: path)
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
