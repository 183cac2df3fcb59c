import Evaluation
public import ExactArithmetic
public import Grammars

/// The second route to everything the search says: all programs written out, run one by one by the interpreter.
public struct BruteForce {
  /// Steps of one run in languages with loops. A search limits single operators: its functions are the same as long as
  /// every program needs either less on an input or no end of steps.
  public static let stepLimit: UInt64 = 2_000

  /// The grammar whose programs are listed.
  public let grammar: Grammar
  /// All programs of the start nonterminal with prior of at least the bound, in the written enumeration order.
  public let programs: [(program: Program, prior: Rational)]

  /// Lists the programs of at most `bits` bits.
  public init(_ grammar: Grammar, bits: Int) {
    self.grammar = grammar
    let tree = Listing(grammar)
    programs = tree.list(0, Rational(1, BigInteger(1) << bits)).sorted { tree.precedes($0, $1) }
      .map { (tree.program($0), $0.prior) }
  }

  /// One function: the programs with these values on the examples.
  public struct Function {
    /// The first of its programs in the enumeration order.
    public let first: Program
    /// The prior of that program, exact.
    public let prior: Rational
    /// The prior of all of its programs together, exact.
    public var mass: Rational
    /// How many programs it has.
    public var count: Int
  }

  /// The functions among the programs that agree with `examples`, told apart by their values on `inputs`, in order.
  public func functions(agreeingWith examples: [Example], on inputs: [[Value]]) -> [Function] {
    let interpreter = Interpreter(grammar)
    let limit = grammar.isStructured ? Self.stepLimit : .max
    var found: [Function] = []
    var numbers: [[EvaluationOutcome.Answer?]: Int] = [:]
    for (program, prior) in programs {
      let term = grammar.term(of: program)
      guard examples.allSatisfy({ interpreter.run(term, on: $0.inputs, stepLimit: limit).value == $0.output }) else {
        continue
      }
      let row = inputs.map { input in
        interpreter.run(term, on: input, stepLimit: limit).value.map { EvaluationOutcome.Answer.value($0) }
      }
      if let number = numbers[row] {
        found[number].mass += prior
        found[number].count += 1
      } else {
        numbers[row] = found.count
        found.append(Function(first: program, prior: prior, mass: prior, count: 1))
      }
    }
    return found
  }
}

/// Derivation trees, listed by recursion on the prior that is left.
private struct Listing {
  final class Node {
    let production: Int
    let children: [Node]
    let prior: Rational
    init(_ production: Int, _ children: [Node], _ prior: Rational) {
      self.production = production
      self.children = children
      self.prior = prior
    }
  }

  let grammar: Grammar
  init(_ grammar: Grammar) { self.grammar = grammar }

  func list(_ nonterminal: Int, _ bound: Rational) -> [Node] {
    grammar.nonterminals[nonterminal].productions.flatMap { number -> [Node] in
      let production = grammar.productions[number]
      guard production.probability >= bound else { return [] }
      var partial: [(children: [Node], prior: Rational)] = [([], production.probability)]
      for argument in production.arguments {
        partial = partial.flatMap { head in
          list(argument, bound / head.prior).map { (head.children + [$0], head.prior * $0.prior) }
        }
      }
      return partial.map { Node(number, $0.children, $0.prior) }
    }
  }

  /// Greater prior first; then production, priors of the arguments, and the arguments from the left.
  func precedes(_ a: Node, _ b: Node) -> Bool { compare(a, b) < 0 }

  private func compare(_ a: Node, _ b: Node) -> Int {
    if a.prior != b.prior { return a.prior > b.prior ? -1 : 1 }
    if a.production != b.production { return a.production < b.production ? -1 : 1 }
    for (x, y) in zip(a.children, b.children) where x.prior != y.prior { return x.prior > y.prior ? -1 : 1 }
    for (x, y) in zip(a.children, b.children) {
      let order = compare(x, y)
      if order != 0 { return order }
    }
    return 0
  }

  func program(_ node: Node) -> Program { Program(node.production, node.children.map { program($0) }) }
}
