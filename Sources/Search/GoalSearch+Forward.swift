import CKernels
import Evaluation
import Grammars

extension GoalSearch {
  /// `ite` and macros like it: for each pattern of the condition, the branches that agree with the goal where they are
  /// taken.
  func branch(
    _ goal: Goal, _ batch: Ladder.Batch, _ number: Int, _ parts: Branches, _ weight: UInt64, _ frames: [Frame]
  ) {
    let arguments = argumentsOf[batch.production]
    for (pattern, conditions) in patterns(goal, batch, parts) where !stopped {
      let thens = matches(goal, arguments[parts.then], batch.childLevels[parts.then], where: { pattern.contains($0) })
      if thens.isEmpty { continue }
      let elses = matches(
        goal, arguments[parts.otherwise], batch.childLevels[parts.otherwise], where: { !pattern.contains($0) })
      for condition in conditions {
        for then in thens {
          for other in elses {
            var children = Array(repeating: Derivation.stored(nonterminal: 0, index: 0), count: 3)
            children[parts.condition] = .stored(nonterminal: arguments[parts.condition], index: condition.index)
            children[parts.then] = .stored(nonterminal: arguments[parts.then], index: then.index)
            children[parts.otherwise] = .stored(nonterminal: arguments[parts.otherwise], index: other.index)
            emit(
              .node(production: batch.production, batch: number, children),
              weight &* condition.weight &* then.weight &* other.weight, frames)
          }
        }
      }
    }
  }

  /// The goal lanes on which a condition holds: the first 64 in a word, so that most need no memory.
  private struct LaneSet: Hashable {
    private var near: UInt64 = 0
    private var far: [UInt64] = []

    /// The lanes whose value is 1.
    init(_ row: UnsafePointer<Int64>, lanes: Int) {
      for lane in 0..<min(lanes, 64) where row[lane] == 1 { near |= 1 << UInt64(lane) }
      if lanes > 64 { far = Array(repeating: 0, count: (lanes - 1) / 64) }
      for lane in far.isEmpty ? 0..<0 : 64..<lanes where row[lane] == 1 { far[lane / 64 - 1] |= 1 << UInt64(lane % 64) }
    }

    @inline(__always) func contains(_ lane: Int) -> Bool {
      (lane < 64 ? near : far[lane / 64 - 1]) >> UInt64(lane % 64) & 1 == 1
    }
  }

  /// The conditions of a batch, grouped by the goal lanes on which they hold, in order of first appearance; those
  /// without a value on a lane that counts are left out.
  private func patterns(_ goal: Goal, _ batch: Ladder.Batch, _ parts: Branches)
    -> [(pattern: LaneSet, conditions: [(index: Int, weight: UInt64)])]
  {
    let nonterminal = argumentsOf[batch.production][parts.condition]
    var found: [(pattern: LaneSet, conditions: [(index: Int, weight: UInt64)])] = []
    // Where there are many.
    var numbers: [LaneSet: Int] = [:]
    bank.forEachEntries(nonterminal, batch.childLevels[parts.condition]) { entries in
      filtered += UInt64(entries.count)
      for position in 0..<entries.count {
        let index = entries.index(position)
        let pattern: LaneSet? = parts.withTruth(of: bank.tables[nonterminal].row(index), bank.signature.lanes, self) {
          row in
          for lane in 0..<goalLanes where row[lane] == Int64.min && goal.free?[lane] != true { return nil }
          return LaneSet(row, lanes: goalLanes)
        }
        guard let pattern else { continue }
        let condition = (index: index, weight: entries.weight(position))
        let known = found.count <= 8 ? found.firstIndex { $0.pattern == pattern } : numbers[pattern]
        if let known {
          found[known].conditions.append(condition)
        } else {
          found.append((pattern, [condition]))
          if found.count == 9 { for (number, group) in found.enumerated() { numbers[group.pattern] = number } }
          if found.count > 9 { numbers[pattern] = found.count - 1 }
        }
      }
    }
    poll()
    return found
  }

  /// A binary operator without an inverse: the first example of all pairs, then the rest of those that pass.
  func filter(_ goal: Goal, _ batch: Ladder.Batch, _ number: Int, _ weight: UInt64, _ frames: [Frame]) {
    guard let lane = (0..<goalLanes).first(where: { goal.free?[$0] != true }) else {
      return scan(goal, batch, number, weight, frames)
    }
    let arguments = grammar.productions[batch.production].arguments
    let symbol = bank.symbols[batch.production]!
    guard let values = column(arguments[1], lane) else { return }
    for seconds in bank.entries(arguments[1], batch.childLevels[1]) {
      let gathered = UnsafeMutablePointer<Int64>.allocate(capacity: seconds.indices == nil ? 1 : max(1, seconds.count))
      let hits = UnsafeMutablePointer<UInt32>.allocate(capacity: max(1, seconds.count))
      defer {
        gathered.deallocate()
        hits.deallocate()
      }
      if let indices = seconds.indices {
        for position in 0..<seconds.count { gathered[position] = values[Int(indices[position])] }
      }
      let column = seconds.indices == nil ? values + seconds.start : UnsafePointer(gathered)
      for firsts in bank.entries(arguments[0], batch.childLevels[0]) {
        for position in 0..<firsts.count where !stopped {
          let first = firsts.index(position)
          let firstRow = UnsafePointer(bank.tables[arguments[0]].row(first))
          let count = withUnsafePointer(to: symbol.single.parameters) {
            levin_filter(
              symbol.single.code, $0, firstRow[lane], 0, column, seconds.count, goal.row[lane], hits)
          }
          filtered += UInt64(seconds.count)
          poll()
          for i in 0..<count {
            let second = seconds.index(Int(hits[i]))
            let secondRow = UnsafePointer(bank.tables[arguments[1]].row(second))
            let (a, b) = (RowSource(firstRow, step: 0), RowSource(secondRow, step: 0))
            symbol.run((a, b, b), into: inverted, step: goalLanes, count: 1, lanes: goalLanes, scratch: scratch)
            guard agrees(inverted, goal) else { continue }
            let children: [Derivation] = [
              .stored(nonterminal: arguments[0], index: first), .stored(nonterminal: arguments[1], index: second),
            ]
            emit(
              .node(production: batch.production, batch: number, children),
              weight &* firsts.weight(position) &* seconds.weight(Int(hits[i])), frames)
          }
        }
      }
    }
  }

  /// The values of all stored classes on one example, side by side; nil when memory is refused.
  private func column(_ nonterminal: Int, _ lane: Int) -> UnsafePointer<Int64>? {
    let key = ColumnKey(nonterminal: nonterminal, lane: lane)
    var column = columns.removeValue(forKey: key) ?? Column()
    defer { columns[key] = column }
    let table = bank.tables + nonterminal
    let limit = table.pointee.classStart[table.pointee.levels]
    guard column.values.reserve(limit, bank.meter) else {
      outOfMemory = true
      return nil
    }
    for index in column.count..<max(column.count, limit) {
      column.values.base[index] = table.pointee.row(index)[lane]
    }
    column.count = max(column.count, limit)
    return UnsafePointer(column.values.base)
  }

  /// All combinations of stored arguments of an operator that loops, run lane by lane until one misses the goal.
  private func scan(
    _ goal: Goal, _ batch: Ladder.Batch, _ number: Int, _ weight: UInt64, _ frames: [Frame],
    _ structure: StructuredSymbol
  ) {
    let arguments = grammar.productions[batch.production].arguments
    // Middle lanes first: short inputs tell little, long ones take long.
    let lanes = (0..<goalLanes).filter { goal.free?[$0] != true }.sorted {
      (abs($0 - goalLanes / 2), $0) < (abs($1 - goalLanes / 2), $1)
    }
    let (modulus, count) = (goal.modulus, arguments.count)
    let parts = arguments.indices.map { bank.entries(arguments[$0], batch.childLevels[$0]) }
    // Class numbers and rows of the arguments chosen so far; where there are fewer than three, the last row again.
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 3) { chosen in
      withUnsafeTemporaryAllocation(of: UnsafePointer<Int64>.self, capacity: 3) { rows in
        func test(_ weight: UInt64) {
          filtered += 1
          poll()
          let holds = structure.holds(rows[0], rows[1], rows[2], on: lanes) { lane, word in
            agrees(word, goal.row[lane], modulus)
          }
          guard holds else { return }
          let children = (0..<count).map { Derivation.stored(nonterminal: arguments[$0], index: chosen[$0]) }
          emit(.node(production: batch.production, batch: number, children), weight, frames)
        }
        func choose(_ position: Int, _ weight: UInt64) {
          if position == count { return test(weight) }
          let table = bank.tables + arguments[position]
          for entries in parts[position] {
            for i in 0..<entries.count where !stopped {
              chosen[position] = entries.index(i)
              for place in position..<3 { rows[place] = UnsafePointer(table.pointee.row(chosen[position])) }
              choose(position + 1, weight &* entries.weight(i))
            }
          }
        }
        choose(0, weight)
      }
    }
  }

  /// All combinations of stored arguments, run on the goal lanes in blocks of the last argument.
  func scan(_ goal: Goal, _ batch: Ladder.Batch, _ number: Int, _ weight: UInt64, _ frames: [Frame]) {
    let arguments = grammar.productions[batch.production].arguments
    let symbol = bank.symbols[batch.production]!
    if let structure = symbol.structure, structure.hasValues {
      return scan(goal, batch, number, weight, frames, structure)
    }
    let last = arguments.count - 1
    func rows(_ chosen: [Int], _ block: RowSource) -> (RowSource, RowSource, RowSource) {
      let fixed = chosen.enumerated().map {
        RowSource(bank.tables[arguments[$0.offset]].row($0.element), step: 0)
      }
      let all = fixed + Array(repeating: block, count: 3 - fixed.count)
      return (all[0], all[1], all[2])
    }
    func run(_ chosen: [Int], _ weight: UInt64) {
      for entries in bank.entries(arguments[last], batch.childLevels[last]) {
        var start = 0
        while start < entries.count, !stopped {
          let n = min(RowProgram.blockSize, entries.count - start)
          let block = bank.source(arguments[last], entries, start)
          symbol.run(
            rows(chosen, block), into: inverted, step: goalLanes, count: n, lanes: goalLanes, scratch: scratch)
          for i in 0..<n where agrees(inverted + i * goalLanes, goal) {
            let children = (chosen + [entries.index(start + i)]).enumerated().map {
              Derivation.stored(nonterminal: arguments[$0.offset], index: $0.element)
            }
            emit(
              .node(production: batch.production, batch: number, children), weight &* entries.weight(start + i), frames)
          }
          start += n
          filtered += UInt64(n)
          poll()
        }
      }
    }
    func choose(_ chosen: [Int], _ weight: UInt64) {
      if chosen.count == last { return run(chosen, weight) }
      for entries in bank.entries(arguments[chosen.count], batch.childLevels[chosen.count]) {
        for i in 0..<entries.count where !stopped { choose(chosen + [entries.index(i)], weight &* entries.weight(i)) }
      }
    }
    choose([], weight)
  }

  /// Whether a row agrees with a goal on its lanes.
  func agrees(_ row: UnsafePointer<Int64>, _ goal: Goal) -> Bool {
    if goal.free == nil, goal.modulus == nil { return levin_rows_equal(row, goal.row, goalLanes) != 0 }
    for lane in 0..<goalLanes where goal.free?[lane] != true {
      if !agrees(row[lane], goal.row[lane], goal.modulus) { return false }
    }
    return true
  }
}

/// The parts of an `ite`, or of a macro that is one over its own parameters.
struct Branches {
  /// Positions among the production's arguments.
  let condition: Int
  let then: Int
  let otherwise: Int
  /// Turns the condition's argument into a truth value; nil when it is one.
  let test: RowProgram?

  /// The branches of a production; nil when it has none.
  init?(_ production: Grammar.Production, _ grammar: Grammar, _ tables: KernelTables) {
    switch production.symbol {
    case .operation(.ite): (condition, then, otherwise, test) = (0, 1, 2, nil)
    case .call(let number):
      let definition = grammar.definitions[number]
      guard definition.parameters.count == 3, case .operation(.ite, let parts) = definition.body,
        case .variable(let then) = parts[1], case .variable(let otherwise) = parts[2], then != otherwise
      else { return nil }
      let condition = 3 - then - otherwise
      guard let body = parts[0].overOnly(condition) else { return nil }
      let parameter = definition.parameters[condition]
      let test = Grammar.Definition(name: definition.name, parameters: [parameter], sort: .bool, body: body)
      guard let compiled = try? RowProgram(test, in: grammar, tables: tables) else { return nil }
      (self.condition, self.then, self.otherwise, self.test) = (condition, then, otherwise, compiled)
    default: return nil
    }
  }
}

extension Branches {
  /// The truth values of a condition's argument on the goal lanes.
  func withTruth<Result>(
    of row: UnsafePointer<Int64>, _ lanes: Int, _ search: GoalSearch, _ body: (UnsafePointer<Int64>) -> Result
  ) -> Result {
    guard let test else { return body(row) }
    let source = RowSource(row, step: 0)
    test.run(
      (source, source, source), into: search.gather, step: lanes, count: 1, lanes: search.goalLanes,
      scratch: search.scratch)
    return body(search.gather)
  }
}

extension Term {
  /// The term with variable number `index` as its only one, number 0; nil when it has another.
  fileprivate func overOnly(_ index: Int) -> Term? {
    func all(_ arguments: [Term]) -> [Term]? {
      let inner = arguments.compactMap { $0.overOnly(index) }
      return inner.count == arguments.count ? inner : nil
    }
    switch self {
    case .variable(let number): return number == index ? .variable(0) : nil
    case .constant: return self
    case .operation(let op, let arguments): return all(arguments).map { .operation(op, $0) }
    case .call(let number, let arguments): return all(arguments).map { .call(number, $0) }
    case .lambda: return nil
    }
  }
}

// MARK: - Hits

extension GoalSearch {
  /// Wraps a subterm in its frames, runs the whole forward on all lanes, and reports it if it reaches the goal.
  func emit(_ inner: Derivation, _ weight: UInt64, _ frames: [Frame]) {
    var derivation = inner
    for frame in frames.reversed() {
      var children = frame.others
      children.insert(derivation, at: frame.position)
      derivation = .node(production: frame.production, batch: frame.batch, children)
    }
    withRow(of: derivation) { row in
      if levin_rows_equal(row, goal, goalLanes) != 0 { onHit(row, weight, derivation) }
    }
  }

  /// The row of a derivation on all lanes.
  func withRow(of derivation: Derivation, _ body: (UnsafePointer<Int64>) -> Void) {
    guard case .node(let production, _, let children) = derivation else {
      guard case .stored(let nonterminal, let index) = derivation else { return }
      return body(bank.tables[nonterminal].row(index))
    }
    let lanes = bank.signature.lanes
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: lanes) { out in
      let row = out.baseAddress!
      guard !children.isEmpty, let symbol = bank.symbols[production] else {
        bank.leafRow(production, into: row, scratch)
        return body(row)
      }
      withRow(of: children[0]) { a in
        withOptionalRow(children, 1) { b in
          withOptionalRow(children, 2) { c in
            let first = RowSource(a, step: 0)
            symbol.run(
              (first, b.map { RowSource($0, step: 0) } ?? first, c.map { RowSource($0, step: 0) } ?? first),
              into: row, step: lanes, count: 1, lanes: lanes, scratch: scratch)
          }
        }
      }
      body(row)
    }
  }

  func withOptionalRow(_ children: [Derivation], _ position: Int, _ body: (UnsafePointer<Int64>?) -> Void) {
    guard position < children.count else { return body(nil) }
    withRow(of: children[position]) { body($0) }
  }

  /// The program of a derivation.
  func program(_ derivation: Derivation) -> Program {
    switch derivation {
    case .stored(let nonterminal, let index): bank.program(nonterminal, index)
    case .node(let production, _, let children): Program(production, children.map(program))
    }
  }
}
