import Documents
import ExactArithmetic
import Grammars
import Search

extension PriorReport {
  /// The likeliest functions of all inputs.
  func functions(_ count: Int, _ counting: FunctionPriors.Counting) throws {
    let inputs: [[Value]]
    let priors: FunctionPriors
    do {
      inputs = try FunctionPriors.allInputs(of: grammar)
      priors = try FunctionPriors(grammar, inputs: inputs, counting: counting)
    } catch { throw InputError(file: path, message: error.description) }
    let shown = priors.functions.prefix(count)
    if json {
      emit(summary(priors, inputs), "")
      for function in shown { emit(record(function, priors), "") }
      return
    }
    let named = ProgramMeasure.text([
      (
        "functions",
        "\(Number.grouped(priors.functions.count)) on \(Number.counted(inputs.count, "input")): "
          + (priors.isEveryFunction
            ? "all that the language has, by programs of every length" : "those of the programs counted")
      ),
      ("prior", "of a function: of all its programs together, at least as much as is shown"),
      ("open", openText(priors)),
    ])
    var rows = [["values", "prior", "bits", "shortest program", "bits"]]
    for function in shown {
      rows.append([
        FunctionText.values(function.values), SearchOutcome.lowerBound(function.mass), FunctionText.bits(function.mass),
        InfixPrinter(grammar).text(grammar.term(of: function.program)),
        FunctionText.bits(function.probability),
      ])
    }
    Terminal.out(named + "\n" + Columns(rows, right: [2, 4]).text)
  }

  private func openText(_ priors: FunctionPriors) -> String {
    if priors.isEveryFunction {
      return "\(FunctionText.upperBound(priors.open)) at most, all functions together"
    }
    let complete = priors.completeProbability.map { ProgramMeasure.bits($0) } ?? "0"
    return "\(SearchOutcome.decimal(priors.open, up: true)): programs of more than \(complete) bits, of any function"
  }

  private func summary(_ priors: FunctionPriors, _ inputs: [[Value]]) -> [String: JSONValue] {
    [
      "type": "functions", "count": .integer(priors.functions.count), "every": .bool(priors.isEveryFunction),
      "inputs": .array(inputs.map { .array($0.map { .string($0.description) }) }),
      "open": SearchOutcome.exact(priors.open),
      "completePrior": priors.completeProbability.map { SearchOutcome.exact($0) } ?? .null,
      "terminationLower": SearchOutcome.exact(priors.terminationMass.lower),
      "terminationUpper": SearchOutcome.exact(priors.terminationMass.upper),
    ]
  }

  private func record(_ function: FunctionPriors.Function, _ priors: FunctionPriors) -> [String: JSONValue] {
    [
      "type": "function",
      "values": .array(function.values.map { $0.map { .string($0.description) } ?? .null }),
      "program": .string(printer.text(grammar.term(of: function.program))),
      "prior": SearchOutcome.exact(function.probability),
      "lower": SearchOutcome.exact(function.mass), "upper": SearchOutcome.exact(function.mass + priors.open),
    ]
  }
}

/// How a function of finitely many inputs is written.
enum FunctionText {
  /// Its values in order: truth values as digits side by side, others apart, `-` for none; long ones are cut.
  static func values(_ values: [Value?]) -> String {
    let isBool = values.allSatisfy { $0.map { $0.sort == .bool } ?? true }
    let texts = values.map { value in value.map { isBool ? String($0.word) : $0.description } ?? "-" }
    let text = texts.joined(separator: isBool ? "" : " ")
    return text.utf8.count <= 64 ? text : text.prefix(61) + "…"
  }

  /// −log2 to three places.
  static func bits(_ prior: Rational) -> String { prior > 0 ? Number.rounded(0 - prior.log2, 3) : "-" }

  /// A small number rounded up to a power of two.
  static func upperBound(_ value: Rational) -> String {
    if value == 0 { return "0" }
    var bits = 0
    while value * Rational(BigInteger(1) << (bits + 1)) <= 1 { bits += 1 }
    return "2^-\(bits)"
  }
}
