extension Grammar {
  /// For each nonterminal the variables that have a value wherever it is used: the parameters, and what lambdas bind on every
  /// way to it from the start.
  ///
  /// - Complexity: a nonterminal is visited once, and again each time a way to it is found that binds fewer variables.
  package func variablesInScope() -> [Set<Int>] {
    var known = Array(repeating: Set(variables.indices), count: nonterminals.count)
    known[0] = Set(parameters.indices)
    var pending = [0]
    while let nonterminal = pending.popLast() {
      for number in nonterminals[nonterminal].productions {
        var inner = known[nonterminal]
        if case .lambda(let bound) = productions[number].symbol { inner.formUnion(bound) }
        for argument in productions[number].arguments where !known[argument].isSubset(of: inner) {
          known[argument].formIntersection(inner)
          pending.append(argument)
        }
      }
    }
    return known
  }
}
