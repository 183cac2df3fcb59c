internal import Documents

extension RunFolder.Entry {
  /// The counters that say most.
  public var workText: String {
    func count(_ name: String) -> Double? { record["work"]?[name]?.double }
    if let operations = count("operations") { return "\(Numerals.large(operations)) programs" }
    if let updates = count("updates"), let products = count("productOperations") {
      return "\(Numerals.rounded(updates, 0)) updates, \(Numerals.large(products)) flop"
    }
    return ""
  }

  /// What the method came to, in a few words.
  public var hypothesisText: String {
    let hypothesis = record["hypothesis"]
    if let infix = hypothesis?["infix"]?.string, let bits = hypothesis?["bits"]?.double {
      let exceptions = hypothesis?["exceptions"]?.int64.map {
        ", \(Numerals.counted($0, "exception"))"
      }
      return "\(infix), \(Numerals.bits(bits)) bits" + (exceptions ?? "")
    }
    if let functions = hypothesis?["functions"]?.int64 {
      return functions == 1 ? "1 function" : "\(functions) functions"
    }
    if let summary = hypothesis?["summary"]?.string {
      // Kind and size of `tied MLP, vocabulary 113, width 128, …; 76,160 parameters`.
      guard let kindEnd = summary.firstIndex(of: ","), let sizeStart = summary.lastIndex(of: ";") else {
        return summary
      }
      return "\(summary[..<kindEnd]),\(summary[sizeStart...].dropFirst())"
    }
    if let entries = hypothesis?["entries"]?.int64 { return "\(Numerals.grouped(entries)) entries" }
    return record["stop"]?.string.flatMap { $0 == "done" ? nil : "nothing found (\($0))" } ?? ""
  }
}
