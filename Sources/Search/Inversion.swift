import Evaluation
import Grammars

/// How a production is undone: the argument that makes it reach a goal, given the other argument.
///
/// The answer is unique wherever it exists, except on examples where a product (or quotient) is zero whatever the argument
/// is: there any argument does, and the example drops out of the goal. Candidates are always run forward before they
/// count, so a rule may propose too much (a quotient by zero, say) but never too little.
struct Inverse {
  /// Rows (goal, known) to the wanted argument's row; no value where there is none.
  let symbol: RowProgram
  /// Rows (goal, known) to 1 where the argument is free; nil when it never is.
  let free: RowProgram?
  /// What the argument is wanted modulo; nil when it is wanted exactly.
  let childModulus: Int64?
}

extension Inverse {
  /// The inverse of `production` for its argument at `position`, when the result is wanted modulo `modulus` (nil:
  /// exactly); nil when there is none.
  ///
  /// A macro is inverted when the argument occurs once in its body, under operators that can be.
  init?(
    _ production: Grammar.Production, at position: Int, modulus: Int64?, in grammar: Grammar, _ tables: KernelTables
  ) {
    let sorts = production.arguments.map { grammar.nonterminals[$0].sort }
    if modulus == nil, !grammar.nonterminals[production.nonterminal].isOpen,
      case .operation(let op) = production.symbol,
      let symbol = RowProgram(undoing: op, position: position, tables: tables)
    {
      self.init(symbol: symbol, free: nil, childModulus: nil)
      return
    }
    guard sorts.count <= 2, sorts[position] == grammar.nonterminals[production.nonterminal].sort else { return nil }
    let body: Term
    switch production.symbol {
    case .operation(let op): body = .operation(op, sorts.indices.map { .variable($0) })
    case .call(let number): body = grammar.definitions[number].body
    default: return nil
    }
    var builder = InverseBuilder(grammar, sort: sorts[position], modulus: modulus, tables: tables)
    let bindings = sorts.indices.map { $0 == position ? .unknown : InverseBuilder.Binding.value(.known, sorts[$0]) }
    guard let result = builder.descend(body, bindings) else { return nil }
    self.init(
      symbol: builder.program(result), free: builder.freeSource.map { builder.program($0) },
      childModulus: builder.modulus)
  }
}

/// Goes down a term to the unknown, undoing one operator after the other.
struct InverseBuilder {
  enum Source: Hashable {
    case goal
    case known
    case constant(Int64)
    case step(Int)
  }

  /// What a variable of a body stands for.
  enum Binding {
    case unknown
    case value(Source, Sort)
  }

  private let grammar: Grammar
  /// The sort of the goal, of the unknown and of all between.
  private let sort: Sort
  /// What the goal is wanted modulo at the present place.
  private(set) var modulus: Int64?
  private let exactTables: KernelTables
  private var tables: KernelTables
  private var steps: [(Operator, [Sort], [Source])] = []
  /// 1 where some operator so far leaves its argument free.
  private(set) var freeSource: Source?
  private var goal = Source.goal

  /// Most steps of an inverse.
  private static let stepLimit = 60

  init(_ grammar: Grammar, sort: Sort, modulus: Int64?, tables: KernelTables) {
    self.grammar = grammar
    self.sort = sort
    self.modulus = modulus
    exactTables = tables
    self.tables = tables
    if let modulus { self.tables = Self.tables(modulus) }
  }

  private static func tables(_ modulus: Int64) -> KernelTables {
    KernelTables(modulus: isPrime(modulus) && modulus < 1 << 31 ? modulus : nil)
  }

  private mutating func add(_ op: Operator, _ sorts: [Sort], _ sources: [Source]) -> Source {
    if let known = steps.firstIndex(where: { $0.0 == op && $0.1 == sorts && $0.2 == sources }) { return .step(known) }
    steps.append((op, sorts, sources))
    return .step(steps.count - 1)
  }

  /// The goal of the unknown; nil when an operator on the way has no inverse.
  mutating func descend(_ body: Term, _ variables: [Binding]) -> Source? {
    var (term, bindings) = (body, variables)
    while true {
      guard occurrences(in: term, bindings) == 1, steps.count <= Self.stepLimit else { return nil }
      switch term {
      case .variable: return goal
      case .constant, .lambda: return nil
      case .call(let number, let arguments):
        var inner: [Binding] = []
        for argument in arguments {
          if occurrences(in: argument, bindings) == 0 {
            guard let value = evaluate(argument, bindings) else { return nil }
            inner.append(.value(value.source, value.sort))
          } else if case .variable = argument {
            inner.append(.unknown)
          } else {
            return nil
          }
        }
        (term, bindings) = (grammar.definitions[number].body, inner)
      case .operation(let op, let arguments):
        let position = arguments.firstIndex { occurrences(in: $0, bindings) > 0 }!
        guard undo(op, position, arguments, bindings) else { return nil }
        term = arguments[position]
      }
    }
  }

  /// Replaces the goal of an operator by that of its argument at `position`.
  private mutating func undo(_ op: Operator, _ position: Int, _ arguments: [Term], _ bindings: [Binding]) -> Bool {
    if op == .mod, position == 0, case .constant(let divisor, _) = arguments[1], divisor.word > 0 {
      return reduce(modulo: divisor.word)
    }
    guard arguments.count <= 2 else { return false }
    var sibling: Source?
    if arguments.count == 2 {
      guard let value = evaluate(arguments[1 - position], bindings), value.sort == sort else { return false }
      sibling = value.source
    }
    guard let next = modulus.map({ undoModulo($0, op, position, sibling) }) ?? undoExactly(op, position, sibling) else {
      return false
    }
    goal = next
    return true
  }

  /// How often the unknown occurs, calls written out.
  private func occurrences(in term: Term, _ bindings: [Binding]) -> Int {
    switch term {
    case .variable(let index): if case .unknown = bindings[index] { 1 } else { 0 }
    case .constant, .lambda: 0
    case .operation(_, let arguments): arguments.reduce(0) { $0 + occurrences(in: $1, bindings) }
    case .call(let number, let arguments):
      arguments.indices.reduce(0) { sum, position in
        let outer = occurrences(in: arguments[position], bindings)
        if outer == 0 { return sum }
        let alone = arguments.indices.map { $0 == position ? Binding.unknown : .value(.known, sort) }
        return sum + outer * occurrences(in: grammar.definitions[number].body, alone)
      }
    }
  }

  /// `(mod X m)` reaches a goal in 0 ..< m exactly when X is congruent to it; other goals are out of reach. Below a
  /// congruence modulo n ≥ m the value must be the residue itself. One program has one table of inverses, so steps in
  /// another field are not followed by a congruence.
  private mutating func reduce(modulo m: Int64) -> Bool {
    if let modulus, modulus < m { return false }
    if steps.contains(where: { $0.0.symbol.hasPrefix("ff.") }) { return false }
    let two: [Sort] = [.int, .int]
    let residue = add(.mod, two, [goal, .constant(m)])
    let isResidue = add(.equal, two, [goal, residue])
    goal = add(.div, two, [goal, isResidue])
    modulus = m
    tables = Self.tables(m)
    return true
  }

  /// A term without the unknown.
  private mutating func evaluate(_ term: Term, _ bindings: [Binding]) -> (source: Source, sort: Sort)? {
    guard steps.count <= Self.stepLimit else { return nil }
    switch term {
    case .variable(let index):
      if case .value(let source, let sort) = bindings[index] { return (source, sort) } else { return nil }
    case .constant(let value, _): return (.constant(value.word), value.sort)
    case .lambda: return nil
    case .operation(let op, let arguments):
      // One program has one table of inverses: field operators of the grammar do not mix with congruences.
      if modulus != nil, op.symbol.hasPrefix("ff.") { return nil }
      var parts: [(source: Source, sort: Sort)] = []
      for argument in arguments {
        guard let part = evaluate(argument, bindings) else { return nil }
        parts.append(part)
      }
      guard let sort = op.resultSort(of: parts.map(\.sort)) else { return nil }
      return (add(op, parts.map(\.sort), parts.map(\.source)), sort)
    case .call(let number, let arguments):
      var inner: [Binding] = []
      for argument in arguments {
        guard let part = evaluate(argument, bindings) else { return nil }
        inner.append(.value(part.source, part.sort))
      }
      return evaluate(grammar.definitions[number].body, inner)
    }
  }

  /// Notes that the argument is free where `goal` and `known` are both zero, and where a factor above it is: there the goal
  /// has no value from then on, so the choice between the two must not look at it.
  private mutating func noteFree(_ known: Source) {
    let isZero = add(.equal, [sort, sort], [goal, .constant(0)])
    let isKnownZero = add(.equal, [sort, sort], [known, .constant(0)])
    let both = add(.and, [.bool, .bool], [isZero, isKnownZero])
    freeSource = freeSource.map { add(.ite, [.bool, .bool, .bool], [$0, $0, both]) } ?? both
  }

  private mutating func undoExactly(_ op: Operator, _ position: Int, _ sibling: Source?) -> Source? {
    let known = sibling ?? goal
    let two = [sort, sort]
    switch (op, position) {
    case (.add, _): return add(.subtract, two, [goal, known])
    case (.subtract, 0): return add(.add, two, [goal, known])
    case (.subtract, 1): return add(.subtract, two, [known, goal])
    case (.multiply, _):
      // q = goal div known, kept only where q · known = goal: q div 1, else q div 0.
      noteFree(known)
      let quotient = add(.div, two, [goal, known])
      let product = add(.multiply, two, [quotient, known])
      let divides = add(.equal, two, [product, goal])
      return add(.div, two, [quotient, divides])
    case (.negate, _), (.not, _), (.bvnot, _), (.bvneg, _), (.inverse, _): return add(op, [sort], [goal])
    case (.fieldAdd, _): return add(.fieldSubtract, two, [goal, known])
    case (.fieldSubtract, 0): return add(.fieldAdd, two, [goal, known])
    case (.fieldSubtract, 1): return add(.fieldSubtract, two, [known, goal])
    case (.fieldMultiply, _):
      noteFree(known)
      return add(.fieldDivide, two, [goal, known])
    case (.fieldDivide, 0): return add(.fieldMultiply, two, [goal, known])
    case (.fieldDivide, 1):
      noteFree(known)
      return add(.fieldDivide, two, [known, goal])
    case (.xor, _), (.bvxor, _), (.bvxnor, _): return add(op, two, [goal, known])
    case (.bvadd, _): return add(.bvsub, two, [goal, known])
    case (.bvsub, 0): return add(.bvadd, two, [goal, known])
    case (.bvsub, 1): return add(.bvsub, two, [known, goal])
    case (.compose, 0): return add(.compose, two, [goal, add(.inverse, [sort], [known])])
    case (.compose, 1): return add(.compose, two, [add(.inverse, [sort], [known]), goal])
    default: return nil
    }
  }

  /// Inverses of congruences; the goal is in 0 ..< m, and arguments are reduced first, so nothing overflows.
  private mutating func undoModulo(_ m: Int64, _ op: Operator, _ position: Int, _ sibling: Source?) -> Source? {
    let two: [Sort] = [.int, .int]
    let modulus = Source.constant(m)
    guard let sibling else {
      guard op == .negate else { return nil }
      let negated = add(.negate, [.int], [goal])
      return add(.mod, two, [negated, modulus])
    }
    switch (op, position) {
    case (.add, _), (.subtract, _):
      let known = add(.mod, two, [sibling, modulus])
      let value =
        op == .add
        ? add(.subtract, two, [goal, known])
        : position == 0 ? add(.add, two, [goal, known]) : add(.subtract, two, [known, goal])
      return add(.mod, two, [value, modulus])
    case (.multiply, _):
      guard tables.modulus == m else { return nil }
      let known = add(.mod, two, [sibling, modulus])
      noteFree(known)
      return add(.fieldDivide, two, [goal, known])
    default: return nil
    }
  }

  /// The steps up to a result as one program on (goal, known).
  func program(_ result: Source) -> RowProgram {
    var constants: [Int64] = []
    for (_, _, sources) in steps {
      for case .constant(let word) in sources where !constants.contains(word) { constants.append(word) }
    }
    func number(_ source: Source) -> Int {
      switch source {
      case .goal: 0
      case .known: 1
      case .constant(let word): 2 + constants.firstIndex(of: word)!
      case .step(let index): 2 + constants.count + index
      }
    }
    guard case .step(let last) = result else {
      // The unknown stands alone: its goal is the goal.
      return RowProgram.copy(tables: exactTables)
    }
    let chain = steps[...last].map { ($0.0, $0.1, $0.2.map(number)) }
    return RowProgram(chain: chain, argumentCount: 2, constants: constants, tables: tables)
  }
}
