/// Writes JSON on one line: the names of an object in the order of their UTF-8 bytes, no spaces, numbers as they are.
///
///     JSONWriter.text(["b": 1, "a": [true, nil]])    // {"a":[true,null],"b":1}
///
/// The same value gives the same bytes in every process. Strings are written in UTF-8; only quotes, backslashes and
/// control characters are escaped.
public enum JSONWriter {
  /// The value without a line end.
  public static func text(_ value: JSONValue) -> String {
    var bytes: [UInt8] = []
    write(value, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The value as a line of JSON Lines, with its line end.
  public static func line(_ value: JSONValue) -> String { text(value) + "\n" }

  /// Appends the value's bytes.
  public static func write(_ value: JSONValue, to bytes: inout [UInt8]) {
    switch value {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .number(let digits): bytes += digits.utf8
    case .string(let text): write(string: text, to: &bytes)
    case .array(let elements):
      write(elements, between: "[", "]", to: &bytes) { element, bytes in write(element, to: &bytes) }
    case .object(let members):
      let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      write(sorted, between: "{", "}", to: &bytes) { member, bytes in
        write(string: member.key, to: &bytes)
        bytes.append(0x3A)
        write(member.value, to: &bytes)
      }
    }
  }

  private static func write<Item>(
    _ items: [Item], between open: Unicode.Scalar, _ close: Unicode.Scalar, to bytes: inout [UInt8],
    _ writeItem: (Item, inout [UInt8]) -> Void
  ) {
    bytes.append(UInt8(ascii: open))
    for (index, item) in items.enumerated() {
      if index > 0 { bytes.append(0x2C) }
      writeItem(item, &bytes)
    }
    bytes.append(UInt8(ascii: close))
  }

  private static func write(string: String, to bytes: inout [UInt8]) {
    bytes.append(0x22)
    for byte in string.utf8 {
      switch byte {
      case 0x22, 0x5C: bytes += [0x5C, byte]
      case 0x08: bytes += "\\b".utf8
      case 0x09: bytes += "\\t".utf8
      case 0x0A: bytes += "\\n".utf8
      case 0x0C: bytes += "\\f".utf8
      case 0x0D: bytes += "\\r".utf8
      case 0..<0x10: bytes += "\\u000\(String(byte, radix: 16))".utf8
      case 0x10..<0x20: bytes += "\\u00\(String(byte, radix: 16))".utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(0x22)
  }
}
