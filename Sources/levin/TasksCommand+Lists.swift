import Documents
import Tasks

// The tables of `levin tasks`.

extension TasksCommand {
  /// Which tasks are listed.
  enum Kind: String, CaseIterable { case functions, sequences, chomsky, streams }

  static func list(_ kind: Kind, _ options: TaskOptions) throws -> String {
    switch kind {
    case .functions:
      let table = Columns(try functions(options), right: [1]).text
      return table + "\nmore: --kind sequences, --kind chomsky, --kind streams (sequences of numbers and of symbols)\n"
    case .sequences: return try sequences()
    case .chomsky:
      let lengths =
        "lengths \(ends(ChomskyProtocol.trainingLengths)) to learn from, \(ends(ChomskyProtocol.testLengths)) to be scored on"
      return Columns([["task", "class", "symbols", "output", "inputs"]] + SymbolTask.chomsky.map(row)).text
        + "\n\(lengths)\n"
    case .streams:
      let rows = SymbolTask.streams.map { task in row(task).enumerated().filter { $0.offset != 1 }.map(\.element) }
      return Columns([["task", "symbols", "output", "inputs"]] + rows).text + "\nx_t = 0 for t < 1\n"
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
    return Columns([["task", "group", "offset", "name", "first terms"]] + rows, right: [2]).text + "\n\(counts)\n"
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
}
