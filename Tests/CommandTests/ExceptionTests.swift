import Documents
import ExactArithmetic
import Foundation
import TestSupport
import Testing

/// `levin search TASK --exceptions`.
@Suite struct ExceptionTests {
  private static let search = [
    "search", "mod-mul:noisy", "--modulus", "23", "--exceptions", "--max-programs", "400000",
  ]

  @Test func outputIsTheRecordedOne() throws {
    let run = try Command.run(Self.search)
    #expect(run.code == 0 && run.error.isEmpty)
    let untimed = run.output.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("time") }
      .joined(separator: "\n")
    #expect(Golden.difference(untimed, "Tests/CommandTests/Golden/search-exceptions.txt") == nil)
  }

  /// The exceptions are the labels that the control replaced, among those to learn from.
  @Test func exceptionsAreTheReplacedLabels() throws {
    func labels(_ task: String) throws -> [[JSONValue]: JSONValue] {
      let lines = try Command.run(["tasks", task, "--modulus", "23", "--part", "training"]).output.split(
        separator: "\n")
      return Dictionary(
        uniqueKeysWithValues: try lines.dropFirst().map { line in
          let example = try JSONValue(parsing: String(line))
          return (try #require(example["inputs"]?.array), try #require(example["output"]))
        })
    }
    let record = try JSONValue(parsing: Command.run(Self.search + ["--json"]).output)
    let (noisy, whole) = (
      try labels("mod-mul:noisy"),
      try Command.run(["tasks", "mod-mul", "--modulus", "23"]).output.split(separator: "\n").dropFirst().map {
        try JSONValue(parsing: String($0))
      }
    )
    let exact = Dictionary(
      uniqueKeysWithValues: try whole.map { (try #require($0["inputs"]?.array), try #require($0["output"])) })
    let replaced = noisy.filter { exact[$0.key] != $0.value }
    let solution = try #require(record["solution"])
    let exceptions = try #require(solution["exceptions"]?.array)
    #expect(exceptions.count == replaced.count && replaced.count > 3)
    for exception in exceptions {
      let inputs = try #require(exception["inputs"]?.array?.map { try JSONValue(parsing: $0.string ?? "") })
      #expect("\(noisy[inputs]!)" == exception["output"]?.string)
      #expect("\(exact[inputs]!)" == exception["said"]?.string)
    }
    #expect(solution["infix"] == "a·b" && record["isLeast"] == false && record["stop"] == "program limit")
    // The code by its parts: 1/128 of a program, and k of n labels of 23 values.
    let (n, k) = (noisy.count, replaced.count)
    var code = Rational(1, 128) / Rational(BigInteger((k + 1) * (k + 2)))
    for i in 0..<k { code *= Rational(BigInteger(i + 1), BigInteger((n - i) * 22)) }
    #expect(solution["code"]?["exact"]?.string == code.description)
  }

  /// A file has the same controls as a built-in task, with and without a grammar of its own.
  @Test func filesHaveControls() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    for (format, file) in [("jsonl", "m.jsonl"), ("sygus", "m.sl")] {
      let share = format == "sygus" ? ["--train-fraction", "1"] : []
      let written = try Command.run(["tasks", "mod-mul", "--modulus", "11", "--format", format] + share)
      try written.output.write(to: folder.appendingPathComponent(file), atomically: true, encoding: .utf8)
      let run = try Command.run(
        ["search", "\(file):noisy", "--exceptions", "--max-programs", "100000", "--json"]
          + (format == "sygus" ? [] : ["--grammar", "field"]), in: folder)
      let record = try JSONValue(parsing: run.output)
      #expect(record["solution"]?["infix"] == "a·b", "\(run.error)")
      #expect(record["solution"]?["exceptions"]?.array?.count == 6, "one in twenty of 121")
    }
    let wrong = try Command.run(["search", "gone.csv:noisy", "--exceptions"], in: folder)
    #expect(wrong.code == 2 && wrong.error.contains("gone.csv: no such file"), "\(wrong.error)")
  }

  @Test func interruptedSearchesGoOn() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let arguments = [
      "search", "mod-quadratic:random", "--modulus", "31", "--exceptions", "--max-programs", "1000000", "--json",
    ]
    let clock = ContinuousClock()
    let start = clock.now
    let straight = try Command.run(arguments, in: folder)
    #expect(straight.code == 1)
    let first = try Command.interrupted(arguments, in: folder, after: (clock.now - start) / 3 / .seconds(1))
    #expect(first.code == 128 + Command.interruption && first.output.contains("\"stop\":\"interrupted\""))
    let line = try #require(first.error.split(separator: "\n").last)
    let words = Command.words(line.trimmingCharacters(in: .whitespaces))
    let path = "levin-mod-quadratic-random-exceptions.checkpoint.json"
    #expect(words.suffix(2) == ["--resume", path])
    let saved = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
    let resumed = try Command.run(Array(words.dropFirst()), in: folder)
    #expect(resumed.code == straight.code)
    #expect(try SearchOutputTests.untimed(resumed.output) == SearchOutputTests.untimed(straight.output))
    #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path))

    // Of this search alone, and whole.
    guard case .object(let members) = try JSONValue(parsing: saved) else { return #expect(Bool(false)) }
    var changes: [(String, JSONValue)] = [("type", "levin checkpoint"), ("identity", "0")]
    changes += [
      ("subsets", "x"), ("spent", [:]), ("bytes", .integer(-1)), ("programs", [["subset": 0, "program": [77]]]),
    ]
    for (name, value) in changes {
      var changed = members
      changed[name] = value
      try JSONWriter.line(.object(changed)).write(
        to: folder.appendingPathComponent("c.json"), atomically: true, encoding: .utf8)
      let run = try Command.run(arguments + ["--resume", "c.json"], in: folder)
      #expect(run.code == 2 && run.error.hasPrefix("c.json: ") && run.output.isEmpty, "\(name): \(run.error)")
    }
  }

  @Test func whatSaysNothingIsRefused() throws {
    for flags in [
      ["--top", "2"], ["--max-bits", "9"], ["--no-mass"], ["--order", "levin"], ["--check", "a"], ["--unproven"],
      ["--time-limit", "3"], ["--step-limit", "30"], ["--probes", "3"],
    ] {
      let run = try Command.run(["search", "mod-add", "--modulus", "7", "--exceptions"] + flags)
      #expect(run.code == 64 && run.error.contains("--"), "\(flags): \(run.error)")
    }
    for (task, message) in [
      ("mod-add:nosiy", "did you mean 'noisy'?"), ("mod-add@7:noisy", "here it is --modulus 7"),
      ("mod-ad:noisy", "did you mean 'mod-add'?"), ("reverse-string", "outputs of 'reverse-string' are of sort"),
      ("reverse-string:noisy", "a task on sequences has no control 'noisy'"),
    ] {
      let run = try Command.run(["search", task, "--exceptions"])
      #expect(run.code != 0 && run.error.contains(message) && run.output.isEmpty, "\(task): \(run.error)")
    }
  }
}
