import Grammars

/// What resolving a level beyond the bank takes, as far as it is settled.
struct LevelCost {
  /// The costs of batches of stored arguments: stored levels stay as they are, and so do these.
  fileprivate var settled = 0.0
  /// The other batches; nil before the first look.
  fileprivate var open: [Int32]?
  /// The number of stored levels at the last look, and the cost then; infinite where the level is not coverable.
  fileprivate var stored = -1
  fileprivate var value = 0.0
}

// MARK: - Cost and coverage

extension GoalSearch {
  /// Work units (about one index probe each) to resolve a level; nil when it is not coverable with the present bank.
  ///
  /// - Complexity: at the first look one step for each batch; later, where levels were stored in between, one for each batch
  ///   with an argument beyond the bank.
  func cost(_ nonterminal: Int, _ ordinal: Int, modulus: Int64? = nil) -> Double? {
    if isStored(nonterminal, ordinal) { return modulus == nil && nonterminal == 0 ? 0.1 : 1 }
    guard let level = bank.level(nonterminal, ordinal) else { return 0 }
    let stored = grammar.nonterminals.indices.reduce(0) { $0 + bank.tables[$1].levels }
    var known = takeCost(nonterminal, ordinal, modulus)
    if known.stored != stored {
      update(&known, level, modulus)
      known.stored = stored
    }
    costs[modulus ?? 0]![nonterminal][ordinal] = known
    return known.value.isInfinite ? nil : known.value
  }

  /// Takes the entry of a level out of the table, to be put back: what asks for the costs of other levels changes the table.
  private func takeCost(_ nonterminal: Int, _ ordinal: Int, _ modulus: Int64?) -> LevelCost {
    let missing = ordinal + 1 - (costs[modulus ?? 0]?[nonterminal].count ?? 0)
    var known = LevelCost()
    func change(_ levels: inout [[LevelCost]]) {
      if missing > 0 { levels[nonterminal] += repeatElement(LevelCost(), count: missing) }
      swap(&known, &levels[nonterminal][ordinal])
    }
    change(&costs[modulus ?? 0, default: Array(repeating: [], count: grammar.nonterminals.count)])
    return known
  }

  private func update(_ known: inout LevelCost, _ level: Ladder.Level, _ modulus: Int64?) {
    let rules = inverses(modulus)
    let looked = known.open ?? Array(0..<Int32(level.batches.count))
    var open: [Int32] = []
    var sum = 0.0
    for (place, number) in looked.enumerated() {
      let batch = level.batches[Int(number)]
      if isMirrored(batch) { continue }
      guard let position = firstBeyond(batch) else {
        known.settled += lastLevelCost(batch, rules[batch.production], modulus)
        continue
      }
      open.append(number)
      guard let cost = descentCost(batch, position, rules[batch.production], modulus) else {
        // The next look begins with the one that could not be covered.
        open.swapAt(0, open.count - 1)
        open = place == 0 ? looked : open + looked[(place + 1)...]
        sum = .infinity
        break
      }
      sum += cost
    }
    known.open = open
    known.value = known.settled + sum
  }

  /// The first argument beyond the bank.
  func firstBeyond(_ batch: Ladder.Batch, from start: Int = 0) -> Int? {
    let arguments = argumentsOf[batch.production]
    var position = start
    while position < arguments.count {
      if !isStored(arguments[position], batch.childLevels[position]) { return position }
      position += 1
    }
    return nil
  }

  private func entries(_ batch: Ladder.Batch, _ position: Int) -> Double {
    Double(bank.entryCount(argumentsOf[batch.production][position], batch.childLevels[position]))
  }

  /// The cost of a batch whose arguments are all stored.
  private func lastLevelCost(_ batch: Ladder.Batch, _ rules: [Inverse?], _ modulus: Int64?) -> Double {
    let count = batch.childLevels.count
    if let inverse = cheapestInverse(batch, rules) { return entries(batch, 1 - inverse.position) + 1 }
    if let parts = branches[batch.production] {
      // Conditions of few examples fall into few patterns.
      let conditions = entries(batch, parts.condition)
      return conditions * 0.2 + min(conditions, 64) * (entries(batch, parts.then) + entries(batch, parts.otherwise))
        * 0.2
    }
    if shapes[batch.production].isUnit || (count == 1 && rules[0] != nil) { return 1 }
    let factor = bank.workFactor(batch.production)
    let all = (0..<count).reduce(1) { $0 * entries(batch, $1) }
    return all * (factor > 1 ? 0.5 * factor : modulus == nil && count == 2 ? 0.05 : 0.5) + 1
  }

  /// The cost of a batch with an argument beyond the bank; nil where there are two, or no way down.
  private func descentCost(_ batch: Ladder.Batch, _ position: Int, _ rules: [Inverse?], _ modulus: Int64?) -> Double? {
    guard firstBeyond(batch, from: position + 1) == nil else { return nil }
    let (child, ordinal) = (argumentsOf[batch.production][position], batch.childLevels[position])
    if shapes[batch.production].isUnit { return cost(child, ordinal, modulus: modulus) }
    if let rule = rules[position] {
      let others = batch.childLevels.indices.reduce(1) { $1 == position ? $0 : $0 * entries(batch, $1) }
      return cost(child, ordinal, modulus: rule.childModulus).map { $0 * others }
    }
    return remainderCost(grammar.productions[batch.production], batch, modulus, position)
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
  func isMirrored(_ batch: Ladder.Batch) -> Bool {
    shapes[batch.production].isSymmetric && batch.childLevels[0] > batch.childLevels[1]
  }

  static func isSymmetric(_ production: Grammar.Production) -> Bool {
    guard case .operation(let op) = production.symbol, op.isCommutative else { return false }
    return production.arguments[0] == production.arguments[1]
  }

  /// The inverses of a production by position of the unknown argument, for goals modulo `modulus` (nil: exact ones).
  func rules(_ production: Int, _ modulus: Int64?) -> [Inverse?] { inverses(modulus)[production] }

  /// The same for all productions.
  func inverses(_ modulus: Int64?) -> [[Inverse?]] {
    if let known = inversions[modulus ?? 0] { return known }
    let made = grammar.productions.map { production in
      production.arguments.indices.map {
        Inverse(production, at: $0, modulus: modulus, in: grammar, bank.kernelTables)
      }
    }
    inversions[modulus ?? 0] = made
    return made
  }

  /// The unknown position whose inversion reads the fewest entries, for a binary batch of stored arguments.
  func cheapestInverse(_ batch: Ladder.Batch, _ rules: [Inverse?]) -> (position: Int, rule: Inverse)? {
    let arguments = argumentsOf[batch.production]
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
