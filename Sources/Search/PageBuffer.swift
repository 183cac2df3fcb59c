import CKernels

/// Counts the bytes that a search maps, against its limit.
final class MemoryMeter {
  private(set) var used = 0
  private(set) var peak = 0
  let limit: Int

  init(limit: Int) { self.limit = limit }

  /// Whether `bytes` more fit.
  func allows(_ bytes: Int) -> Bool { used + bytes <= limit }

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
  private var bytes = 0

  /// An empty buffer.
  init() { base = UnsafeMutablePointer(bitPattern: MemoryLayout<Element>.alignment)! }

  /// Makes room for `count` elements; false, and no change, when the meter or the system refuses.
  mutating func reserve(_ count: Int, _ meter: MemoryMeter, exactly: Bool = false) -> Bool {
    if count <= capacity { return true }
    let page = bytes > 1 << 22 ? 1 << 21 : 1 << 12
    func rounded(_ count: Int) -> Int { (count * MemoryLayout<Element>.stride + page - 1) / page * page }
    // Moving costs one table entry per huge page, so steps are small and little lies idle; at first they double.
    let step = bytes > 1 << 22 ? capacity / 32 : capacity
    let newBytes = rounded(exactly ? count : max(count, capacity + step))
    guard meter.allows(newBytes - bytes), let pointer = levin_pages_resize(base, bytes, newBytes) else { return false }
    meter.change(by: newBytes - bytes)
    base = pointer.assumingMemoryBound(to: Element.self)
    bytes = newBytes
    capacity = newBytes / MemoryLayout<Element>.stride
    return true
  }

  mutating func deallocate(_ meter: MemoryMeter) {
    if bytes > 0 { levin_pages_free(base, bytes) }
    meter.change(by: -bytes)
    self = PageBuffer()
  }
}
