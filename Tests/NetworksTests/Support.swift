import Randomness

@testable import Networks

/// A batch of random tokens and targets; about every fifth target is not counted when `ignoring`.
func randomBatch(
  _ shape: BatchShape, vocabulary: Int, outputs: Int, seed: UInt64 = 1, ignoring: Bool = false
) -> Batch {
  var generator = SeededGenerator(seed: seed, name: "batch")
  func draw(_ count: Int, _ bound: Int) -> [Int32] { (0..<count).map { _ in Int32(generator.below(UInt64(bound))) } }
  var targets = draw(shape.rows * shape.readPositions, outputs)
  if ignoring { for place in targets.indices where generator.below(5) == 0 { targets[place] = Batch.ignored } }
  return Batch(shape: shape, tokens: draw(shape.rows * shape.positions, vocabulary), targets: targets)
}

/// Numbers evenly in −scale ... scale.
func randomNumbers(_ count: Int, scale: Double = 1, seed: UInt64 = 1) -> [Double] {
  var generator = SeededGenerator(seed: seed, name: "numbers")
  return (0..<count).map { _ in (Double(generator.next() >> 11) * 0x1p-52 - 1) * scale }
}

/// Central differences of a function of many numbers, each at two steps so that a fifth-order estimate results.
func differences(_ point: [Double], step: Double = 1e-4, _ function: ([Double]) -> Double) -> [Double] {
  var moved = point
  return point.indices.map { index in
    func at(_ distance: Double) -> Double {
      moved[index] = point[index] + distance
      defer { moved[index] = point[index] }
      return function(moved)
    }
    let (near, far) = (at(step) - at(-step), at(2 * step) - at(-2 * step))
    return (8 * near - far) / (12 * step)
  }
}

/// max |x − y| / max |y|
func relativeError<Number: BinaryFloatingPoint>(_ x: [Number], _ y: [Number]) -> Double {
  precondition(x.count == y.count, "\(x.count) numbers against \(y.count)")
  let scale = y.reduce(0) { max($0, abs(Double($1))) }
  let error = zip(x, y).reduce(0) { max($0, abs(Double($1.0) - Double($1.1))) }
  return scale == 0 ? error : error / scale
}
