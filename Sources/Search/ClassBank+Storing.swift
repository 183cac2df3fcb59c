import CKernels
import Evaluation
import Grammars

extension ClassBank {
  enum Stored: Equatable { case level, exhausted, memory, stopped, countLimit }

  /// Stores the next level of the ladder. After anything but `.level` the bank must not be stored to again.
  func storeNext() -> Stored { upcoming().map { store($0) } ?? .exhausted }

  /// Stores a level that `upcoming` or `upcomingEarly` gave.
  func store(_ level: Ladder.Level) -> Stored {
    guard !countsMass || UInt64(exactly: level.count) != nil else { return .countLimit }
    let nonterminal = level.nonterminal
    counted = (candidates, 0, 0)
    let numbersBefore = numbers.list(nonterminal).count
    func abandon(_ outcome: Stored) -> Stored {
      ring.clear()
      tables[nonterminal].abandonLevel(meter)
      numbers.abandonLevel(nonterminal, finished: numbersBefore)
      return outcome
    }
    for batch in level.batches {
      numbers.begin(at: numbersBefore + counted.inserted + ring.filling.state.count)
      let outcome = store(batch, in: nonterminal)
      if outcome != .level { return abandon(outcome) }
    }
    let outcome = drain(nonterminal)
    if outcome != .level { return abandon(outcome) }
    guard tables[nonterminal].finishLevel(meter) else { return abandon(.memory) }
    numbers.finishLevel(level)
    queue.remove(level)
    return .level
  }

  /// What the candidates of a batch have in common.
  private struct Operation: ~Copyable {
    let production: Int
    let nonterminal: Int
    /// Nil for a leaf. The bank holds it: counting references would cost a part of each block.
    let symbol: Unmanaged<RowProgram>?
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
      production: batch.production, nonterminal: nonterminal,
      symbol: symbols[batch.production].map(Unmanaged.passUnretained),
      tables: (table(0), table(1), table(2)))
    if arguments.isEmpty { return storeLeaf(operation) }
    // Without mass many levels have no class of their own.
    for position in arguments.indices where entryCount(arguments[position], batch.childLevels[position]) == 0 {
      return .level
    }
    let parts = arguments.indices.map { entries(arguments[$0], batch.childLevels[$0]) }
    let symmetry = symmetry(production, batch.childLevels)
    var outcome = store(parts, .fresh, symmetry, operation)
    if outcome == .level, parts.contains(where: { $0.count > 1 }) {
      outcome =
        numbers.isKept
        ? replay(batch, symmetry, in: nonterminal) : store(parts, .withRepeats, symmetry, operation)
    }
    evaluate(operation)
    return outcome
  }

  /// Candidates by their arguments.
  private enum Part { case fresh, withRepeats }

  private func store(
    _ parts: [[Entries]], _ part: Part, _ symmetry: Symmetry, _ operation: borrowing Operation
  ) -> Stored {
    switch parts.count {
    case 1: storeUnary(parts[0], part, operation)
    case 2: storeBinary(parts, part, symmetry, operation)
    default: storeTernary(parts, part, operation)
    }
  }

  /// Runs the candidates of the block that have only arguments so far.
  private func evaluate(_ operation: borrowing Operation) {
    let block = ring.filling
    let (start, end) = (block.state.evaluated, block.state.count)
    guard start < end, let symbol = operation.symbol else { return }
    let lanes = signature.lanes
    (block.productions + start).update(repeating: UInt16(truncatingIfNeeded: operation.production), count: end - start)
    let arguments = (
      RowSource(operation.tables.0.pointee.rows.base, step: lanes, indices: block.column(0) + start),
      RowSource(operation.tables.1.pointee.rows.base, step: lanes, indices: block.column(1) + start),
      RowSource(operation.tables.2.pointee.rows.base, step: lanes, indices: block.column(2) + start)
    )
    symbol._withUnsafeGuaranteedRef {
      $0.run(
        arguments, into: block.rows + start * lanes, step: lanes, count: end - start, lanes: lanes, scratch: scratch,
        hashing: RowHashing(keys, into: block.hashes + start))
    }
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
      numbers.append(oldest, nonterminal)
    }
    counted.inserted += ring.filling.state.count
    ring.advance()
    return count(isFilling: true)
  }

  /// Puts all that is under way into the table.
  private func drain(_ nonterminal: Int) -> Stored {
    for _ in 0..<CandidateRing.size {
      let outcome = turn(nonterminal)
      if outcome != .level { return outcome }
    }
    candidates = counted.before + UInt64(counted.inserted + counted.replayed)
    return candidates >= nextPoll && poll() ? .stopped : .level
  }

  private func storeLeaf(_ operation: borrowing Operation) -> Stored {
    let block = ring.filling
    let position = block.state.count
    let row = block.rows + position * signature.lanes
    leafRow(operation.production, into: row, scratch)
    levin_hash(row, signature.lanes, 1, signature.lanes, keys, block.hashes + position)
    block.productions[position] = UInt16(truncatingIfNeeded: operation.production)
    block.weights[position] = 1
    for column in 0..<CandidateBlock.columns { block.column(column)[position] = 0 }
    block.state.count += 1
    block.state.evaluated += 1
    return block.isFull ? turn(operation.nonterminal) : .level
  }

  /// The row of a variable, a constant, or a definition without parameters.
  func leafRow(_ number: Int, into row: UnsafeMutablePointer<Int64>, _ scratch: RowScratch) {
    let (production, lanes) = (grammar.productions[number], signature.lanes)
    if let symbol = symbols[number] {
      let nothing = RowSource(row, step: 0)
      return symbol.run(
        (nothing, nothing, nothing), into: row, step: lanes, count: 1, lanes: lanes, scratch: scratch)
    }
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

  private func storeUnary(_ segments: [Entries], _ part: Part, _ operation: borrowing Operation) -> Stored {
    for entries in part == .fresh ? segments.prefix(1) : segments.dropFirst() {
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
      let n = min(block.size - fill, entries.count - position)
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
      let weights = block.weights + fill
      switch entries.counts {
      case .ones: break
      case .narrow(let counts): for j in 0..<n { weights[j] = weight &* UInt64(counts[position + j]) }
      case .wide(let counts): for j in 0..<n { weights[j] = weight &* counts[position + j] }
      }
      position += n
      block.state.count = fill + n
      if fill + n == block.size {
        let outcome = turn(operation)
        if outcome != .level { return outcome }
      }
    }
    return .level
  }

  private func storeBinary(
    _ parts: [[Entries]], _ part: Part, _ symmetry: Symmetry, _ operation: borrowing Operation
  ) -> Stored {
    if symmetry.skip { return .level }
    for segmentA in parts[0].indices {
      for segmentB in parts[1].indices
      where (segmentA + segmentB == 0) == (part == .fresh) && (!symmetry.triangle || segmentB >= segmentA) {
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
        let own = b.part(from: i, count: 1)
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
        if fill == block.size {
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

  private func storeTernary(_ parts: [[Entries]], _ part: Part, _ operation: borrowing Operation) -> Stored {
    for c in parts[0].indices {
      for a in parts[1].indices {
        for b in parts[2].indices where (c + a + b == 0) == (part == .fresh) {
          let outcome = storeTriples(parts[0][c], parts[1][a], parts[2][b], operation)
          if outcome != .level { return outcome }
        }
      }
    }
    return .level
  }

  private func storeTriples(_ c: Entries, _ a: Entries, _ b: Entries, _ operation: borrowing Operation) -> Stored {
    for i in 0..<c.count {
      for j in 0..<a.count {
        let fixed = (UInt32(truncatingIfNeeded: c.index(i)), UInt32(truncatingIfNeeded: a.index(j)))
        let weight = c.weight(i) &* a.weight(j)
        let outcome = storeRun(b, from: 0, weight: weight, column: 2, fixed, operation.tables.2, operation)
        if outcome != .level { return outcome }
      }
    }
    return .level
  }
}
