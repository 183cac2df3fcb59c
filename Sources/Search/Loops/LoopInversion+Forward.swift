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
  /// Most work of a look; a later one with no more would do the same again.
  private static let mostWork = 3_000_000.0
  /// Drives (`drives`) take some millions of loops.
  private static let leastWorkOfDrives = 400_000.0
  /// Work for each test of a choice.
  private static let testWork = 200.0

  /// The shortest program met that agrees with all training examples.
  func forward(work: Double, _ isOver: @escaping () -> Bool) -> Program? {
    var best = BestProgram(attempt.grammar)
    let work = min(work, Self.mostWork)
    guard work > attempt.forwardWork else { return nil }
    let isFirst = attempt.forwardWork == 0
    attempt.forwardWork = work
    for shape in shapes where shape.head == .loop {
      guard let loops = ForwardLoops(self, shape, work: work, isOver) else { continue }
      best.offer(forward(loops, work: work, isOver))
      // The same terms come first in every look.
      if isFirst, work >= Self.leastWorkOfDrives { best.offer(drives(loops, isOver)) }
    }
    return best.program
  }

  private func forward(_ loops: ForwardLoops, work: Double, _ isOver: @escaping () -> Bool) -> Program? {
    let (search, machine) = (loops.search, loops.machine)
    var best = BestProgram(attempt.grammar)
    func tryBody(_ step: LoopRunner.Step, _ body: () -> Program) {
      for start in loops.starts {
        loops.runner.look(start.row, step) { count, goal in
          let loop = loops.shape.program([body()], count: loops.counts[count].program, starts: [start.program])
          best.offer(goals[goal].around(loop)) { attempt.agrees($0, machine) }
        }
      }
    }
    let bodies = search.bank.firstClasses(0, .max)
    for (rank, body) in bodies.enumerated() {
      if rank % 256 == 0, isOver() { return best.program }
      let term = loops.term(0, body.index)
      tryBody({ words, _, _ in loops.value(term, words) }) { search.program(0, body.index) }
    }
    let branches = bodies.prefix(Self.mostBranches).map { (index: $0.index, term: loops.term(0, $0.index)) }
    for production in search.choiceProductions {
      let condition = search.bank.grammar.productions[production].arguments[0]
      for (rank, test) in search.bank.firstClasses(condition, Int(work / Self.testWork)).enumerated() {
        if rank % 64 == 0, isOver() { return best.program }
        let term = loops.term(condition, test.index)
        for a in branches {
          for b in branches where a.index != b.index {
            tryBody({ words, _, _ in
              let truth = loops.value(term, words)
              return truth == Value.noValueWord ? truth : loops.value(truth == 1 ? a.term : b.term, words)
            }) {
              search.language.original(
                production,
                [search.program(condition, test.index), search.program(0, a.index), search.program(0, b.index)])
            }
          }
        }
      }
    }
    return best.program
  }
}

/// What loops of one shape that are run forward have in common: counts, starts and terms for their bodies.
struct ForwardLoops {
  let shape: LoopShape
  let counts: [KnownTerm]
  let starts: [KnownTerm]
  let runner: LoopRunner
  let search: SumSearch
  let machine: TermMachine
  private let grammar: Grammar

  private static let mostStarts = 4
  private static let mostCounts = 3
  private static let longestLoop: Int64 = 64
  private static let runSteps: UInt64 = 1_000

  /// Nil where no term counts as loops do, there are too few examples, or terms cannot be run on rows.
  init?(_ inversion: LoopInversion, _ shape: LoopShape, work: Double, _ isOver: @escaping () -> Bool) {
    let attempt = inversion.attempt
    self.shape = shape
    counts = Array(
      inversion.known(shape.count).filter {
        LoopInversion.counts($0.row) && $0.row.allSatisfy { $0 <= Self.longestLoop }
      }.prefix(Self.mostCounts))
    starts = Array(inversion.known(shape.starts[0]).prefix(Self.mostStarts))
    if counts.isEmpty || attempt.inputs.count < LoopRunner.beginning { return nil }
    runner = LoopRunner(
      inputs: attempt.inputs, counts: counts.map(\.row), wanted: inversion.goals.map(\.row),
      variables: shape.variables, words: attempt.words([], []))
    let points = Self.points().map { x, y, n -> SumSearch.Point in
      var words = attempt.words(shape.variables, [x, y])
      if !shape.variables.contains(0) { words[0] = n }
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
