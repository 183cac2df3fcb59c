import Documents
import ExactArithmetic
import Foundation
import Synchronization
import Testing

@testable import Comparison

/// A method whose answers are a function of the cell, for tests of the runner.
struct FixedMethod: ComparedMethod {
  let name: String
  let kind: MethodKind
  /// Share of unseen inputs that it has right.
  var accuracy = Rational(1, 2)
  var bits = 100.0
  /// The name of its code; nil: the method's own.
  var codeName: String?
  /// Fails on cells of this seed.
  var failsOn: UInt64?
  var calls: Calls?
  /// The files that it says it reads.
  var read: @Sendable () -> [FileDigest] = { [] }
  /// What happens while it learns.
  var learning: @Sendable () -> Void = {}

  final class Calls: Sendable {
    let count = Mutex(0)
  }

  var title: String { name.uppercased() }
  var settings: JSONValue { ["accuracy": .exact(accuracy)] }
  func codes(for kind: TaskKind) -> [String] { [codeName ?? "\(name) code"] }
  func handles(_ kind: TaskKind) -> Bool { kind == .function }
  func files(for problem: Problem) -> [FileDigest] { read() }
  func weight(_ question: Cell.Question, of kind: TaskKind) -> Double { 1 }

  func learn(_ problem: Problem, seed: UInt64, context: CellContext) throws -> Outcome {
    if seed == failsOn { throw CellFailure("out of luck") }
    calls?.count.withLock { $0 += 1 }
    learning()
    guard case .function(let function) = problem else { throw CellFailure("no function") }
    var outcome = Outcome()
    outcome.unseenRight = (accuracy * Rational(function.order.count - function.trainingCount))
    outcome.work = ["operations": 7]
    outcome.times["found"] = .real(context.cpuSeconds())
    return outcome
  }

  func code(_ problem: Problem, as code: String, seed: UInt64, context: CellContext) throws -> Outcome {
    var outcome = Outcome()
    outcome.codes = [LabelCode(code, [.init("labels", bits: bits)])]
    return outcome
  }
}

/// A folder of its own with a runner's environment.
struct Scratch {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("levin-\(UUID().uuidString)")
  /// Stops after so many questions; nil never.
  final class Limit: Sendable {
    let left = Mutex<Int?>(nil)
  }
  let limit = Limit()

  var environment: ComparisonRunner.Environment {
    let limit = limit
    return .init(
      threadSeconds: { 0 }, peakBytes: { 1 }, exists: { FileManager.default.fileExists(atPath: $0) },
      remove: { try? FileManager.default.removeItem(atPath: $0) },
      makeFolder: { try FileManager.default.createDirectory(atPath: $0, withIntermediateDirectories: true) },
      shouldStop: {
        limit.left.withLock { left in
          guard let known = left else { return false }
          left = max(0, known - 1)
          return known == 0
        }
      })
  }

  func bytes(_ name: String) throws -> Data { try Data(contentsOf: folder.appendingPathComponent(name)) }

  func runner(
    _ methods: [any ComparedMethod], threads: Int = 1, seeds: [UInt64] = [0, 1],
    tasks: [String] = ["mod-add@5", "mod-sub@5"]
  ) throws -> ComparisonRunner {
    let plan = ComparisonPlan(
      tasks: try tasks.map { try TaskReference($0) }, methods: methods.map(\.name),
      fractions: [Rational(1, 4), Rational(1, 2)], seeds: seeds)
    return ComparisonRunner(
      plan, methods: methods, folder: RunFolder(folder.path), version: "test", threads: threads,
      environment: environment)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }
}

@Suite struct RunsOfCells {
  private static let methods: [any ComparedMethod] = [
    FixedMethod(name: "a", kind: .program, accuracy: 1), FixedMethod(name: "b", kind: .network),
  ]

  @Test func recordsDoNotDependOnThreads() throws {
    let (one, four) = (Scratch(), Scratch())
    defer {
      one.remove()
      four.remove()
    }
    let first = try #require(try one.runner(Self.methods).run())
    #expect(first.count == 2 * (2 * 2 * 2 + 2 * 2))
    _ = try four.runner(Self.methods, threads: 4).run()
    #expect(try one.bytes("records.jsonl") == four.bytes("records.jsonl"))
    #expect(!FileManager.default.fileExists(atPath: one.folder.appendingPathComponent("journal.jsonl").path))
  }

  @Test(arguments: [1, 5, 11]) func interruptedRunGoesOnToTheSameRecords(_ cells: Int) throws {
    let (straight, cut) = (Scratch(), Scratch())
    defer {
      straight.remove()
      cut.remove()
    }
    _ = try straight.runner(Self.methods).run()
    cut.limit.left.withLock { $0 = cells }
    #expect(try cut.runner(Self.methods).run() == nil)
    // A line that a crash cut short.
    let journal = cut.folder.appendingPathComponent("journal.jsonl")
    let handle = try FileHandle(forWritingTo: journal)
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("{\"record\":{\"cell\":\"mod".utf8))
    try handle.close()
    cut.limit.left.withLock { $0 = nil }
    #expect(try RunFolder(cut.folder.path).entries { FileManager.default.fileExists(atPath: $0) }.count == cells)
    _ = try cut.runner(Self.methods).run()
    #expect(try straight.bytes("records.jsonl") == cut.bytes("records.jsonl"))
  }

  @Test func doneCellsAreNotRunAgain() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    let calls = FixedMethod.Calls()
    let methods = [FixedMethod(name: "a", kind: .program, calls: calls)]
    _ = try scratch.runner(methods).run()
    let count = calls.count.withLock { $0 }
    _ = try scratch.runner(methods).run()
    #expect(count == 8 && calls.count.withLock { $0 } == count)
  }

  @Test func failedCellsAreReportedAndTriedAgain() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    // The settings do not tell the two apart: the run is the same one.
    let failing = try #require(try scratch.runner([FixedMethod(name: "a", kind: .program, failsOn: 1)]).run())
    #expect(failing.count(where: \.isFailure) == 4)
    #expect(failing.first(where: \.isFailure)?.record["failure"] == "out of luck")
    let mended = try #require(try scratch.runner([FixedMethod(name: "a", kind: .program)]).run())
    #expect(!mended.contains(where: \.isFailure) && mended.count == failing.count)
  }

  /// Numbers that no cell has are told with their line; what is read all the same is drawn as far as it can be.
  @Test func editedRecordsAreRefusedOrShown() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    _ = try scratch.runner([FixedMethod(name: "mixture", kind: .program)]).run()
    let records = scratch.folder.appendingPathComponent("records.jsonl")
    let text = String(decoding: try scratch.bytes("records.jsonl"), as: UTF8.self)
    func results(_ old: String, _ new: String) throws -> ComparisonResults {
      #expect(text.contains(old), "\(text)")
      try text.replacingOccurrences(of: old, with: new).write(to: records, atomically: true, encoding: .utf8)
      return try RunFolder(scratch.folder.path).results { FileManager.default.fileExists(atPath: $0) }
    }
    func levels(_ massLog2: String) -> String {
      #""details":{"levels":[{"bits":7,"massLog2":-3},{"bits":9,"massLog2":\#(massLog2)}]}"#
    }
    for (old, new, message) in [
      (#""training":6"#, #""training":9223372036854775807"#, "'data.training' is 9223372036854775807, outside 0 …"),
      (#""unseen":19"#, #""unseen":-1"#, "'unseen' is -1, outside 0 …"),
      (#""unseenRight":"19/2""#, #""unseenRight":"20""#, "'unseenRight' is 20, outside 0 … 19"),
      (#","unseenRight":"19/2""#, "", "'unseenRight' is missing"),
      (#""unseenRight":"19/2""#, #""unseenRight":"1/0""#, "'unseenRight' is no text of a whole number or a fraction"),
      (#""unseenRight":"19/2""#, #""unseenRight":9"#, "'unseenRight' is no text of a whole number or a fraction"),
      (#""unseen":19,"#, "", "'unseen' is missing"), (#","training":6"#, "", "'data.training' is missing"),
      (#""type":"cell""#, #""type":"times""#, "'type' is not 'cell'"),
      (#""seed":"#, #""sead":"#, "'seed' is missing, or no seed"),
      (
        #""task":"mod-add@5""#, #""task":"foo""#,
        "'cell' is 'mod-add@5 learn 1/4 seed 0 mixture' of a record of 'foo learn"
      ),
      (#""details":{}"#, levels("-1e300"), "'details.levels.massLog2' is -1e300, outside"),
      (#""details":{}"#, levels("1e999"), "'details.levels.massLog2' is 1e999, outside"),
    ] {
      let error = #expect(throws: InputError.self) { try results(old, new) }
      #expect("\(error!)".contains("records.jsonl:1:1: \(message)"), "\(error!)")
    }
    let deep = ReportPage(try results(#""details":{}"#, levels("-99999999")))
    #expect(deep.figures.contains { $0.name == "prior-mod-add-5" } && deep.html.contains("Left out: 1 value"))
    for (summary, shown) in [
      (";", ";"), (",", ","), ("a", "a"), ("tied MLP, width 8; 96 parameters", "tied MLP, 96 parameters"),
    ] {
      let entries = try results(#""hypothesis":null"#, #""hypothesis":{"summary":"\#(summary)"}"#).entries
      #expect(entries.map(\.hypothesisText).first == shown)
    }
  }

  /// What a report refuses no run goes on with; a cell whose network is gone is run again.
  @Test func changedRecordsAreRefusedByRunsToo() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    _ = try scratch.runner(Self.methods).run()
    let records = scratch.folder.appendingPathComponent("records.jsonl")
    let text = String(decoding: try scratch.bytes("records.jsonl"), as: UTF8.self)
    for (old, new, message) in [
      (#""task":"mod-add@5""#, #""task":"foo""#, "of a record of 'foo"),
      (#""version":"test""#, #""version":"9""#, "is of version 9, the plan of test"),
    ] {
      let place = try #require(text.range(of: old))
      try text.replacingCharacters(in: place, with: new).write(to: records, atomically: true, encoding: .utf8)
      let error = #expect(throws: InputError.self) { try scratch.runner(Self.methods).run() }
      #expect("\(error!)".contains(message), "\(error!)")
      #expect(throws: InputError.self) {
        try RunFolder(scratch.folder.path).results { FileManager.default.fileExists(atPath: $0) }
      }
    }
    try text.replacingOccurrences(of: #""hypothesis":null"#, with: #""hypothesis":{"folder":"networks/gone"}"#)
      .write(to: records, atomically: true, encoding: .utf8)
    _ = try scratch.runner(Self.methods).run()
    #expect(String(decoding: try scratch.bytes("records.jsonl"), as: UTF8.self) == text)
  }

  @Test func folderOfAnotherPlanIsRefused() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    _ = try scratch.runner(Self.methods).run()
    let error = #expect(throws: InputError.self) { try scratch.runner(Self.methods, seeds: [7]).run() }
    #expect("\(error!)".contains("another comparison is in this folder: its plan has another 'seeds'"), "\(error!)")
  }

  /// A cell is shown again and again: one that runs for long is not silent.
  @Test func progressIsShownWhileACellRuns() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    let (shown, first) = (FixedMethod.Calls(), FixedMethod.Calls())
    let method = FixedMethod(
      name: "a", kind: .program,
      learning: {
        // Once when it began, and three times since.
        for _ in 0..<20_000 where shown.count.withLock({ $0 }) < 4 { Thread.sleep(forTimeInterval: 0.001) }
        let count = shown.count.withLock { $0 }
        first.count.withLock { if $0 == 0 { $0 = count } }
      })
    _ = try scratch.runner([method], seeds: [0], tasks: ["mod-add@5"]).run(progressEvery: .milliseconds(2)) { _ in
      shown.count.withLock { $0 += 1 }
    }
    #expect(first.count.withLock { $0 } >= 4)
  }
}

/// Finished cells are kept only where data and files are those that they were made with.
@Suite struct InputsOfRuns {
  /// A task in a file, and a file that the method reads.
  private struct Inputs {
    let scratch = Scratch()
    let calls = FixedMethod.Calls()
    let grammar = Grammar()
    var learning: @Sendable () -> Void = {}

    final class Grammar: Sendable {
      /// nil: the file is not there.
      let bytes = Mutex<[UInt8]?>([1])
    }

    init() throws {
      try FileManager.default.createDirectory(at: scratch.folder, withIntermediateDirectories: true)
      try Self.write(path, +)
    }

    var path: String { scratch.folder.appendingPathComponent("pairs.csv").path }

    static func write(_ path: String, _ rule: (Int, Int) -> Int) throws {
      let rows = (0..<12).map { "\($0 / 4),\($0 % 4),\(rule($0 / 4, $0 % 4))\n" }
      try ("a:Int,b:Int,=:Int\n" + rows.joined()).write(toFile: path, atomically: true, encoding: .utf8)
    }

    func set(_ bytes: [UInt8]?) { grammar.bytes.withLock { $0 = bytes } }

    /// The cells: four that learn, two that code.
    func run() throws -> [RunFolder.Entry] {
      let grammar = grammar
      let method = FixedMethod(
        name: "a", kind: .program, calls: calls,
        read: { [FileDigest(name: "grammars/g.sl", bytes: grammar.bytes.withLock { $0 })] }, learning: learning)
      return try #require(try scratch.runner([method], tasks: [path]).run())
    }

    func refusal() throws -> String {
      let error = #expect(throws: InputError.self) { try run() }
      return "\(try #require(error))"
    }

    var learnt: Int { calls.count.withLock { $0 } }
  }

  @Test func changedDataAndFilesAreRefusedByName() throws {
    let inputs = try Inputs()
    defer { inputs.scratch.remove() }
    let first = try inputs.run()
    let digest = try #require(FileDigest(name: "", bytes: [1]).sha256)
    #expect(digest == "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a")
    #expect(first.count == 6 && first.allSatisfy { $0.record["files"] == ["grammars/g.sl": .string(digest)] })
    let changed = "plan.json: another comparison is in this folder: the"

    try Inputs.write(inputs.path, *)
    #expect(try inputs.refusal().contains("\(changed) data of '\(inputs.path)' changed: sha256 "))
    inputs.set([2])
    let both = try inputs.refusal()
    #expect(both.contains("\(changed) data of '"), "\(both)")
    #expect(both.contains("\(changed) file 'grammars/g.sl' changed: sha256 4bf5122f3445…"), "\(both)")
    try Inputs.write(inputs.path, +)
    let one = try inputs.refusal()
    #expect(!one.contains("data of") && one.contains("'grammars/g.sl'") && one.contains("--out"), "\(one)")
    inputs.set(nil)
    #expect(try inputs.refusal().contains("4bf5122f3445… when it was begun, not readable now"))

    inputs.set([1])
    #expect(try inputs.run().map(\.record) == first.map(\.record) && inputs.learnt == 4)
  }

  /// What missed a file rests on nothing: it is run when the file is there, and from then on rests on that.
  @Test func cellsThatMissedAFileAreRunAgain() throws {
    let inputs = try Inputs()
    defer { inputs.scratch.remove() }
    inputs.set(nil)
    #expect(try inputs.run().allSatisfy { $0.record["files"] == ["grammars/g.sl": .null] })
    inputs.set([1])
    #expect(try inputs.run().allSatisfy { $0.record["files"]?["grammars/g.sl"]?.string != nil })
    #expect(inputs.learnt == 8)
    inputs.set([2])
    #expect(try inputs.refusal().contains("the file 'grammars/g.sl' changed"))
  }

  @Test func cellsFailWhereDataOrFilesChangeMeanwhile() throws {
    var inputs = try Inputs()
    defer { inputs.scratch.remove() }
    let path = inputs.path
    inputs.learning = { try? Inputs.write(path, *) }
    let cut = try inputs.run()
    #expect(cut.filter(\.isFailure).count == 5 && inputs.learnt == 1)
    #expect(cut.last?.record["failure"]?.string == "the data of '\(path)' changed while the comparison ran")
    try Inputs.write(path, +)
    let grammar = inputs.grammar
    inputs.learning = { grammar.bytes.withLock { $0 = [2] } }
    let failed = try inputs.run().filter(\.isFailure)
    // But for the one that was done.
    #expect(failed.count == 5)
    #expect(failed.allSatisfy { $0.record["failure"] == "the file 'grammars/g.sl' changed while the comparison ran" })
    inputs.set([1])
    inputs.learning = {}
    #expect(try !inputs.run().contains(where: \.isFailure))
  }

  /// A folder of before digests were kept is reported and not gone on with.
  @Test func folderWithoutDigestsIsOnlyRead() throws {
    let inputs = try Inputs()
    defer { inputs.scratch.remove() }
    let count = try inputs.run().count
    let folder = RunFolder(inputs.scratch.folder.path)
    var header = try #require(try folder.header().object)
    #expect(header["data"]?[inputs.path]?.string?.count == 64)
    for name in ["data", "files"] { header.removeValue(forKey: name) }
    try JSONWriter.text(.object(header)).write(
      to: inputs.scratch.folder.appendingPathComponent("plan.json"), atomically: true, encoding: .utf8)
    #expect(try inputs.refusal().contains("does not say with which data and grammars its cells were made"))
    let results = try folder.results { FileManager.default.fileExists(atPath: $0) }
    #expect(results.entries.count == count && !ReportPage(results).html.contains("SHA-256"))
  }
}
