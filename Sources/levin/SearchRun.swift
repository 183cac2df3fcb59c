import Documents
import Evaluation
import ExactArithmetic
import Grammars
import Search
import Tasks

/// One search of the command line: runs it with progress and checkpoints, and measures what it found.
struct SearchRun {
  let assignment: Assignment
  let configuration: LengthOrderedSearch.Configuration
  let grammarHash: String
  /// Fresh sequences that a program of a task on symbols is scored on; nil chooses.
  let testCount: Int?
  var checkpointPath = ""
  var showsProgress = true
  private let identity: String
  private let searchName: String

  init(_ assignment: Assignment, _ limits: LimitOptions) throws {
    self.assignment = assignment
    configuration = limits.configuration(for: assignment.grammar)
    testCount = limits.testCount
    searchName = assignment.name
    grammarHash = SHA256.hexadecimalDigest(of: Array(SyGuSPrinter(assignment.grammar).problem([]).utf8))
    let data = SyGuSPrinter(assignment.grammar).problem(assignment.training)
    let settings =
      "\(Levin.version) \(configuration.top) \(configuration.countsMass) \(configuration.signatureExamples ?? 0) \(configuration.probes) \(configuration.extraWork) \(configuration.stepLimit)"
    identity = SHA256.hexadecimalDigest(of: Array((settings + data).utf8))
  }

  func save(_ log: SearchLog) throws(InputError) {
    try replaceFile(checkpointPath, with: Checkpoint(identity: identity, log: log).text)
  }

  func search(resuming path: String? = nil) throws -> SearchOutcome {
    let log = try path.map {
      try Checkpoint.read(
        $0, identity: identity, grammar: assignment.grammar, examples: assignment.training.count)
    }
    let clock = ContinuousClock()
    let start = clock.now
    let startCPU = threadSeconds()
    var saved = start
    let line = ProgressLine(searchName)
    let infix = InfixPrinter(assignment.grammar)
    let report = try LengthOrderedSearch(assignment.grammar, configuration).run(
      training: assignment.training, probes: assignment.unseen.map(\.inputs), resume: log
    ) { progress in
      if showsProgress { line.show(progress) { infix.text(assignment.grammar.term(of: $0)) } }
      if !checkpointPath.isEmpty, clock.now - saved > .seconds(30) {
        saved = clock.now
        // A checkpoint that cannot be written does not end the search; the one on interruption reports it.
        try? save(progress.log)
      }
      return Interruption.signalNumber != 0
    }
    line.clear()
    return SearchOutcome(
      self, report, seconds: (clock.now - start).seconds, cpuSeconds: threadSeconds() - startCPU)
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
  let measures: [Measure]

  struct Measure {
    let trainingRight: Int
    let unseenRight: Int
    /// Interpreter steps on all inputs of the task.
    let steps: UInt64
    /// Description length + log2 steps.
    let levinCost: Double
    /// Fresh inputs of a task on symbols.
    let symbols: SymbolScore?
  }

  /// Steps that a program may take on one unseen input.
  private static let stepLimit: UInt64 = 100_000_000

  /// Unseen inputs: the rest of a table, kept terms, or fresh sequences.
  var unseenCount: Int { measures.first?.symbols?.sequences ?? run.assignment.unseen.count }
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
    let grammar = run.assignment.grammar
    let interpreter = Interpreter(grammar)
    func right(_ term: Term, _ examples: [Example], _ steps: inout UInt64) -> Int {
      var count = 0
      let runner = grammar.isStructured ? ProgramRunner(term, in: grammar, stepLimit: Self.stepLimit) : nil
      for example in examples {
        if let runner {
          let outcome = runner.run(on: example.inputs.map { .init($0) })
          steps += outcome.steps
          if outcome.value == .init(example.output) { count += 1 }
        } else {
          let outcome = interpreter.run(term, on: example.inputs)
          steps += outcome.steps
          if outcome.value == example.output { count += 1 }
        }
      }
      return count
    }
    measures = report.solutions.map { solution in
      let term = grammar.term(of: solution.program)
      var steps: UInt64 = 0
      let training = right(term, run.assignment.training, &steps)
      let unseen = right(term, run.assignment.unseen, &steps)
      return Measure(
        trainingRight: training, unseenRight: unseen, steps: steps,
        levinCost: (Rational(BigInteger(steps)) / solution.probability).log2,
        symbols: run.assignment.symbols.map {
          SymbolScore(
            solution.program, grammar, on: $0, count: run.testCount ?? ($0.kind == .stream ? 100 : 4),
            seed: run.assignment.seed)
        })
    }
  }
}
