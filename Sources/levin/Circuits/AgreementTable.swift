import Circuits
import Documents
import Grammars
import Learner
import Networks

/// Agreements for people.
struct AgreementTable {
  let session: AgreementSession
  let results: [AgreementResult]

  init(_ session: AgreementSession, _ results: [AgreementResult]) {
    self.session = session
    self.results = results
  }

  var text: String {
    var lines = [
      "program    \(session.programText)",
      "class      \(session.options.alignment.rawValue), \(interchanges) a variable, fitted and scored on different halves of the inputs",
    ]
    if let streams = session.streams {
      lines.insert("inputs     \(streams.summary)", at: 1)
      if session.options.sites == nil {
        lines.append(
          "sites      activations behind symbol \(streams.after) for states, at the last position for the answer")
      }
    } else if session.options.sites == nil, session.networks.contains(where: { Self.hasPositions($0) }) {
      lines.append("sites      activations at the last position; --site NAME@N names another")
    }
    if let rivals = session.searchRivals { lines.append("search     \(rivals.summary)") }
    if results.count == 1 { return (lines + details(results[0])).map { $0 + "\n" }.joined() }
    lines += [""] + table
    let scores = results.compactMap(\.agreement.overall)
    if scores.count == results.count {
      lines += ["", "least score of \(results.count) networks: \(Number.rounded(scores.min()!, 4))"]
    } else {
      lines += ["", "\(results.count - scores.count) of \(results.count) networks do not answer as the program does"]
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// As many as were asked for, or all that there are.
  private var interchanges: String {
    let asked = session.options.pairs
    let counts = results.flatMap { $0.agreement.variables.map(\.accuracy.count) }
    return "\(counts.contains { $0 < asked } ? "at most " : "")\(Number.grouped(asked)) interchanges"
  }

  /// Whether activations of the network have a row for each token of an input.
  private static func hasPositions(_ studied: StudiedNetwork) -> Bool {
    if case .embeddingMLP = studied.configuration { return false }
    return studied.subject.inputs.positions > 1
  }

  // MARK: One network

  private func details(_ result: AgreementResult) -> [String] {
    let agreement = result.agreement
    let behaviour = agreement.behaviour
    var lines = [
      "network    \(result.studied.name): \(result.studied.configuration.summary)",
      "behaviour  \(Number.grouped(behaviour.alike.successes)) of \(Number.grouped(behaviour.alike.count)) answers alike, least margin \(Number.rounded(behaviour.leastMargin, 4))",
    ]
    guard let overall = agreement.overall else {
      return lines + [
        "stop       below \(FourierReport.percent(session.options.leastBehaviour)) of the answers alike: nothing else is measured"
      ]
    }
    if !agreement.program.constants.isEmpty {
      lines.append("constant   \(agreement.program.constants.joined(separator: ", ")): no variable to look for")
    }
    for idle in agreement.idleStates { lines.append("idle       \(idle): it changes no answer") }
    for variable in agreement.variables { lines += [""] + Self.details(variable) }
    return lines + [
      "",
      "overall    \(Number.rounded(overall, 4)), the least score of \(Number.counted(agreement.variables.count, "variable")); \(Number.rounded(result.cpuSeconds, 1)) s of CPU",
    ]
  }

  private static func details(_ variable: VariableAgreement) -> [String] {
    let fitted = variable.fitted
    var lines = ["variable   \(variable.variable)\(variable.isAnswer ? " (the answer)" : "")"]
    for tried in variable.tried {
      let curve = tried.curve.map { "\($0.dimensions): \(Number.rounded($0.fit.share, 3))" }.joined(separator: ", ")
      lines.append(
        "site       \(tried.site), \(tried.subspace.width) dimensions; accuracy where fitted by size \(curve)")
    }
    let frequencies =
      fitted.terms.isEmpty ? "" : ", \(fitted.kindOfTerms) \(fitted.terms.joined(separator: " "))"
    lines.append(
      "subspace   \(fitted.subspace.dimensions) of \(fitted.subspace.width) dimensions of \(fitted.site)\(frequencies)")
    lines.append("IIA        \(proportion(variable.accuracy))")
    if !variable.isToldFromAnswer {
      lines.append("           no interchange wants another answer than the source's own")
    } else if !variable.isAnswer {
      lines.append("           \(proportion(variable.discriminating)) where the source answers otherwise")
    }
    for null in variable.nulls { lines.append("null       \(Number.rounded(null.accuracy.share, 4))  \(null.name)") }
    if let principal = variable.principalComponents {
      lines.append("principal  \(Number.rounded(principal.share, 4))  as many principal components, no null of a state")
    }
    if let states = variable.states {
      let values = states.groups.reduce(0) { $0 + $1.values.count }
      lines.append(
        "states     \(Number.counted(values, "value")), \(states.groups.count) that answer differently: \(FourierReport.percent(states.explained)) of the variance there lies between these"
      )
    }
    lines += elsewhere(variable)
    lines.append(
      "score      A = \(Number.rounded(variable.score, 4))\(verdict(variable))"
    )
    lines.append(
      "bits       \(Number.grouped(Int(variable.bitsGained.rounded()))) gained, \(Number.rounded(variable.alignmentBits, 1)) bits of alignment paid"
    )
    let parts = variable.sufficiency
    lines.append(
      "sufficient \(FourierReport.percent(parts.recovered)) of the loss recovered with all else resampled (\(Number.rounded(parts.original, 4)) nats whole, \(Number.rounded(parts.outsideResampled, 4)) so, \(Number.rounded(parts.allResampled, 4)) all resampled)"
    )
    lines.append(
      "scrubbed   \(FourierReport.percent(parts.recoveredByScrubbing)) of the loss recovered with the subspace from an input of the same value (\(Number.rounded(parts.scrubbed, 4)) nats)"
    )
    lines.append(
      "necessary  \(FourierReport.percent(parts.necessary)) of it lost with the subspace resampled (\(Number.rounded(parts.insideResampled, 4)) nats)"
    )
    return lines
  }

  /// The state's subspace after other numbers of symbols.
  private static func elsewhere(_ variable: VariableAgreement) -> [String] {
    guard !variable.elsewhere.isEmpty else { return [] }
    let shares = variable.elsewhere.map { "\($0.after): \(Number.rounded($0.accuracy.share, 3))" }
    let rows = stride(from: 0, to: shares.count, by: 10).map {
      shares[$0..<min($0 + 10, shares.count)].joined(separator: ", ")
    }
    return ["elsewhere  the same coordinates put in after so many symbols"] + rows.map { "           \($0)" }
  }

  private static func verdict(_ variable: VariableAgreement) -> String {
    switch variable.verdict {
    case .implemented: ": the network computes it"
    case .refuted: ": the network does not compute it"
    case .isLikeAnswer: ": nothing tells it from the answer, so it may be the answer that is there"
    case .isReached(let null): ": not told from its null, which is \(null)"
    case .isUnpaid: ": not told, the interchanges save fewer bits than the alignment costs"
    }
  }

  private static func proportion(_ value: Proportion) -> String {
    let (low, high) = (Number.rounded(value.interval.lowerBound, 4), Number.rounded(value.interval.upperBound, 4))
    return
      "\(Number.rounded(value.share, 4)) [\(low), \(high)], \(Number.grouped(value.successes)) of \(Number.grouped(value.count))"
  }

  // MARK: Several

  /// One row for each network and variable; the column of variables only where some network has several.
  private var table: [String] {
    let terms = results.flatMap { $0.agreement.variables.map(\.fitted) }.first { !$0.terms.isEmpty }?.kindOfTerms
    let heads = [
      "network", "alike", "variable", "site", "k/d", "IIA", "null", "A", "bits gained", "sufficient", "necessary",
      terms ?? "",
    ]
    var rows = [heads]
    for result in results {
      let alike = FourierReport.percent(result.agreement.behaviour.alike)
      if result.agreement.overall == nil {
        rows.append([result.studied.shortName, alike, "", "stopped"] + heads.dropFirst(4).map { _ in "" })
      }
      for variable in result.agreement.variables {
        let fitted = variable.fitted
        rows.append([
          result.studied.shortName, alike, variable.variable, fitted.site.description,
          "\(fitted.subspace.dimensions)/\(fitted.subspace.width)",
          Number.rounded(variable.accuracy.share, 4), Number.rounded(variable.null, 4),
          Number.rounded(variable.score, 4),
          Number.grouped(Int(variable.bitsGained.rounded())), FourierReport.percent(variable.sufficiency.recovered),
          FourierReport.percent(variable.sufficiency.necessary),
          fitted.terms.joined(separator: " "),
        ])
      }
    }
    guard results.contains(where: { $0.agreement.variables.count > 1 }) else {
      for row in rows.indices { rows[row].remove(at: 2) }
      return Columns(rows, right: [1, 3, 4, 5, 6, 7, 8, 9]).lines
    }
    return Columns(rows, right: [1, 4, 5, 6, 7, 8, 9, 10]).lines
  }
}

extension AgreementResult {
  var record: JSONValue {
    studied.record(
      "agreement",
      [
        "program": .string(agreement.program.text),
        "constants": .array(agreement.program.constants.map { .string($0) }),
        "grammar": ["sha256": .string(grammarDigest)],
        "class": .string(agreement.options.alignment.rawValue), "seed": .integer(agreement.options.seed),
        "settings": agreement.options.record,
        "idleStates": .array(agreement.idleStates.map { .string($0) }),
        "behaviour": agreement.behaviour.alike.record, "leastMargin": .real(agreement.behaviour.leastMargin),
        "overall": .real(agreement.overall),
        "variables": .array(agreement.variables.map(\.record)), "seconds": .real(seconds),
        "cpuSeconds": .real(cpuSeconds),
      ])
  }
}

extension Agreement.Options {
  /// All that decides a measurement beside its program, network, decoys and seed.
  var record: JSONValue {
    let drawn: String =
      switch drawing {
      case .effective: "effective"
      case .all: "all"
      case .within(let size): "within runs of \(size)"
      }
    return [
      "class": .string(alignment.rawValue), "maxDimensions": .integer(maxDimensions), "pairs": .integer(pairs),
      "drawing": .string(drawn), "fittingPairs": .integer(usedFittingPairs), "goal": .real(goal),
      "sites": sites.map { JSONValue.array($0.map { .string($0.description) }) } ?? .null,
      "variables": variables.map { JSONValue.array($0.map { .string($0) }) } ?? .null,
      "leastBehaviour": .real(leastBehaviour), "ignoresBehaviour": .bool(ignoresBehaviour),
      "randomSubspaces": .integer(randomSubspaces), "rotationSteps": .integer(rotationSteps),
      "rotationSizes": rotationSizes.map { JSONValue.array($0.map { .integer($0) }) } ?? .null,
      "rotationBatch": .integer(rotationBatch), "rotationRate": .real(rotationRate),
    ]
  }
}

extension FittedSubspace {
  /// Frequencies of Z/p have numbers for names, characters of products a χ, representations of a symmetric group partitions.
  fileprivate var kindOfTerms: String {
    if terms.allSatisfy({ Int($0) != nil }) { return "frequencies" }
    return terms.contains { $0.hasPrefix("χ") } ? "characters of products" : "representations"
  }
}

extension StateMap {
  fileprivate var record: JSONValue {
    [
      "groups": .array(groups.map { .array($0.values.map { .string($0.description) }) }),
      "explained": .real(explained),
    ]
  }
}

extension Proportion {
  var record: JSONValue {
    [
      "count": .integer(count), "successes": .integer(successes), "share": .real(share),
      "interval": [.real(interval.lowerBound), .real(interval.upperBound)],
    ]
  }
}

extension VariableAgreement.Verdict {
  /// As records name it; which null it is is in `nulls`.
  fileprivate var name: String {
    switch self {
    case .implemented: "implemented"
    case .refuted: "refuted"
    case .isLikeAnswer: "like the answer"
    case .isReached: "reached by a null"
    case .isUnpaid: "fewer bits than the alignment"
    }
  }
}

extension VariableAgreement {
  var record: JSONValue {
    [
      "variable": .string(variable), "isAnswer": .bool(isAnswer), "site": .string(fitted.site.description),
      "dimensions": .integer(fitted.subspace.dimensions), "width": .integer(fitted.subspace.width),
      "frequencies": .array(fitted.frequencies.map { .integer($0) }),
      "terms": .array(fitted.terms.map { .string($0) }), "iia": accuracy.record,
      "discriminating": discriminating.record, "null": .real(null), "score": .real(score),
      "states": states?.record ?? .null,
      "principalComponents": principalComponents?.record ?? .null,
      "elsewhere": .array(elsewhere.map { ["after": .integer($0.after), "iia": $0.accuracy.record] }),
      "nulls": .array(nulls.map { ["name": .string($0.name), "iia": $0.accuracy.record] }),
      "implemented": .bool(isImplemented), "verdict": .string(verdict.name), "bitsGained": .real(bitsGained),
      "alignmentBits": .real(alignmentBits),
      "sufficiency": [
        "original": .real(sufficiency.original), "outsideResampled": .real(sufficiency.outsideResampled),
        "insideResampled": .real(sufficiency.insideResampled), "allResampled": .real(sufficiency.allResampled),
        "recovered": .real(sufficiency.recovered), "scrubbed": .real(sufficiency.scrubbed),
        "recoveredByScrubbing": .real(sufficiency.recoveredByScrubbing), "necessary": .real(sufficiency.necessary),
      ],
      "sites": .array(
        tried.map { fit in
          [
            "site": .string(fit.site.description),
            "curve": .array(
              fit.curve.map { ["dimensions": .integer($0.dimensions), "share": .real($0.fit.share)] }),
          ]
        }),
    ]
  }
}
