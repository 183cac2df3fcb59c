import Evaluation
import ExactArithmetic
import Grammars

/// Loops that add up: x ↦ x + T(y, n), where T does not see x. The sum of T over the iterations is the goal less the start.
extension LoopInversion {
  /// A loop with what its second variable is in each iteration.
  struct Frame {
    let shape: LoopShape
    let count: KnownTerm
    let driver: Driver?
    /// By example, or by number.
    let states: [[Int64]]
    /// What x and y stand for in a sum over pairs; in others x is not read.
    var pairing: Pairing?
  }

  /// Most points that a term is run on (half as many where states are driven: there are many such frames), fewest examples
  /// that they come from, and most programs run for one frame.
  private static let mostPoints = 64
  private static let leastExamples = 6
  private static let mostProposals = 400

  /// The shortest program met that agrees with all training examples.
  func sums(work: Double, _ isOver: @escaping () -> Bool) -> Program? {
    // Driven states from a constant are few; those from a term in n are many, and a driver says little about the sum.
    var best = BestProgram(attempt.grammar)
    for (kind, part) in [(FrameKind.counted, 0.6), (.drivenFromConstants, 0.2), (.driven, 0.2)] {
      var asked: Set<[[Int64]]> = []
      for frame in frames(kind, shapes, known) {
        let rank = Double(asked.count + 1)
        let share = work * part / (kind == .driven ? 8 * rank.squareRoot() : 3 * rank)
        if share < Self.leastWork || isOver() { break }
        guard asked.insert(frame.states).inserted else { continue }
        let room = kind == .counted ? Self.mostPoints : Self.mostPoints / 2
        best.offer(found(frame, room: room, work: share, isOver))
      }
    }
    return best.program
  }

  enum FrameKind { case counted, drivenFromConstants, driven }

  /// The loops of a kind, by bits; counts and starts are among the terms of their nonterminals.
  func frames(_ kind: FrameKind, _ shapes: [LoopShape], _ terms: (Int) -> [KnownTerm]) -> [Frame] {
    var frames: [(bits: Double, frame: Frame)] = []
    for shape in shapes where shape.head == (kind == .counted ? .loop : .loop2) {
      let bits = shape.bits(attempt.grammar)
      let counts = terms(shape.count).filter { Self.counts($0.row) }
      if kind == .counted {
        for count in counts {
          let states = count.row.map { $0 < 1 ? [] : Array(1...min($0, 1_000)) }
          frames.append((bits + count.bits, Frame(shape: shape, count: count, driver: nil, states: states)))
        }
        continue
      }
      let starts = terms(shape.starts[1]).filter { ($0.constant == nil) == (kind == .driven) }.prefix(6)
      for driver in drivers(shape, from: starts, most: 200) {
        for count in counts where zip(count.row, driver.states).allSatisfy({ $0 <= $1.count }) {
          let states = zip(count.row, driver.states).map { Array($1.prefix(Int(max(0, $0)))) }
          frames.append(
            (bits + count.bits + driver.bits, Frame(shape: shape, count: count, driver: driver, states: states)))
        }
      }
    }
    return frames.ordered(most: 1_000) { $0.bits }.map(\.frame)
  }

  /// The points that a loop's sum is taken over: a state that comes again is one point.
  ///
  /// - Parameters:
  ///   - owner: the example, by its place among those of the frame, and by the number that its points get.
  ///   - number: what `variable` is outside of the loop.
  func points(_ frame: Frame, example: Int, owner: Int, variable: Int, number: Int64) -> [SumSearch.Point] {
    let shape = frame.shape
    let states = frame.states[example]
    return Dictionary(states.map { ($0, Int64(1)) }, uniquingKeysWith: +).sorted { $0.key < $1.key }.map { y, times in
      let own = frame.pairing?.words(y, example) ?? [Value.noValueWord, y]
      var words = attempt.words(shape.variables, own)
      if !shape.variables.contains(variable) { words[variable] = number }
      return SumSearch.Point(words: words, owner: owner, times: times)
    }
  }

  /// A loop with its first body and start.
  func program(_ frame: Frame, body: Program, start: Program) -> Program {
    let driver = frame.driver
    return frame.shape.program(
      [body] + (driver.map { [$0.body] } ?? []), count: frame.count.program,
      starts: [start] + (driver.map { [$0.start] } ?? []))
  }

  /// Writes x + T as a body.
  func sum(_ shape: LoopShape) -> ((Program) -> Program)? {
    let grammar = attempt.grammar
    let body = shape.bodies[0]
    let number = grammar.nonterminals[body].productions.first {
      grammar.productions[$0].symbol == .operation(.add) && grammar.productions[$0].arguments == [body, body]
    }
    guard let number, let x = attempt.leaf(body, shape.variables[0]) else { return nil }
    return { Program(number, [x, $0]) }
  }

  /// Writes what a frame adds up, T, as a body: with what its variables stand for.
  func sum(_ frame: Frame) -> ((Program) -> Program?)? {
    let grammar = attempt.grammar
    guard let sum = sum(frame.shape) else { return nil }
    guard let pairing = frame.pairing else { return sum }
    let (x, y) = (frame.shape.variables[0], frame.shape.variables[1])
    return { body in
      var term = grammar.term(of: body)
      if pairing.readsRemainder { term = term.replacing(y, by: .operation(.mod, [.variable(y), pairing.side])) }
      term = term.replacing(x, by: .operation(.div, [.variable(y), pairing.side]))
      return grammar.derivation(of: term, from: frame.shape.bodies[0]).map(sum)
    }
  }

  /// The shortest program that a frame's sums give.
  ///
  /// - Parameters:
  ///   - room: most points that a term is run on.
  func found(_ frame: Frame, room: Int, work: Double, _ isOver: @escaping () -> Bool) -> Program? {
    let shape = frame.shape
    guard let body = sum(frame) else { return nil }
    // Examples of few points, as many as there is room for.
    let sizes = frame.states.map { Set($0).count }
    let order = sizes.indices.sorted { (sizes[$0], $0) < (sizes[$1], $1) }
    var (chosen, asked) = ([Int](), [SumSearch.Point]())
    for example in order where asked.count + sizes[example] <= room {
      asked += points(
        frame, example: example, owner: chosen.count, variable: 0, number: attempt.inputs[example])
      chosen.append(example)
    }
    guard chosen.count >= Self.leastExamples, asked.count >= Self.leastExamples else { return nil }
    var wanted: [[Int64]] = []
    var write: [(Program) -> Program?] = []
    func add(_ goal: Goal, _ start: KnownTerm) {
      wanted.append(chosen.map { goal.row[$0] &- start.row[$0] })
      write.append { [self] in
        body($0).map { goal.around(program(frame, body: $0, start: start.program)) }
      }
    }
    let starts = known(shape.starts[0])
    for start in starts { add(goals[0], start) }
    if let start = starts.first(where: { $0.constant == 0 }) { for goal in goals.dropFirst() { add(goal, start) } }
    guard
      let search = SumSearch(
        language(shape.bodies[0]), asked, wanted: wanted, memoryLimit: memoryLeft,
        stepLimit: attempt.configuration.stepLimit)
    else { return nil }
    var best = BestProgram(attempt.grammar)
    var tried = 0
    let machine = TermMachine(attempt.grammar)
    search.run(work: work, isOver) { proposal in
      guard let program = write[proposal.goal](proposal.program) else { return false }
      tried += 1
      best.offer(program) { attempt.agrees($0, machine) }
      return tried >= Self.mostProposals
    }
    attempt.bank.meter.note(search.bytes)
    return best.program
  }
}
