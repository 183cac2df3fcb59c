import CKernels
import Evaluation
import ExactArithmetic
import Grammars

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
  /// One compiled symbol per production that is no variable, constant or lambda.
  let symbols: [RowProgram?]
  /// Keys of the hash: two per lane.
  let keys: UnsafeMutablePointer<UInt32>
  let scratch: RowScratch

  /// The levels of the grammar; of nonterminal n the first `tables[n].levels` are stored.
  var queue: LevelQueue
  /// Levels produced so far, by nonterminal and ordinal.
  var levels: [[Ladder.Level]] { queue.levels }

  /// Candidates evaluated and looked up in a table, or replayed: whole blocks until their level is finished.
  var candidates: UInt64 = 0
  var nextPoll: UInt64 = 0
  /// Of the level being filled: `candidates` before it, those handed to the table, and those replayed.
  var counted: (before: UInt64, inserted: Int, replayed: Int) = (0, 0, 0)
  /// The memory of the machine is to be compared with its limit.
  var checksMachine = false
  /// Asked about every 2^16 candidates (2^12 where they loop); true ends the level.
  var shouldStop: (ClassBank) -> Bool = { _ in false }

  let ring: CandidateRing
  let replayBlock = ReplayBlock()
  /// What repeats are replayed from; kept with mass alone.
  let numbers: ClassNumbers

  /// - Parameters:
  ///   - tables: those that made the signature's words.
  ///   - stepLimit: steps of one symbol on one example, in languages with loops or lists.
  ///   - queue: a new queue of the grammar, where there is one already.
  init(
    grammar: Grammar, signature: Signature, countsMass: Bool, memoryLimit: Int, tables kernelTables: KernelTables,
    stepLimit: UInt64, queue: LevelQueue? = nil
  ) throws(RowProgram.Unsupported) {
    self.grammar = grammar
    self.signature = signature
    self.countsMass = countsMass
    meter = MemoryMeter(limit: memoryLimit)
    numbers = ClassNumbers(grammar, isKept: countsMass, meter)
    self.kernelTables = kernelTables
    kernelTables.machine?.setLanes(signature.inputs, stepLimit: stepLimit)
    symbols = try Self.compile(grammar, kernelTables)
    let lanes = signature.lanes
    keys = .allocateLines(capacity: 2 * lanes)
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
    self.queue = queue ?? LevelQueue(grammar)
  }

  deinit {
    for index in 0..<grammar.nonterminals.count { tables[index].deallocate(meter) }
    tables.deinitialize(count: grammar.nonterminals.count)
    tables.deallocate()
    ring.deallocate()
    replayBlock.deallocate()
    keys.deallocateLines()
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
  func upcoming() -> Ladder.Level? { queue.first() }

  /// A level before its turn, of the nonterminals in `early`, where `work` is least (`LevelQueue.firstEarly`).
  func upcomingEarly(_ work: [Double], among early: [Bool]) -> Ladder.Level? {
    queue.firstEarly(work, among: early) { tables[$0].levels }
  }

  /// The level number `ordinal` of a nonterminal, produced when needed; nil when it has fewer.
  func level(_ nonterminal: Int, _ ordinal: Int) -> Ladder.Level? { queue.level(nonterminal, ordinal) }

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

extension ClassBank {
  /// The entries of a stored level: its own classes, then (with mass) the repeats.
  func entries(_ nonterminal: Int, _ ordinal: Int) -> [Entries] {
    let repeats = repeats(nonterminal, ordinal)
    return repeats.count > 0 ? [fresh(nonterminal, ordinal), repeats] : [fresh(nonterminal, ordinal)]
  }

  /// The same, one after another.
  @inline(__always)
  func forEachEntries(_ nonterminal: Int, _ ordinal: Int, _ body: (Entries) -> Void) {
    body(fresh(nonterminal, ordinal))
    let repeats = repeats(nonterminal, ordinal)
    if repeats.count > 0 { body(repeats) }
  }

  /// The classes that a stored level brought.
  private func fresh(_ nonterminal: Int, _ ordinal: Int) -> Entries {
    let table = tables + nonterminal
    let start = table.pointee.classStart[ordinal]
    let count = table.pointee.classStart[ordinal + 1] - start
    let counts: Entries.Counts =
      if !countsMass {
        .ones
      } else if let wide = table.pointee.wideCounts[ordinal] {
        .wide(UnsafePointer(wide.base))
      } else {
        .narrow(UnsafePointer(table.pointee.firstCount.base + start))
      }
    return Entries(start: start, indices: nil, counts: counts, count: count)
  }

  /// The classes of earlier levels that a stored level has programs of; none without mass.
  private func repeats(_ nonterminal: Int, _ ordinal: Int) -> Entries {
    guard countsMass else { return Entries(start: 0, indices: nil, counts: .ones, count: 0) }
    let table = tables + nonterminal
    let first = table.pointee.repeatStart[ordinal]
    let counts: Entries.Counts =
      if let wide = table.pointee.wideRepeats[ordinal] {
        .wide(UnsafePointer(wide.base))
      } else {
        .narrow(UnsafePointer(table.pointee.repeatCount.base + first))
      }
    return Entries(
      start: 0, indices: UnsafePointer(table.pointee.repeatClass.base + first), counts: counts,
      count: table.pointee.repeatStart[ordinal + 1] - first)
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
