/// So many of so many.
public struct Proportion: Hashable, Sendable {
  /// The number of cases that are so, 0 … `count`.
  public let successes: Int
  /// All cases.
  public let count: Int

  /// So many of `count`.
  ///
  /// - Precondition: 0 ≤ successes ≤ count.
  public init(_ successes: Int, of count: Int) {
    precondition(0 <= successes && successes <= count, "\(successes) of \(count)")
    (self.successes, self.count) = (successes, count)
  }

  /// The share; 0 of none is 0.
  public var share: Double { count == 0 ? 0 : Double(successes) / Double(count) }

  /// The 95 % interval of the underlying rate.
  ///
  /// - Source: Wilson 1927, "Probable inference, the law of succession, and statistical inference", with z = 1.959964.
  public var interval: ClosedRange<Double> {
    guard count > 0 else { return 0...1 }
    let (n, z) = (Double(count), 1.959963984540054)
    let centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    let half = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot() / (1 + z * z / n)
    // The ends of none and of all are 0 and 1; rounding would miss them.
    return (successes == 0 ? 0 : max(0, centre - half))...(successes == count ? 1 : min(1, centre + half))
  }
}
