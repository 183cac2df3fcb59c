import Comparison
import Documents
import ExactArithmetic

/// A comparison for people: per task the methods beside each other, the ledger, and the sentences that they support.
struct ComparisonText {
  private let results: ComparisonResults
  private let findings: Findings

  init(_ results: ComparisonResults) {
    self.results = results
    findings = Findings(results)
  }

  var text: String {
    let isLong = results.tasks.count > Self.mostTasksInDetail
    var blocks =
      isLong
      ? [overview, needed, longInputs]
      : results.tasks.flatMap { task in [learning(task), ledger(task), lengths(task)] }
    blocks.append(circuits)
    blocks.append(coefficients)
    blocks.removeAll { $0.isEmpty }
    let sentences = findings.sentences
    if !sentences.isEmpty { blocks.append(sentences.map { Self.wrapped($0) }.joined(separator: "\n") + "\n") }
    return blocks.joined(separator: "\n") + "\n"
  }

  /// Beyond so many tasks there is one line for each.
  private static let mostTasksInDetail = 4

  /// Accuracies at one share, a line for each task.
  private var overview: String {
    guard let share = results.referenceShare else { return "" }
    let methods = results.methods.filter { method in
      results.tasks.contains { results.learning($0, method, share) != nil }
    }
    let rows = results.tasks.compactMap { task -> [String]? in
      let found = methods.map { results.learning(task, $0, share) }
      guard let training = found.compactMap({ $0?.training }).first else { return nil }
      let best = findings.best(task, share)
      return [task, Numerals.grouped(training)]
        + zip(methods, found).map { method, summary in
          summary.map { Numerals.percent($0.accuracy) + (best.contains(method.name) ? " *" : "  ") } ?? "–  "
        }
    }
    if rows.isEmpty { return "" }
    let head = ["unseen inputs right", "examples"] + methods.map { $0.title + "  " }
    return Self.aligned([head] + rows, right: Array(1...methods.count + 1))
  }

  /// The fewest training examples that give 99 %, a line for each task.
  private var needed: String {
    guard results.fractions.count > 1 else { return "" }
    let methods = results.methods.filter { method in
      results.tasks.contains { findings.examplesNeeded($0, method) != nil }
    }
    if methods.isEmpty { return "" }
    let rows = results.tasks.map { task in
      [task] + methods.map { findings.examplesNeeded(task, $0).map { Numerals.grouped($0) } ?? "–" }
    }
    return Self.aligned([["examples for 99 %"] + methods.map(\.title)] + rows, right: Array(1...methods.count))
  }

  /// Symbols right on inputs beyond the training lengths, a line for each task.
  private var longInputs: String {
    let methods = results.methods.filter { method in
      results.tasks.contains { findings.longAccuracy($0, method) != nil }
    }
    if methods.isEmpty { return "" }
    let rows = results.tasks.map { task in
      [task] + methods.map { findings.longAccuracy(task, $0).map { Numerals.percent($0) } ?? "–" }
    }
    return Self.aligned(
      [["symbols right on longer inputs"] + methods.map(\.title)] + rows, right: Array(1...methods.count))
  }

  private func learning(_ task: String) -> String {
    var text = ""
    for share in results.fractions {
      let found = results.methods.compactMap { method in
        results.learning(task, method, share).map { (method: method, summary: $0) }
      }
      guard let first = found.first else { continue }
      let formula = results.data(task)?["formula"]?.string.map { ": \($0)" } ?? ""
      text +=
        (text.isEmpty ? "" : "\n")
        + "\(task)\(formula), \(Numerals.grouped(first.summary.training)) examples to learn from\n"
      let best = findings.best(task, share)
      var rows = [["", "unseen right", "share", "", "CPU s", "work", "hypothesis"]]
      for (method, summary) in found {
        rows.append([
          method.title, "\(Numerals.count(summary.right)) of \(Numerals.grouped(summary.unseen))",
          Numerals.percent(summary.accuracy), best.contains(method.name) ? "*" : "",
          Numerals.rounded(summary.cpuSeconds, 2), summary.first.workText, summary.first.hypothesisText,
        ])
      }
      text += Self.aligned(rows, right: [1, 2, 4])
    }
    return text
  }

  private func ledger(_ task: String) -> String {
    let codes = results.codes(task)
    guard let labels = codes.first?.labels else { return "" }
    let rows = codes.map { code in
      [
        code.title, Numerals.bits(code.bits), code.isShortest(among: codes) ? "*" : "",
        code.parts.map { "\($0.name) \(Numerals.bits($0.bits))" }.joined(separator: " + "),
      ]
    }
    let count = labels > 0 ? "all \(Numerals.grouped(labels)) labels" : "all labels"
    return Self.aligned([["bits for \(count)", "", "", ""]] + rows, right: [1])
  }

  /// Local learning coefficients, apart from all codes.
  private var coefficients: String {
    let found = results.coefficients
    if found.isEmpty { return "" }
    let rows = found.map {
      [$0.task, $0.method.title, Numerals.grouped($0.training), $0.fault ?? $0.value, $0.halves, $0.sampler]
    }
    return Self.aligned(
      [["learning coefficient (no code, no bits)", "", "examples", "λ̂", "halves of the draws", "sampler"]] + rows,
      right: [2])
  }

  /// Accuracy of tasks on sequences at some lengths.
  private func lengths(_ task: String) -> String {
    let found = results.methods.compactMap { method -> (String, [(Int, Rational)])? in
      guard let entry = results.cells(task, method.name, .learn(nil)).first else { return nil }
      let points = (entry.record["accuracyByLength"]?.array ?? []).compactMap { point in
        point["length"]?.integer(as: Int.self).flatMap { length in
          point["accuracy"]?.string.flatMap { Rational($0) }.map { (length, $0) }
        }
      }
      return points.isEmpty ? nil : (method.title, points)
    }
    guard let first = found.first else { return "" }
    let shown = first.1.map(\.0).filter { [10, 40, 50, 100, 200, 500].contains($0) }
    let rows = found.map { title, points in
      [title] + shown.map { length in points.first { $0.0 == length }.map { Numerals.percent($0.1) } ?? "–" }
    }
    return Self.aligned(
      [["\(task), symbols right at length"] + shown.map(String.init)] + rows, right: Array(1...max(1, shown.count)))
  }

  /// Networks beside the programs of their splits, where they were examined.
  private var circuits: String {
    let cells = results.examined
    if cells.isEmpty { return "" }
    let rows = cells.map { cell -> [String] in
      let found = cell.examination
      let score = found.agreement.value?.interchange.value
      return [
        "\(cell.task), \(cell.name)", found.program.value?.text ?? "–",
        score.map { Numerals.rounded($0.score, 4) } ?? "–", score.map { Numerals.rounded($0.accuracy, 4) } ?? "–",
        score.map { Numerals.rounded($0.null, 4) } ?? "–", score.map { "\($0.dimensions)/\($0.width)" } ?? "–",
        found.reading.value.map { "\(Numerals.rounded(100 * $0.explained, 1)) %" } ?? "–",
        found.program.value.map { Numerals.bits($0.bits) } ?? "–",
        found.extraction.value.map { Numerals.bits($0.bits) } ?? "–", Numerals.bits(found.tableBits),
        found.reasons.joined(separator: "; "),
      ]
    }
    return Self.aligned(
      [
        [
          "does the network compute the program?", "program", "A", "IIA", "null", "k/d", "explained", "bits",
          "extracted", "table", "",
        ]
      ] + rows, right: Array(2...9))
  }

  private static func aligned(_ rows: [[String]], right: [Int]) -> String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        line += (column == 0 ? "" : "  ") + (right.contains(column) ? space + cell : cell + space)
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }

  /// Words in lines of at most 120 characters.
  static func wrapped(_ text: String) -> String {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= 120 {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines.joined(separator: "\n")
  }
}
