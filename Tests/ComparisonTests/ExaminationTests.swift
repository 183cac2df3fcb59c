import Documents
import ExactArithmetic
import Foundation
import Testing

@testable import Comparison

/// Examinations of cells: their records, and a runner with an examiner.
@Suite struct Examinations {
  private static let found = Examination(
    program: .found(.init(text: "a + b", bits: 7)), reading: .found(.init(key: ["5", "29"], explained: 0.875)),
    agreement: .found(
      .init(
        alike: 24, inputs: 25,
        interchange: .found(
          .init(
            variable: "(ff.add a b)", score: 0.5, accuracy: 0.75, null: 0.5, site: "mlp.hook_post", dimensions: 4,
            width: 256, variables: ["x"])))),
    extraction: .found(
      .init(text: "(clock 5 a b c)", numbers: "logarithms", bits: 12.5, alike: 25, inputs: 25, explained: 0.5)),
    tableBits: 58
  )

  private static let refused = Examination(
    program: .refused("no program"), reading: .refused("no group"),
    agreement: .found(.init(alike: 3, inputs: 25, interchange: .refused("answers <differ>"))),
    extraction: .refused("no language"), tableBits: 58)

  /// On sequences nothing is read by frequencies and nothing extracted.
  @Test func partsThatDoNotApplyAreNull() throws {
    let examination = Examination(
      program: Self.found.program, reading: nil, agreement: Self.found.agreement, extraction: nil, tableBits: 64)
    #expect(examination.record["reading"] == .null && examination.record["extraction"] == .null)
    let read = try #require(Examination(record: JSONValue(parsing: JSONWriter.text(examination.record))))
    #expect(read.record == examination.record && read.reasons.isEmpty)
  }

  @Test(arguments: [true, false]) func readingARecordUndoesWritingIt(_ isFound: Bool) throws {
    let examination = isFound ? Self.found : Self.refused
    let read = try #require(Examination(record: JSONValue(parsing: JSONWriter.text(examination.record))))
    #expect(read.record == examination.record)
    #expect(read.program.value?.text == (isFound ? "a + b" : nil))
    #expect(read.agreement.value?.interchange.reason == (isFound ? nil : "answers <differ>"))
  }

  @Test func recordWithAPartMissingIsNone() throws {
    for part in ["program", "reading", "agreement", "extraction", "tableBits"] {
      var members = try #require(Self.found.record.object)
      members[part] = nil
      #expect(Examination(record: .object(members)) == nil, "\(part)")
    }
  }

  private struct Fixed: CellExaminer {
    var settings: JSONValue { ["fixed": true] }
    func examines(_ cell: Cell, of kind: MethodKind) -> Bool {
      if case .learn = cell.question { kind == .network } else { false }
    }
    func examination(of outcome: Outcome, _ problem: Problem, seed: UInt64, context: CellContext) throws -> Examination
    {
      if seed == 2 { throw CellFailure("unreadable") }
      return seed == 0 ? found : refused
    }
  }

  @Test func networksAreExaminedAndShown() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    let methods: [any ComparedMethod] = [
      FixedMethod(name: "a", kind: .program), FixedMethod(name: "b", kind: .network),
    ]
    let plan = ComparisonPlan(
      tasks: [try TaskReference("mod-add@5")], methods: ["a", "b"], fractions: [Rational(1, 2)], seeds: [0, 1, 2])
    let runner = ComparisonRunner(
      plan, methods: methods, folder: RunFolder(scratch.folder.path), version: "test", threads: 2, examiner: Fixed(),
      environment: scratch.environment)
    let entries = try #require(try runner.run())
    let results = ComparisonResults(header: runner.header, entries: entries)
    #expect(runner.header["examination"] == ["fixed": true])
    #expect(results.examined.map(\.name) == ["B, seed 0, 12 examples", "B, seed 1, 12 examples"])
    // An examiner that throws fails its cell, with the reason.
    #expect(entries.filter(\.isFailure).map { $0.record["failure"] } == ["unreadable"])
    let page = ReportPage(results).html
    for text in [
      "Does the network compute", "4 of 256", "5 29", "answers &lt;differ&gt;", "no language", "12.5", "96.00 %",
    ] {
      #expect(page.contains(text), "\(text)")
    }
    // The sentences stand above the tables, below them and without them.
    let failed = Findings(results).sentences.last ?? ""
    #expect(failed.hasPrefix("1 of ") && failed.hasSuffix(" cells failed; the report lists them."), "\(failed)")
    let uncompared = ComparisonResults(header: runner.header, entries: entries.filter { $0.record["seed"] == 1 })
    let none = "Of 1 network read after training none could be compared with a program; "
    #expect(Findings(uncompared).sentences.contains(none + "the table of networks has the reasons."))
    let plain = ComparisonResults(
      header: runner.header, entries: entries.filter { $0.record["circuits"] == nil })
    #expect(!ReportPage(plain).html.contains("Does the network compute"))
  }
}
