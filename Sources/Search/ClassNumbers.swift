import Grammars

/// The class of every candidate whose arguments are all fresh, in enumeration order: what a search with mass reads instead of
/// evaluating a pair of classes again.
///
/// An entry of a level is *fresh* when its class was first met there, else a *repeat*. Where a batch combines repeats, the same
/// classes were combined when all of them were fresh, in a batch of an earlier level; its place is found here by the first
/// levels of the arguments. Within a batch the last argument runs fastest; of a commutative batch of equal levels the pairs
/// (i, j ≥ i) are there, of mirrored ones none.
///
/// The numbers save time and decide nothing: when memory is short they are dropped, for good, and repeats are evaluated.
/// Memory per candidate with fresh arguments: one byte while its nonterminal has at most 2^8 classes (booleans on a few
/// examples), two up to 2^16, then four.
final class ClassNumbers {
  /// False once they are dropped.
  private(set) var isKept: Bool
  /// More numbers of a nonterminal than that are not kept.
  var limit = Int.max
  /// By nonterminal.
  private let lists: UnsafeMutablePointer<NumberList>
  private let listCount: Int
  /// By production and levels of the arguments (three, the first ones 0 where there are fewer): where a batch begins.
  private var starts: [[[[Int]]]]
  /// Starts of the batches of the level being filled.
  private var pending: [Int] = []
  private let meter: MemoryMeter

  init(_ grammar: Grammar, isKept: Bool, _ meter: MemoryMeter) {
    self.isKept = isKept
    self.meter = meter
    listCount = grammar.nonterminals.count
    lists = .allocate(capacity: listCount)
    lists.initialize(repeating: NumberList(), count: listCount)
    starts = grammar.productions.map { _ in [] }
    meter.reclaim = { [unowned self] in drop() }
  }

  deinit {
    meter.reclaim = { false }
    _ = drop()
    lists.deallocate()
  }

  /// Gives the memory back; false when there is none.
  func drop() -> Bool {
    guard isKept else { return false }
    isKept = false
    for index in 0..<listCount { lists[index].deallocate(meter) }
    starts = []
    pending = []
    return true
  }

  /// The numbers of a nonterminal, those of the level being filled at the end. They do not move while none are added.
  func list(_ nonterminal: Int) -> NumberList { lists[nonterminal] }

  /// Notes that the next batch of the level being filled begins at number `start`.
  func begin(at start: Int) { if isKept { pending.append(start) } }

  /// Adds the classes of a block that is in the table.
  func append(_ block: CandidateBlock, _ nonterminal: Int) {
    guard isKept else { return }
    let list = lists + nonterminal
    if list.pointee.count + block.state.count > limit
      || !list.pointee.append(block.numbers, count: block.state.count, meter)
    {
      _ = drop()
    }
  }

  /// The batches of a level can be asked for from now on.
  func finishLevel(_ level: Ladder.Level) {
    guard isKept else { return }
    for (batch, start) in zip(level.batches, pending) {
      let (first, second, _) = Self.place(batch.childLevels)
      // The tuples of a production come in the order of their last level, for each of the levels before.
      if starts[batch.production].count == first { starts[batch.production].append([]) }
      if starts[batch.production][first].count == second { starts[batch.production][first].append([]) }
      starts[batch.production][first][second].append(start)
    }
    pending.removeAll(keepingCapacity: true)
  }

  /// Forgets the level being filled, of which `finished` numbers of earlier levels are left.
  func abandonLevel(_ nonterminal: Int, finished: Int) {
    guard isKept else { return }
    lists[nonterminal].count = finished
    pending.removeAll(keepingCapacity: true)
  }

  /// Where the numbers of a batch of a finished level begin.
  func start(_ production: Int, _ first: Int, _ second: Int, _ third: Int) -> Int {
    starts[production][first][second][third]
  }

  private static func place(_ levels: Ladder.LevelNumbers) -> (Int, Int, Int) {
    switch levels.count {
    case 0: (0, 0, 0)
    case 1: (0, 0, levels[0])
    case 2: (0, levels[0], levels[1])
    default: (levels[0], levels[1], levels[2])
    }
  }
}
