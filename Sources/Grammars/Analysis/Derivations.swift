public import ExactArithmetic

extension Grammar {
  /// The derivation of a term with the greatest prior, ties to the earlier production; nil when the grammar does not
  /// derive the term.
  ///
  /// A literal matches a constant of the same value; a named constant only its own name. A term may have other
  /// derivations (`derivationCount(of:)`): each is a program of its own.
  ///
  /// - Complexity: symbols of the term × productions, for each round of unit productions.
  public func derivation(of term: Term, from nonterminal: Int = 0) -> Program? {
    var only: [Int32] = []
    switch appendOnlyDerivation(of: term, from: nonterminal, to: &only) {
    case .found: return Program(productions: only)
    case .none: return nil
    case .several: return bestDerivations(of: term)[nonterminal]?.program
    }
  }

  private enum Derived { case found, none, several }

  /// Appends the derivation of a term where at most one production can write each of its symbols, as in most grammars; else
  /// gives up: there may be several.
  private func appendOnlyDerivation(of term: Term, from nonterminal: Int, to program: inout [Int32]) -> Derived {
    var only: Int?
    for number in nonterminals[nonterminal].productions {
      if productions[number].symbol == .unit { return .several }
      if productions[number].symbol.writes(term) {
        if only != nil { return .several }
        only = number
      }
    }
    guard let only else { return .none }
    program.append(Int32(only))
    let children = term.arguments
    let count = productions[only].arguments.count
    guard children.count == count else { return .none }
    for place in 0..<count {
      let derived = appendOnlyDerivation(of: children[place], from: productions[only].arguments[place], to: &program)
      if derived != .found { return derived }
    }
    return .found
  }

  private func bestDerivations(of term: Term) -> [(prior: Rational, program: Program)?] {
    let inner = term.arguments.map { bestDerivations(of: $0) }
    var best: [(prior: Rational, program: Program)?] = Array(repeating: nil, count: nonterminals.count)
    func offer(_ number: Int, _ prior: Rational, _ program: Program) -> Bool {
      let nonterminal = productions[number].nonterminal
      if let known = best[nonterminal], known.prior >= prior { return false }
      best[nonterminal] = (prior, program)
      return true
    }
    for (number, production) in productions.enumerated() where production.symbol.writes(term) {
      let children = zip(production.arguments, inner).map { $1[$0] }
      guard children.count == production.arguments.count, children.allSatisfy({ $0 != nil }) else { continue }
      let prior = children.reduce(production.probability) { $0 * $1!.prior }
      _ = offer(number, prior, Program(number, children.map { $0!.program }))
    }
    var changes = true
    while changes {
      changes = false
      for (number, production) in productions.enumerated() where production.symbol == .unit {
        guard let child = best[production.arguments[0]] else { continue }
        if offer(number, production.probability * child.prior, Program(number, [child.program])) { changes = true }
      }
    }
    return best
  }

  /// The number of derivations of a term; nil when unit productions make it infinite.
  public func derivationCount(of term: Term, from nonterminal: Int = 0) -> BigInteger? {
    derivationCounts(of: term)?[nonterminal]
  }

  private func derivationCounts(of term: Term) -> [BigInteger]? {
    var inner: [[BigInteger]] = []
    for argument in term.arguments {
      guard let counts = derivationCounts(of: argument) else { return nil }
      inner.append(counts)
    }
    var direct = Array(repeating: BigInteger(0), count: nonterminals.count)
    for production in productions where production.symbol.writes(term) && production.arguments.count == inner.count {
      direct[production.nonterminal] += zip(production.arguments, inner).reduce(BigInteger(1)) { $0 * $1.1[$1.0] }
    }
    // Without a cycle of units that matters, as many rounds as there are nonterminals reach the fixed point.
    var counts = direct
    for _ in 0...nonterminals.count {
      var next = direct
      for production in productions where production.symbol == .unit {
        next[production.nonterminal] += counts[production.arguments[0]]
      }
      if next == counts { return counts }
      counts = next
    }
    return nil
  }
}

extension Term {
  /// The terms below the head.
  public var arguments: [Term] {
    switch self {
    case .variable, .constant: []
    case .operation(_, let arguments), .call(_, let arguments): arguments
    case .lambda(_, let body): [body]
    }
  }
}

extension Grammar.Symbol {
  /// Whether the symbol is the head of a term.
  fileprivate func writes(_ term: Term) -> Bool {
    switch (self, term) {
    case (.variable(let a), .variable(let b)): a == b
    case (.constant(let a, let name), .constant(let b, let other)): a == b && (other == nil || name == other)
    case (.operation(let a), .operation(let b, _)): a == b
    case (.call(let a), .call(let b, _)): a == b
    case (.lambda(let a), .lambda(let b, _)): a == b
    default: false
    }
  }
}
