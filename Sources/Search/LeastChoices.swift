/// The least tree of choices: each condition cuts a set of lanes in two, each leaf does for all lanes that reach it.
///
/// Of terms that do for one set of lanes, and of conditions that cut alike, the likeliest stand for all, so the tree depends on
/// the number of sets and not of programs. (Divide and conquer after Alur, Radhakrishna & Udupa 2017, with a least tree in
/// place of a greedy one.)
///
/// Lengths in `Double` order the work and decide nothing else.
///
/// - Complexity: exponential in the number of conditions in a tree.
struct LeastChoices<Part> {
  /// A set of lanes, at most 256.
  typealias Lanes = SIMD4<UInt64>
  static var mostLanes: Int { 256 }

  /// A part and the lanes for which it does, or on which it holds.
  struct Choice {
    let lanes: Lanes
    let bits: Double
    let part: Part
  }

  struct Tree {
    let bits: Double
    let part: Part
  }

  /// What is known of a set of lanes: its least tree, or that there is none of up to `limit` bits.
  private struct Known {
    var tree: Tree?
    var limit: Double
  }

  /// By branch (0 then, 1 otherwise): the terms, likeliest first, and whether the branch may be a choice again.
  private let leaves: [[Choice]]
  private let nests: [Bool]
  private let conditions: [Choice]
  /// Bits of a choice without its parts.
  private let choiceBits: Double
  private let join: (_ condition: Part, _ then: Part, _ otherwise: Part) -> Part
  private var known: [Lanes: Known] = [:]

  /// - Parameters:
  ///   - leaves: by branch, likeliest first.
  ///   - conditions: likeliest first.
  ///   - join: writes a choice.
  init(
    leaves: [[Choice]], nests: [Bool], conditions: [Choice], choiceBits: Double,
    join: @escaping (_ condition: Part, _ then: Part, _ otherwise: Part) -> Part
  ) {
    (self.leaves, self.nests, self.conditions) = (leaves, nests, conditions)
    (self.choiceBits, self.join) = (choiceBits, join)
  }

  /// Whether there is no tree of any length: a branch has no term, or there is no condition.
  var isEmpty: Bool { conditions.isEmpty || leastLeaves == nil }

  static func set(_ count: Int, where holds: (Int) -> Bool) -> Lanes {
    var set = Lanes()
    for lane in 0..<count where holds(lane) { set[lane >> 6] |= 1 << UInt64(lane & 63) }
    return set
  }

  /// The least term or tree of at most `limit` bits for one branch on some lanes; nil when there is none, or when `isOver` says
  /// so before one is found.
  mutating func tree(
    _ branch: Int, _ lanes: Lanes, within limit: Double, _ isOver: () -> Bool, _ count: () -> Void
  ) -> Tree? {
    let leaf = leaves[branch].first { $0.lanes & lanes == lanes }
    var best = leaf.flatMap { $0.bits > limit ? nil : Tree(bits: $0.bits, part: $0.part) }
    if nests[branch], let deeper = split(lanes, within: best?.bits.nextDown ?? limit, isOver, count) { best = deeper }
    return best
  }

  /// The least tree with a condition at its root. `count` sees every condition that is tried.
  mutating func split(_ lanes: Lanes, within limit: Double, _ isOver: () -> Bool, _ count: () -> Void) -> Tree? {
    if let known = known[lanes] {
      if let tree = known.tree { return tree.bits <= limit ? tree : nil }
      if known.limit >= limit { return nil }
    }
    guard let least = leastLeaves else { return nil }
    var best: Tree?
    var bound = limit
    var cuts: Set<Lanes> = []
    for condition in conditions {
      let base = choiceBits + condition.bits
      if base + least.0 + least.1 > bound { break }
      if isOver() { return best }
      count()
      let inside = lanes & condition.lanes
      let outside = lanes & ~condition.lanes
      if inside == Lanes() || outside == Lanes() || !cuts.insert(inside).inserted { continue }
      guard let then = tree(0, inside, within: bound - base - least.1, isOver, count),
        let otherwise = tree(1, outside, within: bound - base - then.bits, isOver, count)
      else { continue }
      let bits = base + then.bits + otherwise.bits
      best = Tree(bits: bits, part: join(condition.part, then.part, otherwise.part))
      bound = bits.nextDown
    }
    if !isOver() { known[lanes] = Known(tree: best, limit: limit) }
    return best
  }

  /// The bits of the likeliest term of each branch.
  private var leastLeaves: (Double, Double)? {
    guard let then = leaves[0].first, let otherwise = leaves[1].first else { return nil }
    return (then.bits, otherwise.bits)
  }
}
