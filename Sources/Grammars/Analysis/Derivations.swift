public import ExactArithmetic

extension Grammar {
  /// The derivation of a term with the greatest prior; nil when the grammar does not derive the term. Among several of
  /// that prior it is the first in the order of `ProgramOrder`, so that it has the least rank.
  ///
  /// A literal matches a constant of the same value; a named constant only its own name. The literal -3 and the negation of
  /// the literal 3 have one text, `(- 3)`: either has the derivations of both. A term may have other derivations
  /// (`derivationCount(of:)`): each is a program of its own.
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
    let other = term.otherSpelling
    var only: Int?
    for number in nonterminals[nonterminal].productions {
      if productions[number].symbol == .unit { return .several }
      if let other, productions[number].symbol.writes(other) { return .several }
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

  /// What is known of a term and of the other term with its text, if there is one: for each argument an answer.
  private typealias Spelling<Answer> = (term: Term, inner: [Answer])

  private func spellings<Answer>(
    of term: Term, _ inner: [Answer], _ answer: (Term) -> Answer
  ) -> [Spelling<Answer>] {
    guard let other = term.otherSpelling else { return [(term: term, inner: inner)] }
    return [(term: term, inner: inner), (term: other, inner: other.arguments.map(answer))]
  }
}

// MARK: - The likeliest

extension Grammar {
  private typealias Likeliest = (prior: Rational, program: Program)
  /// How a derivation begins.
  private typealias Beginning = (prior: Rational, production: Int)

  /// For each nonterminal the derivation of a term with the greatest prior, the first of them in the order, from the
  /// innermost terms out.
  private func bestDerivations(of term: Term) -> [Likeliest?] {
    var stack: [[Likeliest?]] = []
    for part in term.parts {
      let inner = Array(stack.suffix(part.arguments.count))
      stack.removeLast(inner.count)
      let written = spellings(of: part, inner) { bestDerivations(of: $0) }
      stack.append(bestDerivations(ofAny: written))
    }
    return stack[0]
  }

  private func bestDerivations(ofAny written: [Spelling<[Likeliest?]>]) -> [Likeliest?] {
    /// The derivations of the arguments; nil when the production does not write the symbol, or one has none.
    func children(_ number: Int) -> [Likeliest]? {
      let production = productions[number]
      guard let spelling = written.first(where: { production.symbol.writes($0.term) }),
        spelling.inner.count == production.arguments.count
      else { return nil }
      let found = zip(production.arguments, spelling.inner).compactMap { $1[$0] }
      return found.count == production.arguments.count ? found : nil
    }
    let chosen = beginnings { number -> Rational? in
      children(number)?.reduce(productions[number].probability) { $0 * $1.prior }
    }
    return chosen.map { beginning -> Likeliest? in
      guard let beginning else { return nil }
      let (units, last) = unitChain(from: beginning.production, chosen)
      let rest = Program(last, children(last)!.map { $0.program })
      return (beginning.prior, Program(productions: units + rest.productions))
    }
  }

  /// For each nonterminal the greatest prior of its derivations and the first production that one of that prior begins
  /// with: the order compares productions first, and then arguments, whose derivations are the first ones in turn.
  ///
  /// - Parameter direct: The greatest prior of a derivation that begins with a production that writes a symbol.
  private func beginnings(_ direct: (Int) -> Rational?) -> [Beginning?] {
    var best: [Beginning?] = Array(repeating: nil, count: nonterminals.count)
    /// Whether the offer has a greater prior than what was known.
    func offer(_ number: Int, _ prior: Rational) -> Bool {
      let nonterminal = productions[number].nonterminal
      if let known = best[nonterminal], known.prior >= prior {
        if known.prior == prior, number < known.production { best[nonterminal] = (prior, number) }
        return false
      }
      best[nonterminal] = (prior, number)
      return true
    }
    for number in productions.indices {
      if let prior = direct(number) { _ = offer(number, prior) }
    }
    // In the last round, which raises no prior, each unit production is offered with the prior that it really has.
    var changes = true
    while changes {
      changes = false
      for (number, production) in productions.enumerated() where production.symbol == .unit {
        guard let child = best[production.arguments[0]] else { continue }
        if offer(number, production.probability * child.prior) { changes = true }
      }
    }
    return best
  }

  /// The unit productions that a derivation begins with, from `production` on, and the first one that writes a symbol.
  ///
  /// They never come back to a nonterminal: no cycle of units has probability 1, so without it the prior were greater.
  private func unitChain(from production: Int, _ beginnings: [Beginning?]) -> (units: [Int32], last: Int) {
    var units: [Int32] = []
    var number = production
    while productions[number].symbol == .unit {
      precondition(units.count < nonterminals.count, "a cycle of unit productions with probability 1")
      units.append(Int32(number))
      number = beginnings[productions[number].arguments[0]]!.production
    }
    return (units, number)
  }
}

// MARK: - Their number

extension Grammar {
  /// The number of derivations of a term; nil when unit productions make it infinite.
  public func derivationCount(of term: Term, from nonterminal: Int = 0) -> BigInteger? {
    let units = unitGraph
    return derivationCounts(of: term, units, stronglyConnectedComponents(units))[nonterminal]
  }

  /// For each nonterminal the number of derivations of a term, from the innermost terms out; nil where it is infinite.
  private func derivationCounts(of term: Term, _ units: [[Int]], _ components: [[Int]]) -> [BigInteger?] {
    var stack: [[BigInteger?]] = []
    for part in term.parts {
      let inner = Array(stack.suffix(part.arguments.count))
      stack.removeLast(inner.count)
      let written = spellings(of: part, inner) { derivationCounts(of: $0, units, components) }
      stack.append(throughUnits(directCounts(of: written), units, components))
    }
    return stack[0]
  }

  /// The derivations that begin with a symbol.
  private func directCounts(of written: [Spelling<[BigInteger?]>]) -> [BigInteger?] {
    var counts: [BigInteger?] = Array(repeating: BigInteger(0), count: nonterminals.count)
    for production in productions {
      guard let spelling = written.first(where: { production.symbol.writes($0.term) }),
        spelling.inner.count == production.arguments.count
      else { continue }
      let factors = zip(production.arguments, spelling.inner).map { $1[$0] }
      counts[production.nonterminal] = Self.sum(counts[production.nonterminal], Self.product(factors))
    }
    return counts
  }

  /// The derivations that begin with a symbol or with unit productions; a component comes behind those that it leads to.
  private func throughUnits(_ direct: [BigInteger?], _ units: [[Int]], _ components: [[Int]]) -> [BigInteger?] {
    var counts = direct
    func derives(_ nonterminal: Int) -> Bool { counts[nonterminal] != BigInteger(0) }
    for component in components {
      let first = component[0]
      if component.count == 1, !units[first].contains(first) {
        for target in units[first] { counts[first] = Self.sum(counts[first], counts[target]) }
      } else if component.contains(where: { derives($0) || units[$0].contains(where: derives) }) {
        // Each time around the cycle is another derivation.
        for member in component { counts[member] = nil }
      }
    }
    return counts
  }

  private static func sum(_ a: BigInteger?, _ b: BigInteger?) -> BigInteger? {
    guard let a, let b else { return nil }
    return a + b
  }

  /// A product of numbers that may be infinite: with a factor 0 it is 0, whatever the others are.
  private static func product(_ factors: [BigInteger?]) -> BigInteger? {
    var product = BigInteger(1)
    var isInfinite = false
    for factor in factors {
      guard let factor else {
        isInfinite = true
        continue
      }
      if factor == 0 { return 0 }
      product *= factor
    }
    return isInfinite ? nil : product
  }
}

// MARK: - Terms

extension Term {
  /// The terms below the head.
  public var arguments: [Term] {
    switch self {
    case .variable, .constant: []
    case .operation(_, let arguments), .call(_, let arguments): arguments
    case .lambda(_, let body): [body]
    }
  }

  /// The term and all terms inside of it, each behind those inside of it, arguments in their order.
  fileprivate var parts: [Term] {
    var parts: [Term] = []
    var waiting = [self]
    while let term = waiting.popLast() {
      parts.append(term)
      waiting += term.arguments
    }
    return parts.reversed()
  }

  /// The other term with the text `(- n)`, n > 0: of the literal -n the negation of n, of that the literal; nil for all others.
  fileprivate var otherSpelling: Term? {
    switch self {
    case .constant(let value, nil):
      guard value.sort == .int, value.word < 0 else { return nil }
      return .operation(.negate, [.constant(.int(-value.word), name: nil)])
    case .operation(.negate, let arguments):
      guard case .constant(let value, nil)? = arguments.first, value.sort == .int, value.word > 0 else { return nil }
      return .constant(.int(-value.word), name: nil)
    default: return nil
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
