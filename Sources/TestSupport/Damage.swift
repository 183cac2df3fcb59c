import Randomness

/// Damages texts in the ways in which files go wrong, and in the ways in which parsers do.
public struct Damage {
  private var generator: SeededGenerator

  /// A source of damages: the same seed gives the same ones.
  public init(seed: UInt64) { generator = SeededGenerator(seed: seed, name: "test-support/damage") }

  /// Pieces that SyGuS files are made of, and such as upset readers of text.
  private static let pieces: [[UInt8]] =
    [
      "(", ")", "((", "))", "()", " ", "\n", "\t", "\r\n", ";", "|", "\"", "!", "_", ":", "#x", "#b",
      "#xffffffffffffffff",
      "#x1", "-", "(- 1)", "(- 0)", "0", "1", "64", "65", "9223372036854775807", "9223372036854775808",
      "99999999999999999999999", "0.5", "1/2", "1/0", "(/ 1 3)", ":weight", ":probability", "65536", "(_ bv1 8)",
      "(_ BitVec 8)",
      "(BitVec 64)", "(_ Permutation 5)", "Int", "Bool", "(Variable Int)", "(perm 0 1)", "true", "ite", "=", "=>", "+",
      "*",
      "div", "mod", "ff.div", "even", "modulus", "bvudiv", "concat", "(_ extract 7 0)", "(_ repeat 64)",
      "(_ zero_extend 1048576)",
      "compose", "inverse", "let", "define-fun", "(define-fun g ((x Int)) Int (+ x x))",
      "(define-fun modulus () Int 4)",
      "(constraint (= (f 1 2) 3))", "(synth-fun f () Int)", "a", "b", "x", "E", "Start", "f", "\0", "\u{FEFF}", "é",
      "\u{2028}",
    ].map { Array($0.utf8) } + [
      [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF0, 0x9F], Array(repeating: UInt8(ascii: "("), count: 300),
    ]

  private mutating func below(_ bound: Int) -> Int { Int(generator.below(UInt64(max(1, bound)))) }

  /// One of the texts with one to four damages: bytes changed or removed, parts removed, doubled or moved, pieces put in
  /// or in the place of a word, parts of another of the texts.
  public mutating func damaged(_ texts: [[UInt8]]) -> [UInt8] {
    var bytes = texts[below(texts.count)]
    for _ in 0...below(2) * below(4) {
      let at = below(bytes.count + 1)
      let end = min(bytes.count, at + below(40))
      switch below(10) {
      case 0: bytes = below(8) == 0 ? Array(bytes[..<at]) : bytes
      case 1: bytes.insert(contentsOf: Self.pieces[below(Self.pieces.count)], at: at)
      case 2 where at < bytes.count: bytes[at] = UInt8(truncatingIfNeeded: generator.next())
      case 3 where at < bytes.count: bytes.remove(at: at)
      case 4: bytes.insert(contentsOf: bytes[at..<end], at: below(bytes.count + 1))
      case 5: bytes.removeSubrange(at..<end)
      case 6:
        let other = texts[below(texts.count)]
        let start = below(other.count)
        bytes.insert(contentsOf: other[start..<min(other.count, start + below(60))], at: at)
      default: replaceWord(at, &bytes)
      }
    }
    return bytes
  }

  /// One of the binary files with one to four damages: cut off, bits flipped, bytes removed, doubled, moved or zeroed, parts
  /// of another file put in, numbers of 2, 4 and 8 bytes replaced by such as overflow, digits of text replaced by others.
  ///
  /// - Parameter fields: Places that hold numbers a reader trusts, such as lengths: every fourth damage goes there.
  public mutating func damaged(binary files: [[UInt8]], fields: Range<Int> = 0..<8) -> [UInt8] {
    var bytes = files[below(files.count)]
    for _ in 0...below(2) * below(4) {
      let isField = below(4) == 0
      let at = isField ? min(bytes.count, fields.lowerBound + below(fields.count)) : below(bytes.count + 1)
      let end = min(bytes.count, at + below(40))
      switch below(10) {
      case 0: bytes = below(4) == 0 ? Array(bytes[..<at]) : bytes
      case 1 where at < bytes.count: bytes[at] ^= 1 << UInt8(below(8))
      case 2 where at < bytes.count:
        bytes[at] = [0, 1, 0x7F, 0x80, 0xFF, UInt8(truncatingIfNeeded: generator.next())][below(6)]
      case 3: bytes.removeSubrange(at..<end)
      case 4: bytes.insert(contentsOf: bytes[at..<end], at: below(bytes.count + 1))
      case 5:
        let other = files[below(files.count)]
        let start = below(other.count)
        bytes.insert(contentsOf: other[start..<min(other.count, start + below(60))], at: at)
      case 6, 7:
        let size = [2, 4, 8][below(3)]
        let number = [0, 1, 0x7FFF_FFFF, 0xFFFF_FFFF, .max, .max >> 1, 1 << 40, UInt64(bytes.count), generator.next()][
          below(9)]
        for index in 0..<size where at + index < bytes.count {
          bytes[at + index] = UInt8(truncatingIfNeeded: number >> (8 * index))
        }
      case 8: for index in at..<end { bytes[index] = 0 }
      default:
        if let digit = bytes[at...].firstIndex(where: { 48...57 ~= $0 }) { bytes[digit] = UInt8(48 + below(10)) }
      }
    }
    return bytes
  }

  /// A word or a whole parenthesis gives way to a piece or to another word of the text.
  private mutating func replaceWord(_ at: Int, _ bytes: inout [UInt8]) {
    let word = Self.word(at, bytes)
    let other = Self.word(below(bytes.count), bytes)
    bytes.replaceSubrange(word, with: below(2) == 0 ? Self.pieces[below(Self.pieces.count)] : Array(bytes[other]))
  }

  private static func word(_ at: Int, _ bytes: [UInt8]) -> Range<Int> {
    func ends(_ byte: UInt8) -> Bool { byte <= 32 || byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")") }
    var start = at
    while start < bytes.count, bytes[start] <= 32 || bytes[start] == UInt8(ascii: ")") { start += 1 }
    var end = start
    guard start < bytes.count else { return start..<start }
    if bytes[start] == UInt8(ascii: "(") {
      var depth = 0
      while end < bytes.count {
        if bytes[end] == UInt8(ascii: "(") { depth += 1 }
        if bytes[end] == UInt8(ascii: ")") { depth -= 1 }
        end += 1
        if depth == 0 { break }
      }
    } else {
      while end < bytes.count, !ends(bytes[end]) { end += 1 }
    }
    return start..<end
  }
}
