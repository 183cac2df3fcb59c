/// Widths of text, estimated from above: the reader's font is not known here.
///
/// The widths are those of the widest sans-serif in common use (that of Verdana and DejaVu), rounded up to a twentieth
/// of the font size. Helvetica and Arial need about a tenth less, so nothing is clipped in any of them.
enum TextMeasure {
  /// Of the characters from space to tilde, in twentieths of the font size.
  private static let widths: [UInt8] = [
    7, 9, 10, 17, 13, 19, 16, 6, 8, 8, 10, 17, 7, 8, 7, 7, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 7, 7, 17, 17, 17, 11,
    20, 14, 14, 14, 16, 13, 12, 16, 16, 6, 6, 14, 12, 18, 15, 16, 13, 16, 14, 13, 13, 15, 14, 20, 14, 13, 14, 8, 7, 8,
    17, 10,
    10, 13, 13, 11, 13, 13, 8, 13, 13, 6, 6, 12, 6, 20, 13, 13, 13, 13, 9, 11, 8, 13, 12, 17, 12, 12, 11, 13, 7, 13, 17,
  ]

  /// - Parameter bold: Bold letters are wider by an eighth.
  static func width(of text: String, size: Double, bold: Bool = false) -> Double {
    let twentieths = text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
    return Double(twentieths) * size / 20 * (bold ? 1.125 : 1)
  }

  private static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x20...0x7E: Int(widths[Int(scalar.value) - 0x20])
    case 0..<0x20: 12
    case 0x300...0x36F, 0x200B...0x200F, 0xFE00...0xFE0F: 0
    case 0xA0, 0x2009, 0x202F: 7
    case 0xB2, 0xB3, 0xB9, 0x2070...0x209C: 9
    case 0x7F..<0x250: 14
    case 0x250..<0x600: 17
    case 0x2010...0x2013: 10
    case 0x2212: 17
    default: 22
    }
  }

  /// The text in lines of at most `width`, broken at spaces, and within a word where the word alone is too wide.
  /// Never empty; a line holds at least one character.
  static func lines(_ text: String, size: Double, width: Double, bold: Bool = false) -> [String] {
    var lines: [String] = []
    var line = ""
    func fits(_ text: String) -> Bool { self.width(of: text, size: size, bold: bold) <= width }
    for word in text.split(whereSeparator: { $0 == " " || $0.isNewline || $0 == "\t" }).map(String.init) {
      if line.isEmpty ? fits(word) : fits(line + " " + word) {
        line += (line.isEmpty ? "" : " ") + word
        continue
      }
      if !line.isEmpty { lines.append(line) }
      line = ""
      for character in word {
        if !line.isEmpty, !fits(line + String(character)) {
          lines.append(line)
          line = ""
        }
        line.append(character)
      }
    }
    if !line.isEmpty || lines.isEmpty { lines.append(line) }
    return lines
  }
}
