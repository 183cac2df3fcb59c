import Documents
import Foundation
import Testing

@Suite struct FilesAreReplacedAsAWhole {
  @Test func bytesComeBack() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("levin-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let contents: [[UInt8]] = [[], [0], Array(0...255), Array("é\n".utf8), Array(repeating: 7, count: 1 << 20)]
    for bytes in contents {
      try replaceFile(path, with: bytes)
      #expect(try readFile(path, limit: 1 << 21) == bytes)
    }
    // Nothing is left beside it.
    let (folder, name) = ((path as NSString).deletingLastPathComponent, (path as NSString).lastPathComponent)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix(name) } == [name])
  }

  @Test func appendedTextsFollowEachOther() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("levin-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    for text in ["one\n", "", "zwei é\n"] { try appendToFile(path, text) }
    #expect(try readFile(path, limit: 100) == Array("one\nzwei é\n".utf8))
    let error = #expect(throws: InputError.self) { try appendToFile("/nowhere/at all", "x") }
    #expect("\(error!)".hasPrefix("/nowhere/at all: cannot append to the file: "))
  }

  @Test func refusalNamesFileAndStep() {
    let error = #expect(throws: InputError.self) { try replaceFile("/nowhere/at all", with: "x") }
    #expect("\(error!)".hasPrefix("/nowhere/at all: cannot write the file: "))
  }
}
