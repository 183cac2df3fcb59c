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
    /// Whether these are all inputs, those without rows too: their list is the first in `rows`.
    @inline(__always) var isAll: Bool { offset == 0 && count != 0 }
  }

  /// A complete subterm.
  struct Part {
    /// A word each, not two flags: parts are copied at every prefix.
    enum Known { static let nothing: Int64 = 0, constant: Int64 = 1, variable: Int64 = 2 }
    var start: Int32 = 0
    /// Its values, in `rows`; of a lambda its body, in the machine's code.
    var row: Int32 = -1
    var known = Known.nothing
    /// Its value, when it is constant; the production of a variable or a lambda.
    var word: Int64 = 0

    @inline(__always) var isConstant: Bool { known == Known.constant }
    @inline(__always) var isVariable: Bool { known == Known.variable }
  }

  /// A prefix: what it may cost and what it cost. Handed on by its address: copies are most of what a prefix would take.
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
  let usesLaws: Bool
  let mergesCopies: Bool
  /// What a program of a stream counts for.
  let weighting: SequencePrior
  /// Symbols of a stream that its known ones come from; nil when all integers may be.
  var alphabet: Set<Int64>?
  /// Asked now and then; true ends the walk.
  var isInterrupted: () -> Bool = { false }
  /// Prefixes whose likeliest completion has a prior below 2^-splitBits are handed to this, instead of being walked.
  var hand: ((DerivationShard) -> Void)?

  /// What a walk is told.
  struct Settings {
    var phase: Int32 = 0
    /// Priors below 2^-maxBits are not visited.
    var maxBits: Int32?
    /// The steps that every program may take; nil for its share of the phase.
    var fixedLimit: UInt64?
    /// Whether complete subterms are run once for all programs that have them; else every program is run from its beginning.
    var sharesPrefixes = true
    var splitBits: Int32?
  }

  /// Settings and path, behind one pointer: a class's own variables are checked for exclusive access each time.
  struct Path {
    var settings: Settings
    var code: UnsafeMutablePointer<Int32>
    var codeCapacity = 1 << 8
    var codeTop = 0
    var frames: UnsafeMutablePointer<Frame>
    var frameCapacity = 1 << 8
    var frameTop = 0
    var rows: UnsafeMutablePointer<Int64>
    var rowCapacity = 1 << 14
    var rowTop = 0
    /// The list of all inputs, and where the rows that stay end.
    var allLanes = Lanes()
    var baseRow = 0
    var isOver = false
    /// Masses of fates by power of two, not yet in the tally.
    let masses: UnsafeMutablePointer<UInt128>
    var tally: WalkTally
  }

  let path: UnsafeMutablePointer<Path>
  /// Rows by production that is a parameter or a constant, and by parameter.
  let leafRows: UnsafeMutablePointer<Int32>
  let parameterRows: UnsafeMutableBufferPointer<Int32>
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
        settings: Settings(maxBits: maxBits.map { Int32(clamping: $0) }),
        code: .allocate(capacity: 1 << 8), frames: .allocate(capacity: 1 << 8), rows: .allocate(capacity: 1 << 14),
        masses: .allocate(capacity: WalkTally.Fate.allCases.count * MassSum.shifts),
        tally: WalkTally(positions: goal == .stream ? inputs.count : 0, solutionLimit: solutionLimit)))
    path.pointee.masses.initialize(repeating: 0, count: WalkTally.Fate.allCases.count * MassSum.shifts)
    leafRows = .allocate(capacity: tables.productions.count)
    leafRows.initialize(repeating: -1, count: tables.productions.count)
    parameterRows = .allocate(capacity: tables.grammar.parameters.count)
    parameterRows.initialize(repeating: -1)
    layOut(inputs)
  }

  deinit {
    leafRows.deallocate()
    parameterRows.deallocate()
    path.pointee.code.deallocate()
    path.pointee.frames.deallocate()
    path.pointee.rows.deallocate()
    path.pointee.masses.deallocate()
    path.deinitialize(count: 1)
    path.deallocate()
  }

  @inline(__always) var code: UnsafeMutablePointer<Int32> { path.pointee.code }
  @inline(__always) var codeTop: Int { path.pointee.codeTop }
  @inline(__always) var frames: UnsafeMutablePointer<Frame> { path.pointee.frames }
  @inline(__always) var rows: UnsafeMutablePointer<Int64> { path.pointee.rows }
  @inline(__always) func frame(_ place: Int32) -> UnsafeMutablePointer<Frame> { frames + Int(place) }
  @inline(__always) func production(_ number: Int32) -> UnsafeMutablePointer<WalkTables.Production> {
    tables.productions.baseAddress! + Int(number)
  }
  var settings: Settings {
    @inline(__always) _read { yield path.pointee.settings }
    @inline(__always) _modify { yield &path.pointee.settings }
  }
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
