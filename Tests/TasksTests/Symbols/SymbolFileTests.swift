import Documents
import Foundation
import Tasks
import TestSupport
import Testing

/// Files of symbols and of integer sequences: written, read back, refused with places, damaged.
@Suite struct SymbolFileTests {
  @Test(arguments: SymbolTask.all.map(\.name))
  func readingUndoesPrinting(_ name: String) throws {
    let data = SymbolData(
      try SymbolTask.named(name), examples: try SymbolTask.named(name).examples(count: 20, lengths: 1...30, seed: 3))
    let read = try SymbolReader.read(data.jsonLines(), file: "f")
    #expect(read == data)
    #expect(read.jsonLines() == data.jsonLines())
  }

  @Test func linesAreAsDocumented() throws {
    let task = try SymbolTask.named("parity-check")
    let data = SymbolData(task, examples: [SequenceExample(input: [0, 1, 1, 1], output: [1])])
    #expect(
      String(decoding: data.jsonLines(), as: UTF8.self) == """
        {"input_symbols":["0","1"],"kind":"regular","name":"parity-check","output_symbols":["0","1"]}
        {"input":[0,1,1,1],"output":[1]}

        """)
  }

  @Test(arguments: [
    ("", "f: an empty file"), (plain(), "f: no examples after the header"),
    (#"{"input_symbols":["0"]}"#, "f:1:1: no member 'output_symbols'"),
    (#"{"input_symbols":[],"output_symbols":["0"]}"#, "'input_symbols' is not a list of 1 … 65536 names"),
    (#"{"input_symbols":["a","a"],"output_symbols":["0"]}"#, "a second symbol named 'a' in 'input_symbols'"),
    (#"{"input_symbols":["a"],"kind":"steam","output_symbols":["0"]}"#, "did you mean 'stream'?"),
    (#"{"input_symbols":["a"],"name":3,"output_symbols":["0"]}"#, "'name' is not a string"),
    (plain(#"{"input":[0,2],"output":[0]}"#), "f:2:13: 2 is no symbol of 'input'; expected 0 … 1"),
    (plain(#"{"input":[0],"output":[-1]}"#), "f:2:24: -1 is no symbol of 'output'; expected 0 … 1"),
    (plain(#"{"input":[],"output":[0]}"#), "f:2:10: 'input' is empty"),
    (plain(#"{"input":[0],"output":[]}"#), "f:2:23: 'output' is empty"),
    (plain(#"{"input":"0","output":[0]}"#), "'input' is not an array of integers"),
    (plain(#"{"input":[0],"output":[0]}"#, #"{"input":[0],"output":[1]}"#), "f:3:1: contradicts line 2"),
    (stream(#"{"input":[0,1],"output":[0]}"#), "1 output symbols; a stream has one for each of the 2 input symbols"),
    (
      stream(
        #"{"input":[0,1],"output":[0,1]}"#, #"{"input":[1],"output":[1]}"#, #"{"input":[0,1,1],"output":[0,0,1]}"#),
      "f:4:1: contradicts line 2"
    ),
  ])
  func faultsHaveTheirPlaces(_ text: String, _ expected: String) {
    let found = message { try SymbolReader.read(Array(text.utf8), file: "f") }
    #expect(found.contains(expected), "\(found)")
  }

  @Test func firstLineTellsWhatAFileHolds() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("levin-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func read(_ name: String, _ text: String) throws -> TaskFile {
      let path = folder.appendingPathComponent(name).path
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      return try TaskFile.read(path: path)
    }
    let symbols = Self.stream(#"{"input":[0],"output":[1]}"#)
    guard case .symbols(let data) = try read("s.jsonl", "\n" + symbols) else { return #expect(Bool(false)) }
    #expect(data.kind == .stream && data.examples.count == 1)
    let lines = SequenceTests.suite.prefix(2).map { JSONWriter.line($0.json) }.joined()
    guard case .integerSequences(let suite, _) = try read("i.NDJSON", "{\"suite\":\"s\"}\n" + lines) else {
      return #expect(Bool(false))
    }
    #expect(suite == Array(SequenceTests.suite.prefix(2)))
    let header = #"{"output":"Int","parameters":[{"name":"suite","sort":"Int"}]}"#
    for (name, text) in [("f.jsonl", header + "\n{\"inputs\":[1],\"output\":2}\n"), ("f.csv", "a:Int,=:Int\n1,2\n")] {
      guard case .function(let task) = try read(name, text) else { return #expect(Bool(false)) }
      #expect(task.examples.count == 1)
    }
    // A header with one alphabet is one of symbols with a fault.
    #expect(
      message { try read("o.jsonl", "{\"output_symbols\":[\"0\"]}\n") }.contains("no member 'input_symbols'"))
    #expect(message { try read("t.txt", symbols) }.contains("a task file of unknown format"))
  }

  @Test func equalExamplesDoNotContradict() throws {
    let line = #"{"input":[0],"output":[1]}"#
    for text in [Self.plain(line, line), Self.stream(line, line)] {
      #expect(try SymbolReader.read(Array(text.utf8), file: "f").examples.count == 2)
    }
  }

  private static func plain(_ lines: String...) -> String {
    ([#"{"input_symbols":["0","1"],"output_symbols":["0","1"]}"#] + lines).joined(separator: "\n")
  }

  private static func stream(_ lines: String...) -> String {
    ([#"{"input_symbols":["0","1"],"kind":"stream","output_symbols":["0","1"]}"#] + lines).joined(separator: "\n")
  }
}

/// Damaged files end in a value or an `InputError`, never in a crash or a hang.
@Suite struct SequenceFuzzTests {
  private static let mutations = isLongRun ? 100_000 : 1500

  /// Reads damaged texts; what is accepted has to survive writing and reading again.
  private func accepted(_ texts: [[UInt8]], seed: UInt64, _ read: ([UInt8]) throws -> Void) -> Int {
    var damage = Damage(seed: seed)
    var count = 0
    for _ in 0..<Self.mutations {
      let damaged = damage.damaged(texts)
      do {
        try read(damaged)
        count += 1
      } catch let error as InputError {
        #expect(!error.faults.isEmpty && !error.description.isEmpty)
      } catch {
        Issue.record("seed \(seed): \(error) for \(damaged)")
      }
    }
    return count
  }

  @Test func damagedSymbolFilesAreReadOrRefused() throws {
    let texts = try ["parity-check", "binary-addition", "stream-gcd"].map { name in
      let task = try SymbolTask.named(name)
      return SymbolData(task, examples: task.examples(count: 4, lengths: 1...8, seed: 1)).jsonLines()
    }
    let count = accepted(texts, seed: 31) { bytes in
      let data = try SymbolReader.read(bytes, file: "f")
      #expect(try SymbolReader.read(data.jsonLines(), file: "f") == data)
    }
    #expect(count > 0 && count < Self.mutations)
  }

  @Test func damagedSequenceFilesAreReadOrRefused() {
    let lines = SequenceTests.suite.prefix(3).map { JSONWriter.line($0.json) }.joined()
    let count = accepted([Array((#"{"suite":"s"}"# + "\n" + lines).utf8)], seed: 32) { bytes in
      let suite = try SequenceReader.read(bytes, file: "f")
      let text = #"{"suite":"s"}"# + "\n" + suite.map { JSONWriter.line($0.json) }.joined()
      #expect(try SequenceReader.read(Array(text.utf8), file: "f") == suite)
    }
    #expect(count > 0 && count < Self.mutations)
  }
}
