import Documents
import Foundation
import TestSupport
import Testing

/// `levin search --order levin` on lists, and its suites.
@Suite struct LevinOrderTests {
  /// Steps of a found program are those that `--check` counts; two threads print the same.
  @Test func recordsOfListsAreTheSameOnTwoThreads() throws {
    let arguments = ["search", "stream-sum-mod-9", "--order", "levin", "--json", "--test-count", "3"]
    let runs = try [Command.run(arguments), Command.run(arguments + ["--threads", "2"])]
    #expect(runs.allSatisfy { $0.code == 0 })
    let records = try runs.map { try SearchOutputTests.untimed($0.output) }
    #expect(records[0].count == 1 && records[0] == records[1])
    let solution = try #require(records[0][0]["solutions"]?.array?.first)
    #expect(
      solution["infix"]?.string == "cons(sum(xs) mod 9, nil)" && solution["test"]?["right"]?.integer(as: Int.self) == 3)
    let program = try #require(solution["program"]?.string)
    let check = try Command.run(["search", "stream-sum-mod-9", "--check", program, "--json", "--test-count", "1"])
    let steps = try #require(JSONValue(parsing: check.output)["steps"]?.integer(as: UInt64.self))
    #expect(solution["steps"]?.integer(as: UInt64.self) == steps)
  }

  /// A suite goes on behind searches that a limit ends, says so, and ends with 3.
  @Test func suitesOfListsRunInLevinOrder() throws {
    let run = try Command.run(
      ["search", "--suite", "chomsky", "--order", "levin", "--max-steps", "20000", "--test-count", "1"])
    #expect(run.code == 3)
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 18)
    #expect(
      lines.contains {
        $0.hasPrefix("| reverse-string | `reverse(xs)` | 6 | 4,630 | 19 | 12,642 | 460 of 460 (100.0) |")
      })
    #expect(lines.contains { $0.hasPrefix("| odds-first | – (step limit) |") })
    #expect(
      lines.last
        == "3 of 15 solved within 20,000 steps each: every unseen sequence right; 0 more fit what was given and fail later."
    )
  }

  /// Ends that no more steps change: a limit that is reached with them is not named, and no checkpoint is left.
  @Test func endsForGoodLeaveNoCheckpoint() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let languages = [
      """
      ((S Int) (A Int)) ((S Int ((! n :probability 1/2) (! (+ A A) :probability 1/2)))
        (A Int ((! n :probability 1/2) (! 1 :probability 1/2))))
      """,
      """
      ((S Int)) ((S Int ((! n :probability 1/2) (! (compr (lambda ((m Int)) (< m 0)) 0) :probability 1/2))))
      """,
    ]
    for (language, flags, stop) in [
      (languages[0], [], "exhausted"), (languages[0], ["--max-steps", "8"], "exhausted"),
      (languages[0], ["--max-bits", "2", "--max-steps", "1"], "bit limit"),
      (languages[1], [], "phase limit: none after 62, since steps are counted in 64 bits"),
    ] as [(String, [String], String)] {
      let text = "(set-logic ALL)\n(synth-fun f ((n Int)) Int \(language))\n(constraint (= (f 1) 7))\n(check-synth)\n"
      try text.write(to: folder.appendingPathComponent("t.sl"), atomically: true, encoding: .utf8)
      let run = try Command.run(["search", "t.sl", "--order", "levin", "--checkpoint", "c.json"] + flags, in: folder)
      #expect(run.code == 1 && run.error.isEmpty, "\(flags): \(run.code) \(run.error)")
      #expect(run.output.contains("\nstop       \(stop), nothing found\n"), "\(flags): \(run.output)")
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("c.json").path))
    }
  }

  @Test func ordersWithoutMeaningAreRefused() throws {
    for suite in ["power2022", "levin-orders", "levin-orders-symbols"] {
      let run = try Command.run(["search", "--suite", suite, "--order", "levin"])
      #expect(
        run.code != 0 && run.error.contains("--order levin is for a task or --suite sequences, chomsky or streams"))
    }
  }
}
