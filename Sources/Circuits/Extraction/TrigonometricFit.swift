public import Grammars

/// A network's logits over all pairs as a weighted sum of terms at its key frequencies.
public struct TrigonometricFit: Sendable {
  /// The form of a term at frequency k.
  public enum Form: String, Hashable, Sendable, CaseIterable {
    /// cos(2πk(a + b − c)/p)
    case clock
    /// |cos(πk(a − b)/p)| cos(2πk(a + b − c)/p)
    case pizza
  }

  /// The form of every term.
  public let form: Form
  /// The frequencies k, 1 … ⌊p/2⌋, one term each.
  public let frequencies: [Int]
  /// The least-squares weight of each term; terms of different frequencies are orthogonal.
  public let weights: [Double]
  /// The share of the centred logits' variance that the terms explain with these weights.
  public let explained: Double
  private let products: [Double]
  private let norms: [Double]
  private let total: Double

  /// - Parameter logits: `[p·p, p]` over all pairs.
  public init(_ form: Form, _ logits: Matrix, frequencies: [Int], _ basis: FourierBasis) {
    let p = basis.modulus
    precondition(logits.rows == p * p && logits.columns == p, "logits of all pairs modulo \(p)")
    self.form = form
    self.frequencies = frequencies
    total = logits.elements.withUnsafeBufferPointer { x in
      (0..<p * p).reduce(0.0) { sum, row in
        var (first, second) = (0.0, 0.0)
        for c in 0..<p {
          first += x[row * p + c]
          second += x[row * p + c] * x[row * p + c]
        }
        return sum + second - first * first / Double(p)
      }
    }
    var (products, norms) = ([Double](), [Double]())
    for k in frequencies {
      func turn(_ x: Int) -> Double { 2 * .pi * Double(k * x % p) / Double(p) }
      let waves = Matrix([(0..<p).map { cosine(turn($0)) }, (0..<p).map { sine(turn($0)) }])
      let parts = logits.times(waves, otherTransposed: true)
      let square = waves.row(0).reduce(0) { $0 + $1 * $1 }
      var (product, norm) = (0.0, 0.0)
      for pair in 0..<p * p {
        let (a, b) = (pair / p, pair % p)
        let factor = form == .clock ? 1 : abs(cosine(.pi * Double(k * (a - b)) / Double(p)))
        product += factor * (cosine(turn(a + b)) * parts[pair, 0] + sine(turn(a + b)) * parts[pair, 1])
        norm += factor * factor * square
      }
      products.append(product)
      norms.append(norm)
    }
    (self.products, self.norms) = (products, norms)
    weights = zip(products, norms).map { $0 / $1 }
    explained = total > 0 ? zip(products, norms).reduce(0) { $0 + $1.0 * $1.0 / $1.1 } / total : 0
  }

  /// Weights as integers of at most `digits` binary digits, the greatest as large as that allows; at least 1 where the
  /// weight is positive, nil where none is.
  public func integerWeights(digits: Int) -> [Int]? {
    guard let greatest = weights.max(), greatest > 0, weights.allSatisfy({ $0 > 0 }) else { return nil }
    let scale = Double(1 << digits - 1)
    return weights.map { max(1, Int(($0 / greatest * scale).rounded())) }
  }

  /// What these weights explain, at the best scale.
  public func explained(byWeights integers: [Int]) -> Double {
    let product = zip(integers, products).reduce(0) { $0 + Double($1.0) * $1.1 }
    let norm = zip(integers, norms).reduce(0) { $0 + Double($1.0 * $1.0) * $1.1 }
    return total > 0 && norm > 0 ? product * product / (norm * total) : 0
  }
}

extension TrigonometricFit {
  /// The program Σ w · form(k, a, b, c) as the language of `grammars/trigonometry.sl` writes it.
  ///
  /// - Throws: `CircuitError.notDefined` when the grammar lacks one of its functions.
  public func term(_ weights: [Int], in grammar: Grammar) throws(CircuitError) -> Term {
    try Self.term(form, weights, at: frequencies, in: grammar)
  }

  /// The same of a form at any frequencies.
  static func term(
    _ form: Form, _ weights: [Int], at frequencies: [Int], in grammar: Grammar
  ) throws(CircuitError) -> Term {
    precondition(weights.count == frequencies.count && !weights.isEmpty, "a weight for each frequency")
    let names = ["scaled", form.rawValue, "twice", "twice-plus-one"]
    let places = try names.map { name throws(CircuitError) -> Int in
      guard let place = grammar.definitions.firstIndex(where: { $0.name == name }) else {
        throw .notDefined("the grammar does not define '\(name)'; expected that of grammars/trigonometry.sl")
      }
      return place
    }
    func number(_ weight: Int) -> Term {
      if weight == 1 { return .constant(.int(1), name: nil) }
      return .call(places[weight % 2 == 0 ? 2 : 3], [number(weight / 2)])
    }
    let terms = zip(weights, frequencies).map { weight, frequency in
      Term.call(
        places[0],
        [
          number(weight),
          .call(places[1], [.constant(.int(Int64(frequency)), name: nil), .variable(0), .variable(1), .variable(2)]),
        ])
    }
    return terms.dropLast().reversed().reduce(terms.last!) { .operation(.add, [$1, $0]) }
  }
}
