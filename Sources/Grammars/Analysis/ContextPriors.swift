public import ExactArithmetic

extension Grammar {
  /// For each nonterminal the greatest prior of a program of the start nonterminal without the part that it derives: what
  /// surrounds one occurrence at its likeliest. The start's own is 1.
  ///
  /// A program with a subterm of prior q from nonterminal N has prior at most q · contextPriors()[N], so a search that is
  /// complete to prior p needs N's programs only down to p / contextPriors()[N].
  ///
  /// - Complexity: productions × nonterminals, twice (the outside and inside recurrences in the semiring of maxima).
  public func contextPriors() -> [Rational] {
    let inside = bestPriors()
    var outside = Array(repeating: Rational(0), count: nonterminals.count)
    outside[0] = 1
    var changes = true
    while changes {
      changes = false
      for production in productions where outside[production.nonterminal] > 0 {
        let whole = outside[production.nonterminal] * production.probability
        for (position, argument) in production.arguments.enumerated() {
          var context = whole
          for (other, sibling) in production.arguments.enumerated() where other != position {
            context *= inside[sibling]
          }
          if context > outside[argument] {
            outside[argument] = context
            changes = true
          }
        }
      }
    }
    return outside
  }

  /// For each nonterminal the prior of its likeliest program.
  package func bestPriors() -> [Rational] {
    var best = Array(repeating: Rational(0), count: nonterminals.count)
    var changes = true
    while changes {
      changes = false
      for production in productions {
        let prior = production.arguments.reduce(production.probability) { $0 * best[$1] }
        if prior > best[production.nonterminal] {
          best[production.nonterminal] = prior
          changes = true
        }
      }
    }
    return best
  }
}
