extension JSONValue {
  /// The value of a JSON text.
  ///
  /// Strict RFC 8259 in UTF-8 without a byte-order mark; also refused are lone surrogates, names that repeat within an
  /// object and nesting deeper than 64.
  ///
  /// - Parameters:
  ///   - file: The name that messages give the text.
  ///   - line: The line of the file that the text begins on.
  /// - Throws: `InputError` with the first fault, its line and its column.
  /// - Complexity: linear in the text.
  public init(parsing bytes: [UInt8], file: String, line: Int = 1) throws(InputError) {
    var faults = FaultList(file: file)
    do throws(JSONParser.Failure) {
      if let place = firstInvalidUTF8(in: bytes[...]) {
        throw JSONParser.Failure(range: place..<(place + 1), complaint: Complaint("a byte that is not UTF-8"))
      }
      self = try JSONParser.parse(bytes[...]).value
      return
    } catch {
      faults.add(error.complaint, at: error.range, of: bytes.indices, in: bytes, line: line)
    }
    throw faults.error ?? InputError(file: file, message: "not JSON")
  }

  /// The value of a JSON text; see `init(parsing:file:)`.
  public init(parsing text: String, file: String = "JSON") throws(InputError) {
    try self.init(parsing: Array(text.utf8), file: file)
  }
}
