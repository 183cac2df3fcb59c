import Figures
import Testing

/// Colours can be told apart in grey and read on white.
@Suite struct ColourTests {
  private func light(_ byte: Substring) -> Double {
    let coded = Double(Int(byte, radix: 16) ?? 0) / 255
    // The power 2.4 by its nearest simple form suffices for bounds.
    return coded <= 0.04045 ? coded / 12.92 : Self.power24((coded + 0.055) / 1.055)
  }

  /// x^2.4 = x^2 · (x^2)^(1/5), the root by Newton's method.
  private static func power24(_ x: Double) -> Double {
    let square = x * x
    var root = 1.0
    for _ in 0..<60 { root -= (root * root * root * root * root - square) / (5 * root * root * root * root) }
    return square * root
  }

  private func luminance(_ hex: String) -> Double {
    let digits = hex.dropFirst()
    let bytes = [digits.prefix(2), digits.dropFirst(2).prefix(2), digits.dropFirst(4)]
    return zip(bytes.map(light), [0.2126, 0.7152, 0.0722]).map { $0 * $1 }.reduce(0, +)
  }

  @Test func textHasContrastOnWhite() {
    for (_, text) in SeriesStyle.colours { #expect(1.05 / (luminance(text) + 0.05) >= 4.5, "\(text)") }
  }

  @Test func theMapDarkensAllTheWay() {
    let map = ColourMap.standard.colours
    #expect(map.count == 256 && Set(map).count > 250)
    for (before, after) in zip(map, map.dropFirst()) { #expect(luminance(after) < luminance(before) + 0.002) }
    for (before, after) in zip(map, map.dropFirst(4)) { #expect(luminance(after) < luminance(before)) }
  }

  @Test func theMapCanBeShownAndGoesInEqualSteps() {
    let course = (0...2048).map { Oklab.course(Double($0) / 2048) }
    #expect(course.allSatisfy { $0.isDisplayable })
    // The colours lie on points of the fine course, which must be finer than they are.
    let lengths = zip(course, course.dropFirst()).map { $0.distance($1) }
    #expect((lengths.max() ?? 1) < (lengths.reduce(0, +)) / 200)
  }
}
