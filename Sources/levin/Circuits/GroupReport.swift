import Circuits
import Documents
import Figures
import Grammars
import Learner
import Networks
import Tasks

/// A reading through the representations of a group, for people, as a record and as a figure.
struct GroupReport {
  private let studied: StudiedNetwork
  private let reading: GroupReading
  private let formula: String

  /// Products of residues, and not permutations.
  private let isMultiplicative: Bool

  /// - Parameter multiplicative: whether residues but 0 are read under multiplication; else all answers as they are.
  init(_ studied: StudiedNetwork, _ task: TaskData, multiplicative: Bool, hidden: Site?, share: Double) throws {
    self.studied = studied
    isMultiplicative = multiplicative
    let inputs = studied.subject.inputs
    reading = try GroupReading(
      studied.subject, answers: studied.answers(of: task).map { $0 ?? -1 },
      group: multiplicative ? inputs.multiplicativeGroup : nil, hidden: hidden, share: share)
    formula = TaskFamily.all.first { $0.name == task.name }?.formula ?? "f(a, b)"
  }

  /// Whether the network answers in permutations, and is read by representations.
  static func reads(_ studied: StudiedNetwork) -> Bool {
    studied.subject.inputs.answers.keys.allSatisfy { if case .permutation = $0.sort { true } else { false } }
  }

  private var names: [String] { reading.basis.blocks.map(\.name) }
  private func names(_ blocks: [Int]) -> String { blocks.map { names[$0 - 1] }.joined(separator: " ") }

  /// Units of which a block's entries explain at least 85 % of the variance.
  private func units(_ block: Int) -> [GroupReading.Unit] {
    reading.units.filter { $0.block == block && $0.share >= 0.85 }
  }

  var text: String {
    let (key, logits) = (reading.key, reading.logits)
    let all = Array(1...reading.basis.blocks.count)
    let live = reading.units.filter { $0.block > 0 }.count
    let clustered = all.reduce(0) { $0 + units($1).count }
    var lines = [
      "network    \(studied.name): \(studied.configuration.summary)",
      "inputs     all \(Number.grouped(reading.basis.count * reading.basis.count)) pairs of \(reading.basis.count) \(isMultiplicative ? "residues but 0" : "permutations"); \(FourierReport.percent(reading.right)) answered with \(formula)",
      key.isEmpty
        ? "key        no \(noun): the logits hold nothing of f c^-1"
        : "key        \(isMultiplicative ? "characters" : "representations") \(names(key)) (the fewest that hold \(FourierReport.percent(reading.share)) of what all hold of the logits)",
      "logits     \(isMultiplicative ? "cosines of the logarithm" : "characters") of f c^-1, f the right answer, in these \(key.count) explain \(FourierReport.percent(logits.share(key))) of the variance, in all \(FourierReport.percent(logits.share(all)))",
      "units      \(reading.hiddenSite): \(clustered) of \(reading.units.count) work in one \(noun) (at least 85 % of their variance), \(reading.units.count - live) never vary",
      "",
      Self.row(
        [noun, "dimension", "character", "labels"] + reading.embeddings.map(\.name) + [
          "units", "of the answer",
        ]),
    ]
    for block in all where isShown(block) {
      lines.append(
        Self.row(
          [names[block - 1], "\(dimension(block))", FourierReport.percent(logits.share(block))]
            + [FourierReport.percent(reading.labels.share(block))]
            + reading.embeddings.map { FourierReport.percent($0.spectrum.share(block)) }
            + ["\(units(block).count)", FourierReport.percent(reading.hiddenOfAnswer.share(block))]))
    }
    let hidden = all.filter { !isShown($0) }.count
    if hidden > 0 { lines.append("\(hidden) more have less than 1 % of everything, and no unit") }
    lines += [
      "character: of f c^-1 in the logits; labels: functions of the label c in the logits, whatever the input, together 100 %",
      "of the answer: functions of the right answer in the \(noun), of the variance of all units",
    ]
    return (studied.notes.map { "note       \($0)" } + lines).map { $0 + "\n" }.joined()
  }

  private var noun: String { isMultiplicative ? "character" : "representation" }

  /// Whether a line of the table is worth it; all seven of S5 are.
  private func isShown(_ block: Int) -> Bool {
    !isMultiplicative || !units(block).isEmpty || reading.logits.share(block) >= 0.01
      || reading.labels.share(block) >= 0.01 || reading.embeddings.contains { $0.spectrum.share(block) >= 0.01 }
  }

  /// Of the representation; 1 for a character, whose cosine and sine are one block.
  private func dimension(_ block: Int) -> Int {
    if isMultiplicative { return 1 }
    let count = reading.basis.blocks[block - 1].rows.count
    return (1...count).first { $0 * $0 >= count }!
  }

  private static func row(_ cells: [String]) -> String {
    cells.map { String(repeating: " ", count: max(15 - $0.count, 1)) + $0 }.joined()
  }

  var record: JSONValue {
    let all = Array(1...reading.basis.blocks.count)
    return studied.record(
      "circuits",
      [
        "accuracy": .real(reading.accuracy),
        "keyRepresentations": .array(reading.key.map { .string(names[$0 - 1]) }), "keyShare": .real(reading.share),
        "logits": [
          "explainedByKey": .real(reading.logits.share(reading.key)),
          "explainedByAll": .real(reading.logits.share(all)),
          "labelsByKey": .real(reading.labels.share(reading.key)),
        ],
        "representations": .array(
          all.map { block in
            [
              "name": .string(names[block - 1]), "dimension": .integer(dimension(block)),
              "logits": .real(reading.logits.share(block)), "labels": .real(reading.labels.share(block)),
              "embeddings": .object(
                Dictionary(
                  uniqueKeysWithValues: reading.embeddings.map { ($0.name, .real($0.spectrum.share(block))) })),
              "units": .integer(units(block).count), "ofAnswer": .real(reading.hiddenOfAnswer.share(block)),
            ]
          }),
        "units": .integer(reading.units.count),
        "unitsInOneRepresentation": .integer(all.reduce(0) { $0 + units($1).count }),
      ])
  }

  /// The spectrum by representation, and the table of units.
  func draw(into folder: String) throws {
    try makeFolder(folder)
    let all = Array(1...reading.basis.blocks.count).filter(isShown)
    let series =
      reading.embeddings.map { embedding in
        BarChart.Series(embedding.name, all.map { embedding.spectrum.share($0) })
      } + [
        BarChart.Series("units, functions of the answer", all.map { reading.hiddenOfAnswer.share($0) }),
        BarChart.Series("logits, functions of the label", all.map { reading.labels.share($0) }),
        BarChart.Series("logits, characters of f c^-1", all.map { reading.logits.share($0) }),
      ]
    try BarChart(
      title: "Shares of variance by \(noun)",
      categoryLabel: isMultiplicative ? "character of the multiplicative group" : "irreducible representation",
      categories: all.map { names[$0 - 1] },
      y: Axis("share", format: .percent), series: series, width: 760
    ).write(to: "\(folder)/representations")
    let table = Table(
      columns: ["unit", "representation", "share", "of the answer", "variance"],
      rows: reading.units.map {
        ["\($0.unit)", $0.block > 0 ? names[$0.block - 1] : "", "\($0.share)", "\($0.ofAnswer)", "\($0.variance)"]
      })
    try replaceFile("\(folder)/units.csv", with: table.csv)
  }
}
