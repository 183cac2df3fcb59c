import Documents
import ExactArithmetic
import Foundation
import Grammars
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

  /// Source and licence too.
  @Test func writtenIntegerSequenceIsWrittenAgain() throws {
    let text = try Command.run(["tasks", "A000045"]).output
    let folder = try Self.folder(["f.jsonl": text])
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(text.contains("CC BY-SA 4.0") && text.contains("oeis.org"))
    #expect(try Command.run(["tasks", "f.jsonl"], in: folder).output == text)
    // However its lines end, and where it begins.
    let other = "\u{FEFF}\r\n" + text.replacing("\n", with: "\r\n")
    try other.write(to: folder.appendingPathComponent("g.jsonl"), atomically: true, encoding: .utf8)
    let again = try Command.run(["tasks", "g.jsonl"], in: folder)
    #expect(again.output == text, "\(again.error)")
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

  /// Programs, networks and tables on the lines of a file: the split of `levin search`, whole answers counted.
  @Test(arguments: [("parity-check", 80), ("reverse-string", 40), ("stream-count-mod-3", 24)])
  func linesAreCompared(_ task: String, _ count: Int) throws {
    let text = try Self.written(task, count)
    let folder = try Self.folder(["t.jsonl": text])
    defer { try? FileManager.default.removeItem(at: folder) }
    let plan = ["compare", "t.jsonl", "--train-fraction", "1/4,1/2", "--seeds", "1", "--steps", "3"]
    let threads = task == "parity-check" ? ["1", "2"] : ["2"]
    for threads in threads {
      let run = try Command.run(
        plan + ["--methods", "search,gru,kt,uniform,lookup", "--threads", threads, "--out", "r\(threads)"], in: folder)
      #expect(run.code == 0, "\(run.error)")
      #expect(run.output.contains("t.jsonl, "), "\(run.output)")
    }
    let texts = try threads.map {
      try String(contentsOf: folder.appendingPathComponent("r\($0)/records.jsonl"), encoding: .utf8)
    }
    #expect(texts.allSatisfy { $0 == texts[0] })
    let records = try Command.cells(in: folder.appendingPathComponent("r\(threads[0])"))

    let data = try SymbolReader.read(Array(text.utf8), file: "t.jsonl")
    let lines = try data.table().distinctExamples.count
    for (share, known) in [("1/4", lines / 4), ("1/2", lines / 2)] {
      let split = try Split(of: data.table(), size: .count(known), seed: 1)
      func cell(_ method: String) throws -> JSONValue {
        try #require(records["t.jsonl learn \(share) seed 1 \(method)"], "\(records.keys.sorted())")
      }
      for method in ["search", "gru", "uniform", "lookup"] {
        let cell = try cell(method)
        #expect(cell["unseen"]?.integer(as: Int.self) == split.unseen.count && cell["failure"] == nil, "\(cell)")
        #expect(cell["data"]?["training"]?.integer(as: Int.self) == known)
        #expect(cell["data"]?["sha256"]?.string == SHA256.hexadecimalDigest(of: data.jsonLines()))
        let byLength = Set((cell["accuracyByLength"]?.array ?? []).compactMap { $0["length"]?.integer(as: Int.self) })
        #expect(byLength == Set(split.unseen.map { $0.inputs[0].elements.count }))
      }
      #expect(try cell("search")["unseenRight"]?.string == "\(split.unseen.count)")
      // A guess has every symbol of an output with probability 1/|Y|.
      let share = Rational(1, BigInteger(data.output.count))
      let guessed = split.unseen.reduce(Rational(0)) { $0 + share.power($1.output.elements.count) }
      #expect(try cell("uniform")["unseenRight"]?.string == "\(guessed)")
      // No unseen input was seen: each place gets the symbol that came most often.
      var counts = [Int](repeating: 0, count: data.output.count)
      for symbol in split.training.flatMap(\.output.elements) { counts[Int(symbol)] += 1 }
      let usual = Int64(counts.firstIndex(of: counts.max()!)!)
      let right = split.unseen.count { $0.output.elements.allSatisfy { $0 == usual } }
      #expect(try cell("lookup")["unseenRight"]?.string == "\(right)")
    }
    let labels = Set(data.examples).reduce(0) { $0 + $1.output.count }
    #expect(
      records["t.jsonl code uniform seed 1 uniform"]?["codes"]?.array?.first?["parts"]?.array?.first?["exact"]?.string
        == "\(labels) · log2 \(data.output.count)")

    // Another file of that name is not gone on with.
    try (text + "\n").write(
      to: folder.appendingPathComponent("t.jsonl"), atomically: true, encoding: .utf8)
    let same = try Command.run(plan + ["--methods", "search,gru,kt,uniform,lookup", "--out", "r1"], in: folder)
    #expect(same.code == 0, "\(same.error)")
    let fewer = text.split(separator: "\n").dropLast(3).joined(separator: "\n") + "\n"
    try fewer.write(to: folder.appendingPathComponent("t.jsonl"), atomically: true, encoding: .utf8)
    let changed = try Command.run(plan + ["--methods", "search,gru,kt,uniform,lookup", "--out", "r1"], in: folder)
    #expect(changed.code == 2 && changed.error.contains("t.jsonl"), "\(changed.code) \(changed.error)")
  }

  /// Of several seeds the program shown is the one whose answers are; labels of other sequences are not mixed.
  @Test func whatIsShownBelongsTogether() throws {
    let folder = try Self.folder([
      "p.jsonl": Self.written("parity-check", 40), "r.jsonl": Self.written("reverse-string", 60),
    ])
    defer { try? FileManager.default.removeItem(at: folder) }
    let few = try Command.run(
      [
        "compare", "p.jsonl", "--methods", "search,uniform", "--no-codes", "--train-fraction", "1/10", "--seeds",
        "0..4",
      ],
      in: folder)
    let records = try String(
      contentsOf: folder.appendingPathComponent("compare-p.jsonl/records.jsonl"), encoding: .utf8
    ).split(separator: "\n").map { try JSONValue(parsing: String($0)) }.filter { $0["method"]?.string == "search" }
    let rights = records.compactMap { $0["unseenRight"]?.string.flatMap { Int($0) } }.sorted()
    let middle = records.first { $0["unseenRight"]?.string == "\(rights[2])" }
    let infix = try #require(middle?["hypothesis"]?["infix"]?.string)
    #expect(
      rights.count == 5 && few.output.replacing("\n", with: " ").contains("The program is \(infix), "), "\(few.output)")

    try #"{"tasks":["r.jsonl"],"methods":["uniform","kt","lookup"],"seeds":[3,4,5],"codedSequences":9}"#.write(
      to: folder.appendingPathComponent("plan.json"), atomically: true, encoding: .utf8)
    let codes = try Command.run(["compare", "--plan", "plan.json", "--out", "r"], in: folder)
    let data = try SymbolReader.read(Array(Self.written("reverse-string", 60).utf8), file: "r.jsonl")
    let labels = try Split(of: data.table(), size: .count(9), seed: 3).training.reduce(0) {
      $0 + $1.output.elements.count
    }
    #expect(codes.output.contains("bits for \(labels) labels of 9 sequences, seed 3"), "\(codes.output)\(codes.error)")

    // All lines to learn from; and nothing that can be asked.
    let whole = try Command.run(
      ["compare", "p.jsonl", "--methods", "search", "--train-fraction", "1", "--no-codes", "--out", "w"], in: folder)
    #expect(whole.output.contains("p.jsonl, all examples to learn from: none is unseen\n"), "\(whole.output)")
    for arguments in [
      ["--methods", "mlp,mixture"], ["--methods", "search", "--circuits"], ["--methods", "kt", "--llc"],
    ] {
      let run = try Command.run(["compare", "p.jsonl"] + arguments + ["--out", "none"], in: folder)
      #expect(run.code == 64 && !FileManager.default.fileExists(atPath: folder.path + "/none"), "\(run.output)")
    }
  }

  /// Paths with the marks of references, and long ones.
  @Test func anyPathIsCompared() throws {
    let long = String(repeating: "ein ordner/", count: 12)
    let names = ["x@7.jsonl", "a:b.jsonl", "d@5/t.jsonl", "d:random/t.jsonl", long + "t.jsonl"]
    let folder = try Self.folder([:])
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = try Self.written("parity-check", 10)
    for name in names {
      let file = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let run = try Command.run(["compare"] + names + ["--methods", "uniform,lookup", "--out", "r"], in: folder)
    #expect(run.code == 0 && run.output.contains("files      r/: report.html"), "\(run.output)\(run.error)")
  }

  /// Networks refuse what would take all memory, and say so in the record; the others go on.
  @Test func longLinesAreNotTrainedOn() throws {
    let line = "{\"input\":[\((0..<2_100).map { "\($0 % 2)" }.joined(separator: ","))],\"output\":[1]}"
    let header = #"{"input_symbols":["0","1"],"output_symbols":["0","1"]}"# + "\n"
    let folder = try Self.folder(["t.jsonl": header + line + "\n{\"input\":[1],\"output\":[0]}\n"])
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try Command.run(
      ["compare", "t.jsonl", "--train-fraction", "1/2", "--methods", "lstm,lookup", "--no-codes", "--out", "r"],
      in: folder)
    #expect(
      run.code == 3 && run.error.contains("a sequence of 2101 tokens, its answer included; lstm takes at most 2048"),
      "\(run.code) \(run.error)")
    #expect(run.output.contains("lookup table"), "\(run.output)")
  }

  @Test func predictReadsAnIntegerSequence() throws {
    let folder = try Self.folder([
      "f.jsonl": Command.run(["tasks", "A000045"]).output, "t.jsonl": Self.written("parity-check", 3),
    ])
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = try Command.run(["predict", "--task", "f.jsonl", "--phase", "16"], in: folder)
    let known = try Command.run(["predict", "--task", "A000045", "--phase", "16"])
    #expect(file.code == 0 && file.output == known.output && !file.output.isEmpty, "\(file.error)")
    let wrong = try Command.run(["predict", "--task", "t.jsonl"], in: folder)
    #expect(wrong.code == 2 && wrong.error.contains("t.jsonl: no integer sequence"), "\(wrong.code) \(wrong.error)")
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
      (stream + "{\"input\":[2],\"output\":[0]}\n", "t.jsonl:2:11: 2 is no symbol of 'input'; expected 0 … 1"),
      (stream + "{\"input\":[],\"output\":[]}\n", "'input' is empty"), (stream, "no examples after the header"),
      ("{\"output_symbols\":[\"0\"]}\n", "no member 'input_symbols'"),
      ("{\"suite\":\"s\"}\n" + integers("A000001") + integers("A000002"), "t.jsonl: 2 integer sequences"),
      ("{\"suite\":\"s\"}\n" + integers("mine"), "'mine' is not the number of a sequence"),
      (
        // 12,000 · 12,001 / 2 symbols.
        stream + "{\"input\":[ZEROS],\"output\":[ZEROS]}\n",
        "have 72,006,000 symbols; at most 67,108,864 are taken"
      ),
    ] as [(String, String)])
  func twoForFilesWithFaults(_ text: String, _ message: String) throws {
    let folder = try Self.folder(["t.jsonl": text.replacing("ZEROS", with: Self.zeros)])
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
      (["compare", "t.jsonl@5"], 2, "has no modulus"), (["compare", "t.jsonl:random"], 2, "has no control 'random'"),
      (["compare", "parity-check", "--train-fraction", "1/2"], 64, "is for functions and files"),
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
