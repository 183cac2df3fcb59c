public import Documents

/// A second look at what a cell came to: a trained network is read and compared with a program.
///
/// Examiners are optional. One sees a finished cell and nothing of other cells, so that records stay functions of the plan;
/// its work is timed apart from the cell's.
public protocol CellExaminer: Sendable {
  /// Every setting that decides an examination beside the cell and the files that are read.
  var settings: JSONValue { get }
  /// Whether it has something to say about such cells.
  func examines(_ cell: Cell, of kind: MethodKind) -> Bool
  /// The files that an examination depends on beside the cell, such as grammars; see `ComparedMethod.files(for:)`.
  func files(for problem: Problem) -> [FileDigest]
  /// What is found; what cannot be found out is part of it, with its reason.
  ///
  /// - Parameter context: the cell's: its folder holds the network.
  func examination(of outcome: Outcome, _ problem: Problem, seed: UInt64, context: CellContext) throws -> Examination
}

extension CellExaminer {
  /// The default: no file is read.
  public func files(for problem: Problem) -> [FileDigest] { [] }
}

/// What was found out about a trained network: how it computes, whether a program computes the same, and in how many bits.
public struct Examination: Sendable {
  /// Something that was found, or the reason why it cannot be.
  public enum Finding<Found: Sendable>: Sendable {
    /// It was found.
    case found(Found)
    /// The reason why it cannot be found, as a sentence for reports.
    case refused(String)

    /// What was found; nil when it was refused.
    public var value: Found? { if case .found(let value) = self { value } else { nil } }
    /// Why there is nothing; nil when something was found.
    public var reason: String? { if case .refused(let reason) = self { reason } else { nil } }
  }

  /// The program that the search found for the same task and split.
  public struct Program: Sendable {
    /// As people write it.
    public let text: String
    /// −log2 of its prior.
    public let bits: Double

    /// A program with its bits.
    public init(text: String, bits: Double) { (self.text, self.bits) = (text, bits) }
  }

  /// The network's logits in the terms of the answers' group.
  public struct Reading: Sendable {
    /// Names of the key frequencies or representations, the strongest first.
    public let key: [String]
    /// The share of the logits' variance that these explain as functions of answer and label alone.
    public let explained: Double

    /// Key terms with what they explain, from 0 to 1.
    public init(key: [String], explained: Double) { (self.key, self.explained) = (key, explained) }
  }

  /// The network beside the program.
  public struct Agreement: Sendable {
    /// Inputs on which both answer alike, of those on which the program has a value.
    public let alike: Int
    /// Inputs on which the program has a value.
    public let inputs: Int
    /// What interchanges gave; refused where the answers differ.
    public let interchange: Finding<Interchange>

    /// Answers alike, and what interchanges gave.
    public init(alike: Int, inputs: Int, interchange: Finding<Interchange>) {
      (self.alike, self.inputs, self.interchange) = (alike, inputs, interchange)
    }
  }

  /// Of the program's variable with the least score.
  public struct Interchange: Sendable {
    /// As the program's language writes it.
    public let variable: String
    /// A = (IIA − null)/(1 − null), the least of the variables'.
    public let score: Double
    /// Interchange accuracy on the half that was not fitted on.
    public let accuracy: Double
    /// The best of random subspaces, the untrained network and rivals in the same size, and but for states of principal components.
    public let null: Double
    /// The activation that the subspace is a part of.
    public let site: String
    /// Of the subspace.
    public let dimensions: Int
    /// Of the activation.
    public let width: Int
    /// All variables, as `levin agree --json` writes them.
    public let variables: JSONValue

    /// The figures of one variable, and all variables as a record.
    public init(
      variable: String, score: Double, accuracy: Double, null: Double, site: String, dimensions: Int, width: Int,
      variables: JSONValue
    ) {
      (self.variable, self.score, self.accuracy, self.null) = (variable, score, accuracy, null)
      (self.site, self.dimensions, self.width, self.variables) = (site, dimensions, width, variables)
    }
  }

  /// The network's way of answering, written as a program that runs without it.
  public struct Extraction: Sendable {
    /// As its language writes it.
    public let text: String
    /// What its arguments and answers number, in words; nil where these are the residues themselves.
    public let numbers: String?
    /// −log2 of its prior.
    public let bits: Double
    /// Inputs on which it answers as the network does.
    public let alike: Int
    /// Inputs that have numbers.
    public let inputs: Int
    /// The share of the variance of the network's logits that its scores explain.
    public let explained: Double

    /// A program with how it answers beside the network.
    public init(text: String, numbers: String? = nil, bits: Double, alike: Int, inputs: Int, explained: Double) {
      (self.text, self.numbers, self.bits, self.alike, self.inputs) = (text, numbers, bits, alike, inputs)
      self.explained = explained
    }
  }

  /// The program that the search found on the same split.
  public let program: Finding<Program>
  /// The network's logits in terms of the answers' group; nil on sequences, which are not read so.
  public let reading: Finding<Reading>?
  /// The network beside the program.
  public let agreement: Finding<Agreement>
  /// The network's way of answering as a program; nil on sequences.
  public let extraction: Finding<Extraction>?
  /// Bits of a table of all answers that were compared, each by the uniform code.
  public let tableBits: Double

  /// An examination from its parts.
  public init(
    program: Finding<Program>, reading: Finding<Reading>?, agreement: Finding<Agreement>,
    extraction: Finding<Extraction>?, tableBits: Double
  ) {
    (self.program, self.reading, self.agreement) = (program, reading, agreement)
    (self.extraction, self.tableBits) = (extraction, tableBits)
  }
}

extension Examination {
  /// Why parts of it were not measured, each reason once; those of the extracted program apart.
  public var reasons: [String] {
    let all = [program.reason, reading?.reason, agreement.reason, agreement.value?.interchange.reason].compactMap(
      \.self)
    return all.enumerated().filter { !all[..<$0.offset].contains($0.element) }.map(\.element)
  }
}

// MARK: - As a record

extension Examination.Finding {
  fileprivate func record(_ write: (Found) -> JSONValue) -> JSONValue {
    switch self {
    case .found(let value): write(value)
    case .refused(let reason): ["reason": .string(reason)]
    }
  }

  /// - Returns: nil when the record is neither a reason nor what `read` knows.
  fileprivate init?(_ record: JSONValue?, _ read: (JSONValue) -> Found?) {
    guard let record else { return nil }
    if let reason = record["reason"]?.string {
      self = .refused(reason)
    } else if let value = read(record) {
      self = .found(value)
    } else {
      return nil
    }
  }
}

extension Examination {
  /// As the field `circuits` of a cell's record.
  public var record: JSONValue {
    [
      "program": program.record { ["text": .string($0.text), "bits": .real($0.bits)] },
      "reading": reading?.record {
        ["key": .array($0.key.map { .string($0) }), "explained": .real($0.explained)]
      } ?? .null,
      "agreement": agreement.record {
        [
          "alike": .integer($0.alike), "inputs": .integer($0.inputs),
          "interchange": $0.interchange.record {
            [
              "variable": .string($0.variable), "score": .real($0.score), "iia": .real($0.accuracy),
              "null": .real($0.null), "site": .string($0.site), "dimensions": .integer($0.dimensions),
              "width": .integer($0.width), "variables": $0.variables,
            ]
          },
        ]
      },
      "extraction": extraction?.record {
        [
          "text": .string($0.text), "numbers": $0.numbers.map { .string($0) } ?? .null, "bits": .real($0.bits),
          "alike": .integer($0.alike),
          "inputs": .integer($0.inputs), "explained": .real($0.explained),
        ]
      } ?? .null,
      "tableBits": .real(tableBits),
    ]
  }

  /// What a record's field says; nil when it is no examination.
  public init?(record: JSONValue) {
    func number(_ value: JSONValue, _ name: String) -> Int? { value[name]?.integer(as: Int.self) }
    /// What is null where it does not apply; nil outside when it is neither.
    func optional<Found>(_ name: String, _ read: (JSONValue) -> Found?) -> Finding<Found>?? {
      if record[name] == .null { return .some(nil) }
      return Finding(record[name], read).map { .some($0) }
    }
    guard
      let program = Finding<Program>(
        record["program"],
        { value in
          value["text"]?.string.flatMap { text in value["bits"]?.double.map { Program(text: text, bits: $0) } }
        }),
      let reading = optional(
        "reading",
        { value -> Reading? in
          guard let key = value["key"]?.array?.compactMap(\.string), let explained = value["explained"]?.double else {
            return nil
          }
          return Reading(key: key, explained: explained)
        }),
      let agreement = Finding<Agreement>(
        record["agreement"],
        { value in
          guard let alike = number(value, "alike"), let inputs = number(value, "inputs"),
            let interchange = Finding<Interchange>(value["interchange"], Self.interchange)
          else { return nil }
          return Agreement(alike: alike, inputs: inputs, interchange: interchange)
        }),
      let extraction = optional(
        "extraction",
        { value -> Extraction? in
          guard let text = value["text"]?.string, let bits = value["bits"]?.double,
            let alike = number(value, "alike"), let inputs = number(value, "inputs"),
            let explained = value["explained"]?.double
          else { return nil }
          return Extraction(
            text: text, numbers: value["numbers"]?.string, bits: bits, alike: alike, inputs: inputs,
            explained: explained)
        }),
      let tableBits = record["tableBits"]?.double
    else { return nil }
    self.init(
      program: program, reading: reading, agreement: agreement, extraction: extraction, tableBits: tableBits)
  }

  private static func interchange(_ value: JSONValue) -> Interchange? {
    guard let variable = value["variable"]?.string, let score = value["score"]?.double,
      let accuracy = value["iia"]?.double, let null = value["null"]?.double, let site = value["site"]?.string,
      let dimensions = value["dimensions"]?.integer(as: Int.self), let width = value["width"]?.integer(as: Int.self)
    else { return nil }
    return Interchange(
      variable: variable, score: score, accuracy: accuracy, null: null, site: site, dimensions: dimensions,
      width: width, variables: value["variables"] ?? [])
  }
}
