import Documents
import ExactArithmetic
import Foundation
import TestSupport
import Testing

/// `levin predict` as a whole.
@Suite struct PredictTests {
  @Test(arguments: [
    ("predict", ["0", "1", "1", "0", "1", "0", "0", "--method", "ctw", "--depth", "3", "--past", "0,1,0"]),
    ("predict-online", ["0,1,1,0,1,0,0", "--depth", "3", "--past", "0,1,0", "--online"]),
    (
      "predict-json", ["0", "1", "1", "0", "1", "0", "0", "--depth", "3", "--past", "0,1,0", "--online", "--json"]
    ),
    ("predict-kt", ["A", "C", "C", "G", "A", "--method", "kt", "--alphabet", "A,C,G,T"]),
    ("predict-uniform", ["3 1 4 1 5 9", "--method", "uniform", "--alphabet", "0..9"]),
    ("predict-empty", ["--method", "ctw"]),
    ("predict-long", [String(repeating: "0 1 1 ", count: 40), "--method", "ctw"]),
  ])
  func outputIsTheRecordedOne(_ name: String, _ arguments: [String]) throws {
    let run = try Command.run(["predict"] + arguments)
    #expect(run.code == 0)
    #expect(run.error.isEmpty)
    #expect(Golden.difference(run.output, "Tests/CommandTests/Golden/\(name).txt") == nil)
  }

  /// The mixture over programs, its ledger and bounds (asserted on the way), and the never-zero half of it.
  @Test(arguments: [
    ("predict-programs", ["0", "1", "1", "2", "3", "5", "8", "--phase", "14"]),
    ("predict-programs-online", ["0,1,4,9", "--phase", "16", "--online"]),
    ("predict-programs-json", ["0,1,4,9", "--phase", "14", "--online", "--json"]),
    ("predict-programs-kt", ["1", "1", "--phase", "12", "--prior", "kt"]),
    ("predict-programs-fast", ["1", "1", "--phase", "12", "--prior", "fast"]),
    ("predict-programs-empty", ["--phase", "10"]),
    ("predict-programs-task", ["--task", "A000027", "--phase", "14"]),
    ("predict-mixture", ["0", "1", "0", "1", "5", "--method", "mixture", "--phase", "12", "--depth", "2", "--online"]),
  ])
  func outputOfProgramsIsTheRecordedOne(_ name: String, _ arguments: [String]) throws {
    let run = try Command.run(["predict"] + arguments)
    #expect(run.code == 0)
    #expect(run.error.isEmpty)
    #expect(Golden.difference(run.output, "Tests/CommandTests/Golden/\(name).txt") == nil)
  }

  /// One program, which begins on both places and has the steps of one: within the bound of both.
  @Test func recordsSayWhyTheyEndAndWhatTheyTook() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try """
    (set-logic ALL)
    (synth-fun f ((n Int)) Int ((S Int) (A Int)) ((S Int ((+ A A))) (A Int ((+ n n)))))
    (check-synth)
    """.write(to: folder.appendingPathComponent("one.sl"), atomically: true, encoding: .utf8)
    let language = ["--grammar", "one.sl", "--json"]
    let run = try Command.run(["predict", "4", "--phase", "3", "--offset", "1"] + language, in: folder)
    #expect(run.code == 0, "\(run.error)")
    let record = try JSONValue(parsing: run.output)
    let steps = try #require(record["steps"]?.integer(as: Int.self))
    #expect((9...16).contains(steps) && record["bound"]?.string == "16" && record["prefixes"] != nil)
    #expect(record["stop"]?.string == "finished" && record["met"]?["exact"]?.string == "1")
    let mixed = try Command.run(["predict", "1", "--method", "mixture", "--phase", "5"] + language, in: folder)
    let other = try JSONValue(parsing: mixed.output)
    #expect(other["grammar"] == record["grammar"] && other["phase"]?.integer(as: Int.self) == 5)
    #expect(other["stop"]?.string == "finished" && other["programs"] != nil && other["steps"] != nil)
    let tree = try Command.run(["predict", "0", "--depth", "2", "--json"])
    #expect(try JSONValue(parsing: tree.output)["stop"] == "finished")
  }

  /// A signal ends the phase; what was met is printed, with all the rest open.
  @Test func interruptedPhasesPrintWhatTheyMet() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try Command.interrupted(["predict", "0", "1", "4", "--phase", "34", "--json"], in: folder, after: 0.5)
    #expect(run.error.contains("interrupted: what was not met counts as open"))
    let record = try JSONValue(parsing: run.output)
    let mass = try ["met", "open"].map { try #require(record[$0]?["exact"]?.string.flatMap { Rational($0) }) }
    #expect(record["stop"]?.string == "interrupted" && mass[0] < 1 && mass[0] > 0 && mass[1] > 0)
  }

  /// Integers are what they stand for, however they are written.
  @Test func integersOfTheMixtureAreNumbers() throws {
    let plain = try Command.run(["predict", "--method", "mixture", "--phase", "6", "--past", "1,0", "7", "1", "0", "7"])
    let other = try Command.run(
      ["predict", "--method", "mixture", "--phase", "6", "--past", "01,-0", "--", "007", "+1", "-0", "7"])
    #expect(plain.code == 0 && other.output == plain.output, "\(other.error)")
  }

  @Test func fileAndArgumentsAreTheSameSequence() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try "2, 0, 1\n1 2\n".write(to: folder.appendingPathComponent("s.txt"), atomically: true, encoding: .utf8)
    let flags = ["--alphabet", "0..2", "--json"]
    let file = try Command.run(["predict", "--file", "s.txt"] + flags, in: folder)
    let typed = try Command.run(["predict", "2", "0", "1,1", "2"] + flags)
    #expect(file.code == 0 && file.output == typed.output, "\(file.error)")
  }

  @Test func productOfThePositionsIsTheSequence() throws {
    for method in ["ctw", "kt", "uniform"] {
      let run = try Command.run(
        ["predict", "0 1 2 2 1 0 0 1 2 2 1 0 0 1 2", "--alphabet", "0..2", "--online", "--json", "--method", method])
      let records = try run.output.split(separator: "\n").map { try JSONValue(parsing: String($0), file: "output") }
      let exact = records.compactMap { $0["probability"]?["exact"]?.string.flatMap { Rational($0) } }
      #expect(records.count == 16 && exact.count == 16)
      #expect(exact.dropLast().reduce(Rational(1), *) == exact.last)
      let next = records.last?["next"]?.array?.compactMap {
        $0["probability"]?["exact"]?.string.flatMap { Rational($0) }
      }
      #expect(next?.reduce(Rational(0), +) == 1)
    }
  }

  @Test(arguments: [
    (
      ["0", "2", "--method", "ctw"],
      "SYMBOLS:1:3: symbol '2' is not in the alphabet\n  0 2\n    ^  expected one of 0 1\n"
    ),
    (["0", "--past", "0,x"], "--past:1:3: symbol 'x' is not in the alphabet"),
    (["0", "x2"], "SYMBOLS:1:3: 'x2' is not an integer of 64 bits"),
    (["0", "9223372036854775808"], "is not an integer of 64 bits"), (["--task", "A000046"], "unknown task 'A000046'"),
    (["0,,1"], "SYMBOLS:1:3: no symbol before this comma"), (["--file", "none.txt"], "none.txt: no such file"),
  ])
  func twoForSymbolsThatAreNone(_ arguments: [String], _ message: String) throws {
    let run = try Command.run(["predict"] + arguments)
    #expect(run.code == 2 && run.output.isEmpty && run.error.contains(message), "\(run.error)")
  }

  @Test(arguments: [
    (["0", "--alphabet", "0"], "has one symbol, and there is nothing to predict"),
    (["0", "--alphabet", "0,0"], "has '0' twice"), (["0", "--depth", "49"], "--depth 49 is outside 0 … 48"),
    (["0", "--depth=-1"], "--depth -1 is outside 0 … 48"), (["0", "--method", "ppm"], "ppm"),
    (["0", "--method", "kt", "--depth", "3"], "--depth belongs to --method ctw"),
    (["0", "--method", "uniform", "--past", "0"], "--past belongs to --method ctw"),
    (["0", "--file", "s.txt"], "exclude each other"), (["0", "--phase", "49"], "--phase 49 is outside 1 … 48"),
    (["0", "--method", "kt", "--phase", "3"], "--phase belongs to --method programs"),
    (["0", "--method", "programs", "--alphabet", "0,1"], "programs print any integer"),
    (["0", "--method", "mixture", "--prior", "kt"], "weighs programs by length alone"),
  ])
  func sixtyFourForACommandLineThatIsWrong(_ arguments: [String], _ message: String) throws {
    let run = try Command.run(["predict"] + arguments)
    #expect(run.code == 64 && run.output.isEmpty && run.error.contains(message), "\(run.code) \(run.error)")
  }

  @Test func publishedFiguresAreMet() throws {
    let run = try Command.run(["reproduce", "willems-1995-ctw"])
    #expect(run.code == 0 && run.output.components(separatedBy: "  met ").count == 3, "\(run.output)\(run.error)")
  }

  @Test func aTextThatDiffersIsMissed() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    func claim(_ bound: String) throws -> Command.Outcome {
      try """
      {"title": "t", "claims": [{"text": "half", "command": ["predict", "0", "--method", "kt"], "figure": "probability.exact", \(bound)}]}
      """.write(to: folder.appendingPathComponent("claims.json"), atomically: true, encoding: .utf8)
      return try Command.run(["reproduce", "./."], in: folder)
    }
    let met = try claim("\"equals\": \"1/2\"")
    #expect(met.code == 0 && met.output.contains("met     half: 1/2; found 1/2"), "\(met.output)\(met.error)")
    let missed = try claim("\"equals\": \"2/4\"")
    #expect(missed.code == 3 && missed.output.contains("MISSED  half: 2/4; found 1/2"), "\(missed.output)")
    #expect(try claim("\"equals\": \"1/2\", \"reduce\": \"least\"").code == 2)
  }
}
