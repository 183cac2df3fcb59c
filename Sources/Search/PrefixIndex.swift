import CKernels
import Evaluation
import Grammars

/// Finds the classes of one nonterminal by their values on the goal lanes, as they are or reduced modulo an integer.
///
/// Classes with equal keys form a chain. The index is extended as the table grows and never shrinks.
struct PrefixIndex {
  let modulus: Int64?
  private var slots = PageBuffer<UInt64>()
  private var slotMask = 0
  /// A key's place is its hash shifted right by this.
  private var slotShift: UInt32 = 32
  private var next = PageBuffer<UInt32>()
  private(set) var indexed = 0
  private var keys = 0

  init(modulus: Int64?) { self.modulus = modulus }

  mutating func deallocate(_ meter: MemoryMeter) {
    slots.deallocate(meter)
    next.deallocate(meter)
  }

  /// Adds the table's classes below `limit` that are not indexed yet; false when memory is refused.
  mutating func extend(
    _ table: borrowing ClassTable, upTo limit: Int, goalLanes: Int, hashKeys: UnsafePointer<UInt32>,
    _ meter: MemoryMeter, _ scratch: RowScratch
  ) -> Bool {
    guard next.reserve(limit, meter) else { return false }
    if slotMask == 0 || limit * 5 > (slotMask + 1) * 3 {
      var size = max(1 << 10, slotMask + 1)
      while limit * 5 > size * 3 { size *= 2 }
      slots.deallocate(meter)
      slotMask = 0
      indexed = 0
      guard slots.reserve(size, meter, exactly: true) else { return false }
      slotMask = size - 1
      slotShift = 32 - UInt32(truncatingIfNeeded: size.trailingZeroBitCount)
    }
    let batch = RowProgram.blockSize
    let keysBuffer = UnsafeMutablePointer<Int64>.allocateLines(capacity: batch * goalLanes)
    let hashes = UnsafeMutablePointer<UInt32>.allocate(capacity: batch)
    let reducer = Reducer(modulus, lanes: goalLanes)
    defer {
      keysBuffer.deallocateLines()
      hashes.deallocate()
    }
    while indexed < limit {
      let n = min(batch, limit - indexed)
      reducer.reduce(table.row(indexed), step: table.lanes, count: n, into: keysBuffer, scratch)
      levin_hash(keysBuffer, goalLanes, n, goalLanes, hashKeys, hashes)
      for i in 0..<n { levin_prefetch_write(slots.base + Int(hashes[i] &>> slotShift)) }
      for i in 0..<n { insert(table, indexed + i, keysBuffer + i * goalLanes, hashes[i], reducer) }
      indexed += n
    }
    return true
  }

  private mutating func insert(
    _ table: borrowing ClassTable, _ index: Int, _ key: UnsafePointer<Int64>, _ hash: UInt32, _ reducer: Reducer
  ) {
    var position = Int(hash &>> slotShift)
    while true {
      let slot = slots.base[position]
      if slot == 0 {
        slots.base[position] = UInt64(hash) << 32 | UInt64(index + 1)
        next.base[index] = 0
        return
      }
      if slot >> 32 == UInt64(hash) {
        let head = Int(truncatingIfNeeded: slot & 0xFFFF_FFFF) - 1
        if reducer.matches(table.row(head), key) {
          next.base[index] = UInt32(truncatingIfNeeded: head + 1)
          slots.base[position] = UInt64(hash) << 32 | UInt64(index + 1)
          return
        }
      }
      position = (position + 1) & slotMask
    }
  }

  func prefetch(_ hash: UInt32) { levin_prefetch(slots.base + Int(hash &>> slotShift)) }

  /// Prefetches the row that a probe for `hash` would verify, if any.
  func prefetchRow(_ hash: UInt32, _ table: borrowing ClassTable) {
    let slot = slots.base[Int(hash &>> slotShift)]
    if slot != 0, slot >> 32 == UInt64(hash) {
      levin_prefetch(table.row(Int(truncatingIfNeeded: slot & 0xFFFF_FFFF) - 1))
    }
  }

  /// The newest class with this key, -1 when there is none.
  @inline(__always)
  func first(_ table: borrowing ClassTable, _ key: UnsafePointer<Int64>, _ hash: UInt32, _ reducer: Reducer) -> Int {
    var position = Int(hash &>> slotShift)
    while true {
      let slot = slots.base[position]
      if slot == 0 { return -1 }
      if slot >> 32 == UInt64(hash) {
        let index = Int(truncatingIfNeeded: slot & 0xFFFF_FFFF) - 1
        if reducer.matches(table.row(index), key) { return index }
      }
      position = (position + 1) & slotMask
    }
  }

  /// The class before `index` with the same key, -1 at the end of the chain.
  func following(_ index: Int) -> Int { Int(next.base[index]) - 1 }
}

/// Turns rows into keys: the goal lanes, reduced modulo m when there is one.
struct Reducer {
  let lanes: Int
  let modulus: Int64?
  private let symbol: RowProgram?
  private let modulusRow: [Int64]

  init(_ modulus: Int64?, lanes: Int) {
    self.lanes = lanes
    self.modulus = modulus
    symbol = modulus.map { _ in RowProgram(.mod, sorts: [.int, .int], tables: KernelTables(modulus: nil)) }
    modulusRow = Array(repeating: modulus ?? 0, count: lanes)
  }

  func reduce(
    _ rows: UnsafePointer<Int64>, step: Int, count: Int, into keys: UnsafeMutablePointer<Int64>, _ scratch: RowScratch
  ) {
    guard let symbol else {
      for i in 0..<count { (keys + i * lanes).update(from: rows + i * step, count: lanes) }
      return
    }
    modulusRow.withUnsafeBufferPointer { modulus in
      let m = RowSource(modulus.baseAddress!, step: 0)
      symbol.run(
        (RowSource(rows, step: step), m, m), into: keys, step: lanes, count: count, lanes: lanes, scratch: scratch)
    }
  }

  /// Whether a row has this key.
  @inline(__always)
  func matches(_ row: UnsafePointer<Int64>, _ key: UnsafePointer<Int64>) -> Bool {
    guard let modulus else { return levin_rows_equal(row, key, lanes) != 0 }
    for lane in 0..<lanes {
      var value = row[lane]
      if value != Int64.min {
        value %= modulus
        if value < 0 { value += modulus }
      }
      if value != key[lane] { return false }
    }
    return true
  }
}
