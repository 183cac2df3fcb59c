public import Grammars

/// A network's way of adding, written as a program that runs without it; of subtracting, multiplying and dividing, where
/// numbers make these additions (`CyclicNumbering`).
public struct ExtractedProgram: Sendable {
  /// What the program's a, b and c number.
  public let numbering: CyclicNumbering
  /// The form that the program is written in: clock or pizza, whichever explains more.
  public let fit: TrigonometricFit
  /// The other form, for comparison.
  public let other: TrigonometricFit
  /// Most binary digits of a weight.
  public let digits: Int
  /// Whether the program keeps the network's answers as asked; else these weights keep as many as any that were tried.
  public let keepsAnswers: Bool
  /// The program's weight of each key frequency, a positive integer, in the order of `fit.frequencies`.
  public let weights: [Int]
  /// The program, which scores each answer c for a pair (a, b), all by their numbers.
  public let program: ScoreProgram
  /// Pairs on which the program answers as the network does.
  public let alike: Proportion
  /// Pairs on which it answers with the operation: a + b in numbers.
  public let right: Proportion
  /// The share of the variance of the network's logits that its scores explain.
  public let explained: Double

  /// The form, clock or pizza, that explains more of the logits at the key frequencies; weights with the fewest digits that
  /// keep the network's answers on at least `keeping` of the pairs and explain at most `tolerance` less than exact ones. Where
  /// none of up to `mostDigits` do, as for a network that errs on more pairs, those that keep the most, of equals with the
  /// fewest digits.
  ///
  /// - Parameter keyFrequencies: of 1 … ⌊m/2⌋, for numbers modulo m.
  /// - Throws: `CircuitError.notDefined` when there is no key frequency, a weight is not positive or the grammar lacks a
  ///   frequency.
  public init(
    _ numbered: NumberedLogits, keyFrequencies: [Int], in grammar: Grammar, keeping: Double = 0.999,
    tolerance: Double = 0.01, mostDigits: Int = 8
  ) throws(CircuitError) {
    numbering = numbered.numbering
    let p = numbering.modulus
    let basis = FourierBasis(modulus: p)
    let (logits, answers) = (numbered.logits, numbered.answers)
    let fits = TrigonometricFit.Form.allCases.map {
      TrigonometricFit($0, logits, frequencies: keyFrequencies, basis)
    }
    let best = fits[0].explained >= fits[1].explained ? 0 : 1
    // What rounding leaves of logits that are the same for all pairs is no reading of them.
    guard !keyFrequencies.isEmpty, fits[best].explained > 1e-12 else {
      throw .notDefined(
        "no frequency explains anything of the network's logits: there is nothing to write as a program")
    }
    fit = fits[best]
    other = fits[1 - best]
    let missing = try Self.frequencies(keyFrequencies, notIn: grammar, fits[best].form)
    guard missing.isEmpty else {
      throw .notDefined(
        "the network works at frequency \(missing.map(String.init).joined(separator: ", ")) of numbers modulo \(p), and those of grammars/trigonometry.sl end at 56, all that there are up to p = 113"
      )
    }
    var found: (digits: Int, weights: [Int], program: ScoreProgram, alike: Proportion, right: Proportion, Double)?
    for digits in 1...mostDigits {
      guard let weights = fit.integerWeights(digits: digits) else {
        throw .notDefined(
          "a key frequency has a negative weight in the logits: they are no sum of \(fit.form.rawValue) terms")
      }
      guard fit.explained - fit.explained(byWeights: weights) <= tolerance || digits == mostDigits else { continue }
      let program = try ScoreProgram(fit.term(weights, in: grammar), in: grammar)
      let scores = try program.scores(modulus: p)
      let own = ScoreProgram.answers(scores)
      let alike = Proportion(own.indices.count { own[$0] == answers[$0].map { Int32($0) } }, of: p * p)
      let right = Proportion(own.indices.count { own[$0] == Int32(($0 / p + $0 % p) % p) }, of: p * p)
      guard found.map({ alike.successes > $0.alike.successes }) ?? true else { continue }
      found = (digits, weights, program, alike, right, ScoreProgram.explained(logits, by: scores))
      if alike.share >= keeping { break }
    }
    (digits, weights, program, alike, right, explained) = found!
    keepsAnswers = alike.share >= keeping
  }

  /// Those of some frequencies that the grammar has no constant for.
  private static func frequencies(
    _ frequencies: [Int], notIn grammar: Grammar, _ form: TrigonometricFit.Form
  ) throws(CircuitError) -> [Int] {
    var missing: [Int] = []
    for frequency in frequencies {
      let term = try TrigonometricFit.term(form, [1], at: [frequency], in: grammar)
      if grammar.derivation(of: term) == nil { missing.append(frequency) }
    }
    return missing
  }
}
