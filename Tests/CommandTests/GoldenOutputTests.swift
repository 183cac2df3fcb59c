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
    ("help", ["--help"]), ("help-learn", ["learn", "--help"]), ("help-reproduce", ["reproduce", "--help"]),
    ("help-search", ["search", "--help"]), ("help-prior", ["prior", "--help"]),
    ("help-tasks", ["tasks", "--help"]), ("help-predict", ["predict", "--help"]),
  ])
  func outputIsTheRecordedOne(_ name: String, _ arguments: [String]) throws {
    let run = try Command.run(arguments)
    #expect(run.code == 0)
    #expect(run.error.isEmpty)
    #expect(Golden.difference(run.output, "Tests/CommandTests/Golden/\(name).txt") == nil)
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
