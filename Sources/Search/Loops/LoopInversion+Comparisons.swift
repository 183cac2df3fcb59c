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

  /// A program around a loop with the question that it answers, if it is a test.
  private typealias Written = (program: Program, test: (program: Program, question: TestQuestion)?)

  /// What loops over one nonterminal's terms are compared for.
  private final class Compared {
    let sides: Sides
    let shapes: [LoopShape]
    let questions: [TestQuestion]
    let outer: [(outer: SumSearch.Outer, write: (Program) -> Program)]
    let rows: [KnownTerm]
    let comparisons: SumSearch.Comparisons
    /// The shortest terms of a nonterminal with their values at the numbers 0 … 15.
    let numbered: (Int) -> [KnownTerm]

    init(
      _ sides: Sides, _ shapes: [LoopShape], _ questions: [TestQuestion],
      _ outer: [(outer: SumSearch.Outer, write: (Program) -> Program)], _ rows: [KnownTerm],
      numbered: @escaping (Int) -> [KnownTerm]
    ) {
      (self.sides, self.shapes, self.questions, self.outer, self.rows) = (sides, shapes, questions, outer, rows)
      self.numbered = numbered
      var comparisons = SumSearch.Comparisons(rows: rows.map(\.row), outer: outer.map(\.outer))
      for question in questions { comparisons.sets.add(known: question.masks.known, passing: question.masks.passing) }
      self.comparisons = comparisons
    }
  }

  private static let mostQuestions = 96
  private static let mostRows = 20
  private static let mostTestPoints = 256
  /// Programs run for one question in one frame.
  private static let mostTries = 500
  /// Work that makes loops worth running forward, and what that takes.
  private static let leastWorkForward = 400_000.0
  private static let workForward = 400_000.0
  private static let mostForwardTries = 2_000

  /// The shortest program met that agrees with all training examples.
  func comparisons(_ pass: Pass, work: Double, _ isOver: @escaping () -> Bool) -> Program? {
    // Loops run forward come first in every look the same.
    if pass == .second {
      guard work >= Self.leastWorkForward, !attempt.hasComparedForward else { return nil }
      attempt.hasComparedForward = true
    }
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
      guard let compared = compared(side, Array(asked.prefix(Self.mostQuestions))) else { continue }
      best.offer(
        pass == .first
          ? comparisons(compared, work: work / Double(sides.count), isOver) : forwardComparisons(compared, isOver))
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

  private func compared(_ sides: Sides, _ questions: [TestQuestion]) -> Compared? {
    let outer = sides == Sides(side: 0, variable: 0) ? outerGoals() : []
    if questions.isEmpty, outer.isEmpty { return nil }
    var terms: [Int: [KnownTerm]] = [:]
    func numbered(_ nonterminal: Int) -> [KnownTerm] {
      let found = terms[nonterminal] ?? shortTerms(nonterminal, sides.variable)
      terms[nonterminal] = found
      return found
    }
    let rows = Array(numbered(sides.side).prefix(Self.mostRows))
    return Compared(
      sides, LoopShape.all(attempt.grammar, of: sides.side), questions, outer, rows, numbered: numbered)
  }

  /// The programs around a loop that a match stands for.
  private func written(_ match: SumSearch.Match, _ loop: Program, _ compared: Compared) -> [Written] {
    switch match {
    case .outer(let number): [(compared.outer[number].write(loop), nil)]
    case .passes(let relation, let row, let set):
      written(relation, loop, compared.rows[row].program, compared.questions[set].test).map {
        (compared.questions[set].write($0), ($0, compared.questions[set]))
      }
    }
  }

  private func comparisons(_ compared: Compared, work: Double, _ isOver: @escaping () -> Bool) -> Program? {
    var best = BestProgram(attempt.grammar)
    for (kind, part) in [(FrameKind.counted, 0.6), (.drivenFromConstants, 0.2), (.driven, 0.2)] {
      var asked: Set<[[Int64]]> = []
      for frame in frames(kind, compared.shapes, compared.numbered) {
        let rank = Double(asked.count + 1)
        let share = work * part / (kind == .driven ? 8 * rank.squareRoot() : 1.5 * rank * rank)
        if share < 2 * Self.leastWork || isOver() { break }
        guard asked.insert(frame.states).inserted else { continue }
        best.offer(answer(frame, compared, work: share, isOver))
      }
    }
    return best.program
  }

  /// The shortest program that a frame's sums give.
  private func answer(
    _ frame: Frame, _ compared: Compared, work: Double, _ isOver: @escaping () -> Bool
  ) -> Program? {
    let points = frame.states.indices.flatMap {
      self.points(frame, example: $0, owner: $0, variable: compared.sides.variable, number: Int64($0))
    }
    guard points.count >= NumberSets.count / 2, points.count <= Self.mostTestPoints, let sum = sum(frame),
      let zero = compared.numbered(frame.shape.starts[0]).first(where: { $0.constant == 0 }),
      let search = SumSearch(
        language(frame.shape.bodies[0]), points, wanted: [], memoryLimit: memoryLeft,
        stepLimit: attempt.configuration.stepLimit)
    else { return nil }
    let tries = Tries(self, most: Self.mostTries)
    search.run(work: work, compared.comparisons, isOver) { [self] match, term in
      tries.take(match) {
        sum(term).map { written(match, program(frame, body: $0, start: zero.program), compared) } ?? []
      }
      return false
    }
    attempt.bank.meter.note(search.bytes)
    return tries.best.program
  }

  /// Runs what matches stand for, so many programs for each question.
  private final class Tries {
    private let inversion: LoopInversion
    private let most: Int
    private var counts: [Int: Int] = [:]
    private var tried: [Alike: Int] = [:]

    private struct Alike: Hashable {
      let place: Int
      let row: [Int64]
    }

    private static let mostAlike = 8
    // Of its own: what is tried here is not kept.
    private let machine: TermMachine
    private(set) var best: BestProgram

    init(_ inversion: LoopInversion, most: Int) {
      (self.inversion, self.most) = (inversion, most)
      machine = TermMachine(inversion.attempt.grammar)
      best = BestProgram(inversion.attempt.grammar)
    }

    /// - Parameter row: what the loop gives; of those with the same few are run.
    func take(_ match: SumSearch.Match, row: [Int64]? = nil, _ write: () -> [Written]) {
      let place =
        switch match {
        case .outer(let number): -1 - number
        case .passes(_, _, let set): set
        }
      let alike = row.map { Alike(place: place, row: $0) }
      func isEnough() -> Bool {
        counts[place, default: 0] >= most || alike.map { tried[$0, default: 0] >= Self.mostAlike } ?? false
      }
      // Writing takes longer than asking.
      if isEnough() { return }
      for written in write() {
        best.offer(written.program) { program in
          if isEnough() { return false }
          counts[place, default: 0] += 1
          if let alike { tried[alike, default: 0] += 1 }
          return (written.test.map { inversion.passes($0.program, $0.question, machine) } ?? true)
            && inversion.attempt.agrees(program, machine)
        }
      }
    }
  }

  /// Loops that are run forward on the numbers 0 … 15, and what drives them: compared as sums are.
  private func forwardComparisons(_ compared: Compared, _ isOver: @escaping () -> Bool) -> Program? {
    let tries = Tries(self, most: Self.mostForwardTries)
    for shape in compared.shapes where shape.head == .loop {
      let loops = ForwardLoops(
        self, shape, siblings: compared.shapes, number: compared.sides.variable,
        inputs: (0..<NumberSets.count).map(Int64.init), wanted: [], work: Self.workForward, isOver,
        known: compared.numbered)
      guard let loops else { continue }
      let look: ForwardLoops.Look = { [self] start, step, loop in
        loops.runner.values(
          start, step, beginning: NumberSets.beginning, isHopeful: compared.comparisons.mayMatch
        ) { count, row in
          _ = compared.comparisons.match(row) { match in
            tries.take(match, row: row) {
              loop(loops.counts[count].program, loops.starts[start].program).map { written(match, $0, compared) } ?? []
            }
            return false
          }
        }
      }
      for pass in [Pass.first, .second] {
        forward(pass, loops, work: Self.workForward, isOver, look)
        drives(pass, loops, .sets, isOver, look)
      }
      attempt.bank.meter.note(loops.search.bytes)
    }
    return tries.best.program
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
