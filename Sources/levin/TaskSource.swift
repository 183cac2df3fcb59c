import ArgumentParser
import ExactArithmetic
import Grammars
import Tasks

/// A task with its data in two parts and the grammar to search.
struct Assignment {
  let name: String
  let formula: String?
  let task: TaskData
  let training: [Example]
  let unseen: [Example]
  let split: String
  let seed: UInt64
  let shuffle: String
  let grammar: Grammar
  let grammarName: String
}

/// Flags that say what data a task has.
struct TaskOptions: ParsableArguments {
  @Option(help: "Modulus of a modular task and of the grammar's constant 'modulus'.")
  var modulus: Int64?
  @Option(help: "Width of a bit-vector task.")
  var width: Int?
  @Option(help: "Share of the examples for training, such as 3/10 or 0.3 (built-in tasks: 3/10; files: all).")
  var trainFraction: String?
  @Option(help: "Number of examples for training.")
  var trainCount: Int?
  @Option(help: "Seed of the split.")
  var seed: UInt64 = 0
  @Option(help: "Shuffle of the split: seeded, or cpython (random.seed(s); random.shuffle).")
  var shuffle: ShuffleName = .seeded

  enum ShuffleName: String, ExpressibleByArgument, CaseIterable { case seeded, cpython }

  func validate() throws {
    if trainFraction != nil, trainCount != nil {
      throw ValidationError("--train-fraction and --train-count exclude each other")
    }
  }

  /// The training size asked for; `standard` when nothing was asked.
  func size(standard: Split.Size?) throws -> Split.Size? {
    if let trainCount { return .count(trainCount) }
    guard let trainFraction else { return standard }
    guard let fraction = Rational(trainFraction), fraction > 0, fraction <= 1 else {
      throw ValidationError("--train-fraction '\(trainFraction)' is not a fraction above 0 and up to 1, such as 3/10 or 0.3")
    }
    return .fraction(fraction)
  }
}

/// Finds grammars: a path, or the name of a file in `grammars/`.
enum GrammarFile {
  static func path(_ name: String) throws -> String {
    if name.contains("/") || name.hasSuffix(".sl") { return name }
    for folder in folders() where isReadable("\(folder)/\(name).sl") { return "\(folder)/\(name).sl" }
    let near = nearestMatch(to: name, among: ["integers", "field", "permutations", "boolean", "bitvectors"])
    throw InputError(
      file: name, message: "no grammar of this name in \(folders().joined(separator: ", "))",
      hint: near.map { "did you mean '\($0)'?" })
  }

  /// `grammars` here, then above the command's own place.
  private static func folders() -> [String] {
    var found = ["grammars"]
    var parts = executablePath().split(separator: "/").map(String.init)
    while parts.count > 1 {
      parts.removeLast()
      found.append("/" + parts.joined(separator: "/") + "/grammars")
      if found.count == 6 { break }
    }
    return found
  }
}

extension Assignment {
  /// The task named on the command line: built in, or a file.
  init(_ name: String, _ options: TaskOptions, grammar: String?) throws {
    if name.hasSuffix(".sl") {
      try self.init(sygus: name, options, grammar: grammar)
      return
    }
    let isFile = name.contains("/") || name.hasSuffix(".csv") || name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson")
    let family = isFile ? nil : try TaskFamily.named(name)
    let task = try family?.table(modulus: options.modulus, width: options.width) ?? TaskData.read(path: name)
    let standard: Split.Size? = isFile || name.hasPrefix("bool-") ? nil : .fraction(Rational(3, 10))
    guard let language = grammar ?? Self.language(of: name) else {
      throw ValidationError("--grammar is needed for '\(name)': a name (integers, field, …) or a file")
    }
    let path = try GrammarFile.path(language)
    let bytes = try readFile(path, limit: 64 << 20)
    let modulus = options.modulus ?? task.modulus
    var read = try SyGuSReader.problem(bytes, file: path, modulus: modulus).grammar
    if read.parameters.map(\.sort) != task.parameters.map(\.sort) || read.resultSort != task.outputSort {
      let shown = "(\(task.parameters.map(\.sort.description).joined(separator: " "))) -> \(task.outputSort)"
      let adapted = try? SyGuSReader.problem(bytes, file: path, modulus: modulus, parameters: task.parameters).grammar
      guard let adapted, adapted.resultSort == task.outputSort else {
        let own = "(\(read.parameters.map(\.sort.description).joined(separator: " "))) -> \(read.resultSort)"
        throw InputError(file: path, message: "the grammar is for functions \(own), the task is of \(shown)")
      }
      read = adapted
    }
    try self.init(task, formula: family?.formula, options, standard, read, path)
  }

  /// A SyGuS file: its constraints, over its own grammar or another.
  private init(sygus path: String, _ options: TaskOptions, grammar: String?) throws {
    let problem = try SyGuSReader.problem(try readFile(path, limit: 64 << 20), file: path, modulus: options.modulus)
    guard !problem.examples.isEmpty else {
      throw InputError(file: path, message: "the file has no constraint: there is no example to learn from")
    }
    var read = problem.grammar
    var grammarPath = path
    if let grammar {
      grammarPath = try GrammarFile.path(grammar)
      read = try SyGuSReader.problem(
        try readFile(grammarPath, limit: 64 << 20), file: grammarPath, modulus: options.modulus).grammar
    }
    let name = path.split(separator: "/").last.map { String($0.dropLast(3)) } ?? path
    let task = try TaskData(
      name: name, parameters: problem.grammar.parameters, outputSort: problem.grammar.resultSort,
      examples: problem.examples, modulus: read.modulus)
    try self.init(task, formula: nil, options, nil, read, grammarPath)
  }

  private init(
    _ task: TaskData, formula: String?, _ options: TaskOptions, _ standard: Split.Size?, _ grammar: Grammar,
    _ path: String
  ) throws {
    name = task.name
    self.formula = formula
    self.task = task
    self.grammar = grammar
    seed = options.seed
    shuffle = options.shuffle.rawValue
    grammarName = path.hasPrefix("/") ? String(path.split(separator: "/").suffix(2).joined(separator: "/")) : path
    guard let size = try options.size(standard: standard) else {
      training = task.distinctExamples
      unseen = []
      split = "all"
      return
    }
    let parts = try Split(
      of: task, size: size, seed: options.seed, shuffle: options.shuffle == .cpython ? .cpython : .seeded)
    training = parts.training
    unseen = parts.unseen
    split = "\(size)"
  }

  /// The grammar that a built-in task is meant for.
  static func language(of task: String) -> String? {
    let languages = ["mod-": "field", "s5-": "permutations", "bool-": "boolean", "bv-": "bitvectors"]
    return languages.first { task.hasPrefix($0.key) }?.value
  }
}
