import ExactArithmetic
import Grammars

/// A way in which a language writes a loop over integers: its productions from the operator down to the bodies.
struct LoopShape {
  /// The operator: `loop`, `loop2` or `compr`.
  let head: Operator
  /// The production of the operator, that of its lambda, those of the pair of bodies and of the pair of starts.
  private let production: Int
  private let lambda: Int
  private let bodyPair: Int?
  private let startPair: Int?
  /// What the lambda binds.
  let variables: [Int]
  /// Open nonterminals of the bodies: two for `loop2`.
  let bodies: [Int]
  /// Nonterminals of the count, and of the starts.
  let count: Int
  let starts: [Int]

  /// All of those that a nonterminal may write, in the order of the file.
  static func all(_ grammar: Grammar, of nonterminal: Int = 0) -> [LoopShape] {
    grammar.nonterminals[nonterminal].productions.flatMap { number -> [LoopShape] in
      let production = grammar.productions[number]
      guard case .operation(let head) = production.symbol, [.loop, .loop2, .compr].contains(head) else { return [] }
      func isPair(_ number: Int) -> Bool { grammar.productions[number].symbol == .operation(.pair) }
      func productions(_ nonterminal: Int) -> Range<Int> { grammar.nonterminals[nonterminal].productions }
      return productions(production.arguments[0]).flatMap { lambda -> [LoopShape] in
        guard case .lambda(let variables) = grammar.productions[lambda].symbol else { return [] }
        let (body, count) = (grammar.productions[lambda].arguments[0], production.arguments[1])
        func shape(_ bodyPair: Int?, _ startPair: Int?) -> LoopShape {
          LoopShape(
            head: head, production: number, lambda: lambda, bodyPair: bodyPair, startPair: startPair,
            variables: variables, bodies: bodyPair.map { grammar.productions[$0].arguments } ?? [body], count: count,
            starts: startPair.map { grammar.productions[$0].arguments } ?? Array(production.arguments.dropFirst(2)))
        }
        guard head == .loop2 else { return [shape(nil, nil)] }
        return productions(body).filter(isPair).flatMap { bodyPair in
          productions(production.arguments[2]).filter(isPair).map { shape(bodyPair, $0) }
        }
      }
    }
  }

  /// The loop of one state that its body may write with the same variables, all of its parts bodies again.
  func inner(_ grammar: Grammar) -> LoopShape? {
    let body = bodies[0]
    return Self.all(grammar, of: body).first {
      $0.head == .loop && $0.variables == variables && $0.bodies == [body] && $0.count == body && $0.starts == [body]
    }
  }

  /// The loop with these parts.
  func program(_ bodies: [Program], count: Program, starts: [Program]) -> Program {
    let body = bodyPair.map { Program($0, bodies) } ?? bodies[0]
    let start = startPair.map { [Program($0, starts)] } ?? starts
    return Program(production, [Program(lambda, [body]), count] + start)
  }

  /// Bits of all that is not body, count or start.
  func bits(_ grammar: Grammar) -> Double {
    [production, lambda, bodyPair, startPair].compactMap { $0 }.reduce(0) {
      $0 - grammar.productions[$1].probability.log2
    }
  }
}
