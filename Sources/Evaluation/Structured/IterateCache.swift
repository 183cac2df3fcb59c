import Grammars

/// The states of a loop whose body sees nothing but its own variables: run once, read by every count on every lane.
///
/// State i is that after i iterations, with the steps up to it; a body that fails ends the list.
final class IterateCache {
  private struct Entry {
    let x: Int64
    let y: Int64
    let steps: UInt64
  }

  /// From one start.
  private struct Run {
    var start: Int64 = 0
    var isUsed = false
    var failure: NoValue?
    var count = 0
    var capacity = 0
    var entries: UnsafeMutablePointer<Entry>?

    @inline(__always)
    mutating func append(_ entry: Entry) {
      if count == capacity { grow() }
      entries![count] = entry
      count &+= 1
    }

    private mutating func grow() {
      capacity = max(32, 2 * capacity)
      let larger = UnsafeMutablePointer<Entry>.allocate(capacity: capacity)
      if let entries {
        larger.update(from: entries, count: count)
        entries.deallocate()
      }
      entries = larger
    }
  }

  /// What changes, behind one pointer: a class's own variables are checked for exclusive access each time.
  private struct State {
    var body: Int32 = -1
    var isClosed = false
  }

  private let state: UnsafeMutablePointer<State>
  private let runs: UnsafeMutablePointer<Run>
  private static let slots = 32

  init() {
    state = .allocate(capacity: 1)
    state.initialize(to: State())
    runs = .allocate(capacity: Self.slots)
    runs.initialize(repeating: Run(), count: Self.slots)
  }

  deinit {
    for slot in 0..<Self.slots { runs[slot].entries?.deallocate() }
    runs.deallocate()
    state.deallocate()
  }

  var isClosed: Bool { state.pointee.isClosed }

  /// Turns to a body; keeps what is known of the same one.
  @inline(__always)
  func turn(to body: Int32, isClosed: @autoclosure () -> Bool) {
    if body == state.pointee.body { return }
    state.pointee = State(body: body, isClosed: isClosed())
    for slot in 0..<Self.slots { runs[slot].isUsed = false }
  }

  /// The state after `count` iterations, extending what is known with `next`.
  ///
  /// - Parameter next: runs the body once on a state; nil when it fails.
  @inline(__always)
  func state(
    after count: Int64, from start: (key: Int64, x: Int64, y: Int64), limit: UInt64,
    next: (Int64, Int64) -> (x: Int64, y: Int64, steps: UInt64)?, failure: () -> NoValue
  ) -> (x: Int64?, reason: NoValue) {
    let run = runs + Int(truncatingIfNeeded: (UInt64(bitPattern: start.key) &* 0x9E37_79B9_7F4A_7C15) >> 59)
    if !run.pointee.isUsed || run.pointee.start != start.key {
      run.pointee.start = start.key
      run.pointee.isUsed = true
      run.pointee.failure = nil
      run.pointee.count = 0
      run.pointee.append(Entry(x: start.x, y: start.y, steps: 0))
    }
    let wanted = Int(max(0, count))
    while run.pointee.count <= wanted, run.pointee.failure == nil {
      let last = run.pointee.entries![run.pointee.count &- 1]
      if last.steps >= limit {
        run.pointee.failure = .stepLimit
      } else if let state = next(last.x, last.y) {
        run.pointee.append(Entry(x: state.x, y: state.y, steps: last.steps + state.steps))
      } else {
        run.pointee.failure = failure()
      }
    }
    guard wanted < run.pointee.count else { return (nil, run.pointee.failure!) }
    let entry = run.pointee.entries![wanted]
    return entry.steps <= limit ? (entry.x, .stepLimit) : (nil, .stepLimit)
  }
}

/// The numbers that pass a test which sees nothing but its own variable.
final class PassingNumbers {
  private struct State {
    var body: Int32 = -1
    var isClosed = false
    /// Each number that passes, with the steps up to it.
    var found: [(number: Int64, steps: UInt64)] = []
    var next: Int64 = 0
    var spent: UInt64 = 0
    var failure: NoValue?
  }

  private let state: UnsafeMutablePointer<State>

  init() {
    state = .allocate(capacity: 1)
    state.initialize(to: State())
  }

  deinit {
    state.deinitialize(count: 1)
    state.deallocate()
  }

  var isClosed: Bool { state.pointee.isClosed }

  @inline(__always)
  func turn(to body: Int32, isClosed: @autoclosure () -> Bool) {
    if body == state.pointee.body { return }
    state.pointee.found.removeAll(keepingCapacity: true)
    (state.pointee.body, state.pointee.isClosed) = (body, isClosed())
    (state.pointee.next, state.pointee.spent, state.pointee.failure) = (0, 0, nil)
  }

  /// The number at place k, from 0.
  @inline(__always)
  func number(
    at place: Int64, limit: UInt64, test: (Int64) -> (passes: Bool, steps: UInt64)?, failure reason: () -> NoValue
  ) -> (number: Int64?, reason: NoValue) {
    while state.pointee.found.count <= place, state.pointee.failure == nil {
      if state.pointee.spent >= limit {
        state.pointee.failure = .stepLimit
      } else if let result = test(state.pointee.next) {
        state.pointee.spent += result.steps
        if result.passes { state.pointee.found.append((state.pointee.next, state.pointee.spent)) }
        state.pointee.next += 1
      } else {
        state.pointee.failure = reason()
      }
    }
    guard place < state.pointee.found.count else { return (nil, state.pointee.failure!) }
    let entry = state.pointee.found[Int(place)]
    return entry.steps <= limit ? (entry.number, .stepLimit) : (nil, .stepLimit)
  }
}

// MARK: - On the machine

extension TermMachine {
  /// `loop`, `loop2` and `compr` on one lane, with what earlier lanes and counts have computed where the body allows it.
  func bindSharing(
    _ head: TermStore.Head, _ a: Int64, _ b: Int64, _ c: Int64, _ iterates: IterateCache,
    _ passing: PassingNumbers
  ) -> Int64 {
    let function = Function(state.pointee.terms.nodes[Int(a)])
    let limit = state.pointee.limit
    switch head {
    case .compr:
      passing.turn(to: Int32(truncatingIfNeeded: a), isClosed: isClosed(function.body, [function.first]))
      guard passing.isClosed, b >= 0, b < 1 << 20 else { return bind(head, a, b, c) }
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
      return sharing(function, count: b, start: (c, x, y), iterates) { [self] in
        guard step() else { return nil }
        let x = operand(node.a)
        if x == Value.noValueWord { return nil }
        let y = operand(node.b)
        return y == Value.noValueWord ? nil : (x, y)
      }
    default:
      iterates.turn(
        to: Int32(truncatingIfNeeded: a), isClosed: isClosed(function.body, [function.first, function.second]))
      guard iterates.isClosed, b < 1 << 20 else { return bind(head, a, b, c) }
      let slots = state.pointee.slots
      return sharing(function, count: b, start: (c, c, 1), iterates) { [self] in
        let i = slots[function.second]
        let x = evaluate(function.body)
        return x == Value.noValueWord ? nil : (x, i + 1)
      }
    }
  }

  private func sharing(
    _ function: Function, count: Int64, start: (Int64, Int64, Int64), _ iterates: IterateCache,
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
    case .call, .transduce, .transduce2, .nested, .solve: return false
    case .not, .negate, .abs, .even, .isqrt, .reverse, .sort, .unique, .last, .length, .sum, .product:
      return isClosed(node.a, bound)
    default:
      return isClosed(node.a, bound) && isClosed(node.b, bound) && (!node.head.takesThree || isClosed(node.c, bound))
    }
  }
}
