import Evaluation
import ExactArithmetic
import Grammars

/// Derivations from a prefix on.
extension DerivationWalk {
  /// Visits all programs in a phase.
  func walk(phase: Int) {
    begin(phase: phase)
    var state = State(best: PriorFraction(tables.best[0]))
    if goal == .stream {
      state.stepsRow = makeRow(laneCount)
      (rows + Int(state.stepsRow)).update(repeating: 0, count: laneCount)
      state.horizon = Int32(laneCount)
    }
    visit(0, parent: -1, &state)
    collect()
  }

  func begin(phase: Int) {
    settings.phase = Int32(phase)
    (path.pointee.codeTop, path.pointee.frameTop, path.pointee.rowTop) = (0, 0, path.pointee.baseRow)
    machine.listMark = baseList
    path.pointee.isOver = false
  }

  /// Derives `nonterminal` as the current argument of a frame (-1: as the program), in every way that fits.
  func visit(_ nonterminal: Int, parent: Int32, _ state: UnsafePointer<State>) {
    if let bits = settings.splitBits, codeTop > 0, isSmall(state.pointee.best, bits) {
      hand?(snapshot(nonterminal, parent, state.pointee))
      return
    }
    // Every argument on the path, complete or not, takes a part of the call stack.
    if path.pointee.frameTop >= LevinSearch.mostSymbols {
      return leave(state.pointee.prior, 1, isTooLong: false, isTooDeep: true, .all)
    }
    var next = State()
    withUnsafeMutablePointer(to: &next) { visit(nonterminal, parent, state, $0) }
  }

  /// The same; `next` is used for the prefixes that are one production longer.
  @inline(__always)
  private func visit(
    _ nonterminal: Int, _ parent: Int32, _ state: UnsafePointer<State>, _ next: UnsafeMutablePointer<State>
  ) {
    let node = tables.nonterminals.baseAddress! + nonterminal
    let lanes = parent < 0 ? path.pointee.allLanes : frame(parent).pointee.argumentLanes
    let rest = parent < 0 ? 0 : frame(parent).pointee.rest
    let isLast = parent < 0 || frame(parent).pointee.isLast
    let (codeMark, frameMark, rowMark) = (path.pointee.codeTop, path.pointee.frameTop, path.pointee.rowTop)
    let keepsNothing = tables.keepsNothing
    let (machineMark, listMark) = keepsNothing ? (0, 0) : (machine.mark, machine.listMark)
    let runs = weight(lanes)
    let taken =
      goal == .outputs ? state.pointee.steps &+ state.pointee.tail : UInt64(rows[Int(state.pointee.stepsRow)])
    let base = taken &+ rest
    let least = base &+ node.pointee.leastSteps &* runs
    // In an exchangeable pair the second argument does not begin before the first.
    let leastProduction = leastSecond(parent)
    for index in 0..<node.pointee.places.count {
      let place = node.pointee.places.baseAddress! + index
      let number = place.pointee.production
      next.pointee = state.pointee
      next.pointee.best.multiply(by: place.pointee.ratio)
      let limit = limit(next.pointee.best, number, parent)
      let isTooLong = isTooLong(next.pointee.best, number, parent)
      if least > limit || isTooLong {
        next.pointee.prior.multiply(by: place.pointee.tail)
        return leave(next.pointee.prior, least, isTooLong: isTooLong, .places(nonterminal, from: index))
      }
      next.pointee.prior.multiply(by: place.pointee.probability)
      let leastHere = base &+ place.pointee.leastSteps &* runs
      if leastHere > limit {
        leave(next.pointee.prior, leastHere, isTooLong: false, .production(number))
        continue
      }
      if number < leastProduction {
        addMerged(next.pointee.prior, number)
        continue
      }
      append(number)
      let prefixes = path.pointee.tally.prefixes &+ 1
      path.pointee.tally.prefixes = prefixes
      if prefixes & 0x3FFF == 0, isInterrupted() { path.pointee.isOver = true }
      let production = production(number)
      if production.pointee.count > 0 {
        if charge(next, production.pointee.ownSteps, lanes, limit) {
          descend(number, production, parent, lanes, rest, next)
        }
      } else if isLast {
        finish(leaf(number, production), parent, next, limit)
      } else if charge(next, production.pointee.ownSteps, lanes, limit) {
        complete(leaf(number, production), parent, next, limit)
      }
      path.pointee.codeTop = codeMark
      path.pointee.frameTop = frameMark
      path.pointee.rowTop = rowMark
      if !keepsNothing { (machine.mark, machine.listMark) = (machineMark, listMark) }
      if path.pointee.isOver { return }
    }
  }

  /// The steps that a prefix may take: those of its likeliest completion.
  @inline(__always)
  private func limit(_ best: PriorFraction, _ number: Int32, _ parent: Int32) -> UInt64 {
    if let fixed = settings.fixedLimit { return fixed }
    return best.isWide ? wideLimit(best, number, parent) : best.floor(times: settings.phase)
  }

  @inline(__always)
  private func isTooLong(_ best: PriorFraction, _ number: Int32, _ parent: Int32) -> Bool {
    guard let maxBits = settings.maxBits else { return false }
    return best.isWide ? isWideTooLong(best, maxBits, number, parent) : isSmall(best, maxBits)
  }

  @inline(__always)
  private func isSmall(_ best: PriorFraction, _ bits: Int32) -> Bool { !best.isWide && best.floor(times: bits) == 0 }

  /// What a step on these inputs counts for a bound on steps.
  @inline(__always)
  func weight(_ lanes: Lanes) -> UInt64 {
    if goal == .outputs { return UInt64(lanes.isAll ? inputs.count : Int(lanes.count)) }
    return lanes.count > 0 && rows[Int(lanes.offset)] == 0 ? 1 : 0
  }

  @inline(__always)
  private func leastSecond(_ parent: Int32) -> Int32 {
    if parent < 0 || !mergesCopies { return -1 }
    let frame = frame(parent)
    guard frame.pointee.argument == 1 else { return -1 }
    let production = production(frame.pointee.production)
    guard production.pointee.isSwappable, isMerged(production) else { return -1 }
    return code[Int(frame.pointee.first.start)]
  }

  private func descend(
    _ number: Int32, _ production: UnsafeMutablePointer<WalkTables.Production>, _ parent: Int32, _ lanes: Lanes,
    _ rest: UInt64, _ state: UnsafePointer<State>
  ) {
    let runs = weight(lanes)
    let count = production.pointee.count
    let nonterminals = tables.nonterminals.baseAddress!
    var after = rest
    if production.pointee.isChoice {
      let yes = nonterminals[production.pointee.argument(1)].leastSteps
      let no = nonterminals[production.pointee.argument(2)].leastSteps
      after &+= min(yes, no) &* runs
    } else {
      var index = 1
      while index < count {
        after &+= nonterminals[production.pointee.argument(index)].leastSteps &* runs
        index += 1
      }
    }
    let isLambda = production.pointee.isLambda
    let isLast = count == 1 && (parent < 0 || frame(parent).pointee.isLast) && !isLambda
    // A body is run by the operator that takes the lambda.
    let argumentLanes = isLambda ? Lanes(offset: lanes.offset, count: 0) : lanes
    let place = push()
    frame(place).initialize(
      to: Frame(
        production: number, parent: parent, start: Int32(path.pointee.codeTop - 1), lanes: lanes,
        argumentLanes: argumentLanes, rest: after, isLast: isLast))
    visit(production.pointee.argument(0), parent: place, state)
  }

  @inline(__always)
  private func leaf(_ number: Int32, _ production: UnsafeMutablePointer<WalkTables.Production>) -> Part {
    var part = Part(start: Int32(codeTop - 1), row: leafRows[Int(number)])
    if case .constant(let word) = production.pointee.kind {
      (part.known, part.word) = (Part.Known.constant, word)
    } else {
      (part.known, part.word) = (Part.Known.variable, Int64(number))
    }
    return part
  }
}
