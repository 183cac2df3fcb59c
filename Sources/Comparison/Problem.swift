public import Documents
internal import ExactArithmetic
public import Grammars
public import Tasks

/// What a method is asked to explain: a task with its labels in one recorded order.
public enum Problem: Sendable {
  /// A function on finitely many inputs.
  case function(FunctionProblem)
  /// A map of sequences of symbols, learnt at short lengths and scored at long ones.
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
    case .sequences(let problem): problem.training.reduce(0) { $0 + $1.output.count }
    }
  }

  /// Different labels.
  public var alphabetSize: Int {
    switch self {
    case .function(let problem): problem.alphabet.count
    case .sequences(let problem): problem.task.output.count
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
  /// The labels that there are: the values of the inputs where these include all outputs, else the outputs.
  public let alphabet: [Value]

  /// - Precondition: `1 ... order.count` training examples.
  public init(
    name: String, formula: String?, task: TaskData, order: [Example], trainingCount: Int, seed: UInt64
  ) {
    precondition((1...order.count).contains(trainingCount), "\(trainingCount) of \(order.count) training examples")
    self.name = name
    self.formula = formula
    self.task = task
    self.order = order
    self.trainingCount = trainingCount
    self.seed = seed
    alphabet = Self.alphabet(of: task)
  }

  /// The examples that may be learnt from: the first `trainingCount`.
  public var training: [Example] { Array(order[..<trainingCount]) }
  /// The examples behind them, which the method is scored on; none when all may be learnt from.
  public var unseen: [Example] { Array(order[trainingCount...]) }

  /// The values that labels may have, in increasing order of sort and word.
  static func alphabet(of task: TaskData) -> [Value] {
    var outputs = Set<Value>()
    var inputs = Set<Value>()
    for example in task.examples {
      outputs.insert(example.output)
      for value in example.inputs { inputs.insert(value) }
    }
    // A receiver knows the inputs, so their values cost nothing.
    return (outputs.isSubset(of: inputs) ? inputs.filter { $0.sort == task.outputSort } : outputs)
      .sorted { $0.word < $1.word }
  }

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

/// A task on sequences of symbols, known on examples of short lengths and scored on long ones.
public struct SequenceProblem: Sendable {
  /// The task with its alphabets.
  public let task: SymbolTask
  /// The examples to learn from, or to code, in the recorded order.
  public let training: [SequenceExample]
  /// Examples to be scored on, by nominal length.
  public let test: [(length: Int, examples: [SequenceExample])]
  /// Seed of the cell, from which the examples were drawn.
  public let seed: UInt64

  /// A problem of examples that are drawn already; `test` may be empty when labels are coded.
  public init(
    task: SymbolTask, training: [SequenceExample], test: [(length: Int, examples: [SequenceExample])], seed: UInt64
  ) {
    self.task = task
    self.training = training
    self.test = test
    self.seed = seed
  }

  /// The task's name, such as `parity-check`.
  public var name: String { task.name }

  /// `sha256` is that of the examples to learn from, or to code, as a file of symbols holds them; `testSHA256` that of
  /// the others.
  var record: JSONValue {
    let inputs = training.map { $0.input.map(String.init).joined(separator: " ") }.joined(separator: "\n")
    func digest(_ examples: [SequenceExample]) -> JSONValue {
      examples.isEmpty
        ? .null : .string(SHA256.hexadecimalDigest(of: SymbolData(task, examples: examples).jsonLines()))
    }
    return [
      "orderSHA256": .string(SHA256.hexadecimalDigest(of: Array(inputs.utf8))), "name": .string(name),
      "sha256": digest(training), "testSHA256": digest(test.flatMap(\.examples)),
      "kind": .string(task.kind.rawValue), "formula": .string(task.formula),
      "labels": .integer(task.output.count), "training": .integer(training.count),
      "trainingLabels": .integer(training.reduce(0) { $0 + $1.output.count }),
      "testLengths": .array(test.map { .integer($0.length) }),
      "testExamples": .integer(test.first?.examples.count ?? 0),
    ]
  }
}
