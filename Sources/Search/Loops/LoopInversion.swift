import Evaluation
import ExactArithmetic
import Grammars

/// Finds loops from what they must give: if f(n) is the state after n iterations, the body must lead from f(n-1) to f(n), on
/// every n that examples tell. So a body is sought as an ordinary program with values for its variables, by a search of its
/// own; and the same below an operator with a stored argument, for a second state that is known, and for the test of `compr`.
///
/// Loops that add up, x ↦ x + T(y, n), are sought by their sums (`SumSearch`), there with n in T.
///
/// What is found is some program, an upper bound of the shortest. It is run as a whole on all training examples before it
/// counts. Questions are asked in order of the bits around the body; the i-th of a kind gets a share 1/i of the work.
/// Lengths in `Double` order the questions and share out the work; they decide nothing else.
final class LoopInversion {
  /// One question with what to do with the body that answers it.
  struct Candidate {
    let bits: Double
    let question: () -> BodyQuestion?
    let programs: (Program) -> [Program]
  }

  let attempt: SearchAttempt
  let shapes: [LoopShape]
  private(set) var goals: [Goal] = []
  private var terms: [Int: [KnownTerm]] = [:]
  private var languages: BodyLanguages
  private let work: Double

  /// Least work that a question is worth.
  static let leastWork = 1_000.0

  /// Questions of a kind in a look: behind so many little is found.
  private static let mostQuestions = 250

  /// The greatest number that is a symbol of its own in some questions.
  private static let mostNumeral: Int64 = 12

  /// Least work of a look that makes sums and loops without a question: they come in order of prior, and few tell nothing.
  private static let leastWorkForward = 60_000.0

  /// What a part of the program must give on the training examples, and the program around it.
  struct Goal {
    let bits: Double
    let row: [Int64]
    let around: (Program) -> Program
  }

  /// - Parameter work: candidates that it may take, about.
  init(_ attempt: SearchAttempt, work: Double) {
    self.attempt = attempt
    languages = BodyLanguages(attempt.grammar)
    self.work = work
    shapes = LoopShape.all(attempt.grammar)
    goals = wanted()
  }

  /// Whether loops of a grammar can be found so: they are over one integer.
  static func applies(_ grammar: Grammar) -> Bool {
    grammar.resultSort == .int && grammar.parameters.map(\.sort) == [.int]
      && grammar.variables.allSatisfy { $0.sort == .int } && grammar.isStructured
  }

  /// What is tried: the second pass takes several times as long as the first, and tries longer bodies and other things.
  enum Pass { case first, second }

  /// The shortest of the programs found that agree with all training examples. What was found first is often a longer one that
  /// fits by accident, so every kind of a pass has its turn; the second pass is made where the first finds nothing.
  ///
  /// Each look has twice the work of the one before. In rising order of cost the second pass of a look comes behind the first pass
  /// of the next: so it has the work of the look before.
  func run(until isOver: @escaping () -> Bool) -> Program? {
    var best = BestProgram(attempt.grammar)
    best.offer(storedGoal())
    for (pass, work) in [(Pass.first, work), (.second, work / 2)] where best.program == nil {
      best.offer(run(pass, work: work, isOver))
    }
    return best.program
  }

  private func run(_ pass: Pass, work: Double, _ isOver: @escaping () -> Bool) -> Program? {
    var best = BestProgram(attempt.grammar)
    var kinds = [
      (iterates(), 0.2), (nested(), 0.05), (recurrences(), 0.1), (driven(), 0.1), (selections(), 0.05),
    ]
    if pass == .second { kinds.append((prefixes(), 0.1)) }
    for (candidates, part) in kinds {
      if pass == .first {
        best.offer(answer(candidates, work: work * part * 2, numerals: Self.mostNumeral, isOver))
      }
      // Bodies without loops are made at the rate of rows; others take some hundred times as long.
      best.offer(answer(candidates, work: work * part * (pass == .first ? 2 : 80), binds: false, isOver))
      if pass == .first { best.offer(answer(candidates, work: work * part * 0.5, binds: true, isOver)) }
    }
    best.offer(pass == .first ? sums(work: work * 2, isOver) : doubleSums(work: work * 20, isOver))
    best.offer(comparisons(pass, work: work * 4, isOver))
    if pass == .second { best.offer(inverses(work: work * 2, isOver)) }
    if work >= Self.leastWorkForward {
      if pass == .first { best.offer(parts(work: work * 4, isOver)) }
      best.offer(forward(pass, work: work * 8, isOver))
    }
    return best.program
  }

  /// Programs of which sums, and the sets that they tell, are parts.
  private func parts(work: Double, _ isOver: @escaping () -> Bool) -> Program? {
    let machine = TermMachine(attempt.grammar)
    var best = BestProgram(attempt.grammar)
    for shape in shapes where shape.head == .compr {
      guard let test = tests(shape.bodies[0]).first,
        let numbered = NumberedSums(
          self, side: attempt.grammar.productions[test].arguments[0], variable: shape.variables[0], work: work, machine,
          isOver)
      else { continue }
      best.offer(members(numbered, shape, machine, isOver))
      best.offer(pairedSums(numbered, machine, isOver))
    }
    return best.program
  }

  /// A goal that a stored term gives.
  private func storedGoal() -> Program? {
    let known = attempt.log.known
    let lanes = known + Array(repeating: known[0], count: attempt.bank.signature.goalLanes - known.count)
    for goal in goals {
      guard let index = attempt.goal.stored(lanes.map { goal.row[$0] }, 0) else { continue }
      let program = goal.around(attempt.bank.program(0, index))
      if agrees(program) { return program }
    }
    return nil
  }

  private func answer(
    _ candidates: [Candidate], work: Double, binds: Bool = false, numerals: Int64 = 0, _ isOver: @escaping () -> Bool
  ) -> Program? {
    var asked: Set<BodyQuestion> = []
    // 1 + 1/2 + 1/3 + … as far as it goes is about the logarithm of how far.
    let first = work / 4
    for candidate in candidates {
      let share = first / Double(asked.count + 1)
      if share < Self.leastWork || asked.count == Self.mostQuestions || isOver() { return nil }
      guard let question = candidate.question(), asked.insert(question).inserted else { continue }
      let language = language(question.body, binds: binds, numerals: numerals)
      // Without numerals it is the language of other questions.
      if numerals > 0, !language.hasNumerals { continue }
      guard let body = body(question, work: share, language, isOver) else { continue }
      for program in candidate.programs(body) where agrees(program) { return program }
    }
    return nil
  }

  /// The shortest body that answers a question, within some work.
  private func body(
    _ question: BodyQuestion, work: Double, _ language: BodyLanguage, _ isOver: @escaping () -> Bool
  ) -> Program? {
    attempt.body(question, language, work: work, unproven: true, isOver)
  }
}

extension LoopInversion {
  /// Whether a program gives all outputs.
  func agrees(_ program: Program) -> Bool { attempt.agrees(program, TermMachine(attempt.grammar)) }

  /// Bytes that a search for a body may take.
  var memoryLeft: Int { attempt.memoryLeft }

  /// The language of the bodies of an open nonterminal, with loops in them or without.
  func language(_ body: Int, binds: Bool = false, numerals: Int64 = 0) -> BodyLanguage {
    languages.language(body, binds: binds, numerals: numerals)
  }

  /// The first stored terms of a nonterminal.
  func known(_ nonterminal: Int) -> [KnownTerm] {
    let found = terms[nonterminal] ?? attempt.knownTerms(nonterminal, 600)
    terms[nonterminal] = found
    return found
  }

  /// The goal of the whole, those of the unknown argument of an operator with a stored other one, and for the shortest of
  /// these the same again. Of equal goals the one with the shortest program around it.
  private func wanted() -> [Goal] {
    let whole = Goal(bits: 0, row: attempt.outputs) { $0 }
    let near = below(whole, 100)
    let far = near.prefix(Self.mostRepeated).flatMap { below($0, 30) }
    var seen: Set<[Int64]> = []
    let all = ([whole] + near + far).ordered { $0.bits }
    return Array(all.filter { seen.insert($0.row).inserted }.prefix(Self.mostGoals))
  }

  private static let mostGoals = 160
  private static let mostRepeated = 24

  /// What the unknown argument of an operator must be to give a goal beside one of the first stored terms, by bits.
  func below(_ goal: Goal, _ most: Int) -> [Goal] {
    let grammar = attempt.grammar
    var goals: [Goal] = []
    for number in grammar.nonterminals[0].productions {
      let production = grammar.productions[number]
      guard case .operation(let op) = production.symbol, production.arguments == [0, 0] else { continue }
      let bits = goal.bits - production.probability.log2
      for known in known(0).prefix(most) {
        for position in 0..<(op.isCommutative ? 1 : 2) {
          // The least number with a quotient, and those behind it.
          let choices = op == .div && position == 0 ? min(max(known.constant ?? 1, 1), 4) : 1
          for choice in 0..<choices {
            let words = zip(goal.row, known.row).map { Self.undone(op, position, $0, $1, choice) }
            let row = words.compactMap { $0 }
            guard row.count == goal.row.count, row != goal.row else { continue }
            goals.append(
              Goal(bits: bits + known.bits, row: row) {
                goal.around(Program(number, position == 0 ? [$0, known.program] : [known.program, $0]))
              })
          }
        }
      }
    }
    return goals.ordered { $0.bits }
  }

  /// An argument at `position` that gives a result beside a known one. Quotients have several; the whole program is run
  /// before it counts.
  private static func undone(
    _ op: Operator, _ position: Int, _ result: Int64, _ known: Int64, _ choice: Int64
  ) -> Int64? {
    switch (op, position) {
    case (.add, _): return exact(result.subtractingReportingOverflow(known))
    case (.subtract, 0): return exact(result.addingReportingOverflow(known))
    case (.subtract, _): return exact(known.subtractingReportingOverflow(result))
    case (.multiply, _): return known != 0 && known != -1 && result % known == 0 ? result / known : nil
    case (.div, 0):
      guard known > 0 else { return nil }
      return exact(result.multipliedReportingOverflow(by: known)).flatMap {
        exact($0.addingReportingOverflow(choice))
      }
    case (.div, _): return result > 0 && known > 0 && known % result == 0 ? known / result : nil
    default: return nil
    }
  }

  static func exact(_ result: (partialValue: Int64, overflow: Bool)) -> Int64? {
    result.overflow || result.partialValue == Value.noValueWord ? nil : result.partialValue
  }
}
