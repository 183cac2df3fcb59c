import ArgumentParser
import Documents
import ExactArithmetic
import Grammars
import Induction
import Search
import Tasks

/// Runs the mixture over programs along a sequence and prints what `levin predict` says of it.
struct ProgramPrediction {
  let sequence: [Int64]
  let options: ProgramOptions
  let offset: Int64
  let oeis: SequenceTask?
  let online: Bool
  let json: Bool

  private var phase: Int { options.phase ?? 32 }
  private var prior: SequencePrior { options.prior?.prior ?? .length }

  func run() throws {
    let grammar = try options.language()
    let walk = try StreamWalk(grammar, offset: offset, prior: prior)
    let (line, phase) = (LiveLine(), phase)
    let mixture = try ProgramMixture(walk, sequence: sequence, phase: phase) { progress in
      line.show { Self.text(progress, phase: phase, seconds: line.seconds) }
      return Interruption.signalNumber != 0
    }
    line.clear()
    let tree = online ? treeProbabilities() : nil
    if let tree { positions(mixture, tree) }
    if json {
      Terminal.out(JSONWriter.line(record(mixture, grammar, tree)))
    } else {
      Terminal.out(text(mixture, grammar, tree))
    }
    if !mixture.isFinished {
      Terminal.error("interrupted: what was not met counts as open; a phase is not resumed\n")
      throw ExitCode(128 + Interruption.signalNumber)
    }
  }

  /// What the progress line says.
  private static func text(_ progress: StreamWalk.Progress, phase: Int, seconds: Double) -> String {
    "phase \(phase): \(Number.grouped(progress.programs)) programs, "
      + "\(Number.grouped(UInt64(Double(progress.programs) / seconds)))/s, \(Number.grouped(progress.steps)) steps, "
      + "\(SearchOutcome.decimal(progress.met, up: false)) of the prior met"
  }

  /// Symbols shown at most.
  private static let shownSymbols = 8
  /// Programs shown at most.
  private static let shownPrograms = 5
}

// MARK: - Positions

extension ProgramPrediction {
  /// Each symbol from those before it: bounds of M_norm, the resolved mixture, and context-tree weighting.
  private func positions(_ mixture: ProgramMixture, _ tree: [Rational]) {
    if !json, !sequence.isEmpty {
      Terminal.out("n  symbol  M_norm at least  at most  resolved M  bits  ctw bits  goes on  differs  silent  open\n")
    }
    for place in sequence.indices {
      let (bounds, resolved) = (mixture.interval(at: place), mixture.resolvedProbability(at: place))
      let known = mixture.places[place]
      if json {
        Terminal.out(
          JSONWriter.line([
            "type": "position", "n": .integer(offset + Int64(place)), "symbol": .integer(sequence[place]),
            "norm": Self.exact(bounds), "resolved": SearchOutcome.exact(resolved),
            "ctw": SearchOutcome.exact(tree[place]), "emitted": SearchOutcome.exact(known.emitted),
            "goesOn": SearchOutcome.exact(known.hits), "differs": SearchOutcome.exact(known.others),
            "silent": SearchOutcome.exact(known.silent), "open": SearchOutcome.exact(known.open),
          ]))
        continue
      }
      let cells = [
        "\(offset + Int64(place))", "\(sequence[place])", SearchOutcome.decimal(bounds.lower, up: false),
        SearchOutcome.decimal(bounds.upper, up: true), SearchOutcome.decimal(resolved, up: false),
        Self.bits(resolved), Self.bits(tree[place]),
      ]
      let masses = [known.hits, known.others, known.silent, known.open].map(Self.mass)
      Terminal.out((cells + masses).joined(separator: "  ") + "\n")
    }
    if !json, !sequence.isEmpty { Terminal.out("\n") }
  }

  /// What context-tree weighting of depth 8 gives each symbol; its alphabet is the symbols that occur.
  private func treeProbabilities() -> [Rational] {
    let symbols = Set(sequence).union([0, 1]).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: zip(symbols, 0...))
    var tree = ContextTree(depth: 8, alphabetSize: symbols.count, past: [])
    return sequence.map { symbol in
      let probability = tree.probability(of: numbers[symbol]!)
      tree.observe(numbers[symbol]!)
      return probability
    }
  }

  static func bits(_ probability: Rational) -> String {
    probability == 0 ? "∞" : Number.rounded(probability == 1 ? 0 : -probability.log2, 3)
  }

  /// A mass as a power of two, rounded.
  private static func mass(_ value: Rational) -> String { value == 0 ? "0" : "2^\(Number.rounded(value.log2, 1))" }

  static func exact(_ interval: RationalInterval) -> JSONValue {
    ["lower": SearchOutcome.exact(interval.lower), "upper": SearchOutcome.exact(interval.upper)]
  }
}

// MARK: - Summary

extension ProgramPrediction {
  private func bounds(_ interval: RationalInterval) -> String {
    "\(SearchOutcome.lowerBound(interval.lower)) to \(SearchOutcome.decimal(interval.upper, up: true))"
  }

  /// - Parameter tree: what context-tree weighting gives each symbol, where positions are shown.
  private func text(_ mixture: ProgramMixture, _ grammar: Grammar, _ tree: [Rational]?) -> String {
    var rows: [(String, String)] = [
      ("method", "programs, weighed by \(prior.rawValue), phase \(phase)"),
      ("grammar", options.languageName),
    ]
    if let oeis { rows.append(("task", "\(oeis.number): \(oeis.name)")) }
    rows += [
      ("symbols", "\(Number.grouped(sequence.count)), f(\(offset))\(offset < .max ? ", f(\(offset + 1)), …" : "")"),
      (
        "printed by",
        mixture.end.emitted == 0
          ? "no program met; a later phase (--phase \(phase + 4)) runs more" : mass(mixture.end.emitted)
      ),
      (
        "open",
        "\(SearchOutcome.decimal(mixture.end.openSoFar, up: true)) of the \(prior == .length ? "prior" : "weight"), not known to print otherwise"
      ),
    ]
    for entry in mixture.next.prefix(Self.shownSymbols) {
      let share = SearchOutcome.decimal(mixture.resolvedShare(of: entry.symbol), up: false)
      rows.append(
        ("next", "\(entry.symbol)  \(share) of what was met; certain \(bounds(mixture.interval(of: entry.symbol)))"))
    }
    if mixture.next.count > Self.shownSymbols {
      rows.append(
        ("", "and \(Number.grouped(mixture.next.count - Self.shownSymbols)) other symbols printed by programs"))
    }
    rows.append(("any other", "each 0 to \(SearchOutcome.decimal(unseen(mixture).upper, up: true))"))
    for match in mixture.matches.prefix(Self.shownPrograms) {
      rows.append(("program", program(match, mixture, grammar)))
    }
    if let tree { rows += onlineRows(mixture, tree) }
    rows.append(
      ("run", "\(Number.grouped(mixture.programs)) programs, \(Number.grouped(mixture.steps)) steps"))
    if !mixture.isFinished {
      rows.append(("stop", "interrupted: \(SearchOutcome.decimal(mixture.met, up: false)) of the prior was met"))
    }
    return rows.map { $0 + String(repeating: " ", count: max(1, 13 - $0.count)) + $1 + "\n" }.joined()
  }

  /// A symbol that no program met prints.
  private func unseen(_ mixture: ProgramMixture) -> RationalInterval {
    var symbol: Int64 = 0
    let printed = Set(mixture.next.map(\.symbol))
    while printed.contains(symbol) { symbol += 1 }
    return mixture.interval(of: symbol)
  }

  private func mass(_ value: Rational) -> String {
    "programs of mass \(SearchOutcome.short(value)), \(Number.rounded(-value.log2, 3)) bits"
  }

  private func program(_ match: StreamTally.Match, _ mixture: ProgramMixture, _ grammar: Grammar) -> String {
    var parts = [InfixPrinter(grammar).text(grammar.term(of: match.program))]
    parts.append("\(Number.rounded(-match.probability.log2, 2)) bits")
    if prior == .length { parts.append("share \(bounds(mixture.share(of: match)))") }
    parts.append(match.next.map { "then \($0)" } ?? "then nothing known")
    return parts.joined(separator: "; ")
  }

  private func onlineRows(_ mixture: ProgramMixture, _ tree: [Rational]) -> [(String, String)] {
    let probability = tree.reduce(Rational(1), *)
    var rows = [
      ("log-loss", "\(Self.bits(mixture.sequenceMass)) bits of the resolved mixture, \(Self.bits(probability)) of ctw")
    ]
    guard prior == .length, let best = mixture.shortest else { return rows }
    let (error, bound) = certified(mixture, best)
    rows.append(
      (
        "Solomonoff",
        "squared error \(SearchOutcome.decimal(error, up: true)) ≤ \(SearchOutcome.decimal(bound, up: false)) "
          + "= ℓ·ln 2 / 2, ℓ = \(Self.bits(best.probability)) bits of the shortest program"
      ))
    return rows
  }

  /// The squared error and its bound by the shortest program met; asserted, and so is the log-loss.
  private func certified(_ mixture: ProgramMixture, _ best: StreamTally.Match) -> (error: Rational, bound: Rational) {
    let (error, bound) = (mixture.squaredError, ProgramMixture.solomonoffBound(prior: best.probability))
    precondition(error <= bound, "squared error \(error) above Solomonoff's bound \(bound)")
    precondition(mixture.sequenceMass >= best.mass, "a mixture with less mass than one of its programs")
    return (error, bound)
  }

  private func record(_ mixture: ProgramMixture, _ grammar: Grammar, _ tree: [Rational]?) -> JSONValue {
    let text = sequence.map { "\($0)" }.joined(separator: " ")
    var record: [String: JSONValue] = [
      "type": "predict", "version": .string(Levin.version), "method": "programs", "prior": .string(prior.rawValue),
      "phase": .integer(phase),
      "grammar": options.record(of: grammar),
      "sequence": [
        "symbols": .integer(sequence.count), "sha256": .string(SHA256.hexadecimalDigest(of: Array(text.utf8))),
        "offset": .integer(offset),
      ],
      "emitted": SearchOutcome.exact(mixture.end.emitted), "open": SearchOutcome.exact(mixture.end.openSoFar),
      "silent": SearchOutcome.exact(mixture.end.silent), "unseen": Self.exact(unseen(mixture)),
      "programs": .integer(mixture.programs), "prefixes": .integer(mixture.prefixes),
      "steps": .integer(mixture.steps), "bound": .string(mixture.bound.description),
      "met": SearchOutcome.exact(mixture.met), "stop": .string(mixture.isFinished ? "finished" : "interrupted"),
      "next": .array(
        mixture.next.prefix(64).map {
          [
            "symbol": .integer($0.symbol), "mass": SearchOutcome.exact($0.mass),
            "resolved": SearchOutcome.exact(mixture.resolvedShare(of: $0.symbol)),
            "norm": Self.exact(mixture.interval(of: $0.symbol)),
          ]
        }),
      "matches": .array(mixture.matches.map { match($0, mixture, grammar) }),
    ]
    if let oeis { record["task"] = .string(oeis.number) }
    record["bits"] =
      mixture.sequenceMass > 0 ? .real(mixture.sequenceMass == 1 ? 0 : -mixture.sequenceMass.log2) : .null
    if let tree {
      let probability = tree.reduce(Rational(1), *)
      record["ctwBits"] = .real(probability == 1 ? 0 : -probability.log2)
    }
    if prior == .length, let best = mixture.shortest {
      let (error, bound) = certified(mixture, best)
      record["squaredError"] = SearchOutcome.exact(error)
      record["solomonoffBound"] = .real(bound.nearestDouble)
      if bound > 0 { record["squaredErrorOfBound"] = .real((error / bound).nearestDouble) }
    }
    return .object(record)
  }

  private func match(_ match: StreamTally.Match, _ mixture: ProgramMixture, _ grammar: Grammar) -> JSONValue {
    var record: [String: JSONValue] = [
      "program": .string(SyGuSPrinter(grammar).definition(match.program)),
      "prior": SearchOutcome.exact(match.probability), "mass": SearchOutcome.exact(match.mass),
      "next": match.next.map { .integer($0) } ?? .null,
    ]
    if prior == .length { record["share"] = Self.exact(mixture.share(of: match)) }
    return .object(record)
  }
}
