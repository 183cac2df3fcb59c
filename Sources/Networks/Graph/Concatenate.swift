internal import CTensorKernels

/// The rows of all positions of a sequence as one row: `[batch · position, width]` to `[batch, position · width]`.
final class Concatenate<Scalar: NetworkScalar>: Operation<Scalar> {
  init(_ x: Matrix, into y: Matrix) {
    precondition(!x.isPositionMajor && y.width == x.rowsPerSequence * x.width, "rows that lie behind each other")
    super.init(inputs: [x], outputs: [y])
  }

  override func forward(_ run: Run<Scalar>) {
    let (x, y) = (inputs[0], outputs[0])
    kernels.copy(1, y.count, x.value, y.count, y.value, y.count, 0)
    run.computed(y)
  }

  override func backward(_ run: Run<Scalar>) {
    let (x, y) = (inputs[0], outputs[0])
    kernels.copy(1, y.count, y.gradient, y.count, x.gradient, y.count, adds[0] ? 1 : 0)
  }
}
