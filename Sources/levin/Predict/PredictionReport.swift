import Documents
import ExactArithmetic
import Grammars
import Induction
import Tasks

/// Runs a predictor along a sequence and prints what `levin predict` says of it.
struct PredictionReport {
  let alphabet: Alphabet
  let sequence: [Int]
  let method: String
  /// nil for a method without contexts.
  let depth: Int?
  let past: [Int]
  let json: Bool
  /// Of a method with programs: their language, phase and first n.
  var programs: (grammar: Grammar, options: ProgramOptions, offset: Int64)?

  func run(_ start: some SequencePredictor, online: Bool) {
    var predictor = start
    if online {
      if !json { Terminal.out("position  symbol  probability  bits  total bits\n") }
      var total = 0.0
      for (index, symbol) in sequence.enumerated() {
        let probability = predictor.probability(of: symbol)
        let bits = Self.bits(probability)
        total += bits
        position(index + 1, symbol, probability, bits, total)
        predictor.observe(symbol)
      }
      if !json { Terminal.out("\n") }
    } else {
      predictor.observe(all: sequence)
    }
    summary(predictor.sequenceProbability, predictor.distribution, predictor as? MixedPredictor)
  }

  private func name(_ symbol: Int) -> String { alphabet.names[symbol] }

  private func position(_ number: Int, _ symbol: Int, _ probability: Rational, _ bits: Double, _ total: Double) {
    if json {
      return Terminal.out(
        JSONWriter.line([
          "type": "position", "position": .integer(number), "symbol": .string(name(symbol)),
          "probability": SearchOutcome.exact(probability), "bits": .real(bits),
        ]))
    }
    Terminal.out(
      "\(number)  \(name(symbol))  \(Self.text(probability))  \(Number.rounded(bits, 3))  \(Number.rounded(total, 3))\n"
    )
  }

  private func summary(_ probability: Rational, _ next: [Rational], _ mixed: MixedPredictor?) {
    let bits = Self.bits(probability)
    if json { return Terminal.out(JSONWriter.line(record(probability, bits, next, mixed))) }
    var rows = [("method", method + (depth.map { ", depth \($0)" } ?? ""))]
    if let past = pastText { rows.append(("past", past)) }
    rows += [
      ("alphabet", "\(alphabet)"), ("symbols", Number.grouped(sequence.count)), ("probability", Self.text(probability)),
      ("bits", ProgramMeasure.bits(probability)),
    ]
    if !sequence.isEmpty { rows.append(("a symbol", "\(Number.rounded(bits / Double(sequence.count), 3)) bits")) }
    let width = next.indices.map { name($0).count }.max()!
    rows += next.enumerated().map { symbol, probability in
      let space = String(repeating: " ", count: width - name(symbol).count)
      return ("next", "\(name(symbol))\(space)  \(probability.decimalString(digits: 6))  \(Self.text(probability))")
    }
    for (label, value) in rows {
      Terminal.out(label + String(repeating: " ", count: 13 - label.count) + value + "\n")
    }
  }

  /// The part of the past that is used, with the symbols that stand for missing ones; nil without contexts.
  private var pastText: String? {
    guard let depth, depth > 0 else { return nil }
    let missing = depth - past.count
    let used = past.suffix(depth).map(name).joined(separator: " ")
    if missing <= 0 { return used }
    return "\(missing) × \(name(0))" + (past.isEmpty ? "" : ", then \(used)")
  }

  private func record(
    _ probability: Rational, _ bits: Double, _ next: [Rational], _ mixed: MixedPredictor?
  ) -> JSONValue {
    let text = sequence.map(name).joined(separator: " ")
    var record: [String: JSONValue] = [
      "type": "predict", "version": .string(Levin.version), "method": .string(method),
      "depth": depth.map { .integer($0) } ?? .null, "past": .array(past.map { .string(name($0)) }),
      "alphabet": .array(alphabet.names.map { .string($0) }),
      "sequence": [
        "symbols": .integer(sequence.count), "sha256": .string(SHA256.hexadecimalDigest(of: Array(text.utf8))),
      ],
      "probability": SearchOutcome.exact(probability), "bits": .real(bits),
      "next": .array(
        next.enumerated().map { ["symbol": .string(name($0)), "probability": SearchOutcome.exact($1)] }),
      "stop": "finished",
    ]
    if let programs, let mixed {
      record["grammar"] = programs.options.record(of: programs.grammar)
      record["phase"] = .integer(programs.options.shownPhase)
      record["offset"] = .integer(programs.offset)
      (record["programs"], record["steps"]) = (.integer(mixed.programs), .integer(mixed.steps))
    }
    return .object(record)
  }

  /// -log2 of a positive probability, without a negative zero.
  private static func bits(_ probability: Rational) -> Double { probability == 1 ? 0 : -probability.log2 }

  /// The fraction, or its ends and logarithm when it is long.
  private static func text(_ probability: Rational) -> String { SearchOutcome.short(probability) }
}
