import Evaluation
import ExactArithmetic
import Grammars

/// Loops in the body that choose numbers, as what drives the loop around them (`LoopInversion.Drive`).
extension LoopInversion {
  private static let mostChosen = 60
  private static let leastChosen = 3

  /// Inner loops in x and y alone, with y or y - 1 as their count, that say which numbers are chosen.
  func choosers(_ loops: ForwardLoops, _ terms: [Stored]) -> [Drive] {
    let grammar = attempt.grammar
    let (shape, body) = (loops.shape, loops.shape.bodies[0])
    let (x, y) = (shape.variables[0], shape.variables[1])
    guard
      let inner = shape.inner(grammar), let counter = attempt.leaf(body, y)
    else { return [] }
    let numbers = grammar.numerals(of: body, upTo: Self.mostDivisor)
    guard let one = numbers.first(where: { $0.value == 1 })?.term,
      let before = grammar.derivation(of: .operation(.subtract, [.variable(y), one]), from: body)
    else { return [] }
    let lengths = loops.runner.lengths
    let longest = max(NumberSets.count, lengths.reduce(0, max))
    let starts: [(program: Program, value: Int64?)] =
      [(counter, nil)]
      + numbers.prefix(2).compactMap { value, term in grammar.derivation(of: term, from: body).map { ($0, value) } }
    var words = attempt.words([], [])
    var drives: [Drive] = []
    for term in terms where !term.readsOther && term.readsX && term.readsY {
      for start in starts {
        for (count, less) in [(counter, 0), (before, 1)] {
          func value(_ number: Int) -> Int64? {
            words[x] = start.value ?? Int64(number)
            var iteration = 0
            while iteration < number - less {
              iteration += 1
              words[y] = Int64(iteration)
              guard let next = loops.value(term.number, words) else { return nil }
              words[x] = next
            }
            return words[x]
          }
          var row: [Int64] = []
          while row.count < longest, let word = value(row.count + 1), 0 <= word,
            word <= 1 || word == Int64(row.count + 1)
          {
            row.append(word)
          }
          if row.count < longest { continue }
          // The number 1 says nothing.
          let first = row.prefix(NumberSets.count).dropFirst()
          let groups = [
            first.count { $0 == 0 }, first.count { $0 == 1 }, first.count { $0 > 1 },
          ].filter { $0 > 0 }
          guard groups.count == 2, groups.allSatisfy({ $0 >= Self.leastChosen }) else { continue }
          let loop = inner.program([loops.search.program(0, term.index)], count: count, starts: [start.program])
          let written = grammar.term(of: loop)
          drives.append(
            Drive(bits: -grammar.probability(of: loop).log2, values: lengths.map { Array(row.prefix($0)) }) {
              program, count, first in
              grammar.derivation(of: grammar.term(of: program).replacing(y, by: written), from: body).map {
                shape.program([$0], count: count, starts: [first])
              }
            })
        }
      }
    }
    return Array(distinct(drives).prefix(Self.mostChosen))
  }
}
