import Documents
import Foundation
import Tasks
import TestSupport
import Testing

/// SIGINT saves the search; the printed line goes on as if nothing had happened.
@Suite struct InterruptionTests {
  #if DEBUG
    private static let (bits, loopBits) = ("33", "22")
  #else
    private static let (bits, loopBits) = ("37", "30")
  #endif
  static let arguments = [
    "search", "mod-quadratic", "--modulus", "31", "--train-count", "60", "--top", "1000", "--extra-work", "1000000",
    "--max-bits", bits, "--json",
  ]
  /// A search over programs that loop, which also looks beyond its complete levels.
  private static let loops = ["search", "A003418", "--max-bits", loopBits, "--json"]

  @Test(arguments: [arguments, loops])
  func resumedSearchPrintsWhatAnUninterruptedOneDoes(_ arguments: [String]) throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let clock = ContinuousClock()
    let start = clock.now
    let straight = try Command.run(arguments, in: folder)
    let half = (clock.now - start) / 2 / .seconds(1)
    let first = try Command.interrupted(arguments + ["--checkpoint", "my state.json"], in: folder, after: half)
    #expect(first.code == 128 + Command.interruption)
    #expect(first.output.contains("\"stop\":\"interrupted\""))
    let line = try #require(first.error.split(separator: "\n").last)
    #expect(first.error.contains("interrupted; to go on:\n"))
    let words = Command.words(line.trimmingCharacters(in: .whitespaces))
    #expect(
      words.dropFirst() == (arguments + ["--checkpoint", "my state.json", "--resume", "my state.json"])[...])
    let saved = try Data(contentsOf: folder.appendingPathComponent("my state.json"))
    let state = try JSONValue(parsing: Array(saved), file: "state")
    #expect(state["type"] == "levin checkpoint")

    let resumed = try Command.run(Array(words.dropFirst()), in: folder)
    #expect(resumed.code == straight.code)
    #expect(try SearchOutputTests.untimed(resumed.output) == SearchOutputTests.untimed(straight.output))
    #expect(
      !FileManager.default.fileExists(atPath: folder.appendingPathComponent("my state.json").path),
      "the checkpoint is spent")

    // The checkpoint belongs to this search alone.
    try saved.write(to: folder.appendingPathComponent("c.json"))
    let others =
      arguments == Self.loops
      ? [["--step-limit", "100"], ["--no-mass"]]
      : [["--seed", "1"], ["--no-mass"], ["--top", "999"], ["--train-count", "61"]]
    for other in others {
      let run = try Command.run(arguments + other + ["--resume", "c.json"], in: folder)
      #expect(run.code == 2 && run.error.contains("the checkpoint is of another search"), "\(other): \(run.error)")
    }
  }

  @Test func damagedCheckpointsAreRefused() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    for text in [
      "", "{}", "[]", "{\"type\":\"levin checkpoint\"}", "{\"type\":\"levin checkpoint\",\"identity\":\"0\"}", "(((",
      "\u{0}",
    ] {
      try text.write(to: folder.appendingPathComponent("c.json"), atomically: true, encoding: .utf8)
      let run = try Command.run(["search", "mod-add", "--modulus", "7", "--resume", "c.json"], in: folder)
      #expect(run.code == 2 && run.output.isEmpty && run.error.hasPrefix("c.json"), "\(text): \(run.error)")
    }
  }

  /// A suite, what it prints and how it ends.
  struct SuiteCase: Sendable {
    let suite: String
    let limits: [String]
    /// Searches, each of which is printed as a record when it is done; else there is a table behind the last one.
    let rows: Int
    var isTable = false
    var name = ""
    var code: Int32 = 3
    var path: String { "levin-\(suite)\(name).checkpoint.json" }

    /// What is printed, without times.
    func untimed(_ text: String) throws -> String {
      if !isTable { return try SearchOutputTests.untimed(text).map(JSONWriter.line).joined() }
      return suite == "power2022" ? text.replacing(/[0-9]+\.[0-9]{2} (\||s of CPU)/) { "\($0.output.1)" } : text
    }
  }

  /// Rows that are done are kept, whatever ends the suite; the line that is printed goes on behind them.
  @Test(arguments: [
    SuiteCase(
      suite: "streams",
      limits: [
        "--test-count", "1", "--grammar", "lists", "--max-programs", "5000", "--extra-work", "0", "--no-mass",
      ], rows: 25),
    SuiteCase(
      suite: "streams", limits: ["--test-count", "1", "--order", "levin", "--max-steps", "20000"], rows: 25,
      name: "-levin"),
    SuiteCase(
      suite: "power2022", limits: ["--modulus", "7", "--max-programs", "20", "--extra-work", "0", "--no-mass"],
      rows: 29,
      isTable: true),
    SuiteCase(suite: "levin-orders-symbols", limits: ["--max-steps", "10000"], rows: 40, isTable: true, code: 0),
  ])
  func suitesGoOn(_ suite: SuiteCase) throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let arguments = ["search", "--suite", suite.suite] + (suite.isTable ? [] : ["--json"]) + suite.limits
    let clock = ContinuousClock()
    let start = clock.now
    let straight = try Command.run(arguments, in: folder)
    let half = (clock.now - start) / 2 / .seconds(1)
    let lines = straight.output.split(separator: "\n").count
    #expect(straight.code == suite.code && (suite.isTable || lines == suite.rows), "\(straight.error)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty, "the checkpoint is spent")
    let first = try Command.interrupted(arguments, in: folder, after: half)
    #expect(first.code == 128 + Command.interruption)
    let done = first.output.split(separator: "\n").count
    #expect(suite.isTable ? done == 0 : done < suite.rows)
    #expect(first.error.contains("of \(suite.rows) searches were done; to go on:\n"), "\(first.error)")
    #expect(!first.output.contains("\"interrupted\""), "a search that was interrupted has no row")
    let words = Command.words(
      try #require(first.error.split(separator: "\n").last).trimmingCharacters(in: .whitespaces))
    let path = suite.path
    #expect(words.dropFirst() == (arguments + ["--resume", path])[...])
    let saved = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
    #expect(saved.contains("\"task\":0"), "a row is kept")
    let anew = try Command.run(arguments, in: folder)
    #expect(anew.code == 2 && anew.output.isEmpty && anew.error.contains("rows of this suite are kept there"))
    let resumed = try Command.run(Array(words.dropFirst()), in: folder)
    #expect(resumed.code == suite.code)
    #expect(try suite.untimed(resumed.output) == suite.untimed(straight.output))
    #expect(resumed.output.hasPrefix(first.output), "the rows that were done are printed as they were, times too")

    guard case .object(let members) = try JSONValue(parsing: saved) else { return #expect(Bool(false)) }
    let changes: [(String, JSONValue, String)] = [
      ("type", "levin checkpoint", "not a checkpoint of levin search --suite"), ("identity", "0", "another suite"),
      ("rows", "x", "damaged"), ("rows", [["task": .integer(suite.rows)]], "damaged"),
      ("rows", [["task": 0]], "damaged"),
    ]
    for (name, value, message) in changes {
      var changed = members
      changed[name] = value
      let file = folder.appendingPathComponent("c.json")
      try JSONWriter.line(.object(changed)).write(to: file, atomically: true, encoding: .utf8)
      let run = try Command.run(arguments + ["--resume", "c.json"], in: folder)
      #expect(run.code == 2 && run.output.isEmpty && run.error.contains(message), "\(name): \(run.error)")
    }
    let other = try Command.run(arguments + ["--seed", "3", "--resume", path, "--checkpoint", "d.json"], in: folder)
    #expect(other.code == 2, "\(other.error)")
  }

  /// Scoring on many sequences hears a signal too, and says on how many the program was scored.
  @Test func scoringStopsToo() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try Command.interrupted(
      ["search", "stream-sum-mod-9", "--extra-work", "0", "--test-count", "20000"], in: folder, after: 2)
    #expect(run.code == 128 + Command.interruption)
    #expect(run.output.contains("infix      cons(sum(xs) mod 9, nil)\n") && run.output.contains("stop       found\n"))
    #expect(run.output.contains("; interrupted: 20,000 were asked for\n"), "\(run.output)")
    let (line, path) = (try #require(run.error.split(separator: "\n").last), "levin-stream-sum-mod-9.checkpoint.json")
    #expect(run.error.contains("interrupted; to go on:\n") && line.hasSuffix("--resume \(path)"))
    #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path))
  }

  @Test func suiteStopsToo() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try Command.interrupted(
      ["search", "--suite", "power2022", "--threads", "2", "--extra-work", "100000", "--time-limit", "60"], in: folder,
      after: 2)
    #expect(run.code == 128 + Command.interruption)
    #expect(run.output.isEmpty)
  }
}
