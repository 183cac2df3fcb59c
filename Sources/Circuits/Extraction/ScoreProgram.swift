internal import Evaluation
public import ExactArithmetic
public import Grammars

/// A program that scores answers: an integer for each input and answer; its answer is the one with the greatest score.
///
/// The grammar's last parameter is the answer, the others are the arguments. An input on which the greatest score is reached
/// twice, or any score has no value, has no answer.
public struct ScoreProgram: Sendable {
  /// The program over the grammar's parameters, the answer last.
  public let term: Term
  /// The program as the language writes it.
  public let text: String
  /// The exact prior of its likeliest derivation.
  public let prior: Rational
  private let grammar: Grammar

  /// - Throws: `CircuitError.notDefined` when the grammar does not derive the term.
  public init(_ term: Term, in grammar: Grammar) throws(CircuitError) {
    text = SyGuSPrinter(grammar).text(term)
    guard let derivation = grammar.derivation(of: term) else {
      throw .notDefined("the grammar does not derive '\(text)'")
    }
    self.term = term
    self.grammar = grammar
    prior = grammar.probability(of: derivation)
  }

  /// −log2 of the prior.
  public var bits: Double { -prior.log2 }

  /// The scores of all answers 0 … p − 1 on all pairs modulo p, `[p·p, p]`; NaN where there is no value.
  ///
  /// - Throws: `CircuitError.arity` unless the program takes a, b and c.
  public func scores(modulus p: Int) throws(CircuitError) -> Matrix {
    guard grammar.parameters.count == 3 else { throw .arity(program: grammar.parameters.count, inputs: 3) }
    var scores = Matrix(rows: p * p, columns: p)
    let residues = (0..<p).map { Value.int(Int64($0)) }
    for c in 0..<p {
      let inputs = (0..<p * p).map { [residues[$0 / p], residues[$0 % p], residues[c]] }
      for (pair, word) in BatchEvaluator(grammar, inputs: inputs).words(of: term).enumerated() {
        scores[pair, c] = word == Value.noValueWord ? .nan : Double(word)
      }
    }
    return scores
  }

  /// The answer of each row of scores; nil where there is none.
  public static func answers(_ scores: Matrix) -> [Int32?] {
    (0..<scores.rows).map { row in
      let values = Array(scores.row(row))
      guard let greatest = values.max(), values.allSatisfy({ !$0.isNaN }), values.count(where: { $0 == greatest }) == 1
      else { return nil }
      return values.firstIndex(of: greatest).map { Int32($0) }
    }
  }

  /// The share of the variance of logits, centred over the answers, that scores explain at the best scale.
  public static func explained(_ logits: Matrix, by scores: Matrix) -> Double {
    func centred(_ table: Matrix) -> Matrix {
      var result = table
      for row in 0..<table.rows {
        let mean = table.row(row).reduce(0, +) / Double(table.columns)
        for column in 0..<table.columns { result[row, column] -= mean }
      }
      return result
    }
    let (x, y) = (centred(logits), centred(scores))
    let norms = x.squaredNorm * y.squaredNorm
    let product = dot(x.elements, y.elements)
    return norms > 0 ? product * product / norms : 0
  }
}
