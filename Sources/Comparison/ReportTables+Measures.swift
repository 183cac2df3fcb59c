internal import Documents
internal import ExactArithmetic

extension ReportTables {
  /// Local learning coefficients: a table of their own, for they are no codes.
  var coefficients: String {
    let found = results.coefficients
    guard !found.isEmpty else { return "" }
    let rows = found.map { summary in
      [
        Self.cell(ReportPage.escaped(summary.task), "text"),
        Self.cell(ReportPage.escaped(summary.method.title), "text"),
        Self.cell(Numerals.grouped(summary.training)),
        Self.cell(summary.value), Self.cell(summary.halves),
        Self.cell(ReportPage.escaped(summary.sampler), "text"),
        Self.cell(ReportPage.escaped(summary.fault ?? ""), "text"),
      ]
    }
    return Self.table(
      "Local learning coefficient of the trained networks, λ̂ = nβ (E[L(w)] − L(w*)): an estimate of how degenerate the loss is there. It is no code and has no bits: nothing in the ledgers may be compared with it",
      [
        ("task", true), ("method", true), ("examples", false), ("λ̂ ± standard error", false),
        ("halves of the draws", false), ("sampler", true), ("no estimate because", true),
      ], rows)
  }

  /// What cells cost: time, counted work, the method's own bytes, the process's memory.
  var costs: String {
    let rows = results.costs.map { cost in
      [
        Self.cell(ReportPage.escaped(cost.task), "text"), Self.cell(ReportPage.escaped(cost.question), "text"),
        Self.cell(ReportPage.escaped(cost.method.title), "text"), Self.cell(Numerals.rounded(cost.cpuSeconds, 2)),
        Self.cell(ReportPage.escaped(cost.work), "text"),
        Self.cell(cost.bytes.map { Numerals.bytes($0) } ?? "–"),
        Self.cell(cost.processBytes.map { Numerals.bytes($0) } ?? "–"),
      ]
    }
    guard !rows.isEmpty else { return "" }
    return """
      <h2>Cost</h2>
      \(Self.table(
        "What each cell took: CPU seconds as medians over seeds, counted work that of the first seed; own storage is counted by the method and the same in every run, the process's resident peak was measured when the cell ended and holds all cells so far and those beside it",
        [
          ("task", true), ("question", true), ("method", true), ("CPU s", false), ("counted work", true),
          ("own storage at its greatest", false), ("process peak", false),
        ], rows))
      """
  }
}
