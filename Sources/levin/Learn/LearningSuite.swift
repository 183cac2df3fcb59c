import ArgumentParser
import Documents
import Learner
import Tasks

/// The tasks of Power et al. 2022, each learnt from shares of its examples: one table of steps to 99 % of the unseen
/// inputs, or the best accuracy where that was not reached.
struct LearningSuite {
  let data: TaskOptions
  let options: RecipeOptions
  let seeds: [UInt64]
  let threads: Int
  let json: Bool
  let resumes: Bool

  /// Where the rows that are done are kept until all are.
  private static let path = "levin-learn-power2022.checkpoint.json"

  private static let fractions = ["3/10", "1/2"]

  func run() throws {
    if data.trainCount != nil { throw ValidationError("--suite takes --train-fraction, not --train-count") }
    let tasks = TaskFamily.all.map(\.name).filter { $0.hasPrefix("mod-") || $0.hasPrefix("s5-") }
    let fractions = data.trainFraction.map { [$0] } ?? Self.fractions
    let plans = try tasks.flatMap { task in
      try fractions.map { fraction in
        var data = data
        data.trainFraction = fraction
        if data.modulus == nil, task.hasPrefix("mod-") { data.modulus = 97 }
        if task.hasPrefix("s5-") { data.modulus = nil }
        return try LearningPlan(SplitTask(task, data), options)
      }
    }
    let jobs = plans.flatMap { plan in seeds.map { (plan: plan, seed: $0) } }
    let journal = try SuiteJournal<SuiteRow>(
      Self.path, command: "levin learn", isNamed: false,
      settings: jobs.map { $0.plan.identity(seed: $0.seed) }.joined(separator: " "),
      count: jobs.count, resuming: resumes ? Self.path : nil)
    let progress = LearningProgress("suite")
    Interruption.listen()
    let finished = try LearningSession.inParallel(Array(jobs.indices), threads: threads) {
      number, threads -> SuiteRow? in
      try journal.row(number) {
        if Interruption.signalNumber != 0 { return nil }
        return try LearningRun(
          plan: jobs[number].plan, seed: jobs[number].seed, threads: threads, folder: nil, resumes: false,
          progress: progress
        ).result().map(Self.row)
      }
    }
    progress.clear()
    let found = finished.compactMap { $0 }
    if found.count < jobs.count {
      Terminal.error(
        "interrupted: \(found.count) of \(jobs.count) runs were done; to go on:\n  \(LearningSession.resumeLine)\n")
      throw ExitCode(128 + Interruption.signalNumber)
    }
    journal.remove()
    if json {
      for row in found { Terminal.out(row.text) }
    } else {
      Terminal.out(table(tasks, fractions, found))
    }
  }

  private func table(_ tasks: [String], _ fractions: [String], _ found: [SuiteRow]) -> String {
    let heads = fractions.map { "\($0) of the pairs: unseen 99 % at step | CPU s" }
    var lines = [
      "| task | function | embeddings | \(heads.joined(separator: " | ")) |",
      "|---|---|---|" + String(repeating: "--:|--:|", count: heads.count),
    ]
    var next = found[...]
    for task in tasks {
      let first = next.first!
      var cells: [String] = []
      for _ in fractions {
        let part = Array(next.prefix(seeds.count))
        next = next.dropFirst(seeds.count)
        cells.append(part.map { $0.cells[2] }.joined(separator: ", "))
        cells.append(Number.rounded(LearningTable.median(part.map(\.cpuSeconds)), 1))
      }
      lines.append(
        "| \(task) | \(first.cells[0]) | \(first.cells[1]) | \(cells.joined(separator: " | ")) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Its cells are the task's rule, whether its arguments share their embeddings, and the step with 99 % of the unseen inputs
  /// right, or the best share.
  private static func row(_ result: LearningResult) -> SuiteRow {
    var text = "–"
    if let step = result.firstGeneralisation {
      text = Number.grouped(step)
    } else if let best = result.best, let accuracy = best.testAccuracy {
      text = "\(Number.rounded(100 * accuracy, 1)) % (step \(Number.grouped(best.step)))"
    }
    return SuiteRow(
      text: JSONWriter.line(result.record),
      cells: [result.plan.source.formula ?? "", result.plan.recipe.isTied ? "tied" : "untied", text],
      fits: result.firstFit != nil, isSolved: result.firstGeneralisation != nil, isProven: false,
      cpuSeconds: result.cpuSeconds)
  }
}
