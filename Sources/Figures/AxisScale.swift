/// An axis with its ends and ticks: maps a value to a share of the axis' length.
struct AxisScale: Sendable {
  let axis: Axis
  let low: Double
  let high: Double
  private(set) var ticks: [Tick] = []

  /// How the ends follow from the data where the axis gives no range.
  enum Fit {
    /// The least and the greatest value; on a linear axis a round value instead that is nearly the same.
    case exact
    /// Round values around them.
    case round
    /// Round values around them and zero.
    case roundWithZero
  }

  init(_ axis: Axis, values: [Double], fit: Fit) {
    self.axis = axis
    let shown = values.filter(axis.shows)
    var ends = Self.ends(axis, shown.min(), shown.max(), withZero: fit == .roundWithZero)
    if Self.given(axis) == nil {
      let rounded = Self.rounded(axis.scale, ends)
      if fit != .exact { ends = rounded } else if axis.scale == .linear { ends = Self.snapped(ends, to: rounded) }
    }
    (low, high) = ends
  }

  /// The range of the axis, where a scale can have it.
  private static func given(_ axis: Axis) -> (Double, Double)? {
    guard let range = axis.range, axis.shows(range.lowerBound), axis.shows(range.upperBound) else { return nil }
    return (range.lowerBound, range.upperBound)
  }

  /// Two different ends, far enough apart for arithmetic.
  private static func ends(_ axis: Axis, _ least: Double?, _ greatest: Double?, withZero: Bool) -> (Double, Double) {
    guard var (low, high) = given(axis) ?? least.flatMap({ least in greatest.map { (least, $0) } }) else {
      return axis.scale == .linear ? (0, 1) : (1, 10)
    }
    if axis.scale == .logarithmic {
      low = max(low, 1e-300)
      high = max(high, 1e-300)
      return high / low < 1 + 1e-6 ? (low / 2, high * 2) : (low, high)
    }
    if withZero, given(axis) == nil { (low, high) = (min(low, 0), max(high, 0)) }
    let magnitude = max(low.magnitude, high.magnitude)
    if magnitude < 1e-290 { return withZero ? (0, 1) : (-1, 1) }
    return high - low < magnitude * 1e-9 ? (low - magnitude / 10, high + magnitude / 10) : (low, high)
  }

  /// The round ends where they add at most a thirtieth of the length: curves from 1 to 39,991 get an axis from 0 to 40,000.
  private static func snapped(_ ends: (Double, Double), to round: (Double, Double)) -> (Double, Double) {
    let slack = (ends.1 - ends.0) / 30
    return (ends.0 - round.0 <= slack ? round.0 : ends.0, round.1 - ends.1 <= slack ? round.1 : ends.1)
  }

  private static func rounded(_ scale: Axis.Scale, _ ends: (Double, Double)) -> (Double, Double) {
    if scale == .linear {
      let step = Ticks.step(span: ends.1 - ends.0, count: 5).value
      return ((ends.0 / step + 1e-6).rounded(.down) * step, (ends.1 / step - 1e-6).rounded(.up) * step)
    }
    let around = (Decimal.exponent(of: ends.0) - 1...Decimal.exponent(of: ends.1) + 1).flatMap { exponent in
      [1, 2, 5].map { Decimal(digits: $0, exponent: exponent).value }
    }
    return (
      around.last { $0 <= ends.0 * (1 + 1e-9) } ?? ends.0, around.first { $0 >= ends.1 * (1 - 1e-9) } ?? ends.1
    )
  }

  /// As many ticks as fit, at most `most`; at least what two intervals give.
  ///
  /// - Parameter fits: Whether the labels of these ticks stand clear of each other.
  mutating func chooseTicks(most: Int, fits: ([Tick], AxisScale) -> Bool = { _, _ in true }) {
    for count in stride(from: max(most, 2), through: 1, by: -1) {
      ticks =
        axis.scale == .linear
        ? Ticks.linear(low, high, count: count, axis.format) : Ticks.logarithmic(low, high, count: count, axis.format)
      if fits(ticks, self) { return }
    }
    if let first = ticks.first { ticks = [first] }
  }

  /// 0 at the low end, 1 at the high one; beyond them outside a given range.
  ///
  /// - Precondition: the axis shows the value.
  func share(of value: Double) -> Double {
    switch axis.scale {
    case .linear: (value - low) / (high - low)
    case .logarithmic: (logarithm10(value) - logarithm10(low)) / (logarithm10(high) - logarithm10(low))
    }
  }

  func contains(_ value: Double) -> Bool { axis.shows(value) && (-1e-9...1 + 1e-9).contains(share(of: value)) }

  /// Whether labels one above the other stand clear of each other on an upright axis of this length.
  func areApart(_ ticks: [Tick], along length: Double) -> Bool {
    let places = ticks.map { share(of: $0.value) * length }.sorted()
    return zip(places, places.dropFirst()).allSatisfy { $1 - $0 >= TextStyle.tick.leading }
  }

  /// The small ticks of a logarithmic axis.
  var minorTicks: [Double] { axis.scale == .linear ? [] : Ticks.minor(low, high) }

  var widestLabel: Double { ticks.map { $0.label.width(.tick) }.max() ?? 0 }
}
