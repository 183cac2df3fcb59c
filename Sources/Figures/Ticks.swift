/// A labelled place on an axis; its value is a round decimal number by construction.
package struct Tick: Hashable, Sendable {
  package var number: Decimal
  package var label: TickText

  package var value: Double { number.value }
}

/// Choices of round numbers between two ends. - Source: steps of 1, 2 and 5 times a power of ten, as Heckbert 1990,
/// "Nice numbers for graph labels".
package enum Ticks {
  /// The step of about `count` intervals over a span: 1, 2 or 5 times a power of ten, never less than the span / count.
  static func step(span: Double, count: Int) -> Decimal {
    let raw = span / Double(count)
    let exponent = Decimal.exponent(of: raw)
    for digits in [1, 2, 5] {
      let step = Decimal(digits: digits, exponent: exponent)
      if step.value >= raw * (1 - 1e-9) { return step }
    }
    return Decimal(digits: 1, exponent: exponent + 1)
  }

  /// The multiples of a step between two ends, those included that differ from an end by rounding only.
  static func multiples(of step: Decimal, from low: Double, through high: Double) -> [Decimal] {
    let first = Int((low / step.value - 1e-6).rounded(.up))
    let last = Int((high / step.value + 1e-6).rounded(.down))
    guard first <= last else { return [] }
    return (first...last).map { Decimal(digits: $0 * step.digits, exponent: step.exponent) }
  }

  package static func linear(_ low: Double, _ high: Double, count: Int, _ format: Axis.Format) -> [Tick] {
    let numbers = multiples(of: step(span: high - low, count: count), from: low, through: high)
    return labelled(numbers, format)
  }

  /// Decades; with fewer than three of them also 2 and 5 times a decade, and with less than that linear ticks. Only every
  /// n-th decade where there are more than `count`.
  package static func logarithmic(_ low: Double, _ high: Double, count: Int, _ format: Axis.Format) -> [Tick] {
    let decades = decades(low, high)
    if decades.count >= 3 || decades.count >= count {
      let stride = (decades.count + count - 1) / max(1, count)
      return labelled(decades.filter { $0 % max(1, stride) == 0 }.map { Decimal(digits: 1, exponent: $0) }, format)
    }
    let fine = multiplesOfDecades([1, 2, 5], low, high)
    if fine.count >= 3, fine.count <= max(3, count) { return labelled(fine, format) }
    let half = multiplesOfDecades([1, 3], low, high)
    if half.count >= 3, half.count <= max(3, count) { return labelled(half, format) }
    return fine.count > count
      ? labelled(decades.map { Decimal(digits: 1, exponent: $0) }, format) : linear(low, high, count: count, format)
  }

  /// The small ticks between decades: 2 … 9 times each, while there are at most 12 decades.
  static func minor(_ low: Double, _ high: Double) -> [Double] {
    guard decades(low, high).count <= 12 else { return [] }
    return multiplesOfDecades(Array(2...9), low, high).map(\.value)
  }

  private static func decades(_ low: Double, _ high: Double) -> [Int] {
    let first = Decimal.exponent(of: low * (1 - 1e-9)) + 1
    let last = Decimal.exponent(of: high * (1 + 1e-9))
    return first <= last ? Array(first...last) : []
  }

  private static func multiplesOfDecades(_ digits: [Int], _ low: Double, _ high: Double) -> [Decimal] {
    (Decimal.exponent(of: low)...Decimal.exponent(of: high)).flatMap { exponent in
      digits.map { Decimal(digits: $0, exponent: exponent) }
    }.filter { $0.value >= low * (1 - 1e-9) && $0.value <= high * (1 + 1e-9) }
  }

  /// Labels of one kind for all: written out, or as powers of ten where one of them would be long.
  static func labelled(_ numbers: [Decimal], _ format: Axis.Format) -> [Tick] {
    if format == .percent {
      return numbers.map { number in
        let percent = Decimal(digits: number.digits, exponent: number.exponent + 2)
        return Tick(number: number, label: TickText(percent.plain + "\u{A0}%"))
      }
    }
    let reduced = numbers.map(\.reduced).filter { $0.digits != 0 }
    let isLong = reduced.contains { number in
      let places = String(number.digits.magnitude).count
      return number.exponent + places > 6 || number.exponent < -4
    }
    return numbers.map { Tick(number: $0, label: isLong ? power($0) : TickText($0.plain)) }
  }

  /// "10" with a raised "3", or "2.5×10" with one.
  private static func power(_ number: Decimal) -> TickText {
    let number = number.reduced
    guard number.digits != 0 else { return "0" }
    let places = String(number.digits.magnitude).count
    let exponent = number.exponent + places - 1
    let mantissa = Decimal(digits: number.digits, exponent: 1 - places).plain
    let raised = (exponent < 0 ? "\u{2212}" : "") + String(exponent.magnitude)
    return TickText(
      mantissa == "1" ? "10" : mantissa == "\u{2212}1" ? "\u{2212}10" : mantissa + "×10", exponent: raised)
  }
}
