/// Numbers as text, without a locale and without C's printing: the same bytes everywhere.
package enum NumberText {
  /// A coordinate: two decimals at most, no trailing zeros, no "-0".
  package static func coordinate(_ value: Double) -> String {
    precondition(value.magnitude < 1e9, "a coordinate of \(value)")
    let hundredths = Int((value * 100).rounded())
    let (whole, part) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
    var text = (hundredths < 0 ? "-" : "") + String(whole)
    if part > 0 {
      text += part < 10 ? ".0" : "."
      text += String(part % 10 == 0 ? part / 10 : part)
    }
    return text
  }

  /// The shortest text that reads back as the same `Double`; whole numbers below 2^53 have no point.
  package static func exact(_ value: Double) -> String {
    if value.magnitude < 9_007_199_254_740_992, value == value.rounded(), value != 0 || value.sign == .plus {
      return String(Int(value))
    }
    return value.description
  }

  /// A number with about four digits for a sentence, as `1,234` or `0.01234` or `1.234e-7`.
  package static func short(_ value: Double) -> String {
    guard value.isFinite, value.magnitude > 1e-290 else { return exact(value) }
    let exponent = Decimal.exponent(of: value) - 3
    let digits = (value / Decimal(digits: 1, exponent: exponent).value).rounded()
    let decimal = Decimal(digits: Int(digits), exponent: exponent).reduced
    if (-4..<7).contains(exponent + 3) { return decimal.plain }
    let places = String(decimal.digits.magnitude).count - 1
    return Decimal(digits: decimal.digits, exponent: -places).plain + "e\(decimal.exponent + places)"
  }

  /// "1 point", "2 points".
  static func count(_ count: Int, _ noun: String) -> String {
    "\(grouped(String(count))) \(noun)\(count == 1 ? "" : "s")"
  }

  /// Digits in groups of three: "1,000".
  static func grouped(_ digits: String) -> String {
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }
}

/// The number digits · 10^exponent, so that ticks are round by construction and print without rounding.
package struct Decimal: Hashable, Sendable {
  package var digits: Int
  package var exponent: Int

  package init(digits: Int, exponent: Int) { (self.digits, self.exponent) = (digits, exponent) }

  /// The nearest `Double`.
  package var value: Double {
    switch exponent {
    case 0...22: Double(digits) * Self.powers[exponent]
    case -22..<0: Double(digits) / Self.powers[-exponent]
    default: Double("\(digits)e\(exponent)") ?? 0
    }
  }

  private static let powers: [Double] = (0...22).map { Double("1e\($0)") ?? 0 }

  /// Without zeros at the end of its digits.
  var reduced: Decimal {
    guard digits != 0 else { return Decimal(digits: 0, exponent: 0) }
    var result = self
    while result.digits % 10 == 0 {
      result.digits /= 10
      result.exponent += 1
    }
    return result
  }

  /// "1,000", "0.25", "−3": all places written out.
  package var plain: String {
    var places = String(digits.magnitude)
    if digits != 0, exponent > 0 { places += String(repeating: "0", count: exponent) }
    let decimals = max(0, -exponent)
    if places.count <= decimals { places = String(repeating: "0", count: decimals + 1 - places.count) + places }
    let whole = NumberText.grouped(String(places.dropLast(decimals)))
    return (digits < 0 ? "\u{2212}" : "") + whole + (decimals > 0 ? "." + places.suffix(decimals) : "")
  }

  /// The floor of the decimal logarithm of a finite number's magnitude, which must not be zero.
  static func exponent(of value: Double) -> Int {
    var guess = Int(logarithm10(value.magnitude).rounded(.down))
    if Decimal(digits: 1, exponent: guess + 1).value <= value.magnitude { guess += 1 }
    if Decimal(digits: 1, exponent: guess).value > value.magnitude { guess -= 1 }
    return guess
  }
}
