import Evaluation
import ExactArithmetic
import Grammars

/// Updates in order of prior, as the attempt has stored them.
extension TransducerInversion {
  /// Runs stored updates on the streams; those that tell the answers go to the pool.
  func enumerated(_ shape: TransducerShape, _ pool: OutputPool, work: Double, _ isOver: () -> Bool) {
    let bank = attempt.bank
    guard let machine = bank.kernelTables.machine else { return }
    let update = shape.updates[0]
    let base = shape.bits(attempt.grammar)
    let starts = starts(shape.starts[0])
    var spent = 0.0
    for (index, bits) in bank.firstClasses(update, 1 << 20) {
      let number = Int32(truncatingIfNeeded: bank.tables[update].row(index)[0])
      for start in starts {
        let total = base + bits + start.bits
        if spent >= work || total >= bestBits || isOver() { return }
        guard let entry = told(shape, machine, number, from: start.value, &spent) else { continue }
        let program = bank.program(update, index)
        pool.add(
          OutputPool.Entry(bits: total, points: entry.points, answers: entry.answers) {
            shape.program(starts: [start.program], updates: [program], output: $0)
          })
      }
    }
  }

  /// The state and symbol at each wanted answer, each pair once; nil where one asks for two answers, or a state has no value.
  private func told(
    _ shape: TransducerShape, _ machine: TermMachine, _ update: Int32, from start: Int64, _ spent: inout Double
  ) -> (points: [[Int64]], answers: [Int64])? {
    var words = words([], [])
    let (state, symbol) = (shape.updateVariables[0], shape.updateVariables[1])
    var reached = [start]
    var known: [[Int64]: Int64] = [:]
    var (points, answers) = ([[Int64]](), [Int64]())
    for position in 0..<tree.count {
      spent += 8
      words[state] = reached[tree.parents[position] + 1]
      words[symbol] = tree.symbols[tree.places[position]]
      guard let next = machine.run(update, on: words, stepLimit: attempt.configuration.stepLimit).word else {
        return nil
      }
      reached.append(next)
      let answer = tree.wanted[position]
      if answer == Value.noValueWord { continue }
      let point = [next, words[symbol]]
      if let other = known.updateValue(answer, forKey: point) {
        if other != answer { return nil }
      } else {
        points.append(point)
        answers.append(answer)
      }
    }
    return (points, answers)
  }
}
