import Circuits
import Documents
import Learner
import Networks
import Tasks

/// The measures that tell clocks from pizzas, of one network or of each seed of a run, for people and as records.
struct ClockPizzaReport {
  private struct Row {
    let studied: StudiedNetwork
    let measures: ClockPizza
  }

  private let rows: [Row]

  /// - Parameter path: a network, or a folder that `levin learn` left: then each `seed-N` in it, in order of N.
  init(_ path: String, _ task: TaskData, _ study: StudyOptions) throws {
    let seeds = SeedFolder.seeds(in: path)
    let paths = seeds.isEmpty ? [path] : seeds.map { "\(path)/seed-\($0)" }
    rows = try paths.map {
      let studied = try StudiedNetwork($0, task, study)
      try Self.requireSums(studied, task)
      return Row(studied: studied, measures: try ClockPizza(studied.subject))
    }
  }

  /// Clocks and pizzas are ways of adding: the measures are of the logit of a + b.
  private static func requireSums(_ studied: StudiedNetwork, _ task: TaskData) throws(CircuitError) {
    let p = try studied.subject.pairModulus
    let sums: [Int32?] = (0..<p * p).map { Int32(($0 / p + $0 % p) % p) }
    guard studied.answers(of: task) == sums else {
      throw .notDefined(
        "clocks and pizzas are ways of computing a + b modulo \(p); the answers of '\(task.name)' are others")
    }
  }

  func text(json: Bool) -> String {
    if json { return rows.map { JSONWriter.line(Self.record($0)) }.joined() }
    if rows.count > 1 { return table }
    let (studied, measures) = (rows[0].studied, rows[0].measures)
    return """
      network    \(studied.name): \(studied.configuration.summary)
      gradient symmetricity  \(measures.gradientSymmetricity.map { "\(Self.shown($0)) ± \(Self.shown(measures.gradientError!))" } ?? "not defined: no logit depends on the arguments")
      distance irrelevance   \(measures.distanceIrrelevance.map(Self.shown) ?? Self.constant("the logit of a + b"))
        of the runner-up     \(measures.runnerUpIrrelevance.map(Self.shown) ?? Self.constant("the greatest wrong logit"))
      circularity            \(measures.circularity.map(Self.shown) ?? Self.constant("the embedding"))

      """
  }

  private static func constant(_ name: String) -> String { "not defined: \(name) does not vary but by rounding" }

  private var table: String {
    let columns: [(ClockPizza) -> Double?] = [
      \.gradientSymmetricity, \.distanceIrrelevance, \.runnerUpIrrelevance, \.circularity,
    ]
    func line(_ name: String, _ values: [Double?]) -> String {
      "| \(name) | \(values.map { $0.map(Self.shown) ?? "–" }.joined(separator: " | ")) |"
    }
    // Of all of them, or of none.
    func median(_ values: [Double?]) -> Double? {
      values.contains(nil) ? nil : LearningTable.median(values.compactMap(\.self))
    }
    var lines = [
      "| network | gradient symmetricity | distance irrelevance | of the runner-up | circularity |",
      "|---|--:|--:|--:|--:|",
    ]
    lines += rows.map { row in line(row.studied.shortName, columns.map { $0(row.measures) }) }
    lines.append(line("median", columns.map { column in median(rows.map { column($0.measures) }) }))
    return lines.map { $0 + "\n" }.joined()
  }

  private static func shown(_ value: Double) -> String { Number.rounded(value, 4) }

  private static func record(_ row: Row) -> JSONValue {
    let measures = row.measures
    return row.studied.record(
      "clock-pizza",
      [
        "settings": ["triples": .integer(ClockPizza.standardTriples), "seed": 0],
        "gradientSymmetricity": .real(measures.gradientSymmetricity),
        "gradientSymmetricityError": .real(measures.gradientError),
        "distanceIrrelevance": .real(measures.distanceIrrelevance),
        "runnerUpIrrelevance": .real(measures.runnerUpIrrelevance), "circularity": .real(measures.circularity),
      ])
  }
}
