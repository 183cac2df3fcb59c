public import Documents
public import ExactArithmetic
internal import Tasks

/// Bits to transmit the labels y_1 … y_n, given the inputs in the recorded order, to a receiver who holds the grammar or
/// the architecture, the code and the seeds; in parts.
public struct LabelCode: Hashable, Sendable {
  /// One part: what it says, and its length.
  public struct Part: Hashable, Sendable {
    /// What the part transmits, such as `program` or `exceptions`.
    public let name: String
    /// Bits; the logarithm of `probability`, rounded, where there is one.
    public let bits: Double
    /// The exact probability whose negative logarithm the bits are; nil where floating point made them, and for `exact`.
    public let probability: Rational?
    /// Bits as an exact expression, such as `12769 · log2 113`.
    public let exact: String?

    /// A part of an exact code.
    public init(_ name: String, probability: Rational) {
      precondition(probability > 0 && probability <= 1, "\(probability) is no probability")
      self.name = name
      self.probability = probability
      exact = nil
      bits = probability == 1 ? 0 : -probability.log2
    }

    /// `count` independent parts of probability 1/`choices`, without the huge power.
    public init(_ name: String, count: Int, choices: Int) {
      self.name = name
      bits = choices == 1 ? 0 : Double(count) * Rational(choices).log2
      probability = nil
      exact = "\(count) · log2 \(choices)"
    }

    /// A part that floating point computed.
    public init(_ name: String, bits: Double) {
      self.name = name
      self.bits = bits
      probability = nil
      exact = nil
    }
  }

  /// The code's name in records and tables, such as `uniform`; what methods list is such a name.
  public let name: String
  /// The parts in the order in which they are sent.
  public let parts: [Part]

  /// A code of these parts, in the order in which they are sent.
  public init(_ name: String, _ parts: [Part]) {
    self.name = name
    self.parts = parts
  }

  /// The sum of the parts.
  public var bits: Double { parts.reduce(0) { $0 + $1.bits } }

  /// The code as records hold it: bits as `Double`, with exact probabilities of at most 400 characters.
  public var record: JSONValue {
    [
      "name": .string(name), "bits": .real(bits),
      "parts": .array(
        parts.map { part in
          var record: [String: JSONValue] = ["name": .string(part.name), "bits": .real(part.bits)]
          // Long fractions are in no record: their logarithm is.
          if let probability = part.probability, probability.description.utf8.count <= 400 {
            record["probability"] = .exact(probability)
          }
          if let exact = part.exact { record["exact"] = .string(exact) }
          return .object(record)
        }),
    ]
  }
}

extension LabelCode {
  /// n labels, each equally likely among so many: n · log2 |Y| bits exactly.
  public static func uniform(labels: Int, alphabet: Int) -> LabelCode {
    LabelCode("uniform", [Part("labels", count: labels, choices: alphabet)])
  }

  /// A program, or the word that there is none, then what it gets wrong.
  ///
  /// One bit says whether a program follows. Then: its language among `choices`; the program by its prior; its exceptions by
  /// `ExceptionCode`.
  ///
  /// - Parameters:
  ///   - exceptions: labels that the program misses, those without a value included.
  ///   - outside: of these, those where it has no value, or one that no label has.
  ///   - places: where labels may be, when the receiver does not know their number beforehand: outputs that end with a
  ///     symbol of their own are shorter than their places.
  public static func twoPart(
    _ name: String, prior: Rational?, exceptions: Int, outside: Int = 0, labels: Int, places: Int? = nil, alphabet: Int,
    choices: Int = 1
  ) -> LabelCode {
    let plain = LabelCode.withoutProgram(name, labels: labels, alphabet: alphabet)
    guard let prior,
      let wrong = ExceptionCode(labels: places ?? labels, alphabet: alphabet).probability(exceptions, outside: outside)
    else { return plain }
    let code = LabelCode(
      name,
      [
        Part("choice", probability: Rational(1, BigInteger(2 * choices))), Part("program", probability: prior),
        Part("exceptions", probability: wrong),
      ])
    // A sender uses the shorter of the two; the first bit tells which.
    let withoutProgram = ExceptionCode(labels: labels, alphabet: alphabet).withoutProgram
    return prior * wrong / Rational(choices) >= withoutProgram ? code : plain
  }

  /// Programs by the sum of their priors, or of their codes, or the labels alone where these are shorter: a sender says which.
  ///
  /// - Parameters:
  ///   - part: what is transmitted of the programs.
  ///   - mass: the sum; nil where there is no program.
  ///   - choice: probability of the words that say it is programs, and of what they are.
  ///   - otherwise: of those that say it is the labels.
  public static func mixture(
    _ name: String, _ part: String = "mixture", mass: Rational?, choice: Rational = Rational(1, 2),
    otherwise: Rational = Rational(1, 2), labels: Int, alphabet: Int
  ) -> LabelCode {
    let alone = ExceptionCode(labels: labels, alphabet: alphabet).withoutProgram
    guard let mass, choice * mass > otherwise * alone else {
      return .withoutProgram(name, labels: labels, alphabet: alphabet, choice: otherwise)
    }
    return LabelCode(name, [Part("choice", probability: choice), Part(part, probability: mass)])
  }

  /// The words that say that no program follows, one bit unless told otherwise, and the labels.
  static func withoutProgram(
    _ name: String, labels: Int, alphabet: Int, choice: Rational = Rational(1, 2)
  ) -> LabelCode {
    LabelCode(name, [Part("choice", probability: choice), Part("labels", count: labels, choices: alphabet)])
  }
}
