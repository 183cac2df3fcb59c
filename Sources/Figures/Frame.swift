/// Where the parts of a chart stand: title, legend, labels of uprights, plot, axes. Everything but the plot takes the room
/// that its text needs; the plot gets the rest, and where that is too little the picture grows.
struct Frame {
  enum Horizontal {
    case scale(AxisScale)
    case categories([String])
  }

  static let padding = 12.0
  private static let tickLength = 4.0
  private static let smallestPlot = (width: 160.0, height: 100.0)

  private(set) var width: Double
  private(set) var height: Double
  private(set) var plot = Drawing.Box(left: 0, top: 0, right: 0, bottom: 0)
  private(set) var horizontal: Horizontal
  private(set) var vertical: AxisScale
  private let titleLines: [String]
  private let legend: Legend
  private let xLabel: String
  private var xLabelLines: [String] = []
  private let yLabelLines: [String]
  private var categories = CategoryLabels(names: [], slot: 1)
  private let markers: [VerticalMarker]
  private var markerRows: [Int] = []

  /// - Parameter endLabels: Lines of the labels that stand right of the plot.
  init(
    title: String, xLabel: String, horizontal: Horizontal, vertical: AxisScale, width: Double, height: Double,
    legend: [String] = [], endLabels: [[String]] = [], markers: [VerticalMarker] = []
  ) {
    (self.width, self.height) = (min(max(width, 240), 1e5), min(max(height, 180), 1e5))
    (self.horizontal, self.vertical, self.xLabel) = (horizontal, vertical, xLabel)
    let inner = self.width - 2 * Self.padding
    titleLines = title.isEmpty ? [] : TextMeasure.lines(title, size: TextStyle.title.size, width: inner, bold: true)
    self.legend = Legend(legend, width: inner)
    let length = self.height * 0.6
    yLabelLines =
      vertical.axis.label.isEmpty
      ? [] : TextMeasure.lines(vertical.axis.label, size: TextStyle.axis.size, width: length)
    if case .scale(let scale) = horizontal {
      self.markers = markers.filter { scale.contains($0.x) }
    } else {
      self.markers = []
    }
    chooseVerticalTicks()
    layOutColumns(endLabels)
    layOutRows(endLabels)
  }

  private mutating func chooseVerticalTicks() {
    let room = max(Self.smallestPlot.height, height - 130)
    vertical.chooseTicks(most: max(2, Int(room / 42))) { $1.areApart($0, along: room) }
  }

  /// Left and right of the plot, and what stands below it.
  private mutating func layOutColumns(_ endLabels: [[String]]) {
    var left = Self.padding + Double(yLabelLines.count) * TextStyle.axis.leading + (yLabelLines.isEmpty ? 0 : 4)
    left += vertical.widestLabel + Self.tickLength + 4
    let widest = endLabels.joined().map { TextMeasure.width(of: $0, size: TextStyle.label.size) }.max()
    var right = Self.padding + (widest.map { $0 + EndLabels.gap } ?? 0)
    for marker in markers {
      guard case .scale(let scale) = horizontal else { break }
      let share = scale.share(of: marker.x)
      // left + share · plot + label <= width - padding
      let label = Self.markerWidth(marker)
      if share > 0.01 { right = max(right, (left + share * (width - left) + label + Self.padding - width) / share) }
      if left + label + 2 * Self.padding > width { width = left + label + 2 * Self.padding }
    }
    for _ in 0..<3 {
      width = max(width, left + right + Self.smallestPlot.width)
      (plot.left, plot.right) = (left, width - right)
      let (before, behind) = layOutLabelsBelow()
      if before <= 0, behind <= 0 { break }
      left += max(0, before)
      right += max(0, behind)
    }
    width = max(width, left + right + Self.smallestPlot.width)
    (plot.left, plot.right) = (left, width - right)
    _ = layOutLabelsBelow()
    xLabelLines = xLabel.isEmpty ? [] : TextMeasure.lines(xLabel, size: TextStyle.axis.size, width: plot.width)
  }

  /// Chooses the labels of the lower axis; returns by how much they stand out of the picture at each side.
  private mutating func layOutLabelsBelow() -> (left: Double, right: Double) {
    let plot = plot
    switch horizontal {
    case .categories(let names):
      categories = CategoryLabels(names: names, slot: plot.width / Double(max(1, names.count)))
      return (categories.overhang - plot.left + 2, 0)
    case .scale(var scale):
      scale.chooseTicks(most: max(2, Int(plot.width / 64))) { ticks, scale in
        let boxes = ticks.map { tick in
          let centre = scale.share(of: tick.value) * plot.width
          return (centre - tick.label.width(.tick) / 2, centre + tick.label.width(.tick) / 2)
        }.sorted { $0.0 < $1.0 }
        return zip(boxes, boxes.dropFirst()).allSatisfy { $1.0 - $0.1 >= 8 }
      }
      horizontal = .scale(scale)
      let boxes = scale.ticks.map { tick in
        let centre = plot.left + scale.share(of: tick.value) * plot.width
        return (centre - tick.label.width(.tick) / 2, centre + tick.label.width(.tick) / 2)
      }
      return (2 - (boxes.map(\.0).min() ?? 2), (boxes.map(\.1).max() ?? width) - width + 2)
    }
  }

  private mutating func layOutRows(_ endLabels: [[String]]) {
    let starts = markers.map { position(x: $0.x) }
    markerRows = LabelPlacement.rows(starts: starts, widths: markers.map { Self.markerWidth($0) + 6 })
    let rows = (markerRows.max() ?? -1) + 1
    plot.top = titleBottom + legend.height + Double(rows) * TextStyle.tick.leading + (rows > 0 ? 4 : 8)
    var below = Self.tickLength + 4
    if case .scale = horizontal { below += TextStyle.tick.leading } else { below += categories.height }
    below += Double(xLabelLines.count) * TextStyle.axis.leading + Self.padding - 2
    let labels = endLabels.map { Double($0.count) * TextStyle.label.leading }.reduce(0, +)
    let yLabel = yLabelLines.map { TextMeasure.width(of: $0, size: TextStyle.axis.size) }.max() ?? 0
    height = max(height, plot.top + below + max(Self.smallestPlot.height, labels + 2, yLabel))
    plot.bottom = height - below
  }

  private var titleBottom: Double {
    Self.padding + Double(titleLines.count) * TextStyle.title.leading + (titleLines.isEmpty ? 0 : 4)
  }

  private static func markerWidth(_ marker: VerticalMarker) -> Double {
    TextMeasure.width(of: marker.label, size: TextStyle.tick.size) + 4
  }
}

// MARK: places

extension Frame {
  func position(x: Double) -> Double {
    guard case .scale(let scale) = horizontal else { return plot.left }
    return plot.left + limited(scale.share(of: x)) * plot.width
  }

  func position(y: Double) -> Double { plot.bottom - limited(vertical.share(of: y)) * plot.height }

  /// Far outside is as good as outside, and can be counted with.
  private func limited(_ share: Double) -> Double { min(max(share, -1e4), 1e4) }

  func position(_ point: Series.Point) -> Point { Point(x: position(x: point.x), y: position(y: point.y)) }

  func contains(_ point: Series.Point) -> Bool {
    guard case .scale(let scale) = horizontal else { return vertical.contains(point.y) }
    return scale.contains(point.x) && vertical.contains(point.y)
  }

  /// How far labels right of the plot may rise above it.
  var roomAbove: Double { markers.isEmpty ? TextStyle.label.leading / 2 : 0 }

  /// The middle of the column of a category.
  func middle(ofCategory index: Int) -> Double { plot.left + (Double(index) + 0.5) * categories.slot }
}

// MARK: drawing

extension Frame {
  func drawing(_ title: String, _ description: String) -> Drawing {
    var drawing = Drawing(width: width, height: height, title: title, description: description)
    for (index, line) in titleLines.enumerated() {
      let y = Self.padding + Double(index) * TextStyle.title.leading + TextStyle.title.ascent
      drawing.text(TickText(line), at: Point(x: Self.padding, y: y), .title)
    }
    return drawing
  }

  func drawLegend(_ drawing: inout Drawing, swatch: (inout Drawing, Drawing.Box, Int) -> Void) {
    legend.draw(&drawing, at: Point(x: Self.padding, y: titleBottom), swatch: swatch)
  }

  func drawGrid(_ drawing: inout Drawing) {
    for tick in vertical.ticks {
      let y = position(y: tick.value)
      drawing.line(Point(x: plot.left, y: y), Point(x: plot.right, y: y), Ink.grid, width: 0.75)
    }
  }

  func drawAxes(_ drawing: inout Drawing) {
    drawVerticalAxis(&drawing)
    switch horizontal {
    case .scale(let scale): drawTicks(scale, &drawing)
    case .categories: drawCategories(&drawing)
    }
    drawing.path(
      Outline.polyline([
        Point(x: plot.left, y: plot.top), Point(x: plot.left, y: plot.bottom), Point(x: plot.right, y: plot.bottom),
      ]), [("fill", "none"), ("stroke", .text(Ink.axis)), ("stroke-width", .number(0.9))])
    for (index, line) in xLabelLines.enumerated() {
      let last = Double(xLabelLines.count - 1 - index)
      let y = height - Self.padding + 2 - TextStyle.axis.descent - last * TextStyle.axis.leading
      drawing.text(TickText(line), at: Point(x: (plot.left + plot.right) / 2, y: y), .axis, anchor: .middle)
    }
  }

  private func drawVerticalAxis(_ drawing: inout Drawing) {
    for value in vertical.minorTicks {
      let y = position(y: value)
      drawing.line(Point(x: plot.left - 2.5, y: y), Point(x: plot.left, y: y), Ink.axis, width: 0.6)
    }
    for tick in vertical.ticks {
      let y = position(y: tick.value)
      drawing.line(Point(x: plot.left - Self.tickLength, y: y), Point(x: plot.left, y: y), Ink.axis, width: 0.9)
      drawing.text(
        tick.label, at: Point(x: plot.left - Self.tickLength - 4, y: y + TextStyle.tick.size * 0.35), .tick,
        anchor: .end)
    }
    for (index, line) in yLabelLines.enumerated() {
      let x = Self.padding + Double(index) * TextStyle.axis.leading + TextStyle.axis.ascent
      drawing.text(
        TickText(line), at: Point(x: x, y: (plot.top + plot.bottom) / 2), .axis, anchor: .middle, turned: -90)
    }
  }

  private func drawTicks(_ scale: AxisScale, _ drawing: inout Drawing) {
    for value in scale.minorTicks {
      let x = position(x: value)
      drawing.line(Point(x: x, y: plot.bottom), Point(x: x, y: plot.bottom + 2.5), Ink.axis, width: 0.6)
    }
    for tick in scale.ticks {
      let x = position(x: tick.value)
      drawing.line(Point(x: x, y: plot.bottom), Point(x: x, y: plot.bottom + Self.tickLength), Ink.axis, width: 0.9)
      let y = plot.bottom + Self.tickLength + 3 + TextStyle.tick.ascent
      drawing.text(tick.label, at: Point(x: x, y: y), .tick, anchor: .middle)
    }
  }

  private func drawCategories(_ drawing: inout Drawing) {
    categories.draw(&drawing, left: plot.left, top: plot.bottom + Self.tickLength)
  }

  func drawMarkers(_ drawing: inout Drawing) {
    for (marker, row) in zip(markers, markerRows) {
      let x = position(x: marker.x)
      let bottom = plot.top - 4 - Double(row) * TextStyle.tick.leading
      let top = bottom - TextStyle.tick.leading + 2
      drawing.line(Point(x: x, y: plot.bottom), Point(x: x, y: top), Ink.quiet, width: 0.9, dash: "3 2")
      let baseline = bottom - TextStyle.tick.descent
      drawing.text(TickText(marker.label), at: Point(x: x + 4, y: baseline), .tick)
    }
  }

  /// Says that there is nothing to see.
  func drawNoData(_ drawing: inout Drawing) {
    let centre = Point(x: (plot.left + plot.right) / 2, y: (plot.top + plot.bottom) / 2)
    drawing.text("no data", at: centre, .label, anchor: .middle, fill: Ink.quiet)
  }
}
