import Grammars

/// What a loop must give after some counts of iterations.
struct Trace {
  /// Value after so many iterations, as far as examples tell.
  let value: [Int64: Int64]
  /// In rising order.
  let counts: [Int64]

  /// Fewest transitions that tell a body.
  static let leastTransitions = 6

  /// Nil when one count asks for two values. A loop with a count below 0 gives what it gives with 0.
  init?(counts row: [Int64], values: [Int64]) {
    var value: [Int64: Int64] = [:]
    for (count, wanted) in zip(row, values) {
      let count = max(0, count)
      if let known = value[count], known != wanted { return nil }
      value[count] = wanted
    }
    self.value = value
    counts = value.keys.sorted()
  }

  /// The counts i of which all of i … i + `width` are known.
  func windows(_ width: Int64) -> [Int64] {
    counts.filter { i in (1...width).allSatisfy { value[i &+ $0] != nil } }
  }
}
