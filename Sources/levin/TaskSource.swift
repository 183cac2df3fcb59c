import ArgumentParser
import Comparison
import Documents
import ExactArithmetic
import Grammars
import Tasks

/// A task with its examples in two parts.
struct SplitTask {
  let name: String
  let formula: String?
  let task: TaskData
  let training: [Example]
  let unseen: [Example]
  let split: String
  let seed: UInt64
  let shuffle: String
  /// The grammar of a SyGuS file.
  let ownGrammar: Grammar?
  /// The task on symbols whose examples these are: it is scored on fresh ones (`SymbolScore`).
  let symbols: SymbolTask?
  /// Whether the modulus is the command line's: the file says none.
  var borrowsModulus = false
  /// The file of sequences of symbols whose lines these are: its own examples, and no fresh ones.
  var symbolFile: SymbolData? = nil
}

extension SplitTask {
  /// The task in a line: `mod-add: a + b (mod p), p = 113; 3,830 examples, 8,939 unseen`.
  var summary: String {
    var text = printable(name.utf8)
    if let formula { text += ": \(formula)" }
    if let kind = symbols?.kind ?? symbolFile?.kind, kind != .stream { text += " (\(kind.rawValue))" }
    if let modulus = task.modulus { text += ", p = \(modulus)" }
    text += "; \(Number.counted(training.count, "example"))"
    if !unseen.isEmpty { text += ", \(Number.grouped(unseen.count)) unseen" }
    return text
  }

  /// Whether it maps sequences of symbols, or is an integer sequence: no function of single inputs.
  var isOnSequences: Bool { symbols != nil || symbolFile != nil || split == Self.givenTerms }

  /// The grammar of tasks on sequences, built in or from a file; nil for a function.
  var language: String? {
    if symbols != nil || symbolFile != nil { return Assignment.language(ofSymbols: name) }
    return split == Self.givenTerms ? "sequences" : nil
  }
}

/// A task and the grammar to search: `assignment.training` is that of the task.
@dynamicMemberLookup struct Assignment {
  let source: SplitTask
  let grammar: Grammar
  let grammarName: String

  subscript<Part>(dynamicMember path: KeyPath<SplitTask, Part>) -> Part { source[keyPath: path] }
}

/// Flags that say what data a task has.
struct TaskOptions: ParsableArguments {
  @Option(help: "Modulus of a modular task (113 where nothing else is said) and of the grammar's constant 'modulus'.")
  var modulus: Int64?
  @Option(help: "Width of a bit-vector task.")
  var width: Int?
  @Option(help: "Share of the examples for training, such as 3/10 or 0.3 (built-in tasks: 3/10; files: all).")
  var trainFraction: String?
  @Option(help: "Number of examples for training.")
  var trainCount: Int?
  @Option(name: .customLong("seed"), help: "Seed of the split. (default: 0)")
  var givenSeed: UInt64?
  @Option(
    name: .customLong("shuffle"),
    help: "Shuffle of the split: seeded (default), or cpython (random.seed(s); random.shuffle).")
  var givenShuffle: ShuffleName?

  var seed: UInt64 { givenSeed ?? 0 }
  var shuffle: ShuffleName { givenShuffle ?? .seeded }

  enum ShuffleName: String, ExpressibleByArgument, CaseIterable { case seeded, cpython }

  func validate() throws {
    if trainFraction != nil, trainCount != nil {
      throw ValidationError("--train-fraction and --train-count exclude each other")
    }
  }

  /// The same data under another split.
  func with(seed: UInt64) -> TaskOptions {
    var other = self
    other.givenSeed = seed
    return other
  }

  /// The first flag given that says which split is made.
  var flagOfSplit: String? {
    if trainFraction != nil { return "--train-fraction" }
    if trainCount != nil { return "--train-count" }
    if givenSeed != nil { return "--seed" }
    return givenShuffle == nil ? nil : "--shuffle"
  }

  /// The training size asked for; `standard` when nothing was asked.
  func size(standard: Split.Size?) throws -> Split.Size? {
    if let trainCount { return .count(trainCount) }
    guard let trainFraction else { return standard }
    guard let fraction = Rational(trainFraction), fraction > 0, fraction <= 1 else {
      throw ValidationError(
        "--train-fraction '\(trainFraction)' is not a fraction above 0 and up to 1, such as 3/10 or 0.3")
    }
    return .fraction(fraction)
  }
}

/// Finds grammars: a path, or the name of a file in `grammars/`.
enum GrammarFile {
  /// The grammar in the file of a name or path.
  ///
  /// - Parameter variables: how many inputs it has in place of its own, of the same sort; those have the first names.
  static func grammar(_ name: String, modulus: Int64? = nil, variables: Int? = nil) throws -> Grammar {
    let path = try path(name)
    let bytes = try readFile(path, limit: 64 << 20)
    let read = try SyGuSReader.problem(bytes, file: path, modulus: modulus).grammar
    guard let variables, variables != read.parameters.count else { return read }
    guard let sort = read.parameters.first?.sort, read.parameters.allSatisfy({ $0.sort == sort }) else {
      throw InputError(file: path, message: "--variables \(variables): the inputs are not all of one sort")
    }
    let own = read.parameters.prefix(variables)
    let further = (own.count..<variables).map { Grammar.Parameter(name: "x\($0 + 1)", sort: sort) }
    let changed = try SyGuSReader.problem(bytes, file: path, modulus: modulus, parameters: own + further).grammar
    let isRead = changed.parameters.indices.allSatisfy { index in
      changed.productions.contains { $0.symbol == .variable(index) }
    }
    guard isRead else {
      throw InputError(
        file: path,
        message: "--variables \(variables): the grammar names its inputs, where (Variable \(sort)) was expected")
    }
    return changed
  }

  static func path(_ name: String) throws -> String {
    if name.contains("/") || name.lowercased().hasSuffix(".sl") { return name }
    return try ProjectFolder.path("grammars", name, ending: ".sl")
  }
}

/// Folders of the project, found from the current one or from the command's own place.
enum ProjectFolder {
  /// Where a folder of this name may be: here, then above the command.
  static func places(_ name: String) -> [String] {
    var found = [name]
    var parts = executablePath().split(separator: "/").map(String.init)
    while parts.count > 1, found.count < 6 {
      parts.removeLast()
      found.append("/" + parts.joined(separator: "/") + "/\(name)")
    }
    return found
  }

  /// A path as it is, or an entry of the folder; `ending` is what the entry's name has behind `name`.
  static func path(_ folder: String, _ name: String, ending: String = "") throws(InputError) -> String {
    if name.contains("/") { return name }
    for place in places(folder) where isReadable("\(place)/\(name)\(ending)") { return "\(place)/\(name)\(ending)" }
    let names = ((try? entries(folder)) ?? []).map { $0.split(separator: "/").last! }.filter { $0.hasSuffix(ending) }
    throw InputError(
      file: name, message: "no '\(name)\(ending)' in \(folder)/, here or in a folder above the command",
      hint: nearestMatch(to: name, among: names.map { String($0.dropLast(ending.count)) }).map {
        "did you mean '\($0)'?"
      })
  }

  /// The entries of the folder where it is found, in order of name.
  static func entries(_ folder: String) throws(InputError) -> [String] {
    for place in places(folder) where isReadable(place) { return folderEntries(place).map { "\(place)/\($0)" } }
    throw InputError(file: folder, message: "no such folder, here or above the command")
  }
}

extension SplitTask {
  /// The task named on the command line: built in, or a file; a function may have a control behind it, as mod-add:noisy.
  init(_ text: String, _ options: TaskOptions) throws {
    let reference = try TaskReference(text)
    let (name, variant) = (reference.base, reference.variant)
    if let modulus = reference.modulus {
      throw InputError(file: text, message: "@\(modulus) is for 'levin compare'; here it is --modulus \(modulus)")
    }
    func controlled(_ task: TaskData) throws -> TaskData { try variant?.applied(to: task) ?? task }
    if SyGuSTask.isFile(name) {
      let file = try SyGuSTask(path: name)
      try self.init(file: name, controlled(file.task), options, ownGrammar: file.grammar)
      return
    }
    let file = TaskData.isFile(name) ? try TaskFile.read(path: name) : nil
    if case .function(let task)? = file {
      try self.init(file: name, controlled(task), options, ownGrammar: nil)
      return
    }
    let symbols = SymbolTask.all.first { $0.name == name }
    guard file != nil || symbols != nil || SequenceTask.isNumber(name) else {
      let family = try TaskFamily.named(name)
      let table = try controlled(family.table(modulus: options.modulus, width: options.width))
      let standard: Split.Size? = name.hasPrefix("bool-") ? nil : .fraction(Rational(3, 10))
      try self.init(
        table, formula: Self.formula(family, variant), options, standard: standard, ownGrammar: nil)
      return
    }
    if let variant {
      throw InputError(file: text, message: "a task on sequences has no control '\(variant.rawValue)'")
    }
    switch file {
    case .symbols(let data)?: try self.init(file: name, data, options)
    case .integerSequences(let suite, _)?: try self.init(.only(of: suite, file: name), options)
    default: if let symbols { try self.init(symbols, options) } else { try self.init(.inSuite(name), options) }
    }
  }

  /// The rule of a function, or what a control made of it.
  private static func formula(_ family: TaskFamily, _ variant: TaskVariant?) -> String {
    guard let variant else { return family.formula }
    return "\(family.formula), \(variant.summary)"
  }

  /// The task in a file, which has no width.
  private init(file: String, _ task: TaskData, _ options: TaskOptions, ownGrammar: Grammar?) throws {
    if options.width != nil { throw TaskError.quantityNotUsed(task: file, quantity: "width") }
    try self.init(
      task.taking(modulus: options.modulus, file: file), formula: nil, options, standard: nil, ownGrammar: ownGrammar)
    borrowsModulus = task.modulus == nil && options.modulus != nil
  }

  private init(
    _ task: TaskData, formula: String?, _ options: TaskOptions, standard: Split.Size?, ownGrammar: Grammar?
  ) throws {
    name = task.name
    self.formula = formula
    self.task = task
    self.ownGrammar = ownGrammar
    symbols = nil
    seed = options.seed
    shuffle = options.shuffle.rawValue
    guard let size = try options.size(standard: standard) else {
      guard options.flagOfSplit == nil else {
        throw ValidationError(
          "all examples of '\(task.name)' are learnt from: a seed or a shuffle of the split goes with --train-fraction "
            + "or --train-count")
      }
      training = task.distinctExamples
      unseen = []
      split = Self.whole
      return
    }
    let parts = try Split(
      of: task, size: size, seed: options.seed, shuffle: options.shuffle == .cpython ? .cpython : .seeded)
    training = parts.training
    unseen = parts.unseen
    split = "\(size)"
  }

  /// What it is called when all examples are for training.
  static let whole = "all"
  /// What the split of an integer sequence is called.
  static let givenTerms = "given terms"

  /// The given terms of a sequence for training, the kept ones unseen.
  private init(_ sequence: SequenceTask, _ options: TaskOptions) throws {
    try Self.refuseSplit(options, of: sequence.number)
    name = sequence.number
    formula = sequence.name
    training = Array(sequence.examples.prefix(sequence.given.count))
    unseen = Array(sequence.examples.dropFirst(sequence.given.count))
    task = try TaskData(
      name: sequence.number, parameters: [.init(name: "n", sort: .int)], outputSort: .int, examples: training)
    (split, seed, shuffle, ownGrammar, symbols) = (Self.givenTerms, 0, "none", nil, nil)
  }

  /// Sequences to learn from unless told otherwise; of streams every beginning is an example.
  static let symbolSequences = 200
  static let streamSequences = 12

  /// Short inputs first.
  private init(_ symbols: SymbolTask, _ options: TaskOptions) throws {
    if options.modulus != nil { throw TaskError.quantityNotUsed(task: symbols.name, quantity: "modulus") }
    if options.width != nil { throw TaskError.quantityNotUsed(task: symbols.name, quantity: "width") }
    guard options.trainFraction == nil, options.givenShuffle == nil else {
      throw ValidationError("'\(symbols.name)' is sampled: --train-count and --seed say how many examples, and which")
    }
    let isStream = symbols.kind == .stream
    let count = options.trainCount ?? (isStream ? Self.streamSequences : Self.symbolSequences)
    guard (1...100_000).contains(count) else { throw ValidationError("--train-count \(count) is outside 1 … 100000") }
    let sampled = symbols.trainingExamples(count: count, seed: options.seed)
    training = Self.examples(sampled, isStream: isStream)
    unseen = []
    name = symbols.name
    formula = symbols.formula
    task = try SymbolData.table(training, name: symbols.name)
    split = "\(count) \(isStream ? "streams" : "sequences") of lengths \(symbols.trainingLengths.lowerBound)...40"
    (seed, shuffle, ownGrammar) = (options.seed, "none", nil)
    self.symbols = symbols
  }

  /// Symbols in all beginnings of a file's streams at most: half a gigabyte.
  private static let mostStreamSymbols = 1 << 26

  /// The lines of a file of symbols: all for training, or split as the examples of a function are.
  ///
  /// Of streams every beginning is an example; one that is the beginning of a training stream too is not unseen.
  private init(file: String, _ data: SymbolData, _ options: TaskOptions) throws {
    if options.modulus != nil { throw TaskError.quantityNotUsed(task: file, quantity: "modulus") }
    if options.width != nil { throw TaskError.quantityNotUsed(task: file, quantity: "width") }
    let isStream = data.kind == .stream
    if isStream { try Self.checkBeginnings(of: data.examples, file: file) }
    let lines = try SplitTask(data.table(), formula: nil, options, standard: nil, ownGrammar: nil)
    func parts(_ lines: [Example]) -> [Example] {
      Self.examples(lines.map { SequenceExample(onLists: $0) }, isStream: isStream)
    }
    let training = parts(lines.training)
    let known = Set(training.map(\.inputs))
    let unseen = parts(lines.unseen).filter { !known.contains($0.inputs) }
    self.init(
      name: data.name, formula: nil, task: try SymbolData.table(training + unseen, name: data.name),
      training: training, unseen: unseen,
      split: lines.split, seed: lines.seed, shuffle: lines.shuffle, ownGrammar: nil, symbols: nil, symbolFile: data)
  }

  /// - Throws: `InputError` where the beginnings of streams, each an example, are too many symbols.
  static func checkBeginnings(of streams: [SequenceExample], file: String) throws(InputError) {
    let symbols = streams.reduce(0) { $0 + $1.input.count * ($1.input.count + 1) / 2 }
    guard symbols <= mostStreamSymbols else {
      throw InputError(
        file: file,
        message: "the beginnings of the streams, each an example, have \(Number.grouped(symbols)) symbols; "
          + "at most \(Number.grouped(mostStreamSymbols)) are taken",
        hint: "cut the streams, or keep fewer of them")
    }
  }

  /// Sequences as examples on lists, each once, short inputs first; of streams every beginning.
  static func examples(_ sequences: [SequenceExample], isStream: Bool) -> [Example] {
    var seen: Set<SequenceExample> = []
    return (isStream ? sequences.flatMap(\.beginnings) : sequences).filter { seen.insert($0).inserted }.enumerated()
      .sorted { ($0.element.input.count, $0.offset) < ($1.element.input.count, $1.offset) }
      .map(\.element.onLists)
  }

  private static func refuseSplit(_ options: TaskOptions, of name: String) throws {
    if options.modulus != nil { throw TaskError.quantityNotUsed(task: name, quantity: "modulus") }
    if options.width != nil { throw TaskError.quantityNotUsed(task: name, quantity: "width") }
    if let flag = options.flagOfSplit {
      throw ValidationError("'\(name)' has given and kept terms: \(flag) is for functions")
    }
  }
}

extension Assignment {
  /// A task with the grammar asked for, its own, or the one that a built-in task is meant for.
  init(_ name: String, _ options: TaskOptions, grammar: String?) throws {
    source = try SplitTask(name, options)
    if grammar == nil, let own = source.ownGrammar {
      self.grammar = own
      grammarName = Self.shortName(name)
    } else {
      guard let language = grammar ?? source.language ?? Self.language(of: name) else {
        throw ValidationError("--grammar is needed for '\(name)': a name (integers, field, …) or a file")
      }
      let path = try GrammarFile.path(language)
      self.grammar = try Self.grammar(path, for: source.task, modulus: source.task.modulus)
      grammarName = Self.shortName(path)
    }
    if source.borrowsModulus, self.grammar.modulus == nil {
      throw InputError(
        file: name, message: "neither the file nor the grammar '\(grammarName)' has a modulus: --modulus says nothing")
    }
  }

  /// The grammar in a file, read for the inputs of the task where it leaves them open, and with their names.
  ///
  /// A grammar of fixed inputs keeps its own names where one of the task's means something else in it
  /// (`renamedInputs` says which is which).
  static func grammar(_ path: String, for task: TaskData, modulus: Int64?) throws -> Grammar {
    let bytes = try readFile(path, limit: SyGuSTask.longestFile)
    let read = try SyGuSReader.problem(bytes, file: path, modulus: modulus).grammar
    let sorts = task.parameters.map(\.sort)
    // Inputs stand for the grammar's parameters by their places, but by their names where these are the same in another
    // order.
    let (names, others) = (task.parameters.map(\.name), read.parameters.map(\.name))
    let isReordered = names != others && names.sorted() == others.sorted()
    if read.parameters.map(\.sort) == sorts, read.resultSort == task.outputSort, !isReordered {
      return read.naming(task.parameters) ?? read
    }
    func signature(_ sorts: [Sort], _ result: Sort) -> String {
      "(\(sorts.map(\.description).joined(separator: " "))) -> \(result)"
    }
    let mismatch = InputError.Fault(
      message: "the grammar is for functions \(signature(read.parameters.map(\.sort), read.resultSort)), "
        + "the task is of \(signature(sorts, task.outputSort))")
    guard read.resultSort == task.outputSort else { throw InputError(file: path, faults: [mismatch]) }
    let taken = read.ownNames.union(read.boundVariables.map(\.name))
    if let input = task.parameters.first(where: { taken.contains($0.name) }) {
      throw InputError(
        file: path,
        message: "the task's input \(quoted(input.name)) has the name of a nonterminal, definition, constant or "
          + "bound variable")
    }
    do throws(InputError) {
      return try SyGuSReader.problem(bytes, file: path, modulus: modulus, parameters: task.parameters).grammar
    } catch {
      throw InputError(file: path, faults: [mismatch] + error.faults)
    }
  }

  /// The task's names by those that programs have in their place; empty where they are the same.
  var renamedInputs: [(inProgram: String, inTask: String)] {
    zip(grammar.parameters, self.task.parameters).filter { $0.name != $1.name }.map { ($0.name, $1.name) }
  }

  /// The lines of an outcome that say what was searched.
  var lines: [(String, String)] {
    var lines = [
      ("task", source.summary), ("grammar", "\(grammarName) (language \(grammarHash.prefix(12)))"),
    ]
    if !renamedInputs.isEmpty {
      let names = renamedInputs.map { "\($0.inProgram) is the task's \($0.inTask)" }
      lines.append(("inputs", names.joined(separator: ", ") + ": such a name has a meaning of its own in the grammar"))
    }
    let unread = grammar.parameters.indices.filter { index in
      !grammar.productions.contains { $0.symbol == .variable(index) }
    }
    // Where programs read a stream they need not name it.
    if !unread.isEmpty, !grammar.isStructured {
      let names = unread.map { "'\(grammar.parameters[$0].name)'" }.joined(separator: ", ")
      lines.append(("unread", "no production of the grammar is the input \(names): every program is constant in it"))
    }
    return lines
  }

  /// A file as a record names it: no folder of this machine.
  static func shortName(_ path: String) -> String {
    path.hasPrefix("/") ? String(path.split(separator: "/").suffix(2).joined(separator: "/")) : path
  }

  /// The grammar of a task on symbols: lists, but for those that evaluate expressions, for which none is found there.
  fileprivate static func language(ofSymbols task: String) -> String {
    switch task {
    case "modular-arithmetic": "transducers"
    case "modular-arithmetic-brackets", "solve-equation": "nested"
    default: "lists"
    }
  }

  /// The grammar that a built-in task is meant for.
  static func language(of task: String) -> String? {
    if SequenceTask.isNumber(task) { return "sequences" }
    if SymbolTask.all.contains(where: { $0.name == task }) { return language(ofSymbols: task) }
    let languages = ["mod-": "field", "s5-": "permutations", "bool-": "boolean", "bv-": "bitvectors"]
    return languages.first { task.hasPrefix($0.key) }?.value
  }
}

extension TaskData {
  /// The task of a file with `--modulus`, which it takes where it says none and has integers.
  func taking(modulus: Int64?, file: String) throws -> TaskData {
    guard let modulus else { return self }
    guard modulus > 1 else {
      throw InputError(file: file, message: "--modulus \(modulus) is not an integer of at least 2")
    }
    if let own = self.modulus, own != modulus {
      throw InputError(file: file, message: "the modulus of the file is \(own), that of --modulus \(modulus)")
    }
    let sorts = parameters.map(\.sort) + [outputSort]
    guard self.modulus != nil || sorts.contains(.int) || sorts.contains(.list) else {
      throw TaskError.quantityNotUsed(task: file, quantity: "modulus")
    }
    return with(modulus: modulus)
  }
}

extension Grammar {
  /// SHA-256 of the grammar as SyGuS writes it: its identity in records and checkpoints.
  var digest: String { SHA256.hexadecimalDigest(of: Array(SyGuSPrinter(self).problem([]).utf8)) }

  /// The variables that lambdas bind, but for those that have the name of an input.
  fileprivate var boundVariables: ArraySlice<Parameter> { variables.dropFirst(parameters.count) }

  /// The same language with other names of its inputs; nil where one of the names has another meaning in it.
  ///
  /// Terms have variables by number, so nothing is captured. A bound variable that has the name of an input gets another,
  /// so that programs are read as they are written.
  fileprivate func naming(_ inputs: [Parameter]) -> Grammar? {
    if inputs == parameters { return self }
    let names = Set(inputs.map(\.name))
    var taken = ownNames
    guard names.isDisjoint(with: taken) else { return nil }
    taken.formUnion(names)
    taken.formUnion(boundVariables.map(\.name))
    var bound: [Parameter] = []
    for variable in boundVariables {
      var name = variable.name
      var number = 0
      while names.contains(name) || number > 0 && taken.contains(name) {
        number += 1
        name = "\(variable.name)\(number)"
      }
      taken.insert(name)
      bound.append(Parameter(name: name, sort: variable.sort))
    }
    return Grammar(
      name: self.name, parameters: inputs, nonterminals: nonterminals, productions: productions,
      definitions: definitions, modulus: modulus, boundVariables: bound)
  }

  /// Names that stand for something else than an input: those of nonterminals, definitions and constants.
  fileprivate var ownNames: Set<String> {
    var names = Set(nonterminals.filter { !$0.isAuxiliary }.map(\.name))
    names.formUnion(definitions.map(\.name))
    func add(constantsOf term: Term) {
      if case .constant(_, let name?) = term { names.insert(name) }
      for argument in term.arguments { add(constantsOf: argument) }
    }
    for definition in definitions { add(constantsOf: definition.body) }
    for production in productions {
      if case .constant(_, let name?) = production.symbol { names.insert(name) }
    }
    if modulus != nil { names.insert("modulus") }
    return names
  }
}

extension SequenceTask {
  /// The sequence of a number in the suite.
  static func inSuite(_ number: String) throws -> SequenceTask {
    try named(number, among: read(path: TasksCommand.suitePath()))
  }
}

extension SequenceExample {
  /// The examples of a stream: each beginning with the answer to its last symbol.
  var beginnings: [SequenceExample] {
    input.indices.map { SequenceExample(input: Array(input[...$0]), output: [output[$0]]) }
  }
}
