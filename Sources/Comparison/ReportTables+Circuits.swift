internal import ExactArithmetic

extension ReportTables {
  /// Whether the networks compute what the programs compute; empty when nothing was examined.
  var circuits: String {
    let cells = results.examined
    guard !cells.isEmpty else { return "" }
    return """
      <h2>Does the network compute what the program computes?</h2>
      \(Self.agreements(cells))
      <p class="note">Program: the one that the search finds on the same training examples. Alike: inputs of the whole domain (on sequences of
      up to 4,000 of one length) on which both answer alike; below 99 % nothing else is measured. IIA: how often the network with a part of an activation from another input answers as
      the program with the variable from there, for the variable with the least score; null: the best that random subspaces, principal
      components (but of a state of a stream), the untrained network and rival programs reach in the same size; A = (IIA − null)/(1 − null).
      Explained: the share of the
      variance of the logits by the key terms, functions of the right answer and the label alone.</p>
      \(Self.descriptions(cells))
      """
  }

  private static func agreements(_ cells: [ExaminedCell]) -> String {
    let rows = cells.map { cell -> [String] in
      let found = cell.examination
      let agreement = found.agreement.value
      let interchange = agreement?.interchange.value
      func real(_ value: Double?) -> String { value.map { Numerals.rounded($0, 4) } ?? "–" }
      return [
        Self.cell(ReportPage.escaped(cell.task), "text"), Self.cell(ReportPage.escaped(cell.name), "text"),
        Self.cell(ReportPage.escaped(found.program.value?.text ?? "–"), "text"),
        Self.cell(
          agreement.map { Numerals.percent(Rational(BigInteger($0.alike), BigInteger(max($0.inputs, 1)))) } ?? "–"),
        Self.cell(real(interchange?.score)), Self.cell(real(interchange?.accuracy)), Self.cell(real(interchange?.null)),
        Self.cell(interchange.map { "\($0.dimensions) of \($0.width)" } ?? "–"),
        Self.cell(found.reading?.value.map { ReportPage.escaped($0.key.joined(separator: " ")) } ?? "–", "text"),
        Self.cell(found.reading?.value.map { Numerals.rounded(100 * $0.explained, 1) + " %" } ?? "–"),
        Self.cell(ReportPage.escaped(found.reasons.joined(separator: "; ")), "long"),
      ]
    }
    return table(
      "Each network beside the program of its task and split",
      [
        ("task", true), ("network", true), ("program", true), ("alike", false), ("A", false), ("IIA", false),
        ("null", false), ("dimensions", false), ("key terms", true), ("explained", false),
        ("not measured, and why", true),
      ], rows)
  }

  private static func written(_ extraction: Examination.Extraction) -> String {
    extraction.text + (extraction.numbers.map { "; \($0)" } ?? "")
  }

  private static func descriptions(_ cells: [ExaminedCell]) -> String {
    let rows = cells.map { cell -> [String] in
      let found = cell.examination
      let extraction = found.extraction?.value
      return [
        Self.cell(ReportPage.escaped(cell.task), "text"), Self.cell(ReportPage.escaped(cell.name), "text"),
        Self.cell(found.program.value.map { Numerals.bits($0.bits) } ?? "–"),
        Self.cell(extraction.map { Numerals.bits($0.bits) } ?? "–"), Self.cell(Numerals.bits(found.tableBits)),
        Self.cell(
          extraction.map { Numerals.percent(Rational(BigInteger($0.alike), BigInteger(max($0.inputs, 1)))) } ?? "–"),
        Self.cell(extraction.map { Numerals.rounded(100 * $0.explained, 1) + " %" } ?? "–"),
        Self.cell(ReportPage.escaped(extraction.map(Self.written) ?? found.extraction?.reason ?? ""), "long"),
      ]
    }
    return table(
      "Bits of three descriptions of the same answers: the program found, the network's way written as a program, a table",
      [
        ("task", true), ("network", true), ("program found", false), ("extracted program", false), ("table", false),
        ("its answers as the network", false), ("logits explained", false),
        ("extracted program, or why there is none", true),
      ], rows)
  }
}
