import Documents
import Tasks

// The tables of `levin tasks`.

extension TasksCommand {
  /// Which tasks are listed.
  enum Kind: String, CaseIterable { case functions, sequences, chomsky, streams }

  static func list(_ kind: Kind, _ options: TaskOptions) throws -> String {
    switch kind {
    case .functions:
      let table = text(of: try functions(options), right: [1])
      return table + "\nmore: --kind sequences, --kind chomsky, --kind streams (sequences of numbers and of symbols)\n"
    case .sequences: return try sequences()
    case .chomsky:
      let lengths =
        "lengths \(ends(ChomskyProtocol.trainingLengths)) to learn from, \(ends(ChomskyProtocol.testLengths)) to be scored on"
      return text(of: [["task", "class", "symbols", "output", "inputs"]] + SymbolTask.chomsky.map(row))
        + "\n\(lengths)\n"
    case .streams:
      let rows = SymbolTask.streams.map { task in row(task).enumerated().filter { $0.offset != 1 }.map(\.element) }
      return text(of: [["task", "symbols", "output", "inputs"]] + rows) + "\nx_t = 0 for t < 1\n"
    }
  }

  /// The sequences of the suite, group by group.
  private static func sequences() throws -> String {
    let suite = try SequenceTask.read(path: suitePath())
    var groups: [String] = []
    for task in suite where !groups.contains(task.group) { groups.append(task.group) }
    let rows = groups.flatMap { group in
      suite.filter { $0.group == group }.map { task in
        let start = task.given.prefix(8).map { "\($0)" }.joined(separator: " ")
        return [task.number, group, "\(task.offset)", task.name, start]
      }
    }
    let counts = "\(suite.count) sequences of \(suite[0].given.count) given and \(suite[0].kept.count) kept terms"
    return text(of: [["task", "group", "offset", "name", "first terms"]] + rows, right: [2]) + "\n\(counts)\n"
  }

  /// The suite's file in the project.
  static func suitePath() throws -> String { try ProjectFolder.path("benchmarks/suites", "sequences.jsonl") }

  private static func row(_ task: SymbolTask) -> [String] {
    [task.name, task.kind.rawValue, "\(task.input.count) -> \(task.output.count)", task.formula, task.summary]
  }

  private static func ends(_ range: ClosedRange<Int>) -> String { "\(range.lowerBound)...\(range.upperBound)" }

  private static func functions(_ options: TaskOptions) throws -> [[String]] {
    var rows = [["task", "examples", "grammar", "function", "size"]]
    for family in TaskFamily.all {
      let (size, count): (String, Int?)
      switch family.size {
      case .modulus(let standard, let prime):
        let modulus = options.modulus ?? standard
        count = try exampleCount(family, modulus: modulus)
        size = count == nil ? "none: \(modulus) is not a prime" : "p = \(modulus)" + (prime ? ", prime" : "")
      case .width(let standard):
        let width = options.width ?? standard
        size = "\(width) bits"
        count = try family.exampleCount(width: width)
      case .fixed:
        size = ""
        count = try family.exampleCount()
      }
      rows.append([
        family.name, count.map { Number.grouped($0) } ?? "–", Assignment.language(of: family.name) ?? "",
        family.formula, size,
      ])
    }
    return rows
  }

  /// nil where the modulus has to be a prime and is not.
  private static func exampleCount(_ family: TaskFamily, modulus: Int64) throws -> Int? {
    do { return try family.exampleCount(modulus: modulus) } catch TaskError.notPrime { return nil }
  }

  /// Columns as wide as their widest cell; those in `right` are flushed right.
  private static func text(of rows: [[String]], right: Set<Int> = []) -> String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        line += (right.contains(column) ? space + cell : cell + space) + "  "
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}
