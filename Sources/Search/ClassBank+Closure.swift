import ExactArithmetic
import Grammars

/// When a language has no further function on the signature.
extension ClassBank {
  /// The last stored level of a nonterminal with a class that no earlier level has; nil when there is none.
  func lastNewLevel(_ nonterminal: Int) -> Int? {
    let starts = tables[nonterminal].classStart
    return starts.indices.dropFirst().last { starts[$0] > starts[$0 - 1] }.map { $0 - 1 }
  }

  /// Whether every symbol applied to known classes gives a known class: then no program, of any length, computes another row.
  ///
  /// The first programs of all combinations of known classes lie in levels of at least the prior of a production times
  /// those of the last new levels of its arguments; when the stored levels of every nonterminal reach so far, all
  /// combinations were evaluated. Rows without a value are classes too, so none is left out.
  ///
  /// - Complexity: one exact product per argument of a production.
  var isClosed: Bool {
    let lasts = grammar.nonterminals.indices.map(lastNewLevel)
    return grammar.nonterminals.indices.allSatisfy { nonterminal in
      guard tables[nonterminal].levels > 0 else { return false }
      let reached = levels[nonterminal][tables[nonterminal].levels - 1].probability
      return grammar.nonterminals[nonterminal].productions.allSatisfy { number in
        let production = grammar.productions[number]
        var least = production.probability
        for argument in production.arguments {
          // Without a stored level nothing is known; with levels and no class there is nothing to combine.
          if tables[argument].levels == 0 { return false }
          guard let last = lasts[argument] else { return true }
          least = least * levels[argument][last].probability
        }
        return reached <= least
      }
    }
  }
}
