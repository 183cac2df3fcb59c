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
    var faults = FaultList(file: file)
    var lines = TextLines(bytes)
    var symbols: [Int] = []
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
          if let number = alphabet.number(of: name) {
            symbols.append(number)
          } else {
            faults.add(
              Complaint("symbol \(quoted(name)) is not in the alphabet", hint: "expected one of \(alphabet)"),
              line: line.number, lineRange: line.range, at: start..<at, in: bytes)
          }
        }
      }
    }
    if let error = faults.error { throw error }
    return symbols
  }
}
