import CKernels

/// Counts the bytes that a search maps, against its limit.
final class MemoryMeter {
  private(set) var used = 0
  private(set) var peak = 0
  let limit: Int
  /// Called when memory is refused: gives back what can be done without; false when there is nothing.
  var reclaim: () -> Bool = { false }

  init(limit: Int) { self.limit = limit }

  /// Whether `bytes` more fit.
  func allows(_ bytes: Int) -> Bool { used + bytes <= limit }

  /// Notes that a search of its own took `bytes` at its peak, beside what is used now.
  func note(_ bytes: Int) { peak = max(peak, used + bytes) }

  fileprivate func change(by bytes: Int) {
    used += bytes
    peak = max(peak, used)
  }
}

/// A growing array in pages of its own: growth moves pages and copies nothing (Linux), and memory is zero when new.
///
/// Owned by hand: whoever holds it calls `deallocate`. Elements are never initialised or destroyed one by one.
struct PageBuffer<Element: BitwiseCopyable> {
  private(set) var base: UnsafeMutablePointer<Element>
  private(set) var capacity = 0
  private(set) var bytes = 0

  /// An empty buffer.
  init() { base = UnsafeMutablePointer(bitPattern: MemoryLayout<Element>.alignment)! }

  /// Makes room for `count` elements; false, and no change, when the meter or the system refuses.
  ///
  /// - Parameter reclaims: whether the meter then takes memory back from where it is not necessary, and it is tried again.
  mutating func reserve(_ count: Int, _ meter: MemoryMeter, exactly: Bool = false, reclaims: Bool = true) -> Bool {
    if count <= capacity { return true }
    let needed = count * MemoryLayout<Element>.stride
    let newBytes =
      exactly
      ? (needed + Self.page(needed) - 1) / Self.page(needed) * Self.page(needed) : Self.size(needed, from: bytes)
    var resized = resize(newBytes, meter)
    if resized == nil, reclaims, meter.reclaim() { resized = resize(newBytes, meter) }
    guard let pointer = resized else { return false }
    meter.change(by: newBytes - bytes)
    base = pointer.assumingMemoryBound(to: Element.self)
    bytes = newBytes
    capacity = newBytes / MemoryLayout<Element>.stride
    return true
  }

  private func resize(_ newBytes: Int, _ meter: MemoryMeter) -> UnsafeMutableRawPointer? {
    meter.allows(newBytes - bytes) ? levin_pages_resize(base, bytes, newBytes) : nil
  }

  private static func page(_ bytes: Int) -> Int { bytes > 1 << 22 ? 1 << 21 : 1 << 12 }

  /// The first of a fixed row of sizes that is enough: it depends on what is needed, not on the steps in which that grew.
  ///
  /// Moving costs one table entry per huge page, so steps are small and little lies idle; at first they double.
  private static func size(_ needed: Int, from bytes: Int) -> Int {
    var size = bytes
    while size < needed {
      if size <= 1 << 22 {
        size = max(1 << 12, size * 2)
      } else {
        let huge = 1 << 21
        size = (size + size / 32 + huge - 1) / huge * huge
      }
    }
    return size
  }

  mutating func deallocate(_ meter: MemoryMeter) {
    if bytes > 0 { levin_pages_free(base, bytes) }
    meter.change(by: -bytes)
    self = PageBuffer()
  }
}
