import CKernels
import Evaluation
import ExactArithmetic
import Grammars

/// The examples as rows: what a program is run on.
struct Signature {
  /// Words per row: a multiple of 8.
  let lanes: Int
  /// The first lanes belong to examples whose output is known: the goal; a multiple of 8.
  let goalLanes: Int
  /// One row per parameter.
  let inputs: [[Int64]]
  /// The outputs on the goal lanes.
  let goal: [Int64]

  /// Rows for `known` examples and `probes` (inputs without outputs), each group padded to a multiple of eight by
  /// repeating its first member.
  init(known: [Example], probes: [[Value]], tables: KernelTables) {
    precondition(!known.isEmpty, "a signature needs at least one example")
    let examples = Self.padded(known)
    goalLanes = examples.count
    goal = examples.map { tables.word($0.output) }
    let all = examples.map(\.inputs) + Self.padded(probes)
    lanes = all.count
    inputs = known[0].inputs.indices.map { parameter in all.map { tables.word($0[parameter]) } }
  }

  /// Rows for inputs without outputs.
  init(inputs list: [[Value]], tables: KernelTables) {
    let all = Self.padded(list)
    lanes = all.count
    goalLanes = 0
    goal = []
    inputs = list[0].indices.map { parameter in all.map { tables.word($0[parameter]) } }
  }

  private static func padded<T>(_ list: [T]) -> [T] {
    list + Array(repeating: list.first, count: (8 - list.count % 8) % 8).compactMap { $0 }
  }
}

/// All programs of a grammar up to a level, merged into classes by their values on the examples.
///
/// Levels are stored one by one in the order of the ladder. The bank owns its memory; it is not thread-safe while it
/// grows and may be read from several threads when it does not.
final class ClassBank {
  let grammar: Grammar
  let signature: Signature
  let countsMass: Bool
  let meter: MemoryMeter
  let tables: UnsafeMutablePointer<ClassTable>
  let kernelTables: KernelTables
  /// One compiled symbol per production that has arguments.
  let symbols: [RowProgram?]
  /// Keys of the hash: two per lane.
  let keys: UnsafeMutablePointer<UInt32>
  let scratch: RowScratch

  /// Levels produced by the ladder, by nonterminal; the first `tables[n].levels` of them are stored.
  private(set) var levels: [[Ladder.Level]]
  private var ladder: Ladder
  /// Levels that the ladder has produced and that are not stored yet, in its order.
  private var queue: [Ladder.Level] = []
  private var queueHead = 0
  /// For languages with lambdas: how much prior the surroundings of a nonterminal leave, and the levels to be stored in
  /// ascending order of the prior that they can take part in. Bodies of loops are needed far less deep than whole programs.
  private let contexts: [Rational]?
  private var lastProduced: Rational?
  private var needed: [(key: Rational, level: Ladder.Level)] = []

  /// Candidates evaluated and looked up in a table.
  private(set) var candidates: UInt64 = 0
  private var nextPoll: UInt64 = 0
  /// Asked about every 2^16 candidates (2^12 where they loop); true ends the level.
  var shouldStop: (ClassBank) -> Bool = { _ in false }

  private let ring: CandidateRing

  /// - Parameters:
  ///   - tables: those that made the signature's words.
  ///   - stepLimit: steps of one symbol on one example, in languages with loops or lists.
  init(
    grammar: Grammar, signature: Signature, countsMass: Bool, memoryLimit: Int, tables kernelTables: KernelTables,
    stepLimit: UInt64
  ) throws(RowProgram.Unsupported) {
    self.grammar = grammar
    self.signature = signature
    self.countsMass = countsMass
    meter = MemoryMeter(limit: memoryLimit)
    self.kernelTables = kernelTables
    kernelTables.machine?.setLanes(signature.inputs, stepLimit: stepLimit)
    symbols = try Self.compile(grammar, kernelTables)
    let lanes = signature.lanes
    keys = .allocate(capacity: 2 * lanes)
    var state: UInt64 = 0x5EED
    for index in 0..<2 * lanes {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      keys[index] = UInt32(truncatingIfNeeded: (z ^ (z >> 31)) >> 16) | 1
    }
    let count = grammar.nonterminals.count
    tables = .allocate(capacity: count)
    for (index, nonterminal) in grammar.nonterminals.enumerated() {
      let arity = nonterminal.productions.map { grammar.productions[$0].arguments.count }.max() ?? 0
      (tables + index).initialize(to: ClassTable(lanes: lanes, arity: arity, countsMass: countsMass))
    }
    ring = CandidateRing(lanes: lanes)
    scratch = RowScratch(lanes: lanes)
    contexts = grammar.isStructured ? grammar.contextPriors() : nil
    ladder = Ladder(grammar)
    levels = Array(repeating: [], count: count)
  }

  deinit {
    for index in 0..<grammar.nonterminals.count { tables[index].deallocate(meter) }
    tables.deallocate()
    ring.deallocate()
    keys.deallocate()
  }

  private static func compile(_ grammar: Grammar, _ tables: KernelTables) throws(RowProgram.Unsupported)
    -> [RowProgram?]
  {
    var symbols: [RowProgram?] = []
    for production in grammar.productions {
      let sorts = production.arguments.map { grammar.nonterminals[$0].sort }
      let isOpen = grammar.nonterminals[production.nonterminal].isOpen
      if let symbol = RowProgram(
        structured: production.symbol, arity: production.arguments.count, isOpen: isOpen, tables: tables)
      {
        symbols.append(symbol)
        continue
      }
      switch production.symbol {
      case .lambda: preconditionFailure("a lambda is structured")
      case .variable, .constant: symbols.append(nil)
      case .unit: symbols.append(.copy(tables: tables))
      case .operation(let op): symbols.append(RowProgram(op, sorts: sorts, tables: tables))
      case .call(let index): symbols.append(try RowProgram(grammar.definitions[index], in: grammar, tables: tables))
      }
    }
    return symbols
  }

  /// Classes over all nonterminals.
  var classes: Int { (0..<grammar.nonterminals.count).reduce(0) { $0 + tables[$1].count } }
  /// Bytes of the classes of all nonterminals.
  var classBytes: Int { (0..<grammar.nonterminals.count).reduce(0) { $0 + tables[$1].bytes } }
}

// MARK: - The ladder ahead

extension ClassBank {
  /// The next level that would be stored; nil when the grammar has no more programs.
  func upcoming() -> Ladder.Level? {
    if contexts != nil { return mostNeeded() }
    if queueHead == queue.count, !produce() { return nil }
    return queue[queueHead]
  }

  /// The level with the greatest prior of a program that it can be part of; those it is built from come before it.
  private func mostNeeded() -> Ladder.Level? {
    while true {
      // What the ladder has not produced has no greater key than the prior it has come to.
      if let last = needed.last, let reached = lastProduced, last.key >= reached { return last.level }
      if !produce() { return needed.last?.level }
    }
  }

  /// A level under lambdas before its turn: of the nonterminal on which `work` is least and whose next level has its parts
  /// stored. Bodies of loops beyond what a complete search needs yet.
  func upcomingBody(_ work: [Double]) -> Ladder.Level? {
    var best: Ladder.Level?
    var isNext = Array(repeating: true, count: grammar.nonterminals.count)
    for (_, level) in needed.reversed()
    where grammar.nonterminals[level.nonterminal].isOpen && isNext[level.nonterminal] {
      isNext[level.nonterminal] = false
      let isReady = level.batches.allSatisfy { batch in
        zip(grammar.productions[batch.production].arguments, batch.childLevels).allSatisfy { $1 < tables[$0].levels }
      }
      if isReady, best.map({ work[level.nonterminal] < work[$0.nonterminal] }) ?? true { best = level }
    }
    return best
  }

  private func enqueue(_ level: Ladder.Level) {
    guard let contexts else { return queue.append(level) }
    let key = level.probability * contexts[level.nonterminal]
    // Of equal keys the level produced first is taken first.
    var (low, high) = (0, needed.count)
    while low < high {
      let middle = (low + high) / 2
      if needed[middle].key < key { low = middle + 1 } else { high = middle }
    }
    needed.insert((key, level), at: low)
    lastProduced = level.probability
  }

  /// The level number `ordinal` of a nonterminal, produced when needed; nil when it has fewer.
  func level(_ nonterminal: Int, _ ordinal: Int) -> Ladder.Level? {
    while levels[nonterminal].count <= ordinal { if !produce() { return nil } }
    return levels[nonterminal][ordinal]
  }

  private func produce() -> Bool {
    guard let next = ladder.next() else { return false }
    levels[next.nonterminal].append(next)
    enqueue(next)
    if queueHead > 1024, queueHead * 2 > queue.count {
      queue.removeFirst(queueHead)
      queueHead = 0
    }
    return true
  }

  /// Candidates that storing a level evaluates.
  func storingCost(_ level: Ladder.Level) -> Double {
    level.batches.reduce(0) { sum, batch in
      let arguments = grammar.productions[batch.production].arguments
      var product = 1.0
      for (position, child) in batch.childLevels.enumerated() {
        product *= Double(entryCount(arguments[position], child))
      }
      return sum + product * workFactor(batch.production)
    }
  }

  /// Work of one candidate of a production, in those of an ordinary operator.
  func workFactor(_ production: Int) -> Double { symbols[production]?.structure?.workFactor ?? 1 }

  /// Entries (classes, with mass also repeats) of a stored level.
  func entryCount(_ nonterminal: Int, _ ordinal: Int) -> Int {
    let table = tables + nonterminal
    let fresh = table.pointee.classStart[ordinal + 1] - table.pointee.classStart[ordinal]
    return countsMass
      ? fresh + table.pointee.repeatStart[ordinal + 1] - table.pointee.repeatStart[ordinal] : fresh
  }
}

// MARK: - Entries of a level

/// Some entries of a stored level: a run of classes (`indices` nil) or a list of them.
struct Entries {
  let start: Int
  let indices: UnsafePointer<UInt32>?
  let counts: UnsafePointer<UInt64>?
  let count: Int

  @inline(__always) func index(_ position: Int) -> Int {
    indices.map { Int($0[position]) } ?? start + position
  }
  @inline(__always) func weight(_ position: Int) -> UInt64 { counts.map { $0[position] } ?? 1 }
}

extension ClassBank {
  /// The entries of a stored level: its own classes, then (with mass) the repeats.
  func entries(_ nonterminal: Int, _ ordinal: Int) -> [Entries] {
    let table = tables + nonterminal
    let start = table.pointee.classStart[ordinal]
    let fresh = Entries(
      start: start, indices: nil, counts: countsMass ? UnsafePointer(table.pointee.firstCount.base + start) : nil,
      count: table.pointee.classStart[ordinal + 1] - start)
    guard countsMass else { return [fresh] }
    let first = table.pointee.repeatStart[ordinal]
    let repeats = Entries(
      start: 0, indices: UnsafePointer(table.pointee.repeatClass.base + first),
      counts: UnsafePointer(table.pointee.repeatCount.base + first),
      count: table.pointee.repeatStart[ordinal + 1] - first)
    return repeats.count > 0 ? [fresh, repeats] : [fresh]
  }

  /// Rows of the entries from `position` on.
  @inline(__always)
  func source(_ nonterminal: Int, _ entries: Entries, _ position: Int) -> RowSource {
    let lanes = signature.lanes
    let rows = tables[nonterminal].rows.base
    guard let indices = entries.indices else {
      return RowSource(rows + (entries.start + position) * lanes, step: lanes)
    }
    return RowSource(rows, step: lanes, indices: indices + position)
  }
}

// MARK: - Storing

extension ClassBank {
  enum Stored: Equatable { case level, exhausted, memory, stopped, countLimit }

  /// Stores the next level of the ladder. After anything but `.level` the bank must not be stored to again.
  func storeNext() -> Stored { upcoming().map { store($0) } ?? .exhausted }

  /// Stores a level that `upcoming` or `upcomingBody` gave.
  func store(_ level: Ladder.Level) -> Stored {
    guard !countsMass || UInt64(exactly: level.count) != nil else { return .countLimit }
    let nonterminal = level.nonterminal
    for batch in level.batches {
      let outcome = store(batch, in: nonterminal)
      if outcome != .level { return abandon(nonterminal, outcome) }
    }
    let outcome = drain(nonterminal)
    if outcome != .level { return abandon(nonterminal, outcome) }
    guard tables[nonterminal].finishLevel(meter) else { return abandon(nonterminal, .memory) }
    if contexts == nil {
      queueHead += 1
    } else {
      needed.remove(at: needed.lastIndex { $0.level.nonterminal == nonterminal && $0.level.ordinal == level.ordinal }!)
    }
    return .level
  }

  private func abandon(_ nonterminal: Int, _ outcome: Stored) -> Stored {
    ring.clear()
    tables[nonterminal].abandonLevel()
    return outcome
  }

  /// What the candidates of a batch have in common.
  private struct Operation {
    let production: Int
    let nonterminal: Int
    /// Nil for a leaf.
    let symbol: RowProgram?
    /// The tables of the arguments; where there are fewer than three, the last again.
    let tables: (UnsafeMutablePointer<ClassTable>, UnsafeMutablePointer<ClassTable>, UnsafeMutablePointer<ClassTable>)
  }

  private func store(_ batch: Ladder.Batch, in nonterminal: Int) -> Stored {
    let production = grammar.productions[batch.production]
    let arguments = production.arguments
    func table(_ position: Int) -> UnsafeMutablePointer<ClassTable> {
      tables + (arguments.isEmpty ? 0 : arguments[min(position, arguments.count - 1)])
    }
    let operation = Operation(
      production: batch.production, nonterminal: nonterminal, symbol: symbols[batch.production],
      tables: (table(0), table(1), table(2)))
    let parts = arguments.indices.map { entries(arguments[$0], batch.childLevels[$0]) }
    let outcome: Stored
    switch arguments.count {
    case 0: outcome = storeLeaf(production, operation)
    case 1: outcome = storeUnary(parts[0], operation)
    case 2: outcome = storeBinary(parts, symmetry(production, batch.childLevels), operation)
    default: outcome = storeTernary(parts, operation)
    }
    evaluate(operation)
    return outcome
  }

  /// Runs the candidates of the block that have only arguments so far.
  private func evaluate(_ operation: borrowing Operation) {
    let block = ring.filling
    let (start, end) = (block.state.evaluated, block.state.count)
    guard start < end, let symbol = operation.symbol else { return }
    let lanes = signature.lanes
    (block.productions + start).update(repeating: UInt16(truncatingIfNeeded: operation.production), count: end - start)
    symbol.run(
      (
        RowSource(operation.tables.0.pointee.rows.base, step: lanes, indices: block.column(0) + start),
        RowSource(operation.tables.1.pointee.rows.base, step: lanes, indices: block.column(1) + start),
        RowSource(operation.tables.2.pointee.rows.base, step: lanes, indices: block.column(2) + start)
      ), into: block.rows + start * lanes, step: lanes, count: end - start, lanes: lanes, scratch: scratch,
      hashing: RowHashing(keys, into: block.hashes + start))
    block.state.evaluated = end
  }

  /// A block is full.
  private func turn(_ operation: borrowing Operation) -> Stored {
    evaluate(operation)
    return turn(operation.nonterminal)
  }

  /// Hands the block on: each waits while its slots are fetched, then while the rows are that the slots name.
  private func turn(_ nonterminal: Int) -> Stored {
    let table = tables + nonterminal
    table.pointee.fetchSlots(ring.filling)
    table.pointee.fetchRows(ring.waiting)
    let oldest = ring.oldest
    if oldest.state.count > 0 {
      guard table.pointee.prepareForBlock(meter) else { return .memory }
      table.pointee.insert(oldest)
    }
    candidates += UInt64(ring.filling.state.count)
    ring.advance()
    if candidates >= nextPoll {
      nextPoll = candidates + (kernelTables.machine == nil ? 1 << 16 : 1 << 12)
      if let machine = kernelTables.machine, machine.bytes + meter.used > meter.limit { return .memory }
      if shouldStop(self) { return .stopped }
    }
    return .level
  }

  /// Puts all that is under way into the table.
  private func drain(_ nonterminal: Int) -> Stored {
    for _ in 0..<CandidateRing.size {
      let outcome = turn(nonterminal)
      if outcome != .level { return outcome }
    }
    return .level
  }

  private func storeLeaf(_ production: Grammar.Production, _ operation: borrowing Operation) -> Stored {
    let block = ring.filling
    let position = block.state.count
    let row = block.rows + position * signature.lanes
    leafRow(production, into: row)
    levin_hash(row, signature.lanes, 1, signature.lanes, keys, block.hashes + position)
    block.productions[position] = UInt16(truncatingIfNeeded: operation.production)
    block.weights[position] = 1
    for column in 0..<CandidateBlock.columns { block.column(column)[position] = 0 }
    block.state.count += 1
    block.state.evaluated += 1
    return block.isFull ? turn(operation.nonterminal) : .level
  }

  /// The row of a variable or constant.
  func leafRow(_ production: Grammar.Production, into row: UnsafeMutablePointer<Int64>) {
    if grammar.nonterminals[production.nonterminal].isOpen, let machine = kernelTables.machine {
      return row.update(repeating: machine.leaf(production.symbol), count: signature.lanes)
    }
    switch production.symbol {
    case .variable(let index):
      for lane in 0..<signature.lanes { row[lane] = signature.inputs[index][lane] }
    case .constant(let value, _): row.update(repeating: kernelTables.word(value), count: signature.lanes)
    default: preconditionFailure("\(production.symbol) is not a leaf")
    }
  }

  private func storeUnary(_ parts: [Entries], _ operation: borrowing Operation) -> Stored {
    for entries in parts {
      let outcome = storeRun(entries, from: 0, weight: 1, column: 0, (0, 0), operation.tables.0, operation)
      if outcome != .level { return outcome }
    }
    return .level
  }

  /// Candidates that differ in their last argument: `entries` from a position on, in column number `column`; the columns
  /// before hold `fixed`.
  @inline(__always)
  private func storeRun(
    _ entries: Entries, from start: Int, weight: UInt64, column: Int, _ fixed: (UInt32, UInt32),
    _ table: UnsafeMutablePointer<ClassTable>, _ operation: borrowing Operation
  ) -> Stored {
    let lanes = signature.lanes
    var position = start
    while position < entries.count {
      let block = ring.filling
      let fill = block.state.count
      let n = min(CandidateBlock.size - fill, entries.count - position)
      if column > 0 { for j in fill..<fill + n { block.column(0)[j] = fixed.0 } }
      if column > 1 { for j in fill..<fill + n { block.column(1)[j] = fixed.1 } }
      let last = block.column(column) + fill
      if let indices = entries.indices {
        let rows = table.pointee.rows.base
        for j in 0..<n {
          let index = indices[position + j]
          last[j] = index
          levin_prefetch(rows + Int(index) * lanes)
        }
      } else {
        let first = UInt32(truncatingIfNeeded: entries.start + position)
        for j in 0..<n { last[j] = first &+ UInt32(truncatingIfNeeded: j) }
      }
      if let counts = entries.counts {
        for j in 0..<n { block.weights[fill + j] = weight &* counts[position + j] }
      }
      position += n
      block.state.count = fill + n
      if fill + n == CandidateBlock.size {
        let outcome = turn(operation)
        if outcome != .level { return outcome }
      }
    }
    return .level
  }

  /// Whether a batch repeats, with its arguments swapped, pairs that another batch covers.
  private func symmetry(_ production: Grammar.Production, _ levels: [Int]) -> (skip: Bool, triangle: Bool, both: Bool) {
    guard case .operation(let op) = production.symbol, op.isCommutative,
      production.arguments[0] == production.arguments[1]
    else { return (false, false, false) }
    return (levels[0] > levels[1], levels[0] == levels[1], true)
  }

  private func storeBinary(
    _ parts: [[Entries]], _ symmetry: (skip: Bool, triangle: Bool, both: Bool), _ operation: borrowing Operation
  ) -> Stored {
    if symmetry.skip { return .level }
    for segmentA in parts[0].indices {
      for segmentB in parts[1].indices where !symmetry.triangle || segmentB >= segmentA {
        let (a, b) = (parts[0][segmentA], parts[1][segmentB])
        let triangle = symmetry.triangle && segmentA == segmentB
        let outcome =
          !triangle && b.count < 16
          ? storeNarrow(a, b, operation, symmetry.both) : storePairs(a, b, operation, symmetry.both, triangle)
        if outcome != .level { return outcome }
      }
    }
    return .level
  }

  /// Each left entry with each right one; with `triangle`, entry i only with those from i on.
  private func storePairs(
    _ a: Entries, _ b: Entries, _ operation: borrowing Operation, _ both: Bool, _ triangle: Bool
  ) -> Stored {
    let table = operation.tables.1
    for i in 0..<a.count {
      prefetch(operation.tables.0, a, i + 8)
      let left = UInt32(truncatingIfNeeded: a.index(i))
      var start = 0
      if triangle {
        // With itself a program forms one pair, not two.
        let own = Entries(
          start: b.start + i, indices: b.indices.map { $0 + i }, counts: b.counts.map { $0 + i }, count: 1)
        let outcome = storeRun(own, from: 0, weight: a.weight(i), column: 1, (left, 0), table, operation)
        if outcome != .level { return outcome }
        start = i + 1
      }
      let weight = a.weight(i) &* (both ? 2 : 1)
      let outcome = storeRun(b, from: start, weight: weight, column: 1, (left, 0), table, operation)
      if outcome != .level { return outcome }
    }
    return .level
  }

  /// As `storePairs`, where right entries are few: candidate by candidate.
  private func storeNarrow(_ a: Entries, _ b: Entries, _ operation: borrowing Operation, _ both: Bool) -> Stored {
    let factor: UInt64 = both ? 2 : 1
    var block = ring.filling
    var fill = block.state.count
    for i in 0..<a.count {
      prefetch(operation.tables.0, a, i &+ 8)
      let left = UInt32(truncatingIfNeeded: a.index(i))
      let weight = a.weight(i) &* factor
      var j = 0
      while j < b.count {
        block.column(0)[fill] = left
        block.column(1)[fill] = UInt32(truncatingIfNeeded: b.index(j))
        block.weights[fill] = weight &* b.weight(j)
        fill &+= 1
        j &+= 1
        if fill == CandidateBlock.size {
          block.state.count = fill
          let outcome = turn(operation)
          if outcome != .level { return outcome }
          block = ring.filling
          fill = 0
        }
      }
    }
    block.state.count = fill
    return .level
  }

  @inline(__always)
  private func prefetch(_ table: UnsafeMutablePointer<ClassTable>, _ entries: Entries, _ position: Int) {
    if let indices = entries.indices, position < entries.count {
      levin_prefetch(table.pointee.rows.base + Int(indices[position]) &* signature.lanes)
    }
  }

  private func storeTernary(_ parts: [[Entries]], _ operation: borrowing Operation) -> Stored {
    for c in parts[0] {
      for i in 0..<c.count {
        for a in parts[1] {
          for j in 0..<a.count {
            let fixed = (UInt32(truncatingIfNeeded: c.index(i)), UInt32(truncatingIfNeeded: a.index(j)))
            let weight = c.weight(i) &* a.weight(j)
            for b in parts[2] {
              let outcome = storeRun(b, from: 0, weight: weight, column: 2, fixed, operation.tables.2, operation)
              if outcome != .level { return outcome }
            }
          }
        }
      }
    }
    return .level
  }
}

// MARK: - Programs

extension ClassBank {
  /// The first program of a class.
  func program(_ nonterminal: Int, _ index: Int) -> Program {
    var derivation: [Int32] = []
    var pending = [(nonterminal, index)]
    while let (nonterminal, index) = pending.popLast() {
      let table = tables + nonterminal
      let number = Int(table.pointee.production.base[index])
      derivation.append(Int32(number))
      let arguments = grammar.productions[number].arguments
      for position in arguments.indices.reversed() {
        pending.append((arguments[position], Int(table.pointee.children.base[index * table.pointee.arity + position])))
      }
    }
    return Program(productions: derivation)
  }

  /// Whether the counts of a stored level sum to the counting DP: the audit.
  func audit(_ nonterminal: Int, _ ordinal: Int) -> Bool {
    BigInteger(tables[nonterminal].total(ofLevel: ordinal)) == levels[nonterminal][ordinal].count
  }
}
