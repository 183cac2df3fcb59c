import Evaluation
import Grammars
import Randomness
import Testing

/// Rows as the search lays them out: one or many, of 8 to 64 lanes, at steps or through lists, with missing values.
@Suite struct RowsAreComputedLaneByLane {
  /// Rows of words, each `step` words from the last, with sentinels between them.
  private struct Rows {
    var words: [Int64]
    let step: Int
    static let sentinel: Int64 = 0x5EED

    init(_ sort: Sort, count: Int, lanes: Int, step: Int, _ generator: inout SeededGenerator) {
      self.step = step
      words = Array(repeating: Self.sentinel, count: max(step, lanes) * count + lanes)
      let values = Samples.values(sort)
      let isBitVector = if case .bitVector = sort { true } else { false }
      for row in 0..<count {
        for lane in 0..<lanes {
          let drawn = Int(generator.below(UInt64(values.count + 1)))
          let missing = isBitVector ? 0 : Value.noValueWord
          words[row * step + lane] = drawn == values.count ? missing : values[drawn].word
        }
      }
    }
  }

  /// The word that the interpreter gives; a missing argument takes the value away unless `ite` does not read it.
  private func expected(_ op: Operator, _ sorts: [Sort], _ words: [Int64]) -> Int64 {
    let present = zip(sorts, words).map { sort, word in
      if case .bitVector = sort { true } else { word != Value.noValueWord }
    }
    let values = zip(sorts, words).map { Value(sort: $0, word: $1) }
    if op == .ite {
      if !present[0] { return Value.noValueWord }
      return words[words[0] == 1 ? 1 : 2]
    }
    guard present.allSatisfy({ $0 }) else { return Value.noValueWord }
    return (try? op.apply(values[0], values[values.count - 1], modulus: 7))?.word ?? Value.noValueWord
  }

  private func run(
    _ op: Operator, _ sorts: [Sort], count: Int, lanes: Int, steps: [Int], _ generator: inout SeededGenerator
  ) {
    let program = RowProgram(op, sorts: sorts, tables: KernelTables(modulus: 7))
    let rows = sorts.enumerated().map { Rows($1, count: count, lanes: lanes, step: steps[$0], &generator) }
    let outStep = lanes + 8
    var out = [Int64](repeating: Rows.sentinel, count: outStep * count)
    func source(_ index: Int, _ body: (RowSource) -> Void) {
      rows[min(index, rows.count - 1)].words.withUnsafeBufferPointer {
        body(RowSource($0.baseAddress!, step: rows[min(index, rows.count - 1)].step))
      }
    }
    source(0) { a in
      source(1) { b in
        source(2) { c in
          out.withUnsafeMutableBufferPointer {
            program.run(
              (a, b, c), into: $0.baseAddress!, step: outStep, count: count, lanes: lanes,
              scratch: RowScratch(lanes: lanes))
          }
        }
      }
    }
    for row in 0..<count {
      for lane in 0..<lanes {
        let words = rows.map { $0.words[row * $0.step + lane] }
        let answer = expected(op, sorts, words)
        check(out[row * outStep + lane] == answer, "\(op) on \(words) of \(sorts) at row \(row), lane \(lane)")
      }
      check(
        out[(row * outStep + lanes)..<(row + 1) * outStep].allSatisfy { $0 == Rows.sentinel },
        "\(op) writes past row \(row)")
    }
  }

  @Test(arguments: [8, 16, 24])
  func inBlocksOfEverySize(_ lanes: Int) {
    var generator = SeededGenerator(seed: UInt64(lanes))
    let sorts: [Sort] = [.int, .bool, .bitVector(width: 5), .bitVector(width: 64), .permutation(degree: 15)]
    for op in Operator.plain.filter({ !$0.isStructured }) + Samples.indexed(5) {
      for signature in signatures(op, sorts) {
        for (count, steps) in [
          (1, [lanes, lanes, lanes]), (3, [0, lanes, lanes + 8]), (RowProgram.blockSize, [lanes, 0, lanes]),
        ] {
          run(op, signature, count: count, lanes: lanes, steps: steps, &generator)
        }
      }
    }
  }

  /// What a search stores: rows read through lists, with their hashes. Rows in a line take another loop.
  @Test(arguments: [8, 16, 24, 64])
  func throughLists(_ lanes: Int) {
    var generator = SeededGenerator(seed: UInt64(lanes))
    let sorts: [Sort] = [.int, .bool, .bitVector(width: 5), .permutation(degree: 15)]
    let keys = (0..<2 * lanes).map { _ in UInt32(truncatingIfNeeded: generator.next()) | 1 }
    let count = 11
    for op in Operator.plain.filter({ !$0.isStructured }) + Samples.indexed(5) {
      for signature in signatures(op, sorts) {
        let known = signature.map { Rows($0, count: 5, lanes: lanes, step: lanes, &generator) }
        let lists = known.map { _ in (0..<count).map { _ in UInt32(generator.below(5)) } }
        let inLine = zip(known, lists).map { known, list in
          list.flatMap { known.words[Int($0) * lanes..<(Int($0) + 1) * lanes] }
        }
        let program = RowProgram(op, sorts: signature, tables: KernelTables(modulus: 7))
        let (listed, listedHashes) = hashed(program, known.map(\.words), lists, keys, lanes, count)
        let (plain, plainHashes) = hashed(program, inLine, nil, keys, lanes, count)
        check(listed == plain && listedHashes == plainHashes, "\(op) on \(signature) in \(lanes) lanes")
        for place in 0..<count * lanes {
          let answer = expected(op, signature, inLine.map { $0[place] })
          check(listed[place] == answer, "\(op) on \(inLine.map { $0[place] }) of \(signature)")
        }
      }
    }
  }

  private func hashed(
    _ program: RowProgram, _ rows: [[Int64]], _ lists: [[UInt32]]?, _ keys: [UInt32], _ lanes: Int, _ count: Int
  ) -> (words: [Int64], hashes: [UInt32]) {
    var words = [Int64](repeating: Rows.sentinel, count: count * lanes)
    var hashes = [UInt32](repeating: 0, count: count)
    func source(_ index: Int, _ body: (RowSource) -> Void) {
      let index = min(index, rows.count - 1)
      rows[index].withUnsafeBufferPointer { base in
        guard let lists else { return body(RowSource(base.baseAddress!, step: lanes)) }
        lists[index].withUnsafeBufferPointer {
          body(RowSource(base.baseAddress!, step: lanes, indices: $0.baseAddress!))
        }
      }
    }
    source(0) { a in
      source(1) { b in
        source(2) { c in
          words.withUnsafeMutableBufferPointer { words in
            hashes.withUnsafeMutableBufferPointer { hashes in
              keys.withUnsafeBufferPointer {
                program.run(
                  (a, b, c), into: words.baseAddress!, step: lanes, count: count, lanes: lanes,
                  scratch: RowScratch(lanes: lanes), hashing: RowHashing($0.baseAddress!, into: hashes.baseAddress!))
              }
            }
          }
        }
      }
    }
    return (words, hashes)
  }

  private func signatures(_ op: Operator, _ sorts: [Sort]) -> [[Sort]] {
    let lists: [[Sort]]
    switch op.arity {
    case 1: lists = sorts.map { [$0] }
    case 2: lists = sorts.flatMap { first in sorts.map { [first, $0] } }
    default: lists = [.int, .bool, .permutation(degree: 15)].map { [.bool, $0, $0] }
    }
    return lists.filter { op.resultSort(of: $0) != nil }
  }

  @Test func copiesAreCopies() {
    let program = RowProgram.copy(tables: KernelTables(modulus: nil))
    let row: [Int64] = [1, -1, .min, .max, 0, 5, 6, 7]
    var out = [Int64](repeating: 0, count: 8)
    row.withUnsafeBufferPointer { source in
      let only = RowSource(source.baseAddress!, step: 0)
      out.withUnsafeMutableBufferPointer {
        program.run(
          (only, only, only), into: $0.baseAddress!, step: 8, count: 1, lanes: 8, scratch: RowScratch(lanes: 8))
      }
    }
    #expect(out == row && program.isSingle)
  }
}
