import ExactArithmetic

/// The finished grammar and what it must keep.
extension GrammarBuilder {
  /// Whether the grammar has no fault so far.
  private var isSound: Bool { terms.faults.count == knownFaults && !terms.hasOmissions }

  /// The grammar in normal form, with the nonterminals that the first one reaches; nil after a fault.
  mutating func finish() -> Grammar? {
    checkSize()
    guard isSound else { return nil }
    var probabilities: [[Rational]] = []
    for number in names.indices { probabilities.append(self.probabilities(of: number)) }
    if isSound { checkTermination() }
    if isSound { checkModulus() }
    guard isSound else { return nil }
    let kept = reachable()
    let renumbered = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($0.element, $0.offset) })
    var productions: [Grammar.Production] = []
    var nonterminals: [Grammar.Nonterminal] = []
    for place in kept {
      let start = productions.count
      for (index, item) in rules[place.number].enumerated() {
        let arguments = item.rule.arguments.map { renumbered[place.argument($0, of: item.rule)]! }
        productions.append(
          .init(
            nonterminal: renumbered[place]!, symbol: item.rule.symbol, arguments: arguments,
            probability: probabilities[place.number][index]))
      }
      nonterminals.append(
        .init(
          name: names[place.number].name, sort: names[place.number].sort, productions: start..<productions.count,
          isAuxiliary: names[place.number].isAuxiliary, isOpen: place.isOpen))
    }
    // Searches number them in 16 bits, with some of their own beside.
    guard productions.count <= Self.productionLimit else {
      terms.faults.append(
        .init(
          message: "the grammar has \(productions.count) productions, counted apart inside and outside of lambdas; "
            + "at most \(Self.productionLimit) are read"))
      return nil
    }
    let grammar = Grammar(
      name: name, parameters: parameters, nonterminals: nonterminals, productions: productions,
      definitions: terms.definitions, modulus: terms.modulus,
      boundVariables: Array(variables.dropFirst(parameters.count)))
    checkBindings(grammar, kept)
    checkStreams(kept)
    return isSound ? grammar : nil
  }

  /// A nonterminal inside or outside of lambdas.
  private struct Place: Hashable, Comparable {
    let isOpen: Bool
    let number: Int

    static func < (a: Place, b: Place) -> Bool { a.isOpen == b.isOpen ? a.number < b.number : b.isOpen }

    func argument(_ number: Int, of rule: Rule) -> Place {
      Place(isOpen: isOpen || rule.symbol.isLambda, number: number)
    }
  }

  /// Most nonterminals that are named; with those of inner terms twice as many. What recurses along programs needs stack for each.
  private static let nonterminalLimit = 1_000
  private static let productionLimit = 60_000
  /// Most variables, inputs among them, where lambdas bind some: machines number them in ten bits.
  private static let variableLimit = 1_000

  private mutating func checkSize() {
    let (named, inner) = (names.filter { !$0.isAuxiliary }, names.filter(\.isAuxiliary))
    let most = 2 * Self.nonterminalLimit - named.count
    if named.count > Self.nonterminalLimit {
      terms.faults.append(
        source.fault(
          named[Self.nonterminalLimit].range, "\(named.count) nonterminals; at most \(Self.nonterminalLimit) are read"))
    } else if inner.count > most {
      terms.faults.append(
        source.fault(
          inner[most].range,
          "\(inner.count) terms inside of productions, each a nonterminal of its own; at most \(most) are read"))
    }
    if variables.count > parameters.count, variables.count > Self.variableLimit {
      terms.faults.append(
        .init(
          message: "\(variables.count) inputs and bound variables; with lambdas at most \(Self.variableLimit) are read")
      )
    }
    if rules.joined().count > Self.productionLimit {
      terms.faults.append(.init(message: "the grammar has more than \(Self.productionLimit) productions"))
    }
  }

  /// Operators on streams read the first parameter.
  private mutating func checkStreams(_ places: [Place]) {
    let lists = parameters.filter { $0.sort == .list }
    if parameters.first?.sort == .list, lists.count == 1 { return }
    for item in Set(places.map(\.number)).sorted().flatMap({ rules[$0] }) {
      guard case .operation(let op) = item.rule.symbol, op.readsStream else { continue }
      terms.faults.append(
        source.fault(
          item.rule.range,
          "'\(op.head)' reads the first parameter, which must be a (List Int)"
            + (lists.count > 1 ? " and the only one, not one of \(lists.map(\.name).joined(separator: ", "))" : "")))
    }
  }

  /// Every variable of a lambda must be bound wherever the nonterminal that writes it is used.
  private mutating func checkBindings(_ grammar: Grammar, _ places: [Place]) {
    for (place, known) in zip(places, grammar.variablesInScope()) {
      for item in rules[place.number] {
        guard case .variable(let variable) = item.rule.symbol, !known.contains(variable) else { continue }
        terms.faults.append(
          source.fault(
            item.rule.range,
            "'\(variables[variable].name)' is not bound wherever '\(names[place.number].name)' is used"))
      }
    }
  }

  private mutating func probabilities(of number: Int) -> [Rational] {
    let measures = rules[number].map(\.measure)
    let given = measures.compactMap { if case .probability(let q) = $0 { q } else { nil } }
    if !given.isEmpty {
      if given.count != measures.count {
        terms.faults.append(
          source.fault(
            names[number].range,
            "\(measures.count - given.count) of the \(measures.count) productions of '\(names[number].name)' have no :probability"
          ))
      } else {
        let sum = given.reduce(Rational(0), +)
        if sum != 1 {
          terms.faults.append(
            source.fault(names[number].range, "the probabilities of '\(names[number].name)' sum to \(sum), not to 1"))
        }
      }
      return given
    }
    let weights = measures.map { if case .weight(let k) = $0 { Int(k) } else { 0 } }
    guard let least = weights.min() else { return [] }
    let shares = weights.map { Rational(1, BigInteger(1) << ($0 - least)) }
    let sum = shares.reduce(Rational(0), +)
    return shares.map { $0 / sum }
  }

  /// Symbols of the least program of a nonterminal at most: a chain of n rules may ask for 2^n.
  private static let leastSizeLimit = 10_000

  private mutating func checkTermination() {
    let sizes = leastSizes(
      nonterminals: names.count,
      rules: rules.enumerated().flatMap { number, items in
        items.map { (nonterminal: number, arguments: $0.rule.arguments) }
      }, most: Self.leastSizeLimit)
    for number in names.indices where !names[number].isAuxiliary {
      let size = sizes[number]
      if let size, size <= Self.leastSizeLimit { continue }
      terms.faults.append(
        source.fault(
          names[number].range,
          "'\(names[number].name)' derives no "
            + (size == nil
              ? "finite program: each of its productions needs a nonterminal that never ends"
              : "program of at most \(Self.leastSizeLimit) symbols: none so long is searched")))
    }
  }

  private mutating func checkModulus() {
    func isField(_ op: Operator) -> Bool { op.symbol.hasPrefix("ff.") }
    func isField(_ term: Term) -> Bool {
      if case .operation(let op, _) = term, isField(op) { return true }
      return term.arguments.contains { isField($0) }
    }
    let inField = rules.joined().contains { if case .operation(let op) = $0.rule.symbol { isField(op) } else { false } }
    guard inField || terms.definitions.contains(where: { isField($0.body) }), let modulus = terms.modulus else {
      return
    }
    let place = terms.modulusPlace ?? 0..<1
    if modulus >= 1 << 31 {
      terms.faults.append(source.fault(place, "the modulus \(modulus) of ff. operators must be below 2^31"))
    } else if !isPrime(modulus) {
      terms.faults.append(
        source.fault(place, "the modulus \(modulus) is not prime: ff. operators compute in the field Z/p"))
    }
  }

  private func reachable() -> [Place] {
    var seen: Set = [Place(isOpen: false, number: 0)]
    var pending = Array(seen)
    while let place = pending.popLast() {
      for item in rules[place.number] {
        for argument in item.rule.arguments {
          let child = place.argument(argument, of: item.rule)
          if seen.insert(child).inserted { pending.append(child) }
        }
      }
    }
    return seen.sorted()
  }
}
