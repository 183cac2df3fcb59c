extension UnsafeMutablePointer {
  /// Uninitialized memory that begins at a line of the cache, so that no vector of a row lies in two lines, which on some
  /// machines take twice the time of one; `deallocateLines` gives it back.
  package static func allocateLines(capacity: Int) -> Self {
    UnsafeMutableRawPointer.allocate(byteCount: capacity * MemoryLayout<Pointee>.stride, alignment: 64)
      .bindMemory(to: Pointee.self, capacity: capacity)
  }

  /// Gives back what `allocateLines` gave.
  package func deallocateLines() { UnsafeMutableRawPointer(self).deallocate() }
}
