import Documents
import Foundation
import Tasks
import Testing

/// Sequences of symbols and of integers as files that somebody wrote: searched as the built-in tasks are.
@Suite struct SequenceFileTests {
  /// What a task is written as, in a folder; searches name it by its file.
  private static func folder(_ files: [String: String]) throws -> URL {
    let folder = try Command.folder()
    for (name, text) in files {
      try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    return folder
  }

  private static func written(_ task: String, _ count: Int) throws -> String {
    try Command.run(["tasks", task, "--count", "\(count)"]).output
  }

  /// Written and read again it is the same task: the same program, after the same work.
  @Test(arguments: [("parity-check", 60), ("reverse-string", 30), ("stream-count-mod-3", 12)])
  func writtenSymbolsAreSolvedAgain(_ task: String, _ count: Int) throws {
    let folder = try Self.folder(["t.jsonl": Self.written(task, count)])
    defer { try? FileManager.default.removeItem(at: folder) }
    let limits = ["--extra-work", "0", "--json"]
    let file = try Command.run(["search", "t.jsonl"] + limits, in: folder)
    #expect(file.code == 0, "\(file.error)")
    let (found, known) = try (
      JSONValue(parsing: file.output),
      JSONValue(
        parsing: Command.run(["search", task, "--train-count", "\(count)", "--test-count", "1"] + limits).output)
    )
    for name in ["grammar", "programs", "candidates", "lookups", "completeProbability", "isShortest"] {
      #expect(found[name] == known[name] && found[name] != nil, "\(name)")
    }
    for name in ["name", "sha256", "trainingExamples"] {
      #expect(found["task"]?[name] == known["task"]?[name] && found["task"]?[name] != nil, "\(name)")
    }
    let (solution, other) = try (
      #require(found["solutions"]?.array?.first), #require(known["solutions"]?.array?.first)
    )
    for name in ["program", "prior", "steps", "kt", "trainingRight"] {
      #expect(solution[name] == other[name], "\(name)")
    }
    #expect(found["task"]?["split"] == "all" && found["task"]?["unseenExamples"] == 0 && solution["test"] == nil)
  }

  @Test func writtenIntegerSequenceIsSolvedAgain() throws {
    let folder = try Self.folder(["f.jsonl": Command.run(["tasks", "A000045"]).output])
    defer { try? FileManager.default.removeItem(at: folder) }
    let limits = ["--extra-work", "0", "--no-mass", "--json"]
    let file = try Command.run(["search", "f.jsonl"] + limits, in: folder)
    #expect(file.code == 0, "\(file.error)")
    #expect(
      try SearchOutputTests.untimed(file.output)
        == SearchOutputTests.untimed(Command.run(["search", "A000045"] + limits).output))
  }

  /// Lines that the split leaves are unseen; of streams their beginnings, but for those that were learnt from.
  @Test func linesAreSplit() throws {
    let texts = try ["p.jsonl": Self.written("parity-check", 60), "s.jsonl": Self.written("stream-count-mod-3", 12)]
    let folder = try Self.folder(texts)
    defer { try? FileManager.default.removeItem(at: folder) }
    func split(_ file: String, _ flags: [String]) throws -> (training: Int, unseen: Int) {
      let run = try Command.run(["search", file, "--extra-work", "0", "--no-mass", "--json"] + flags, in: folder)
      let record = try JSONValue(parsing: run.output)
      let unseen = try #require(record["task"]?["unseenExamples"]?.integer(as: Int.self))
      #expect(record["solutions"]?.array?.first?["unseenRight"]?.integer(as: Int.self) == unseen, "\(run.output)")
      return (try #require(record["task"]?["trainingExamples"]?.integer(as: Int.self)), unseen)
    }
    func examples(_ file: String) throws -> [SequenceExample] {
      try SymbolReader.read(Array(texts[file]!.utf8), file: file).examples
    }
    let lines = try split("p.jsonl", ["--train-count", "40", "--seed", "3"])
    #expect(try lines.training == 40 && lines.unseen == Set(examples("p.jsonl")).count - 40)
    let streams = try split("s.jsonl", ["--train-fraction", "1/2"])
    let beginnings = try Set(examples("s.jsonl").flatMap { stream in stream.input.indices.map { stream.input[...$0] } })
    #expect(streams.unseen > 0 && streams.training + streams.unseen == beginnings.count)
  }

  @Test func checkAndLevinOrderReadThemToo() throws {
    let folder = try Self.folder([
      "p.jsonl": Self.written("parity-check", 60), "r.jsonl": Self.written("reverse-string", 10),
      "one.ndjson": #"{"input_symbols":["only"],"output_symbols":["only"]}"# + "\n"
        + #"{"input":[0,0],"output":[0,0]}"#,
    ])
    defer { try? FileManager.default.removeItem(at: folder) }
    let checked = try Command.run(["search", "p.jsonl", "--check", "(cons (mod (sum xs) 2) nil)"], in: folder)
    #expect(checked.output.contains("task       parity-check (regular); "), "\(checked.output)\(checked.error)")
    #expect(checked.code == 0 && checked.output.hasSuffix(" right\n") && !checked.output.contains("unseen"))
    let cheapest = try Command.run(["search", "r.jsonl", "--order", "levin"], in: folder)
    #expect(
      cheapest.code == 0 && cheapest.output.contains("(List Int) (reverse xs))\n"),
      "\(cheapest.output)\(cheapest.error)")
    let one = try Command.run(["search", "one.ndjson", "--extra-work", "0"], in: folder)
    #expect(one.code == 0 && one.output.contains("(List Int) xs)\n"), "\(one.output)\(one.error)")
  }

  private static let stream = #"{"input_symbols":["0","1"],"kind":"stream","output_symbols":["0","1"]}"# + "\n"
  private static func integers(_ number: String) -> String {
    #"{"given":[0,1],"group":"own","kept":[2],"name":"n","number":"\#(number)","offset":0}"# + "\n"
  }

  @Test(
    arguments: [
      (
        stream + "{\"input\":[0,1],\"output\":[0,1]}\n{\"input\":[0],\"output\":[1]}\n",
        "t.jsonl:3:1: contradicts line 2"
      ),
      (stream + "{\"input\":[2],\"output\":[0]}\n", "t.jsonl:2:11: 2 is no symbol of 'input'; expected 0 ... 1"),
      (stream + "{\"input\":[],\"output\":[]}\n", "'input' is empty"), (stream, "no examples after the header"),
      ("{\"output_symbols\":[\"0\"]}\n", "no member 'input_symbols'"),
      ("{\"suite\":\"s\"}\n" + integers("A000001") + integers("A000002"), "t.jsonl: 2 integer sequences"),
      ("{\"suite\":\"s\"}\n" + integers("mine"), "'mine' is not the number of a sequence"),
      (
        // 12,000 · 12,001 / 2 symbols.
        stream + "{\"input\":[\(zeros)],\"output\":[\(zeros)]}\n",
        "have 72,006,000 symbols; at most 67,108,864 are taken"
      ),
    ] as [(String, String)])
  func twoForFilesWithFaults(_ text: String, _ message: String) throws {
    let folder = try Self.folder(["t.jsonl": text])
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try Command.run(["search", "t.jsonl"], in: folder)
    #expect(run.code == 2 && run.output.isEmpty && run.error.contains(message), "\(run.code) \(run.error.prefix(1000))")
  }

  private static let zeros = Array(repeating: "0", count: 12_000).joined(separator: ",")

  @Test(
    arguments: [
      (["search", "t.jsonl", "--modulus", "7"], 2, "task 't.jsonl' has no modulus"),
      (["search", "t.jsonl", "--width", "7"], 2, "task 't.jsonl' has no width"),
      (["search", "t.jsonl", "--train-count", "2"], 2, "2 of 1 examples is not a training set"),
      (["search", "t.jsonl", "--seed", "1"], 64, "goes with --train-fraction or --train-count"),
      (["search", "t.jsonl", "--test-count", "1"], 64, "'t.jsonl' has no fresh sequences"),
      (["search", "mod-add", "--test-count", "1"], 64, "'mod-add' has no fresh sequences"),
      (["search", "f.jsonl", "--train-count", "1"], 64, "has given and kept terms: --train-count is for functions"),
      (["search", "t.jsonl", "--grammar", "integers"], 2, "the grammar is for functions"),
      (["learn", "t.jsonl", "--steps", "1"], 2, "a task on sequences"),
      (["learn", "f.jsonl", "--steps", "1"], 2, "a task on sequences"),
    ] as [([String], Int32, String)])
  func whatDoesNotFitIsRefused(_ arguments: [String], _ code: Int32, _ message: String) throws {
    let folder = try Self.folder([
      "t.jsonl": Self.stream + "{\"input\":[0,1],\"output\":[0,1]}\n",
      "f.jsonl": "{\"suite\":\"s\"}\n" + Self.integers("A000001"),
    ])
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try Command.run(arguments, in: folder)
    #expect(run.code == code && run.output.isEmpty && run.error.contains(message), "\(run.code) \(run.error)")
  }
}
