public import Documents

/// Reads suites of integer sequences as JSON Lines: a header, then one sequence per line.
///
///     {"license":"CC BY-SA 4.0","source":"https://oeis.org","suite":"sequences"}
///     {"given":[0,1,1,2,3],"group":"recurrence","kept":[5,8],"name":"Fibonacci numbers","number":"A000045","offset":0}
///
/// The header says `suite`, a name, and may say `source` and `license`. Terms are integers of 64 bits. Empty lines are
/// passed over.
public enum SequenceReader {
  /// The sequences in the bytes of a file.
  ///
  /// - Parameter file: The name that messages give the file.
  /// - Throws: `InputError` with every fault of the file, the first 100 in full: what `JSONLinesReader` refuses, numbers
  ///   that are not written `A000045`, numbers that stand twice (both lines), sequences without given or kept terms.
  /// - Complexity: one pass over the bytes.
  public static func read(_ bytes: [UInt8], file: String) throws(InputError) -> [SequenceTask] {
    try readSuite(bytes, file: file).tasks
  }

  /// The same with the header, as the file has it.
  static func readSuite(
    _ bytes: [UInt8], file: String
  ) throws(InputError) -> (tasks: [SequenceTask], header: JSONValue) {
    var reading = try TaskFileReading(bytes, file: file)
    guard let first = reading.headerLine() else {
      throw reading.faults.error ?? InputError(file: file, message: "an empty file; expected \(headerForm)")
    }
    let header = readHeader(first, &reading)
    var tasks: [SequenceTask] = []
    var lines: [String: Int] = [:]
    while let line = reading.nextLine() {
      guard let node = reading.parse(line), let task = readTask(node, line, &reading) else { continue }
      if let earlier = lines.updateValue(line.number, forKey: task.number) {
        reading.add(Complaint("'\(task.number)' stands already on line \(earlier)"), on: line)
      }
      tasks.append(task)
    }
    if reading.faults.isEmpty, tasks.isEmpty { reading.faults.add(Complaint("no sequences after the header")) }
    if let error = reading.faults.error { throw error }
    return (tasks, header)
  }

  /// Whether the first line is an object that names a suite.
  static func recognises(_ bytes: [UInt8]) -> Bool {
    guard var reading = try? TaskFileReading(bytes, file: ""), let line = reading.headerLine() else { return false }
    return reading.parse(line)?.member("suite") != nil
  }

  private static let headerForm = #"a header such as {"suite":"sequences"}"#
  private static let form =
    #"a sequence such as {"given":[0,1,1],"group":"recurrence","kept":[2,3],"name":"…","number":"A000045","offset":0}"#

  private static func readHeader(_ line: TextLines.Line, _ reading: inout TaskFileReading) -> JSONValue {
    guard let node = reading.parse(line),
      let parts = reading.members(
        of: node, needed: ["suite"], allowed: ["license", "source"], form: headerForm, line)
    else { return .null }
    for (node, name) in [(parts[0], "suite"), (node.member("license"), "license"), (node.member("source"), "source")] {
      if let node { _ = reading.text(node, name, on: line) }
    }
    return node.value
  }

  private static func readTask(
    _ node: JSONNode, _ line: TextLines.Line, _ reading: inout TaskFileReading
  ) -> SequenceTask? {
    let needed = ["given", "group", "kept", "name", "number", "offset"]
    guard let parts = reading.members(of: node, needed: needed, form: form, line) else { return nil }
    let given = terms(parts[0], "given", line, &reading)
    let kept = terms(parts[2], "kept", line, &reading)
    let texts = [1, 3, 4].map { reading.text(parts[$0], needed[$0], on: line) }
    let offset = parts[5].value.integer(as: Int32.self).map(Int64.init)
    if offset == nil { reading.add(Complaint("the offset is not an integer of 32 bits"), on: line, at: parts[5].range) }
    if let number = texts[2], !SequenceTask.isNumber(number) {
      reading.add(
        Complaint("\(quoted(number)) is not the number of a sequence; expected 'A' and 6 to 9 digits"), on: line,
        at: parts[4].range)
      return nil
    }
    guard let given, let kept, let offset, let group = texts[0], let name = texts[1], let number = texts[2] else {
      return nil
    }
    return SequenceTask(number: number, name: name, group: group, offset: offset, given: given, kept: kept)
  }

  private static func terms(
    _ node: JSONNode, _ name: String, _ line: TextLines.Line, _ reading: inout TaskFileReading
  ) -> [Int64]? {
    guard let terms = reading.integers(node, name, on: line) else { return nil }
    if terms.isEmpty { reading.add(Complaint("'\(name)' has no terms"), on: line, at: node.range) }
    return terms.isEmpty ? nil : terms
  }
}
