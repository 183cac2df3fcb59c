import ExactArithmetic
import Grammars

extension Grammar {
  /// The likeliest sums and products of constants with the values 1, 2, … `most`, as far as a nonterminal writes them.
  func numerals(of nonterminal: Int, upTo most: Int64) -> [(value: Int64, term: Term)] {
    var best: [Int64: (term: Term, prior: Rational)] = [:]
    func offer(_ value: Int64, _ term: Term) {
      guard let program = derivation(of: term, from: nonterminal) else { return }
      let prior = probability(of: program)
      if prior > best[value]?.prior ?? 0 { best[value] = (term, prior) }
    }
    for value in 1...most {
      offer(value, .constant(.int(value), name: nil))
      for part in 1..<value {
        guard let first = best[part]?.term else { continue }
        if let second = best[value - part]?.term { offer(value, .operation(.add, [first, second])) }
        if part > 1, value % part == 0, let second = best[value / part]?.term {
          offer(value, .operation(.multiply, [first, second]))
        }
      }
    }
    return best.sorted { $0.key < $1.key }.map { ($0.key, $0.value.term) }
  }
}
