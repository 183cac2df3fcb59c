/// The least box around what an SVG draws, text aside.
struct Extent {
  private(set) var left = Double.infinity
  private(set) var top = Double.infinity
  private(set) var right = -Double.infinity
  private(set) var bottom = -Double.infinity

  init(_ xml: WellFormedXML) {
    for element in xml.elements { add(element) }
  }

  private mutating func add(_ x: Double, _ y: Double) {
    (left, right) = (min(left, x), max(right, x))
    (top, bottom) = (min(top, y), max(bottom, y))
  }

  private mutating func add(_ element: WellFormedXML.Element) {
    func number(_ key: String) -> Double { element.attributes[key].flatMap(Double.init) ?? 0 }
    switch element.name {
    case "line":
      add(number("x1"), number("y1"))
      add(number("x2"), number("y2"))
    case "rect":
      add(number("x"), number("y"))
      add(number("x") + number("width"), number("y") + number("height"))
    case "text": add(number("x"), number("y"))
    case "path":
      let transform = Self.numbers(element.attributes["transform"] ?? "translate(0 0) scale(1 1)")
      for (x, y) in Self.places(element.attributes["d"] ?? "") {
        add(transform[0] + transform[2] * x, transform[1] + transform[3] * y)
      }
    default: break
    }
  }

  private static func numbers(_ text: String) -> [Double] {
    text.split { !("0123456789.-".contains($0)) }.compactMap { Double($0) }
  }

  /// The places that path data visits: M, L absolute; h, v, a relative; Z.
  private static func places(_ data: String) -> [(Double, Double)] {
    var places: [(Double, Double)] = []
    var place = (0.0, 0.0)
    var commands: [(Character, String)] = []
    for character in data {
      if character.isLetter {
        commands.append((character, ""))
      } else {
        commands[commands.count - 1].1.append(character)
      }
    }
    for (command, text) in commands {
      let values = numbers(text)
      switch command {
      case "M", "L": place = (values[0], values[1])
      case "h": place.0 += values[0]
      case "v": place.1 += values[0]
      case "a":
        // Half a circle: it reaches as far up and down as its radius.
        place.0 += values[5]
        places += [(place.0, place.1 - values[0]), (place.0, place.1 + values[0])]
      case "Z", "z": continue
      default: preconditionFailure("path command \(command)")
      }
      places.append(place)
    }
    return places
  }
}
