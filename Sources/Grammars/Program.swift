public import ExactArithmetic

/// A derivation in a grammar: the thing that has a prior.
///
/// Two derivations of the same text are two programs (the grammar is then ambiguous, and both carry mass).
/// Stored as the productions used, in preorder.
public struct Program: Hashable, Sendable {
  /// Indices into `Grammar.productions`, in preorder from a nonterminal.
  public let productions: [Int32]

  /// The deepest program that is written out, and as deep as the deepest term that is read.
  public static let depthLimit = TermReader.wordLimit

  /// A program from the productions of its derivation in preorder.
  public init(productions: [Int32]) { self.productions = productions }

  /// The program `production` applied to `children`.
  public init(_ production: Int, _ children: [Program]) {
    productions = [Int32(production)] + children.flatMap(\.productions)
  }
}

extension Grammar {
  /// The exact prior of a program: the product of the probabilities of its productions.
  public func probability(of program: Program) -> Rational {
    var counts: [Int32: Int] = [:]
    for production in program.productions { counts[production, default: 0] += 1 }
    return counts.sorted { $0.key < $1.key }.reduce(Rational(1)) {
      $0 * productions[Int($1.key)].probability.power($1.value)
    }
  }

  /// The number of symbols of a program: its operators, calls, variables, constants and lambdas (unit productions write none).
  public func size(of program: Program) -> Int {
    program.productions.count { productions[Int($0)].symbol != .unit }
  }

  /// How deep the term of a program nests: 1 for a single symbol.
  public func depth(of program: Program) -> Int {
    var stack: [Int] = []
    for index in program.productions.reversed() {
      let production = productions[Int(index)]
      let inner = stack.suffix(production.arguments.count).max() ?? 0
      stack.removeLast(production.arguments.count)
      stack.append(production.symbol == .unit ? inner : inner + 1)
    }
    precondition(stack.count == 1, "not a complete derivation: \(program.productions)")
    return stack[0]
  }

  /// Whether `program` is a complete derivation from `nonterminal`.
  public func derives(_ program: Program, from nonterminal: Int = 0) -> Bool {
    var expected = [nonterminal]
    for index in program.productions {
      guard let next = expected.popLast(), productions.indices.contains(Int(index)) else { return false }
      let production = productions[Int(index)]
      guard production.nonterminal == next else { return false }
      expected += production.arguments.reversed()
    }
    return expected.isEmpty
  }

  /// The expression that a program writes.
  ///
  /// What prints, counts and releases terms recurses along them: one deeper than `Program.depthLimit` needs a large stack.
  public func term(of program: Program) -> Term {
    var stack: [Term] = []
    for index in program.productions.reversed() {
      let production = productions[Int(index)]
      let arguments = Array(stack.suffix(production.arguments.count).reversed())
      stack.removeLast(arguments.count)
      switch production.symbol {
      case .variable(let variable): stack.append(.variable(variable))
      case .constant(let value, let name): stack.append(.constant(value, name: name))
      case .operation(let op): stack.append(.operation(op, arguments))
      case .call(let definition): stack.append(.call(definition, arguments))
      case .lambda(let variables): stack.append(.lambda(variables, arguments[0]))
      case .unit: stack.append(arguments[0])
      }
    }
    precondition(stack.count == 1, "not a complete derivation: \(program.productions)")
    return stack[0]
  }
}
