import Grammars

/// A symbol of a language with binders on rows of words: what `RowProgram` runs where batch kernels do not reach.
///
/// The row of a term under a `lambda` holds the number of its normal form on every lane; so does the row of a lambda. Other
/// rows hold values.
public final class StructuredSymbol: @unchecked Sendable {
  private enum Work {
    /// Makes a term of terms.
    case term(TermStore.Head, isCommutative: Bool)
    case lambda([Int])
    case call(Int)
    case compute(TermStore.Head)
    case bind(TermStore.Head)
    case transduce(isDouble: Bool)
    /// Undoes an operator for one argument: from the result and the other argument.
    case undo(TermStore.Head, position: Int)
  }

  private let work: Work
  private let arity: Int
  private let machine: TermMachine
  private var trajectories: [Trajectory] = []
  private let iterates = IterateCache()
  private let passing = PassingNumbers()

  /// The state after a stream, kept for the outputs that follow.
  private struct Trajectory {
    var start: Int64 = 0
    var update: Int64 = -1
    var state: (Int64, Int64)?
    var steps: UInt64 = 0
  }

  /// Nil when the batch kernels run the symbol.
  init?(_ symbol: Grammar.Symbol, arity: Int, isOpen: Bool, machine: TermMachine) {
    self.arity = arity
    self.machine = machine
    switch symbol {
    case .variable, .constant, .unit: return nil
    case .lambda(let variables): work = .lambda(variables)
    case .call(let index) where isOpen: work = .call(index)
    case .operation(let op) where isOpen:
      guard let head = TermStore.Head(op) else { preconditionFailure("\(op.head) does not occur beside lambdas") }
      work = .term(head, isCommutative: op.isCommutative)
    case .operation(.transduce): work = .transduce(isDouble: false)
    case .operation(.transduce2): work = .transduce(isDouble: true)
    case .operation(let op) where op.isStructured:
      let head = TermStore.Head(op)!
      switch op {
      case .loop, .loop2, .compr, .map, .filter, .fold, .scan, .nested, .solve: work = .bind(head)
      default: work = .compute(head)
      }
    default: return nil
    }
  }

  /// What undoes `op` for its argument at `position`, exactly one value or none; nil where there is no such rule.
  init?(undoing op: Operator, position: Int, machine: TermMachine) {
    switch (op, position) {
    case (.append, _), (.cons, _), (.reverse, _), (.digits, 1), (.fit, 0): break
    default: return nil
    }
    arity = 2
    self.machine = machine
    work = .undo(TermStore.Head(op)!, position: position)
  }

  /// Evaluations of an ordinary operator that one of this symbol is worth, about.
  public var workFactor: Double {
    switch work {
    case .term, .lambda, .call: 2
    case .compute, .undo: 8
    case .bind, .transduce: 40
    }
  }

  /// Computes rows, as `RowProgram.run` does.
  func run(
    _ arguments: (RowSource, RowSource, RowSource), into out: UnsafeMutablePointer<Int64>, step: Int, count: Int,
    lanes: Int
  ) {
    for row in 0..<count {
      // Columns beyond the arity hold nothing.
      let a = arguments.0.row(row)
      let b = arity > 1 ? arguments.1.row(row) : a
      let c = arity > 2 ? arguments.2.row(row) : a
      let target = out + row * step
      if let term = term(a[0], b[0], c[0]) {
        target.update(repeating: Int64(term), count: lanes)
        continue
      }
      for lane in 0..<lanes {
        let original = machine.source(of: lane)
        target[lane] = original < lane ? target[original] : value(a[lane], b[lane], c[lane], lane)
      }
    }
  }

  /// Whether the value on each of `lanes`, in this order, is one that `agrees` takes; ends at the first that is not.
  package func holds(
    _ a: UnsafePointer<Int64>, _ b: UnsafePointer<Int64>, _ c: UnsafePointer<Int64>, on lanes: [Int],
    _ agrees: (Int, Int64) -> Bool
  ) -> Bool {
    for lane in lanes where machine.source(of: lane) == lane {
      if !agrees(lane, value(a[lane], b[lane], c[lane], lane)) { return false }
    }
    return true
  }

  /// Whether it computes values, not terms.
  package var hasValues: Bool {
    switch work {
    case .term, .lambda, .call: false
    default: true
    }
  }

  @inline(__always)
  private func term(_ a: Int64, _ b: Int64, _ c: Int64) -> Int32? {
    let (first, second) = (Int32(truncatingIfNeeded: a), Int32(truncatingIfNeeded: b))
    let third = Int32(truncatingIfNeeded: c)
    switch work {
    case .term(let head, let isCommutative):
      let state = machine.state
      return state.pointee.terms.apply(
        head, first, second, third, arity: arity, isCommutative: isCommutative, modulus: state.pointee.modulus)
    case .lambda(let variables): return machine.lambda(variables, first)
    case .call(let index): return machine.call(index, Array([first, second, third].prefix(arity)))
    default: return nil
    }
  }

  private func value(_ a: Int64, _ b: Int64, _ c: Int64, _ lane: Int) -> Int64 {
    let none = Value.noValueWord
    if a == none || arity > 1 && b == none || arity > 2 && c == none { return none }
    machine.enter(lane)
    switch work {
    case .compute(let head): return machine.compute(head, a, b)
    case .bind(let head):
      switch head {
      case .loop, .loop2, .compr: return machine.bindSharing(head, a, b, c, iterates, passing)
      default: return machine.bind(head, a, b, c)
      }
    case .transduce(let isDouble): return transduce(a, b, c, lane, isDouble)
    case .undo(let head, let position): return machine.undo(head, position, a, b)
    default: preconditionFailure("a term has no value on a lane")
    }
  }

  private func transduce(_ start: Int64, _ update: Int64, _ output: Int64, _ lane: Int, _ isDouble: Bool) -> Int64 {
    while trajectories.count <= lane { trajectories.append(Trajectory()) }
    let nodes = machine.state.pointee.terms.nodes
    let (body, answer) = (TermMachine.Function(nodes[Int(update)]), TermMachine.Function(nodes[Int(output)]))
    let stream = machine.state.pointee.slots[0]
    var known = trajectories[lane]
    if known.start != start || known.update != update {
      known = Trajectory(start: start, update: update)
      if isDouble {
        known.state = machine.run2(body, start: start, over: stream)
      } else {
        known.state = machine.run(body, start: start, over: stream).map { ($0, 0) }
      }
      known.steps = machine.state.pointee.steps
      trajectories[lane] = known
    } else {
      machine.state.pointee.steps = known.steps
    }
    guard let (s, t) = known.state else { return Value.noValueWord }
    return isDouble ? machine.answer2(answer, s, t, stream) : machine.answer(answer, s, stream)
  }
}

extension RowSource {
  @inline(__always)
  fileprivate func row(_ position: Int) -> UnsafePointer<Int64> {
    base + (indices.map { Int($0[position]) } ?? position) * step
  }
}

// MARK: - Lanes

extension TermMachine {
  /// Sets the rows that symbols are run on: a word per parameter and lane, of this machine.
  ///
  /// A lane that repeats an earlier one is not run again.
  public func setLanes(_ inputs: [[Int64]], stepLimit: UInt64) {
    let (count, width) = (inputs.first?.count ?? 0, inputs.count)
    state.pointee.laneInputs.deallocate()
    state.pointee.laneSources.deallocate()
    state.pointee.laneInputs = .allocate(capacity: max(1, count * width))
    state.pointee.laneSources = .allocate(capacity: max(1, count))
    (state.pointee.laneCount, state.pointee.laneWidth, state.pointee.laneStepLimit) = (count, width, stepLimit)
    var first: [[Int64]: Int] = [:]
    for lane in 0..<count {
      let words = inputs.map { $0[lane] }
      for (slot, word) in words.enumerated() { state.pointee.laneInputs[lane * width + slot] = word }
      state.pointee.laneSources[lane] = first[words] ?? lane
      if first[words] == nil { first[words] = lane }
    }
  }

  @inline(__always)
  func source(of lane: Int) -> Int {
    lane < state.pointee.laneCount ? state.pointee.laneSources[lane] : lane
  }

  @inline(__always)
  func enter(_ lane: Int) {
    let width = state.pointee.laneWidth
    precondition(lane < state.pointee.laneCount || width == 0)
    let words = state.pointee.laneInputs + lane &* width
    for slot in 0..<width { state.pointee.slots[slot] = words[slot] }
    begin(limit: state.pointee.laneStepLimit)
  }
}
