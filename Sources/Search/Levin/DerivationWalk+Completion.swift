import Evaluation
import ExactArithmetic
import Grammars

/// Subterms that are complete.
extension DerivationWalk {
  /// Goes on with a complete argument: to the next one, or, after the last, to the values of the operator. What that takes is
  /// added to `state`.
  func complete(_ done: Part, _ parent: Int32, _ state: UnsafeMutablePointer<State>, _ limit: UInt64) {
    var (part, place) = (done, parent)
    while true {
      let frame = self.frame(place)
      let production = production(frame.pointee.production)
      if frame.pointee.argument &+ 1 < production.pointee.count { return next(part, place, state) }
      var result = Part(start: frame.pointee.start)
      switch judge(production, frame, part, &result) {
      case .removed: return merge(state)
      case .doubled: state.pointee.copies += 1
      case .kept: break
      }
      if !production.pointee.isOpen, settings.sharesPrefixes {
        guard evaluate(frame, production, part, &result, state, limit) else { return }
      }
      (part, place) = (result, frame.pointee.parent)
      if place < 0 { return finishRow(part, state, limit) }
    }
  }

  /// A program is complete with a lambda, not with a leaf: its row says what it gives.
  private func finishRow(_ result: Part, _ state: UnsafeMutablePointer<State>, _ limit: UInt64) {
    precondition(goal == .outputs, "a function of integers that ends with a lambda")
    tally.programs &+= 1
    if !settings.sharesPrefixes { return runWhole(state, limit, from: 0, 0) }
    if state.pointee.steps > limit { return addOpen(state) }
    for lane in 0..<laneCount where !isWanted(rows[Int(result.row) + lane], lane) { return addWrong(state) }
    runWhole(state, limit, from: laneCount, state.pointee.steps)
  }

  private func isWanted(_ word: Int64, _ lane: Int) -> Bool {
    isListWanted ? machine.listsAreEqual(word, expected[lane]) : word == expected[lane]
  }

  /// Derives the argument after `part`, in a frame of its own.
  private func next(_ part: Part, _ current: Int32, _ state: UnsafeMutablePointer<State>) {
    let place = push()
    let frame = self.frame(place)
    frame.initialize(to: self.frame(current).pointee)
    if frame.pointee.argument == 0 { frame.pointee.first = part } else { frame.pointee.second = part }
    let argument = Int(frame.pointee.argument) + 1
    frame.pointee.argument = Int32(truncatingIfNeeded: argument)
    let production = production(frame.pointee.production)
    let isOpen = production.pointee.isOpen
    let parent = frame.pointee.parent
    var rest = parent < 0 ? 0 : self.frame(parent).pointee.rest
    if production.pointee.isChoice {
      if argument == 1, removesBranch(production, part) { return merge(state) }
      if !isOpen, settings.sharesPrefixes {
        let other = branchLanes(frame.pointee, when: 0)
        frame.pointee.argumentLanes = argument == 1 ? branchLanes(frame.pointee, when: 1) : other
        if argument == 1 {
          rest &+= tables.nonterminals[production.pointee.argument(2)].leastSteps &* weight(other)
        }
      } else {
        // Which inputs a branch runs on is not known: it counts for nothing.
        frame.pointee.argumentLanes = Lanes(offset: frame.pointee.lanes.offset, count: 0)
      }
    } else {
      frame.pointee.argumentLanes = frame.pointee.lanes
      var later = argument + 1
      while later < production.pointee.count {
        rest &+= tables.nonterminals[production.pointee.argument(later)].leastSteps &* weight(frame.pointee.lanes)
        later += 1
      }
    }
    frame.pointee.rest = rest
    frame.pointee.isLast =
      argument == production.pointee.count - 1 && !isOpen && (parent < 0 || self.frame(parent).pointee.isLast)
    visit(production.pointee.argument(argument), parent: place, state)
  }

  /// The inputs of a choice on which its condition is `truth`.
  private func branchLanes(_ frame: Frame, when truth: Int64) -> Lanes {
    let list = makeRow(Int(frame.lanes.count))
    var count = 0
    for index in 0..<Int(frame.lanes.count) {
      let lane = rows[Int(frame.lanes.offset) + index]
      if rows[Int(frame.first.row) + Int(lane)] == truth {
        rows[Int(list) + count] = lane
        count += 1
      }
    }
    return Lanes(offset: list, count: Int32(count))
  }

  /// A program is complete with `leaf`: runs what is left of it input by input, up to the first wrong output.
  func finish(_ leaf: Part, _ parent: Int32, _ state: UnsafeMutablePointer<State>, _ limit: UInt64) {
    var (part, place) = (leaf, parent)
    while place >= 0 {
      let frame = frame(place)
      var result = Part(start: frame.pointee.start)
      switch judge(production(frame.pointee.production), frame, part, &result) {
      case .removed: return merge(state)
      case .doubled: state.pointee.copies += 1
      case .kept: break
      }
      (part, place) = (result, frame.pointee.parent)
    }
    path.pointee.tally.programs &+= 1
    if !settings.sharesPrefixes { return runWhole(state, limit, from: 0, 0) }
    goal == .outputs ? compare(leaf, parent, state, limit) : emit(leaf, parent, state, limit)
  }

  private func compare(_ leaf: Part, _ parent: Int32, _ state: UnsafeMutablePointer<State>, _ limit: UInt64) {
    var steps = state.pointee.steps
    for lane in 0..<laneCount {
      let (value, taken) = value(leaf, parent, lane, limit &- steps)
      tally.steps &+= min(taken, limit &- steps)
      steps &+= taken
      if steps > limit { return addOpen(state) }
      if isNone(value) {
        if machine.reason == .stepLimit { return addOpen(state) }
        return addFailed(state)
      }
      if !isWanted(value, lane) { return addWrong(state) }
    }
    runWhole(state, limit, from: laneCount, steps)
  }

  /// Whether a word, of a run whose steps sufficed, stands for no value.
  @inline(__always)
  func isNone(_ word: Int64) -> Bool { word == Value.noValueWord && !tables.hasAllValues }

  /// Runs the complete program from its beginning, on the inputs from a number on.
  private func runWhole(_ state: UnsafeMutablePointer<State>, _ limit: UInt64, from first: Int, _ before: UInt64) {
    let codeMark = machine.mark
    defer { machine.mark = codeMark }
    let start = first < inputs.count ? machine.compile(code) : 0
    let mark = machine.listMark
    var steps = before
    for lane in first..<inputs.count {
      for (parameter, word) in inputs[lane].enumerated() { machine.slots[parameter] = word }
      let value = machine.value(of: start, limit: limit &- steps)
      tally.steps &+= min(machine.steps, limit &- steps)
      steps &+= machine.steps
      if steps > limit { return addOpen(state) }
      guard let value else { return addFailed(state) }
      if !isWanted(value, lane) { return addWrong(state) }
      machine.listMark = mark
    }
    addRight(state, steps)
  }

  /// The program's value on an input, from its last leaf upwards, and the steps of that.
  func value(_ leaf: Part, _ parent: Int32, _ lane: Int, _ limit: UInt64) -> (word: Int64, steps: UInt64) {
    var steps: UInt64 = 0
    let rows = self.rows
    var word = rows[Int(leaf.row) + lane]
    var second: Int64 = 0
    let isRun = parent < 0 || contains(frame(parent).pointee.argumentLanes, lane)
    if isRun { steps = production(code[codeTop - 1]).pointee.ownSteps }
    if steps > limit {
      return (Value.noValueWord, steps)
    }
    var place = parent
    while place >= 0 {
      let frame = frame(place)
      place = frame.pointee.parent
      if !contains(frame.pointee.lanes, lane) { continue }
      let first = Int(frame.pointee.first.row) &+ lane
      switch production(frame.pointee.production).pointee.kind {
      case .unary(let code, let detail): word = machine.unary(code, detail, word)
      case .binary(let code, let detail): word = machine.binary(code, detail, rows[first], word)
      case .unit: continue
      case .choice:
        if rows[first] == 1 { word = rows[Int(frame.pointee.second.row) + lane] }
      case .pair: (word, second) = (rows[first], word)
      default: word = apply(frame, word, second, lane, limit &- steps, &steps)
      }
      if word == Value.noValueWord, !tables.hasAllValues || steps > limit { return (word, steps) }
    }
    return (word, steps)
  }

  @inline(__always)
  func contains(_ lanes: Lanes, _ lane: Int) -> Bool {
    lanes.count == laneCount || isListed(lane, lanes)
  }

  private func isListed(_ lane: Int, _ lanes: Lanes) -> Bool {
    for index in 0..<Int(lanes.count) where rows[Int(lanes.offset) + index] == Int64(lane) { return true }
    return false
  }
}
