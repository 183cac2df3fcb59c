import Figures
import Randomness
import Testing

/// Ticks lie on round numbers inside the axis, and their labels say exactly where.
@Suite struct TickTests {
  /// Reads a label back.
  private func value(_ label: TickText) -> Double? {
    var text = label.base.split(separator: ",").joined().replacingMinus
    var factor = 1.0
    if text.hasSuffix("\u{A0}%") {
      text.removeLast(2)
      factor = 100
    }
    guard let exponent = label.exponent?.replacingMinus else { return Double(text).map { $0 / factor } }
    let mantissa = text == "10" ? "1" : text == "-10" ? "-1" : String(text.dropLast(3))
    return Double(mantissa + "e" + exponent)
  }

  private func expectRound(_ ticks: [Tick], _ low: Double, _ high: Double, _ note: String) {
    let slack = (high - low) * 1e-5
    for tick in ticks {
      #expect(tick.value >= low - slack && tick.value <= high + slack, "\(note): \(tick)")
      let read = value(tick.label) ?? .nan
      #expect((read - tick.value).magnitude <= tick.value.magnitude * 1e-15, "\(note): \(tick)")
    }
    #expect(Set(ticks.map(\.label)).count == ticks.count, "\(note): two ticks of one label")
  }

  @Test func linearTicksAreEqualRoundSteps() {
    var generator = SeededGenerator(seed: 1, name: "figures/ticks")
    for _ in 0..<2000 {
      func number() -> Double {
        let unit = Double(generator.next() >> 11) / 9_007_199_254_740_992 - 0.3
        return unit * Double(sign: .plus, exponent: Int(generator.below(120)) - 60, significand: 1)
      }
      let ends = [number(), number()].sorted()
      guard ends[1] - ends[0] > max(ends[1].magnitude, ends[0].magnitude) * 1e-6 else { continue }
      let count = Int(2 + generator.below(8))
      let ticks = Ticks.linear(ends[0], ends[1], count: count, generator.below(2) == 0 ? .automatic : .percent)
      expectRound(ticks, ends[0], ends[1], "\(ends), \(count)")
      #expect(ticks.count <= count + 1)
      let steps = Set(
        zip(ticks, ticks.dropFirst()).map {
          Decimal(digits: $1.number.digits - $0.number.digits, exponent: $1.number.exponent)
        })
      #expect(steps.count <= 1)
      if let step = steps.first { #expect([1, 2, 5].contains(step.digits)) }
    }
  }

  @Test func logarithmicTicksAreRound() {
    for lowExponent in stride(from: -290, through: 261, by: 29) {
      for (low, span) in [(1.0, 1.5), (1, 3), (2, 9), (0.7, 40), (3, 1e3), (1, 1e7), (1, 1e30)] {
        let low = low * (Double("1e\(lowExponent)") ?? 1)
        for count in 1...9 {
          let ticks = Ticks.logarithmic(low, low * span, count: count, .automatic)
          expectRound(ticks, low, low * span, "\(low), \(span), \(count)")
          if span >= 1e3, count > 2 { #expect(ticks.allSatisfy { $0.number.reducedDigits == 1 }) }
          if count > 3 { #expect(ticks.count > 1, "\(low), \(span), \(count)") }
        }
      }
    }
  }

  @Test(arguments: [
    (1000, 0, "1,000"), (25, -2, "0.25"), (-3, 0, "−3"), (5, -4, "0.0005"), (1, 5, "100,000"), (0, 0, "0"),
    (1_234_567, -3, "1,234.567"),
  ])
  func plainNumbers(_ digits: Int, _ exponent: Int, _ text: String) {
    #expect(Decimal(digits: digits, exponent: exponent).plain == text)
  }

  @Test func longNumbersArePowers() {
    let labels = Ticks.logarithmic(1e-7, 10, count: 9, .automatic).map(\.label)
    #expect(labels.first == TickText("10", exponent: "−7") && labels.last == TickText("10", exponent: "1"))
    #expect(Ticks.linear(0, 5e6, count: 5, .automatic).map(\.label)[1] == TickText("10", exponent: "6"))
    #expect(Ticks.linear(0, 2.5e7, count: 5, .automatic).map(\.label)[1] == TickText("5×10", exponent: "6"))
    #expect(
      Ticks.linear(0, 40_000, count: 5, .automatic).map(\.label.base) == ["0", "10,000", "20,000", "30,000", "40,000"])
  }

  @Test func coordinatesHaveTwoDecimals() {
    let cases: [(Double, String)] = [
      (0, "0"), (-0.001, "0"), (1.005, "1"), (1.006, "1.01"), (-2.5, "-2.5"), (12.34567, "12.35"), (99.999, "100"),
      (-0.05, "-0.05"), (3.1, "3.1"),
    ]
    for (value, text) in cases { #expect(NumberText.coordinate(value) == text) }
  }
}

extension StringProtocol {
  fileprivate var replacingMinus: String {
    split(separator: "\u{2212}", omittingEmptySubsequences: false).joined(separator: "-")
  }
}

extension Decimal {
  fileprivate var reducedDigits: Int {
    var digits = digits
    while digits != 0, digits % 10 == 0 { digits /= 10 }
    return digits
  }
}
