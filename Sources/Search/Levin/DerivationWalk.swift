import Evaluation
import ExactArithmetic
import Grammars

/// Visits the programs of a grammar depth first, in preorder of their derivations, running each within its share of a phase.
///
/// A program p runs on the inputs for at most ⌊2^k·P(p)⌋ steps. What two programs have in common at their beginning runs once:
/// as soon as a subterm outside of lambdas is complete, its values on all inputs are computed and stay for every completion.
/// A prefix is left when its steps, and the fewest that any completion still needs, exceed the share of its likeliest
/// completion.
///
/// Memory is one path: frames, rows and code lie in stacks that shrink on the way back.
///
/// - Invariant: the priors of everything that is left, removed, failed, wrong or right add up to 1 exactly (`WalkTally`).
/// - Complexity: per prefix some 10 ns, and its new steps.
final class DerivationWalk {
  /// What a program is compared with.
  enum Goal {
    /// It must give all outputs; a prefix without a value on any input is left.
    case outputs
    /// Its outputs are symbols of a sequence, in order; what it gives after the known ones is recorded.
    case stream
  }

  /// Where a derivation stands: a production, and which of its arguments is derived now. Never changed once made.
  struct Frame {
    var production: Int32 = -1
    var argument: Int32 = 0
    var parent: Int32 = -1
    /// Where the production stands in `code`.
    var start: Int32 = 0
    /// Complete arguments: where they begin in `code`, their rows, their constants.
    var first = Part()
    var second = Part()
    /// The inputs on which the production is run, and those of the argument: where the list is in `rows`, and how many.
    var lanes = Lanes()
    var argumentLanes = Lanes()
    /// The fewest steps of all that comes after the argument.
    var rest: UInt64 = 0
    /// Whether the program is complete with this argument.
    var isLast = true
  }

  struct Lanes {
    var offset: Int32 = 0
    var count: Int32 = 0
  }

  /// A complete subterm.
  struct Part {
    var start: Int32 = 0
    /// Its values, in `rows`; of a lambda its body, in the machine's code.
    var row: Int32 = -1
    var isConstant = false
    var isVariable = false
    /// Its value, when it is constant; of a lambda its production.
    var word: Int64 = 0
  }

  /// A prefix: what it may cost and what it cost.
  struct State {
    /// The prior of the likeliest completion, and of all derivations with this prefix.
    var best = PriorFraction.one
    var prior = PriorFraction.one
    /// Steps so far on all inputs (`.outputs`).
    var steps: UInt64 = 0
    /// Steps so far by input, in `rows` (`.stream`).
    var stepsRow: Int32 = 0
    /// The first input that no completion gets a value on within its share (`.stream`), and whether that is certain.
    var horizon: Int32 = 0
    var isSilent = false
    /// log2 of the number of programs that exchanging arguments makes of this one.
    var copies: Int32 = 0
  }

  let tables: WalkTables
  let machine: FlatMachine
  let goal: Goal
  /// Inputs.
  let laneCount: Int
  /// Outputs wanted on the first inputs.
  let expected: [Int64]
  /// Priors below 2^-maxBits are not visited.
  let maxBits: Int32?
  let usesLaws: Bool
  let mergesCopies: Bool
  /// What a program of a stream counts for.
  let weighting: SequencePrior
  /// Symbols of a stream that its known ones come from; nil when all integers may be.
  var alphabet: Set<Int64>?
  var phase: Int32 = 0
  var tally: WalkTally
  /// Asked now and then; true ends the walk.
  var isInterrupted: () -> Bool = { false }
  var isOver = false
  /// Prefixes whose likeliest completion has at most this prior are handed to this, instead of being walked.
  var split: (bits: Int32, hand: (DerivationShard) -> Void)?

  var code: UnsafeMutablePointer<Int32>
  var codeCapacity = 1 << 8
  var codeTop = 0
  var frames: UnsafeMutablePointer<Frame>
  var frameCapacity = 1 << 8
  var frameTop = 0
  var rows: UnsafeMutablePointer<Int64>
  var rowCapacity = 1 << 14
  var rowTop = 0
  /// The list of all inputs; rows by parameter, by production that is a constant; the machine's code without bodies.
  var allLanes = Lanes()
  var parameterRows: [Int32] = []
  var leafRows: [Int32] = []
  var baseRow = 0

  init(
    _ tables: WalkTables, machine: FlatMachine, inputs: [[Int64]], expected: [Int64], goal: Goal, maxBits: Int? = nil,
    usesLaws: Bool = true, mergesCopies: Bool = true, weighting: SequencePrior = .length, solutionLimit: Int = 16
  ) {
    self.tables = tables
    self.machine = machine
    self.goal = goal
    self.expected = expected
    self.maxBits = maxBits.map { Int32(clamping: $0) }
    self.usesLaws = usesLaws
    self.mergesCopies = mergesCopies
    laneCount = inputs.count
    self.weighting = weighting
    tally = WalkTally(positions: goal == .stream ? inputs.count : 0, solutionLimit: solutionLimit)
    code = .allocate(capacity: codeCapacity)
    frames = .allocate(capacity: frameCapacity)
    rows = .allocate(capacity: rowCapacity)
    layOut(inputs)
  }

  deinit {
    code.deallocate()
    frames.deallocate()
    rows.deallocate()
  }

  /// Rows that stay: the inputs, the constants, the list of all inputs.
  private func layOut(_ inputs: [[Int64]]) {
    allLanes = Lanes(offset: makeRow(laneCount), count: Int32(laneCount))
    for lane in 0..<laneCount { rows[Int(allLanes.offset) + lane] = Int64(lane) }
    for parameter in tables.grammar.parameters.indices {
      let row = makeRow(laneCount)
      for lane in 0..<laneCount { rows[Int(row) + lane] = inputs[lane][parameter] }
      parameterRows.append(row)
    }
    for production in tables.productions {
      switch production.symbol {
      case .variable(let index): leafRows.append(index < parameterRows.count ? parameterRows[index] : -1)
      case .constant(let word):
        let row = makeRow(laneCount)
        (rows + Int(row)).update(repeating: word, count: laneCount)
        leafRows.append(row)
      default: leafRows.append(-1)
      }
    }
    baseRow = rowTop
  }

  func makeRow(_ count: Int) -> Int32 {
    if rowTop + count > rowCapacity {
      let capacity = max(2 * rowCapacity, rowTop + count)
      let larger = UnsafeMutablePointer<Int64>.allocate(capacity: capacity)
      larger.update(from: rows, count: rowTop)
      rows.deallocate()
      (rows, rowCapacity) = (larger, capacity)
    }
    defer { rowTop += count }
    return Int32(rowTop)
  }

  func push(_ frame: Frame) -> Int32 {
    if frameTop == frameCapacity {
      let larger = UnsafeMutablePointer<Frame>.allocate(capacity: 2 * frameCapacity)
      larger.update(from: frames, count: frameTop)
      frames.deallocate()
      (frames, frameCapacity) = (larger, 2 * frameCapacity)
    }
    frames[frameTop] = frame
    frameTop += 1
    return Int32(frameTop - 1)
  }

  /// Room for `count` productions in all.
  func ensureCode(_ count: Int) {
    if count <= codeCapacity { return }
    let capacity = max(count, 2 * codeCapacity)
    let larger = UnsafeMutablePointer<Int32>.allocate(capacity: capacity)
    larger.update(from: code, count: codeTop)
    code.deallocate()
    (code, codeCapacity) = (larger, capacity)
  }

  private func append(_ production: Int32) {
    if codeTop == codeCapacity { ensureCode(codeTop + 1) }
    code[codeTop] = production
    codeTop += 1
  }
}

// MARK: - Walking

extension DerivationWalk {
  /// Visits all programs in a phase.
  func walk(phase: Int) {
    begin(phase: phase)
    var state = State(best: PriorFraction(tables.nonterminals[0].best))
    if goal == .stream {
      state.stepsRow = makeRow(laneCount)
      (rows + Int(state.stepsRow)).update(repeating: 0, count: laneCount)
      state.horizon = Int32(laneCount)
    }
    visit(0, parent: -1, state)
  }

  func begin(phase: Int) {
    self.phase = Int32(phase)
    (codeTop, frameTop, rowTop) = (0, 0, baseRow)
    isOver = false
  }

  /// Derives `nonterminal` as the current argument of a frame (-1: as the program), in every way that fits.
  func visit(_ nonterminal: Int, parent: Int32, _ state: State) {
    if let split, codeTop > 0, isSmall(state, split.bits), !node(nonterminal).isOpen {
      split.hand(snapshot(nonterminal, parent, state))
      return
    }
    let node = tables.nonterminals[nonterminal]
    let lanes = parent < 0 ? allLanes : frames[Int(parent)].argumentLanes
    let rest = parent < 0 ? 0 : frames[Int(parent)].rest
    let marks = (codeTop, frameTop, rowTop, machine.mark)
    let runs = weight(lanes)
    let base = (goal == .outputs ? state.steps : UInt64(rows[Int(state.stepsRow)])) &+ rest
    // In an exchangeable pair the second argument does not begin before the first.
    let leastProduction = leastSecond(parent, nonterminal)
    for place in node.order.indices {
      let number = node.order[place]
      let production = tables.productions[Int(number)]
      var next = state
      next.best.multiply(by: production.ratio)
      let limit = limit(next.best, number, parent)
      if base &+ node.leastSteps &* runs > limit || isTooLong(next.best) {
        var mass = state.prior
        mass.multiply(by: node.tails[place])
        leave(
          mass, base &+ node.leastSteps &* runs, isTooLong: isTooLong(next.best), share: node.exactTails[place])
        return
      }
      next.prior.multiply(by: production.probability)
      if base &+ production.leastSteps &* runs > limit {
        leave(
          next.prior, base &+ production.leastSteps &* runs, isTooLong: false,
          share: tables.grammar.productions[Int(number)].probability)
        continue
      }
      if number < leastProduction {
        addMerged(next.prior, number)
        continue
      }
      append(number)
      tally.prefixes &+= 1
      if tally.prefixes & 0x3FFF == 0, isInterrupted() { isOver = true }
      if production.arguments.isEmpty {
        leaf(number, production, parent, lanes, next, limit)
      } else if charge(&next, production.ownSteps, lanes, limit) {
        descend(number, production, parent, lanes, rest, next)
      }
      (codeTop, frameTop, rowTop, machine.mark) = marks
      if isOver { return }
    }
  }

  /// The steps that a prefix may take: those of its likeliest completion.
  @inline(__always)
  private func limit(_ best: PriorFraction, _ number: Int32, _ parent: Int32) -> UInt64 {
    best.isWide ? wideLimit(number, parent) : best.floor(times: phase)
  }

  private func node(_ number: Int) -> WalkTables.Nonterminal { tables.nonterminals[number] }

  private func isTooLong(_ best: PriorFraction) -> Bool {
    guard let maxBits else { return false }
    return !best.isWide && best.floor(times: maxBits) == 0
  }

  private func isSmall(_ state: State, _ bits: Int32) -> Bool {
    !state.best.isWide && state.best.floor(times: bits) == 0
  }

  /// What a step on these inputs counts for a bound on steps.
  @inline(__always)
  func weight(_ lanes: Lanes) -> UInt64 {
    if goal == .outputs { return UInt64(lanes.count) }
    return lanes.count > 0 && rows[Int(lanes.offset)] == 0 ? 1 : 0
  }

  @inline(__always)
  private func leastSecond(_ parent: Int32, _ nonterminal: Int) -> Int32 {
    if parent < 0 || !mergesCopies { return -1 }
    let frame = frames[Int(parent)]
    guard frame.argument == 1, tables.productions[Int(frame.production)].isSwappable, isMerged(frame) else { return -1 }
    return code[Int(frame.first.start)]
  }

  private func descend(
    _ number: Int32, _ production: WalkTables.Production, _ parent: Int32, _ lanes: Lanes, _ rest: UInt64,
    _ state: State
  ) {
    let arguments = production.arguments
    var frame = Frame(production: number, parent: parent, start: Int32(codeTop - 1), lanes: lanes, argumentLanes: lanes)
    let runs = weight(lanes)
    var after = rest
    if case .choice = production.symbol {
      let (yes, no) = (tables.nonterminals[arguments[1]], tables.nonterminals[arguments[2]])
      after &+= min(yes.leastSteps, no.leastSteps) &* runs
    } else {
      for argument in arguments.dropFirst() { after &+= tables.nonterminals[argument].leastSteps &* runs }
    }
    frame.rest = after
    frame.isLast = arguments.count == 1 && (parent < 0 || frames[Int(parent)].isLast) && !isLambda(production)
    if isLambda(production) {
      // A body is run by the operator that takes the lambda.
      frame.argumentLanes = Lanes(offset: lanes.offset, count: 0)
    }
    visit(arguments[0], parent: push(frame), state)
  }

  func isLambda(_ production: WalkTables.Production) -> Bool {
    if case .lambda = production.symbol { true } else { false }
  }

  private func leaf(
    _ number: Int32, _ production: WalkTables.Production, _ parent: Int32, _ lanes: Lanes, _ state: State,
    _ limit: UInt64
  ) {
    var part = Part(start: Int32(codeTop - 1), row: leafRows[Int(number)])
    switch production.symbol {
    case .constant(let word): (part.isConstant, part.word) = (true, word)
    default: (part.isVariable, part.word) = (true, Int64(number))
    }
    if parent < 0 || frames[Int(parent)].isLast {
      finish(part, parent, state, limit)
      return
    }
    var next = state
    if charge(&next, production.ownSteps, lanes, limit) { complete(part, parent, next, limit) }
  }
}
