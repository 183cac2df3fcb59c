import Evaluation
import ExactArithmetic
import Grammars
import Randomness
import Tasks

/// One exception search while it runs.
final class ExceptionAttempt {
  private let search: ExceptionSearch
  private let training: [Example]
  private let progress: (ExceptionSearch.Progress) -> Bool
  private let code: ExceptionCode
  /// Probabilities of exceptions, and the greatest of those that the levels allow.
  private var known: (probabilities: [Misses: Rational?], greatest: [Misses: Rational]) = ([:], [:])
  /// The code of the labels alone.
  private let withoutProgram: Rational
  private let tables: KernelTables
  private let evaluator: BatchEvaluator
  /// The search of a subset but for its limits.
  private var subset = LengthOrderedSearch.Configuration()
  private let outputs: [Int64]
  private let labels: Set<Int64>

  private(set) var stop: StopReason?
  /// The shortest codes met, of different values on the examples, the shortest first.
  private var solutions: [ExceptionReport.Solution] = []
  private var solution: ExceptionReport.Solution? { solutions.first }
  /// The subset that gave the first of them.
  private var improved = -1
  private var log: ExceptionLog
  private var met: Set<[Int32]> = []
  private var tried = 0
  private var levels = Levels()

  /// Examples that a program misses, and those of them where it says what no label says.
  private struct Misses: Hashable {
    var count = 0
    var outside = 0
  }

  /// What the enumeration came to.
  private struct Levels {
    var lanes = 0
    var complete: [(probability: Rational, classesByMisses: [Misses: Int])] = []
    var programs = BigInteger(0)
    var candidates: UInt64 = 0
    var classes = 0
    var bytes = 0
  }

  init(
    _ search: ExceptionSearch, _ training: [Example], _ log: ExceptionLog,
    _ progress: @escaping (ExceptionSearch.Progress) -> Bool
  ) {
    (self.search, self.training, self.log, self.progress) = (search, training, log, progress)
    code = ExceptionCode(labels: training.count, alphabet: search.labels.count)
    withoutProgram = code.withoutProgram
    let tables = KernelTables(search.grammar)
    self.tables = tables
    subset.probes = 0
    subset.countsMass = false
    subset.extraWork = 0
    subset.memoryLimit = search.configuration.memoryLimit
    subset.stepLimit = search.configuration.stepLimit
    subset.top = Self.functions
    subset.maxLevels = Self.mostLevels
    // What is found beyond the levels takes long, and few examples tell little about it.
    subset.looksFurther = false
    evaluator = BatchEvaluator(
      search.grammar, inputs: training.map(\.inputs), tables: tables, stepLimit: subset.runLimit)
    outputs = training.map { tables.word($0.output) }
    labels = Set(search.labels.map { tables.word($0) })
    for known in log.programs where met.insert(known.program).inserted {
      consider(Program(productions: known.program), subset: known.subset)
    }
  }

  /// The shortest code so far: a program's, or that of the labels alone.
  private var best: Rational { solution?.code ?? withoutProgram }

  /// Whether a program of some prior that misses these of the levels' examples may have a code shorter than the best; where
  /// they are not all examples, or where steps are limited, it may miss more.
  private func mayImprove(_ prior: Rational, _ misses: Misses) -> Bool {
    let isExact = levels.lanes == training.count && !search.grammar.isStructured
    let bound =
      known.greatest[misses]
      ?? (isExact
        ? probability(misses) ?? 0 : code.greatestProbability(from: misses.count, outside: misses.outside))
    known.greatest[misses] = bound
    return prior * bound > best
  }

  private func probability(_ misses: Misses) -> Rational? {
    if let known = known.probabilities[misses] { return known }
    let probability = code.probability(misses.count, outside: misses.outside)
    known.probabilities[misses] = .some(probability)
    return probability
  }

  /// Runs a program on all examples and takes it over when its code is among the shortest.
  private func consider(_ program: Program, subset: Int) {
    let words = evaluator.words(of: search.grammar.term(of: program))
    tried += 1
    let missed = outputs.indices.filter { words[$0] != outputs[$0] }
    let misses = Misses(count: missed.count, outside: missed.count { !labels.contains(words[$0]) })
    guard let wrong = self.probability(misses) else { return }
    let prior = search.grammar.probability(of: program)
    let probability = prior * wrong
    let isFull = solutions.count == ExceptionReport.mostSolutions
    guard probability > (isFull ? solutions.last!.code : withoutProgram) else { return }
    let exceptions = missed.map {
      ExceptionReport.Exception(place: $0, said: tables.value(words[$0], search.grammar.resultSort))
    }
    // Of programs with the same values the one of the greatest prior stands for all.
    if let same = solutions.firstIndex(where: { $0.exceptions == exceptions }) {
      if solutions[same].code >= probability { return }
      solutions.remove(at: same)
    } else if isFull {
      solutions.removeLast()
    }
    let place = solutions.firstIndex { $0.code < probability } ?? solutions.count
    if place == 0 { improved = subset }
    solutions.insert(
      .init(program: program, probability: prior, exceptions: exceptions, code: probability), at: place)
  }

  private func isInterrupted(_ programs: UInt64, bits: Double?) -> Bool {
    let shown = ExceptionSearch.Progress(
      programs: programs, subsets: log.subsets, bits: bits, best: solution?.program, log: log)
    return progress(shown)
  }
}

// MARK: - Subsets

extension ExceptionAttempt {
  /// Bits of the labels of a subset: few examples are more often all right, many name a program.
  private static let labelBits = [12, 24, 48]
  /// Subsets of each size in a round.
  private static let subsetsOfASize = 8
  /// Programs of a subset's search in the first round.
  private static let firstPrograms: UInt64 = 1 << 16
  /// Functions that are taken from a subset, where several have the same length.
  private static let functions = 8
  /// Levels of all nonterminals in one search, and in the enumeration.
  private static let mostLevels = 2_000
  /// Rounds, whatever the limit: where all searches end by themselves no limit is met.
  private static let mostRounds = 20

  func runSubsets() throws {
    let sizes = Self.labelBits.map(size(ofBits:))
    let perRound = sizes.count * Self.subsetsOfASize
    while stop == nil {
      let number = log.subsets
      let round = number / perRound
      if number % perRound == 0, round > 0, solution != nil, improved < (round - 1) * perRound { return }
      let most = Self.firstPrograms << UInt64(2 * round)
      let spent = log.work.candidates + log.work.lookups
      guard round < Self.mostRounds, spent + most <= search.configuration.maxPrograms / 2 else { return }
      // Most subsets are done before their own search asks.
      if isInterrupted(spent, bits: nil) {
        stop = .interrupted
        return
      }
      let place = number % sizes.count
      // Of all examples there is one subset.
      let isRepeated = sizes[place] == training.count && number % perRound != sizes.firstIndex(of: training.count)
      if isRepeated { log.subsets += 1 } else { try runSubset(number, size: sizes[place], most: most) }
    }
  }

  /// The fewest labels that take so many bits.
  private func size(ofBits bits: Int) -> Int {
    guard search.labels.count > 1 else { return training.count }
    var (size, values) = (0, BigInteger(1))
    while values < BigInteger(1) << bits, size < training.count {
      values *= BigInteger(search.labels.count)
      size += 1
    }
    return size
  }

  private func runSubset(_ number: Int, size: Int, most: UInt64) throws {
    var generator = SeededGenerator(seed: search.configuration.seed, name: "exceptions/subset/\(number)")
    var configuration = subset
    configuration.maxPrograms = most
    configuration.maxBits = mostBits
    let before = log.work
    let report = try LengthOrderedSearch(search.grammar, configuration).run(
      training: draw(size, &generator)
    ) { [unowned self] state in
      isInterrupted(before.candidates + before.lookups + state.candidates + state.lookups, bits: nil)
    }
    if report.stop == .interrupted {
      stop = .interrupted
      return
    }
    for found in report.solutions where met.insert(found.program.productions).inserted {
      log.programs.append(.init(subset: number, program: found.program.productions))
      consider(found.program, subset: number)
    }
    log.work.candidates += report.candidates
    log.work.lookups += report.lookups
    log.work.filtered += report.filtered
    log.bytes = max(log.bytes, report.bytes)
    log.subsets += 1
  }

  /// Different examples in the order of the training.
  private func draw(_ count: Int, _ generator: inout SeededGenerator) -> [Example] {
    // Fisher–Yates from the front, as far as is needed.
    var places = Array(training.indices)
    for place in 0..<count {
      places.swapAt(place, place + Int(generator.below(UInt64(places.count - place))))
    }
    return places[..<count].sorted().map { training[$0] }
  }

  /// Longer programs have no shorter code than the best, whatever they say; nil where that is far away.
  private var mostBits: Int? {
    let bits = (code.greatestProbability(from: 0) / best).log2
    // One more than the logarithm rounds to: a limit on what is tried, not a claim.
    return bits < 10_000 ? Int(max(bits, 0)) + 1 : nil
  }
}

// MARK: - Levels

extension ExceptionAttempt {
  /// Examples on which programs are enumerated: as many at least, and at most.
  private static let (fewestLanes, mostLanes) = (256, 4096)

  func runLevels() throws {
    // Twice as many as there are exceptions: what is wrong on most of these is refuted.
    let wanted = max(Self.fewestLanes, min(2 * (solution?.exceptions.count ?? 0), Self.mostLanes))
    var generator = SeededGenerator(seed: search.configuration.seed, name: "exceptions/lanes")
    let known = draw(min(wanted, training.count), &generator)
    levels.lanes = known.count
    let bank: ClassBank
    do {
      bank = try ClassBank(
        grammar: search.grammar, signature: Signature(known: known, probes: [], tables: tables), countsMass: false,
        memoryLimit: search.configuration.memoryLimit, tables: tables, stepLimit: search.configuration.stepLimit)
    } catch { throw SearchError(error.message) }
    let spent = log.work.candidates + log.work.lookups
    let greatestOfAll = code.greatestProbability(from: 0)
    var bits = 0.0
    bank.shouldStop = { [unowned self] bank in
      if isInterrupted(spent + bank.candidates, bits: bits) { stop = .interrupted }
      return stop != nil
    }
    let sample = ExceptionCode(labels: known.count, alphabet: search.labels.count)
    while stop == nil {
      guard let level = bank.upcoming() else {
        stop = .exhausted
        break
      }
      if level.nonterminal == 0 {
        bits = -level.probability.log2
        if level.probability * greatestOfAll <= best {
          stop = solution == nil ? .exhausted : .found
          break
        }
      }
      if bank.shouldStop(bank) { break }
      let ahead = bank.storingCost(level) * Double(bank.signature.lanes / 8)
      let isFull = bank.levels.reduce(0) { $0 + $1.count } >= Self.mostLevels
      if isFull || work(bank) + ahead > Double(search.configuration.maxPrograms) {
        stop = .maxPrograms(search.configuration.maxPrograms)
        break
      }
      if bank.meter.used + bank.queue.bytes > search.configuration.memoryLimit {
        stop = .memoryLimit(search.configuration.memoryLimit)
        break
      }
      let first = bank.tables[level.nonterminal].count
      switch bank.store(level) {
      case .level: if level.nonterminal == 0 { judge(level, from: first, bank, sample) }
      case .exhausted: stop = .exhausted
      case .memory: stop = .memoryLimit(search.configuration.memoryLimit)
      case .countLimit: stop = .countLimit
      case .stopped: break
      }
    }
    levels.candidates = bank.candidates
    levels.bytes = bank.meter.peak
  }

  /// Counts the new classes of a level by the examples that they miss, and runs on all examples the first program of those
  /// that may have a shorter code and say something about these. A level that is cut is not complete.
  private func judge(_ level: Ladder.Level, from first: Int, _ bank: ClassBank, _ sample: ExceptionCode) {
    let withoutProgram = sample.withoutProgram
    var classes: [Misses: [Int]] = [:]
    var refuted: [Int: Int] = [:]
    for index in first..<bank.tables[0].count {
      let count = misses(index, bank)
      if mayImprove(level.probability, Misses(count: count)) {
        classes[Misses(count: count, outside: outside(index, bank)), default: []].append(index)
      } else {
        refuted[count, default: 0] += 1
      }
    }
    for (misses, indices) in classes.sorted(by: { ($0.key.count, $0.key.outside) < ($1.key.count, $1.key.outside) }) {
      let ofSample = sample.probability(misses.count, outside: misses.outside) ?? 0
      guard level.probability * ofSample > withoutProgram else { continue }
      for index in indices where mayImprove(level.probability, misses) {
        let program = bank.program(0, index)
        guard !met.contains(program.productions) else { continue }
        if bank.shouldStop(bank) { return }
        if work(bank) > Double(search.configuration.maxPrograms) {
          stop = .maxPrograms(search.configuration.maxPrograms)
          return
        }
        met.insert(program.productions)
        consider(program, subset: log.subsets)
      }
    }
    levels.classes += bank.tables[0].count - first
    var counts = classes.mapValues(\.count)
    for (count, number) in refuted { counts[Misses(count: count), default: 0] += number }
    levels.complete.append((level.probability, counts))
    levels.programs += level.count
  }

  /// Examples of the levels on which a class is wrong; where steps are limited, those without a value are left aside.
  private func misses(_ index: Int, _ bank: ClassBank) -> Int {
    let (row, isStructured) = (bank.tables[0].row(index), search.grammar.isStructured)
    var count = 0
    for lane in 0..<levels.lanes where row[lane] != bank.signature.goal[lane] {
      if !isStructured || row[lane] != Value.noValueWord { count += 1 }
    }
    return count
  }

  /// Those of the misses where a class says what no label says.
  private func outside(_ index: Int, _ bank: ClassBank) -> Int {
    let (row, isStructured) = (bank.tables[0].row(index), search.grammar.isStructured)
    return (0..<levels.lanes).count { lane in
      row[lane] != bank.signature.goal[lane] && !labels.contains(row[lane])
        && (!isStructured || row[lane] != Value.noValueWord)
    }
  }

  /// Work so far, in candidates on eight examples.
  private func work(_ bank: ClassBank) -> Double {
    Double(log.work.candidates + log.work.lookups) + Double(bank.candidates) * Double(bank.signature.lanes / 8)
      + Double(tried) * Double(training.count) / 8
  }

  /// Classes of the complete levels whose misses allow a shorter code than the best.
  private var undecided: Int {
    levels.complete.reduce(0) { sum, level in
      sum + level.classesByMisses.reduce(0) { $0 + (mayImprove(level.probability, $1.key) ? $1.value : 0) }
    }
  }

  var report: ExceptionReport {
    ExceptionReport(
      stop: stop ?? .found, solutions: solutions, completeLevels: levels.complete.count,
      completeProbability: levels.complete.last?.probability, programs: levels.programs, lanes: levels.lanes,
      classes: levels.classes, undecided: undecided, subsets: log.subsets, tried: tried,
      candidates: log.work.candidates + levels.candidates, lookups: log.work.lookups, filtered: log.work.filtered,
      bytes: max(log.bytes, levels.bytes), log: log)
  }
}
