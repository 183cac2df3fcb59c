internal import CTensorKernels

/// Causal attention of weight 1 on every position that is seen: z = Σ v, whatever the queries and keys.
///
/// v is `[rows, head · d_head]` over all positions, z the same over the last `queries` of them.
///
/// - Source: Zhong, Liu, Tegmark & Andreas 2023, "The clock and the pizza", attention rate 0.
final class ConstantAttention<Scalar: NetworkScalar>: Operation<Scalar> {
  private let queries: Int
  private let positions: Int

  init(v: Matrix, queries: Int, positions: Int, into z: Matrix) {
    self.queries = queries
    self.positions = positions
    super.init(inputs: [v], outputs: [z])
  }

  /// Calls `body` with each query and each position that it sees.
  private func each(_ body: (_ query: Int, _ position: Int) -> Void) {
    for query in 0..<queries {
      for position in 0...positions - queries + query { body(query, position) }
    }
  }

  override func forward(_ run: Run<Scalar>) {
    let (v, z) = (inputs[0], outputs[0])
    each { query, position in
      kernels.copy(
        run.sequences, v.width, v.value + position * v.width, positions * v.width, z.value + query * v.width,
        queries * v.width, position == 0 ? 0 : 1)
    }
    run.computed(z)
  }

  override func backward(_ run: Run<Scalar>) {
    let (v, z) = (inputs[0], outputs[0])
    clearUnlessAdding(0)
    each { query, position in
      kernels.copy(
        run.sequences, v.width, z.gradient + query * v.width, queries * v.width, v.gradient + position * v.width,
        positions * v.width, 1)
    }
  }
}
