import Documents
import ExactArithmetic
import Foundation
import Grammars
import Tasks
import TestSupport
import Testing

/// What a search prints, and that it prints the same again.
@Suite struct SearchOutputTests {
  /// A record without the fields that measure time.
  static func untimed(_ text: String) throws -> [JSONValue] {
    try text.split(separator: "\n").map { line in
      let value = try JSONValue(parsing: String(line))
      #expect(JSONWriter.text(value) == line, "keys are sorted, numbers as they are")
      var members = try #require(value.object)
      #expect(members.removeValue(forKey: "seconds")?.double != nil)
      #expect(members.removeValue(forKey: "cpuSeconds")?.double != nil)
      // Of searches by length alone.
      members["secondsBeyondLevels"] = nil
      return .object(members)
    }
  }

  @Test func twoRunsPrintTheSame() throws {
    let arguments = [
      "search", "mod-parity-add", "--modulus", "7", "--train-count", "30", "--seed", "3", "--top", "2", "--max-bits",
      "18", "--json",
    ]
    let runs = try [Command.run(arguments), Command.run(arguments + ["--threads", "2"])].map {
      try Self.untimed($0.output)
    }
    #expect(runs[0].count == 1)
    #expect(runs[0] == runs[1])
  }

  @Test func suitePrintsTheSameOnTwoThreads() throws {
    let limits = isLongRun ? ["--extra-work", "0"] : ["--extra-work", "0", "--max-bits", "10"]
    let arguments = ["search", "--suite", "power2022", "--modulus", "7", "--json"] + limits
    let one = try Command.run(arguments)
    let two = try Command.run(arguments + ["--threads", "2"])
    #expect(one.code == (isLongRun ? 0 : 3) && two.code == one.code)
    let records = try Self.untimed(one.output)
    #expect(records.count == 29)
    #expect(try records == Self.untimed(two.output))
  }

  /// A suite goes on to the next language where one has no program, and keeps the records of both.
  @Test func suitesTryLanguagesInTurn() throws {
    let arguments = ["search", "--suite", "chomsky", "--max-bits", "8", "--no-mass", "--test-count", "1", "--grammar"]
    let table = try Command.run(arguments + ["transducers,lists"])
    #expect(table.code == 3)
    let lines = table.output.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("| reverse-string | grammars/lists.sl | `reverse(xs)` | 6 | 8 |") })
    #expect(lines.contains { $0.hasPrefix("| odds-first | grammars/lists.sl | – (") })
    #expect(lines.last?.hasPrefix("3 of 15 solved: ") == true && lines.last?.hasSuffix(" s of CPU each.") == true)
    let records = try Command.run(arguments + ["transducers,lists", "--json"]).output.split(separator: "\n")
      .map { try JSONValue(parsing: String($0)) }
    #expect(records.count == 30)
    #expect(records.prefix(2).map { $0["grammar"]?["file"] } == ["grammars/transducers.sl", "grammars/lists.sl"])
    let alone = try Command.run(arguments + ["lists"])
    #expect(alone.output.contains("| reverse-string | `reverse(xs)` | 6 | 8 |"))
  }

  /// Functions are told apart on the signature: where it is closed, nothing is said of other inputs.
  @Test func noOtherFunctionIsSaidOfTheSignatureAlone() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let rows = "a:Bool,b:Bool,c:Bool,=:Bool\ntrue,false,false,true\nfalse,true,false,false\n"
    let path = folder.appendingPathComponent("two.csv").path
    try rows.write(toFile: path, atomically: true, encoding: .utf8)
    // All inputs of the file are told apart.
    let file = try Command.run(["search", path, "--grammar", "boolean", "--top", "3", "--no-mass"])
    let says = "of 3 functions; every program of the language that agrees equals one of them on"
    #expect(file.code == 0 && file.output.contains("found 1 \(says) all 2 inputs"))
    // Of a task with 8 inputs only 2.
    let task = ["search", "bool-majority-3", "--train-count", "2", "--top", "3", "--no-mass", "--probes", "0"]
    let part = try Command.run(task)
    #expect(part.code == 3 && part.output.contains("found 1 \(says) 2 examples"))
    let record = try JSONValue(parsing: Command.run(task + ["--json"]).output)
    #expect(record["stop"] == "no other function on the signature")
  }

  /// Where the levels are complete up to a program, both have one figure, and the prior says what is covered.
  @Test func completeBitsAreThoseOfTheProgram() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("third.sl").path
    try """
    (set-logic NIA)
    (synth-fun f ((a Int) (b Int)) Int ((S Int)) ((S Int ((! a :probability 1/3) (! b :probability 0.33333)
      (! (+ S S) :probability 1/6) (! 1 :probability 50001/300000)))))
    (constraint (= (f 1 2) 1))
    (constraint (= (f 3 2) 3))
    (check-synth)
    """.write(toFile: path, atomically: true, encoding: .utf8)
    let run = try Command.run(["search", path, "--extra-work", "0"])
    #expect(run.output.contains("prior      1/3, 1.585 bits\n"), "\(run.output)")
    #expect(
      run.output.contains("every program of up to 1.585 bits (prior 1/3 or more), 0.333333 of the prior"),
      "\(run.output)")
  }

  /// Runs that a flag may tell apart are told apart by their records.
  @Test func recordHoldsTheWholeBudget() throws {
    func limits(_ flags: [String]) throws -> JSONValue? {
      let run = try Command.run(["search", "A000027", "--extra-work", "0", "--no-mass", "--json"] + flags)
      return try JSONValue(parsing: run.output)["limits"]
    }
    let one = try limits(["--step-limit", "777"])
    #expect(one?["stepLimit"] == 777 && one?["extraWork"]?.double == 0 && one?["unproven"] == true)
    #expect(try limits(["--step-limit", "778"])?["stepLimit"] == 778)
    let other = try JSONValue(parsing: Command.run(["search", "bool-majority-3", "--no-mass", "--json"]).output)
    // Nothing loops there.
    #expect(other["limits"]?["stepLimit"] == JSONValue.null && other["limits"]?["unproven"] == false)
    #expect(other["limits"]?["extraWork"]?.double == 1)
  }

  /// Evaluating expressions: no search finds the program, but it can be said, and checked.
  static let expressions =
    "(cons (mod (fold (lambda ((a Int) (e Int)) (ite (< e 5) (+ (- a (mod a 6)) (mod (* (mod a 6) e) 5)) (ite (< e 7) "
    + "(+ (+ a (* 5 (mod a 6))) (mod (* e e) 8)) a))) 1 xs) 5) nil)"

  @Test func givenProgramsAreCheckedOnATask() throws {
    let given = try Command.run([
      "search", "modular-arithmetic", "--grammar", "lists", "--check", Self.expressions, "--json",
    ])
    let record = try JSONValue(parsing: given.output)
    #expect(given.code == 0 && record["type"] == "check" && record["task"]?["name"] == "modular-arithmetic")
    #expect(record["prior"]?["log2"]?.double == -166)
    #expect(record["trainingRight"] == record["task"]?["trainingExamples"])
    #expect(record["test"]?["right"] == 1840 && record["test"]?["sequences"] == 1840)
    // One sign wrong, and it is right by chance alone.
    let wrong = try Command.run([
      "search", "modular-arithmetic", "--grammar", "lists", "--check",
      Self.expressions.replacing("(- a (mod a 6))", with: "(+ a (mod a 6))"),
    ])
    #expect(wrong.code == 0 && !wrong.output.contains("1,840 of 1,840"))
  }

  /// Tasks that evaluate expressions are searched in the languages that have programs for them.
  @Test func tasksWithBracketsHaveALanguageOfTheirOwn() throws {
    let solver =
      "(cons (solve (lambda ((xs (List Int))) (nested (lambda ((xs (List Int))) (transduce2 (pair 0 1) (lambda ((s Int) (t Int) "
      + "(x Int)) (pair (ite (= x 6) s (+ s (* t x))) (ite (< x 6) 1 (- 0 t)))) (lambda ((s Int) (t Int) (x Int)) (mod s 5)))) "
      + "7 8)) 9) nil)"
    let run = try Command.run(["search", "solve-equation", "--check", solver, "--test-count", "1"])
    #expect(run.output.contains("grammar    grammars/nested.sl") && run.output.contains("460 of 460"), "\(run.error)")
    for (task, language) in [("modular-arithmetic", "transducers"), ("parity-check", "lists")] {
      let run = try Command.run(["search", task, "--order", "levin", "--max-steps", "1"])
      #expect(run.output.contains("grammar    grammars/\(language).sl"))
    }
  }

  /// A search and a check of what it found say the same.
  @Test(arguments: [["A000045"], ["mod-add", "--modulus", "31"], ["reverse-string"], ["bool-majority-3"]])
  func foundProgramsAreCheckedAlike(_ task: [String]) throws {
    let found = try JSONValue(parsing: Command.run(["search"] + task + ["--extra-work", "0", "--json"]).output)
    let solution = try #require(found["solutions"]?.array?.first)
    let program = try #require(solution["program"]?.string)
    let checked = try JSONValue(parsing: Command.run(["search"] + task + ["--check", program, "--json"]).output)
    for name in ["program", "infix", "prior", "size", "steps", "kt", "trainingRight", "unseenRight", "test"] {
      #expect(checked[name] == solution[name], "\(name)")
    }
    #expect(checked["task"] == found["task"] && checked["grammar"] == found["grammar"])
  }

  @Test func recordHoldsExactNumbers() throws {
    let run = try Command.run(["search", "mod-add", "--modulus", "31", "--extra-work", "0", "--json"])
    let record = try #require(Self.untimed(run.output).first)
    let solution = try #require(record["solutions"]?.array?.first)
    #expect(solution["program"] == "(define-fun f ((a Int) (b Int)) Int (ff.add a b))")
    #expect(solution["prior"]?["exact"] == "1/128" && solution["prior"]?["log2"]?.double == -7)
    #expect(solution["infix"] == "a + b")
    #expect(solution["unseenRight"] == record["task"]?["unseenExamples"])
    #expect(record["stop"] == "found")
    #expect(record["grammar"]?["file"] == "grammars/field.sl")
    let lower = try #require(solution["posterior"]?["lower"]?["exact"]?.string.flatMap { Rational($0) })
    let upper = try #require(solution["posterior"]?["upper"]?["exact"]?.string.flatMap { Rational($0) })
    #expect(lower > 0 && lower <= upper && upper <= 1)
  }

  @Test func auditIsReported() throws {
    let run = try Command.run(["search", "bool-majority-3", "--audit", "--max-bits", "20"])
    #expect(run.output.contains("equal the counting recurrence exactly"))
  }

  /// Published macros and 64-bit constants, from file to program.
  @Test func macroFileIsSolved() throws {
    let file = Repository.root + "/Tests/GrammarsTests/Files/pbe-bv-macros.sl"
    let run = try Command.run(["search", file, "--extra-work", "0", "--json"])
    #expect(run.code == 0)
    let record = try #require(Self.untimed(run.output).first)
    let solution = try #require(record["solutions"]?.array?.first)
    #expect(solution["trainingRight"] == 12)
    #expect(solution["size"] == 6)
    let text = try #require(solution["program"]?.string)
    let problem = try SyGuSReader.problem(Repository.bytes(file), file: file)
    let program = try #require(problem.grammar.derivation(of: SyGuSReader.term(text, in: problem.grammar)))
    #expect(problem.grammar.probability(of: program) == Rational(1, 13).power(6))
  }

  /// Tasks written in every format are read and solved again.
  @Test(arguments: ["csv", "jsonl", "sygus"]) func writtenTaskIsSolvedAgain(_ format: String) throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let task = try Command.run(["tasks", "mod-sub", "--modulus", "7", "--format", format])
    let name = "t.\(format == "sygus" ? "sl" : format)"
    try task.output.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    let grammar = format == "sygus" ? [] : ["--grammar", "field", "--modulus", "7"]
    let run = try Command.run(["search", name, "--extra-work", "0"] + grammar, in: folder)
    #expect(run.code == 0, "\(run.error)")
    #expect(run.output.contains("(ff.sub a b)"), "\(run.output)")
  }
}
