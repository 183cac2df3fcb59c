import Evaluation
import ExactArithmetic
import Grammars

/// Tests of two sums together: a sum at n and the same sum at another number, or two of the likeliest sums, below + - or ×. So
/// are the numbers found that have a property together with a number that is told by them.
extension LoopInversion {
  private static let mostSums = 6_000
  /// Sums that are put together with each other.
  private static let mostPartners = 120
  private static let mostArguments = 16
  /// Where a sum is asked for; such an argument is told by some numbers.
  private static let mostArgument: Int64 = 64
  private static let mostRows = 10
  private static let mostConstants = 12
  private static let mostQuestions = 96
  private static let mostTries = 5_000

  /// The shortest program met that agrees with all training examples.
  func pairedSums(_ numbered: NumberedSums, _ machine: TermMachine, _ isOver: () -> Bool) -> Program? {
    let grammar = attempt.grammar
    let (side, variable) = (numbered.side, numbered.variable)
    let questions = Array(
      selectionQuestions().filter { question in
        question.variable == variable
          && tests(question.test).contains { grammar.productions[$0].arguments[0] == side }
      }.prefix(Self.mostQuestions))
    if questions.isEmpty { return nil }
    let rows =
      numbered.rows.prefix(Self.mostRows)
      + numbered.rows.dropFirst(Self.mostRows).filter { Set($0.row).count == 1 }.prefix(Self.mostConstants)
    var comparisons = SumSearch.Comparisons(rows: rows.map(\.row))
    for question in questions { comparisons.sets.add(known: question.masks.known, passing: question.masks.passing) }
    var best = BestProgram(grammar)
    var tries = Array(repeating: 0, count: questions.count)
    func look(_ words: [Int64], _ program: () -> Program?) {
      _ = comparisons.match(words) { match in
        guard case .passes(let relation, let row, let set) = match, tries[set] < Self.mostTries,
          let sum = program()
        else { return false }
        let question = questions[set]
        tries[set] += 1
        for test in written(relation, sum, rows[row].program, question.test) {
          best.offer(question.write(test)) { passes(test, question, machine) && attempt.agrees($0, machine) }
        }
        return false
      }
    }
    let operators = grammar.nonterminals[side].productions.filter {
      let production = grammar.productions[$0]
      return production.arguments == [side, side]
        && [.operation(.add), .operation(.subtract), .operation(.multiply)].contains(production.symbol)
    }
    func combine(_ a: [Int64], _ b: [Int64], _ first: Program, _ second: () -> Program?) {
      for number in operators {
        guard case .operation(let op) = grammar.productions[number].symbol else { continue }
        look(zip(a, b).map { op == .add ? $0 &+ $1 : op == .subtract ? $0 &- $1 : $0 &* $1 }) {
          second().map { Program(number, [first, $0]) }
        }
      }
    }
    let arguments = shortTerms(side, variable).filter { term in
      term.constant == nil && term.row.allSatisfy { 0 <= $0 && $0 < Self.mostArgument }
        && term.row.indices.contains { term.row[$0] != $0 }
    }.prefix(Self.mostArguments)
    for (place, sum) in numbered.sums.prefix(Self.mostSums).enumerated() {
      if place % 64 == 0, isOver() { break }
      let own = sum.row
      for argument in arguments {
        let other = argument.row.compactMap { sum.value(Int($0)) }
        guard other.count == own.count else { continue }
        let moved = {
          grammar.derivation(
            of: grammar.term(of: sum.program).replacing(variable, by: grammar.term(of: argument.program)), from: side)
        }
        look(other, moved)
        combine(own, other, sum.program, moved)
      }
      if place < Self.mostPartners {
        for partner in numbered.sums[..<place] { combine(own, partner.row, sum.program) { partner.program } }
      }
    }
    return best.program
  }
}
