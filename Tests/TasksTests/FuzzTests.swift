import Documents
import Foundation
import Grammars
import Randomness
import Tasks
import TestSupport
import Testing

/// Damaged files end in a value or an `InputError`, never in a crash or a hang.
@Suite struct FuzzTests {
  private static let mutations = isLongRun ? 100_000 : 10_000

  private static let csv = Array(
    """
    a:Int,"b:(_ BitVec 8)",p:Perm3,=:Bool
    1,#x0f,0 1 2,true
    -2,#b00000000,"2 1 0",false
    33, 255 ,1 0 2,true

    """.utf8)

  private static let jsonLines =
    Array(
      #"{"modulus":7,"name":"\u00e9\ud83d\ude00","output":"Bool","parameters":[{"name":"a","sort":"Int"},{"name":"b","sort":"BitVec8"},{"name":"p","sort":"Perm3"}]}"#
        .utf8) + [0x0A]
    + Array(
      #"""
      {"inputs":[1,"#x0f",[0,1,2]],"output":true}
      {"inputs":[-2.0e1,255,[2,1,0]],"output":false}

      """#.utf8)

  /// Pieces that grammars of both formats care about.
  private static let pieces: [[UInt8]] =
    [
      "\"", ",", "\n", "\r", "\\", "{", "}", "[", "]", ":", "\\u", "\\ud800", "1e999999999", "-", "#x", "#b", "(_ ",
      "0", " ",
      "\u{FEFF}", "é", "9223372036854775808", "true", "null", "Perm15", "BitVec64", "\0", "\t",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF0, 0x9F]]

  private static func damaged(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0...generator.below(4) {
      let at = Int(generator.below(UInt64(bytes.count + 1)))
      switch generator.below(6) {
      case 0: bytes = Array(bytes[..<at])
      case 1: bytes.insert(contentsOf: pieces[Int(generator.below(UInt64(pieces.count)))], at: at)
      case 2 where at < bytes.count: bytes[at] = UInt8(truncatingIfNeeded: generator.next())
      case 3 where at < bytes.count: bytes.remove(at: at)
      case 4:
        let end = min(bytes.count, at + Int(generator.below(20)))
        bytes.insert(contentsOf: bytes[at..<end], at: Int(generator.below(UInt64(bytes.count + 1))))
      default:
        let end = min(bytes.count, at + Int(generator.below(20)))
        bytes.removeSubrange(at..<end)
      }
    }
    return bytes
  }

  /// Runs `read` on damaged copies of `bytes` and returns how many were still accepted.
  private func accepted(_ bytes: [UInt8], _ name: String, _ read: ([UInt8]) throws -> Void) -> Int {
    var generator = SeededGenerator(seed: 20, name: name)
    var count = 0
    for _ in 0..<Self.mutations {
      let damaged = Self.damaged(bytes, &generator)
      do {
        try read(damaged)
        count += 1
      } catch let error as InputError {
        let text = error.description
        guard error.faults.allSatisfy({ $0.line >= 0 && ($0.excerpt?.count ?? 0) <= 160 }), !text.isEmpty else {
          Issue.record("\(name), seed 20: a malformed error for \(damaged)")
          continue
        }
      } catch {
        Issue.record("\(name), seed 20: \(error) for \(damaged)")
      }
    }
    return count
  }

  @Test func damagedCSVIsReadOrRefused() {
    let count = accepted(Self.csv, "fuzz/csv") { bytes in
      let task = try CSVReader.read(bytes, file: "f")
      let again = try CSVReader.read(task.csv(), file: "f")
      #expect(again == task)
    }
    #expect(count > 0 && count < Self.mutations)
  }

  @Test func damagedJSONLinesAreReadOrRefused() {
    let count = accepted(Self.jsonLines, "fuzz/jsonl") { bytes in
      let task = try JSONLinesReader.read(bytes, file: "f")
      let again = try JSONLinesReader.read(task.jsonLines(), file: "f")
      #expect(again == task)
    }
    #expect(count > 0 && count < Self.mutations)
  }

  @Test func damagedJSONIsParsedOrRefused() {
    let document = Array(Self.jsonLines[..<(Self.jsonLines.firstIndex(of: 0x0A) ?? 0)])
    let count = accepted(document, "fuzz/json") { bytes in
      let value = try JSONValue(parsing: bytes, file: "f")
      let again = try JSONValue(parsing: JSONWriter.text(value))
      #expect(again == value)
    }
    #expect(count > 0 && count < Self.mutations)
  }
}
