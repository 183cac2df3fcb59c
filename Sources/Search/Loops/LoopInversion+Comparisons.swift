import Evaluation
import ExactArithmetic
import Grammars

/// Loops that add up, where their sum is not known but what is made of it: whether a number passes a test below `compr`; which of
/// two values `ite` chooses; a remainder or a quotient by a constant.
///
/// All these questions are answered at once: sums are taken for the numbers 0 … 15, and the set of those at which a sum is
/// equal to a stored term, less, more, even or odd is looked up among the sets that are wanted.
extension LoopInversion {
  /// Questions whose sums are over terms of one nonterminal with one variable for the number.
  private struct Sides: Hashable {
    let side: Int
    let variable: Int
  }

  /// A program around a sum with the question that it answers, if it is a test.
  private typealias Written = (program: Program, test: (program: Program, question: TestQuestion)?)

  private static let mostQuestions = 96
  private static let mostRows = 20
  private static let mostTestPoints = 256
  /// Programs run for one question in one frame.
  private static let mostTries = 500

  /// The shortest program met that agrees with all training examples.
  func comparisons(work: Double, _ isOver: @escaping () -> Bool) -> Program? {
    let questions = selectionQuestions() + choiceQuestions()
    var sides: [Sides] = []
    func add(_ side: Sides) { if !sides.contains(side) { sides.append(side) } }
    for question in questions {
      if let production = tests(question.test).first {
        add(Sides(side: attempt.grammar.productions[production].arguments[0], variable: question.variable))
      }
    }
    add(Sides(side: 0, variable: 0))
    var best = BestProgram(attempt.grammar)
    for side in sides {
      let asked = questions.filter { question in
        question.variable == side.variable
          && tests(question.test).contains { attempt.grammar.productions[$0].arguments[0] == side.side }
      }
      let share = work / Double(sides.count)
      best.offer(comparisons(side, Array(asked.prefix(Self.mostQuestions)), work: share, isOver))
    }
    return best.program
  }

  /// Comparisons of two terms of one nonterminal.
  func tests(_ nonterminal: Int) -> [Int] {
    attempt.grammar.nonterminals[nonterminal].productions.filter {
      let production = attempt.grammar.productions[$0]
      return [.operation(.equal), .operation(.less)].contains(production.symbol) && Set(production.arguments).count == 1
    }
  }

  private func comparisons(
    _ sides: Sides, _ questions: [TestQuestion], work: Double, _ isOver: @escaping () -> Bool
  ) -> Program? {
    let outer = sides == Sides(side: 0, variable: 0) ? outerGoals() : []
    if questions.isEmpty, outer.isEmpty { return nil }
    var terms: [Int: [KnownTerm]] = [:]
    func numbered(_ nonterminal: Int) -> [KnownTerm] {
      let found = terms[nonterminal] ?? shortTerms(nonterminal, sides.variable)
      terms[nonterminal] = found
      return found
    }
    let rows = Array(numbered(sides.side).prefix(Self.mostRows))
    var comparisons = SumSearch.Comparisons()
    comparisons.rows = rows.map(\.row)
    comparisons.outer = outer.map(\.outer)
    for question in questions { comparisons.sets.add(known: question.masks.known, passing: question.masks.passing) }
    let shapes = LoopShape.all(attempt.grammar, of: sides.side)
    var best = BestProgram(attempt.grammar)
    for (kind, part) in [(FrameKind.counted, 0.6), (.drivenFromConstants, 0.2), (.driven, 0.2)] {
      var asked: Set<[[Int64]]> = []
      for frame in frames(kind, shapes, numbered) {
        let rank = Double(asked.count + 1)
        let share = work * part / (kind == .driven ? 8 * rank.squareRoot() : 1.5 * rank * rank)
        if share < 2 * Self.leastWork || isOver() { break }
        guard asked.insert(frame.states).inserted, let sum = sum(frame.shape),
          let zero = numbered(frame.shape.starts[0]).first(where: { $0.constant == 0 })
        else { continue }
        let found = answer(frame, sides, comparisons, work: share, isOver) { [self] match, term in
          let loop = program(frame, body: sum(term), start: zero.program)
          switch match {
          case .outer(let number): return [(outer[number].write(loop), nil)]
          case .passes(let relation, let row, let set):
            return written(relation, loop, rows[row].program, questions[set].test).map {
              (questions[set].write($0), ($0, questions[set]))
            }
          }
        }
        best.offer(found)
      }
    }
    return best.program
  }

  /// The shortest program that a frame's sums give.
  private func answer(
    _ frame: Frame, _ sides: Sides, _ comparisons: SumSearch.Comparisons, work: Double,
    _ isOver: @escaping () -> Bool, _ write: @escaping (SumSearch.Match, Program) -> [Written]
  ) -> Program? {
    let points = frame.states.enumerated().flatMap {
      self.points(frame, $0.element, owner: $0.offset, variable: sides.variable, number: Int64($0.offset))
    }
    guard points.count >= NumberSets.count / 2, points.count <= Self.mostTestPoints,
      let search = SumSearch(
        language(frame.shape.bodies[0]), points, wanted: [], memoryLimit: memoryLeft,
        stepLimit: attempt.configuration.stepLimit)
    else { return nil }
    var best = BestProgram(attempt.grammar)
    var tries: [Int: Int] = [:]
    // Of its own: what is tried here is not kept.
    let machine = TermMachine(attempt.grammar)
    search.run(work: work, comparisons, isOver) { [self] match, term in
      let place =
        switch match {
        case .outer(let number): -1 - number
        case .passes(_, _, let set): set
        }
      guard tries[place, default: 0] < Self.mostTries else { return false }
      for written in write(match, term) {
        tries[place, default: 0] += 1
        best.offer(written.program) { program in
          (written.test.map { passes($0.program, $0.question, machine) } ?? true) && attempt.agrees(program, machine)
        }
      }
      return false
    }
    attempt.bank.meter.note(search.bytes)
    return best.program
  }

  /// The tests of a nonterminal that say how a sum stands to a term.
  func written(_ relation: SumSearch.Relation, _ loop: Program, _ term: Program, _ test: Int) -> [Program] {
    let grammar = attempt.grammar
    return tests(test).flatMap { number -> [Program] in
      let production = grammar.productions[number]
      let isEqual = production.symbol == .operation(.equal)
      switch relation {
      case .equal: return isEqual ? [Program(number, [loop, term])] : []
      case .less: return isEqual ? [] : [Program(number, [loop, term])]
      case .greater: return isEqual ? [] : [Program(number, [term, loop])]
      case .even, .odd:
        let side = production.arguments[0]
        guard isEqual, let two = attempt.constant(2, side),
          let remainder = attempt.constant(relation == .odd ? 1 : 0, side)
        else { return [] }
        return grammar.nonterminals[side].productions.filter {
          grammar.productions[$0].symbol == .operation(.mod) && grammar.productions[$0].arguments == [side, side]
        }.map { Program(number, [Program($0, [loop, two]), remainder]) }
      }
    }
  }

  /// Whether a test passes just the numbers that it should.
  func passes(_ test: Program, _ question: TestQuestion, _ machine: TermMachine) -> Bool {
    let number = machine.number(of: attempt.grammar.term(of: test))
    var words = Array(repeating: Value.noValueWord, count: attempt.grammar.variables.count)
    // Sums gave the first numbers already.
    for (input, passes) in zip(question.numbers, question.passes).reversed() {
      words[question.variable] = input
      let word = machine.run(number, on: words, stepLimit: attempt.configuration.stepLimit).word
      if word != (passes ? 1 : 0) { return false }
    }
    return true
  }
}
