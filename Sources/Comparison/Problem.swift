public import Documents
internal import ExactArithmetic
public import Grammars
public import Tasks

/// What a method is asked to explain: a task with its labels in one recorded order.
public enum Problem: Sendable {
  /// A function on finitely many inputs.
  case function(FunctionProblem)
  /// A map of sequences of symbols, or an integer sequence.
  case sequences(SequenceProblem)

  /// The name that records and tables use, such as `mod-add@113`.
  public var name: String {
    switch self {
    case .function(let problem): problem.name
    case .sequences(let problem): problem.name
    }
  }

  /// Labels in all.
  public var labelCount: Int {
    switch self {
    case .function(let problem): problem.order.count
    case .sequences(let problem): problem.labelCount
    }
  }

  /// Different labels.
  public var alphabetSize: Int {
    switch self {
    case .function(let problem): problem.alphabet.count
    case .sequences(let problem): problem.data.output.count
    }
  }

  /// Inputs whose whole answers are counted: those that were not learnt from; nil for a task whose examples are drawn, which
  /// is scored by the symbols of some.
  public var unseenCount: Int? {
    switch self {
    case .function(let problem): problem.order.count - problem.trainingCount
    case .sequences(let problem): problem.isFinite ? problem.test.reduce(0) { $0 + $1.examples.count } : nil
    }
  }

  /// What the records say of the data.
  public var record: JSONValue {
    switch self {
    case .function(let problem): problem.record
    case .sequences(let problem): problem.record
    }
  }
}

/// A function on finitely many inputs, known on the first `trainingCount` of them.
///
/// The order is the shuffle of `Split`: it depends on the task and the seed alone, so that a smaller share of training
/// examples is a prefix of a larger one, and the order in which labels are coded is that of every split.
public struct FunctionProblem: Sendable {
  /// The task's reference as text, such as `mod-add@113`.
  public let name: String
  /// The rule in the notation of its paper, such as `a + b (mod p)`; nil for files and where a variant has another rule.
  public let formula: String?
  /// The whole task, its variant applied.
  public let task: TaskData
  /// Every example of the task, in the recorded order.
  public let order: [Example]
  /// The first so many may be learnt from.
  public let trainingCount: Int
  /// Seed of the shuffle that gave the order.
  public let seed: UInt64
  /// The file of the task where it has a grammar of its own.
  public let grammarFile: String?
  /// The labels that there are: the values of the inputs where these include all outputs, else the outputs.
  public let alphabet: [Value]

  /// - Precondition: `1 ... order.count` training examples.
  public init(
    name: String, formula: String?, task: TaskData, order: [Example], trainingCount: Int, seed: UInt64,
    grammarFile: String? = nil
  ) {
    precondition((1...order.count).contains(trainingCount), "\(trainingCount) of \(order.count) training examples")
    self.name = name
    self.formula = formula
    self.task = task
    self.order = order
    self.trainingCount = trainingCount
    self.seed = seed
    self.grammarFile = grammarFile
    alphabet = task.labels
  }

  /// The examples that may be learnt from: the first `trainingCount`.
  public var training: [Example] { Array(order[..<trainingCount]) }
  /// The examples behind them, which the method is scored on; none when all may be learnt from.
  public var unseen: [Example] { Array(order[trainingCount...]) }

  var record: JSONValue {
    let inputs = order.map { $0.inputs.map(\.description).joined(separator: " ") }.joined(separator: "\n")
    return [
      "name": .string(name), "sha256": .string(task.digest()), "modulus": task.modulus.map { .integer($0) } ?? .null,
      "examples": .integer(order.count), "labels": .integer(alphabet.count), "training": .integer(trainingCount),
      "formula": formula.map { .string($0) } ?? .null,
      "orderSHA256": .string(SHA256.hexadecimalDigest(of: Array(inputs.utf8))), "shuffle": "seeded",
    ]
  }
}

/// A map of sequences of symbols, known on some examples and scored on others.
///
/// An integer sequence is one too, known on its first terms: from the digits of n to those of the term with a symbol that
/// ends it. Programs compute with the integers instead (`terms`).
public struct SequenceProblem: Sendable {
  /// The task's reference as text, such as `parity-check` or `pairs.jsonl`.
  public let name: String
  /// The task that examples are drawn from, short ones to learn from and long ones to be scored on; nil for a file, whose
  /// lines are split as the examples of a function are, and for an integer sequence.
  public let task: SymbolTask?
  /// The integer sequence; nil for sequences of symbols.
  public let sequence: SequenceTask?
  /// Name, kind and alphabets, with the examples that the digest is of: a file's lines, or the training examples drawn. The
  /// name, wherever a file lies, decides the split and a network's beginning.
  public let data: SymbolData
  /// The examples to learn from, or to code, in the recorded order.
  public let training: [SequenceExample]
  /// Examples to be scored on: those of a task by nominal length, those of a file by the length of their input.
  public let test: [(length: Int, examples: [SequenceExample])]
  /// Seed of the cell: of the examples that are drawn, or of the split.
  public let seed: UInt64

  /// A problem of examples that are drawn already, at least one to learn from; `test` may be empty when labels are coded.
  public init(
    task: SymbolTask, training: [SequenceExample], test: [(length: Int, examples: [SequenceExample])], seed: UInt64
  ) {
    name = task.name
    self.task = task
    sequence = nil
    data = SymbolData(task, examples: training)
    self.training = training
    self.test = test
    self.seed = seed
  }

  /// A problem of the lines of a file; `unseen` may be empty when labels are coded.
  public init(
    name: String, file: SymbolData, training: [SequenceExample], unseen: [SequenceExample], seed: UInt64
  ) {
    self.name = name
    task = nil
    sequence = nil
    data = file
    self.training = training
    test = Self.byLength(unseen)
    self.seed = seed
  }

  /// A problem of an integer sequence, of which the first terms are learnt from, or coded.
  ///
  /// - Precondition: `1 ... terms.terms.count` of them.
  public init(name: String, terms: SequenceTask, trainingCount: Int, seed: UInt64) {
    precondition((1...terms.terms.count).contains(trainingCount), "\(trainingCount) of \(terms.terms.count) terms")
    self.name = name
    task = nil
    sequence = terms
    data = terms.symbols
    training = Array(data.examples.prefix(trainingCount))
    test = Self.byLength(Array(data.examples.dropFirst(trainingCount)))
    self.seed = seed
  }

  private static func byLength(_ examples: [SequenceExample]) -> [(length: Int, examples: [SequenceExample])] {
    Dictionary(grouping: examples) { $0.input.count }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Of an integer sequence the terms to learn from, or to code, as examples of n ↦ a(n); nil for sequences of symbols.
  public var terms: [Example]? { sequence.map { Array($0.examples.prefix(training.count)) } }

  /// Whether there is an output symbol for each input symbol, from the input up to there.
  public var isStream: Bool { data.kind == .stream }

  /// Whether the examples are all that there are, lines of a file or terms: then the whole answers to the others are counted.
  public var isFinite: Bool { task == nil }

  /// Symbols that an output may have by its input alone; of a file every output's length is taken as known.
  public func paddedOutputCount(_ example: SequenceExample) -> Int {
    if sequence != nil { return SequenceTask.mostTermSymbols }
    return task?.paddedOutputCount(inputCount: example.input.count) ?? example.output.count
  }

  /// Symbols of all outputs to learn from, or to code.
  public var labelCount: Int { training.reduce(0) { $0 + $1.output.count } }

  /// `sha256` is that of `data` as a file of symbols; of examples that are drawn `testSHA256` that of the others.
  var record: JSONValue {
    let inputs = training.map { $0.input.map(String.init).joined(separator: " ") }.joined(separator: "\n")
    func digest(_ data: SymbolData) -> JSONValue { .string(SHA256.hexadecimalDigest(of: data.jsonLines())) }
    var record: [String: JSONValue] = [
      "orderSHA256": .string(SHA256.hexadecimalDigest(of: Array(inputs.utf8))), "name": .string(name),
      "kind": data.kind.map { .string($0.rawValue) } ?? .null, "labels": .integer(data.output.count),
      "sha256": digest(data), "training": .integer(training.count), "trainingLabels": .integer(labelCount),
      "testLengths": .array(test.map { .integer($0.length) }),
    ]
    if let task {
      let unseen = test.flatMap(\.examples)
      record["testSHA256"] = unseen.isEmpty ? .null : digest(SymbolData(task, examples: unseen))
      record["formula"] = .string(task.formula)
      record["testExamples"] = .integer(test.first?.examples.count ?? 0)
    } else if let sequence {
      record["terms"] = .integer(data.examples.count)
      record["formula"] = .string(sequence.name)
    } else {
      record["lines"] = .integer(data.examples.count)
      record["longestTrainingInput"] = .integer(training.map(\.input.count).max() ?? 0)
      record["shuffle"] = "seeded"
    }
    return .object(record)
  }
}
