import Dispatch
import Evaluation
import Grammars
import Synchronization

/// Machines of one or two states that count modulo m, each block of symbols with an update of its own.
///
/// A block is some symbols that follow each other in rising order; on it every state has one stored term as its update. All ways
/// to cut the symbols into blocks (`ResidueCut`) get their share of the work, each within bounds of bits that rise; for each the
/// blocks are given their terms by a `ResidueFilling`. Terms are tables (`ResidueTerms`): a step reads a byte.
///
/// Cuts are searched on several threads, a few at once: what one of them finds narrows those that come after these. Nothing
/// depends on the number of threads. Lengths in `Double` order the work and decide nothing else.
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
  struct Start {
    let values: [Int]
    let cell: UInt8
    let bits: Double
  }

  let tree: StreamTree
  let modulus: Int
  let states: Int
  let cells: Int
  /// Tables of the terms of each state's update, and of the output.
  private let updates: [ResidueTerms]
  let output: ResidueTerms
  private var menus: [Range<Int>: ResidueMenu] = [:]
  /// By the number of an output: that of the one with the states exchanged, nil where there is none. Empty where states differ.
  private let mirrors: [Int?]

  /// Per position: the place of the cell before it among those reached, of its symbol's cells among the steps (or `-1 - q` where
  /// the symbol is the value of the group that ends at q), and the wanted answer or `none`.
  let parents: UnsafeMutablePointer<Int32>
  let symbols: UnsafeMutablePointer<Int32>
  let wanted: UnsafeMutablePointer<UInt8>

  private var best: Machine?
  private let limit: Double
  /// Work done here, in candidates of eight words.
  private(set) var spent = 0.0
  private let threads: Int
  private let isOver: () -> Bool
  /// Whether it said so, to any thread.
  private let wasOver = Mutex(false)

  static let mostSymbols = 12
  /// Most blocks, terms of a state, and outputs.
  static let mostBlocks = 4
  static let mostTerms = 192
  static let mostOutputs = 48
  /// Most choices for a block that are kept.
  private static let mostPairs = 1 << 15
  private let mostPairs: Int
  private static let mostBits = 128.0
  private static let boundStep = 4.0
  /// Cuts that know nothing of each other.
  private static let waveCount = 16

  /// - Parameters:
  ///   - tree: of at most `mostSymbols` symbols; answers are residues.
  ///   - isSymmetric: whether there are two states, and what is said of one is said of the other, with as many bits.
  ///   - memory: bytes that choices may take.
  ///   - work: candidates that it may take, about.
  ///   - isOver: asked by one thread at a time.
  init(
    _ tree: StreamTree, modulus: Int, updates: [ResidueTerms], output: ResidueTerms, isSymmetric: Bool, memory: Int,
    work: Double, threads: Int = 1, _ isOver: @escaping () -> Bool
  ) {
    (self.tree, self.modulus, self.updates, self.output) = (tree, modulus, updates, output)
    (limit, self.threads, self.isOver) = (work, threads, isOver)
    states = updates.count
    cells = states == 2 ? modulus * modulus : modulus
    // Any two symbols may be the ends of a block.
    let blocks = tree.symbols.count * (tree.symbols.count + 1) / 2
    mostPairs = min(Self.mostPairs, memory / (32 * blocks))
    mirrors = isSymmetric ? Self.mirrors(output.tables, modulus) : []
    precondition(cells < Int(ResidueTerms.none) && tree.symbols.count <= Self.mostSymbols)
    parents = .allocate(capacity: max(1, tree.count))
    symbols = .allocate(capacity: max(1, tree.count))
    wanted = .allocate(capacity: max(1, tree.count))
    for position in 0..<tree.count {
      parents[position] = Int32(tree.parents[position] + 1)
      let group = tree.groups[position]
      symbols[position] = Int32(group < 0 ? tree.places[position] * cells : -1 - group)
      let answer = tree.wanted[position]
      wanted[position] = answer == Value.noValueWord ? ResidueTerms.none : UInt8(answer)
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
  }

  /// Bytes of the choices of all blocks.
  var bytes: Int { menus.values.reduce(0) { $0 + $1.bytes } }

  /// The machine of fewest bits that is met within the work; bits of its terms, starts and output are fewer than `bits`.
  ///
  /// - Parameter starts: values of the states before the first symbol, with their bits.
  func run(_ starts: [(values: [Int], bits: Double)], within bits: Double) -> Machine? {
    let most = min(bits, Self.mostBits)
    let starts = starts.map { start in
      Start(
        values: start.values, cell: UInt8(start.values.reversed().reduce(0) { $0 * modulus + $1 }), bits: start.bits)
    }
    let cuts = ResidueCut.all(tree, modulus: modulus, most: Self.mostBlocks, menu).ordered { -$0.share }
    let fillings = (0..<threads).map { _ in ResidueFilling(self, starts) }
    var allowed = limit / 256
    while best == nil, spent < limit, cuts.contains(where: { $0.bound < most }), !asksWhetherOver() {
      for first in stride(from: 0, to: cuts.count, by: Self.waveCount) where spent < limit {
        let wave = cuts[first..<min(first + Self.waveCount, cuts.count)]
        Wave(
          cuts: wave, fillings: fillings, within: min(best?.bits ?? most, most), allowed: allowed, work: limit - spent
        ).search(step: Self.boundStep)
        for cut in wave {
          if let found = cut.found, found.bits < best?.bits ?? .infinity { best = found }
        }
        spent += wave.reduce(0) { $0 + $1.latest }
      }
      allowed *= 2
    }
    return best
  }

  /// Whether the search is over; may be asked from all threads.
  func asksWhetherOver() -> Bool {
    wasOver.withLock { over in
      if !over { over = isOver() }
      return over
    }
  }

  /// Whether the states, one in place of the other, are looked at elsewhere: nothing tells them apart.
  func isMirrored(_ start: Start, _ output: Int) -> Bool {
    guard !mirrors.isEmpty, let other = mirrors[output] else { return false }
    return other < output || other == output && start.values[0] > start.values[1]
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

/// Cuts that are searched at once, on as many threads as there are fillings.
private struct Wave: @unchecked Sendable {
  // Sound as each cut is taken by one thread, each filling is of one thread, and nothing else looks at them meanwhile.
  let cuts: ArraySlice<ResidueCut>
  let fillings: [ResidueFilling]
  let within: Double
  let allowed: Double
  let work: Double

  func search(step: Double) {
    let next = Atomic(cuts.startIndex)
    DispatchQueue.concurrentPerform(iterations: fillings.count) { thread in
      while true {
        let place = next.add(1, ordering: .relaxed).oldValue
        if place >= cuts.endIndex { return }
        fillings[thread].extend(cuts[place], by: step, within: within, allowed: allowed, work: work)
      }
    }
  }
}
