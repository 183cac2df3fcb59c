/// Stored terms by their values at some lanes: those that agree at the first lanes stand together.
final class PrefixTree {
  let lanes: Int
  /// Terms in it.
  let count: Int
  /// Numbers of terms in order of their values; of equal ones the first first.
  private let order: UnsafeMutablePointer<Int32>
  /// Per lane, per place of the order: the value, and the end of the run of those that agree with it up to this lane.
  private let values: UnsafeMutablePointer<Int64>
  private let ends: UnsafeMutablePointer<Int32>

  /// - Parameters:
  ///   - lanes: places in the terms' rows.
  ///   - most: how many terms, the shortest.
  init(_ list: TermList, lanes: [Int], most: Int = .max) {
    self.lanes = lanes.count
    let count = min(most, list.count)
    self.count = count
    order = .allocate(capacity: max(1, count))
    values = .allocate(capacity: max(1, count * lanes.count))
    ends = .allocate(capacity: max(1, count * lanes.count))
    let sorted = (0..<Int32(count)).sorted { a, b in
      let (x, y) = (list.row(Int(a)), list.row(Int(b)))
      for lane in lanes where x[lane] != y[lane] { return x[lane] < y[lane] }
      return a < b
    }
    for (place, term) in sorted.enumerated() { order[place] = term }
    for (depth, lane) in lanes.enumerated() {
      let (values, ends) = (self.values + depth * count, self.ends + depth * count)
      for place in stride(from: count - 1, through: 0, by: -1) {
        values[place] = list.row(Int(order[place]))[lane]
        let isSame =
          place + 1 < count && values[place] == values[place + 1]
          && (depth == 0 || ends[place - count] > Int32(place + 1))
        ends[place] = isSame ? ends[place + 1] : Int32(place + 1)
      }
    }
  }

  deinit {
    order.deallocate()
    values.deallocate()
    ends.deallocate()
  }

  /// What it takes.
  var bytes: Int { count * (4 + 12 * lanes) }

  /// Follows the branches whose values `accept` takes, lane by lane, on the first `depth` lanes; `leaf` sees the terms that
  /// stand at the end of one, the shortest first where all lanes are told.
  @inline(__always)
  func follow(
    depth: Int? = nil, _ accept: (Int, Int64) -> Bool, leaf: (UnsafeBufferPointer<Int32>) -> Void
  ) {
    let depth = depth ?? lanes
    if count == 0 { return }
    if depth == 0 { return leaf(UnsafeBufferPointer(start: order, count: count)) }
    // The place on each lane, and where its part ends.
    withUnsafeTemporaryAllocation(of: (place: Int, end: Int).self, capacity: depth) { path in
      var level = 0
      path[0] = (0, count)
      while level >= 0 {
        let place = path[level].place
        if place >= path[level].end {
          level -= 1
          continue
        }
        let end = Int(ends[level * count + place])
        path[level].place = end
        guard accept(level, values[level * count + place]) else { continue }
        if level + 1 == depth {
          leaf(UnsafeBufferPointer(start: order + place, count: end - place))
        } else {
          level += 1
          path[level] = (place, end)
        }
      }
    }
  }
}
