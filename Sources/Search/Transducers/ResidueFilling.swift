import Evaluation

/// Gives terms to the blocks of a cut, on one thread.
///
/// The blocks get their terms one after another, in the order in which the streams need them, and what would follow is never
/// looked at where a stream of the symbols so far is answered wrongly. A stream with one symbol of the new block says to which
/// cells it may lead from the one before it: that is looked up for all choices at once. On the other streams the machine is run.
final class ResidueFilling {
  typealias Start = ResidueMachines.Start

  private let machines: ResidueMachines
  private let starts: [Start]
  private let tree: StreamTree
  private let modulus: Int
  private let states: Int
  private let cells: Int
  /// Those of `machines`.
  private let parents: UnsafeMutablePointer<Int32>
  private let symbols: UnsafeMutablePointer<Int32>
  private let wanted: UnsafeMutablePointer<UInt8>

  /// By symbol, then by cell: the cell that follows, with what is chosen so far.
  private let step: UnsafeMutablePointer<UInt8>
  /// The start, and the cell after each position.
  private let reached: UnsafeMutablePointer<UInt8>
  /// The answer at each cell, and `none` at `none`.
  private let answers: UnsafeMutablePointer<UInt8>
  /// For groups: the place in `step` of the symbol that is the value at each cell; -1 where there is no such symbol.
  private let valued: UnsafeMutablePointer<Int32>
  /// Per test: whether a cell leads to an answer, then whether a value of one state does beside some value of the other.
  private let good: UnsafeMutablePointer<Bool>
  /// The same one symbol before.
  private let goodBefore: UnsafeMutablePointer<Bool>
  /// Per term of each state: whether it is left; and per test: what the terms give there.
  private let isLeft: UnsafeMutablePointer<Bool>
  /// The numbers of those that are left.
  private let terms: UnsafeMutablePointer<UInt8>
  private let columns: UnsafeMutablePointer<(UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt8>)>
  /// Per block: the choices that are left.
  private let left: UnsafeMutablePointer<Int32>

  private var found: ResidueMachines.Machine?
  /// What is looked for has fewer bits; and the end of the work.
  private var bound = 0.0
  private var limit = 0.0
  private var spent = 0.0

  /// Most choices for a block that are tried in one place.
  private static let mostChoices = 8_192
  /// As many are looked at without those between them.
  private static let fewChoices = 4_096

  /// - Parameter machines: outlives this and is not changed meanwhile.
  init(_ machines: ResidueMachines, _ starts: [Start]) {
    (self.machines, self.starts, tree, modulus) = (machines, starts, machines.tree, machines.modulus)
    (states, cells) = (machines.states, machines.cells)
    (parents, symbols, wanted) = (machines.parents, machines.symbols, machines.wanted)
    func bytes<T>(_ count: Int, _ value: T) -> UnsafeMutablePointer<T> {
      let memory = UnsafeMutablePointer<T>.allocate(capacity: count)
      memory.initialize(repeating: value, count: count)
      return memory
    }
    step = bytes(tree.symbols.count * cells, ResidueTerms.none)
    reached = bytes(tree.count + 1, 0)
    answers = bytes(256, ResidueTerms.none)
    valued = bytes(256, -1)
    good = bytes(ResidueCut.mostTests * 512, false)
    goodBefore = bytes(256, false)
    isLeft = bytes(512, true)
    terms = bytes(513, 0)
    columns = .allocate(capacity: ResidueCut.mostTests)
    left = bytes(ResidueMachines.mostBlocks * Self.mostChoices, 0)
  }

  deinit {
    step.deallocate()
    reached.deallocate()
    answers.deallocate()
    valued.deallocate()
    good.deallocate()
    goodBefore.deallocate()
    isLeft.deallocate()
    terms.deallocate()
    columns.deallocate()
    left.deallocate()
  }

  /// Searches a cut further, in steps of bits, as long as its share of the allowed work is likely to do.
  ///
  /// - Parameters:
  ///   - within: what is looked for has fewer bits.
  ///   - work: the most that this may take.
  func extend(_ cut: ResidueCut, by step: Double, within: Double, allowed: Double, work: Double) {
    (found, spent, limit) = (nil, 0, work)
    // The next bound takes some twice as much as the one before.
    while cut.bound < found?.bits ?? within, cut.spent + spent + 2 * cut.last <= allowed * cut.share, spent < limit {
      let before = spent
      cut.bound = min(within, cut.bound + step)
      bound = min(cut.bound, found?.bits ?? within)
      fill(cut)
      cut.last = spent - before
    }
    cut.spent += spent
    (cut.latest, cut.found) = (spent, found)
  }

  private func fill(_ cut: ResidueCut) {
    cut.levels.withUnsafeBufferPointer { levels in
      cut.positions.withUnsafeBufferPointer { positions in
        cut.tests.withUnsafeBufferPointer { tests in
          cut.steps.withUnsafeBufferPointer { steps in
            let path = Path(levels: levels, positions: positions, tests: tests, steps: steps)
            for number in machines.output.tables.indices {
              setAnswers(machines.output.tables[number])
              for start in starts where spent < limit && !machines.asksWhetherOver() {
                if machines.isMirrored(start, number) { continue }
                reached[0] = start.cell
                choose(path, 0, start.bits + machines.output.bits[number], start, number)
              }
            }
          }
        }
      }
    }
  }

  private func setAnswers(_ table: [UInt8]) {
    for (cell, value) in table.enumerated() {
      answers[cell] = tree.asksForZero && value != ResidueTerms.none ? min(value, 1) : value
      let symbol = value == ResidueTerms.none ? nil : tree.symbols.firstIndex(of: Int64(value))
      valued[cell] = symbol.map { Int32($0 * cells) } ?? -1
    }
  }

  /// What is read on the way through the blocks of a cut.
  private struct Path {
    let levels: UnsafeBufferPointer<ResidueCut.Level>
    let positions: UnsafeBufferPointer<Int32>
    let tests: UnsafeBufferPointer<ResidueCut.Test>
    let steps: UnsafeBufferPointer<ResidueCut.Step>
  }

  /// Gives terms to the blocks from one on.
  private func choose(_ path: Path, _ block: Int, _ bits: Double, _ start: Start, _ output: Int) {
    if block == path.levels.count {
      found = ResidueMachines.Machine(
        starts: start.values, output: output,
        step: Array(UnsafeBufferPointer(start: step, count: tree.symbols.count * cells)),
        cells: Array(UnsafeBufferPointer(start: reached + 1, count: tree.count)), bits: bits)
      bound = bits
      return
    }
    let level = path.levels[block]
    let (menu, target) = (level.menu, step + level.first * cells)
    let left = left + block * Self.mostChoices
    let count = passing(path, level, within: bound - bits - level.rest, left)
    for place in 0..<count {
      let choice = Int(left[place])
      let next = bits + menu.choices[choice].bits
      if next + level.rest >= bound || spent >= limit { return }
      menu.write(choice, to: target)
      if isRight(path, level.layer) { choose(path, block + 1, next, start, output) }
    }
  }

  /// The choices of fewer bits that answer all tests as wanted, the first `mostChoices` of them; their count.
  ///
  /// A term of one state that answers a test wrongly beside every value of the other is left out with all its choices.
  private func passing(
    _ path: Path, _ level: ResidueCut.Level, within bits: Double, _ left: UnsafeMutablePointer<Int32>
  ) -> Int {
    let menu = level.menu
    let (first, second) = (isLeft, isLeft + 256)
    first.update(repeating: true, count: menu.counts.0)
    second.update(repeating: true, count: menu.counts.1)
    for (number, test) in path.tests[level.tests].enumerated() {
      let good = tell(path, test, number)
      let column = test.symbol * cells + Int(reached[test.before])
      columns[number] = (menu.columns.0 + column * menu.counts.0, menu.columns.1 + column * menu.counts.1)
      spent += 0.25 + Double(menu.counts.0 + menu.counts.1 + cells * (2 + test.after.count)) / 32
      if !leave(first, menu.counts.0, columns[number].0, good, step: 1) { return 0 }
      if states == 2, !leave(second, menu.counts.1, columns[number].1, good, step: modulus) { return 0 }
    }
    var (count, place) = (0, 0)
    let (leftFirst, leftSecond) = (list(first, menu.counts.0, 0), list(second, menu.counts.1, 256))
    if leftFirst * leftSecond <= Self.fewChoices {
      for i in 0..<leftFirst {
        for j in 0..<leftSecond {
          let (i, j) = (Int(terms[i]), Int(terms[256 + j]))
          let choice = menu.place(i, j)
          if choice < menu.count, menu.choices[choice].bits < bits, isGood(level.tests.count, i, j) {
            left[count] = Int32(choice)
            count += 1
          }
        }
      }
      spent += Double(leftFirst * leftSecond) / 16
      var found = UnsafeMutableBufferPointer(start: left, count: count)
      found.sort()
      return count
    }
    while place < menu.count, count < Self.mostChoices, menu.choices[place].bits < bits {
      let (i, j) = (Int(menu.choices[place].first), Int(menu.choices[place].second))
      if first[i] && second[j] {
        left[count] = Int32(place)
        count += isGood(level.tests.count, i, j) ? 1 : 0
        spent += 0.0625
      }
      place += 1
    }
    spent += Double(place) / 64
    return count
  }

  /// Lists the terms of a state that are left; their count.
  private func list(_ isLeft: UnsafeMutablePointer<Bool>, _ count: Int, _ start: Int) -> Int {
    var listed = start
    for term in 0..<count {
      terms[listed] = UInt8(term)
      listed += isLeft[term] ? 1 : 0
    }
    return listed - start
  }

  /// Leaves the terms out that lead to no good cell, whatever the other state is; false where none is left.
  private func leave(
    _ isLeft: UnsafeMutablePointer<Bool>, _ count: Int, _ column: UnsafeMutablePointer<UInt8>,
    _ good: UnsafeMutablePointer<Bool>, step: Int
  ) -> Bool {
    let some = good + 256
    let other = states == 1 ? 1 : step == 1 ? modulus : 1
    some.update(repeating: false, count: 256)
    for value in 0..<modulus {
      var isGood = false
      for beside in 0..<(states == 1 ? 1 : modulus) where good[value * step + beside * other] { isGood = true }
      some[value * step] = isGood
    }
    var any = false
    for term in 0..<count {
      let isGood = isLeft[term] && some[Int(column[term])]
      isLeft[term] = isGood
      any = any || isGood
    }
    return any
  }

  /// Whether a choice answers all tests as wanted.
  private func isGood(_ tests: Int, _ i: Int, _ j: Int) -> Bool {
    for test in 0..<tests {
      let cell = Int(columns[test].0[i]) + Int(columns[test].1[j])
      if !good[test * 512 + min(cell, Int(ResidueTerms.none))] { return false }
    }
    return true
  }

  /// Cells from which a step leads to good ones.
  private func before(_ good: UnsafeMutablePointer<Bool>, _ next: UnsafeMutablePointer<UInt8>) {
    for cell in 0..<cells { goodBefore[cell] = good[Int(next[cell])] }
    good.update(from: goodBefore, count: cells)
  }

  /// From which cells the symbols after a test's own lead to the wanted answer.
  private func tell(_ path: Path, _ test: ResidueCut.Test, _ number: Int) -> UnsafeMutablePointer<Bool> {
    let good = good + number * 512
    for cell in 0..<cells { good[cell] = answers[cell] == test.wanted }
    for place in test.after {
      switch path.steps[place] {
      case .symbol(let symbol): before(good, step + symbol * cells)
      case .value(let place):
        let from = Int(valued[Int(reached[place])])
        if from >= 0 { before(good, step + from) } else { good.update(repeating: false, count: cells) }
      case .close(let place):
        let outer = Int(reached[place])
        for cell in 0..<cells {
          let from = Int(valued[cell])
          goodBefore[cell] = from >= 0 && good[Int(step[from + outer])]
        }
        good.update(from: goodBefore, count: cells)
      }
    }
    return good
  }

  /// Runs the machine on the positions of a layer; whether it gives every wanted answer there.
  private func isRight(_ path: Path, _ layer: Range<Int>) -> Bool {
    for place in layer {
      let position = Int(path.positions[place])
      var symbol = Int(symbols[position])
      if symbol < 0 { symbol = Int(valued[Int(reached[-symbol])]) }
      let cell = symbol < 0 ? ResidueTerms.none : step[symbol + Int(reached[Int(parents[position])])]
      let isWanted = wanted[position] == ResidueTerms.none || wanted[position] == answers[Int(cell)]
      if cell == ResidueTerms.none || !isWanted {
        spent += 0.25 + Double(place - layer.lowerBound) / 32
        return false
      }
      reached[position + 1] = cell
    }
    spent += 0.25 + Double(layer.count) / 32
    return true
  }
}
