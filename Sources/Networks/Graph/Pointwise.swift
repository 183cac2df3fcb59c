internal import CTensorKernels

extension Activation {
  /// The function's number in the kernels.
  var kernel: Int32 {
    let function =
      switch self {
      case .relu: LEVIN_RELU
      case .gelu: LEVIN_GELU
      case .geluTanh: LEVIN_GELU_TANH
      case .square: LEVIN_SQUARE
      }
    return Int32(function.rawValue)
  }
}

/// y = f(x + bias), element by element; the bias is kept in x, so x must have this one reader.
final class Activate<Scalar: NetworkScalar>: Operation<Scalar> {
  private let f: Int32
  private let hasBias: Bool
  private let isRelu: Bool

  /// `nil` is the identity, in place: y is then an alias of x.
  init(_ x: Matrix, _ activation: Activation?, bias: Matrix? = nil, into y: Matrix) {
    f = activation?.kernel ?? Int32(LEVIN_IDENTITY.rawValue)
    hasBias = bias != nil
    isRelu = activation == .relu
    super.init(inputs: [x] + (bias.map { [$0] } ?? []), outputs: [y])
  }

  override func forward(_ run: Run<Scalar>) {
    let (x, y) = (inputs[0], outputs[0])
    kernels.activate(f, y.rows, y.width, hasBias ? inputs[1].value : nil, x.value, y.value)
    run.computed(y)
  }

  override func backward(_ run: Run<Scalar>) {
    let (x, y) = (inputs[0], outputs[0])
    precondition(!(hasBias && adds[0]), "a sum that gets a bias in place has one reader")
    // Relu is differentiated at its result, so that an intervention there counts.
    kernels.activate_back(
      f, y.rows, y.width, x.value == y.value || isRelu ? y.value : x.value, y.gradient, x.gradient, adds[0] ? 1 : 0,
      hasBias ? inputs[1].gradient : nil, hasBias && adds[1] ? 1 : 0)
  }
}

/// out = a + b
final class Add<Scalar: NetworkScalar>: Operation<Scalar> {
  init(_ a: Matrix, _ b: Matrix, into out: Matrix) { super.init(inputs: [a, b], outputs: [out]) }

  override func forward(_ run: Run<Scalar>) {
    kernels.add(outputs[0].count, inputs[0].value, inputs[1].value, outputs[0].value)
    run.computed(outputs[0])
  }

  override func backward(_ run: Run<Scalar>) {
    let count = outputs[0].count
    for (index, input) in inputs.enumerated() {
      kernels.copy(1, count, outputs[0].gradient, count, input.gradient, count, adds[index] ? 1 : 0)
    }
  }
}

/// The last position's rows: `[batch · position, width]` to `[batch, width]`.
final class SelectLast<Scalar: NetworkScalar>: Operation<Scalar> {
  init(_ x: Matrix, into y: Matrix) { super.init(inputs: [x], outputs: [y]) }

  override func forward(_ run: Run<Scalar>) {
    let (x, y) = (inputs[0], outputs[0])
    let stride = x.rowsPerSequence * x.width
    kernels.copy(y.rows, y.width, x.value + (stride - x.width), stride, y.value, y.width, 0)
    run.computed(y)
  }

  override func backward(_ run: Run<Scalar>) {
    let (x, y) = (inputs[0], outputs[0])
    let stride = x.rowsPerSequence * x.width
    clearUnlessAdding(0)
    kernels.copy(y.rows, y.width, y.gradient, y.width, x.gradient + (stride - x.width), stride, adds[0] ? 1 : 0)
  }
}

/// y = (x − mean) / √(variance + ε) · w + b for each row (Ba, Kiros & Hinton 2016), ε = 1e-5.
final class LayerNorm<Scalar: NetworkScalar>: Operation<Scalar> {
  static var epsilon: Double { 1e-5 }
  private let statistics: Matrix

  /// `statistics` is memory for two numbers per row.
  init(_ x: Matrix, scale: Matrix, shift: Matrix, statistics: Matrix, into y: Matrix) {
    self.statistics = statistics
    super.init(inputs: [x, scale, shift], outputs: [y])
  }

  override func forward(_ run: Run<Scalar>) {
    let (x, y) = (inputs[0], outputs[0])
    kernels.normalize(
      y.rows, y.width, Self.epsilon, x.value, inputs[1].value, inputs[2].value, y.value, statistics.value)
    run.computed(y)
  }

  override func backward(_ run: Run<Scalar>) {
    let (x, y) = (inputs[0], outputs[0])
    clearUnlessAdding(1)
    clearUnlessAdding(2)
    kernels.normalize_back(
      y.rows, y.width, x.value, inputs[1].value, statistics.value, y.gradient, x.gradient, adds[0] ? 1 : 0,
      inputs[1].gradient, inputs[2].gradient)
  }
}
