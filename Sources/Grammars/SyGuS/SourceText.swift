package import Documents

/// The text of an input file with its lines: turns byte offsets into faults with line, column and excerpt.
package struct SourceText {
  package let file: String
  package let bytes: [UInt8]
  /// Offset of the first byte of each line.
  private let lineStarts: [Int]

  package init(_ bytes: [UInt8], file: String) {
    self.file = file
    self.bytes = bytes
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(offset + 1) }
    lineStarts = starts
  }

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

  /// A fault at a range of bytes, with the line around it.
  package func fault(_ range: Range<Int>, _ message: String, hint: String? = nil) -> InputError.Fault {
    let place = min(range.lowerBound, bytes.count)
    let line = line(of: place)
    let start = lineStarts[line - 1]
    var end = place
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n"), end - place < 400 { end += 1 }
    let before = Self.printable(bytes[max(start, place - 400)..<place])
    let column = place - start <= 400 ? before.count + 1 : Self.characters(bytes[start..<place]) + 1
    let marked = Self.characters(bytes[place..<max(place, min(range.upperBound, end))])
    // At most 160 characters of the line, the fault among them.
    let head = String(before.suffix(100))
    let excerpt = head + Self.printable(bytes[place..<end]).prefix(160 - head.count)
    return InputError.Fault(
      line: line, column: column, message: message, excerpt: excerpt, excerptColumn: head.count + 1,
      length: min(max(1, marked), max(1, 160 - head.count)), hint: hint)
  }

  private static func characters(_ bytes: ArraySlice<UInt8>) -> Int { String(decoding: bytes, as: UTF8.self).count }

  /// Text with tabs and control characters shown as spaces, so that carets stand below what they mark.
  private static func printable(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.map { $0 < 32 || $0 == 127 ? 32 : $0 }, as: UTF8.self)
  }

  /// The offset of the first byte that is not part of valid UTF-8; nil when all is valid.
  package func firstInvalidByte() -> Int? {
    if String(validating: bytes, as: UTF8.self) != nil { return nil }
    var (low, high) = (0, bytes.count)
    // The longest valid prefix, up to an unfinished character at its end.
    while high - low > 1 {
      let middle = (low + high) / 2
      let isValid = (0...min(3, middle)).contains {
        String(validating: bytes[..<(middle - $0)], as: UTF8.self) != nil
      }
      if isValid { low = middle } else { high = middle }
    }
    while low > 0, String(validating: bytes[..<low], as: UTF8.self) == nil { low -= 1 }
    return low
  }
}
