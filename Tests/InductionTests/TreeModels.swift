import ExactArithmetic

/// The second route to context-tree weighting: every tree model written out, its weight, and its probability, with nothing
/// shared with `ContextTree`.
struct TreeModels {
  let alphabetSize: Int
  let depth: Int
  /// The leaves of each model as contexts, latest symbol first, and its cost Γ in bits.
  let models: [(leaves: [[Int]], cost: Int)]

  init(depth: Int, alphabetSize: Int) {
    self.depth = depth
    self.alphabetSize = alphabetSize
    models = Self.list(depth, alphabetSize)
  }

  /// A leaf costs a bit but at the greatest depth, an inner node costs one.
  private static func list(_ depth: Int, _ alphabetSize: Int) -> [(leaves: [[Int]], cost: Int)] {
    if depth == 0 { return [([[]], 0)] }
    let below = list(depth - 1, alphabetSize)
    var split: [(leaves: [[Int]], cost: Int)] = [([], 1)]
    for symbol in 0..<alphabetSize {
      split = split.flatMap { head in
        below.map { (head.leaves + $0.leaves.map { [symbol] + $0 }, head.cost + $0.cost) }
      }
    }
    return [([[]], 1)] + split
  }

  /// Σ 2^-Γ over all models.
  var totalWeight: Rational { models.reduce(Rational(0)) { $0 + Rational(2).power(-$1.cost) } }

  /// Σ 2^-Γ(S) Π P_e over the leaves of S.
  func probability(of symbols: [Int], past: [Int]) -> Rational {
    let all = past + symbols
    var known: [[Int]: Rational] = [:]
    func leaf(_ context: [Int]) -> Rational {
      if let value = known[context] { return value }
      var counts = Array(repeating: 0, count: alphabetSize)
      var value: Rational = 1
      for position in past.count..<all.count where context.indices.allSatisfy({ all[position - 1 - $0] == context[$0] })
      {
        let symbol = all[position]
        value *= Rational(BigInteger(2 * counts[symbol] + 1), BigInteger(2 * counts.reduce(0, +) + alphabetSize))
        counts[symbol] += 1
      }
      known[context] = value
      return value
    }
    return models.reduce(Rational(0)) { sum, model in
      sum + model.leaves.reduce(Rational(2).power(-model.cost)) { $0 * leaf($1) }
    }
  }
}
