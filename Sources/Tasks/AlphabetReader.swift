public import Documents

/// Reads a sequence of symbols: names of an alphabet, apart by spaces, tabs, line ends or single commas.
///
/// `0 1 1`, `0,1,1` and one symbol a line are the same sequence; a comma may end a line. No symbol at all is the empty
/// sequence.
public enum AlphabetReader {
  /// The numbers of the symbols.
  ///
  /// - Parameter file: The name that faults are reported under.
  /// - Throws: `InputError` with the place of every symbol outside the alphabet and of every comma without a symbol.
  /// - Complexity: linear in the bytes.
  public static func read(_ bytes: [UInt8], file: String, alphabet: Alphabet) throws(InputError) -> [Int] {
    try read(bytes, file: file, parse: { alphabet.number(of: $0) }) {
      Complaint("symbol \(quoted($0)) is not in the alphabet", hint: "expected one of \(alphabet)")
    }
  }

  /// Integers of 64 bits but the least, written as in the sequences above.
  ///
  /// - Throws: `InputError` with the place of everything else.
  public static func readIntegers(_ bytes: [UInt8], file: String) throws(InputError) -> [Int64] {
    try read(bytes, file: file, parse: { Int64($0).flatMap { $0 == .min ? nil : $0 } }) {
      Complaint("\(quoted($0)) is not an integer of 64 bits")
    }
  }

  private static func read<Symbol>(
    _ bytes: [UInt8], file: String, parse: (String) -> Symbol?, complaint: (String) -> Complaint
  ) throws(InputError) -> [Symbol] {
    var faults = FaultList(file: file)
    var lines = TextLines(bytes)
    var symbols: [Symbol] = []
    while let line = lines.nextLine(&faults) {
      var isComplete = false
      var at = line.range.lowerBound
      while at < line.range.upperBound {
        let start = at
        if bytes[at] == 0x2C {
          at += 1
          if !isComplete {
            faults.add(
              Complaint("no symbol before this comma"), line: line.number, lineRange: line.range, at: start..<at,
              in: bytes)
          }
          isComplete = false
        } else if bytes[at] == 0x20 || bytes[at] == 0x09 {
          at += 1
        } else {
          while at < line.range.upperBound, bytes[at] != 0x2C, bytes[at] != 0x20, bytes[at] != 0x09 { at += 1 }
          isComplete = true
          let name = String(decoding: bytes[start..<at], as: UTF8.self)
          if let symbol = parse(name) {
            symbols.append(symbol)
          } else {
            faults.add(complaint(name), line: line.number, lineRange: line.range, at: start..<at, in: bytes)
          }
        }
      }
    }
    if let error = faults.error { throw error }
    return symbols
  }
}
