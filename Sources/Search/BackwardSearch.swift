import CKernels
import Evaluation
import ExactArithmetic
import Grammars
import HeapModule

/// Searches backward from the goal, best first: what must an argument be, so that the operator above it gives the goal?
///
/// The complete search covers a level only when every split of its programs can be; most solutions in languages with lists
/// are a chain of operators above parts that are stored. Here goals are kept in order of the description length of what
/// stands above them. Each new goal is looked up in the bank; then its operators are tried: those that can be undone give
/// goals for an argument, for each stored choice of the others; the rest run forward on stored arguments.
///
/// The result is some program that agrees with the signature, not the shortest: an upper bound. Lengths in `Double` order the
/// work and decide nothing else.
final class BackwardSearch {
  private struct Node {
    let goal: Goal
    let nonterminal: Int
    let frames: [GoalSearch.Frame]
    let bits: Double
    /// Operators above that can be undone for any choice of the other argument, such as +: they prune nothing.
    let free: Int
  }

  private struct Identity: Hashable {
    let nonterminal: Int
    let modulus: Int64?
    let row: [Int64]
  }

  /// A production tried on a node with arguments of given levels; `position` is undone, or nil when all are given.
  private struct Item: Comparable {
    let bits: Double
    /// In order of creation, so that equal lengths have an order.
    let number: Int
    let node: Int
    let production: Int
    let position: Int?
    let levels: [Int]
    /// Levels before this argument are not raised any more: each tuple comes once.
    let raised: Int

    static func == (a: Item, b: Item) -> Bool { a.number == b.number }
    static func < (a: Item, b: Item) -> Bool { (a.bits, a.number) < (b.bits, b.number) }
  }

  private struct CoverKey: Hashable {
    let node: Int
    let production: Int
  }

  /// Bits by which the trees that are looked for grow at a time.
  private static let coverStep = 4.0

  private let search: GoalSearch
  private let bank: ClassBank
  private var nodes: [Node] = []
  /// Trees of conditions under way, by what they are for.
  private var covers: [CoverKey: ConditionalCover] = [:]
  private var seen: Set<Identity> = []
  private var heap = Heap<Item>()
  /// Items of the goal itself that are trees of conditions.
  private var trees = Heap<Item>()
  private var created = 0
  private let productionBits: [Double]
  /// Bits of the stored levels, by nonterminal.
  private let levelBits: [[Double]]
  /// Work at which it ends, and the work of all, in lookups and candidates.
  private var budget: Double
  private let total: Double
  /// Work spent on operators that are run forward.
  private var forward = 0.0
  /// Items left for the work that they would take; each counts as one candidate.
  private var refused = 0
  /// Items tried; many of them, of levels without entries, take no work that is counted.
  private var tried = 0
  private var isOver: Bool { search.stopped || search.outOfMemory || spent >= budget }
  private var spent: Double { Double(search.lookups &+ search.filtered) + Double(refused) }

  /// - Parameter work: lookups and candidates that it may take, about.
  init(_ search: GoalSearch, work: Double) {
    self.search = search
    bank = search.bank
    budget = Double(search.lookups &+ search.filtered) + work
    total = work
    productionBits = search.bank.grammar.productions.map { -$0.probability.log2 }
    levelBits = search.bank.grammar.nonterminals.indices.map { [bank] nonterminal in
      bank.levels[nonterminal].prefix(bank.tables[nonterminal].levels).map { -$0.probability.log2 }
    }
  }

  /// Runs until `done` says so, the work is spent, or nothing is left to try. Programs found go to the search's `onHit`.
  func run(until done: () -> Bool) {
    search.stopped = false
    search.outOfMemory = false
    add(Goal(row: search.goal, free: nil, modulus: nil), 0, [], 0, free: 0)
    // Trees of conditions for the goal itself get half of the work first: they reach far beyond the lengths that operators
    // undone one by one come to.
    let end = budget
    budget = (spent + end) / 2
    while !isOver, !done(), let item = trees.popMin() { cover(item) }
    budget = end
    while !isOver, !done(), let item = heap.popMin() {
      tried += 1
      if tried & 0xFFFF == 0, search.shouldStop() { search.stopped = true }
      if covered(item.production) != nil {
        cover(item)
        continue
      }
      if item.position == nil {
        // None that takes work is left for it.
        if forward + 1 > total / 2 { continue }
        tryForward(item)
      } else {
        undo(item)
      }
      raise(item)
    }
  }

  // MARK: Goals

  /// A goal is looked up, then waits for its productions; those met before are left.
  private func add(_ goal: Goal, _ nonterminal: Int, _ frames: [GoalSearch.Frame], _ bits: Double, free: Int) {
    guard goal.free == nil, frames.count < 12, nodes.count < 1 << 20 else { return }
    guard seen.insert(Identity(nonterminal: nonterminal, modulus: goal.modulus, row: goal.row)).inserted else { return }
    lookUp(goal, nonterminal, frames)
    // Below such an operator a goal is looked up and left: two in a row are every pair of stored terms.
    if free > 0 { return }
    let number = nodes.count
    nodes.append(Node(goal: goal, nonterminal: nonterminal, frames: frames, bits: bits, free: free))
    for production in bank.grammar.nonterminals[nonterminal].productions { offer(production, number) }
  }

  private func lookUp(_ goal: Goal, _ nonterminal: Int, _ frames: [GoalSearch.Frame]) {
    search.lookups += 1
    let table = bank.tables + nonterminal
    let reducer = search.reducer(goal.modulus)
    var found: [Int] = []
    search.withIndex(nonterminal, goal.modulus) { index in
      levin_hash(goal.row, search.goalLanes, 1, search.goalLanes, bank.keys, search.hashes)
      var entry = index.first(table.pointee, goal.row, search.hashes[0], reducer)
      while entry >= 0, found.count < 16 {
        found.append(entry)
        entry = index.following(entry)
      }
    }
    for entry in found { search.emit(.stored(nonterminal: nonterminal, index: entry), 1, frames) }
  }

  /// The ways in which a production may give a node's goal.
  private func offer(_ number: Int, _ node: Int) {
    let production = bank.grammar.productions[number]
    let arguments = production.arguments
    if arguments.isEmpty { return }
    let modulus = nodes[node].goal.modulus
    if covered(number) != nil {
      insert(nodes[node].bits + productionBits[number] + Self.coverStep, node, number)
      return
    }
    if production.symbol == .unit {
      push(node, number, position: 0, levels: [0], raised: 1)
      return
    }
    let rules = search.rules(number, modulus)
    var isUndone = false
    for position in arguments.indices where arguments.count <= 2 {
      let isRemainder = production.symbol == .operation(.mod) && position == 0
      guard rules[position] != nil || isRemainder else { continue }
      isUndone = true
      push(node, number, position: position, levels: Array(repeating: 0, count: arguments.count), raised: 0)
    }
    // The complete search runs operators forward for the goal itself.
    if !isUndone, node > 0, modulus == nil || bank.symbols[number]?.structure == nil {
      push(node, number, position: nil, levels: Array(repeating: 0, count: arguments.count), raised: 0)
    }
  }

  private func push(_ node: Int, _ number: Int, position: Int?, levels: [Int], raised: Int) {
    let arguments = bank.grammar.productions[number].arguments
    var bits = nodes[node].bits + productionBits[number]
    for other in arguments.indices where other != position {
      let known = levelBits[arguments[other]]
      guard levels[other] < known.count else { return }
      bits += known[levels[other]]
    }
    insert(bits, node, number, position: position, levels: levels, raised: raised)
  }

  private func insert(
    _ bits: Double, _ node: Int, _ production: Int, position: Int? = nil, levels: [Int] = [], raised: Int = 0
  ) {
    created += 1
    let item = Item(
      bits: bits, number: created, node: node, production: production, position: position, levels: levels,
      raised: raised)
    if node == 0, covered(production) != nil { trees.insert(item) } else { heap.insert(item) }
  }

  /// The same production with the next level of one argument.
  private func raise(_ item: Item) {
    for argument in item.raised..<max(item.raised, item.levels.count) where argument != item.position {
      var levels = item.levels
      levels[argument] += 1
      push(item.node, item.production, position: item.position, levels: levels, raised: argument)
    }
  }

  // MARK: Operators

  /// Goals for one argument, for each stored choice of the other.
  private func undo(_ item: Item) {
    let node = nodes[item.node]
    let production = bank.grammar.productions[item.production]
    let position = item.position!
    let child = production.arguments[position]
    func frame(_ others: [Derivation]) -> [GoalSearch.Frame] {
      node.frames + [GoalSearch.Frame(production: item.production, batch: 0, position: position, others: others)]
    }
    if production.symbol == .unit { return add(node.goal, child, frame([]), item.bits, free: node.free) }
    let rule = search.rules(item.production, node.goal.modulus)[position]
    if production.arguments.count == 1 {
      if let rule, let next = search.invert(rule, node.goal) { add(next, child, frame([]), item.bits, free: node.free) }
      return
    }
    let other = production.arguments[1 - position]
    let isFree = rule != nil && rule!.symbol.structure == nil ? 1 : 0
    // Classes at their shortest; met again they give the same goals.
    for entries in bank.entries(other, item.levels[1 - position]).prefix(1) {
      for entry in 0..<entries.count where !isOver {
        let index = entries.index(entry)
        search.filtered += 1
        search.poll()
        let row = UnsafePointer(bank.tables[other].row(index))
        guard let next = rule.map({ search.invert($0, node.goal, known: row) }) ?? remainder(node.goal, row) else {
          continue
        }
        add(next, child, frame([.stored(nonterminal: other, index: index)]), item.bits, free: node.free + isFree)
      }
    }
  }

  /// The parts of a production that chooses, where trees of conditions are looked for. Languages with loops have their
  /// choices run forward: bodies have no values that could be told apart.
  private func covered(_ production: Int) -> Branches? {
    guard !bank.grammar.bindsVariables, search.goalLanes <= ConditionalCover.mostLanes else { return nil }
    return search.branches[production]
  }

  /// Trees of conditions of up to the item's bits; then longer ones have their turn, if there are any.
  private func cover(_ item: Item) {
    let node = nodes[item.node]
    let key = CoverKey(node: item.node, production: item.production)
    var cover =
      covers.removeValue(forKey: key)
      ?? ConditionalCover(node.goal, production: item.production, parts: covered(item.production)!, search)
    if let found = cover.program(within: item.bits - node.bits, search, until: { isOver }) {
      search.emit(found, 1, node.frames)
    } else if !cover.isEmpty {
      covers[key] = cover
      insert(item.bits + Self.coverStep, item.node, item.production)
    }
  }

  /// The goal of X in `(mod X m)`, m a stored constant.
  private func remainder(_ goal: Goal, _ divisor: UnsafePointer<Int64>) -> Goal? {
    let m = divisor[0]
    guard m > 1, (1..<search.goalLanes).allSatisfy({ divisor[$0] == m }), goal.modulus == nil || m <= goal.modulus!,
      search.isReachableRemainder(goal, m)
    else { return nil }
    return Goal(row: goal.row, free: nil, modulus: m)
  }

  /// All stored arguments of the given levels, run forward.
  private func tryForward(_ item: Item) {
    let node = nodes[item.node]
    let arguments = bank.grammar.productions[item.production].arguments
    // Most candidates miss the first example that they are run on.
    var work = max(1, bank.workFactor(item.production) / 20)
    for (argument, level) in zip(arguments, item.levels) { work *= Double(bank.entryCount(argument, level)) }
    // Operators that run forward get half of the work.
    guard forward + work <= total / 2 else {
      refused += 1
      return
    }
    let start = spent
    defer { forward += spent - start }
    let batch = Ladder.Batch(production: item.production, childLevels: Ladder.LevelNumbers(item.levels), count: 0)
    search.finish(node.goal, batch, 0, 1, node.frames)
  }
}
