import Evaluation
import Grammars

/// Rows of values, steps, and who pays them.
extension DerivationWalk {
  /// Takes the steps of a symbol on its inputs; false when nothing can follow.
  func charge(_ state: UnsafeMutablePointer<State>, _ own: UInt64, _ lanes: Lanes, _ limit: UInt64) -> Bool {
    if goal == .outputs {
      let taken = own &* UInt64(lanes.count)
      state.pointee.steps &+= taken
      if lanes.isAll { state.pointee.tail &+= own &* UInt64(inputs.count - laneCount) }
      if settings.sharesPrefixes { path.pointee.tally.steps &+= taken }
      return true
    }
    if own > 0 {
      let row = makeRow(laneCount)
      let (from, to) = (rows + Int(state.pointee.stepsRow), rows + Int(row))
      to.update(from: from, count: laneCount)
      // Steps of an input and all before it, as far as they are within the share: what is beyond is not taken.
      var (sum, summed): (UInt64, Int) = (0, 0)
      for index in 0..<Int(lanes.count) {
        let lane = Int(rows[Int(lanes.offset) + index])
        if lane >= Int(state.pointee.horizon) { break }
        while summed <= lane {
          sum &+= UInt64(to[summed])
          summed += 1
        }
        to[lane] &+= Int64(own)
        tally.steps &+= min(own, sum > limit ? 0 : limit &- sum)
        sum &+= own
        if sum > limit { break }
      }
      state.pointee.stepsRow = row
    }
    return keepsHorizon(state, limit)
  }

  /// Moves the horizon before the first input that is beyond the share; false when that is the first of all.
  private func keepsHorizon(_ state: UnsafeMutablePointer<State>, _ limit: UInt64) -> Bool {
    var sum: UInt64 = 0
    for lane in 0..<Int(state.pointee.horizon) {
      sum &+= UInt64(rows[Int(state.pointee.stepsRow) + lane])
      if sum > limit {
        state.pointee.horizon = Int32(lane)
        state.pointee.isSilent = false
        break
      }
    }
    if state.pointee.horizon > 0 { return true }
    endBeforeStart(state, limit)
    return false
  }

  /// Computes the row of a complete operator outside of lambdas; false when nothing can follow.
  func evaluate(
    _ frame: UnsafeMutablePointer<Frame>, _ production: UnsafeMutablePointer<WalkTables.Production>, _ last: Part,
    _ result: inout Part, _ state: UnsafeMutablePointer<State>, _ limit: UInt64
  ) -> Bool {
    switch production.pointee.kind {
    case .unit:
      result.row = last.row
      return true
    case .lambda:
      result.row = Int32(machine.compile(code + Int(frame.pointee.start) + 1))
      result.word = Int64(frame.pointee.production)
      return true
    case .pair:
      let row = makeRow(2 * laneCount)
      (rows + Int(row)).update(from: rows + Int(frame.pointee.first.row), count: laneCount)
      (rows + Int(row) + laneCount).update(from: rows + Int(last.row), count: laneCount)
      result.row = row
      return true
    case .choice:
      let row = makeRow(laneCount)
      for index in 0..<Int(frame.pointee.lanes.count) {
        let lane = Int(rows[Int(frame.pointee.lanes.offset) + index])
        let branch = rows[Int(frame.pointee.first.row) + lane] == 1 ? frame.pointee.second.row : last.row
        rows[Int(row) + lane] = rows[Int(branch) + lane]
      }
      result.row = row
      return true
    default: return evaluateLanes(frame, production, last, &result, state, limit)
    }
  }

  private func evaluateLanes(
    _ frame: UnsafeMutablePointer<Frame>, _ production: UnsafeMutablePointer<WalkTables.Production>, _ last: Part,
    _ result: inout Part, _ state: UnsafeMutablePointer<State>, _ limit: UInt64
  ) -> Bool {
    let row = makeRow(laneCount)
    result.row = row
    var before: UInt64 = 0
    var summed = 0
    var hasOwnSteps = false
    for index in 0..<Int(frame.pointee.lanes.count) {
      let lane = Int(rows[Int(frame.pointee.lanes.offset) + index])
      if goal == .stream {
        if lane >= Int(state.pointee.horizon) { break }
        while summed <= lane {
          before &+= UInt64(rows[Int(state.pointee.stepsRow) + summed])
          summed += 1
        }
      } else {
        before = state.pointee.steps &+ state.pointee.tail
      }
      let allowed = before > limit ? 0 : limit &- before
      var steps: UInt64 = 0
      let mark = machine.listMark
      let word = apply(frame, last, lane, allowed, &steps)
      tally.steps &+= min(steps, allowed)
      rows[Int(row) + lane] = word
      if word == Value.noValueWord, !tables.hasAllValues || steps > allowed {
        return fails(lane, isCertain: steps <= allowed && machine.reason != .stepLimit, state, limit)
      }
      if production.pointee.isList {
        rows[Int(row) + lane] = machine.keep(word, since: mark)
      } else {
        machine.listMark = mark
      }
      if steps > 0 { pay(lane, steps, state, &before, &hasOwnSteps) }
    }
    return true
  }

  /// An operator on one input, with its last argument complete.
  private func apply(
    _ frame: UnsafeMutablePointer<Frame>, _ last: Part, _ lane: Int, _ limit: UInt64, _ steps: inout UInt64
  ) -> Int64 {
    switch tables.productions[Int(frame.pointee.production)].kind {
    case .transduction(let code):
      setParameters(lane)
      machine.begin(limit: limit)
      defer { steps &+= machine.steps }
      return machine.transduce(
        code, body(frame.pointee.second), body(last), from: rows + Int(frame.pointee.first.row) + lane,
        stride: laneCount)
    case .binding where tables.productions[Int(frame.pointee.production)].takesPair:
      return apply(
        frame, rows[Int(last.row) + lane], rows[Int(last.row) + laneCount + lane], lane, limit, &steps)
    default:
      let word = goal == .outputs || last.row >= 0 ? rows[Int(last.row) + lane] : 0
      return apply(frame, word, 0, lane, limit, &steps)
    }
  }

  /// - Parameter hasOwnSteps: whether the row of steps was made for this operator; others have theirs yet.
  private func pay(
    _ lane: Int, _ steps: UInt64, _ state: UnsafeMutablePointer<State>, _ before: inout UInt64,
    _ hasOwnSteps: inout Bool
  ) {
    if goal == .outputs {
      state.pointee.steps &+= steps
      return
    }
    if !hasOwnSteps {
      let row = makeRow(laneCount)
      (rows + Int(row)).update(from: rows + Int(state.pointee.stepsRow), count: laneCount)
      state.pointee.stepsRow = row
      hasOwnSteps = true
    }
    rows[Int(state.pointee.stepsRow) + lane] &+= Int64(steps)
    before &+= steps
  }

  /// A subterm has no value on an input: no completion has one there.
  private func fails(_ lane: Int, isCertain: Bool, _ state: UnsafeMutablePointer<State>, _ limit: UInt64) -> Bool {
    if goal == .outputs {
      isCertain ? addFailed(state) : addOpen(state)
      return false
    }
    (state.pointee.horizon, state.pointee.isSilent) = (Int32(lane), isCertain)
    if lane > 0 { return true }
    endBeforeStart(state, limit)
    return false
  }

  /// An operator on one input: `word`, and `second` for a pair, is its last argument.
  func apply(
    _ frame: UnsafeMutablePointer<Frame>, _ word: Int64, _ second: Int64, _ lane: Int, _ limit: UInt64,
    _ steps: inout UInt64
  ) -> Int64 {
    let symbol = tables.productions[Int(frame.pointee.production)].kind
    switch symbol {
    case .unary(let code, let detail): return machine.unary(code, detail, word)
    case .binary(let code, let detail):
      return machine.binary(code, detail, rows[Int(frame.pointee.first.row) + lane], word)
    default: break
    }
    setParameters(lane)
    machine.begin(limit: limit)
    defer { steps &+= machine.steps }
    switch symbol {
    case .listUnary(let code): return machine.list(code, word, 0)
    case .listBinary(let code): return machine.list(code, rows[Int(frame.pointee.first.row) + lane], word)
    case .binding(let code):
      let count = tables.productions[Int(frame.pointee.production)].count
      if count == 2 { return machine.bound(code, body(frame.pointee.first), word, 0, 0) }
      return machine.bound(code, body(frame.pointee.first), rows[Int(frame.pointee.second.row) + lane], word, second)
    case .call(let index):
      let count = tables.productions[Int(frame.pointee.production)].count
      var arguments = [word]
      if count > 1 { arguments.insert(rows[Int(frame.pointee.first.row) + lane], at: 0) }
      if count > 2 { arguments.insert(rows[Int(frame.pointee.second.row) + lane], at: 1) }
      return machine.call(index, arguments)
    default: preconditionFailure("\(symbol) has no operands")
    }
  }

  private func setParameters(_ lane: Int) {
    for (parameter, row) in parameterRows.enumerated() { machine.slots[parameter] = rows[Int(row) + lane] }
  }

  private func body(_ lambda: Part) -> FlatMachine.Function {
    tables.functions[Int(lambda.word)].at(Int(lambda.row))
  }
}
