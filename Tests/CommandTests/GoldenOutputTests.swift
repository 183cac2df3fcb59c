import Foundation
import TestSupport
import Testing

/// Whole outputs, kept in `Golden/`.
@Suite struct GoldenOutputTests {
  @Test(arguments: [
    ("prior-program", ["prior", "field", "--program", "(ff.add a b)"]),
    (
      "prior-define-fun",
      ["prior", "field", "--program", "(define-fun f ((a Int) (b Int)) Int (ite (even b) (ff.sub a b) (ff.div a b)))"]
    ),
    ("prior-levels", ["prior", "field", "--levels", "3"]), ("prior-count", ["prior", "field", "--count", "5"]),
    ("prior-unrank", ["prior", "field", "--unrank", "1000"]),
    ("prior-sample", ["prior", "field", "--sample", "8", "--seed", "1"]),
    ("prior-sample-size", ["prior", "boolean", "--sample", "5", "--seed", "2", "--size", "9"]),
    ("prior-functions", ["prior", "boolean", "--variables", "3", "--functions", "8"]),
    ("prior-functions-levels", ["prior", "boolean", "--functions", "8", "--max-bits", "20"]),
    ("prior-overview", ["prior", "integers"]), ("prior-termination", ["prior", "bitvectors", "--termination"]),
    (
      "prior-json",
      [
        "prior", "field", "--program", "b", "--levels", "2", "--count", "3", "--unrank", "4", "--sample", "2",
        "--termination", "--json",
      ]
    ),
    ("tasks", ["tasks"]), ("tasks-modulus", ["tasks", "mod-add", "--modulus", "3"]),
    ("tasks-csv", ["tasks", "bool-majority-3", "--format", "csv"]),
    ("tasks-sygus", ["tasks", "mod-sub", "--modulus", "3", "--train-count", "2", "--format", "sygus"]),
    ("tasks-sequences", ["tasks", "--kind", "sequences"]), ("tasks-chomsky", ["tasks", "--kind", "chomsky"]),
    ("tasks-streams", ["tasks", "--kind", "streams"]), ("tasks-sequence", ["tasks", "A000045"]),
    ("tasks-addition", ["tasks", "binary-addition", "--count", "2", "--length", "9", "--seed", "1"]),
    ("tasks-equations", ["tasks", "solve-equation", "--count", "5", "--length", "3...14", "--seed", "2"]),
    ("tasks-gcd", ["tasks", "stream-gcd", "--count", "2", "--length", "12"]),
    ("help", ["--help"]), ("help-learn", ["learn", "--help"]), ("help-reproduce", ["reproduce", "--help"]),
    ("help-circuits", ["circuits", "--help"]), ("help-agree", ["agree", "--help"]), ("help-das", ["das", "--help"]),
    ("help-search", ["search", "--help"]), ("help-prior", ["prior", "--help"]), ("help-bias", ["bias", "--help"]),
    ("help-tasks", ["tasks", "--help"]), ("help-predict", ["predict", "--help"]),
    ("help-compare", ["compare", "--help"]), ("help-report", ["report", "--help"]),
  ])
  func outputIsTheRecordedOne(_ name: String, _ arguments: [String]) throws {
    let run = try Command.run(arguments)
    #expect(run.code == 0)
    #expect(run.error.isEmpty)
    #expect(Golden.difference(run.output, "Tests/CommandTests/Golden/\(name).txt") == nil)
  }

  /// A file of symbols reads back as the same bytes; damaged, it is refused with its places.
  @Test func symbolsReadBackAsTheSameBytes() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("s.jsonl")
    for name in ["stack-manipulation", "stream-add-base-10"] {
      let written = try Command.run(["tasks", name, "--count", "30"]).output
      try written.write(to: file, atomically: true, encoding: .utf8)
      #expect(try Command.run(["tasks", "s.jsonl"], in: folder).output == written)
      try (written + "{\"input\":[100],\"output\":[0]}\n").write(to: file, atomically: true, encoding: .utf8)
      let refused = try Command.run(["tasks", "s.jsonl"], in: folder)
      #expect(
        refused.code == 2 && refused.error.hasPrefix("s.jsonl:32:11: 100 is no symbol of 'input'"), "\(refused.error)")
    }
  }

  @Test func rankAndUnrankAreInverse() throws {
    for rank in ["0", "17", "1000000"] {
      let unranked = try Command.run(["prior", "field", "--unrank", rank])
      let program = try #require(unranked.output.split(separator: "\n").first { $0.hasPrefix("program ") }).dropFirst(
        13)
      let ranked = try Command.run(["prior", "field", "--program", String(program)])
      #expect(ranked.output == unranked.output)
    }
  }
}
