public import ExactArithmetic

/// Numbers as tables and sentences write them.
public enum Numerals {
  /// `12,769`.
  public static func grouped(_ value: some BinaryInteger) -> String {
    var text = ""
    let digits = "\(value)"
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0, text != "-" { text += "," }
      text.append(digit)
    }
    return text
  }

  /// `1 task`, `2,000 tasks`.
  public static func counted(_ count: some BinaryInteger, _ noun: String) -> String {
    "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  /// A decimal, rounded half to even, as one run of digits before the point.
  public static func decimal(_ value: Double, _ places: Int) -> String {
    value.isFinite ? Rational(double: value).decimalString(digits: places) : "\(value)"
  }

  /// A decimal, rounded half to even, with groups of three digits before the point.
  public static func rounded(_ value: Double, _ places: Int) -> String {
    let text = decimal(value, places)
    let parts = text.split(separator: ".")
    guard let whole = BigInteger(parts[0]) else { return text }
    let sign = text.hasPrefix("-") && whole == 0 ? "-" : ""
    return sign + grouped(whole) + (parts.count > 1 ? ".\(parts[1])" : "")
  }

  /// Bits: to a tenth below 1,000, whole above.
  public static func bits(_ value: Double) -> String { rounded(value, value < 1000 ? 1 : 0) }

  /// A share of one in per cent with two places; 100 % is never a rounded number, nor is 0 %.
  public static func percent(_ share: Rational) -> String {
    let percent = share * 100
    var text = percent.decimalString(digits: 2)
    // Rounded to the side that keeps "all" and "none" true.
    if share < 1, text == "100.00" { text = "99.99" }
    if share > 0, text == "0.00" { text = "0.01" }
    return (share == 1 ? "100" : text) + " %"
  }

  /// A share of the examples, exact to two places of a per cent: `30 %`, `0.5 %`.
  public static func share(_ share: Rational) -> String {
    var text = (share * 100).decimalString(digits: 2)
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text + " %"
  }

  /// Bytes in the largest unit of a thousand that leaves one in front of the point.
  public static func bytes(_ value: Int) -> String {
    for (size, unit) in [(1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB")] where value >= size {
      return "\(rounded(Double(value) / Double(size), 1)) \(unit)"
    }
    return "\(grouped(value)) B"
  }

  /// Seconds with as many places as tell something.
  public static func seconds(_ value: Double) -> String { rounded(value, value < 10 ? 2 : value < 100 ? 1 : 0) + " s" }

  /// A large count in words: `2.1 million`.
  public static func large(_ value: Double) -> String {
    for (size, name) in [(1e15, "quadrillion"), (1e12, "trillion"), (1e9, "billion"), (1e6, "million")]
    where value >= size {
      return "\(rounded(value / size, 1)) \(name)"
    }
    return rounded(value, 0)
  }

  /// A count, or an expectation with one place.
  public static func count(_ value: Rational) -> String {
    value.isInteger ? grouped(value.numerator) : value.decimalString(digits: 1)
  }
}
