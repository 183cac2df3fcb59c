public import Documents

/// A comparison on disk.
///
///     plan.json        the plan, the version, the methods' settings, and the SHA-256 of data and grammars
///     records.jsonl    one record a cell, in the order of the plan: no time, so equal runs have equal bytes
///     times.jsonl      what clocks measured, a line for each record
///     journal.jsonl    while the run goes on: the finished cells in the order in which they ended
///     networks/        a folder for each trained network
///
/// A line is appended to the journal, and synced, when its cell is done; a line that a crash cut short is dropped when the
/// run goes on. The other files are replaced as a whole.
public struct RunFolder: Sendable {
  /// The folder as it was given, absolute or relative to the working directory.
  public let path: String

  /// A folder that may or may not exist; nothing is read or written yet.
  public init(_ path: String) { self.path = path }

  var planPath: String { "\(path)/plan.json" }
  /// The path of the records, which are written when all cells are done.
  public var recordsPath: String { "\(path)/records.jsonl" }
  /// The path of the times, which are written with the records.
  public var timesPath: String { "\(path)/times.jsonl" }
  var journalPath: String { "\(path)/journal.jsonl" }

  /// Greatest size of a file that is read.
  static let limit = 1 << 30

  /// A finished cell: what is reproducible, and what clocks measured.
  public struct Entry: Sendable {
    /// The line of `records.jsonl`: what another run repeats.
    public let record: JSONValue
    /// The line of `times.jsonl`: what clocks measured; an empty object when it is missing.
    public let times: JSONValue

    /// A cell from its two lines.
    public init(record: JSONValue, times: JSONValue) {
      self.record = record
      self.times = times
    }

    /// The name of its cell.
    public var cell: String { record["cell"]?.string ?? "" }
    /// Whether the cell failed; it is tried again when the run goes on.
    public var isFailure: Bool { record["failure"] != nil }
  }

  /// Begins a run here, or goes on with it.
  ///
  /// - Parameter header: version, plan, settings and digests: a folder with another one is refused.
  /// - Returns: what is done already.
  /// - Throws: `InputError` that names what differs, or a file of the folder that cannot be read or written.
  public func open(header: JSONValue, exists: (String) -> Bool) throws(InputError) -> [Entry] {
    if exists(planPath) {
      let known = try JSONValue(parsing: readFile(planPath, limit: Self.limit), file: planPath)
      let changes = Self.changes(from: known, to: header)
      guard changes.isEmpty else { throw InputError(file: planPath, faults: changes) }
      // What could not be read when the run began is there now.
      if known != header { try replaceFile(planPath, with: JSONWriter.line(header)) }
    } else {
      try replaceFile(planPath, with: JSONWriter.line(header))
    }
    if exists(journalPath) { try cutJournal() }
    return try entries(of: header, exists: exists)
  }

  /// The finished cells of a run with this header.
  private func entries(of header: JSONValue, exists: (String) -> Bool) throws(InputError) -> [Entry] {
    let entries = try entries(exists: exists)
    if let other = entries.first(where: { $0.record["version"] != header["version"] }) {
      func text(_ version: JSONValue?) -> String { version?.string ?? "none" }
      throw InputError(
        file: exists(recordsPath) ? recordsPath : journalPath,
        message: "cell '\(other.cell)' is of version \(text(other.record["version"])), the plan of "
          + "\(text(header["version"]))", hint: "the records are those of another comparison, or were changed")
    }
    return entries
  }

  /// The finished cells, each once; those of a run that goes on are in its journal.
  public func entries(exists: (String) -> Bool) throws(InputError) -> [Entry] {
    var times: [String: JSONValue] = [:]
    if exists(timesPath) {
      for line in try lines(timesPath, with: ["cell"]) { times[line["cell"]?.string ?? ""] = line }
    }
    var entries: [Entry] = []
    if exists(recordsPath) {
      entries = try lines(recordsPath, with: Self.members, fault: Self.fault).map { record in
        Entry(record: record, times: record["cell"]?.string.flatMap { times[$0] } ?? [:])
      }
    }
    if exists(journalPath) { entries += try journal() }
    // A cell that failed and was done later is there twice; the last one counts.
    var seen: Set<String> = []
    return entries.reversed().filter { seen.insert($0.cell).inserted }.reversed()
  }

  /// The header of the run.
  public func header() throws(InputError) -> JSONValue {
    let header = try JSONValue(parsing: readFile(planPath, limit: Self.limit), file: planPath)
    guard header["plan"]?.object != nil, header["methods"]?.array != nil else {
      throw InputError(file: planPath, message: "not the plan of a comparison: expected 'plan' and 'methods'")
    }
    return header
  }

  /// The run so far, to be reported.
  ///
  /// - Throws: `InputError` when a file is none of a comparison, holds cells of another one, or no cell is done.
  public func results(exists: (String) -> Bool) throws(InputError) -> ComparisonResults {
    let header = try header()
    let results = ComparisonResults(header: header, entries: try entries(of: header, exists: exists))
    guard !results.entries.isEmpty else {
      throw InputError(file: recordsPath, message: "no cell of this comparison is done yet")
    }
    let methods = results.methods.map(\.name)
    for entry in results.entries {
      guard let task = entry.record["task"]?.string, results.tasks.contains(task),
        let method = entry.record["method"]?.string, methods.contains(method)
      else {
        throw InputError(
          file: exists(recordsPath) ? recordsPath : journalPath,
          message: "cell '\(entry.cell)' is of no task and method in \(planPath)",
          hint: "the records are those of another comparison")
      }
    }
    return results
  }

  /// What every record of a cell says.
  private static let members = ["cell", "task", "question", "method"]

  /// The lines of a file, each an object with these texts and without a fault.
  private func lines(
    _ path: String, with members: [String], fault: (JSONValue) -> String? = { _ in nil }
  ) throws(InputError) -> [JSONValue] {
    var values: [JSONValue] = []
    let lines = try readFile(path, limit: Self.limit).split(separator: 0x0A, omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where !line.isEmpty {
      let value = try JSONValue(parsing: Array(line), file: path, line: index + 1)
      if let missing = members.first(where: { value[$0]?.string == nil }) {
        throw Self.error(
          path, line: index + 1,
          "not a cell of a comparison: no text '\(missing)'; expected \(members.joined(separator: ", "))")
      }
      if let fault = fault(value) { throw Self.error(path, line: index + 1, fault) }
      values.append(value)
    }
    return values
  }

  private static func error(_ path: String, line: Int, _ message: String) -> InputError {
    InputError(file: path, faults: [InputError.Fault(line: line, column: 1, message: message)])
  }

  /// Cuts off what a kill left behind the last whole line of the journal.
  private func cutJournal() throws(InputError) {
    let (bytes, whole) = try journalBytes()
    if whole.count < bytes.count { try replaceFile(journalPath, with: Array(whole)) }
  }

  /// The journal, and of it the lines that are whole.
  private func journalBytes() throws(InputError) -> (all: [UInt8], whole: ArraySlice<UInt8>) {
    let bytes = try readFile(journalPath, limit: Self.limit)
    return (bytes, bytes[..<(bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0)])
  }

  /// The lines of the journal that are whole; one that is being written, or was cut, is passed over.
  private func journal() throws(InputError) -> [Entry] {
    var entries: [Entry] = []
    let lines = try journalBytes().whole.split(separator: 0x0A, omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where !line.isEmpty {
      let value = try JSONValue(parsing: Array(line), file: journalPath, line: index + 1)
      guard let record = value["record"], let times = value["times"],
        Self.members.allSatisfy({ record[$0]?.string != nil })
      else {
        throw Self.error(journalPath, line: index + 1, "the line is no finished cell; the journal is damaged")
      }
      if let fault = Self.fault(in: record) { throw Self.error(journalPath, line: index + 1, fault) }
      entries.append(Entry(record: record, times: times))
    }
    return entries
  }

  /// Notes a finished cell.
  func append(_ entry: Entry) throws(InputError) {
    try appendToFile(journalPath, JSONWriter.line(["record": entry.record, "times": entry.times]))
  }

  /// Writes the finished cells in order and drops the journal.
  func close(_ entries: [Entry], remove: (String) -> Void) throws(InputError) {
    try replaceFile(recordsPath, with: entries.map { JSONWriter.line($0.record) }.joined())
    try replaceFile(timesPath, with: entries.map { JSONWriter.line($0.times) }.joined())
    remove(journalPath)
  }
}
