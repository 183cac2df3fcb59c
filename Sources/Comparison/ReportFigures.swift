internal import Documents
internal import ExactArithmetic
public import Figures
internal import Tasks

/// A figure of the report: a chart with the name of its CSV file and its caption.
public struct ReportFigure: Sendable {
  /// The name of its CSV file without the ending, such as `accuracy-mod-add-113`.
  public let name: String
  /// The picture with its data.
  public let chart: any Chart
  /// The text below it: what is shown, and over which seeds.
  public let caption: String

  /// The data of the chart as CSV; also what the picture leaves out.
  public var csv: String { chart.csv }
}

/// Draws the figures that the records allow.
struct ReportFigures {
  let results: ComparisonResults
  let findings: Findings

  init(_ results: ComparisonResults) {
    self.results = results
    findings = Findings(results)
  }

  /// A task's name as part of that of a file; the `@` of a modulus becomes a `-`, and different tasks have different ones.
  static func fileName(_ task: String) -> String {
    guard let reference = try? TaskReference(task) else { return TaskReference.escaped(task) }
    return String(reference.fileName.map { $0 == "@" ? "-" : $0 })
  }

  var all: [ReportFigure] {
    var figures: [ReportFigure] = []
    if let figure = examplesNeeded { figures.append(figure) }
    for task in results.tasks {
      figures += [accuracyByShare(task), grokking(task), ledger(task), accuracyByLength(task)].compactMap { $0 }
    }
    for task in results.tasks { figures += [priorByLevel(task), posterior(task)].compactMap { $0 } }
    return figures
  }

  // MARK: Accuracy

  private func accuracyByShare(_ task: String) -> ReportFigure? {
    guard results.fractions.count > 1 else { return nil }
    let series = results.methods.compactMap { method -> Series? in
      let points = results.fractions.sorted().compactMap { share in
        results.learning(task, method, share).map { summary in
          Series.Point(
            x: Double(summary.training), y: summary.accuracy.nearestDouble,
            spread: summary.entries.count > 1 ? summary.least.nearestDouble...summary.greatest.nearestDouble : nil)
        }
      }
      return points.isEmpty ? nil : Series(method.title, points: points)
    }
    guard !series.isEmpty else { return nil }
    return ReportFigure(
      name: "accuracy-\(Self.fileName(task))",
      chart: LineChart(
        title: "\(task): unseen inputs answered rightly", x: Axis("training examples", scale: .logarithmic),
        y: Axis("unseen inputs right", format: .percent, range: 0...1), series: series),
      caption: "Accuracy on all unseen inputs of \(task) against the number of training examples"
        + (results.seeds.count > 1 ? "; median of \(results.seeds.count) seeds, least to greatest shaded." : "."))
  }

  private func accuracyByLength(_ task: String) -> ReportFigure? {
    // Of a file at the share that tables compare at.
    let questions = [Cell.Question.learn(nil), .learn(results.referenceShare)]
    let found = results.methods.compactMap { method in
      questions.lazy.compactMap { results.cells(task, method.name, $0).first }.first.map { (method, $0) }
    }
    let series = found.compactMap { method, entry -> Series? in
      guard let points = entry.record["accuracyByLength"]?.array, !points.isEmpty else { return nil }
      return Series(
        method.title,
        points: points.compactMap { point in
          guard let length = point["length"]?.double, let accuracy = point["accuracy"]?.string.flatMap({ Rational($0) })
          else { return nil }
          return Series.Point(x: length, y: accuracy.nearestDouble)
        })
    }
    guard !series.isEmpty else { return nil }
    let isShare = found.contains { $1.record["unseen"] != nil }
    let longest =
      found.lazy.compactMap { $1.record["data"]?["longestTrainingInput"]?.double }.first
      ?? Double(ChomskyProtocol.trainingLengths.upperBound)
    return ReportFigure(
      name: "lengths-\(Self.fileName(task))",
      chart: LineChart(
        title: "\(task): symbols right by length", x: Axis("length", scale: .logarithmic),
        y: Axis("symbols right", format: .percent, range: 0...1), series: series,
        markers: [VerticalMarker(x: longest, label: "longest training input")]),
      caption: "Share of output symbols that are right against the length of the input of \(task), seed "
        + "\(results.seeds.first ?? 0)\(isShare ? "; learned from \(results.referenceShare.map(Numerals.share) ?? "")" : "")."
    )
  }

  /// Unseen accuracy over CPU seconds, with the moment at which the search had its program.
  private func grokking(_ task: String) -> ReportFigure? {
    guard let share = results.referenceShare else { return nil }
    let series = results.methods.filter { $0.kind == .network }.compactMap { method -> Series? in
      guard let entry = results.learning(task, method, share)?.first,
        let curve = entry.record["details"]?["curve"]?.array,
        let seconds = entry.times["curveCPUSeconds"]?.array?.compactMap(\.double), seconds.count == curve.count,
        let unseen = entry.record["unseen"]?.double
      else { return nil }
      return Series(
        method.title,
        points: zip(seconds, curve).compactMap { time, point in
          point.array.flatMap { $0.count > 2 ? $0[2].double : nil }.map { Series.Point(x: time, y: $0 / unseen) }
        })
    }
    guard !series.isEmpty else { return nil }
    var markers: [VerticalMarker] = []
    if let search = results.methods.first(where: { $0.name == "search" }),
      let summary = results.learning(task, search, share), let found = summary.first.times["found"]?.double, found > 0
    {
      let right = summary.accuracy == 1 ? "all unseen right" : "\(Numerals.percent(summary.accuracy)) unseen right"
      markers.append(VerticalMarker(x: found, label: "search done, \(right)"))
    }
    let examples = results.methods.lazy.compactMap { results.learning(task, $0, share)?.training }.first ?? 0
    // The axis reaches from the marker to the last point.
    let moments = (series.flatMap { $0.points.map(\.x) } + markers.map(\.x)).filter { $0 > 0 }
    let range = moments.min().flatMap { low in moments.max().flatMap { $0 > low ? low / 1.3...$0 * 1.05 : nil } }
    return ReportFigure(
      name: "grokking-\(Self.fileName(task))",
      chart: LineChart(
        title: "\(task), \(Numerals.grouped(examples)) training examples: accuracy over time",
        x: Axis("CPU seconds", scale: .logarithmic, range: range),
        y: Axis("unseen inputs right", format: .percent, range: 0...1),
        series: series, markers: markers),
      caption:
        "Accuracy on unseen inputs of \(task) while the networks train, seed \(results.seeds.first ?? 0), over CPU seconds of one core"
        + (markers.isEmpty ? "." : "; the upright line is the moment at which the search ended, on the same axis."))
  }

  // MARK: Bits

  private func ledger(_ task: String) -> ReportFigure? {
    let codes = results.codes(task)
    guard codes.count > 1 else { return nil }
    var names: [String] = []
    for code in codes { for part in code.parts where !names.contains(part.name) { names.append(part.name) } }
    // A hundredth of the axis.
    let greatest = codes.map(\.bits).max() ?? 0
    let isUnseen = codes.contains { $0.bits < greatest / 100 }
    return ReportFigure(
      name: "bits-\(Self.fileName(task))",
      chart: BarChart(
        title: "\(task): bits for \(codes[0].labelsText)",
        categories: codes.map { "\($0.title): \(Numerals.bits($0.bits))" }, y: Axis("bits"),
        series: names.map { name in
          BarChart.Series(name, codes.map { code in code.parts.first { $0.name == name }?.bits ?? 0 })
        }, arrangement: .stacked),
      caption:
        "Bits to transmit \(codes[0].sequences == nil ? "all labels" : codes[0].labelsText) of \(task), given the inputs in one recorded order, in parts."
        + (isUnseen ? " Some bars are too low to be seen: their bits are written below." : ""))
  }

  // MARK: Programs

  private func priorByLevel(_ task: String) -> ReportFigure? {
    guard let share = results.referenceShare, let method = results.methods.first(where: { $0.name == "mixture" }),
      let entry = results.learning(task, method, share)?.first,
      let levels = entry.record["details"]?["levels"]?.array, levels.count > 1
    else { return nil }
    let points = levels.compactMap { level in
      level["bits"]?.double.flatMap { bits in
        level["massLog2"]?.double.map { Series.Point(x: bits, y: Self.power(ofTwo: $0)) }
      }
    }
    var markers: [VerticalMarker] = []
    if let first = entry.record["details"]?["functions"]?.array?.first, let bits = first["bits"]?.double,
      let infix = first["infix"]?.string
    {
      markers.append(VerticalMarker(x: bits, label: infix))
    }
    return ReportFigure(
      name: "prior-\(Self.fileName(task))",
      chart: LineChart(
        title: "\(task): prior of the programs of each length", x: Axis("description length of a program (bits)"),
        y: Axis("prior of all programs of that length", scale: .logarithmic), series: [Series("prior", points: points)],
        markers: markers),
      caption: "Exact prior mass of the levels that the search of \(task) covered completely"
        + (markers.isEmpty
          ? "; no program of theirs agrees with the examples."
          : "; the upright line is the first program that agrees with the examples."))
  }

  /// 2^x; zero or infinite, which no axis shows, where `Double` has no such power.
  private static func power(ofTwo exponent: Double) -> Double {
    let whole = exponent.rounded(.down)
    // 2^f for 0 ≤ f < 1 by its series; enough for a drawing.
    let x = (exponent - whole) * 0.693147180559945
    var (term, sum) = (1.0, 1.0)
    for n in 1...20 {
      term *= x / Double(n)
      sum += term
    }
    return Double(sign: .plus, exponent: Int(min(max(whole, -2000), 2000)), significand: sum)
  }

  private func posterior(_ task: String) -> ReportFigure? {
    guard let share = results.referenceShare, let method = results.methods.first(where: { $0.name == "mixture" }),
      let entry = results.learning(task, method, share)?.first,
      let functions = entry.record["details"]?["functions"]?.array, !functions.isEmpty
    else { return nil }
    let shown = functions.prefix(8).compactMap { function -> (name: String, low: Double, open: Double)? in
      guard let infix = function["infix"]?.string,
        let low = function["posteriorLower"]?.string.flatMap({ Rational($0) }),
        let high = function["posteriorUpper"]?.string.flatMap({ Rational($0) })
      else { return nil }
      let name = infix.count > 28 ? infix.prefix(27) + "…" : infix
      return (name, low.nearestDouble, (high - low).nearestDouble)
    }
    guard !shown.isEmpty else { return nil }
    return ReportFigure(
      name: "posterior-\(Self.fileName(task))",
      chart: BarChart(
        title: "\(task): posterior of the functions found", categories: shown.map(\.name),
        y: Axis("posterior", format: .percent, range: 0...1),
        series: [BarChart.Series("certain", shown.map(\.low)), BarChart.Series("open", shown.map(\.open))],
        arrangement: .stacked),
      caption:
        "Posterior of the functions that agree with the examples of \(task), shortest first: the certain part, and what the "
        + "programs not yet visited may add.")
  }

  // MARK: Data efficiency

  private var examplesNeeded: ReportFigure? {
    let tasks = results.tasks.filter { task in
      results.methods.contains { findings.examplesNeeded(task, $0) != nil }
    }
    let methods = results.methods.filter { method in tasks.contains { findings.examplesNeeded($0, method) != nil } }
    guard results.fractions.count > 1, tasks.count > 1, !methods.isEmpty else { return nil }
    return ReportFigure(
      name: "examples-needed",
      chart: BarChart(
        title: "Training examples needed for 99 % of the unseen inputs", categories: tasks,
        y: Axis("training examples", scale: .logarithmic),
        series: methods.map { method in
          BarChart.Series(method.title, tasks.map { findings.examplesNeeded($0, method).map(Double.init) ?? .nan })
        }, width: 960, height: 420),
      caption:
        "The smallest number of training examples, among the shares tried, from which the median over seeds reaches 99 % of the "
        + "unseen inputs. No bar: it was not reached at any share.")
  }
}
