import CKernels
import Evaluation
import Grammars

extension GoalSearch {
  func withIndex(_ nonterminal: Int, _ modulus: Int64?, _ body: (borrowing PrefixIndex) -> Void) {
    let key = IndexKey(nonterminal: nonterminal, modulus: modulus)
    var index = indexes.removeValue(forKey: key) ?? PrefixIndex(modulus: modulus)
    let table = bank.tables + nonterminal
    let limit = table.pointee.classStart[table.pointee.levels]
    let ready =
      index.indexed >= limit
      || index.extend(table.pointee, upTo: limit, goalLanes: goalLanes, hashKeys: bank.keys, bank.meter, scratch)
    if ready { body(index) } else { outOfMemory = true }
    indexes[key] = index
  }

  func reducer(_ modulus: Int64?) -> Reducer {
    if let known = reducers[modulus ?? 0] { return known }
    let made = Reducer(modulus, lanes: goalLanes)
    reducers[modulus ?? 0] = made
    return made
  }

  func lookUp(_ goal: Goal, _ nonterminal: Int, _ ordinal: Int, _ weight: UInt64, _ frames: [Frame]) {
    lookups += 1
    poll()
    let reducer = reducer(goal.modulus)
    if goal.free != nil {
      for index in matches(goal, nonterminal, ordinal) {
        emit(.stored(nonterminal: nonterminal, index: index.index), weight &* index.weight, frames)
      }
      return
    }
    withIndex(nonterminal, goal.modulus) { index in
      levin_hash(goal.row, goalLanes, 1, goalLanes, bank.keys, hashes)
      report(index, reducer, goal.row, hashes[0], nonterminal, ordinal, weight) { found, weight in
        emit(.stored(nonterminal: nonterminal, index: found), weight, frames)
      }
    }
  }

  @inline(__always)
  func report(
    _ index: borrowing PrefixIndex, _ reducer: Reducer, _ key: UnsafePointer<Int64>, _ hash: UInt32,
    _ nonterminal: Int, _ ordinal: Int, _ weight: UInt64, _ body: (Int, UInt64) -> Void
  ) {
    let table = bank.tables + nonterminal
    var found = index.first(table.pointee, key, hash, reducer)
    while found >= 0 {
      let count = table.pointee.weight(of: found, at: ordinal)
      if count > 0 { body(found, weight &* count) }
      found = index.following(found)
    }
  }

  /// The entries of a stored level that agree with the goal where `lane` says so, free lanes apart.
  func matches(_ goal: Goal, _ nonterminal: Int, _ ordinal: Int, where lane: (Int) -> Bool = { _ in true })
    -> [(index: Int, weight: UInt64)]
  {
    for place in 0..<goalLanes { laneMask[place] = goal.free?[place] != true && lane(place) ? -1 : 0 }
    var found: [(index: Int, weight: UInt64)] = []
    bank.forEachEntries(nonterminal, ordinal) { entries in
      filtered += UInt64(entries.count)
      if goal.modulus == nil, entries.count > 16 {
        for position in positions(of: goal.row, in: entries, nonterminal) {
          found.append((entries.index(Int(position)), entries.weight(Int(position))))
        }
      } else {
        for position in 0..<entries.count {
          let index = entries.index(position)
          let row = UnsafePointer(bank.tables[nonterminal].row(index))
          if agreesInMask(row, goal) { found.append((index, entries.weight(position))) }
        }
      }
    }
    poll()
    return found
  }

  private func agreesInMask(_ row: UnsafePointer<Int64>, _ goal: Goal) -> Bool {
    for lane in 0..<goalLanes where laneMask[lane] != 0 && !agrees(row[lane], goal.row[lane], goal.modulus) {
      return false
    }
    return true
  }

  /// Positions of the entries that agree with `row` on the lanes of the mask.
  private func positions(of row: [Int64], in entries: Entries, _ nonterminal: Int) -> [UInt32] {
    let rows = bank.tables[nonterminal].row(entries.start)
    return [UInt32](unsafeUninitializedCapacity: entries.count) { hits, count in
      count = levin_match(
        rows, bank.signature.lanes, entries.indices, entries.count, row, laneMask, goalLanes, hits.baseAddress!)
    }
  }

  @inline(__always)
  func agrees(_ value: Int64, _ wanted: Int64, _ modulus: Int64?) -> Bool {
    guard let modulus else { return value == wanted }
    if value == Int64.min { return false }
    let residue = value % modulus
    return (residue < 0 ? residue + modulus : residue) == wanted
  }

  /// Both arguments stored and one invertible: one probe for each entry of the other.
  func lookUpAll(
    _ goal: Goal, _ batch: Ladder.Batch, _ number: Int, _ position: Int, _ rule: Inverse, _ weight: UInt64,
    _ frames: [Frame]
  ) {
    let arguments = grammar.productions[batch.production].arguments
    let (unknown, other) = (arguments[position], arguments[1 - position])
    let ordinal = batch.childLevels[position]
    let reducer = reducer(rule.childModulus)
    func hit(_ known: Int, _ found: Int, _ weight: UInt64) {
      let frame = Frame(
        production: batch.production, batch: number, position: position,
        others: [.stored(nonterminal: other, index: known)])
      emit(.stored(nonterminal: unknown, index: found), weight, frames + [frame])
    }
    withIndex(unknown, rule.childModulus) { index in
      for entries in bank.entries(other, batch.childLevels[1 - position]) {
        var start = 0
        while start < entries.count, !stopped {
          let n = min(RowProgram.blockSize, entries.count - start)
          probe(goal, rule, index, reducer, unknown, ordinal, other, entries, start, n, weight, hit)
          start += n
          lookups += UInt64(n)
          poll()
        }
      }
    }
  }

  /// Inverts and probes one block of known rows.
  func probe(
    _ goal: Goal, _ rule: Inverse, _ index: borrowing PrefixIndex, _ reducer: Reducer, _ unknown: Int, _ ordinal: Int,
    _ other: Int, _ entries: Entries, _ start: Int, _ n: Int, _ weight: UInt64, _ hit: (Int, Int, UInt64) -> Void
  ) {
    let known = bank.source(other, entries, start)
    func run(_ symbol: RowProgram, into rows: UnsafeMutablePointer<Int64>, _ hashing: RowHashing?) {
      goal.row.withUnsafeBufferPointer { row in
        let g = RowSource(row.baseAddress!, step: 0)
        symbol.run(
          (g, known, known), into: rows, step: goalLanes, count: n, lanes: goalLanes, scratch: scratch, hashing: hashing
        )
      }
    }
    run(rule.symbol, into: inverted, RowHashing(bank.keys, into: hashes))
    var isTested = false
    let table = bank.tables + unknown
    for i in 0..<n { index.prefetch(hashes[i]) }
    for i in 0..<n { index.prefetchRow(hashes[i], table.pointee) }
    for i in 0..<n {
      let key = inverted + i * goalLanes
      if goal.free == nil, isMissing(key) {
        // Most have no solution: found out for the whole block at once.
        guard let test = rule.free else { continue }
        if !isTested { run(test, into: tested, nil) }
        isTested = true
        if isUnsolvable(key, tested + i * goalLanes) { continue }
      }
      let total = weight &* entries.weight(start + i)
      if goal.free != nil || isMissing(key) {
        let knownRow = UnsafePointer(bank.tables[other].row(entries.index(start + i)))
        guard let next = subgoal(rule, goal, key, knownRow) else { continue }
        for found in matches(next, unknown, ordinal) {
          hit(entries.index(start + i), found.index, total &* found.weight)
        }
        continue
      }
      report(index, reducer, key, hashes[i], unknown, ordinal, total) { found, weight in
        hit(entries.index(start + i), found, weight)
      }
    }
  }

  @inline(__always)
  func isMissing(_ row: UnsafePointer<Int64>) -> Bool {
    if isBitVectorGoal { return false }
    for lane in 0..<goalLanes where row[lane] == Int64.min { return true }
    return false
  }

  /// Whether a lane has no value and is not free.
  @inline(__always)
  private func isUnsolvable(_ key: UnsafePointer<Int64>, _ free: UnsafePointer<Int64>) -> Bool {
    for lane in 0..<goalLanes where key[lane] == Int64.min && free[lane] != 1 { return true }
    return false
  }
}
