public import Grammars

extension SequenceTask {
  /// The symbols that an index n is written in: decimal digits and the sign.
  public static let indexAlphabet = SymbolAlphabet(characters.map(String.init))
  /// The symbols that a term is written in: decimal digits, the sign, and the one behind its last digit.
  public static let termAlphabet = SymbolAlphabet(characters.map(String.init) + ["end"])
  /// Symbols of a term at most: 19 digits of 64 bits, the sign, the end.
  public static let mostTermSymbols = 21

  private static let characters = Array("0123456789-")

  /// An integer as it is written, such as `-12`, in symbols of `indexAlphabet`, with which `termAlphabet` begins.
  private static func symbols(_ integer: some BinaryInteger) -> [Int] {
    integer.description.map { characters.firstIndex(of: $0)! }
  }

  /// A term of any size with its end in symbols of `termAlphabet`.
  public static func termSymbols(_ term: some BinaryInteger) -> [Int] {
    symbols(term) + [termAlphabet.count - 1]
  }

  /// The index that these symbols of `indexAlphabet` write; nil where they write none of 64 bits.
  public static func index(of symbols: [Int]) -> Int64? {
    Int64(String(symbols.map { characters[$0] }))
  }

  /// The terms as a map of sequences of symbols, from the digits of n to those of a(n) with their end, in the order of n.
  ///
  /// It is what networks and predictors of symbols are given; programs are given the integers.
  public var symbols: SymbolData {
    let examples = zip(indices, terms).map { index, term in
      SequenceExample(input: Self.symbols(index), output: Self.termSymbols(term))
    }
    return SymbolData(
      name: number, kind: nil, input: Self.indexAlphabet, output: Self.termAlphabet, examples: examples)
  }

  /// The terms as examples of n ↦ a(n), in the order of n.
  public var examples: [Example] {
    zip(indices, terms).map { Example(inputs: [.int($0)], output: .int($1)) }
  }
}
