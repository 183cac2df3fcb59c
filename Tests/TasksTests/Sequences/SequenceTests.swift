import Documents
import ExactArithmetic
import Grammars
import Tasks
import TestSupport
import Testing

/// The suite of integer sequences: every term is computed again from a definition.
@Suite struct SequenceTests {
  static let path = Repository.root + "/benchmarks/suites/sequences.jsonl"
  static let suite = (try? SequenceTask.read(path: path)) ?? []

  @Test(arguments: suite)
  func termsEqualTheFormula(_ task: SequenceTask) throws {
    let formula = try #require(SequenceFormula.all[task.number], "\(task.number) has no formula")
    #expect(formula.terms(Int(task.offset)) == task.terms.map { BigInteger($0) }, "\(task.number) \(task.name)")
  }

  @Test func suiteAndFormulasHaveTheSameSequences() {
    #expect(Self.suite.map(\.number) == SequenceFormula.all.keys.sorted())
    #expect(Self.suite.count == 276)
  }

  @Test func twentyTermsAreGivenAndTwentyKept() {
    for task in Self.suite {
      #expect(task.given.count == SequenceTask.standardCount && task.kept.count == SequenceTask.standardCount)
      #expect(task.givenIndices.upperBound == task.keptIndices.lowerBound)
      #expect(task.keptIndices.upperBound == task.offset + 40)
    }
  }

  /// Digits with their sign, most significant first, as they are printed; read back they are the number.
  @Test func termsAndIndicesAreWrittenInDigits() throws {
    let task = SequenceTask(
      number: "A000001", name: "own", group: "own", offset: -1, given: [.max, -40], kept: [0, .min + 1])
    let data = task.symbols
    func text(_ symbols: [Int], _ alphabet: SymbolAlphabet) -> String {
      symbols.map { alphabet.names[$0] }.joined()
    }
    #expect(data.examples.map { text($0.input, data.input) } == ["-1", "0", "1", "2"])
    #expect(
      data.examples.map { text($0.output, data.output) } == [
        "9223372036854775807end", "-40end", "0end", "-9223372036854775807end",
      ])
    #expect(data.examples.map(\.output.count).max() == SequenceTask.mostTermSymbols)
    #expect(data.examples.map { SequenceTask.index(of: $0.input) } == [-1, 0, 1, 2])
    #expect(SequenceTask.index(of: [10]) == nil && SequenceTask.index(of: Array(repeating: 9, count: 20)) == nil)
    #expect(task.examples.map(\.inputs) == [[.int(-1)], [.int(0)], [.int(1)], [.int(2)]])
    // A term of any size, as a program may give it.
    #expect(SequenceTask.termSymbols(BigInteger(10).power(30)) == [1] + Array(repeating: 0, count: 30) + [11])
  }

  /// The last index that 64 bits have.
  @Test func indicesEndWith64Bits() {
    let task = SequenceTask(number: "A000001", name: "own", group: "own", offset: .max - 2, given: [1], kept: [2])
    #expect(task.indices == Int64.max - 2..<Int64.max && task.examples.count == 2)
  }

  /// A constant continuation of the given terms must not score: but for sequences that are constant there.
  @Test func keptTermsCannotBeGuessedByRepeatingTheLast() {
    let constant = Self.suite.filter { task in task.kept.allSatisfy { $0 == task.given.last } }.map(\.number)
    #expect(constant == ["A000007", "A000012"])
  }

  /// What is given tells each sequence of the suite from all others, so that no program has to be right twice.
  @Test func givenTermsDifferFromEachOther() {
    #expect(Set(Self.suite.map(\.given)).count == Self.suite.count)
    #expect(Set(Self.suite.map(\.name)).count == Self.suite.count)
  }

  @Test func readingUndoesPrinting() throws {
    let text = #"{"suite":"again"}"# + "\n" + Self.suite.map { JSONWriter.line($0.json) }.joined()
    #expect(try SequenceReader.read(Array(text.utf8), file: "f") == Self.suite)
  }

  @Test func sequencesAreFoundByNumber() throws {
    #expect(try SequenceTask.named("A000045", among: Self.suite).kept.first == 6765)
    #expect(
      message { try SequenceTask.named("A000046", among: Self.suite) }
        == "unknown task 'A000046'; did you mean 'A000040'?")
    #expect(SequenceTask.isNumber("A123456") && !SequenceTask.isNumber("A12345") && !SequenceTask.isNumber("B123456"))
  }

  @Test(arguments: [
    ("", "f: an empty file"), (#"{"suite":"s"}"#, "f: no sequences after the header"),
    (#"{"suit":"s"}"#, "f:1:2: unknown member 'suit'"),
    ("{\"suite\":\"\"}", "'suite' is not a string, or an empty one"),
    (line(#""number":"B000045""#), "f:2:70: 'B000045' is not the number of a sequence; expected 'A' and 6 to 9 digits"),
    (line(#""number":45"#), "'number' is not a string"),
    (line(#""given":[1,2.5]"#), "'2.5' in 'given' is not an integer"),
    (line(#""given":[9223372036854775808]"#), "'9223372036854775808' in 'given' is not an integer in the range of Int"),
    (line(#""given":[]"#), "'given' has no terms"), (line(#""kept":1"#), "'kept' is not an array of integers"),
    (line(#""offset":1e10"#), "the offset is not an integer of 32 bits"),
    (line("") + "\n" + good, "f:3:1: 'A000045' stands already on line 2"),
    (line(#""kept":[1],"extra":1"#), "unknown member 'extra'"),
  ])
  func faultsHaveTheirPlaces(_ text: String, _ expected: String) {
    let found = message { try SequenceReader.read(Array(text.utf8), file: "f") }
    #expect(found.contains(expected), "\(found)")
  }

  private static let good =
    #"{"given":[0,1],"group":"recurrence","kept":[1,2],"name":"F","number":"A000045","offset":0}"#

  /// A header and the good line with some members in the place of its own.
  private static func line(_ changed: String) -> String {
    let parts = good.dropFirst().dropLast().split(separator: ",\"").map { $0.first == "\"" ? String($0) : "\"" + $0 }
    let name = changed.split(separator: ":").first ?? ""
    return #"{"suite":"s"}"# + "\n{"
      + parts.map { $0.hasPrefix(name + ":") && !name.isEmpty ? changed : $0 }.joined(separator: ",") + "}"
  }
}
