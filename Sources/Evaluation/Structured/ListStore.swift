/// Lists of integers, each kept once: equal lists have equal numbers, so that a row of lists is a row of words.
///
/// Lists lie one behind the other in one arena and are found by an open-addressed table of their numbers; a candidate is
/// compared element by element, never by its hash alone. The empty list is number 0.
///
/// - Complexity: `intern` reads the list twice and probes about once; nothing is ever freed before the store.
struct ListStore {
  private var elements: UnsafeMutablePointer<Int64>
  private var elementCapacity = 1 << 10
  private var used = 0
  /// Where list i begins; entry `count` is where the next one will.
  private var starts: UnsafeMutablePointer<Int>
  private var listCapacity = 1 << 8
  private(set) var count = 0
  /// Numbers + 1; 0 is an empty slot.
  private var slots: UnsafeMutablePointer<UInt32>
  private var mask = (1 << 10) - 1

  init() {
    elements = .allocate(capacity: elementCapacity)
    starts = .allocate(capacity: listCapacity + 1)
    slots = .allocate(capacity: mask + 1)
    slots.initialize(repeating: 0, count: mask + 1)
    starts[0] = 0
    _ = intern(UnsafeBufferPointer(start: elements, count: 0))
  }

  func deallocate() {
    elements.deallocate()
    starts.deallocate()
    slots.deallocate()
  }

  /// Bytes of all parts.
  var bytes: Int { 8 * (elementCapacity + listCapacity) + 4 * (mask + 1) }

  /// The integers of a list; the pointer is good until the next `intern`.
  @inline(__always)
  func list(_ number: Int64) -> UnsafeBufferPointer<Int64> {
    let start = starts[Int(number)]
    return UnsafeBufferPointer(start: elements + start, count: starts[Int(number) + 1] - start)
  }

  /// The number of a list, which may lie in the store itself.
  mutating func intern(_ list: UnsafeBufferPointer<Int64>) -> Int64 {
    var slot = Int(truncatingIfNeeded: Self.hash(list)) & mask
    while slots[slot] != 0 {
      let number = Int64(slots[slot] - 1)
      if Self.equal(self.list(number), list) { return number }
      slot = (slot + 1) & mask
    }
    append(list)
    slots[slot] = UInt32(count)
    if count * 2 > mask { rehash() }
    return Int64(count - 1)
  }

  private mutating func append(_ list: UnsafeBufferPointer<Int64>) {
    if used + list.count > elementCapacity {
      let larger = UnsafeMutablePointer<Int64>.allocate(capacity: max(2 * elementCapacity, used + list.count))
      elementCapacity = max(2 * elementCapacity, used + list.count)
      larger.update(from: elements, count: used)
      // The old part may hold the list: it goes when the list is copied.
      copy(list, to: larger)
      elements.deallocate()
      elements = larger
    } else {
      copy(list, to: elements)
    }
    used += list.count
    if count + 1 >= listCapacity {
      let larger = UnsafeMutablePointer<Int>.allocate(capacity: 2 * listCapacity + 1)
      larger.update(from: starts, count: count + 1)
      starts.deallocate()
      starts = larger
      listCapacity *= 2
    }
    count += 1
    precondition(count < Int(UInt32.max), "more than 2^32 lists")
    starts[count] = used
  }

  private func copy(_ list: UnsafeBufferPointer<Int64>, to arena: UnsafeMutablePointer<Int64>) {
    if let base = list.baseAddress, list.count > 0 { (arena + used).update(from: base, count: list.count) }
  }

  private mutating func rehash() {
    slots.deallocate()
    mask = 2 * mask + 1
    slots = .allocate(capacity: mask + 1)
    slots.initialize(repeating: 0, count: mask + 1)
    for number in 0..<count {
      var slot = Int(truncatingIfNeeded: Self.hash(list(Int64(number)))) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(number + 1)
    }
  }

  private static func hash(_ list: UnsafeBufferPointer<Int64>) -> UInt64 {
    var hash = UInt64(list.count) &* 0x9E37_79B9_7F4A_7C15
    for element in list {
      hash = (hash ^ UInt64(bitPattern: element)) &* 0xFF51_AFD7_ED55_8CCD
      hash ^= hash >> 32
    }
    return hash
  }

  private static func equal(_ a: UnsafeBufferPointer<Int64>, _ b: UnsafeBufferPointer<Int64>) -> Bool {
    guard a.count == b.count else { return false }
    for index in 0..<a.count where a[index] != b[index] { return false }
    return true
  }
}
