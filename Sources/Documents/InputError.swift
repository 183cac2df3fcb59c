/// What is wrong with an input file: every fault of it, each with its place.
public struct InputError: Error, Hashable, Sendable {
  /// One fault.
  public struct Fault: Hashable, Sendable {
    /// The line of the offending text, from 1; 0 when the fault has no place.
    public let line: Int
    /// Its column in characters, from 1; 0 when the fault has no place.
    public let column: Int
    /// What is wrong, the offending text in single quotes, and what was expected.
    public let message: String
    /// The line of the file, at most 160 characters around the fault; nil when there is none.
    public let excerpt: String?
    /// Where the underlined characters begin, from 1, within `excerpt`.
    public let excerptColumn: Int
    /// How many characters to underline.
    public let length: Int
    /// What is written beside the carets, such as `did you mean 'Expr'?`.
    public let hint: String?

    /// A fault; line 0 stands for none. Control characters in message and hint become U+FFFD.
    public init(
      line: Int = 0, column: Int = 0, message: String, excerpt: String? = nil, excerptColumn: Int = 1,
      length: Int = 1, hint: String? = nil
    ) {
      self.line = line
      self.column = column
      // Names in it may hold any character; a message is one line.
      self.message = oneLine(message)
      self.excerpt = excerpt
      self.excerptColumn = excerptColumn
      self.length = length
      self.hint = hint.map(oneLine)
    }
  }

  /// The name that messages give the file: its path, or what stands for it.
  public let file: String
  /// The faults, at least one, in the order in which they were found.
  public let faults: [Fault]

  /// An error of a file with its faults, at least one.
  public init(file: String, faults: [Fault]) {
    precondition(!faults.isEmpty, "an input error without a fault")
    self.file = file
    self.faults = faults
  }

  /// An error of a whole file.
  public init(file: String, message: String, hint: String? = nil) {
    self.init(file: file, faults: [Fault(message: message, hint: hint)])
  }
}

extension InputError: CustomStringConvertible {
  /// The faults in order of place, in the form `file:line:column: message`, excerpt, carets and hint.
  public var description: String {
    faults.map { fault in
      let place = fault.line > 0 ? "\(file):\(fault.line):\(fault.column)" : file
      var text = "\(place): \(fault.message)"
      if let excerpt = fault.excerpt {
        let carets = String(repeating: "^", count: max(1, fault.length))
        text += "\n  \(excerpt)\n  " + String(repeating: " ", count: max(0, fault.excerptColumn - 1)) + carets
        if let hint = fault.hint { text += "  " + hint }
      } else if let hint = fault.hint {
        text += "; " + hint
      }
      return text
    }.joined(separator: "\n")
  }
}

/// A text without line ends and other control or format characters, each shown as U+FFFD.
private func oneLine(_ text: String) -> String {
  text.utf8.allSatisfy { 0x20..<0x7F ~= $0 } ? text : printable(Array(text.utf8))
}

/// The candidate nearest to `word` by edit distance, when it is near enough to be worth proposing.
///
/// Distance counts insertions, deletions, substitutions and swaps of neighbours (Damerau 1964, restricted);
/// a candidate qualifies at distance ≤ max(1, length / 3). Ties go to the earlier candidate.
public func nearestMatch(to word: String, among candidates: [String]) -> String? {
  guard word.count <= 64 else { return nil }
  let limit = max(1, word.count / 3)
  var best: (distance: Int, candidate: String)?
  for candidate in candidates where candidate.count <= 80 && candidate != word {
    let distance = editDistance(Array(word), Array(candidate))
    if distance <= limit, distance < best?.distance ?? .max { best = (distance, candidate) }
  }
  return best?.candidate
}

private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var rows = [Array(0...b.count)]
  for i in 1...max(1, a.count) where i <= a.count {
    var row = [i]
    for j in 1...max(1, b.count) where j <= b.count {
      var cost = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, rows[i - 2][j - 2] + 1) }
      row.append(cost)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
