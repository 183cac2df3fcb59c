import CKernels
import Evaluation
import Grammars

extension GoalSearch {
  /// `ite`: for each condition, the branches that agree with the goal where they are taken.
  func branch(_ goal: Goal, _ batch: Ladder.Batch, _ number: Int, _ weight: UInt64, _ frames: [Frame]) {
    let arguments = grammar.productions[batch.production].arguments
    for conditions in bank.entries(arguments[0], batch.childLevels[0]) {
      for position in 0..<conditions.count where !stopped {
        let index = conditions.index(position)
        let row = bank.tables[arguments[0]].row(index)
        if (0..<goalLanes).contains(where: { row[$0] == Int64.min && goal.free?[$0] != true }) { continue }
        let thens = matches(goal, arguments[1], batch.childLevels[1], where: { row[$0] == 1 })
        if thens.isEmpty { continue }
        let elses = matches(goal, arguments[2], batch.childLevels[2], where: { row[$0] != 1 })
        for then in thens {
          for other in elses {
            let node = Derivation.node(
              production: batch.production, batch: number,
              [
                .stored(nonterminal: arguments[0], index: index),
                .stored(nonterminal: arguments[1], index: then.index),
                .stored(nonterminal: arguments[2], index: other.index),
              ])
            emit(node, weight &* conditions.weight(position) &* then.weight &* other.weight, frames)
          }
        }
      }
    }
  }

  /// A binary operator without an inverse: the first example of all pairs, then the rest of those that pass.
  func filter(_ goal: Goal, _ batch: Ladder.Batch, _ number: Int, _ weight: UInt64, _ frames: [Frame]) {
    guard let lane = (0..<goalLanes).first(where: { goal.free?[$0] != true }) else {
      return scan(goal, batch, number, weight, frames)
    }
    let arguments = grammar.productions[batch.production].arguments
    let instruction = bank.symbols[batch.production]!.single
    for seconds in bank.entries(arguments[1], batch.childLevels[1]) {
      let column = UnsafeMutablePointer<Int64>.allocate(capacity: max(1, seconds.count))
      let hits = UnsafeMutablePointer<UInt32>.allocate(capacity: max(1, seconds.count))
      defer {
        column.deallocate()
        hits.deallocate()
      }
      for position in 0..<seconds.count { column[position] = bank.tables[arguments[1]].row(seconds.index(position))[lane] }
      for firsts in bank.entries(arguments[0], batch.childLevels[0]) {
        for position in 0..<firsts.count where !stopped {
          let first = firsts.index(position)
          let count = withUnsafePointer(to: instruction.parameters) {
            levin_filter(
              instruction.code, $0, bank.tables[arguments[0]].row(first)[lane], 0, column, seconds.count,
              goal.row[lane], hits)
          }
          filtered += UInt64(seconds.count)
          poll()
          for i in 0..<count {
            let second = Int(hits[i])
            let node = Derivation.node(
              production: batch.production, batch: number,
              [
                .stored(nonterminal: arguments[0], index: first),
                .stored(nonterminal: arguments[1], index: seconds.index(second)),
              ])
            confirm(goal, node, weight &* firsts.weight(position) &* seconds.weight(second), frames)
          }
        }
      }
    }
  }

  /// All combinations of stored arguments, run on the goal lanes.
  func scan(_ goal: Goal, _ batch: Ladder.Batch, _ number: Int, _ weight: UInt64, _ frames: [Frame]) {
    let arguments = grammar.productions[batch.production].arguments
    func choose(_ position: Int, _ chosen: [Derivation], _ weight: UInt64) {
      if position == arguments.count {
        filtered += 1
        poll()
        confirm(goal, .node(production: batch.production, batch: number, chosen), weight, frames)
        return
      }
      for entries in bank.entries(arguments[position], batch.childLevels[position]) {
        for i in 0..<entries.count where !stopped {
          choose(
            position + 1, chosen + [.stored(nonterminal: arguments[position], index: entries.index(i))],
            weight &* entries.weight(i))
        }
      }
    }
    choose(0, [], weight)
  }

  /// Emits a node if it agrees with the goal.
  func confirm(_ goal: Goal, _ node: Derivation, _ weight: UInt64, _ frames: [Frame]) {
    withRow(of: node) { row in
      for lane in 0..<goalLanes where goal.free?[lane] != true {
        if !agrees(row[lane], goal.row[lane], goal.modulus) { return }
      }
      emit(node, weight, frames)
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
      guard let symbol = bank.symbols[production] else {
        bank.leafRow(grammar.productions[production], into: row)
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
