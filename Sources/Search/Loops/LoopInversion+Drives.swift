import Evaluation
import ExactArithmetic
import Grammars

/// Loops that are run forward and read, in place of the counter y, something that goes its own way:
///
/// - a second state, (x, y) ↦ (B(x, y, n), u(y)) from a start that reads n: with u(y) = y div c the digits of n in base c,
///   which B may read as y mod c, with the base in place of n and to the last digit alone;
/// - a loop in the body, x ↦ B(x, h(y), n), where h says which numbers y are chosen: h(y) is 1 or y for these and a constant
///   for the others, as primes are told by a loop that divides y by what it has in common with smaller numbers.
///
/// Neither asks what is wanted before the whole loop is run: the likeliest come first.
extension LoopInversion {
  /// What is read in place of y, by input from the first iteration on, and the loop that a body makes then.
  struct Drive {
    let bits: Double
    let values: [[Int64]]
    /// What is read in place of n.
    var constant: Int64?
    /// By input, the iterations that leave x as it is, a bit each.
    var idle: [UInt64]?
    let loop: (_ body: Program, _ count: Program, _ start: Program) -> Program?

    @inline(__always)
    func isIdle(_ input: Int, _ iteration: Int) -> Bool {
      idle.map { $0[input] >> UInt64(iteration - 1) & 1 == 1 } ?? false
    }
  }

  /// A stored term of the body's language and what it reads.
  struct Stored {
    let index: Int
    let number: Int32
    let bits: Double
    let readsX: Bool
    let readsY: Bool
    let readsOther: Bool
  }

  private static let mostTerms = 20_000
  private static let mostBodies = 3_000
  private static let mostTests = 400
  /// Terms that a choice has besides x, and those that the first tests have.
  private static let mostBranches = 32
  private static let moreBranches = 500
  private static let shortTests = 16

  /// The shortest program met that agrees with all training examples.
  func drives(_ loops: ForwardLoops, _ isOver: @escaping () -> Bool) -> Program? {
    let terms = terms(loops)
    var best = BestProgram(attempt.grammar)
    for drive in orbits(loops, terms) + choosers(loops, terms) {
      if isOver() { break }
      best.offer(driven(by: drive, loops, terms))
    }
    return best.program
  }

  func terms(_ loops: ForwardLoops) -> [Stored] {
    let (x, y) = (loops.shape.variables[0], loops.shape.variables[1])
    return loops.search.bank.firstClasses(0, Self.mostTerms).map { index, bits in
      let read = Set(
        loops.search.program(0, index).productions.compactMap { number -> Int? in
          if case .variable(let slot) = attempt.grammar.productions[Int(number)].symbol { slot } else { nil }
        })
      return Stored(
        index: index, number: loops.term(0, index), bits: bits, readsX: read.contains(x), readsY: read.contains(y),
        readsOther: !read.isSubset(of: [x, y]))
    }
  }

  /// The shortest of the loops that read a drive.
  func driven(by drive: Drive, _ loops: ForwardLoops, _ terms: [Stored]) -> Program? {
    let (search, grammar) = (loops.search, attempt.grammar)
    var best = BestProgram(grammar)
    loops.runner.drive(drive.values, constant: drive.constant)
    defer { loops.runner.drive(nil) }
    func tryBody(_ step: LoopRunner.Step, _ body: () -> Program) {
      for start in loops.starts {
        loops.runner.look(start.row, step) { count, goal in
          guard let loop = drive.loop(body(), loops.counts[count].program, start.program) else { return }
          best.offer(goals[goal].around(loop)) { attempt.agrees($0, loops.machine) }
        }
      }
    }
    let x = loops.shape.variables[0]
    for body in terms.prefix(Self.mostBodies) where body.readsY && (drive.idle == nil || body.readsX) {
      tryBody({ words, input, iteration in
        drive.isIdle(input, iteration) ? words[x] : loops.value(body.number, words)
      }) { search.program(0, body.index) }
    }
    // A choice is made already.
    if drive.idle != nil { return best.program }
    guard let state = terms.first(where: { $0.readsX }) else { return best.program }
    for production in search.choiceProductions {
      let condition = search.bank.grammar.productions[production].arguments[0]
      var seen: Set<[UInt64]> = []
      for (test, _) in search.bank.firstClasses(condition, Self.mostTests) {
        guard let truth = truth(loops.term(condition, test), drive, loops), seen.insert(truth).inserted else {
          continue
        }
        for branch in terms.prefix(seen.count <= Self.shortTests ? Self.moreBranches : Self.mostBranches)
        where branch.index != state.index {
          for (a, b) in [(branch, state), (state, branch)] {
            tryBody({ words, input, iteration in
              loops.value(truth[input] >> UInt64(iteration - 1) & 1 == 1 ? a.number : b.number, words)
            }) {
              search.language.original(
                production,
                [search.program(condition, test), search.program(0, a.index), search.program(0, b.index)])
            }
          }
        }
      }
    }
    return best.program
  }

  /// Where a test holds that does not read x, by input, a bit for each iteration; nil for one that reads it, for one without a
  /// value somewhere and for one that always says the same.
  private func truth(_ test: Int32, _ drive: Drive, _ loops: ForwardLoops) -> [UInt64]? {
    var words = attempt.words([], [])
    var (some, all) = (false, true)
    var rows: [UInt64] = []
    for (input, values) in drive.values.enumerated() {
      words[0] = attempt.inputs[input]
      var row: UInt64 = 0
      for (place, value) in values.enumerated() {
        words[loops.shape.variables[1]] = value
        guard let holds = loops.value(test, words) else { return nil }
        if holds == 1 { row |= 1 << UInt64(place) } else { all = false }
        if holds == 1 { some = true }
      }
      rows.append(row)
    }
    return some && !all ? rows : nil
  }

  /// Those that come first of each with the same values, likely ones first.
  func distinct(_ drives: [Drive]) -> [Drive] {
    var seen: Set<[[Int64]]> = []
    return drives.ordered { $0.bits }.filter { seen.insert($0.values + [[$0.constant ?? -1]]).inserted }
  }
}
