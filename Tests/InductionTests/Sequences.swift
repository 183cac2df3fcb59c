import ExactArithmetic
import Randomness

/// Sequences that the tests of predictors run on.
enum Sequences {
  /// All sequences of a length over an alphabet, in order.
  static func all(length: Int, alphabetSize: Int) -> [[Int]] {
    (0..<length).reduce([[]]) { shorter, _ in shorter.flatMap { start in (0..<alphabetSize).map { start + [$0] } } }
  }

  /// Symbols of which most repeat the one three places before: trees of depth 3 and more have something to find.
  static func repeating(length: Int, alphabetSize: Int, seed: UInt64) -> [Int] {
    var generator = SeededGenerator(seed: seed, name: "induction/repeating")
    var symbols: [Int] = []
    for position in 0..<length {
      let isCopy = position >= 3 && generator.below(8) > 0
      symbols.append(isCopy ? symbols[position - 3] : Int(generator.below(UInt64(alphabetSize))))
    }
    return symbols
  }

  /// Symbols drawn uniformly.
  static func random(length: Int, alphabetSize: Int, seed: UInt64) -> [Int] {
    var generator = SeededGenerator(seed: seed, name: "induction/random")
    return (0..<length).map { _ in Int(generator.below(UInt64(alphabetSize))) }
  }
}
