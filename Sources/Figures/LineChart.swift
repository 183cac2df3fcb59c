/// Curves with their names at their ends.
///
/// Each curve has its own colour, dash pattern and marks. A name stands right of the plot at the height where the curve
/// ends, moved no further than needed to be clear of the other names; a thin line leads to it where it had to move or the
/// curve ends earlier. Curves with at most 25 points have a mark at each; longer ones, where there are several, at a few.
public struct LineChart: Chart, Hashable {
  /// The heading; may be empty.
  public var title: String
  /// The axis across.
  public var x: Axis
  /// The axis upwards.
  public var y: Axis
  /// The curves, in the order of colours and of the data file.
  public var series: [Series]
  /// Upright lines with labels.
  public var markers: [VerticalMarker]
  /// The width of the view box in pixels of 1/96 inch; the picture grows where its texts need more.
  public var width: Double
  /// The height of the view box in the same pixels.
  public var height: Double

  /// A chart of these curves; values that cannot be drawn are left out and counted.
  public init(
    title: String, x: Axis, y: Axis, series: [Series], markers: [VerticalMarker] = [], width: Double = 640,
    height: Double = 400
  ) {
    (self.title, self.x, self.y, self.series, self.markers) = (title, x, y, series, markers)
    (self.width, self.height) = (width, height)
  }

  /// A row for each point: its series, x, y, and the ends of its spread where there are any.
  public var table: Table { Series.table(series, x, y) }

  /// The picture, drawn anew on each call.
  public var drawing: Drawing {
    var omissions = Omissions()
    let curves = series.enumerated().map { Curve(index: $0, $1, $1.runs(x, y, &omissions)) }
    let drawn = curves.filter { !$0.runs.isEmpty }
    let points = drawn.flatMap { $0.runs.joined() }
    let spread = points.flatMap { point in point.spread.map { [$0.lowerBound, $0.upperBound] } ?? [] }
    let labels = drawn.map { TextMeasure.lines($0.name, size: TextStyle.label.size, width: max(width, 240) * 0.3) }
    let frame = Frame(
      title: title, xLabel: x.label, horizontal: .scale(AxisScale(x, values: points.map(\.x), fit: .exact)),
      vertical: AxisScale(y, values: points.map(\.y) + spread, fit: .round), width: width, height: height,
      endLabels: labels, markers: markers.filter { omissions.shows($0.x, on: x) })

    var drawing = frame.drawing(title, description(curves, omissions))
    frame.drawGrid(&drawing)
    for curve in drawn { curve.drawBand(&drawing, frame) }
    frame.drawMarkers(&drawing)
    for curve in drawn { curve.drawLine(&drawing, frame) }
    frame.drawAxes(&drawing)
    for curve in drawn { curve.drawMarks(&drawing, frame, isAlone: drawn.count == 1) }
    EndLabels(drawn, labels, frame).draw(&drawing)
    if drawn.isEmpty { frame.drawNoData(&drawing) }
    return drawing
  }

  private func description(_ curves: [Curve], _ omissions: Omissions) -> String {
    let names = curves.map { curve -> String in
      let count = NumberText.count(curve.runs.joined().count, "point")
      guard let last = curve.runs.last?.last else { return "\(curve.name) (no points)" }
      return "\(curve.name) (\(count), last \(NumberText.short(last.x)), \(NumberText.short(last.y)))"
    }
    let uprights =
      markers.isEmpty
      ? "" : " Marked: " + markers.map { "\($0.label) (\(NumberText.short($0.x)))" }.joined(separator: "; ") + "."
    return
      "Line chart of \(y.label) against \(x.label): \(names.isEmpty ? "no series" : names.joined(separator: "; "))."
      + uprights + omissions.text("value")
  }
}

/// One curve: its runs of points without gaps, and how it looks.
struct Curve {
  let name: String
  let runs: [[Series.Point]]
  let style: SeriesStyle
  private let index: Int

  init(index: Int, _ series: Series, _ runs: [[Series.Point]]) {
    (name, self.runs, self.index) = (series.name, runs, index)
    style = SeriesStyle(index)
  }

  func drawBand(_ drawing: inout Drawing, _ frame: Frame) {
    for run in runs where run.contains(where: { $0.spread != nil }) {
      let ends = run.map { point -> (low: Point, high: Point) in
        let spread = point.spread ?? point.y...point.y
        let axis = frame.vertical.axis
        let low = axis.shows(spread.lowerBound) ? spread.lowerBound : point.y
        let high = axis.shows(spread.upperBound) ? spread.upperBound : point.y
        return (inside(frame, point.x, low), inside(frame, point.x, high))
      }
      let outline = Outline.thinned(ends.map(\.high)) + Outline.thinned(ends.map(\.low)).reversed()
      drawing.path(Outline.polyline(outline) + "Z", [("fill", .text(style.colour)), ("fill-opacity", .number(0.16))])
    }
  }

  private func inside(_ frame: Frame, _ x: Double, _ y: Double) -> Point {
    Point(
      x: min(max(frame.position(x: x), frame.plot.left), frame.plot.right),
      y: min(max(frame.position(y: y), frame.plot.top), frame.plot.bottom))
  }

  func drawLine(_ drawing: inout Drawing, _ frame: Frame) {
    let parts = runs.filter { $0.count > 1 }.flatMap { run in
      Outline.clipped(Outline.thinned(run.map(frame.position)), to: frame.plot)
    }
    guard !parts.isEmpty else { return }
    var attributes: [Drawing.Attribute] = [
      ("fill", "none"), ("stroke", .text(style.colour)), ("stroke-width", .number(1.75)), ("stroke-linejoin", "round"),
    ]
    if let dash = style.dash { attributes.append(("stroke-dasharray", .text(dash))) }
    drawing.path(parts.map(Outline.polyline).joined(), attributes)
  }

  /// Marks at all of at most 25 points, else at a few that lie evenly along x, shifted from series to series; and always
  /// at points that no line reaches.
  func drawMarks(_ drawing: inout Drawing, _ frame: Frame, isAlone: Bool) {
    let all = Array(runs.joined())
    let lonely = runs.filter { $0.count == 1 }.joined()
    var marked = all.count <= 25 ? all : Array(lonely)
    if all.count > 25, !isAlone { marked += spaced(all, frame) }
    for point in marked where frame.contains(point) {
      drawing.path(
        style.mark.path(inside(frame, point.x, point.y), radius: 3),
        [("fill", .text(style.colour)), ("stroke", "#fff"), ("stroke-width", .number(0.6))])
    }
  }

  private func spaced(_ points: [Series.Point], _ frame: Frame) -> [Series.Point] {
    let gap = frame.plot.width / 5
    var next = frame.plot.left + gap * (0.3 + 0.15 * Double(index % 6))
    var chosen: [Series.Point] = []
    for point in points where frame.position(x: point.x) >= next && frame.contains(point) {
      chosen.append(point)
      while next <= frame.position(x: point.x) { next += gap }
    }
    return chosen
  }

  /// Where the curve ends in the plot.
  func end(_ frame: Frame) -> Point {
    guard let last = runs.last?.last else { return Point(x: frame.plot.right, y: frame.plot.bottom) }
    return inside(frame, last.x, last.y)
  }
}

/// The names right of the plot.
struct EndLabels {
  /// From the plot to the names.
  static let gap = 20.0

  private let labels: [(lines: [String], centre: Double, end: Point, style: SeriesStyle)]
  private let plot: Drawing.Box

  init(_ curves: [Curve], _ lines: [[String]], _ frame: Frame) {
    plot = frame.plot
    let ends = curves.map { $0.end(frame) }
    let heights = lines.map { Double($0.count) * TextStyle.label.leading }
    let centres = LabelPlacement.centres(
      wishes: ends.map(\.y), heights: heights, within: frame.plot.top - frame.roomAbove...frame.plot.bottom)
    labels = curves.indices.map { (lines[$0], centres[$0], ends[$0], curves[$0].style) }
  }

  func draw(_ drawing: inout Drawing) {
    for label in labels {
      let left = plot.right + Self.gap
      var leader = [label.end]
      if label.end.x < plot.right - 1 { leader.append(Point(x: plot.right, y: label.end.y)) }
      leader += [
        Point(x: plot.right + 4, y: label.end.y), Point(x: left - 7, y: label.centre),
        Point(x: left - 4, y: label.centre),
      ]
      drawing.path(
        Outline.polyline(leader),
        [("fill", "none"), ("stroke", .text(label.style.textColour)), ("stroke-width", .number(0.6))])
      let top = label.centre - Double(label.lines.count) * TextStyle.label.leading / 2
      for (index, line) in label.lines.enumerated() {
        let y = top + Double(index) * TextStyle.label.leading + TextStyle.label.size * 0.96
        drawing.text(TickText(line), at: Point(x: left, y: y), .label, fill: label.style.textColour)
      }
    }
  }
}
