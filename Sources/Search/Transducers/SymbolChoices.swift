import Evaluation
import ExactArithmetic
import Grammars

/// Least choices by the symbol (`LeastChoices`): a lane is a symbol, conditions are stored tests that read it alone.
struct SymbolChoices {
  typealias Choices = LeastChoices<Program>

  private let production: Int
  private let choiceBits: Double
  private let symbols: Int
  private var tests: [Choices.Choice] = []

  private static let mostLooks = 1 << 14
  private static let mostTests = 64

  /// Nil where the language has no choice between terms of the nonterminal, or no test of a symbol.
  ///
  /// - Parameter symbols: values of `variable`, at most `Choices.mostLanes`.
  init?(_ attempt: SearchAttempt, _ nonterminal: Int, symbol variable: Int, _ symbols: [Int64]) {
    let (grammar, bank) = (attempt.grammar, attempt.bank)
    let choice = grammar.nonterminals[nonterminal].productions.first {
      grammar.productions[$0].symbol == .operation(.ite)
        && grammar.productions[$0].arguments.dropFirst() == [nonterminal, nonterminal]
    }
    guard let choice, let machine = bank.kernelTables.machine else { return nil }
    production = choice
    choiceBits = -grammar.productions[choice].probability.log2
    self.symbols = symbols.count
    let condition = grammar.productions[choice].arguments[0]
    var words = attempt.words([], [])
    var met: Set<Choices.Lanes> = []
    for (index, bits) in bank.firstClasses(condition, Self.mostLooks) where tests.count < Self.mostTests {
      let number = Int32(truncatingIfNeeded: bank.tables[condition].row(index)[0])
      let truth = symbols.map { symbol -> Bool? in
        words[variable] = symbol
        return machine.run(number, on: words, stepLimit: attempt.configuration.stepLimit).word.map { $0 == 1 }
      }
      if truth.contains(nil) { continue }
      let lanes = Choices.set(symbols.count) { truth[$0] == true }
      if met.insert(lanes).inserted {
        tests.append(.init(lanes: lanes, bits: bits, part: bank.program(condition, index)))
      }
    }
    if tests.isEmpty { return nil }
  }

  /// The least choice between terms, each of which does for some symbols, that does for all of them.
  ///
  /// - Parameter terms: likeliest first.
  func least(_ terms: [Choices.Choice]) -> Program? {
    var choices = Choices(
      leaves: [terms, terms], nests: [true, true], conditions: tests, choiceBits: choiceBits
    ) { Program(production, [$0, $1, $2]) }
    return choices.tree(0, Choices.set(symbols) { _ in true }, within: .infinity, { false }, {})?.part
  }
}
