import CKernels
import Evaluation
import ExactArithmetic
import Grammars

/// The first stored terms of a nonterminal, shortest first, with their values on all training examples.
struct KnownTerm {
  let program: Program
  let bits: Double
  let row: [Int64]

  /// The value, when it is the same on all examples.
  var constant: Int64? { row.allSatisfy { $0 == row[0] } ? row[0] : nil }
}

extension ClassBank {
  /// The first classes of a nonterminal in the order of their levels, with the bits of their shortest programs.
  func firstClasses(_ nonterminal: Int, _ most: Int) -> [(index: Int, bits: Double)] {
    var found: [(index: Int, bits: Double)] = []
    for ordinal in 0..<tables[nonterminal].levels where found.count < most {
      let bits = -levels[nonterminal][ordinal].probability.log2
      let range = tables[nonterminal].classStart[ordinal]..<tables[nonterminal].classStart[ordinal + 1]
      found += range.prefix(most - found.count).map { ($0, bits) }
    }
    return found
  }
}

extension SearchAttempt {
  /// The first stored terms of a closed nonterminal that have a value on every example.
  func knownTerms(_ nonterminal: Int, _ most: Int) -> [KnownTerm] {
    guard let machine = bank.kernelTables.machine else { return [] }
    return bank.firstClasses(nonterminal, most).compactMap { index, bits in
      let signature = bank.tables[nonterminal].row(index)
      if (0..<bank.signature.lanes).contains(where: { signature[$0] == Value.noValueWord }) { return nil }
      let program = bank.program(nonterminal, index)
      let number = machine.number(of: grammar.term(of: program))
      var row: [Int64] = []
      for input in inputs {
        guard let word = machine.run(number, on: [input], stepLimit: configuration.stepLimit).word else { return nil }
        row.append(word)
      }
      return KnownTerm(program: program, bits: bits, row: row)
    }
  }

  /// The stored constant of this value, the shortest there is.
  func constant(_ value: Int64, _ nonterminal: Int) -> Program? {
    guard let index = goal.stored(Array(repeating: value, count: bank.signature.goalLanes), nonterminal) else {
      return nil
    }
    let program = bank.program(nonterminal, index)
    return words(of: program).allSatisfy { $0 == value } ? program : nil
  }
}

extension GoalSearch {
  /// The first class with this row on the goal lanes; nil when none is stored.
  func stored(_ row: [Int64], _ nonterminal: Int) -> Int? {
    lookups += 1
    let table = bank.tables + nonterminal
    let reducer = reducer(nil)
    var found: Int?
    withIndex(nonterminal, nil) { index in
      levin_hash(row, goalLanes, 1, goalLanes, bank.keys, hashes)
      var entry = index.first(table.pointee, row, hashes[0], reducer)
      while entry >= 0 {
        found = min(found ?? entry, entry)
        entry = index.following(entry)
      }
    }
    return found
  }
}
