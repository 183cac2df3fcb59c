import Documents
import TestSupport
import Testing

/// `levin das`, small: what a network learns first is where its first layer has it.
@Suite struct DASTests {
  @Test func recordsRepeatAndAddUp() throws {
    let arguments = [
      "das", "--seeds", "0..1", "--steps", "60", "--rotation-steps", "5", "--inputs", "128", "--pairs", "200", "--json",
    ]
    let one = try Command.run(arguments)
    #expect(one.code == 0, "\(one.error)")
    #expect(try Command.run(arguments + ["--threads", "2"]).output == one.output)
    let records = try one.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    #expect(records.map { $0["seed"]?.int64 } == [0, 1])
    for record in records {
      // Two equalities and the argument, in three layers.
      #expect(record["rows"]?.array?.count == 9)
      #expect(record["rows"]?.array?.allSatisfy { $0["iia"]?["count"]?.int64 == 200 } == true)
      #expect(record["settings"]?["rotationSteps"]?.int64 == 5 && record["settings"]?["inputs"]?.int64 == 128)
      #expect(record["weightsSHA256"]?.string?.count == 64 && record["task"]?["name"] == "hierarchical-equality")
      #expect(record["equalities"]?["layer1"]?["iia"] != nil && record["false"]?["layer3"]?["null"] != nil)
    }
  }

  @Test(.enabled(if: isThorough, "LEVIN_LONG=1 or a release build"))
  func networkLearnsTheEqualities() throws {
    let run = try Command.run([
      "das", "--seeds", "0", "--steps", "1200", "--rotation-steps", "60", "--inputs", "1024", "--pairs", "1000",
      "--json",
    ])
    #expect(run.code == 0, "\(run.error)")
    let record = try JSONValue(parsing: run.output)
    #expect((record["right"]?["share"]?.double ?? 0) > 0.97, "\(record)")
    func iia(_ layer: String) -> Double { record["equalities"]?[layer]?["iia"]?.double ?? -1 }
    #expect(iia("layer1") > 0.85 && iia("layer3") < 0.75, "\(record)")
  }

  @Test(arguments: [
    (["das", "--dimensions", "16"], "outside 1 … 15"), (["das", "--seeds", "x"], "is not a list"),
    (["das", "--inputs", "8"], "is no multiple of 16 in 16 … 65536"),
    (["das", "--inputs", "100"], "is no multiple of 16 in 16 … 65536"),
  ]) func wrongCommandLinesAreRefused(_ arguments: [String], _ message: String) throws {
    let run = try Command.run(arguments)
    #expect(run.code == 64 && run.error.contains(message), "\(run.error)")
  }
}
