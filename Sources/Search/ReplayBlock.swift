/// Weights on their way to classes: as many as wait for their accumulators.
struct ReplayBlock {
  static let size = 256
  let numbers = UnsafeMutablePointer<UInt32>.allocate(capacity: size)
  let weights = UnsafeMutablePointer<UInt64>.allocate(capacity: size)

  func deallocate() {
    numbers.deallocate()
    weights.deallocate()
  }
}
