/// Moves labels apart.
package enum LabelPlacement {
  /// Centres of labels on a line, in the given order of labels, as near to the wished ones as possible (least sum of
  /// squares) so that no two overlap and all lie within the bounds. Their order is that of the wishes, then of the list.
  ///
  /// Minus the room that the labels before it need, the centres must not decrease: isotonic regression, solved by
  /// pooling adjacent violators (Ayer et al. 1955) and then cut to the bounds.
  ///
  /// - Precondition: the heights together fit into the bounds.
  package static func centres(wishes: [Double], heights: [Double], within bounds: ClosedRange<Double>) -> [Double] {
    let order = wishes.indices.sorted { (wishes[$0], $0) < (wishes[$1], $1) }
    guard let first = order.first, let last = order.last else { return [] }
    // How far each centre must at least lie behind the first one.
    var offsets = [0.0]
    for (before, label) in zip(order, order.dropFirst()) {
      offsets.append(offsets[offsets.count - 1] + (heights[before] + heights[label]) / 2)
    }
    var pools: [(sum: Double, count: Int)] = []
    for (label, offset) in zip(order, offsets) {
      pools.append((wishes[label] - offset, 1))
      while pools.count > 1, mean(pools[pools.count - 2]) > mean(pools[pools.count - 1]) {
        let pool = pools.removeLast()
        pools[pools.count - 1].sum += pool.sum
        pools[pools.count - 1].count += pool.count
      }
    }
    let low = bounds.lowerBound + heights[first] / 2
    let high = max(low, bounds.upperBound - heights[last] / 2 - offsets[offsets.count - 1])
    var centres = wishes
    var index = 0
    for pool in pools {
      for _ in 0..<pool.count {
        centres[order[index]] = min(max(mean(pool), low), high) + offsets[index]
        index += 1
      }
    }
    return centres
  }

  private static func mean(_ pool: (sum: Double, count: Int)) -> Double { pool.sum / Double(pool.count) }

  /// Rows for labels that begin at places on a line, 0 the lowest, so that no label covers another one or the upright
  /// line that leads from the plot below to the place of another one.
  package static func rows(starts: [Double], widths: [Double]) -> [Int] {
    var rows = [Int](repeating: 0, count: starts.count)
    var placed: [Int] = []
    for label in starts.indices.sorted(by: { (starts[$0], $0) > (starts[$1], $1) }) {
      // Labels to the right whose upright this one would cover, or which stand in the way.
      let near = placed.filter { starts[$0] < starts[label] + widths[label] }
      rows[label] = (near.map { rows[$0] }.max() ?? -1) + 1
      placed.append(label)
    }
    return rows
  }
}
