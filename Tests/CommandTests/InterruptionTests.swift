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
