import Documents
import ExactArithmetic
import Foundation
import Tasks
import TestSupport
import Testing

/// Integer sequences in a comparison: programs on the integers, all else on their digits, each figure against its definition.
@Suite struct TermComparisonTests {
  private static func records(_ arguments: [String], in folder: URL) throws -> [String: JSONValue] {
    let run = try Command.run(["compare"] + arguments + ["--out", "r"], in: folder)
    #expect(run.code == 0, "\(run.error)")
    let found = try Command.cells(in: folder.appendingPathComponent("r"))
    try FileManager.default.removeItem(at: folder.appendingPathComponent("r"))
    return found
  }

  private static let fibonacci = Result {
    try SequenceTask.named(
      "A000045", among: SequenceTask.read(path: Repository.root + "/benchmarks/suites/sequences.jsonl"))
  }

  @Test func everyMethodIsScoredOnTheLaterTerms() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let plan = ["A000045", "--train-fraction", "1/2", "--steps", "3", "--max-programs", "60000"]
    let methods = "search,mixture,gru,ctw,kt,uniform,lookup"
    let found = try Self.records(plan + ["--methods", methods, "--threads", "1"], in: folder)
    // On two threads, and without the others.
    for (cell, record) in try Self.records(plan + ["--methods", "search,gru", "--threads", "2"], in: folder) {
      #expect(found[cell] == record)
    }
    let task = try Self.fibonacci.get()
    func learned(_ method: String) throws -> JSONValue {
      try #require(found["A000045 learn 1/2 seed 0 \(method)"], "\(method)")
    }
    for method in ["search", "mixture"] {
      #expect(try learned(method)["unseenRight"] == "20" && learned(method)["unseen"] == 20)
    }
    #expect(try learned("search")["hypothesis"]?["infix"] == "loop2(x y ↦ pair(x + y, x), n, pair(0, 1))")
    #expect(try learned("gru")["data"]?["training"] == 20 && learned("gru")["data"]?["terms"] == 40)
    // The most frequent of the given terms is 1.
    #expect(try learned("lookup")["unseenRight"] == "0" && learned("lookup")["hypothesis"]?["otherwise"] == "1")
    // A guess gives each of the digits and the end with probability 1/12.
    let guess = task.kept.reduce(Rational(0)) { $0 + Rational(1, 12).power("\($1)".count + 1) }
    #expect(try learned("uniform")["unseenRight"] == .exact(guess))

    func code(_ name: String) throws -> JSONValue {
      try #require(found["A000045 code \(name)"]?["codes"]?.array?.first, "\(name)")
    }
    let labels = task.terms.flatMap { term in "\(term)".map { $0.wholeNumberValue! } + [11] }
    #expect(try code("uniform seed 0 uniform")["parts"]?.array?.first?["exact"] == .string("\(labels.count) · log2 12"))
    #expect(try code("lookup table seed 0 lookup")["bits"]?.double == Double(4 * labels.count))
    var counts = [Int](repeating: 0, count: 12)
    var probability = Rational(1)
    for (place, label) in labels.enumerated() {
      probability *= Rational(BigInteger(2 * counts[label] + 1), BigInteger(2 * place + 12))
      counts[label] += 1
    }
    let bits = try #require(try code("label frequencies seed 0 kt")["bits"]?.double)
    #expect((bits + probability.log2).magnitude < 1e-6)
    #expect(try code("two-part program seed 0 search")["bits"]?.double == 26)
    let mixture = try #require(try code("program mixture seed 0 mixture")["parts"]?.array?.last)
    #expect(mixture["name"] == "mixture" && mixture["probability"] == "3/16777216")
  }

  /// A language whose programs can be counted by hand: n, 1, 2 and their sums and products.
  private static let language = """
    (set-logic NIA)
    (synth-fun f ((n Int)) Int ((Start Int) (Leaf Int))
      ((Start Int ((! (+ Leaf Leaf) :probability 1/2) (! (* Leaf Leaf) :probability 1/2)))
       (Leaf Int ((! n :probability 1/2) (! 1 :probability 1/4) (! 2 :probability 1/4)))))
    (check-synth)

    """

  @Test func mixtureOfAFiniteLanguageIsThatOfAllItsPrograms() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try Self.language.write(to: folder.appendingPathComponent("small.sl"), atomically: true, encoding: .utf8)
    func write(_ given: [Int], _ kept: [Int]) throws {
      let sequence =
        #"{"given":\#(given),"group":"own","kept":\#(kept),"name":"own","number":"A000001","offset":0}"#
      try "{\"suite\":\"own\"}\n\(sequence)\n".write(
        to: folder.appendingPathComponent("f.jsonl"), atomically: true, encoding: .utf8)
    }
    let plan = ["f.jsonl", "--grammar", "small.sl", "--methods", "search,mixture,lookup", "--train-fraction", "1/4"]
    // 2n is n + n, 2·n and n·2: 1/8 and twice 1/16.
    try write([0, 2, 4, 6], [8, 10, 12, 14])
    let found = try Self.records(plan, in: folder)
    let code = found["f.jsonl code program mixture seed 0 mixture"]
    #expect(code?["codes"]?.array?.first?["parts"]?.array?.last?["probability"] == "1/4")
    #expect(code?["codes"]?.array?.first?["bits"]?.double == 3 && code?["details"]?["mixtureAtMost"] == "1/4")
    // From 0 and 2 alone also 2·n² could go on, but no program here says it; n + n is the likeliest.
    let learned = found["f.jsonl learn 1/4 seed 0 mixture"]
    #expect(learned?["unseenRight"] == "6" && learned?["details"]?["functions"]?.array?.count == 1)
    #expect(learned?["details"]?["functions"]?.array?.first?["mass"] == "1/4")
    // From 0 alone: n + n and its equals have 1/4, n·n has 1/8, and n·1 and 1·n 1/8.
    let one = try Self.records(Array(plan.dropLast()) + ["1/8"], in: folder)["f.jsonl learn 1/8 seed 0 mixture"]
    let masses = one?["details"]?["functions"]?.array?.compactMap { $0["mass"]?.string }.sorted()
    #expect(masses == ["1/4", "1/8", "1/8"] && one?["unseenRight"] == "7", "\(masses ?? [])")
    // What no program gives is coded by its digits.
    try write([-5, 0, -5, 0], [0, 0, 0, -5])
    let other = try Self.records(plan, in: folder)
    for cell in ["program mixture seed 0 mixture", "two-part program seed 0 search"] {
      let parts = other["f.jsonl code \(cell)"]?["codes"]?.array?.first?["parts"]?.array
      #expect(parts?.last?["exact"] == "19 · log2 12" && parts?.first?["probability"] == "1/2", "\(cell)")
    }
    // The most frequent of -5 and 0 is the smaller of the two.
    let table = other["f.jsonl learn 1/4 seed 0 lookup"]
    #expect(table?["unseenRight"] == "2" && table?["hypothesis"]?["otherwise"] == "-5")
  }

  /// A table in a language with loops: all of its inputs tell functions apart, so the mass of a class is that of a code.
  @Test func mixtureOfATableInALanguageWithLoopsIsThatOfItsClass() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let terms = try Self.fibonacci.get().given.prefix(12)
    let lines = ["n:Int,=:Int"] + terms.enumerated().map { "\($0),\($1)" }
    try lines.joined(separator: "\n").write(
      to: folder.appendingPathComponent("f.csv"), atomically: true, encoding: .utf8)
    let found = try Self.records(
      ["f.csv", "--grammar", "sequences", "--methods", "mixture", "--max-programs", "60000", "--train-fraction", "1"],
      in: folder)
    let parts = found["f.csv code program mixture seed 0 mixture"]?["codes"]?.array?.first?["parts"]?.array
    #expect(parts?.last?["probability"] == "3/16777216")
  }

  @Test(
    arguments: [
      (["A000045@7"], 2, "has no modulus"), (["A000045:noisy"], 2, "has no control 'noisy'"),
      (["A000044"], 2, "unknown task 'A000044'"), (["two.jsonl"], 2, "2 integer sequences"),
      (["A000045", "--grammar", "lists", "--methods", "search"], 2, "'A000045' maps integers to integers"),
      (["A000045", "--methods", "mlp"], 64, "none of the methods mlp takes a task of these"),
      (
        ["A000045", "--methods", "lstm", "--circuits"], 64, "no network learns a function or sequences of symbols here"
      ),
    ] as [([String], Int32, String)])
  func whatDoesNotFitIsRefused(_ arguments: [String], _ code: Int32, _ message: String) throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let lines = ["A000001", "A000002"].map {
      #"{"given":[0],"group":"own","kept":[2],"name":"n","number":"\#($0)","offset":0}"#
    }
    try (["{\"suite\":\"s\"}"] + lines).joined(separator: "\n").write(
      to: folder.appendingPathComponent("two.jsonl"), atomically: true, encoding: .utf8)
    let run = try Command.run(["compare"] + arguments + ["--out", "r"], in: folder)
    #expect(run.code == code && run.output.isEmpty && run.error.contains(message), "\(run.code) \(run.error)")
  }

  /// A share that holds no term is a fault of its cells, which name it.
  @Test func aShareWithoutATermIsAFailure() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try Command.run(
      ["compare", "A000045", "--train-fraction", "1/100", "--methods", "lookup", "--no-codes", "--out", "r"], in: folder
    )
    #expect(
      run.code == 3 && run.error.contains("1/100 of 40 examples is not a training set"), "\(run.code) \(run.error)")
  }
}
