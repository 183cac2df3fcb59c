import Circuits
import Documents
import Figures
import Networks
import Tasks

/// Ablations of a network over all inputs of a task: of activations at each position and at all together, and of frequencies.
struct AblationTable {
  /// What is taken away.
  struct Choice {
    /// Sites as people write them; empty for all.
    var sites: [String] = []
    /// Names of frequencies, or representations, of the answers; empty for the key ones.
    var frequencies: [String] = []
    /// What key frequencies hold of the part of the logits that functions of the right answer explain.
    var share: Double
  }

  private let studied: StudiedNetwork
  private let choice: Choice
  /// With nothing taken away.
  private let untouched: BatchLoss
  private let ablations: [Ablation]

  init(_ studied: StudiedNetwork, _ task: TaskData, _ choice: Choice) throws {
    (self.studied, self.choice) = (studied, choice)
    let runner = Runner(studied.subject)
    let answers = studied.answers(of: task)
    let targets = answers.map { $0 ?? Batch.ignored }
    untouched = try runner.run(Array(answers.indices), targets: targets).loss
    let frequencies =
      try choice.frequencies.isEmpty
      ? Self.key(runner, answers, choice.share) : Self.frequencies(choice.frequencies, runner)
    let line = LiveLine()
    defer { line.clear() }
    var found: [Ablation] = []
    var read: Set<String> = []
    let wholes = try Self.wholes(choice.sites, runner)
    for (number, (site, part)) in wholes.enumerated() {
      line.show { "circuits \(studied.shortName): \(site), \(part.name), \(number + 1) of \(wholes.count)" }
      found += try Ablation.all([part], at: site, runner, targets: targets)
      guard case .whole = part, !frequencies.isEmpty else { continue }
      do throws(CircuitError) {
        let parts = try Ablation.frequencies(frequencies, at: site, runner)
        found += try Ablation.all(parts, at: site, runner, targets: targets)
        read.insert(site.name)
      } catch {
        // Not every position has directions that a frequency reads.
        switch error {
        case .notLinear, .rankDeficient: continue
        default: throw error
        }
      }
    }
    if !choice.frequencies.isEmpty {
      // What is asked for at a site must be there.
      let missing = try choice.sites.first { text in !read.contains(try Site(text: text).name) }
      if let missing { throw CircuitError.notLinear(missing) }
      guard !read.isEmpty else { throw CircuitError.notLinear("every activation") }
    }
    ablations = found
  }

  /// Sites with what is taken away whole there: those asked for, or every activation but the logits once, also where it has two
  /// names.
  private static func wholes(
    _ asked: [String], _ runner: Runner
  ) throws(CircuitError) -> [(site: Site, part: Ablation.Part)] {
    var found: [(site: Site, part: Ablation.Part)] = []
    for text in asked {
      let site = try Site(text: text)
      guard let position = site.position else {
        found += try Ablation.wholes(named: site.name, runner)
        continue
      }
      let sites = try runner.sites(named: site.name)
      guard sites.indices.contains(position) else {
        throw .noPosition(site.name, position: position, positions: sites.count)
      }
      found.append((site: sites[position], part: .whole))
    }
    guard asked.isEmpty else { return unrepeated(found) }
    var all: [Site] = []
    for name in runner.siteNames where name != "logits" { all += try runner.sites(named: name) }
    let distinct = Set(try runner.distinct(all))
    for name in runner.siteNames where name != "logits" {
      guard let first = try runner.sites(named: name).first, distinct.contains(first) else { continue }
      found += try Ablation.wholes(named: name, runner)
    }
    return found
  }

  /// Each place once, at its first mention.
  private static func unrepeated(
    _ places: [(site: Site, part: Ablation.Part)]
  ) -> [(site: Site, part: Ablation.Part)] {
    var kept: [(site: Site, part: Ablation.Part)] = []
    for place in places where !kept.contains(where: { $0.site == place.site && $0.part == place.part }) {
      kept.append(place)
    }
    return kept
  }

  /// The key frequencies, or representations, as numbers of the answers' blocks; none where the answers are no group.
  private static func key(_ runner: Runner, _ answers: [Int32?], _ share: Double) throws -> [Int] {
    guard let basis = try? runner.subject.inputs.answerBasis else { return [] }
    let logits = try runner.run(Array(answers.indices)).logits.matrix.firstColumns(basis.count)
    return basis.shares(of: logits, answers: answers).keyFrequencies(holding: share)
  }

  /// The numbers of the answers' blocks with these names.
  private static func frequencies(_ names: [String], _ runner: Runner) throws(CircuitError) -> [Int] {
    let known = try runner.subject.inputs.answerBasis.blocks.map(\.name)
    var numbers: [Int] = []
    for name in names {
      guard let place = known.firstIndex(of: name) else {
        throw .notDefined("'\(name)' is no frequency of the answers; they have \(known.joined(separator: ", "))")
      }
      if !numbers.contains(place + 1) { numbers.append(place + 1) }
    }
    return numbers
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
          + row.flatMap { [Number.rounded($0.loss, 4), FourierReport.percent($0.right)] })
    }
    let right = Proportion(untouched.correct, of: untouched.counted)
    let head = [
      "network    \(studied.name), over all inputs; losses in nats; NAME@N is position N of an input, from 0",
      "untouched  loss \(Number.rounded(untouched.mean, 4)), \(FourierReport.percent(right)) right",
      "",
    ]
    return head.map { $0 + "\n" }.joined() + Columns(cells, right: Set(2..<cells[0].count)).text
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
    studied.record(
      "ablations",
      [
        "settings": [
          "sites": .array(choice.sites.map { .string($0) }),
          "frequencies": .array(choice.frequencies.map { .string($0) }), "keyShare": .real(choice.share), "seed": 0,
        ],
        "untouched": [
          "loss": .real(untouched.mean), "right": Proportion(untouched.correct, of: untouched.counted).record,
        ],
        "ablations": .array(
          ablations.map {
            [
              "site": .string($0.site.description), "part": .string($0.part.name), "kind": .string($0.kind.rawValue),
              "loss": .real($0.loss), "right": $0.right.record,
            ]
          }),
      ])
  }
}
