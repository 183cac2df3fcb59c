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
    return Columns([head] + rows, right: Set(1...methods.count + 1)).text
  }

  /// The fewest training examples that give 99 %, a line for each task.
  private var needed: String {
    guard results.fractions.count > 1 else { return "" }
    let methods = results.methods.filter { method in
      results.tasks.contains { findings.examplesNeeded($0, method) != nil }
    }
    if methods.isEmpty { return "" }
    let rows = results.tasks.compactMap { task -> [String]? in
      let needed = methods.map { findings.examplesNeeded(task, $0) }
      return needed.contains { $0 != nil } ? [task] + needed.map { $0.map { Numerals.grouped($0) } ?? "–" } : nil
    }
    return Columns([["examples for 99 %"] + methods.map(\.title)] + rows, right: Set(1...methods.count)).text
  }

  /// Symbols right on inputs beyond the training lengths, a line for each task.
  private var longInputs: String {
    let methods = results.methods.filter { method in
      results.tasks.contains { findings.longAccuracy($0, method) != nil }
    }
    if methods.isEmpty { return "" }
    let rows = results.tasks.compactMap { task -> [String]? in
      let found = methods.map { findings.longAccuracy(task, $0) }
      return found.contains { $0 != nil } ? [task] + found.map { $0.map { Numerals.percent($0) } ?? "–" } : nil
    }
    return Columns(
      [["symbols right on longer inputs"] + methods.map(\.title)] + rows, right: Set(1...methods.count)
    ).text
  }

  private func learning(_ task: String) -> String {
    var text = ""
    for share in results.fractions {
      let found = results.methods.compactMap { method in
        results.learning(task, method, share).map { (method: method, summary: $0) }
      }
      guard let first = found.first else {
        text += (text.isEmpty ? "" : "\n") + whole(task, share)
        continue
      }
      let formula = results.data(task)?["formula"]?.string.map { ": \($0)" } ?? ""
      text +=
        (text.isEmpty ? "" : "\n")
        + "\(task)\(formula), \(Numerals.counted(first.summary.training, "example")) to learn from\n"
      let best = findings.best(task, share)
      var rows = [["", "unseen right", "share", "", "CPU s", "work", "hypothesis"]]
      for (method, summary) in found {
        rows.append([
          method.title, "\(Numerals.count(summary.right)) of \(Numerals.grouped(summary.unseen))",
          Numerals.percent(summary.accuracy), best.contains(method.name) ? "*" : "",
          Numerals.rounded(summary.cpuSeconds, 2), summary.middle.workText, summary.middle.hypothesisText,
        ])
      }
      text += Columns(rows, right: [1, 2, 4]).text
    }
    return text
  }

  /// What methods made of all examples, behind which none is unseen.
  private func whole(_ task: String, _ share: Rational) -> String {
    let rows = results.methods.compactMap { method -> [String]? in
      guard let entry = results.cells(task, method.name, .learn(share)).first else { return nil }
      return [
        method.title, Numerals.rounded(entry.times["cpuSeconds"]?.double ?? 0, 2), entry.workText, entry.hypothesisText,
      ]
    }
    if rows.isEmpty { return "" }
    return "\(task), all examples to learn from: none is unseen\n"
      + Columns([["", "CPU s", "work", "hypothesis"]] + rows, right: [1]).text
  }

  private func ledger(_ task: String) -> String {
    let codes = results.codes(task)
    guard let first = codes.first else { return "" }
    let rows = codes.map { code in
      [
        code.title, Numerals.bits(code.bits), code.isShortest(among: codes) ? "*" : "",
        code.parts.map { "\($0.name) \(Numerals.bits($0.bits))" }.joined(separator: " + "),
      ]
    }
    // Behind other tasks without a table of what was learned nothing else names it.
    let name = learning(task).isEmpty ? "\(task)\n" : ""
    return name + Columns([["bits for \(first.labelsText)", "", "", ""]] + rows, right: [1]).text
  }

  /// Local learning coefficients, apart from all codes.
  private var coefficients: String {
    let found = results.coefficients
    if found.isEmpty { return "" }
    let rows = found.map {
      [$0.task, $0.method.title, Numerals.grouped($0.training), $0.fault ?? $0.value, $0.halves, $0.sampler]
    }
    return Columns(
      [["learning coefficient (no code, no bits)", "", "examples", "λ̂", "halves of the draws", "sampler"]] + rows,
      right: [2]
    ).text
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
    return Columns(
      [["\(task), symbols right at length"] + shown.map(String.init)] + rows, right: Set(1...max(1, shown.count))
    ).text
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
        found.reading?.value.map { "\(Numerals.rounded(100 * $0.explained, 1)) %" } ?? "–",
        found.program.value.map { Numerals.bits($0.bits) } ?? "–",
        found.extraction?.value.map { Numerals.bits($0.bits) } ?? "–", Numerals.bits(found.tableBits),
        found.reasons.joined(separator: "; "),
      ]
    }
    return Columns(
      [
        [
          "does the network compute the program?", "program", "A", "IIA", "null", "k/d", "explained", "bits",
          "extracted", "table", "",
        ]
      ] + rows, right: Set(2...9)
    ).text
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
