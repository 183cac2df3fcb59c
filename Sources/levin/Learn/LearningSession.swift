import ArgumentParser
import Comparison
import Dispatch
import Documents
import ExactArithmetic
import Figures
import Learner
import Networks
import Synchronization

/// Seeds, each with its plan, side by side where threads allow, with their table and their figure.
struct LearningSession {
  /// One for each seed; they differ in the split alone.
  let plans: [LearningPlan]
  let options: RecipeOptions
  let coefficient: CoefficientOptions
  let seeds: [UInt64]
  /// Whether each seed is that of its split too.
  let splitsPerSeed: Bool
  let threads: Int
  let folder: String
  let snapshotEvery: Int?
  let resumes: Bool
  let json: Bool

  /// - Parameter sources: one task for all seeds, or one for each.
  init(
    _ sources: [SplitTask], _ options: RecipeOptions, _ coefficient: CoefficientOptions, seeds: [UInt64],
    splitsPerSeed: Bool, threads: Int, folder: String,
    snapshotEvery: Int? = nil, resumes: Bool, json: Bool
  ) throws {
    precondition(sources.count == 1 || sources.count == seeds.count, "\(sources.count) splits for \(seeds.count) seeds")
    let plans = try sources.map { try LearningPlan($0, options) }
    self.plans = plans.count == 1 ? seeds.map { _ in plans[0] } : plans
    self.options = options
    self.coefficient = coefficient
    self.seeds = seeds
    self.splitsPerSeed = splitsPerSeed
    self.threads = threads
    self.folder = folder
    self.snapshotEvery = snapshotEvery
    self.resumes = resumes
    self.json = json
  }

  func run() throws {
    try makeFolder(folder)
    for seed in seeds {
      try makeFolder(folder(of: seed))
      let checkpoint = SeedFolder(path: folder(of: seed)).checkpointPath
      if !resumes, isReadable(checkpoint) {
        throw InputError(
          file: checkpoint,
          message: "an unfinished run is here; add --resume to go on with it, or --out for another folder")
      }
    }
    try validateFolders()
    let plan = plans[0]
    let progress = LearningProgress(plan.source.name)
    Interruption.listen()
    let finished = try Self.inParallel(Array(zip(plans, seeds)), threads: threads) { item, threads in
      let (plan, seed) = item
      return try LearningRun(
        plan: plan, seed: seed, threads: threads, folder: folder(of: seed), coefficient: coefficient,
        snapshotEvery: snapshotEvery,
        resumes: resumes, progress: progress
      ).result()
    }
    progress.clear()
    let results = finished.compactMap { $0 }
    if results.count < seeds.count {
      Terminal.error("interrupted; to go on:\n  \(Self.resumeLine)\n")
      throw ExitCode(128 + Interruption.signalNumber)
    }
    let curves = LearningCurves(results)
    try replaceFile("\(folder)/curves.svg", with: curves.accuracy.svg)
    try replaceFile("\(folder)/curves.csv", with: curves.accuracy.csv)
    try replaceFile("\(folder)/results.jsonl", with: results.map { JSONWriter.line($0.record) }.joined())
    if json {
      for result in results { Terminal.out(JSONWriter.line(result.record)) }
    } else {
      Terminal.out(LearningTable(plan, results, folder: folder).text)
    }
    if results.contains(where: { $0.end != .testAccuracy }), plan.target != nil, plan.dataset.test != nil {
      throw Exit.incomplete
    }
  }

  /// Every seed's folder, those of other seeds too, is of this session's settings or empty.
  private func validateFolders() throws {
    for seed in SeedFolder.seeds(in: folder) {
      let plan = seeds.firstIndex(of: seed).map { plans[$0] } ?? plans[0]
      try SeedFolder(path: folder(of: seed)).validate(
        identity: plan.identity(seed: seed, splitSeed: splitsPerSeed ? seed : nil))
    }
  }

  private func folder(of seed: UInt64) -> String { "\(folder)/seed-\(seed)" }

  static var resumeLine: String {
    var words = CommandLine.arguments
    if !words.contains("--resume") { words.append("--resume") }
    return words.map(SearchCommand.quoted).joined(separator: " ")
  }

  /// Results in the order of the items: one thread each when there are several, all threads for a single one.
  static func inParallel<Item: Sendable, Found: Sendable>(
    _ items: [Item], threads: Int, _ body: @Sendable (Item, Int) throws -> Found
  ) throws -> [Found] {
    if items.count == 1 { return [try body(items[0], threads)] }
    let found = Mutex<[Int: Result<Found, any Error>]>([:])
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: min(threads, items.count)) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < items.count else { return }
        let result = Result { try body(items[index], 1) }
        found.withLock { $0[index] = result }
      }
    }
    return try found.withLock { found in try items.indices.map { try found[$0]!.get() } }
  }
}

/// The outcome of a session for people.
struct LearningTable {
  let plan: LearningPlan
  let results: [LearningResult]
  let folder: String

  init(_ plan: LearningPlan, _ results: [LearningResult], folder: String) {
    self.plan = plan
    self.results = results
    self.folder = folder
  }

  var text: String {
    var lines = [
      "task       \(plan.source.summary)", "network    \(plan.recipe.networkText)",
      "method     \(plan.recipe.methodText)", "",
    ]
    lines.append(row("seed", "train 99.9 %", "unseen 99 %", "unseen right", "share", "loss", "steps", "CPU s", "stop"))
    for result in results {
      let last = result.metrics.last!
      lines.append(
        row(
          "\(result.seed)", result.firstFit.map { "step \(Number.grouped($0))" } ?? "–",
          result.firstGeneralisation.map { "step \(Number.grouped($0))" } ?? "–",
          last.testCount > 0 ? "\(Number.grouped(last.testCorrect)) of \(Number.grouped(last.testCount))" : "–",
          last.testCount > 0
            ? Numerals.percent(Rational(BigInteger(last.testCorrect), BigInteger(last.testCount))) : "–",
          Number.rounded(last.trainLoss, 4), Number.grouped(result.steps), Number.rounded(result.cpuSeconds, 2),
          result.stop))
    }
    if results.count > 1 { lines += ["", median] }
    for result in results {
      guard let coefficient = result.coefficient else { continue }
      lines.append("λ̂ seed \(result.seed)  \(coefficient.text)")
    }
    lines.append(
      "files      \(folder)/: curves.svg, curves.csv, results.jsonl; per seed model.safetensors, config.json, metrics.jsonl"
    )
    return lines.map { $0 + "\n" }.joined()
  }

  private func row(_ cells: String...) -> String {
    let widths = [4, 14, 14, 17, 9, 9, 8, 8, 13]
    var line = ""
    for (index, cell) in cells.enumerated() {
      line += (index == 0 ? "" : "  ") + String(repeating: " ", count: max(0, widths[index] - cell.count)) + cell
    }
    return line
  }

  private var median: String {
    let reached = results.compactMap(\.firstGeneralisation)
    var text = "\(reached.count) of \(results.count) seeds reach 99 % of the unseen inputs"
    if reached.count == results.count {
      text +=
        "; median \(Number.rounded(Self.median(reached.map(Double.init)), 0)) steps, \(Number.rounded(Self.median(results.map(\.cpuSeconds)), 2)) s of CPU"
      let delays = results.compactMap { result in
        result.firstFit.flatMap { fit in result.firstGeneralisation.map { Double($0) / Double(max(fit, 1)) } }
      }
      if delays.count == results.count, let least = delays.min() {
        text +=
          "; unseen 99 % comes at least \(Number.rounded((least * 10).rounded(.down) / 10, 1)) times later than train 99.9 %"
      }
    }
    return text
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let half = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
  }
}
