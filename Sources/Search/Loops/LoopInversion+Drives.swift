import Evaluation
import ExactArithmetic
import Grammars

/// Loops that are run forward and read, in place of the counter y or of n, something else:
///
/// - a second state, (x, y) ↦ (B(x, y, n), u(y)) from a start that reads n: with u(y) = y div c the digits of n in base c,
///   which B may read as y mod c, with the base in place of n and to the last digit alone;
/// - a loop in the body, x ↦ B(x, h(y), n), where h says which numbers y are chosen: h(y) is 1 or y for these and a constant
///   for the others, as primes are told by a loop that divides y by what it has in common with smaller numbers;
/// - a term in n alone, or a constant, in place of n; and a term r(y, n) in place of y, where y may be any of the above: in a
///   body that reads it twice, as x + x div r mod x does, it is written out twice, but sought once.
///
/// None asks what is wanted before the whole loop is run: the likeliest come first.
extension LoopInversion {
  /// What is read in place of y, by input from the first iteration on, and the loop that a body makes then.
  struct Drive {
    let bits: Double
    let values: [[Int64]]
    /// What is read in place of n, by input.
    var numbers: [Int64]?
    /// By input, the iterations that leave x as it is, a bit each.
    var idle: [UInt64]?
    /// Whether y still counts.
    var isRenaming = false
    /// Whether more terms are tried as bodies.
    var isDeep = false
    let loop: (_ body: Program, _ count: Program, _ start: Program) -> Program?

    @inline(__always)
    func isIdle(_ input: Int, _ iteration: Int) -> Bool {
      guard let idle else { return false }
      return idle[input] >> UInt64(iteration - 1) & 1 == 1
    }
  }

  /// A stored term of the body's language, and whether it reads the state, the counter or another variable.
  struct Stored {
    let index: Int
    let number: Int32
    let bits: Double
    let readsX: Bool
    let readsY: Bool
    let readsOther: Bool
  }

  private static let mostTerms = 20_000
  private static let mostTests = 400
  private static let shortTests = 16

  /// How much is tried with every drive.
  struct Breadth {
    /// Stored terms as bodies, usually and with deep drives.
    let bodies: Int
    let deep: Int
    /// Terms that a choice has besides x, and those that the first tests have.
    let branches: Int
    let moreBranches: Int
    /// Of the i-th reading of the k-th drive the first `read` / (i √k) bodies in x and y.
    let read: Double

    /// Most loops are left after the first inputs.
    static let goals = Breadth(bodies: 3_000, deep: 20_000, branches: 32, moreBranches: 500, read: 80_000)
    /// All loops run on eight numbers at least.
    static let sets = Breadth(bodies: 1_500, deep: 1_500, branches: 8, moreBranches: 64, read: 8_000)
  }

  /// All loops that read a drive: in the first pass a second state or a loop, in the second one of the others.
  func drives(
    _ pass: Pass, _ loops: ForwardLoops, _ breadth: Breadth, _ isOver: @escaping () -> Bool, _ look: ForwardLoops.Look
  ) {
    let terms = terms(loops)
    let drives = orbits(loops, terms) + choosers(loops, terms)
    for drive in pass == .first ? drives : leadingDigits(loops) + renamings(loops, terms) {
      if isOver() { return }
      driven(by: drive, loops, terms, breadth, look)
    }
    if pass == .first { return }
    let bodies = terms.filter { $0.readsX && $0.readsY && !$0.readsOther }
    for (place, drive) in ([counter(loops)] + drives).ordered(by: \.bits).enumerated() {
      if isOver() { return }
      let most = breadth.read / Double(place + 1).squareRoot()
      for (rank, reading) in readings(of: drive, loops, terms).enumerated() {
        driven(by: reading, loops, bodies: bodies.prefix(Int(most) / (rank + 1)), look)
      }
    }
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

  /// Loops that read a drive and whose bodies are these.
  func driven(
    by drive: Drive, _ loops: ForwardLoops, bodies: some Sequence<Stored>, _ look: ForwardLoops.Look
  ) {
    loops.runner.drive(drive.values, numbers: drive.numbers)
    defer { loops.runner.drive(nil) }
    let x = loops.shape.variables[0]
    for body in bodies {
      for start in loops.starts.indices {
        look(start) { words, input, iteration in
          drive.isIdle(input, iteration) ? words[x] : loops.value(body.number, words)
        } _: {
          drive.loop(loops.search.program(0, body.index), $0, $1)
        }
      }
    }
  }

  /// Loops that read a drive: their bodies are stored terms, or choices between one and the state.
  func driven(by drive: Drive, _ loops: ForwardLoops, _ terms: [Stored], _ breadth: Breadth, _ look: ForwardLoops.Look)
  {
    let search = loops.search
    driven(
      by: drive, loops,
      bodies: terms.prefix(drive.isDeep ? breadth.deep : breadth.bodies).filter { body in
        drive.isRenaming ? body.readsOther && body.readsX : body.readsY && (drive.idle == nil || body.readsX)
      }, look)
    // A choice is made already, or is tried without the drive.
    if drive.idle != nil || drive.isRenaming || drive.numbers != nil { return }
    guard let state = terms.first(where: { $0.readsX }) else { return }
    loops.runner.drive(drive.values, numbers: drive.numbers)
    defer { loops.runner.drive(nil) }
    for production in search.choiceProductions {
      let condition = search.bank.grammar.productions[production].arguments[0]
      var seen: Set<[UInt64]> = []
      for (test, _) in search.bank.firstClasses(condition, Self.mostTests) {
        guard let truth = truth(loops.term(condition, test), drive, loops), seen.insert(truth).inserted else {
          continue
        }
        for branch in terms.prefix(seen.count <= Self.shortTests ? breadth.moreBranches : breadth.branches)
        where branch.index != state.index {
          for (a, b) in [(branch, state), (state, branch)] {
            for start in loops.starts.indices {
              look(start) { words, input, iteration in
                loops.value(truth[input] >> UInt64(iteration - 1) & 1 == 1 ? a.number : b.number, words)
              } _: {
                drive.loop(
                  search.language.original(
                    production,
                    [search.program(condition, test), search.program(0, a.index), search.program(0, b.index)]), $0, $1)
              }
            }
          }
        }
      }
    }
  }

  /// Where a test holds that does not read x, by input, a bit for each iteration; nil for one that reads it, for one without a
  /// value somewhere and for one that always says the same.
  private func truth(_ test: Int32, _ drive: Drive, _ loops: ForwardLoops) -> [UInt64]? {
    var words = attempt.words([], [])
    var (some, all) = (false, true)
    var rows: [UInt64] = []
    for (input, values) in drive.values.enumerated() {
      words[loops.number] = drive.numbers?[input] ?? loops.inputs[input]
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
    return drives.ordered { $0.bits }.filter { seen.insert($0.values + [$0.numbers ?? []]).inserted }
  }
}
