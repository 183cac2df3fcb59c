import ArgumentParser
import Documents
import Grammars
import Tasks

/// `levin tasks`.
struct TasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tasks", _superCommandName: "levin",
    abstract: "List the built-in tasks, or write one as a file.",
    discussion: """
      Without TASK, a table of names, formulas and sizes. With TASK, its examples: those of a function (or of a file), the
      terms of a sequence by its OEIS number, or examples of a task on symbols, drawn with the seed.

        levin tasks --kind chomsky
        levin tasks reverse-string --count 100 --length 1...40 --seed 1
        levin tasks A000045
      """)

  @Argument(help: "A built-in task or a file.")
  var task: String?
  @Option(help: "Which tasks are listed: functions, sequences, chomsky or streams.")
  var kind: Kind = .functions
  @OptionGroup(title: "Data") var data: TaskOptions
  @Option(
    help: "Format of the examples: jsonl, csv, sygus (with the grammar) or portable (SyGuS that other tools read).")
  var format: Format = .jsonl
  @Option(help: "Which part of the split is written: all, training or unseen (SyGuS: training).")
  var part: Part = .all
  @Option(help: "The grammar of a SyGuS file.")
  var grammar: String?
  @Option(help: "Number of examples of a task on symbols (default: 10).")
  var count: Int?
  @Option(help: "Length of the inputs of a task on symbols, or a range to draw it from (default: 1...40).")
  var length: LengthRange?

  enum Format: String, ExpressibleByArgument, CaseIterable { case jsonl, csv, sygus, portable }
  enum Part: String, ExpressibleByArgument, CaseIterable { case all, training, unseen }

  func validate() throws {
    if let count, !(1...10_000_000).contains(count) { throw ValidationError("--count is 1 ... 10000000") }
  }

  func run() throws {
    try Terminal.reporting {
      guard let task else { return Terminal.out(try Self.list(kind, data)) }
      if SymbolTask.all.contains(where: { $0.name == task }) { return try writeSymbols(.named(task)) }
      guard count == nil, length == nil else {
        throw ValidationError("--count and --length are for tasks on symbols (--kind chomsky, --kind streams)")
      }
      if SequenceTask.isNumber(task) { return try writeSequence(task) }
      if task.hasSuffix(".jsonl"), let data = try SymbolData.readIfSymbols(path: task) {
        return Terminal.out(String(decoding: data.jsonLines(), as: UTF8.self))
      }
      try writeFunction(task)
    }
  }

  private func writeFunction(_ task: String) throws {
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

  private func writeSymbols(_ task: SymbolTask) throws {
    try refuseOptionsOfFunctions(task.name)
    let examples = task.examples(count: count ?? 10, lengths: length?.lengths ?? 1...40, seed: data.seed)
    Terminal.out(String(decoding: SymbolData(task, examples: examples).jsonLines(), as: UTF8.self))
  }

  /// A suite of the one sequence.
  private func writeSequence(_ number: String) throws {
    try refuseOptionsOfFunctions(number)
    let task = try SequenceTask.named(number, among: SequenceTask.read(path: Self.suitePath()))
    let header: JSONValue = ["suite": "sequences", "source": "https://oeis.org", "license": "CC BY-SA 4.0"]
    Terminal.out(JSONWriter.line(header) + JSONWriter.line(task.json))
  }

  private func refuseOptionsOfFunctions(_ task: String) throws {
    if data.modulus != nil { throw TaskError.quantityNotUsed(task: task, quantity: "modulus") }
    if data.width != nil { throw TaskError.quantityNotUsed(task: task, quantity: "width") }
    guard format == .jsonl, part == .all, grammar == nil, data.trainFraction == nil, data.trainCount == nil else {
      throw ValidationError(
        "'\(task)' is written as JSON Lines, whole: --format, --part, --grammar, --train-fraction and --train-count are "
          + "for functions")
    }
  }
}

extension TasksCommand.Kind: ExpressibleByArgument {}

/// `40`, or `1...40`.
struct LengthRange: ExpressibleByArgument {
  let lengths: ClosedRange<Int>

  init?(argument: String) {
    let ends = argument.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard ends.count == 1 || ends.count == 4 && argument.contains("..."), let first = ends[0],
      let last = ends[ends.count - 1], first >= 1, first <= last, last <= SymbolTask.longestLength
    else { return nil }
    lengths = first...last
  }
}
