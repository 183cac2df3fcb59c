import ArgumentParser
import Comparison
import Documents
import ExactArithmetic
import Networks
import Tasks

/// `levin compare TASKS...`.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", _superCommandName: "levin",
    abstract: "Compare programs and networks on the same tasks and splits.",
    discussion: """
      levin compare mod-add --train-fraction 0.3
      levin compare mod-add mod-mul --methods search,mlp --seeds 0..4
      levin compare --suite power2022     operations of Power et al. 2022, p = 97
      levin compare --suite controls      random labels, renamed values, noise
      levin compare A000045 --train-fraction 1/2   20 terms of 40 are learned from
      levin compare mod-add --circuits   does a network compute what a program does?

      TASK is a built-in task or a file, of a function (a SyGuS file has a grammar
      too), of sequences of symbols (split by lines) or an integer sequence (the
      first terms are learned from; networks read and write digits). mod-add@97
      says a modulus; mod-add:random, mod-add:permuted and mod-add:noisy are
      controls. A run leaves a folder: records.jsonl (equal bytes for equal runs),
      times.jsonl, networks, report.html. The same command goes on with a run that
      was interrupted; cells that are done are kept. Where data or grammars have
      changed since, the folder is refused; 'levin report' reads it all the same.

      A suite brings its own methods, shares, steps and limits, and codes of
      labels in chomsky or with --full alone; flags beside it replace them.

      --plan takes a JSON object, or the plan.json of a run; what it leaves out
      is as without a file:

        {"tasks": ["mod-add@97", "pairs.csv"], "methods": ["search", "mlp"],
         "fractions": ["3/10", 0.5], "seeds": [0, 1], "networkSteps": 400}

      tasks, methods, fractions, seeds  lists, as the arguments take them
      grammar                           a name or a file, as of --grammar
      codes, circuits                   true or false, as of the flags
      learningCoefficients              true or false, as of --llc
      networkSteps, maxPrograms         as of --steps and --max-programs
      codedSequences                    of sequences: the first so many are coded
      sequenceExamples                  of a built-in task on sequences: examples
                                        to learn from
      testLengths, testExamples         the lengths it is tested at, and how many
                                        examples of each
      """)

  @Argument(help: "The tasks.")
  var tasks: [String] = []
  @Option(help: "A plan in a JSON file; flags given beside it replace its parts.")
  var plan: String?
  @Option(help: "Tasks of a suite: power2022, chomsky, sequences or controls.")
  var suite: ComparisonSuite?
  @Option(
    help:
      "Methods, with commas: \(CompareMethods.names.joined(separator: ", ")) (default: \(CompareCommand.standardPlan.methods.joined(separator: ",")))."
  )
  var methods: String?
  @Option(
    help:
      "The grammar that programs are searched in, a name in grammars/ or an .sl file (default: that of each task, else one for its sort of outputs)."
  )
  var grammar: String?
  @Option(help: "Shares of the examples to learn from, with commas (default: 3/10).")
  var trainFraction: String?
  @Option(help: "Seeds of splits and networks: 0, 0,3,5 or 0..4 (default: 0).")
  var seeds: String?
  @Option(help: "Modulus of modular tasks that name none (113 where nothing else is said).")
  var modulus: Int64?
  @Flag(inversion: .prefixedNo, help: "Code all labels too: the ledger of bits (default: --codes).")
  var codes: Bool?
  @Flag(
    inversion: .prefixedNo,
    help: "Read each trained network and compare it with the program found on its split (default: --no-circuits).")
  var circuits: Bool?
  @Flag(
    inversion: .prefixedNo,
    help: "Estimate the local learning coefficient of each trained network (default: --no-llc; with --full --llc).")
  var llc: Bool?
  @Option(
    help:
      "Most updates of a network in one training (default: the recipe's; \(SequenceNetwork.standardSteps) on sequences)."
  )
  var steps: Int?
  @Option(help: "Most programs of one search (default: \(CompareCommand.standardPlan.maxPrograms)).")
  var maxPrograms: UInt64?
  @Flag(help: "A suite with every share, seed and method: hours.")
  var full = false
  @Option(help: "Folder of the run (default: compare-TASK).")
  var out: String?
  @Option(help: "Cells that run at once.")
  var threads = 2
  @Flag(help: "Print the records as JSON Lines.")
  var json = false
  @Flag(inversion: .prefixedNo, help: "Write report.html with its figures.")
  var report = true

  /// Without a suite, a file and flags.
  private static let standardPlan = ComparisonPlan(
    tasks: [], methods: ["search", "mixture", "mlp", "kt", "uniform", "lookup"], fractions: [Rational(3, 10)],
    seeds: [0])

  func validate() throws {
    if tasks.isEmpty, suite == nil, plan == nil {
      throw ValidationError("a task, --suite or --plan is needed; 'levin tasks' lists the tasks")
    }
    if let out, out.isEmpty { throw ValidationError("--out '' is no folder") }
    if let grammar, grammar.isEmpty { throw ValidationError("--grammar '' is no name") }
    if full, suite == nil { throw ValidationError("--full goes with --suite") }
    guard (1...64).contains(threads) else { throw ValidationError("--threads \(threads) is outside 1 … 64") }
    if let steps, !(1...ComparisonPlan.mostNetworkSteps).contains(steps) {
      throw ValidationError("--steps \(steps) is outside 1 … \(ComparisonPlan.mostNetworkSteps)")
    }
    if let maxPrograms, maxPrograms < 1 { throw ValidationError("--max-programs \(maxPrograms) is not above 0") }
    _ = try seeds.map { try SeedList.read($0) }
    _ = try fractions()
  }

  private func fractions() throws -> [Rational]? {
    try trainFraction.map { text in
      try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
        guard let share = Rational(part), share > 0, share <= 1 else {
          throw ValidationError(
            "--train-fraction '\(part)' is not a fraction above 0 and up to 1, such as 3/10 or 0.3")
        }
        return share
      }
    }
  }

  /// The plan of the flags and the file.
  func resolvedPlan() throws -> ComparisonPlan {
    var plan = Self.standardPlan
    if let suite { try suite.apply(to: &plan, full: full) }
    if let path = self.plan {
      try plan.read(JSONValue(parsing: readFile(path, limit: 16 << 20), file: path), file: path)
    }
    if !tasks.isEmpty { plan.tasks = try tasks.map { try TaskReference($0) } }
    if let methods { plan.methods = methods.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let fractions = try fractions()
    if let fractions { plan.fractions = fractions }
    if let seeds { plan.seeds = try SeedList.read(seeds) }
    if let codes { plan.codes = codes }
    if let circuits { plan.circuits = circuits }
    if let llc { plan.learningCoefficients = llc }
    if let grammar { plan.grammar = grammar }
    if let steps { plan.networkSteps = steps }
    if let maxPrograms { plan.maxPrograms = maxPrograms }
    if fractions != nil, plan.tasks.allSatisfy(\.isSampled) {
      throw ValidationError("--train-fraction is for functions and files: the examples of these tasks are drawn")
    }
    var sequences: [SequenceTask]?
    let tasks = try plan.tasks.map { task in
      try task.resolved(modulus: modulus) { number in
        let known = try sequences ?? SequenceTask.read(path: TasksCommand.suitePath())
        sequences = known
        return try .named(number, among: known)
      }
    }
    if let modulus, !zip(plan.tasks, tasks).contains(where: { $0.modulus == nil && $1.modulus != nil }) {
      throw ValidationError("--modulus \(modulus): each of these tasks says a modulus of its own, or has none")
    }
    plan.tasks = tasks
    try plan.validate(known: CompareMethods.names, file: self.plan ?? "levin compare")
    return plan
  }

  func run() throws {
    try Terminal.reporting {
      let plan = try resolvedPlan()
      let methods = CompareMethods.named(plan)
      try Self.check(plan, methods, asked: (circuits == true, llc == true))
      if methods.contains(where: { $0 is NetworkMethod }) { try BLASBackend.load() }
      let folder = RunFolder(
        out ?? "compare-\(suite?.rawValue ?? plan.tasks[0].base.split(separator: "/").last.map(String.init) ?? "tasks")"
      )
      let progress = ComparisonProgress()
      let runner = ComparisonRunner(
        plan, methods: methods, folder: folder, version: Levin.version, threads: threads,
        examiner: plan.circuits ? CircuitExaminer(maxPrograms: plan.maxPrograms, grammar: plan.grammar) : nil,
        environment: .system)
      Interruption.listen()
      let entries = try runner.run { progress.show($0) }
      progress.clear()
      guard let entries else {
        Terminal.error("interrupted; to go on:\n  \(resumeLine)\n")
        throw ExitCode(128 + Interruption.signalNumber)
      }
      try finish(ComparisonResults(header: runner.header, entries: entries), folder)
    }
  }

  /// Refuses a plan without a cell, and questions of which no cell is asked.
  private static func check(
    _ plan: ComparisonPlan, _ methods: [any ComparedMethod], asked: (circuits: Bool, llc: Bool)
  ) throws {
    let cells = plan.cells(methods)
    guard !cells.isEmpty else {
      throw ValidationError("none of the methods \(plan.methods.joined(separator: ", ")) takes a task of these")
    }
    let networks = Set(methods.filter { $0.kind == .network }.map(\.name))
    func hasNetwork(on kinds: [TaskKind]) -> Bool {
      cells.contains { networks.contains($0.method) && kinds.contains($0.task.kind) }
    }
    if asked.circuits, !hasNetwork(on: CircuitExaminer.kinds) {
      throw ValidationError("--circuits: no network learns a function or sequences of symbols here")
    }
    if asked.llc, !hasNetwork(on: [.function]) { throw ValidationError("--llc: no network learns a function here") }
    guard let grammar = plan.grammar else { return }
    let searches = Set(methods.filter { $0.kind == .program }.map(\.name))
    let tasks = plan.tasks.filter { task in
      cells.contains {
        $0.task == task && (searches.contains($0.method) || plan.circuits && CircuitExaminer.kinds.contains(task.kind))
      }
    }
    if tasks.isEmpty { throw ValidationError("--grammar: no method searches programs here") }
    for task in tasks { try ProgramLanguage.check(grammar, for: task) }
  }

  private func finish(_ results: ComparisonResults, _ folder: RunFolder) throws {
    if report { try ReportCommand.write(results, to: folder) }
    if json {
      for entry in results.entries { Terminal.out(JSONWriter.line(entry.record)) }
    } else {
      Terminal.out(ComparisonText(results).text)
      let networks = results.entries.contains { $0.record["hypothesis"]?["folder"] != nil } ? ", networks" : ""
      Terminal.out(
        "files      \(folder.path)/: \(report ? "report.html, figures, " : "")records.jsonl, times.jsonl\(networks)\n")
    }
    let failed = results.entries.filter(\.isFailure)
    for entry in failed { Terminal.error("failed: \(entry.cell): \(entry.record["failure"]?.string ?? "")\n") }
    if !failed.isEmpty { throw Exit.incomplete }
  }

  private var resumeLine: String { CommandLine.arguments.map(SearchCommand.quoted).joined(separator: " ") }
}

/// Seeds as the command line writes them.
enum SeedList {
  /// The seeds in their order, each once.
  static func read(_ seeds: String) throws -> [UInt64] {
    var found: [UInt64] = []
    func wrong() -> ValidationError { ValidationError("--seeds '\(seeds)' is not a list such as 0, 0,3,5 or 0..9") }
    for part in seeds.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: ".", omittingEmptySubsequences: false)
      if ends.count == 3, ends[1].isEmpty, let first = UInt64(ends[0]), let last = UInt64(ends[2]), first <= last,
        last - first < 1000
      {
        found += first...last
      } else if let seed = UInt64(part) {
        found.append(seed)
      } else {
        throw wrong()
      }
    }
    guard Set(found).count == found.count else { throw ValidationError("--seeds '\(seeds)' names a seed twice") }
    return found
  }
}

extension ComparisonRunner.Environment {
  /// This process and its files.
  static var system: Self {
    Self(
      threadSeconds: { levin.threadSeconds() }, peakBytes: { levin.peakBytes() }, exists: { levin.exists($0) },
      remove: removeFile,
      makeFolder: { try levin.makeFolder($0) }, shouldStop: { Interruption.signalNumber != 0 })
  }
}
