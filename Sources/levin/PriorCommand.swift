import ArgumentParser
import Documents
import ExactArithmetic
import Grammars
import Randomness
import Search
import Tasks

/// `levin prior GRAMMAR`.
struct PriorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prior", _superCommandName: "levin",
    abstract: "Exact priors, counts and ranks of programs and grammars.",
    usage: "levin prior <grammar> [<options>]",
    discussion: """
      levin prior field                 productions, probabilities, termination mass
      levin prior field --program '(ff.add a b)'    its prior, bits, level and rank
      levin prior field --levels 10     the ladder of levels, counts and Kraft sums
      levin prior field --termination   prior of all finite programs, certified
      levin prior field --count 7       number of programs by size
      levin prior field --sample 5      programs drawn from the prior, with --seed;
                                        --size 9: uniformly among those of a size
      levin prior field --unrank 1000000            the program with a rank
      levin prior boolean --variables 3 --functions 10
                                        the likeliest functions of all inputs,
                                        each by the prior of all its programs

      Records of --json name the version, the grammar with its hash and, of draws,
      the seed; exact probabilities have their log2 beside them.
      """)

  @OptionGroup var language: LanguageOptions
  @Option(help: "A program: a term or a define-fun.")
  var program: String?
  @Option(help: "Show the first N levels.")
  var levels: Int?
  @Flag(help: "Show the termination mass of every nonterminal.")
  var termination = false
  @Option(help: "Count the programs of each size up to SIZE.")
  var count: Int?
  @Option(help: "Draw N programs.")
  var sample: Int?
  @Option(help: "Seed of the draws. (default: 0)")
  var seed: UInt64?
  @Option(help: "Draw uniformly among the programs of this size.")
  var size: Int?
  @Option(help: "Show the program with this rank (0-based).")
  var unrank: String?
  @Option(help: "Show the N likeliest functions of all inputs; integers are 0 to the modulus less one.")
  var functions: Int?
  @Option(
    help:
      "Count functions level by level, at most so many programs, as is done for languages with too many functions to know all. (default there: 5000000)"
  )
  var maxPrograms: UInt64?
  @Option(help: "Count functions level by level, up to so many bits.")
  var maxBits: Int?
  @Option(
    help:
      "Most batches (a production with a level for each argument) listed for a rank or for levels; to be raised where one is not found for their number. (default: 500000)"
  )
  var maxBatches: Int?
  @Flag(help: "Print JSON Lines.")
  var json = false

  func validate() throws {
    let numbers: [(String, Int?, ClosedRange<Int>)] = [
      ("levels", levels, 0...10_000_000), ("count", count, 0...2000), ("sample", sample, 0...10_000_000),
      ("size", size, 1...2000), ("functions", functions, 0...10_000_000),
      ("max-bits", maxBits, 1...10_000),
    ]
    for (name, value, range) in numbers {
      if let value, !range.contains(value) {
        throw ValidationError("--\(name) \(value) is outside \(range.lowerBound) … \(range.upperBound)")
      }
    }
    if sample == nil, seed != nil || size != nil { throw ValidationError("--seed and --size go with --sample") }
    if functions == nil, maxPrograms != nil || maxBits != nil {
      throw ValidationError("--max-programs and --max-bits go with --functions")
    }
    if let maxBatches {
      if maxBatches < 1 { throw ValidationError("--max-batches \(maxBatches) is not at least 1") }
      if program == nil, levels == nil, unrank == nil {
        throw ValidationError("--max-batches goes with --program, --levels and --unrank")
      }
    }
    if let unrank {
      guard let rank = BigInteger(unrank), rank >= 0 else {
        throw ValidationError("--unrank '\(unrank)' is not an integer of 0 or more")
      }
    }
  }

  func run() throws {
    try Terminal.reporting {
      let (path, read) = try language.read()
      let report = PriorReport(read, path: path, json: json, maximumBatches: maxBatches ?? PriorReport.standardBatches)
      let nothing =
        program == nil && levels == nil && !termination && count == nil && sample == nil && unrank == nil
        && functions == nil
      if nothing { report.overview() }
      if let program { try report.program(program) }
      if termination { report.termination() }
      var isComplete = true
      if let levels, !report.levels(levels) { isComplete = false }
      if let count { try report.counts(count, file: path) }
      if let sample { try report.samples(sample, seed: seed ?? 0, size: size, file: path) }
      if let unrank, try !report.unrank(BigInteger(unrank)!) { isComplete = false }
      if let functions {
        var limits = FunctionPriors.Limits()
        if let maxPrograms { limits.maxPrograms = maxPrograms }
        limits.maxBits = maxBits
        let isLimited = maxPrograms != nil || maxBits != nil
        try report.functions(functions, isLimited ? .levels(limits) : .automatic)
      }
      if !isComplete { throw Exit.incomplete }
    }
  }
}

/// A language by its file.
struct LanguageOptions: ParsableArguments {
  @Argument(help: "The grammar: a name in grammars/ or an .sl file.")
  var grammar: String
  @Option(help: "Modulus of the grammar's constant 'modulus'.")
  var modulus: Int64?
  @Option(help: "Inputs of a grammar that says (Variable Sort); those of the file where nothing is said.")
  var variables: Int?

  func validate() throws {
    if let variables, !(1...64).contains(variables) {
      throw ValidationError("--variables \(variables) is outside 1 … 64")
    }
  }

  /// The grammar and the path of its file.
  func read() throws -> (path: String, grammar: Grammar) {
    let path = try GrammarFile.path(grammar)
    let read = try GrammarFile.grammar(path, modulus: modulus, variables: variables)
    if modulus != nil, read.modulus == nil {
      throw InputError(file: path, message: "the grammar has no modulus: --modulus says nothing")
    }
    return (path, read)
  }
}

/// Prints what `levin prior` was asked for.
struct PriorReport {
  let grammar: Grammar
  let path: String
  let json: Bool
  /// Most batches of the ladder that a rank or the levels may take.
  let maximumBatches: Int
  /// Listing them takes some seconds where probabilities have many different factors, and less than one where they are
  /// powers of 1/2. What is printed of a level, its exact prior and the sum so far, is computed besides: where
  /// probabilities have thousands of digits, that is what `--levels` takes its time for.
  static let standardBatches = 500_000
  let printer: SyGuSPrinter
  /// What every record says; empty where none is printed.
  private let commonMembers: [String: JSONValue]
  /// For each nonterminal the names of the variables that its programs may read.
  private let scopes: [[String]]

  init(_ grammar: Grammar, path: String, json: Bool, maximumBatches: Int) {
    self.grammar = grammar
    self.path = path
    self.json = json
    self.maximumBatches = maximumBatches
    let printer = SyGuSPrinter(grammar)
    self.printer = printer
    commonMembers =
      json
      ? [
        "version": .string(Levin.version),
        "grammar": [
          "file": .string(Assignment.shortName(path)),
          "sha256": .string(grammar.digest),
        ],
      ] : [:]
    scopes = grammar.variablesInScope().map { scope in scope.sorted().map { grammar.variables[$0].name } }
  }

  func emit(_ record: @autoclosure () -> [String: JSONValue], _ text: @autoclosure () -> String) {
    Terminal.out(
      json ? JSONWriter.line(.object(record().merging(commonMembers) { own, _ in own })) : text() + "\n")
  }

  /// The limit of what is listed, for records that depend on it.
  private var limits: JSONValue { ["maxBatches": .integer(maximumBatches)] }

  /// The description length; 0, not -0, for probability 1.
  private static func bits(_ probability: Rational) -> Double { 0 - probability.log2 }

  /// The name of a nonterminal; an open one, which may share it with one outside of lambdas, is told by its variables.
  private func name(_ number: Int) -> String {
    let nonterminal = grammar.nonterminals[number]
    if !nonterminal.isOpen { return nonterminal.name }
    let variables = scopes[number].joined(separator: " ")
    return "\(nonterminal.name) (in a body\(variables.isEmpty ? "" : " with \(variables)"))"
  }

  /// The productions with their probabilities.
  func overview() {
    for (number, nonterminal) in grammar.nonterminals.enumerated() where !nonterminal.isAuxiliary {
      let variables: [JSONValue] = scopes[number].map { .string($0) }
      emit(
        [
          "type": "nonterminal", "name": .string(nonterminal.name), "sort": .string(nonterminal.sort.description),
          "open": .bool(nonterminal.isOpen), "variables": .array(variables),
          "productions": .array(
            nonterminal.productions.map {
              [
                "term": .string(printer.text(ofProduction: $0)),
                "probability": SearchOutcome.exact(grammar.productions[$0].probability),
              ]
            }),
        ],
        "\(name(number)): \(nonterminal.sort)\n"
          + nonterminal.productions.map {
            "  \(grammar.productions[$0].probability)  \(printer.text(ofProduction: $0))"
          }.joined(separator: "\n"))
    }
    termination()
  }

  func termination() {
    for (number, mass) in grammar.terminationMass().enumerated() where !grammar.nonterminals[number].isAuxiliary {
      let nonterminal = grammar.nonterminals[number]
      emit(
        [
          "type": "termination", "nonterminal": .string(nonterminal.name), "open": .bool(nonterminal.isOpen),
          "exact": .bool(mass.isExact), "lower": SearchOutcome.exact(mass.lower),
          "upper": SearchOutcome.exact(mass.upper),
        ],
        mass.isExact
          ? "termination mass of \(name(number)): \(mass.lower)"
          : "termination mass of \(name(number)): between \(SearchOutcome.decimal(mass.lower, up: false, digits: 20)) and \(SearchOutcome.decimal(mass.upper, up: true, digits: 20)) (ends rounded outward; exact ends with --json)"
      )
    }
  }

  func program(_ text: String) throws {
    let term = try SyGuSReader.term(text, in: grammar)
    guard let program = grammar.derivation(of: term) else {
      throw InputError(file: "program", message: "the grammar \(path) does not derive '\(printer.text(term))'")
    }
    describe(program, derivations: grammar.derivationCount(of: term), ProgramOrder(grammar))
  }

  /// What is known at once, then the rank and the level: those may take long.
  private func describe(_ program: Program, derivations: BigInteger?, _ order: ProgramOrder) {
    let probability = grammar.probability(of: program)
    let term = grammar.term(of: program)
    if !json {
      let likeliest = grammar.derivation(of: term).map { grammar.probability(of: $0) }
      let shown = likeliest == probability ? "the likeliest is shown" : "another one is likelier than the one shown"
      Terminal.out(
        """
        program      \(printer.text(term))
        infix        \(InfixPrinter(grammar).text(term))
        prior        \(probability)
        bits         \(ProgramMeasure.bits(probability))
        size         \(grammar.size(of: program)) symbols
        derivations  \(derivations.map { Number.grouped($0) } ?? "infinitely many"); \(shown)

        """)
    }
    let found = place(of: program, order)
    let level = found.map {
      "\($0.level.ordinal), with \(Number.counted($0.level.count, "program")) of this prior"
    }
    let rank = found.map { "\(Number.grouped($0.rank)) (0 is the first program)" }
    let ordinal: JSONValue = if let found { .integer(found.level.ordinal) } else { .null }
    emit(
      [
        "type": "program", "program": .string(printer.text(term)), "prior": SearchOutcome.exact(probability),
        "bits": .real(Self.bits(probability)), "size": .integer(grammar.size(of: program)),
        "derivations": Self.exact(derivations), "rank": Self.exact(found?.rank), "level": ordinal,
        "levelPrograms": Self.exact(found?.level.count), "limits": limits,
      ],
      "level        \(level ?? notFound)\nrank         \(rank ?? notFound)")
  }

  private static func exact(_ number: BigInteger?) -> JSONValue { number.map { .string($0.description) } ?? .null }

  /// The rank and the level of a program; nil when they are beyond the limit of batches.
  private func place(of program: Program, _ order: ProgramOrder) -> (rank: BigInteger, level: Ladder.Level)? {
    var order = order
    guard let rank = try? order.rank(of: program, maximumBatches: maximumBatches),
      let level = try? order.level(of: program)
    else { return nil }
    return (rank, level)
  }

  private var notFound: String { "not found within \(Number.grouped(maximumBatches)) batches (--max-batches)" }

  /// The first levels; false when the limit of batches comes before the last of them.
  func levels(_ count: Int) -> Bool {
    var sums = KraftSums(grammar)
    if !json { Terminal.out("level  bits  prior  programs  prior so far  open\n") }
    var before = BigInteger(0)
    for number in 0..<count {
      let next: KraftPartialSum?
      do { next = try sums.next(maximumBatches: maximumBatches) } catch {
        Terminal.error("levin: level \(number) \(notFound)\n")
        return false
      }
      guard let sum = next else { break }
      defer { before = sum.programs }
      emit(
        [
          "type": "level", "level": .integer(number), "prior": SearchOutcome.exact(sum.lastProbability!),
          "bits": .real(Self.bits(sum.lastProbability!)), "programs": .string((sum.programs - before).description),
          "sum": SearchOutcome.exact(sum.sum), "openLower": SearchOutcome.exact(sum.remaining.lower),
          "openUpper": SearchOutcome.exact(sum.remaining.upper), "limits": limits,
        ],
        "\(number)  \(ProgramMeasure.bits(sum.lastProbability!))  \(SearchOutcome.short(sum.lastProbability!))  "
          + "\(Number.grouped(sum.programs - before))  \(SearchOutcome.decimal(sum.sum, up: false))  "
          + "\(SearchOutcome.decimal(sum.remaining.upper, up: true))")
    }
    return true
  }

  func counts(_ limit: Int, file: String) throws {
    var counts = try sizeCounts(file)
    for size in 1...max(1, limit) where size <= limit {
      let count = counts.count(ofSize: size)
      emit(
        ["type": "count", "size": .integer(size), "programs": .string(count.description)],
        "size \(size): \(Number.grouped(count))")
    }
  }

  private func sizeCounts(_ file: String) throws(InputError) -> SizeCounts {
    do { return try SizeCounts(grammar) } catch { throw InputError(file: file, message: "\(error)") }
  }

  /// Most symbols and productions of a draw from the prior, which may have no end.
  private static let drawnSymbols = 100_000
  private static let drawnProductions = 1_000_000

  func samples(_ count: Int, seed: UInt64, size: Int?, file: String) throws {
    var generator = SeededGenerator(seed: seed, name: "prior/sample")
    let sampler = PriorSampler(grammar)
    var counts: SizeCounts?
    if size != nil { counts = try sizeCounts(file) }
    for _ in 0..<count {
      let drawn =
        if let size { counts!.sample(size: size, using: &generator) } else {
          sampler.sample(
            maximumSize: Self.drawnSymbols, maximumProductions: Self.drawnProductions, using: &generator)
        }
      if let drawn {
        sample(drawn, seed: seed)
      } else if let size {
        throw InputError(file: file, message: "no program has size \(size)")
      } else {
        emit(
          [
            "type": "sample", "seed": .integer(seed), "program": .null, "prior": .null, "size": .null,
            "maximumSize": .integer(Self.drawnSymbols), "maximumProductions": .integer(Self.drawnProductions),
          ],
          "no program of up to \(Self.drawnSymbols) symbols and \(Self.drawnProductions) productions: the draw may never end"
        )
      }
    }
  }

  /// A drawn program; one that is nested too deep to be written, by its size.
  private func sample(_ program: Program, seed: UInt64) {
    let probability = grammar.probability(of: program)
    let (size, depth) = (grammar.size(of: program), grammar.depth(of: program))
    let text = depth <= Program.depthLimit ? printer.text(grammar.term(of: program)) : nil
    var record: [String: JSONValue] = [
      "type": "sample", "seed": .integer(seed), "program": text.map { .string($0) } ?? .null,
      "prior": SearchOutcome.exact(probability), "size": .integer(size),
    ]
    if text == nil { record["depth"] = .integer(depth) }
    let shown = text ?? "\(size) symbols, \(Self.tooDeep(depth))"
    emit(record, "\(ProgramMeasure.bits(probability)) bits  \(shown)")
  }

  private static func tooDeep(_ depth: Int) -> String {
    "nested \(depth) deep: at most \(Program.depthLimit) levels are written out"
  }

  /// The program with a rank; false when the limit of batches comes first.
  func unrank(_ rank: BigInteger) throws -> Bool {
    var order = ProgramOrder(grammar)
    let found: Program?
    do { found = try order.program(atRank: rank, maximumBatches: maximumBatches) } catch {
      Terminal.error("levin: the program with rank \(rank) \(notFound)\n")
      return false
    }
    guard let program = found else {
      throw InputError(file: path, message: "the grammar has no more than \(rank) programs")
    }
    let depth = grammar.depth(of: program)
    guard depth <= Program.depthLimit else {
      throw InputError(file: path, message: "the program with rank \(rank) is \(Self.tooDeep(depth))")
    }
    describe(program, derivations: grammar.derivationCount(of: grammar.term(of: program)), order)
    return true
  }
}
