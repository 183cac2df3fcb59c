import ArgumentParser
import Circuits
import Comparison
import Documents
import ExactArithmetic
import Grammars
import Networks
import Tasks

/// Flags that say on which sequences a network is studied.
struct StreamOptions: ParsableArguments {
  @Option(help: "Symbols of a sequence (default: 12; of a file the commonest length).")
  var length: Int?
  @Option(help: "States after so many symbols are looked for (default: half of them).")
  var after: Int?
  @Option(help: "Different sequences at most, drawn with --seed, or lines of a file (default: 4,000).")
  var sequences: Int?

  /// The first flag that is given.
  var given: String? {
    if length != nil { return "--length" }
    if after != nil { return "--after" }
    return sequences == nil ? nil : "--sequences"
  }

  static let standardSequences = 4000

  var usedSequences: Int { sequences ?? Self.standardSequences }

  func validate() throws {
    if let length, !(2...StudiedStreams.mostSymbols).contains(length) {
      throw ValidationError("--length \(length) is outside 2 … \(StudiedStreams.mostSymbols)")
    }
    guard (2...100_000).contains(usedSequences) else {
      throw ValidationError("--sequences \(usedSequences) is outside 2 … 100000")
    }
  }
}

/// Different sequences of one length, each with one answer: to the last symbol of a stream, or to the whole.
///
/// Whatever is kept of the first symbols then lies at one position in all of them.
struct StudiedStreams {
  /// The sequences with whole outputs, as they are given to networks.
  private let tokens: SequenceTokens
  private let examples: [SequenceExample]
  /// The symbols after which states are variables.
  let after: Int

  /// Symbols of a sequence.
  var length: Int { examples[0].input.count }

  /// - Returns: nil where the task is none on sequences of symbols.
  init?(_ name: String, _ options: StreamOptions, seed: UInt64) throws {
    if let task = SymbolTask.all.first(where: { $0.name == name }) {
      try self.init(task, options, seed: seed)
    } else if TaskData.isFile(name), case .symbols(let data) = try TaskFile.read(path: name) {
      try self.init(file: name, data, options, seed: seed)
    } else {
      return nil
    }
  }

  /// The sequences that nobody chose, of a comparison's problem; what it learned from is among them by chance alone.
  init(of problem: SequenceProblem, seed: UInt64) throws {
    let options = try StreamOptions.parse([])
    if let task = problem.task {
      try self.init(task, options, seed: seed)
    } else {
      try self.init(file: problem.name, problem.data, options, seed: seed)
    }
  }

  /// Draws until there are enough different ones, at most eight for each.
  private init(_ task: SymbolTask, _ options: StreamOptions, seed: UInt64) throws {
    var seen: Set<SequenceExample> = []
    let length = options.length ?? Self.standardLength
    let drawn = task.examples(count: 8 * options.usedSequences, lengths: length...length, seed: seed)
    let examples = Array(drawn.filter { seen.insert($0).inserted }.prefix(options.usedSequences))
    try self.init(
      SequenceProblem(task: task, training: examples, test: [], seed: seed), examples, after: options.after)
  }

  /// Lines of one length; of streams the beginnings of those that are as long or longer.
  private init(file: String, _ data: SymbolData, _ options: StreamOptions, seed: UInt64) throws {
    let length = options.length ?? Self.standardLength(of: data)
    guard length <= Self.mostSymbols else {
      throw InputError(
        file: file, message: "most sequences have \(length) symbols; at most \(Self.mostSymbols) are studied",
        hint: "--length chooses others")
    }
    var seen: Set<SequenceExample> = []
    let lines = data.examples.compactMap { line -> SequenceExample? in
      if data.kind == .stream, line.input.count > length {
        return SequenceExample(input: Array(line.input.prefix(length)), output: Array(line.output.prefix(length)))
      }
      return line.input.count == length ? line : nil
    }.filter { seen.insert($0).inserted }
    guard lines.count > 1 else {
      let lengths = data.examples.map(\.input.count)
      throw InputError(
        file: file,
        message: "\(Number.counted(lines.count, "different sequence")) of \(length) symbols; at least 2 are needed",
        hint: "the file's have \(lengths.min()!) to \(lengths.max()!) symbols; --length chooses")
    }
    let examples = Array(lines.prefix(options.usedSequences))
    try self.init(
      SequenceProblem(name: file, file: data, training: examples, unseen: [], seed: seed), examples,
      after: options.after)
  }

  private init(_ problem: SequenceProblem, _ examples: [SequenceExample], after: Int?) throws {
    (tokens, self.examples) = (SequenceTokens(problem: problem), examples)
    guard problem.isStream || examples.allSatisfy({ $0.output.count == 1 }) else {
      throw InputError(
        file: problem.name,
        message: "answers of \(examples[0].output.count) symbols; a network's answer here is one symbol",
        hint: "tasks that answer after each symbol, or once, can be studied: streams, parity-check, even-pairs, …")
    }
    let length = examples[0].input.count
    self.after = after ?? length / 2
    guard (1..<length).contains(self.after) else {
      throw ValidationError(
        "a state after \(self.after) of \(Number.counted(length, "symbol")); expected one before the last")
    }
  }

  static let standardLength = 12
  /// A network is run on more sequences at once than they have symbols: with so many it takes half a gigabyte, and so does its
  /// untrained twin.
  static let mostSymbols = 256

  /// Of streams so many symbols, or all of the longest; else the commonest length, of equally common ones the greatest.
  private static func standardLength(of data: SymbolData) -> Int {
    let lengths = data.examples.map(\.input.count)
    if data.kind == .stream { return min(standardLength, lengths.max()!) }
    let counts = Dictionary(grouping: lengths) { $0 }.mapValues(\.count)
    return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }!.key
  }
}

extension StudiedStreams {
  private var data: SymbolData { tokens.problem.data }

  /// The sequences as lists with lists of one answer, in their order.
  func table() throws -> TaskData {
    try SymbolData.table(
      examples.map { example in
        SequenceExample(input: example.input, output: example.output.suffix(1)).onLists
      }, name: data.name)
  }

  /// The sequences with the tokens that `levin compare` gives its networks.
  var inputs: Inputs {
    let positions = tokens.positions(examples[0])
    return Inputs(
      values: examples.map { [.list($0.input.map(Int64.init))] },
      tokens: tokens.batch(examples, positions: positions).tokens, positions: positions,
      answers: Dictionary(
        uniqueKeysWithValues: (0..<data.output.count).map { (.list([Int64($0)]), Int32($0)) }),
      vocabulary: tokens.vocabulary, outputs: data.output.count...data.output.count)
  }

  /// The sequences in words.
  var summary: String {
    "\(Number.grouped(examples.count)) different sequences of \(length) symbols; states after \(after)"
  }

  /// Bits of the answers by the uniform code.
  var answerBits: Double { Double(examples.count) * Rational(BigInteger(data.output.count)).log2 }

  /// What records say of the task.
  var record: JSONValue {
    let own = SymbolData(
      name: data.name, kind: data.kind, input: data.input, output: data.output, examples: examples)
    return [
      "name": .string(data.name), "sha256": .string(SHA256.hexadecimalDigest(of: own.jsonLines())),
      "sequences": .integer(examples.count), "length": .integer(length), "after": .integer(after),
    ]
  }
}
