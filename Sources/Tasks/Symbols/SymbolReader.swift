public import Documents

/// Reads examples on symbols as JSON Lines: a header with the alphabets, then one example per line.
///
///     {"input_symbols":["0","1"],"kind":"regular","name":"parity-check","output_symbols":["0","1"]}
///     {"input":[0,1,1,1],"output":[1]}
///
/// A symbol is the number of its name in the header's list, from 0: what a network takes as a token. `name` and `kind`
/// may be missing; a kind is one of `regular`, `deterministic context-free`, `context-sensitive`, `stream`, and in a
/// stream outputs are as long as inputs. Outputs hold what is scored, no padding. Empty lines are passed over.
public enum SymbolReader {
  /// Symbols in one alphabet at most.
  public static let largestAlphabet = 65_536

  /// The examples in the bytes of a file.
  ///
  /// - Parameter file: The name that messages give the file; its stem is the data's name when the header has none.
  /// - Throws: `InputError` with every fault of the file, the first 100 in full: what `JSONLinesReader` refuses, symbols
  ///   outside the alphabets, empty inputs or outputs, outputs of streams that are not as long as their inputs, equal
  ///   inputs with different outputs (both lines), in a stream equal beginnings with different answers.
  /// - Complexity: one pass over the bytes and hash tables over the rows.
  public static func read(_ bytes: [UInt8], file: String) throws(InputError) -> SymbolData {
    var reading = try TaskFileReading(bytes, file: file)
    guard let first = reading.headerLine() else {
      throw reading.faults.error ?? InputError(file: file, message: "an empty file; expected \(headerForm)")
    }
    let header = readHeader(first, &reading)
    var examples: [SequenceExample] = []
    var answers = Answers()
    while let line = reading.nextLine(), let header {
      guard let node = reading.parse(line), let example = readExample(node, line, header, &reading) else { continue }
      if let earlier = answers.contradiction(example, line: line.number, isStream: header.kind == .stream) {
        let same =
          header.kind == .stream ? "the same beginning with another answer" : "the same input with another output"
        reading.add(Complaint("contradicts line \(earlier): \(same)"), on: line)
      } else if examples.count == TaskFileLimits.rows {
        reading.add(Complaint("too many rows; at most \(TaskFileLimits.rows) are read"), on: line)
        break
      }
      examples.append(example)
    }
    if reading.faults.isEmpty, examples.isEmpty { reading.faults.add(Complaint("no examples after the header")) }
    if let error = reading.faults.error { throw error }
    guard let header else { preconditionFailure("reading of \(file) failed without a fault") }
    return SymbolData(
      name: header.name ?? stem(ofPath: file), kind: header.kind, input: header.input, output: header.output,
      examples: examples)
  }

  /// Whether the first line is an object with an alphabet.
  static func recognises(_ bytes: [UInt8]) -> Bool {
    guard var reading = try? TaskFileReading(bytes, file: ""), let line = reading.headerLine(),
      let header = reading.parse(line)
    else { return false }
    return header.member("input_symbols") != nil || header.member("output_symbols") != nil
  }

  private static let headerForm = #"a header such as {"input_symbols":["0","1"],"output_symbols":["0","1"]}"#
  private static let exampleForm = #"an example such as {"input":[0,1,1],"output":[0]}"#

  private struct Header {
    let name: String?
    let kind: SymbolTask.Kind?
    let input: SymbolAlphabet
    let output: SymbolAlphabet
  }

  private static func readHeader(_ line: TextLines.Line, _ reading: inout TaskFileReading) -> Header? {
    guard let node = reading.parse(line),
      let parts = reading.members(
        of: node, needed: ["input_symbols", "output_symbols"], allowed: ["kind", "name"], form: headerForm, line)
    else { return nil }
    let input = readAlphabet(parts[0], "input_symbols", line, &reading)
    let output = readAlphabet(parts[1], "output_symbols", line, &reading)
    let name = node.member("name").map { reading.text($0, "name", on: line) }
    let kind = node.member("kind").map { readKind($0, line, &reading) }
    guard let input, let output, name != .some(nil), kind != .some(nil) else { return nil }
    return Header(name: name ?? nil, kind: kind ?? nil, input: input, output: output)
  }

  private static func readKind(
    _ node: JSONNode, _ line: TextLines.Line, _ reading: inout TaskFileReading
  ) -> SymbolTask.Kind? {
    guard let text = reading.text(node, "kind", on: line) else { return nil }
    if let kind = SymbolTask.Kind(rawValue: text) { return kind }
    let known = SymbolTask.Kind.allCases.map(\.rawValue)
    reading.add(
      Complaint(
        "unknown kind \(quoted(text)); expected \(known.joined(separator: ", "))",
        hint: nearestMatch(to: String(text.prefix(65)), among: known).map { "did you mean '\($0)'?" }), on: line,
      at: node.range)
    return nil
  }

  private static func readAlphabet(
    _ node: JSONNode, _ name: String, _ line: TextLines.Line, _ reading: inout TaskFileReading
  ) -> SymbolAlphabet? {
    let names = node.value.array?.compactMap(\.string)
    guard let names, !names.isEmpty, names.count == node.value.array?.count, names.count <= largestAlphabet else {
      reading.add(
        Complaint("'\(name)' is not a list of 1 … \(largestAlphabet) names in double quotes"), on: line,
        at: node.range)
      return nil
    }
    var seen: Set<String> = []
    if let twice = names.first(where: { !seen.insert($0).inserted }) {
      reading.add(Complaint("a second symbol named \(quoted(twice)) in '\(name)'"), on: line, at: node.range)
      return nil
    }
    return SymbolAlphabet(names)
  }
}

// MARK: - Examples

extension SymbolReader {
  private static func readExample(
    _ node: JSONNode, _ line: TextLines.Line, _ header: Header, _ reading: inout TaskFileReading
  ) -> SequenceExample? {
    guard let parts = reading.members(of: node, needed: ["input", "output"], form: exampleForm, line) else {
      return nil
    }
    let input = symbols(parts[0], "input", header.input, line, &reading)
    let output = symbols(parts[1], "output", header.output, line, &reading)
    guard let input, let output else { return nil }
    guard header.kind != .stream || input.count == output.count else {
      reading.add(
        Complaint("\(output.count) output symbols; a stream has one for each of the \(input.count) input symbols"),
        on: line, at: parts[1].range)
      return nil
    }
    return SequenceExample(input: input, output: output)
  }

  private static func symbols(
    _ node: JSONNode, _ name: String, _ alphabet: SymbolAlphabet, _ line: TextLines.Line,
    _ reading: inout TaskFileReading
  ) -> [Int]? {
    guard let numbers = reading.integers(node, name, on: line) else { return nil }
    if let foreign = numbers.firstIndex(where: { $0 < 0 || $0 >= alphabet.count }),
      case .array(let nodes) = node.content
    {
      reading.add(
        Complaint("\(numbers[foreign]) is no symbol of '\(name)'; expected 0 … \(alphabet.count - 1)"), on: line,
        at: nodes[foreign].range)
      return nil
    }
    if numbers.isEmpty { reading.add(Complaint("'\(name)' is empty"), on: line, at: node.range) }
    return numbers.isEmpty ? nil : numbers.map { Int($0) }
  }

  /// What was answered to which input, and on which line.
  private struct Answers {
    private var whole: [[Int]: (output: [Int], line: Int)] = [:]
    /// A beginning stands for a number: that of the shorter beginning and its last symbol lead to it.
    private var beginnings: [Step: (number: Int, answer: Int, line: Int)] = [:]

    private struct Step: Hashable {
      let from: Int
      let symbol: Int
    }

    /// The line of an earlier example that answers the same otherwise.
    mutating func contradiction(_ example: SequenceExample, line: Int, isStream: Bool) -> Int? {
      if isStream { return streamContradiction(example, line: line) }
      guard let earlier = whole[example.input] else {
        whole[example.input] = (example.output, line)
        return nil
      }
      return earlier.output == example.output ? nil : earlier.line
    }

    private mutating func streamContradiction(_ example: SequenceExample, line: Int) -> Int? {
      var place = 0
      for (symbol, answer) in zip(example.input, example.output) {
        let step = Step(from: place, symbol: symbol)
        if let known = beginnings[step] {
          if known.answer != answer { return known.line }
          place = known.number
        } else {
          place = beginnings.count + 1
          beginnings[step] = (place, answer, line)
        }
      }
      return nil
    }
  }
}
