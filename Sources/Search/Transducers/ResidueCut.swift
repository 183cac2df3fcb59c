import Evaluation
import Grammars

/// A way to cut the symbols of streams into blocks, those first that the streams need first.
final class ResidueCut {
  /// What follows in a stream.
  enum Step {
    /// A symbol by its place.
    case symbol(Int)
    /// The value of the group that ends at a position, which is known.
    case value(Int)
    /// The end of a group, whose value is the symbol after the cell at this place.
    case close(Int)
  }

  /// A stream with one symbol of a block, the others of blocks before it.
  struct Test {
    /// The place of the cell before that symbol, and of the symbol in the block.
    let before: Int
    let symbol: Int
    /// Places in `steps`: what follows that symbol, the last first.
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
  private(set) var steps: [Step] = []

  /// Its part of the work.
  private(set) var share = 0.0

  /// How far it was searched, the work that took, that of the last bound, and that of the last time.
  var bound = 0.0
  var spent = 0.0
  var last = 0.0
  var latest = 0.0
  /// The likeliest machine of the last time.
  var found: ResidueMachines.Machine?

  static let mostTests = 12

  /// All cuts into at most so many blocks.
  ///
  /// Symbols that may be answers are likely to be numbers, with one update: half of the work is for cuts that part no two of them,
  /// a quarter for those that part two neighbours, and so on.
  static func all(_ tree: StreamTree, modulus: Int, most blocks: Int, _ menu: (Range<Int>) -> ResidueMenu)
    -> [ResidueCut]
  {
    func isNumber(_ place: Int) -> Bool { (0..<Int64(modulus)).contains(tree.symbols[place]) }
    let cuts = ends(tree.symbols.count, most: blocks).map { ends in
      (ends: ends, parted: ends.dropLast().count { isNumber($0 - 1) && isNumber($0) })
    }
    return cuts.map { cut in
      let made = ResidueCut(tree, ends: cut.ends, modulus: modulus, menu)
      let alike = cuts.count { $0.parted == cut.parted }
      made.share = 1 / Double(alike << (cut.parted + 1))
      return made
    }
  }

  /// All ways to cut so many symbols into at most so many blocks, as the ends of the blocks; few blocks first.
  static func ends(_ symbols: Int, most blocks: Int) -> [[Int]] {
    func cuts(_ symbols: Int, _ count: Int) -> [[Int]] {
      if count == 0 { return [[]] }
      return (count..<symbols).flatMap { last in cuts(last, count - 1).map { $0 + [last] } }
    }
    return (0..<min(blocks, symbols)).flatMap { cuts(symbols, $0) }.map { $0 + [symbols] }
  }

  /// - Parameter modulus: values of groups are less.
  init(_ tree: StreamTree, ends: [Int], modulus: Int, _ menu: (Range<Int>) -> ResidueMenu) {
    let order = tree.order
    let blocks = zip([0] + ends, ends).map { $0..<$1 }
      .ordered { block in Double(order.firstIndex { block.contains($0) } ?? order.count) }
    var layers = tree.layers(blocks.flatMap { Array($0) }, values: modulus)[...]
    let values = tree.symbols.indices.filter { (0..<Int64(modulus)).contains(tree.symbols[$0]) }
    // Where the positions of earlier blocks lead is known when a block gets its terms.
    var isKnown = Array(repeating: false, count: tree.count)
    for block in blocks {
      let layer = layers.prefix(block.count).joined().sorted()
      layers = layers.dropFirst(block.count)
      let (from, firstTest) = (positions.count, tests.count)
      positions += layer.map { Int32($0) }
      addTests(tree, block, layer, hidesValues: values.contains(where: block.contains), isKnown)
      for position in layer { isKnown[position] = true }
      levels.append(
        Level(
          menu: menu(block), first: block.lowerBound, layer: from..<positions.count, tests: firstTest..<tests.count))
    }
    for level in levels.indices.dropLast().reversed() {
      let next = levels[level + 1]
      levels[level].rest = next.rest + (next.menu.count == 0 ? .infinity : next.menu.choices[0].bits)
    }
  }

  /// The streams of a layer that have one symbol of its block, those with the fewest symbols after it.
  ///
  /// - Parameter hidesValues: whether the block has symbols that may be the value of a group.
  private func addTests(
    _ tree: StreamTree, _ block: Range<Int>, _ layer: [Int], hidesValues: Bool, _ isKnown: [Bool]
  ) {
    typealias Found = (before: Int, symbol: Int, after: [Step], wanted: Int64)
    let found = layer.compactMap { end -> Found? in
      if tree.wanted[end] == Value.noValueWord { return nil }
      var (place, after) = (end, [Step]())
      while place >= 0 {
        let (symbol, group, before) = (tree.places[place], tree.groups[place], tree.parents[place])
        if group >= 0 {
          if hidesValues { return nil }
          if !isKnown[group] {
            // The symbol is in the group, and nowhere before it.
            if before >= 0 && !isKnown[before] { return nil }
            after.append(.close(before + 1))
            place = group
            continue
          }
        }
        if block.contains(symbol) {
          if before >= 0 && !isKnown[before] { return nil }
          return (before + 1, symbol - block.lowerBound, after, tree.wanted[end])
        }
        after.append(group < 0 ? .symbol(symbol) : .value(group + 1))
        place = before
      }
      return nil
    }
    for test in found.ordered(most: Self.mostTests, by: { Double($0.after.count) }) {
      tests.append(
        Test(
          before: test.before, symbol: test.symbol, after: steps.count..<steps.count + test.after.count,
          wanted: UInt8(test.wanted)))
      steps += test.after
    }
  }
}
