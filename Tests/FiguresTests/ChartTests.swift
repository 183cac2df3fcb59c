import Figures
import TestSupport
import Testing

/// Whole pictures: kept ones stay the same to the byte, and random ones keep the laws of a readable figure.
@Suite struct ChartTests {
  @Test(arguments: Samples.all.map(\.0))
  func picturesAreTheKnownOnes(_ name: String) throws {
    let chart = try #require(Samples.all.first { $0.0 == name }).1
    #expect(Golden.difference(chart.svg, "Tests/FiguresTests/Golden/\(name).svg") == nil)
  }

  /// Well-formed; every coordinate inside the view box; no text over another or outside.
  private func expectReadable(_ chart: any Chart, _ name: String) throws {
    let drawing = chart.drawing
    let xml = try WellFormedXML(drawing.svg)
    let extent = Extent(xml)
    #expect(extent.left >= 0 && extent.top >= 0, "\(name): \(extent)")
    #expect(extent.right <= drawing.width + 0.005 && extent.bottom <= drawing.height + 0.005, "\(name): \(extent)")
    for (index, text) in drawing.texts.enumerated() {
      let isInside =
        text.box.left >= -0.01 && text.box.top >= -0.01 && text.box.right <= drawing.width + 0.01
        && text.box.bottom <= drawing.height + 0.01
      #expect(isInside, "\(name): '\(text.text)' at \(text.box) of \(drawing.width) by \(drawing.height)")
      // Boxes around turned texts overlap where the texts do not.
      guard text.box.height < 20 || text.box.width < 20 else { continue }
      for other in drawing.texts[..<index] where other.box.height < 20 || other.box.width < 20 {
        #expect(
          !text.box.overlaps(other.box), "\(name): '\(text.text)' over '\(other.text)' at \(text.box), \(other.box)")
      }
    }
  }

  @Test func samplesAreReadable() throws {
    for (name, chart) in Samples.all { try expectReadable(chart, name) }
  }

  @Test func randomChartsAreReadable() throws {
    for seed in 1200..<1350 {
      var charts = RandomCharts(seed: UInt64(seed))
      try expectReadable(charts.next(), "seed \(seed)")
    }
  }

  @Test func equalDataGivesEqualBytes() {
    for seed in 0..<20 {
      var (first, second) = (RandomCharts(seed: UInt64(seed)), RandomCharts(seed: UInt64(seed)))
      #expect(first.next().svg == second.next().svg)
    }
  }

  @Test func picturesReferToNothingOutside() {
    for (name, chart) in Samples.all {
      for forbidden in ["href", "url(", "<style", "<script", " id="] {
        #expect(!chart.svg.contains(forbidden), "\(name)")
      }
    }
  }

  @Test func omissionsAreCounted() throws {
    let description = try #require(try WellFormedXML(Samples.broken.svg).elements.first { $0.name == "desc" }).text
    #expect(description.contains("Left out: 5 values, not a finite number."), "\(description)")
    #expect(description.contains("Left out: 3 values, zero or less on a logarithmic axis."), "\(description)")
  }

  @Test func emptyChartsSaySo() throws {
    let texts = try WellFormedXML(Samples.empty.svg).elements.filter { $0.name == "text" }.map(\.text)
    #expect(texts.contains("no data"))
  }

  @Test func gapsInterruptLinesAndLonelyPointsAreMarked() throws {
    let chart = LineChart(
      title: "", x: Axis("x"), y: Axis("y"),
      series: [Series("s", xs: (0..<60).map(Double.init), ys: (0..<60).map { $0 % 30 == 29 || $0 == 31 ? .nan : 1 })])
    let paths = try WellFormedXML(chart.svg).elements.filter { $0.name == "path" }
    let line = try #require(paths.first { $0.attributes["stroke-width"] == "1.75" }?.attributes["d"])
    #expect(line.filter { $0 == "M" }.count == 2)
    #expect(paths.filter { $0.attributes["stroke"] == "#fff" }.count == 1)
  }

  @Test func textsAreEscaped() throws {
    let xml = try WellFormedXML(Samples.broken.svg)
    #expect(xml.elements.first { $0.name == "title" }?.text == "<&\"'> \u{FFFD} zero & co.")
  }

  @Test func thinnedCurvesKeepTheirExtremes() throws {
    // One high point among 20,000.
    let xs = (0..<20_000).map(Double.init)
    let chart = LineChart(
      title: "", x: Axis("x"), y: Axis("y", range: 0...10),
      series: [Series("s", xs: xs, ys: xs.map { $0 == 7_321 ? 10 : 1 })])
    let drawn = try #require(
      try WellFormedXML(chart.svg).elements.first { $0.attributes["stroke-width"] == "1.75" }?.attributes["d"])
    let ys = drawn.split { $0 == "M" || $0 == "L" }.compactMap { Double($0.split(separator: " ")[1]) }
    #expect(Set(ys).count >= 2)
    #expect(ys.count < 20)
    // The top of the plot is where the tick of 10 stands.
    #expect(ys.min() == 20)
  }
}
