/// Greys of axes and text.
enum Ink {
  static let text = "#1a1a1a"
  static let axis = "#333"
  static let quiet = "#666"
  static let grid = "#e4e4e4"
  static let missing = "#d9d9d9"
}

/// What sets a series apart: a colour, a dash pattern and a mark, so that any one of the three suffices.
///
/// The colours are those of Okabe & Ito 2008, "Color Universal Design", told apart with every common kind of colour
/// vision; yellow is left out because it vanishes on white. Text has the same hues, darkened to a contrast of at
/// least 4.5 : 1 against white (WCAG 2.1, 1.4.3).
package struct SeriesStyle {
  let colour: String
  let textColour: String
  let dash: String?
  let mark: Mark

  /// The style of the series of this index. Colours return after 7, together with another dash: 42 pairs.
  init(_ index: Int) {
    (colour, textColour) = Self.colours[index % Self.colours.count]
    dash = Self.dashes[index % Self.dashes.count]
    mark = Mark.allCases[index % Mark.allCases.count]
  }

  package static let colours = [
    ("#0072b2", "#0068a3"), ("#d55e00", "#b34f00"), ("#009e73", "#007a59"), ("#cc79a7", "#9c4a77"),
    ("#e69f00", "#8a5f00"),
    ("#56b4e9", "#22709f"), ("#000000", "#000000"),
  ]
  static let dashes: [String?] = [nil, "7 3", "2 2.5", "9 3 2 3", "13 3", "8 2.5 2 2.5 2 2.5"]

  enum Mark: CaseIterable {
    case circle, square, triangle, diamond, plus, downTriangle, cross

    /// A closed outline about a point, of about equal area for each kind.
    func path(_ centre: Point, radius: Double) -> String {
      func shape(_ corners: [(Double, Double)]) -> String {
        let points = corners.map { Point(x: centre.x + $0.0 * radius, y: centre.y + $0.1 * radius) }
        return Outline.polyline(points) + "Z"
      }
      switch self {
      case .circle:
        let r = NumberText.coordinate(radius)
        let start = Outline.polyline([Point(x: centre.x - radius, y: centre.y)])
        let d = NumberText.coordinate(2 * radius)
        return "\(start)a\(r) \(r) 0 1 0 \(d) 0a\(r) \(r) 0 1 0 -\(d) 0Z"
      case .square: return shape([(-0.89, -0.89), (0.89, -0.89), (0.89, 0.89), (-0.89, 0.89)])
      case .triangle: return shape([(0, -1.3), (1.15, 0.75), (-1.15, 0.75)])
      case .downTriangle: return shape([(0, 1.3), (1.15, -0.75), (-1.15, -0.75)])
      case .diamond: return shape([(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)])
      case .plus:
        return shape([
          (-0.4, -1.2), (0.4, -1.2), (0.4, -0.4), (1.2, -0.4), (1.2, 0.4), (0.4, 0.4), (0.4, 1.2), (-0.4, 1.2),
          (-0.4, 0.4),
          (-1.2, 0.4), (-1.2, -0.4), (-0.4, -0.4),
        ])
      case .cross:
        return shape([
          (-1.13, -0.57), (-0.57, -1.13), (0, -0.57), (0.57, -1.13), (1.13, -0.57), (0.57, 0), (1.13, 0.57),
          (0.57, 1.13),
          (0, 0.57), (-0.57, 1.13), (-1.13, 0.57), (-0.57, 0),
        ])
      }
    }
  }
}
