/// Colours for numbers from 0 to 1: from pale yellow over green to deep blue, in equal steps for the eye.
///
/// Lightness falls evenly from 0.97 to 0.27, hue turns from yellow to blue, chroma swells in the middle, all in Oklab
/// (Ottosson 2020, "A perceptual color space for image processing"); then the course is walked at even speed, so that
/// equal steps of the number are equal distances in Oklab. Lightness never rises: printed in grey, the order remains.
package struct ColourMap: Sendable {
  /// As many as 8 bits of lightness can tell apart.
  static let count = 256
  package static let standard = ColourMap()

  /// "#rrggbb" for each of `count` numbers.
  package let colours: [String]

  func colour(_ share: Double) -> String { colours[Self.index(share)] }

  static func index(_ share: Double) -> Int { min(max(Int((share * Double(count - 1)).rounded()), 0), count - 1) }

  private init() {
    let fine = 2048
    let course = (0...fine).map { Oklab.course(Double($0) / Double(fine)) }
    var travelled = [0.0]
    for (from, to) in zip(course, course.dropFirst()) {
      travelled.append(travelled[travelled.count - 1] + from.distance(to))
    }
    let length = travelled[fine]
    var at = 0
    colours = (0..<Self.count).map { index in
      let goal = length * Double(index) / Double(Self.count - 1)
      while at < fine, travelled[at] < goal { at += 1 }
      return course[at].hex
    }
  }
}

/// A colour by lightness and two opponent axes.
package struct Oklab: Sendable {
  package var lightness, a, b: Double

  package static func course(_ t: Double) -> Oklab {
    let lightness = 0.97 - 0.70 * t
    let hue = (108 + 160 * t) * .pi / 180
    // Below what a screen can show, everywhere on the course: cutting it off would make an edge.
    let chroma = 0.046 + 0.3 * t * (1 - t) * (1 - t) + 0.025 * t
    return Oklab(lightness: lightness, a: chroma * cosine(hue), b: chroma * sine(hue))
  }

  package func distance(_ other: Oklab) -> Double {
    let (l, a, b) = (lightness - other.lightness, a - other.a, b - other.b)
    return (l * l + a * a + b * b).squareRoot()
  }

  /// Linear red, green and blue.
  private var linear: [Double] {
    func cube(_ x: Double) -> Double { x * x * x }
    let l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b)
    let m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b)
    let s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b)
    return [
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    ]
  }

  package var isDisplayable: Bool { linear.allSatisfy { (-1e-6...1 + 1e-6).contains($0) } }

  var hex: String {
    "#"
      + linear.map { light in
        let light = min(max(light, 0), 1)
        let coded = light <= 0.0031308 ? 12.92 * light : 1.055 * power(light, 1 / 2.4) - 0.055
        let byte = String(Int((coded * 255).rounded()), radix: 16)
        return byte.count == 1 ? "0" + byte : byte
      }.joined()
  }
}
