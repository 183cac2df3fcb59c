import Evaluation
import ExactArithmetic
import Grammars

/// Loops whose start or body reads n: their state on the way is not told by the examples, so nothing can be undone. They are run
/// forward, with bodies far longer than those of the complete levels: terms are merged by their values at some points, and the
/// branches of a choice are put below a test without being stored together.
///
/// Most bodies are left after the shortest inputs: what a loop gives there begins no goal.
extension LoopInversion {
  private static let mostStarts = 4
  private static let mostCounts = 3
  private static let mostBranches = 8
  private static let longestLoop: Int64 = 64
  private static let runSteps: UInt64 = 1_000
  /// Most work of a look; a later one with no more would do the same again.
  private static let mostWork = 3_000_000.0
  /// Work for each test of a choice.
  private static let testWork = 200.0

  /// The shortest program met that agrees with all training examples.
  func forward(work: Double, _ isOver: @escaping () -> Bool) -> Program? {
    var best = BestProgram(attempt.grammar)
    let work = min(work, Self.mostWork)
    guard work > attempt.forwardWork else { return nil }
    attempt.forwardWork = work
    for shape in shapes where shape.head == .loop { best.offer(forward(shape, work: work, isOver)) }
    return best.program
  }

  private func forward(_ shape: LoopShape, work: Double, _ isOver: @escaping () -> Bool) -> Program? {
    let grammar = attempt.grammar
    let counts = Array(
      known(shape.count).filter { Self.counts($0.row) && $0.row.allSatisfy { $0 <= Self.longestLoop } }.prefix(
        Self.mostCounts))
    let starts = Array(known(shape.starts[0]).prefix(Self.mostStarts))
    let inputs = attempt.inputs
    if counts.isEmpty || inputs.count < LoopRunner.beginning { return nil }
    let wanted = goals.map(\.row)
    let runner = LoopRunner(
      inputs: inputs, counts: counts.map(\.row), wanted: wanted, variables: shape.variables,
      words: attempt.words([], []))
    let points = Self.points().map { x, y, n -> SumSearch.Point in
      var words = attempt.words(shape.variables, [x, y])
      if !shape.variables.contains(0) { words[0] = n }
      return SumSearch.Point(words: words, owner: 0, times: 1)
    }
    let language = language(shape.bodies[0])
    guard
      let search = SumSearch(
        language, points, wanted: [], memoryLimit: memoryLeft, stepLimit: attempt.configuration.stepLimit)
    else { return nil }
    search.store(work: work, isOver)
    defer { attempt.bank.meter.note(search.bytes) }
    let machine = TermMachine(grammar)
    var best = BestProgram(grammar)
    func tryBody(_ step: (borrowing [Int64]) -> Int64?, _ body: () -> Program) {
      for start in starts {
        runner.look(start.row, step) { count, goal in
          let whole = goals[goal].around(shape.program([body()], count: counts[count].program, starts: [start.program]))
          best.offer(whole) { attempt.agrees($0, machine) }
        }
      }
    }
    func number(_ nonterminal: Int, _ index: Int) -> Int32 {
      machine.number(of: grammar.term(of: search.program(nonterminal, index)))
    }
    let bodies = search.bank.firstClasses(0, .max)
    for (rank, body) in bodies.enumerated() {
      if rank % 256 == 0, isOver() { return best.program }
      let term = number(0, body.index)
      tryBody({ machine.run(term, on: $0, stepLimit: Self.runSteps).word }) { search.program(0, body.index) }
    }
    let branches = bodies.prefix(Self.mostBranches).map { (index: $0.index, term: number(0, $0.index)) }
    for production in search.choiceProductions {
      let condition = search.bank.grammar.productions[production].arguments[0]
      for (rank, test) in search.bank.firstClasses(condition, Int(work / Self.testWork)).enumerated() {
        if rank % 64 == 0, isOver() { return best.program }
        let term = number(condition, test.index)
        for a in branches {
          for b in branches where a.index != b.index {
            tryBody({
              guard let truth = machine.run(term, on: $0, stepLimit: Self.runSteps).word else { return nil }
              return machine.run(truth == 1 ? a.term : b.term, on: $0, stepLimit: Self.runSteps).word
            }) {
              language.original(
                production,
                [search.program(condition, test.index), search.program(0, a.index), search.program(0, b.index)])
            }
          }
        }
      }
    }
    return best.program
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

/// Runs loops x ↦ B(x, y, n) forward, and looks what they give up among rows that are wanted.
private final class LoopRunner {
  /// Inputs whose values a wanted row must begin with, before the others are asked.
  static let beginning = 6

  private let inputs: [Int64]
  private let counts: [[Int64]]
  private let wanted: [[Int64]]
  private let x: Int
  private let y: Int
  /// The inputs, those with short loops first.
  private let order: [Int]
  /// By how many inputs were asked: a bit for sixteen of the hash of what wanted rows begin with.
  private var filters: [[Bool]]
  private var begins: [Int64: [Int]] = [:]
  private var words: [Int64]
  private var hashes: [Int64]
  private var values: [Int64]

  init(inputs: [Int64], counts: [[Int64]], wanted: [[Int64]], variables: [Int], words: [Int64]) {
    self.inputs = inputs
    self.counts = counts
    self.wanted = wanted
    (x, y) = (variables[0], variables[1])
    self.words = words
    let longest = inputs.indices.map { input in counts.reduce(0) { max($0, $1[input]) } }
    order = inputs.indices.sorted { (longest[$0], $0) < (longest[$1], $1) }
    filters = Array(repeating: Array(repeating: false, count: 1 << 16), count: Self.beginning)
    hashes = Array(repeating: 0, count: counts.count)
    values = Array(repeating: 0, count: counts.count)
    for (place, row) in wanted.enumerated() {
      var hash: Int64 = 0
      for rank in 0..<Self.beginning {
        hash = Self.hash(hash, row[order[rank]])
        filters[rank][Self.place(hash)] = true
      }
      begins[hash, default: []].append(place)
    }
  }

  private static func hash(_ hash: Int64, _ word: Int64) -> Int64 {
    (hash ^ (word &+ 0x1F83_D9AB_FB41_BD6B)) &* 0x1E37_79B9_7F4A_7C15
  }

  private static func place(_ hash: Int64) -> Int { Int(UInt64(bitPattern: hash) >> 48) }

  /// Hands over which count gives which wanted row, from a start and a body; a row is wanted on all inputs.
  func look(_ start: [Int64], _ step: (borrowing [Int64]) -> Int64?, _ take: (_ count: Int, _ wanted: Int) -> Void) {
    var alive = (1 << counts.count) - 1
    for count in counts.indices { hashes[count] = 0 }
    for rank in 0..<Self.beginning {
      alive &= run(order[rank], start, step)
      for count in counts.indices where alive & 1 << count != 0 {
        hashes[count] = Self.hash(hashes[count], values[count])
        if !filters[rank][Self.place(hashes[count])] { alive &= ~(1 << count) }
      }
      if alive == 0 { return }
    }
    for count in counts.indices where alive & 1 << count != 0 {
      guard var left = begins[hashes[count]] else { continue }
      for input in order where !left.isEmpty {
        let isDone = run(input, start, step) & 1 << count != 0
        left = isDone ? left.filter { wanted[$0][input] == values[count] } : []
      }
      for place in left { take(count, place) }
    }
  }

  /// What the loop gives on one input with each count, as `values`, and with which counts it has a value, a bit each.
  private func run(_ input: Int, _ start: [Int64], _ step: (borrowing [Int64]) -> Int64?) -> Int {
    var known = 0
    var last: Int64 = 0
    words[0] = inputs[input]
    words[x] = start[input]
    for count in counts { last = max(last, count[input]) }
    var done: Int64 = 0
    while true {
      for (place, count) in counts.enumerated() where max(0, count[input]) == done {
        values[place] = words[x]
        known |= 1 << place
      }
      if done == last { return known }
      done += 1
      words[y] = done
      guard let next = step(words) else { return known }
      words[x] = next
    }
  }
}
