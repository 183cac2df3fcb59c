import Documents
import Foundation
import TestSupport

/// The built `levin`, run as a process of its own.
struct Command {
  /// What a run left behind.
  struct Outcome {
    let code: Int32
    /// Whether a signal ended it.
    let wasKilled: Bool
    let output: String
    let error: String
  }

  /// The executable beside the test bundle, in the build folder.
  static let path: String = {
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    #if DEBUG
      let configuration = "debug"
    #else
      let configuration = "release"
    #endif
    let places = [bundle.appendingPathComponent("levin").path, "\(Repository.root)/.build/\(configuration)/levin"]
    return places.first { FileManager.default.isExecutableFile(atPath: $0) } ?? places[1]
  }()

  /// A new empty folder.
  static func folder() throws -> URL {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("levin-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }

  /// The records of a comparison in a folder, by the name of their cell.
  static func cells(in run: URL) throws -> [String: JSONValue] {
    let text = try String(contentsOf: run.appendingPathComponent("records.jsonl"), encoding: .utf8)
    let records = try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    return Dictionary(uniqueKeysWithValues: records.map { ($0["cell"]?.string ?? "", $0) })
  }

  /// Runs the command in a folder and waits for its end.
  ///
  /// - Parameters:
  ///   - output: the file that stdout goes to, when it is not kept.
  ///   - interruptAfter: seconds until SIGINT (SIGTERM where the tests themselves run with SIGINT ignored, as
  ///   shells start background jobs: the command would inherit that until it listens); nil sends none.
  static func run(
    _ arguments: [String], in folder: URL? = nil, output: String? = nil, interruptAfter: Double? = nil
  ) throws -> Outcome {
    let place = try folder ?? self.folder()
    defer { if folder == nil { try? FileManager.default.removeItem(at: place) } }
    let files = ["out", "err"].map { place.appendingPathComponent(".\($0)-\(UUID().uuidString)") }
    for file in files { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
    let handles = try files.map { try FileHandle(forWritingTo: $0) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = place
    process.standardInput = FileHandle.nullDevice
    let given = try output.map { try FileHandle(forWritingTo: URL(fileURLWithPath: $0)) }
    (process.standardOutput, process.standardError) = (given ?? handles[0], handles[1])
    try process.run()
    if let interruptAfter {
      Thread.sleep(forTimeInterval: interruptAfter)
      kill(process.processIdentifier, interruption)
    }
    process.waitUntilExit()
    for handle in handles { try handle.close() }
    let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
    for file in files { try FileManager.default.removeItem(at: file) }
    return Outcome(
      code: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal, output: texts[0],
      error: texts[1])
  }

  /// Interrupts a run while it searches: later when the signal came before the command listened, earlier when the run had
  /// ended.
  ///
  /// - Parameter seconds: until the first try.
  static func interrupted(_ arguments: [String], in folder: URL, after seconds: Double) throws -> Outcome {
    var seconds = seconds
    for _ in 0..<12 {
      let run = try run(arguments, in: folder, interruptAfter: seconds)
      if run.code == 128 + interruption, !run.wasKilled { return run }
      seconds *= run.wasKilled ? 1.6 : 0.7
    }
    throw Unreached()
  }
  private struct Unreached: Error {}

  /// The signal that interrupts.
  static let interruption: Int32 = {
    var action = sigaction()
    sigaction(SIGINT, nil, &action)
    #if canImport(Darwin)
      let handler = action.__sigaction_u.__sa_handler
    #else
      let handler = action.__sigaction_handler.sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) ? SIGTERM : SIGINT
  }()

  /// The words of a line, apart at spaces; a quoted part is one word.
  static func words(_ line: String) -> [String] {
    var words: [String] = []
    var word: String?
    var isQuoted = false
    for character in line {
      switch character {
      case "'":
        isQuoted.toggle()
        word = word ?? ""
      case " " where !isQuoted:
        if let known = word { words.append(known) }
        word = nil
      default: word = (word ?? "") + String(character)
      }
    }
    return words + (word.map { [$0] } ?? [])
  }
}
