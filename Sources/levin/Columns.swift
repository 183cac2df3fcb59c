/// Rows of cells in columns as wide as their widest cell, two blanks apart.
struct Columns {
  /// One line for each row, without blanks at its end.
  let lines: [String]

  /// - Parameters:
  ///   - rows: cells from the left; a row may end before the others.
  ///   - right: the columns that are flushed right.
  init(_ rows: [[String]], right: Set<Int> = []) {
    var widths: [Int] = []
    for row in rows {
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], cell.count)
      }
    }
    lines = rows.map { row in
      var line = row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return right.contains(column) ? space + cell : cell + space
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// The lines, each with its end.
  var text: String { lines.map { $0 + "\n" }.joined() }
}
