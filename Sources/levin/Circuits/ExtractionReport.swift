import Circuits
import Documents
import ExactArithmetic
import Grammars
import Learner
import Networks
import Tasks

/// The program extracted from a network, in one table with the synthesised program and a lookup table.
struct ExtractionReport {
  private struct Row {
    let name: String
    let bits: Double
    let exactPrior: Rational?
    let right: Proportion
    let alike: Proportion
    let explained: Double?
  }

  private let studied: StudiedNetwork
  private let extracted: ExtractedProgram
  private let rows: [Row]
  /// Interchanges of the sum, or why there are none.
  private let interchanged: Result<InterchangedScores, CircuitError>

  init(_ studied: StudiedNetwork, _ reading: FourierReading, _ task: TaskData) throws {
    self.studied = studied
    let p = reading.modulus
    let modulus = Int64(p)
    func grammar(_ name: String) throws -> Grammar {
      let path = try GrammarFile.path(name)
      return try SyGuSReader.problem(readFile(path, limit: 1 << 20), file: path, modulus: modulus).grammar
    }
    let extracted = try ExtractedProgram(
      studied.subject, keyFrequencies: reading.keyFrequencies, in: grammar("trigonometry"))
    self.extracted = extracted
    let field = try grammar("field")
    let sum = Term.operation(.fieldAdd, [.variable(0), .variable(1)])
    let prior = field.probability(of: field.derivation(of: sum)!)
    interchanged = Result { () throws(CircuitError) in
      let program = try StudiedProgram(sum, in: field, on: studied.subject.inputs)
      return try InterchangedScores(extracted, program, studied.subject, Agreement.Options())
    }
    let network = Proportion(Int((reading.accuracy * Double(p * p)).rounded()), of: p * p)
    let all = Proportion(p * p, of: p * p)
    rows = [
      Row(
        name: "a + b (field.sl)", bits: -prior.log2, exactPrior: prior, right: all, alike: network,
        explained: reading.logits.explainedByAnswer),
      Row(
        name: "extracted (trigonometry.sl)", bits: extracted.program.bits, exactPrior: extracted.program.prior,
        right: extracted.right, alike: extracted.alike, explained: extracted.explained),
      Row(
        name: "lookup table", bits: Double(p * p) * -Rational(1, BigInteger(p)).log2, exactPrior: nil, right: all,
        alike: network,
        explained: reading.logits.explainedByAnswer),
    ]
  }

  var text: String {
    let fit = extracted.fit
    var lines = [
      "network    \(studied.name): \(studied.configuration.summary)",
      "form       \(fit.form.rawValue): explains \(FourierReport.percent(fit.explained)) of the logits at frequencies \(fit.frequencies.map(String.init).joined(separator: " ")); \(extracted.other.form.rawValue) \(FourierReport.percent(extracted.other.explained))",
      "weights    \(extracted.weights.map(String.init).joined(separator: " ")), \(extracted.digits) binary digits",
      "program    \(extracted.program.text)", "",
    ]
    let heads = ["program", "bits", "right", "as the network", "logits explained"]
    let cells =
      [heads]
      + rows.map { row in
        [
          row.name, Number.rounded(row.bits, 1), FourierReport.percent(row.right.share),
          FourierReport.percent(row.alike.share), row.explained.map(FourierReport.percent) ?? "",
        ]
      }
    let widths = heads.indices.map { column in cells.map { $0[column].count }.max()! }
    lines += cells.map { row in
      row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + space : space + cell
      }.joined(separator: "  ")
    }
    lines += ["", interchangedText]
    return lines.map { $0 + "\n" }.joined()
  }

  private var interchangedText: String {
    switch interchanged {
    case .success(let found):
      let percent = FourierReport.percent
      return """
        with a + b from another pair in \(found.fitted.subspace.dimensions) dimensions of \(found.fitted.site) \
        (\(Number.grouped(found.pairs)) interchanges) the extracted
        program explains \(percent(found.explained)) of the logits; in random dimensions \(percent(found.explainedAtRandom)), \
        with the sum left as it was \(percent(found.explainedByBase))
        """
    case .failure(let error): return "no interchanges of a + b: \(error)"
    }
  }

  private var interchangedRecord: JSONValue {
    switch interchanged {
    case .success(let found):
      [
        "site": .string("\(found.fitted.site)"), "dimensions": .integer(found.fitted.subspace.dimensions),
        "pairs": .integer(found.pairs), "explained": .real(found.explained),
        "explainedByBase": .real(found.explainedByBase), "explainedAtRandom": .real(found.explainedAtRandom),
      ]
    case .failure(let error): ["reason": .string("\(error)")]
    }
  }

  var record: JSONValue {
    [
      "type": "extraction", "version": .string(Levin.version), "network": studied.configuration.json,
      "name": .string(studied.shortName), "form": .string(extracted.fit.form.rawValue),
      "explainedUnrounded": .real(extracted.fit.explained), "otherFormExplained": .real(extracted.other.explained),
      "frequencies": .array(extracted.fit.frequencies.map { .integer($0) }),
      "weights": .array(extracted.weights.map { .integer($0) }), "program": .string(extracted.program.text),
      "interchanged": interchangedRecord,
      "rows": .array(
        rows.map {
          [
            "name": .string($0.name), "bits": .real($0.bits),
            "prior": $0.exactPrior.map { .string("\($0.numerator)/\($0.denominator)") } ?? .null,
            "right": $0.right.record,
            "alike": $0.alike.record, "explained": $0.explained.map { .real($0) } ?? .null,
          ]
        }),
    ]
  }
}
