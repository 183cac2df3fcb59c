/// A node of SMT-LIB's syntax, with its place in the text.
struct SExpression {
  enum Kind {
    case symbol(String)
    /// Digits, as written.
    case numeral(String)
    /// `1.5` or `3/10`, as written.
    case decimal(String)
    /// The digits behind `#x` or `#b`.
    case hexadecimal(String)
    case binary(String)
    case string(String)
    /// With its colon.
    case keyword(String)
    case list([SExpression])
  }
  let kind: Kind
  /// Byte offsets.
  let range: Range<Int>

  var symbol: String? { if case .symbol(let name) = kind { name } else { nil } }
  var list: [SExpression]? { if case .list(let items) = kind { items } else { nil } }
  var keyword: String? { if case .keyword(let name) = kind { name } else { nil } }
  var numeral: String? { if case .numeral(let digits) = kind { digits } else { nil } }
  /// The number of words in the node, up to `limit` or a little above it.
  func wordCount(upTo limit: Int) -> Int {
    guard let list else { return 1 }
    var count = 1
    for item in list where count <= limit { count += item.wordCount(upTo: limit - count) }
    return count
  }
  /// The digits of `(- 3)`; nil for all else.
  var negatedNumeral: String? {
    guard let items = arguments(of: "-"), items.count == 1 else { return nil }
    return items.first!.numeral
  }
  /// The items behind the head symbol, when the node is a list with this head.
  func arguments(of head: String) -> ArraySlice<SExpression>? {
    guard let list, list.first?.symbol == head else { return nil }
    return list.dropFirst()
  }
}

/// Reads the nodes of a text: SMT-LIB 2.6 lexical rules, and `3/10` as a number.
///
/// Reading goes on behind a fault, so that all faults of a file are found at once.
struct SExpressionParser {
  /// Deepest nesting that is read; later stages recurse over nodes.
  static let depthLimit = 200
  /// Largest file, in bytes.
  static let sizeLimit = 64 << 20

  private let source: SourceText
  private var position = 0
  private(set) var faults = SourceFaults()

  init(_ source: SourceText) {
    self.source = source
    // A byte order mark says that the text is UTF-8, which it is.
    if source.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  private var bytes: [UInt8] { source.bytes }

  /// All nodes at the top level.
  mutating func parse() -> [SExpression] {
    if bytes.count > Self.sizeLimit {
      faults.append(.init(message: "the file has \(bytes.count) bytes; at most \(Self.sizeLimit) are read"))
      return []
    }
    if let offset = source.firstInvalidByte() {
      let byte = String(bytes[offset], radix: 16)
      faults.append(source.fault(offset..<offset + 1, "the byte 0x\(byte) at offset \(offset) is not UTF-8 text"))
      return []
    }
    var open: [(start: Int, items: [SExpression])] = []
    var top: [SExpression] = []
    func add(_ node: SExpression) {
      if open.isEmpty { top.append(node) } else { open[open.count - 1].items.append(node) }
    }
    while let start = skipBlanks() {
      switch bytes[start] {
      case UInt8(ascii: "("):
        position += 1
        if open.count == Self.depthLimit {
          faults.append(source.fault(start..<start + 1, "more than \(Self.depthLimit) nested parentheses"))
          return top
        }
        open.append((start, []))
      case UInt8(ascii: ")"):
        position += 1
        if let last = open.popLast() {
          add(SExpression(kind: .list(last.items), range: last.start..<position))
        } else {
          faults.append(source.fault(start..<start + 1, "')' closes nothing"))
        }
      default:
        if let node = atom(start) { add(node) }
      }
    }
    for item in open.suffix(1) {
      faults.append(source.fault(item.start..<item.start + 1, "'(' is never closed: the file ends too early"))
    }
    return top
  }

  /// Moves to the next node; nil at the end.
  private mutating func skipBlanks() -> Int? {
    while position < bytes.count {
      switch bytes[position] {
      case 9, 10, 13, 32: position += 1
      case UInt8(ascii: ";"):
        // A comment ends where its line does.
        while position < bytes.count, bytes[position] != 10, bytes[position] != 13 { position += 1 }
      default: return position
      }
    }
    return nil
  }

  private mutating func atom(_ start: Int) -> SExpression? {
    switch bytes[start] {
    case UInt8(ascii: "\""): return quoted(start, UInt8(ascii: "\""), "string")
    case UInt8(ascii: "|"): return quoted(start, UInt8(ascii: "|"), "symbol")
    default: break
    }
    while position < bytes.count, !Self.ends(bytes[position]) { position += 1 }
    if position == start { position += 1 }
    let range = start..<position
    let text = String(decoding: bytes[range], as: UTF8.self)
    guard let kind = Self.classify(text) else {
      faults.append(word: source.fault(range, "'\(source.text(range))' is not a word of the language"))
      return SExpression(kind: .symbol(text), range: range)
    }
    return SExpression(kind: kind, range: range)
  }

  private static func ends(_ byte: UInt8) -> Bool {
    switch byte {
    case 9, 10, 13, 32, UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ";"), UInt8(ascii: "\""), UInt8(ascii: "|"):
      true
    default: false
    }
  }

  private static func classify(_ text: String) -> SExpression.Kind? {
    let bytes = Array(text.utf8)
    func digits(_ part: ArraySlice<UInt8>) -> Bool { !part.isEmpty && part.allSatisfy { (48...57).contains($0) } }
    if bytes[0] == UInt8(ascii: "#") {
      let body = bytes.dropFirst(2)
      if bytes.count > 2, bytes[1] == UInt8(ascii: "x"), body.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) {
        return .hexadecimal(String(text.dropFirst(2)))
      }
      if bytes.count > 2, bytes[1] == UInt8(ascii: "b"), body.allSatisfy({ $0 == 48 || $0 == 49 }) {
        return .binary(String(text.dropFirst(2)))
      }
      return nil
    }
    if bytes[0] == UInt8(ascii: ":") { return bytes.count > 1 ? .keyword(text) : nil }
    if digits(bytes[...]) { return .numeral(text) }
    if (48...57).contains(bytes[0]) {
      for separator in [UInt8(ascii: "."), UInt8(ascii: "/")] {
        let parts = bytes.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, digits(parts[0]), digits(parts[1]) { return .decimal(text) }
      }
      return nil
    }
    return isSimpleSymbol(text) ? .symbol(text) : nil
  }

  /// A string (`""` stands for a quote) or a quoted symbol.
  private mutating func quoted(_ start: Int, _ quote: UInt8, _ what: String) -> SExpression? {
    position += 1
    var content: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == quote {
        guard what == "string", position < bytes.count, bytes[position] == quote else {
          let text = String(decoding: content, as: UTF8.self)
          return SExpression(kind: what == "string" ? .string(text) : .symbol(text), range: start..<position)
        }
        position += 1
      }
      content.append(byte)
    }
    faults.append(source.fault(start..<start + 1, "this \(what) is never closed: the file ends too early"))
    return nil
  }
}

/// Whether a name is a simple symbol of SMT-LIB 2.6 (3.1), which is written without bars: letters, digits and some signs, no
/// digit first.
func isSimpleSymbol(_ name: String) -> Bool {
  guard let first = name.utf8.first, !(48...57).contains(first) else { return false }
  return name.utf8.allSatisfy {
    (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || "~!@$%^&*_-+=<>.?/".utf8.contains($0)
  }
}
