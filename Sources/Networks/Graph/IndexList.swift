/// Row numbers that operations gather by, filled when a batch is loaded.
final class IndexList {
  enum Source: Hashable {
    /// The token at that position of each sequence.
    case tokens(position: Int)
    /// All tokens, sequence by sequence.
    case allTokens
    /// All tokens, position by position.
    case allTokensPositionMajor
    /// The position of each token, sequence by sequence.
    case positions
    /// The row `position · vocabulary + token` of a table, for all tokens, sequence by sequence.
    case slots(vocabulary: Int)
    /// The same for the last position alone, less the earlier positions: the token.
    case lastTokens
    /// Targets at the positions read, sequence by sequence or position by position.
    case targets(positionMajor: Bool)
    /// Fixed numbers.
    case fixed([Int32])
  }

  let source: Source
  let indices: UnsafeMutablePointer<Int32>
  /// The rows that there are to choose from.
  private(set) var limit = Int32.max
  private let capacity: Int
  /// Bytes of the numbers.
  var bytes: Int { max(capacity, 1) * MemoryLayout<Int32>.stride }
  private let rows: Int

  init(_ source: Source, shape: BatchShape) {
    self.source = source
    rows = shape.rows
    switch source {
    case .tokens, .lastTokens: capacity = shape.rows
    case .targets: capacity = shape.rows * shape.readPositions
    case .fixed(let numbers): capacity = numbers.count
    default: capacity = shape.rows * shape.positions
    }
    indices = .allocate(capacity: max(capacity, 1))
    indices.initialize(repeating: 0, count: max(capacity, 1))
    if case .fixed(let numbers) = source { for (i, number) in numbers.enumerated() { indices[i] = number } }
  }

  deinit { indices.deallocate() }

  /// Says that the numbers choose among `rows` rows.
  func chooses(among rows: Int) { limit = min(limit, Int32(clamping: rows)) }

  /// Fills the list for `rows` sequences of a batch.
  func fill(_ batch: Batch, _ range: Range<Int>) {
    let (positions, read) = (batch.shape.positions, batch.shape.readPositions)
    func token(_ row: Int, _ position: Int) -> Int32 { batch.tokens[(range.lowerBound + row) * positions + position] }
    switch source {
    case .tokens(let position): for row in 0..<range.count { indices[row] = token(row, position) }
    case .lastTokens: for row in 0..<range.count { indices[row] = token(row, positions - 1) }
    case .allTokens: each(range.count, positions) { token($0, $1) }
    case .positions: each(range.count, positions) { Int32($1) }
    case .slots(let vocabulary): each(range.count, positions) { Int32($1 * vocabulary) + token($0, $1) }
    case .allTokensPositionMajor:
      for position in 0..<positions {
        for row in 0..<range.count { indices[position * range.count + row] = token(row, position) }
      }
    case .targets(let positionMajor):
      for row in 0..<range.count {
        for position in 0..<read {
          let place = positionMajor ? position * range.count + row : row * read + position
          indices[place] = batch.targets[(range.lowerBound + row) * read + position]
        }
      }
    case .fixed: break
    }
    let least: Int32 = if case .targets = source { Batch.ignored } else { 0 }
    let filled = filledCount(range.count)
    for place in 0..<filled where indices[place] < least || indices[place] >= limit {
      preconditionFailure("an id of the batch, \(indices[place]) in \(source), is outside \(least) ..< \(limit)")
    }
  }

  private func filledCount(_ rows: Int) -> Int {
    switch source {
    case .fixed: capacity
    default: capacity / max(self.rows, 1) * rows
    }
  }

  private func each(_ rows: Int, _ positions: Int, _ number: (Int, Int) -> Int32) {
    for row in 0..<rows {
      for position in 0..<positions { indices[row * positions + position] = number(row, position) }
    }
  }
}
