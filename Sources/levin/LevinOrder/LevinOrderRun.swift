import ArgumentParser
import Documents
import ExactArithmetic
import Grammars
import Search
import Synchronization
import Tasks

/// `levin search TASK --order levin`: runs it with progress and checkpoints.
struct LevinOrderRun {
  let assignment: Assignment
  let configuration: LevinSearch.Configuration
  let grammarHash: String
  /// Nil where nothing is saved.
  private var checkpoint: CheckpointFile?
  /// Fresh inputs of a task on symbols; nil chooses.
  let testCount: Int?
  var showsProgress = true
  private let identity: String

  init(_ assignment: Assignment, _ limits: LimitOptions) {
    self.assignment = assignment
    testCount = limits.testCount
    configuration = limits.levinConfiguration
    grammarHash = assignment.grammarHash
    let data = SyGuSPrinter(assignment.grammar).problem(assignment.training)
    // 3: how a phase is cut into shards, as tallies of another cut do not add up, and what a checkpoint says.
    let settings = "\(Levin.version) levin 3 \(configuration.top) \(configuration.maxBits ?? -1) "
    identity = SHA256.hexadecimalDigest(of: Array((settings + data).utf8))
  }

  /// Searches with a checkpoint every half minute, and prints the outcome.
  mutating func run(savingTo target: String, resuming path: String?, json: Bool, resumeLine: String) throws {
    let file = try CheckpointFile(target, identity: identity)
    checkpoint = file
    let log = try resumed(path)
    let outcome: LevinOutcome
    do { outcome = try search(resuming: log) } catch let error as SearchError {
      // Of a search that was accepted once the checkpoint is at fault.
      throw path.map { InputError(file: $0, message: "the checkpoint is damaged: \(error)") } ?? error
    }
    Terminal.out(json ? JSONWriter.line(outcome.record) : outcome.text)
    try finish(outcome, file, resumeLine)
  }

  func search(resuming log: LevinLog? = nil) throws -> LevinOutcome {
    let clock = ContinuousClock()
    let (start, startCPU) = (clock.now, processSeconds())
    let shown = Mutex((line: LevinProgressLine(assignment.name), saved: clock.now))
    let (grammar, checkpoint, identity, showsProgress) = (assignment.grammar, checkpoint, identity, showsProgress)
    let report = try LevinSearch(grammar, configuration).run(training: assignment.training, resume: log) { progress in
      shown.withLock { shown in
        if showsProgress { shown.line.show(progress, grammar) }
        if let checkpoint, clock.now - shown.saved > .seconds(30) {
          shown.saved = clock.now
          // A checkpoint that cannot be written does not end the search; the one on interruption reports it.
          try? checkpoint.save(LevinCheckpoint.text(progress.log, identity: identity))
        }
      }
      return Interruption.signalNumber != 0
    }
    shown.withLock { $0.line.clear() }
    return LevinOutcome(
      run: self, report: report, seconds: (clock.now - start).seconds, cpuSeconds: processSeconds() - startCPU)
  }

  private func resumed(_ path: String?) throws(InputError) -> LevinLog? {
    guard let path else { return nil }
    return try LevinCheckpoint.read(path, identity: identity, grammar: assignment.grammar, top: configuration.top)
  }

  private func finish(_ outcome: LevinOutcome, _ checkpoint: CheckpointFile, _ resumeLine: String) throws {
    let report = outcome.report
    switch report.stop {
    case _ where outcome.isScoringCut, .interrupted:
      try checkpoint.save(LevinCheckpoint.text(report.log, identity: identity))
      Terminal.error("interrupted; to go on:\n  \(resumeLine)\n")
      throw ExitCode(128 + Interruption.signalNumber)
    case .found, .exhausted, .maxBits, .maxPhase: checkpoint.remove()
    default:
      try checkpoint.save(LevinCheckpoint.text(report.log, identity: identity))
      Terminal.error("\(report.stop.goingOn):\n  \(resumeLine)\n")
    }
    if report.solutions.isEmpty { throw Exit.nothingFound }
    if !report.isComplete { throw Exit.incomplete }
  }
}

/// The progress of a Levin search.
private struct LevinProgressLine {
  private let line = LiveLine()
  private let name: String

  init(_ name: String) { self.name = name }

  func show(_ progress: LevinSearch.Progress, _ grammar: Grammar) {
    line.show {
      let programs = progress.log.programs
      let rate = UInt64(Double(programs) / line.seconds)
      let text =
        "\(name): \(Number.grouped(programs)) programs, \(Number.grouped(rate))/s, \(Number.grouped(progress.log.steps)) "
        + "steps, phase \(progress.phase), part \(progress.shardsDone) of \(progress.shards)"
      guard let best = progress.log.shards.flatMap(\.solutions).first else { return text }
      return text + ", best \(InfixPrinter(grammar).text(grammar.term(of: best.program)))"
    }
  }

  func clear() { line.clear() }
}

extension LimitOptions {
  /// The limits as those of a Levin search.
  var levinConfiguration: LevinSearch.Configuration {
    var configuration = LevinSearch.Configuration()
    configuration.top = top
    configuration.maxSteps = maxSteps
    configuration.maxPrograms = maxPrograms
    configuration.maxBits = maxBits
    configuration.timeLimit = timeLimit.map { .seconds($0) }
    configuration.threads = threads
    return configuration
  }
}
