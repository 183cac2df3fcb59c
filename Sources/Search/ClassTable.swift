import CKernels
import Evaluation

/// The observational-equivalence classes of one nonterminal: for each distinct row of values, the first program that
/// computes it, and how many programs of each level compute it.
///
/// Classes are numbered in enumeration order, so the number is a rank. A row is `lanes` words. The hash table holds
/// 32 bits of tag and 32 bits of class number + 1; a tag hit is always verified on the full row, so merging is exact.
///
/// Memory per class: `8 · lanes` (row) + 4 · arity (children) + 2 (production) + 8 / load (slots, load 3/8 to 3/4) bytes,
/// and 8 more with mass (4 for the count at its first level, 4 for that of the level being filled), plus 8 per repeat (a class
/// met again at a later level). What `ClassNumbers` keeps beside the table is 1 to 4 bytes per candidate.
struct ClassTable: ~Copyable {
  let lanes: Int
  let arity: Int
  let countsMass: Bool

  private(set) var count = 0
  private(set) var rows = PageBuffer<Int64>()
  /// Class numbers of the arguments, `arity` per class.
  private(set) var children = PageBuffer<UInt32>()
  private(set) var production = PageBuffer<UInt16>()
  private var slots = PageBuffer<UInt64>()
  private var slotMask = 0
  /// A row's place is its hash shifted right by this: the high bits, so growing needs no rows.
  private var slotShift: UInt32 = 32

  /// Programs of the level being filled, per class, the low 32 bits: small, since it is read at random. Zero between levels.
  var current = PageBuffer<UInt32>()
  /// The bits above; few classes have any.
  var carries: [UInt32: UInt64] = [:]
  /// One byte for 2^`markShift` classes: zero when none of them has programs of the level being filled.
  var marks = PageBuffer<UInt8>()
  static let markShift = 6
  /// Further programs of the level being filled, by place (`sumPlaces`), then by class: of classes below 2^8.
  var sums = PageBuffer<UInt64>()
  static let sumPlaces = 4
  /// Programs at a class's own first level; of the levels in `wideCounts` the low 32 bits.
  private(set) var firstCount = PageBuffer<UInt32>()
  /// The same with all bits, by level, of the few levels with a class that needs them.
  var wideCounts: [Int: PageBuffer<UInt64>] = [:]

  /// Repeats of all finished levels, in each by class, and where each level's begin (one more entry than levels).
  var repeatClass = PageBuffer<UInt32>()
  var repeatCount = PageBuffer<UInt32>()
  /// The counts of repeats with all bits, by level, of the few levels with one that needs them; else the low 32 bits are all.
  var wideRepeats: [Int: PageBuffer<UInt64>] = [:]
  private(set) var repeatStart = [0]
  /// First class of each level (one more entry than finished levels).
  private(set) var classStart = [0]

  init(lanes: Int, arity: Int, countsMass: Bool) {
    self.lanes = lanes
    self.arity = arity
    self.countsMass = countsMass
  }

  /// Levels finished.
  var levels: Int { classStart.count - 1 }

  func row(_ index: Int) -> UnsafeMutablePointer<Int64> { rows.base + index * lanes }

  /// Bytes of the finished levels' classes, counts and slots: a function of what was stored, as resumed runs store it too.
  var bytes: Int {
    rows.bytes + children.bytes + production.bytes + slots.bytes + current.bytes + firstCount.bytes + marks.bytes
      + sums.bytes + repeatClass.bytes + repeatCount.bytes
      + [wideCounts, wideRepeats].reduce(0) { $1.values.reduce($0) { $0 + $1.bytes } }
  }

  mutating func deallocate(_ meter: MemoryMeter) {
    rows.deallocate(meter)
    children.deallocate(meter)
    production.deallocate(meter)
    slots.deallocate(meter)
    current.deallocate(meter)
    firstCount.deallocate(meter)
    for var wide in wideCounts.values { wide.deallocate(meter) }
    for var wide in wideRepeats.values { wide.deallocate(meter) }
    marks.deallocate(meter)
    sums.deallocate(meter)
    repeatClass.deallocate(meter)
    repeatCount.deallocate(meter)
  }
}

extension ClassTable {
  /// Makes room for one block; false when memory is refused. Rows may move; the counts of finished levels do not.
  mutating func prepareForBlock(_ meter: MemoryMeter) -> Bool {
    let needed = count + CandidateBlock.greatestSize
    guard rows.reserve(needed * lanes, meter), children.reserve(needed * arity, meter),
      production.reserve(needed, meter)
    else { return false }
    if countsMass {
      guard current.reserve(needed, meter), marks.reserve(needed >> Self.markShift + 8, meter),
        sums.reserve(Self.sumPlaces << 8, meter)
      else { return false }
    }
    if slotMask == 0 || needed * 4 > (slotMask + 1) * 3 { return growSlots(meter) }
    return true
  }

  private mutating func growSlots(_ meter: MemoryMeter) -> Bool {
    var grown = PageBuffer<UInt64>()
    let size = slotMask == 0 ? 1 << 10 : (slotMask + 1) * 2
    guard grown.reserve(size, meter, exactly: true) else { return false }
    let mask = size - 1
    let shift = 32 - UInt32(truncatingIfNeeded: size.trailingZeroBitCount)
    if slotMask > 0 {
      for old in 0...slotMask {
        let slot = slots.base[old]
        if slot == 0 { continue }
        var position = Int(truncatingIfNeeded: slot >> 32) >> Int(shift)
        while grown.base[position] != 0 { position = (position + 1) & mask }
        grown.base[position] = slot
      }
    }
    slots.deallocate(meter)
    slots = grown
    slotMask = mask
    slotShift = shift
    return true
  }

  /// Whether there are so few classes that their slots and rows stay in a near cache by themselves, as those of the
  /// booleans on a few examples do: fetching them would be all cost.
  private var isNear: Bool { count &* lanes <= 1 << 12 }

  /// Fetches the slots of a block.
  @inline(__always)
  func fetchSlots(_ block: CandidateBlock) {
    if isNear { return }
    let slots = self.slots.base
    let shift = slotShift
    let hashes = block.hashes
    let count = block.state.count
    var i = 0
    while i < count {
      levin_prefetch_write(slots + Int(hashes[i] &>> shift))
      i &+= 1
    }
  }

  /// Fetches the rows that the slots of a block name.
  @inline(__always)
  func fetchRows(_ block: CandidateBlock) {
    if isNear { return }
    switch (lanes, countsMass) {
    case (8, false): fetchRows(block, lanes: 8, mass: false)
    case (8, true): fetchRows(block, lanes: 8, mass: true)
    case (16, false): fetchRows(block, lanes: 16, mass: false)
    case (16, true): fetchRows(block, lanes: 16, mass: true)
    default: fetchRows(block, lanes: lanes, mass: countsMass)
    }
  }

  @inline(__always)
  private func fetchRows(_ block: CandidateBlock, lanes: Int, mass: Bool) {
    let slots = self.slots.base
    let shift = slotShift
    let hashes = block.hashes
    let rows = self.rows.base
    let current = self.current.base
    let isSmall = self.isSmall
    let count = block.state.count
    var i = 0
    while i < count {
      let hash = hashes[i]
      let slot = slots[Int(hash &>> shift)]
      if UInt32(truncatingIfNeeded: slot &>> 32) == hash {
        let index = Int(UInt32(truncatingIfNeeded: slot) &- 1)
        levin_prefetch(rows + index &* lanes)
        if lanes > 8 { levin_prefetch(rows + index &* lanes + 8) }
        if mass && !isSmall { levin_prefetch_write(current + index) }
      }
      i &+= 1
    }
  }

  /// Adds the candidates of a block, in order; a candidate equal to a known class adds its weight to it.
  ///
  /// `prepareForBlock` has made room. Weights are exact by the counting bound of the level, so `&+` cannot wrap; neither
  /// can class numbers, which are 32 bits.
  @inline(__always)
  mutating func insert(_ block: CandidateBlock) {
    // Constants where it matters: the loop is as fast as its instructions are few.
    switch (lanes, countsMass) {
    case (8, false): insert(block, lanes: 8, mass: false)
    case (8, true): insert(block, lanes: 8, mass: true)
    case (16, false): insert(block, lanes: 16, mass: false)
    case (16, true): insert(block, lanes: 16, mass: true)
    default: insert(block, lanes: lanes, mass: countsMass)
    }
  }

  @inline(__always)
  private mutating func insert(_ block: CandidateBlock, lanes: Int, mass: Bool) {
    let slots = self.slots.base
    let mask = slotMask
    let shift = slotShift
    let rows = self.rows.base
    let production = self.production.base
    let arity = self.arity
    let blockCount = block.state.count
    let hashes = block.hashes
    let numbers = block.numbers
    let (first, second, third) = (block.column(0), block.column(1), block.column(2))
    var count = self.count
    var row = UnsafePointer(block.rows)
    var i = 0
    while i < blockCount {
      let tag = hashes[i]
      var position = Int(tag &>> shift)
      while true {
        let slot = slots[position]
        if slot == 0 {
          slots[position] = UInt64(tag) &<< 32 | UInt64(truncatingIfNeeded: count &+ 1)
          levin_copy_row(rows + count &* lanes, row, lanes)
          let children = self.children.base + count &* arity
          if arity > 0 { children[0] = first[i] }
          if arity > 1 { children[1] = second[i] }
          if arity > 2 { children[2] = third[i] }
          production[count] = block.productions[i]
          if mass { numbers[i] = UInt32(truncatingIfNeeded: count) }
          count &+= 1
          break
        }
        if UInt32(truncatingIfNeeded: slot &>> 32) == tag {
          let index = Int(UInt32(truncatingIfNeeded: slot) &- 1)
          if levin_rows_equal(rows + index &* lanes, row, lanes) != 0 {
            if mass { numbers[i] = UInt32(truncatingIfNeeded: index) }
            break
          }
        }
        position = (position &+ 1) & mask
      }
      i &+= 1
      row += lanes
    }
    self.count = count
    if mass { add(block.weights, to: numbers, count: blockCount) }
  }

  /// Closes the level being filled: its new classes and repeats get their counts. False when memory is refused.
  ///
  /// - Complexity: O(new classes + 2^`markShift` · repeats), and one byte read for 2^`markShift` classes.
  mutating func finishLevel(_ meter: MemoryMeter) -> Bool {
    let start = classStart[classStart.count - 1]
    if countsMass {
      guard firstCount.reserve(count, meter) else { return false }
      addSums()
      guard takeFirstCounts(from: start, meter) else { return false }
      guard let repeats = takeRepeats(before: start, meter) else { return false }
      repeatStart.append(repeats)
    }
    classStart.append(count)
    return true
  }

  /// Takes back the level being filled, so that the table is as after the last `finishLevel`.
  ///
  /// The hash table is rebuilt at the next growth; until then the table must not be added to.
  mutating func abandonLevel(_ meter: MemoryMeter) {
    if countsMass {
      addSums()
      clearCurrent()
    }
    if var wide = wideCounts.removeValue(forKey: levels) { wide.deallocate(meter) }
    count = classStart[classStart.count - 1]
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
    for index in classStart[level]..<classStart[level + 1] { sum &+= weight(of: index, at: level) }
    for place in repeatStart[level]..<repeatStart[level + 1] { sum &+= repeatCount(place, of: level) }
    return sum
  }
}

extension ClassTable {
  /// The programs of a repeat, by its place among those of all levels.
  func repeatCount(_ place: Int, of level: Int) -> UInt64 {
    wideRepeats[level].map { $0.base[place - repeatStart[level]] } ?? UInt64(repeatCount.base[place])
  }

  /// Programs of a finished level in a class; without mass 1 at the class's first level and 0 elsewhere.
  func weight(of index: Int, at level: Int) -> UInt64 {
    if index >= classStart[level] {
      guard index < classStart[level + 1] else { return 0 }
      guard countsMass else { return 1 }
      return wideCounts[level].map { $0.base[index - classStart[level]] } ?? UInt64(firstCount.base[index])
    }
    guard countsMass else { return 0 }
    var (low, high) = (repeatStart[level], repeatStart[level + 1])
    while low < high {
      let middle = (low + high) / 2
      let found = Int(repeatClass.base[middle])
      if found == index { return repeatCount(middle, of: level) }
      if found < index { low = middle + 1 } else { high = middle }
    }
    return 0
  }
}
