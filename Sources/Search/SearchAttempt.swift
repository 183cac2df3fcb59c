import Evaluation
import ExactArithmetic
import Grammars
import Tasks

/// One run of the search with a fixed signature.
final class SearchAttempt {
  let configuration: LengthOrderedSearch.Configuration
  let grammar: Grammar
  let bank: ClassBank
  let goal: GoalSearch
  private let evaluator: BatchEvaluator
  private let signatureEvaluator: BatchEvaluator
  let outputs: [Int64]
  /// Words of the first parameter on the training examples.
  private(set) lazy var inputs: [Int64] = training.map { bank.kernelTables.word($0.inputs[0]) }
  let training: [Example]
  private let probeCount: Int
  private let replay: [SearchLog.Level]
  /// Counters of the lookups that `replay` stands for.
  private let replayed: (lookups: UInt64, filtered: UInt64)
  private let spentBefore: SearchLog.Work

  /// Why the search must end now, if it must.
  var isOver: (ClassBank, UInt64) -> StopReason? = { _, _ in nil }
  /// Examples that a found program missed: the signature must grow.
  var missed: [Int] = []

  struct Function {
    var program: Program
    let ordinal: Int
    var counts: [(ordinal: Int, count: UInt64)]
  }
  struct Met {
    var count: UInt64
    var key: [UInt32]
    var program: Program
  }

  var functions: [Function] = []
  private var numberOfRow: [[Int64]: Int] = [:]
  private(set) var log: SearchLog
  var resolved = 0
  private var programs = BigInteger(0)
  private var resolvedMass = Rational(0)
  private var audited = 0
  var stop: StopReason?
  var workWhenFound: Double?
  /// The prior of the level that is covered now.
  private(set) var reached = Rational(1)
  /// Whether no further class can come (`ClassBank.isClosed`).
  private var isClosed = false
  /// Whether programs beyond the complete levels are looked for.
  let looksFurther: Bool
  /// The nonterminals whose levels are stored before their turn, then: bodies of loops, or conditions.
  let early: [Bool]
  /// Work on those beyond what the complete search needs, and the work at which longer programs are tried again.
  lazy var earlyWork = Array(repeating: 0.0, count: grammar.nonterminals.count)
  lazy var nextLook = configuration.firstLook
  /// Steps that proposals of more than a few may still take in this look.
  var longSteps = mostLongSteps
  /// The most work with which loops were run forward, by pass.
  var forwardWork: [LoopInversion.Pass: Double] = [:]
  /// Whether loops run forward were compared already: the same come first in every look.
  var hasComparedForward = false
  /// A program found beyond the complete levels, and the time that looking for it took, in the attempts before too.
  var conjecture: Program?
  var timeBeyondLevels = Duration.zero

  init(
    _ search: LengthOrderedSearch, training: [Example], known: [Int], probes: [[Value]], evaluator: BatchEvaluator,
    outputs: [Int64], tables: KernelTables, log: SearchLog?, spentBefore: SearchLog.Work, queue: LevelQueue
  ) throws {
    configuration = search.configuration
    grammar = search.grammar
    self.training = training
    self.evaluator = evaluator
    self.outputs = outputs
    self.spentBefore = spentBefore
    probeCount = probes.count
    let signature = Signature(known: known.map { training[$0] }, probes: probes, tables: tables)
    let configuration = search.configuration
    do {
      bank = try ClassBank(
        grammar: search.grammar, signature: signature, countsMass: configuration.countsMass,
        memoryLimit: configuration.memoryLimit, tables: tables, stepLimit: configuration.stepLimit, queue: queue)
    } catch { throw SearchError(error.message) }
    goal = GoalSearch(bank)
    looksFurther = configuration.looksFurther ?? search.grammar.isStructured
    early = Self.earlyNonterminals(search.grammar, goal.branches)
    let grammar = search.grammar
    let lanes = (0..<signature.lanes).map { lane in
      grammar.parameters.indices.map { parameter -> Value in
        let (word, sort) = (signature.inputs[parameter][lane], grammar.parameters[parameter].sort)
        return tables.machine?.value(word, sort) ?? Value(sort: sort, word: word)
      }
    }
    signatureEvaluator = BatchEvaluator(grammar, inputs: lanes, tables: tables, stepLimit: configuration.stepLimit)
    replay = log?.levels ?? []
    replayed = log?.levels.last.map { ($0.lookups, $0.filtered) } ?? (0, 0)
    self.log = SearchLog(known: known, levels: [], spentBefore: spentBefore)
  }

  /// The shortest program found so far.
  var best: Program? { functions.first?.program ?? conjecture }

  /// Counters, those of earlier attempts included.
  var work: SearchLog.Work {
    SearchLog.Work(
      candidates: spentBefore.candidates + bank.candidates, lookups: spentBefore.lookups + lookupsDone,
      filtered: spentBefore.filtered + filteredDone)
  }

  var lookupsDone: UInt64 { (log.levels.last?.lookups ?? 0) }
  private var filteredDone: UInt64 { (log.levels.last?.filtered ?? 0) }

  /// Counted operations so far, in units of one candidate.
  var totalWork: Double { Double(bank.candidates) + Double(lookupsDone) + Double(filteredDone) * 0.05 }

  func run() throws {
    bank.shouldStop = { [unowned self] bank in limitReached(bank.candidates + lookupsDone) }
    goal.shouldStop = { [unowned self] in limitReached(bank.candidates + replayed.lookups + goal.lookups) }
    while stop == nil, missed.isEmpty { step() }
  }

  /// Evaluations of the stored candidates on the examples of the signature (earlier attempts: on as many).
  private var steps: UInt64 { (spentBefore.candidates + bank.candidates) &* UInt64(bank.signature.lanes) }

  private func limitReached(_ programs: UInt64) -> Bool {
    if let limit = configuration.maxPrograms, spentBefore.candidates + spentBefore.lookups + programs >= limit {
      stop = .maxPrograms(limit)
    } else if let limit = configuration.maxLevels, bank.levels.reduce(0, { $0 + $1.count }) >= limit {
      stop = .maxPrograms(configuration.maxPrograms ?? 0)
    } else if let limit = configuration.maxSteps, steps >= limit {
      stop = .maxSteps(limit)
    } else if let reason = isOver(bank, replayed.lookups + goal.lookups) {
      stop = reason
    }
    return stop != nil
  }

  private func step() {
    if limitReached(bank.candidates + lookupsDone) { return }
    guard let level = bank.level(0, resolved) else {
      stop = .exhausted
      return
    }
    reached = level.probability
    stop = reasonToEnd(before: level)
    if stop != nil { return }
    let lookupCost = goal.cost(0, resolved)
    let upcoming = bank.upcoming()
    let storeCost = upcoming.map { bank.storingCost($0) }
    let cheapest = min(lookupCost ?? .infinity, storeCost ?? .infinity)
    if isEnoughWork(cheapest) {
      stop = ended
      return
    }
    // After many levels nearly nothing is left to store: whether anything is can be seen only when it is done.
    let isNearlyClosed = resolved >= 64 && storeCost ?? .infinity <= 1e3 && upcoming!.probability >= level.probability
    if let lookupCost, lookupCost <= max(1e4, storeCost ?? .infinity), !isNearlyClosed {
      resolve(level)
    } else {
      store()
    }
    if looksFurther, best == nil, stop == nil, missed.isEmpty { lookFurther() }
  }

  /// What ends the search before a level is covered, the work that it takes left aside.
  private func reasonToEnd(before level: Ladder.Level) -> StopReason? {
    if bank.meter.used + bank.queue.bytes > configuration.memoryLimit {
      return .memoryLimit(configuration.memoryLimit)
    }
    // Masses may still grow, where they are counted and something was found.
    if functions.isEmpty || !configuration.countsMass, isEveryFunctionMet { return ended }
    // Without masses there is nothing left to narrow; where programs loop, a shorter one may be near.
    let narrows = configuration.countsMass || grammar.isStructured
    if functions.count >= configuration.top, configuration.extraWork == 0 || !narrows { return .found }
    if let bits = configuration.maxBits, isTooLong(level.probability) {
      return functions.count < configuration.top ? .maxBits(bits) : .found
    }
    if configuration.countsMass, UInt64(exactly: level.count) == nil { return functions.isEmpty ? .countLimit : ended }
    return nil
  }

  /// Whether a first program was found and the work behind it, with what comes next, would pass what was asked for.
  private func isEnoughWork(_ next: Double) -> Bool {
    guard let found = workWhenFound else { return false }
    if !grammar.isStructured, configuration.extraWork == 0 { return true }
    // Once only masses grow, levels cost what counting them does: sums of products of numbers as long as the level is far.
    let levelWork = isEveryFunctionMet ? Double(resolved * resolved) * Double(resolved) : 0
    return totalWork + next + levelWork > found * (1 + configuration.extraWork) + 1e6
  }

  /// Whether the language has no function that the resolved levels have not.
  private var isEveryFunctionMet: Bool { isClosed && resolved > bank.lastNewLevel(0) ?? -1 }

  /// Why a search ends that goes on no more, though it could.
  private var ended: StopReason {
    isEveryFunctionMet && functions.count < configuration.top ? .noOtherFunction : .found
  }

  private func store() {
    guard let level = bank.upcoming() else {
      stop = .exhausted
      return
    }
    store(level)
  }

  /// Stores the next level of bodies or conditions, ahead of its turn; false when there is none.
  func storeEarly() -> Bool {
    guard let level = bank.upcomingEarly(earlyWork, among: early) else { return false }
    earlyWork[level.nonterminal] += bank.storingCost(level) + 1
    store(level)
    return true
  }

  private func store(_ level: Ladder.Level) {
    let classes = bank.classes
    switch bank.store(level) {
    case .level:
      if !grammar.isStructured, !isClosed, bank.classes == classes { isClosed = bank.isClosed }
      if configuration.audits, configuration.countsMass {
        precondition(
          bank.audit(level.nonterminal, level.ordinal),
          "audit failed at level \(level.ordinal) of '\(grammar.nonterminals[level.nonterminal].name)'")
        audited += 1
      }
    case .exhausted: stop = .exhausted
    case .memory: stop = .memoryLimit(configuration.memoryLimit)
    case .countLimit: stop = .countLimit
    case .stopped: break
    }
  }

  private func resolve(_ level: Ladder.Level) {
    var met: [[Int64]: Met] = [:]
    var entry: SearchLog.Level
    if resolved < replay.count {
      entry = replay[resolved]
      for hit in entry.hits {
        let program = Program(productions: hit.program)
        met[signatureEvaluator.words(of: grammar.term(of: program))] = Met(
          count: hit.count, key: hit.orderKey, program: program)
      }
    } else {
      guard collect(into: &met) else {
        if goal.outOfMemory { stop = .memoryLimit(configuration.memoryLimit) }
        return
      }
      entry = SearchLog.Level(
        lookups: replayed.lookups + goal.lookups, filtered: replayed.filtered + goal.filtered,
        hits: met.values.map { SearchLog.Hit(program: $0.program.productions, count: $0.count, orderKey: $0.key) }
          .sorted { $0.orderKey.lexicographicallyPrecedes($1.orderKey) })
    }
    commit(met)
    guard missed.isEmpty else { return }
    log.levels.append(entry)
    programs += level.count
    resolvedMass += level.probability * Rational(level.count)
    resolved += 1
    if workWhenFound == nil, !functions.isEmpty { workWhenFound = totalWork }
  }

  private func collect(into met: inout [[Int64]: Met]) -> Bool {
    guard let found = hits(ofLevel: resolved) else { return false }
    met = found
    return true
  }

  /// The programs of a level that reach the goal, by their rows; nil when the search of the level did not end.
  func hits(ofLevel ordinal: Int) -> [[Int64]: Met]? {
    let lanes = bank.signature.lanes
    var collected: [[Int64]: Met] = [:]
    goal.onHit = { [goal] row, count, derivation in
      let key = Array(UnsafeBufferPointer(start: row, count: lanes))
      let order = derivation.orderKey
      guard let known = collected[key] else {
        collected[key] = Met(count: count, key: order, program: goal.program(derivation))
        return
      }
      let isFirst = order.lexicographicallyPrecedes(known.key)
      collected[key]!.count = known.count &+ count
      if isFirst {
        collected[key]!.key = order
        collected[key]!.program = goal.program(derivation)
      }
    }
    defer { goal.onHit = { _, _, _ in } }
    return goal.resolve(ordinal) ? collected : nil
  }

  /// The values of a program on all training examples.
  func words(of program: Program) -> [Int64] { evaluator.words(of: grammar.term(of: program)) }

  /// The training examples that a program misses.
  func wrongExamples(_ program: Program) -> [Int] {
    let words = words(of: program)
    return outputs.indices.filter { words[$0] != outputs[$0] }
  }

  /// Whether a program over one integer gives all outputs; ended by a wrong answer. Where it takes more than a few steps, it may
  /// take those that are left of a look: some proposals never end.
  func agrees(_ program: Program, _ machine: TermMachine) -> Bool {
    let number = machine.number(of: grammar.term(of: program))
    var long: [Int] = []
    for (place, input) in inputs.enumerated() {
      let run = machine.run(number, on: [input], stepLimit: configuration.stepLimit)
      if run.word == nil, run.reason == .stepLimit {
        long.append(place)
      } else if run.word != outputs[place] {
        return false
      }
    }
    for place in long {
      let run = machine.run(number, on: [inputs[place]], stepLimit: min(configuration.runLimit, longSteps))
      longSteps -= min(run.steps, longSteps)
      if run.word != outputs[place] { return false }
    }
    return wrongExamples(program).isEmpty
  }

  /// Takes over the functions of a level, in enumeration order; notes the examples that a new one misses.
  private func commit(_ met: [[Int64]: Met]) {
    let ordered = met.sorted { $0.value.key.lexicographicallyPrecedes($1.value.key) }
    for (row, value) in ordered where numberOfRow[row] == nil {
      let wrong = wrongExamples(value.program)
      if !wrong.isEmpty {
        missed = Array(wrong.prefix(8))
        return
      }
    }
    for (row, value) in ordered {
      if let number = numberOfRow[row] {
        functions[number].counts.append((resolved, value.count))
      } else {
        numberOfRow[row] = functions.count
        functions.append(Function(program: value.program, ordinal: resolved, counts: [(resolved, value.count)]))
      }
    }
  }

  func report() -> SearchReport {
    let masses = functions.map { function in
      function.counts.reduce(Rational(0)) { $0 + bank.levels[0][$1.ordinal].probability * Rational($1.count) }
    }
    let consistent = masses.reduce(Rational(0), +)
    let open = grammar.terminationMass()[0].upper - resolvedMass
    let solutions = functions.indices.prefix(max(1, configuration.top)).map { index in
      let mass = masses[index]
      let interval =
        configuration.countsMass
        ? RationalInterval(lower: mass / (consistent + open), upper: (mass + open) / (consistent + open)) : nil
      return SearchReport.Solution(
        program: functions[index].program, probability: grammar.probability(of: functions[index].program),
        mass: configuration.countsMass ? mass : nil, posterior: interval)
    }
    let unproven =
      functions.isEmpty
      ? conjecture.map {
        SearchReport.Solution(program: $0, probability: grammar.probability(of: $0), mass: nil, posterior: nil)
      } : nil
    return SearchReport(
      stop: stop ?? .found, solutions: solutions.isEmpty ? [unproven].compactMap { $0 } : Array(solutions),
      isShortest: unproven == nil, completeLevels: resolved,
      completeProbability: resolved > 0 ? bank.levels[0][resolved - 1].probability : nil, programs: programs,
      resolvedMass: resolvedMass, consistentMass: configuration.countsMass ? consistent : nil,
      candidates: work.candidates, lookups: work.lookups, filtered: work.filtered, classes: bank.classes,
      storedLevels: bank.tables[0].levels, bytes: bank.meter.peak, classBytes: bank.classBytes,
      timeBeyondLevels: timeBeyondLevels, signature: log.known, probes: probeCount,
      auditedLevels: configuration.audits ? audited : nil, log: log)
  }
}
