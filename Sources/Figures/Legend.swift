/// Swatches with names, in rows over the plot.
struct Legend {
  private struct Entry {
    var lines: [String]
    var left: Double
    var top: Double
  }

  private static let swatch = 16.0
  private static let gap = 18.0
  private var entries: [Entry] = []
  private(set) var height = 0.0

  init(_ names: [String], width: Double) {
    let style = TextStyle.label
    var (left, top, rowHeight) = (0.0, 0.0, 0.0)
    for name in names {
      let lines = TextMeasure.lines(name, size: style.size, width: width - Self.swatch - 6)
      let text = lines.map { TextMeasure.width(of: $0, size: style.size) }.max() ?? 0
      let needed = Self.swatch + 6 + text
      if left > 0, left + needed > width { (left, top, rowHeight) = (0, top + rowHeight, 0) }
      entries.append(Entry(lines: lines, left: left, top: top))
      left += needed + Self.gap
      rowHeight = max(rowHeight, Double(lines.count) * style.leading)
    }
    height = entries.isEmpty ? 0 : top + rowHeight + 4
  }

  func draw(_ drawing: inout Drawing, at origin: Point, swatch: (inout Drawing, Drawing.Box, Int) -> Void) {
    for (index, entry) in entries.enumerated() {
      let (left, top) = (origin.x + entry.left, origin.y + entry.top)
      let middle = top + TextStyle.label.leading / 2
      swatch(&drawing, Drawing.Box(left: left, top: middle - 5, right: left + Self.swatch, bottom: middle + 5), index)
      for (number, line) in entry.lines.enumerated() {
        let y = top + Double(number) * TextStyle.label.leading + TextStyle.label.ascent + 2
        drawing.text(TickText(line), at: Point(x: left + Self.swatch + 6, y: y), .label)
      }
    }
  }
}

/// Names below columns of equal width: in lines where they fit, else turned.
struct CategoryLabels {
  let names: [String]
  let slot: Double
  private let lines: [[String]]
  private let isTurned: Bool
  private static let angle = 40.0

  init(names: [String], slot: Double) {
    (self.names, self.slot) = (names, slot)
    let style = TextStyle.tick
    lines = names.map { TextMeasure.lines($0, size: style.size, width: slot - 6) }
    isTurned = names.contains { name in
      name.split(separator: " ").contains { TextMeasure.width(of: String($0), size: style.size) > slot - 6 }
    }
  }

  private var widest: Double { names.map { TextMeasure.width(of: $0, size: TextStyle.tick.size) }.max() ?? 0 }

  var height: Double {
    let style = TextStyle.tick
    if isTurned { return widest * sine(Self.angle * .pi / 180) + style.leading }
    return Double(lines.map(\.count).max() ?? 1) * style.leading + 2
  }

  /// How far the labels reach left of the plot's left border.
  var overhang: Double {
    guard isTurned else { return 0 }
    return names.enumerated().map { index, name in
      let style = TextStyle.tick
      let length = TextMeasure.width(of: name, size: style.size) * cosine(Self.angle * .pi / 180)
      return length + style.ascent - (Double(index) + 0.5) * slot
    }.max() ?? 0
  }

  func draw(_ drawing: inout Drawing, left: Double, top: Double) {
    let style = TextStyle.tick
    for (index, name) in names.enumerated() {
      let x = left + (Double(index) + 0.5) * slot
      if isTurned {
        let place = Point(x: x + 3, y: top + style.ascent)
        drawing.text(TickText(name), at: place, style, anchor: .end, turned: -Int(Self.angle))
        continue
      }
      for (number, line) in lines[index].enumerated() {
        let y = top + 2 + style.ascent + Double(number) * style.leading
        drawing.text(TickText(line), at: Point(x: x, y: y), style, anchor: .middle)
      }
    }
  }
}
