import ExactArithmetic
import Grammars

/// A way in which a language writes a program on streams: its productions from the start down to the parts.
///
/// The answer is a list of one number: `(cons (transduce start update output) nil)`. The transducer may stand in frames, which
/// give it other streams than the input.
struct TransducerShape {
  /// What stands around a transducer: `nested` or `solve` with constants for its symbols, or a rule from nonterminal to nonterminal.
  struct Frame {
    /// Nil for a rule between nonterminals.
    let head: Operator?
    let production: Int
    let lambda: Int?
    /// Nonterminals of its symbols, and what they are.
    let symbols: [Int]
    var constants: [Program] = []

    func program(around inner: Program) -> Program {
      Program(production, [lambda.map { Program($0, [inner]) } ?? inner] + constants)
    }
  }

  /// `transduce` or `transduce2`.
  let head: Operator
  /// The productions of the list of one, of what follows its element, of the operator, of the lambdas, and of the pairs.
  private let list: Int
  private let end: Int
  private let production: Int
  private let updateLambda: Int
  private let outputLambda: Int
  private let startPair: Int?
  private let updatePair: Int?
  /// What the transducer stands in, from the inside out.
  var frames: [Frame]
  /// Nonterminals of the states' starts, and the open ones of their updates and of the output.
  let starts: [Int]
  let updates: [Int]
  let output: Int
  /// The variables that the lambdas bind: the states, then the symbol.
  let updateVariables: [Int]
  let outputVariables: [Int]

  /// How many states there are: 1 or 2.
  var states: Int { starts.count }

  /// All of those that a language may write, in the order of the file; in each at most one `nested`, and one `solve` around it.
  static func all(_ grammar: Grammar) -> [TransducerShape] {
    guard grammar.resultSort == .list, grammar.parameters.map(\.sort) == [.list] else { return [] }
    func productions(_ nonterminal: Int, _ op: Operator) -> [Int] {
      grammar.nonterminals[nonterminal].productions.filter { grammar.productions[$0].symbol == .operation(op) }
    }
    func arguments(_ production: Int) -> [Int] { grammar.productions[production].arguments }
    func emptyList(_ nonterminal: Int) -> Int? {
      grammar.nonterminals[nonterminal].productions.first {
        if case .constant(let value, _) = grammar.productions[$0].symbol { value == .list([]) } else { false }
      }
    }
    func lambdas(_ nonterminal: Int) -> [(production: Int, variables: [Int], body: Int)] {
      grammar.nonterminals[nonterminal].productions.compactMap {
        guard case .lambda(let variables) = grammar.productions[$0].symbol else { return nil }
        return ($0, variables, arguments($0)[0])
      }
    }
    /// Transducers below a nonterminal, with what stands around them.
    func transducers(_ nonterminal: Int, in outer: [Frame]) -> [(head: Operator, production: Int, frames: [Frame])] {
      var found = [Operator.transduce, .transduce2].flatMap { head in
        productions(nonterminal, head).map { (head, $0, outer) }
      }
      let heads = outer.map(\.head)
      if outer.count < 4 {
        for unit in grammar.nonterminals[nonterminal].productions where grammar.productions[unit].symbol == .unit {
          let frame = Frame(head: nil, production: unit, lambda: nil, symbols: [])
          found += transducers(arguments(unit)[0], in: [frame] + outer)
        }
      }
      for head in [Operator.nested, .solve] where !heads.contains(head) && !heads.contains(.nested) {
        for production in productions(nonterminal, head) {
          for inner in lambdas(arguments(production)[0]) where inner.variables == [0] {
            let frame = Frame(
              head: head, production: production, lambda: inner.production,
              symbols: Array(arguments(production).dropFirst()))
            found += transducers(inner.body, in: [frame] + outer)
          }
        }
      }
      return found
    }
    var found: [TransducerShape] = []
    for list in productions(0, .cons) {
      guard let end = emptyList(arguments(list)[1]) else { continue }
      for (head, production, frames) in transducers(arguments(list)[0], in: []) {
        let parts = arguments(production)
        for update in lambdas(parts[1]) {
          for output in lambdas(parts[2]) {
            func add(_ startPair: Int?, _ updatePair: Int?) {
              found.append(
                TransducerShape(
                  head: head, list: list, end: end, production: production, updateLambda: update.production,
                  outputLambda: output.production, startPair: startPair, updatePair: updatePair, frames: frames,
                  starts: startPair.map(arguments) ?? [parts[0]], updates: updatePair.map(arguments) ?? [update.body],
                  output: output.body, updateVariables: update.variables,
                  outputVariables: output.variables))
            }
            if head == .transduce {
              add(nil, nil)
              continue
            }
            for start in productions(parts[0], .pair) {
              for pair in productions(update.body, .pair) { add(start, pair) }
            }
          }
        }
      }
    }
    return found
  }

  /// The program with these parts.
  func program(starts: [Program], updates: [Program], output: Program) -> Program {
    let start = startPair.map { Program($0, starts) } ?? starts[0]
    let update = updatePair.map { Program($0, updates) } ?? updates[0]
    let transducer = Program(production, [start, Program(updateLambda, [update]), Program(outputLambda, [output])])
    let answer = frames.reduce(transducer) { $1.program(around: $0) }
    return Program(list, [answer, Program(end, [])])
  }

  /// Bits of all that is not start, update or output.
  func bits(_ grammar: Grammar) -> Double {
    let own = [list, end, production, updateLambda, outputLambda, startPair, updatePair].compactMap { $0 }
    let around = frames.flatMap { [$0.production] + ($0.lambda.map { [$0] } ?? []) }
    let constants = frames.flatMap(\.constants).reduce(0) { $0 - grammar.probability(of: $1).log2 }
    return (own + around).reduce(constants) { $0 - grammar.productions[$1].probability.log2 }
  }
}
