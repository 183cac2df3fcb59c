import Documents
import ExactArithmetic
import Foundation
import Tasks
import Testing

/// Codes for the outputs of tasks on sequences, checked against the outputs themselves.
@Suite struct SequenceCodeTests {
  private static func plan(_ tasks: String) -> String {
    """
    {"tasks":[\(tasks)],"codedSequences":20,"sequenceExamples":30,
    "methods":["search","lstm","ctw","kt","uniform","lookup"],"testLengths":[5],"testExamples":2,
    "networkSteps":2,"maxPrograms":20000}
    """
  }

  private static let tasks = ["parity-check", "reverse-string", "binary-addition"]
  /// One run that both tests read.
  private static let run = Result { () throws -> [String: JSONValue] in
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    return try records(tasks, threads: 2, folder)
  }

  /// The records of a run, by the name of their cell.
  private static func records(_ tasks: [String], threads: Int, _ folder: URL) throws -> [String: JSONValue] {
    try plan(tasks.map { "\"\($0)\"" }.joined(separator: ",")).write(
      to: folder.appendingPathComponent("plan.json"), atomically: true, encoding: .utf8)
    let run = try Command.run(
      ["compare", "--plan", "plan.json", "--out", "r\(threads)", "--threads", "\(threads)"], in: folder)
    #expect(run.code == 0, "\(run.error)")
    return try Command.cells(in: folder.appendingPathComponent("r\(threads)"))
  }

  private static func code(_ records: [String: JSONValue], _ cell: String) throws -> JSONValue {
    try #require(records[cell]?["codes"]?.array?.first, "\(cell)")
  }

  private static func outputs(_ name: String) throws -> (labels: [Int], alphabet: Int) {
    let task = try SymbolTask.named(name)
    return (task.trainingExamples(count: 20, seed: 0).flatMap(\.output), task.output.count)
  }

  @Test func codesOfOutputsAreThoseOfTheDefinitions() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let records = try Self.run.get()
    // On one thread, and without the other tasks.
    for (cell, record) in try Self.records(["parity-check"], threads: 1, folder) { #expect(records[cell] == record) }
    for name in Self.tasks {
      let (labels, alphabet) = try Self.outputs(name)
      let uniform = try Self.code(records, "\(name) code uniform seed 0 uniform")
      #expect(uniform["parts"]?.array?.first?["exact"]?.string == "\(labels.count) · log2 \(alphabet)")
      let table = try Self.code(records, "\(name) code lookup table seed 0 lookup")
      let width = (0..<10).first { 1 << $0 >= alphabet }!
      #expect(table["bits"]?.double == Double(labels.count * width))
      // The frequencies' code, label by label.
      var counts = [Int](repeating: 0, count: alphabet)
      var probability = Rational(1)
      for (place, label) in labels.enumerated() {
        probability *= Rational(BigInteger(2 * counts[label] + 1), BigInteger(2 * place + alphabet))
        counts[label] += 1
      }
      let frequencies = try Self.code(records, "\(name) code label frequencies seed 0 kt")
      let bits = try #require(frequencies["bits"]?.double)
      #expect((bits + probability.log2).magnitude < 1e-6, "\(bits), \(-probability.log2)")
      if name == "parity-check" {
        #expect(frequencies["parts"]?.array?.first?["probability"] == .exact(probability))
      }
      // A context tree is at most a bit behind the root alone, whose weight is one half.
      let tree = try #require(
        try Self.code(records, "\(name) code context tree seed 0 ctw")["bits"]?.double)
      #expect(tree <= bits + 1 + 1e-9)
      // The network's first block is uniform, its blocks are all examples, and its bits their sum.
      let cell = try #require(records["\(name) code prequential network seed 0 lstm"])
      let blocks = try #require(cell["details"]?["blocks"]?.array)
      #expect(blocks.reduce(0) { $0 + ($1["labels"]?.integer(as: Int.self) ?? 0) } == labels.count)
      #expect(blocks.last?["to"]?.integer(as: Int.self) == 20)
      let first = try #require(blocks.first)
      #expect(first["bits"]?.double == (first["labels"]?.double ?? 0) * Rational(alphabet).log2)
      let sum = blocks.reduce(0) { $0 + ($1["bits"]?.double ?? .nan) }
      #expect(try (#require(cell["codes"]?.array?.first?["bits"]?.double) - sum).magnitude < 1e-9)
      #expect(cell["bytes"]?.integer(as: Int.self) ?? 0 > 10_000)
    }
  }

  @Test func codesOfProgramsChargeTheProgramAndTheChoice() throws {
    let records = try Self.run.get()
    for name in ["parity-check", "reverse-string"] {
      let code = try Self.code(records, "\(name) code two-part program seed 0 search")
      let parts = try #require(code["parts"]?.array)
      // One of three languages and the bit for a program; the program; that there is no exception.
      #expect(parts.map { $0["name"]?.string } == ["choice", "program", "exceptions"])
      let prior = try #require(records["\(name) code two-part program seed 0 search"]?["hypothesis"]?["prior"])
      #expect(parts.map { $0["probability"] } == ["1/6", prior, "1/2"])
    }
    // No program of so few candidates: a bit, the choice of the language, and the uniform code.
    let (labels, alphabet) = try Self.outputs("binary-addition")
    let plain = try Self.code(records, "binary-addition code two-part program seed 0 search")
    #expect(plain["parts"]?.array?.last?["exact"]?.string == "\(labels.count) · log2 \(alphabet)")
    #expect(plain["parts"]?.array?.count == 2)
    let tried = records["binary-addition code two-part program seed 0 search"]?["details"]?["languages"]?.array
    #expect(
      tried?.map { $0["grammar"] } == ["grammars/lists.sl", "grammars/transducers.sl", "grammars/nested.sl"])
    #expect(tried?.allSatisfy { $0["stop"] == "program limit" } == true)
    // Labels alone are coded, not answered.
    #expect(records.keys.filter { $0.contains(" learn ") && $0.hasSuffix("kt") }.isEmpty)
  }
}
