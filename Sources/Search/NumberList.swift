/// A growing list of class numbers, each as wide as the greatest needs: 1, 2 or 4 bytes.
struct NumberList {
  private var bytes = PageBuffer<UInt8>()
  /// Bytes of a number.
  private(set) var width = 1
  var count = 0

  /// The numbers, when `Number` has their width.
  func base<Number>(_: Number.Type) -> UnsafePointer<Number> {
    assert(MemoryLayout<Number>.size == width)
    return UnsafeRawPointer(bytes.base).assumingMemoryBound(to: Number.self)
  }

  /// Adds numbers; false when memory is refused, and the list is then of no more use.
  mutating func append(_ numbers: UnsafePointer<UInt32>, count added: Int, _ meter: MemoryMeter) -> Bool {
    var all: UInt32 = 0
    for i in 0..<added { all |= numbers[i] }
    if width == 1, all > 0xFF, !widen(from: UInt8.self, to: UInt16.self, meter) { return false }
    if width == 2, all > 0xFFFF, !widen(from: UInt16.self, to: UInt32.self, meter) { return false }
    guard bytes.reserve((count + added) * width, meter, reclaims: false) else { return false }
    switch width {
    case 1: write(numbers, added, as: UInt8.self)
    case 2: write(numbers, added, as: UInt16.self)
    default: write(numbers, added, as: UInt32.self)
    }
    count += added
    return true
  }

  @inline(__always)
  private func write<Number: FixedWidthInteger>(
    _ numbers: UnsafePointer<UInt32>, _ added: Int, as _: Number.Type
  ) {
    let end = UnsafeMutableRawPointer(bytes.base).assumingMemoryBound(to: Number.self) + count
    for i in 0..<added { end[i] = Number(truncatingIfNeeded: numbers[i]) }
  }

  /// From the last to the first, so that no number is overwritten before it is read.
  private mutating func widen<Narrow: FixedWidthInteger, Wide: FixedWidthInteger>(
    from _: Narrow.Type, to _: Wide.Type, _ meter: MemoryMeter
  ) -> Bool {
    guard bytes.reserve(count * MemoryLayout<Wide>.size, meter, reclaims: false) else { return false }
    let base = UnsafeMutableRawPointer(bytes.base)
    for i in stride(from: count - 1, through: 0, by: -1) {
      let number = base.loadUnaligned(fromByteOffset: i * MemoryLayout<Narrow>.size, as: Narrow.self)
      base.storeBytes(of: Wide(truncatingIfNeeded: number), toByteOffset: i * MemoryLayout<Wide>.size, as: Wide.self)
    }
    width = MemoryLayout<Wide>.size
    return true
  }

  mutating func deallocate(_ meter: MemoryMeter) {
    bytes.deallocate(meter)
    count = 0
  }
}
