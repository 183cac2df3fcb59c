import ArgumentParser
import Documents

/// `levin reproduce`: runs the commands in `papers/` and compares their figures with what is claimed.
struct ReproduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce", _superCommandName: "levin",
    abstract: "Run the reproduced results and compare their figures with the claims.",
    discussion: """
      Each folder of papers/ holds a claims.json: commands, the figure to take from
      their records, and its bounds. Without NAME all are run. Ends with code 3
      when a figure is missed.
      """)

  @Argument(help: "A folder of papers/, or a path to one.")
  var names: [String] = []
  @Flag(help: "Also the claims that take minutes or hours.")
  var full = false
  @Flag(help: "List the claims without running them.")
  var list = false
  @Option(help: "Threads for the commands that take them.")
  var threads = 1

  func validate() throws {
    guard (1...64).contains(threads) else { throw ValidationError("--threads \(threads) is outside 1 … 64") }
  }

  func run() throws {
    try Terminal.reporting {
      Interruption.listen()
      let folders =
        try names.isEmpty ? ProjectFolder.entries("papers") : names.map { try ProjectFolder.path("papers", $0) }
      var missed = 0
      // Claims one after the other about one command share its run.
      var last: (command: [String], records: [JSONValue])?
      for folder in folders {
        let paper = try Paper(folder)
        Terminal.out("\(paper.title)\n")
        for claim in paper.claims {
          if list || claim.isLong && !full {
            Terminal.out(
              "  \(list ? "claim" : "left out (--full)")  \(claim.text): \(claim.bound)\n    levin \(claim.shown)\n")
            continue
          }
          let records = try last?.command == claim.command ? last!.records : claim.records(threads: threads)
          if Interruption.signalNumber != 0 { throw ExitCode(128 + Interruption.signalNumber) }
          last = (claim.command, records)
          let outcome = claim.outcome(records)
          if !outcome.isMet { missed += 1 }
          Terminal.out(
            "  \(outcome.isMet ? "met   " : "MISSED")  \(claim.text): \(claim.bound); found \(outcome.text)\n")
        }
      }
      if missed > 0 {
        Terminal.out("\(missed) missed\n")
        throw Exit.incomplete
      }
    }
  }
}

/// A folder of `papers/` with its claims.
struct Paper {
  let title: String
  let claims: [Claim]

  init(_ folder: String) throws(InputError) {
    let path = "\(folder)/claims.json"
    let document = try JSONValue(parsing: readFile(path, limit: 1 << 20), file: path)
    guard let title = document["title"]?.string, let list = document["claims"]?.array else {
      throw InputError(file: path, message: "expected an object with 'title' and 'claims'")
    }
    self.title = title
    var claims: [Claim] = []
    for (number, entry) in list.enumerated() {
      guard let claim = Claim(entry) else {
        throw InputError(
          file: path,
          message:
            "claim \(number + 1) is not one; expected 'text', 'command' (words), 'figure' (a path in the record), "
            + "'reduce' (least, median, greatest, sum or count) and 'atLeast', 'atMost' or both; or 'equals', the text "
            + "of the figure, alone in their place")
      }
      claims.append(claim)
    }
    self.claims = claims
  }
}

/// One figure: the command that makes it and where it must lie, or the text that it must be.
struct Claim {
  enum Reduction: String { case least, median, greatest, sum, count }

  enum Bound {
    /// One number made of those of all records.
    case number(Reduction, atLeast: Double?, atMost: Double?)
    /// The figure of every record is this text, such as an exact fraction.
    case equals(String)
  }

  let text: String
  let command: [String]
  /// Names of members, one inside the other, in each record that the command prints; `a/b` divides one by the other.
  let figure: String
  let bound: Bound
  /// Whether it runs under `--full` alone.
  let isLong: Bool

  init?(_ value: JSONValue) {
    guard let text = value["text"]?.string, let command = value["command"]?.array?.compactMap(\.string),
      !command.isEmpty, command.count == value["command"]?.array?.count, let figure = value["figure"]?.string,
      (1...2).contains(figure.split(separator: "/").count),
      let bound = Bound(value)
    else { return nil }
    self.text = text
    self.command = command
    self.figure = figure
    self.bound = bound
    isLong = value["full"]?.bool ?? false
  }

  var shown: String { command.map(SearchCommand.quoted).joined(separator: " ") }

  /// The figure found, nil when a record lacks it.
  struct Outcome {
    let found: String?
    let isMet: Bool

    var text: String { found ?? "none" }
  }

  /// The records that the command prints.
  func records(threads: Int) throws -> [JSONValue] {
    var words = command + ["--json"]
    if command.first == "learn" { words += ["--threads", "\(threads)"] }
    let output = try Terminal.capturing {
      var command = try Levin.parseAsRoot(words)
      do { try command.run() } catch let code as ExitCode where code == Exit.incomplete || code == Exit.nothingFound {}
    }
    return try output.split(separator: "\n").map {
      try JSONValue(parsing: String($0), file: "record of levin \(shown)")
    }
  }

  func outcome(_ records: [JSONValue]) -> Outcome {
    switch bound {
    case .equals(let text):
      let found = records.map { Self.member(figure, of: $0)?.string }
      // What differs is what is shown.
      return Outcome(
        found: found.first { $0 != text } ?? found.first ?? nil,
        isMet: !found.isEmpty && found.allSatisfy { $0 == text })
    case .number(let reduction, let atLeast, let atMost):
      let values = records.compactMap { number(in: $0, reduction) }
      guard values.count == records.count, let found = Self.reduced(values, reduction) else {
        return Outcome(found: nil, isMet: false)
      }
      return Outcome(
        found: Self.number(found), isMet: found >= atLeast ?? -.infinity && found <= atMost ?? .infinity)
    }
  }

  /// The member at a path of names with points between them, where numbers are places in arrays.
  private static func member(_ path: some StringProtocol, of record: JSONValue) -> JSONValue? {
    path.split(separator: ".").reduce(Optional(record)) { value, name in
      Int(name).flatMap { index in value?.array.flatMap { $0.indices.contains(index) ? $0[index] : nil } }
        ?? value?[String(name)]
    }
  }

  private func number(in record: JSONValue, _ reduction: Reduction) -> Double? {
    let parts = figure.split(separator: "/").map { Self.member($0, of: record)?.double }
    guard let first = parts[0] else { return reduction == .count ? 0 : nil }
    guard parts.count == 2 else { return first }
    guard let second = parts[1], second != 0 else { return nil }
    return first / second
  }

  private static func reduced(_ values: [Double], _ reduction: Reduction) -> Double? {
    if values.isEmpty { return nil }
    switch reduction {
    case .least: return values.min()
    case .median: return LearningTable.median(values)
    case .greatest: return values.max()
    case .sum: return values.reduce(0, +)
    case .count: return Double(values.count { $0 != 0 })
    }
  }

  static func number(_ value: Double) -> String {
    value == value.rounded() ? Number.rounded(value, 0) : Number.rounded(value, 4)
  }
}

extension Claim.Bound {
  init?(_ value: JSONValue) {
    let (atLeast, atMost) = (value["atLeast"]?.double, value["atMost"]?.double)
    if let text = value["equals"]?.string {
      guard atLeast == nil, atMost == nil, value["reduce"] == nil else { return nil }
      self = .equals(text)
    } else {
      guard atLeast != nil || atMost != nil,
        let reduction = value["reduce"]?.string.flatMap(Claim.Reduction.init)
      else { return nil }
      self = .number(reduction, atLeast: atLeast, atMost: atMost)
    }
  }
}

extension Claim.Bound: CustomStringConvertible {
  var description: String {
    switch self {
    case .equals(let text): text
    case .number(_, let atLeast, let atMost):
      [atLeast.map { "at least \(Claim.number($0))" }, atMost.map { "at most \(Claim.number($0))" }].compactMap { $0 }
        .joined(separator: " and ")
    }
  }
}
