import Documents
import Foundation
import Grammars
import Tasks
import Testing

@Suite struct FileReadingTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "levin-tasks-\(UUID().uuidString)")

  private func withFolder(_ body: (String) throws -> Void) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path())
  }

  @Test func filesAreReadWhole() throws {
    try withFolder { folder in
      let task = try TaskFamily.named("mod-add").table(modulus: 61)
      for (ending, bytes) in [("csv", task.csv()), ("jsonl", task.jsonLines())] {
        let path = "\(folder)/sum.\(ending)"
        try Data(bytes).write(to: URL(filePath: path))
        #expect(try readFile(path, limit: 1 << 20) == bytes)
        let read = try TaskData.read(path: path)
        #expect(read.examples == task.examples)
        #expect(read.name == (ending == "csv" ? "sum" : "mod-add"))
        #expect(
          message { try readFile(path, limit: 10) } == "\(path): a file of more than 10 bytes, the most that is read")
      }
    }
  }

  @Test func missingFilesAndDirectoriesAreNamed() throws {
    try withFolder { folder in
      #expect(message { try readFile("\(folder)/none.csv", limit: 10) } == "\(folder)/none.csv: no such file")
      #expect(message { try readFile(folder, limit: 10) } == "\(folder): a directory; expected a file")
      #expect(message { try TaskData.read(path: "x.txt") }.hasPrefix("x.txt: a task file of unknown format; expected"))
      #expect(message { try readFile("", limit: 10) } == ": not the name of a file")
    }
  }

  @Test func devicesWithoutEndStopAtTheLimit() {
    #expect(message { try readFile("/dev/zero", limit: 1 << 18) }.contains("more than 262144 bytes"))
  }
}
