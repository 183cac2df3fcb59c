import Documents
import Foundation
import Testing

/// What a search does to files that were there before, and with a damaged checkpoint of its own.
@Suite struct CheckpointTests {
  private static let search = InterruptionTests.arguments

  /// The record without its times.
  private static func untimed(_ text: String) throws -> JSONValue {
    guard case .object(var members) = try JSONValue(parsing: text) else { return .null }
    for name in ["seconds", "cpuSeconds", "secondsBeyondLevels"] { members[name] = nil }
    return .object(members)
  }

  @Test(arguments: [["search", "mod-add", "--modulus", "5"], ["search", "A000027", "--order", "levin"]])
  func otherFilesStay(_ arguments: [String]) throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("precious.txt")
    for text in ["precious", "{\"identity\":\"another\",\"type\":\"levin checkpoint\"}"] {
      try text.write(to: path, atomically: true, encoding: .utf8)
      let run = try Command.run(arguments + ["--checkpoint", path.path])
      #expect(run.code == 2 && run.error.contains("no checkpoint of this search"), "\(run.error)")
      #expect(try String(contentsOf: path, encoding: .utf8) == text)
    }
    // Said at the beginning, not when there is something to save.
    let nowhere = try Command.run(arguments + ["--checkpoint", folder.appendingPathComponent("none/x.json").path])
    #expect(nowhere.code == 2 && nowhere.output.isEmpty && nowhere.error.contains("no checkpoint can be written"))
  }

  /// A search that goes on and meets a limit saves what it has, and goes on from there.
  @Test func limitsKeepWhatWasSaved() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("state.json").path
    let search = Self.search + ["--checkpoint", path]
    let state = try Self.interrupted(search, at: path, folder)
    let resumed = try Command.run(search + ["--resume", path, "--max-programs", "1"], in: folder)
    #expect(resumed.code != 0 && resumed.error.contains("to go on, with a higher --max-programs:"), "\(resumed.error)")
    #expect(try JSONValue(parsing: resumed.output)["stop"] == "program limit")
    let kept = try JSONValue(parsing: String(contentsOfFile: path, encoding: .utf8))
    #expect(kept["identity"] == state["identity"] && kept["levels"] == state["levels"])
    let again = try Command.run(search + ["--resume", path], in: folder)
    #expect(try Self.untimed(again.output) == Self.untimed(Command.run(Self.search, in: folder).output))
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func damagedCheckpointsAreRefused() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("state.json").path
    let state = try Self.interrupted(Self.search + ["--checkpoint", path], at: path, folder)
    guard case .object(let members) = state else { return #expect(Bool(false)) }
    let levels = try #require(state["levels"]?.array)
    try #require(levels.count > 3)
    let changes: [(String, JSONValue)] = [
      ("known", .array([.integer(0), .string("x")])), ("known", .array([])), ("known", .array([.integer(1 << 40)])),
      ("spent", ["candidates": .integer(UInt64.max), "filtered": .integer(0), "lookups": .integer(0)]),
      ("levels", .array([["level": 0, "filtered": .integer(UInt64.max), "lookups": .integer(0), "hits": .array([])]])),
      // Levels that are gone, and levels in another order.
      ("levels", .array(levels.enumerated().filter { $0.offset != 2 }.map(\.element))),
      ("levels", .array(levels.dropFirst(3).map { $0 })), ("levels", .array(levels.reversed())),
    ]
    for (name, value) in changes {
      var changed = members
      changed[name] = value
      try JSONWriter.line(.object(changed)).write(toFile: path, atomically: true, encoding: .utf8)
      let run = try Command.run(Self.search + ["--checkpoint", path, "--resume", path], in: folder)
      #expect(run.code == 2 && run.error.contains("the checkpoint is damaged"), "\(name): \(run.code) \(run.error)")
    }
  }

  /// Of a search in Levin order: phases and parts of a phase that are gone, doubled or in another order.
  @Test func damagedCheckpointsOfPhasesAreRefused() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("state.json").path
    let search = ["search", "A000124", "--order", "levin", "--json", "--checkpoint", path]
    let straight = try Command.run(search, in: folder)
    #expect(
      try Command.run(search + ["--max-steps", "200000"], in: folder).error.contains(
        "to go on, with a higher --max-steps:"))
    guard case .object(let members) = try JSONValue(parsing: String(contentsOfFile: path, encoding: .utf8)),
      let phases = members["phases"]?.array, let shards = members["shards"]?.array, shards.count > 3
    else { return #expect(Bool(false)) }
    func changed(_ part: JSONValue, _ name: String, _ value: JSONValue) throws -> JSONValue {
      var members = try #require(part.object)
      members[name] = value
      return .object(members)
    }
    let changes: [([JSONValue], [JSONValue], String)] = [
      (Array(phases.dropFirst()), [], "phase 2 stands in the place of phase 1"),
      (phases.reversed(), shards, "stands in the place of phase 1"),
      (phases.dropLast(), shards, "a part of phase \(phases.count + 1) behind \(phases.count - 1) phases"),
      (phases + [phases[0]], [], "phase 1 stands in the place of"),
      (phases, [shards[1]], "the first part of phase \(phases.count + 1) is of another walk"),
      (phases, [shards[0]] + shards.dropFirst(2), "is of another walk"), (phases, shards + shards + shards, "damaged"),
      (try phases.dropLast() + [changed(phases[phases.count - 1], "steps", .integer(1 << 40))], shards, "more than 2^"),
      (try phases.map { try changed($0, "programs", .integer(UInt64(1) << 61)) }, shards, "programs in all"),
      (try phases.dropLast() + [changed(phases[phases.count - 1], "open", "1/2")], shards, "and not 1"),
      ([.null], shards, "an entry of 'phases' is none"),
    ]
    for (phases, shards, message) in changes {
      var changed = members
      (changed["phases"], changed["shards"]) = (.array(phases), .array(shards))
      try JSONWriter.line(.object(changed)).write(toFile: path, atomically: true, encoding: .utf8)
      let run = try Command.run(search + ["--resume", path], in: folder)
      #expect(
        run.code == 2 && run.output.isEmpty && run.error.contains("\(path): the checkpoint is damaged")
          && run.error.contains(message), "\(message): \(run.code) \(run.error)")
    }
    // Unchanged it goes on, and so it does from the finished phases alone.
    for shards in [shards, []] {
      var kept = members
      kept["shards"] = .array(shards)
      try JSONWriter.line(.object(kept)).write(toFile: path, atomically: true, encoding: .utf8)
      let run = try Command.run(search + ["--resume", path], in: folder)
      #expect(try run.code == 0 && Self.untimed(run.output) == Self.untimed(straight.output), "\(run.error)")
    }
  }

  private static func interrupted(_ search: [String], at path: String, _ folder: URL) throws -> JSONValue {
    _ = try Command.interrupted(search, in: folder, after: 0.5)
    return try JSONValue(parsing: String(contentsOfFile: path, encoding: .utf8))
  }
}
