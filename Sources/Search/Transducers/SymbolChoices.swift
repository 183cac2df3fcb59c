import Evaluation
import ExactArithmetic
import Grammars

/// Least choices by the symbol: which of some terms counts is decided by stored tests that read the symbol alone.
///
/// A set of symbols is a word of bits. Of tests that hold on one set, and of terms that do for one set, the likeliest stand for
/// all.
///
/// - Complexity: the sets that tests make of each other, times the tests.
struct SymbolChoices {
  private let production: Int
  private let choiceBits: Double
  private var tests: [(set: UInt16, program: Program, bits: Double)] = []

  private static let mostLooks = 1 << 14
  private static let mostTests = 64

  /// Nil where the language has no choice between terms of the nonterminal, or no test of a symbol.
  ///
  /// - Parameter symbols: values of `variable`, at most 16.
  init?(_ attempt: SearchAttempt, _ nonterminal: Int, symbol variable: Int, _ symbols: [Int64]) {
    let (grammar, bank) = (attempt.grammar, attempt.bank)
    let choice = grammar.nonterminals[nonterminal].productions.first {
      grammar.productions[$0].symbol == .operation(.ite)
        && grammar.productions[$0].arguments.dropFirst() == [nonterminal, nonterminal]
    }
    guard let choice, let machine = bank.kernelTables.machine else { return nil }
    production = choice
    choiceBits = -grammar.productions[choice].probability.log2
    let condition = grammar.productions[choice].arguments[0]
    var words = attempt.words([], [])
    var met: Set<UInt16> = []
    for (index, bits) in bank.firstClasses(condition, Self.mostLooks) where tests.count < Self.mostTests {
      let number = Int32(truncatingIfNeeded: bank.tables[condition].row(index)[0])
      let truth = symbols.map { symbol -> Bool? in
        words[variable] = symbol
        return machine.run(number, on: words, stepLimit: attempt.configuration.stepLimit).word.map { $0 == 1 }
      }
      if truth.contains(nil) { continue }
      let set = truth.enumerated().reduce(into: UInt16(0)) { $0 |= $1.element! ? 1 << UInt16($1.offset) : 0 }
      if met.insert(set).inserted { tests.append((set, bank.program(condition, index), bits)) }
    }
    if tests.isEmpty { return nil }
  }

  /// The least choice between terms, each of which does for a set of symbols, that does for all `symbols` of them.
  func least(_ terms: [(set: UInt16, program: Program, bits: Double)], symbols: Int) -> Program? {
    typealias Tree = (program: Program, bits: Double)
    var known: [UInt16: Tree?] = [:]
    func tree(_ set: UInt16) -> Tree? {
      if let known = known[set] { return known }
      // Terms are in order of their bits, and a choice has more bits than each of its terms.
      var best: Tree? = terms.first { set & ~$0.set == 0 }.map { ($0.program, $0.bits) }
      for test in tests where choiceBits + test.bits < best?.bits ?? .infinity {
        let (inside, outside) = (set & test.set, set & ~test.set)
        if inside == 0 || outside == 0 { continue }
        guard let then = tree(inside), let otherwise = tree(outside) else { continue }
        let bits = choiceBits + test.bits + then.bits + otherwise.bits
        if bits < best?.bits ?? .infinity {
          best = (Program(production, [test.program, then.program, otherwise.program]), bits)
        }
      }
      known[set] = .some(best)
      return best
    }
    return tree(UInt16.max >> UInt16(16 - symbols))?.program
  }
}
