import Evaluation
import Grammars

/// Terms for the states on a block of symbols, likeliest first, with the cells that they lead to. Its owner gives it back.
struct ResidueMenu {
  let count: Int
  /// Symbols of the block, times cells.
  let width: Int
  let bits: UnsafeMutablePointer<Double>
  /// By choice, then by symbol of the block, then by cell.
  let rows: UnsafeMutablePointer<UInt8>
  /// By symbol of the block, then by cell, then by choice.
  let columns: UnsafeMutablePointer<UInt8>

  init(_ choices: [(bits: Double, row: [UInt8])], width: Int) {
    count = choices.count
    self.width = width
    bits = .allocate(capacity: max(1, count))
    rows = .allocate(capacity: max(1, count * width))
    columns = .allocate(capacity: max(1, count * width))
    for (number, choice) in choices.enumerated() {
      bits[number] = choice.bits
      for (place, cell) in choice.row.enumerated() {
        rows[number * width + place] = cell
        columns[place * count + number] = cell
      }
    }
  }

  var bytes: Int { count * (8 + 2 * width) }

  func deallocate() {
    bits.deallocate()
    rows.deallocate()
    columns.deallocate()
  }
}

/// A way to cut the symbols of streams into blocks, those first that the streams need first.
final class ResidueCut {
  /// A stream with one symbol of a block, the others of blocks before it.
  struct Test {
    /// The place of the cell before that symbol, and of the symbol in the block.
    let before: Int
    let symbol: Int
    /// The symbols after it, among the numbers of all tests.
    let after: Range<Int>
    let wanted: UInt8
  }

  /// A block with what its choices are tried on.
  struct Level {
    let menu: ResidueMenu
    /// The first symbol of the block.
    let first: Int
    /// Places in `positions`: those to which symbols of blocks up to there lead, and no fewer.
    let layer: Range<Int>
    /// Places in `tests`.
    let tests: Range<Int>
    /// The fewest bits of all blocks after this one.
    var rest = 0.0
  }

  private(set) var levels: [Level] = []
  private(set) var positions: [Int32] = []
  private(set) var tests: [Test] = []
  private(set) var symbols: [Int] = []

  /// How far it was searched, the work that took, and that of the last bound.
  var bound = 0.0
  var spent = 0.0
  var last = 0.0

  static let mostTests = 12

  /// All ways to cut so many symbols into at most so many blocks, as the ends of the blocks; few blocks first.
  static func ends(_ symbols: Int, most blocks: Int) -> [[Int]] {
    func cuts(_ symbols: Int, _ count: Int) -> [[Int]] {
      if count == 0 { return [[]] }
      return (count..<symbols).flatMap { last in cuts(last, count - 1).map { $0 + [last] } }
    }
    return (0..<min(blocks, symbols)).flatMap { cuts(symbols, $0) }.map { $0 + [symbols] }
  }

  init(_ tree: StreamTree, ends: [Int], _ menu: (Range<Int>) -> ResidueMenu) {
    let order = tree.order
    let blocks = zip([0] + ends, ends).map { $0..<$1 }
      .ordered { block in Double(order.firstIndex { block.contains($0) } ?? order.count) }
    var layers = tree.layers(blocks.flatMap { Array($0) })[...]
    for block in blocks {
      let layer = layers.prefix(block.count).joined().sorted()
      layers = layers.dropFirst(block.count)
      let (from, firstTest) = (positions.count, tests.count)
      positions += layer.map { Int32($0) }
      addTests(tree, block, layer)
      levels.append(
        Level(
          menu: menu(block), first: block.lowerBound, layer: from..<positions.count, tests: firstTest..<tests.count))
    }
    for level in levels.indices.dropLast().reversed() {
      let next = levels[level + 1]
      levels[level].rest = next.rest + (next.menu.count == 0 ? .infinity : next.menu.bits[0])
    }
  }

  /// The streams of a layer that have one symbol of its block, those with the fewest symbols after it.
  private func addTests(_ tree: StreamTree, _ block: Range<Int>, _ layer: [Int]) {
    typealias Found = (before: Int, symbol: Int, after: [Int], wanted: Int64)
    let found = layer.compactMap { end -> Found? in
      if tree.wanted[end] == Value.noValueWord { return nil }
      var (place, after, found) = (end, [Int](), Found?.none)
      while place >= 0 {
        let symbol = tree.places[place]
        if block.contains(symbol) {
          if found != nil { return nil }
          found = (tree.parents[place] + 1, symbol - block.lowerBound, after, tree.wanted[end])
        }
        after.append(symbol)
        place = tree.parents[place]
      }
      return found
    }
    for test in found.ordered(most: Self.mostTests, by: { Double($0.after.count) }) {
      tests.append(
        Test(
          before: test.before, symbol: test.symbol, after: symbols.count..<symbols.count + test.after.count,
          wanted: UInt8(test.wanted)))
      symbols += test.after
    }
  }
}
