import Circuits
import Documents
import Figures
import Networks
import Tasks

/// Ablations of every site of a network, and of its key frequencies, over all inputs of a task.
struct AblationTable {
  private let studied: StudiedNetwork
  private let ablations: [Ablation]

  /// - Parameter share: what key frequencies hold of the part of the logits that functions of the right answer explain.
  init(_ studied: StudiedNetwork, _ task: TaskData, share: Double) throws {
    self.studied = studied
    let runner = Runner(studied.subject)
    let answers = studied.answers(of: task)
    let targets = answers.map { $0 ?? Batch.ignored }
    let key = try Self.key(runner, answers, share)
    var found: [Ablation] = []
    for name in runner.siteNames where name != "logits" {
      let site = Site(name)
      var parts = [Ablation.Part.whole]
      if let frequencies = try? Ablation.frequencies(key, at: site, runner) { parts += frequencies }
      found += try Ablation.all(parts, at: site, runner, targets: targets)
    }
    ablations = found
  }

  /// The key frequencies, or representations, as numbers of the answers' blocks; none where the answers are no group.
  private static func key(_ runner: Runner, _ answers: [Int32?], _ share: Double) throws -> [Int] {
    guard let basis = try? runner.subject.inputs.answerBasis else { return [] }
    let logits = try runner.run(Array(answers.indices)).logits.matrix.firstColumns(basis.count)
    return basis.shares(of: logits, answers: answers).keyFrequencies(holding: share)
  }

  /// One row for each site and part, its kinds side by side.
  private var rows: [[Ablation]] {
    stride(from: 0, to: ablations.count, by: Ablation.Kind.allCases.count).map {
      Array(ablations[$0..<$0 + Ablation.Kind.allCases.count])
    }
  }

  var text: String {
    let kinds = Ablation.Kind.allCases
    var cells = [["site", "part"] + kinds.flatMap { ["\($0.rawValue): loss", "right"] }]
    for row in rows {
      cells.append(
        [row[0].site.description, row[0].part.name]
          + row.flatMap { [Number.rounded($0.loss, 4), FourierReport.percent($0.right.share)] })
    }
    let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max()! }
    let lines = cells.map { row in
      row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return column < 2 ? cell + space : space + cell
      }.joined(separator: "  ")
    }
    return "network    \(studied.name), over all inputs; losses in nats\n\n" + lines.map { $0 + "\n" }.joined()
  }

  private var table: Table {
    Table(
      columns: ["site", "part", "kind", "loss", "right", "count"],
      rows: ablations.map {
        [
          $0.site.description, $0.part.name, $0.kind.rawValue, "\($0.loss)", "\($0.right.successes)",
          "\($0.right.count)",
        ]
      })
  }

  func write(to folder: String) throws {
    try makeFolder(folder)
    try replaceFile("\(folder)/ablations.csv", with: table.csv)
  }

  var record: JSONValue {
    [
      "type": "ablations", "version": .string(Levin.version), "name": .string(studied.shortName),
      "network": studied.configuration.json,
      "ablations": .array(
        ablations.map {
          [
            "site": .string($0.site.description), "part": .string($0.part.name), "kind": .string($0.kind.rawValue),
            "loss": .real($0.loss), "right": $0.right.record,
          ]
        }),
    ]
  }
}
