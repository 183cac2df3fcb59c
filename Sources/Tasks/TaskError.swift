import Documents
public import Grammars

/// Why a task or a split cannot be made from what was asked. Faults of files are `InputError`s.
public enum TaskError: Error, Hashable, Sendable {
  /// No built-in task has this name.
  case unknownTask(String, nearest: String?)
  /// The task maps sequences to sequences, and a task on single inputs is needed.
  case notAFunction(String)
  /// `quantity` ("modulus", "width", "inputs") is outside what the task allows.
  case outOfRange(task: String, quantity: String, value: Int64, allowed: ClosedRange<Int64>)
  /// The task divides modulo `modulus`, which is not a prime; `nextPrime` is the next one that is, if any is allowed.
  case notPrime(task: String, modulus: Int64, nextPrime: Int64?)
  /// A Boolean task has no instance of this many inputs; `allowed` says which it has.
  case noSuchInstance(task: String, inputs: Int64, allowed: String)
  /// The task has no such quantity ("modulus", "width").
  case quantityNotUsed(task: String, quantity: String)
  /// The task has no example.
  case noExamples(task: String)
  /// All examples are for training: the split leaves none unseen.
  case nothingUnseen(task: String)
  /// Two examples (1-based) have equal inputs and different outputs.
  case contradiction(task: String, first: Int, second: Int, inputs: [Value], outputs: [Value])
  /// An example (1-based) does not have the sorts of the parameters and of the output.
  case wrongSorts(task: String, example: Int)
  /// A task file cannot hold the task: the readers would refuse it.
  case notWritable(task: String, reason: String)
  /// The split asks for fewer than 1 or for more training examples than there are.
  case splitOutOfRange(task: String, asked: String, examples: Int)
}

extension TaskError: CustomStringConvertible {
  /// One sentence: what is wrong, with its value, and what would be right.
  public var description: String {
    switch self {
    case .unknownTask(let name, let nearest):
      "unknown task \(quoted(name)); " + (nearest.map { "did you mean '\($0)'?" } ?? "'levin tasks' lists all of them")
    case .notAFunction(let name):
      "task '\(name)' maps sequences to sequences; expected a task on single inputs, such as 'mod-add'"
    case .outOfRange(let task, let quantity, let value, let allowed):
      "task '\(task)': \(quantity) \(value) is outside \(allowed.lowerBound) … \(allowed.upperBound), "
        + "the range for exhaustive tables"
    case .notPrime(let task, let modulus, let nextPrime):
      "task '\(task)': modulus \(modulus) is not a prime, and the task divides"
        + (nextPrime.map { "; the next prime is \($0)" } ?? "")
    case .noSuchInstance(let task, let inputs, let allowed):
      "task '\(task)': no instance of size \(inputs); expected \(allowed)"
    case .quantityNotUsed(let task, let quantity): "task '\(task)' has no \(quantity)"
    case .noExamples(let task): "task \(quoted(task)) has no examples"
    case .nothingUnseen(let task):
      "task \(quoted(task)) has no unseen examples: all are for training (--train-fraction and --train-count say how "
        + "many are)"
    case .contradiction(let task, let first, let second, let inputs, let outputs):
      "task \(quoted(task)): examples \(first) and \(second) contradict each other: "
        + "\(inputs.map(\.description).joined(separator: " ")) gives \(outputs[0]) and \(outputs[1])"
    case .wrongSorts(let task, let example):
      "task \(quoted(task)): example \(example) does not have the sorts of the parameters and the output"
    case .notWritable(let task, let reason): "task \(quoted(task)) cannot be written as a task file: \(reason)"
    case .splitOutOfRange(let task, let asked, let examples):
      "task \(quoted(task)): \(asked) of \(examples) examples is not a training set; expected 1 … \(examples) of them"
    }
  }
}
