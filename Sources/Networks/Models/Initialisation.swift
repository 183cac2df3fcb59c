internal import CTensorKernels
internal import Randomness

/// Draws parameters in the order of a layout.
struct Initialiser {
  var parameters: [Float] = []

  /// Normal numbers of that variance (Box & Muller 1958), two uniform draws of 53 bits for each.
  mutating func normal(_ count: Int, variance: Double, _ generator: inout SeededGenerator) {
    let deviation = variance.squareRoot()
    for _ in 0..<count {
      let u = Double((generator.next() >> 11) + 1) * 0x1p-53
      let v = Double(generator.next() >> 11) * 0x1p-53
      parameters.append(Float(levin_normal(u, v) * deviation))
    }
  }

  /// Uniform numbers between −bound and bound.
  mutating func uniform(_ count: Int, bound: Double, _ generator: inout SeededGenerator) {
    for _ in 0..<count { parameters.append(Float((Double(generator.next() >> 11) * 0x1p-52 - 1) * bound)) }
  }

  mutating func constant(_ count: Int, _ value: Float) {
    parameters.append(contentsOf: repeatElement(value, count: count))
  }
}
