public import ExactArithmetic
public import Tasks

/// Context-tree weighting: the exact mixture over all tree sources of bounded depth, each with Krichevsky–Trofimov
/// estimators at its leaves.
///
///     var tree = ContextTree(depth: 3, alphabetSize: 2, past: [0, 1, 0])
///     tree.observe(all: [0, 1, 1, 0, 1, 0, 0])
///     tree.sequenceProbability      // 95/32768
///
/// The node of a context s, the last |s| symbols before the next one, weighs "s is a leaf" against "s is split":
///
///     P_w(s) = 1/2 P_e(s) + 1/2 Π_a P_w(a s)     for |s| < D
///     P_w(s) = P_e(s)                            for |s| = D
///
/// P_e is `KrichevskyTrofimovEstimator`'s block probability of the symbols that followed s; a context that never came has
/// P_e = P_w = 1. The root's P_w is the probability of the whole sequence. Equivalently it is Σ 2^-Γ(S) Π_{s leaf of S}
/// P_e(s) over all complete trees S of depth ≤ D, Γ(S) = inner nodes of S plus leaves above depth D, and the 2^-Γ sum to 1.
///
/// Exact, for alphabets of two symbols or more; an alphabet of A symbols has A children per split. D = 0 is the estimator
/// alone. The D symbols before the first one are the past: its last D are used, and a past that is shorter than D is
/// continued backwards by symbol 0, so that every symbol has a context of full length.
///
/// - Complexity: `observe(_:)` visits D + 1 nodes. For A = 2 the numbers are dyadic: that of a node with m symbols and u
///   nodes of its subtree above a branching has less than 2m + u bits, and a node takes one product of its children's
///   numbers and one sum, O(D · M(n)) bit operations a symbol at position n, where M is multiplication. For A > 2 reduced
///   fractions are kept; their odd denominators make greatest common divisors of O(n log n) bits necessary.
///   `distribution` costs as much as one `observe(_:)` per symbol that came before, and two more.
///   Space: at most D + 1 nodes a symbol; nodes below the last branching share their numbers.
/// - Source: Willems, Shtarkov & Tjalkens 1995, "The context-tree weighting method: basic properties", IEEE Transactions on
///   Information Theory 41(3): the definition of P_w, and the lemma that it is the sum over all models. For larger alphabets:
///   Tjalkens, Shtarkov & Willems 1993, "Sequential weighting algorithms for multi-alphabet sources".
public struct ContextTree: SequencePredictor {
  /// D, the symbols of a context: those before the next one that may decide it. At 0 the tree is the estimator alone.
  public let depth: Int
  /// A, the number of symbols, at least 2.
  public let alphabetSize: Int
  /// The number of symbols observed, without the past.
  public private(set) var count = 0
  /// The last `depth` symbols, the latest first.
  private var context: [Int]
  private var nodes = ContextNodes()

  /// A tree that has seen nothing but the past, which is written in order of time.
  public init(depth: Int, alphabetSize: Int, past: [Int] = []) {
    precondition(depth >= 0, "a depth of \(depth)")
    precondition(alphabetSize >= 2, "an alphabet of \(alphabetSize) symbols; the estimators need two")
    precondition(past.allSatisfy { (0..<alphabetSize).contains($0) }, "past \(past) in an alphabet of \(alphabetSize)")
    self.depth = depth
    self.alphabetSize = alphabetSize
    context = past.suffix(depth).reversed() + Array(repeating: 0, count: max(0, depth - past.count))
  }

  /// The number of contexts that came, the root included.
  public var nodeCount: Int { nodes.count }

  /// Bits of the root's exact number: its numerator and its odd denominator.
  public var rootBits: Int { nodes[0].weighted.bits }
}

// MARK: - Prediction

extension ContextTree {
  /// P_w of the root: the probability of all symbols observed, given the past; exact.
  public var sequenceProbability: Rational { nodes[0].weighted.rational }

  /// Ratios of the root's P_w with and without each symbol.
  ///
  /// Symbols that never came have equal probabilities; the last symbol gets what the others leave of 1.
  public var distribution: [Rational] {
    let path = self.path
    var unseen: Rational?
    var rest: Rational = 1
    var found: [Rational] = []
    for symbol in 0..<(alphabetSize - 1) {
      let isUnseen = nodes.occurrences(0, of: symbol) == 0
      let known = isUnseen ? unseen : nil
      let probability = known ?? self.probability(of: symbol, along: path)
      if isUnseen { unseen = probability }
      found.append(probability)
      rest -= probability
    }
    return found + [rest]
  }

  /// P_w of the root with the symbol over P_w without it; exact.
  public func probability(of symbol: Int) -> Rational {
    precondition((0..<alphabetSize).contains(symbol), "symbol \(symbol) of an alphabet of \(alphabetSize)")
    return probability(of: symbol, along: path)
  }

  private func probability(of symbol: Int, along path: [PathNode]) -> Rational {
    numbers(with: symbol, along: path)[0].weighted / nodes[0].weighted
  }
}

// MARK: - Update

extension ContextTree {
  /// A node of the present context that came before.
  private struct PathNode {
    let node: Int
    /// The product of P_w over its children off the path; nil where there are none.
    let others: ScaledFraction?
  }

  /// P_e and P_w of one node.
  private struct Numbers {
    var estimate: ScaledFraction
    var weighted: ScaledFraction
  }

  /// The nodes of the present context that exist, from the root.
  private var path: [PathNode] {
    var found: [PathNode] = []
    var node: Int? = 0
    while let known = node {
      let level = found.count
      guard level < depth else { return found + [PathNode(node: known, others: nil)] }
      let others = nodes.siblings(known, but: context[level]).map { nodes[$0].weighted }
      found.append(PathNode(node: known, others: others.dropFirst().reduce(others.first) { $0! * $1 }))
      node = nodes.child(known, context[level])
    }
    return found
  }

  /// P_e and P_w of the nodes on the path, if the next symbol were this one; below the path all are as the last one.
  private func numbers(with symbol: Int, along path: [PathNode]) -> [Numbers] {
    // A context that came never before: one symbol, P_e = P_w = 1/A.
    let first = ScaledFraction.one.scaled(by: 1, over: alphabetSize)
    var below = Numbers(estimate: first, weighted: first)
    // Without a branching at or below a node all its descendants have its counts, and P_w = P_e.
    var isBranched = false
    var found: [Numbers] = []
    for (level, step) in zip(path.indices, path).reversed() {
      let node = nodes[step.node]
      if level < depth, level + 1 < path.count, step.others == nil {
        // An only child has the counts of its parent.
        if isBranched { below.weighted = .mean(below.estimate, below.weighted) }
      } else {
        let estimate = node.estimate.scaled(
          by: 2 * nodes.occurrences(step.node, of: symbol) + 1, over: 2 * node.total + alphabetSize)
        if let others = step.others {
          below = Numbers(estimate: estimate, weighted: .mean(estimate, below.weighted * others))
          isBranched = true
        } else {
          below = Numbers(estimate: estimate, weighted: estimate)
        }
      }
      found.append(below)
    }
    found.reverse()
    if path.count <= depth { found.append(Numbers(estimate: first, weighted: first)) }
    return found
  }

  /// Appends a symbol and updates P_e and P_w of the D + 1 nodes of its context; contexts that never came get nodes.
  public mutating func observe(_ symbol: Int) {
    precondition((0..<alphabetSize).contains(symbol), "symbol \(symbol) of an alphabet of \(alphabetSize)")
    let numbers = self.numbers(with: symbol, along: path)
    var node = 0
    for level in 0...depth {
      let new = numbers[min(level, numbers.count - 1)]
      nodes[node].estimate = new.estimate
      nodes[node].weighted = new.weighted
      nodes.count(node, symbol)
      if level < depth { node = nodes.child(node, context[level]) ?? nodes.addChild(node, context[level]) }
    }
    if depth > 0 {
      context.removeLast()
      context.insert(symbol, at: 0)
    }
    count += 1
  }
}
