import Evaluation
import ExactArithmetic
import Grammars

/// Terms that are read in place of a variable, as what drives a loop (`LoopInversion.Drive`).
extension LoopInversion {
  private static let mostRenamings = 64
  private static let mostReadingTerms = 2_000
  private static let mostReadings = 250

  /// The counter itself.
  func counter(_ loops: ForwardLoops) -> Drive {
    Drive(bits: 0, values: counting(loops)) { loops.shape.program([$0], count: $1, starts: [$2]) }
  }

  private func counting(_ loops: ForwardLoops) -> [[Int64]] {
    loops.runner.lengths.map { length in (0..<Int64(max(0, length))).map { $0 + 1 } }
  }

  /// Terms in n alone, and constants, in place of n.
  func renamings(_ loops: ForwardLoops, _ terms: [Stored]) -> [Drive] {
    let (grammar, body, number) = (attempt.grammar, loops.shape.bodies[0], loops.number)
    // The variable n must not be one of the loop's own.
    if loops.shape.variables.contains(number) { return [] }
    let stored = terms.filter { $0.readsOther && !$0.readsX && !$0.readsY }.prefix(Self.mostRenamings).map {
      (bits: $0.bits, number: $0.number, term: grammar.term(of: loops.search.program(0, $0.index)))
    }
    let numerals = grammar.numerals(of: body, upTo: Self.mostDivisor).compactMap { _, term in
      grammar.derivation(of: term, from: body).map {
        (bits: -grammar.probability(of: $0).log2, number: loops.machine.number(of: term), term: term)
      }
    }
    let values = counting(loops)
    return distinct(
      (stored + numerals).compactMap { replaced in
        var words = attempt.words([], [])
        let row = loops.inputs.compactMap { input -> Int64? in
          words[number] = input
          return loops.value(replaced.number, words)
        }
        if row.count < loops.inputs.count || row == loops.inputs { return nil }
        return Drive(bits: replaced.bits, values: values, numbers: row, isRenaming: true) { program, count, start in
          grammar.derivation(of: grammar.term(of: program).replacing(number, by: replaced.term), from: body).map {
            loops.shape.program([$0], count: count, starts: [start])
          }
        }
      })
  }

  /// Terms r(y, n) in place of what a drive reads as y, the likeliest of each with the same values. Those in n too come
  /// first: of the others most are in bodies.
  func readings(of drive: Drive, _ loops: ForwardLoops, _ terms: [Stored]) -> [Drive] {
    if drive.numbers != nil { return [] }
    let (grammar, body) = (attempt.grammar, loops.shape.bodies[0])
    let y = loops.shape.variables[1]
    var words = attempt.words([], [])
    var seen: Set<[[Int64]]> = [drive.values]
    var found: [Drive] = []
    let candidates = terms.prefix(Self.mostReadingTerms).filter { $0.readsY && !$0.readsX }
    let (first, second) = (candidates.filter(\.readsOther), candidates.filter { !$0.readsOther })
    for term in first.prefix(Self.mostReadings) + second.prefix(Self.mostReadings) {
      var rows: [[Int64]] = []
      for (input, values) in drive.values.enumerated() {
        words[loops.number] = loops.inputs[input]
        var row: [Int64] = []
        for value in values {
          words[y] = value
          guard let word = loops.value(term.number, words) else { break }
          row.append(word)
        }
        if row.count < values.count { break }
        rows.append(row)
      }
      guard rows.count == drive.values.count, seen.insert(rows).inserted else { continue }
      found.append(
        Drive(bits: drive.bits + term.bits, values: rows) { program, count, start in
          let read = grammar.term(of: loops.search.program(0, term.index))
          return grammar.derivation(of: grammar.term(of: program).replacing(y, by: read), from: body)
            .flatMap { drive.loop($0, count, start) }
        })
    }
    return found
  }
}
