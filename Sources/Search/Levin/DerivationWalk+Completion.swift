import Evaluation
import ExactArithmetic
import Grammars

/// Subterms that are complete.
extension DerivationWalk {
  /// Goes on with a complete argument: to the next one, or, after the last, to the values of the operator.
  func complete(_ done: Part, _ parent: Int32, _ state: State, _ limit: UInt64) {
    var (part, place, state) = (done, parent, state)
    while true {
      let frame = frames[Int(place)]
      let production = tables.productions[Int(frame.production)]
      if Int(frame.argument) + 1 < production.count {
        next(part, frame, production, state, limit)
        return
      }
      var result = Part(start: frame.start)
      switch judge(production, frame, part, &result) {
      case .removed:
        merge(state)
        return
      case .doubled: state.copies += 1
      case .kept: break
      }
      if !production.isOpen, sharesPrefixes {
        guard evaluate(frame, production, part, &result, &state, limit) else { return }
      }
      (part, place) = (result, frame.parent)
      if place < 0 { return finishRow(part, state, limit) }
    }
  }

  /// A program is complete with a lambda, not with a leaf: its row says what it gives.
  private func finishRow(_ result: Part, _ state: State, _ limit: UInt64) {
    precondition(goal == .outputs, "a function of integers that ends with a lambda")
    tally.programs &+= 1
    if !sharesPrefixes { return runWhole(state, limit, from: 0, 0) }
    if state.steps > limit { return addOpen(state) }
    for lane in 0..<laneCount where !isWanted(rows[Int(result.row) + lane], lane) { return addWrong(state) }
    runWhole(state, limit, from: laneCount, state.steps)
  }

  private func isWanted(_ word: Int64, _ lane: Int) -> Bool {
    isListWanted ? machine.listsAreEqual(word, expected[lane]) : word == expected[lane]
  }

  private func next(
    _ part: Part, _ frame: Frame, _ production: WalkTables.Production, _ state: State, _ limit: UInt64
  ) {
    var frame = frame
    if frame.argument == 0 { frame.first = part } else { frame.second = part }
    frame.argument += 1
    let argument = Int(frame.argument)
    let isOpen = production.isOpen
    let runs = weight(frame.lanes)
    let outer = frame.parent < 0 ? 0 : frames[Int(frame.parent)].rest
    if case .choice = production.kind, !isOpen, sharesPrefixes {
      if argument == 1, removesBranch(production, part) {
        merge(state)
        return
      }
      let other = branchLanes(frame, when: 0)
      frame.argumentLanes = argument == 1 ? branchLanes(frame, when: 1) : other
      let least = tables.nonterminals[production.argument(2)].leastSteps
      frame.rest = outer &+ (argument == 1 ? least &* weight(other) : 0)
    } else {
      if case .choice = production.kind, argument == 1, removesBranch(production, part) {
        merge(state)
        return
      }
      frame.argumentLanes = frame.lanes
      frame.rest = outer
      // Which inputs a branch runs on is not known: it counts for nothing.
      let isBranch = if case .choice = production.kind { true } else { false }
      if isBranch { frame.argumentLanes = Lanes(offset: frame.lanes.offset, count: 0) }
      for later in argument + 1..<max(argument + 1, production.count) {
        frame.rest &+= tables.nonterminals[production.argument(later)].leastSteps &* (isBranch ? 0 : runs)
      }
    }
    frame.isLast = argument == production.count - 1 && !isOpen && (frame.parent < 0 || frames[Int(frame.parent)].isLast)
    visit(production.argument(argument), parent: push(frame), state)
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
  func finish(_ leaf: Part, _ parent: Int32, _ state: State, _ limit: UInt64) {
    var state = state
    var (part, place) = (leaf, parent)
    while place >= 0 {
      let frame = frames[Int(place)]
      var result = Part(start: frame.start)
      switch judge(tables.productions[Int(frame.production)], frame, part, &result) {
      case .removed:
        merge(state)
        return
      case .doubled: state.copies += 1
      case .kept: break
      }
      (part, place) = (result, frame.parent)
    }
    tally.programs &+= 1
    if !sharesPrefixes { return runWhole(state, limit, from: 0, 0) }
    goal == .outputs ? compare(leaf, parent, state, limit) : emit(leaf, parent, state, limit)
  }

  private func compare(_ leaf: Part, _ parent: Int32, _ state: State, _ limit: UInt64) {
    var steps = state.steps
    for lane in 0..<laneCount {
      let (value, taken) = value(leaf, parent, lane, limit &- steps)
      tally.steps &+= min(taken, limit &- steps)
      steps &+= taken
      if steps > limit { return addOpen(state) }
      if value == Value.noValueWord {
        if machine.reason == .stepLimit { return addOpen(state) }
        return addFailed(state)
      }
      if !isWanted(value, lane) { return addWrong(state) }
    }
    runWhole(state, limit, from: laneCount, steps)
  }

  /// Runs the complete program from its beginning, on the inputs from a number on.
  private func runWhole(_ state: State, _ limit: UInt64, from first: Int, _ before: UInt64) {
    let start = first < inputs.count ? machine.compile(code) : 0
    let mark = machine.listMark
    var steps = before
    for lane in first..<inputs.count {
      for (parameter, word) in inputs[lane].enumerated() { machine.slots[parameter] = word }
      let value = machine.value(of: start, limit: limit &- steps)
      tally.steps &+= min(machine.steps, limit &- steps)
      steps &+= machine.steps
      if steps > limit { return addOpen(state) }
      if value == Value.noValueWord { return addFailed(state) }
      if !isWanted(value, lane) { return addWrong(state) }
      machine.listMark = mark
    }
    addRight(state, steps)
  }

  /// The program's value on an input, from its last leaf upwards, and the steps of that.
  func value(_ leaf: Part, _ parent: Int32, _ lane: Int, _ limit: UInt64) -> (word: Int64, steps: UInt64) {
    var steps: UInt64 = 0
    var word = rows[Int(leaf.row) + lane]
    var second: Int64 = 0
    let isRun = parent < 0 || contains(frames[Int(parent)].argumentLanes, lane)
    if isRun { steps = tables.productions[Int(code[codeTop - 1])].ownSteps }
    if steps > limit {
      return (Value.noValueWord, steps)
    }
    var place = parent
    while place >= 0 {
      let frame = frames[Int(place)]
      place = frame.parent
      if frame.lanes.count < allLanes.count, !contains(frame.lanes, lane) { continue }
      switch tables.productions[Int(frame.production)].kind {
      case .unit: continue
      case .choice:
        if rows[Int(frame.first.row) + lane] == 1 { word = rows[Int(frame.second.row) + lane] }
      case .pair: (word, second) = (rows[Int(frame.first.row) + lane], word)
      default:
        word = apply(frame, word, second, lane, limit &- steps, &steps)
        if word == Value.noValueWord { return (word, steps) }
      }
    }
    return (word, steps)
  }

  func contains(_ lanes: Lanes, _ lane: Int) -> Bool {
    if lanes.count == laneCount { return true }
    for index in 0..<Int(lanes.count) where rows[Int(lanes.offset) + index] == Int64(lane) { return true }
    return false
  }
}
