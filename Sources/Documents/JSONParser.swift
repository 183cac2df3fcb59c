/// A JSON value that knows where it stands in its text.
package struct JSONNode {
  package let range: Range<Int>
  package let content: Content

  package indirect enum Content {
    case scalar(JSONValue)
    case array([JSONNode])
    case object([Member])
  }

  package struct Member {
    package let name: String
    package let nameRange: Range<Int>
    package let node: JSONNode
  }

  package var value: JSONValue {
    switch content {
    case .scalar(let value): value
    case .array(let elements): .array(elements.map(\.value))
    case .object(let members):
      .object(Dictionary(members.map { ($0.name, $0.node.value) }, uniquingKeysWith: { first, _ in first }))
    }
  }

  /// The member of an object with this name.
  package func member(_ name: String) -> JSONNode? {
    guard case .object(let members) = content else { return nil }
    return members.first { $0.name == name }?.node
  }
}

/// A strict parser of RFC 8259 over UTF-8 bytes that are known to be valid.
///
/// Refuses what the grammar refuses (comments, trailing commas, `NaN`, leading zeros), lone surrogates, names that
/// repeat within an object, and nesting deeper than 64. Never recurses deeper than that.
package struct JSONParser {
  package static let deepestNesting = 64

  /// Where and why parsing stopped.
  package struct Failure: Error {
    package let range: Range<Int>
    package let complaint: Complaint
  }

  private let bytes: ArraySlice<UInt8>
  private var at: Int
  private var depth = 0

  private init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    at = bytes.startIndex
  }

  /// The one value that the bytes hold.
  package static func parse(_ bytes: ArraySlice<UInt8>) throws(Failure) -> JSONNode {
    var parser = JSONParser(bytes)
    let node = try parser.value()
    guard parser.at == bytes.endIndex else {
      throw parser.failure("\(parser.here) behind the end of the JSON value")
    }
    return node
  }

  /// A value with the white space around it.
  private mutating func value() throws(Failure) -> JSONNode {
    skipSpace()
    let start = at
    let content: JSONNode.Content
    switch peek {
    case UInt8(ascii: "{"): content = try nested(object)
    case UInt8(ascii: "["): content = try nested(array)
    case UInt8(ascii: "\""): content = .scalar(.string(try string()))
    case .some(let byte) where byte == UInt8(ascii: "-") || (48...57).contains(byte):
      content = .scalar(.number(try number()))
    case .some(let byte) where (65...90).contains(byte & ~32): content = .scalar(try word())
    default: throw failure("\(here) where a JSON value has to stand")
    }
    let end = at
    skipSpace()
    return JSONNode(range: start..<end, content: content)
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(Failure) -> JSONNode.Content
  ) throws(Failure) -> JSONNode.Content {
    guard depth < Self.deepestNesting else { throw failure("nesting deeper than \(Self.deepestNesting)") }
    depth += 1
    defer { depth -= 1 }
    at += 1
    skipSpace()
    return try body(&self)
  }

  private func array(_ parser: inout JSONParser) throws(Failure) -> JSONNode.Content {
    var elements: [JSONNode] = []
    if parser.skip("]") { return .array([]) }
    repeat { elements.append(try parser.value()) } while parser.skip(",")
    guard parser.skip("]") else { throw parser.failure("\(parser.here) in an array; expected ',' or ']'") }
    return .array(elements)
  }

  private func object(_ parser: inout JSONParser) throws(Failure) -> JSONNode.Content {
    var members: [JSONNode.Member] = []
    var names: Set<String> = []
    if parser.skip("}") { return .object([]) }
    repeat {
      parser.skipSpace()
      let start = parser.at
      guard parser.peek == UInt8(ascii: "\"") else {
        throw parser.failure("\(parser.here) in an object; expected a name in double quotes")
      }
      let name = try parser.string()
      let range = start..<parser.at
      let isRepeated = names.isEmpty ? members.contains { $0.name == name } : !names.insert(name).inserted
      guard !isRepeated else {
        throw Failure(range: range, complaint: Complaint("a second member named \(quoted(name))"))
      }
      parser.skipSpace()
      guard parser.skip(":") else { throw parser.failure("\(parser.here) after a name; expected ':'") }
      members.append(JSONNode.Member(name: name, nameRange: range, node: try parser.value()))
      // A set only for objects of many members: most have two.
      if members.count == 8 { names = Set(members.map(\.name)) }
    } while parser.skip(",")
    guard parser.skip("}") else { throw parser.failure("\(parser.here) in an object; expected ',' or '}'") }
    return .object(members)
  }

  private mutating func word() throws(Failure) -> JSONValue {
    let start = at
    while let byte = peek, (65...90).contains(byte & ~32) { at += 1 }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    switch text {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "null": return .null
    default:
      let meant = ["true": "true", "false": "false", "null": "null", "none": "null"][text.prefix(8).lowercased()]
      let complaint = Complaint(
        "\(quoted(text)) is not a JSON value", hint: meant.map { "did you mean '\($0)'?" })
      throw Failure(range: start..<at, complaint: complaint)
    }
  }

  private mutating func number() throws(Failure) -> String {
    let start = at
    if peek == UInt8(ascii: "-") { at += 1 }
    let leadingZero = peek == UInt8(ascii: "0")
    let whole = digits()
    guard whole > 0 else { throw failure("\(here) in a number; expected a digit") }
    guard !leadingZero || whole == 1 else {
      throw Failure(range: start..<at, complaint: Complaint("a number that starts with 0"))
    }
    if peek == UInt8(ascii: ".") {
      at += 1
      guard digits() > 0 else { throw failure("\(here) in a number; expected a digit behind the point") }
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      at += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { at += 1 }
      guard digits() > 0 else { throw failure("\(here) in a number; expected a digit of the exponent") }
    }
    return String(decoding: bytes[start..<at], as: UTF8.self)
  }

  private mutating func digits() -> Int {
    let start = at
    while let byte = peek, (48...57).contains(byte) { at += 1 }
    return at - start
  }
}

// MARK: - Strings

extension JSONParser {
  private mutating func string() throws(Failure) -> String {
    let start = at
    var text: [UInt8] = []
    at += 1
    while true {
      switch peek {
      case nil: throw Failure(range: start..<at, complaint: Complaint("a string that does not end"))
      case UInt8(ascii: "\""):
        at += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(&text)
      case .some(let byte) where byte < 0x20:
        throw failure("a control character in a string; expected an escape such as \\n")
      case .some(let byte):
        text.append(byte)
        at += 1
      }
    }
  }

  private mutating func escape(_ text: inout [UInt8]) throws(Failure) {
    at += 1
    let simple: UInt8
    switch peek {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): simple = peek!
    case UInt8(ascii: "b"): simple = 0x08
    case UInt8(ascii: "f"): simple = 0x0C
    case UInt8(ascii: "n"): simple = 0x0A
    case UInt8(ascii: "r"): simple = 0x0D
    case UInt8(ascii: "t"): simple = 0x09
    case UInt8(ascii: "u"):
      text += String(try unicodeEscape()).utf8
      return
    default: throw failure("\(here) behind a backslash; expected one of \" \\ / b f n r t u")
    }
    text.append(simple)
    at += 1
  }

  /// Reads `u` and four hexadecimal digits, or two of these that make a surrogate pair, from the `u` on.
  private mutating func unicodeEscape() throws(Failure) -> Character {
    let start = at - 1
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return Character(scalar) }
    if first < 0xDC00, bytes[at...].starts(with: "\\u".utf8) {
      at += 1
      let second = try codeUnit()
      if (0xDC00...0xDFFF).contains(second) {
        let number = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        if let scalar = Unicode.Scalar(number) { return Character(scalar) }
      }
    }
    throw Failure(range: start..<at, complaint: Complaint("half of a surrogate pair in a string"))
  }

  private mutating func codeUnit() throws(Failure) -> UInt16 {
    at += 1
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure("\(here) in a \\u escape; expected 4 hexadecimal digits")
      }
      unit = unit << 4 | UInt16(digit)
      at += 1
    }
    return unit
  }
}

// MARK: - Characters

extension JSONParser {
  private var peek: UInt8? { at < bytes.endIndex ? bytes[at] : nil }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    at += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { at += 1 }
  }

  /// What stands at the current place, for a message.
  private var here: String {
    at < bytes.endIndex
      ? "unexpected \(quoted(String(String(decoding: bytes[at...].prefix(32), as: UTF8.self).prefix(1))))"
      : "unexpected end"
  }

  private func failure(_ message: String) -> Failure {
    Failure(range: at..<min(at + 1, bytes.endIndex), complaint: Complaint(message))
  }
}
