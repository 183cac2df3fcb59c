import Evaluation
import Grammars

/// Machines of one or two states that count modulo m, each block of symbols with an update of its own.
///
/// A block is some symbols that follow each other in rising order; on it every state has one stored term as its update. For each
/// way to cut the symbols into blocks (`ResidueCut`) the blocks are given their terms one after another, in the order in which the
/// streams need them, and what would follow is never looked at where a stream of the symbols so far is answered wrongly. A stream
/// with one symbol of the new block says to which cells it may lead from the one before it: that is looked up for all choices at
/// once. On the other streams the machine is run. Terms are tables (`ResidueTerms`): a step reads a byte.
///
/// All ways to cut get their share of the work, each within bounds of bits that rise. Lengths in `Double` order the work and decide nothing else.
final class ResidueMachines {
  /// A machine that gives all wanted answers.
  struct Machine {
    /// Values of the states before the first symbol.
    let starts: [Int]
    /// The number of the output's term.
    let output: Int
    /// The cell that follows, by symbol, then by cell.
    let step: [UInt8]
    /// The cell after each position of the streams.
    let cells: [UInt8]
    /// Bits of the starts, the output and the terms of all blocks.
    let bits: Double
  }

  /// The states before the first symbol, as values and as one cell.
  private struct Start {
    let values: [Int]
    let cell: UInt8
    let bits: Double
  }

  private let tree: StreamTree
  private let modulus: Int
  private let states: Int
  private let cells: Int
  /// Tables of the terms of each state's update, and of the output.
  private let updates: [ResidueTerms]
  private let output: ResidueTerms
  private var menus: [Range<Int>: ResidueMenu] = [:]
  /// By the number of an output: that of the one with the states exchanged, nil where there is none. Empty where states differ.
  private let mirrors: [Int?]

  /// Per position: the place of the cell before it in `reached`, of its symbol's cells in `step` (or `-1 - q` where the symbol is
  /// the value of the group that ends at q), and the wanted answer or `none`.
  private let parents: UnsafeMutablePointer<Int32>
  private let symbols: UnsafeMutablePointer<Int32>
  private let wanted: UnsafeMutablePointer<UInt8>
  /// By symbol, then by cell: the cell that follows, with what is chosen so far.
  private let step: UnsafeMutablePointer<UInt8>
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

  private var best: Machine?
  /// What is looked for has fewer bits; and the end of the work.
  private var bound = 0.0
  private var limit = 0.0
  /// Work done here, in candidates of eight words.
  private(set) var spent = 0.0
  private let isOver: () -> Bool

  static let mostSymbols = 12
  /// Most blocks, terms of a state, outputs, and choices for a block.
  static let mostBlocks = 4
  static let mostTerms = 192
  static let mostOutputs = 48
  /// Most choices for a block that are tried in one place; and those that are kept.
  private static let mostChoices = 8_192
  /// As many are looked at without those between them.
  private static let fewChoices = 4_096
  private static let mostPairs = 1 << 15
  private let mostPairs: Int
  private static let mostBits = 128.0
  private static let boundStep = 4.0

  /// - Parameters:
  ///   - tree: of at most `mostSymbols` symbols; answers are residues.
  ///   - isSymmetric: whether there are two states, and what is said of one is said of the other, with as many bits.
  ///   - memory: bytes that choices may take.
  init(
    _ tree: StreamTree, modulus: Int, updates: [ResidueTerms], output: ResidueTerms, isSymmetric: Bool, memory: Int,
    _ isOver: @escaping () -> Bool
  ) {
    (self.tree, self.modulus, self.updates, self.output, self.isOver) = (tree, modulus, updates, output, isOver)
    states = updates.count
    cells = states == 2 ? modulus * modulus : modulus
    // Any two symbols may be the ends of a block.
    let blocks = tree.symbols.count * (tree.symbols.count + 1) / 2
    mostPairs = min(Self.mostPairs, memory / (32 * blocks))
    mirrors = isSymmetric ? Self.mirrors(output.tables, modulus) : []
    precondition(cells < Int(ResidueTerms.none) && tree.symbols.count <= Self.mostSymbols)
    func bytes<T>(_ count: Int, _ value: T) -> UnsafeMutablePointer<T> {
      let memory = UnsafeMutablePointer<T>.allocate(capacity: max(1, count))
      memory.initialize(repeating: value, count: count)
      return memory
    }
    parents = bytes(tree.count, 0)
    symbols = bytes(tree.count, 0)
    wanted = bytes(tree.count, ResidueTerms.none)
    step = bytes(tree.symbols.count * cells, ResidueTerms.none)
    reached = bytes(tree.count + 1, 0)
    answers = bytes(256, ResidueTerms.none)
    valued = bytes(256, -1)
    good = bytes(ResidueCut.mostTests * 512, false)
    goodBefore = bytes(256, false)
    isLeft = bytes(512, true)
    terms = bytes(513, 0)
    columns = .allocate(capacity: ResidueCut.mostTests)
    left = bytes(Self.mostBlocks * Self.mostChoices, 0)
    for position in 0..<tree.count {
      parents[position] = Int32(tree.parents[position] + 1)
      let group = tree.groups[position]
      symbols[position] = Int32(group < 0 ? tree.places[position] * cells : -1 - group)
      let answer = tree.wanted[position]
      if answer != Value.noValueWord { wanted[position] = UInt8(answer) }
    }
  }

  private static func mirrors(_ tables: [[UInt8]], _ modulus: Int) -> [Int?] {
    tables.map { table in
      tables.firstIndex { other in
        other.indices.allSatisfy { other[$0] == table[$0 / modulus + $0 % modulus * modulus] }
      }
    }
  }

  deinit {
    for menu in menus.values { menu.deallocate() }
    parents.deallocate()
    symbols.deallocate()
    wanted.deallocate()
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

  /// Bytes of the choices of all blocks.
  var bytes: Int { menus.values.reduce(0) { $0 + $1.bytes } }

  /// The machine of fewest bits that is met within some work; bits of its terms, starts and output are fewer than `bits`.
  ///
  /// - Parameter starts: values of the states before the first symbol, with their bits.
  func run(_ starts: [(values: [Int], bits: Double)], within bits: Double, work: Double) -> Machine? {
    let most = min(bits, Self.mostBits)
    let starts = starts.map { start in
      Start(
        values: start.values, cell: UInt8(start.values.reversed().reduce(0) { $0 * modulus + $1 }), bits: start.bits)
    }
    limit = work
    let cuts = ResidueCut.all(tree, modulus: modulus, most: Self.mostBlocks, menu)
    var allowed = work / 256
    while best == nil, spent < limit, cuts.contains(where: { $0.bound < most }), !isOver() {
      for cut in cuts {
        // The next bound takes some twice as much as the one before.
        while cut.bound < most, cut.spent + 2 * cut.last <= allowed * cut.share, spent < limit {
          let before = spent
          cut.bound = min(most, cut.bound + Self.boundStep)
          if best == nil { bound = cut.bound }
          fill(cut, starts)
          cut.last = spent - before
          cut.spent += cut.last
        }
      }
      allowed *= 2
    }
    return best
  }

  private func fill(_ cut: ResidueCut, _ starts: [Start]) {
    cut.levels.withUnsafeBufferPointer { levels in
      cut.positions.withUnsafeBufferPointer { positions in
        cut.tests.withUnsafeBufferPointer { tests in
          cut.steps.withUnsafeBufferPointer { steps in
            let path = Path(levels: levels, positions: positions, tests: tests, steps: steps)
            for number in output.tables.indices {
              setAnswers(output.tables[number])
              for start in starts where spent < limit && !isOver() {
                if isMirrored(start, number) { continue }
                reached[0] = start.cell
                choose(path, 0, start.bits + output.bits[number], start, number)
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

  /// Whether the states, one in place of the other, are looked at elsewhere: nothing tells them apart.
  private func isMirrored(_ start: Start, _ output: Int) -> Bool {
    guard !mirrors.isEmpty, let other = mirrors[output] else { return false }
    return other < output || other == output && start.values[0] > start.values[1]
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
      best = Machine(
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

  /// The choices for a block: a term for each state, of those with the same values there the first.
  private func menu(_ block: Range<Int>) -> ResidueMenu {
    if let known = menus[block] { return known }
    let window = block.lowerBound * cells..<block.upperBound * cells
    let terms = updates.map { update -> [(bits: Double, row: [UInt8])] in
      var met: Set<[UInt8]> = []
      return update.tables.indices.compactMap {
        let row = Array(update.tables[$0][window])
        return met.insert(row).inserted ? (update.bits[$0], row) : nil
      }
    }
    let menu = ResidueMenu(terms, width: window.count, modulus: modulus, most: mostPairs)
    spent += Double(menu.bytes) / 32
    menus[block] = menu
    return menu
  }
}
