import Evaluation
import ExactArithmetic
import Grammars

/// Loops whose start or body reads n: their state on the way is not told by the examples, so nothing can be undone. They are run
/// forward, with bodies far longer than those of the complete levels: terms are merged by their values at some points, and the
/// branches of a choice are put below a test without being stored together.
///
/// Most bodies are left after the shortest inputs: what a loop gives there begins no goal.
extension LoopInversion {
  private static let mostBranches = 8
  /// Terms that a choice has beside the state itself.
  private static let mostChanges = 64
  /// Most work of a look; a later one with no more would do the same again.
  private static let mostWork = 3_000_000.0
  /// Drives (`drives`) take some millions of loops.
  private static let leastWorkOfDrives = 400_000.0
  /// Work for each test of a choice.
  private static let testWork = 200.0

  /// The shortest program met that agrees with all training examples.
  func forward(_ pass: Pass, work: Double, _ isOver: @escaping () -> Bool) -> Program? {
    var best = BestProgram(attempt.grammar)
    let work = min(work, Self.mostWork)
    let before = attempt.forwardWork[pass] ?? 0
    guard work > before else { return nil }
    attempt.forwardWork[pass] = work
    for shape in shapes where shape.head == .loop {
      guard let loops = ForwardLoops(self, shape, work: work, isOver) else { continue }
      let look = look(loops) { best.offer($0) { [self] in attempt.agrees($0, loops.machine) } }
      forward(pass, loops, work: work, isOver, look)
      // The same terms come first in every look.
      if before == 0, work >= Self.leastWorkOfDrives { drives(pass, loops, .goals, isOver, look) }
    }
    return best.program
  }

  /// Looks what loops give up among the goals, and hands over the programs that may agree.
  func look(_ loops: ForwardLoops, _ take: @escaping (Program) -> Void) -> ForwardLoops.Look {
    { [self] start, step, loop in
      loops.runner.look(start, step) { count, goal in
        if let loop = loop(loops.counts[count].program, loops.starts[start].program) { take(goals[goal].around(loop)) }
      }
    }
  }

  /// Loops whose body is a stored term, or a choice between two of the first; in the second pass one between the state and
  /// another.
  func forward(
    _ pass: Pass, _ loops: ForwardLoops, work: Double, _ isOver: @escaping () -> Bool, _ look: ForwardLoops.Look
  ) {
    let search = loops.search
    let bodies = search.bank.firstClasses(0, .max)
    let state = attempt.leaf(loops.shape.bodies[0], loops.shape.variables[0])
    for (rank, body) in bodies.enumerated() where pass == .first {
      if rank % 256 == 0, isOver() { return }
      let term = loops.term(0, body.index)
      for start in loops.starts.indices {
        look(start) { words, _, _ in
          loops.value(term, words)
        } _: {
          loops.shape.program([search.program(0, body.index)], count: $0, starts: [$1])
        }
      }
    }
    let branches = bodies.prefix(Self.mostChanges).map { body in
      (index: body.index, term: loops.term(0, body.index), isState: search.program(0, body.index) == state)
    }
    let pairs = branches.indices.flatMap { first in
      branches.indices.compactMap { second -> (Int, Int)? in
        let isEarly = max(first, second) < Self.mostBranches
        let changesState = branches[first].isState || branches[second].isState
        return first != second && (pass == .first ? isEarly : changesState && !isEarly) ? (first, second) : nil
      }
    }
    for production in search.choiceProductions {
      let condition = search.bank.grammar.productions[production].arguments[0]
      for (rank, test) in search.bank.firstClasses(condition, Int(work / Self.testWork)).enumerated() {
        if rank % 64 == 0, isOver() { return }
        let term = loops.term(condition, test.index)
        for (first, second) in pairs {
          let (a, b) = (branches[first], branches[second])
          for start in loops.starts.indices {
            look(start) { words, _, _ in
              let truth = loops.value(term, words)
              return truth == Value.noValueWord ? truth : loops.value(truth == 1 ? a.term : b.term, words)
            } _: {
              loops.shape.program(
                [
                  search.language.original(
                    production,
                    [search.program(condition, test.index), search.program(0, a.index), search.program(0, b.index)])
                ], count: $0, starts: [$1])
            }
          }
        }
      }
    }
  }
}

/// What loops of one shape that are run forward have in common: counts, starts and terms for their bodies.
final class ForwardLoops {
  /// Runs a loop from one of the starts with a body, and looks what it gives up among what is wanted, for all counts; `loop` writes
  /// it.
  typealias Look = (
    _ start: Int, _ step: LoopRunner.Step, _ loop: (_ count: Program, _ start: Program) -> Program?
  ) -> Void

  let shape: LoopShape
  /// All loops that may stand where this one does.
  let siblings: [LoopShape]
  /// The variable whose values are the inputs.
  let number: Int
  let inputs: [Int64]
  let counts: [KnownTerm]
  let starts: [KnownTerm]
  let known: (Int) -> [KnownTerm]
  let runner: LoopRunner
  let search: SumSearch
  let machine: TermMachine
  private let grammar: Grammar

  private static let mostStarts = 4
  private static let mostCounts = 3
  private static let longestLoop: Int64 = 64
  private static let runSteps: UInt64 = 1_000

  /// Loops on the training examples. Nil where no term counts as loops do, there are too few examples, or terms cannot be run on
  /// rows.
  convenience init?(_ inversion: LoopInversion, _ shape: LoopShape, work: Double, _ isOver: @escaping () -> Bool) {
    self.init(
      inversion, shape, siblings: inversion.shapes, number: 0, inputs: inversion.attempt.inputs,
      wanted: inversion.goals.map(\.row), work: work, isOver, known: inversion.known)
  }

  /// - Parameters:
  ///   - siblings: all loops that may stand where this one does.
  ///   - number: the variable whose values are the inputs.
  ///   - known: the shortest terms of a nonterminal with their values on the inputs.
  init?(
    _ inversion: LoopInversion, _ shape: LoopShape, siblings: [LoopShape], number: Int, inputs: [Int64],
    wanted: [[Int64]], work: Double, _ isOver: @escaping () -> Bool, known: @escaping (Int) -> [KnownTerm]
  ) {
    let attempt = inversion.attempt
    (self.shape, self.siblings, self.number, self.inputs, self.known) = (shape, siblings, number, inputs, known)
    counts = Array(
      known(shape.count).filter {
        LoopInversion.counts($0.row) && $0.row.allSatisfy { $0 <= Self.longestLoop }
      }.prefix(Self.mostCounts))
    starts = Array(known(shape.starts[0]).prefix(Self.mostStarts))
    if counts.isEmpty || inputs.count < LoopRunner.beginning { return nil }
    runner = LoopRunner(
      inputs: inputs, starts: starts.map(\.row), counts: counts.map(\.row), wanted: wanted, variables: shape.variables,
      number: number,
      words: attempt.words([], []))
    let points = Self.points().map { x, y, n -> SumSearch.Point in
      var words = attempt.words(shape.variables, [x, y])
      if !shape.variables.contains(number) { words[number] = n }
      return SumSearch.Point(words: words, owner: 0, times: 1)
    }
    guard
      let search = SumSearch(
        inversion.language(shape.bodies[0]), points, wanted: [], memoryLimit: inversion.memoryLeft,
        stepLimit: attempt.configuration.stepLimit)
    else { return nil }
    search.store(work: work, isOver)
    attempt.bank.meter.note(search.bytes)
    self.search = search
    machine = TermMachine(attempt.grammar)
    grammar = attempt.grammar
  }

  /// The number, in the machine, of a stored term.
  func term(_ nonterminal: Int, _ index: Int) -> Int32 {
    machine.number(of: grammar.term(of: search.program(nonterminal, index)))
  }

  /// The value of a term; `Value.noValueWord` where it has none within some steps.
  @inline(__always)
  func value(_ term: Int32, _ words: UnsafeBufferPointer<Int64>) -> Int64 {
    machine.word(of: term, on: words, stepLimit: Self.runSteps)
  }

  /// The value of a term; nil where it has none within some steps.
  func value(_ term: Int32, _ words: [Int64]) -> Int64? {
    let word = words.withUnsafeBufferPointer { value(term, $0) }
    return word == Value.noValueWord ? nil : word
  }

  /// Where terms in x, y and n are told apart.
  private static func points() -> [(x: Int64, y: Int64, n: Int64)] {
    let numbers: [Int64] = [2, 3, 4, 6, 8, 9, 12, 15]
    return (0..<64).map { place -> (x: Int64, y: Int64, n: Int64) in
      let (row, column) = (place / 8, place % 8)
      let x = (place * 7 + row * 3) % 16
      return (x: Int64(x), y: Int64(column + 1), n: numbers[row])
    }
  }
}
