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
/// All ways to cut get like work, each within bounds of bits that rise. Lengths in `Double` order the work and decide nothing else.
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

  /// Per position: the place of the cell before it in `reached`, of its symbol's cells in `step`, and the wanted answer or `none`.
  private let parents: UnsafeMutablePointer<Int32>
  private let symbols: UnsafeMutablePointer<Int32>
  private let wanted: UnsafeMutablePointer<UInt8>
  /// By symbol, then by cell: the cell that follows, with what is chosen so far.
  private let step: UnsafeMutablePointer<UInt8>
  private let reached: UnsafeMutablePointer<UInt8>
  /// The answer at each cell, and `none` at `none`.
  private let answers: UnsafeMutablePointer<UInt8>
  /// Whether a cell leads to an answer, and the same one symbol before.
  private let good: UnsafeMutablePointer<Bool>
  private let goodBefore: UnsafeMutablePointer<Bool>
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
  private static let mostChoices = 2_048
  /// Most bytes of the choices for a block, in either order.
  private static let mostBytes = 1 << 19
  private let mostBytes: Int
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
    mostBytes = min(Self.mostBytes, memory / (2 * blocks))
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
    good = bytes(256, false)
    goodBefore = bytes(256, false)
    left = bytes(Self.mostBlocks * Self.mostChoices, 0)
    for position in 0..<tree.count {
      parents[position] = Int32(tree.parents[position] + 1)
      symbols[position] = Int32(tree.places[position] * cells)
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
    good.deallocate()
    goodBefore.deallocate()
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
    let cuts = ResidueCut.ends(tree.symbols.count, most: Self.mostBlocks).map { ResidueCut(tree, ends: $0, menu) }
    var allowed = work / 256 / Double(cuts.count)
    while best == nil, spent < limit, cuts.contains(where: { $0.bound < most }), !isOver() {
      for cut in cuts {
        // The next bound takes some twice as much as the one before.
        while cut.bound < most, cut.spent + 2 * cut.last <= allowed, spent < limit {
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
          cut.symbols.withUnsafeBufferPointer { symbols in
            let path = Path(levels: levels, positions: positions, tests: tests, symbols: symbols)
            for number in output.tables.indices {
              for (cell, answer) in output.tables[number].enumerated() { answers[cell] = answer }
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
    let symbols: UnsafeBufferPointer<Int>
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
      let next = bits + menu.bits[choice]
      if next + level.rest >= bound || spent >= limit { return }
      target.update(from: menu.rows + choice * menu.width, count: menu.width)
      if isRight(path, level.layer) { choose(path, block + 1, next, start, output) }
    }
  }

  /// The choices of fewer bits that answer all tests as wanted; their count.
  private func passing(
    _ path: Path, _ level: ResidueCut.Level, within bits: Double, _ left: UnsafeMutablePointer<Int32>
  ) -> Int {
    let menu = level.menu
    var count = 0
    while count < menu.count, menu.bits[count] < bits {
      left[count] = Int32(count)
      count += 1
    }
    for test in path.tests[level.tests] where count > 0 {
      tell(path, test)
      let column = menu.columns + (test.symbol * cells + Int(reached[test.before])) * menu.count
      spent += 0.25 + Double(count + cells * test.after.count) / 32
      var kept = 0
      for place in 0..<count {
        let choice = left[place]
        left[kept] = choice
        kept += good[Int(column[Int(choice)])] ? 1 : 0
      }
      count = kept
    }
    return count
  }

  /// From which cells the symbols after a test's own lead to the wanted answer.
  private func tell(_ path: Path, _ test: ResidueCut.Test) {
    for cell in 0..<cells { good[cell] = answers[cell] == test.wanted }
    for place in test.after {
      let next = step + path.symbols[place] * cells
      for cell in 0..<cells { goodBefore[cell] = good[Int(next[cell])] }
      good.update(from: goodBefore, count: cells)
    }
  }

  /// Runs the machine on the positions of a layer; whether it gives every wanted answer there.
  private func isRight(_ path: Path, _ layer: Range<Int>) -> Bool {
    for place in layer {
      let position = Int(path.positions[place])
      let cell = step[Int(symbols[position]) + Int(reached[Int(parents[position])])]
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
    var choices = terms[0]
    if states == 2 {
      let pairs = terms[0].indices.flatMap { first in terms[1].indices.map { (first, $0) } }
      let most = min(Self.mostChoices, mostBytes / window.count)
      choices = pairs.ordered(most: most) { terms[0][$0.0].bits + terms[1][$0.1].bits }.map { first, second in
        let (s, t) = (terms[0][first], terms[1][second])
        let row = zip(s.row, t.row).map { s, t in
          s == ResidueTerms.none || t == ResidueTerms.none ? ResidueTerms.none : s + UInt8(modulus) * t
        }
        return (s.bits + t.bits, row)
      }
    }
    spent += Double(choices.count * window.count) / 32
    let menu = ResidueMenu(choices, width: window.count)
    menus[block] = menu
    return menu
  }
}
