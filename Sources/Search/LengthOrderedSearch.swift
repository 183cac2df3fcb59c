import Evaluation
public import ExactArithmetic
public import Grammars
import Tasks

/// Finds the shortest programs that agree with all examples, in exact order of description length.
///
/// Levels of the grammar's ladder are covered one by one, in strictly decreasing prior. A level is either *stored* (all
/// its programs merged into classes by their values) or *looked up* (only the programs that reach the goal are found,
/// by inverting operators against the stored levels); whichever takes fewer counted operations goes first. The first
/// program found is therefore the shortest, and every function found has its exact prior mass up to the last complete
/// level.
///
/// The search runs on a *signature*, a few training examples and some inputs without outputs; where a found
/// program misses other training examples, up to eight of them join the signature, and the search starts again.
///
/// Nothing depends on threads, hashing or the clock (a time limit excepted).
public struct LengthOrderedSearch {
  /// What is searched and within which limits. A nil limit does not apply.
  public struct Configuration: Hashable, Sendable {
    /// Distinct functions wanted, shortest first.
    public var top = 1
    /// Training examples in the first signature; nil chooses (of Bool up to 64; all of at most 16, where nothing loops; else 8).
    public var signatureExamples: Int?
    /// Inputs without outputs in the signature: they tell functions apart that agree on the examples.
    public var probes = 8
    /// Whether the prior mass of every class is counted.
    public var countsMass = true
    /// Whether every stored level is checked against the counting DP.
    public var audits = false
    /// Candidates evaluated and goals looked up, together.
    public var maxPrograms: UInt64?
    /// Operator evaluations on single examples: stored candidates times the examples of the signature.
    public var maxSteps: UInt64?
    /// In languages with loops or lists, steps of one operator on one example; beyond, a program has no value there. A
    /// program that agrees with the signature may take a thousand times as many on each other example.
    public var stepLimit = standardStepLimit
    /// Description length in bits: longer programs are not searched.
    public var maxBits: Int?
    /// Time by the clock; the only limit that makes a result depend on the machine.
    public var timeLimit: Duration?
    /// Whether programs beyond the complete levels are looked for too, by searching backward from the outputs; such a program
    /// is an upper bound (`SearchReport.isShortest`) and ends the search as a proven one does; where programs loop it goes on
    /// for a million operations at least. Nil: where programs loop.
    public var looksFurther: Bool?
    /// Steps of a whole program on one example, where programs that were found are run.
    var runLimit: UInt64 { 1_000 * stepLimit }
    /// Levels of all nonterminals that are made at most: of priors that are no powers of two there are many, and making them is
    /// no work that is counted. Reaching it is reported as the program limit.
    var maxLevels: Int?
    /// The work after which they are first looked for, in candidates.
    var firstLook = 2e4
    /// Threads of the search for machines of residues, where programs are transducers; all else runs on one.
    public var threads = 1
    /// Bytes of the search's tables (the process needs some 60 MB beside them).
    public var memoryLimit = 4 << 30
    /// After the first program: more levels are covered, which narrows the posterior and finds rivals, until the work
    /// has grown by this factor and a million operations. 0 stops as soon as `top` functions are found.
    public var extraWork = 1.0

    /// Steps of one operator on one example when nothing else is asked for.
    public static let standardStepLimit: UInt64 = 4_000

    /// One function, no limits but that of memory.
    public init() {}
  }

  /// What is known while the search runs.
  public struct Progress: Sendable {
    /// Candidates evaluated.
    public let candidates: UInt64
    /// Goals looked up.
    public let lookups: UInt64
    /// Classes of all nonterminals.
    public let classes: Int
    /// Bytes of the search's tables now.
    public let bytes: Int
    /// The prior of the programs that are covered now.
    public let probability: Rational
    /// Bits of the level that is covered now.
    public var bits: Double { -probability.log2 }
    /// The shortest program so far, as its derivation.
    public let best: Program?
    /// What a later run needs to go on from here.
    public let log: SearchLog
  }

  /// The language that is searched.
  public let grammar: Grammar
  /// What is wanted, and within which limits.
  public let configuration: Configuration

  /// A search over `grammar`.
  public init(_ grammar: Grammar, _ configuration: Configuration = Configuration()) {
    self.grammar = grammar
    self.configuration = configuration
  }
}

/// Why a grammar or a task cannot be searched.
public struct SearchError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong and what was expected, in a line.
  public let description: String
  /// An error with its message.
  public init(_ description: String) { self.description = description }
}

extension LengthOrderedSearch {
  /// Searches for programs that agree with all of `training`.
  ///
  /// - Parameters:
  ///   - probes: inputs (of unseen examples, say) from which the signature takes its probes.
  ///   - resume: the log of an interrupted search over the same data; its lookups are not repeated.
  ///   - progress: called now and then; true interrupts.
  public func run(
    training: [Example], probes: [[Value]] = [], resume: SearchLog? = nil,
    progress: @escaping (Progress) -> Bool = { _ in false }
  ) throws -> SearchReport {
    try run(training: training, probes: probes, resume: resume, queue: LevelQueue(grammar), progress: progress)
  }

  /// - Parameter queue: a new queue of the grammar; its levels are made once for all that have it in common.
  func run(
    training: [Example], probes: [[Value]] = [], resume: SearchLog? = nil, queue: LevelQueue,
    progress: @escaping (Progress) -> Bool
  ) throws -> SearchReport {
    try validate(training)
    var known = firstExamples(training)
    var log = resume
    if let log { known = log.known }
    let tables = KernelTables(grammar)
    let evaluator = BatchEvaluator(
      grammar, inputs: training.map(\.inputs), tables: tables, stepLimit: configuration.runLimit)
    let outputs = training.map { tables.word($0.output) }
    let clock = ContinuousClock()
    let start = clock.now
    var spent = log?.spentBefore ?? SearchLog.Work()
    var timeBeyondLevels = Duration.zero
    while true {
      let attempt = try SearchAttempt(
        self, training: training, known: known, probes: Array(probes.prefix(configuration.probes)),
        evaluator: evaluator, outputs: outputs, tables: tables, log: log, spentBefore: spent, queue: queue)
      attempt.isOver = { [unowned attempt] bank, lookups in
        if let limit = configuration.timeLimit, clock.now - start > limit { return .timeLimit(limit) }
        let shown = Progress(
          candidates: spent.candidates + bank.candidates, lookups: spent.lookups + lookups, classes: bank.classes,
          bytes: bank.meter.used, probability: attempt.reached, best: attempt.best, log: attempt.log)
        return progress(shown) ? .interrupted : nil
      }
      attempt.timeBeyondLevels = timeBeyondLevels
      try attempt.run()
      if attempt.missed.isEmpty {
        return attempt.report()
      }
      let new = attempt.missed.filter { !known.contains($0) }
      // A row and a run that differ would make the next attempt as this one was.
      guard !new.isEmpty else {
        throw SearchError(
          "an error of Levin's: a program has the right values where values are merged, and wrong ones where it is run")
      }
      known += new
      spent = attempt.work
      timeBeyondLevels = attempt.timeBeyondLevels
      log = nil
    }
  }

  func validate(_ training: [Example]) throws(SearchError) {
    guard let first = training.first else { throw SearchError("there is no example to learn from") }
    let sorts = grammar.parameters.map(\.sort)
    guard first.inputs.map(\.sort) == sorts, first.output.sort == grammar.resultSort else {
      let wanted = "(\(sorts.map(\.description).joined(separator: " "))) -> \(grammar.resultSort)"
      let given = "(\(first.inputs.map(\.sort.description).joined(separator: " "))) -> \(first.output.sort)"
      throw SearchError("the grammar is for functions \(wanted), the examples are of \(given)")
    }
    var outputs: [[Value]: Value] = [:]
    for example in training {
      if let other = outputs[example.inputs], other != example.output {
        let inputs = example.inputs.map(\.description).joined(separator: " ")
        throw SearchError("contradictory examples: (\(inputs)) gives \(other) and \(example.output)")
      }
      outputs[example.inputs] = example.output
    }
    try validateGrammar()
  }

  /// Whatever the examples: grammars whose programs cannot be run together.
  func validateGrammar() throws(SearchError) {
    let sortsUsed = grammar.nonterminals.map(\.sort)
    if grammar.isStructured {
      let others = sortsUsed.contains {
        switch $0 {
        case .bitVector, .permutation: true
        default: false
        }
      }
      if others { throw SearchError("a grammar with loops or lists is searched over Int, Bool and lists only") }
      try refuseNullaryCalls()
    }
    let vectors = place(\.isBitVector)
    if let vectors, let integers = place({ $0 == .int }) {
      throw SearchError(
        "a grammar that mixes Int and bit vectors is not searched (Int values may be missing): \(vectors), \(integers)")
    }
  }

  private static func place(_ nonterminal: Grammar.Nonterminal) -> String {
    nonterminal.isAuxiliary ? "a part of a production" : "'\(nonterminal.name)'"
  }

  /// Where programs are run with their steps, a definition without parameters is none: it is not run.
  func refuseNullaryCalls() throws(SearchError) {
    for production in grammar.productions where production.arguments.isEmpty {
      guard case .call(let number) = production.symbol else { continue }
      throw SearchError(
        "the production '\(grammar.definitions[number].name)' is a definition without parameters: write its term in its place"
      )
    }
  }

  /// What is of such a sort: a nonterminal, or a definition that programs call, which computes with it where it has a constant of
  /// that sort, or a parameter that is one.
  private func place(_ isOfSort: (Sort) -> Bool) -> String? {
    if let nonterminal = grammar.nonterminals.first(where: { isOfSort($0.sort) }) {
      return "\(Self.place(nonterminal)) is of \(nonterminal.sort)"
    }
    // By definition; each calls only those before it.
    var computes: [Sort?] = []
    func sort(_ term: Term) -> Sort? {
      switch term {
      case .constant(let value, _): isOfSort(value.sort) ? value.sort : nil
      case .call(let number, let arguments): computes[number] ?? arguments.compactMap(sort).first
      default: term.arguments.compactMap(sort).first
      }
    }
    for definition in grammar.definitions { computes.append(sort(definition.body)) }
    for production in grammar.productions {
      if case .call(let number) = production.symbol, let sort = computes[number] {
        return "the definition '\(grammar.definitions[number].name)' computes with \(sort)"
      }
    }
    return nil
  }

  /// The first examples, those with outputs that differ and are not zero before the others (zero goals invert worse).
  private func firstExamples(_ training: [Example]) -> [Int] {
    let automatic = grammar.resultSort == .bool ? 64 : training.count <= 16 && !grammar.isStructured ? 16 : 8
    let wanted = min(training.count, max(1, configuration.signatureExamples ?? automatic))
    var seen: Set<Int64> = []
    var chosen: [Int] = []
    for (index, example) in training.enumerated() where chosen.count < wanted {
      if example.output.word != 0, seen.insert(example.output.word).inserted { chosen.append(index) }
    }
    for index in training.indices where chosen.count < wanted && !chosen.contains(index) { chosen.append(index) }
    return chosen.sorted()
  }
}
