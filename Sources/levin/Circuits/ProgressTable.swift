import ArgumentParser
import Circuits
import Documents
import Figures
import Grammars
import Networks
import Tasks

/// Progress measures of the networks that a training run kept, and their phases.
struct ProgressTable {
  struct Row {
    let step: Int
    let measures: ProgressMeasures
  }

  private let name: String
  private let last: StudiedNetwork
  private let split: SplitTask
  /// What key frequencies hold of what all hold.
  private let keyShare: Double
  /// The right answer as the table writes it.
  private let answer: String
  private let keyFrequencies: [Int]
  private let explained: Double
  private let rows: [Row]

  /// - Parameter folder: a run's folder with `snapshots/`, one network for each step kept.
  init(_ folder: String, _ task: TaskData, _ study: StudyOptions, _ split: SplitOptions, share: Double)
    throws
  {
    name = folder
    let snapshots = folderEntries("\(folder)/snapshots")
      .compactMap { entry in Int(entry).map { (step: $0, name: entry) } }.sorted { $0.step < $1.step }
    guard snapshots.count > 1 else {
      throw InputError(
        file: "\(folder)/snapshots", message: "no networks along a run; 'levin learn --snapshot-every N' keeps them")
    }
    func studied(_ snapshot: String) throws -> StudiedNetwork {
      try StudiedNetwork("\(folder)/snapshots/\(snapshot)", task, study)
    }
    let parts = try split.split(study, of: RunSplit(in: folder, of: task))
    let last = try studied(snapshots.last!.name)
    let answers = last.answers(of: task)
    let shares = try ProgressMeasures.shares(last.subject, answers: answers)
    let key = shares.keyFrequencies(holding: share)
    let hidden = try Runner(last.subject, capacity: 1).hiddenSite
    // Numbers a · p + b of the training pairs.
    let p = try last.subject.pairModulus
    let training = parts.training.map { Int($0.inputs[0].word) * p + Int($0.inputs[1].word) }
    (self.last, self.split, keyShare) = (last, parts, share)
    rows = try snapshots.map { snapshot in
      let subject = try studied(snapshot.name).subject
      return Row(
        step: snapshot.step,
        measures: try ProgressMeasures(
          subject, answers: answers, keyFrequencies: key, training: training, hidden: hidden))
    }
    answer = (try? CyclicNumbering(of: last.subject.inputs, answers: answers))?.operation.formula ?? "f"
    keyFrequencies = key
    explained = shares.share(key)
  }

  /// Steps at which the phases end; nil for what the run does not reach.
  ///
  /// Memorisation ends where the excluded loss is least before the test loss is half of its greatest; the circuit is formed
  /// where the test loss is last above that half; cleanup ends where it is first at 1 % of its greatest from then on.
  private var phases: (memorised: Int?, formed: Int?, cleaned: Int?) {
    let losses = rows.map { $0.measures.testLoss ?? 0 }
    guard let greatest = losses.max(), greatest > 0, let half = losses.lastIndex(where: { $0 > greatest / 2 }),
      half + 1 < rows.count
    else { return (nil, nil, nil) }
    let memorised = (0...half).min { rows[$0].measures.excludedLoss < rows[$1].measures.excludedLoss }!
    let cleaned = (half..<rows.count).first { losses[$0] <= greatest / 100 }
    return (rows[memorised].step, rows[half + 1].step, cleaned.map { rows[$0].step })
  }

  var text: String {
    let heads = ["step", "train", "test", "restricted", "excluded", "Gini E", "Gini out", "norm²"]
    var cells = [heads]
    for row in rows {
      let m = row.measures
      cells.append([
        Number.grouped(row.step), Self.number(m.trainLoss), m.testLoss.map(Self.number) ?? "",
        Self.number(m.restrictedLoss),
        Self.number(m.excludedLoss), Number.rounded(m.embeddingGini, 3),
        m.readoutGini.map { Number.rounded($0, 3) } ?? "", Number.rounded(m.squaredNorm, 0),
      ])
    }
    var lines = [
      "network    \(name)",
      "split      \(split.splitText): \(Number.grouped(split.training.count)) training pairs",
      "key        frequencies \(keyFrequencies.map(String.init).joined(separator: " ")); cos 2πk(\(answer) - c)/p of them explain \(FourierReport.percent(explained)) of the last network's logits\(answer == "f" ? "; f is the right answer" : "")",
      "",
    ]
    lines += Columns(cells, right: Set(heads.indices)).lines
    let last = rows[rows.count - 1].measures
    lines += [
      "", "losses in nats; restricted over all pairs, excluded over training pairs",
      "last       excluded loss / training loss = \(Self.ratio(last.excludedLoss, last.trainLoss).map(Self.number) ?? "not defined: the latter is 0"), restricted loss / full loss = \(Self.ratio(last.restrictedLoss, last.fullLoss).map(Self.number) ?? "not defined: the latter is 0")",
    ]
    let phases = self.phases
    if let memorised = phases.memorised, let formed = phases.formed {
      lines.append(
        "phases     memorisation to step \(Number.grouped(memorised)), circuit formation to \(Number.grouped(formed)), cleanup to \(phases.cleaned.map { Number.grouped($0) } ?? "beyond the run")"
      )
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// Nil where a network is so sure of its answers that nothing is left of its loss.
  private static func ratio(_ loss: Double, _ other: Double) -> Double? { other > 0 ? loss / other : nil }

  /// Three digits, with a power of ten where it is small.
  static func number(_ value: Double) -> String {
    if value == 0 || value >= 0.001 || !value.isFinite { return Number.rounded(value, 4) }
    var (digits, exponent) = (value, 0)
    while digits < 1 {
      digits *= 10
      exponent -= 1
    }
    return "\(Number.rounded(digits, 2))e\(exponent)"
  }

  var record: JSONValue {
    let measures = rows[rows.count - 1].measures
    return last.record(
      "progress",
      [
        "settings": [
          "keyShare": .real(keyShare), "split": .string(split.split), "splitSeed": .integer(split.seed),
          "shuffle": .string(split.shuffle), "trainingExamples": .integer(split.training.count),
        ],
        "keyFrequencies": .array(keyFrequencies.map { .integer($0) }),
        "explainedByKey": .real(explained),
        "excludedOverTrain": .real(Self.ratio(measures.excludedLoss, measures.trainLoss)),
        "restrictedOverFull": .real(Self.ratio(measures.restrictedLoss, measures.fullLoss)),
        "phases": [
          "memorised": phases.memorised.map { .integer($0) } ?? .null,
          "formed": phases.formed.map { .integer($0) } ?? .null,
          "cleaned": phases.cleaned.map { .integer($0) } ?? .null,
        ],
        "rows": .array(
          rows.map { row in
            let m = row.measures
            return [
              "step": .integer(row.step), "trainLoss": .real(m.trainLoss),
              "testLoss": .real(m.testLoss),
              "fullLoss": .real(m.fullLoss), "restrictedLoss": .real(m.restrictedLoss),
              "excludedLoss": .real(m.excludedLoss),
              "embeddingGini": .real(m.embeddingGini), "readoutGini": .real(m.readoutGini),
              "squaredNorm": .real(m.squaredNorm),
            ]
          }),
      ])
  }

  func write(to folder: String) throws {
    try makeFolder(folder)
    var markers: [VerticalMarker] = []
    for (step, name) in [(phases.memorised, "memorised"), (phases.formed, "formed"), (phases.cleaned, "cleaned")] {
      if let step { markers.append(VerticalMarker(x: Double(step), label: "\(name): \(Number.grouped(step))")) }
    }
    func series(_ name: String, _ value: (ProgressMeasures) -> Double?) -> Series {
      let points = rows.compactMap { row in value(row.measures).map { Series.Point(x: Double(row.step), y: $0) } }
      return Series(name, points: points)
    }
    try LineChart(
      title: "Losses along training", x: Axis("step"), y: Axis("nats", scale: .logarithmic),
      series: [
        series("train") { $0.trainLoss }, series("test") { $0.testLoss }, series("restricted") { $0.restrictedLoss },
        series("excluded") { $0.excludedLoss },
      ], markers: markers
    ).write(to: "\(folder)/progress-losses")
    try LineChart(
      title: "Sparsity in frequencies along training", x: Axis("step"), y: Axis("Gini coefficient", range: 0...1),
      series: [series("embedding") { $0.embeddingGini }, series("units to logits") { $0.readoutGini }], markers: markers
    ).write(to: "\(folder)/progress-gini")
    try LineChart(
      title: "Weights along training", x: Axis("step"), y: Axis("sum of squared parameters"),
      series: [series("all parameters") { $0.squaredNorm }], markers: markers
    ).write(to: "\(folder)/progress-norm")
  }
}
