/// Points of several groups, told apart by colour and mark, with a legend where there is more than one group.
public struct ScatterChart: Chart, Hashable {
  /// The heading; may be empty.
  public var title: String
  /// The axis across.
  public var x: Axis
  /// The axis upwards.
  public var y: Axis
  /// The groups of points, in the order of colours, of the legend and of the data file.
  public var series: [Series]
  /// Upright lines with labels.
  public var markers: [VerticalMarker]
  /// The width of the view box in pixels of 1/96 inch; the picture grows where its texts need more.
  public var width: Double
  /// The height of the view box in the same pixels.
  public var height: Double

  /// A chart of these points; those that cannot be drawn are left out and counted.
  public init(
    title: String, x: Axis, y: Axis, series: [Series], markers: [VerticalMarker] = [], width: Double = 560,
    height: Double = 420
  ) {
    (self.title, self.x, self.y, self.series, self.markers) = (title, x, y, series, markers)
    (self.width, self.height) = (width, height)
  }

  /// A row for each point: its series, x, y, and the ends of its spread where there are any.
  public var table: Table { Series.table(series, x, y) }

  /// The picture, drawn anew on each call.
  public var drawing: Drawing {
    var omissions = Omissions()
    let groups = series.map { Array($0.runs(x, y, &omissions).joined()) }
    let points = groups.flatMap { $0 }
    let frame = Frame(
      title: title, xLabel: x.label, horizontal: .scale(AxisScale(x, values: points.map(\.x), fit: .round)),
      vertical: AxisScale(y, values: points.map(\.y), fit: .round), width: width, height: height,
      legend: series.count > 1 ? series.map(\.name) : [], markers: markers.filter { omissions.shows($0.x, on: x) })
    for point in points where !frame.contains(point) { omissions.addOutside() }

    var drawing = frame.drawing(title, description(groups, omissions))
    frame.drawGrid(&drawing)
    frame.drawMarkers(&drawing)
    frame.drawAxes(&drawing)
    for (index, group) in groups.enumerated() {
      let style = SeriesStyle(index)
      for point in group where frame.contains(point) { Self.draw(frame.position(point), style, &drawing) }
    }
    frame.drawLegend(&drawing) { drawing, box, index in
      Self.draw(Point(x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2), SeriesStyle(index), &drawing)
    }
    if points.isEmpty { frame.drawNoData(&drawing) }
    return drawing
  }

  private static func draw(_ place: Point, _ style: SeriesStyle, _ drawing: inout Drawing) {
    drawing.path(
      style.mark.path(place, radius: 3.4),
      [
        ("fill", .text(style.colour)), ("fill-opacity", .number(0.8)), ("stroke", "#fff"),
        ("stroke-width", .number(0.5)),
      ])
  }

  private func description(_ groups: [[Series.Point]], _ omissions: Omissions) -> String {
    let names = zip(series, groups).map { "\($0.name) (\(NumberText.count($1.count, "point")))" }
    return
      "Scatter chart of \(y.label) against \(x.label): \(names.isEmpty ? "no series" : names.joined(separator: "; "))."
      + omissions.text("value")
  }
}
