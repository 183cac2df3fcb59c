public import Randomness

/// A network: its parameters by name, how they begin, and its graph for batches of a shape.
///
/// Knows no task and no training. Parameters are a flat vector that the caller owns, laid out by `layout`.
public protocol Network: Sendable {
  /// Names, shapes and places of the parameters.
  var layout: ParameterLayout { get }
  /// Different tokens; ids are `0 ..< vocabulary`.
  var vocabulary: Int { get }
  /// Logits per position read.
  var outputs: Int { get }

  /// Parameters as they are before training, drawn in the order of the layout.
  func initialParameters(using generator: inout SeededGenerator) -> [Float]

  /// The ordinary form: every activation is computed, named, readable and replaceable.
  func graph<Scalar: NetworkScalar>(for shape: BatchShape, of scalar: Scalar.Type) -> Graph<Scalar>

  /// The form that training runs: the same function with work left out that the shape makes needless.
  func trainingForm<Scalar: NetworkScalar>(for shape: BatchShape, of scalar: Scalar.Type) -> TrainingForm<Scalar>
}

extension Network {
  /// Parameters as they are before training, from a seed and the name of its purpose.
  public func initialParameters(seed: UInt64, name: String = "init") -> [Float] {
    var generator = SeededGenerator(seed: seed, name: name)
    return initialParameters(using: &generator)
  }
}

/// What a hidden unit does to its input.
public enum Activation: String, Hashable, Sendable, CaseIterable {
  /// max(x, 0).
  case relu
  /// x Φ(x), with the error function.
  case gelu
  /// The tanh form of `gelu` (`gelu_new`): 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))).
  case geluTanh = "gelu_new"
  /// x².
  case square
}
