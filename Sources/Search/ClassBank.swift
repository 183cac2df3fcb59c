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
  init(known: [Example], probes: [[Value]]) {
    precondition(!known.isEmpty, "a signature needs at least one example")
    let examples = Self.padded(known)
    goalLanes = examples.count
    goal = examples.map(\.output.word)
    let all = examples.map(\.inputs) + Self.padded(probes)
    lanes = all.count
    inputs = known[0].inputs.indices.map { parameter in all.map { $0[parameter].word } }
  }

  /// Rows for inputs without outputs.
  init(inputs list: [[Value]]) {
    let all = Self.padded(list)
    lanes = all.count
    goalLanes = 0
    goal = []
    inputs = list[0].indices.map { parameter in all.map { $0[parameter].word } }
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
  let multipliers: UnsafeMutablePointer<UInt64>
  let scratch: RowScratch

  /// Levels produced by the ladder, by nonterminal; the first `tables[n].levels` of them are stored.
  private(set) var levels: [[Ladder.Level]]
  private var ladder: Ladder
  /// Levels that the ladder has produced and that are not stored yet, in its order.
  private var queue: [Ladder.Level] = []
  private var queueHead = 0

  /// Candidates evaluated and looked up in a table.
  private(set) var candidates: UInt64 = 0
  private var nextPoll: UInt64 = 0
  /// Asked about every 2^16 candidates; true ends the level.
  var shouldStop: (ClassBank) -> Bool = { _ in false }

  private let blocks: [CandidateBlock]
  private let gatherA: UnsafeMutablePointer<Int64>
  private let gatherB: UnsafeMutablePointer<Int64>
  private var fill = 0

  init(grammar: Grammar, signature: Signature, countsMass: Bool, memoryLimit: Int) throws(RowProgram.Unsupported) {
    self.grammar = grammar
    self.signature = signature
    self.countsMass = countsMass
    meter = MemoryMeter(limit: memoryLimit)
    kernelTables = KernelTables(modulus: grammar.modulus)
    symbols = try Self.compile(grammar, kernelTables)
    let lanes = signature.lanes
    multipliers = .allocate(capacity: lanes)
    var state: UInt64 = 0x5EED
    for lane in 0..<lanes {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      multipliers[lane] = (z ^ (z >> 31)) | 1
    }
    let count = grammar.nonterminals.count
    tables = .allocate(capacity: count)
    var blocks: [CandidateBlock] = []
    for (index, nonterminal) in grammar.nonterminals.enumerated() {
      let arity = nonterminal.productions.map { grammar.productions[$0].arguments.count }.max() ?? 0
      (tables + index).initialize(
        to: ClassTable(lanes: lanes, arity: arity, countsMass: countsMass, multipliers: multipliers))
      blocks.append(CandidateBlock(lanes: lanes, arity: arity))
    }
    self.blocks = blocks
    gatherA = .allocate(capacity: lanes * CandidateBlock.size)
    gatherB = .allocate(capacity: lanes * CandidateBlock.size)
    scratch = RowScratch(lanes: lanes)
    ladder = Ladder(grammar)
    levels = Array(repeating: [], count: count)
  }

  deinit {
    for index in 0..<grammar.nonterminals.count { tables[index].deallocate(meter) }
    tables.deallocate()
    for block in blocks { block.deallocate() }
    multipliers.deallocate()
    gatherA.deallocate()
    gatherB.deallocate()
  }

  private static func compile(_ grammar: Grammar, _ tables: KernelTables) throws(RowProgram.Unsupported)
    -> [RowProgram?]
  {
    var symbols: [RowProgram?] = []
    for production in grammar.productions {
      let sorts = production.arguments.map { grammar.nonterminals[$0].sort }
      switch production.symbol {
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
}

// MARK: - The ladder ahead

extension ClassBank {
  /// The next level that would be stored; nil when the grammar has no more programs.
  func upcoming() -> Ladder.Level? {
    if queueHead == queue.count, !produce() { return nil }
    return queue[queueHead]
  }

  /// The level number `ordinal` of a nonterminal, produced when needed; nil when it has fewer.
  func level(_ nonterminal: Int, _ ordinal: Int) -> Ladder.Level? {
    while levels[nonterminal].count <= ordinal { if !produce() { return nil } }
    return levels[nonterminal][ordinal]
  }

  private func produce() -> Bool {
    guard let next = ladder.next() else { return false }
    levels[next.nonterminal].append(next)
    queue.append(next)
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
      return sum + product
    }
  }

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
    let table = tables[nonterminal]
    let start = table.classStart[ordinal]
    let fresh = Entries(
      start: start, indices: nil, counts: countsMass ? UnsafePointer(table.firstCount.base + start) : nil,
      count: table.classStart[ordinal + 1] - start)
    guard countsMass else { return [fresh] }
    let first = table.repeatStart[ordinal]
    let repeats = Entries(
      start: 0, indices: UnsafePointer(table.repeatClass.base + first),
      counts: UnsafePointer(table.repeatCount.base + first), count: table.repeatStart[ordinal + 1] - first)
    return repeats.count > 0 ? [fresh, repeats] : [fresh]
  }

  /// Rows of `count` entries from `position`, in place when they are contiguous, else copied to `buffer`.
  @inline(__always)
  func source(
    _ nonterminal: Int, _ entries: Entries, _ position: Int, _ count: Int, _ buffer: UnsafeMutablePointer<Int64>
  ) -> RowSource {
    let lanes = signature.lanes
    let rows = tables[nonterminal].rows.base
    guard entries.indices != nil else { return RowSource(rows + (entries.start + position) * lanes, step: lanes) }
    for i in 0..<count {
      (buffer + i * lanes).update(from: rows + entries.index(position + i) * lanes, count: lanes)
    }
    return RowSource(buffer, step: lanes)
  }
}

// MARK: - Storing

extension ClassBank {
  enum Stored: Equatable { case level, exhausted, memory, stopped, countLimit }

  /// Stores the next level of the ladder. After anything but `.level` the bank must not be stored to again.
  func storeNext() -> Stored {
    guard let level = upcoming() else { return .exhausted }
    guard !countsMass || UInt64(exactly: level.count) != nil else { return .countLimit }
    let nonterminal = level.nonterminal
    for batch in level.batches {
      let outcome = store(batch, in: nonterminal)
      if outcome != .level {
        tables[nonterminal].abandonLevel()
        return outcome
      }
    }
    guard tables[nonterminal].finishLevel(meter) else {
      tables[nonterminal].abandonLevel()
      return .memory
    }
    queueHead += 1
    return .level
  }

  private func store(_ batch: Ladder.Batch, in nonterminal: Int) -> Stored {
    let production = grammar.productions[batch.production]
    let number = UInt16(batch.production)
    fill = 0
    let outcome: Stored
    switch production.arguments.count {
    case 0: outcome = storeLeaf(production, nonterminal)
    case 1: outcome = storeUnary(production, batch, nonterminal, number)
    case 2: outcome = storeBinary(production, batch, nonterminal, number)
    default: outcome = storeTernary(production, batch, nonterminal, number)
    }
    guard outcome == .level else { return outcome }
    return flush(nonterminal, number)
  }

  private func flush(_ nonterminal: Int, _ number: UInt16) -> Stored {
    if fill == 0 { return .level }
    let block = blocks[nonterminal]
    levin_hash(block.rows, signature.lanes, fill, signature.lanes, multipliers, block.hashes)
    guard tables[nonterminal].prepareForBlock(meter) else { return .memory }
    tables[nonterminal].insert(block, count: fill, production: number)
    candidates += UInt64(fill)
    fill = 0
    if candidates >= nextPoll {
      nextPoll = candidates + 1 << 16
      if shouldStop(self) { return .stopped }
    }
    return .level
  }

  private func storeLeaf(_ production: Grammar.Production, _ nonterminal: Int) -> Stored {
    let block = blocks[nonterminal]
    leafRow(production, into: block.rows)
    block.weights[0] = 1
    for j in 0..<block.arity { block.children[j] = 0 }
    fill = 1
    return .level
  }

  /// The row of a variable or constant.
  func leafRow(_ production: Grammar.Production, into row: UnsafeMutablePointer<Int64>) {
    switch production.symbol {
    case .variable(let index):
      for lane in 0..<signature.lanes { row[lane] = signature.inputs[index][lane] }
    case .constant(let value, _): row.update(repeating: value.word, count: signature.lanes)
    default: preconditionFailure("\(production.symbol) is not a leaf")
    }
  }

  private func storeUnary(
    _ production: Grammar.Production, _ batch: Ladder.Batch, _ nonterminal: Int, _ number: UInt16
  ) -> Stored {
    let child = production.arguments[0]
    let symbol = symbols[batch.production]!
    let block = blocks[nonterminal]
    let lanes = signature.lanes
    for entries in entries(child, batch.childLevels[0]) {
      var position = 0
      while position < entries.count {
        let n = min(CandidateBlock.size - fill, entries.count - position)
        let rows = source(child, entries, position, n, gatherA)
        symbol.run((rows, rows, rows), into: block.rows + fill * lanes, step: lanes, count: n, lanes: lanes, scratch: scratch)
        for i in 0..<n {
          block.children[(fill + i) * block.arity] = UInt32(truncatingIfNeeded: entries.index(position + i))
          block.weights[fill + i] = entries.weight(position + i)
        }
        fill += n
        position += n
        if fill == CandidateBlock.size {
          let outcome = flush(nonterminal, number)
          if outcome != .level { return outcome }
        }
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
    _ production: Grammar.Production, _ batch: Ladder.Batch, _ nonterminal: Int, _ number: UInt16
  ) -> Stored {
    let symmetry = symmetry(production, batch.childLevels)
    if symmetry.skip { return .level }
    let (left, right) = (production.arguments[0], production.arguments[1])
    let symbol = symbols[batch.production]!
    let firsts = entries(left, batch.childLevels[0])
    let seconds = entries(right, batch.childLevels[1])
    for (segmentA, a) in firsts.enumerated() {
      for (segmentB, b) in seconds.enumerated() where !symmetry.triangle || segmentB >= segmentA {
        let triangle = symmetry.triangle && segmentA == segmentB
        let outcome =
          !triangle && b.count < 16
          ? storeNarrow(symbol, left, a, right, b, nonterminal, number, symmetry.both)
          : storeWide(symbol, left, a, right, b, nonterminal, number, symmetry.both, triangle)
        if outcome != .level { return outcome }
      }
    }
    return .level
  }

  /// One left row against blocks of right rows.
  private func storeWide(
    _ symbol: RowProgram, _ left: Int, _ a: Entries, _ right: Int, _ b: Entries, _ nonterminal: Int,
    _ number: UInt16, _ both: Bool, _ triangle: Bool
  ) -> Stored {
    let block = blocks[nonterminal]
    let lanes = signature.lanes
    let arity = block.arity
    let mass = countsMass
    for i in 0..<a.count {
      let classA = a.index(i)
      let weightA = a.weight(i) &* (both ? 2 : 1)
      var position = triangle ? i : 0
      while position < b.count {
        let n = min(CandidateBlock.size - fill, b.count - position)
        // Read anew for each block: the table that is filled may be the one that is read, and its rows move.
        let rowA = RowSource(tables[left].row(classA), step: 0)
        let rowsB = source(right, b, position, n, gatherB)
        symbol.run(
          (rowA, rowsB, rowsB), into: block.rows + fill * lanes, step: lanes, count: n, lanes: lanes, scratch: scratch)
        let children = block.children + fill * arity
        for j in 0..<n {
          children[j * arity] = UInt32(truncatingIfNeeded: classA)
          children[j * arity + 1] = UInt32(truncatingIfNeeded: b.index(position + j))
        }
        if mass {
          for j in 0..<n { block.weights[fill + j] = weightA &* b.weight(position + j) }
          if triangle, position == i { block.weights[fill] = a.weight(i) &* a.weight(i) }
        }
        fill += n
        position += n
        if fill == CandidateBlock.size {
          let outcome = flush(nonterminal, number)
          if outcome != .level { return outcome }
        }
      }
    }
    return .level
  }

  /// Few right rows: blocks of left rows against each of them, written in the order left, right.
  private func storeNarrow(
    _ symbol: RowProgram, _ left: Int, _ a: Entries, _ right: Int, _ b: Entries, _ nonterminal: Int,
    _ number: UInt16, _ both: Bool
  ) -> Stored {
    if b.count == 0 { return .level }
    let block = blocks[nonterminal]
    let lanes = signature.lanes
    let arity = block.arity
    var position = 0
    while position < a.count {
      if fill + b.count > CandidateBlock.size {
        let outcome = flush(nonterminal, number)
        if outcome != .level { return outcome }
      }
      let n = min((CandidateBlock.size - fill) / b.count, a.count - position)
      let rowsA = source(left, a, position, n, gatherA)
      for j in 0..<b.count {
        let classB = b.index(j)
        let rowB = RowSource(tables[right].row(classB), step: 0)
        let weightB = b.weight(j) &* (both ? 2 : 1)
        symbol.run(
          (rowsA, rowB, rowB), into: block.rows + (fill + j) * lanes, step: lanes * b.count, count: n, lanes: lanes,
          scratch: scratch)
        var slot = fill + j
        for i in 0..<n {
          block.children[slot * arity] = UInt32(truncatingIfNeeded: a.index(position + i))
          block.children[slot * arity + 1] = UInt32(truncatingIfNeeded: classB)
          block.weights[slot] = a.weight(position + i) &* weightB
          slot += b.count
        }
      }
      fill += n * b.count
      position += n
      if fill == CandidateBlock.size {
        let outcome = flush(nonterminal, number)
        if outcome != .level { return outcome }
      }
    }
    return .level
  }

  private func storeTernary(
    _ production: Grammar.Production, _ batch: Ladder.Batch, _ nonterminal: Int, _ number: UInt16
  ) -> Stored {
    let (first, second, third) = (production.arguments[0], production.arguments[1], production.arguments[2])
    let symbol = symbols[batch.production]!
    let block = blocks[nonterminal]
    let lanes = signature.lanes
    let arity = block.arity
    for c in entries(first, batch.childLevels[0]) {
      for i in 0..<c.count {
        for a in entries(second, batch.childLevels[1]) {
          for j in 0..<a.count {
            let weight = c.weight(i) &* a.weight(j)
            for b in entries(third, batch.childLevels[2]) {
              var position = 0
              while position < b.count {
                let n = min(CandidateBlock.size - fill, b.count - position)
                let rowC = RowSource(tables[first].row(c.index(i)), step: 0)
                let rowA = RowSource(tables[second].row(a.index(j)), step: 0)
                let rowsB = source(third, b, position, n, gatherB)
                symbol.run(
                  (rowC, rowA, rowsB), into: block.rows + fill * lanes, step: lanes, count: n, lanes: lanes,
                  scratch: scratch)
                for k in 0..<n {
                  let children = block.children + (fill + k) * arity
                  children[0] = UInt32(truncatingIfNeeded: c.index(i))
                  children[1] = UInt32(truncatingIfNeeded: a.index(j))
                  children[2] = UInt32(truncatingIfNeeded: b.index(position + k))
                  block.weights[fill + k] = weight &* b.weight(position + k)
                }
                fill += n
                position += n
                if fill == CandidateBlock.size {
                  let outcome = flush(nonterminal, number)
                  if outcome != .level { return outcome }
                }
              }
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
      let table = tables[nonterminal]
      let number = Int(table.production.base[index])
      derivation.append(Int32(number))
      let arguments = grammar.productions[number].arguments
      for position in arguments.indices.reversed() {
        pending.append((arguments[position], Int(table.children.base[index * table.arity + position])))
      }
    }
    return Program(productions: derivation)
  }

  /// Whether the counts of a stored level sum to the counting DP: the audit.
  func audit(_ nonterminal: Int, _ ordinal: Int) -> Bool {
    BigInteger(tables[nonterminal].total(ofLevel: ordinal)) == levels[nonterminal][ordinal].count
  }
}
