/// Weights on their way to classes: as many as wait for their accumulators.
struct ReplayBlock {
  static let size = 256
  /// Columns of a narrow rectangle at most, each with its place and its weight.
  static let narrow = 8
  let numbers = UnsafeMutablePointer<UInt32>.allocate(capacity: size)
  let weights = UnsafeMutablePointer<UInt64>.allocate(capacity: size)
  let offsets = UnsafeMutablePointer<Int>.allocate(capacity: narrow)
  let factors = UnsafeMutablePointer<UInt64>.allocate(capacity: narrow)

  func deallocate() {
    numbers.deallocate()
    weights.deallocate()
    offsets.deallocate()
    factors.deallocate()
  }
}
