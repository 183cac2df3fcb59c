public import Documents
public import ExactArithmetic

/// The finished cells of a comparison, read back from their records.
public struct ComparisonResults: Sendable {
  /// A method as the header of the run describes it.
  public struct Method: Sendable {
    /// The word in plans, such as `search`.
    public let name: String
    /// What tables call it, such as `program search`.
    public let title: String
    /// What it is made of.
    public let kind: MethodKind
    /// Its place in the plan.
    public let place: Int
  }

  /// What `plan.json` holds: version, plan, and methods with their settings.
  public let header: JSONValue
  /// The finished cells, those that failed included, in the order in which the folder lists them.
  public let entries: [RunFolder.Entry]
  /// The methods in the order of the plan.
  public let methods: [Method]
  /// Names of the tasks, in the order of the plan.
  public let tasks: [String]
  /// Seeds of the plan, in its order.
  public let seeds: [UInt64]
  /// Shares of training examples of the plan, exact, in its order.
  public let fractions: [Rational]
  private let byKey: [Key: [RunFolder.Entry]]
  /// Names of codes that several methods have.
  private let sharedCodes: Set<String>

  private struct Key: Hashable {
    let task: String
    let method: String
    let question: String
  }

  /// Results from a run's header and cells; what the header lacks, or holds in another form, is left out.
  public init(header: JSONValue, entries: [RunFolder.Entry]) {
    self.header = header
    self.entries = entries
    methods = (header["methods"]?.array ?? []).enumerated().compactMap { place, method in
      guard let name = method["name"]?.string, let title = method["title"]?.string,
        let kind = method["kind"]?.string.flatMap(MethodKind.init(rawValue:))
      else { return nil }
      return Method(name: name, title: title, kind: kind, place: place)
    }
    let plan = header["plan"]
    tasks = plan?["tasks"]?.array?.compactMap(\.string) ?? []
    seeds = plan?["seeds"]?.array?.compactMap { $0.integer(as: UInt64.self) } ?? []
    fractions = plan?["fractions"]?.array?.compactMap { $0.string.flatMap { Rational($0) } } ?? []
    byKey = Dictionary(grouping: entries.filter { !$0.isFailure }) {
      Key(
        task: $0.record["task"]?.string ?? "", method: $0.record["method"]?.string ?? "",
        question: $0.record["question"]?.string ?? "")
    }
    var owners: [String: Set<String>] = [:]
    for entry in entries where !entry.isFailure {
      for code in CodeSummary.codes(entry) {
        owners[code.name, default: []].insert(entry.record["method"]?.string ?? "")
      }
    }
    sharedCodes = Set(owners.filter { $0.value.count > 1 }.keys)
  }

  /// The cells of a method on a task, over seeds.
  public func cells(_ task: String, _ method: String, _ question: Cell.Question) -> [RunFolder.Entry] {
    byKey[Key(task: task, method: method, question: "\(question)")] ?? []
  }

  /// What a method learnt from a share of a function's examples; nil when no cell of it is done.
  public func learning(_ task: String, _ method: Method, _ share: Rational) -> LearningSummary? {
    LearningSummary(cells(task, method.name, .learn(share)))
  }

  /// Codes for the labels of a task, by method, as medians over seeds; where seeds have other labels to code, not as
  /// many, those of the first seed.
  public func codes(_ task: String) -> [CodeSummary] {
    var coded = entries.filter {
      !$0.isFailure && $0.record["task"]?.string == task && $0.record["question"]?.string?.hasPrefix("code ") == true
    }
    let isOfOneSeed = Set(coded.map { CodeSummary.labels($0) }).count > 1
    if isOfOneSeed {
      func seed(_ entry: RunFolder.Entry) -> UInt64? { entry.record["seed"]?.integer(as: UInt64.self) }
      let first = seeds.first { number in coded.contains { seed($0) == number } }
      coded = coded.filter { seed($0) == first }
    }
    return methods.flatMap { method -> [CodeSummary] in
      let own = coded.filter { $0.record["method"]?.string == method.name }
      var names: [String] = []
      for entry in own {
        for code in CodeSummary.codes(entry) where !names.contains(code.name) { names.append(code.name) }
      }
      return names.compactMap {
        CodeSummary(method, $0, isShared: sharedCodes.contains($0), isOfOneSeed: isOfOneSeed, own)
      }
    }
  }

  /// The share at which tables compare: that nearest to 3/10, the smaller of two.
  public var referenceShare: Rational? {
    fractions.min { (($0 - Rational(3, 10)).magnitude, $0) < (($1 - Rational(3, 10)).magnitude, $1) }
  }

  /// What the records say of a task's data.
  public func data(_ task: String) -> JSONValue? { entries.first { $0.record["task"]?.string == task }?.record["data"] }

  /// Whether no cell of those that ran failed.
  public var isComplete: Bool { !entries.contains(where: \.isFailure) }
}

/// Cells of one method, task and share, over seeds.
public struct LearningSummary: Sendable {
  /// The cells, one for each seed.
  public let entries: [RunFolder.Entry]
  /// The cell that has the median accuracy: what its method found belongs to it.
  public let middle: RunFolder.Entry
  /// Training examples, by the record of the first seed.
  public let training: Int
  /// Unseen inputs that are answered, by the record of the first seed.
  public let unseen: Int
  /// Median share of unseen inputs answered rightly, exact; of an even number of seeds the lower of the middle two.
  public let accuracy: Rational
  /// The lowest of the seeds' shares, exact.
  public let least: Rational
  /// The highest of the seeds' shares, exact.
  public let greatest: Rational
  /// The right answers of the seed that has the median.
  public let right: Rational
  /// Median CPU seconds of a cell; of an even number of seeds the lower of the middle two.
  public let cpuSeconds: Double

  init?(_ entries: [RunFolder.Entry]) {
    let found = entries.compactMap { entry -> (accuracy: Rational, right: Rational, entry: RunFolder.Entry)? in
      guard let unseen = entry.record["unseen"]?.integer(as: Int.self), unseen > 0,
        let right = entry.record["unseenRight"]?.string.flatMap({ Rational($0) })
      else { return nil }
      return (right / Rational(unseen), right, entry)
    }.enumerated().sorted { ($0.element.accuracy, $0.offset) < ($1.element.accuracy, $1.offset) }.map(\.element)
    guard let first = entries.first, !found.isEmpty, found.count == entries.count else { return nil }
    self.entries = entries
    training = first.record["data"]?["training"]?.integer(as: Int.self) ?? 0
    unseen = first.record["unseen"]?.integer(as: Int.self) ?? 0
    (accuracy, right, middle) = found[(found.count - 1) / 2]
    (least, greatest) = (found[0].accuracy, found[found.count - 1].accuracy)
    cpuSeconds = Self.median(entries.compactMap { $0.times["cpuSeconds"]?.double })
  }

  /// The cell of the first seed.
  public var first: RunFolder.Entry { entries[0] }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? 0 : sorted[(sorted.count - 1) / 2]
  }
}

/// One code of a method, over seeds.
public struct CodeSummary: Sendable {
  /// The method that the code belongs to.
  public let method: ComparisonResults.Method
  /// The code's name, such as `uniform`.
  public let name: String
  /// The name, with the method's behind it where several methods have a code of that name: `prequential network (MLP)`.
  public let title: String
  /// Of the seed with the median total: its parts.
  public let parts: [(name: String, bits: Double)]
  /// Bits for all labels of the seed with the median; of an even number of seeds the lower of the middle two.
  public let bits: Double
  /// Labels that are coded; of sequences every output symbol is one.
  public let labels: Int
  /// The sequences whose labels these are; nil for a function, of which all labels are coded.
  public let sequences: Int?
  /// Whether they are the terms of an integer sequence.
  private let hasTerms: Bool
  /// The seed whose sequences are coded; nil where all seeds have as many labels.
  public let seed: UInt64?
  /// Median CPU seconds of the cells that hold the code; of an even number the lower of the middle two.
  public let cpuSeconds: Double

  init?(
    _ method: ComparisonResults.Method, _ name: String, isShared: Bool, isOfOneSeed: Bool, _ entries: [RunFolder.Entry]
  ) {
    let found = entries.compactMap {
      entry -> (code: (name: String, bits: Double, parts: [(name: String, bits: Double)]), entry: RunFolder.Entry)? in
      Self.codes(entry).first { $0.name == name }.map { ($0, entry) }
    }.sorted { $0.code.bits < $1.code.bits }
    guard !found.isEmpty else { return nil }
    let middle = found[(found.count - 1) / 2]
    self.method = method
    self.name = name
    title = isShared ? "\(name) (\(method.title))" : name
    (bits, parts) = (middle.code.bits, middle.code.parts)
    let data = middle.entry.record["data"]
    labels = Self.labels(middle.entry)
    hasTerms = data?["terms"] != nil
    sequences = data?["trainingLabels"] == nil ? nil : data?["training"]?.integer(as: Int.self)
    seed = isOfOneSeed ? middle.entry.record["seed"]?.integer(as: UInt64.self) : nil
    cpuSeconds = LearningSummary.median(found.compactMap { $0.entry.times["cpuSeconds"]?.double })
  }

  /// `all 12,769 labels`, `4,232 labels of 199 sequences`, or `166 symbols of 40 terms`.
  public var labelsText: String {
    guard let sequences else { return labels > 0 ? "all \(Numerals.grouped(labels)) labels" : "all labels" }
    if hasTerms { return "\(Numerals.grouped(labels)) symbols of \(Numerals.counted(sequences, "term"))" }
    return "\(Numerals.grouped(labels)) labels of \(Numerals.grouped(sequences)) sequences"
      + (seed.map { ", seed \($0)" } ?? "")
  }

  /// The labels that a cell codes: of sequences every symbol of the outputs is one.
  static func labels(_ entry: RunFolder.Entry) -> Int {
    let data = entry.record["data"]
    return (data?["examples"] ?? data?["trainingLabels"])?.integer(as: Int.self) ?? 0
  }

  /// Whether none of these codes is shorter; what differs by no more than the rounding of logarithms is equal.
  public func isShortest(among codes: [CodeSummary]) -> Bool {
    codes.allSatisfy { bits <= $0.bits + 1e-12 * $0.bits.magnitude }
  }

  static func codes(_ entry: RunFolder.Entry) -> [(name: String, bits: Double, parts: [(name: String, bits: Double)])] {
    (entry.record["codes"]?.array ?? []).compactMap { code in
      guard let name = code["name"]?.string, let bits = code["bits"]?.double else { return nil }
      let parts = (code["parts"]?.array ?? []).compactMap { part in
        part["name"]?.string.flatMap { name in part["bits"]?.double.map { (name, $0) } }
      }
      return (name, bits, parts)
    }
  }
}
