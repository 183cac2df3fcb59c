/// What is wrong with a piece of text, before its place is known.
package struct Complaint: Error {
  package let message: String
  package var hint: String?

  package init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}

/// The faults of one file in the order in which they are found, the first `limit` of them in full.
package struct FaultList {
  package static let limit = 100

  package let file: String
  package private(set) var faults: [InputError.Fault] = []
  private var omitted = 0

  package init(file: String) { self.file = file }

  package var isEmpty: Bool { faults.isEmpty }

  /// Whether further faults are only counted.
  package var isFull: Bool { faults.count >= Self.limit }

  /// Adds a fault at `range` of a text of several lines, `text` of `bytes`, the first of which has number `line`.
  ///
  /// - Complexity: linear in the text before the fault; constant once the list is full.
  package mutating func add(
    _ complaint: Complaint, at range: Range<Int>, of text: Range<Int>, in bytes: [UInt8], line: Int = 1
  ) {
    if isFull {
      omitted += 1
      return
    }
    let place = min(max(range.lowerBound, text.lowerBound), text.upperBound)
    let before = bytes[text.lowerBound..<place]
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? text.lowerBound
    let end = bytes[place..<text.upperBound].firstIndex(of: 0x0A) ?? text.upperBound
    let number = line + before.count(where: { $0 == 0x0A })
    add(complaint, line: number, lineRange: start..<end, at: range, in: bytes)
  }

  /// Adds a fault at `range` of `bytes`; `lineRange` is the range of its line, which has number `line`.
  package mutating func add(
    _ complaint: Complaint, line: Int, lineRange: Range<Int>, at range: Range<Int>, in bytes: [UInt8]
  ) {
    if isFull {
      omitted += 1
      return
    }
    let excerpt = Excerpt(line: bytes[lineRange], at: range.clamped(to: lineRange))
    faults.append(
      InputError.Fault(
        line: line, column: excerpt.column, message: complaint.message, excerpt: excerpt.text,
        excerptColumn: excerpt.excerptColumn, length: excerpt.length, hint: complaint.hint))
  }

  /// Adds a fault of the whole file.
  package mutating func add(_ complaint: Complaint) {
    if isFull {
      omitted += 1
      return
    }
    faults.append(InputError.Fault(message: complaint.message, hint: complaint.hint))
  }

  /// The faults as one error, with a count of those left out; nil when there are none.
  package var error: InputError? {
    guard !faults.isEmpty else { return nil }
    let more = omitted > 0 ? [InputError.Fault(message: "and \(omitted) more")] : []
    return InputError(file: file, faults: faults + more)
  }
}

/// A line cut to at most 160 characters around a fault, safe to print.
package struct Excerpt {
  package static let longest = 160

  package let text: String
  /// Column of the fault in the line and in the excerpt, 1-based, in characters.
  package let column: Int
  package let excerptColumn: Int
  package let length: Int

  /// `range` is where the fault is, within the indices of `line`.
  package init(line: ArraySlice<UInt8>, at range: Range<Int>) {
    // A character has up to 4 bytes, few have more; reading no further keeps faults of long lines cheap.
    let nearby = 4 * Self.longest
    let before = line[..<range.lowerBound]
    // The fault starts within the first half, so what it says and what follows can be seen.
    let shown = printable(before.suffix(nearby).drop { 0x80...0xBF ~= $0 }).suffix(Self.longest / 2)
    let inside = Array(printable(line[range].prefix(nearby)))
    let after = printable(line[range.upperBound...].prefix(nearby))
    column = characterCount(before) + 1
    text = String((shown + inside + after).prefix(Self.longest))
    excerptColumn = shown.count + 1
    length = max(1, min(inside.count, Self.longest - shown.count))
  }
}

/// The number of characters of `printable(bytes)`.
private func characterCount(_ bytes: ArraySlice<UInt8>) -> Int {
  bytes.allSatisfy { 0x20..<0x7F ~= $0 } ? bytes.count : printable(bytes).count
}

/// The bytes as text without characters that move the cursor or change colours: tabs become spaces, and control
/// characters, format characters and bytes that are not UTF-8 become U+FFFD.
package func printable(_ bytes: some Collection<UInt8>) -> String {
  var text = String.UnicodeScalarView()
  for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control: text.append(scalar == "\t" ? " " : "\u{FFFD}")
    case .format, .lineSeparator, .paragraphSeparator, .surrogate: text.append("\u{FFFD}")
    default: text.append(scalar)
    }
  }
  return String(text)
}

/// The text in single quotes, printable, at most 40 characters of it.
package func quoted(_ text: some StringProtocol) -> String {
  let start = printable(Array(text.utf8.prefix(400)))
  return start.count > 40 || text.utf8.count > 400 ? "'\(start.prefix(40))…'" : "'\(start)'"
}

/// The place of the first byte that does not belong to valid UTF-8 (RFC 3629); nil when all is valid.
package func firstInvalidUTF8(in bytes: ArraySlice<UInt8>) -> Int? {
  var at = bytes.startIndex
  while at < bytes.endIndex {
    let lead = bytes[at]
    if lead < 0x80 {
      at += 1
      continue
    }
    // Length, and the range of the second byte, which excludes overlong forms, surrogates and numbers above 10FFFF.
    let (length, second): (Int, ClosedRange<UInt8>)
    switch lead {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return at
    }
    guard at + length <= bytes.endIndex, second.contains(bytes[at + 1]),
      bytes[(at + 2)..<(at + length)].allSatisfy({ 0x80...0xBF ~= $0 })
    else { return at }
    at += length
  }
  return nil
}
