/// A matrix as colours, with a bar that says which colour stands for which value.
///
/// The first row is at the top, as a matrix is printed. Without names, rows and columns are numbered from 0. Cells without a
/// finite value, or not positive on a logarithmic colour axis, are grey and counted.
public struct HeatMap: Chart, Hashable {
  /// The heading; may be empty.
  public var title: String
  /// What the columns are; stands below the map, and may be empty.
  public var columnLabel: String
  /// What the rows are; stands left of the map, and may be empty.
  public var rowLabel: String
  /// The quantity that the colours show.
  public var colour: Axis
  /// The matrix row by row, the first at the top; NaN stands for no value.
  public var rows: [[Double]]
  /// A name for each column; nil numbers them from 0.
  public var columnNames: [String]?
  /// A name for each row; nil numbers them from 0.
  public var rowNames: [String]?
  /// The width of the view box in pixels of 1/96 inch; the picture grows where its texts need more.
  public var width: Double
  /// The height of the view box in the same pixels.
  public var height: Double

  /// - Precondition: all rows have equally many values; there is a name for each row and column, or none.
  public init(
    title: String, columnLabel: String, rowLabel: String, colour: Axis, rows: [[Double]], columnNames: [String]? = nil,
    rowNames: [String]? = nil, width: Double = 560, height: Double = 480
  ) {
    let count = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == count }, "rows of a heat map differ in length")
    precondition(columnNames.map { $0.count == count } ?? true, "a name for each of \(count) columns")
    precondition(rowNames.map { $0.count == rows.count } ?? true, "a name for each of \(rows.count) rows")
    (self.title, self.columnLabel, self.rowLabel, self.colour) = (title, columnLabel, rowLabel, colour)
    (self.rows, self.columnNames, self.rowNames, self.width, self.height) = (rows, columnNames, rowNames, width, height)
  }

  /// A row for each row of the matrix, its name or number first.
  public var table: Table {
    let names = columnNames ?? (0..<columnCount).map(String.init)
    return Table(
      columns: ["\(rowLabel) \\ \(columnLabel)"] + names,
      rows: rows.enumerated().map { [rowNames?[$0] ?? String($0)] + $1.map(NumberText.exact) })
  }

  var columnCount: Int { rows.first?.count ?? 0 }

  /// The picture, drawn anew on each call.
  public var drawing: Drawing {
    var omissions = Omissions()
    var values: [Double] = []
    for row in rows { for value in row where omissions.shows(value, on: colour) { values.append(value) } }
    let scale = AxisScale(colour, values: values, fit: .exact)
    let layout = HeatMapLayout(self, scale)
    let size = "\(rows.count) by \(columnCount)"
    let description =
      "Heat map of \(colour.label): \(rowLabel) by \(columnLabel), \(size) cells." + omissions.text("cell")
    var drawing = Drawing(width: layout.width, height: layout.height, title: title, description: description)
    layout.drawCells(&drawing, self)
    layout.drawLabels(&drawing)
    if values.isEmpty { layout.drawNoData(&drawing) } else { layout.drawColourBar(&drawing) }
    return drawing
  }
}

/// Where the parts of a heat map stand.
struct HeatMapLayout {
  private static let padding = Frame.padding
  private static let barWidth = 14.0
  private static let barGap = 18.0
  let width: Double
  let height: Double
  private let plot: Drawing.Box
  private let cell: (width: Double, height: Double)
  private let titleLines: [String]
  private let columns: [(index: Int, name: String)]
  private let columnLabels: CategoryLabels?
  private let columnTitle: [String]
  private let rows: [(index: Int, name: String)]
  private let rowTitle: [String]
  private let colourTitle: [String]
  private let scale: AxisScale

  init(_ map: HeatMap, _ colours: AxisScale) {
    let (tick, axis) = (TextStyle.tick, TextStyle.axis)
    var (width, height) = (min(max(map.width, 240), 1e5), min(max(map.height, 180), 1e5))
    func lines(_ text: String, _ width: Double) -> [String] {
      text.isEmpty ? [] : TextMeasure.lines(text, size: axis.size, width: width)
    }
    titleLines =
      map.title.isEmpty ? [] : TextMeasure.lines(map.title, size: TextStyle.title.size, width: width - 24, bold: true)
    rowTitle = lines(map.rowLabel, height * 0.6)
    colourTitle = lines(map.colour.label, height * 0.6)
    var scale = colours
    let room = max(100, height - 130)
    scale.chooseTicks(most: 6) { $1.areApart($0, along: room) }
    self.scale = scale
    let rowCount = map.rows.count
    rows =
      map.rowNames.map { Array($0.enumerated()).map { ($0.offset, $0.element) } }
      ?? Self.numbers(rowCount, most: Int(height / 40))
    let nameWidth = rows.map { TextMeasure.width(of: $0.name, size: tick.size) }.max() ?? 0
    let right =
      Self.barGap + Self.barWidth + 8 + scale.widestLabel + Double(colourTitle.count) * axis.leading + 6 + Self.padding
    var left = Self.padding + Double(rowTitle.count) * axis.leading + (rowTitle.isEmpty ? 0 : 4) + nameWidth + 6
    var labels: CategoryLabels?
    if let names = map.columnNames {
      for _ in 0..<2 {
        width = max(width, left + right + max(160, Double(names.count) * tick.leading))
        labels = CategoryLabels(names: names, slot: (width - left - right) / Double(max(1, names.count)))
        left = max(left, (labels?.overhang ?? 0) + 2)
      }
    }
    width = max(width, left + right + 160)
    if let names = map.columnNames {
      labels = CategoryLabels(names: names, slot: (width - left - right) / Double(max(1, names.count)))
    }
    columnLabels = labels
    columns = map.columnNames == nil ? Self.numbers(map.columnCount, most: Int((width - left - right) / 36)) : []
    columnTitle = lines(map.columnLabel, width - left - right)
    let top = Self.padding + Double(titleLines.count) * TextStyle.title.leading + (titleLines.isEmpty ? 4 : 8)
    let below = 6 + (labels?.height ?? tick.leading) + 2 + Double(columnTitle.count) * axis.leading + Self.padding - 2
    let turned = (rowTitle + colourTitle).map { TextMeasure.width(of: $0, size: axis.size) }.max() ?? 0
    let named = map.rowNames == nil ? 0 : Double(rowCount) * tick.leading
    height = max(height, top + below + max(100, turned, named))
    (self.width, self.height) = (width, height)
    plot = Drawing.Box(left: left, top: top, right: width - right, bottom: height - below)
    cell = (plot.width / Double(max(1, map.columnCount)), plot.height / Double(max(1, rowCount)))
  }

  /// Some of the numbers from 0, at round steps.
  private static func numbers(_ count: Int, most: Int) -> [(index: Int, name: String)] {
    guard count > 1 else { return count == 1 ? [(0, "0")] : [] }
    let step = Int(max(1, Ticks.step(span: Double(count), count: max(2, most)).value))
    return stride(from: 0, to: count, by: step).map { ($0, NumberText.grouped(String($0))) }
  }

  /// Cells in units of cells, one path a colour, runs of a row in one piece.
  func drawCells(_ drawing: inout Drawing, _ map: HeatMap) {
    var paths = [String](repeating: "", count: ColourMap.count + 1)
    for (row, values) in map.rows.enumerated() {
      let colours = values.map { value in
        map.colour.shows(value) ? ColourMap.index(min(max(scale.share(of: value), 0), 1)) : ColourMap.count
      }
      var start = 0
      while start < colours.count {
        var end = start + 1
        while end < colours.count, colours[end] == colours[start] { end += 1 }
        paths[colours[start]] += "M\(start) \(row)h\(end - start)v1h-\(end - start)z"
        start = end
      }
    }
    let move = "translate(\(NumberText.coordinate(plot.left)) \(NumberText.coordinate(plot.top)))"
    // Sizes of cells need more than two decimals: an error would add up over a row.
    let zoom = "scale(\(Self.factor(cell.width)) \(Self.factor(cell.height)))"
    for (index, path) in paths.enumerated() where !path.isEmpty {
      let colour = index < ColourMap.count ? ColourMap.standard.colours[index] : Ink.missing
      drawing.path(
        path, [("fill", .text(colour)), ("shape-rendering", "crispEdges"), ("transform", .text("\(move) \(zoom)"))])
    }
    drawing.rectangle(plot, [("fill", "none"), ("stroke", .text(Ink.axis)), ("stroke-width", .number(0.9))])
  }

  /// A size with six decimals, rounded down so that no cell leaves the plot.
  private static func factor(_ size: Double) -> String {
    Decimal(digits: Int((size * 1e6).rounded(.down)), exponent: -6).reduced.unmarked
  }

  func drawLabels(_ drawing: inout Drawing) {
    let (tick, axis) = (TextStyle.tick, TextStyle.axis)
    for (index, line) in titleLines.enumerated() {
      let y = Self.padding + Double(index) * TextStyle.title.leading + TextStyle.title.ascent
      drawing.text(TickText(line), at: Point(x: Self.padding, y: y), .title)
    }
    for row in rows {
      let y = plot.top + (Double(row.index) + 0.5) * cell.height
      drawing.line(Point(x: plot.left - 3, y: y), Point(x: plot.left, y: y), Ink.axis, width: 0.9)
      drawing.text(TickText(row.name), at: Point(x: plot.left - 6, y: y + tick.size * 0.35), .tick, anchor: .end)
    }
    columnLabels?.draw(&drawing, left: plot.left, top: plot.bottom + 4)
    for column in columns {
      let x = plot.left + (Double(column.index) + 0.5) * cell.width
      drawing.line(Point(x: x, y: plot.bottom), Point(x: x, y: plot.bottom + 3), Ink.axis, width: 0.9)
      drawing.text(TickText(column.name), at: Point(x: x, y: plot.bottom + 6 + tick.ascent), .tick, anchor: .middle)
    }
    let middle = Point(x: (plot.left + plot.right) / 2, y: (plot.top + plot.bottom) / 2)
    for (index, line) in columnTitle.enumerated() {
      let last = Double(columnTitle.count - 1 - index)
      let y = height - Self.padding + 2 - axis.descent - last * axis.leading
      drawing.text(TickText(line), at: Point(x: middle.x, y: y), .axis, anchor: .middle)
    }
    for (index, line) in rowTitle.enumerated() {
      let x = Self.padding + Double(index) * axis.leading + axis.ascent
      drawing.text(TickText(line), at: Point(x: x, y: middle.y), .axis, anchor: .middle, turned: -90)
    }
  }

  func drawColourBar(_ drawing: inout Drawing) {
    let bar = Drawing.Box(
      left: plot.right + Self.barGap, top: plot.top, right: plot.right + Self.barGap + Self.barWidth,
      bottom: plot.bottom)
    let steps = 64
    for step in 0..<steps {
      // Each piece reaches to the top of the bar, so that no gap shows between two.
      let bottom = bar.bottom - bar.height * Double(step) / Double(steps)
      let colour = ColourMap.standard.colour((Double(step) + 0.5) / Double(steps))
      drawing.rectangle(
        Drawing.Box(left: bar.left, top: bar.top, right: bar.right, bottom: bottom), [("fill", .text(colour))])
    }
    drawing.rectangle(bar, [("fill", "none"), ("stroke", .text(Ink.axis)), ("stroke-width", .number(0.9))])
    for tick in scale.ticks {
      let y = bar.bottom - min(max(scale.share(of: tick.value), 0), 1) * bar.height
      drawing.line(Point(x: bar.right, y: y), Point(x: bar.right + 4, y: y), Ink.axis, width: 0.9)
      drawing.text(tick.label, at: Point(x: bar.right + 8, y: y + TextStyle.tick.size * 0.35), .tick)
    }
    for (index, line) in colourTitle.enumerated() {
      let last = Double(colourTitle.count - 1 - index)
      let x = width - Self.padding - TextStyle.axis.descent - last * TextStyle.axis.leading
      drawing.text(
        TickText(line), at: Point(x: x, y: (plot.top + plot.bottom) / 2), .axis, anchor: .middle, turned: -90)
    }
  }

  func drawNoData(_ drawing: inout Drawing) {
    let centre = Point(x: (plot.left + plot.right) / 2, y: (plot.top + plot.bottom) / 2)
    drawing.text("no data", at: centre, .label, anchor: .middle, fill: Ink.quiet)
  }
}

extension Decimal {
  /// Written out without grouping, for machines.
  fileprivate var unmarked: String { plain.split(separator: ",").joined() }
}
