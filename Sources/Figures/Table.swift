/// A table of texts, written and read as CSV (RFC 4180, with line feeds).
///
///     Table(columns: ["step", "loss"], rows: [["1", "4.73"]]).csv      // "step,loss\n1,4.73\n"
///
/// Reading undoes writing. A field is in quotes where it holds a comma, a quote or a line break, or is a row by itself
/// and empty.
public struct Table: Hashable, Sendable {
  /// Names of the columns: the first line of the CSV.
  public var columns: [String]
  /// The rows, each with a field for each column.
  public var rows: [[String]]

  /// Every row must have as many fields as there are columns.
  public init(columns: [String], rows: [[String]]) {
    precondition(rows.allSatisfy { $0.count == columns.count }, "a row of a table has not \(columns.count) fields")
    self.columns = columns
    self.rows = rows
  }

  /// The table as CSV, the names of the columns first, every line ended by a line feed.
  public var csv: String {
    var text = ""
    for row in [columns] + rows {
      text += row.count == 1 && row[0].isEmpty ? "\"\"" : row.map(Self.quoted).joined(separator: ",")
      text += "\n"
    }
    return text
  }

  private static func quoted(_ field: String) -> String {
    guard field.utf8.contains(where: { [0x0A, 0x0D, 0x22, 0x2C].contains($0) }) else { return field }
    return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  /// Reads CSV; nil where the quotes do not match, a row has another number of fields than the first, or there is none.
  public init?(csv: String) {
    guard let records = Self.records(Array(csv.utf8)), let columns = records.first,
      records.allSatisfy({ $0.count == columns.count })
    else { return nil }
    self.init(columns: columns, rows: Array(records.dropFirst()))
  }

  private static func records(_ bytes: [UInt8]) -> [[String]]? {
    var records: [[String]] = []
    var record: [String] = []
    var at = 0
    while at < bytes.count {
      guard let field = field(bytes, &at) else { return nil }
      record.append(field)
      if at < bytes.count, bytes[at] == 0x2C {
        at += 1
        // A comma at the very end has an empty field behind it.
        if at < bytes.count { continue }
        record.append("")
      }
      records.append(record)
      record = []
      if at < bytes.count, bytes[at] == 0x0D { at += 1 }
      if at < bytes.count {
        guard bytes[at] == 0x0A else { return nil }
        at += 1
      }
    }
    return records
  }

  /// Reads a field and leaves `at` on what ends it.
  private static func field(_ bytes: [UInt8], _ at: inout Int) -> String? {
    var text: [UInt8] = []
    guard bytes[at] == 0x22 else {
      while at < bytes.count, ![0x0A, 0x0D, 0x2C].contains(bytes[at]) {
        text.append(bytes[at])
        at += 1
      }
      return String(decoding: text, as: UTF8.self)
    }
    at += 1
    while at < bytes.count {
      if bytes[at] == 0x22 {
        at += 1
        guard at < bytes.count, bytes[at] == 0x22 else { return String(decoding: text, as: UTF8.self) }
      }
      text.append(bytes[at])
      at += 1
    }
    return nil
  }
}
