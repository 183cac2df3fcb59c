/// For each nonterminal whether some finite program derives from it.
///
/// - Parameter rules: The nonterminal of each rule and those of its arguments.
/// - Complexity: linear in the arguments of all rules.
func derivesSomeProgram(nonterminals count: Int, rules: [(nonterminal: Int, arguments: [Int])]) -> [Bool] {
  leastSizes(nonterminals: count, rules: rules, most: 0).map { $0 != nil }
}

/// The symbols of the least program of each nonterminal, `most + 1` where it has more than `most`, nil where there is none.
///
/// Rules are taken in order of size, so that the first of a nonterminal is its least.
///
/// - Complexity: linear in the rules with their arguments, and in `most`.
/// - Source: Knuth 1977, "A generalization of Dijkstra's algorithm".
func leastSizes(
  nonterminals count: Int, rules: [(nonterminal: Int, arguments: [Int])], most: Int
) -> [Int?] {
  var sizes = [Int?](repeating: nil, count: count)
  // Arguments of each rule whose size is not known.
  var missing = rules.map { $0.arguments.count }
  // The rules that each nonterminal is an argument of, once for each place.
  var uses: [[Int]] = Array(repeating: [], count: count)
  // Rules by size, those beyond in the last place.
  var complete: [[Int]] = Array(repeating: [], count: most + 2)
  func size(_ rule: Int) -> Int { rules[rule].arguments.reduce(1) { min($0 + sizes[$1]!, most + 1) } }
  for (number, rule) in rules.enumerated() {
    for argument in rule.arguments { uses[argument].append(number) }
    if rule.arguments.isEmpty { complete[min(1, most + 1)].append(number) }
  }
  for bound in complete.indices {
    while let number = complete[bound].popLast() {
      let nonterminal = rules[number].nonterminal
      if sizes[nonterminal] != nil { continue }
      sizes[nonterminal] = bound
      for use in uses[nonterminal] {
        missing[use] -= 1
        if missing[use] == 0 { complete[size(use)].append(use) }
      }
    }
  }
  return sizes
}
