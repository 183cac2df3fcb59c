import Documents
import Grammars

/// Limits of task data files.
public enum TaskFileLimits {
  /// Bytes in a file: 256 MB.
  public static let bytes = 256 << 20
  /// Bytes in a line: 1 MB.
  public static let lineBytes = 1 << 20
  /// Rows in a file.
  public static let rows = 10_000_000
}

/// The lines of a file that hold anything, one after another.
///
/// Lines end in LF or CRLF; a byte-order mark at the start and lines of spaces and tabs alone are passed over.
/// Lines that are too long or not UTF-8 become faults and are not returned.
struct TextLines {
  let bytes: [UInt8]
  private(set) var number = 0
  private var next = 0

  /// A line without its end.
  struct Line {
    /// 1-based.
    let number: Int
    let range: Range<Int>
  }

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { next = 3 }
  }

  mutating func nextLine(_ faults: inout FaultList) -> Line? {
    while next < bytes.count {
      let start = next
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      next = end + 1
      number += 1
      let range = start..<(end > start && bytes[end - 1] == 0x0D ? end - 1 : end)
      if isSound(range, &faults), !bytes[range].allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
        return Line(number: number, range: range)
      }
    }
    return nil
  }

  private func isSound(_ range: Range<Int>, _ faults: inout FaultList) -> Bool {
    if range.count > TaskFileLimits.lineBytes {
      let complaint = Complaint("a line of \(range.count) bytes; at most \(TaskFileLimits.lineBytes) are read")
      let shown = range.lowerBound..<(range.lowerBound + Excerpt.longest)
      faults.add(complaint, line: number, lineRange: shown, at: shown.lowerBound..<(shown.lowerBound + 1), in: bytes)
      return false
    }
    if let place = firstInvalidUTF8(in: bytes[range]) {
      let hexadecimal = String(bytes[place], radix: 16)
      let complaint = Complaint(
        "byte 0x\(hexadecimal.count == 1 ? "0" : "")\(hexadecimal) is not UTF-8",
        hint: bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
          ? "the file looks like UTF-16; save it as UTF-8" : "save the file as UTF-8")
      faults.add(complaint, line: number, lineRange: range, at: place..<(place + 1), in: bytes)
      return false
    }
    return true
  }
}

/// Gathers the examples and the faults of one task file.
struct TaskFileReading {
  var faults: FaultList
  var lines: TextLines
  private var examples: [Example] = []
  private var seen = ExampleIndex(capacity: 0)

  /// Starts reading; a file of more bytes than the limit is refused at once.
  init(_ bytes: [UInt8], file: String) throws(InputError) {
    guard bytes.count <= TaskFileLimits.bytes else {
      throw InputError(
        file: file, message: "\(bytes.count) bytes of task data; at most \(TaskFileLimits.bytes) are read")
    }
    faults = FaultList(file: file)
    lines = TextLines(bytes)
  }

  mutating func nextLine() -> TextLines.Line? { lines.nextLine(&faults) }

  /// The first line; nil when there is none, or when it cannot be read: the lines behind it are no header.
  mutating func headerLine() -> TextLines.Line? {
    let line = nextLine()
    return faults.isEmpty ? line : nil
  }

  mutating func add(_ complaint: Complaint, on line: TextLines.Line, at range: Range<Int>? = nil) {
    faults.add(complaint, line: line.number, lineRange: line.range, at: range ?? line.range, in: lines.bytes)
  }

  /// Adds an example read from `line`, unless an earlier line contradicts it.
  ///
  /// Returns false when the file has too many rows to go on.
  mutating func add(_ example: Example, on line: TextLines.Line) -> Bool {
    if let earlier = seen.insert(example, place: line.number), earlier.output != example.output {
      add(
        Complaint(
          "contradicts line \(earlier.place): the same inputs with output \(quoted(valueText(earlier.output))) there "
            + "and \(quoted(valueText(example.output))) here"), on: line)
      return true
    }
    guard examples.count < TaskFileLimits.rows else {
      add(Complaint("too many rows; at most \(TaskFileLimits.rows) are read"), on: line)
      return false
    }
    examples.append(example)
    return true
  }

  /// The task, or all faults of the file.
  mutating func finished(_ header: TaskFileHeader, name: String?) throws(InputError) -> TaskData {
    if faults.isEmpty, examples.isEmpty { faults.add(Complaint("no examples after the header")) }
    if let error = faults.error { throw error }
    return TaskData(
      unchecked: header.name ?? name ?? stem(ofPath: faults.file), parameters: header.parameters,
      outputSort: header.outputSort, examples: examples, modulus: header.modulus)
  }
}

/// What a file's first line says.
struct TaskFileHeader {
  var name: String?
  var modulus: Int64?
  var parameters: [Grammar.Parameter]
  var outputSort: Sort
}

/// `squares` for `data/squares.csv`.
func stem(ofPath path: String) -> String {
  let file = path.split(separator: "/").last.map(String.init) ?? path
  guard let dot = file.lastIndex(of: "."), dot != file.startIndex else { return file }
  return String(file[..<dot])
}
