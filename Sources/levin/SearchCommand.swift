import ArgumentParser
import Documents
import Grammars
import Search
import Tasks

/// `levin search TASK`.
struct SearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search", _superCommandName: "levin",
    abstract: "Find the shortest programs that explain a task.",
    discussion: """
      TASK is a built-in task ('levin tasks' lists them; --kind sequences, chomsky
      and streams for those with loops), a sequence of the OEIS by its number, a
      .csv, .jsonl or .ndjson file of examples, or a SyGuS .sl file whose
      constraints are examples. A file of JSON Lines may also hold sequences of
      symbols, or one integer sequence, as 'levin tasks TASK' writes them: the
      first line tells. All are learned from unless --train-count or
      --train-fraction leaves some unseen; of streams every beginning is an example.
      The grammar is a name in grammars/ or a file; built-in tasks, .sl files and
      files of sequences have one of their own.

      mod-add:noisy has one label in twenty replaced; --exceptions finds programs
      for such data.
      """)

  @Argument(help: "The task: a built-in name or a file.")
  var task: String?
  @Option(
    help:
      "Run a suite and print its table: power2022, sequences, chomsky, streams; levin-orders, levin-orders-symbols, levin-orders-power2022: steps of both orders, on the sequences, on chomsky and streams, on power2022."
  )
  var suite: SuiteName?
  @Option(
    help:
      "The grammar: a name in grammars/ or an .sl file; with --suite chomsky, streams or sequences several, by commas: each is tried where those before it have no program."
  )
  var grammar: String?
  @Option(
    help:
      "length: the shortest program; levin: the program of least length + log2 steps, every program run within its share of phases."
  )
  var order: Order = .length
  @Option(help: "Do not search: say what this program, a term of the grammar or a define-fun, does on the task.")
  var check: String?
  @Flag(
    help:
      "Some examples may be wrong: find the program with the shortest code of itself and its exceptions, within --max-programs (\(ExceptionRun.standardMaxPrograms) where none are given)."
  )
  var exceptions = false
  @OptionGroup(title: "Data") var data: TaskOptions
  @OptionGroup(title: "Limits") var limits: LimitOptions
  @Flag(help: "Print JSON Lines: one record, keys sorted, exact values as {\"exact\": \"p/q\", \"log2\": x}.")
  var json = false
  @Option(help: "Continue from a checkpoint.")
  var resume: String?
  @Option(
    help:
      "Where the checkpoint goes (default: levin-TASK.checkpoint.json, with a suite its name for TASK; -exceptions or -levin follows the name where that is the search)."
  )
  var checkpoint: String?

  enum Order: String, ExpressibleByArgument, CaseIterable { case length, levin }
  enum SuiteName: String, ExpressibleByArgument, CaseIterable {
    case power2022, sequences, chomsky, streams
    case levinOrders = "levin-orders"
    case levinOrdersSymbols = "levin-orders-symbols"
    case levinOrdersPower2022 = "levin-orders-power2022"

    /// Whether it is searched in both orders.
    var hasBothOrders: Bool { [.levinOrders, .levinOrdersSymbols, .levinOrdersPower2022].contains(self) }
    /// Whether its tasks are those of Power et al. 2022, each with its grammar.
    var isPower2022: Bool { self == .power2022 || self == .levinOrdersPower2022 }
  }

  private var grammars: [String]? {
    grammar.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }

  /// Behind the name of what is searched in that of its checkpoint, so that searches of one task do not meet in one file.
  private var kindOfSearch: String { exceptions ? "-exceptions" : order == .levin ? "-levin" : "" }

  func validate() throws {
    if task == nil, suite == nil { throw ValidationError("a task or --suite is needed; 'levin tasks' lists the tasks") }
    if check != nil, suite != nil || resume != nil {
      throw ValidationError("--check takes a task, and neither --suite nor --resume")
    }
    if task != nil, suite != nil { throw ValidationError("a task and --suite exclude each other") }
    if order == .levin, let suite, suite.hasBothOrders {
      throw ValidationError("--suite \(suite.rawValue) searches in both orders and takes no --order levin")
    }
    if exceptions {
      if suite != nil || check != nil || order == .levin {
        throw ValidationError("--exceptions takes a task, and neither --suite, --check nor --order levin")
      }
      if let flag = limits.flagWithoutExceptions { throw ValidationError("--exceptions takes no \(flag)") }
    }
    if let suite, suite.isPower2022, grammar != nil {
      throw ValidationError("--suite \(suite.rawValue) searches grammars of its own and takes no --grammar")
    }
    if check != nil, limits.endsSearch {
      throw ValidationError("--check runs one program: no --max-programs, --max-steps, --max-bits or --time-limit")
    }
    if limits.audit, !limits.mass { throw ValidationError("--audit compares masses, and --no-mass counts none") }
    if check != nil, let flag = limits.flagOfLengthOrder ?? (limits.top == 1 ? nil : "--top") {
      throw ValidationError("--check runs one program, to its end: no \(flag)")
    }
    if check != nil, checkpoint != nil { throw ValidationError("--check saves nothing and takes no --checkpoint") }
    let isOfOrders = suite?.hasBothOrders ?? false
    if order == .levin || isOfOrders, let flag = limits.flagOfLengthOrder, !isOfOrders || flag != "--step-limit" {
      throw ValidationError("\(flag) is for searches by length")
    }
    if let suite, limits.testCount != nil, suite != .chomsky, suite != .streams {
      throw ValidationError("--test-count is for tasks on symbols that are scored, not for --suite \(suite.rawValue)")
    }
    if let grammars, grammars.count > 1 {
      guard order == .length, let suite, [.sequences, .chomsky, .streams].contains(suite) else {
        throw ValidationError("--grammar takes several only with --suite chomsky, streams or sequences, by length")
      }
      if Set(grammars).count < grammars.count { throw ValidationError("--grammar '\(grammar!)' has a name twice") }
      if grammars.contains("") { throw ValidationError("--grammar '\(grammar!)' has a name too few") }
    }
  }

  func run() throws {
    try Terminal.reporting {
      if check == nil { Interruption.listen() }
      if let suite { return try run(suite) }
      let assignment = try Assignment(task!, data, grammar: grammar)
      if limits.testCount != nil, assignment.symbols == nil {
        throw ValidationError("--test-count is for built-in tasks on symbols: '\(task!)' has no fresh sequences")
      }
      if let check {
        let outcome = try ProgramCheck(check, on: assignment, testCount: limits.testCount)
        Terminal.out(json ? JSONWriter.line(outcome.record) : outcome.text)
        return
      }
      let path = checkpoint ?? "levin-\(fileName(assignment.name))\(kindOfSearch).checkpoint.json"
      if exceptions {
        return try ExceptionRun(assignment, limits).run(
          savingTo: path, resuming: resume, json: json, resumeLine: resumeLine(path))
      }
      if order == .levin {
        var run = LevinOrderRun(assignment, limits)
        return try run.run(savingTo: path, resuming: resume, json: json, resumeLine: resumeLine(path))
      }
      var run = try SearchRun(assignment, limits, threads: limits.threads)
      try run.saves(to: path)
      let log = try resume.map { try run.log(in: $0) }
      let outcome = try run.search(resuming: log)
      Terminal.out(json ? JSONWriter.line(outcome.record) : outcome.text)
      try finish(outcome, run, resumed: log)
    }
  }

  private func run(_ suite: SuiteName) throws {
    let path = checkpoint ?? "levin-\(suite.rawValue)\(kindOfSearch).checkpoint.json"
    let place = SuiteCheckpoint(path: path, resume: resume, resumeLine: resumeLine(path))
    func levin(_ kind: LevinSuite.Kind) throws {
      try LevinSuite(kind: kind, grammar: grammar, data: data, limits: limits, json: json, checkpoint: place).run()
    }
    func loops(_ kind: LoopSuite.Kind) throws {
      if order == .levin { return try levin(.loops(kind)) }
      try LoopSuite(
        kind: kind, grammars: grammars ?? [nil], data: data, limits: limits, json: json, checkpoint: place
      ).run()
    }
    func orders(_ kind: LevinOrdersSuite.Kind) throws {
      try LevinOrdersSuite(kind: kind, grammar: grammar, data: data, limits: limits, json: json, checkpoint: place)
        .run()
    }
    switch suite {
    case .power2022 where order == .levin: try levin(.power2022)
    case .power2022: try Suite(data: data, limits: limits, json: json, checkpoint: place).run()
    case .sequences: try loops(.sequences)
    case .chomsky: try loops(.chomsky)
    case .streams: try loops(.streams)
    case .levinOrders: try orders(.sequences)
    case .levinOrdersSymbols: try orders(.symbols)
    case .levinOrdersPower2022: try orders(.power2022)
    }
  }

  /// Ends with the exit code of the outcome.
  private func finish(_ outcome: SearchOutcome, _ run: SearchRun, resumed: SearchLog?) throws {
    if let checkpoint = run.checkpoint {
      switch outcome.report.stop {
      case _ where outcome.isScoringCut, .interrupted:
        try run.save(outcome.report.log, resumed: resumed)
        Terminal.error("interrupted; to go on:\n  \(resumeLine(checkpoint.path))\n")
        throw ExitCode(128 + Interruption.signalNumber)
      case .found, .exhausted, .noOtherFunction, .maxBits: checkpoint.remove()
      default:
        // A limit ends no search for good: what was saved once stays.
        if resumed != nil || checkpoint.isOwn {
          try run.save(outcome.report.log, resumed: resumed)
          Terminal.error("\(outcome.report.stop.goingOn):\n  \(resumeLine(checkpoint.path))\n")
        }
      }
    }
    if outcome.report.solutions.isEmpty { throw Exit.nothingFound }
    let isComplete =
      switch outcome.report.stop {
      case .exhausted: true
      case .noOtherFunction: outcome.isToldApartEverywhere
      default: false
      }
    if outcome.report.solutions.count < limits.top, !isComplete { throw Exit.incomplete }
  }

  private func resumeLine(_ path: String) -> String {
    var words = CommandLine.arguments
    if let index = words.firstIndex(of: "--resume") { words.removeSubrange(index..<min(index + 2, words.count)) }
    words.removeAll { $0.hasPrefix("--resume=") }
    return (words + ["--resume", path]).map(Self.quoted).joined(separator: " ")
  }

  /// A word as a shell reads it back.
  static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || "-_./=:,+@%".utf8.contains($0)
      }
    return isPlain
      ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}

extension StopReason {
  /// What precedes the line that goes on; the same limit would end it at once, but for one of time.
  var goingOn: String {
    switch self {
    case .maxPrograms: "to go on, with a higher --max-programs"
    case .maxSteps: "to go on, with a higher --max-steps"
    case .memoryLimit: "to go on, with a higher --memory-limit"
    default: "to go on"
    }
  }
}

/// Flags that end or shape a search.
struct LimitOptions: ParsableArguments {
  @Option(
    help:
      "Distinct functions wanted, each with its shortest program (with --order levin at most so many programs, of the first phase that has one)."
  )
  var top = 1
  @Option(help: "Most programs evaluated and goals looked up.")
  var maxPrograms: UInt64?
  @Option(
    help:
      "Most operator evaluations on the examples that tell functions apart; with --order levin steps of all phases together (default: none; \(LevinSuite.standardMaxSteps) with --suite and --order levin, \(LevinOrdersSuite.standardMaxSteps) with levin-orders)."
  )
  var maxSteps: UInt64?
  @Option(help: "Longest programs, in bits.")
  var maxBits: Int?
  @Option(
    help:
      "Seconds of a search; one that it ends is not reproducible (default: none; \(Int(LoopSuite.Kind.sequences.standardTimeLimit)) with --suite sequences, \(Int(LoopSuite.Kind.chomsky.standardTimeLimit)) with chomsky and streams, by length)."
  )
  var timeLimit: Double?
  @Option(help: "Memory of the process: bytes, or with K, M or G.")
  var memoryLimit: String = "4G"
  @Option(
    help:
      "Searches of a suite that run at once, by length. A single search uses them in Levin order, and by length to look for transducers."
  )
  var threads = 1
  @Option(
    help:
      "Training examples on which functions are told apart at first (default: up to 64 for Bool; all of at most 16 where nothing loops; else 8)."
  )
  var signatureExamples: Int?
  @Option(help: "Unseen inputs on which functions are told apart too (default: 8; 0 where programs loop).")
  var probes: Int?
  @Option(help: "Where programs loop: steps of one operator on one example; beyond, it has no value (default: 4000).")
  var stepLimit: UInt64?
  @Option(
    help: "Of a built-in task on symbols: fresh sequences of each test length (streams: in all) to score a program on."
  )
  var testCount: Int?
  @Flag(help: "Compare the class masses of every stored level with the counting recurrence, exactly.")
  var audit = false
  @Flag(inversion: .prefixedNo, help: "Count the exact prior mass of every class.")
  var mass = true
  @Flag(
    help:
      "Take a program beyond the complete levels too, found backward from the outputs and by trees of conditions: no proof that it is shortest. Where programs loop this is so without the flag."
  )
  var unproven = false
  @Option(
    help:
      "Further work once a program is found, in multiples of the work that finding it took, and a million operations more: it narrows the posterior. 0 ends with the first program."
  )
  var extraWork = 1.0

  /// What the process needs beside the tables of the search.
  private static let processBytes = 64 << 20

  func validate() throws {
    guard (1...1_000_000).contains(top) else { throw ValidationError("--top \(top) is outside 1 … 1000000") }
    if let signatureExamples, !(1...4096).contains(signatureExamples) {
      throw ValidationError("--signature-examples \(signatureExamples) is outside 1 … 4096")
    }
    if let probes, !(0...4096).contains(probes) { throw ValidationError("--probes \(probes) is outside 0 … 4096") }
    if let stepLimit, !(1...1 << 40).contains(stepLimit) {
      throw ValidationError("--step-limit \(stepLimit) is outside 1 … 2^40")
    }
    if let testCount, !(1...1_000_000).contains(testCount) {
      throw ValidationError("--test-count \(testCount) is outside 1 … 1000000")
    }
    if let maxBits, !(0...100_000).contains(maxBits) {
      throw ValidationError("--max-bits \(maxBits) is outside 0 … 100000")
    }
    guard (1...1024).contains(threads) else { throw ValidationError("--threads \(threads) is outside 1 … 1024") }
    if let timeLimit, !(timeLimit > 0 && timeLimit < 1e9) {
      throw ValidationError("--time-limit \(timeLimit) is not above 0 and below 10^9 seconds")
    }
    guard extraWork >= 0, extraWork < 1e9 else {
      throw ValidationError("--extra-work \(extraWork) is not 0 or more and below 10^9")
    }
    guard let bytes = memoryBytes, bytes >= Self.processBytes + 16 << 20 else {
      throw ValidationError("--memory-limit '\(memoryLimit)' is not a size of 80M or more, such as 200M or 4G")
    }
  }

  /// Whether a limit was set that ends a search.
  var endsSearch: Bool { maxPrograms != nil || maxSteps != nil || maxBits != nil || timeLimit != nil }

  /// A flag that says nothing to a search in Levin order, which keeps no classes and runs every program within its own steps.
  var flagOfLengthOrder: String? {
    if let flag = flagOfClasses { return flag }
    if memoryLimit != "4G" { return "--memory-limit" }
    return stepLimit == nil ? nil : "--step-limit"
  }

  /// A flag that says nothing to a search for a program with exceptions, which says for itself what it tells apart and when it ends.
  var flagWithoutExceptions: String? {
    if top != 1 { return "--top" }
    if maxSteps != nil { return "--max-steps" }
    if maxBits != nil { return "--max-bits" }
    if timeLimit != nil { return "--time-limit" }
    if threads != 1 { return "--threads" }
    if testCount != nil { return "--test-count" }
    return flagOfClasses
  }

  /// A flag about classes of programs and how long to narrow them.
  private var flagOfClasses: String? {
    if audit { return "--audit" }
    if unproven { return "--unproven" }
    if !mass { return "--no-mass" }
    if extraWork != 1 { return "--extra-work" }
    if signatureExamples != nil { return "--signature-examples" }
    return probes == nil ? nil : "--probes"
  }

  private var memoryBytes: Int? {
    var digits = Substring(memoryLimit)
    var unit = 1
    if let last = digits.last, let shift = ["K": 10, "M": 20, "G": 30, "T": 40][last.uppercased()] {
      unit = 1 << shift
      digits = digits.dropLast()
    }
    guard !digits.isEmpty, digits.allSatisfy(\.isNumber), let number = Int(digits) else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: unit)
    return overflow ? nil : bytes
  }

  /// The limits of a search over a grammar.
  func configuration(for grammar: Grammar) -> LengthOrderedSearch.Configuration {
    var configuration = LengthOrderedSearch.Configuration()
    configuration.top = top
    configuration.maxPrograms = maxPrograms
    configuration.maxSteps = maxSteps
    configuration.maxBits = maxBits
    configuration.timeLimit = timeLimit.map { .seconds($0) }
    configuration.memoryLimit = memoryBytes! - Self.processBytes
    configuration.audits = audit
    configuration.countsMass = mass
    configuration.extraWork = extraWork
    if unproven { configuration.looksFurther = true }
    configuration.signatureExamples = signatureExamples
    configuration.probes = probes ?? (grammar.isStructured ? 0 : 8)
    if let stepLimit { configuration.stepLimit = stepLimit }
    return configuration
  }
}
