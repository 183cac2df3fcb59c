import Evaluation
import Grammars

/// The first stored terms of an open nonterminal as tables of residues: what each gives modulo m at every state of residues.
///
/// One or two states of residues are one *cell*, s or s + m·t. Of terms with one table the first stands for all.
struct ResidueTerms {
  /// Where a term has no value.
  static let none = UInt8.max

  /// Terms in order of their bits.
  private(set) var programs: [Program] = []
  private(set) var bits: [Double] = []
  /// Per term: residues by symbol, then by cell.
  private(set) var tables: [[UInt8]] = []

  /// - Parameters:
  ///   - states: the variables of the states, one or two.
  ///   - symbols: values of `symbol`; without a variable the terms that read none.
  ///   - looks: most stored terms that are run.
  ///   - most: most tables that are kept.
  init(
    _ attempt: SearchAttempt, _ nonterminal: Int, states: [Int], symbol: (variable: Int, values: [Int64])?,
    modulus: Int,
    looks: Int, most: Int, _ isOver: () -> Bool
  ) {
    let bank = attempt.bank
    guard let machine = bank.kernelTables.machine else { return }
    let cells = states.count == 2 ? modulus * modulus : modulus
    var words = attempt.words([], [])
    var met: Set<[UInt8]> = []
    for (index, termBits) in bank.firstClasses(nonterminal, looks) {
      if tables.count >= most || isOver() { return }
      let number = Int32(truncatingIfNeeded: bank.tables[nonterminal].row(index)[0])
      var table: [UInt8] = []
      table.reserveCapacity(cells * (symbol?.values.count ?? 1))
      for value in symbol?.values ?? [Value.noValueWord] {
        if let symbol { words[symbol.variable] = value }
        for cell in 0..<cells {
          words[states[0]] = Int64(cell % modulus)
          if states.count == 2 { words[states[1]] = Int64(cell / modulus) }
          let word = machine.run(number, on: words, stepLimit: attempt.configuration.stepLimit).word
          table.append(word.map { UInt8(euclidean($0, Int64(modulus), remainder: true)) } ?? Self.none)
        }
      }
      if table.allSatisfy({ $0 == Self.none }) || !met.insert(table).inserted { continue }
      programs.append(bank.program(nonterminal, index))
      bits.append(termBits)
      tables.append(table)
    }
  }
}
