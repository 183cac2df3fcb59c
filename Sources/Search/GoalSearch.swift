import CKernels
import Evaluation
import ExactArithmetic
import Grammars

/// What a subterm must compute on the goal lanes.
struct Goal {
  /// The wanted values; for a congruence, residues in `0 ..< modulus`.
  var row: [Int64]
  /// Lanes on which any value does; nil when there are none.
  var free: [Bool]?
  /// m, when the value is wanted only modulo m.
  var modulus: Int64?
}

/// A program in terms of stored classes: the part above the bank is written out.
indirect enum Derivation {
  case stored(nonterminal: Int, index: Int)
  case node(production: Int, batch: Int, [Derivation])

  /// Compares as the written enumeration order does, among programs of one level.
  var orderKey: [UInt32] {
    switch self {
    case .stored(_, let index): [UInt32(index)]
    case .node(_, let batch, let children): [UInt32(batch)] + children.flatMap(\.orderKey)
    }
  }
}

/// Finds all programs of one level that reach the goal, without storing the level.
///
/// Every program of the level is either split at the root into stored subterms, or has exactly one subterm beyond the
/// bank, whose goal follows by inverting the root; then the same holds for that subterm. A level is *coverable* when
/// this succeeds for all its batches, and then the result is complete, with the exact number of programs.
final class GoalSearch {
  let bank: ClassBank
  let goalLanes: Int
  /// Called for every program group found: its row, the number of programs, and a derivation.
  var onHit: (UnsafePointer<Int64>, UInt64, Derivation) -> Void = { _, _, _ in }
  /// Asked now and then; true ends the search of the level.
  var shouldStop: () -> Bool = { false }
  var stopped = false
  var outOfMemory = false
  /// Goals looked up in an index.
  var lookups: UInt64 = 0
  /// Candidates run forward on one example or more.
  var filtered: UInt64 = 0

  struct IndexKey: Hashable {
    let nonterminal: Int
    let modulus: Int64?
  }
  struct ColumnKey: Hashable {
    let nonterminal: Int
    let lane: Int
  }
  struct Column {
    var values = PageBuffer<Int64>()
    var count = 0
  }
  /// An operator above the subterm whose goal is sought, with its other arguments.
  struct Frame {
    let production: Int
    let batch: Int
    let position: Int
    /// The other arguments, in order of position.
    let others: [Derivation]
  }

  var indexes: [IndexKey: PrefixIndex] = [:]
  var columns: [ColumnKey: Column] = [:]
  var reducers: [Int64: Reducer] = [:]
  /// The productions that choose between two arguments.
  let branches: [Branches?]
  var inversions: [Int64: [[Inverse?]]] = [:]
  /// By modulus (0: none), nonterminal and ordinal, as far as they were asked for.
  var costs: [Int64: [[LevelCost]]] = [:]
  /// Of each production: the nonterminals of its arguments.
  let argumentsOf: [[Int]]
  /// Of each production: whether it only passes its argument on, and whether its two arguments may change places.
  let shapes: [(isUnit: Bool, isSymmetric: Bool)]
  /// Of each production: whether `filter` runs it.
  let isFiltered: [Bool]
  let goal: [Int64]
  /// Bit vectors use every word as a value; a search over them has no other values (checked when it begins).
  let isBitVectorGoal: Bool
  let scratch: RowScratch
  let inverted: UnsafeMutablePointer<Int64>
  let tested: UnsafeMutablePointer<Int64>
  let hashes: UnsafeMutablePointer<UInt32>
  let gather: UnsafeMutablePointer<Int64>
  /// All bits on the goal lanes that count, for `matches`.
  let laneMask: UnsafeMutablePointer<Int64>
  var nextPoll: UInt64 = 0

  init(_ bank: ClassBank) {
    self.bank = bank
    goalLanes = bank.signature.goalLanes
    goal = bank.signature.goal
    isBitVectorGoal = bank.grammar.resultSort.isBitVector
    argumentsOf = bank.grammar.productions.map(\.arguments)
    shapes = bank.grammar.productions.map { ($0.symbol == .unit, Self.isSymmetric($0)) }
    isFiltered = bank.grammar.productions.indices.map {
      guard case .operation = bank.grammar.productions[$0].symbol else { return false }
      return bank.grammar.productions[$0].arguments.count == 2 && bank.symbols[$0]?.structure == nil
    }
    branches = bank.grammar.productions.map { Branches($0, bank.grammar, bank.kernelTables) }
    scratch = RowScratch(lanes: bank.signature.lanes)
    inverted = .allocateLines(capacity: RowProgram.blockSize * goalLanes)
    tested = .allocateLines(capacity: RowProgram.blockSize * goalLanes)
    hashes = .allocate(capacity: RowProgram.blockSize)
    gather = .allocateLines(capacity: RowProgram.blockSize * bank.signature.lanes)
    laneMask = .allocateLines(capacity: goalLanes)
  }

  deinit {
    for var index in indexes.values { index.deallocate(bank.meter) }
    for var column in columns.values { column.values.deallocate(bank.meter) }
    inverted.deallocateLines()
    tested.deallocateLines()
    hashes.deallocate()
    gather.deallocateLines()
    laneMask.deallocateLines()
  }

  var grammar: Grammar { bank.grammar }
  func isStored(_ nonterminal: Int, _ ordinal: Int) -> Bool { ordinal < bank.tables[nonterminal].levels }

  /// Reports every program of the start nonterminal's level `ordinal` that computes the goal.
  ///
  /// The level must be stored or coverable. False when the search was stopped or memory ran out; the level is then
  /// not resolved.
  func resolve(_ ordinal: Int) -> Bool {
    stopped = false
    outOfMemory = false
    if isStored(0, ordinal) {
      scanStored(ordinal)
    } else {
      solve(Goal(row: goal, free: nil, modulus: nil), 0, ordinal, 1, [])
    }
    return !stopped && !outOfMemory
  }

  func scanStored(_ ordinal: Int) {
    for entries in bank.entries(0, ordinal) {
      for position in 0..<entries.count {
        let row = UnsafePointer(bank.tables[0].row(entries.index(position)))
        if row[0] == goal[0], levin_rows_equal(row, goal, goalLanes) != 0 {
          onHit(row, entries.weight(position), .stored(nonterminal: 0, index: entries.index(position)))
        }
      }
      filtered += UInt64(entries.count)
    }
  }

  func poll() {
    if lookups &+ filtered >= nextPoll {
      nextPoll = lookups &+ filtered &+ 1 << 18
      if shouldStop() { stopped = true }
    }
  }
}
