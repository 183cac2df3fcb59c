import Evaluation
import ExactArithmetic
import Grammars

/// What a `DerivationWalk` asks of a grammar, by number; plain memory, made once and never changed.
final class WalkTables: @unchecked Sendable {
  /// A place of the order in which a nonterminal's productions are tried.
  struct Place {
    let production: Int32
    /// The likeliest program with this production, relative to the likeliest of the nonterminal.
    let ratio: PriorFraction
    /// The prior of the production, and of all from this place on.
    let probability: PriorFraction
    let tail: PriorFraction
    let leastSteps: UInt64
  }

  struct Nonterminal {
    let isOpen: Bool
    /// Productions, those with the likeliest programs first.
    let places: UnsafeMutableBufferPointer<Place>
    /// The fewest steps of a program on an input on which it runs.
    let leastSteps: UInt64
  }

  /// What the walk does with a production.
  enum Kind {
    case variable, unit, lambda, pair, choice
    case constant(Int64)
    case call(Int)
    case binding(FlatMachine.Code)
    case transduction(FlatMachine.Code)
    case unary(FlatMachine.Code, detail: Int)
    case binary(FlatMachine.Code, detail: Int)
    case listUnary(FlatMachine.Code)
    case listBinary(FlatMachine.Code)
  }

  struct Production {
    let kind: Kind
    let arguments: (Int32, Int32, Int32)
    let count: Int
    /// Whether it stands under a lambda.
    let isOpen: Bool
    /// Whether its value is a list, which the machine keeps.
    let isList: Bool
    /// Steps of the symbol itself on an input: 1, or 0 for what is not run or costs nothing.
    let ownSteps: UInt64
    /// Whether exchanging its two arguments gives another program of the same prior and value.
    let isSwappable: Bool
    let law: WalkLaw

    /// Whether its last argument is a pair: a loop of two variables.
    let takesPair: Bool

    var isUnit: Bool { if case .unit = kind { true } else { false } }
    var isChoice: Bool { if case .choice = kind { true } else { false } }
    var isLambda: Bool { if case .lambda = kind { true } else { false } }

    @inline(__always)
    func argument(_ index: Int) -> Int { Int(index == 0 ? arguments.0 : index == 1 ? arguments.1 : arguments.2) }
  }

  let grammar: Grammar
  let nonterminals: UnsafeMutableBufferPointer<Nonterminal>
  let productions: UnsafeMutableBufferPointer<Production>
  /// Whether no program makes a list or runs a body: the machine's marks stay where they are.
  let keepsNothing: Bool
  /// Whether a program lacks a value only where its steps do not suffice: with bit vectors, beside which no integers are searched.
  /// `Value.noValueWord` then is a value.
  let hasAllValues: Bool
  /// Slots of a lambda's variables, by production.
  let functions: [FlatMachine.Function]
  /// By nonterminal: the prior of the likeliest program.
  let best: [Rational]
  /// What masses that do not fit a `PriorFraction` are summed by; its tails are the priors of all productions of a nonterminal from
  /// a place on.
  let wideScale: MassSum.WideScale
  /// The number of the first tail of each nonterminal among those of `wideScale`.
  private let firstTail: [Int]
  /// Exponents of all productions, one after another.
  private let exponents: [Int64]

  init(_ grammar: Grammar, machine: FlatMachine) {
    self.grammar = grammar
    let best = grammar.bestPriors()
    self.best = best
    let steps = Self.leastSteps(grammar)
    let factors = grammar.productions.map { production in
      production.arguments.reduce(production.probability) { $0 * best[$1] } / best[production.nonterminal]
    }
    hasAllValues = grammar.nonterminals.contains(where: \.sort.isBitVector)
    keepsNothing = !grammar.isStructured && grammar.definitions.isEmpty
    functions = grammar.productions.map { production in
      if case .lambda(let variables) = production.symbol { return .init(start: 0, variables: variables) }
      return .init(start: 0, variables: [])
    }
    productions = .allocate(capacity: grammar.productions.count)
    for (number, production) in grammar.productions.enumerated() {
      let isOpen = grammar.nonterminals[production.nonterminal].isOpen
      let arguments = production.arguments.map { Int32($0) } + [-1, -1, -1]
      (productions.baseAddress! + number).initialize(
        to: Production(
          kind: Kind(machine.symbol(number), machine), arguments: (arguments[0], arguments[1], arguments[2]),
          count: production.arguments.count, isOpen: isOpen,
          isList: grammar.nonterminals[production.nonterminal].sort == .list,
          ownSteps: isOpen ? 0 : Self.ownSteps(production.symbol),
          isSwappable: Self.isSwappable(production), law: WalkLaw(production, grammar, best),
          takesPair: production.arguments.last.map { grammar.nonterminals[$0].sort == .pair } ?? false))
    }
    nonterminals = .allocate(capacity: grammar.nonterminals.count)
    var exactTails: [[Rational]] = []
    for (number, nonterminal) in grammar.nonterminals.enumerated() {
      let order = nonterminal.productions.sorted {
        factors[$0] != factors[$1] ? factors[$0] > factors[$1] : $0 < $1
      }
      var tail: Rational = 0
      var tails: [Rational] = []
      for production in order.reversed() {
        tail += grammar.productions[production].probability
        tails.append(tail)
      }
      tails.reverse()
      exactTails.append(tails)
      let places = UnsafeMutableBufferPointer<Place>.allocate(capacity: order.count)
      for (place, production) in order.enumerated() {
        let least = nonterminal.isOpen ? 0 : Self.leastSteps(grammar.productions[production], steps)!
        (places.baseAddress! + place).initialize(
          to: Place(
            production: Int32(production), ratio: PriorFraction(factors[production]),
            probability: PriorFraction(grammar.productions[production].probability),
            tail: PriorFraction(tails[place]), leastSteps: least))
      }
      (nonterminals.baseAddress! + number).initialize(
        to: Nonterminal(
          isOpen: nonterminal.isOpen, places: places, leastSteps: nonterminal.isOpen ? 0 : steps[number]!))
    }
    let priors = PriorExponents(grammar)
    wideScale = MassSum.WideScale(priors, tails: [1] + exactTails.joined())
    var next = 1
    firstTail = exactTails.map { tails in
      next += tails.count
      return next - tails.count
    }
    exponents = Array(priors.productions.joined())
  }

  /// Multiplies a prior by that of a production.
  @inline(__always)
  func addExponents(of production: Int, to sums: UnsafeMutableBufferPointer<Int64>) {
    let count = wideScale.priors.basis.count
    for place in 0..<count { sums[place] += exponents[production * count + place] }
  }

  /// The number of the prior of all productions of a nonterminal from a place on.
  func tailNumber(_ nonterminal: Int, _ place: Int) -> Int { firstTail[nonterminal] + place }

  deinit {
    for nonterminal in nonterminals { nonterminal.places.deallocate() }
    nonterminals.deallocate()
    for production in productions { production.law.constants.deallocate() }
    productions.deallocate()
  }

  private static func isSwappable(_ production: Grammar.Production) -> Bool {
    guard case .operation(let op) = production.symbol, op.isCommutative else { return false }
    return production.arguments[0] == production.arguments[1]
  }

  private static func ownSteps(_ symbol: Grammar.Symbol) -> UInt64 {
    switch symbol {
    case .unit, .call: 0
    default: 1
    }
  }

  private static func leastSteps(_ grammar: Grammar) -> [UInt64?] {
    var least = [UInt64?](repeating: nil, count: grammar.nonterminals.count)
    var changes = true
    while changes {
      changes = false
      for production in grammar.productions {
        guard let steps = leastSteps(production, least), steps < least[production.nonterminal] ?? .max else { continue }
        least[production.nonterminal] = steps
        changes = true
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
    let own =
      switch production.symbol {
      case .lambda: 1 as UInt64
      case .operation(.ite): 1 + parts[0] + min(parts[1], parts[2])
      default: parts.reduce(ownSteps(production.symbol)) { min($0 + $1, 1 << 60) }
      }
    // The least program may have more steps than any phase.
    return min(own, 1 << 60)
  }
}

extension WalkTables.Kind {
  init(_ symbol: FlatMachine.Symbol, _ machine: FlatMachine) {
    switch symbol {
    case .variable: self = .variable
    case .constant(let word): self = .constant(word)
    case .unit: self = .unit
    case .lambda: self = .lambda
    case .pair: self = .pair
    case .choice: self = .choice
    case .call(let index): self = .call(index)
    case .binding(let code): self = .binding(code)
    case .transduction(let code): self = .transduction(code)
    case .listUnary(let code): self = .listUnary(code)
    case .listBinary(let code): self = .listBinary(code)
    case .unary(let code): self = .unary(code, detail: 0)
    case .binary(let code, let detail): self = .binary(code, detail: detail)
    case .total(let total) where total.arity == 1: self = .unary(.totalUnary, detail: machine.number(of: total))
    case .total(let total): self = .binary(.totalBinary, detail: machine.number(of: total))
    }
  }
}

/// What may be said of an operator's value without running it, where it stands in a grammar: when a shorter program of the
/// same nonterminal has the same value everywhere and takes no more steps.
struct WalkLaw {
  /// Whether anything is said of the operator: its value on constants at least.
  let isKnown: Bool
  /// The constant beside which the value is the other argument, as the first argument and as the second.
  let neutral: (Int64?, Int64?)
  /// The constant beside which the value is that constant, whatever the other argument; `absorbsAll` where that may be any that
  /// has a value, not a variable alone.
  let absorbing: Int64?
  let absorbsAll: Bool
  /// What the value is on twice the same variable.
  let onEqual: OnEqual
  enum OnEqual { case unknown, zero, variable }
  /// Whether argument i is of the production's own nonterminal, so that it can stand alone.
  let standsAlone: (Bool, Bool, Bool)
  /// Constants of the nonterminal at least as likely as any program with this production.
  let constants: UnsafeMutableBufferPointer<Int64>

  init(_ production: Grammar.Production, _ grammar: Grammar, _ best: [Rational]) {
    guard case .operation(let op) = production.symbol else {
      (isKnown, neutral, absorbing, absorbsAll, onEqual) = (false, (nil, nil), nil, false, .unknown)
      (standsAlone, constants) = ((false, false, false), .allocate(capacity: 0))
      return
    }
    isKnown = !op.isStructured || op == .gcd || op == .isqrt
    let sort = grammar.nonterminals[production.arguments[0]].sort
    absorbsAll = sort.isBitVector
    let ones = absorbsAll ? Int64(bitPattern: Value.mask(width: sort.width)) : 0
    switch op {
    case .add, .bvadd, .bvxor, .bvor: neutral = (0, 0)
    case .subtract, .bvsub, .bvshl, .bvlshr, .bvashr: neutral = (nil, 0)
    case .multiply, .bvmul: neutral = (1, 1)
    case .div, .bvudiv: neutral = (nil, 1)
    case .bvand: neutral = (ones, ones)
    default: neutral = (nil, nil)
    }
    absorbing =
      switch op {
      case .multiply, .bvmul, .bvand: 0
      case .bvor: ones
      default: nil
      }
    onEqual =
      switch op {
      case .subtract, .bvsub, .bvxor: .zero
      case .bvand, .bvor: .variable
      default: .unknown
      }
    let own = production.arguments.map { $0 == production.nonterminal } + [false, false, false]
    standsAlone = (own[0], own[1], own[2])
    let most = production.arguments.reduce(production.probability) { $0 * best[$1] }
    let words = grammar.nonterminals[production.nonterminal].productions.compactMap { number -> Int64? in
      guard case .constant(let value, _) = grammar.productions[number].symbol else { return nil }
      return grammar.productions[number].probability >= most ? value.word : nil
    }
    constants = .allocate(capacity: words.count)
    _ = constants.initialize(from: words)
  }
}
