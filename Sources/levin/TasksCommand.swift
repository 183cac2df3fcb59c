import ArgumentParser
import Grammars
import Tasks

/// `levin tasks`.
struct TasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tasks", abstract: "List the built-in tasks, or write one as a file.",
    discussion: "Without TASK, a table of names, formulas and sizes. With TASK, its examples.")

  @Argument(help: "A built-in task or a file.")
  var task: String?
  @OptionGroup(title: "Data") var data: TaskOptions
  @Option(
    help: "Format of the examples: jsonl, csv, sygus (with the grammar) or portable (SyGuS that other tools read).")
  var format: Format = .jsonl
  @Option(help: "Which part of the split is written: all, training or unseen (SyGuS: training).")
  var part: Part = .all
  @Option(help: "The grammar of a SyGuS file.")
  var grammar: String?

  enum Format: String, ExpressibleByArgument, CaseIterable { case jsonl, csv, sygus, portable }
  enum Part: String, ExpressibleByArgument, CaseIterable { case all, training, unseen }

  func run() throws {
    try Terminal.reporting {
      guard let task else { return Terminal.out(try Self.list(data)) }
      switch format {
      case .sygus, .portable:
        let assignment = try Assignment(task, data, grammar: grammar)
        let printer = SyGuSPrinter(assignment.grammar)
        Terminal.out(
          format == .sygus ? printer.problem(assignment.training) : printer.portableProblem(assignment.training))
      case .jsonl, .csv:
        let source = try SplitTask(task, data)
        let examples = part == .all ? source.task.examples : part == .training ? source.training : source.unseen
        let written = try TaskData(
          name: source.task.name, parameters: source.task.parameters, outputSort: source.task.outputSort,
          examples: examples, modulus: source.task.modulus)
        Terminal.out(String(decoding: format == .csv ? written.csv() : written.jsonLines(), as: UTF8.self))
      }
    }
  }

  private static func list(_ options: TaskOptions) throws -> String {
    var rows = [["task", "examples", "grammar", "function", "size"]]
    for family in TaskFamily.all {
      let (size, count): (String, Int)
      switch family.size {
      case .modulus(let standard, let prime):
        let modulus = options.modulus ?? standard
        size = "p = \(modulus)" + (prime ? ", prime" : "")
        count = try family.exampleCount(modulus: modulus)
      case .width(let standard):
        let width = options.width ?? standard
        size = "\(width) bits"
        count = try family.exampleCount(width: width)
      case .fixed:
        size = ""
        count = try family.exampleCount()
      }
      rows.append([
        family.name, Number.grouped(count), Assignment.language(of: family.name) ?? "", family.formula, size,
      ])
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        line += (column == 1 ? space + cell : cell + space) + "  "
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}
