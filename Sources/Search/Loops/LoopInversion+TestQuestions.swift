import Evaluation
import Grammars

/// What sums are compared for (`comparisons`).
extension LoopInversion {
  /// Which numbers a test should pass, and the program around it.
  struct TestQuestion {
    /// The nonterminal of the test.
    let test: Int
    /// The variable that stands for the number.
    let variable: Int
    /// In rising order.
    let numbers: [Int64]
    let passes: [Bool]
    let write: (Program) -> Program

    /// Of the numbers 0 … 15: those that the question speaks of, and those of them that pass.
    var masks: (known: UInt16, passing: UInt16) {
      var (known, passing) = (UInt16(0), UInt16(0))
      for (number, passes) in zip(numbers, passes) where 0 <= number && number < NumberSets.count {
        known |= 1 << UInt16(number)
        if passes { passing |= 1 << UInt16(number) }
      }
      return (known, passing)
    }
  }

  private static let mostTestNumbers: Int64 = 64
  /// Of the numbers 0 … 15, how many must pass and must not, for sums to tell anything.
  private static let leastPassing = 3
  private static let leastFailing = 2

  private func isTelling(_ question: TestQuestion) -> Bool {
    let masks = question.masks
    return masks.passing.nonzeroBitCount >= Self.leastPassing
      && (masks.known & ~masks.passing).nonzeroBitCount >= Self.leastFailing
  }

  /// The tests below `compr`, by the bits of what is around them; each set of numbers once.
  func selectionQuestions() -> [TestQuestion] {
    var asked: Set<[Bool]> = []
    return shapes.filter { $0.head == .compr }.flatMap { shape in
      places(shape).compactMap { place in
        guard let (numbers, passes) = place.numbers(Self.mostTestNumbers) else { return nil }
        let question = TestQuestion(
          test: shape.bodies[0], variable: shape.variables[0], numbers: numbers, passes: passes
        ) { place.goal.around(shape.program([$0], count: place.count.program, starts: [])) }
        return isTelling(question) && asked.insert(passes).inserted ? question : nil
      }
    }
  }

  /// The tests of a choice between two constants, where goals have two values.
  func choiceQuestions() -> [TestQuestion] {
    let grammar = attempt.grammar
    let inputs = attempt.inputs
    let order = inputs.indices.sorted { (inputs[$0], $0) < (inputs[$1], $1) }
    return goals.flatMap { goal -> [TestQuestion] in
      let values = Array(Set(goal.row)).sorted()
      guard values.count == 2 else { return [] }
      return grammar.nonterminals[0].productions.flatMap { number -> [TestQuestion] in
        let production = grammar.productions[number]
        guard production.symbol == .operation(.ite) else { return [] }
        return [values, values.reversed()].compactMap { pair in
          guard let then = attempt.constant(pair[0], production.arguments[1]),
            let otherwise = attempt.constant(pair[1], production.arguments[2])
          else { return nil }
          let question = TestQuestion(
            test: production.arguments[0], variable: 0, numbers: order.map { inputs[$0] },
            passes: order.map { goal.row[$0] == pair[0] }
          ) { goal.around(Program(number, [$0, then, otherwise])) }
          return isTelling(question) ? question : nil
        }
      }
    }
  }

  /// Remainders and quotients by small constants.
  func outerGoals() -> [(outer: SumSearch.Outer, write: (Program) -> Program)] {
    let grammar = attempt.grammar
    let inputs = attempt.inputs
    var found: [(bits: Double, outer: SumSearch.Outer, write: (Program) -> Program)] = []
    for number in grammar.nonterminals[0].productions {
      let production = grammar.productions[number]
      guard case .operation(let op) = production.symbol, op == .mod || op == .div, production.arguments == [0, 0] else {
        continue
      }
      let constants = known(0).filter { $0.constant.map { 2...10 ~= $0 } ?? false }
      var seen: Set<Int64> = []
      for term in constants where seen.insert(term.constant!).inserted {
        for goal in goals where op == .div || goal.row.allSatisfy({ 0 <= $0 && $0 < term.constant! }) {
          guard op == .div || Set(goal.row).count > 1 else { continue }
          var row = [Int64?](repeating: nil, count: NumberSets.count)
          for (input, output) in zip(inputs, goal.row) where 0 <= input && input < NumberSets.count {
            row[Int(input)] = output
          }
          guard row.count(where: { $0 != nil }) >= NumberSets.count / 2 else { continue }
          let outer = SumSearch.Outer(isRemainder: op == .mod, constant: term.constant!, row: row)
          found.append(
            (goal.bits + term.bits, outer, { goal.around(Program(number, [$0, term.program])) }))
        }
      }
    }
    return found.ordered(most: 24) { $0.bits }.map { ($0.outer, $0.write) }
  }

  /// The shortest terms of a nonterminal with their values at the numbers 0 … 15.
  func shortTerms(_ nonterminal: Int, _ variable: Int) -> [KnownTerm] {
    let list = TermList(
      language(nonterminal), reading: variable, values: (0..<NumberSets.count).map(Int64.init), classes: 200, most: 200,
      memoryLimit: memoryLeft, stepLimit: attempt.configuration.stepLimit, { false },
      keeping: { row in (0..<NumberSets.count).allSatisfy { row[$0] != Value.noValueWord } })
    guard let list else { return [] }
    return (0..<list.count).map { number in
      let row = Array(UnsafeBufferPointer(start: list.row(number), count: NumberSets.count))
      return KnownTerm(program: list.program(number), bits: list.bits[number], row: row)
    }
  }
}
