internal import CTensorKernels

/// The sum over rows of −log softmax(logits)[target], in float64; targets of −1 are not counted.
///
/// Where a gradient is wanted, the forward pass writes it too, while the row is at hand.
final class CrossEntropy<Scalar: NetworkScalar>: Operation<Scalar> {
  private let targets: IndexList
  private(set) var result = BatchLoss()

  init(_ logits: Matrix, _ targets: IndexList) {
    self.targets = targets
    targets.chooses(among: logits.width)
    super.init(inputs: [logits], outputs: [])
  }

  override func forward(_ run: Run<Scalar>) {
    let logits = inputs[0]
    var sums = levin_loss()
    sums.least_margin = .infinity
    kernels.cross_entropy(
      logits.rows, logits.width, logits.value, targets.indices, run.factor,
      run.wantsGradient ? UnsafeMutableRawPointer(logits.gradient) : nil, &sums)
    result = BatchLoss()
    result.lossSum = sums.sum
    result.counted = Int(sums.counted)
    result.correct = Int(sums.correct)
    result.leastMargin = sums.least_margin
  }

  override func backward(_ run: Run<Scalar>) { precondition(!adds[0], "logits are read by the loss alone") }
}
