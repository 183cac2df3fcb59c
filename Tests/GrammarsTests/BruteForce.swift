import ExactArithmetic
import Grammars

/// A program as a tree with its prior: enumeration and order straight from their definitions, with nothing shared with
/// the code under test.
struct Tree {
  let production: Int
  let children: [Tree]
  let prior: Rational

  init(_ grammar: Grammar, _ production: Int, _ children: [Tree]) {
    self.production = production
    self.children = children
    prior = children.reduce(grammar.productions[production].probability) { $0 * $1.prior }
  }

  var program: Program { Program(production, children.map(\.program)) }

  /// The order of `ProgramOrder`: prior descending, production ascending, priors of the children, then the children.
  static func precedes(_ a: Tree, _ b: Tree) -> Bool? {
    if a.prior != b.prior { return a.prior > b.prior }
    if a.production != b.production { return a.production < b.production }
    for (x, y) in zip(a.children, b.children) where x.prior != y.prior { return x.prior > y.prior }
    for (x, y) in zip(a.children, b.children) { if let order = precedes(x, y) { return order } }
    return nil
  }
}

enum BruteForce {
  /// All programs of a nonterminal with a prior of at least `least`.
  static func trees(_ grammar: Grammar, _ nonterminal: Int = 0, priorAtLeast least: Rational) -> [Tree] {
    grammar.nonterminals[nonterminal].productions.flatMap { index -> [Tree] in
      let production = grammar.productions[index]
      guard production.probability >= least else { return [] }
      var tuples: [(children: [Tree], least: Rational)] = [([], least / production.probability)]
      for argument in production.arguments {
        tuples = tuples.flatMap { tuple in
          trees(grammar, argument, priorAtLeast: tuple.least).map { (tuple.children + [$0], tuple.least / $0.prior) }
        }
      }
      return tuples.map { Tree(grammar, index, $0.children) }
    }
  }

  /// The programs of the start nonterminal with a prior of at least `least`, in order.
  static func ordered(_ grammar: Grammar, priorAtLeast least: Rational) -> [Tree] {
    trees(grammar, priorAtLeast: least).sorted { Tree.precedes($0, $1) ?? false }
  }

  /// All programs of a nonterminal with `size` symbols. The grammar has no unit cycles.
  static func trees(_ grammar: Grammar, _ nonterminal: Int = 0, size: Int) -> [Tree] {
    grammar.nonterminals[nonterminal].productions.flatMap { index -> [Tree] in
      let production = grammar.productions[index]
      var tuples: [(children: [Tree], rest: Int)] = [([], size - (production.symbol == .unit ? 0 : 1))]
      for argument in production.arguments {
        tuples = tuples.flatMap { tuple in
          (0...max(0, tuple.rest)).flatMap { own in
            own > 0 && own <= tuple.rest
              ? trees(grammar, argument, size: own).map { (tuple.children + [$0], tuple.rest - own) } : []
          }
        }
      }
      return tuples.filter { $0.rest == 0 }.map { Tree(grammar, index, $0.children) }
    }
  }
}

/// Σ (observed − n·p)² / (n·p) in exact arithmetic.
func chiSquare(_ observed: [Int], _ probabilities: [Rational]) -> Rational {
  let total = Rational(observed.reduce(0, +))
  return zip(observed, probabilities).reduce(Rational(0)) { sum, cell in
    let expected = total * cell.1
    let difference = Rational(cell.0) - expected
    return sum + difference * difference / expected
  }
}
