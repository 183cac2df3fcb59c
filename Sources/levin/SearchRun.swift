import ArgumentParser
import Documents
import ExactArithmetic
import Grammars
import Search
import Tasks

/// One search of the command line: runs it with progress and checkpoints, and measures what it found.
struct SearchRun {
  let assignment: Assignment
  private(set) var configuration: LengthOrderedSearch.Configuration
  let grammarHash: String
  /// Fresh sequences that a program of a task on symbols is scored on; nil chooses.
  let testCount: Int?
  /// Nil where nothing is saved.
  private(set) var checkpoint: CheckpointFile?
  /// Where a search of a suite shows its progress; nil for one that has a line of its own.
  var suite: SuiteProgress?
  private let identity: String
  private let searchName: String

  /// - Parameter threads: of this search.
  init(_ assignment: Assignment, _ limits: LimitOptions, threads: Int = 1) throws {
    self.assignment = assignment
    configuration = try limits.configuration(onlyFor: assignment)
    configuration.threads = threads
    testCount = limits.testCount
    searchName = assignment.name
    grammarHash = assignment.grammarHash
    let data =
      SyGuSPrinter(assignment.grammar).problem(assignment.training)
      + assignment.unseen.prefix(configuration.probes).map { "\($0.inputs)" }.joined()
    // 2: what a checkpoint says.
    let settings =
      "\(Levin.version) 2 \(configuration.top) \(configuration.countsMass) \(configuration.signatureExamples ?? 0) \(configuration.probes) \(configuration.extraWork) \(configuration.stepLimit)"
    identity = SHA256.hexadecimalDigest(of: Array((settings + data).utf8))
  }

  /// Saves what is done now and then, and when the search is interrupted.
  mutating func saves(to path: String) throws(InputError) {
    checkpoint = try CheckpointFile(path, identity: identity)
  }

  /// - Parameter resumed: where the search went on from; it stays where the search did not come so far again.
  func save(_ log: SearchLog, resumed: SearchLog?) throws(InputError) {
    let isShorter = resumed.map { $0.known == log.known && $0.levels.count > log.levels.count } ?? false
    let log = isShorter ? resumed! : log
    try checkpoint?.save(Checkpoint(identity: identity, log: log).text)
  }

  /// The log in a checkpoint of this search.
  func log(in path: String) throws(InputError) -> SearchLog {
    try Checkpoint.read(path, identity: identity, grammar: assignment.grammar, examples: assignment.training.count)
  }

  func search(resuming log: SearchLog? = nil) throws -> SearchOutcome {
    let clock = ContinuousClock()
    let start = clock.now
    // The searches of a suite run side by side, one on each thread.
    let cpuSeconds = configuration.threads > 1 ? processSeconds : threadSeconds
    let startCPU = cpuSeconds()
    var saved = start
    let line = ProgressLine(searchName)
    let infix = InfixPrinter(assignment.grammar)
    let report = try LengthOrderedSearch(assignment.grammar, configuration).run(
      training: assignment.training, probes: assignment.unseen.map(\.inputs), resume: log
    ) { progress in
      if let suite {
        suite.show(searchName, progress)
      } else {
        line.show(progress) { infix.text(assignment.grammar.term(of: $0)) }
      }
      if checkpoint != nil, clock.now - saved > .seconds(30) {
        saved = clock.now
        // A checkpoint that cannot be written does not end the search; the one on interruption reports it.
        try? save(progress.log, resumed: log)
      }
      return Interruption.signalNumber != 0
    }
    line.clear()
    return SearchOutcome(
      self, report, seconds: (clock.now - start).seconds, cpuSeconds: cpuSeconds() - startCPU)
  }
}

/// A finished search with what was measured on the program.
struct SearchOutcome {
  let run: SearchRun
  let report: SearchReport
  /// Time that passed, and time that the search's thread computed.
  let seconds: Double
  let cpuSeconds: Double
  /// One per solution.
  let measures: [ProgramMeasure]

  /// Unseen inputs: the rest of a table, kept terms, or fresh sequences.
  var unseenCount: Int { measures.first?.symbols?.sequences ?? run.assignment.unseen.count }
  /// Whether a signal ended the scoring of a program that was found.
  var isScoringCut: Bool { measures.contains { $0.symbols?.isCut ?? false } }
  /// Whether the shortest program is right on every unseen input.
  var isSolved: Bool {
    guard let measure = measures.first else { return false }
    return (measure.symbols.map { $0.right } ?? measure.unseenRight) == unseenCount
  }

  init(_ run: SearchRun, _ report: SearchReport, seconds: Double, cpuSeconds: Double) {
    self.run = run
    self.report = report
    self.seconds = seconds
    self.cpuSeconds = cpuSeconds
    measures = report.solutions.map {
      ProgramMeasure(
        $0.program, probability: $0.probability, on: run.assignment, testCount: run.testCount,
        showsProgress: run.suite == nil)
    }
  }
}
