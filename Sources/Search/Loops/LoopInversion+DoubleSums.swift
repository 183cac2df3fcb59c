import Evaluation
import Grammars

/// Sums over pairs: a loop to m·m, in which y div m and y mod m run through all pairs of numbers below m, but for (0, 0) and with
/// (m, 0). What is added, T, reads y div m in place of x, which a sum does not see otherwise, and y or y mod m as y.
extension LoopInversion {
  /// What the variables of a sum over pairs are.
  struct Pairing {
    /// m, as a term and by example.
    let side: Term
    let row: [Int64]
    /// Whether y stands for y mod m.
    let readsRemainder: Bool

    func words(_ y: Int64, _ example: Int) -> [Int64] {
      [y / row[example], readsRemainder ? y % row[example] : y]
    }
  }

  /// Numbers m that pairs are taken below.
  private static let mostSides = 3
  /// Points that a term is run on.
  private static let mostPairs = 256

  /// The shortest program met that agrees with all training examples.
  func doubleSums(work: Double, _ isOver: @escaping () -> Bool) -> Program? {
    var best = BestProgram(attempt.grammar)
    for (rank, frame) in doubleFrames().enumerated() {
      if isOver() { break }
      best.offer(found(frame, room: Self.mostPairs, work: work / Double(rank + 1), isOver))
    }
    return best.program
  }

  /// Sums over pairs, those of the likeliest m first.
  private func doubleFrames() -> [Frame] {
    let grammar = attempt.grammar
    return shapes.filter { $0.head == .loop }.flatMap { shape in
      counts(shape.count).prefix(Self.mostSides).flatMap { side -> [Frame] in
        let term = grammar.term(of: side.program)
        let squares = side.row.compactMap { Self.exact($0.multipliedReportingOverflow(by: $0)) }
        guard squares.count == side.row.count,
          let count = grammar.derivation(of: .operation(.multiply, [term, term]), from: shape.count)
        else { return [] }
        let square = KnownTerm(program: count, bits: side.bits * 2, row: squares)
        let states = zip(side.row, squares).map { $0 < 1 ? [] : Array(1...min($1, 1_000)) }
        return [false, true].map {
          Frame(
            shape: shape, count: square, driver: nil, states: states,
            pairing: Pairing(side: term, row: side.row, readsRemainder: $0))
        }
      }
    }
  }
}
