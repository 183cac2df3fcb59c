import Comparison
import Documents
import ExactArithmetic
import Figures
import Grammars
import Learner
import Networks
import Search

/// What `levin bias` found.
struct BiasReport {
  /// Random networks of a kind.
  struct Random {
    let kind: BiasStudy.Kind
    let counts: [[Int]: Int]
    let survey: FunctionBias.Survey
  }

  /// Trained networks of a kind.
  struct TrainedKind {
    let kind: BiasStudy.Kind
    /// Those that did not fit.
    let unfitted: Int
    /// Updates of the others, ascending.
    let steps: [Int]
    let summary: FunctionBias.Summary
  }

  /// Trained networks.
  struct Trained {
    let count: Int
    let targets: Int
    let samples: Int
    let draw: BiasStudy.Draw
    let loss: Double?
    let rows: [TrainedKind]
  }

  let study: BiasStudy
  let random: [Random]
  let trained: Trained?
}

extension BiasReport {
  private func name(_ kind: BiasStudy.Kind) -> String {
    switch kind {
    case .mlp: "MLP"
    case .transformer: "transformer"
    case .gru, .lstm: kind.rawValue.uppercased()
    }
  }

  private var heading: [(String, String)] {
    let priors = study.priors
    return [
      (
        "language",
        "\(Assignment.shortName(study.path)) (language \(study.grammar.digest.prefix(12))): "
          + "\(Number.counted(priors.functions.count, "function")) on \(Number.counted(study.inputs.count, "input")), "
          + "their priors within \(FunctionText.upperBound(priors.open))"
      )
    ]
  }

  var text: String {
    var lines = heading
    for kind in random.map(\.kind) + (trained?.rows.map(\.kind) ?? []) {
      lines.append((lines.count == heading.count ? "networks" : "        ", study.configuration(kind).summary))
    }
    if study.sizes.initialScale != 1 { lines.append(("scale", "initial parameters times \(study.sizes.initialScale)")) }
    if let trained { return ProgramMeasure.text(lines) + text(trained) }
    return ProgramMeasure.text(lines) + randomText
  }

  /// A mean of bits, with its standard error where it has one.
  private static func bits(
    _ bits: [FunctionBias.Prior: Double], _ prior: FunctionBias.Prior, _ errors: [FunctionBias.Prior: Double] = [:]
  ) -> String {
    guard let mean = bits[prior] else { return "-" }
    return Number.rounded(mean, 2) + (errors[prior].map { " ± \(Number.rounded($0, 2))" } ?? "")
  }

  private var randomText: String {
    let count = random.first?.survey.networks ?? 0
    var rows = [
      ["random", "functions", "entropy", "programs", "balance", "uniform", "rank correlation", "exchanged"]
    ]
    for row in random {
      let survey = row.survey
      rows.append([
        name(row.kind), Number.grouped(survey.functions), Number.rounded(survey.entropy, 2),
        Self.bits(survey.bits, .programs), Self.bits(survey.bits, .balance), Self.bits(survey.bits, .uniform),
        Number.rounded(survey.correlation, 3), "≤ \(Number.rounded(survey.exchanged, 3))",
      ])
    }
    let text =
      "\n\(Number.grouped(count)) networks of each kind; bits of a network's function: entropy by the networks themselves, "
      + "then by each prior\n" + Columns(rows, right: Set(1...7)).text
      + "\nexchanged: the greatest rank correlation where priors are exchanged among functions with as many inputs of each label, "
      + "\(FunctionBias.exchanges) times\n"
    return text + unsaid(random.map { ($0.kind, $0.survey.unsaid) }) + "\n" + lengths + "\n" + likeliest
  }

  /// A line about networks whose functions are in no mean of bits; empty where there are none.
  private func unsaid(_ counts: [(kind: BiasStudy.Kind, count: Int)]) -> String {
    if counts.allSatisfy({ $0.count == 0 }) { return "" }
    return "not in the bits by priors, since no program computes their function: "
      + counts.map { "\(Number.grouped($0.count)) \(name($0.kind))s" }.joined(separator: ", ") + "\n"
  }

  /// Functions by the length of their shortest programs.
  private var lengths: String {
    var rows = [["shortest program", "functions", "programs"] + random.map { name($0.kind) }]
    // The same length is the same prior.
    let groups = Dictionary(grouping: study.said, by: \.function.probability).sorted { $0.key > $1.key }
    for (probability, members) in groups {
      let mass = members.reduce(Rational(0)) { $0 + $1.function.mass }
      rows.append(
        ["\(FunctionText.bits(probability)) bits", Number.grouped(members.count), Self.share(mass.nearestDouble)]
          + random.map { row in
            let count = members.reduce(0) { $0 + (row.counts[$1.labels] ?? 0) }
            return Self.share(Double(count) / Double(row.survey.networks))
          })
    }
    return Columns(rows, right: Set(0..<rows[0].count)).text
  }

  private var likeliest: String {
    var rows = [["function", "programs"] + random.map { name($0.kind) } + ["shortest program"]]
    for (function, labels) in study.said.prefix(Self.shown) {
      rows.append(
        [FunctionText.values(function.values), Self.share(function.mass.nearestDouble)]
          + random.map { Self.share(Double($0.counts[labels] ?? 0) / Double($0.survey.networks)) }
          + [InfixPrinter(study.grammar).text(study.grammar.term(of: function.program))])
    }
    return Columns(rows, right: Set(1...random.count + 1)).text
  }

  private static let shown = 12

  private static func share(_ share: Double) -> String { Number.rounded(100 * share, 2) + " %" }

  private func text(_ trained: Trained) -> String {
    var rows = [
      [
        "trained", "fit", "median steps", "programs", "balance", "uniform", "likeliest", "unseen right", "by programs",
        "whole", "by programs",
      ]
    ]
    for row in trained.rows {
      let summary = row.summary
      func share(_ part: Rational, _ all: Int) -> String {
        all == 0 ? "-" : Self.share((part / Rational(all)).nearestDouble)
      }
      rows.append([
        name(row.kind), Number.grouped(summary.networks),
        row.steps.isEmpty ? "-" : Number.grouped(row.steps[row.steps.count / 2]),
        Self.bits(summary.bits, .programs, summary.errors), Self.bits(summary.bits, .balance, summary.errors),
        Self.bits(summary.bits, .uniform), share(Rational(summary.likeliest), summary.networks),
        share(Rational(summary.networkRight), summary.unseen),
        share(summary.programRight, summary.unseen), share(Rational(summary.networkWhole), summary.networks),
        share(summary.programWhole, summary.networks),
      ])
    }
    let source = trained.draw == .programs ? "drawn from the prior of programs" : "drawn uniformly"
    return
      "\n\(Number.counted(trained.targets, "target")) \(source), \(Number.grouped(trained.count)) of "
      + "\(Number.counted(study.inputs.count, "input")) learned from, \(Number.counted(trained.samples, "network")) of each kind, trained until these are right"
      + (trained.loss.map { " and their loss is at most \($0)" } ?? "") + "\n"
      + "bits of a network's function, given what was learned, by each prior, ± a standard error over targets; likeliest: of the most prior of those left\n"
      + Columns(rows, right: Set(1...10)).text + unsaid(trained.rows.map { ($0.kind, $0.summary.unsaid) })
      + (trained.rows.contains { $0.unfitted > 0 }
        ? "not fitted: "
          + trained.rows.map { "\(Number.grouped($0.unfitted)) \(name($0.kind))s" }.joined(separator: ", ") + "\n"
        : "")
  }
}

// MARK: - Records and files

extension BiasReport {
  var records: [JSONValue] {
    let common: [String: JSONValue] = [
      "version": .string(Levin.version), "seed": .integer(study.seed), "initialScale": .real(study.sizes.initialScale),
      "grammar": ["file": .string(Assignment.shortName(study.path)), "sha256": .string(study.grammar.digest)],
      "inputs": .integer(study.inputs.count), "labels": .integer(study.labels.count),
      "functions": .integer(study.priors.functions.count), "open": SearchOutcome.exact(study.priors.open),
    ]
    func record(_ members: [String: JSONValue]) -> JSONValue { .object(common.merging(members) { _, own in own }) }
    func bits(_ bits: [FunctionBias.Prior: Double]) -> JSONValue {
      .object(
        Dictionary(uniqueKeysWithValues: FunctionBias.Prior.allCases.map { ("\($0)", JSONValue.real(bits[$0])) }))
    }
    func network(_ kind: BiasStudy.Kind) -> JSONValue {
      ["kind": .string(kind.rawValue), "configuration": study.configuration(kind).json]
    }
    return random.map { row in
      let survey = row.survey
      return record([
        "type": "random-networks", "network": network(row.kind), "networks": .integer(survey.networks),
        "distinct": .integer(survey.functions), "unsaid": .integer(survey.unsaid), "entropy": .real(survey.entropy),
        "bits": bits(survey.bits), "rankCorrelation": .real(survey.correlation),
        "exchanged": .real(survey.exchanged), "exchanges": .integer(FunctionBias.exchanges),
        "counts": .array(
          row.counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key.lexicographicallyPrecedes($1.key) }
            .map {
              ["values": .array($0.key.map { .string(study.labels[$0].description) }), "networks": .integer($0.value)]
            }),
      ])
    }
      + (trained?.rows ?? []).map { row in
        let (trained, summary) = (trained!, row.summary)
        return record([
          "type": "trained-networks", "network": network(row.kind), "networks": .integer(summary.networks),
          "unfitted": .integer(row.unfitted), "unsaid": .integer(summary.unsaid),
          "medianSteps": row.steps.isEmpty ? .null : .integer(row.steps[row.steps.count / 2]),
          "trainCount": .integer(trained.count), "targets": .integer(trained.targets),
          "samples": .integer(trained.samples), "untilLoss": .real(trained.loss),
          "draw": .string(trained.draw.rawValue),
          "learningRate": .real(FunctionSampler.learningRate), "bits": bits(summary.bits),
          "standardErrors": bits(summary.errors),
          "likeliest": .integer(summary.likeliest), "unseen": .integer(summary.unseen),
          "networkRight": .integer(summary.networkRight), "programRight": .exact(summary.programRight),
          "networkWhole": .integer(summary.networkWhole), "programWhole": .exact(summary.programWhole),
        ])
      }
  }

  /// `bias.svg` and `bias.csv`: each function's prior and its share of the networks, in bits; of one kind of networks by how
  /// many inputs have each label.
  func write(to folder: String) throws {
    try makeFolder(folder)
    let functions = study.said
    let series = random.flatMap { row in
      let met = functions.compactMap { function, labels -> (balance: [Int], point: Series.Point)? in
        guard let count = row.counts[labels], function.mass > 0 else { return nil }
        let share = Rational(BigInteger(count), BigInteger(row.survey.networks))
        return (balance(labels), .init(x: 0 - function.mass.log2, y: 0 - share.log2))
      }
      guard random.count == 1 else { return [Series(name(row.kind), points: met.map(\.point))] }
      return Dictionary(grouping: met, by: \.balance).sorted { $0.key.lexicographicallyPrecedes($1.key) }.map {
        Series($0.key.map(String.init).joined(separator: " : "), points: $0.value.map(\.point))
      }
    }
    let networks = random.count == 1 ? "random \(name(random[0].kind))s" : "random networks"
    try ScatterChart(
      title: "Functions of \(Number.grouped(random[0].survey.networks)) \(networks) and of programs",
      x: Axis("bits by the prior of programs"), y: Axis("bits by their share of the networks"), series: series
    ).write(to: "\(folder)/bias")
  }

  /// How many inputs have each label, ascending, whichever the labels are.
  private func balance(_ labels: [Int]) -> [Int] {
    study.labels.indices.map { label in labels.count { $0 == label } }.sorted()
  }
}
