import ExactArithmetic
import Grammars

/// A way in which a language writes a program on streams: its productions from the start down to the parts.
///
/// The answer is a list of one number: `(cons (transduce start update output) nil)`.
struct TransducerShape {
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
  /// Nonterminals of the states' starts, and the open ones of their updates and of the output.
  let starts: [Int]
  let updates: [Int]
  let output: Int
  /// The variables that the lambdas bind: the states, then the symbol.
  let updateVariables: [Int]
  let outputVariables: [Int]

  /// How many states there are: 1 or 2.
  var states: Int { starts.count }

  /// All of those that a language may write, in the order of the file.
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
    var found: [TransducerShape] = []
    for list in productions(0, .cons) {
      guard let end = emptyList(arguments(list)[1]) else { continue }
      for head in [Operator.transduce, .transduce2] {
        for production in productions(arguments(list)[0], head) {
          let parts = arguments(production)
          for update in lambdas(parts[1]) {
            for output in lambdas(parts[2]) {
              func add(_ startPair: Int?, _ updatePair: Int?) {
                found.append(
                  TransducerShape(
                    head: head, list: list, end: end, production: production, updateLambda: update.production,
                    outputLambda: output.production, startPair: startPair, updatePair: updatePair,
                    starts: startPair.map(arguments) ?? [parts[0]], updates: updatePair.map(arguments) ?? [update.body],
                    output: output.body, updateVariables: update.variables, outputVariables: output.variables))
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
    }
    return found
  }

  /// The program with these parts.
  func program(starts: [Program], updates: [Program], output: Program) -> Program {
    let start = startPair.map { Program($0, starts) } ?? starts[0]
    let update = updatePair.map { Program($0, updates) } ?? updates[0]
    let answer = Program(production, [start, Program(updateLambda, [update]), Program(outputLambda, [output])])
    return Program(list, [answer, Program(end, [])])
  }

  /// Bits of all that is not start, update or output.
  func bits(_ grammar: Grammar) -> Double {
    [list, end, production, updateLambda, outputLambda, startPair, updatePair].compactMap { $0 }.reduce(0) {
      $0 - grammar.productions[$1].probability.log2
    }
  }
}
