public import Documents
import Grammars

/// Reads task data as JSON Lines: one JSON object per line, the first of which is the header.
///
///     {"output":"Int","parameters":[{"name":"a","sort":"Int"},{"name":"b","sort":"Int"}]}
///     {"inputs":[3,4],"output":7}
///
/// The header may also give `name`, a string, and `modulus`, an integer of at least 2. Sorts are written as in CSV.
/// Values of `Int` are JSON numbers, of `Bool` true and false, of bit vectors numbers or strings such as `"#x0f"`, of
/// permutations arrays of images, of lists arrays of integers. Empty lines are passed over.
public enum JSONLinesReader {
  /// The task in the bytes of a file.
  ///
  /// - Parameters:
  ///   - file: The name that messages give the file.
  ///   - name: The task's name when the header has none; nil takes it from `file`.
  /// - Throws: `InputError` with every fault of the file, as `CSVReader` does.
  /// - Complexity: one pass and one hash table over the rows.
  public static func read(_ bytes: [UInt8], file: String, name: String? = nil) throws(InputError) -> TaskData {
    var reading = try TaskFileReading(bytes, file: file)
    guard let first = reading.headerLine() else {
      throw reading.faults.error ?? InputError(file: file, message: "an empty file; expected \(headerForm)")
    }
    guard let node = reading.parse(first), let header = readHeader(node, first, &reading) else {
      return try reading.failed()
    }
    while let line = reading.nextLine() {
      guard let node = reading.parse(line), let example = readRow(node, line, header, &reading) else { continue }
      if !reading.add(example, on: line) { break }
    }
    return try reading.finished(header, name: name)
  }

  private static let headerForm = #"a header such as {"parameters":[{"name":"a","sort":"Int"}],"output":"Int"}"#
}

// MARK: - Header

extension JSONLinesReader {
  private static func readHeader(
    _ node: JSONNode, _ line: TextLines.Line, _ reading: inout TaskFileReading
  ) -> TaskFileHeader? {
    guard
      let parts = reading.members(
        of: node, needed: ["parameters", "output"], allowed: ["name", "modulus"], form: headerForm, line)
    else { return nil }
    guard case .array(let nodes) = parts[0].content, !nodes.isEmpty else {
      reading.add(Complaint("no list of parameters; expected \(headerForm)"), on: line, at: parts[0].range)
      return nil
    }
    let parameters = nodes.compactMap { readParameter($0, line, &reading) }
    var names: Set<String> = []
    for (parameter, node) in zip(parameters, nodes) where parameters.count == nodes.count {
      guard names.insert(parameter.name).inserted else {
        reading.add(Complaint("a second parameter named \(quoted(parameter.name))"), on: line, at: node.range)
        return nil
      }
    }
    let outputSort = sort(parts[1], line, &reading)
    let (name, modulus) = (node.member("name"), node.member("modulus"))
    if let name, name.value.string == nil {
      reading.add(Complaint("the task's name is not a string"), on: line, at: name.range)
      return nil
    }
    if let modulus, (modulus.value.int64 ?? 0) < 2 {
      reading.add(Complaint("the modulus is not an integer of at least 2"), on: line, at: modulus.range)
      return nil
    }
    guard let outputSort, parameters.count == nodes.count else { return nil }
    return TaskFileHeader(
      name: name?.value.string, modulus: modulus?.value.int64, parameters: parameters, outputSort: outputSort)
  }

  private static func readParameter(
    _ node: JSONNode, _ line: TextLines.Line, _ reading: inout TaskFileReading
  ) -> Grammar.Parameter? {
    let form = #"a parameter such as {"name":"a","sort":"Int"}"#
    guard let parts = reading.members(of: node, needed: ["name", "sort"], form: form, line) else { return nil }
    guard let name = parts[0].value.string else {
      reading.add(Complaint("a name that is not a string; expected \(form)"), on: line, at: parts[0].range)
      return nil
    }
    do throws(Complaint) {
      try checkParameterName(name)
    } catch {
      reading.add(error, on: line, at: parts[0].range)
      return nil
    }
    return sort(parts[1], line, &reading).map { Grammar.Parameter(name: name, sort: $0) }
  }

  private static func sort(
    _ node: JSONNode, _ line: TextLines.Line, _ reading: inout TaskFileReading
  ) -> Sort? {
    do throws(Complaint) {
      guard let text = node.value.string else { throw Complaint("a sort that is not a string; expected \"Int\"") }
      return try readSort(text)
    } catch {
      reading.add(error, on: line, at: node.range)
      return nil
    }
  }
}

// MARK: - Rows

extension JSONLinesReader {
  private static func readRow(
    _ node: JSONNode, _ line: TextLines.Line, _ header: TaskFileHeader, _ reading: inout TaskFileReading
  ) -> Example? {
    let form = #"an example such as {"inputs":[1,2],"output":3}"#
    guard let parts = reading.members(of: node, needed: ["inputs", "output"], form: form, line) else { return nil }
    guard case .array(let nodes) = parts[0].content else {
      reading.add(Complaint("inputs that are not an array; expected \(form)"), on: line, at: parts[0].range)
      return nil
    }
    guard nodes.count == header.parameters.count else {
      let inputs = nodes.count == 1 ? "1 input" : "\(nodes.count) inputs"
      reading.add(Complaint("\(inputs); the header has \(header.parameters.count)"), on: line, at: parts[0].range)
      return nil
    }
    let inputs = zip(nodes, header.parameters).compactMap { value($0, $1.sort, line, &reading) }
    guard let output = value(parts[1], header.outputSort, line, &reading), inputs.count == nodes.count else {
      return nil
    }
    return Example(inputs: inputs, output: output)
  }

  private static func value(
    _ node: JSONNode, _ sort: Sort, _ line: TextLines.Line, _ reading: inout TaskFileReading
  ) -> Value? {
    do throws(Complaint) {
      return try readValue(node.value, sort)
    } catch {
      reading.add(error, on: line, at: node.range)
      return nil
    }
  }

  private static func readValue(_ json: JSONValue, _ sort: Sort) throws(Complaint) -> Value {
    switch (sort, json) {
    case (.bool, .bool(let value)): return .bool(value)
    case (.int, .number(let text)):
      guard let number = json.int64, number != Value.noValueWord else {
        throw text.utf8.contains(where: { $0 == 0x2E || $0 | 32 == 0x65 })
          ? Complaint("\(quoted(text)) is not an integer in the range of Int") : integerOutOfRange(text)
      }
      return .int(number)
    case (.bitVector(let width), .number(let text)):
      guard let bits = json.integer(as: UInt64.self), bits <= Value.mask(width: width) else {
        throw bitVectorOutOfRange(text, width)
      }
      return .bitVector(bits, width: width)
    case (.bitVector, .string(let text)): return try Tasks.readValue(text[...], sort)
    case (.permutation(let degree), .array(let images)):
      return try permutation(
        images.prefix(16).map { $0.integer(as: Int.self) }, degree, written: quoted(json.description),
        form: "in an array")
    case (.list, .array(let items)):
      var elements: [Int64] = []
      for item in items { elements.append(try readValue(item, .int).word) }
      return .list(elements)
    default:
      throw Complaint("\(quoted(json.description)) is not a value of \(sortText(sort)); expected \(form(of: sort))")
    }
  }

  private static func form(of sort: Sort) -> String {
    switch sort {
    case .int: "an integer"
    case .bool: "true or false"
    case .bitVector: "a number or a string such as \"#x0f\""
    case .permutation(let degree): "an array of the images of 0 … \(degree - 1)"
    case .list: "an array of integers"
    case .pair, .function: preconditionFailure("no task has values of \(sort)")
    }
  }
}
