import Documents
import Evaluation

/// How many runs of a program there were, and how many had no value, by reason.
struct NoValueCount {
  private(set) var runs = 0
  private var counts: [NoValue: Int] = [:]

  private static let reasons: [NoValue] = [.overflow, .divisionByZero, .outOfRange, .stepLimit]

  /// Counts a run.
  ///
  /// - Parameter reason: why it had no value; nil where it had one.
  mutating func add(_ reason: NoValue?) {
    runs += 1
    if let reason { counts[reason, default: 0] += 1 }
  }

  /// Runs that had no value for this reason.
  subscript(reason: NoValue) -> Int { counts[reason] ?? 0 }

  /// Runs without a value.
  var total: Int { Self.reasons.reduce(0) { $0 + self[$1] } }

  /// `4 of 40 inputs: 3 division by zero, 1 overflow`; nil where every run had a value.
  ///
  /// - Parameter inputs: what the runs were on.
  func text(_ inputs: String) -> String? {
    guard total > 0 else { return nil }
    let parts = Self.reasons.filter { self[$0] > 0 }.map { "\(Number.grouped(self[$0])) \(Self.words($0))" }
    return "\(Number.grouped(total)) of \(Number.grouped(runs)) \(inputs): \(parts.joined(separator: ", "))"
  }

  /// `{"divisionByZero":3,"overflow":1}`: the reasons that occur.
  var record: JSONValue {
    var members: [String: JSONValue] = [:]
    for reason in Self.reasons where self[reason] > 0 { members[Self.member(reason)] = .integer(self[reason]) }
    return .object(members)
  }

  private static func words(_ reason: NoValue) -> String {
    switch reason {
    case .overflow: "overflow"
    case .divisionByZero: "division by zero"
    case .outOfRange: "out of range"
    case .stepLimit: "step limit"
    }
  }

  private static func member(_ reason: NoValue) -> String {
    switch reason {
    case .overflow: "overflow"
    case .divisionByZero: "divisionByZero"
    case .outOfRange: "outOfRange"
    case .stepLimit: "stepLimit"
    }
  }
}
