/// A picture under construction: SVG elements, one a line, and the boxes of the texts among them.
public struct Drawing: Sendable {
  /// A rectangle; y grows downwards.
  public struct Box: Hashable, Sendable {
    /// The sides in pixels from the left and the upper end of the view box; left ≤ right, top ≤ bottom.
    public var left, top, right, bottom: Double

    /// From left to right, in pixels.
    public var width: Double { right - left }
    /// From top to bottom, in pixels.
    public var height: Double { bottom - top }

    /// Whether the two share more than a border.
    public func overlaps(_ other: Box) -> Bool {
      left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }
  }

  /// The width of the view box in pixels of 1/96 inch, a whole number.
  public let width: Double
  /// The height of the view box in the same pixels, a whole number.
  public let height: Double
  /// Where texts stand, as far as their widths are known; a turned text has the box around its turned one.
  public private(set) var texts: [(text: String, box: Box)] = []
  private let title: String
  private let description: String
  private var body = ""

  init(width: Double, height: Double, title: String, description: String) {
    // Whole numbers, so that rounding a coordinate never leads out of the picture.
    (self.width, self.height) = (width.rounded(.up), height.rounded(.up))
    (self.title, self.description) = (title, description)
    add("rect", [("width", .number(self.width)), ("height", .number(self.height)), ("fill", "#fff")])
  }

  /// The document.
  public var svg: String {
    let (w, h) = (NumberText.coordinate(width), NumberText.coordinate(height))
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(w) \(h)" width="\(w)" height="\(h)" \
      style="max-width:100%;height:auto" role="img" font-family="Helvetica, Arial, 'Liberation Sans', sans-serif" \
      font-size="\(NumberText.coordinate(TextStyle.tick.size))" fill="\(Ink.text)">
      <title>\(Self.escaped(title))</title>
      <desc>\(Self.escaped(description))</desc>
      \(body)</svg>

      """
  }

  // MARK: elements

  typealias Attribute = (name: String, value: Value)

  enum Value: ExpressibleByStringLiteral {
    case text(String)
    case number(Double)
    init(stringLiteral value: String) { self = .text(value) }

    var written: String {
      switch self {
      case .text(let text): Drawing.escaped(text)
      case .number(let number): NumberText.coordinate(number)
      }
    }
  }

  /// One element; `content` is XML already.
  mutating func add(_ name: String, _ attributes: [Attribute], content: String? = nil) {
    body += "<" + name
    for attribute in attributes { body += " \(attribute.name)=\"\(attribute.value.written)\"" }
    body += content.map { ">\($0)</\(name)>\n" } ?? "/>\n"
  }

  mutating func line(_ from: Point, _ to: Point, _ stroke: String, width: Double, dash: String? = nil) {
    var attributes: [Attribute] = [
      ("x1", .number(from.x)), ("y1", .number(from.y)), ("x2", .number(to.x)), ("y2", .number(to.y)),
      ("stroke", .text(stroke)), ("stroke-width", .number(width)),
    ]
    if let dash { attributes.append(("stroke-dasharray", .text(dash))) }
    add("line", attributes)
  }

  mutating func path(_ data: String, _ attributes: [Attribute]) {
    add("path", [("d", .text(data))] + attributes)
  }

  mutating func rectangle(_ box: Box, _ attributes: [Attribute]) {
    add(
      "rect",
      [
        ("x", .number(box.left)), ("y", .number(box.top)), ("width", .number(box.width)),
        ("height", .number(box.height)),
      ]
        + attributes)
  }

  /// A line of text whose baseline starts, is centred or ends at a point, turned about it by an angle in degrees.
  mutating func text(
    _ text: TickText, at point: Point, _ style: TextStyle, anchor: Anchor = .start, fill: String? = nil,
    turned angle: Int = 0
  ) {
    guard !text.isEmpty else { return }
    var attributes: [Attribute] = [("x", .number(point.x)), ("y", .number(point.y))]
    if anchor != .start { attributes.append(("text-anchor", .text(anchor.rawValue))) }
    if style.size != TextStyle.tick.size { attributes.append(("font-size", .number(style.size))) }
    if style.bold { attributes.append(("font-weight", "bold")) }
    if let fill { attributes.append(("fill", .text(fill))) }
    if angle != 0 {
      let (x, y) = (NumberText.coordinate(point.x), NumberText.coordinate(point.y))
      attributes.append(("transform", .text("rotate(\(angle) \(x) \(y))")))
    }
    var content = Self.escaped(text.base)
    if let exponent = text.exponent {
      let rise = NumberText.coordinate(-style.size * 0.38)
      let size = NumberText.coordinate(style.size * TickText.exponentSize)
      content += "<tspan dy=\"\(rise)\" font-size=\"\(size)\">\(Self.escaped(exponent))</tspan>"
    }
    add("text", attributes, content: content)
    texts.append((text.base + (text.exponent ?? ""), Self.box(text, at: point, style, anchor: anchor, turned: angle)))
  }

  /// The box of a text as it would be drawn.
  static func box(_ text: TickText, at point: Point, _ style: TextStyle, anchor: Anchor, turned angle: Int = 0) -> Box {
    let width = text.width(style)
    let start = anchor == .start ? 0 : anchor == .middle ? -width / 2 : -width
    let corners = [
      (start, -style.ascent), (start + width, -style.ascent), (start, style.descent), (start + width, style.descent),
    ]
    let (c, s) = angle == 0 ? (1, 0) : (cosine(Double(angle) * .pi / 180), sine(Double(angle) * .pi / 180))
    let xs = corners.map { point.x + $0.0 * c - $0.1 * s }
    let ys = corners.map { point.y + $0.0 * s + $0.1 * c }
    return Box(left: xs.min() ?? 0, top: ys.min() ?? 0, right: xs.max() ?? 0, bottom: ys.max() ?? 0)
  }

  /// Text for XML; characters that XML does not allow become U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", "\r": result += " "
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// A place in a picture; y grows downwards.
struct Point: Hashable, Sendable {
  var x: Double
  var y: Double
}

enum Anchor: String { case start, middle, end }

struct TextStyle {
  let size: Double
  var bold = false

  static let title = TextStyle(size: 14, bold: true)
  static let axis = TextStyle(size: 12.5)
  static let label = TextStyle(size: 12)
  static let tick = TextStyle(size: 11)

  var ascent: Double { size * 0.8 }
  var descent: Double { size * 0.25 }
  /// From one baseline to the next.
  var leading: Double { (size * 1.25).rounded(.up) }
}

/// A text that may end in a raised part: "10" and "3" for 10³.
package struct TickText: Hashable, Sendable, ExpressibleByStringLiteral {
  package var base: String
  package var exponent: String?

  static let exponentSize = 0.75

  package init(_ base: String, exponent: String? = nil) { (self.base, self.exponent) = (base, exponent) }
  package init(stringLiteral value: String) { self.init(value) }

  var isEmpty: Bool { base.isEmpty && exponent == nil }

  func width(_ style: TextStyle) -> Double {
    let raised = exponent.map { TextMeasure.width(of: $0, size: style.size * Self.exponentSize) } ?? 0
    return TextMeasure.width(of: base, size: style.size, bold: style.bold) + raised
  }
}
