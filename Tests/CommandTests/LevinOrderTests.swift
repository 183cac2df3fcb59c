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

  /// Bit vectors and permutations, of which the program found is right on everything unseen; steps are those of `--check`.
  @Test(
    arguments: [
      ("s5-conjugate", "a∘(b∘a⁻¹)", 10_080), ("bv-lowest-zero", "~x & x + #x01", 180), ("bool-parity-4", nil, 0),
    ] as [(String, String?, Int)])
  func tasksOnWordsAreFound(_ task: String, _ infix: String?, _ unseen: Int) throws {
    let run = try Command.run(["search", task, "--order", "levin", "--json"])
    #expect(run.code == 0, "\(run.error)")
    let solution = try #require(JSONValue(parsing: run.output)["solutions"]?.array?.first)
    if let infix { #expect(solution["infix"]?.string == infix) }
    #expect(solution["unseenRight"]?.integer(as: Int.self) == unseen)
    let program = try #require(solution["program"]?.string)
    let check = try Command.run(["search", task, "--check", program, "--json"])
    let record = try JSONValue(parsing: check.output)
    #expect(record["trainingRight"] == record["task"]?["trainingExamples"])
    let searched = try #require(solution["steps"]?.integer(as: UInt64.self))
    // The check runs the unseen inputs too; a program without choices takes the same steps on each.
    let (seen, steps) = (
      try #require(record["trainingRight"]?.integer(as: UInt64.self)),
      try #require(record["steps"]?.integer(as: UInt64.self))
    )
    #expect(steps * seen == searched * (seen + UInt64(unseen)))
  }

  /// A SyGuS file of 64-bit vectors with a macro.
  @Test func sygusFilesOfBitVectorsRun() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = """
      (set-logic BV)
      (define-fun shl1 ((x (_ BitVec 64))) (_ BitVec 64) (bvshl x #x0000000000000001))
      (synth-fun f ((x (_ BitVec 64))) (_ BitVec 64) ((S (_ BitVec 64)))
        ((S (_ BitVec 64) (x #x0000000000000001 (bvnot S) (shl1 S) (bvand S S) (bvadd S S)))))
      (constraint (= (f #x8000000000000001) #x0000000000000002))
      (constraint (= (f #x4000000000000000) #x8000000000000000))
      (constraint (= (f #xffffffffffffffff) #xfffffffffffffffe))
      (check-synth)
      """
    try text.write(to: folder.appendingPathComponent("t.sl"), atomically: true, encoding: .utf8)
    let run = try Command.run(["search", "t.sl", "--order", "levin"], in: folder)
    #expect(run.code == 0 && run.output.contains(" (shl1 x))\n"), "\(run.output)")
    // Each time x, and bvshl, x and the constant of the macro.
    #expect(run.output.contains("cost       12 steps on 3 inputs"), "\(run.output)")
  }

  /// The operations of Power et al. 2022 in Levin order, and in both orders.
  @Test func operationsRunInBothOrders() throws {
    let arguments = ["--modulus", "7", "--max-steps", "3000"]
    let levin = try Command.run(["search", "--suite", "power2022", "--order", "levin"] + arguments)
    #expect(levin.code == 3)
    let lines = levin.output.split(separator: "\n")
    #expect(lines.count == 32)
    #expect(lines.contains { $0.hasPrefix("| mod-add, field, p = 7 | `a + b` | 7 | ") }, "\(levin.output)")
    #expect(lines.contains { $0.hasPrefix("| s5-compose, permutations | `a∘b` | ") })
    let both = try Command.run(["search", "--suite", "levin-orders-power2022"] + arguments)
    #expect(both.code == 0 && both.output.contains("| mod-add, field, p = 7 | `a + b` | 7 | "), "\(both.output)")
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
      (
        languages[1], [],
        "phase limit: none after 62, since steps are counted in 64 bits; programs of more than 2,000 symbols are not run"
      ),
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
    for suite in ["levin-orders", "levin-orders-symbols", "levin-orders-power2022"] {
      let run = try Command.run(["search", "--suite", suite, "--order", "levin"])
      #expect(
        run.code != 0 && run.error.contains("--suite \(suite) searches in both orders and takes no --order levin"))
    }
    let run = try Command.run(["search", "--suite", "levin-orders-power2022", "--grammar", "lists"])
    #expect(run.code != 0 && run.error.contains("searches grammars of its own and takes no --grammar"))
  }
}
