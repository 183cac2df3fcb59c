import Documents
import Foundation
import Testing

/// `levin compare --circuits`: trained networks beside the programs of their splits.
@Suite struct CompareCircuitsTests {
  private static func arguments(modulus: Int, steps: Int) -> [String] {
    [
      "compare", "mod-add", "mod-mul", "bool-majority-3", "--modulus", "\(modulus)", "--train-fraction", "0.7",
      "--steps",
      "\(steps)", "--methods", "search,mlp,kt", "--no-codes", "--circuits", "--max-programs", "20000",
    ]
  }

  private static func records(_ folder: URL, _ run: String) throws -> [String: JSONValue] {
    let data = try Data(contentsOf: folder.appendingPathComponent("\(run)/records.jsonl"))
    let lines = try String(decoding: data, as: UTF8.self).split(separator: "\n").map {
      try JSONValue(parsing: String($0))
    }
    return Dictionary(uniqueKeysWithValues: lines.map { ($0["cell"]?.string ?? "", $0) })
  }

  @Test func examinationsEnterRecordsAndReport() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let one = try Command.run(Self.arguments(modulus: 23, steps: 200) + ["--out", "one"], in: folder)
    #expect(one.code == 0, "\(one.error)")
    func bytes(_ path: String) throws -> Data { try Data(contentsOf: folder.appendingPathComponent(path)) }
    let records = try Self.records(folder, "one")
    #expect(records.count == 9 && records.values.count { $0["circuits"] != nil } == 3)

    let sum = try #require(records["mod-add@23 learn 7/10 seed 0 mlp"]?["circuits"])
    #expect(sum["program"]?["text"] == "a + b" && sum["program"]?["bits"]?.double == 7)
    #expect((sum["agreement"]?["interchange"]?["score"]?.double ?? 0) > 0.95, "\(sum)")
    #expect((sum["agreement"]?["interchange"]?["null"]?.double ?? 1) < 0.1)
    #expect(sum["agreement"]?["interchange"]?["variables"]?.array?.first?["nulls"]?.array?.count == 6)
    #expect((sum["reading"]?["explained"]?.double ?? 0) > 0.6 && sum["reading"]?["key"]?.array?.isEmpty == false)
    let extracted = try #require(sum["extraction"]?["bits"]?.double)
    #expect(7 < extracted && extracted < (sum["tableBits"]?.double ?? 0))

    // Products are read by the characters of their group.
    let product = try #require(records["mod-mul@23 learn 7/10 seed 0 mlp"]?["circuits"])
    let keys = product["reading"]?["key"]?.array?.compactMap(\.string) ?? []
    #expect(!keys.isEmpty && keys.allSatisfy { $0.hasPrefix("χ") || $0 == "zero" }, "\(product)")
    #expect((product["agreement"]?["interchange"]?["score"]?.double ?? 0) > 0.8, "\(product)")
    // Written in discrete logarithms, over pairs without 0.
    #expect(sum["extraction"]?["numbers"] == .null)
    #expect(product["extraction"]?["numbers"]?.string?.hasPrefix("discrete logarithms to base 5") == true)
    let written = try #require(product["extraction"])
    #expect(written["inputs"]?.int64 == 22 * 22 && (written["alike"]?.int64 ?? 0) > 22 * 20, "\(written)")
    #expect((written["explained"]?.double ?? 0) > 0.5 && (written["bits"]?.double ?? 0) > 7, "\(written)")

    // A table of eight rows is learnt, but its answers are no group: what cannot be measured says why.
    let majority = try #require(records["bool-majority-3 learn 7/10 seed 0 mlp"]?["circuits"])
    for part in ["reading", "agreement", "extraction"] {
      let found = majority[part]
      let reason = found?["reason"]?.string ?? found?["interchange"]?["reason"]?.string
      #expect(reason?.isEmpty == false, "\(part): \(majority)")
    }
    let page = String(decoding: try bytes("one/report.html"), as: UTF8.self)
    #expect(page.contains("Does the network compute what the program computes?"))
    #expect(page.contains("Fourier directions need residues modulo p or all permutations as answers"))
    #expect(one.output.contains("does the network compute the program?"))
    #expect(one.output.contains("Inside, 2 of 3 networks read after training could be compared"))
    // The time of the examination is not the cell's.
    #expect(String(decoding: try bytes("one/times.jsonl"), as: UTF8.self).contains("examinationCPUSeconds"))
  }

  /// Where the language of the program cannot be read, its fault is the reason; and the examination rests on the file.
  @Test func reasonIsTheFaultOfTheLanguage() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let grammars = folder.appendingPathComponent("grammars")
    try FileManager.default.createDirectory(at: grammars, withIntermediateDirectories: true)
    let file = grammars.appendingPathComponent("field.sl")
    try "(synth-fun".write(to: file, atomically: true, encoding: .utf8)
    let arguments = [
      "compare", "mod-add@5", "--methods", "mlp", "--steps", "2", "--no-codes", "--no-report", "--circuits", "--out",
      "r",
    ]
    let run = try Command.run(arguments, in: folder)
    #expect(run.code == 0, "\(run.error)")
    let record = try #require(try Self.records(folder, "r")["mod-add@5 learn 3/10 seed 0 mlp"])
    let reason = record["circuits"]?["program"]?["reason"]?.string ?? ""
    #expect(reason.hasPrefix("grammars/field.sl:1:") && !reason.contains("\n"), "\(reason)")
    let read = try #require(record["files"]?.object)
    #expect(read.keys.sorted() == ["grammars/field.sl", "grammars/trigonometry.sl"])
    try "(synth-fun f".write(to: file, atomically: true, encoding: .utf8)
    let refused = try Command.run(arguments, in: folder)
    #expect(refused.code == 2 && refused.error.contains("the file 'grammars/field.sl' changed"), "\(refused.error)")
  }

  /// On one thread without a break, and on three with kill -9 between.
  @Test func killedRunIsExaminedAsAnUninterruptedOne() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let arguments = Self.arguments(modulus: 11, steps: 60) + ["--no-report"]
    let clock = ContinuousClock()
    let start = clock.now
    #expect(try Command.run(arguments + ["--out", "straight", "--threads", "1"], in: folder).code == 0)
    let whole = (clock.now - start) / .seconds(1)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Command.path)
    process.arguments = arguments + ["--out", "cut", "--threads", "3"]
    process.currentDirectoryURL = folder
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try process.run()
    Thread.sleep(forTimeInterval: whole * 0.6)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(try Command.run(arguments + ["--out", "cut", "--threads", "3"], in: folder).code == 0)
    func bytes(_ run: String) throws -> Data {
      try Data(contentsOf: folder.appendingPathComponent("\(run)/records.jsonl"))
    }
    #expect(try bytes("straight") == bytes("cut"))
    // With other questions it is another comparison.
    let plain = try Command.run(arguments.filter { $0 != "--circuits" } + ["--out", "cut"], in: folder)
    #expect(plain.code == 2 && plain.error.contains("another comparison is in this folder"))
  }

  /// On sequences the state of the program found is looked for in recurrent networks; of others the reason says why not.
  @Test func statesOfSequencesEnterRecordsAndReport() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let streams = (0..<64).map { number in (0..<6).map { number >> $0 & 1 } }
    let lines = streams.map { stream in
      "{\"input\":\(stream),\"output\":\(stream.indices.map { stream[...$0].reduce(0, +) % 2 })}"
    }
    let header = #"{"input_symbols":["0","1"],"kind":"stream","name":"parity","output_symbols":["0","1"]}"#
    try ([header] + lines).joined(separator: "\n").write(
      to: folder.appendingPathComponent("parity.jsonl"), atomically: true, encoding: .utf8)
    let run = try Command.run(
      [
        "compare", "parity.jsonl", "--methods", "search,gru,transformer", "--train-fraction", "1", "--no-codes",
        "--circuits", "--steps", "100", "--max-programs", "20000", "--out", "r",
      ], in: folder)
    #expect(run.code == 0, "\(run.error)")
    let records = try Self.records(folder, "r")
    let gru = try #require(records["parity.jsonl learn 1 seed 0 gru"]?["circuits"])
    #expect(gru["program"]?["text"] == "cons(sum(xs) mod 2, nil)" && gru["program"]?["bits"]?.double == 16)
    let interchange = try #require(gru["agreement"]?["interchange"])
    #expect(interchange["variable"] == "(sum xs) after 3" && interchange["site"] == "rnn.hook_hidden@2")
    #expect((interchange["score"]?.double ?? 0) > 0.8 && interchange["dimensions"] == 1, "\(interchange)")
    #expect(interchange["variables"]?.array?.first?["elsewhere"]?.array?.count == 5)
    #expect(gru["reading"] == .null && gru["extraction"] == .null && gru["tableBits"]?.double == 64)
    let transformer = try #require(records["parity.jsonl learn 1 seed 0 transformer"]?["circuits"])
    #expect(
      transformer["agreement"]?["reason"]
        == "a network that reads all symbols at once need keep no state behind one of them")
    // Records are read back where they are shown.
    #expect(run.output.contains("Inside, 1 of 2 networks read after training could be compared"))
    let page = try String(contentsOf: folder.appendingPathComponent("r/report.html"), encoding: .utf8)
    #expect(page.contains("need keep no state behind one of them"))
  }
}
