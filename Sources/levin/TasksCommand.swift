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
      Without TASK, a table of names, formulas and sizes. With TASK, its examples:
      those of a function (or of a file), the terms of a sequence by its OEIS
      number, or examples of a task on symbols, drawn with the seed.

        levin tasks --kind chomsky
        levin tasks reverse-string --count 100 --length 1..40 --seed 1
        levin tasks A000045
      """)

  @Argument(help: "A built-in task or a file.")
  var task: String?
  @Option(help: "Which tasks are listed: functions (default), sequences, chomsky or streams.")
  var kind: Kind?
  @OptionGroup(title: "Data") var data: TaskOptions
  @Option(
    help:
      "Format of the examples: jsonl (default), csv, sygus (with the grammar) or portable (SyGuS that other tools read)."
  )
  var format: Format?
  @Option(help: "Which part of the split is written: all (default), training or unseen (SyGuS: training).")
  var part: Part?
  @Option(help: "The grammar of a SyGuS file.")
  var grammar: String?
  @Option(help: "How many examples of a task on symbols (default: 10).")
  var count: Int?
  @Option(help: "Length of the inputs of a task on symbols, or a range to draw it from (default: 1..40).")
  var length: LengthRange?

  enum Format: String, ExpressibleByArgument, CaseIterable { case jsonl, csv, sygus, portable }
  enum Part: String, ExpressibleByArgument, CaseIterable { case all, training, unseen }

  func validate() throws {
    if let count, !(1...10_000_000).contains(count) {
      throw ValidationError("--count \(count) is outside 1 … 10000000")
    }
    if task == nil {
      if let flag = flagOfTask { throw ValidationError("\(flag) goes with a task; without one the tasks are listed") }
      if kind ?? .functions != .functions, data.modulus != nil || data.width != nil {
        throw ValidationError("--modulus and --width are for the list of functions")
      }
    } else if kind != nil {
      throw ValidationError("--kind says which tasks are listed: it takes no task")
    }
  }

  /// The first flag given that says what is written of a task.
  private var flagOfTask: String? {
    if count != nil { return "--count" }
    if length != nil { return "--length" }
    if format != nil { return "--format" }
    if part != nil { return "--part" }
    return grammar != nil ? "--grammar" : data.flagOfSplit
  }

  func run() throws {
    try Terminal.reporting {
      guard let task else { return Terminal.out(try Self.list(kind ?? .functions, data)) }
      if SymbolTask.all.contains(where: { $0.name == task }) { return try writeSymbols(.named(task)) }
      guard count == nil, length == nil else {
        throw ValidationError("--count and --length are for tasks on symbols (--kind chomsky, --kind streams)")
      }
      if SequenceTask.isNumber(task) { return try writeSequence(task) }
      if TaskData.isFile(task), !SyGuSTask.isFile(task) {
        switch try TaskFile.read(path: task) {
        case .function: break
        case .symbols(let data):
          try refuseOptionsOfFunctions(task)
          return Terminal.out(String(decoding: data.jsonLines(), as: UTF8.self))
        case .integerSequences(let suite, let header):
          try refuseOptionsOfFunctions(task)
          return Terminal.out(Self.lines(suite, header))
        }
      }
      try writeFunction(task)
    }
  }

  private func writeFunction(_ task: String) throws {
    switch format ?? .jsonl {
    case .sygus: Terminal.out(try problem(task) { printer, examples, _ in printer.problem(examples) })
    case .portable: Terminal.out(try problem(task) { try $0.portableProblem($1, file: $2) })
    case .csv: Terminal.out(String(decoding: try examples(task).csv(), as: UTF8.self))
    case .jsonl: Terminal.out(String(decoding: try examples(task).jsonLines(), as: UTF8.self))
    }
  }

  /// A function's training examples with a grammar; `text` also gets the grammar's name.
  private func problem(_ task: String, _ text: (SyGuSPrinter, [Example], String) throws -> String) throws -> String {
    guard part ?? .training == .training else {
      throw ValidationError("--format \(format!) writes the examples to learn from: --part is training there")
    }
    let assignment = try Assignment(task, data, grammar: grammar)
    return try text(SyGuSPrinter(assignment.grammar), assignment.training, assignment.grammarName)
  }

  /// The part of a function's examples that is written.
  private func examples(_ task: String) throws -> TaskData {
    if grammar != nil { throw ValidationError("--grammar goes with --format sygus and portable") }
    var options = data
    if part ?? .all == .all {
      if let flag = data.flagOfSplit {
        throw ValidationError("every example is written: \(flag) goes with --part training or unseen")
      }
      // A task too small for the usual split is written too.
      options.trainFraction = "1"
    }
    let source = try SplitTask(task, options)
    let examples =
      switch part ?? .all {
      case .all: source.task.examples
      case .training: source.training
      case .unseen: source.unseen
      }
    if part == .unseen, examples.isEmpty { throw TaskError.nothingUnseen(task: source.name) }
    return try TaskData(
      name: source.task.name, parameters: source.task.parameters, outputSort: source.task.outputSort,
      examples: examples, modulus: source.task.modulus)
  }

  private func writeSymbols(_ task: SymbolTask) throws {
    try refuseOptionsOfFunctions(task.name, isSampled: true)
    let examples = task.examples(count: count ?? 10, lengths: length?.lengths ?? 1...40, seed: data.seed)
    Terminal.out(String(decoding: SymbolData(task, examples: examples).jsonLines(), as: UTF8.self))
  }

  /// A suite of the one sequence.
  private func writeSequence(_ number: String) throws {
    try refuseOptionsOfFunctions(number)
    let task = try SequenceTask.named(number, among: SequenceTask.read(path: Self.suitePath()))
    let header: JSONValue = ["suite": "sequences", "source": "https://oeis.org", "license": "CC BY-SA 4.0"]
    Terminal.out(Self.lines([task], header))
  }

  private static func lines(_ suite: [SequenceTask], _ header: JSONValue) -> String {
    suite.reduce(JSONWriter.line(header)) { $0 + JSONWriter.line($1.json) }
  }

  /// - Parameter isSampled: whether `--seed` says which examples there are.
  private func refuseOptionsOfFunctions(_ task: String, isSampled: Bool = false) throws {
    if data.modulus != nil { throw TaskError.quantityNotUsed(task: task, quantity: "modulus") }
    if data.width != nil { throw TaskError.quantityNotUsed(task: task, quantity: "width") }
    var split = data
    if isSampled { split.givenSeed = nil }
    if let flag = split.flagOfSplit { throw ValidationError("'\(task)' is not split: \(flag) is for functions") }
    guard format ?? .jsonl == .jsonl, part ?? .all == .all, grammar == nil else {
      throw ValidationError(
        "'\(task)' is written as JSON Lines, whole: --format, --part and --grammar are for functions")
    }
  }
}

extension TasksCommand.Kind: ExpressibleByArgument {}

/// `40`, or `1..40`, also written `1...40`.
struct LengthRange: ExpressibleByArgument {
  let lengths: ClosedRange<Int>

  init?(argument: String) {
    let ends = argument.split(separator: ".", omittingEmptySubsequences: false)
    guard [1, 3, 4].contains(ends.count), ends.dropFirst().dropLast().allSatisfy(\.isEmpty), let first = Int(ends[0]),
      let last = Int(ends[ends.count - 1]), first >= 1, first <= last, last <= SymbolTask.longestLength
    else { return nil }
    lengths = first...last
  }
}
