import Evaluation
import ExactArithmetic
import Grammars

/// Second states that go their own way, as what drives a loop (`LoopInversion.Drive`).
extension LoopInversion {
  private static let mostUpdates = 16
  static let mostDivisor: Int64 = 12

  /// The loop of two states that may stand where one of one state does, with the same body for each.
  func secondState(beside loops: ForwardLoops) -> LoopShape? {
    loops.siblings.first {
      $0.head == .loop2 && $0.variables == loops.shape.variables && $0.count == loops.shape.count
        && $0.bodies == [loops.shape.bodies[0], loops.shape.bodies[0]] && $0.starts[0] == loops.shape.starts[0]
    }
  }

  /// Second states: u is a short term in y, or y div c with a constant c, and then what is read is y or y mod c.
  func orbits(_ loops: ForwardLoops, _ terms: [Stored]) -> [Drive] {
    let grammar = attempt.grammar
    let y = loops.shape.variables[1]
    guard let shape = secondState(beside: loops) else { return [] }
    let body = shape.bodies[0]
    let starts = loops.known(shape.starts[1])
    guard let start = starts.first(where: { $0.constant == nil }) else { return [] }
    let x = loops.shape.variables[0]
    let lengths = loops.runner.lengths
    func drive(_ update: Update) -> Drive? {
      var idle: [UInt64] = []
      let values = lengths.indices.map { input -> [Int64] in
        var (word, row, ended) = (Optional(start.row[input]), [Int64](), UInt64(0))
        while let state = word, row.count < lengths[input] {
          if state < 1 { ended |= 1 << UInt64(row.count) }
          row.append(update.digit.map { euclidean(state, $0.base, remainder: true) } ?? state)
          word = update.next(state)
        }
        idle.append(ended)
        return row
      }
      if values.allSatisfy({ row in row.allSatisfy { $0 == row[0] } }) { return nil }
      return Drive(
        bits: update.bits + start.bits, values: values,
        numbers: update.knowsBase ? update.digit.map { [Int64](repeating: $0.base, count: lengths.count) } : nil,
        idle: update.knowsBase ? idle : nil
      ) { program, count, first in
        var term = grammar.term(of: program)
        if let digit = update.digit {
          term = term.replacing(y, by: .operation(.mod, [.variable(y), digit.term]))
          if update.knowsBase {
            term = .operation(
              .ite,
              [
                .operation(.less, [.variable(y), digit.one]), .variable(x),
                term.replacing(loops.number, by: digit.term),
              ])
          }
        }
        return grammar.derivation(of: term, from: body).map {
          shape.program([$0, update.program], count: count, starts: [first, start.program])
        }
      }
    }
    return distinct(updates(loops, terms, body).compactMap(drive))
  }

  /// What the second state becomes, and what the first reads of it.
  private struct Update {
    let program: Program
    let bits: Double
    let next: (Int64) -> Int64?
    /// The last digit in this base, instead of the state itself; with the terms of the base and of 1.
    var digit: (base: Int64, term: Term, one: Term)?
    /// Whether it reads the base as well, and stays as it is when the second state has no digits left.
    var knowsBase = false
  }

  private func updates(_ loops: ForwardLoops, _ terms: [Stored], _ body: Int) -> [Update] {
    let grammar = attempt.grammar
    let y = loops.shape.variables[1]
    var words = attempt.words([], [])
    var updates = terms.filter { $0.readsY && !$0.readsX && !$0.readsOther }.prefix(Self.mostUpdates).map { term in
      Update(program: loops.search.program(0, term.index), bits: term.bits) {
        words[y] = $0
        return loops.value(term.number, words)
      }
    }
    let numerals = grammar.numerals(of: body, upTo: Self.mostDivisor)
    for (base, numeral) in numerals {
      guard let program = grammar.derivation(of: .operation(.div, [.variable(y), numeral]), from: body) else {
        continue
      }
      let bits = -grammar.probability(of: program).log2
      let digit = (base: base, term: numeral, one: numerals[0].term)
      let next = { (state: Int64) -> Int64? in euclidean(state, base, remainder: false) }
      updates.append(Update(program: program, bits: bits, next: next))
      updates.append(Update(program: program, bits: bits * 2, next: next, digit: digit))
      // The variable n must not be one of the loop's own.
      if !loops.shape.variables.contains(loops.number) {
        updates.append(Update(program: program, bits: bits * 3, next: next, digit: digit, knowsBase: true))
      }
    }
    return updates
  }
}
