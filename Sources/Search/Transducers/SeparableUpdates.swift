import Evaluation
import Grammars

/// Finds transducers of one state whose update is an operator above a term A of the state and a term B of the symbol,
/// s ↦ A(s) + B(x), in three ways, each in order of bits:
///
/// 1. *From the output.* For an output O, an operator and the value a = A(start), the first answers ask of the first symbols
///    that O(a + B(x)) = y. Terms B stand in a tree by their values at the first symbols, and a branch is left at the first
///    symbol that contradicts. What remains is run on all streams with each A of that value. It prunes where streams begin
///    with many symbols.
/// 2. *From output and state.* For O and A the streams are followed symbol by symbol: positions that need the values of B
///    known so far, and no others, are run at once. It prunes where symbols are few.
/// 3. *From the update.* A + B is run on the streams and left at the first place where the wanted answer is no function of the
///    state; for the others the output is sought (`OutputPool`).
final class SeparableUpdates {
  /// What is asked of a state, and how its program is written.
  struct Question {
    /// Per position: the value that a term of the state must have there, or no value where none is asked.
    let wanted: [Int64]
    /// The value that it must have at the start; nil where none is asked.
    let first: Int64?
    /// Bits of all that is neither start, update nor that term.
    let bits: Double
    /// The program with a start, an update and the term.
    let write: (Program, Program, Program) -> Program
  }

  private let inversion: TransducerInversion
  private let halves: UpdateHalves
  private let outputs: StateTerms
  private let question: Question
  private let wanted: UnsafeMutablePointer<Int64>
  /// Outputs that can give all that is wanted.
  private let chosen: [Int]

  init(_ inversion: TransducerInversion, _ halves: UpdateHalves, _ outputs: StateTerms, _ question: Question) {
    (self.inversion, self.halves, self.outputs, self.question) = (inversion, halves, outputs, question)
    wanted = .allocate(capacity: question.wanted.count)
    wanted.initialize(from: question.wanted, count: question.wanted.count)
    let answers = Set(question.wanted).subtracting([Value.noValueWord])
    chosen = (0..<outputs.count).filter { outputs.gives(answers, $0) }
  }

  deinit { wanted.deallocate() }

  private func offer(_ front: UpdateHalves.Front, _ symbol: Int, _ output: Int) {
    inversion.offer(write(front, symbol)(outputs.list.program(output)))
  }

  private func write(_ front: UpdateHalves.Front, _ symbol: Int) -> (Program) -> Program {
    let (write, start) = (question.write, halves.starts[front.start].program)
    let update = halves.update(front, symbol)
    return { write(start, update, $0) }
  }

  /// Takes pairs of things in order of their bits, one of each; `isDone` ends it.
  ///
  /// - Parameters:
  ///   - first, second: bits, each in rising order.
  ///   - base: bits of what is around every pair.
  private func pairs(
    _ first: [Double], _ second: [Double], base: Double, _ isDone: () -> Bool, _ take: (Int, Int) -> Void
  ) {
    guard let least = first.first, let other = second.first else { return }
    var next = Array(repeating: 0, count: first.count)
    var bound = base + least + other
    while bound < inversion.bestBits, !isDone() {
      bound += 1
      var isMore = false
      for number in first.indices {
        let bits = base + first[number]
        if bits + other >= bound {
          isMore = true
          break
        }
        while next[number] < second.count, bits + second[next[number]] < bound {
          if isDone() { return }
          next[number] += 1
          if bits + second[next[number] - 1] < inversion.bestBits { take(number, next[number] - 1) }
        }
        if next[number] < second.count { isMore = true }
      }
      if !isMore { return }
    }
  }
}

// MARK: - From the output

extension SeparableUpdates {
  /// Fronts with one operator, and one value of the term of the state at the start.
  private struct Group {
    let value: Int64
    let joint: Int
    var fronts: [UpdateHalves.Front]
  }

  private func groups() -> [Group] {
    var groups: [[Int64]: Group] = [:]
    for front in halves.fronts() {
      let value = halves.states.origin(front.state)[Int(halves.starts[front.start].value)]
      if value == Value.noValueWord { continue }
      groups[[value, Int64(front.joint)], default: Group(value: value, joint: front.joint, fronts: [])].fronts
        .append(front)
    }
    return groups.values.sorted {
      ($0.fronts[0].bits, $0.joint, $0.value) < ($1.fronts[0].bits, $1.joint, $1.value)
    }
  }

  /// Outputs first: terms of the symbol by the first answers, then the rest of the update.
  func fromOutputs(work limit: Double) {
    let first = Array(inversion.tree.first(question.wanted).prefix(halves.prefixes.lanes))
    guard !first.isEmpty else { return }
    let end = halves.spent + limit
    let groups = groups()
    let least = halves.symbols.bits[0]
    pairs(
      chosen.map { outputs.bits[$0] }, groups.map { $0.fronts[0].bits }, base: question.bits + least,
      { halves.isSpent(end) }
    ) {
      choice, group in
      let (output, group) = (chosen[choice], groups[group])
      let joint = halves.joints[group.joint]
      let values = outputs.origin(output)
      halves.prefixes.follow(depth: first.count) { lane, value in
        let state = joint.value(group.value, value)
        halves.spent += 0.25
        return StateTerms.states.contains(state) && values[Int(state)] == first[lane]
      } leaf: { terms in
        for term in terms where !halves.isSpent(end) { fit(group, output, Int(term)) }
      }
    }
  }

  /// A term of the symbol that agrees with the first answers: with each front it is run on all streams.
  private func fit(_ group: Group, _ output: Int, _ symbol: Int) {
    let base = question.bits + outputs.bits[output] + halves.symbols.bits[symbol]
    for front in group.fronts {
      if base + front.bits >= inversion.bestBits { return }
      if halves.isRight(front, symbol, outputs.origin(output), wanted) { offer(front, symbol, output) }
    }
  }
}

// MARK: - From output and state

extension SeparableUpdates {
  /// Outputs and terms of the state first: terms of the symbol along the streams.
  func followed(work limit: Double) {
    let end = halves.spent + limit
    let fronts = halves.fronts()
    let least = halves.symbols.bits[0]
    let bits = chosen.map { outputs.bits[$0] }
    pairs(bits, fronts.map(\.bits), base: question.bits + least, { halves.isSpent(end) }) { choice, number in
      let (output, front) = (chosen[choice], fronts[number])
      let values = outputs.origin(output)
      if let first = question.first, values[Int(halves.starts[front.start].value)] != first { return }
      let base = question.bits + outputs.bits[output] + front.bits
      halves.follow(front, values, wanted, until: end) { symbol in
        guard base + halves.symbols.bits[symbol] < inversion.bestBits else { return }
        if halves.isRight(front, symbol, values, wanted) { offer(front, symbol, output) }
      }
    }
  }
}

// MARK: - From the update

extension SeparableUpdates {
  /// Updates first; those that tell the answers go to the pool.
  func fromUpdates(_ pool: OutputPool, work limit: Double) {
    let known = pool.work
    let end = halves.spent + limit
    let fronts = halves.fronts()
    let seen = StateAnswers()
    pairs(fronts.map(\.bits), halves.symbols.bits, base: question.bits, { halves.isSpent(end - (pool.work - known)) }) {
      number, symbol in
      let front = fronts[number]
      seen.clear()
      let isFunction = halves.run(front, symbol) { position, state in
        wanted[position] == Value.noValueWord || seen.agrees(state, wanted[position])
      }
      guard isFunction else { return }
      pool.add(
        OutputPool.Entry(
          bits: question.bits + front.bits + halves.symbols.bits[symbol], points: seen.states.map { [$0] },
          answers: seen.answers, write: write(front, symbol)))
    }
  }
}

/// The answer wanted at each state that was met.
private final class StateAnswers {
  var states: [Int64] { Array(UnsafeBufferPointer(start: met, count: count)) }
  var answers: [Int64] { states.map { known[Int($0 - StateTerms.states.lowerBound)] } }
  private var count = 0
  private var round: Int32 = 0
  private let met: UnsafeMutablePointer<Int64> = .allocate(capacity: StateTerms.width)
  private let rounds: UnsafeMutablePointer<Int32> = .allocate(capacity: StateTerms.width)
  private let known: UnsafeMutablePointer<Int64> = .allocate(capacity: StateTerms.width)

  init() { rounds.initialize(repeating: 0, count: StateTerms.width) }

  deinit {
    met.deallocate()
    rounds.deallocate()
    known.deallocate()
  }

  func clear() {
    count = 0
    if round == .max {
      rounds.update(repeating: 0, count: StateTerms.width)
      round = 0
    }
    round += 1
  }

  /// Whether this answer at this state contradicts none before.
  @inline(__always)
  func agrees(_ state: Int64, _ answer: Int64) -> Bool {
    let place = Int(state - StateTerms.states.lowerBound)
    if rounds[place] == round { return known[place] == answer }
    rounds[place] = round
    known[place] = answer
    met[count] = state
    count += 1
    return true
  }
}
