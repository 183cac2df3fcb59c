/// Counting the programs of the level being filled.
///
/// Of up to 2^8 classes one is often hit again and again, as the constant booleans are, and adding to one place would wait for
/// the last addition: so their sums are at `sumPlaces` places. Of more, the low 32 bits of all are side by side, and what is
/// above is rare.
extension ClassTable {
  /// Whether all classes are below 2^8.
  var isSmall: Bool { count <= 1 << 8 }

  /// Adds weights to classes in the level being filled. Their accumulators should have been fetched.
  @inline(__always)
  mutating func add(_ weights: UnsafePointer<UInt64>, to numbers: UnsafePointer<UInt32>, count: Int) {
    if isSmall {
      let sums = self.sums.base
      for i in 0..<count { sums[(i & (Self.sumPlaces - 1)) &<< 8 | Int(numbers[i])] &+= weights[i] }
      return
    }
    let current = self.current.base
    let marks = self.marks.base
    for i in 0..<count {
      let index = Int(numbers[i])
      let sum = UInt64(current[index]) &+ weights[i]
      current[index] = UInt32(truncatingIfNeeded: sum)
      marks[index &>> Self.markShift] = 1
      if sum > UInt64(UInt32.max) { carry(sum &>> 32, index) }
    }
  }

  @inline(never)
  private mutating func carry(_ high: UInt64, _ index: Int) {
    carries[UInt32(truncatingIfNeeded: index), default: 0] &+= high
  }

  /// Brings all programs of the level being filled into `current`.
  mutating func addSums() {
    if sums.capacity == 0 { return }
    for index in 0..<min(count, 1 << 8) {
      var weight: UInt64 = 0
      for place in 0..<Self.sumPlaces {
        weight &+= sums.base[place << 8 | index]
        sums.base[place << 8 | index] = 0
      }
      if weight == 0 { continue }
      let sum = UInt64(current.base[index]) &+ weight
      current.base[index] = UInt32(truncatingIfNeeded: sum)
      marks.base[index >> Self.markShift] = 1
      if sum > UInt64(UInt32.max) { carry(sum >> 32, index) }
    }
  }

  /// Programs of the level being filled in a class, which are taken out.
  @inline(__always)
  mutating func takeCurrent(_ index: Int) -> UInt64 {
    let low = UInt64(current.base[index])
    current.base[index] = 0
    if carries.isEmpty { return low }
    return low | (carries.removeValue(forKey: UInt32(truncatingIfNeeded: index)) ?? 0) &<< 32
  }

  /// Forgets the programs of the level being filled.
  mutating func clearCurrent() {
    _ = forEachMark { table, first in
      for index in first..<min(first + 1 << Self.markShift, table.count) { _ = table.takeCurrent(index) }
      return true
    }
  }

  /// Moves the counts of the new classes, from `start` on, to those at their first level. False when memory is refused.
  mutating func takeFirstCounts(from start: Int, _ meter: MemoryMeter) -> Bool {
    if carries.keys.contains(where: { $0 >= start }) {
      var wide = PageBuffer<UInt64>()
      guard wide.reserve(count - start, meter) else { return false }
      for index in start..<count {
        wide.base[index - start] = takeCurrent(index)
        firstCount.base[index] = UInt32(truncatingIfNeeded: wide.base[index - start])
      }
      wideCounts[levels] = wide
    } else {
      (firstCount.base + start).update(from: current.base + start, count: count - start)
      (current.base + start).update(repeating: 0, count: count - start)
    }
    return true
  }

  /// Moves the counts of classes before `start` to the repeats, in the order of class numbers; their end, nil when memory is
  /// refused.
  mutating func takeRepeats(before start: Int, _ meter: MemoryMeter) -> Int? {
    let begin = repeatStart[repeatStart.count - 1]
    var end = begin
    // The new classes have theirs already.
    let isWide = !carries.isEmpty
    var wide = PageBuffer<UInt64>()
    let ok = forEachMark { table, first in
      let size = 1 << Self.markShift
      guard table.repeatClass.reserve(end + size, meter), table.repeatCount.reserve(end + size, meter),
        !isWide || wide.reserve(end + size - begin, meter)
      else { return false }
      for index in first..<max(first, min(first + size, start)) {
        let programs = table.takeCurrent(index)
        if programs == 0 { continue }
        table.repeatClass.base[end] = UInt32(truncatingIfNeeded: index)
        table.repeatCount.base[end] = UInt32(truncatingIfNeeded: programs)
        if isWide { wide.base[end - begin] = programs }
        end += 1
      }
      return true
    }
    if ok, isWide { wideRepeats[levels] = wide } else { wide.deallocate(meter) }
    return ok ? end : nil
  }

  /// Calls `body` with the first class of every marked group and takes the mark away; ends when it says false.
  private mutating func forEachMark(_ body: (inout ClassTable, Int) -> Bool) -> Bool {
    if marks.capacity == 0 { return true }
    let words = UnsafeMutableRawPointer(marks.base)
    for word in 0..<(count >> Self.markShift + 8) / 8 {
      if words.load(fromByteOffset: word * 8, as: UInt64.self) == 0 { continue }
      for mark in word * 8..<word * 8 + 8 where marks.base[mark] != 0 {
        guard body(&self, mark << Self.markShift) else { return false }
        marks.base[mark] = 0
      }
    }
    return true
  }
}
