/// Lines in a picture: their text, their parts inside a box, and fewer points of equal look.
enum Outline {
  /// Path data through the points.
  static func polyline(_ points: [Point]) -> String {
    var text = ""
    var last = ""
    for point in points {
      let place = NumberText.coordinate(point.x) + " " + NumberText.coordinate(point.y)
      if place == last, text.utf8.count > place.utf8.count + 1 { continue }
      text += (text.isEmpty ? "M" : "L") + place
      last = place
    }
    return text
  }

  /// The parts of a line that lie in a box, in order. - Source: Liang & Barsky 1984.
  static func clipped(_ points: [Point], to box: Drawing.Box) -> [[Point]] {
    guard points.count > 1 else {
      return points.filter { $0.x >= box.left && $0.x <= box.right && $0.y >= box.top && $0.y <= box.bottom }.map {
        [$0]
      }
    }
    var parts: [[Point]] = []
    for (from, to) in zip(points, points.dropFirst()) {
      guard let (start, end) = clipped(from, to, box) else { continue }
      if parts.last?.last == start { parts[parts.count - 1].append(end) } else { parts.append([start, end]) }
    }
    return parts
  }

  private static func clipped(_ from: Point, _ to: Point, _ box: Drawing.Box) -> (Point, Point)? {
    var (first, last) = (0.0, 1.0)
    let (dx, dy) = (to.x - from.x, to.y - from.y)
    let borders = [
      (-dx, from.x - box.left), (dx, box.right - from.x), (-dy, from.y - box.top), (dy, box.bottom - from.y),
    ]
    for (step, room) in borders {
      if step == 0 {
        if room < 0 { return nil }
      } else if step < 0 {
        first = max(first, room / step)
      } else {
        last = min(last, room / step)
      }
    }
    guard first <= last else { return nil }
    func at(_ share: Double) -> Point {
      Point(
        x: min(max(from.x + share * dx, box.left), box.right), y: min(max(from.y + share * dy, box.top), box.bottom))
    }
    return (first == 0 ? from : at(first), last == 1 ? to : at(last))
  }

  /// Fewer points for the same picture, of lines with many: first every run inside one half unit of x is cut to its first,
  /// lowest, highest and last point, then points within 0.08 of the line between those kept are left out.
  ///
  /// - Source: Jugel, Jerzak, Hackenbroich & Markl 2014, "M4" (doi:10.14778/2732951.2732953); Douglas & Peucker 1973.
  static func thinned(_ points: [Point]) -> [Point] {
    points.count > 64 ? straightened(columns(points), tolerance: 0.08) : points
  }

  private static func columns(_ points: [Point]) -> [Point] {
    var kept: [Point] = []
    var start = 0
    while start < points.count {
      let column = (points[start].x * 2).rounded(.down)
      var end = start + 1
      while end < points.count, (points[end].x * 2).rounded(.down) == column { end += 1 }
      let run = start..<end
      let low = run.min { points[$0].y < points[$1].y } ?? start
      let high = run.max { points[$0].y < points[$1].y } ?? start
      var last = -1
      for index in [start, low, high, end - 1].sorted() where index != last {
        kept.append(points[index])
        last = index
      }
      start = end
    }
    return kept
  }

  private static func straightened(_ points: [Point], tolerance: Double) -> [Point] {
    guard points.count > 2 else { return points }
    var isKept = [Bool](repeating: false, count: points.count)
    (isKept[0], isKept[points.count - 1]) = (true, true)
    var waiting = [(0, points.count - 1)]
    while let (first, last) = waiting.popLast() {
      guard last - first > 1 else { continue }
      let far = (first + 1..<last).map { ($0, distance(points[$0], points[first], points[last])) }.max { $0.1 < $1.1 }
      guard let far, far.1 > tolerance else { continue }
      isKept[far.0] = true
      waiting += [(first, far.0), (far.0, last)]
    }
    return points.indices.filter { isKept[$0] }.map { points[$0] }
  }

  /// From a point to the stretch between two others.
  private static func distance(_ point: Point, _ from: Point, _ to: Point) -> Double {
    let (dx, dy) = (to.x - from.x, to.y - from.y)
    let length = dx * dx + dy * dy
    let along = length == 0 ? 0 : min(max(((point.x - from.x) * dx + (point.y - from.y) * dy) / length, 0), 1)
    let (x, y) = (point.x - from.x - along * dx, point.y - from.y - along * dy)
    return (x * x + y * y).squareRoot()
  }
}
