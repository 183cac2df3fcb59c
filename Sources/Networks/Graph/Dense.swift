internal import CTensorKernels

/// y = f(x · W + bias) + residual, `[rows, in]` to `[rows, out]`.
///
/// W is `[in, out]`, or `[out, in]` when `isTransposed`. f is the identity or, in place, relu. The residual is added by
/// the product itself (beta = 1); bias and relu share one pass.
final class Dense<Scalar: NetworkScalar>: Operation<Scalar> {
  private let isTransposed: Bool
  private let isRelu: Bool
  private let bias: Int?
  private let residual: Int?

  init(
    _ x: Matrix, _ weight: Matrix, isTransposed: Bool = false, bias: Matrix? = nil, isRelu: Bool = false,
    residual: Matrix? = nil, into y: Matrix
  ) {
    precondition(!(isRelu && residual != nil), "the residual is added before the activation")
    self.isTransposed = isTransposed
    self.isRelu = isRelu
    var inputs = [x, weight]
    self.bias = bias.map {
      inputs.append($0)
      return inputs.count - 1
    }
    self.residual = residual.map {
      inputs.append($0)
      return inputs.count - 1
    }
    super.init(inputs: inputs, outputs: [y])
  }

  override func forward(_ run: Run<Scalar>) {
    let (x, weight, y) = (inputs[0], inputs[1], outputs[0])
    if let residual {
      let from = inputs[residual].value
      if let bias {
        kernels.add_row(y.rows, y.width, from, inputs[bias].value, y.value)
      } else {
        kernels.copy(1, y.count, from, y.count, y.value, y.count, 0)
      }
    }
    Scalar.product(
      y.rows, y.width, x.width, alpha: 1, x.value, x.width, transposed: false, weight.value, weight.width,
      transposed: isTransposed, beta: residual == nil ? 0 : 1, y.value, y.width)
    if residual == nil && (bias != nil || isRelu) {
      let f = isRelu ? LEVIN_RELU : LEVIN_IDENTITY
      kernels.activate(Int32(f.rawValue), y.rows, y.width, bias.map { inputs[$0].value }, y.value, y.value)
    }
    run.computed(y)
  }

  override func backward(_ run: Run<Scalar>) {
    let (x, weight, y) = (inputs[0], inputs[1], outputs[0])
    if isRelu {
      kernels.activate_back(
        Int32(LEVIN_RELU.rawValue), y.rows, y.width, y.value, y.gradient, y.gradient, 0,
        bias.map { inputs[$0].gradient }, bias.map { adds[$0] ? 1 : 0 } ?? 0)
    } else if let bias {
      kernels.column_sums(y.rows, y.width, y.gradient, inputs[bias].gradient, adds[bias] ? 1 : 0)
    }
    if isTransposed {
      Scalar.product(
        y.width, x.width, y.rows, alpha: 1, y.gradient, y.width, transposed: true, x.value, x.width, transposed: false,
        beta: beta(1), weight.gradient, weight.width)
    } else {
      Scalar.product(
        x.width, y.width, y.rows, alpha: 1, x.value, x.width, transposed: true, y.gradient, y.width, transposed: false,
        beta: beta(1), weight.gradient, weight.width)
    }
    Scalar.product(
      x.rows, x.width, y.width, alpha: 1, y.gradient, y.width, transposed: false, weight.value, weight.width,
      transposed: !isTransposed, beta: beta(0), x.gradient, x.width)
    if let residual {
      kernels.copy(1, y.count, y.gradient, y.count, inputs[residual].gradient, y.count, adds[residual] ? 1 : 0)
    }
  }
}

/// y = x · [W_0 | W_1 | …] + bias: a product with matrices `[head, in, d_head]`, to `[rows, head, d_head]`.
///
/// The heads' matrices are laid side by side first, so that one product serves all heads.
final class HeadDense<Scalar: NetworkScalar>: Operation<Scalar> {
  private let heads: Int
  private let packed: Matrix

  /// `packed` is memory for `[in, heads · d_head]`.
  init(_ x: Matrix, _ weight: Matrix, bias: Matrix? = nil, heads: Int, packed: Matrix, into y: Matrix) {
    self.heads = heads
    self.packed = packed
    super.init(inputs: [x, weight] + (bias.map { [$0] } ?? []), outputs: [y])
  }

  override func forward(_ run: Run<Scalar>) {
    let (x, weight, y) = (inputs[0], inputs[1], outputs[0])
    let size = x.width * weight.width
    for head in 0..<heads {
      kernels.copy(
        x.width, weight.width, weight.value + head * size, weight.width, packed.value + head * weight.width, y.width, 0)
    }
    Scalar.product(
      y.rows, y.width, x.width, alpha: 1, x.value, x.width, transposed: false, packed.value, y.width,
      transposed: false, beta: 0, y.value, y.width)
    if inputs.count > 2 { kernels.add_row(y.rows, y.width, y.value, inputs[2].value, y.value) }
    run.computed(y)
  }

  override func backward(_ run: Run<Scalar>) {
    let (x, weight, y) = (inputs[0], inputs[1], outputs[0])
    let size = x.width * weight.width
    if inputs.count > 2 { kernels.column_sums(y.rows, y.width, y.gradient, inputs[2].gradient, adds[2] ? 1 : 0) }
    Scalar.product(
      x.width, y.width, y.rows, alpha: 1, x.value, x.width, transposed: true, y.gradient, y.width, transposed: false,
      beta: 0, packed.gradient, y.width)
    for head in 0..<heads {
      kernels.copy(
        x.width, weight.width, packed.gradient + head * weight.width, y.width, weight.gradient + head * size,
        weight.width, adds[1] ? 1 : 0)
    }
    Scalar.product(
      x.rows, x.width, y.width, alpha: 1, y.gradient, y.width, transposed: false, packed.value, y.width,
      transposed: true, beta: beta(0), x.gradient, x.width)
  }
}
