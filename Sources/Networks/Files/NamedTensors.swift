/// Tensors with their names, in the order of their file; knows no network.
public struct NamedTensors: Hashable, Sendable {
  /// One of them: float32 numbers, row-major.
  public struct Tensor: Hashable, Sendable {
    /// The name in the file, such as `embed.W_E`.
    public let name: String
    /// Sizes, slowest index first; empty for a single number.
    public let shape: [Int]
    /// The product of `shape` numbers.
    public let values: [Float]
    /// How the file had them, see `ElementType`.
    public let storedType: ElementType

    /// A tensor of these values, row-major; `storedType` is only noted, it changes no value.
    ///
    /// - Precondition: as many values as the product of the shape.
    public init(name: String, shape: [Int], values: [Float], storedType: ElementType = .float32) {
      precondition(TensorView.count(of: shape) == values.count, "\(values.count) values for '\(name)' \(shape)")
      (self.name, self.shape, self.values, self.storedType) = (name, shape, values, storedType)
    }
  }

  /// The tensors in the order of their file.
  public let tensors: [Tensor]
  private let indices: [String: Int]

  /// No name may occur twice.
  public init(_ tensors: [Tensor]) {
    var indices: [String: Int] = [:]
    for (index, tensor) in tensors.enumerated() {
      precondition(indices.updateValue(index, forKey: tensor.name) == nil, "two tensors are named '\(tensor.name)'")
    }
    self.tensors = tensors
    self.indices = indices
  }

  /// The parameters of a network, by the names of its layout and in its order.
  public init(_ parameters: [Float], layout: ParameterLayout) {
    precondition(parameters.count == layout.count, "\(parameters.count) parameters for a layout of \(layout.count)")
    self.init(layout.entries.map { Tensor(name: $0.name, shape: $0.shape, values: Array(parameters[$0.range])) })
  }

  /// Names of the tensors, in the same order.
  public var names: [String] { tensors.map(\.name) }

  /// The tensor with that name, `nil` when there is none.
  public subscript(name: String) -> Tensor? { indices[name].map { tensors[$0] } }
}

/// What readers of tensors let pass.
public struct TensorReadingOptions: Hashable, Sendable {
  /// Takes infinities and NaN; otherwise they are faults. A float64 beyond the range of float32 is always one.
  public var allowsNonFinite = false
  /// Tensors whose name, or its part behind the last dot, is one of these are checked for their place but not read.
  public var ignoredNames: Set<String> = []
  /// The greatest number of elements of all tensors together.
  public var elementLimit = 1 << 30

  /// The standard options: finite numbers alone, no name ignored, at most 2^30 elements.
  public init() {}

  /// For networks: attention masks and the number behind them are constants, not parameters (`-inf` among them).
  public static var parameters: Self {
    var options = Self()
    options.ignoredNames = ["mask", "IGNORE"]
    return options
  }

  func ignores(_ name: String) -> Bool {
    guard !ignoredNames.isEmpty else { return false }
    let last = name.split(separator: ".", omittingEmptySubsequences: false).last.map(String.init) ?? name
    return ignoredNames.contains(name) || ignoredNames.contains(last)
  }
}
