package import Documents

/// The symbols of a sequence by name, in their order; the first one has number 0.
public struct Alphabet: Hashable, Sendable {
  /// Symbols that an alphabet may have, at most.
  public static let limit = 256

  /// The names by number, all different.
  public let names: [String]
  private let numbers: [String: Int]

  /// The alphabet 0 1.
  public static let binary = Alphabet(unchecked: ["0", "1"])

  private init(unchecked names: [String]) {
    self.names = names
    numbers = Dictionary(uniqueKeysWithValues: zip(names, 0...))
  }

  /// The number of symbols, 2 … `limit`.
  public var count: Int { names.count }

  /// The number of a symbol; nil when the alphabet lacks it.
  public func number(of name: String) -> Int? { numbers[name] }

  /// Reads names with commas between them (`a,b,c`), or a range of integers (`0..9`, both ends included).
  ///
  /// - Throws: `Complaint` for fewer than 2 or more than `limit` symbols, an empty or repeated name, and a name with blanks.
  package init(parsing text: String) throws(Complaint) {
    let names = try Self.range(text) ?? text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    var seen: Set<String> = []
    for name in names {
      guard !name.isEmpty else { throw Complaint("alphabet \(quoted(text)) has an empty symbol") }
      guard !name.contains(where: \.isWhitespace) else {
        throw Complaint("symbol \(quoted(name)) of the alphabet has a blank; separate symbols by commas alone")
      }
      guard seen.insert(name).inserted else { throw Complaint("alphabet \(quoted(text)) has \(quoted(name)) twice") }
    }
    guard names.count > 1 else {
      throw Complaint(
        "alphabet \(quoted(text)) has one symbol, and there is nothing to predict; expected 2 or more, as 0,1 or 0..9")
    }
    guard names.count <= Self.limit else {
      throw Complaint("alphabet \(quoted(text)) has \(names.count) symbols; expected at most \(Self.limit)")
    }
    self.init(unchecked: names)
  }

  /// The names of `lower..upper`; nil when the text is not of this form.
  private static func range(_ text: String) throws(Complaint) -> [String]? {
    let ends = text.split(separator: ".", omittingEmptySubsequences: false)
    guard ends.count == 3, ends[1].isEmpty, let lower = Int64(ends[0]), let upper = Int64(ends[2]) else { return nil }
    guard lower <= upper else { throw Complaint("alphabet \(quoted(text)) runs backwards") }
    let (width, overflow) = upper.subtractingReportingOverflow(lower)
    guard !overflow, width < Int64(limit) else {
      throw Complaint("alphabet \(quoted(text)) has more than \(limit) symbols, the most there may be")
    }
    return (lower...upper).map { "\($0)" }
  }
}

extension Alphabet: CustomStringConvertible {
  /// The names apart by spaces, those in the middle left out where there are many.
  public var description: String {
    if count <= 16 { return names.joined(separator: " ") }
    return names.prefix(3).joined(separator: " ") + " … \(names[count - 1]) (\(count) symbols)"
  }
}
