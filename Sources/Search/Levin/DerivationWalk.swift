import Evaluation
import ExactArithmetic
import Grammars

/// Visits the programs of a grammar depth first, in preorder of their derivations, running each within its share of a phase.
///
/// A program p runs on the inputs for at most ⌊2^k·P(p)⌋ steps. What two programs have in common at their beginning runs once:
/// as soon as a subterm outside of lambdas is complete, its values are computed and stay for every completion. Where outputs are
/// wanted, that is so on the first two inputs, on which nearly every program is wrong; the others run after these.
/// A prefix is left when its steps, and the fewest that any completion still needs, exceed the share of its likeliest
/// completion.
///
/// Memory is one path: frames, rows, code and lists lie in stacks that shrink on the way back.
///
/// - Invariant: the priors of everything that is left, removed, failed, wrong or right add up to 1 exactly (`WalkTally`).
/// - Complexity: linear in the prefixes visited and the steps that are new; `LevinPerformance` (`benchmarks/`) prints the time of a
///   prefix.
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
    /// Whether these are all inputs, those without rows too.
    var isAll = false
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
    /// Steps so far on the inputs with rows, and the fewest on the others (`.outputs`).
    var steps: UInt64 = 0
    var tail: UInt64 = 0
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
  /// Inputs with rows: on these a common beginning runs once. A program that is right on them runs alone on the others.
  let laneCount: Int
  /// All inputs.
  let inputs: [[Int64]]
  /// Whether outputs are lists, which are compared by their elements.
  let isListWanted: Bool
  /// Inputs with rows, where outputs are wanted: on few inputs most programs are wrong, and rows cost their steps.
  static let sharedInputs = 2
  /// Outputs wanted on the first inputs.
  let expected: [Int64]
  /// Priors below 2^-maxBits are not visited.
  var maxBits: Int32?
  /// The steps that every program may take; nil for its share of the phase.
  var fixedLimit: UInt64?
  /// Whether complete subterms are run once for all programs that have them; else every program is run from its beginning.
  var sharesPrefixes = true
  let usesLaws: Bool
  let mergesCopies: Bool
  /// What a program of a stream counts for.
  let weighting: SequencePrior
  /// Symbols of a stream that its known ones come from; nil when all integers may be.
  var alphabet: Set<Int64>?
  var phase: Int32 = 0
  /// Asked now and then; true ends the walk.
  var isInterrupted: () -> Bool = { false }
  /// Prefixes whose likeliest completion has at most this prior are handed to this, instead of being walked.
  var split: (bits: Int32, hand: (DerivationShard) -> Void)?

  /// The path, behind one pointer: a class's own variables are checked for exclusive access each time.
  struct Path {
    var code: UnsafeMutablePointer<Int32>
    var codeCapacity = 1 << 8
    var codeTop = 0
    var frames: UnsafeMutablePointer<Frame>
    var frameCapacity = 1 << 8
    var frameTop = 0
    var rows: UnsafeMutablePointer<Int64>
    var rowCapacity = 1 << 14
    var rowTop = 0
    var isOver = false
    var tally: WalkTally
  }

  let path: UnsafeMutablePointer<Path>
  /// The list of all inputs; rows by parameter, by production that is a constant; the machine's code without bodies.
  var allLanes = Lanes()
  var parameterRows: [Int32] = []
  var leafRows: [Int32] = []
  var baseRow = 0
  /// Where lists that are not inputs, outputs or constants begin.
  let baseList: Int

  /// - Parameters:
  ///   - inputs: words of `machine`, and so are `expected`. Walks that share shards make them in the same order.
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
    self.inputs = inputs
    isListWanted = tables.grammar.resultSort == .list
    baseList = machine.listMark
    laneCount = goal == .stream ? inputs.count : min(inputs.count, Self.sharedInputs)
    self.weighting = weighting
    path = .allocate(capacity: 1)
    path.initialize(
      to: Path(
        code: .allocate(capacity: 1 << 8), frames: .allocate(capacity: 1 << 8), rows: .allocate(capacity: 1 << 14),
        tally: WalkTally(positions: goal == .stream ? inputs.count : 0, solutionLimit: solutionLimit)))
    layOut(inputs)
  }

  deinit {
    path.pointee.code.deallocate()
    path.pointee.frames.deallocate()
    path.pointee.rows.deallocate()
    path.deinitialize(count: 1)
    path.deallocate()
  }

  @inline(__always) var code: UnsafeMutablePointer<Int32> { path.pointee.code }
  @inline(__always) var codeTop: Int { path.pointee.codeTop }
  @inline(__always) var frames: UnsafeMutablePointer<Frame> { path.pointee.frames }
  @inline(__always) var rows: UnsafeMutablePointer<Int64> { path.pointee.rows }
  var isOver: Bool { path.pointee.isOver }
  /// Bytes of all stacks, the machine's too.
  var bytes: Int {
    machine.bytes + 4 * path.pointee.codeCapacity + 8 * path.pointee.rowCapacity
      + MemoryLayout<Frame>.stride * path.pointee.frameCapacity
  }
  var tally: WalkTally {
    @inline(__always) _read { yield path.pointee.tally }
    @inline(__always) _modify { yield &path.pointee.tally }
  }
}

// MARK: - Walking

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
    visit(0, parent: -1, state)
  }

  func begin(phase: Int) {
    self.phase = Int32(phase)
    (path.pointee.codeTop, path.pointee.frameTop, path.pointee.rowTop) = (0, 0, baseRow)
    machine.listMark = baseList
    path.pointee.isOver = false
  }

  /// Derives `nonterminal` as the current argument of a frame (-1: as the program), in every way that fits.
  func visit(_ nonterminal: Int, parent: Int32, _ state: State) {
    if let split, codeTop > 0, isSmall(state, split.bits) {
      split.hand(snapshot(nonterminal, parent, state))
      return
    }
    let node = tables.nonterminals[nonterminal]
    let lanes = parent < 0 ? allLanes : frames[Int(parent)].argumentLanes
    let rest = parent < 0 ? 0 : frames[Int(parent)].rest
    let (codeMark, frameMark, rowMark) = (path.pointee.codeTop, path.pointee.frameTop, path.pointee.rowTop)
    let (machineMark, listMark) = (machine.mark, machine.listMark)
    let runs = weight(lanes)
    let base = (goal == .outputs ? state.steps &+ state.tail : UInt64(rows[Int(state.stepsRow)])) &+ rest
    // In an exchangeable pair the second argument does not begin before the first.
    let leastProduction = leastSecond(parent)
    for index in 0..<node.places.count {
      let place = node.places[index]
      let number = place.production
      var next = state
      next.best.multiply(by: place.ratio)
      let limit = limit(next.best, number, parent)
      if base &+ node.leastSteps &* runs > limit || isTooLong(next.best) {
        var mass = state.prior
        mass.multiply(by: place.tail)
        leave(
          mass, base &+ node.leastSteps &* runs, isTooLong: isTooLong(next.best),
          share: tables.exactTails[nonterminal][index])
        return
      }
      next.prior.multiply(by: place.probability)
      if base &+ place.leastSteps &* runs > limit {
        leave(
          next.prior, base &+ place.leastSteps &* runs, isTooLong: false,
          share: tables.grammar.productions[Int(number)].probability)
        continue
      }
      if number < leastProduction {
        addMerged(next.prior, number)
        continue
      }
      append(number)
      let prefixes = path.pointee.tally.prefixes &+ 1
      path.pointee.tally.prefixes = prefixes
      if prefixes & 0x3FFF == 0, isInterrupted() { path.pointee.isOver = true }
      let production = tables.productions[Int(number)]
      if production.count == 0 {
        leaf(number, production, parent, lanes, next, limit)
      } else if charge(&next, production.ownSteps, lanes, limit) {
        descend(number, production, parent, lanes, rest, next)
      }
      path.pointee.codeTop = codeMark
      path.pointee.frameTop = frameMark
      path.pointee.rowTop = rowMark
      machine.mark = machineMark
      machine.listMark = listMark
      if path.pointee.isOver { return }
    }
  }

  /// The steps that a prefix may take: those of its likeliest completion.
  @inline(__always)
  private func limit(_ best: PriorFraction, _ number: Int32, _ parent: Int32) -> UInt64 {
    fixedLimit ?? (best.isWide ? wideLimit(number, parent) : best.floor(times: phase))
  }

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
    if goal == .outputs { return UInt64(lanes.isAll ? inputs.count : Int(lanes.count)) }
    return lanes.count > 0 && rows[Int(lanes.offset)] == 0 ? 1 : 0
  }

  @inline(__always)
  private func leastSecond(_ parent: Int32) -> Int32 {
    if parent < 0 || !mergesCopies { return -1 }
    let frame = frames[Int(parent)]
    guard frame.argument == 1, tables.productions[Int(frame.production)].isSwappable, isMerged(frame) else { return -1 }
    return code[Int(frame.first.start)]
  }

  private func descend(
    _ number: Int32, _ production: WalkTables.Production, _ parent: Int32, _ lanes: Lanes, _ rest: UInt64,
    _ state: State
  ) {
    var frame = Frame(
      production: number, parent: parent, start: Int32(path.pointee.codeTop - 1), lanes: lanes, argumentLanes: lanes)
    let runs = weight(lanes)
    var after = rest
    if case .choice = production.kind {
      let (yes, no) = (tables.nonterminals[production.argument(1)], tables.nonterminals[production.argument(2)])
      after &+= min(yes.leastSteps, no.leastSteps) &* runs
    } else {
      for index in 1..<max(1, production.count) {
        after &+= tables.nonterminals[production.argument(index)].leastSteps &* runs
      }
    }
    frame.rest = after
    frame.isLast = production.count == 1 && (parent < 0 || frames[Int(parent)].isLast) && !isLambda(production)
    if isLambda(production) {
      // A body is run by the operator that takes the lambda.
      frame.argumentLanes = Lanes(offset: lanes.offset, count: 0)
    }
    visit(production.argument(0), parent: push(frame), state)
  }

  func isLambda(_ production: WalkTables.Production) -> Bool {
    if case .lambda = production.kind { true } else { false }
  }

  private func leaf(
    _ number: Int32, _ production: WalkTables.Production, _ parent: Int32, _ lanes: Lanes, _ state: State,
    _ limit: UInt64
  ) {
    var part = Part(start: Int32(codeTop - 1), row: leafRows[Int(number)])
    switch production.kind {
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
