import ArgumentParser
import Circuits
import Comparison
import Documents
import Grammars
import Networks
import Tasks

/// Flags that say on which sequences a network is studied.
struct StreamOptions: ParsableArguments {
  @Option(help: "Symbols of a sequence (default: 12).")
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

  var usedLength: Int { length ?? 12 }
  var usedSequences: Int { sequences ?? 4000 }

  func validate() throws {
    guard (2...1000).contains(usedLength) else { throw ValidationError("--length \(usedLength) is outside 2 … 1000") }
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
    let problem: SequenceProblem
    if let task = SymbolTask.all.first(where: { $0.name == name }) {
      examples = Self.drawn(task, options, seed: seed)
      problem = SequenceProblem(task: task, training: examples, test: [], seed: seed)
    } else if TaskData.isFile(name), case .symbols(let data) = try TaskFile.read(path: name) {
      examples = try Self.lines(of: data, options, file: name)
      problem = SequenceProblem(name: name, file: data, training: examples, unseen: [], seed: seed)
    } else {
      return nil
    }
    tokens = SequenceTokens(problem: problem)
    let answers = examples[0].output.count
    guard problem.isStream || examples.allSatisfy({ $0.output.count == 1 }) else {
      throw InputError(
        file: name, message: "answers of \(answers) symbols; a network's answer here is one symbol",
        hint: "tasks that answer after each symbol, or once, can be studied: streams, parity-check, even-pairs, …")
    }
    let length = examples[0].input.count
    after = options.after ?? length / 2
    guard (1..<length).contains(after) else {
      throw ValidationError("--after \(after) is outside 1 … \(length - 1), with sequences of \(length) symbols")
    }
  }

  /// Draws until there are enough different ones, at most eight for each.
  private static func drawn(_ task: SymbolTask, _ options: StreamOptions, seed: UInt64) -> [SequenceExample] {
    var seen: Set<SequenceExample> = []
    let length = options.usedLength
    let drawn = task.examples(count: 8 * options.usedSequences, lengths: length...length, seed: seed)
    return Array(drawn.filter { seen.insert($0).inserted }.prefix(options.usedSequences))
  }

  /// Lines of so many symbols; of streams the beginnings of those that are as long or longer.
  private static func lines(
    of data: SymbolData, _ options: StreamOptions, file: String
  ) throws(InputError) -> [SequenceExample] {
    let length = options.usedLength
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
    return Array(lines.prefix(options.usedSequences))
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
