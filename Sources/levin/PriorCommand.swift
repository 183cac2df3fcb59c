import ArgumentParser
import Documents
import ExactArithmetic
import Grammars
import Randomness
import Tasks

/// `levin prior GRAMMAR`.
struct PriorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prior", _superCommandName: "levin",
    abstract: "Exact priors, counts and ranks of programs and grammars.",
    discussion: """
      levin prior field --program '(ff.add a b)'     prior, bits, level and rank of a program
      levin prior field --levels 10                  the ladder of levels with counts and Kraft sums
      levin prior field --termination                total prior of all finite programs, certified
      levin prior field --count 7                    number of programs by size
      levin prior field --sample 5 --seed 1          programs drawn from the prior (--size 9: uniform at a size)
      levin prior field --unrank 1000000             the program with a rank
      """)

  @Argument(help: "The grammar: a name in grammars/ or an .sl file.")
  var grammar: String
  @Option(help: "Modulus of the grammar's constant 'modulus'.")
  var modulus: Int64?
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
  @Flag(help: "Print JSON Lines.")
  var json = false

  func validate() throws {
    for (name, value) in [("levels", levels), ("count", count), ("sample", sample), ("size", size)] {
      if let value, !(0...10_000_000).contains(value) {
        throw ValidationError("--\(name) \(value) is outside 0 … 10000000")
      }
    }
    if let count, count > 2000 { throw ValidationError("--count \(count) is outside 0 … 2000") }
    if let size, size > 2000 || size == 0 { throw ValidationError("--size \(size) is outside 1 … 2000") }
    if sample == nil, seed != nil || size != nil { throw ValidationError("--seed and --size go with --sample") }
    if let unrank {
      guard let rank = BigInteger(unrank), rank >= 0 else {
        throw ValidationError("--unrank '\(unrank)' is not an integer of 0 or more")
      }
    }
  }

  func run() throws {
    try Terminal.reporting {
      let path = try GrammarFile.path(grammar)
      let read = try SyGuSReader.problem(try readFile(path, limit: 64 << 20), file: path, modulus: modulus).grammar
      let report = PriorReport(read, path: path, json: json)
      let nothing = program == nil && levels == nil && !termination && count == nil && sample == nil && unrank == nil
      if nothing { report.overview() }
      if let program { try report.program(program) }
      if termination { report.termination() }
      if let levels { report.levels(levels) }
      if let count { try report.counts(count, file: path) }
      if let sample { try report.samples(sample, seed: seed ?? 0, size: size, file: path) }
      if let unrank { try report.unrank(BigInteger(unrank)!) }
    }
  }
}

/// Prints what `levin prior` was asked for.
struct PriorReport {
  let grammar: Grammar
  let path: String
  let json: Bool
  private let printer: SyGuSPrinter

  init(_ grammar: Grammar, path: String, json: Bool) {
    self.grammar = grammar
    self.path = path
    self.json = json
    printer = SyGuSPrinter(grammar)
  }

  private func emit(_ record: @autoclosure () -> [String: JSONValue], _ text: @autoclosure () -> String) {
    Terminal.out(json ? JSONWriter.line(.object(record())) : text() + "\n")
  }

  private static func bits(_ probability: Rational) -> String {
    let bits = -probability.log2
    return Number.rounded(bits, bits == bits.rounded() ? 0 : 3)
  }

  /// The productions with their probabilities.
  func overview() {
    for nonterminal in grammar.nonterminals where !nonterminal.isAuxiliary {
      emit(
        [
          "type": "nonterminal", "name": .string(nonterminal.name), "sort": .string(nonterminal.sort.description),
          "productions": .array(
            nonterminal.productions.map {
              [
                "term": .string(printer.text(ofProduction: $0)),
                "probability": .exact(grammar.productions[$0].probability),
              ]
            }),
        ],
        "\(nonterminal.name): \(nonterminal.sort)\n"
          + nonterminal.productions.map {
            "  \(grammar.productions[$0].probability)  \(printer.text(ofProduction: $0))"
          }.joined(separator: "\n"))
    }
    termination()
  }

  func termination() {
    for (nonterminal, mass) in zip(grammar.nonterminals, grammar.terminationMass()) where !nonterminal.isAuxiliary {
      emit(
        [
          "type": "termination", "nonterminal": .string(nonterminal.name), "exact": .bool(mass.isExact),
          "lower": .exact(mass.lower), "upper": .exact(mass.upper),
        ],
        mass.isExact
          ? "termination mass of \(nonterminal.name): \(mass.lower)"
          : "termination mass of \(nonterminal.name): between \(mass.lower.decimalString(digits: 20)) and \(mass.upper.decimalString(digits: 20)) (ends rounded; exact ends with --json)"
      )
    }
  }

  func program(_ text: String) throws {
    let term = try SyGuSReader.term(text, in: grammar)
    guard let program = grammar.derivation(of: term) else {
      throw InputError(file: "program", message: "the grammar \(path) does not derive '\(printer.text(term))'")
    }
    try describe(program, derivations: grammar.derivationCount(of: term))
  }

  private func describe(_ program: Program, derivations: BigInteger?) throws {
    let probability = grammar.probability(of: program)
    var order = ProgramOrder(grammar)
    guard let rank = try? order.rank(of: program), let level = try? order.level(of: program) else { return }
    let term = grammar.term(of: program)
    emit(
      [
        "type": "program", "program": .string(printer.text(term)), "prior": .exact(probability),
        "bits": .real(-probability.log2), "rank": .string(rank.description), "level": .integer(level.ordinal),
        "levelPrograms": .string(level.count.description), "size": .integer(grammar.size(of: program)),
        "derivations": derivations.map { .string($0.description) } ?? .null,
      ],
      """
      program      \(printer.text(term))
      infix        \(InfixPrinter(grammar).text(term))
      prior        \(probability)
      bits         \(Self.bits(probability))
      size         \(grammar.size(of: program)) symbols
      level        \(level.ordinal), with \(Number.grouped(level.count)) programs of this prior
      rank         \(Number.grouped(rank)) (0 is the first program)
      derivations  \(derivations.map { Number.grouped($0) } ?? "infinitely many"); the likeliest is shown
      """)
  }

  func levels(_ count: Int) {
    var sums = KraftSums(grammar)
    if !json { Terminal.out("level  bits  prior  programs  prior so far  open\n") }
    var before = BigInteger(0)
    for number in 0..<count {
      guard let sum = sums.next() else { break }
      defer { before = sum.programs }
      emit(
        [
          "type": "level", "level": .integer(number), "prior": .exact(sum.lastProbability!),
          "bits": .real(-sum.lastProbability!.log2), "programs": .string((sum.programs - before).description),
          "sum": .exact(sum.sum), "openLower": .exact(sum.remaining.lower), "openUpper": .exact(sum.remaining.upper),
        ],
        "\(number)  \(Self.bits(sum.lastProbability!))  \(SearchOutcome.short(sum.lastProbability!))  "
          + "\(Number.grouped(sum.programs - before))  \(SearchOutcome.decimal(sum.sum, up: false))  "
          + "\(SearchOutcome.decimal(sum.remaining.upper, up: true))")
    }
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

  func samples(_ count: Int, seed: UInt64, size: Int?, file: String) throws {
    var generator = SeededGenerator(seed: seed, name: "prior/sample")
    let sampler = PriorSampler(grammar)
    var counts: SizeCounts?
    if size != nil { counts = try sizeCounts(file) }
    for _ in 0..<count {
      let drawn =
        if let size { counts!.sample(size: size, using: &generator) } else {
          sampler.sample(maximumSize: 100_000, using: &generator)
        }
      guard let drawn else {
        let reason = size.map { "no program has size \($0)" } ?? "a draw passed 100000 symbols: it may never end"
        throw InputError(file: file, message: reason)
      }
      let probability = grammar.probability(of: drawn)
      let text = printer.text(grammar.term(of: drawn))
      emit(
        [
          "type": "sample", "program": .string(text), "prior": .exact(probability),
          "size": .integer(grammar.size(of: drawn)),
        ],
        "\(Self.bits(probability)) bits  \(text)")
    }
  }

  func unrank(_ rank: BigInteger) throws {
    var order = ProgramOrder(grammar)
    guard let program = order.program(atRank: rank) else {
      throw InputError(file: path, message: "the grammar has no more than \(rank) programs")
    }
    try describe(program, derivations: grammar.derivationCount(of: grammar.term(of: program)))
  }
}
