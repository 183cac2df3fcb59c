import CKernels
import Evaluation
import Grammars

extension GoalSearch {
  func solve(_ goal: Goal, _ nonterminal: Int, _ ordinal: Int, _ weight: UInt64, _ frames: [Frame]) {
    if stopped || outOfMemory { return }
    if isStored(nonterminal, ordinal) {
      lookUp(goal, nonterminal, ordinal, weight, frames)
      return
    }
    guard let level = bank.level(nonterminal, ordinal) else { return }
    for (number, batch) in level.batches.enumerated() {
      if isMirrored(batch) { continue }
      let both = shapes[batch.production].isSymmetric && batch.childLevels[0] < batch.childLevels[1]
      let batchWeight = both ? weight &* 2 : weight
      if let beyond = firstBeyond(batch) {
        descend(goal, batch, number, beyond, batchWeight, frames)
      } else {
        finish(goal, batch, number, batchWeight, frames)
      }
      if stopped || outOfMemory { return }
    }
  }

  /// One argument lies beyond the bank: its goal for every choice of the other.
  func descend(
    _ goal: Goal, _ batch: Ladder.Batch, _ number: Int, _ position: Int, _ weight: UInt64, _ frames: [Frame]
  ) {
    let production = grammar.productions[batch.production]
    let arguments = production.arguments
    let (child, ordinal) = (arguments[position], batch.childLevels[position])
    func frame(_ others: [Derivation]) -> [Frame] {
      frames + [Frame(production: batch.production, batch: number, position: position, others: others)]
    }
    if production.symbol == .unit {
      solve(goal, child, ordinal, weight, frame([]))
    } else if let rule = rules(batch.production, goal.modulus)[position] {
      if arguments.count == 1 {
        if let next = invert(rule, goal) { solve(next, child, ordinal, weight, frame([])) }
        return
      }
      let other = arguments[1 - position]
      for entries in bank.entries(other, batch.childLevels[1 - position]) {
        for entry in 0..<entries.count where !stopped && !outOfMemory {
          let index = entries.index(entry)
          guard let next = invert(rule, goal, known: bank.tables[other].row(index)) else { continue }
          solve(
            next, child, ordinal, weight &* entries.weight(entry), frame([.stored(nonterminal: other, index: index)]))
        }
      }
    } else {
      for divisor in divisors(arguments[1], batch.childLevels[1]) {
        guard let m = divisor.value, isReachableRemainder(goal, m) else { continue }
        solve(
          Goal(row: goal.row, free: goal.free, modulus: m), child, ordinal, weight &* divisor.weight,
          frame([.stored(nonterminal: arguments[1], index: divisor.index)]))
      }
    }
  }

  /// A remainder modulo m lies in `0 ..< m`; below a congruence modulo n ≥ m it must be the residue itself.
  func isReachableRemainder(_ goal: Goal, _ m: Int64) -> Bool {
    goal.row.indices.allSatisfy { goal.free?[$0] == true || (goal.row[$0] >= 0 && goal.row[$0] < m) }
  }

  /// All arguments are stored: the last level.
  func finish(_ goal: Goal, _ batch: Ladder.Batch, _ number: Int, _ weight: UInt64, _ frames: [Frame]) {
    let arguments = argumentsOf[batch.production]
    let rules = rules(batch.production, goal.modulus)
    if arguments.isEmpty {
      emit(.node(production: batch.production, batch: number, []), weight, frames)
    } else if shapes[batch.production].isUnit {
      let frame = Frame(production: batch.production, batch: number, position: 0, others: [])
      lookUp(goal, arguments[0], batch.childLevels[0], weight, frames + [frame])
    } else if arguments.count == 1, let rule = rules[0] {
      guard let next = invert(rule, goal) else { return }
      let frame = Frame(production: batch.production, batch: number, position: 0, others: [])
      lookUp(next, arguments[0], batch.childLevels[0], weight, frames + [frame])
    } else if let inverse = cheapestInverse(batch, rules) {
      lookUpAll(goal, batch, number, inverse.position, inverse.rule, weight, frames)
    } else if let parts = branches[batch.production] {
      branch(goal, batch, number, parts, weight, frames)
    } else if isFiltered[batch.production], goal.modulus == nil {
      filter(goal, batch, number, weight, frames)
    } else {
      scan(goal, batch, number, weight, frames)
    }
  }

  /// The goal of the one unknown argument; nil when no value reaches the goal.
  func invert(_ rule: Inverse, _ goal: Goal, known: UnsafePointer<Int64>? = nil) -> Goal? {
    run(rule.symbol, goal, known, into: inverted)
    return subgoal(rule, goal, inverted, known)
  }

  private func run(
    _ symbol: RowProgram, _ goal: Goal, _ known: UnsafePointer<Int64>?, into out: UnsafeMutablePointer<Int64>
  ) {
    goal.row.withUnsafeBufferPointer { row in
      let g = RowSource(row.baseAddress!, step: 0)
      let k = known.map { RowSource($0, step: 0) } ?? g
      symbol.run((g, k, k), into: out, step: goalLanes, count: 1, lanes: goalLanes, scratch: scratch)
    }
  }

  /// Reads an inverted row: which lanes are free now, or nil when some lane has no solution.
  func subgoal(_ rule: Inverse, _ goal: Goal, _ row: UnsafePointer<Int64>, _ known: UnsafePointer<Int64>?) -> Goal? {
    var free = goal.free
    if !isBitVectorGoal {
      func isMissing(_ lane: Int) -> Bool { row[lane] == Int64.min && goal.free?[lane] != true }
      if (0..<goalLanes).contains(where: isMissing) {
        guard let test = rule.free else { return nil }
        let isFree = withUnsafeTemporaryAllocation(of: Int64.self, capacity: goalLanes) { out in
          run(test, goal, known, into: out.baseAddress!)
          return (0..<goalLanes).allSatisfy { !isMissing($0) || out[$0] == 1 }
        }
        guard isFree else { return nil }
        var lanes = free ?? Array(repeating: false, count: goalLanes)
        for lane in 0..<goalLanes where isMissing(lane) { lanes[lane] = true }
        free = lanes
      }
    }
    return Goal(
      row: Array(UnsafeBufferPointer(start: row, count: goalLanes)), free: free, modulus: rule.childModulus)
  }
}
