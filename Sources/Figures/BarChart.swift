/// Bars for named categories: one series, or several side by side or one upon the other.
///
/// Bars stand on zero; on a logarithmic axis, where there is no zero, on its low end, and stacking is refused because
/// lengths do not add up there. Negative values hang below zero, stacked apart from the positive ones. Series are told
/// apart by colour and hatching.
public struct BarChart: Chart, Hashable {
  /// Where the bars of one category stand: side by side, or one upon the other.
  public enum Arrangement: Hashable, Sendable { case grouped, stacked }

  /// One value for each category, drawn in one colour and hatching.
  public struct Series: Hashable, Sendable {
    /// What the legend and the data file call it.
    public var name: String
    /// One value for each category.
    public var values: [Double]

    /// A series of values, in the order of the chart's categories; NaN stands for none.
    public init(_ name: String, _ values: [Double]) { (self.name, self.values) = (name, values) }
  }

  /// The heading; may be empty.
  public var title: String
  /// What the categories are; may be empty.
  public var categoryLabel: String
  /// Names of the categories, from the left.
  public var categories: [String]
  /// The axis of the values.
  public var y: Axis
  /// The series, in the order of the bars, of the legend and of the data file.
  public var series: [Series]
  /// Whether the bars of a category stand side by side or one upon the other.
  public var arrangement: Arrangement
  /// The width of the view box in pixels of 1/96 inch; the picture grows where its texts need more.
  public var width: Double
  /// The height of the view box in the same pixels.
  public var height: Double

  /// - Precondition: each series has a value for each category; NaN stands for none. Stacked bars have a linear axis.
  public init(
    title: String, categoryLabel: String = "", categories: [String], y: Axis, series: [Series],
    arrangement: Arrangement = .grouped, width: Double = 640, height: Double = 380
  ) {
    precondition(
      series.allSatisfy { $0.values.count == categories.count }, "a value for each of \(categories.count) categories")
    precondition(arrangement == .grouped || y.scale == .linear, "bars on a logarithmic axis cannot be stacked")
    (self.title, self.categoryLabel, self.categories, self.y) = (title, categoryLabel, categories, y)
    (self.series, self.arrangement, self.width, self.height) = (series, arrangement, width, height)
  }

  /// A row for each category: its name, then the value of each series with all digits.
  public var table: Table {
    Table(
      columns: [categoryLabel.isEmpty ? "category" : categoryLabel] + series.map(\.name),
      rows: categories.indices.map { index in [categories[index]] + series.map { NumberText.exact($0.values[index]) } })
  }

  /// A bar before it has a place: nil ends stand for the low end of the axis.
  private struct Bar {
    var category: Int
    var series: Int
    var from: Double?
    var to: Double
  }

  /// The picture, drawn anew on each call.
  public var drawing: Drawing {
    var omissions = Omissions()
    let bars = arrangement == .grouped ? groupedBars(&omissions) : stackedBars(&omissions)
    let scale = AxisScale(y, values: bars.map(\.to), fit: y.scale == .linear ? .roundWithZero : .round)
    let frame = Frame(
      title: title, xLabel: categoryLabel, horizontal: .categories(categories), vertical: scale, width: width,
      height: height,
      legend: series.count > 1 ? series.map(\.name) : [])

    var drawing = frame.drawing(title, description(omissions))
    frame.drawGrid(&drawing)
    for bar in bars { Self.draw(box(bar, frame), bar.series, &drawing) }
    frame.drawAxes(&drawing)
    if y.scale == .linear, scale.low < 0, scale.high > 0 {
      let zero = frame.position(y: 0)
      drawing.line(Point(x: frame.plot.left, y: zero), Point(x: frame.plot.right, y: zero), Ink.axis, width: 0.9)
    }
    frame.drawLegend(&drawing) { drawing, box, index in
      Self.draw(Drawing.Box(left: box.left, top: box.top, right: box.right, bottom: box.bottom), index, &drawing)
    }
    if bars.isEmpty { frame.drawNoData(&drawing) }
    return drawing
  }

  private func groupedBars(_ omissions: inout Omissions) -> [Bar] {
    var bars: [Bar] = []
    for category in categories.indices {
      for (index, series) in series.enumerated() where omissions.shows(series.values[category], on: y) {
        bars.append(
          Bar(category: category, series: index, from: y.scale == .linear ? 0 : nil, to: series.values[category]))
      }
    }
    return bars
  }

  private func stackedBars(_ omissions: inout Omissions) -> [Bar] {
    var bars: [Bar] = []
    for category in categories.indices {
      var (above, below) = (0.0, 0.0)
      for (index, series) in series.enumerated() where omissions.shows(series.values[category], on: y) {
        let value = series.values[category]
        let from = value < 0 ? below : above
        guard Axis.isDrawable(from + value) else { continue }
        if value < 0 { below += value } else { above += value }
        bars.append(Bar(category: category, series: index, from: from, to: from + value))
      }
    }
    return bars
  }

  private func box(_ bar: Bar, _ frame: Frame) -> Drawing.Box {
    let slot = frame.plot.width / Double(categories.count)
    let columns = arrangement == .grouped ? max(1, series.count) : 1
    // A third of the slot stays empty, and a bar is not wider than an inch.
    let width = min(slot * 0.72 / Double(columns), 64)
    let offset = arrangement == .grouped ? Double(bar.series) - Double(columns) / 2 : -0.5
    let left = frame.middle(ofCategory: bar.category) + offset * width
    func y(_ value: Double) -> Double { min(max(frame.position(y: value), frame.plot.top), frame.plot.bottom) }
    let ends = [bar.from.map(y) ?? frame.plot.bottom, y(bar.to)]
    return Drawing.Box(left: left, top: ends.min() ?? 0, right: left + width, bottom: ends.max() ?? 0)
  }

  private static func draw(_ box: Drawing.Box, _ index: Int, _ drawing: inout Drawing) {
    drawing.rectangle(
      box, [("fill", .text(SeriesStyle(index).colour)), ("stroke", "#fff"), ("stroke-width", .number(0.75))])
    guard index % 3 != 0, box.width > 1, box.height > 1 else { return }
    let lines = hatching(box, rising: index % 3 == 1)
    if !lines.isEmpty {
      drawing.path(lines, [("stroke", "#fff"), ("stroke-width", .number(0.9)), ("stroke-opacity", .number(0.75))])
    }
  }

  /// Slanting lines across a box, 6 apart.
  private static func hatching(_ box: Drawing.Box, rising: Bool) -> String {
    var data = ""
    var start = box.left - box.height
    while start < box.right {
      let line = [
        Point(x: start, y: rising ? box.bottom : box.top),
        Point(x: start + box.height, y: rising ? box.top : box.bottom),
      ]
      for part in Outline.clipped(line, to: box) { data += Outline.polyline(part) }
      start += 6
    }
    return data
  }

  private func description(_ omissions: Omissions) -> String {
    let kind = series.count < 2 ? "Bar chart" : arrangement == .grouped ? "Grouped bar chart" : "Stacked bar chart"
    let names = series.map(\.name).joined(separator: "; ")
    return "\(kind) of \(y.label) of \(NumberText.count(categories.count, "place")): \(names)."
      + omissions.text("value")
  }
}
