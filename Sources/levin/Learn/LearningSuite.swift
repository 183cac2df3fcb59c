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

  private struct Job: Sendable {
    let task: String
    let fraction: String
    let seed: UInt64
  }

  private static let fractions = ["3/10", "1/2"]

  func run() throws {
    if data.trainCount != nil { throw ValidationError("--suite takes --train-fraction, not --train-count") }
    let tasks = TaskFamily.all.map(\.name).filter { $0.hasPrefix("mod-") || $0.hasPrefix("s5-") }
    let fractions = data.trainFraction.map { [$0] } ?? Self.fractions
    let jobs = tasks.flatMap { task in
      fractions.flatMap { fraction in seeds.map { Job(task: task, fraction: fraction, seed: $0) } }
    }
    let progress = LearningProgress("suite")
    let (data, options) = (data, options)
    Interruption.listen()
    let finished = try LearningSession.inParallel(jobs, threads: threads) { job, threads -> LearningResult? in
      if Interruption.signalNumber != 0 { return nil }
      var data = data
      data.trainFraction = job.fraction
      if data.modulus == nil, job.task.hasPrefix("mod-") { data.modulus = 97 }
      if job.task.hasPrefix("s5-") { data.modulus = nil }
      let plan = try LearningPlan(SplitTask(job.task, data), options)
      return try LearningRun(
        plan: plan, seed: job.seed, threads: threads, folder: nil, resumes: false, progress: progress
      ).result()
    }
    progress.clear()
    let results = finished.compactMap { $0 }
    if results.count < jobs.count {
      Terminal.error("interrupted: \(results.count) of \(jobs.count) runs were done; a suite starts anew\n")
      throw ExitCode(128 + Interruption.signalNumber)
    }
    if json {
      for result in results { Terminal.out(JSONWriter.line(result.record)) }
    } else {
      Terminal.out(table(tasks, fractions, results))
    }
  }

  private func table(_ tasks: [String], _ fractions: [String], _ results: [LearningResult]) -> String {
    let heads = fractions.map { "\($0) of the pairs: unseen 99 % at step | CPU s" }
    var lines = [
      "| task | function | embeddings | \(heads.joined(separator: " | ")) |",
      "|---|---|---|" + String(repeating: "--:|--:|", count: heads.count),
    ]
    var next = results[...]
    for task in tasks {
      var cells: [String] = []
      var plan: LearningPlan?
      for _ in fractions {
        let part = Array(next.prefix(seeds.count))
        next = next.dropFirst(seeds.count)
        plan = part[0].plan
        cells.append(part.map(Self.cell).joined(separator: ", "))
        cells.append(Number.rounded(LearningTable.median(part.map(\.cpuSeconds)), 1))
      }
      lines.append(
        "| \(task) | \(plan!.source.formula ?? "") | \(plan!.recipe.isTied ? "tied" : "untied") | \(cells.joined(separator: " | ")) |"
      )
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func cell(_ result: LearningResult) -> String {
    if let step = result.firstGeneralisation { return Number.grouped(step) }
    guard let best = result.best, let accuracy = best.testAccuracy else { return "–" }
    return "\(Number.rounded(100 * accuracy, 1)) % (step \(Number.grouped(best.step)))"
  }
}
