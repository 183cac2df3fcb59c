import Documents
import Networks
import TestSupport
import Testing

/// Whole messages, kept in `Faults/safetensors.txt`.
@Suite struct SafetensorsFaultTests {
  private static func entry(_ name: String, _ offsets: String, shape: String = "[2]", type: String = "F32") -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  /// A matrix, a vector and a float64, all of them not finite somewhere; the last is too great.
  private static var notFinite: [UInt8] {
    let escape = entry("b\\u001b[31m", "[16,24]")
    var file = ByteWriter()
    file.write(
      safetensors(
        "{\(entry("a", "[0,16]", shape: "[2,2]")),\(escape),\(entry("c", "[24,32]", shape: "[1]", type: "F64"))}"))
    let words: [UInt64] = [0x3F80_0000, 0x7F80_0000, 0x7FC0_0000, 0xFF80_0000, 0, 0x7FC0_0001, 0, 0x7FD0_0000]
    for word in words { file.write(word, 4) }
    return file.bytes
  }

  private typealias Case = (name: String, bytes: [UInt8])

  private static var cases: [Case] { headers + entries + places }

  private static var headers: [Case] {
    let good = "{\(entry("a", "[0,8]"))}"
    return [
      ("empty file", []),
      ("seven bytes", [1, 2, 3, 4, 5, 6, 7]),
      ("header longer than the file", safetensors("{}", length: 3)),
      ("header longer than the limit", safetensors("{}", length: 100_000_001)),
      ("header length of 64 bits", safetensors("{}", length: .max)),
      ("a zip archive", Fixture.bytes("lens.pt")),
      ("empty header", safetensors("")),
      ("does not begin with a brace", safetensors(" {}")),
      ("not UTF-8", safetensors("{\"a", length: 5) + [0xFF, 0x7D]),
      ("not JSON", safetensors("{\(entry("a", "[0,8]")),}", dataBytes: 8)),
      ("behind the object", safetensors(good + "x", dataBytes: 8)),
      ("deep", safetensors("{\"a\":" + String(repeating: "[", count: 100_000))),
      ("duplicate name", safetensors("{\(entry("a", "[0,8]")),\(entry("a", "[8,16]"))}", dataBytes: 16)),
    ]
  }

  private static var entries: [Case] {
    let huge = "9223372036854775807"
    return [
      ("metadata", safetensors(#"{"__metadata__":{"a":"1","b":2,"c":null}}"#)),
      ("metadata that is no object", safetensors(#"{"__metadata__":[]}"#)),
      ("entry that is no object", safetensors(#"{"a":1}"#)),
      ("missing members", safetensors(#"{"a":{"dtype":"F32"}}"#)),
      (
        "unknown member",
        safetensors(#"{"a":{"dtype":"F32","shapes":[2],"shape":[2],"data_offsets":[0,8]}}"#, dataBytes: 8)
      ),
      (
        "unknown type",
        safetensors("{\(entry("a", "[0,8]", type: "F8_E4M3")),\(entry("b", "[0,8]", type: "F3"))}", dataBytes: 8)
      ),
      ("type that is no text", safetensors(#"{"a":{"dtype":4,"shape":[2],"data_offsets":[0,8]}}"#, dataBytes: 8)),
      (
        "shapes",
        safetensors(
          "{\(entry("a", "[0,8]", shape: "[-2]")),\(entry("b", "[0,8]", shape: "[2.0]")),\(entry("c", "[0,8]", shape: "2"))}",
          dataBytes: 8)
      ),
      (
        "overflow",
        safetensors(
          "{\(entry("a", "[0,8]", shape: "[\(huge),4]")),\(entry("b", "[0,8]", shape: "[\(huge)]"))}", dataBytes: 8)
      ),
      (
        "offsets",
        safetensors(
          "{\(entry("a", "[8]")),\(entry("b", "[8,0]")),\(entry("c", "[0,18446744073709551616]"))}", dataBytes: 8)
      ),
      ("size is not that of the shape", safetensors("{\(entry("a", "[0,12]"))}", dataBytes: 12)),
    ]
  }

  private static var places: [Case] {
    let good = "{\(entry("a", "[0,8]"))}"
    return [
      ("cut off", safetensors("{\(entry("a", "[0,8]")),\(entry("b", "[8,16]"))}", dataBytes: 15)),
      (
        "overlap",
        safetensors("{\(entry("a", "[0,8]")),\(entry("b", "[4,12]")),\(entry("c", "[4,12]"))}", dataBytes: 12)
      ),
      ("holes", safetensors("{\(entry("a", "[4,12]")),\(entry("b", "[16,24]"))}", dataBytes: 24)),
      ("bytes behind", safetensors(good, dataBytes: 9)),
      ("only bytes", safetensors("{}", dataBytes: 1)),
      ("not finite", notFinite),
    ]
  }

  @Test func messagesAreThoseOnRecord() {
    var text = ""
    for (name, bytes) in Self.cases {
      text += "# \(name)\n\(message { _ = try Safetensors.read(bytes, file: "model.safetensors") })\n\n"
    }
    if let difference = Golden.difference(text, "Tests/NetworksTests/Faults/safetensors.txt") {
      Issue.record("\(difference)")
    }
  }

  @Test func aHundredFaultsAreEnough() {
    let entries = (0..<1000).map { Self.entry("w\($0)", "[8,0]") }.joined(separator: ",")
    let error = #expect(throws: InputError.self) { try Safetensors.read(safetensors("{\(entries)}"), file: "m") }
    #expect(error?.faults.count == 101)
    #expect(error?.faults.last?.message == "and 900 more")
  }
}
