import Circuits
import Documents
import Figures

extension FourierReport {
  /// Writes the figures with their data, and the table of units.
  func draw(into folder: String) throws {
    try makeFolder(folder)
    var charts: [(String, any Chart)] = [
      ("spectrum", spectrum), ("logit-fit", logitFit), ("embedding-circles", circles),
    ]
    for frequency in reading.keyFrequencies.prefix(3) {
      if let map = try heatMap(frequency) { charts.append(("unit-frequency-\(frequency)", map)) }
    }
    for (name, chart) in charts { try chart.write(to: "\(folder)/\(name)") }
    try replaceFile("\(folder)/units.csv", with: units.csv)
  }

  /// Shares by frequency, of the embeddings and of the logits.
  private var spectrum: BarChart {
    let frequencies = 1...reading.modulus / 2
    var series = reading.embeddings.map { embedding in
      BarChart.Series(embedding.name, frequencies.map { embedding.spectrum.share($0) })
    }
    series.append(
      BarChart.Series("logits, cos 2πk(\(formula) - c)/p", frequencies.map { reading.logits.direct.share($0) }))
    return BarChart(
      title: "Shares of variance by frequency", categoryLabel: "frequency", categories: frequencies.map(String.init),
      y: Axis("share", format: .percent), series: series, width: 900)
  }

  /// The embedding projected on the directions of each key frequency's cosine and sine: tokens lie on circles.
  private var circles: ScatterChart {
    let basis = FourierBasis(modulus: reading.modulus)
    let table = reading.embeddings[0].table
    let series = reading.keyFrequencies.prefix(6).map { frequency -> Series in
      let directions = basis.vectors.selecting(rows: basis.rows(of: frequency)).times(table)
      let points = table.times(directions, otherTransposed: true)
      let scale = (points.squaredNorm / Double(points.rows)).squareRoot()
      let xs = (0..<points.rows).map { points[$0, 0] / scale }
      let ys = (0..<points.rows).map { points.columns > 1 ? points[$0, 1] / scale : 0 }
      return Series("frequency \(frequency)", xs: xs, ys: ys)
    }
    return ScatterChart(
      title: "\(reading.embeddings[0].name) along each key frequency", x: Axis("cosine direction, scaled"),
      y: Axis("sine direction, scaled"), series: Array(series), width: 520, height: 520)
  }

  private var logitFit: LineChart {
    let xs = (0..<reading.modulus).map(Double.init)
    return LineChart(
      title: "Mean logit by distance from the answer", x: Axis("\(formula) - c modulo p"), y: Axis("logit, centred"),
      series: [
        Series("network", xs: xs, ys: reading.logits.byDistance),
        Series(
          "\(reading.keyFrequencies.count) key frequencies", xs: xs, ys: reading.logits.fit(reading.keyFrequencies)),
      ])
  }

  /// The activation over all pairs of the unit that is most at a frequency.
  private func heatMap(_ frequency: Int) throws -> HeatMap? {
    let candidates = reading.neurons.filter { $0.frequency == frequency }
    guard let best = candidates.max(by: { $0.share < $1.share }) else { return nil }
    let p = reading.modulus
    let values = try Runner(studied.subject).activations(at: reading.hiddenSite, of: Array(0..<p * p))
    return HeatMap(
      title: "Unit \(best.unit): \(Self.percent(best.share)) of its variance at frequency \(frequency)",
      columnLabel: "b", rowLabel: "a", colour: Axis("activation"),
      rows: (0..<p).map { a in (0..<p).map { Double(values.row(a * p + $0)[(a * p + $0) * values.columns + best.unit]) }
      }
    )
  }

  private var units: Table {
    // The phases are those in numbers of which the answer is the sum.
    let second = reading.operation == .difference ? "-b" : "b"
    return Table(
      columns: [
        "unit", "frequency", "share", "variance", "phase a", "phase \(second)", "phase \(formula)", "phase answer",
      ],
      rows: reading.neurons.map {
        [
          "\($0.unit)", "\($0.frequency)", "\($0.share)", "\($0.variance)", "\($0.phases.a)", "\($0.phases.b)",
          "\($0.phases.sum)", $0.phases.answer.map { "\($0)" } ?? "",
        ]
      })
  }
}

extension Chart {
  /// Writes the picture and its data: `path.svg` and `path.csv`.
  func write(to path: String) throws(InputError) {
    try replaceFile("\(path).svg", with: svg)
    try replaceFile("\(path).csv", with: csv)
  }
}
