internal import Documents
internal import ExactArithmetic

/// The tables of the report.
struct ReportTables {
  let results: ComparisonResults
  let findings: Findings

  init(_ results: ComparisonResults) {
    self.results = results
    findings = Findings(results)
  }

  static func cell(_ text: String, _ kind: String = "") -> String {
    "<td\(kind.isEmpty ? "" : " class=\"\(kind)\"")>\(text)</td>"
  }

  static func table(_ caption: String, _ heads: [(text: String, isText: Bool)], _ rows: [[String]]) -> String {
    """
    <div class="scroll"><table><caption>\(ReportPage.escaped(caption))</caption>
    <thead><tr>\(heads.map { "<th\($0.isText ? " class=\"text\"" : "")>\(ReportPage.escaped($0.text))</th>" }.joined())</tr></thead>
    <tbody>
    \(rows.map { "<tr>\($0.joined())</tr>" }.joined(separator: "\n"))
    </tbody></table></div>
    """
  }

  /// The first table: methods in rows for one or two tasks, in columns for more.
  var summary: String {
    let functions = results.tasks.filter { task in
      results.methods.contains { method in results.fractions.contains { results.learning(task, method, $0) != nil } }
    }
    var parts: [String] = []
    if let share = results.referenceShare, !functions.isEmpty {
      parts.append(
        functions.count <= 2 ? functions.map { byMethod($0, share) }.joined(separator: "\n") : matrix(functions, share))
    }
    let sequences = results.tasks.filter { task in
      results.methods.contains { !results.cells(task, $0.name, .learn(nil)).isEmpty }
    }
    if !sequences.isEmpty { parts.append(longest(sequences)) }
    return parts.joined(separator: "\n")
  }

  private func byMethod(_ task: String, _ share: Rational) -> String {
    let best = findings.best(task, share)
    let codes = results.codes(task)
    var training = 0
    let rows = results.methods.compactMap { method -> [String]? in
      guard let summary = results.learning(task, method, share) else { return nil }
      training = summary.training
      let own = codes.filter { $0.method.name == method.name }.min { $0.bits < $1.bits }
      let isBest = best.contains(method.name)
      let isShortest = own?.isShortest(among: codes) == true
      return [
        Self.cell(ReportPage.escaped(method.title), "text"),
        Self.cell("\(Numerals.count(summary.right)) of \(Numerals.grouped(summary.unseen))"),
        Self.cell(Numerals.percent(summary.accuracy) + (isBest ? " ★" : ""), isBest ? "best" : ""),
        Self.cell(own.map { Numerals.bits($0.bits) + (isShortest ? " ★" : "") } ?? "–", isShortest ? "best" : ""),
        Self.cell(Numerals.rounded(summary.cpuSeconds, 2)),
        Self.cell(ReportPage.escaped(summary.middle.workText), "text"),
        Self.cell(ReportPage.escaped(summary.middle.hypothesisText), "text"),
      ]
    }
    let formula = results.data(task)?["formula"]?.string.map { ", \($0)" } ?? ""
    return Self.table(
      "\(task)\(formula): learning from \(Numerals.grouped(training)) examples",
      [
        ("method", true), ("unseen right", false), ("accuracy", false), ("bits for all labels", false),
        ("CPU s", false),
        ("counted work", true), ("hypothesis", true),
      ], rows)
  }

  private func matrix(_ tasks: [String], _ share: Rational) -> String {
    let methods = results.methods.filter { method in tasks.contains { results.learning($0, method, share) != nil } }
    let rows = tasks.map { task -> [String] in
      let best = findings.best(task, share)
      let training = methods.compactMap { results.learning(task, $0, share)?.training }.first
      return [Self.cell(ReportPage.escaped(task), "text"), Self.cell(training.map { Numerals.grouped($0) } ?? "–")]
        + methods.map { method in
          guard let summary = results.learning(task, method, share) else { return Self.cell("–") }
          let isBest = best.contains(method.name)
          return Self.cell(
            Numerals.percent(summary.accuracy) + (isBest ? " ★" : "")
              + (method.kind == .baseline ? "" : "<br><small>\(Numerals.seconds(summary.cpuSeconds))</small>"),
            isBest ? "best" : "")
        }
    }
    return Self.table(
      "Unseen inputs answered rightly, learning from \(Numerals.share(share)) of the examples; below: CPU time",
      [("task", true), ("examples", false)] + methods.map { ($0.title, false) }, rows)
  }

  /// Accuracy on the longest inputs of tasks on sequences.
  private func longest(_ tasks: [String]) -> String {
    let methods = results.methods.filter { method in tasks.contains { findings.longAccuracy($0, method) != nil } }
    let rows = tasks.map { task -> [String] in
      let found = methods.map { findings.longAccuracy(task, $0) }
      let greatest = found.compactMap { $0 }.max()
      return [Self.cell(ReportPage.escaped(task), "text")]
        + found.map { score in
          guard let score else { return Self.cell("–") }
          let isBest = score == greatest
          return Self.cell(Numerals.percent(score) + (isBest ? " ★" : ""), isBest ? "best" : "")
        }
    }
    return Self.table(
      "Symbols right on inputs longer than any training input, mean over the lengths tried",
      [("task", true)] + methods.map { ($0.title, false) }, rows)
  }

  /// Training examples needed for 99 %.
  var efficiency: String {
    guard results.fractions.count > 1 else { return "" }
    let methods = results.methods.filter { method in
      results.tasks.contains { task in results.fractions.contains { results.learning(task, method, $0) != nil } }
    }
    let rows = results.tasks.compactMap { task -> [String]? in
      let needed = methods.map { findings.examplesNeeded(task, $0) }
      guard needed.contains(where: { $0 != nil }) else { return nil }
      let least = needed.compactMap { $0 }.min()
      return [Self.cell(ReportPage.escaped(task), "text")]
        + needed.map { count in
          let isBest = count != nil && count == least
          return Self.cell(count.map { Numerals.grouped($0) + (isBest ? " ★" : "") } ?? "–", isBest ? "best" : "")
        }
    }
    guard !rows.isEmpty else { return "" }
    let shares = results.fractions.sorted().map { Numerals.share($0) }
    return Self.table(
      "Smallest number of training examples that gives 99 % of the unseen inputs (shares tried: \(shares.joined(separator: ", ")))",
      [("task", true)] + methods.map { ($0.title, false) }, rows)
  }

  /// The bits of every code, task by task.
  var ledgers: String {
    results.tasks.compactMap { task -> String? in
      let codes = results.codes(task)
      guard !codes.isEmpty else { return nil }
      let rows = codes.map { code -> [String] in
        let isBest = code.isShortest(among: codes)
        return [
          Self.cell(ReportPage.escaped(code.name), "text"), Self.cell(ReportPage.escaped(code.method.title), "text"),
          Self.cell(Numerals.bits(code.bits) + (isBest ? " ★" : ""), isBest ? "best" : ""),
          Self.cell(code.labels > 0 ? Numerals.rounded(code.bits / Double(code.labels), 4) : "–"),
          Self.cell(
            ReportPage.escaped(code.parts.map { "\($0.name) \(Numerals.bits($0.bits))" }.joined(separator: " + ")),
            "text"),
          Self.cell(Numerals.rounded(code.cpuSeconds, 2)),
        ]
      }
      return Self.table(
        codes[0].sequences == nil ? "Bits for all labels of \(task)" : "Bits for \(codes[0].labelsText) of \(task)",
        [
          ("code", true), ("method", true), ("bits", false), ("per label", false), ("parts", true), ("CPU s", false),
        ], rows)
    }.joined(separator: "\n")
  }

  var failures: String {
    let failed = results.entries.filter(\.isFailure)
    guard !failed.isEmpty else { return "" }
    let rows = failed.map { entry in
      [
        Self.cell(ReportPage.escaped(entry.cell), "text"),
        Self.cell(ReportPage.escaped(entry.record["failure"]?.string ?? ""), "text"),
      ]
    }
    return "<h2>Failed cells</h2>\n" + Self.table("Cells without an outcome", [("cell", true), ("reason", true)], rows)
  }
}
