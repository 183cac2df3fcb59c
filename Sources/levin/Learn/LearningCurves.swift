import Figures
import Learner

/// Training curves: training and unseen examples on one figure over a logarithmic axis of steps.
///
/// Of several runs the median is drawn and the spread from least to greatest shaded; a run that has ended keeps its last
/// values.
struct LearningCurves {
  let results: [LearningResult]

  init(_ results: [LearningResult]) { self.results = results }

  var accuracy: LineChart {
    chart(
      "answered rightly", scale: .linear, { $0.trainAccuracy }, { $0.testAccuracy }, format: .percent, range: 0...1)
  }

  var loss: LineChart { chart("cross-entropy, nats", scale: .logarithmic, { $0.trainLoss }, { $0.testLoss }) }

  private func chart(
    _ label: String, scale: Axis.Scale, _ train: (TrainingMetrics) -> Double, _ test: (TrainingMetrics) -> Double?,
    format: Axis.Format = .automatic, range: ClosedRange<Double>? = nil
  ) -> LineChart {
    let source = results[0].plan.source
    let runs = results.count == 1 ? "seed \(results[0].seed)" : "\(results.count) seeds"
    var markers: [VerticalMarker] = []
    let fits = results.compactMap(\.firstFit)
    let generalisations = results.compactMap(\.firstGeneralisation)
    if fits.count == results.count { markers.append(marker("train 99.9 %", fits)) }
    if generalisations.count == results.count { markers.append(marker("unseen 99 %", generalisations)) }
    return LineChart(
      title: "\(source.summary), \(runs)", x: Axis("step", scale: .logarithmic),
      y: Axis(label, scale: scale, format: format, range: range),
      series: [series("training", train), series("unseen", test)], markers: markers)
  }

  private func marker(_ name: String, _ steps: [Int]) -> VerticalMarker {
    let step = LearningTable.median(steps.map(Double.init))
    return VerticalMarker(x: max(step, 1), label: "\(name): step \(Number.rounded(step, 0))")
  }

  private func series(_ name: String, _ value: (TrainingMetrics) -> Double?) -> Series {
    let steps = Set(results.flatMap { $0.metrics.map(\.step) }).sorted().filter { $0 > 0 }
    let points = steps.compactMap { step -> Series.Point? in
      let values = results.compactMap { result in
        (result.metrics.last { $0.step <= step }).flatMap(value)
      }
      guard !values.isEmpty else { return nil }
      return Series.Point(
        x: Double(step), y: LearningTable.median(values), spread: values.count > 1 ? values.min()!...values.max()! : nil
      )
    }
    return Series(name, points: points)
  }
}
