import Documents
import Foundation
import TestSupport
import Testing

/// Programs in the names of the data, and what is said where they have no value.
@Suite struct ProgramTextTests {
  /// Runs in a folder with one file of examples.
  private func run(_ arguments: [String], _ rows: String) throws -> Command.Outcome {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try rows.write(to: folder.appendingPathComponent("t.csv"), atomically: true, encoding: .utf8)
    return try Command.run(["search", "t.csv"] + arguments, in: folder)
  }

  // MARK: Names

  /// The data's b is the grammar's a.
  @Test func programsHaveTheNamesOfTheData() throws {
    let rows = "b:Int,c:Int,=:Int\n1,2,-3\n5,1,3\n7,-4,15\n"
    let found = try run(["--grammar", "integers", "--extra-work", "0"], rows)
    let program = "(define-fun f ((b Int) (c Int)) Int (- b (+ c c)))"
    #expect(found.output.contains("program    \(program)\n") && found.output.contains("infix      b - (c + c)\n"))
    #expect(found.code == 0 && !found.output.contains("inputs     "), "\(found.output)\(found.error)")
    let checked = try run(["--grammar", "integers", "--check", program], rows)
    #expect(checked.code == 0 && checked.output.contains("training   3 of 3 right\n"), "\(checked.error)")
    let unknown = try run(["--grammar", "integers", "--check", "(- a (+ b b))"], rows)
    #expect(unknown.code == 2 && unknown.error.contains("'a'"), "\(unknown.error)")
  }

  /// The loop's own x makes room for the data's.
  @Test func boundVariablesDoNotCaptureInputs() throws {
    let rows = "x:Int,=:Int\n1,1\n2,2\n3,6\n4,24\n"
    let term = "(loop (lambda ((x1 Int) (y Int)) (* x1 y)) x 1)"
    let factorial = try run(["--grammar", "sequences", "--check", term], rows)
    #expect(
      factorial.output.contains("program    (define-fun f ((x Int)) Int \(term))\n")
        && factorial.output.contains("prior      1/262144, 18 bits\n")
        && factorial.output.contains("training   4 of 4 right\n"), "\(factorial.output)\(factorial.error)")
    // One that has the name of the grammar's input goes with it.
    let passing = "(compr (lambda ((k Int)) (< 0 k)) k)"
    let count = try run(["--grammar", "sequences", "--check", passing], "k:Int,=:Int\n1,2\n")
    #expect(count.output.contains("training   1 of 1 right\n"), "\(count.output)\(count.error)")
  }

  /// F is a nonterminal there: the grammar's names stay, and are said.
  @Test func namesThatAreTakenAreSaid() throws {
    let rows = "F:Bool,b:Bool,c:Bool,d:Bool,=:Bool\ntrue,true,false,false,true\ntrue,false,true,true,false\n"
    let arguments = ["--grammar", "boolean", "--check", "(and a b)"]
    let checked = try run(arguments, rows)
    #expect(
      checked.output.contains("inputs     a is the task's F: such a name has a meaning of its own in the grammar\n")
        && checked.output.contains("training   2 of 2 right\n"), "\(checked.output)\(checked.error)")
    let record = try JSONValue(parsing: run(arguments + ["--json"], rows).output)
    let names: JSONValue = ["F", "b", "c", "d"]
    #expect(record["task"]?["inputs"] == names)
  }

  // MARK: No value

  struct Case: Sendable {
    let flags: [String]
    let program: String
    let rows: String
    let text: String
    let record: JSONValue
  }

  @Test(arguments: [
    Case(
      flags: ["--grammar", "integers"], program: "(* a b)",
      rows: "a:Int,b:Int,=:Int\n2,3,6\n4000000000,4000000000,1\n", text: "1 of 2 inputs: 1 overflow",
      record: ["overflow": 1]),
    Case(
      flags: ["--grammar", "sequences"], program: "(div n 0)", rows: "n:Int,=:Int\n1,1\n2,2\n",
      text: "2 of 2 inputs: 2 division by zero", record: ["divisionByZero": 2]),
    Case(
      flags: ["--grammar", "field", "--modulus", "113"], program: "(ff.add a b)",
      rows: "a:Int,b:Int,=:Int\n1,2,3\n200,2,89\n", text: "1 of 2 inputs: 1 out of range",
      record: ["outOfRange": 1]),
  ])
  func reasonsAreSaid(_ known: Case) throws {
    let arguments = known.flags + ["--check", known.program]
    let checked = try run(arguments, known.rows)
    // Such a run ends by itself: its steps are the program's.
    #expect(
      checked.code == 0 && checked.output.contains("no value   \(known.text)\n") && checked.output.contains("Kt = "),
      "\(checked.output)\(checked.error)")
    let record = try JSONValue(parsing: run(arguments + ["--json"], known.rows).output)
    #expect(record["noValue"] == known.record && record["kt"]?.double != nil)
  }

  @Test func programsWithValuesEverywhereSayNothing() throws {
    let rows = "n:Int,=:Int\n1,1\n2,2\n"
    #expect(try !run(["--grammar", "sequences", "--check", "n"], rows).output.contains("no value"))
    let record = try JSONValue(parsing: run(["--grammar", "sequences", "--check", "n", "--json"], rows).output)
    #expect(record["noValue"] == JSONValue.object([:]))
  }

  /// A program that never ends has no Kt: its steps are those of the limit.
  @Test(.enabled(if: isThorough, "LEVIN_LONG=1 or a release build"))
  func programsThatDoNotEndHaveNoKt() throws {
    let arguments = ["--grammar", "sequences", "--check", "(compr (lambda ((n Int)) (< n n)) n)"]
    let checked = try run(arguments, "n:Int,=:Int\n1,1\n2,2\n")
    let steps = "steps      at least 200,000,000 on 2 inputs; no Kt: 2 of the runs did not end within the limit\n"
    #expect(checked.output.contains(steps + "no value   2 of 2 inputs: 2 step limit\n"), "\(checked.output)")
    let record = try JSONValue(parsing: run(arguments + ["--json"], "n:Int,=:Int\n1,1\n2,2\n").output)
    let reasons: JSONValue = ["stepLimit": 2]
    #expect(record["kt"] == JSONValue.null && record["noValue"] == reasons)
  }
}
