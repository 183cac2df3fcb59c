/// Why a search ended.
public enum StopReason: Hashable, Sendable {
  /// What was asked for was found.
  case found
  /// The grammar has finitely many programs, and all were searched.
  case exhausted
  /// No program of any length agrees and differs on the signature's inputs from those found: every symbol gives known rows of
  /// values from known ones. Beyond those inputs there may be others.
  case noOtherFunction
  /// The program limit was reached.
  case maxPrograms(UInt64)
  /// The step limit was reached.
  case maxSteps(UInt64)
  /// All programs of at most so many bits were searched.
  case maxBits(Int)
  /// All phases up to this one were walked, and no later one may be.
  case maxPhase(Int)
  /// The time limit was reached.
  case timeLimit(Duration)
  /// The memory limit, in bytes.
  case memoryLimit(Int)
  /// More programs in one level than a 64-bit count holds.
  case countLimit
  /// A signal.
  case interrupted
}

extension StopReason: CustomStringConvertible {
  /// The reason as records and reports write it.
  public var description: String {
    switch self {
    case .found: "found"
    case .exhausted: "exhausted"
    case .noOtherFunction: "no other function on the signature"
    case .maxPrograms: "program limit"
    case .maxSteps: "step limit"
    case .maxBits: "bit limit"
    case .maxPhase: "phase limit"
    case .timeLimit: "time limit"
    case .memoryLimit: "memory limit"
    case .countLimit: "count limit"
    case .interrupted: "interrupted"
    }
  }
}
