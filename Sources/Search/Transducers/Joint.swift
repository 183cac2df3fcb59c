import Evaluation
import ExactArithmetic
import Grammars

/// An operator of arithmetic above two terms of one nonterminal: where a part of the state and a part of the symbol meet.
struct Joint {
  private enum Kind { case add, subtract, multiply, div, mod }
  private let kind: Kind
  /// Whether the second part, of the symbol, is written first.
  private let isFlipped: Bool
  private let production: Int
  let bits: Double

  /// All of those that a nonterminal may write, in the order of the file.
  static func all(_ grammar: Grammar, of nonterminal: Int) -> [Joint] {
    let kinds: [Operator: Kind] = [
      .add: .add, .subtract: .subtract, .multiply: .multiply, .div: .div, .mod: .mod,
    ]
    return grammar.nonterminals[nonterminal].productions.flatMap { number -> [Joint] in
      let production = grammar.productions[number]
      guard case .operation(let op) = production.symbol, let kind = kinds[op],
        production.arguments == [nonterminal, nonterminal]
      else { return [] }
      return (op.isCommutative ? [false] : [false, true]).map {
        Joint(kind: kind, isFlipped: $0, production: number, bits: -production.probability.log2)
      }
    }
  }

  /// What it gives; `Value.noValueWord` for no value, as where a part has none.
  @inline(__always)
  func value(_ state: Int64, _ symbol: Int64) -> Int64 {
    if state == Value.noValueWord || symbol == Value.noValueWord { return Value.noValueWord }
    let (x, y) = isFlipped ? (symbol, state) : (state, symbol)
    let (word, isTooLarge): (Int64, Bool)
    switch kind {
    case .add: (word, isTooLarge) = x.addingReportingOverflow(y)
    case .subtract: (word, isTooLarge) = x.subtractingReportingOverflow(y)
    case .multiply: (word, isTooLarge) = x.multipliedReportingOverflow(by: y)
    case .div: (word, isTooLarge) = y == 0 ? (0, true) : (euclidean(x, y, remainder: false), false)
    case .mod: (word, isTooLarge) = y == 0 ? (0, true) : (euclidean(x, y, remainder: true), false)
    }
    return isTooLarge ? Value.noValueWord : word
  }

  /// The second part that gives `result` with a first one; nil where it is not told or there is none.
  func second(_ first: Int64, _ result: Int64) -> Int64? {
    let (word, isTooLarge): (Int64, Bool)
    switch kind {
    case .add: (word, isTooLarge) = result.subtractingReportingOverflow(first)
    case .subtract where isFlipped: (word, isTooLarge) = result.addingReportingOverflow(first)
    case .subtract: (word, isTooLarge) = first.subtractingReportingOverflow(result)
    default: return nil
    }
    return isTooLarge || word == Value.noValueWord ? nil : word
  }

  func program(_ state: Program, _ symbol: Program) -> Program {
    Program(production, isFlipped ? [symbol, state] : [state, symbol])
  }
}
