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
  struct CostKey: Hashable {
    let nonterminal: Int
    let ordinal: Int
    let modulus: Int64?
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
  var costs: [CostKey: Double] = [:]
  var costsValidFor = -1
  let goal: [Int64]
  /// Bit vectors use every word as a value; a search over them has no other values (checked when it begins).
  let isBitVectorGoal: Bool
  let scratch: RowScratch
  let inverted: UnsafeMutablePointer<Int64>
  let tested: UnsafeMutablePointer<Int64>
  let hashes: UnsafeMutablePointer<UInt32>
  let gather: UnsafeMutablePointer<Int64>
  var nextPoll: UInt64 = 0

  init(_ bank: ClassBank) {
    self.bank = bank
    goalLanes = bank.signature.goalLanes
    goal = bank.signature.goal
    isBitVectorGoal = if case .bitVector = bank.grammar.resultSort { true } else { false }
    branches = bank.grammar.productions.map { Branches($0, bank.grammar, bank.kernelTables) }
    scratch = RowScratch(lanes: bank.signature.lanes)
    inverted = .allocate(capacity: RowProgram.blockSize * goalLanes)
    tested = .allocate(capacity: RowProgram.blockSize * goalLanes)
    hashes = .allocate(capacity: RowProgram.blockSize)
    gather = .allocate(capacity: RowProgram.blockSize * bank.signature.lanes)
  }

  deinit {
    for var index in indexes.values { index.deallocate(bank.meter) }
    for var column in columns.values { column.values.deallocate(bank.meter) }
    inverted.deallocate()
    tested.deallocate()
    hashes.deallocate()
    gather.deallocate()
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

// MARK: - Cost and coverage

extension GoalSearch {
  /// Work units (about one index probe each) to resolve a level; nil when it is not coverable with the present bank.
  func cost(_ nonterminal: Int, _ ordinal: Int, modulus: Int64? = nil) -> Double? {
    if isStored(nonterminal, ordinal) { return modulus == nil && nonterminal == 0 ? 0.1 : 1 }
    let version = (0..<grammar.nonterminals.count).reduce(0) { $0 + bank.tables[$1].levels }
    if version != costsValidFor {
      costs.removeAll()
      costsValidFor = version
    }
    let key = CostKey(nonterminal: nonterminal, ordinal: ordinal, modulus: modulus)
    if let known = costs[key] { return known.isInfinite ? nil : known }
    var sum = 0.0
    if let level = bank.level(nonterminal, ordinal) {
      for batch in level.batches where sum.isFinite { sum += batchCost(batch, modulus) ?? .infinity }
    }
    costs[key] = sum
    return sum.isInfinite ? nil : sum
  }

  func batchCost(_ batch: Ladder.Batch, _ modulus: Int64?) -> Double? {
    let production = grammar.productions[batch.production]
    let arguments = production.arguments
    let beyond = arguments.indices.filter { !isStored(arguments[$0], batch.childLevels[$0]) }
    func entries(_ position: Int) -> Double {
      Double(bank.entryCount(arguments[position], batch.childLevels[position]))
    }
    let stored = arguments.indices.filter { !beyond.contains($0) }.reduce(1) { $0 * entries($1) }
    if isMirrored(production, batch.childLevels) { return 0 }
    let rules = rules(batch.production, modulus)
    switch beyond.count {
    case 0:
      if let inverse = cheapestInverse(batch, rules) { return entries(1 - inverse.position) + 1 }
      if let parts = branches[batch.production] {
        // Conditions of few examples fall into few patterns.
        let patterns = min(entries(parts.condition), 64)
        return entries(parts.condition) * 0.2 + patterns * (entries(parts.then) + entries(parts.otherwise)) * 0.2
      }
      if production.symbol == .unit || (arguments.count == 1 && rules[0] != nil) { return 1 }
      let factor = bank.workFactor(batch.production)
      return stored * (factor > 1 ? 0.5 * factor : modulus == nil && arguments.count == 2 ? 0.05 : 0.5) + 1
    case 1:
      let (position, child, ordinal) = (beyond[0], arguments[beyond[0]], batch.childLevels[beyond[0]])
      if production.symbol == .unit { return cost(child, ordinal, modulus: modulus) }
      if let rule = rules[position] {
        return cost(child, ordinal, modulus: rule.childModulus).map { $0 * stored }
      }
      return remainderCost(production, batch, modulus, position)
    default: return nil
    }
  }

  /// `(mod X m)` with X beyond the bank: a congruence goal for every stored divisor.
  func remainderCost(_ production: Grammar.Production, _ batch: Ladder.Batch, _ modulus: Int64?, _ position: Int)
    -> Double?
  {
    guard production.symbol == .operation(.mod), position == 0 else { return nil }
    var sum = 0.0
    for divisor in divisors(production.arguments[1], batch.childLevels[1]) {
      guard let m = divisor.value, modulus == nil || m <= modulus! else { return nil }
      guard let cost = cost(production.arguments[0], batch.childLevels[0], modulus: m) else { return nil }
      sum += cost
    }
    return sum
  }

  /// The entries of a stored level as constants: nil value where a row is not one positive number throughout.
  func divisors(_ nonterminal: Int, _ ordinal: Int) -> [(index: Int, weight: UInt64, value: Int64?)] {
    var found: [(index: Int, weight: UInt64, value: Int64?)] = []
    for entries in bank.entries(nonterminal, ordinal) {
      for position in 0..<entries.count {
        let index = entries.index(position)
        let row = bank.tables[nonterminal].row(index)
        let constant = row[0] > 0 && (1..<goalLanes).allSatisfy { row[$0] == row[0] }
        found.append((index, entries.weight(position), constant ? row[0] : nil))
      }
    }
    return found
  }

  /// Whether the batch is the mirror image of one that is searched with double weight.
  func isMirrored(_ production: Grammar.Production, _ levels: [Int]) -> Bool {
    isSymmetric(production) && levels[0] > levels[1]
  }

  func isSymmetric(_ production: Grammar.Production) -> Bool {
    guard case .operation(let op) = production.symbol, op.isCommutative else { return false }
    return production.arguments[0] == production.arguments[1]
  }

  /// The inverses of a production by position of the unknown argument, for goals modulo `modulus` (nil: exact ones).
  func rules(_ production: Int, _ modulus: Int64?) -> [Inverse?] {
    let key = modulus ?? 0
    if inversions[key] == nil {
      inversions[key] = grammar.productions.map { production in
        production.arguments.indices.map {
          Inverse(production, at: $0, modulus: modulus, in: grammar, bank.kernelTables)
        }
      }
    }
    return inversions[key]![production]
  }

  /// The unknown position whose inversion reads the fewest entries, for a binary batch of stored arguments.
  func cheapestInverse(_ batch: Ladder.Batch, _ rules: [Inverse?]) -> (position: Int, rule: Inverse)? {
    let arguments = grammar.productions[batch.production].arguments
    guard arguments.count == 2 else { return nil }
    var best: (position: Int, rule: Inverse, cost: Int)?
    for position in 0..<2 {
      guard let rule = rules[position] else { continue }
      let cost = bank.entryCount(arguments[1 - position], batch.childLevels[1 - position])
      if cost < best?.cost ?? .max { best = (position, rule, cost) }
    }
    return best.map { ($0.position, $0.rule) }
  }
}
