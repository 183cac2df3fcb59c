import Grammars

/// The states of a loop whose body sees nothing but its own variables: run once, read by every count on every lane.
///
/// State i is that after i iterations, with the steps up to it; a body that fails ends the list.
struct IterateCache {
  private struct Run {
    var start: Int64 = 0
    var isUsed = false
    var x: [Int64] = []
    var y: [Int64] = []
    var steps: [UInt64] = []
    var failure: NoValue?
  }

  private var body: Int32 = -1
  private(set) var isClosed = false
  private var runs = Array(repeating: Run(), count: Self.slots)
  private static let slots = 32

  /// Turns to a body; keeps what is known of the same one.
  mutating func turn(to body: Int32, isClosed: @autoclosure () -> Bool) {
    if body == self.body { return }
    self.body = body
    self.isClosed = isClosed()
    for slot in 0..<Self.slots { runs[slot].isUsed = false }
  }

  /// The state after `count` iterations, extending what is known with `next`.
  ///
  /// - Parameter next: runs the body once on a state; nil when it fails.
  mutating func state(
    after count: Int64, from start: (key: Int64, x: Int64, y: Int64), limit: UInt64,
    next: (Int64, Int64) -> (x: Int64, y: Int64, steps: UInt64)?, failure: () -> NoValue
  ) -> (x: Int64?, reason: NoValue) {
    let slot = Int(truncatingIfNeeded: (UInt64(bitPattern: start.key) &* 0x9E37_79B9_7F4A_7C15) >> 59)
    if !runs[slot].isUsed || runs[slot].start != start.key {
      runs[slot].start = start.key
      runs[slot].isUsed = true
      runs[slot].x.removeAll(keepingCapacity: true)
      runs[slot].y.removeAll(keepingCapacity: true)
      runs[slot].steps.removeAll(keepingCapacity: true)
      runs[slot].x.append(start.x)
      runs[slot].y.append(start.y)
      runs[slot].steps.append(0)
      runs[slot].failure = nil
    }
    let wanted = max(0, count)
    while runs[slot].x.count <= wanted, runs[slot].failure == nil {
      let last = runs[slot].x.count - 1
      if runs[slot].steps[last] >= limit {
        runs[slot].failure = .stepLimit
      } else if let state = next(runs[slot].x[last], runs[slot].y[last]) {
        runs[slot].x.append(state.x)
        runs[slot].y.append(state.y)
        runs[slot].steps.append(runs[slot].steps[last] + state.steps)
      } else {
        runs[slot].failure = failure()
      }
    }
    guard wanted < runs[slot].x.count else { return (nil, runs[slot].failure!) }
    let position = Int(wanted)
    return runs[slot].steps[position] <= limit ? (runs[slot].x[position], .stepLimit) : (nil, .stepLimit)
  }
}

/// The numbers that pass a test which sees nothing but its own variable.
struct PassingNumbers {
  private var body: Int32 = -1
  private(set) var isClosed = false
  /// Each number that passes, with the steps up to it.
  private var found: [(number: Int64, steps: UInt64)] = []
  private var next: Int64 = 0
  private var spent: UInt64 = 0
  private var failure: NoValue?

  mutating func turn(to body: Int32, isClosed: @autoclosure () -> Bool) {
    if body == self.body { return }
    self.body = body
    self.isClosed = isClosed()
    found.removeAll(keepingCapacity: true)
    (next, spent, failure) = (0, 0, nil)
  }

  /// The number at place k, from 0.
  mutating func number(
    at place: Int64, limit: UInt64, test: (Int64) -> (passes: Bool, steps: UInt64)?, failure reason: () -> NoValue
  ) -> (number: Int64?, reason: NoValue) {
    while found.count <= place, failure == nil {
      if spent >= limit {
        failure = .stepLimit
      } else if let result = test(next) {
        spent += result.steps
        if result.passes { found.append((next, spent)) }
        next += 1
      } else {
        failure = reason()
      }
    }
    guard place < found.count else { return (nil, failure!) }
    let entry = found[Int(place)]
    return entry.steps <= limit ? (entry.number, .stepLimit) : (nil, .stepLimit)
  }
}

// MARK: - On the machine

extension TermMachine {
  /// `loop`, `loop2` and `compr` on one lane, with what earlier lanes and counts have computed where the body allows it.
  func bindSharing(
    _ head: TermStore.Head, _ a: Int64, _ b: Int64, _ c: Int64, _ iterates: inout IterateCache,
    _ passing: inout PassingNumbers
  ) -> Int64 {
    let function = Function(state.pointee.terms.nodes[Int(a)])
    let limit = state.pointee.limit
    switch head {
    case .compr:
      passing.turn(to: Int32(truncatingIfNeeded: a), isClosed: isClosed(function.body, [function.first]))
      guard passing.isClosed, b >= 0 else { return bind(head, a, b, c) }
      let saved = state.pointee.slots[function.first]
      defer { state.pointee.slots[function.first] = saved }
      let result = passing.number(at: b, limit: limit) { m in
        state.pointee.slots[function.first] = m
        state.pointee.steps = 0
        let word = evaluate(function.body)
        return word == Value.noValueWord ? nil : (word == 1, state.pointee.steps)
      } failure: {
        state.pointee.reason
      }
      return result.number ?? fail(result.reason)
    case .loop2:
      let node = state.pointee.terms.nodes[Int(function.body)]
      iterates.turn(
        to: Int32(truncatingIfNeeded: a), isClosed: isClosed(function.body, [function.first, function.second]))
      guard iterates.isClosed, node.head == .pair, b < 1 << 20 else { return bind(head, a, b, c) }
      let (x, y) = parts(c)
      return sharing(function, count: b, start: (c, x, y), &iterates) { [self] in
        guard step() else { return nil }
        let x = evaluate(node.a)
        if x == Value.noValueWord { return nil }
        let y = evaluate(node.b)
        return y == Value.noValueWord ? nil : (x, y)
      }
    default:
      iterates.turn(
        to: Int32(truncatingIfNeeded: a), isClosed: isClosed(function.body, [function.first, function.second]))
      guard iterates.isClosed, b < 1 << 20 else { return bind(head, a, b, c) }
      let slots = state.pointee.slots
      return sharing(function, count: b, start: (c, c, 1), &iterates) { [self] in
        let i = slots[function.second]
        let x = evaluate(function.body)
        return x == Value.noValueWord ? nil : (x, i + 1)
      }
    }
  }

  private func sharing(
    _ function: Function, count: Int64, start: (Int64, Int64, Int64), _ iterates: inout IterateCache,
    _ body: () -> (Int64, Int64)?
  ) -> Int64 {
    let slots = state.pointee.slots
    let saved = (slots[function.first], slots[function.second])
    let result = iterates.state(after: count, from: (start.0, start.1, start.2), limit: state.pointee.limit) { x, y in
      slots[function.first] = x
      slots[function.second] = y
      state.pointee.steps = 0
      return body().map { ($0.0, $0.1, state.pointee.steps) }
    } failure: {
      state.pointee.reason
    }
    (slots[function.second], slots[function.first]) = (saved.1, saved.0)
    return result.x ?? fail(result.reason)
  }

  /// Whether a term mentions no variable but these and those that it binds itself.
  func isClosed(_ number: Int32, _ bound: [Int]) -> Bool {
    let node = state.pointee.terms.nodes[Int(number)]
    switch node.head {
    case .constant: return true
    case .variable: return bound.contains(Int(node.a))
    case .lambda:
      let function = Function(node)
      return isClosed(node.a, bound + [function.first, function.second, function.third].prefix(Int(node.b)))
    case .call, .transduce, .transduce2: return false
    case .not, .negate, .abs, .even, .isqrt, .reverse, .sort, .unique, .last, .length, .sum, .product:
      return isClosed(node.a, bound)
    default:
      return isClosed(node.a, bound) && isClosed(node.b, bound) && (!node.head.takesThree || isClosed(node.c, bound))
    }
  }
}
