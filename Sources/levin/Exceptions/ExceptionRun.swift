import ArgumentParser
import Documents
import ExactArithmetic
import Grammars
import Search
import Tasks

/// `levin search TASK --exceptions`: runs it with progress and checkpoints.
struct ExceptionRun {
  let assignment: Assignment
  let search: ExceptionSearch
  private let identity: String

  /// Programs where no limit is given.
  static let standardMaxPrograms = ExceptionSearch.Configuration().maxPrograms

  init(_ assignment: Assignment, _ limits: LimitOptions) throws {
    guard ![.list, .pair].contains(assignment.task.outputSort) else {
      throw ValidationError(
        "--exceptions codes labels of one value each: the outputs of '\(assignment.name)' are of sort "
          + "\(assignment.task.outputSort)")
    }
    self.assignment = assignment
    let limit = try limits.configuration(onlyFor: assignment)
    var configuration = ExceptionSearch.Configuration()
    configuration.maxPrograms = limit.maxPrograms ?? Self.standardMaxPrograms
    configuration.memoryLimit = limit.memoryLimit
    configuration.stepLimit = limit.stepLimit
    configuration.seed = assignment.seed
    search = ExceptionSearch(assignment.grammar, labels: assignment.task.labels, configuration)
    let data = SyGuSPrinter(assignment.grammar).problem(assignment.training)
    let settings =
      "\(Levin.version) exceptions 2 \(search.labels.map(\.description)) \(configuration.maxPrograms) \(configuration.memoryLimit) "
      + "\(configuration.stepLimit) \(configuration.seed)"
    identity = SHA256.hexadecimalDigest(of: Array((settings + data).utf8))
  }

  /// Searches with a checkpoint every half minute, and prints the outcome.
  func run(savingTo target: String, resuming path: String?, json: Bool, resumeLine: String) throws {
    let file = try CheckpointFile(target, identity: identity)
    let log = try path.map { try ExceptionCheckpoint.read($0, identity: identity, grammar: assignment.grammar) }
    let clock = ContinuousClock()
    let (start, startCPU) = (clock.now, threadSeconds())
    var saved = start
    let line = LiveLine()
    let infix = InfixPrinter(assignment.grammar)
    let report = try search.run(training: assignment.training, resume: log) { progress in
      line.show {
        let part = progress.bits.map { "level \(Number.rounded($0, 1)) bits" } ?? "subset \(progress.subsets + 1)"
        return "\(assignment.name): \(Number.grouped(progress.programs)) programs, \(part)"
          + (progress.best.map { ", best \(infix.text(assignment.grammar.term(of: $0)))" } ?? "")
      }
      if clock.now - saved > .seconds(30) {
        saved = clock.now
        // A checkpoint that cannot be written does not end the search; the one on interruption reports it.
        try? file.save(ExceptionCheckpoint.text(progress.log, identity: identity))
      }
      return Interruption.signalNumber != 0
    }
    line.clear()
    let outcome = ExceptionOutcome(
      self, report, seconds: (clock.now - start).seconds, cpuSeconds: threadSeconds() - startCPU)
    Terminal.out(json ? JSONWriter.line(outcome.record) : outcome.text)
    guard report.stop == .interrupted else {
      file.remove()
      if report.solution == nil { throw Exit.nothingFound }
      return
    }
    try file.save(ExceptionCheckpoint.text(report.log, identity: identity))
    Terminal.error("interrupted; to go on:\n  \(resumeLine)\n")
    throw ExitCode(128 + Interruption.signalNumber)
  }
}

extension LimitOptions {
  /// The limits of a search in one grammar.
  ///
  /// - Throws: `ValidationError` where nothing in it has steps to limit.
  func configuration(onlyFor assignment: Assignment) throws -> LengthOrderedSearch.Configuration {
    if stepLimit != nil, !assignment.grammar.isStructured {
      throw ValidationError(
        "--step-limit is for languages with loops or lists: nothing loops in \(assignment.grammarName)")
    }
    return configuration(for: assignment.grammar)
  }
}
