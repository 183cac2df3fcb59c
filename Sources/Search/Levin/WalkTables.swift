import Evaluation
import ExactArithmetic
import Grammars

/// What a `DerivationWalk` asks of a grammar, by number.
struct WalkTables: Sendable {
  struct Nonterminal: Sendable {
    let isOpen: Bool
    let isPair: Bool
    /// Productions, those with the likeliest programs first.
    let order: [Int32]
    /// The prior of the production at each place and all after it.
    let tails: [PriorFraction]
    let exactTails: [Rational]
    /// The prior of the likeliest program.
    let best: Rational
    /// The fewest steps of a program on an input on which it runs.
    let leastSteps: UInt64
  }

  struct Production: Sendable {
    let symbol: FlatMachine.Symbol
    let arguments: [Int]
    let probability: PriorFraction
    /// The likeliest program with this production, relative to the likeliest of the nonterminal.
    let ratio: PriorFraction
    let leastSteps: UInt64
    /// Steps of the symbol itself on an input: 1, or 0 for what is not run or costs nothing.
    let ownSteps: UInt64
    /// Whether exchanging its two arguments gives another program of the same prior and value.
    let isSwappable: Bool
    let law: WalkLaw
  }

  let grammar: Grammar
  let nonterminals: [Nonterminal]
  let productions: [Production]

  init(_ grammar: Grammar, machine: FlatMachine) {
    self.grammar = grammar
    let best = Self.bestPriors(grammar)
    let steps = Self.leastSteps(grammar)
    let factors = grammar.productions.map { production in
      production.arguments.reduce(production.probability) { $0 * best[$1] } / best[production.nonterminal]
    }
    productions = grammar.productions.enumerated().map { number, production in
      let isOpen = grammar.nonterminals[production.nonterminal].isOpen
      return Production(
        symbol: machine.symbol(number), arguments: production.arguments,
        probability: PriorFraction(production.probability), ratio: PriorFraction(factors[number]),
        leastSteps: isOpen ? 0 : Self.leastSteps(production, steps) ?? 0,
        ownSteps: isOpen ? 0 : Self.ownSteps(production.symbol), isSwappable: Self.isSwappable(production),
        law: WalkLaw(production, grammar, best))
    }
    nonterminals = grammar.nonterminals.enumerated().map { number, nonterminal in
      let order = nonterminal.productions.sorted {
        factors[$0] != factors[$1] ? factors[$0] > factors[$1] : $0 < $1
      }
      var tail: Rational = 0
      let tails =
        order.reversed().map { production in
          tail += grammar.productions[production].probability
          return tail
        }.reversed() as [Rational]
      return Nonterminal(
        isOpen: nonterminal.isOpen, isPair: nonterminal.sort == .pair, order: order.map { Int32($0) },
        tails: tails.map { PriorFraction($0) }, exactTails: tails, best: best[number],
        leastSteps: nonterminal.isOpen ? 0 : steps[number]!)
    }
  }

  private static func isSwappable(_ production: Grammar.Production) -> Bool {
    guard case .operation(let op) = production.symbol, op.isCommutative else { return false }
    return production.arguments[0] == production.arguments[1]
  }

  /// The prior of the likeliest program of every nonterminal.
  private static func bestPriors(_ grammar: Grammar) -> [Rational] {
    var best = [Rational](repeating: 0, count: grammar.nonterminals.count)
    // The likeliest program has no nonterminal twice on a path, so as many rounds as nonterminals suffice.
    for _ in 0...grammar.nonterminals.count {
      for production in grammar.productions {
        let prior = production.arguments.reduce(production.probability) { $0 * best[$1] }
        if prior > best[production.nonterminal] { best[production.nonterminal] = prior }
      }
    }
    return best
  }

  private static func ownSteps(_ symbol: Grammar.Symbol) -> UInt64 {
    switch symbol {
    case .unit, .call: 0
    default: 1
    }
  }

  private static func leastSteps(_ grammar: Grammar) -> [UInt64?] {
    var least = [UInt64?](repeating: nil, count: grammar.nonterminals.count)
    for _ in 0...grammar.nonterminals.count {
      for production in grammar.productions {
        guard let steps = leastSteps(production, least) else { continue }
        least[production.nonterminal] = min(least[production.nonterminal] ?? .max, steps)
      }
    }
    return least
  }

  private static func leastSteps(_ production: Grammar.Production, _ least: [UInt64?]) -> UInt64? {
    var parts: [UInt64] = []
    for argument in production.arguments {
      guard let steps = least[argument] else { return nil }
      parts.append(steps)
    }
    switch production.symbol {
    case .lambda: return 1
    case .operation(.ite): return 1 + parts[0] + min(parts[1], parts[2])
    default: return ownSteps(production.symbol) + parts.reduce(0, +)
    }
  }
}

/// What may be said of an operator's value without running it, where it stands in a grammar: when a shorter program of the
/// same nonterminal has the same value everywhere and takes no more steps.
struct WalkLaw: Sendable {
  enum Operation: Sendable { case none, add, subtract, multiply, divide, choice, other }
  let operation: Operation
  /// Whether argument i is of the production's own nonterminal, so that it can stand alone.
  let standsAlone: (Bool, Bool, Bool)
  /// Constants of the nonterminal at least as likely as any program with this production.
  let constants: [Int64]

  init(_ production: Grammar.Production, _ grammar: Grammar, _ best: [Rational]) {
    guard case .operation(let op) = production.symbol else {
      (operation, standsAlone, constants) = (.none, (false, false, false), [])
      return
    }
    switch op {
    case .add: operation = .add
    case .subtract: operation = .subtract
    case .multiply: operation = .multiply
    case .div: operation = .divide
    case .ite: operation = .choice
    default: operation = op.isStructured && op != .gcd && op != .isqrt ? .none : .other
    }
    let own = production.arguments.map { $0 == production.nonterminal } + [false, false, false]
    standsAlone = (own[0], own[1], own[2])
    let most = production.arguments.reduce(production.probability) { $0 * best[$1] }
    constants = grammar.nonterminals[production.nonterminal].productions.compactMap {
      guard case .constant(let value, _) = grammar.productions[$0].symbol else { return nil }
      return grammar.productions[$0].probability >= most ? value.word : nil
    }
  }
}
