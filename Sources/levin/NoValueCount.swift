import Documents
import Evaluation

/// How many runs of a program there were, and how many had no value, by reason.
struct NoValueCount {
  private(set) var runs = 0
  private var counts: [NoValue: Int] = [:]

  /// Reasons as people and as records read them, in the order of both.
  private static let reasons: [(reason: NoValue, words: String, member: String)] = [
    (.overflow, "overflow", "overflow"), (.divisionByZero, "division by zero", "divisionByZero"),
    (.outOfRange, "out of range", "outOfRange"), (.stepLimit, "step limit", "stepLimit"),
  ]

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
  var total: Int { counts.values.reduce(0, +) }

  /// `4 of 40 inputs: 3 division by zero, 1 overflow`; nil where every run had a value.
  ///
  /// - Parameter inputs: what the runs were on.
  func text(_ inputs: String) -> String? {
    guard total > 0 else { return nil }
    let parts = Self.reasons.filter { self[$0.reason] > 0 }.map { "\(Number.grouped(self[$0.reason])) \($0.words)" }
    return "\(Number.grouped(total)) of \(Number.grouped(runs)) \(inputs): \(parts.joined(separator: ", "))"
  }

  /// `{"divisionByZero":3,"overflow":1}`: the reasons that occur.
  var record: JSONValue {
    var members: [String: JSONValue] = [:]
    for (reason, _, member) in Self.reasons where self[reason] > 0 { members[member] = .integer(self[reason]) }
    return .object(members)
  }
}
