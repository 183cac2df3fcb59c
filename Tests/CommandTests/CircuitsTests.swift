import Documents
import Foundation
import TestSupport
import Testing

/// `levin circuits` and `levin agree` as a whole.
@Suite struct CircuitsCommandTests {
  @Test func formulaIsReadDrawnAndCompared() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let read = try Command.run(["circuits", "analytic", "--modulus", "13", "--out", "figures", "--json"], in: folder)
    #expect(read.code == 0, "\(read.error)")
    let record = try JSONValue(parsing: read.output)
    #expect(record["accuracy"]?.double == 1)
    #expect((record["logits"]?["explainedByKey"]?.double ?? 0) > 0.95)
    let files = Set(try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("figures").path))
    for name in ["spectrum", "logit-fit", "embedding-circles"] {
      #expect(files.contains("\(name).svg") && files.contains("\(name).csv"))
    }
    #expect(files.contains("units.csv"))
    let agree = try Command.run(
      ["agree", "(ff.add a b)", "analytic", "--modulus", "13", "--pairs", "500", "--json"], in: folder)
    #expect(agree.code == 0, "\(agree.error)")
    let agreement = try JSONValue(parsing: agree.output)
    #expect((agreement["overall"]?.double ?? 0) > 0.99)
    #expect(agreement["variables"]?.array?.first?["nulls"]?.array?.count == 6)
    #expect(agreement["task"]?["modulus"]?.int64 == 13 && agreement["task"]?["sha256"]?.string?.count == 64)
    #expect(agreement["settings"]?["pairs"]?.int64 == 500 && agreement["networkSHA256"] == .null)
  }

  /// a + b without a value for some pairs is no rival, though six pairs of seven residues leave it open.
  @Test func rivalsOfTheSearchDifferWhereBothHaveValues() throws {
    let run = try Command.run([
      "agree", "(ff.add a b)", "analytic", "--modulus", "7", "--pairs", "500", "--search-decoys", "4", "--train-count",
      "6", "--json",
    ])
    #expect(run.code == 0, "\(run.error)")
    let record = try JSONValue(parsing: run.output)
    #expect(record["overall"]?.double == 1)
    let nulls = record["variables"]?.array?.first?["nulls"]?.array ?? []
    #expect(nulls.count == 10 && nulls.allSatisfy { ($0["iia"]?["share"]?.double ?? 1) < 1 }, "\(run.output)")
  }

  /// The search fits what the network was trained on, as its run says.
  @Test func rivalsOfTheSearchFitTheExamplesOfTheRun() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    for (fraction, name) in [("4/5", "most"), ("1/2", "half")] {
      let run = try Command.run(
        [
          "learn", "mod-add", "--modulus", "7", "--train-fraction", fraction, "--steps", "2", "--until-test-accuracy",
          "none", "--out", name,
        ], in: folder)
      #expect(run.code == 0, "\(run.error)")
    }
    func agree(_ networks: [String], _ flags: [String] = []) throws -> Command.Outcome {
      try Command.run(
        ["agree", "(ff.add a b)"] + networks + ["--modulus", "7", "--search-decoys", "1", "--pairs", "50"] + flags,
        in: folder)
    }
    #expect(try agree(["most/seed-0"]).output.contains("other functions found that fit 39 examples"))
    // Few examples leave many rivals.
    let few = try agree(["most/seed-0", "half/seed-0"], ["--train-count", "6"])
    #expect(few.output.contains("1 of 1 other functions found that fit 6 examples"), "\(few.output)\(few.error)")
    let both = try agree(["most/seed-0", "half/seed-0"])
    #expect(both.code == 2 && both.error.contains("the run learnt from 1/2, seed 0: 24 examples, and that of most/"))
  }

  /// Exchanges between networks are of the answer: without it there is none, and rows of several variables name them.
  @Test func tablesOfChosenVariablesAreWritten() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    func agree(_ flags: [String]) throws -> Command.Outcome {
      try Command.run(
        ["agree", "(ff.add (ff.sub a b) (ff.add b b))", "analytic", "analytic", "--modulus", "5", "--pairs", "50"]
          + flags, in: folder)
    }
    func files(_ name: String) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(name).path).sorted()
    }
    let one = try agree(["--variable", "(ff.sub a b)", "--out", "one"])
    #expect(one.code == 0 && !one.output.contains("  variable  "), "\(one.error)")
    #expect(try files("one") == ["agreement.jsonl", "sizes.csv", "sizes.svg", "subspaces"])
    let refused = try agree(["--alignment", "multiplicative", "--site", "mlp.hook_pre"])
    #expect(refused.code == 2 && refused.error.hasPrefix("analytic: what follows 'mlp.hook_pre'"), "\(refused.error)")
    let all = try agree(["--out", "all"])
    #expect(all.code == 0 && all.output.contains("  variable  ") && all.output.contains("(ff.add b b)"), "\(all.error)")
    #expect(try files("all").contains("answers-alike.csv"))
  }

  @Test func ablationsAreOfWhatIsAskedFor() throws {
    func run(_ options: [String]) throws -> Command.Outcome {
      try Command.run(["circuits", "analytic", "--modulus", "7"] + options)
    }
    let site = ["--ablate", "--ablate-site", "mlp.hook_post"]
    let record = try JSONValue(parsing: run(site + ["--ablate-frequency", "2", "--json"]).output)
    let parts = record["ablations"]?.array?.map { $0["part"]?.string }
    #expect(parts == ["all", "all", "all", "frequency 2", "frequency 2", "frequency 2"])
    #expect(record["untouched"]?["right"]?["successes"]?.int64 == 49 && record["task"]?["modulus"]?.int64 == 7)
    for (options, code, message) in [
      (site + ["--ablate-frequency", "9"], 2, "'9' is no frequency of the answers; they have 1, 2, 3"),
      (["--ablate", "--ablate-site", "mlp.hook_post@1"], 2, "'mlp.hook_post' has positions 0 … 0, not 1"),
      (["--ablate", "--ablate-site", "hook_pots"], 2, "no activation 'hook_pots' in this network"),
      (
        ["--ablate", "--ablate-site", "mlp.hook_pre", "--ablate-frequency", "1"], 2,
        "what follows 'mlp.hook_pre' is not linear"
      ), (["--ablate-site", "mlp.hook_post"], 64, "go with --ablate"),
    ] as [([String], Int32, String)] {
      let outcome = try run(options)
      #expect(outcome.code == code && outcome.error.contains(message), "\(options): \(outcome.code) \(outcome.error)")
    }
  }

  /// Two networks of one folder name; and one whose tokens are of another modulus.
  @Test func networksAreToldApartAndFitTheTask() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["one", "two"] {
      _ = try Command.run(["learn", "mod-add", "--modulus", "7", "--analytic", "--out", "\(name)/net"], in: folder)
    }
    let run = try Command.run(
      ["agree", "(ff.add a b)", "one/net", "two/net", "--modulus", "7", "--pairs", "100", "--json"], in: folder)
    #expect(run.code == 0, "\(run.error)")
    let records = try run.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    #expect(records.map { $0["name"]?.string } == ["one/net", "two/net"])
    #expect(records.allSatisfy { $0["networkSHA256"]?.string?.count == 64 })
    let other = try Command.run(["learn", "mod-add", "--modulus", "5", "--evaluate", "one/net"], in: folder)
    #expect(
      other.code == 2 && other.error.contains("it knows 7 tokens, the task has 5"), "\(other.output)\(other.error)")
  }

  /// Modulo 9 there is no field to compare with.
  @Test func extractionModuloACompositeHasNoFieldRow() throws {
    let run = try Command.run(["circuits", "analytic", "--modulus", "9", "--extract", "--key-share", "1", "--json"])
    #expect(run.code == 0, "\(run.error)")
    let record = try JSONValue(parsing: run.output)
    #expect(record["rows"]?.array?.map { $0["name"]?.string } == ["extracted (trigonometry.sl)", "lookup table"])
    #expect(record["interchanged"]?["reason"]?.string?.contains("need a prime modulus, and 9 is none") == true)
  }

  @Test func rotationAsWideAsTheActivationIsRefused() throws {
    let run = try Command.run([
      "agree", "(ff.add a b)", "analytic", "--modulus", "7", "--alignment", "rotation", "--max-dimensions", "27",
    ])
    #expect(run.code == 2 && run.error.contains("has more than 27 dimensions"), "\(run.error)")
  }

  /// Four pairs leave other short functions open.
  @Test func searchNamesRivals() throws {
    let few = try Command.run(Self.rivals + ["--train-count", "4", "--json"])
    #expect(few.code == 0, "\(few.error)")
    let nulls = try JSONValue(parsing: few.output)["variables"]?.array?.first?["nulls"]?.array ?? []
    #expect(nulls.count { $0["name"]?.string?.hasPrefix("search ") == true } == 2, "\(few.output)")
    let alone = try Command.run(["agree", "(ff.add a b)", "analytic", "--modulus", "11", "--train-count", "4"])
    #expect(alone.code == 64 && alone.error.contains("go with --search-decoys"))
  }

  /// More pairs than other short functions can fit leave none.
  @Test(.enabled(if: isLongRun, "LEVIN_LONG=1")) func searchSaysThatThereIsNoRival() throws {
    let many = try Command.run(Self.rivals + ["--train-count", "100"])
    #expect(
      many.output.contains("search     0 of 2 other functions found that fit 100 examples; all programs of up to"))
  }

  private static let rivals = [
    "agree", "(ff.add a b)", "analytic", "--modulus", "11", "--pairs", "500", "--search-decoys", "2",
  ]

  @Test func partsAreAblatedMeasuredAndExtracted() throws {
    func record(_ option: String) throws -> JSONValue {
      let share = option == "--clock-pizza" ? [] : ["--key-share", "1"]
      let run = try Command.run(["circuits", "analytic", "--modulus", "13", option, "--json"] + share)
      #expect(run.code == 0, "\(run.error)")
      return try JSONValue(parsing: run.output)
    }
    // Three sites as a whole and six frequencies at the last, three kinds each.
    #expect(try record("--ablate")["ablations"]?.array?.count == (3 + 6) * 3)
    #expect(try record("--clock-pizza")["gradientSymmetricity"]?.double == 1)
    let extraction = try record("--extract")
    #expect(extraction["form"]?.string == "clock")
    let rows = extraction["rows"]?.array
    #expect(rows?.count == 3 && rows?[0]["prior"]?.string == "1/128")
    #expect(rows?[1]["alike"]?["share"]?.double == 1 && (rows?[1]["explained"]?.double ?? 0) > 0.99)
  }

  @Test func sameSeedGivesTheSameBytes() throws {
    func record(_ threads: String) throws -> JSONValue {
      let run = try Command.run(
        [
          "agree", "(ff.add a b)", "analytic", "analytic", "--modulus", "11", "--pairs", "300", "--threads", threads,
          "--json",
        ])
      #expect(run.code == 0, "\(run.error)")
      return .array(try SearchOutputTests.untimed(run.output))
    }
    #expect(try record("1") == record("2"))
  }

  /// Trained without decay until all training pairs are right, a network remembers them and does not add: it stops there.
  @Test func networkThatOnlyRemembersStopsAtItsBehaviour() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let learned = try Command.run(
      [
        "learn", "mod-add", "--modulus", "31", "--train-fraction", "0.3", "--recipe", "delayed", "--weight-decay", "0",
        "--steps", "150", "--until-test-accuracy", "none", "--out", "memory", "--json",
      ], in: folder)
    #expect(learned.code == 0, "\(learned.error)")
    let last = try JSONValue(parsing: learned.output)["last"]
    #expect(last?["trainCorrect"]?.int64 == last?["trainCount"]?.int64)
    let agree = try Command.run(["agree", "(ff.add a b)", "memory/seed-0", "--modulus", "31"], in: folder)
    #expect(agree.code == 1)
    #expect(agree.output.contains("nothing else is measured"), "\(agree.output)")
  }

  @Test func snapshotsAlongARunHaveProgressMeasures() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let learned = try Command.run(
      [
        "learn", "mod-add", "--modulus", "7", "--train-fraction", "0.6", "--steps", "20", "--snapshot-every", "8",
        "--until-test-accuracy", "none", "--out", "run",
      ], in: folder)
    #expect(learned.code == 0, "\(learned.error)")
    let names = try FileManager.default.contentsOfDirectory(
      atPath: folder.appendingPathComponent("run/seed-0/snapshots").path)
    #expect(names.sorted() == ["00", "08", "16", "20"])
    let progress = try Command.run(
      ["circuits", "run/seed-0", "--modulus", "7", "--progress", "--train-fraction", "0.6", "--json"], in: folder)
    #expect(progress.code == 0, "\(progress.error)")
    #expect(try JSONValue(parsing: progress.output)["rows"]?.array?.map { $0["step"]?.int64 } == [0, 8, 16, 20])
    let none = try Command.run(["circuits", "run", "--modulus", "7", "--progress"], in: folder)
    #expect(none.code == 2 && none.error.contains("--snapshot-every"))
  }

  /// The run's own file says its split; flags that say another one are refused. Snapshots are in order of their steps.
  @Test func progressIsMeasuredOnTheSplitOfTheRun() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let learned = try Command.run(
      [
        "learn", "mod-add", "--modulus", "7", "--train-fraction", "3/5", "--seed", "2", "--shuffle", "cpython",
        "--steps", "20", "--snapshot-every", "10", "--until-test-accuracy", "none", "--out", "run",
      ], in: folder)
    #expect(learned.code == 0, "\(learned.error)")
    let run = folder.appendingPathComponent("run/seed-0")
    func progress(_ options: [String]) throws -> Command.Outcome {
      try Command.run(["circuits", "run/seed-0", "--modulus", "7", "--progress"] + options, in: folder)
    }
    let text = try progress([])
    #expect(text.code == 0, "\(text.error)")
    #expect(text.output.contains("\nsplit      3/5, seed 2, shuffle cpython: 29 training pairs\n"), "\(text.output)")
    let record = try JSONValue(parsing: progress(["--train-count", "29", "--json"]).output)
    let settings = record["settings"]
    #expect(settings?["splitSeed"]?.int64 == 2 && settings?["shuffle"]?.string == "cpython")
    #expect(settings?["trainingExamples"]?.int64 == 29)
    for flags in [["--train-fraction", "3/10"], ["--split-seed", "0"], ["--shuffle", "seeded"]] {
      let refused = try progress(flags)
      #expect(refused.code == 2 && refused.output.isEmpty, "\(flags): \(refused.code)")
      #expect(
        refused.error.contains("the run learnt from 3/5, seed 2, shuffle cpython: 29 examples, and the flags say"),
        "\(refused.error)")
    }
    try FileManager.default.removeItem(at: run.appendingPathComponent("result.json"))
    #expect(try progress([]).output.contains("\nsplit      3/10, seed 0: 14 training pairs\n"))
    // Text has 20 before 5.
    try FileManager.default.moveItem(
      at: run.appendingPathComponent("snapshots/10"), to: run.appendingPathComponent("snapshots/5"))
    let rows = try JSONValue(parsing: progress(["--json"]).output)["rows"]?.array
    #expect(rows?.map { $0["step"]?.int64 } == [0, 5, 20])
  }

  /// The network by formula adds: it is right where a - b is a + b, and a product is read in another way.
  @Test func frequenciesAreReadOfTheAnswersOfTheTask() throws {
    func run(_ task: String, _ options: [String] = []) throws -> Command.Outcome {
      try Command.run(["circuits", "analytic", "--task", task, "--modulus", "7"] + options)
    }
    let text = try run("mod-sub")
    #expect(text.code == 0 && text.output.contains("; 14.29 % answered with a - b\n"), "\(text.output)\(text.error)")
    #expect(text.output.contains("\nlogits     cos 2πk(a - b - c)/p of these"))
    #expect(try JSONValue(parsing: run("mod-sub", ["--json"]).output)["accuracy"]?.double == 1 / 7.0)
    #expect(try run("mod-add").output.contains("; 100.00 % answered with a + b\n"))
    let product = try run("mod-mul")
    #expect(product.code == 2 && product.output.isEmpty)
    #expect(product.error.contains("the answers of 'mod-mul' are neither a + b nor a - b modulo 7: --multiplicative"))
  }

  /// A task that the network by formula answers in all of 20,164 pairs but one.
  @Test func allButOneIsNotAll() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let p = 142
    let rows = (0..<p * p).map { pair -> String in
      let (a, b) = (pair / p, pair % p)
      return "\(a),\(b),\(pair == 0 ? 1 : (a + b) % p)"
    }
    let file = folder.appendingPathComponent("task.csv")
    try (["a:Int,b:Int,=:Int"] + rows).joined(separator: "\n").appending("\n")
      .write(to: file, atomically: true, encoding: .utf8)
    let run = try Command.run(
      [
        "circuits", "analytic", "--task", "task.csv", "--modulus", "142", "--ablate", "--ablate-site", "mlp.hook_post",
        "--ablate-frequency", "1",
      ], in: folder)
    #expect(run.code == 0 && run.output.contains(", 99.99 % right\n"), "\(run.output)\(run.error)")
  }

  /// Options of which one would say nothing beside the other.
  @Test(arguments: [
    (["--ablate", "--extract"], "--ablate and --extract exclude each other"),
    (["--progress", "--clock-pizza"], "--progress and --clock-pizza exclude each other"),
    (["--multiplicative", "--ablate"], "--multiplicative and --ablate exclude each other"),
    (["--extract", "--out", "x"], "--extract does not take --out"),
    (["--clock-pizza", "--key-share", "0.95"], "--clock-pizza does not take --key-share"),
    (["--progress", "--site", "mlp.hook_post"], "--progress does not take --site"),
    (["--split-seed", "0"], "go with --progress"), (["--config", "c.json"], "are for networks in files"),
  ]) func optionsThatExcludeEachOtherAreRefused(_ options: [String], _ message: String) throws {
    let run = try Command.run(["circuits", "analytic", "--modulus", "7"] + options)
    #expect(run.code == 64 && run.output.isEmpty && run.error.contains(message), "\(run.code) \(run.error)")
  }

  @Test func optionsOfFilesAreRefusedWithoutFiles() throws {
    let run = try Command.run(["agree", "(ff.add a b)", "analytic", "analytic", "--modulus", "7", "--entry", "model"])
    #expect(run.code == 64 && run.error.contains("--config and --entry are for networks in files"), "\(run.error)")
  }

  @Test func dimensionsOfNeuronsAreRefused() throws {
    let run = try Command.run([
      "agree", "(ff.add a b)", "analytic", "--modulus", "7", "--alignment", "neurons", "--max-dimensions", "4",
    ])
    #expect(run.code == 64 && run.error.contains("--max-dimensions says nothing with --alignment neurons"))
  }

  @Test func rotationStepsAreOfRotations() throws {
    let analytic = ["agree", "(ff.add a b)", "analytic", "--modulus", "7", "--rotation-steps", "5", "--json"]
    let refused = try Command.run(analytic)
    #expect(refused.code == 64 && refused.error.contains("--rotation-steps says nothing with --alignment fourier"))
    let site = ["--site", "mlp.hook_post", "--max-dimensions", "6"]
    let run = try Command.run(analytic + ["--alignment", "rotation"] + site)
    #expect(run.code == 0, "\(run.error)")
    #expect(try JSONValue(parsing: run.output)["settings"]?["rotationSteps"]?.int64 == 5)
  }

  /// A constant is named and left out; few inputs have fewer interchanges than are asked for.
  @Test func constantsAndChosenVariables() throws {
    let text = "(ff.add (ff.add a b) (ff.sub b b))"
    let run = try Command.run(["agree", text, "analytic", "--modulus", "7"])
    #expect(run.code == 0 && run.output.contains("constant   (ff.sub b b): no variable to look for"), "\(run.error)")
    #expect(run.output.contains("at most 20,000 interchanges a variable"))
    let chosen = try Command.run(["agree", text, "analytic", "--modulus", "7", "--variable", "(ff.add a b)", "--json"])
    let record = try JSONValue(parsing: Array(chosen.output.utf8), file: "agree")
    #expect(record["variables"]?.array?.count == 1 && record["constants"]?.array?.count == 1)
    #expect(record["variables"]?.array?.first?["verdict"]?.string == "like the answer")
  }

  @Test func measuresThatAreNotDefinedAreNoNumbers() throws {
    let run = try Command.run(["circuits", "analytic", "--modulus", "4", "--clock-pizza"])
    #expect(run.output.contains("distance irrelevance   not defined: the logit of a + b does not vary but by rounding"))
    let json = try Command.run(["circuits", "analytic", "--modulus", "4", "--clock-pizza", "--json"])
    #expect(json.output.contains("\"distanceIrrelevance\":null"))
  }

  @Test func faultsSayWhatIsWrong() throws {
    func message(_ arguments: [String]) throws -> String {
      let run = try Command.run(arguments)
      #expect(run.code == 2, "\(arguments): \(run.code) \(run.error)")
      return run.error
    }
    #expect(
      try message(["agree", "(ff.add a b)", "analytic", "--modulus", "7", "--site", "mlp.hook_pots"])
        .contains("no activation 'mlp.hook_pots' in this network; it has hook_embed, mlp.hook_pre"))
    #expect(try message(["agree", "a", "analytic", "--modulus", "7"]).contains("no variable to look for"))
    #expect(
      try message(["agree", "(ff.add a b)", "analytic", "--modulus", "7", "--decoy", "(ff.add b a)"])
        .contains("'decoy b + a' answers as the program does wherever both have a value"))
    #expect(
      try message(["agree", "(ite (even a) (ff.add a b) (ff.add b a))", "analytic", "--modulus", "7"])
        .contains("setting '(even a)' to its value on another input never changes the program's answer"))
    #expect(
      try message(["agree", "(ff.div a (ff.sub b b))", "analytic", "--modulus", "7"]).contains("has no value on any of")
    )
    #expect(
      try message(["agree", "(ff.add a b)", "analytic", "--modulus", "7", "--variable", "(ff.add b a)"])
        .contains("has no variable '(ff.add b a)'; it has (ff.add a b)"))
    #expect(try message(["circuits", "no-such-network", "--modulus", "7"]).contains("no-such-network"))
    #expect(try Command.run(["circuits", "analytic", "--task", "s5-compose"]).code == 64)
  }

  /// The states of a program on sequences are looked for in networks that a comparison trained.
  @Test func statesOfStreamsAreLookedForInNetworksOfAComparison() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let lines = try Command.run(["tasks", "stream-count-mod-3", "--count", "40", "--length", "8"], in: folder)
    try lines.output.write(to: folder.appendingPathComponent("ones.jsonl"), atomically: true, encoding: .utf8)
    let trained = try Command.run(
      ["compare", "ones.jsonl", "--methods", "gru,lstm", "--no-codes", "--steps", "2", "--out", "run"], in: folder)
    #expect(trained.code == 0, "\(trained.error)")
    let networks = try FileManager.default.contentsOfDirectory(
      atPath: folder.appendingPathComponent("run/networks").path
    ).sorted().map { "run/networks/\($0)" }
    #expect(networks.count == 2)
    let counter = "(cons (mod (sum xs) 3) nil)"
    func agree(_ program: String, _ flags: [String]) throws -> Command.Outcome {
      try Command.run(
        ["agree", program] + networks + ["--pairs", "60", "--rotation-steps", "2", "--max-dimensions", "3"] + flags,
        in: folder)
    }
    // Two updates teach nothing.
    let stopped = try agree(counter, ["--task", "ones.jsonl", "--length", "6"])
    #expect(stopped.code == 1 && stopped.output.contains("2 of 2 networks do not answer as the program does"))
    for task in ["ones.jsonl", "stream-count-mod-3"] {
      let found = try agree(
        counter,
        [
          "--task", task, "--length", "6", "--after", "2", "--ignore-behaviour", "--sequences", "30", "--json", "--out",
          "o",
        ]
      )
      #expect(found.code == 0, "\(found.error)")
      let records = try found.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
      #expect(records.count == 2)
      for record in records {
        #expect(record["task"]?["name"]?.string == "stream-count-mod-3" && record["task"]?["after"]?.int64 == 2)
        #expect((record["task"]?["sequences"]?.int64 ?? 0) <= 30)
        let state = record["variables"]?.array?.first
        #expect(record["variables"]?.array?.count == 1 && state?["variable"]?.string == "(sum xs) after 2")
        #expect(state?["site"]?.string?.hasSuffix("@1") == true && state?["elsewhere"]?.array?.count == 5)
        #expect(state?["nulls"]?.array?.count == 2 && state?["principalComponents"]?["count"]?.int64 == 60)
      }
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("o").path).contains(
          "elsewhere.csv"))
    }
    func refusal(_ program: String, _ flags: [String]) throws -> String {
      let run = try agree(program, flags)
      #expect([2, 64].contains(run.code), "\(run.output)")
      return run.error
    }
    #expect(try refusal(counter, ["--task", "ones.jsonl", "--length", "9"]).contains("--length chooses"))
    #expect(
      try refusal(counter, ["--task", "ones.jsonl", "--length", "6", "--after", "6"]).contains(
        "a state after 6 of 6 symbols; expected one before the last"))
    #expect(
      try refusal(counter, ["--task", "stream-sum-mod-9"]).contains("it knows 4 tokens, the inputs have 11"))
    #expect(
      try refusal(counter, ["--task", "odds-first", "--grammar", "lists"]).contains(
        "answers of 12 symbols; a network's answer here is one symbol"))
    #expect(
      try refusal(counter, ["--task", "ones.jsonl", "--length", "6", "--search-decoys", "1"]).contains(
        "--search-decoys is for functions of single inputs"))
    #expect(
      try refusal(counter, ["--task", "ones.jsonl", "--length", "6", "--modulus", "3"]).contains("modulus"))
    #expect(try refusal(counter, ["--task", "A000045"]).contains("is an integer sequence"))
    let last = "(cons (last xs) nil)"
    #expect(
      try refusal(
        last, ["--task", "ones.jsonl", "--length", "6", "--ignore-behaviour", "--variable", "(sum xs) after 3"]
      ).contains(
        "has no variable '(sum xs) after 3'"))
    let window = """
      (cons (transduce2 (pair 0 0) (lambda ((s Int) (t Int) (x Int)) (pair t x)) \
      (lambda ((s Int) (t Int) (x Int)) (* s t))) nil)
      """
    #expect(
      try refusal(
        window, ["--task", "ones.jsonl", "--length", "6", "--grammar", "transducers", "--ignore-behaviour"]
      ).contains("the answers are those after 6 symbols: an --after nearer to them may change them"))
    let single = try Command.run(["agree", "(ff.add a b)", "analytic", "--modulus", "5", "--length", "6"], in: folder)
    #expect(single.code == 64 && single.error.contains("--length is for tasks on sequences of symbols"))
    #expect(
      try refusal(counter, ["--task", "ones.jsonl", "--length", "257"]).contains("--length 257 is outside 2 … 256"))
    let classes = try Command.run(
      ["agree", counter] + networks + ["--task", "ones.jsonl", "--length", "6", "--alignment", "fourier"], in: folder)
    #expect(classes.code == 64 && classes.error.contains("on sequences it is rotation or neurons"))
    let formula = try Command.run(["agree", counter, "analytic", "--task", "stream-count-mod-3"], in: folder)
    #expect(formula.code == 64 && formula.error.contains("it reads no sequences"))
  }
}
