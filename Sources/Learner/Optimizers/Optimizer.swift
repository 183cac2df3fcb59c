internal import Networks

/// A rule that changes parameters by their gradient, step for step, and remembers what it needs for the next one.
///
///     let optimizer = PerpendicularGradient(AdamW(.init(learningRate: 0.01, weightDecay: 0.1), layout), layout)
///     optimizer.step(&parameters, gradient)
///
/// Elementwise arithmetic is in float32; norms and dot products are summed in `Double` in one fixed order. So equal
/// calls give equal bytes, whatever the number of threads; and an optimiser restored from the state of another one goes
/// on as that one would, to the bit.
public protocol Optimizer: AnyObject {
  /// Steps done.
  var stepCount: Int { get }

  /// Changes the parameters once.
  ///
  /// - Parameter parameters: `[layout.count]`, in the order of the layout.
  /// - Parameter gradient: `[layout.count]`, of the loss to be made small; it is not changed.
  func step(_ parameters: UnsafeMutableBufferPointer<Float>, _ gradient: UnsafeBufferPointer<Float>)

  /// Everything it remembers, in a fixed order of names.
  var state: [OptimizerState] { get }

  /// Bytes of its vectors, scratch included: counted, a function of the layout.
  var bytes: Int { get }

  /// Puts it into the state of another one of the same kind for the same layout.
  func restore(_ state: [OptimizerState]) throws(OptimizerStateError)
}

/// A named vector of an optimiser's memory, for checkpoints.
public struct OptimizerState: Hashable, Sendable {
  /// What the vector holds, such as `mean`, `square` or `step`; a state has each name once.
  public var name: String
  /// Its numbers: one for each parameter, in the order of the layout, or two for a count of steps.
  public var values: [Float]

  /// A vector with its name.
  public init(_ name: String, _ values: [Float]) { (self.name, self.values) = (name, values) }
}

/// A state that does not fit the optimiser it is given to.
public struct OptimizerStateError: Error, Hashable, CustomStringConvertible {
  /// Which vector does not fit, and what was expected, in one line.
  public let description: String
}

extension Optimizer {
  /// Bytes of what it remembers; those with scratch add it.
  public var bytes: Int { stateBytes }

  var stateBytes: Int { state.reduce(0) { $0 + $1.values.count } * MemoryLayout<Float>.stride }

  /// Changes the parameters once.
  public func step(_ parameters: inout [Float], _ gradient: [Float]) {
    parameters.withUnsafeMutableBufferPointer { parameters in
      gradient.withUnsafeBufferPointer { gradient in withoutSubnormals { step(parameters, gradient) } }
    }
  }
}

extension OptimizerState {
  /// A count of steps as two numbers that float32 holds exactly: multiples of 2^24 and the rest.
  static func steps(_ count: Int) -> OptimizerState {
    OptimizerState("step", [Float(count >> 24), Float(count & 0xFF_FFFF)])
  }

  /// Reads the vectors of these names and lengths, the count of steps first; every one must be there, and no other.
  static func read(
    _ state: [OptimizerState], _ expected: [(name: String, count: Int)]
  ) throws(OptimizerStateError) -> (steps: Int, vectors: [[Float]]) {
    let expected = [(name: "step", count: 2)] + expected
    for (index, vector) in state.enumerated() {
      guard expected.contains(where: { $0.name == vector.name }) else {
        let names = expected.map { "'\($0.name)'" }.joined(separator: ", ")
        throw OptimizerStateError(description: "the state has a vector '\(vector.name)'; expected \(names)")
      }
      guard !state[..<index].contains(where: { $0.name == vector.name }) else {
        throw OptimizerStateError(description: "the state has two vectors '\(vector.name)'")
      }
    }
    var vectors: [[Float]] = []
    for (name, count) in expected {
      guard let vector = state.first(where: { $0.name == name }) else {
        throw OptimizerStateError(description: "the state has no vector '\(name)'; expected one of \(count) numbers")
      }
      guard vector.values.count == count else {
        throw OptimizerStateError(
          description: "the vector '\(name)' of the state has \(vector.values.count) numbers; expected \(count)")
      }
      if name == "square", let place = vector.values.firstIndex(where: { $0 < 0 }) {
        throw OptimizerStateError(
          description:
            "the vector 'square' of the state has \(vector.values[place]) at \(place); squares are at least 0")
      }
      vectors.append(vector.values)
    }
    let steps = vectors.removeFirst()
    guard let high = Int(exactly: steps[0]), let low = Int(exactly: steps[1]), (0..<1 << 24).contains(high),
      (0..<1 << 24).contains(low)
    else { throw OptimizerStateError(description: "the vector 'step' of the state is \(steps), not a count of steps") }
    return (high << 24 | low, vectors)
  }
}
