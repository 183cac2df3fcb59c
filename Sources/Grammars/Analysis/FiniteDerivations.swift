/// For each nonterminal whether some finite program derives from it.
///
/// - Parameter rules: The nonterminal of each rule and those of its arguments.
/// - Complexity: linear in the arguments of all rules.
func derivesSomeProgram(nonterminals count: Int, rules: [(nonterminal: Int, arguments: [Int])]) -> [Bool] {
  var derives = Array(repeating: false, count: count)
  // How many arguments of each rule are not known to derive a program.
  var missing = rules.map { $0.arguments.count }
  // The rules that each nonterminal is an argument of, once for each place.
  var uses: [[Int]] = Array(repeating: [], count: count)
  for (number, rule) in rules.enumerated() {
    for argument in rule.arguments { uses[argument].append(number) }
  }
  var complete = rules.indices.filter { missing[$0] == 0 }
  while let number = complete.popLast() {
    let nonterminal = rules[number].nonterminal
    if derives[nonterminal] { continue }
    derives[nonterminal] = true
    for use in uses[nonterminal] {
      missing[use] -= 1
      if missing[use] == 0 { complete.append(use) }
    }
  }
  return derives
}
