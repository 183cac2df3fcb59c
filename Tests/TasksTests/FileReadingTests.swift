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
      for (ending, bytes) in try [("csv", task.csv()), ("jsonl", task.jsonLines())] {
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

  /// Endings are read in capitals too, and a file of symbols without a name has that of its file.
  @Test func endingsMayBeWrittenInCapitals() throws {
    #expect(TaskData.isFile("X2.CSV") && TaskData.isFile("s.Ndjson") && TaskData.isFile("./mod-add"))
    #expect(!TaskData.isFile("mod-add") && !TaskData.isFile("csv") && !TaskData.isFile("x.sl"))
    let symbols = #"{"input_symbols":["0","1"],"output_symbols":["0","1"]}"# + "\n" + #"{"input":[0],"output":[1]}"#
    try withFolder { folder in
      for (name, text) in [("X2.CSV", "a:Int,=:Int\n1,2\n"), ("S.JSONL", symbols), ("s.ndjson", symbols)] {
        let path = "\(folder)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: path))
        if name == "X2.CSV" {
          #expect(try TaskData.read(path: path).name == "X2")
        } else {
          #expect(try SymbolData.read(path: path).name == String(name.prefix(1)))
        }
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
