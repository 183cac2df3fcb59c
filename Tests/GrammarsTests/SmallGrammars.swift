import ExactArithmetic
import Grammars

/// A production in brief: what it writes, its arguments, its probability.
struct Rule {
  let text: String
  let arguments: [String]
  let probability: String
  init(_ text: String, _ arguments: [String] = [], _ probability: String) {
    self.text = text
    self.arguments = arguments
    self.probability = probability
  }
}

/// A grammar from rules by nonterminal; the text `unit` writes nothing. Nonterminals that start with B are Boolean.
func grammar(_ rules: KeyValuePairs<String, [Rule]>) -> Grammar {
  let names = rules.map(\.key)
  var nonterminals: [Grammar.Nonterminal] = []
  var productions: [Grammar.Production] = []
  for (number, (name, list)) in rules.enumerated() {
    let start = productions.count
    for rule in list {
      let symbol: Grammar.Symbol =
        switch rule.text {
        case "unit": .unit
        case "+": .operation(.add)
        case "<": .operation(.less)
        case "and": .operation(.and)
        case "neg": .operation(.negate)
        case "ite": .operation(.ite)
        default: .constant(name.hasPrefix("B") ? .bool(true) : .int(Int64(productions.count)), name: rule.text)
        }
      productions.append(
        Grammar.Production(
          nonterminal: number, symbol: symbol, arguments: rule.arguments.map { names.firstIndex(of: $0)! },
          probability: Rational(rule.probability)!))
    }
    nonterminals.append(
      Grammar.Nonterminal(
        name: name, sort: name.hasPrefix("B") ? .bool : .int, productions: start..<productions.count,
        isAuxiliary: false))
  }
  return Grammar(name: "f", parameters: [], nonterminals: nonterminals, productions: productions)
}

enum SmallGrammar: String, CaseIterable {
  case dyadic, thirds, supercritical, irrational, twoSorts, units, auxiliary, finite

  var grammar: Grammar {
    switch self {
    case .dyadic:
      GrammarsTests.grammar([
        "S": [Rule("a", "1/2"), Rule("b", "1/4"), Rule("+", ["S", "S"], "1/8"), Rule("neg", ["S"], "1/8")]
      ])
    case .thirds:
      GrammarsTests.grammar([
        "S": [Rule("a", "1/3"), Rule("b", "1/3"), Rule("neg", ["S"], "1/6"), Rule("+", ["S", "S"], "1/6")]
      ])
    case .supercritical:
      GrammarsTests.grammar(["S": [Rule("a", "1/3"), Rule("+", ["S", "S"], "2/3")]])
    case .irrational:
      GrammarsTests.grammar(["S": [Rule("a", "1/4"), Rule("ite", ["S", "S", "S"], "3/4")]])
    case .twoSorts:
      GrammarsTests.grammar([
        "S": [Rule("x", "1/2"), Rule("1", "1/4"), Rule("ite", ["B", "S", "S"], "1/4")],
        "B": [Rule("<", ["S", "S"], "1/2"), Rule("and", ["B", "B"], "1/4"), Rule("true", "1/4")],
      ])
    case .units:
      GrammarsTests.grammar([
        "S": [Rule("unit", ["T"], "3/5"), Rule("+", ["S", "T"], "2/5")],
        "T": [Rule("a", "1/2"), Rule("unit", ["U"], "1/4"), Rule("neg", ["S"], "1/4")],
        "U": [Rule("b", "9/10"), Rule("c", "1/10")],
      ])
    case .auxiliary:
      GrammarsTests.grammar([
        "S": [Rule("a", "1/2"), Rule("unit", ["X"], "1/6"), Rule("+", ["S", "X"], "1/3")],
        "X": [Rule("+", ["Y", "S"], "1")],
        "Y": [Rule("1", "1")],
      ])
    case .finite:
      GrammarsTests.grammar([
        "S": [Rule("+", ["T", "T"], "1/2"), Rule("unit", ["T"], "1/2")],
        "T": [Rule("a", "1/3"), Rule("b", "2/3")],
      ])
    }
  }

  /// The termination mass of the start nonterminal when it is rational, by hand: 1 where means are at most 1
  /// (`twoSorts` is critical).
  var mass: Rational? {
    switch self {
    case .supercritical: Rational(1, 2)
    case .irrational: nil
    case .dyadic, .thirds, .twoSorts, .units, .auxiliary, .finite: 1
    }
  }
}

extension Rule {
  init(_ text: String, _ probability: String) { self.init(text, [], probability) }
}
