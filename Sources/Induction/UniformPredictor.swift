public import ExactArithmetic
public import Tasks

/// Every symbol has probability 1/A, whatever came before: the code that any other has to beat.
///
/// `sequenceProbability` is A^-n after n symbols, so a sequence costs n · log2 A bits.
public struct UniformPredictor: SequencePredictor, Hashable {
  /// A, the number of symbols, at least 1.
  public let alphabetSize: Int
  /// The number of symbols observed.
  public private(set) var count = 0

  /// A predictor for an alphabet of at least one symbol.
  public init(alphabetSize: Int) {
    precondition(alphabetSize >= 1, "an alphabet of \(alphabetSize) symbols")
    self.alphabetSize = alphabetSize
  }

  /// 1/A for every symbol, exact.
  public var distribution: [Rational] { Array(repeating: Rational(1, BigInteger(alphabetSize)), count: alphabetSize) }

  /// A^-n after n symbols, exact.
  public var sequenceProbability: Rational { Rational(1, BigInteger(alphabetSize).power(count)) }

  /// Counts a symbol; the distribution stays as it is.
  public mutating func observe(_ symbol: Int) {
    precondition((0..<alphabetSize).contains(symbol), "symbol \(symbol) of an alphabet of \(alphabetSize)")
    count += 1
  }
}
