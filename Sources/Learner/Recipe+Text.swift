public import Documents
public import Networks

extension Recipe {
  /// Whether all arguments share one embedding table.
  public var isTied: Bool { if case .embeddingMLP(let mlp) = network { mlp.tied } else { true } }

  /// The recipe as a record holds it: all that decides a run beside data and seed.
  public var record: JSONValue {
    // A member of its own only where it is unusual: records of other runs stay as they were.
    var record: JSONValue = [
      "network": network.json, "parameters": .integer(network.layout.count), "method": method.record,
      "batchSize": batchSize.map { .integer($0) } ?? .null, "maxSteps": .integer(maxSteps),
      "evaluationInterval": .integer(evaluationInterval),
    ]
    if case .object(var members) = record {
      if omitsEquals { members["omitsEquals"] = true }
      if case .transformer(let c) = network, c.initialisation != .nanda {
        members["initialisation"] = .string(c.initialisation.rawValue)
      }
      record = .object(members)
    }
    return record
  }

  /// The network in a line.
  public var networkText: String { network.summary }

  /// Optimiser, rate and batch in a line.
  public var methodText: String { "\(method.text), \(batchSize.map { "batches of \($0)" } ?? "full batch")" }
}

extension NetworkConfiguration {
  /// The network in a line: `tied MLP, vocabulary 113, width 128, 256 relu units, 113 answers; 76,160 parameters`.
  public var summary: String {
    let sizes: String
    switch self {
    case .embeddingMLP(let c):
      sizes =
        "\(c.tied ? "tied" : "untied") MLP, vocabulary \(c.vocabulary), width \(c.width), \(c.hidden) \(c.activation.rawValue) units, \(c.outputs) answers"
    case .transformer(let c):
      sizes =
        "transformer, \(c.layers) layer\(c.layers == 1 ? "" : "s"), vocabulary \(c.vocabulary), width \(c.width), \(c.heads) heads of \(c.headWidth)\(c.pattern == .constant ? " with constant attention" : ""), "
        + "\(c.hidden) \(c.activation.rawValue) units, \(c.normalization == .none ? "no" : "with") layer norm, \(c.outputs) answers"
    case .recurrent(let c):
      sizes =
        "\(c.cell.rawValue.uppercased()), vocabulary \(c.vocabulary), width \(c.width), \(c.hidden) units, \(c.outputs) answers"
    }
    return "\(sizes); \(Self.grouped(layout.count)) parameters"
  }

  /// `76,160`.
  private static func grouped(_ count: Int) -> String {
    var text = ""
    for (place, digit) in String(count).reversed().enumerated() {
      if place > 0, place % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }
}
