import Evaluation
import ExactArithmetic
import Grammars

/// States that are known because they are answered.
extension TransducerInversion {
  /// The output is the state: its update leads from answer to answer.
  func answers(_ shape: TransducerShape, work: Double, _ isOver: @escaping () -> Bool) {
    guard let output = leaf(shape.output, shape.outputVariables[0]) else { return }
    let base = shape.bits(attempt.grammar) + output.bits
    let starts = starts(shape.starts[0])
    for start in starts where !isOver() {
      guard let question = question(shape, from: start.value, beside: nil),
        let update = body(
          question, beside: base + start.bits, work: work / Double(starts.count), unproven: true, isOver)
      else { continue }
      offer(shape.program(starts: [start.program], updates: [update], output: output.program))
    }
  }

  /// The output is the first state, the second is led by a stored update: what the first then needs is an ordinary question.
  ///
  /// The i-th question gets a share 1/i of the work.
  func driven(_ shape: TransducerShape, work: Double, _ isOver: @escaping () -> Bool) {
    let bank = attempt.bank
    guard let machine = bank.kernelTables.machine,
      let output = leaf(shape.output, shape.outputVariables[0])
    else { return }
    let base = shape.bits(attempt.grammar) + output.bits
    let (firsts, seconds) = (starts(shape.starts[0]), starts(shape.starts[1]))
    var (asked, met, spent) = (0, Set<BodyQuestion>(), 0.0)
    for (index, bits) in bank.firstClasses(shape.updates[1], 1 << 16) {
      let driver = Int32(truncatingIfNeeded: bank.tables[shape.updates[1]].row(index)[0])
      for second in seconds {
        for first in firsts {
          let share = work / 4 / Double(asked + 1)
          if share < Self.leastWork || spent > work / 4 || isOver() { return }
          let beside = base + bits + second.bits + first.bits
          if beside >= bestBits { continue }
          spent += 16 * Double(tree.count)
          guard let states = driverStates(shape, machine, driver, from: [first.value, second.value]),
            let question = question(shape, from: first.value, beside: states), met.insert(question).inserted
          else { continue }
          asked += 1
          guard let update = body(question, beside: beside, work: share, unproven: false, isOver) else { continue }
          offer(
            shape.program(
              starts: [first.program, second.program], updates: [update, bank.program(shape.updates[1], index)],
              output: output.program))
        }
      }
    }
  }

  /// The second state before each position, beside the answers; nil where it has no value, or stands still.
  private func driverStates(_ shape: TransducerShape, _ machine: TermMachine, _ driver: Int32, from starts: [Int64])
    -> [Int64]?
  {
    let variables = shape.updateVariables
    var words = words([], [])
    var (before, reached) = ([Int64](), [starts[1]])
    for position in 0..<tree.count {
      let parent = tree.parents[position]
      let state = reached[parent + 1]
      before.append(state)
      words[variables[0]] = parent < 0 ? starts[0] : tree.wanted[parent]
      words[variables[1]] = state
      words[variables[2]] = tree.symbols[tree.places[position]]
      guard let next = machine.run(driver, on: words, stepLimit: attempt.configuration.stepLimit).word else {
        return nil
      }
      reached.append(next)
    }
    return reached.allSatisfy { $0 == reached[0] } ? nil : before
  }

  /// From answer to answer, from the state before and the symbol, and perhaps from a second state.
  private func question(_ shape: TransducerShape, from start: Int64, beside second: [Int64]?) -> BodyQuestion? {
    var (inputs, outputs) = ([[Int64]](), [Int64]())
    var known: [[Int64]: Int64] = [:]
    for position in 0..<tree.count {
      let parent = tree.parents[position]
      let state = parent < 0 ? start : tree.wanted[parent]
      if tree.wanted[position] == Value.noValueWord || state == Value.noValueWord { continue }
      let symbol = tree.symbols[tree.places[position]]
      let point = second.map { [state, $0[position], symbol] } ?? [state, symbol]
      if let other = known.updateValue(tree.wanted[position], forKey: point) {
        if other != tree.wanted[position] { return nil }
        continue
      }
      inputs.append(words(shape.updateVariables, point))
      outputs.append(tree.wanted[position])
    }
    return BodyQuestion(shape.updates[0], inputs, outputs, least: 1)
  }
}

// MARK: - A state that is read before it changes

extension TransducerInversion {
  /// The output is the first state, and its update is an operator above a term T of it and the symbol and a term D of the second:
  /// T is known, so D is, and the second state is sought as one that must tell D.
  func delayed(_ shape: TransducerShape, _ halves: UpdateHalves, _ terms: StateTerms, work: Double) {
    guard let output = leaf(shape.output, shape.outputVariables[0]) else { return }
    let base = shape.bits(attempt.grammar) + output.bits
    var met: Set<[Int64]> = []
    var goals: [(values: Int, bits: Double, question: SeparableUpdates.Question)] = []
    for (known, start, bits) in knownTerms(shape) {
      for joint in Joint.all(attempt.grammar, of: shape.updates[0]) {
        guard let goal = delayed(known.values, joint), met.insert([goal.first] + goal.wanted).inserted else { continue }
        let bits = base + bits + joint.bits
        let question = SeparableUpdates.Question(wanted: goal.wanted, first: goal.first, bits: bits) {
          second, update, term in
          shape.program(
            starts: [start.program, second], updates: [joint.program(known.program, term), update],
            output: output.program)
        }
        goals.append((Set(goal.wanted).count, bits, question))
      }
    }
    // What takes the fewest values is told first.
    for (number, goal) in goals.ordered(by: { Double($0.values) * 1_024 + $0.bits }).enumerated() {
      let share = work / 2 / Double(number + 1)
      if share < Self.leastWork || halves.isSpent(.infinity) { return }
      if goal.bits >= bestBits { continue }
      let separable = SeparableUpdates(self, halves, terms, goal.question)
      separable.followed(work: share * 0.85)
      separable.fromOutputs(work: share * 0.15)
    }
  }

  private typealias Known = (program: Program, values: [Int64])

  /// The first stored updates of the first state that do not read the second, with their values at all positions, for each start.
  private func knownTerms(_ shape: TransducerShape) -> [(Known, (value: Int64, program: Program, bits: Double), Double)]
  {
    let bank = attempt.bank
    guard let machine = bank.kernelTables.machine else { return [] }
    var found: [(Known, (value: Int64, program: Program, bits: Double), Double)] = []
    for (index, bits) in bank.firstClasses(shape.updates[0], 256) {
      let number = Int32(truncatingIfNeeded: bank.tables[shape.updates[0]].row(index)[0])
      for start in starts(shape.starts[0]) {
        let values = tree.parents.indices.map { position -> Int64 in
          let parent = tree.parents[position]
          let state = parent < 0 ? start.value : tree.wanted[parent]
          if state == Value.noValueWord { return state }
          let words = words(
            [shape.updateVariables[0], shape.updateVariables[2]], [state, tree.symbols[tree.places[position]]])
          return machine.run(number, on: words, stepLimit: attempt.configuration.stepLimit).word ?? Value.noValueWord
        }
        if values.contains(Value.noValueWord) { continue }
        found.append(((bank.program(shape.updates[0], index), values), start, bits + start.bits))
      }
    }
    return found.ordered { $0.2 }
  }

  /// What D must be before each position, as wanted of the position before; nil where T and the answer leave no value, or two, or
  /// one and the same everywhere.
  private func delayed(_ known: [Int64], _ joint: Joint) -> (wanted: [Int64], first: Int64)? {
    var wanted = Array(repeating: Value.noValueWord, count: tree.count)
    var first: Int64?
    for position in 0..<tree.count where tree.wanted[position] != Value.noValueWord {
      guard let value = joint.second(known[position], tree.wanted[position]) else { return nil }
      let parent = tree.parents[position]
      let other = parent < 0 ? first : wanted[parent]
      if let other, other != Value.noValueWord, other != value { return nil }
      if parent < 0 { first = value } else { wanted[parent] = value }
    }
    guard let first, wanted.contains(where: { $0 != Value.noValueWord && $0 != first }) else { return nil }
    return (wanted, first)
  }
}
