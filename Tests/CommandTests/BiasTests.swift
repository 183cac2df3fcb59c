import Documents
import ExactArithmetic
import Foundation
import TestSupport
import Testing

/// `levin bias`: records, figures, and what it refuses.
@Suite struct BiasTests {
  private static func records(_ arguments: [String], in folder: URL? = nil) throws -> [[String: JSONValue]] {
    let outcome = try Command.run(["bias"] + arguments + ["--json"], in: folder)
    try #require(outcome.code == 0, "\(outcome.error)")
    return try outcome.output.split(separator: "\n").map { try #require(JSONValue(parsing: String($0)).object) }
  }

  @Test func randomNetworksAreCountedAlikeOnAnyThreads() throws {
    let arguments = ["boolean", "--variables", "2", "--samples", "300", "--networks", "mlp,gru"]
    let records = try Self.records(arguments)
    #expect(try Self.records(arguments + ["--threads", "2"]) == records)
    #expect(records.count == 2)
    for record in records {
      let counts = try #require(record["counts"]?.array).map { $0.object?["networks"]?.int64 ?? 0 }
      #expect(counts.reduce(0, +) == 300 && record["networks"]?.int64 == 300)
      #expect(Int64(counts.count) == record["distinct"]?.int64 && record["functions"]?.int64 == 16)
      let bits = try #require(record["bits"]?.object)
      #expect(try #require(bits["uniform"]?.double) == 4)
      // No prior codes the networks' functions in fewer bits than their own distribution.
      let entropy = try #require(record["entropy"]?.double)
      for prior in ["programs", "balance", "uniform"] { #expect(try #require(bits[prior]?.double) >= entropy - 1e-9) }
    }
  }

  @Test func trainedNetworksAreCountedAlikeOnAnyThreads() throws {
    let arguments = [
      "boolean", "--variables", "2", "--train-count", "2", "--targets", "8", "--samples", "3", "--networks", "mlp",
      "--until-loss", "0.1",
    ]
    let record = try #require(try Self.records(arguments).first)
    #expect(try Self.records(arguments + ["--threads", "2"]).first == record)
    #expect(record["networks"]?.int64 == 24 && record["unfitted"]?.int64 == 0 && record["unseen"]?.int64 == 48)
    #expect(record["untilLoss"]?.double == 0.1)
    // Two inputs are unseen: two bits by holding all functions for alike.
    #expect(record["bits"]?.object?["uniform"]?.double == 2)
    #expect(try Self.records(arguments + ["--draw", "uniform"]).first != record)
  }

  @Test func sizesAndScaleAreThoseOfTheRecord() throws {
    let arguments = ["boolean", "--variables", "2", "--samples", "50", "--networks", "mlp,transformer,gru"]
    let records = try Self.records(arguments + ["--width", "6", "--hidden", "10", "--initial-scale", "2.5"])
    for record in records {
      #expect(record["initialScale"]?.double == 2.5)
      let configuration = record["network"]?.object?["configuration"]
      let hidden = configuration?["d_hidden"] ?? configuration?["d_mlp"]
      #expect(configuration?["d_model"]?.int64 == 6 && hidden?.int64 == 10, "\(record)")
    }
    let text = try Command.run(["bias"] + arguments + ["--initial-scale", "2.5"]).output
    #expect(text.contains("\nscale      initial parameters times 2.5\n"), "\(text)")
  }

  @Test func textAndFigureShowEveryFunction() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let outcome = try Command.run(
      ["bias", "boolean", "--variables", "2", "--samples", "200", "--networks", "mlp", "--out", "bias"], in: folder)
    #expect(outcome.code == 0 && outcome.output.contains("16 functions on 4 inputs"))
    #expect(outcome.output.contains("a xor a") && outcome.output.contains("200 networks of each kind"))
    let csv = try String(contentsOf: folder.appendingPathComponent("bias/bias.csv"), encoding: .utf8)
    #expect(csv.split(separator: "\n").count > 4)
    #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("bias/bias.svg").path))
  }

  @Test func otherLanguagesAreRefused() throws {
    for (arguments, message) in [
      (["bias", "boolean", "--variables", "5"], "too many functions on its 32 inputs to know them all"),
      (["bias", "integers"], "more than 4096"),
      (["bias", "sequences"], "is any integer"),
      (["bias", "permutations"], "where Bool, Int or bit vectors were expected"),
    ] {
      let outcome = try Command.run(arguments)
      #expect(outcome.code == 2 && outcome.error.contains(message), "\(outcome.error)")
    }
    for (arguments, message) in [
      (["--networks", "mlp,mpl"], "did you mean 'mlp'?"), (["--networks", "gru,gru"], "twice"),
      (["--targets", "3"], "go with --train-count"), (["--until-loss", "0.1"], "go with --train-count"),
      (["--train-count", "4"], "leaves none of the 4 inputs unseen"),
      (["--train-count", "2", "--out", "x"], "--out goes with random networks"),
      (["--train-count", "2", "--until-loss", "0"], "is not above 0"), (["--samples", "0"], "outside 1"),
      (["--initial-scale", "0"], "outside 0.001 … 1000"), (["--initial-scale", "nan"], "outside 0.001 … 1000"),
      (["--width", "0"], "outside 1"), (["--hidden", "5000"], "outside 1"),
    ] {
      let outcome = try Command.run(["bias", "boolean", "--variables", "2"] + arguments)
      #expect(outcome.code == 64 && outcome.error.contains(message), "\(arguments) \(outcome.error)")
    }
  }
}
