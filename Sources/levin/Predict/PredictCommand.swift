import ArgumentParser
import Documents
import Grammars
import Induction
import Search
import Tasks

/// `levin predict SYMBOLS...`.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", _superCommandName: "levin",
    abstract: "Exact probabilities of a sequence and of its next symbol.",
    discussion: """
      levin predict 0 1 1 2 3 5 8                            the mixture over programs n -> f(n)
      levin predict --task A000045 --online --phase 36
      levin predict 0 1 1 0 1 0 0 --depth 3 --past 0,1,0     context-tree weighting
      levin predict 0,1,1,0 --method kt                      Krichevsky-Trofimov
      levin predict --file dna.txt --alphabet A,C,G,T --online
      levin predict --alphabet=-1,0,1 -- -1 0 1              negative symbols

      programs is Solomonoff's mixture over all programs of a language, each run
      within its share of a phase; probabilities are certified intervals. Ctrl-C
      ends the phase early: the intervals are then those of what was met.
      ctw mixes all trees of contexts up to a depth, kt all memoryless sources,
      mixture is half programs, half ctw; uniform knows nothing. Probabilities of
      ctw, kt, mixture and uniform are exact fractions; bits are their logarithms,
      rounded.

      --online of programs: bounds of the normalised mixture M_norm, the mixture
      of the programs that were run (resolved M) with its log-loss in bits beside
      that of ctw, and the masses of programs that print what is there (goes on),
      another symbol (differs) or none (silent), and of those not known (open).
      """)

  @Argument(help: "The sequence; symbols apart by blanks or commas. None is the empty sequence.")
  var symbols: [String] = []
  @Option(help: "Read the sequence from a file instead.")
  var file: String?
  @Option(help: "Read the given terms of an OEIS sequence of the suite (A000045), or of a file, instead.")
  var task: String?
  @Option(
    help:
      "programs, mixture, ctw, kt or uniform. (default: programs; ctw where --alphabet, --depth or --past is given)")
  var method: Method?
  @Option(help: "Greatest length of a context of ctw, 0 to 48. (default: 8)")
  var depth: Int?
  @Option(help: "Symbols before the sequence, for ctw; missing ones are the alphabet's first.")
  var past: String?
  @Option(
    help:
      "The symbols there are: names with commas (A,C,G,T) or a range of integers (0..9). (default: 0,1; of mixture, the symbols that occur, and 0 and 1)"
  )
  var alphabet: String?
  @OptionGroup(title: "Programs") var programs: ProgramOptions
  @Flag(help: "Show every position: what it was given by those before, and its log-loss.")
  var online = false
  @Flag(help: "Print JSON Lines.")
  var json = false

  enum Method: String, ExpressibleByArgument, CaseIterable { case programs, mixture, ctw, kt, uniform }

  /// The method that is meant.
  private var chosen: Method { method ?? (alphabet ?? past != nil || depth != nil ? .ctw : .programs) }

  func validate() throws {
    if [file != nil, task != nil, !symbols.isEmpty].count(where: { $0 }) > 1 {
      throw ValidationError("SYMBOLS, --file and --task exclude each other")
    }
    if let depth, !(0...48).contains(depth) { throw ValidationError("--depth \(depth) is outside 0 … 48") }
    let name = chosen.rawValue
    if chosen != .ctw, chosen != .mixture {
      if depth != nil { throw ValidationError("--depth belongs to --method ctw; \(name) has no contexts") }
      if past != nil { throw ValidationError("--past belongs to --method ctw; \(name) has no contexts") }
    }
    if chosen == .programs, alphabet != nil {
      throw ValidationError("--alphabet belongs to other methods; programs print any integer")
    }
    if chosen != .programs, chosen != .mixture, let flag = programs.given {
      throw ValidationError("\(flag) belongs to --method programs and mixture")
    }
    if chosen == .mixture, programs.prior ?? .length != .length {
      throw ValidationError("--method mixture weighs programs by length alone")
    }
    if chosen != .programs { _ = try readAlphabet() }
  }

  private func readAlphabet() throws -> Alphabet {
    do { return try Alphabet(parsing: alphabet ?? "0,1") } catch {
      throw ValidationError("--alphabet: \(error.message)")
    }
  }

  func run() throws {
    try Terminal.reporting {
      // Contexts ask for no signal: it ends them at once.
      if chosen == .programs { Interruption.listen() }
      let typed = Array(symbols.joined(separator: " ").utf8)
      let oeis = try task.map { try Self.sequence($0) }
      let terms = oeis.map { Array($0.given.map { "\($0)" }.joined(separator: " ").utf8) }
      let bytes = try terms ?? file.map { try readFile($0, limit: 64 << 20) } ?? typed
      let name = task ?? file ?? "SYMBOLS"
      if chosen == .programs {
        let sequence = try AlphabetReader.readIntegers(bytes, file: name)
        try ProgramPrediction(
          sequence: sequence, options: programs, offset: programs.offset ?? oeis?.offset ?? 0, oeis: oeis,
          online: online, json: json
        ).run()
        return
      }
      try run(bytes, name, oeis)
    }
  }

  private func run(_ bytes: [UInt8], _ name: String, _ oeis: SequenceTask?) throws {
    var (alphabet, bytes, past) = (try readAlphabet(), bytes, Array((past ?? "").utf8))
    if chosen == .mixture, self.alphabet == nil {
      func text(_ numbers: some Sequence<Int64>, _ separator: String) -> String {
        numbers.map { "\($0)" }.joined(separator: separator)
      }
      let numbers = try AlphabetReader.readIntegers(bytes, file: name)
      let earlier = try AlphabetReader.readIntegers(past, file: "--past")
      do { alphabet = try Alphabet(parsing: text(Set(numbers).union([0, 1]).sorted(), ",")) } catch {
        throw InputError(file: name, message: error.message)
      }
      // An integer is written in more than one way: 007, +7.
      (bytes, past) = (Array(text(numbers, " ").utf8), Array(text(earlier, " ").utf8))
    }
    if let foreign = oeis?.given.enumerated().first(where: { !alphabet.names.contains("\($0.element)") }) {
      throw InputError(
        file: name, message: "term \(foreign.offset + 1), \(foreign.element), is not in the alphabet",
        hint: "--alphabet says which symbols there are")
    }
    let sequence = try AlphabetReader.read(bytes, file: name, alphabet: alphabet)
    let before = try AlphabetReader.read(past, file: "--past", alphabet: alphabet)
    let depth = chosen == .ctw || chosen == .mixture ? depth ?? 8 : nil
    var report = PredictionReport(
      alphabet: alphabet, sequence: sequence, method: chosen.rawValue, depth: depth, past: before, json: json)
    switch chosen {
    case .ctw:
      report.run(ContextTree(depth: report.depth!, alphabetSize: alphabet.count, past: before), online: online)
    case .kt: report.run(KrichevskyTrofimovEstimator(alphabetSize: alphabet.count), online: online)
    case .uniform: report.run(UniformPredictor(alphabetSize: alphabet.count), online: online)
    case .mixture:
      let numbers = alphabet.names.compactMap { Int64($0) }
      guard numbers.count == alphabet.count, zip(numbers, numbers.dropFirst()).allSatisfy(<) else {
        throw ValidationError("--alphabet of --method mixture is of different integers in increasing order")
      }
      let offset = programs.offset ?? oeis?.offset ?? 0
      if offset.addingReportingOverflow(Int64(sequence.count)).overflow { throw SearchError("n leaves 64 bits") }
      let grammar = try programs.language()
      let walk = try StreamWalk(grammar, offset: offset, alphabet: Set(numbers))
      report.programs = (grammar, programs, offset)
      report.run(
        try MixedPredictor(walk, phase: programs.shownPhase, depth: depth!, past: before), online: online)
    case .programs: preconditionFailure("handled above")
    }
  }

  /// A sequence of the suite, or that of a file.
  private static func sequence(_ task: String) throws -> SequenceTask {
    guard TaskData.isFile(task) else { return try .inSuite(task) }
    guard case .integerSequences(let suite, _) = try TaskFile.read(path: task) else {
      throw InputError(
        file: task, message: "no integer sequence",
        hint: "'levin tasks A000045' writes one; --file reads symbols apart by blanks or commas")
    }
    return try .only(of: suite, file: task)
  }
}

/// Flags of the mixture over programs.
struct ProgramOptions: ParsableArguments {
  @Option(help: "The language: a name in grammars/ or an .sl file of functions Int -> Int. (default: sequences)")
  var grammar: String?
  @Option(help: "Programs run within their share of 2^PHASE steps, 1 to 48. (default: 32; of mixture 16)")
  var phase: Int?
  @Option(help: "The first n. (default: 0; of --task its own)")
  var offset: Int64?
  @Option(help: "What a program weighs: length (P), kt (P/t) or fast (P/2^(phase - 1)). (default: length)")
  var prior: PriorName?

  func validate() throws {
    if let phase, !(1...48).contains(phase) { throw ValidationError("--phase \(phase) is outside 1 … 48") }
  }

  /// The first flag that is there.
  var given: String? {
    if grammar != nil { return "--grammar" }
    if phase != nil { return "--phase" }
    if offset != nil { return "--offset" }
    return prior == nil ? nil : "--prior"
  }

  /// The phase of the mixture with a context tree, which walks once per symbol.
  var shownPhase: Int { phase ?? 16 }

  func language() throws -> Grammar { try GrammarFile.grammar(grammar ?? "sequences") }

  /// The language's file as outcomes name it; found, since it was read.
  var languageName: String {
    let name = grammar ?? "sequences"
    return Assignment.shortName((try? GrammarFile.path(name)) ?? name)
  }

  /// The language in a record: its file, and the hash of what it says.
  func record(of language: Grammar) -> JSONValue {
    [
      "file": .string(languageName), "sha256": .string(language.digest),
    ]
  }
}

/// `SequencePrior` as a flag says it.
enum PriorName: String, ExpressibleByArgument, CaseIterable {
  case length, kt, fast

  var prior: SequencePrior { SequencePrior(rawValue: rawValue)! }
}
