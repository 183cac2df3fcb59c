import Documents
import Foundation
import TestSupport
import Testing

/// `levin compare` as a process: records, interruption, failures, refusals.
@Suite struct CompareTests {
  private static let small = [
    "compare", "mod-add", "mod-sub", "--modulus", "7", "--train-fraction", "0.4,0.6", "--seeds", "0..1", "--steps",
    "40",
    "--methods", "search,mlp,kt,ctw,uniform,lookup",
  ]

  private static func bytes(_ folder: URL, _ path: String) throws -> Data {
    try Data(contentsOf: folder.appendingPathComponent(path))
  }

  private static func exists(_ folder: URL, _ path: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path)
  }

  @Test func recordsAreTheSameOnOneThreadAndOnThree() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let one = try Command.run(Self.small + ["--out", "one", "--threads", "1"], in: folder)
    let three = try Command.run(Self.small + ["--out", "three", "--threads", "3"], in: folder)
    #expect(one.code == 0 && three.code == 0, "\(one.error)\(three.error)")
    let records = try Self.bytes(folder, "one/records.jsonl")
    #expect(try records == Self.bytes(folder, "three/records.jsonl"))
    let lines = try String(decoding: records, as: UTF8.self).split(separator: "\n").map {
      try JSONValue(parsing: String($0))
    }
    // Two tasks: four learning cells a method, and a code cell a seed and code (the network has two).
    #expect(lines.count == 2 * (4 * 6 + 2 * 7))
    #expect(lines.allSatisfy { $0["failure"] == nil && $0["cpuSeconds"] == nil && $0["data"]?["orderSHA256"] != nil })
    let program = try #require(lines.first { $0["cell"] == "mod-add@7 learn 2/5 seed 0 search" })
    #expect(program["unseenRight"] == "30" && program["hypothesis"]?["infix"] == "a + b")
    // What it was made with: language, limits, data.
    let grammar = try Data(contentsOf: URL(fileURLWithPath: "\(Repository.root)/grammars/field.sl"))
    #expect(program["files"] == ["grammars/field.sl": .string(SHA256.hexadecimalDigest(of: Array(grammar)))])
    #expect(program["budget"] == ["maxPrograms": 20_000_000, "tableBytes": 1_073_741_824])
    #expect(lines.allSatisfy { $0["data"]?["sha256"]?.string?.count == 64 && $0["stop"]?.string != nil })
    let network = try #require(lines.first { $0["cell"] == "mod-add@7 learn 2/5 seed 0 mlp" })
    #expect(network["budget"] == ["maxUpdates": 40] && network["files"] == nil)
    let uniform = try #require(lines.first { $0["cell"] == "mod-add@7 code uniform seed 0 uniform" })
    #expect(uniform["codes"]?.array?.first?["parts"]?.array?.first?["exact"] == "49 · log2 7")
    for file in [
      "report.html", "figures/accuracy-mod-add-7.csv", "networks/mod-add@7-learn-2-5-seed-1-mlp/model.safetensors",
    ] {
      #expect(Self.exists(folder, "one/\(file)"), "\(file)")
    }
    // The same command again does nothing and says the same, but for what clocks measured.
    let again = try Command.run(Self.small + ["--out", "one"], in: folder)
    #expect(again.code == 0 && again.output == one.output)
  }

  /// A mixture over programs is no longer than the labels alone and the bit that says so, as for labels that are all the same.
  @Test func mixtureGivesWayToTheLabelsAlone() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try "a:Int,=:Int\n0,7\n1,7\n2,7\n".write(
      to: folder.appendingPathComponent("same.csv"), atomically: true, encoding: .utf8)
    try """
    (set-logic LIA)
    (synth-fun f ((a Int)) Int ((S Int)) ((S Int ((! 7 :probability 1/512) (! a :probability 511/512)))))
    (check-synth)
    """.write(to: folder.appendingPathComponent("g.sl"), atomically: true, encoding: .utf8)
    let run = try Command.run(
      [
        "compare", "same.csv", "--grammar", "g.sl", "--methods", "search,mixture,uniform", "--train-fraction", "2/3",
        "--out", "c",
      ], in: folder)
    #expect(run.code == 0, "\(run.error)")
    #expect(run.output.contains("program mixture        2.0     choice 2.0 + labels 0.0\n"), "\(run.output)")
    #expect(run.output.contains("two-part program       1.0     choice 1.0 + labels 0.0\n"), "\(run.output)")
  }

  /// With noise no program gives every label: the one of the shortest code with exceptions answers, and its code is that of
  /// its parts.
  @Test func programsWithExceptionsAreCodesOfNoisyLabels() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try Command.run(
      [
        "compare", "mod-mul:noisy", "--modulus", "23", "--train-fraction", "1/2", "--methods", "search,mixture,uniform",
        "--max-programs", "400000", "--json", "--out", "noisy",
      ], in: folder)
    #expect(run.code == 0, "\(run.error)")
    let records = try run.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    func record(_ name: String) throws -> JSONValue { try #require(records.first { $0["cell"]?.string == name }) }
    let learned = try record("mod-mul@23:noisy learn 1/2 seed 0 search")
    let missed = try #require(learned["hypothesis"]?["exceptions"]?.int64)
    #expect(learned["hypothesis"]?["infix"] == "a·b" && missed > 0)
    #expect(learned["trainingRight"]?.string == "\(264 - missed)")
    func code(_ name: String, _ method: String) throws -> (bits: Double, parts: [JSONValue]) {
      let code = try #require(record("mod-mul@23:noisy code \(name) seed 0 \(method)")["codes"]?.array?.first)
      return (try #require(code["bits"]?.double), try #require(code["parts"]?.array))
    }
    let (twoPart, parts) = try code("two-part program", "search")
    #expect(parts.map { $0["name"] } == ["choice", "program", "exceptions"])
    // One label in twenty of 529 is another: 26 exceptions, 529 · log2 23 bits alone.
    var exceptions = 0.0
    for i in 0..<26 { exceptions += Double.log2(Double(529 - i)) - Double.log2(Double(i + 1)) + Double.log2(22) }
    exceptions += Double.log2(27 * 28)
    #expect((twoPart - (2 + 7 + exceptions)).magnitude < 1e-6, "\(twoPart)")
    let (mixture, mixed) = try code("program mixture", "mixture")
    #expect(mixed.map { $0["name"] } == ["choice", "mixture with exceptions"])
    #expect(mixture <= twoPart + 1 && mixture > twoPart - 8, "\(mixture) \(twoPart)")
    let page = try String(decoding: Self.bytes(folder, "noisy/report.html"), as: UTF8.self)
    #expect(page.contains("a·b, 7.0 bits, \(missed) exception"))
  }

  /// kill -9 in the middle, then the same command.
  @Test func killedRunEndsWithTheRecordsOfAnUninterruptedOne() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let arguments = Self.small + ["--no-report"]
    let clock = ContinuousClock()
    let start = clock.now
    let straight = try Command.run(arguments + ["--out", "straight"], in: folder)
    #expect(straight.code == 0, "\(straight.error)")
    let seconds = (clock.now - start) / .seconds(1)
    for part in [0.3, 0.6] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: Command.path)
      process.arguments = arguments + ["--out", "cut"]
      process.currentDirectoryURL = folder
      (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
      try process.run()
      Thread.sleep(forTimeInterval: seconds * part)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    let resumed = try Command.run(arguments + ["--out", "cut"], in: folder)
    #expect(resumed.code == 0, "\(resumed.error)")
    #expect(try Self.bytes(folder, "straight/records.jsonl") == Self.bytes(folder, "cut/records.jsonl"))
    #expect(!Self.exists(folder, "cut/journal.jsonl"))
  }

  @Test func interruptionPrintsTheLineThatGoesOn() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let arguments = [
      "compare", "mod-add", "--modulus", "31", "--methods", "mlp", "--out", "run", "--no-report", "--train-fraction",
      "0.05",
    ]
    var seconds = 1.0
    var run = try Command.run(arguments, in: folder, interruptAfter: seconds)
    while run.wasKilled, seconds < 20 {
      seconds *= 1.6
      run = try Command.run(arguments, in: folder, interruptAfter: seconds)
    }
    #expect(run.code == 128 + Command.interruption && run.output.isEmpty, "\(run.code) \(run.error)")
    #expect(run.error.contains("interrupted; to go on:\n"))
    let words = Command.words(String(run.error.split(separator: "\n").last!).trimmingCharacters(in: .whitespaces))
    #expect(Array(words.dropFirst()) == arguments)
  }

  @Test func failedCellIsReportedAndTheOthersGoOn() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    // No language has results of this sort.
    let rows = (0..<8).map { "\($0),\($0 ^ 1)\n" }.joined()
    try "a:(_ BitVec 3),=:(_ BitVec 3)\n\(rows)".write(
      to: folder.appendingPathComponent("bv.csv"), atomically: true, encoding: .utf8)
    let run = try Command.run(
      ["compare", "bv.csv", "mod-add", "--modulus", "5", "--methods", "search,uniform", "--no-codes", "--out", "r"],
      in: folder)
    #expect(run.code == 3 && run.error.contains("failed: bv.csv learn 3/10 seed 0 search: "), "\(run.error)")
    #expect(run.output.contains("mod-add@5") && run.output.contains("program search"))
  }

  @Test func controlsShowTheSearchLosing() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try Command.run(
      [
        "compare", "mod-add:permuted", "mod-add:random", "--modulus", "23", "--train-fraction", "0.6", "--methods",
        "search,mlp,uniform", "--max-programs", "20000", "--steps", "300", "--no-codes", "--out", "r",
      ], in: folder)
    #expect(run.code == 0, "\(run.error)")
    #expect(run.output.contains("nothing found (program limit)"))
    #expect(run.output.contains("MLP wins."), "\(run.output)")
    let text = run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(text.contains("Control, random labels: no method is above chance"), "\(text)")
  }

  @Test func reportIsWrittenAnew() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let arguments = ["compare", "mod-add", "--modulus", "5", "--methods", "search,uniform", "--out", "r"]
    let made = try Command.run(arguments, in: folder)
    // No method has trained a network.
    #expect(made.code == 0 && made.output.hasSuffix("records.jsonl, times.jsonl\n"), "\(made.output)")
    let page = try Self.bytes(folder, "r/report.html")
    try FileManager.default.removeItem(at: folder.appendingPathComponent("r/report.html"))
    let report = try Command.run(["report", "r", "--sentences"], in: folder)
    #expect(
      report.code == 0 && report.output.contains("r/report.html")
        && report.output.contains("program search answers all"))
    #expect(try Self.bytes(folder, "r/report.html") == page)
    let none = try Command.run(["report", "nowhere"], in: folder)
    #expect(none.code == 2 && none.error.contains("nowhere/plan.json: no such file"))
    let other = try Command.run(arguments + ["--seeds", "3"], in: folder)
    #expect(other.code == 2 && other.error.contains("another comparison is in this folder"))
  }

  /// Records that are none, or those of another comparison, give no report.
  @Test func foreignRecordsAreRefused() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let arguments = ["--methods", "uniform", "--no-codes", "--no-report", "--out"]
    #expect(try Command.run(["compare", "mod-add@5"] + arguments + ["r"], in: folder).code == 0)
    #expect(try Command.run(["compare", "mod-sub@5"] + arguments + ["other"], in: folder).code == 0)
    let other = String(decoding: try Self.bytes(folder, "other/records.jsonl"), as: UTF8.self)
    for (file, text, message) in [
      ("records.jsonl", "", "no cell of this comparison is done yet"),
      ("records.jsonl", "\n{\"inputs\":[1],\"output\":2}\n", "records.jsonl:2:1: not a cell of a comparison"),
      ("records.jsonl", "\n\n{,\n", "records.jsonl:3:2"),
      ("records.jsonl", other, "cell 'mod-sub@5 learn 3/10 seed 0 uniform' is of no task and method in r/plan.json"),
      ("plan.json", "{}", "r/plan.json: not the plan of a comparison"),
    ] {
      try text.write(to: folder.appendingPathComponent("r/\(file)"), atomically: true, encoding: .utf8)
      let run = try Command.run(["report", "r"], in: folder)
      #expect(run.code == 2 && run.output.isEmpty && run.error.contains(message), "\(run.code) \(run.error)")
      #expect(!Self.exists(folder, "r/report.html"))
    }
  }

  /// A folder holds the cells of its data: those of a + b are not those of a · b.
  @Test func changedDataAreRefused() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ rule: (Int, Int) -> Int) throws {
      let rows = (0..<64).map { "\($0 / 8),\($0 % 8),\(rule($0 / 8, $0 % 8))\n" }
      try ("a:Int,b:Int,=:Int\n" + rows.joined()).write(
        to: folder.appendingPathComponent("q.csv"), atomically: true, encoding: .utf8)
    }
    let arguments = ["compare", "q.csv", "--methods", "search,lookup", "--out", "s1"]
    try write(+)
    let sum = try Command.run(arguments, in: folder)
    #expect(sum.code == 0 && sum.output.contains("a + b, 7.0 bits"), "\(sum.output)\(sum.error)")
    try write(*)
    let refused = try Command.run(arguments, in: folder)
    #expect(refused.code == 2 && refused.output.isEmpty, "\(refused.output)")
    let message = "s1/plan.json: another comparison is in this folder: the data of 'q.csv' changed: sha256 "
    #expect(
      refused.error.hasPrefix(message) && refused.error.hasSuffix("or restore what changed\n"), "\(refused.error)")
    // The report is still that of the finished run.
    let report = try Command.run(["report", "s1", "--sentences"], in: folder)
    #expect(report.code == 0 && report.output.contains("a + b"), "\(report.error)")
    try write(+)
    #expect(try Command.run(arguments, in: folder).output == sum.output)
  }

  /// And those of its grammars.
  @Test func changedGrammarIsRefused() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.copyItem(
      at: URL(fileURLWithPath: "\(Repository.root)/grammars"), to: folder.appendingPathComponent("grammars"))
    let arguments = ["compare", "mod-add@31", "--methods", "search,uniform", "--no-codes", "--no-report", "--out"]
    let first = try Command.run(arguments + ["g"], in: folder)
    #expect(first.code == 0 && first.output.contains("a + b, 7.0 bits"), "\(first.output)\(first.error)")
    let file = folder.appendingPathComponent("grammars/field.sl")
    let text = try String(contentsOf: file, encoding: .utf8)
    let changed = text.replacingOccurrences(of: "(! (ff.add E E) :weight 3)", with: "(! (ff.add E E) :weight 9)")
    #expect(changed != text)
    try changed.write(to: file, atomically: true, encoding: .utf8)
    let refused = try Command.run(arguments + ["g"], in: folder)
    #expect(
      refused.code == 2 && refused.output.isEmpty
        && refused.error.hasPrefix(
          "g/plan.json: another comparison is in this folder: the file 'grammars/field.sl' changed: sha256 "),
      "\(refused.error)")
    let fresh = try Command.run(arguments + ["fresh"], in: folder)
    #expect(fresh.code == 0 && fresh.output.contains("12.4 bits"), "\(fresh.output)")
    // A method that reads no grammar goes on whatever they are.
    let uniform = ["compare", "mod-add@31", "--methods", "uniform", "--no-codes", "--no-report", "--out", "u"]
    #expect(try Command.run(uniform, in: folder).code == 0)
    try text.write(to: file, atomically: true, encoding: .utf8)
    #expect(try Command.run(uniform, in: folder).code == 0)
  }

  /// A language of one's own for a built-in task: named in plan and records, charged no choice, refused when it changes.
  @Test func programsAreSearchedInTheGrammarGiven() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ constants: String) throws {
      try """
      (set-logic NIA)
      (synth-fun f ((x Int) (y Int)) Int ((S Int) (C Int))
        ((S Int (x y C (+ S S) (* S S) (mod S C))) (C Int (\(constants)))))
      """.write(to: folder.appendingPathComponent("own.sl"), atomically: true, encoding: .utf8)
    }
    try write("2 23")
    let arguments = [
      "compare", "mod-add@23", "--methods", "search,mixture,uniform", "--grammar", "own.sl", "--no-report", "--out",
      "o",
      "--max-programs", "100000",
    ]
    let run = try Command.run(arguments + ["--json"], in: folder)
    #expect(run.code == 0, "\(run.error)")
    let records = try run.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    let learned = try #require(records.first { $0["cell"] == "mod-add@23 learn 3/10 seed 0 search" })
    #expect(learned["hypothesis"]?["infix"] == "(a + b) mod 23" && learned["hypothesis"]?["grammar"] == "own.sl")
    let digest = SHA256.hexadecimalDigest(of: Array(try Self.bytes(folder, "own.sl")))
    #expect(learned["files"] == ["own.sl": .string(digest)])
    let code = try #require(records.first { $0["cell"] == "mod-add@23 code two-part program seed 0 search" })
    // Of six productions of S and two of C: (mod (+ x y) 23).
    let parts = try #require(code["codes"]?.array?.first?["parts"]?.array)
    #expect(parts.map { $0["probability"]?["exact"]?.string ?? $0["probability"]?.string } == ["1/2", "1/2592", "1/2"])
    // Of the plan, and of a plan file.
    let plan = try JSONValue(parsing: String(decoding: Self.bytes(folder, "o/plan.json"), as: UTF8.self))
    #expect(plan["plan"]?["grammar"] == "own.sl")
    let again = try Command.run(
      ["compare", "--plan", "o/plan.json", "--no-report", "--json", "--out", "o2"], in: folder)
    #expect(again.output == run.output, "\(again.error)")
    try write("2 5 23")
    let refused = try Command.run(arguments, in: folder)
    #expect(refused.code == 2 && refused.error.contains("the file 'own.sl' changed"), "\(refused.error)")
    let others: [([String], Int32, String)] = [
      (["mod-add@23", "--grammar", "boolean"], 2, "the grammar is for functions (Bool Bool Bool Bool) -> Bool"),
      (["parity-check", "--grammar", "own.sl"], 2, "'parity-check' maps lists to lists"),
      (["mod-add@23", "--grammar", "feild"], 2, "did you mean 'field'?"),
      (["mod-add@23", "--grammar", "none.sl"], 2, "none.sl: no such file"),
      (["mod-add@23", "--grammar", "own.sl", "--methods", "uniform"], 64, "no method searches programs here"),
      (["mod-add@23", "--grammar", ""], 64, "--grammar '' is no name"),
    ]
    for (words, exit, message) in others {
      let wrong = try Command.run(["compare"] + words + ["--out", "w"], in: folder)
      #expect(
        wrong.code == exit && wrong.output.isEmpty && wrong.error.contains(message), "\(words): \(wrong.error)")
    }
  }

  /// A SyGuS file is a task and its grammar, with noise too.
  @Test func filesOfSyGuSAreComparedInTheirOwnGrammar() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let written = try Command.run(
      ["tasks", "mod-mul", "--modulus", "11", "--train-fraction", "1", "--format", "sygus"], in: folder)
    try written.output.write(to: folder.appendingPathComponent("m.sl"), atomically: true, encoding: .utf8)
    let run = try Command.run(
      [
        "compare", "m.sl", "m.sl:noisy", "--methods", "search,mlp,lookup", "--steps", "10", "--max-programs", "400000",
        "--json", "--train-fraction", "1/2",
      ], in: folder)
    #expect(run.code == 0, "\(run.error)")
    let records = try run.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    for (name, exceptions) in [("m.sl", nil), ("m.sl:noisy", 1)] as [(String, Int64?)] {
      let learned = try #require(records.first { $0["cell"]?.string == "\(name) learn 1/2 seed 0 search" })
      #expect(learned["hypothesis"]?["infix"] == "a·b" && learned["hypothesis"]?["grammar"] == "m.sl")
      #expect((learned["hypothesis"]?["exceptions"]?.int64 ?? 0 > 0) == (exceptions != nil))
      let code = try #require(records.first { $0["cell"]?.string == "\(name) code two-part program seed 0 search" })
      let parts = try #require(code["codes"]?.array?.first?["parts"]?.array)
      #expect(
        parts[0]["bits"]?.double == 1 && parts[1]["bits"]?.double == 7, "the grammar is the file's: there is no choice")
    }
    try "(synth-fun f ((x Int)) Int ((S Int (x))))".write(
      to: folder.appendingPathComponent("none.sl"), atomically: true, encoding: .utf8)
    for (task, message) in [("none.sl", "there is no example to learn from"), ("gone.sl", "no such file")] {
      let wrong = try Command.run(["compare", task], in: folder)
      #expect(wrong.code == 2 && wrong.output.isEmpty && wrong.error.contains(message), "\(wrong.error)")
    }
  }

  private static let coefficients = [
    "compare", "mod-add", "--modulus", "5", "--methods", "mlp,uniform", "--train-fraction", "0.5,0.7", "--steps", "30",
    "--no-codes", "--llc",
  ]

  /// An estimate in every record of a network, apart from the codes.
  @Test func learningCoefficientIsInTheRecordOfTheNetwork() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try Command.run(Self.coefficients + ["--out", "r", "--threads", "2"], in: folder)
    #expect(run.code == 0, "\(run.error)")
    #expect(run.output.contains("learning coefficient (no code, no bits)"), "\(run.output)")
    let records = String(decoding: try Self.bytes(folder, "r/records.jsonl"), as: UTF8.self)
    #expect(records.components(separatedBy: "\"learningCoefficient\":{").count == 3)
    let page = String(decoding: try Self.bytes(folder, "r/report.html"), as: UTF8.self)
    #expect(page.contains("It is no code and has no bits") && page.contains("own storage at its greatest"))
  }

  /// Chains of thousands of steps, twice.
  @Test(.enabled(if: isThorough, "LEVIN_LONG=1 or a release build"))
  func learningCoefficientIsTheSameOnTwoThreads() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    for threads in ["1", "2"] {
      let run = try Command.run(Self.coefficients + ["--out", "r\(threads)", "--threads", threads], in: folder)
      #expect(run.code == 0, "\(run.error)")
    }
    #expect(try Self.bytes(folder, "r1/records.jsonl") == Self.bytes(folder, "r2/records.jsonl"))
  }

  @Test func planFileSaysTheSameAsFlags() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try #"{"tasks":["mod-add@7"],"methods":["search","kt"],"fractions":[0.4,"3/5"],"seeds":[0,2],"codes":false}"#.write(
      to: folder.appendingPathComponent("plan.json"), atomically: true, encoding: .utf8)
    #expect(try Command.run(["compare", "--plan", "plan.json", "--out", "a"], in: folder).code == 0)
    let flags = [
      "compare", "mod-add", "--modulus", "7", "--methods", "search,kt", "--train-fraction", "2/5,0.6", "--seeds", "0,2",
      "--no-codes", "--out", "b",
    ]
    #expect(try Command.run(flags, in: folder).code == 0)
    #expect(try Self.bytes(folder, "a/records.jsonl") == Self.bytes(folder, "b/records.jsonl"))
  }

  /// The names of a plan's members, as its refusal lists them, are in the help.
  @Test func helpNamesTheMembersOfAPlan() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try #"{"x":1}"#.write(to: folder.appendingPathComponent("plan.json"), atomically: true, encoding: .utf8)
    let refused = try Command.run(["compare", "--plan", "plan.json"], in: folder)
    #expect(refused.code == 2 && refused.error.hasPrefix("plan.json: unknown name 'x'; expected "), "\(refused.error)")
    let list = refused.error.components(separatedBy: "expected ").last ?? ""
    let names = list.trimmingCharacters(in: .whitespacesAndNewlines).components(separatedBy: ", ")
    let words = try Command.run(["compare", "--help"]).output.split { !$0.isLetter }.map(String.init)
    #expect(names.count == 14)
    for name in names { #expect(words.contains(name), "\(name)") }
  }

  @Test(arguments: [
    (["compare"], Int32(64), "a task, --suite or --plan is needed"),
    (["compare", "mod-add", "--train-fraction", "1.5"], 64, "'1.5' is not a fraction"),
    (["compare", "mod-add", "--seeds", "1,1"], 64, "names a seed twice"),
    (["compare", "mod-add@5", "s5-compose", "--modulus", "7"], 64, "each of these tasks says a modulus of its own"),
    (["compare", "--suite", "power2022", "--modulus", "7"], 64, "each of these tasks says a modulus of its own"),
    (["compare", "parity-check", "--train-fraction", "0.5"], 64, "--train-fraction is for functions and files"),
    (["compare", "parity-check@7"], 2, "'parity-check' has no modulus"),
    (["compare", "s5-compose@7"], 2, "'s5-compose' has no modulus"),
    (["compare", "parity-check:random"], 2, "a task on sequences has no control 'random'"),
    (["compare", "mod-add", "--full"], 64, "--full goes with --suite"),
    (["compare", "mod-add", "--steps", "0"], 64, "--steps 0 is outside 1 … 100000000"),
    (["compare", "mod-add", "--steps", "1000000000"], 64, "--steps 1000000000 is outside 1 … 100000000"),
    (["learn", "mod-add", "--llc-draws", "5"], 64, "go with --llc"),
    (["learn", "mod-add", "--llc", "--llc-step-size", "0"], 64, "--llc-step-size 0.0 is not above 0"),
    (["compare", "mod-ad"], 2, "did you mean 'mod-add'?"),
    (["compare", "mod-add:nosiy"], 2, "did you mean 'noisy'?"),
    (["compare", "mod-add", "--methods", "serch"], 2, "did you mean 'search'?"),
    (
      ["compare", "mod-add", "--modulus", "7", "--methods", "uniform", "--out", "/dev/null/x"], 2,
      "cannot make the folder"
    ),
    (["compare", "mod-div", "--modulus", "9"], 2, "is not a prime"),
    (["compare", "none.csv"], 2, "no such file"),
    (["compare", "--plan", "none.json"], 2, "no such file"),
  ]) func wrongCommandLinesAreRefused(_ arguments: [String], _ code: Int32, _ message: String) throws {
    let run = try Command.run(arguments)
    #expect(
      run.code == code && run.output.isEmpty && run.error.contains(message), "\(arguments): \(run.code) \(run.error)")
  }
}

extension Double {
  fileprivate static func log2(_ value: Double) -> Double { Foundation.log2(value) }
}
