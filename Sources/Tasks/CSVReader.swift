public import Documents
import Grammars

/// Reads task data as comma-separated values (RFC 4180).
///
///     a:Int,b:Int,=:Int
///     3,4,7
///
/// The header gives each column as `name:sort`; the last column is the output. Sorts are `Int`, `Bool`, `BitVec8` or
/// `(_ BitVec 8)`, `Perm5` or `(_ Permutation 5)`, `List` or `(List Int)`. Values are integers, `true` or `false`, bit
/// vectors as `#x0f`, `#b00001111` or `15`, permutations as the images `1 0 2 3 4`, lists as the integers `3 -1 3`.
/// Spaces around a field are not part of it, empty lines are passed over, and a quoted field ends on the line on which
/// it starts, since no value has a line break.
public enum CSVReader {
  /// The task in the bytes of a file.
  ///
  /// - Parameters:
  ///   - file: The name that messages give the file.
  ///   - name: The task's name; nil takes it from `file`.
  ///   - modulus: The task's modulus, which CSV cannot say.
  /// - Throws: `InputError` with every fault of the file, the first 100 in full: text that is not UTF-8, a header or
  ///   values that cannot be read, wrong numbers of columns, contradicting examples (both lines), no examples at all,
  ///   more than `TaskFileLimits` allows.
  /// - Complexity: one pass and one hash table over the rows.
  public static func read(
    _ bytes: [UInt8], file: String, name: String? = nil, modulus: Int64? = nil
  ) throws(InputError) -> TaskData {
    var reading = try TaskFileReading(bytes, file: file)
    guard let first = reading.headerLine() else {
      throw reading.faults.error
        ?? InputError(file: file, message: "an empty file; expected a header such as 'a:Int,b:Int,=:Int'")
    }
    guard var header = readHeader(first, &reading) else { return try reading.failed() }
    header.modulus = modulus
    let sorts = header.parameters.map(\.sort) + [header.outputSort]
    while let line = reading.nextLine() {
      guard let example = readRow(line, sorts, &reading) else { continue }
      if !reading.add(example, on: line) { break }
    }
    return try reading.finished(header, name: name)
  }

  /// One field of a line.
  private struct Field {
    /// Where it stands, quotes included.
    let range: Range<Int>
    let text: Substring
  }

  private static func readHeader(_ line: TextLines.Line, _ reading: inout TaskFileReading) -> TaskFileHeader? {
    guard let fields = split(line, &reading) else { return nil }
    guard fields.count >= 2 else {
      reading.add(
        Complaint("a header of 1 column; expected inputs and an output, such as 'a:Int,b:Int,=:Int'"), on: line)
      return nil
    }
    var columns: [Grammar.Parameter] = []
    var names: Set<String> = []
    for (index, field) in fields.enumerated() {
      do throws(Complaint) {
        let column = try readColumn(field.text)
        let isOutput = index == fields.count - 1
        if !isOutput { try checkParameterName(column.name) }
        guard isOutput || names.insert(column.name).inserted else {
          throw Complaint("a second column named \(quoted(column.name))")
        }
        columns.append(column)
      } catch {
        reading.add(error, on: line, at: field.range)
      }
    }
    guard columns.count == fields.count else { return nil }
    return TaskFileHeader(parameters: columns.dropLast(), outputSort: columns[columns.count - 1].sort)
  }

  private static func readColumn(_ text: Substring) throws(Complaint) -> Grammar.Parameter {
    guard let colon = text.lastIndex(of: ":") else {
      throw Complaint("column \(quoted(text)) has no sort; expected 'name:sort', such as 'a:Int'")
    }
    let sort = try readSort(text[text.index(after: colon)...].trimmed)
    return Grammar.Parameter(name: String(text[..<colon].trimmed), sort: sort)
  }

  private static func readRow(
    _ line: TextLines.Line, _ sorts: [Sort], _ reading: inout TaskFileReading
  ) -> Example? {
    guard let fields = split(line, atMost: sorts.count, &reading) else { return nil }
    guard fields.count == sorts.count else {
      let columns = fields.count == 1 ? "1 column" : "\(fields.count) columns"
      reading.add(Complaint("\(columns); the header has \(sorts.count)"), on: line)
      return nil
    }
    var values: [Value] = []
    values.reserveCapacity(sorts.count)
    for (field, sort) in zip(fields, sorts) {
      do throws(Complaint) {
        values.append(try readValue(field.text, sort))
      } catch {
        reading.add(error, on: line, at: field.range)
      }
    }
    guard values.count == sorts.count else { return nil }
    let output = values.removeLast()
    return Example(inputs: values, output: output)
  }

  /// The fields of a line; nil after reporting a fault of its quotes, or more fields than `limit`.
  private static func split(
    _ line: TextLines.Line, atMost limit: Int = .max, _ reading: inout TaskFileReading
  ) -> [Field]? {
    let bytes = reading.lines.bytes
    var fields: [Field] = []
    var at = line.range.lowerBound
    while true {
      let start = at
      do throws(Complaint) {
        fields.append(try readField(bytes, &at, end: line.range.upperBound))
      } catch {
        reading.add(error, on: line, at: start..<max(start + 1, at))
        return nil
      }
      guard at < line.range.upperBound else { return fields }
      at += 1
      guard fields.count < limit else {
        reading.add(
          Complaint("more columns than the \(limit) of the header"), on: line,
          at: at..<max(at + 1, line.range.upperBound))
        return nil
      }
    }
  }

  /// Reads one field and leaves `at` on the comma behind it or on `end`.
  private static func readField(_ bytes: [UInt8], _ at: inout Int, end: Int) throws(Complaint) -> Field {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    while at < end, isBlank(bytes[at]) { at += 1 }
    let start = at
    guard at < end, bytes[at] == 0x22 else {
      while at < end, bytes[at] != 0x2C {
        if bytes[at] == 0x22 { throw Complaint("a quote within a field; expected the whole field in quotes") }
        at += 1
      }
      var stop = at
      while stop > start, isBlank(bytes[stop - 1]) { stop -= 1 }
      return Field(range: start..<stop, text: Substring(decoding: bytes[start..<stop], as: UTF8.self))
    }
    var text: [UInt8] = []
    at += 1
    while true {
      guard at < end else { throw Complaint("a quoted field that does not end on its line") }
      if bytes[at] != 0x22 {
        text.append(bytes[at])
      } else if at + 1 < end, bytes[at + 1] == 0x22 {
        text.append(0x22)
        at += 1
      } else {
        break
      }
      at += 1
    }
    at += 1
    let stop = at
    while at < end, isBlank(bytes[at]) { at += 1 }
    guard at == end || bytes[at] == 0x2C else { throw Complaint("text behind a quoted field; expected a comma") }
    return Field(range: start..<stop, text: Substring(decoding: text, as: UTF8.self))
  }
}

extension Substring {
  /// Without spaces and tabs at either end.
  fileprivate var trimmed: Substring {
    var text = self
    while text.utf8.last == 0x20 || text.utf8.last == 0x09 { text = text.dropLast() }
    return text.drop { $0 == " " || $0 == "\t" }
  }
}

extension TaskFileReading {
  /// Ends reading for faults that were found.
  func failed() throws(InputError) -> TaskData {
    guard let error = faults.error else { preconditionFailure("reading of \(faults.file) failed without a fault") }
    throw error
  }
}
