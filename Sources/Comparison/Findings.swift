internal import Documents
public import ExactArithmetic
internal import Tasks

/// What the records say, as comparisons and as sentences; every word of it is computed.
public struct Findings: Sendable {
  /// The cells that the sentences speak of.
  public let results: ComparisonResults

  /// What these results say; each sentence is computed when it is asked for.
  public init(_ results: ComparisonResults) { self.results = results }

  /// 99 %: what counts as having found the rule.
  public static let threshold = Rational(99, 100)

  // MARK: Winners

  /// Methods with the greatest accuracy on a task at a share; several when they are equal, none without records.
  public func best(_ task: String, _ share: Rational) -> Set<String> {
    let found = results.methods.compactMap { method in
      results.learning(task, method, share).map { (method.name, $0.accuracy) }
    }
    guard let greatest = found.map(\.1).max() else { return [] }
    return Set(found.filter { $0.1 == greatest }.map(\.0))
  }

  /// The codes of the fewest bits on a task; several when they are equal, none without records.
  public func shortestCodes(_ task: String) -> [CodeSummary] {
    let codes = results.codes(task)
    return codes.filter { $0.isShortest(among: codes) }
  }

  /// The smallest number of training examples at which a method's median reaches 99 % of the unseen ones, among the
  /// shares of the plan; nil when it never does.
  public func examplesNeeded(_ task: String, _ method: ComparisonResults.Method) -> Int? {
    for share in results.fractions.sorted() {
      if let summary = results.learning(task, method, share), summary.accuracy >= Self.threshold {
        return summary.training
      }
    }
    return nil
  }

  /// The mean accuracy over the lengths of a cell that are beyond the longest training input, exact; nil without any.
  public func longAccuracy(_ entry: RunFolder.Entry) -> Rational? {
    let found = (entry.record["accuracyByLength"]?.array ?? []).compactMap { point -> Rational? in
      guard let length = point["length"]?.integer(as: Int.self), length > ChomskyProtocol.trainingLengths.upperBound
      else {
        return nil
      }
      return point["accuracy"]?.string.flatMap { Rational($0) }
    }
    return found.isEmpty ? nil : found.reduce(0, +) / Rational(found.count)
  }

  /// The median of that over the seeds of a method; nil without any.
  public func longAccuracy(_ task: String, _ method: ComparisonResults.Method) -> Rational? {
    let found = results.cells(task, method.name, .learn(nil)).compactMap { longAccuracy($0) }.sorted()
    return found.isEmpty ? nil : found[(found.count - 1) / 2]
  }

  private func methods(_ kind: MethodKind) -> [ComparisonResults.Method] { results.methods.filter { $0.kind == kind } }

  private var functionTasks: [String] {
    results.tasks.filter { task in
      results.methods.contains { method in
        results.fractions.contains { results.learning(task, method, $0) != nil }
      }
    }
  }

  // MARK: Sentences

  /// How many of the sentences say who won, by how much and at what cost.
  public var leadCount: Int { (functionTasks.count == 1 ? 3 : 2) + (missing == nil ? 0 : 1) }

  /// That cells of the plan are not done; nil when all are.
  private var missing: String? {
    guard let planned = results.header["cells"]?.integer(as: Int.self), planned > results.entries.count else {
      return nil
    }
    return "This run is not finished: \(results.entries.count) of \(planned) cells are done."
  }

  /// The sentences that the table supports, most important first.
  public var sentences: [String] {
    var found: [String] = []
    if let share = results.referenceShare {
      found +=
        functionTasks.count == 1
        ? one(functionTasks[0], share) : several(functionTasks, share)
    }
    if let sentence = sequenceSentence { found.append(sentence) }
    if let bits = bitsSentence { found.append(bits) }
    if results.fractions.count > 1, let sentence = efficiencySentence { found.append(sentence) }
    if let sentence = circuitSentence { found.append(sentence) }
    found += controlSentences
    let failures = results.entries.count(where: \.isFailure)
    if let missing { found.insert(missing, at: 0) }
    if failures > 0 { found.append("\(failures) of \(results.entries.count) cells failed; the report lists them.") }
    return found
  }

  private func answered(_ method: ComparisonResults.Method, _ summary: LearningSummary) -> String {
    let time = "in \(Numerals.seconds(summary.cpuSeconds)) of CPU"
    let seeds = summary.entries.count > 1 ? " (median of \(summary.entries.count) seeds)" : ""
    if summary.accuracy == 1 {
      return "\(method.title) answers all \(Numerals.grouped(summary.unseen)) unseen inputs rightly \(time)\(seeds)"
    }
    return "\(method.title) answers \(Numerals.percent(summary.accuracy)) \(time)\(seeds)"
  }

  private func one(_ task: String, _ share: Rational) -> [String] {
    let found = results.methods.compactMap { method in
      results.learning(task, method, share).map { (method: method, summary: $0) }
    }
    let able = found.filter { $0.method.kind != .baseline }
    // Baselines among themselves are compared too.
    let contenders = able.isEmpty ? found : able
    guard let first = contenders.first else { return [] }
    let all = first.summary.training + first.summary.unseen
    var text =
      "From \(Numerals.grouped(first.summary.training)) of \(Numerals.grouped(all)) examples of \(task), "
      + contenders.map { answered($0.method, $0.summary) }.joined(separator: "; ")
    if first.summary.middle.record["hypothesis"]?["infix"] != nil {
      text += ". The program is \(first.summary.middle.hypothesisText)"
    }
    return [text + ".", verdict(contenders, among: found), costs(task, contenders)]
      .filter { !$0.isEmpty }
  }

  /// What the cheapest program and the cheapest network of those that found the rule cost, beside each other.
  private func costs(_ task: String, _ found: [(method: ComparisonResults.Method, summary: LearningSummary)]) -> String
  {
    func cheapest(_ kind: MethodKind) -> (method: ComparisonResults.Method, summary: LearningSummary)? {
      found.filter { $0.method.kind == kind && $0.summary.accuracy >= Self.threshold }
        .min { $0.summary.cpuSeconds < $1.summary.cpuSeconds }
    }
    func shortest(_ kind: MethodKind) -> CodeSummary? {
      results.codes(task).filter { $0.method.kind == kind }.min { $0.bits < $1.bits }
    }
    var parts: [String] = []
    if let program = cheapest(.program), let network = cheapest(.network), program.summary.cpuSeconds > 0 {
      let ratio = network.summary.cpuSeconds / program.summary.cpuSeconds
      parts.append(
        ratio >= 1
          ? "\(network.method.title) takes \(Numerals.rounded(ratio, 1)) times the CPU time of \(program.method.title)"
          : "\(program.method.title) takes \(Numerals.rounded(1 / ratio, 1)) times the CPU time of \(network.method.title)"
      )
    }
    if let program = shortest(.program), let network = shortest(.network), program.bits > 0, network.bits > 0 {
      let (longer, shorter) = program.bits < network.bits ? (network, program) : (program, network)
      parts.append(
        "the \(longer.title) code takes \(Numerals.rounded(longer.bits / shorter.bits, 1)) times the bits of the \(shorter.title) code"
      )
    }
    guard let first = parts.first else { return "" }
    return "Cost: \(([first] + parts.dropFirst()).joined(separator: "; "))."
  }

  /// Who answers most; a baseline that answers more is named behind it.
  private func verdict(
    _ contenders: [(method: ComparisonResults.Method, summary: LearningSummary)],
    among all: [(method: ComparisonResults.Method, summary: LearningSummary)]
  ) -> String {
    guard let greatest = contenders.map(\.summary.accuracy).max() else { return "" }
    let winners = contenders.filter { $0.summary.accuracy == greatest }.map(\.method.title)
    let loser = contenders.filter { $0.summary.accuracy < greatest }.max { $0.summary.accuracy < $1.summary.accuracy }
    let lead =
      loser.map {
        ", ahead of \($0.method.title) by \(Numerals.percent(greatest - $0.summary.accuracy)) of the unseen inputs"
      } ?? ""
    let verdict =
      greatest == 0
      ? "No unseen input is answered rightly by \(Self.list(winners))"
      : winners.count == 1 ? "Most accurate: \(winners[0])\(lead)" : "Equally accurate: \(Self.list(winners))\(lead)"
    let better = all.filter { $0.summary.accuracy > greatest }.max { $0.summary.accuracy < $1.summary.accuracy }
    return verdict
      + (better.map { "; the baseline \($0.method.title) answers more, \(Numerals.percent($0.summary.accuracy))" } ?? "")
      + "."
  }

  private func several(_ tasks: [String], _ share: Rational) -> [String] {
    let able = results.methods.filter { $0.kind != .baseline }
    let contenders = able.isEmpty ? results.methods : able
    let plain = tasks.filter { !$0.contains(":") }
    var parts: [String] = []
    for method in contenders {
      let found = plain.compactMap { results.learning($0, method, share)?.accuracy }
      guard !found.isEmpty else { continue }
      parts.append(
        "\(method.title) reaches 99 % of the unseen inputs on \(found.count { $0 >= Self.threshold }) of \(Numerals.counted(found.count, "task"))"
          + (found.contains(1) ? " (every one on \(found.count { $0 == 1 }))" : ""))
    }
    guard !parts.isEmpty else { return [] }
    var sentences = ["From \(Numerals.share(share)) of the examples, \(parts.joined(separator: "; "))."]
    if let sentence = sides(plain, share) { sentences.append(sentence) }
    return sentences
  }

  /// On how many tasks the best program beats the best network, and the other way round.
  private func sides(_ tasks: [String], _ share: Rational) -> String? {
    func best(_ task: String, _ kind: MethodKind) -> Rational? {
      methods(kind).compactMap { results.learning(task, $0, share)?.accuracy }.max()
    }
    var (programs, networks, equal) = (0, 0, 0)
    for task in tasks {
      guard let program = best(task, .program), let network = best(task, .network) else { continue }
      if program > network { programs += 1 } else if network > program { networks += 1 } else { equal += 1 }
    }
    guard programs + networks + equal > 0 else { return nil }
    return
      "Programs are more accurate on \(Numerals.counted(programs, "task")), networks on \(networks), and they are equal on \(equal)."
  }

  /// Who still answers on inputs longer than those learnt from.
  private var sequenceSentence: String? {
    let tasks = results.tasks.filter { task in results.methods.contains { longAccuracy(task, $0) != nil } }
    let parts = results.methods.filter { $0.kind != .baseline }.compactMap { method -> String? in
      let found = tasks.compactMap { longAccuracy($0, method) }
      guard !found.isEmpty else { return nil }
      return
        "\(method.title) on \(found.count { $0 >= Self.threshold }) of \(Numerals.counted(found.count, "task"))"
    }
    return parts.isEmpty
      ? nil
      : "99 % of the symbols are right on inputs longer than any training input: \(parts.joined(separator: "; "))."
  }

  private var bitsSentence: String? {
    let plain = results.tasks.filter { !$0.contains(":") && !results.codes($0).isEmpty }
    if plain.count == 1 {
      let codes = results.codes(plain[0])
      let parts = codes.map { "\(Numerals.bits($0.bits)) by \($0.title)" }
      return "Bits for \(codes[0].labelsText): \(Self.list(parts))."
    }
    guard !plain.isEmpty else { return nil }
    // By the codes that are equally short, in words.
    let winners = plain.map { shortestCodes($0).map(\.title) }
    let counts = Dictionary(grouping: winners) { Self.list($0) }
      .map { (names: $0.key, isTie: $0.value[0].count > 1, tasks: $0.value.count) }
      .sorted { ($1.tasks, $0.names) < ($0.tasks, $1.names) }
    let parts = counts.filter { !$0.isTie }.map { "\($0.names) on \($0.tasks)" }
    let ties = counts.filter(\.isTie).map {
      "The shortest codes are equal on \($0.tasks) of \(plain.count) tasks: \($0.names)."
    }
    let won =
      parts.isEmpty ? [] : ["The shortest code for all labels is the \(Self.list(parts)) of \(plain.count) tasks."]
    return (won + ties).joined(separator: " ")
  }

  private var efficiencySentence: String? {
    let tasks = functionTasks.filter { !$0.contains(":") }
    let contenders = results.methods.filter { method in
      method.kind != .baseline
        && tasks.contains { task in results.fractions.contains { results.learning(task, method, $0) != nil } }
    }
    let parts = contenders.compactMap { method -> String? in
      let own = tasks.filter { task in results.fractions.contains { results.learning(task, method, $0) != nil } }
      let needed = own.compactMap { examplesNeeded($0, method) }.sorted()
      guard !needed.isEmpty else { return "\(method.title) on none" }
      let middle = needed[(needed.count - 1) / 2]
      return own.count == 1
        ? "\(method.title) from \(Numerals.grouped(middle))"
        : "\(method.title) on \(needed.count) of \(own.count) tasks, from \(Numerals.grouped(middle)) at the median"
    }
    return parts.isEmpty
      ? nil
      : "Fewest training examples, of the shares tried, that give 99 % of the unseen ones: \(parts.joined(separator: "; "))."
  }

  /// "a, b and c".
  static func list(_ words: [String]) -> String {
    words.count < 2 ? words.first ?? "" : words.dropLast().joined(separator: ", ") + " and " + words.last!
  }
}
