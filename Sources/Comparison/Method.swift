public import Documents
public import ExactArithmetic

/// A method of the comparison: search, mixture, network or baseline. The contract is all that `Comparison` sees of it.
///
/// Given problem and seed, an outcome is a function of the method's settings and files; times are measured apart.
public protocol ComparedMethod: Sendable {
  /// The word in plans, such as `search`.
  var name: String { get }
  /// What tables call it, such as `program search`.
  var title: String { get }
  /// What it is made of: a program, a network, or neither.
  var kind: MethodKind { get }
  /// Every setting that decides an outcome beside problem, seed and the files that are read.
  var settings: JSONValue { get }
  /// The codes for labels that it has, by name.
  func codes(for kind: TaskKind) -> [String]
  /// Whether it can be asked about such tasks.
  func handles(_ kind: TaskKind) -> Bool
  /// Whether it answers unseen inputs of such tasks; a method that does not has codes alone.
  func learns(_ kind: TaskKind) -> Bool
  /// The files that an outcome depends on beside the problem's data, such as the grammar that is searched.
  ///
  /// A function of the task alone, whatever its split; read anew each time, so that a change is seen.
  func files(for problem: Problem) -> [FileDigest]
  /// About how long a cell takes, in any unit: long ones are started first.
  func weight(_ question: Cell.Question, of kind: TaskKind) -> Double
  /// Learns from the training examples and answers the others.
  func learn(_ problem: Problem, seed: UInt64, context: CellContext) throws -> Outcome
  /// Codes all labels of a problem in their order.
  func code(_ problem: Problem, as code: String, seed: UInt64, context: CellContext) throws -> Outcome
}

extension ComparedMethod {
  /// The default: a method that handles such tasks answers their unseen inputs.
  public func learns(_ kind: TaskKind) -> Bool { handles(kind) }
  /// The default: no file is read.
  public func files(for problem: Problem) -> [FileDigest] { [] }
}

/// What a method is made of; decides its place in sentences.
public enum MethodKind: String, Hashable, Sendable, CaseIterable {
  /// Finds a program.
  case program
  /// Fits weights.
  case network
  /// Knows next to nothing.
  case baseline
}

/// What a task maps.
public enum TaskKind: String, Hashable, Sendable {
  /// Single inputs.
  case function
  /// Sequences of symbols.
  case sequences
  /// The index of an integer sequence to its term: integers for programs, their digits for all else.
  case terms
}

/// What a running cell may use beside its problem.
public struct CellContext: Sendable {
  /// Folder for the cell's own files (a network); nil keeps none.
  public let folder: String?
  /// CPU seconds of the running thread since the cell began.
  public let cpuSeconds: @Sendable () -> Double
  /// Whether the cell should give up because of a signal; it then throws `CellInterrupted`.
  public let shouldStop: @Sendable () -> Bool

  /// A context from its parts.
  public init(
    folder: String?, cpuSeconds: @escaping @Sendable () -> Double, shouldStop: @escaping @Sendable () -> Bool
  ) {
    self.folder = folder
    self.cpuSeconds = cpuSeconds
    self.shouldStop = shouldStop
  }
}

/// Thrown by a cell that was told to stop: it has no outcome and runs again when the comparison goes on.
public struct CellInterrupted: Error {
  /// The error has no parts: the cell simply runs again.
  public init() {}
}

/// A method cannot answer a cell, with the reason; the others go on.
public struct CellFailure: Error, CustomStringConvertible {
  /// The reason, as records keep it.
  public let description: String
  /// A failure with its reason.
  public init(_ description: String) { self.description = description }
}

/// What a cell came to.
public struct Outcome: Sendable {
  /// Right answers on unseen inputs: a count, or an expectation for a method that guesses. Nil for a code.
  public var unseenRight: Rational?
  /// Unseen inputs that the method had an answer for.
  public var answered: Int?
  /// Training examples answered rightly.
  public var trainingRight: Rational?
  /// Share of right symbols at each test length.
  public var accuracyByLength: [(length: Int, accuracy: Rational)] = []
  /// Why it ended.
  public var stop = "done"
  /// Limits of the work, by name, at which the method ends whether it is done or not: `maxPrograms` and `tableBytes` of
  /// one search, `maxUpdates` of all training. Empty where nothing is limited.
  public var budget: [String: UInt64] = [:]
  /// Counted operations by name: all whole numbers, from the method's own counters.
  public var work: [String: UInt64] = [:]
  /// Bytes of the method's own storage at its greatest, from its own counters: a search's tables; a network's parameters,
  /// gradient, optimiser, activations and tokens; a table's entries. Cells run side by side in one process, whose resident
  /// memory is none's own. Nil where the method keeps no count.
  public var bytes: Int?
  /// The program's text, or the network with its file.
  public var hypothesis: JSONValue = .null
  /// Codes for all labels.
  public var codes: [LabelCode] = []
  /// The estimate of a trained network's local learning coefficient with its settings; no code, and kept apart from them.
  public var learningCoefficient: JSONValue?
  /// What figures are drawn from.
  public var details: [String: JSONValue] = [:]
  /// Times within the cell: the only part of an outcome that differs from run to run.
  public var times: [String: JSONValue] = [:]
  /// CPU seconds of what was measured beside the question, which the cell's own do not hold.
  public var measuringSeconds = 0.0

  /// An outcome of nothing, to be filled.
  public init() {}
}
