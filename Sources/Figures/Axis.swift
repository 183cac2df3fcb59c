/// What an axis shows and how: `Axis("loss (nats)", scale: .logarithmic)`.
public struct Axis: Hashable, Sendable {
  /// How values are spaced along the axis.
  public enum Scale: Hashable, Sendable {
    /// Equal differences have equal lengths.
    case linear
    /// Values must be positive; others are left out and counted.
    case logarithmic
  }

  /// How the numbers at the ticks are written.
  public enum Format: Hashable, Sendable {
    /// 1,000 or 0.25; powers of ten where the numbers are large, small or span many decades.
    case automatic
    /// Shares of one as per cent: 0.25 is 25 %.
    case percent
  }

  /// The quantity with its unit, as "time (s)"; also the name of the column in the CSV.
  public var label: String
  /// How values are spaced; on a logarithmic axis equal ratios have equal lengths.
  public var scale: Scale
  /// How the numbers at the ticks are written.
  public var format: Format
  /// The values from one end to the other; nil: those of the data, widened to round ones where that is usual.
  public var range: ClosedRange<Double>?

  /// An axis for a quantity with its unit, such as "time (s)".
  public init(_ label: String, scale: Scale = .linear, format: Format = .automatic, range: ClosedRange<Double>? = nil) {
    (self.label, self.scale, self.format, self.range) = (label, scale, format, range)
  }

  /// Whether a value has a place on the axis, its range aside.
  func shows(_ value: Double) -> Bool { Self.isDrawable(value) && (scale == .linear || value > 0) }

  static func isDrawable(_ value: Double) -> Bool { value.magnitude <= 1e300 }
}
