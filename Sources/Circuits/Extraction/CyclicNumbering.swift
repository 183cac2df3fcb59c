internal import Grammars

/// Numbers for the residues modulo p by which an operation on two of them is the addition of numbers modulo m.
///
///     CyclicNumbering.all(modulo: 7).map(\.operation)     // sum, difference, product, quotient
///
/// A sum has the residues themselves. A difference a − b is the sum of a and −b. With discrete logarithms to the least primitive root g
/// of an odd prime p a product is a sum modulo p − 1, and a quotient a difference; 0 has no number there.
public struct CyclicNumbering: Hashable, Sendable {
  /// An operation on two residues.
  public enum Operation: String, Hashable, Sendable, CaseIterable { case sum, difference, product, quotient }

  /// What becomes a sum.
  public let operation: Operation
  /// m: p, and p − 1 for products and quotients.
  public let modulus: Int
  /// g, for products and quotients.
  public let root: Int?
  /// The residue of each number, as first argument, second argument and answer.
  public let first, second, answers: [Int]

  private init(_ operation: Operation, _ residues: [Int], root: Int?) {
    let m = residues.count
    (self.operation, modulus, self.root) = (operation, m, root)
    let isInverse = operation == .difference || operation == .quotient
    (first, answers) = (residues, residues)
    second = (0..<m).map { residues[isInverse ? (m - $0) % m : $0] }
  }

  /// The operations that have such numbers: sums and differences modulo p ≥ 2, products and quotients modulo an odd prime.
  public static func all(modulo p: Int) -> [CyclicNumbering] {
    let sums = [Operation.sum, .difference].map { CyclicNumbering($0, Array(0..<p), root: nil) }
    guard p > 2, isPrime(Int64(p)) else { return sums }
    let logarithms = AnswerBasis.logarithms(modulo: p)
    var powers = [Int](repeating: 0, count: p - 1)
    for x in 1..<p { powers[logarithms[x]] = x }
    return sums + [Operation.product, .quotient].map { CyclicNumbering($0, powers, root: powers[1]) }
  }

  /// The numbering of the operation that answers are; where 0 has no number, of all others.
  ///
  /// - Parameter answers: the number of the right answer of each input.
  /// - Throws: `CircuitError.notDefined` when they are none of the operations, or do not tell: some pair is no input.
  public init(of inputs: Inputs, answers: [Int32?]) throws(CircuitError) {
    guard let p = try? inputs.answerModulus else {
      throw .notDefined(
        "extracted programs add, subtract, multiply or divide modulo p, and these answers are no residues")
    }
    for numbering in Self.all(modulo: p) {
      let m = numbering.modulus
      guard let places = numbering.places(in: inputs) else { continue }
      let agrees = places.enumerated().allSatisfy { pair, place in
        answers[place] == Int32(numbering.answers[(pair / m + pair % m) % m])
      }
      if agrees {
        self = numbering
        return
      }
    }
    throw .notDefined(
      "the answers are no sum, difference, product or quotient of all pairs modulo \(p): extracted programs say these")
  }

  /// What a program's a, b and c number, in words; nil where these are the residues themselves.
  public var text: String? {
    let logarithms = root.map { "discrete logarithms to base \($0), modulo \(modulus); pairs and answers without 0" }
    switch operation {
    case .sum: return nil
    case .difference: return "the program's b is -b"
    case .product: return logarithms
    case .quotient: return logarithms.map { "\($0); the program's b is -b" }
    }
  }

  /// The inputs of all pairs of numbers, the first slowest; nil when one is missing.
  public func places(in inputs: Inputs) -> [Int]? {
    guard inputs.arity == 2 else { return nil }
    let places = Dictionary(inputs.values.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    var found: [Int] = []
    for a in first {
      for b in second {
        guard let place = places[[.int(Int64(a)), .int(Int64(b))]] else { return nil }
        found.append(place)
      }
    }
    return found
  }
}

/// A network's logits where residues have numbers by which it should add.
public struct NumberedLogits: Sendable {
  /// The numbers of arguments and answers.
  public let numbering: CyclicNumbering
  /// Inputs by pair of numbers, the first slowest.
  public let places: [Int]
  /// `[m·m, m]`: by pair of numbers and number of the answer.
  public let logits: Matrix
  /// The number of what the network answers to each pair; nil where that has none.
  public let answers: [Int?]
  /// The logits in terms of cos 2πk(a + b − c)/m, where a, b and c are numbers.
  public let reading: LogitReading

  /// - Throws: `CircuitError.notDefined` when a pair of numbers is no input.
  public init(_ subject: Subject, _ numbering: CyclicNumbering) throws(CircuitError) {
    guard let places = numbering.places(in: subject.inputs) else {
      throw .notDefined("a \(numbering.operation) of all pairs is asked for, and the inputs lack one")
    }
    let result = try Runner(subject).run(places)
    let numbers = Dictionary(uniqueKeysWithValues: numbering.answers.enumerated().map { (Int32($1), $0) })
    (self.numbering, self.places) = (numbering, places)
    logits = result.logits.matrix.selecting(columns: numbering.answers)
    answers = result.answers.map { numbers[$0] }
    reading = LogitReading(logits, FourierBasis(modulus: numbering.modulus))
  }

  /// Pairs that the network answers with the operation.
  public var right: Proportion {
    let m = numbering.modulus
    return Proportion(answers.indices.count { answers[$0] == ($0 / m + $0 % m) % m }, of: m * m)
  }
}
