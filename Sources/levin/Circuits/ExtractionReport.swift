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
  private let keyShare: Double
  private let rows: [Row]
  /// The operation in infix; nil modulo a number that is not prime, where `field.sl` has no arithmetic.
  private let operationText: String?
  /// Interchanges of the sum, or why there are none.
  private let interchanged: Result<InterchangedScores, CircuitError>

  /// - Parameter share: what key frequencies hold of what cosines explain.
  init(_ studied: StudiedNetwork, _ task: TaskData, share: Double) throws {
    self.studied = studied
    let inputs = studied.subject.inputs
    let numbering = try CyclicNumbering(of: inputs, answers: studied.answers(of: task))
    let logits = try NumberedLogits(studied.subject, numbering)
    let extracted = try ExtractedProgram(
      logits, keyFrequencies: logits.reading.direct.keyFrequencies(holding: share),
      in: GrammarFile.grammar("trigonometry", modulus: Int64(numbering.modulus)))
    self.extracted = extracted
    keyShare = share
    let m = numbering.modulus
    let all = Proportion(m * m, of: m * m)
    let found = [
      Row(
        name: "extracted (trigonometry.sl)", bits: extracted.program.bits, exactPrior: extracted.program.prior,
        right: extracted.right, alike: extracted.alike, explained: extracted.explained),
      Row(
        name: "lookup table", bits: Double(m * m) * -Rational(1, BigInteger(m)).log2, exactPrior: nil, right: all,
        alike: logits.right, explained: logits.reading.explainedByAnswer),
    ]
    let p = inputs.answers.count
    guard isPrime(Int64(p)) else {
      operationText = nil
      rows = found
      interchanged = .failure(
        .notDefined("programs of field.sl, which they are fitted with, need a prime modulus, and \(p) is none"))
      return
    }
    let field = try GrammarFile.grammar("field", modulus: Int64(p))
    let operation = Term.operation(numbering.operation.symbol, [.variable(0), .variable(1)])
    let name = InfixPrinter(field).text(operation)
    operationText = name
    let prior = field.probability(of: field.derivation(of: operation)!)
    var options = Agreement.Options()
    if numbering.root != nil { options.alignment = .multiplicative }
    interchanged = Result { [options] () throws(CircuitError) in
      let program = try StudiedProgram(operation, in: field, on: inputs)
      return try InterchangedScores(extracted, logits, program, studied.subject, options)
    }
    let short = Row(
      name: "\(name) (field.sl)", bits: -prior.log2, exactPrior: prior, right: all, alike: logits.right,
      explained: logits.reading.explainedByAnswer)
    rows = [short] + found
  }

  var text: String {
    let fit = extracted.fit
    var lines = [
      "network    \(studied.name): \(studied.configuration.summary)"
    ]
    if let reading = extracted.numbering.text { lines.append("numbers    \(reading)") }
    lines += [
      "form       \(fit.form.rawValue): explains \(FourierReport.percent(fit.explained)) of the logits at frequencies \(fit.frequencies.map(String.init).joined(separator: " ")); \(extracted.other.form.rawValue) \(FourierReport.percent(extracted.other.explained))",
      "weights    \(extracted.weights.map(String.init).joined(separator: " ")), \(extracted.digits) binary digits\(kept)",
      "program    \(extracted.program.text)", "",
    ]
    let heads = ["program", "bits", "right", "as the network", "logits explained"]
    let cells =
      [heads]
      + rows.map { row in
        [
          row.name, Number.rounded(row.bits, 1), FourierReport.percent(row.right),
          FourierReport.percent(row.alike), row.explained.map { FourierReport.percent($0) } ?? "",
        ]
      }
    lines += Columns(cells, right: [1, 2, 3, 4]).lines + ["", interchangedText]
    return lines.map { $0 + "\n" }.joined()
  }

  /// What is said of weights that do not keep the answers.
  private var kept: String {
    if extracted.keepsAnswers { return "" }
    let alike = extracted.alike
    return
      ": as many of the network's answers as any keep, \(Number.grouped(alike.successes)) of \(Number.grouped(alike.count))"
  }

  private var interchangedText: String {
    let operation = operationText ?? "the answer"
    switch interchanged {
    case .success(let found):
      let percent: (Double) -> String = FourierReport.percent
      return """
        with \(operation) from another pair in \(found.fitted.subspace.dimensions) dimensions of \(found.fitted.site) \
        (\(Number.grouped(found.pairs)) interchanges) the extracted
        program explains \(percent(found.explained)) of the logits; in random dimensions \(percent(found.explainedAtRandom)), \
        with it left as it was \(percent(found.explainedByBase))
        """
    case .failure(let error): return "no interchanges of \(operation): \(error)"
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
    studied.record(
      "extraction",
      [
        "settings": ["keyShare": .real(keyShare)], "digits": .integer(extracted.digits),
        "keepsAnswers": .bool(extracted.keepsAnswers), "operation": .string(extracted.numbering.operation.rawValue),
        "modulus": .integer(extracted.numbering.modulus),
        "root": extracted.numbering.root.map { .integer($0) } ?? .null, "form": .string(extracted.fit.form.rawValue),
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
              "alike": $0.alike.record, "explained": .real($0.explained),
            ]
          }),
      ])
  }
}

extension CyclicNumbering.Operation {
  /// The operation of `field.sl`.
  fileprivate var symbol: Operator {
    switch self {
    case .sum: .fieldAdd
    case .difference: .fieldSubtract
    case .product: .fieldMultiply
    case .quotient: .fieldDivide
    }
  }
}
