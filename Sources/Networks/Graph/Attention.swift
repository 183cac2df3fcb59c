internal import CTensorKernels

/// Causal attention: pattern = softmax(q · kᵀ / √d_head), z = pattern · v, head by head.
///
/// q, k, v are `[rows, head · d_head]`; z is `[rows, query, head, d_head]`, the pattern `[batch, head, query, key]`. Queries
/// are the last ones of the positions. With lists, q, k and v are tables and position i of a sequence is the row that the
/// list names; gradients are then added up per table row.
///
/// Few keys per query go through loops; longer sequences through products per sequence and head.
final class Attention<Scalar: NetworkScalar>: Operation<Scalar> {
  private let heads: Int
  private let queries: Int
  private let positions: Int
  private let queryRows: IndexList?
  private let keyRows: IndexList?
  /// q · kᵀ / √d_head with −∞ where the mask hides a key; `nil` where nobody reads it.
  private let scores: Matrix?
  private let pattern: Matrix
  private let usesProducts: Bool

  init(
    q: Matrix, k: Matrix, v: Matrix, heads: Int, queries: Int, positions: Int,
    rows: (query: IndexList, key: IndexList)? = nil, scores: Matrix?, pattern: Matrix, into z: Matrix
  ) {
    self.heads = heads
    self.queries = queries
    self.positions = positions
    queryRows = rows?.query
    keyRows = rows?.key
    self.scores = scores
    self.pattern = pattern
    usesProducts = scores != nil || (rows == nil && queries > 1 && positions > 8)
    rows?.query.chooses(among: q.fixedRows)
    rows?.key.chooses(among: k.fixedRows)
    precondition(rows == nil || scores == nil, "scores are read in the ordinary form")
    super.init(inputs: [q, k, v], outputs: [z])
  }

  private var headWidth: Int { outputs[0].width / heads }
  private var scale: Scalar { 1 / Scalar(headWidth).squareRoot() }

  private func sizes(_ run: Run<Scalar>) -> levin_attention {
    levin_attention(
      rows: run.sequences, queries: queries, positions: positions, heads: heads, head_width: headWidth,
      scale: Double(scale))
  }

  override func forward(_ run: Run<Scalar>) {
    let z = outputs[0]
    if usesProducts {
      forwardByProducts(run)
    } else {
      var sizes = sizes(run)
      kernels.attend(
        &sizes, inputs[0].value, queryRows.map { UnsafePointer($0.indices) }, inputs[1].value, inputs[2].value,
        keyRows.map { UnsafePointer($0.indices) }, pattern.value, z.value)
      run.computed(pattern)
    }
    run.computed(z)
  }

  override func backward(_ run: Run<Scalar>) {
    if usesProducts { return backwardByProducts(run) }
    for input in 0..<3 { clearUnlessAdding(input) }
    var sizes = sizes(run)
    kernels.attend_back(
      &sizes, inputs[0].value, queryRows.map { UnsafePointer($0.indices) }, inputs[1].value, inputs[2].value,
      keyRows.map { UnsafePointer($0.indices) }, pattern.value, outputs[0].gradient, inputs[0].gradient,
      inputs[1].gradient, inputs[2].gradient)
  }

  /// Calls `body` with the places of each sequence's and head's matrices: of queries, of keys, of the pattern.
  private func each(_ run: Run<Scalar>, _ body: (_ q: Int, _ k: Int, _ pattern: Int) -> Void) {
    let width = outputs[0].width
    for sequence in 0..<run.sequences {
      for head in 0..<heads {
        body(
          sequence * queries * width + head * headWidth, sequence * positions * width + head * headWidth,
          (sequence * heads + head) * queries * positions)
      }
    }
  }

  private func forwardByProducts(_ run: Run<Scalar>) {
    let (width, z) = (outputs[0].width, outputs[0])
    let product = scores ?? pattern
    each(run) { q, k, at in
      Scalar.product(
        queries, positions, headWidth, alpha: scale, inputs[0].value + q, width, transposed: false,
        inputs[1].value + k, width, transposed: true, beta: 0, product.value + at, positions)
    }
    if let scores {
      hide(scores, run)
      run.computed(scores)
    }
    kernels.causal_softmax(run.sequences * heads, queries, positions, product.value, pattern.value)
    run.computed(pattern)
    each(run) { q, k, at in
      Scalar.product(
        queries, headWidth, positions, alpha: 1, pattern.value + at, positions, transposed: false,
        inputs[2].value + k, width, transposed: false, beta: 0, z.value + q, width)
    }
  }

  private func hide(_ scores: Matrix, _ run: Run<Scalar>) {
    for row in 0..<run.sequences * heads * queries {
      let seen = positions - queries + row % queries + 1
      for key in seen..<positions { scores.value[row * positions + key] = -.infinity }
    }
  }

  private func backwardByProducts(_ run: Run<Scalar>) {
    let (width, dz) = (outputs[0].width, outputs[0].gradient)
    each(run) { q, k, at in
      Scalar.product(
        queries, positions, headWidth, alpha: 1, dz + q, width, transposed: false, inputs[2].value + k, width,
        transposed: true, beta: 0, pattern.gradient + at, positions)
      Scalar.product(
        positions, headWidth, queries, alpha: 1, pattern.value + at, positions, transposed: true, dz + q, width,
        transposed: false, beta: beta(2), inputs[2].gradient + k, width)
    }
    let dscores = (scores ?? pattern).gradient
    kernels.softmax_back(
      run.sequences * heads * queries, positions, pattern.value, pattern.gradient, dscores)
    each(run) { q, k, at in
      Scalar.product(
        queries, headWidth, positions, alpha: scale, dscores + at, positions, transposed: false,
        inputs[1].value + k, width, transposed: false, beta: beta(0), inputs[0].gradient + q, width)
      Scalar.product(
        positions, headWidth, queries, alpha: scale, dscores + at, positions, transposed: true,
        inputs[0].value + q, width, transposed: false, beta: beta(1), inputs[1].gradient + k, width)
    }
  }
}
