import Documents
import Foundation
import TestSupport
import Testing

/// `levin learn` as a whole.
@Suite struct LearnTests {
  private static let small = [
    "learn", "mod-add", "--modulus", "7", "--train-count", "30", "--until-test-accuracy", "none",
  ]

  /// Every file of a run, by its path in the folder.
  private static func files(_ folder: URL) throws -> [String: Data] {
    var found: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      let file = folder.appendingPathComponent(path)
      if !file.hasDirectoryPath, let data = try? Data(contentsOf: file) { found[path] = data }
    }
    return found
  }

  @Test func seedsLeaveTheSameFilesOnOneThreadAndOnTwo() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let arguments = Self.small + ["--steps", "6", "--seeds", "0..2", "--json"]
    let one = try Command.run(arguments + ["--out", "one"], in: folder)
    let two = try Command.run(arguments + ["--out", "two", "--threads", "2"], in: folder)
    #expect(one.code == 0 && two.code == 0, "\(one.error)\(two.error)")
    let records = try SearchOutputTests.untimed(one.output)
    #expect(records.count == 3 && records.map { $0["seed"]?.int64 } == [0, 1, 2])
    #expect(try records == SearchOutputTests.untimed(two.output))
    #expect(records.allSatisfy { $0["stop"] == "step limit" && $0["steps"]?.int64 == 6 })
    var (a, b) = try (
      Self.files(folder.appendingPathComponent("one")), Self.files(folder.appendingPathComponent("two"))
    )
    // These hold seconds.
    for name in ["results.jsonl", "seed-0/result.json", "seed-1/result.json", "seed-2/result.json"] {
      #expect(a[name] != nil)
      (a[name], b[name]) = (nil, nil)
    }
    #expect(a == b)
    #expect(
      Set(a.keys)
        == Set(
          ["curves.csv", "curves.svg"]
            + (0..<3).flatMap { seed in
              [
                "config.json", "curves.csv", "curves.svg", "losses.csv", "losses.svg", "metrics.jsonl",
                "model.safetensors",
              ]
              .map { "seed-\(seed)/\($0)" }
            }))
    #expect(a["seed-0/model.safetensors"] != a["seed-1/model.safetensors"])

    let evaluated = try Command.run(Array(Self.small[..<6]) + ["--evaluate", "one/seed-1", "--json"], in: folder)
    let evaluation = try JSONValue(parsing: evaluated.output)
    #expect(evaluation["unseen"]?["correct"] == records[1]["last"]?["testCorrect"])
    #expect(evaluation["training"]?["correct"] == records[1]["last"]?["trainCorrect"])
  }

  /// 65,989 unseen pairs have more than 2^24 logits, which are counted in parts.
  @Test func manyUnseenInputsAreCountedInParts() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let task = ["learn", "mod-add", "--modulus", "257", "--train-count", "60"]
    let run = try Command.run(
      task + ["--steps", "1", "--until-test-accuracy", "none", "--out", "run", "--json"], in: folder)
    let record = try JSONValue(parsing: run.output)
    let evaluated = try Command.run(task + ["--evaluate", "run/seed-0", "--json"], in: folder)
    let evaluation = try JSONValue(parsing: evaluated.output)
    #expect(record["last"]?["testCount"]?.int64 == 65_989)
    #expect(evaluation["unseen"]?["count"]?.int64 == 65_989)
    #expect(record["last"]?["testCorrect"] == evaluation["unseen"]?["correct"])
  }

  /// Seed 2 beside others is seed 2 with its split alone; measured in the folder, each seed has its row.
  @Test func eachSeedMayHaveItsOwnSplit() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let arguments = Self.small + ["--recipe", "published", "--omit-equals", "--steps", "2", "--json"]
    let both = try Command.run(arguments + ["--seeds", "1,2", "--split-per-seed", "--out", "both"], in: folder)
    let alone = try Command.run(arguments + ["--seeds", "2", "--seed", "2", "--out", "alone"], in: folder)
    #expect(both.code == 0 && alone.code == 0, "\(both.error)\(alone.error)")
    let records = try SearchOutputTests.untimed(both.output)
    #expect(records.map { $0["task"]?["seed"]?.int64 } == [1, 2])
    #expect(try records[1] == SearchOutputTests.untimed(alone.output)[0])
    let (first, second) = (
      try Self.files(folder.appendingPathComponent("both")), try Self.files(folder.appendingPathComponent("alone"))
    )
    #expect(first["seed-2/model.safetensors"] == second["seed-2/model.safetensors"])

    let measured = try Command.run(["circuits", "both", "--modulus", "7", "--clock-pizza", "--json"], in: folder)
    let rows = try measured.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    #expect(measured.code == 0 && rows.map { $0["name"]?.string } == ["seed-1", "seed-2"], "\(measured.error)")
    let one = try Command.run(["circuits", "alone/seed-2", "--modulus", "7", "--clock-pizza", "--json"], in: folder)
    #expect(try JSONValue(parsing: one.output) == rows[1])

    let refused = try Command.run(arguments + ["--split-per-seed", "--seed", "3"], in: folder)
    #expect(refused.code == 64 && refused.error.contains("exclude each other"))
  }

  @Test func resumedRunLeavesTheFilesOfAnUninterruptedOne() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    #if DEBUG
      let steps = "400"
    #else
      let steps = "4000"
    #endif
    let arguments = [
      "learn", "mod-add", "--modulus", "31", "--until-test-accuracy", "none", "--steps", steps, "--evaluate-every",
      "100",
    ]
    let clock = ContinuousClock()
    let start = clock.now
    let straight = try Command.run(arguments + ["--out", "straight"], in: folder)
    #expect(straight.code == 0)
    var seconds = (clock.now - start) / 2 / .seconds(1)
    var first: Command.Outcome?
    for attempt in 0..<12 where first == nil {
      let run = try Command.run(arguments + ["--out", "cut \(attempt)"], in: folder, interruptAfter: seconds)
      if run.code == 128 + Command.interruption, !run.wasKilled { first = run }
      seconds *= run.wasKilled ? 1.6 : 0.7
    }
    let cut = try #require(first)
    let line = try #require(cut.error.split(separator: "\n").last)
    let words = Command.words(line.trimmingCharacters(in: .whitespaces))
    #expect(cut.error.contains("interrupted; to go on:\n") && words.last == "--resume")
    let place = folder.appendingPathComponent(words[words.count - 2])
    #expect(try Self.files(place).keys.contains("seed-0/checkpoint.safetensors"))
    let refused = try Command.run(Array(words.dropFirst().dropLast()), in: folder)
    #expect(refused.code == 2 && refused.error.contains("an unfinished run is here; add --resume"))
    let other = try Command.run(Array(words.dropFirst()) + ["--learning-rate", "0.02"], in: folder)
    #expect(other.code == 2 && other.error.contains("the checkpoint is of another run"))
    let resumed = try Command.run(Array(words.dropFirst()), in: folder)
    #expect(resumed.code == 0, "\(resumed.error)")
    var (a, b) = try (Self.files(folder.appendingPathComponent("straight")), Self.files(place))
    for name in ["results.jsonl", "seed-0/result.json"] { (a[name], b[name]) = (nil, nil) }
    #expect(a == b)
  }

  /// Of three seeds one is finished and one lost a file: the first stays, the others run.
  @Test func finishedSeedsAreNotRunAgain() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let arguments = Self.small + ["--steps", "6", "--out", "run", "--json", "--snapshot-every", "4"]
    let first = try Command.run(arguments + ["--seeds", "0..1"], in: folder)
    #expect(first.code == 0, "\(first.error)")
    var before = try Self.files(folder.appendingPathComponent("run"))
    try FileManager.default.removeItem(at: folder.appendingPathComponent("run/seed-1/metrics.jsonl"))
    let resumed = try Command.run(arguments + ["--seeds", "0..2", "--resume"], in: folder)
    #expect(resumed.code == 0 && resumed.error == "mod-add: seed 0 is finished: its files stay\n", "\(resumed.error)")
    // The record of the first is the same one, with its seconds.
    let records = resumed.output.split(separator: "\n")
    #expect(records.count == 3 && records[0] == first.output.split(separator: "\n")[0])
    #expect(try SearchOutputTests.untimed(resumed.output)[1] == SearchOutputTests.untimed(first.output)[1])
    var after = try Self.files(folder.appendingPathComponent("run")).filter { before[$0.key] != nil }
    for name in ["results.jsonl", "curves.svg", "curves.csv", "seed-1/result.json"] {
      (before[name], after[name]) = (nil, nil)
    }
    #expect(before == after)
    let finer = try Command.run(arguments.dropLast() + ["3", "--resume"], in: folder)
    #expect(finer.code == 0 && finer.error.isEmpty, "\(finer.error)")
  }

  /// Networks that an interrupted run did not keep cannot be kept later: the seed starts anew, once.
  @Test func resumedRunKeepsEveryNetworkAskedFor() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    func kept() throws -> [Int] {
      let place = folder.appendingPathComponent("run/seed-0/snapshots").path
      return try FileManager.default.contentsOfDirectory(atPath: place).compactMap { Int($0) }.sorted()
    }
    let arguments = Self.small + ["--steps", "100000000", "--out", "run"]
    let keeping = arguments + ["--snapshot-every", "50", "--resume"]
    _ = try Command.interrupted(arguments, in: folder, after: 0.5)
    let anew = try Command.interrupted(keeping, in: folder, after: 0.5)
    #expect(anew.error.contains("mod-add: seed 0 starts anew: its network of step 0 was not kept"), "\(anew.error)")
    let first = try kept()
    let further = try Command.interrupted(keeping, in: folder, after: 0.5)
    #expect(!further.error.contains("anew"), "\(further.error)")
    let second = try kept()
    for steps in [first, second] { #expect(steps == steps.indices.map { 50 * $0 }) }
    #expect(!first.isEmpty && second.count >= first.count)
  }

  /// A run whose loss became no number is as finished as any other.
  @Test func divergedSeedIsNotRunAgain() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let arguments = Self.small + ["--learning-rate", "1e30", "--steps", "30", "--out", "run"]
    let first = try Command.run(arguments, in: folder)
    #expect(first.code == 0 && first.output.contains("diverged"), "\(first.output)\(first.error)")
    #expect(first.output.contains(" nan ") && !first.output.contains("-nan"), "\(first.output)")
    let before = try Self.files(folder.appendingPathComponent("run"))
    let resumed = try Command.run(arguments + ["--resume"], in: folder)
    #expect(resumed.error == "mod-add: seed 0 is finished: its files stay\n" && resumed.output == first.output)
    #expect(try Self.files(folder.appendingPathComponent("run")) == before)
  }

  /// The share of all, and of none, is no rounded number.
  @Test(arguments: [(22_800, "100 %"), (22_799, "99.99 %"), (22_572, "99.00 %"), (1, "0.01 %"), (0, "0.00 %")])
  func shareOfTheUnseenIsNeverRoundedToAllOrNone(_ correct: Int, _ share: String) throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let arguments = Self.small + ["--steps", "1", "--out", "run"]
    #expect(try Command.run(arguments, in: folder).code == 0)
    // As if so many of 22,800 were right.
    let path = folder.appendingPathComponent("run/seed-0/metrics.jsonl")
    var lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n").map(String.init)
    var last = try #require(JSONValue(parsing: lines[lines.count - 1]).object)
    (last["testCorrect"], last["testCount"]) = (.integer(correct), .integer(22_800))
    lines[lines.count - 1] = JSONWriter.text(.object(last))
    try lines.joined(separator: "\n").write(to: path, atomically: true, encoding: .utf8)
    let run = try Command.run(arguments + ["--resume"], in: folder)
    #expect(run.code == 0 && run.output.contains(" of 22,800  "), "\(run.output)\(run.error)")
    #expect(run.output.contains("  \(share) "), "\(run.output)")
  }

  /// A finished seed keeps what was measured of its network.
  @Test func coefficientOfAFinishedSeedStays() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let arguments = Self.small + ["--steps", "6", "--out", "run"]
    let measures = ["--llc", "--llc-draws", "4", "--llc-burn-in", "2", "--llc-chains", "2"]
    let first = try Command.run(arguments + measures, in: folder)
    #expect(first.code == 0 && first.output.contains("λ̂ seed 0"), "\(first.output)\(first.error)")
    let before = try Self.files(folder.appendingPathComponent("run"))
    let resumed = try Command.run(arguments + ["--resume"], in: folder)
    #expect(resumed.code == 0 && resumed.output == first.output, "\(resumed.output)\(resumed.error)")
    #expect(try Self.files(folder.appendingPathComponent("run")) == before)
  }

  /// The recipe's rate and decay under each of the optimizers; two that differ leave other parameters.
  @Test func optimizersAreChosenByName() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    var networks: Set<Data> = []
    for (name, text) in [
      ("adamw", "AdamW, "), ("perpendicular", "perpendicular gradient, AdamW, "), ("muon", "Muon, "),
    ] {
      let run = try Command.run(
        [
          "learn", "mod-add", "--modulus", "7", "--steps", "3", "--until-test-accuracy", "none", "--optimizer", name,
          "--weight-decay", "0.5", "--out", name,
        ], in: folder)
      #expect(run.output.contains("method     \(text)rate 0.01"), "\(run.output)\(run.error)")
      #expect(run.output.contains("decay 0.5"))
      networks.insert(try Data(contentsOf: folder.appendingPathComponent("\(name)/seed-0/model.safetensors")))
    }
    #expect(networks.count == 3)
    let wrong = try Command.run(["learn", "mod-add", "--optimizer", "mun"], in: folder)
    #expect(wrong.code == 64 && wrong.error.contains("did you mean 'muon'?"), "\(wrong.error)")
  }

  @Test func folderOfOtherSettingsIsRefused() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let arguments = Self.small + ["--out", "run"]
    #expect(try Command.run(arguments + ["--steps", "4", "--seeds", "0..1"], in: folder).code == 0)
    let before = try Self.files(folder.appendingPathComponent("run"))
    for options in [["--steps", "5"], ["--steps", "5", "--resume"], ["--steps", "4", "--seed", "1"]] {
      // Of seeds that are there, and beside them.
      for seeds in ["0", "2"] {
        let run = try Command.run(arguments + options + ["--seeds", seeds], in: folder)
        #expect(run.code == 2 && run.output.isEmpty, "\(run.code) \(run.output)")
        #expect(run.error.hasPrefix("run/seed-0: a finished run of mod-add is here, of another task"), "\(run.error)")
      }
    }
    #expect(try Self.files(folder.appendingPathComponent("run")) == before)
    // The same settings are no other run.
    #expect(try Command.run(arguments + ["--steps", "4", "--seeds", "0,2"], in: folder).code == 0)
    try FileManager.default.removeItem(at: folder.appendingPathComponent("run/seed-1/result.json"))
    let unknown = try Command.run(arguments + ["--steps", "4"], in: folder)
    #expect(
      unknown.code == 2 && unknown.error.hasPrefix("run/seed-1: model.safetensors without the result.json of its run"))
  }

  @Test func analyticNetworkIsRightOnEveryPair() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try Command.run(["learn", "mod-add", "--modulus", "23", "--analytic", "--out", "exact"], in: folder)
    #expect(run.code == 0 && run.output.contains("all        529 of 529 right"), "\(run.error)")
    let again = try Command.run(
      ["learn", "--task", "mod-add", "--modulus", "23", "--evaluate", "exact/model.safetensors"], in: folder)
    #expect(again.code == 0 && again.output.contains("all        529 of 529 right"))
  }

  @Test func filesThatAreNoNetworksOfTheTaskAreRefused() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try Command.run(["learn", "mod-add", "--modulus", "5", "--analytic", "--out", "five"], in: folder)
    try Data([1, 2, 3]).write(to: folder.appendingPathComponent("bad.safetensors"))
    for (file, message) in [
      ("bad.safetensors", "bad.safetensors"), ("none.pt", "no such file"),
      ("five", "the network does not fit the task: it knows 5 tokens"),
    ] {
      let run = try Command.run(["learn", "mod-add", "--modulus", "7", "--evaluate", file], in: folder)
      #expect(run.code == 2 && run.output.isEmpty && run.error.contains(message), "\(file): \(run.error)")
    }
    // Six values and `=` are as many tokens as seven values, in sequences of another length.
    let transformer = ["--recipe", "transformer", "--steps", "1", "--until-test-accuracy", "none"]
    for arguments in [["--modulus", "6", "--out", "six"], ["--modulus", "7", "--omit-equals", "--out", "seven"]] {
      let run = try Command.run(["learn", "mod-add"] + arguments + transformer, in: folder)
      #expect(run.code == 0, "\(run.error)")
    }
    for command in [["learn", "mod-add", "--evaluate"], ["circuits"]] {
      let six = try Command.run(command + ["six/seed-0", "--modulus", "7"], in: folder)
      #expect(
        six.code == 2 && six.output.isEmpty
          && six.error.contains("six/seed-0: the network does not fit the task: it knows 7 tokens and reads up to 3"),
        "\(command): \(six.error)")
      let seven = try Command.run(command + ["seven/seed-0", "--modulus", "7"], in: folder)
      #expect(seven.code == 0, "\(command): \(seven.error)")
    }
    let other = try Command.run(["learn", "mod-sub", "--modulus", "7", "--analytic"], in: folder)
    #expect(other.code == 64 && other.error.contains("--analytic is for mod-add"))
  }

  @Test func wrongCommandLinesAreRefused() throws {
    for arguments in [
      ["learn"], ["learn", "mod-add", "--recipe", "fats"], ["learn", "mod-add", "--seeds", "3..1"],
      ["learn", "mod-add", "--seeds", "1,1"],
      ["learn", "mod-add", "--seeds", ""], ["learn", "mod-add", "--steps", "0"],
      ["learn", "mod-add", "--until-test-accuracy", "1.5"],
      ["learn", "mod-add", "--learning-rate", "0"], ["learn", "mod-add", "--threads", "0"],
      ["learn", "mod-add", "--suite", "power2022"],
      ["learn", "mod-add", "--config", "c.json"], ["learn", "mod-add", "--network", "cnn"],
      ["learn", "mod-add", "--task", "mod-sub"],
    ] {
      let run = try Command.run(arguments)
      #expect(run.code == 64 && run.output.isEmpty && !run.error.isEmpty, "\(arguments): \(run.code) \(run.error)")
    }
    let unknown = try Command.run(["learn", "mod-ad"])
    #expect(unknown.code == 2 && unknown.error.contains("did you mean 'mod-add'?"))
  }

  /// The rows of a suite that are done are kept; the line that is printed goes on behind them.
  @Test func theSuiteGoesOn() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let arguments = ["learn", "--suite", "power2022", "--modulus", "5", "--train-fraction", "1/2", "--steps", "4"]
    func untimed(_ text: String) -> String { text.replacing(/[0-9]+\.[0-9] \|\n/, with: "|\n") }
    let clock = ContinuousClock()
    let start = clock.now
    let straight = try Command.run(arguments, in: folder)
    let half = (clock.now - start) / 2 / .seconds(1)
    #expect(straight.code == 0 && straight.output.split(separator: "\n").count == 19, "\(straight.error)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty, "the checkpoint is spent")
    let first = try Command.interrupted(arguments, in: folder, after: half)
    #expect(first.code == 128 + Command.interruption && first.output.isEmpty)
    #expect(first.error.contains(" of 17 runs were done; to go on:\n") && !first.error.contains(": 0 of 17"))
    let words = Command.words(
      try #require(first.error.split(separator: "\n").last).trimmingCharacters(in: .whitespaces))
    #expect(words.dropFirst() == (arguments + ["--resume"])[...])
    let anew = try Command.run(arguments, in: folder)
    #expect(anew.code == 2 && anew.error.contains("--resume goes on behind them"), "\(anew.error)")
    let other = try Command.run(arguments + ["--seed", "1", "--resume"], in: folder)
    #expect(other.code == 2 && other.error.contains("no checkpoint of this suite"), "\(other.error)")
    let resumed = try Command.run(Array(words.dropFirst()), in: folder)
    #expect(resumed.code == 0 && untimed(resumed.output) == untimed(straight.output), "\(resumed.error)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  /// Options of training beside a network at hand, and of one task beside a suite.
  @Test(arguments: [
    (["mod-add", "--analytic"], ["--seeds", "0..3"]), (["mod-add", "--analytic"], ["--recipe", "delayed"]),
    (["mod-add", "--analytic"], ["--resume"]), (["mod-add", "--evaluate", "x.pt"], ["--out", "folder"]),
    (["mod-add", "--evaluate", "x.pt"], ["--steps", "5"]), (["mod-add", "--evaluate", "x.pt"], ["--threads", "2"]),
    (["--suite", "power2022"], ["--out", "folder"]), (["--suite", "power2022"], ["--snapshot-every", "5"]),
  ]) func optionsThatSayNothingAreRefused(_ arguments: [String], _ option: [String]) throws {
    let run = try Command.run(["learn"] + arguments + option)
    let kind = arguments.first { $0.hasPrefix("--") }!
    #expect(run.code == 64 && run.output.isEmpty, "\(run.code) \(run.error)")
    #expect(run.error.contains("\(kind) does not take \(option[0])"), "\(run.error)")
  }

  /// A target that is not reached is not a failure of the run, but is told by the code.
  @Test func threeWhenTheTargetIsNotReached() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try Command.run(Array(Self.small[..<6]) + ["--steps", "3"], in: folder)
    #expect(run.code == 3 && run.output.contains("step limit"))
  }

  /// The task of a file may have any name, also one that reads as a path.
  @Test func defaultFolderIsInTheCurrentOne() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let task = try Command.run(["tasks", "mod-add", "--modulus", "7"]).output
    try task.replacingOccurrences(of: #""name":"mod-add""#, with: #""name":"../../x""#).write(
      to: folder.appendingPathComponent("t.jsonl"), atomically: true, encoding: .utf8)
    let run = try Command.run(["learn", "t.jsonl", "--train-fraction", "1/2", "--steps", "2"], in: folder)
    #expect(run.code == 3, "\(run.error)")
    #expect(FileManager.default.fileExists(atPath: "\(folder.path)/learn-..-..-x-fast/results.jsonl"))
  }

  @Test func claimsAreListedAndFigureIsCompared() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let list = try Command.run(["reproduce", "--list"])
    #expect(list.code == 0 && list.output.contains("Gromov 2023") && list.output.contains("Power et al. 2022"))
    let claim = { (bound: String) in
      """
      {"title": "t", "claims": [{"text": "pairs", "command": ["learn", "mod-add", "--modulus", "7", "--analytic"],
        "figure": "all.correct/all.count", "reduce": "least", \(bound)}]}
      """
    }
    for (name, bound, code) in [("met", "\"atLeast\": 1", Int32(0)), ("missed", "\"atMost\": 0.5", 3)] {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
      try claim(bound).write(
        to: folder.appendingPathComponent("\(name)/claims.json"), atomically: true, encoding: .utf8)
      let run = try Command.run(["reproduce", "./\(name)"], in: folder)
      #expect(run.code == code && run.output.contains("found 1"), "\(run.output)\(run.error)")
    }
    let unknown = try Command.run(["reproduce", "power-2022-groking"])
    #expect(unknown.code == 2 && unknown.error.contains("did you mean 'power-2022-grokking'?"), "\(unknown.error)")
  }
}
