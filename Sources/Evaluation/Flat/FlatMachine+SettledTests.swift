import Grammars

/// Searches that go on: tests whose answer changes no more.
///
/// Nearly all steps of short programs with `compr` are of tests like n < 1 that no further number passes. Such a test is told
/// from its code, and the rounds that are left are counted, not run: the value and the steps are those of running them.
extension FlatMachine {
  /// The numbers at which a search looks at its test: this one, and then each `laterChecks` times as large.
  static let firstCheck: Int64 = 16
  static let laterChecks: Int64 = 8

  /// What a test says of a number and of all after it, within the steps of the run, and the steps of each time; nil where its
  /// code does not tell.
  ///
  /// Told is code without choices, loops and definitions, of numbers that lie between polynomials (`RoundBounds`).
  @inline(never)
  func settledTest(_ test: Function, from number: Int64) -> (answer: Bool, steps: UInt64)? {
    let code = state.pointee.code + test.start
    var (each, length) = (UInt64(0), 0)
    while code[length].code != .end {
      if code[length].code == .charge { each &+= UInt64(bitPattern: code[length].word) }
      length += 1
      if length > Self.longestTest { return nil }
    }
    if each == 0 { return nil }
    let last = (state.pointee.limit &- state.pointee.steps) / each
    return withUnsafeTemporaryAllocation(of: RoundBounds.self, capacity: length) { values in
      var depth = 0
      for instruction in UnsafeBufferPointer(start: code, count: length) {
        let value: RoundBounds?
        switch instruction.code {
        case .charge: continue
        case .constant: value = RoundBounds(instruction.word)
        case .variable where instruction.word == Int64(test.first): value = RoundBounds(number, slope: 1)
        case .variable: value = RoundBounds(slots[Int(instruction.word)])
        case .not:
          depth -= 1
          value = values[depth].negated
        case .add, .subtract, .multiply, .div, .mod, .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .distinct,
          .and, .or, .implies:
          depth -= 2
          value = RoundBounds.apply(instruction.code, values[depth], values[depth + 1])
        default: return nil
        }
        guard let value, value.fits(upTo: last) else { return nil }
        values[depth] = value
        depth += 1
      }
      return values[0].truth.map { ($0, each) }
    }
  }

  private static let longestTest = 64

  /// The number that a search ends with, `left` numbers that pass before it, where every further test says `answer`.
  func endSearch(at number: Int64, left: Int64, _ rest: (answer: Bool, steps: UInt64)) -> Int64 {
    let rounds = (state.pointee.limit &- state.pointee.steps) / rest.steps
    if rest.answer, UInt64(left) < rounds {
      state.pointee.steps &+= (UInt64(left) + 1) &* rest.steps
      return number &+ left
    }
    state.pointee.steps &+= (rounds &+ 1) &* rest.steps
    _ = fail(.stepLimit)
    return Value.noValueWord
  }
}
