import Grammars

extension ClassBank {
  /// What swapping the arguments does to the candidates of a batch.
  struct Symmetry {
    /// Another batch covers the same pairs.
    let skip: Bool
    /// Both arguments are of one level: each pair comes once.
    let triangle: Bool
    /// Pairs of different entries stand for both orders.
    let both: Bool
  }

  /// The symmetry of a batch of a production with arguments of these levels.
  func symmetry(_ production: Grammar.Production, _ levels: Ladder.LevelNumbers) -> Symmetry {
    guard case .operation(let op) = production.symbol, op.isCommutative,
      production.arguments[0] == production.arguments[1]
    else { return Symmetry(skip: false, triangle: false, both: false) }
    return Symmetry(skip: levels[0] > levels[1], triangle: levels[0] == levels[1], both: true)
  }
}
