import ArgumentParser
import Circuits
import Documents
import Grammars
import Networks
import Tasks

/// `levin agree PROGRAM NETWORK…`.
struct AgreeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agree", _superCommandName: "levin",
    abstract: "Ask whether a network computes what a program computes, variable by variable.",
    discussion: """
      levin agree '(ff.add a b)' runs/seed-* --modulus 113
                      interchange accuracy, nulls, score, bits, per network
      levin agree '(ff.add a b)' analytic --modulus 13
                      the network that adds by formula
      levin agree '(cons (mod (sum xs) 3) nil)' NETWORK --task stream-count-mod-3
                      a recurrent network that levin compare trained: does its
                      state hold the sum?

      For each value that PROGRAM computes a subspace of an activation is fitted on
      half of the inputs; on the other half its coordinates are taken from another
      input, and the network must answer as PROGRAM does with that value from
      there. Nulls: random subspaces and principal components of equal size, an
      untrained network and rival programs fitted in the same way, named by --decoy
      and, when it is asked (--search-decoys N), by the search itself. A rival
      differs from PROGRAM on some input on which both have a value.
      Score A = (IIA - greatest null)/(1 - greatest null); a network's is the least
      of its variables. Ends with code 1 when some network does not answer as
      PROGRAM does (--least-behaviour): nothing else is measured then.
      On sequences a program's states after some symbols are values too: those of
      transducers and folds, and sums so far. They are looked for behind the last of
      these symbols.
      """)

  @Argument(help: "The program: a term such as '(ff.add a b)', or a define-fun.")
  var program: String
  @Argument(help: "Networks: folders or files as levin learn writes them, PyTorch files, or 'analytic'.")
  var networks: [String]
  @OptionGroup(title: "Inputs") var study: StudyOptions
  @OptionGroup(title: "Sequences") var streams: StreamOptions
  @Option(help: "Grammar of the programs: a name or a file (default: the task's).")
  var grammar: String?
  @Option(
    help:
      "A rival program; may be repeated. Without any, a + b's rivals modulo p are a - b, a + b + 1 and 2a + b, those of a - b, a·b and a/b are of the same kind, those of a∘b are b∘a, a∘b⁻¹ and a⁻¹∘b."
  )
  var decoy: [String] = []
  @OptionGroup(title: "Rivals from the search") var rivals: RivalOptions
  @Option(
    help:
      "Class of subspaces: fourier (directions that frequencies, or representations of S5, of the answers read), multiplicative (that characters of products read), neurons, rotation (learned). (default: fourier, on sequences rotation)"
  )
  var alignment: AlignmentName?
  @Option(
    help:
      "A site, such as mlp.hook_post or blocks.0.hook_resid_mid@2; may be repeated (default: every activation that the class is defined at, at the last position, for a state at that of its last symbol; @N names another)."
  )
  var site: [String] = []
  @Option(
    help:
      "A value that PROGRAM computes, as its grammar writes it, such as '(ff.add a b)' or 's after 6'; may be repeated (default: all but constants; on sequences the states, where there are some)."
  )
  var variable: [String] = []
  @Option(
    help:
      "Most dimensions of a subspace (default: 12; not for neurons, of which up to half are tried). A rotation has just as many, fewer than the activation; on sequences 1, 2, 4, … up to as many are tried."
  )
  var maxDimensions: Int?
  @Option(help: "Steps of a learned rotation, with --alignment rotation alone (default: 200).")
  var rotationSteps: Int?
  @Option(help: "Interchanges scored for each variable.")
  var pairs = 20_000
  @Option(help: "Seed of halves, pairs, random subspaces, untrained networks.")
  var seed: UInt64 = 0
  @Option(help: "The least share of answers alike.")
  var leastBehaviour = 0.99
  @Flag(help: "Measure networks that answer otherwise, too.")
  var ignoreBehaviour = false
  @Option(help: "Folder for tables (CSV) and, of several networks, the figure of agreement between them.")
  var out: String?
  @Option(help: "Threads: networks run side by side.")
  var threads = 1
  @Flag(help: "Print JSON Lines: one record a network, keys sorted.")
  var json = false

  enum AlignmentName: String, ExpressibleByArgument, CaseIterable { case fourier, multiplicative, neurons, rotation }

  func validate() throws {
    guard !networks.isEmpty else { throw ValidationError("a network is needed behind the program") }
    try study.refuseUnused(networks)
    if let maxDimensions {
      guard (1...4096).contains(maxDimensions) else {
        throw ValidationError("--max-dimensions \(maxDimensions) is outside 1 … 4096")
      }
      if alignment == .neurons {
        throw ValidationError("--max-dimensions says nothing with --alignment neurons: up to half of them are tried")
      }
    }
    if let rotationSteps {
      guard (1...100_000).contains(rotationSteps) else {
        throw ValidationError("--rotation-steps \(rotationSteps) is outside 1 … 100000")
      }
    }
    guard (1...10_000_000).contains(pairs) else { throw ValidationError("--pairs \(pairs) is outside 1 … 10000000") }
    guard (0...1).contains(leastBehaviour) else {
      throw ValidationError("--least-behaviour \(leastBehaviour) is outside 0 … 1")
    }
    guard (1...64).contains(threads) else { throw ValidationError("--threads \(threads) is outside 1 … 64") }
  }

  func options(onSequences: Bool) throws -> Agreement.Options {
    var options = Agreement.Options()
    let alignment = alignment ?? (onSequences ? .rotation : .fourier)
    if onSequences, alignment == .fourier || alignment == .multiplicative {
      throw ValidationError(
        "--alignment \(alignment.rawValue) is for answers that are residues or permutations; on sequences it is rotation or neurons"
      )
    }
    if rotationSteps != nil, alignment != .rotation {
      throw ValidationError("--rotation-steps says nothing with --alignment \(alignment.rawValue)")
    }
    options.alignment = AlignmentClass(rawValue: alignment.rawValue)!
    options.maxDimensions = maxDimensions ?? options.maxDimensions
    if onSequences {
      options.rotationSizes = Agreement.Options.doublingSizes(upTo: options.maxDimensions)
    }
    options.rotationSteps = rotationSteps ?? options.rotationSteps
    options.pairs = pairs
    options.seed = seed
    options.leastBehaviour = leastBehaviour
    options.ignoresBehaviour = ignoreBehaviour
    if !variable.isEmpty { options.variables = variable }
    if !site.isEmpty { options.sites = try site.map { try Site(text: $0) } }
    return options
  }

  /// The inputs and answers of the task, by which the program's grammar is chosen.
  fileprivate func taskTable(_ studied: StudiedStreams?) throws -> TaskData {
    guard let studied else {
      if SequenceTask.isNumber(study.task) {
        throw ValidationError("'\(study.task)' is an integer sequence: networks read digits there, and programs do not")
      }
      if let flag = streams.given { throw ValidationError("\(flag) is for tasks on sequences of symbols") }
      return try study.table()
    }
    if study.modulus != nil { throw TaskError.quantityNotUsed(task: study.task, quantity: "modulus") }
    guard rivals.searchDecoys == 0 else {
      throw ValidationError("--search-decoys is for functions of single inputs; --decoy names rivals on sequences")
    }
    return try studied.table()
  }

  func run() throws {
    try Terminal.reporting {
      try BLASBackend.load()
      let session = try AgreementSession(self)
      let results = try session.results()
      if json {
        for result in results { Terminal.out(JSONWriter.line(result.record)) }
      } else {
        Terminal.out(AgreementTable(session, results).text)
      }
      if let out { try AgreementFiles(session, results).write(to: out) }
      if results.contains(where: { $0.agreement.overall == nil }) { throw Exit.nothingFound }
    }
  }
}

/// The networks of one command with the program, each with what was found.
struct AgreementSession: Sendable {
  /// The sequences that networks are studied on; nil on single inputs.
  let streams: StudiedStreams?
  let grammar: Grammar
  /// SHA-256 of the grammar as SyGuS writes it.
  let grammarDigest: String
  let term: Term
  /// Rivals that were asked for: named, or found by the search.
  let decoys: [(name: String, term: Term)]
  /// The program's usual rivals; none where others are named.
  let defaultDecoys: [(name: String, term: Term)]
  /// What the search was asked for and found; nil when it was not asked.
  let searchRivals: SearchRivals?
  let networks: [StudiedNetwork]
  let options: Agreement.Options
  let threads: Int

  init(_ command: AgreeCommand) throws {
    streams = try StudiedStreams(command.study.task, command.streams, seed: command.seed)
    let task = try command.taskTable(streams)
    let name = command.grammar ?? Assignment.language(of: task.name)
    guard let name else {
      throw ValidationError("--grammar is needed for '\(task.name)': a name (integers, field, …) or a file")
    }
    let grammar = try Assignment.grammar(GrammarFile.path(name), for: task, modulus: task.modulus)
    self.grammar = grammar
    grammarDigest = grammar.digest
    let term = try SyGuSReader.term(command.program, in: grammar)
    self.term = term
    let printer = InfixPrinter(grammar)
    searchRivals =
      command.rivals.searchDecoys == 0
      ? nil
      : try SearchRivals(
        of: term, in: grammar,
        command.rivals.examples(command.study, of: command.networks, task),
        wanted: command.rivals.searchDecoys)
    let named = try command.decoy.map { try SyGuSReader.term($0, in: grammar) }
    var standard: [Term] = []
    if named.isEmpty, streams == nil {
      standard = try Self.standardDecoys(term, grammar, on: task.distinctExamples.map(\.inputs)).map { $0.term }
    }
    let found = searchRivals?.terms ?? []
    func rivals(_ kind: String, _ terms: [Term]) -> [(name: String, term: Term)] {
      terms.map { ("\(kind) \(printer.text($0))", $0) }
    }
    defaultDecoys = rivals("decoy", standard)
    decoys = rivals("decoy", named) + rivals("search", found)
    networks = StudiedNetwork.toldApart(
      try command.networks.map { [streams] path in
        if let streams { return try StudiedNetwork(path, streams, command.study) }
        return try StudiedNetwork(path, task, command.study)
      })
    options = try command.options(onSequences: streams != nil)
    threads = command.threads
    try requireRoom(command)
  }

  /// A rotation of all of an activation, or of more, chooses nothing, and takes minutes to learn.
  private func requireRoom(_ command: AgreeCommand) throws(CircuitError) {
    guard options.alignment == .rotation, let asked = command.maxDimensions else { return }
    for network in networks {
      let runner = Runner(network.subject, capacity: 1)
      let sites = options.sites ?? runner.siteNames.filter { $0 != "logits" }.map { Site($0) }
      var greatest = 0
      for site in sites where !site.isAttentionBetweenPositions {
        greatest = max(greatest, try runner.width(of: site))
      }
      guard asked < greatest else {
        throw .notDefined(
          "--max-dimensions \(asked): no activation of \(network.name) has more than \(greatest) dimensions, and a rotation takes fewer of them"
        )
      }
    }
  }

  /// The named rivals that differ from a program on some input; modulo 2 and 3 some of them are the program itself.
  static func standardDecoys(
    _ term: Term, _ grammar: Grammar, on inputs: [[Value]]
  ) throws -> [(text: String, term: Term)] {
    let difference = ProgramDifference(grammar, on: inputs)
    let words = difference.words(of: term)
    return try standardDecoys(term, grammar).map { (text: $0, term: try SyGuSReader.term($0, in: grammar)) }
      .filter { difference.differ(difference.words(of: $0.term), words) }
  }

  /// The named rivals of a + b, a − b, a·b and a/b modulo p and of a∘b; none for other programs.
  private static func standardDecoys(_ term: Term, _ grammar: Grammar) -> [String] {
    guard grammar.parameters.count == 2, case .operation(let op, [.variable(0), .variable(1)]) = term else { return [] }
    let printer = SyGuSPrinter(grammar)
    let (a, b) = (printer.text(.variable(0)), printer.text(.variable(1)))
    if op == .compose {
      return ["(compose \(b) \(a))", "(compose \(a) (inverse \(b)))", "(compose (inverse \(a)) \(b))"]
    }
    guard grammar.modulus != nil else { return [] }
    // The inverse operation, another constant, another power of a.
    switch op {
    case .fieldAdd: return ["(ff.sub \(a) \(b))", "(ff.add (ff.add \(a) \(b)) 1)", "(ff.add (ff.add \(a) \(a)) \(b))"]
    case .fieldSubtract:
      return ["(ff.add \(a) \(b))", "(ff.add (ff.sub \(a) \(b)) 1)", "(ff.sub (ff.add \(a) \(a)) \(b))"]
    case .fieldMultiply:
      return ["(ff.div \(a) \(b))", "(ff.mul (ff.add 1 1) (ff.mul \(a) \(b)))", "(ff.mul \(a) (ff.mul \(a) \(b)))"]
    case .fieldDivide:
      return ["(ff.mul \(a) \(b))", "(ff.div (ff.add \(a) \(a)) \(b))", "(ff.div (ff.mul \(a) \(a)) \(b))"]
    default: return []
    }
  }

  var programText: String { InfixPrinter(grammar).text(term) }

  func results() throws -> [AgreementResult] {
    let line = LiveLine()
    defer { line.clear() }
    return try LearningSession.inParallel(Array(networks.indices), threads: threads) { index, _ in
      let (studied, clock) = (networks[index], ContinuousClock())
      let start = (clock.now, threads > 1 ? threadSeconds() : processSeconds())
      let inputs = studied.subject.inputs
      func read(_ term: Term) throws(CircuitError) -> StudiedProgram {
        try StudiedProgram(term, in: grammar, on: inputs, statesAfter: streams?.after)
      }
      let program = try read(term)
      func read(_ rivals: [(name: String, term: Term)]) throws -> [(name: String, program: StudiedProgram)] {
        try rivals.map { ($0.name, try read($0.term)) }
      }
      let (named, standard) = (try read(decoys), try read(defaultDecoys))
      let agreement: Agreement
      do throws(CircuitError) {
        agreement = try Agreement(
          program, studied.subject, decoys: named, defaultDecoys: standard, options: options,
          watch: { text in line.show { "agree \(studied.shortName): \(text())" } })
      } catch {
        if let streams, case .noEffectivePairs = error {
          throw InputError(
            file: studied.name, message: "\(error)",
            hint: "the answers are those after \(streams.length) symbols: an --after nearer to them may change them")
        }
        // Of several networks the message has to say which.
        if networks.count == 1 { throw error }
        throw InputError(file: studied.name, message: "\(error)")
      }
      return AgreementResult(
        studied: studied, agreement: agreement, grammarDigest: grammarDigest, seconds: (clock.now - start.0).seconds,
        cpuSeconds: (threads > 1 ? threadSeconds() : processSeconds()) - start.1)
    }
  }
}

/// One network's agreement.
struct AgreementResult: Sendable {
  let studied: StudiedNetwork
  let agreement: Agreement
  let grammarDigest: String
  let seconds: Double
  let cpuSeconds: Double
}
