import CKernels

/// The observational-equivalence classes of one nonterminal: for each distinct row of values, the first program that
/// computes it, and how many programs of each level compute it.
///
/// Classes are numbered in enumeration order, so the number is a rank. A row is `lanes` words. The hash table holds
/// 32 bits of tag and 32 bits of class number + 1; a tag hit is always verified on the full row, so merging is exact.
///
/// Memory per class: `8 · lanes` (row) + 4 · arity (children) + 2 (production) + 8 / load (slots, load 1/3 to 2/3) bytes,
/// and 16 more with mass, plus 12 per repeat (a class met again at a later level).
struct ClassTable {
  let lanes: Int
  let arity: Int
  let countsMass: Bool
  let multipliers: UnsafePointer<UInt64>

  private(set) var count = 0
  private(set) var rows = PageBuffer<Int64>()
  /// Class numbers of the arguments, `arity` per class.
  private(set) var children = PageBuffer<UInt32>()
  private(set) var production = PageBuffer<UInt16>()
  private var slots = PageBuffer<UInt64>()
  private var slotMask = 0

  /// Programs of the level being filled, per class; zero between levels.
  private var current = PageBuffer<UInt64>()
  /// Programs at a class's own first level.
  private(set) var firstCount = PageBuffer<UInt64>()
  /// Classes first met before the level being filled and met again in it.
  private var touched = PageBuffer<UInt32>()
  private var touchedCount = 0

  /// Repeats of all finished levels, and where each level's begin (one more entry than levels).
  private(set) var repeatClass = PageBuffer<UInt32>()
  private(set) var repeatCount = PageBuffer<UInt64>()
  private(set) var repeatStart = [0]
  /// First class of each level (one more entry than finished levels).
  private(set) var classStart = [0]
  private var sortedLevels: Set<Int> = []

  init(lanes: Int, arity: Int, countsMass: Bool, multipliers: UnsafePointer<UInt64>) {
    self.lanes = lanes
    self.arity = arity
    self.countsMass = countsMass
    self.multipliers = multipliers
  }

  /// Levels finished.
  var levels: Int { classStart.count - 1 }

  func row(_ index: Int) -> UnsafeMutablePointer<Int64> { rows.base + index * lanes }

  mutating func deallocate(_ meter: MemoryMeter) {
    rows.deallocate(meter)
    children.deallocate(meter)
    production.deallocate(meter)
    slots.deallocate(meter)
    current.deallocate(meter)
    firstCount.deallocate(meter)
    touched.deallocate(meter)
    repeatClass.deallocate(meter)
    repeatCount.deallocate(meter)
  }
}

/// A block of candidates on its way into a table.
struct CandidateBlock {
  static let size = RowProgramBlock.size
  let rows: UnsafeMutablePointer<Int64>
  let hashes: UnsafeMutablePointer<UInt64>
  let children: UnsafeMutablePointer<UInt32>
  let weights: UnsafeMutablePointer<UInt64>
  let scratch: UnsafeMutablePointer<UInt64>
  let arity: Int

  init(lanes: Int, arity: Int) {
    self.arity = arity
    rows = .allocate(capacity: lanes * Self.size)
    hashes = .allocate(capacity: Self.size)
    children = .allocate(capacity: max(1, arity) * Self.size)
    weights = .allocate(capacity: Self.size)
    scratch = .allocate(capacity: Self.size)
    children.initialize(repeating: 0, count: max(1, arity) * Self.size)
  }

  func deallocate() {
    rows.deallocate()
    hashes.deallocate()
    children.deallocate()
    weights.deallocate()
    scratch.deallocate()
  }
}

/// Candidates handled together: enough to hide the latency of a probe, few enough to stay in the first cache.
enum RowProgramBlock { static let size = 64 }

extension ClassTable {
  /// Makes room for one block; false when memory is refused. Rows may move; the counts of finished levels do not.
  mutating func prepareForBlock(_ meter: MemoryMeter) -> Bool {
    let needed = count + CandidateBlock.size
    guard rows.reserve(needed * lanes, meter), children.reserve(needed * arity, meter),
      production.reserve(needed, meter)
    else { return false }
    if countsMass {
      guard current.reserve(needed, meter), touched.reserve(touchedCount + CandidateBlock.size, meter)
      else { return false }
    }
    if slotMask == 0 || needed * 3 > (slotMask + 1) * 2 { return growSlots(meter) }
    return true
  }

  private mutating func growSlots(_ meter: MemoryMeter) -> Bool {
    var grown = PageBuffer<UInt64>()
    let size = slotMask == 0 ? 1 << 10 : (slotMask + 1) * 2
    guard grown.reserve(size, meter, exactly: true) else { return false }
    let mask = size - 1
    let batch = CandidateBlock.size
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: batch) { hashes in
      var start = 0
      while start < count {
        let n = min(batch, count - start)
        levin_hash(row(start), lanes, n, lanes, multipliers, hashes.baseAddress!)
        for i in 0..<n { levin_prefetch_write(grown.base + Int(truncatingIfNeeded: hashes[i]) & mask) }
        for i in 0..<n {
          var position = Int(truncatingIfNeeded: hashes[i]) & mask
          while grown.base[position] != 0 { position = (position + 1) & mask }
          grown.base[position] = (hashes[i] >> 32) << 32 | UInt64(start + i + 1)
        }
        start += n
      }
    }
    slots.deallocate(meter)
    slots = grown
    slotMask = mask
    return true
  }

  /// Adds the first `n` candidates of a block, in order; a candidate equal to a known class adds its weight to it.
  ///
  /// `prepareForBlock` has made room. Weights are exact by the counting bound of the level, so `&+` cannot wrap.
  @inline(__always)
  mutating func insert(_ block: borrowing CandidateBlock, count n: Int, production number: UInt16) {
    let slots = self.slots.base
    let mask = slotMask
    let rows = self.rows.base
    let current = self.current.base
    let lanes = self.lanes
    let arity = self.arity
    let mass = countsMass
    let levelStart = classStart[classStart.count - 1]
    var count = self.count
    var touchedCount = self.touchedCount
    let hashes = block.hashes
    let guesses = block.scratch
    for i in 0..<n { levin_prefetch(slots + Int(truncatingIfNeeded: hashes[i]) & mask) }
    for i in 0..<n {
      let slot = slots[Int(truncatingIfNeeded: hashes[i]) & mask]
      guesses[i] = slot
      if slot >> 32 == hashes[i] >> 32 {
        let index = Int(truncatingIfNeeded: slot & 0xFFFF_FFFF) - 1
        levin_prefetch(rows + index * lanes)
        if mass { levin_prefetch_write(current + index) }
      }
    }
    for i in 0..<n {
      let hash = hashes[i]
      let tag = hash >> 32
      let row = block.rows + i * lanes
      var position = Int(truncatingIfNeeded: hash) & mask
      while true {
        let slot = slots[position]
        if slot == 0 {
          slots[position] = tag << 32 | UInt64(count + 1)
          (rows + count * lanes).update(from: row, count: lanes)
          for j in 0..<arity { children.base[count * arity + j] = block.children[i * arity + j] }
          production.base[count] = number
          if mass { current[count] = block.weights[i] }
          count += 1
          break
        }
        if slot >> 32 == tag {
          let index = Int(truncatingIfNeeded: slot & 0xFFFF_FFFF) - 1
          if levin_rows_equal(rows + index * lanes, row, lanes) != 0 {
            if mass {
              let known = current[index]
              if known == 0 && index < levelStart {
                touched.base[touchedCount] = UInt32(truncatingIfNeeded: index)
                touchedCount += 1
              }
              current[index] = known &+ block.weights[i]
            }
            break
          }
        }
        position = (position + 1) & mask
      }
    }
    self.count = count
    self.touchedCount = touchedCount
  }

  /// Closes the level being filled: its new classes and repeats get their counts. False when memory is refused.
  mutating func finishLevel(_ meter: MemoryMeter) -> Bool {
    let start = classStart[classStart.count - 1]
    if countsMass {
      let repeats = repeatStart[repeatStart.count - 1]
      guard firstCount.reserve(count, meter), repeatClass.reserve(repeats + touchedCount, meter),
        repeatCount.reserve(repeats + touchedCount, meter)
      else { return false }
      for index in start..<count {
        firstCount.base[index] = current.base[index]
        current.base[index] = 0
      }
      for i in 0..<touchedCount {
        let index = touched.base[i]
        repeatClass.base[repeats + i] = index
        repeatCount.base[repeats + i] = current.base[Int(index)]
        current.base[Int(index)] = 0
      }
      repeatStart.append(repeats + touchedCount)
      touchedCount = 0
    }
    classStart.append(count)
    return true
  }

  /// Takes back the level being filled, so that the table is as after the last `finishLevel`.
  ///
  /// The hash table is rebuilt at the next growth; until then the table must not be added to.
  mutating func abandonLevel() {
    count = classStart[classStart.count - 1]
    for i in 0..<touchedCount { current.base[Int(touched.base[i])] = 0 }
    touchedCount = 0
  }

  /// The class with exactly this row, nil when there is none.
  func find(_ row: UnsafePointer<Int64>, hash: UInt64) -> Int? {
    guard slotMask > 0 else { return nil }
    var position = Int(truncatingIfNeeded: hash) & slotMask
    while slots.base[position] != 0 {
      let slot = slots.base[position]
      let index = Int(truncatingIfNeeded: slot & 0xFFFF_FFFF) - 1
      if slot >> 32 == hash >> 32, index < count, levin_rows_equal(rows.base + index * lanes, row, lanes) != 0 {
        return index
      }
      position = (position + 1) & slotMask
    }
    return nil
  }

  /// The level at which a class was first met.
  func level(of index: Int) -> Int {
    var (low, high) = (0, classStart.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if classStart[middle] <= index { low = middle } else { high = middle }
    }
    return low
  }

  /// Sum of the counts of a finished level: equals the counting DP (the audit).
  func total(ofLevel level: Int) -> UInt64 {
    var sum: UInt64 = 0
    for index in classStart[level]..<classStart[level + 1] { sum &+= firstCount.base[index] }
    for i in repeatStart[level]..<repeatStart[level + 1] { sum &+= repeatCount.base[i] }
    return sum
  }
}

extension ClassTable {
  /// Sorts the repeats of a finished level by class, so that `weight(of:at:)` can search them.
  mutating func sortRepeats(ofLevel level: Int) {
    guard countsMass, !sortedLevels.contains(level) else { return }
    sortedLevels.insert(level)
    let range = repeatStart[level]..<repeatStart[level + 1]
    let pairs = range.map { (repeatClass.base[$0], repeatCount.base[$0]) }.sorted { $0.0 < $1.0 }
    for (offset, pair) in pairs.enumerated() {
      repeatClass.base[range.lowerBound + offset] = pair.0
      repeatCount.base[range.lowerBound + offset] = pair.1
    }
  }

  /// Programs of a finished level in a class; without mass 1 at the class's first level and 0 elsewhere.
  ///
  /// The repeats of the level must be sorted.
  func weight(of index: Int, at level: Int) -> UInt64 {
    if index >= classStart[level] {
      guard index < classStart[level + 1] else { return 0 }
      return countsMass ? firstCount.base[index] : 1
    }
    guard countsMass else { return 0 }
    var (low, high) = (repeatStart[level], repeatStart[level + 1])
    while low < high {
      let middle = (low + high) / 2
      let found = Int(repeatClass.base[middle])
      if found == index { return repeatCount.base[middle] }
      if found < index { low = middle + 1 } else { high = middle }
    }
    return 0
  }
}
