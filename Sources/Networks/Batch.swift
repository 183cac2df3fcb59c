/// The sizes of a batch: what a graph is built for.
public struct BatchShape: Hashable, Sendable {
  /// Sequences.
  public var rows: Int
  /// Tokens of each.
  public var positions: Int
  /// Positions with logits: 1 (the last) or `positions` (every one).
  public var readPositions: Int

  /// - Precondition: one row and position at least; one position is read, or every one.
  public init(rows: Int, positions: Int, readPositions: Int = 1) {
    precondition(rows > 0 && positions > 0, "a batch of \(rows) x \(positions)")
    precondition(readPositions == 1 || readPositions == positions, "either the last position is read or every one")
    (self.rows, self.positions, self.readPositions) = (rows, positions, readPositions)
  }
}

/// Token sequences with the answers wanted.
public struct Batch: Sendable {
  /// A target that is not counted.
  public static let ignored: Int32 = -1

  /// The sizes that tokens and targets have.
  public let shape: BatchShape
  /// Token ids, `[rows, positions]`.
  public let tokens: [Int32]
  /// Answer ids, `[rows, readPositions]`; -1 is not counted.
  public let targets: [Int32]

  /// - Precondition: as many tokens and targets as the shape says.
  public init(shape: BatchShape, tokens: [Int32], targets: [Int32]) {
    precondition(tokens.count == shape.rows * shape.positions, "\(tokens.count) tokens for \(shape)")
    precondition(targets.count == shape.rows * shape.readPositions, "\(targets.count) targets for \(shape)")
    (self.shape, self.tokens, self.targets) = (shape, tokens, targets)
  }

  /// Bytes of tokens and targets.
  public var bytes: Int { (tokens.count + targets.count) * MemoryLayout<Int32>.stride }
  /// Targets that are counted.
  public var counted: Int { targets.count { $0 >= 0 } }

  /// The rows in that range, as a batch of their own.
  public func rows(_ range: Range<Int>) -> Batch {
    var part = shape
    part.rows = range.count
    return Batch(
      shape: part,
      tokens: Array(tokens[range.lowerBound * shape.positions..<range.upperBound * shape.positions]),
      targets: Array(targets[range.lowerBound * shape.readPositions..<range.upperBound * shape.readPositions]))
  }
}

/// What a network scored on a batch.
public struct BatchLoss: Hashable, Sendable {
  /// Cross-entropy in nats, summed over the counted targets in float64.
  public var lossSum = 0.0
  /// Targets counted.
  public var counted = 0
  /// Counted targets whose logit is greater than every other one.
  public var correct = 0
  /// The least of (target's logit − greatest other logit) over the counted targets; infinite when there are none, NaN where
  /// logits are not finite.
  public var leastMargin = Double.infinity

  /// Nothing counted yet.
  public init() {}

  /// Nats per counted target.
  public var mean: Double { lossSum / Double(max(counted, 1)) }
  /// Share of counted targets answered rightly.
  public var accuracy: Double { Double(correct) / Double(max(counted, 1)) }

  /// Adds another part of the same data.
  public mutating func add(_ other: BatchLoss) {
    lossSum += other.lossSum
    counted += other.counted
    correct += other.correct
    // NaN is less than any margin, as in the kernel, and stays.
    if !(leastMargin.isNaN || other.leastMargin >= leastMargin) { leastMargin = other.leastMargin }
  }
}
