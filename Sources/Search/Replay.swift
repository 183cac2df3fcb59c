import CKernels

/// The replay of one batch, whose class numbers are of type `Number`.
///
/// Its functions are generic for the loop in `row` alone, which is compiled for each width.
struct Replay<Number: FixedWidthInteger & UnsignedInteger> {
  private let bank: ClassBank
  private let production: Int
  /// Nothing of this moves during a replay.
  private let numbers: UnsafePointer<Number>
  private let table: UnsafeMutablePointer<ClassTable>
  private let current: UnsafeMutablePointer<UInt32>
  private let sums: UnsafeMutablePointer<UInt64>
  private let block: ReplayBlock
  /// Candidates since they were last counted; with more than 2^8 classes, the weights in the block.
  private var fill = 0

  init(_ bank: ClassBank, _ production: Int, _ nonterminal: Int) {
    self.bank = bank
    self.production = production
    numbers = bank.numbers.list(nonterminal).base(Number.self)
    table = bank.tables + nonterminal
    current = table.pointee.current.base
    sums = table.pointee.sums.base
    block = bank.replayBlock
  }

  /// All candidates with a repeat among their arguments.
  mutating func run(_ groups: [[EntryGroup]], _ symmetry: ClassBank.Symmetry) -> ClassBank.Stored {
    let outcome =
      switch groups.count {
      case 1: unary(groups[0])
      case 2: binary(groups[0], groups[1], symmetry)
      default: ternary(groups)
      }
    return outcome == .level ? flush() : outcome
  }

  private mutating func unary(_ groups: [EntryGroup]) -> ClassBank.Stored {
    for group in groups.dropFirst() {
      let start = bank.numbers.start(production, 0, 0, group.firstLevel) - group.firstClass
      let outcome = row(start, 1, group.entries, from: 0)
      if outcome != .level { return outcome }
    }
    return .level
  }

  private mutating func binary(
    _ a: [EntryGroup], _ b: [EntryGroup], _ symmetry: ClassBank.Symmetry
  ) -> ClassBank.Stored {
    for (i, left) in a.enumerated() {
      // Of one level with itself each pair of groups once.
      for (j, right) in b.enumerated() where !(left.isFresh && right.isFresh) && (!symmetry.triangle || j >= i) {
        let outcome: ClassBank.Stored
        if symmetry.both, left.firstLevel == right.firstLevel {
          outcome = triangle(left, right, isOneSide: symmetry.triangle)
        } else if symmetry.both, left.firstLevel > right.firstLevel {
          outcome = rows(right, left, 2)
        } else {
          outcome = rows(left, right, symmetry.both ? 2 : 1)
        }
        if outcome != .level { return outcome }
      }
    }
    return .level
  }

  /// All pairs, where the numbers form a rectangle with a row per class of the left argument.
  private mutating func rows(
    _ left: EntryGroup, _ right: EntryGroup, _ factor: UInt64
  ) -> ClassBank.Stored {
    let start = bank.numbers.start(production, 0, left.firstLevel, right.firstLevel)
    return rows(left, right, start, factor)
  }

  private mutating func rows(
    _ left: EntryGroup, _ right: EntryGroup, _ start: Int, _ factor: UInt64
  ) -> ClassBank.Stored {
    // Where the number of the pair of classes 0 and 0 would be.
    let origin = start &- left.firstClass &* right.width &- right.firstClass
    if right.entries.count <= ReplayBlock.narrow { return narrowRows(left, right, origin, factor) }
    for i in 0..<left.entries.count {
      let begin = origin &+ left.entries.index(i) &* right.width
      let outcome = row(begin, factor &* left.entries.weight(i), right.entries, from: 0)
      if outcome != .level { return outcome }
    }
    return .level
  }

  /// As `rows`, where rows are short, as most are: what they have in common is read once.
  private mutating func narrowRows(
    _ left: EntryGroup, _ right: EntryGroup, _ origin: Int, _ factor: UInt64
  ) -> ClassBank.Stored {
    let (rows, columns) = (left.entries, right.entries)
    for j in 0..<columns.count {
      block.offsets[j] = origin &+ columns.index(j)
      block.factors[j] = factor &* columns.weight(j)
    }
    let (offsets, factors) = (UnsafePointer(block.offsets), UnsafePointer(block.factors))
    let (width, count) = (right.width, columns.count)
    let (numbers, current, sums) = (numbers, current, sums)
    let (toNumbers, toWeights) = (block.numbers, block.weights)
    var fill = self.fill
    for i in 0..<rows.count {
      let row = numbers + rows.index(i) &* width
      let weight = rows.weight(i)
      var j = 0
      while j < count {
        let number = row[offsets[j]]
        if Number.bitWidth == 8 {
          sums[(fill & (ClassTable.sumPlaces &- 1)) &<< 8 | Int(number)] &+= weight &* factors[j]
        } else {
          levin_prefetch_write(current + Int(number))
          toNumbers[fill] = UInt32(truncatingIfNeeded: number)
          toWeights[fill] = weight &* factors[j]
        }
        fill &+= 1
        j &+= 1
        if fill == ReplayBlock.size {
          self.fill = fill
          let outcome = flush()
          if outcome != .level { return outcome }
          fill = 0
        }
      }
    }
    self.fill = fill
    return .level
  }

  /// Pairs of classes of one first level under a commutative operator, where only pairs (i, j ≥ i) have numbers.
  ///
  /// - Parameter isOneSide: both groups are the same one, of which each pair comes once; else all pairs, with both orders.
  private mutating func triangle(
    _ left: EntryGroup, _ right: EntryGroup, isOneSide: Bool
  ) -> ClassBank.Stored {
    let start = bank.numbers.start(production, 0, left.firstLevel, left.firstLevel)
    let outcome = upper(left, right, start, diagonal: isOneSide ? 1 : 2)
    if outcome != .level || isOneSide { return outcome }
    return upper(right, left, start, diagonal: 0)
  }

  /// Pairs of a class and a later one, with weight 2, and those of a class with itself.
  private mutating func upper(
    _ rows: EntryGroup, _ columns: EntryGroup, _ start: Int, diagonal: UInt64
  ) -> ClassBank.Stored {
    let (entries, width) = (columns.entries, rows.width)
    var position = 0
    for i in 0..<rows.entries.count {
      let index = rows.entries.index(i)
      while position < entries.count, entries.index(position) < index { position += 1 }
      let number = index - rows.firstClass
      // Row number r begins at r·width − r(r − 1)/2 with the pair (r, r).
      let begin = start + number * width - number * (number - 1) / 2 - index
      var first = position
      if first < entries.count, entries.index(first) == index {
        if diagonal > 0 {
          let own = entries.part(from: first, count: 1)
          let outcome = row(begin, diagonal &* rows.entries.weight(i), own, from: 0)
          if outcome != .level { return outcome }
        }
        first += 1
      }
      let outcome = row(begin, 2 &* rows.entries.weight(i), entries, from: first)
      if outcome != .level { return outcome }
    }
    return .level
  }

  private mutating func ternary(_ groups: [[EntryGroup]]) -> ClassBank.Stored {
    for c in groups[0] {
      for a in groups[1] {
        for b in groups[2] where !(c.isFresh && a.isFresh && b.isFresh) {
          let start = bank.numbers.start(production, c.firstLevel, a.firstLevel, b.firstLevel)
          for i in 0..<c.entries.count {
            let plane = start + (c.entries.index(i) - c.firstClass) * a.width * b.width
            let outcome = rows(a, b, plane, c.entries.weight(i))
            if outcome != .level { return outcome }
          }
        }
      }
    }
    return .level
  }
}

// MARK: - The loop

extension Replay {
  /// Candidates that differ in their last argument: the class of the one with class c there is number `row` + c.
  @inline(__always)
  private mutating func row(
    _ row: Int, _ weight: UInt64, _ columns: Entries, from start: Int
  ) -> ClassBank.Stored {
    let numbers = numbers + row
    var position = start
    while position < columns.count {
      let n = min(ReplayBlock.size &- fill, columns.count &- position)
      switch (columns.counts, columns.indices) {
      case (.wide(let counts), let indices?): add(numbers, indices + position, weight, counts + position, n)
      case (.wide(let counts), nil): add(numbers + (columns.start &+ position), nil, weight, counts + position, n)
      case (.narrow(let counts), let indices?): add(numbers, indices + position, weight, counts + position, n)
      case (.narrow(let counts), nil): add(numbers + (columns.start &+ position), nil, weight, counts + position, n)
      case (.ones, _): preconditionFailure("with mass there are counts")
      }
      position &+= n
      fill &+= n
      if fill == ReplayBlock.size {
        let outcome = flush()
        if outcome != .level { return outcome }
      }
    }
    return .level
  }

  /// Adds `weight` times a count to the class of each number, of those in order or, with `indices`, of those listed.
  @inline(__always)
  private func add<Count: FixedWidthInteger>(
    _ numbers: UnsafePointer<Number>, _ indices: UnsafePointer<UInt32>?, _ weight: UInt64,
    _ counts: UnsafePointer<Count>, _ n: Int
  ) {
    let (current, toNumbers, toWeights, sums) = (current, block.numbers + fill, block.weights + fill, sums)
    var k = 0
    while k < n {
      let number = numbers[indices.map { Int($0[k]) } ?? k]
      if Number.bitWidth == 8 {
        sums[(k & (ClassTable.sumPlaces &- 1)) &<< 8 | Int(number)] &+= weight &* UInt64(counts[k])
      } else {
        levin_prefetch_write(current + Int(number))
        toNumbers[k] = UInt32(truncatingIfNeeded: number)
        toWeights[k] = weight &* UInt64(counts[k])
      }
      k &+= 1
    }
  }

  /// Counts the candidates since the last time; their weights, fetched for by now, are added.
  private mutating func flush() -> ClassBank.Stored {
    if Number.bitWidth > 8 { table.pointee.add(block.weights, to: block.numbers, count: fill) }
    defer { fill = 0 }
    return bank.count(replayed: fill)
  }
}
