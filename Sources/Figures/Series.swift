/// Named points, in the order in which a line joins them.
public struct Series: Hashable, Sendable {
  /// A place in the chart's own coordinates.
  public struct Point: Hashable, Sendable {
    /// Across.
    public var x: Double
    /// Up.
    public var y: Double
    /// The spread about `y`, such as least and greatest of several seeds; a line chart shades it.
    public var spread: ClosedRange<Double>?

    /// A point, without a spread unless one is given.
    public init(x: Double, y: Double, spread: ClosedRange<Double>? = nil) {
      (self.x, self.y, self.spread) = (x, y, spread)
    }
  }

  /// What the legend and the data file call it.
  public var name: String
  /// In the order in which they are joined.
  public var points: [Point]

  /// A series of these points.
  public init(_ name: String, points: [Point]) { (self.name, self.points) = (name, points) }

  /// Points from two lists of equal length.
  public init(_ name: String, xs: [Double], ys: [Double]) {
    precondition(xs.count == ys.count, "\(xs.count) x and \(ys.count) y for '\(name)'")
    self.init(name, points: zip(xs, ys).map { Point(x: $0, y: $1) })
  }
}

/// A vertical line with a label over the plot, as "train 99.9 % at step 107".
public struct VerticalMarker: Hashable, Sendable {
  /// Where on the axis.
  public var x: Double
  /// What stands beside the line.
  public var label: String

  /// A labelled line at `x`.
  public init(x: Double, label: String) { (self.x, self.label) = (x, label) }
}

/// Counts what a picture leaves out, for its description.
struct Omissions {
  private(set) var notFinite = 0
  private(set) var notPositive = 0
  private(set) var outside = 0

  /// Whether a value has a place on the axis; counts it where not.
  mutating func shows(_ value: Double, on axis: Axis) -> Bool {
    if !Axis.isDrawable(value) { notFinite += 1 } else if !axis.shows(value) { notPositive += 1 } else { return true }
    return false
  }

  mutating func addOutside() { outside += 1 }

  /// Sentences about them, each after a space; empty when nothing is left out.
  func text(_ noun: String) -> String {
    [
      (notFinite, "not a finite number"), (notPositive, "zero or less on a logarithmic axis"),
      (outside, "outside the range shown"),
    ].filter { $0.0 > 0 }.map { " Left out: \(NumberText.count($0.0, noun)), \($0.1)." }.joined()
  }
}

extension Series {
  /// The runs of points that have a place on both axes; a point without one ends a run and is counted.
  func runs(_ x: Axis, _ y: Axis, _ omissions: inout Omissions) -> [[Point]] {
    var runs: [[Point]] = []
    var isOpen = false
    for point in points {
      guard omissions.shows(point.x, on: x), omissions.shows(point.y, on: y) else {
        isOpen = false
        continue
      }
      if isOpen { runs[runs.count - 1].append(point) } else { runs.append([point]) }
      isOpen = true
    }
    return runs
  }

  /// The rows of a chart's table, one for each point; the columns of the spread are there when any series has one.
  static func table(_ series: [Series], _ x: Axis, _ y: Axis) -> Table {
    let spreads = series.contains { $0.points.contains { $0.spread != nil } }
    let columns = ["series", x.label, y.label] + (spreads ? ["\(y.label) low", "\(y.label) high"] : [])
    let rows = series.flatMap { series in
      series.points.map { point in
        let spread = [point.spread?.lowerBound, point.spread?.upperBound].map { $0.map(NumberText.exact) ?? "" }
        return [series.name, NumberText.exact(point.x), NumberText.exact(point.y)] + (spreads ? spread : [])
      }
    }
    return Table(columns: columns, rows: rows)
  }
}
