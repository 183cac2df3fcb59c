import Evaluation
import ExactArithmetic
import Grammars

/// Inverses of rising functions, as floors of roots are: the greatest y with A(y, n) ≤ B(n), or the greatest with A(y, n) < B(n),
/// by the loop that keeps the last y of which this is so.
///
/// What is wanted tells where A stands at y and at y + 1, so A and B are stored terms, compared there.
extension LoopInversion {
  /// Goals that are asked for, terms A and B that are compared for one, and programs run for it.
  private static let mostInverted = 8
  private static let mostRising = 1_000
  private static let mostReached = 2_000
  private static let mostInverses = 40
  /// Starts, which are what is given where A passes B at once.
  private static let mostFirst = 4

  /// The shortest program met that agrees with all training examples.
  func inverses(work: Double, _ isOver: @escaping () -> Bool) -> Program? {
    var best = BestProgram(attempt.grammar)
    let roots = goals.filter { goal in
      goal.row.allSatisfy { $0 >= 0 && $0 < .max - 1 } && Set(goal.row).count >= Trace.leastTransitions
    }
    for shape in shapes(.loop) {
      for (rank, goal) in roots.prefix(Self.mostInverted).enumerated() {
        let share = work / Double(rank + 1)
        if share < Self.leastWork || isOver() { break }
        // Enough iterations to come to every y that is wanted.
        guard let count = known(shape.count).first(where: { zip($0.row, goal.row).allSatisfy(>=) }) else { continue }
        for body in inverting(goal.row, shape, work: share, isOver) {
          for start in known(shape.starts[0]).prefix(Self.mostFirst) {
            let loop = shape.program([body], count: count.program, starts: [start.program])
            best.offer(goal.around(loop), where: agrees)
          }
        }
      }
    }
    return best.program
  }

  /// Bodies that keep the last y for which a comparison holds, where that is the y of a row; likeliest first.
  private func inverting(_ row: [Int64], _ shape: LoopShape, work: Double, _ isOver: @escaping () -> Bool) -> [Program]
  {
    let (grammar, body) = (attempt.grammar, shape.bodies[0])
    let (x, y) = (shape.variables[0], shape.variables[1])
    if shape.variables.contains(0) { return [] }
    let points = zip(attempt.inputs, row).flatMap { input, root in
      [root, root + 1].map { value -> SumSearch.Point in
        var words = attempt.words([y], [value])
        words[0] = input
        return SumSearch.Point(words: words, owner: 0, times: 1)
      }
    }
    guard
      let search = SumSearch(
        language(body), points, wanted: [], memoryLimit: memoryLeft, stepLimit: attempt.configuration.stepLimit)
    else { return [] }
    search.store(work: work, tests: false, isOver)
    attempt.bank.meter.note(search.bytes)
    let table = search.bank.tables
    // A is what rises from y to y + 1 everywhere, B what does not read y.
    var (rising, reached): ([Int], [Int]) = ([], [])
    for (index, _) in search.valued(0) {
      let values = table.pointee.row(index)
      if row.indices.allSatisfy({ values[2 * $0] < values[2 * $0 + 1] }) {
        rising.append(index)
      } else if row.indices.allSatisfy({ values[2 * $0] == values[2 * $0 + 1] }) {
        reached.append(index)
      }
    }
    var found: [(bits: Double, program: Program)] = []
    for a in rising.prefix(Self.mostRising) where !isOver() {
      for b in reached.prefix(Self.mostReached) {
        let relations = relations(of: table.pointee.row(a), to: table.pointee.row(b), row.count)
        if !relations.reaches, !relations.passes { continue }
        let terms = [a, b].map { grammar.term(of: search.program(0, $0)) }
        var choices: [Term] = []
        if relations.reaches {
          choices.append(.operation(.ite, [.operation(.less, [terms[1], terms[0]]), .variable(x), .variable(y)]))
        }
        if relations.passes {
          choices.append(.operation(.ite, [.operation(.less, [terms[0], terms[1]]), .variable(y), .variable(x)]))
        }
        for program in choices.compactMap({ grammar.derivation(of: $0, from: body) }) {
          found.append((-grammar.probability(of: program).log2, program))
        }
      }
    }
    return found.ordered(most: Self.mostInverses) { $0.bits }.map(\.program)
  }

  /// Whether A(y) ≤ B < A(y + 1), and whether A(y) < B ≤ A(y + 1), for all pairs of lanes.
  private func relations(
    of a: UnsafePointer<Int64>, to b: UnsafePointer<Int64>, _ count: Int
  ) -> (reaches: Bool, passes: Bool) {
    var (reaches, passes, lane) = (true, true, 0)
    while lane < 2 * count, reaches || passes {
      let (value, here, next) = (b[lane], a[lane], a[lane + 1])
      if value < here || value >= next { reaches = false }
      if value <= here || value > next { passes = false }
      lane += 2
    }
    return (reaches, passes)
  }
}
