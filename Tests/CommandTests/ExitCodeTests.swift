import Foundation
import TestSupport
import Testing

/// Codes and streams: results on stdout, everything else on stderr.
@Suite struct ExitCodeTests {
  @Test func zeroWhenFound() throws {
    let run = try Command.run(["search", "mod-add", "--extra-work", "0"])
    #expect(run.code == 0)
    #expect(run.output.contains("program    (define-fun f ((a Int) (b Int)) Int (ff.add a b))\n"))
    #expect(run.output.contains("unseen     8,939 of 8,939 right\n"))
    #expect(run.output.contains("prior      1/128, 7 bits\n"))
    #expect(run.output.contains("stop       found\n"))
    #expect(run.error.isEmpty)
  }

  @Test func oneWhenNothingIsFoundWithinTheLimits() throws {
    let limits: [([String], String)] = [
      (["--max-bits", "8"], "stop       bit limit, nothing found\n"),
      (["--max-programs", "200"], "stop       program limit, nothing found\n"),
      (["--max-steps", "500"], "stop       step limit, nothing found\n"),
      (["--time-limit", "0.001"], "stop       time limit, nothing found\n"),
    ]
    for (limit, stop) in limits {
      let run = try Command.run(["search", "mod-quadratic", "--modulus", "31"] + limit)
      #expect(run.code == 1, "\(limit)")
      #expect(run.output.contains(stop), "\(run.output)")
    }
  }

  @Test func threeWhenIncomplete() throws {
    let run = try Command.run(["search", "mod-add", "--modulus", "7", "--top", "3", "--max-programs", "300"])
    #expect(run.code == 3)
    #expect(run.output.contains("program limit, best result kept"))
    // So is work that was not asked for.
    let few = try Command.run(["search", "mod-add", "--modulus", "7", "--top", "3", "--extra-work", "0"])
    #expect(few.code == 3 && few.output.contains("found 1 of 3 functions"), "\(few.output)")
  }

  @Test func zeroWhenAFiniteGrammarIsExhausted() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("t.sl")
    try "(synth-fun f ((a Int)) Int ((S Int (a (+ T T))) (T Int (a 1)))) (constraint (= (f 3) 4))".write(
      to: file, atomically: true, encoding: .utf8)
    let run = try Command.run(["search", "t.sl", "--top", "9"], in: folder)
    #expect(run.code == 0)
    #expect(run.output.contains("stop       exhausted"))
  }

  /// Files with faults: one or more messages on stderr, nothing on stdout, code 2.
  @Test(
    arguments: [
      ("bad.csv", "a:Int,=:Int\n1,x\n", "bad.csv:2:"), ("bad.jsonl", "{\n", "bad.jsonl:1:"),
      ("bad.ndjson", "", "bad.ndjson"),
      ("bad.sl", "(synth-fun f () Int ((S Int (Q))))", "bad.sl:1:30: unknown name 'Q'"),
      (
        "empty.sl", "(synth-fun f () Int ((S Int (1))))",
        "the file has no constraint: there is no example to learn from"
      ),
      ("nothing.sl", "", "the file has no synth-fun command"),
      (
        "clash.sl", "(synth-fun f ((a Int)) Int ((S Int (a))))\n(constraint (= (f 1) 1)) (constraint (= (f 1) 2))",
        "contradicts line 2"
      ),
      ("binary.sl", "\u{0}\u{1}(((", "bad word"), ("missing.sl", nil, "missing.sl"),
      ("missing.csv", nil, "missing.csv"),
    ] as [(String, String?, String)])
  func twoForAFileWithFaults(_ name: String, _ text: String?, _ message: String) throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try text?.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    let grammar = name.hasSuffix(".sl") ? [] : ["--grammar", "integers"]
    let run = try Command.run(["search", name] + grammar, in: folder)
    #expect(run.code == 2)
    #expect(run.output.isEmpty)
    #expect(run.error.contains(message) || message == "bad word" && run.error.contains("is not a word"), "\(run.error)")
  }

  @Test func twoForATaskOrGrammarThatIsNone() throws {
    for (arguments, message) in [
      (["search", "mod-ad"], "'mod-add'"), (["search", "mod-add", "--grammar", "feild"], "did you mean 'field'?"),
      (["search", "mod-add", "--modulus", "5000"], "5000"), (["search", "mod-div", "--modulus", "12"], "13"),
      (["search", "mod-add", "--grammar", "boolean"], "the grammar is for functions"), (["prior", "no.sl"], "no.sl"),
      (["prior", "field", "--program", "(ff.add a"], "never closed"),
      (["prior", "field", "--modulus", "12"], "not prime"),
      (["prior", "field", "--modulus=-9223372036854775808"], "modulus"),
      (["prior", "field", "--program", "7"], "does not derive"),
      (["search", "mod-add", "--resume", "none.json"], "none.json"),
      (["tasks", "even-pair"], "did you mean 'even-pairs'?"), (["tasks", "A000044"], "unknown task 'A000044'"),
      (["tasks", "even-pairs", "--modulus", "5"], "task 'even-pairs' has no modulus"),
      (["search", "even-pairs", "--grammar", "integers"], "the grammar is for functions"),
      (["search", "A000044"], "unknown task 'A000044'"),
      (["predict", "0", "1", "--method", "mixture", "--offset", "9223372036854775807"], "n leaves 64 bits"),
      (
        ["search", "mod-sub", "--modulus", "7", "--check", "(define-fun f ((b Int) (a Int)) Int (ff.sub a b))"],
        "the parameters of the grammar are (a Int) (b Int)"
      ), (["search", "mod-sub", "--check", "(define-fun f ((a Int) (b Int)) Bool (ff.sub a b))"], "of sort Bool"),
      (["search", "--suite", "chomsky", "--grammar", "lists,lits"], "did you mean 'lists'?"),
      (["learn", "A000045", "--steps", "2"], "a task on sequences"), (["learn", "stream-gcd"], "a task on sequences"),
    ] {
      let run = try Command.run(arguments)
      #expect(run.code == 2, "\(arguments): \(run.error)")
      #expect(run.output.isEmpty && run.error.contains(message), "\(arguments): \(run.error)")
    }
  }

  /// Where a grammar mixes Int and bit vectors, which no search takes, is said.
  @Test(arguments: [
    ("(ite (< I I) V V)", "(I Int (1 2))", "'V' is of (_ BitVec 8), 'I' is of Int"),
    ("(ite (< 1 2) V V)", "", "'V' is of (_ BitVec 8), a part of a production is of Int"),
    ("(g V)", "", "'V' is of (_ BitVec 8), the definition 'g' computes with Int"),
  ])
  func mixedSortsAreRefusedWithTheirPlace(_ production: String, _ rule: String, _ place: String) throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try """
    (set-logic ALL)
    (define-fun g ((x (_ BitVec 8))) (_ BitVec 8) (ite (< 1 2) x (bvnot x)))
    (synth-fun f ((x (_ BitVec 8))) (_ BitVec 8) ((V (_ BitVec 8)) \(rule.isEmpty ? "" : "(I Int)"))
      ((V (_ BitVec 8) (x \(production))) \(rule)))
    (constraint (= (f #x01) #x01))
    (check-synth)
    """.write(to: folder.appendingPathComponent("m.sl"), atomically: true, encoding: .utf8)
    let run = try Command.run(["search", "m.sl"], in: folder)
    #expect(run.code == 2 && run.error.contains("not searched (Int values may be missing): \(place)"), "\(run.error)")
  }

  /// A definition on integers that computes with bit vectors on its way.
  @Test func vectorsInsideOfDefinitionsOnIntegersAreRefused() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try """
    (define-fun m ((x Int)) Bool (= (ite (< (div 1 x) 1) #b1 #b0) #b0))
    (synth-fun f ((x Int)) Bool ((S Bool) (I Int)) ((S Bool ((m I))) (I Int (x))))
    (constraint (= (f 0) true))
    """.write(to: folder.appendingPathComponent("m.sl"), atomically: true, encoding: .utf8)
    for flags in [[], ["--order", "levin"]] {
      let run = try Command.run(["search", "m.sl"] + flags, in: folder)
      #expect(
        run.code == 2 && run.error.contains("the definition 'm' computes with (_ BitVec 1), 'I' is of Int"),
        "\(run.error)")
    }
  }

  @Test func sixtyFourForACommandLineThatIsWrong() throws {
    for arguments in [
      ["search", "--suite", "power2022", "--test-count", "5"], ["search", "--suite", "sequences", "--test-count", "5"],
      ["search", "--suite", "power2022", "--step-limit", "4"], ["search", "mod-add", "--step-limit", "4"],
      ["search"], ["search", "mod-add", "--top", "0"], ["search", "mod-add", "--max-bits", "-1"],
      ["search", "mod-add", "--nonsense"], ["search", "mod-add", "--grammar", "field,integers"],
      ["search", "--suite", "power2022", "--grammar", "field"],
      ["search", "--suite", "chomsky", "--grammar", "lists,"],
      ["search", "--suite", "chomsky", "--grammar", "lists,lists"],
      ["search", "A000045", "--order", "levin", "--no-mass"],
      ["search", "A000045", "--order", "levin", "--memory-limit", "1G"],
      ["search", "mod-add", "--check", "(ff.add a b)", "--time-limit", "1"], ["compare", "mod-add", "--out", ""],
      ["search", "mod-add", "--check", "(ff.add a b)", "--top", "5"],
      ["search", "mod-add", "--check", "(ff.add a b)", "--step-limit", "1"],
      ["search", "mod-add", "--check", "(ff.add a b)", "--checkpoint", "x"],
      ["search", "mod-add", "--audit", "--no-mass"], ["search", "--suite", "levin-orders", "--audit"],
      ["predict", "1", "--method", "mixture", "--alphabet", "0,1,01"],
      ["search", "--suite", "chomsky", "--grammar", "lists,nested", "--order", "levin"],
      ["search", "mod-add", "--memory-limit", "1M"], ["search", "mod-add", "--time-limit", "0"],
      ["search", "mod-add", "--train-fraction", "3/0"],
      ["search", "mod-add", "--train-fraction", "1/2", "--train-count", "3"],
      ["search", "mod-add", "--suite", "power2022"],
      ["search", "--suite", "power2023"], ["search", "mod-add", "--threads", "0"], ["prior"],
      ["prior", "field", "--count", "2001"],
      ["prior", "field", "--unrank", "-1"], ["prior", "field", "--unrank", "x"], ["nonsense"],
      ["tasks", "mod-add", "--format", "xml"], ["tasks", "even-pairs", "--format", "csv"],
      ["tasks", "mod-add", "--count", "3"], ["tasks", "even-pairs", "--length", "0"],
      ["tasks", "even-pairs", "--length", "9..3"], ["tasks", "even-pairs", "--length", "1.2.3"],
      ["tasks", "even-pairs", "--count", "0"],
      ["tasks", "--kind", "words"], ["reproduce", "--list", "--threads", "0"],
    ] {
      let run = try Command.run(arguments)
      #expect(run.code == 64, "\(arguments): \(run.code)")
      #expect(run.output.isEmpty && !run.error.isEmpty, "\(arguments)")
    }
  }

  /// An option that would change nothing.
  @Test(arguments: [
    (["search", "A000045", "--seed", "0"], "--seed is for functions"),
    (["search", "A000045", "--shuffle", "seeded"], "--shuffle is for functions"),
    (["search", "--suite", "sequences", "--seed", "1"], "--seed is for functions"),
    (["search", "parity-check", "--shuffle", "seeded"], "'parity-check' is sampled"),
    (["search", "t.csv", "--grammar", "integers", "--seed", "0"], "goes with --train-fraction or --train-count"),
    (["search", "bool-majority-3", "--shuffle", "cpython"], "goes with --train-fraction or --train-count"),
    (["learn", "t.csv", "--split-per-seed"], "--split-per-seed needs a split"),
    (["tasks", "mod-add", "--kind", "functions"], "--kind says which tasks are listed"),
    (["tasks", "--part", "training"], "--part goes with a task"),
    (["tasks", "--seed", "1"], "--seed goes with a task"),
    (["tasks", "--kind", "chomsky", "--modulus", "5"], "are for the list of functions"),
    (["tasks", "mod-add", "--seed", "1"], "--seed goes with --part training or unseen"),
    (["tasks", "mod-add", "--part", "all", "--train-count", "9"], "--train-count goes with --part"),
    (["tasks", "mod-add", "--grammar", "field"], "--grammar goes with --format sygus"),
    (
      ["tasks", "mod-add", "--format", "sygus", "--part", "unseen"], "--format sygus writes the examples to learn from"
    ),
    (["tasks", "A000045", "--seed", "1"], "--seed is for functions"),
    (["tasks", "parity-check", "--shuffle", "seeded"], "--shuffle is for functions"),
    (["tasks", "parity-check", "--part", "training"], "is written as JSON Lines, whole"),
    (["prior", "field", "--size", "9"], "--seed and --size go with --sample"),
    (["prior", "field", "--seed", "0", "--levels", "2"], "--seed and --size go with --sample"),
  ]) func optionsThatSayNothingAreRefused(_ arguments: [String], _ message: String) throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try "a:Int,=:Int\n1,2\n2,3\n".write(
      to: folder.appendingPathComponent("t.csv"), atomically: true, encoding: .utf8)
    let run = try Command.run(arguments, in: folder)
    #expect(
      run.code == 64 && run.output.isEmpty && run.error.contains(message), "\(arguments): \(run.code) \(run.error)")
    // Whether it shows in the arguments or when the file is read: the command's own usage follows.
    #expect(
      run.error.contains("Usage: levin \(arguments[0]) ") && run.error.contains("See 'levin \(arguments[0]) --help'"))
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func oneWhenTheOutputCannotBeWritten() throws {
    for arguments in [["tasks", "mod-add", "--modulus", "5"], ["prior", "field", "--count", "50"]] {
      let run = try Command.run(arguments, output: "/dev/full")
      #expect(run.code == 1 && !run.wasKilled)
      #expect(run.error == "levin: cannot write the output: No space left on device\n")
    }
  }

  /// Small files of examples in a new folder.
  private func folderOfFiles() throws -> URL {
    let folder = try Command.folder()
    let header = #"{"modulus":11,"output":"Int","parameters":[{"name":"a","sort":"Int"},{"name":"b","sort":"Int"}]}"#
    for (name, text) in [
      ("x.csv", "a:Int,b:Int,=:Int\n1,2,3\n2,3,5\n"), ("X2.CSV", "a:Int,=:Int\n1,2\n"),
      ("b.csv", "F:Bool,=:Bool\ntrue,false\n"), ("c.csv", "modulus:Int,=:Int\n1,2\n"),
      ("d.csv", "u:Int,v:Int,w:Int,=:Int\n1,2,3,4\n"), ("n.csv", "n:Int,=:Int\n1,2\n"),
      ("m.jsonl", "\(header)\n{\"inputs\":[9,8],\"output\":6}\n"),
      ("s.sl", "(synth-fun f ((|a,b| Int)) Int ((S Int (|a,b| 1 (+ S S)))))\n(constraint (= (f 3) 4))"),
      ("S2.SL", "(synth-fun f ((a Int)) Int ((S Int (a 1 (+ S S)))))\n(constraint (= (f 3) 4))"),
      ("k.sl", "(synth-fun f () Int ((S Int (1 (+ S S)))))\n(constraint (= (f) 4))"),
    ] {
      try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    return folder
  }

  @Test(arguments: [
    (["tasks", "x.csv", "--modulus=-3"], "x.csv: --modulus -3 is not an integer of at least 2"),
    (["tasks", "x.csv", "--width", "8"], "task 'x.csv' has no width"),
    (["tasks", "b.csv", "--modulus", "7"], "task 'b.csv' has no modulus"),
    (["tasks", "m.jsonl", "--modulus", "7"], "m.jsonl: the modulus of the file is 11, that of --modulus 7"),
    (["search", "m.jsonl", "--grammar", "field", "--modulus", "7"], "the modulus of the file is 11"),
    (["search", "s.sl", "--modulus", "7"], "neither the file nor the grammar 's.sl' has a modulus"),
    (["search", "b.csv", "--grammar", "boolean"], "the task's input 'F' has the name of a nonterminal"),
    (["search", "c.csv", "--grammar", "integers"], "the task's input 'modulus' has the name of a nonterminal"),
    (["search", "d.csv", "--grammar", "field"], "unknown name 'a'"),
    (["tasks", "n.csv", "--grammar", "sequences", "--format", "portable"], "no standard form of 'loop'"),
    (["tasks", "s.sl", "--format", "csv"], "'a,b' is not a name for a parameter"),
    (["tasks", "k.sl"], "task 'k' cannot be written as a task file: it has no inputs"),
  ]) func twoForFilesThatDoNotFitWhatIsAsked(_ arguments: [String], _ message: String) throws {
    let folder = try folderOfFiles()
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try Command.run(arguments, in: folder)
    #expect(run.code == 2 && run.output.isEmpty && run.error.contains(message), "\(run.code) \(run.error)")
  }

  @Test func filesTakeAModulusWhereTheySayNone() throws {
    let folder = try folderOfFiles()
    defer { try? FileManager.default.removeItem(at: folder) }
    let written = try Command.run(["tasks", "x.csv", "--modulus", "113"], in: folder)
    #expect(written.code == 0 && written.output.hasPrefix(#"{"modulus":113,"name":"x","#), "\(written.output)")
    let found = try Command.run(
      ["search", "x.csv", "--grammar", "integers", "--modulus", "113", "--extra-work", "0"], in: folder)
    #expect(found.code == 0 && found.output.contains("(+ a b)"), "\(found.output)\(found.error)")
    let same = try Command.run(["tasks", "m.jsonl", "--modulus", "11"], in: folder)
    #expect(same.code == 0 && same.output.contains(#""modulus":11"#), "\(same.error)")
    let capitals = try Command.run(["tasks", "X2.CSV", "--format", "csv"], in: folder)
    #expect(capitals.output == "a:Int,=:Int\n1,2\n", "\(capitals.error)")
    let grammar = try Command.run(["tasks", "./S2.SL", "--format", "csv"], in: folder)
    #expect(grammar.output == "a:Int,=:Int\n3,4\n", "\(grammar.error)")
  }

  /// Twelve of the fourteen modular tasks do not divide.
  @Test func tasksOfAModulusThatIsNotPrimeAreListed() throws {
    let run = try Command.run(["tasks", "--modulus", "4"])
    let lines = run.output.split(separator: "\n").filter { $0.hasPrefix("mod-") }
    #expect(run.code == 0 && lines.count == 14, "\(run.error)")
    #expect(lines.count { $0.hasSuffix("p = 4") } == 12)
    #expect(lines.count { $0.contains("–") && $0.hasSuffix("none: 4 is not a prime") } == 2)
  }

  /// Of two pairs 3/10 is none; all are written all the same.
  @Test func taskTooSmallToSplitIsWritten() throws {
    let run = try Command.run(["tasks", "mod-div", "--modulus", "2", "--part", "all", "--format", "csv"])
    #expect(run.code == 0 && run.output.split(separator: "\n").count == 3, "\(run.output)\(run.error)")
    let split = try Command.run(["tasks", "mod-div", "--modulus", "2", "--part", "training"])
    #expect(split.code == 2 && split.output.isEmpty)
  }

  @Test func memoryLimitEndsASearchThatNeedsMore() throws {
    let run = try Command.run(["search", "bool-mux-2", "--memory-limit", "80M", "--no-mass"])
    #expect(run.code == 1)
    #expect(run.output.contains("stop       memory limit, nothing found\n"), "\(run.output)")
  }
}
