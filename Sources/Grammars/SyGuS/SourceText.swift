import Documents

/// The text of an input file with its lines: gives faults their line, column and excerpt.
///
/// Lines end in LF, CR or CRLF.
package struct SourceText {
  package let file: String
  package let bytes: [UInt8]
  /// Offset of the first byte of each line.
  private let lineStarts: [Int]

  package init(_ bytes: [UInt8], file: String) {
    self.file = file
    self.bytes = bytes
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where Self.endsLine(byte) {
      let isWithinCRLF = byte == 13 && offset + 1 < bytes.count && bytes[offset + 1] == 10
      if !isWithinCRLF { starts.append(offset + 1) }
    }
    lineStarts = starts
  }

  /// Whether a byte is LF or CR.
  private static func endsLine(_ byte: UInt8) -> Bool { byte == 10 || byte == 13 }

  /// The 1-based line of an offset.
  package func line(of offset: Int) -> Int {
    var (low, high) = (0, lineStarts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// The text of a range of bytes, cut to `limit` characters.
  package func text(_ range: Range<Int>, limit: Int = 60) -> String {
    let part = Self.printable(bytes[range.clamped(to: 0..<bytes.count)].prefix(limit * 4))
    return part.count > limit ? part.prefix(limit) + "…" : part
  }

  /// A fault at a range of bytes.
  func fault(_ range: Range<Int>, _ message: String, hint: String? = nil) -> SourceFault {
    SourceFault(range, message: message, hint: hint)
  }

  /// Most faults that are listed.
  private static let listed = 100

  /// The faults in order of place, without repeats, the first 100 of them and a count of the others.
  func inOrder(_ faults: SourceFaults) -> [InputError.Fault] {
    var seen: Set<SourceFault> = []
    let all = faults.kept.filter { seen.insert($0).inserted }
      .enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
    let shown = all.prefix(Self.listed).map { located($0.element) }
    let rest = all.count - shown.count + faults.omitted
    return rest == 0 ? shown : shown + [InputError.Fault(message: "and \(rest) more")]
  }

  /// A fault with the line around it.
  private func located(_ fault: SourceFault) -> InputError.Fault {
    guard let range = fault.range else { return InputError.Fault(message: fault.message, hint: fault.hint) }
    // A byte order mark is no character of the first line.
    let first = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let place = max(first, min(range.lowerBound, bytes.count))
    let line = line(of: place)
    let start = max(first, lineStarts[line - 1])
    var end = place
    while end < bytes.count, !Self.endsLine(bytes[end]), end - place < 400 { end += 1 }
    let before = Self.printable(bytes[max(start, place - 400)..<place])
    let column = place - start <= 400 ? before.count + 1 : Self.characters(bytes[start..<place]) + 1
    let marked = Self.characters(bytes[place..<max(place, min(range.upperBound, end))])
    // At most 160 characters of the line, the fault among them.
    let head = String(before.suffix(100))
    let excerpt = head + Self.printable(bytes[place..<end]).prefix(160 - head.count)
    return InputError.Fault(
      line: line, column: column, message: fault.message, excerpt: excerpt, excerptColumn: head.count + 1,
      length: min(max(1, marked), max(1, 160 - head.count)), hint: fault.hint)
  }

  private static func characters(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.allSatisfy { $0 < 0x80 } ? bytes.count : printable(bytes).count
  }

  /// Text without characters that move the cursor or the writing direction: tabs and control characters are spaces, so
  /// that carets stand below what they mark. Joiners stay, of which one character may be made.
  private static func printable(_ bytes: ArraySlice<UInt8>) -> String {
    var text = String.UnicodeScalarView()
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control: text.append(" ")
      case .format where scalar != "\u{200D}", .lineSeparator, .paragraphSeparator: text.append("\u{FFFD}")
      default: text.append(scalar)
      }
    }
    return String(text)
  }

  /// The offset of the first byte that is not part of valid UTF-8; nil when all is valid.
  package func firstInvalidByte() -> Int? { firstInvalidUTF8(in: bytes[...]) }
}

/// A fault of a text, before its line is looked up.
struct SourceFault: Hashable {
  /// The bytes that it marks; nil for a fault of the whole file.
  let range: Range<Int>?
  let message: String
  let hint: String?

  init(_ range: Range<Int>? = nil, message: String, hint: String? = nil) {
    self.range = range
    self.message = message
    self.hint = hint
  }

  /// Where it stands among others: faults of the whole file come first.
  var place: Int { range?.lowerBound ?? -1 }
}

/// The faults of a text as they are found. Beyond a limit they are only counted: a file may have one in every byte.
struct SourceFaults {
  private static let limit = 10_000

  private(set) var kept: [SourceFault] = []
  private(set) var omitted = 0
  /// Places of what is no word at all: nothing else is told of them, but counted.
  private var words: Set<Range<Int>> = []
  private var untold = 0

  var isEmpty: Bool { kept.isEmpty }
  /// Whether there are so many that nothing is proposed for further ones: some thousand names are far apart for each.
  var areMany: Bool { kept.count > 500 }
  var count: Int { kept.count + omitted + untold }

  mutating func append(_ fault: SourceFault) {
    if let range = fault.range, words.contains(range) {
      untold += 1
    } else if kept.count < Self.limit {
      kept.append(fault)
    } else {
      omitted += 1
    }
  }

  /// Adds a fault of a word, which is read on as if it were a name.
  mutating func append(word fault: SourceFault) {
    append(fault)
    if let range = fault.range, kept.count < Self.limit { words.insert(range) }
  }
}
