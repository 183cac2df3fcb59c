import Comparison
import Documents
import ExactArithmetic
import Grammars
import Induction
import Tasks

/// Gives every value the same probability.
struct UniformMethod: ComparedMethod {
  let name = "uniform"
  let title = "uniform"
  let kind = MethodKind.baseline
  var settings: JSONValue { [:] }

  func codes(for kind: TaskKind) -> [String] { ["uniform"] }
  func handles(_ kind: TaskKind) -> Bool { true }
  func weight(_ question: Cell.Question, of kind: TaskKind) -> Double { 0.1 }

  /// Accuracy is the expected one of a guess, 1/|Y|.
  func learn(_ problem: Problem, seed: UInt64, context: CellContext) throws -> Outcome {
    var outcome = Outcome()
    let share = Rational(1, BigInteger(problem.alphabetSize))
    switch problem {
    case .function(let function):
      outcome.answered = function.order.count - function.trainingCount
      outcome.unseenRight = Rational(function.order.count - function.trainingCount) * share
      outcome.trainingRight = Rational(function.trainingCount) * share
    case .sequences(let sequences):
      if sequences.sequence == nil { outcome.accuracyByLength = sequences.test.map { ($0.length, share) } }
      if let unseen = problem.unseenCount {
        outcome.answered = unseen
        outcome.unseenRight = Self.expectedRight(sequences.test.flatMap(\.examples), guessing: share)
      }
    }
    return outcome
  }

  /// Whole outputs that are expected to be right when each symbol is with this probability.
  private static func expectedRight(_ examples: [SequenceExample], guessing share: Rational) -> Rational {
    let counts = Dictionary(grouping: examples, by: \.output.count).mapValues(\.count).sorted { $0.key < $1.key }
    return counts.reduce(Rational(0)) { $0 + Rational($1.value) * share.power($1.key) }
  }

  func code(_ problem: Problem, as code: String, seed: UInt64, context: CellContext) throws -> Outcome {
    var outcome = Outcome()
    outcome.codes = [.uniform(labels: problem.labelCount, alphabet: problem.alphabetSize)]
    return outcome
  }
}

/// A table of what was seen; other inputs get the most frequent label.
struct LookupMethod: ComparedMethod {
  let name = "lookup"
  let title = "lookup table"
  let kind = MethodKind.baseline
  var settings: JSONValue { ["entryBits": "whole bits", "otherwise": "most frequent training label"] }

  func codes(for kind: TaskKind) -> [String] { ["lookup table"] }
  func handles(_ kind: TaskKind) -> Bool { true }
  func weight(_ question: Cell.Question, of kind: TaskKind) -> Double { 0.1 }

  func learn(_ problem: Problem, seed: UInt64, context: CellContext) throws -> Outcome {
    guard case .function(let function) = problem else { return learn(sequences: problem) }
    var outcome = Outcome()
    let answer = Self.mostFrequent(function.training.map(\.output))
    outcome.answered = function.order.count - function.trainingCount
    outcome.unseenRight = Rational(function.unseen.count { $0.output == answer })
    outcome.trainingRight = Rational(function.trainingCount)
    outcome.work["entries"] = UInt64(function.trainingCount)
    // A word for each argument and one for the label.
    outcome.bytes = function.trainingCount * (function.task.parameters.count + 1) * MemoryLayout<Int64>.stride
    outcome.hypothesis = ["entries": .integer(function.trainingCount), "otherwise": .string(answer.description)]
    return outcome
  }

  /// Whole inputs are looked up; others get the most frequent training symbol in every place, of an integer sequence the most
  /// frequent term.
  private func learn(sequences problem: Problem) -> Outcome {
    guard case .sequences(let sequences) = problem else { preconditionFailure("a problem of another kind") }
    var outcome = Outcome()
    var table: [[Int]: [Int]] = [:]
    var counts = [Int](repeating: 0, count: sequences.data.output.count)
    for example in sequences.training {
      table[example.input] = example.output
      for symbol in example.output { counts[symbol] += 1 }
    }
    // The first symbol among equals.
    let usual = counts.indices.max { (counts[$0], -$0) < (counts[$1], -$1) }!
    let term = sequences.terms.map { Self.mostFrequent($0.map(\.output)).word }
    let usualTerm = term.map { SequenceTask.termSymbols($0) }
    outcome.score(sequences) { examples in
      examples.map { table[$0.input] ?? usualTerm ?? [Int](repeating: usual, count: $0.output.count) }
    }
    outcome.work["entries"] = UInt64(table.count)
    outcome.bytes = table.reduce(0) { $0 + ($1.key.count + $1.value.count) * MemoryLayout<Int>.stride }
    outcome.hypothesis = [
      "entries": .integer(table.count),
      "otherwise": .string(term.map { "\($0)" } ?? sequences.data.output.names[usual]),
    ]
    return outcome
  }

  /// The label that came most often, the first in order of words among equals.
  static func mostFrequent(_ labels: [Value]) -> Value {
    let counts = Dictionary(labels.map { ($0, 1) }, uniquingKeysWith: +)
    return counts.min { ($1.value, $0.key.word) < ($0.value, $1.key.word) }!.key
  }

  /// Each label as a number of whole bits, as a table in memory holds it.
  func code(_ problem: Problem, as code: String, seed: UInt64, context: CellContext) throws -> Outcome {
    var bits = 0
    while 1 << bits < problem.alphabetSize { bits += 1 }
    var outcome = Outcome()
    outcome.codes = [LabelCode("lookup table", [.init("entries", count: problem.labelCount, choices: 1 << bits)])]
    return outcome
  }
}

/// An exact predictor of sequences on the labels alone, in their order; it does not see the inputs.
///
/// Of a task on sequences the outputs, one behind the other in the order of the examples, are one sequence of labels: a
/// receiver knows where each one ends by the inputs or by its end symbol. With many labels a context tree is slow: its fractions have as many bits as the labels so far.
struct LabelSequenceMethod: ComparedMethod {
  enum Predictor: String { case ctw, kt }

  let predictor: Predictor
  var name: String { predictor.rawValue }
  var title: String { predictor == .ctw ? "context tree" : "label frequencies" }
  let kind = MethodKind.baseline

  /// Greatest length of a context: 1 for functions, since with many labels longer ones hardly come twice in a random
  /// order; 8 symbols for the outputs of sequences.
  private static let depth = 1
  private static let sequenceDepth = 8

  var settings: JSONValue {
    predictor == .ctw ? ["depth": .integer(Self.depth), "sequenceDepth": .integer(Self.sequenceDepth)] : [:]
  }

  func codes(for kind: TaskKind) -> [String] { [title] }
  func handles(_ kind: TaskKind) -> Bool { true }
  func learns(_ kind: TaskKind) -> Bool { kind == .function }
  func weight(_ question: Cell.Question, of kind: TaskKind) -> Double { predictor == .ctw ? 100 : 0.2 }

  private func start(_ alphabet: Int, depth: Int = Self.depth) -> any SequencePredictor {
    switch predictor {
    case .ctw: ContextTree(depth: depth, alphabetSize: alphabet)
    case .kt: KrichevskyTrofimovEstimator(alphabetSize: alphabet)
    }
  }

  private func trained(_ function: FunctionProblem, _ count: Int, _ context: CellContext) throws
    -> any SequencePredictor
  {
    guard function.alphabet.count > 1 else { throw CellFailure("all labels are equal; the estimators need two") }
    let numbers = Dictionary(uniqueKeysWithValues: function.alphabet.enumerated().map { ($1, $0) })
    var predictor = start(function.alphabet.count)
    for (place, example) in function.order.prefix(count).enumerated() {
      if place % 64 == 0, context.shouldStop() { throw CellInterrupted() }
      predictor.observe(numbers[example.output]!)
    }
    return predictor
  }

  /// The probability of all outputs, one behind the other.
  private func probability(of sequences: SequenceProblem, _ context: CellContext) throws -> Rational {
    guard sequences.data.output.count > 1 else { throw CellFailure("there is one symbol; the estimators need two") }
    var predictor = start(sequences.data.output.count, depth: Self.sequenceDepth)
    for example in sequences.training {
      if context.shouldStop() { throw CellInterrupted() }
      for symbol in example.output { predictor.observe(symbol) }
    }
    return predictor.sequenceProbability
  }

  /// Answers every unseen input with the likeliest label behind the training labels.
  func learn(_ problem: Problem, seed: UInt64, context: CellContext) throws -> Outcome {
    guard case .function(let function) = problem else { throw CellFailure("labels of functions are needed") }
    let distribution = try trained(function, function.trainingCount, context).distribution
    let best = distribution.indices.max { distribution[$0] < distribution[$1] }!
    var outcome = Outcome()
    outcome.answered = function.order.count - function.trainingCount
    outcome.unseenRight = Rational(function.unseen.count { $0.output == function.alphabet[best] })
    outcome.hypothesis = ["answer": .string(function.alphabet[best].description)]
    return outcome
  }

  func code(_ problem: Problem, as code: String, seed: UInt64, context: CellContext) throws -> Outcome {
    var outcome = Outcome()
    let probability =
      switch problem {
      case .function(let function): try trained(function, function.order.count, context).sequenceProbability
      case .sequences(let sequences): try probability(of: sequences, context)
      }
    outcome.codes = [LabelCode(title, [.init("labels", probability: probability)])]
    return outcome
  }
}
