import Documents
import Grammars

// How task files write sorts and values. The two formats share these rules; only JSON's numbers, Booleans and arrays
// are read elsewhere (`JSONLinesReader`).

/// A sort as task files write it: `Int`, `Bool`, `BitVec8`, `Perm5`, `List`.
func sortText(_ sort: Sort) -> String {
  switch sort {
  case .int: "Int"
  case .bool: "Bool"
  case .bitVector(let width): "BitVec\(width)"
  case .permutation(let degree): "Perm\(degree)"
  case .list: "List"
  case .pair, .function: preconditionFailure("no task has values of \(sort)")
  }
}

/// The sort that `text` names, in the short form of `sortText` or in SyGuS-IF's `(_ BitVec 8)`.
func readSort(_ text: some StringProtocol) throws(Complaint) -> Sort {
  switch text {
  case "Int": return .int
  case "Bool": return .bool
  case "List", "(List Int)": return .list
  default: break
  }
  let body = text.hasPrefix("(_ ") && text.hasSuffix(")") ? String(text.dropFirst(3).dropLast()) : nil
  if let width = try sizeArgument(text, short: "BitVec", long: "BitVec ", body, allowed: 1...64) {
    return .bitVector(width: width)
  }
  if let degree = try sizeArgument(text, short: "Perm", long: "Permutation ", body, allowed: 1...15) {
    return .permutation(degree: degree)
  }
  let names = ["Int", "Bool", "BitVec8", "Perm5", "List"]
  throw Complaint(
    "unknown sort \(quoted(text)); expected Int, Bool, List, BitVec<width> or Perm<degree>",
    hint: nearestMatch(to: String(text.prefix(65)), among: names).map { "did you mean '\($0)'?" })
}

private func sizeArgument(
  _ text: some StringProtocol, short: String, long: String, _ body: String?, allowed: ClosedRange<Int>
) throws(Complaint) -> Int? {
  let (whole, prefix) = body.map { ($0, long) } ?? (String(text), short)
  guard whole.hasPrefix(prefix), whole.utf8.count > prefix.utf8.count else { return nil }
  let digits = whole.dropFirst(prefix.count)
  guard digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
  guard let size = Int(digits), allowed.contains(size) else {
    throw Complaint("\(quoted(text)) is outside \(short)\(allowed.lowerBound) … \(short)\(allowed.upperBound)")
  }
  return size
}

/// A parameter's name, which has to be a simple symbol of SMT-LIB 2.6 without a meaning in programs (`ReservedWords`),
/// so that grammars can mention it.
func checkParameterName(_ name: some StringProtocol) throws(Complaint) {
  let symbols = Set("~!@$%^&*_-+=<>.?/".utf8)
  func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
  let isSimple = name.utf8.allSatisfy { byte in
    isDigit(byte) || (65...90).contains(byte & ~32) || symbols.contains(byte)
  }
  guard isSimple, let first = name.utf8.first, !isDigit(first) else {
    throw Complaint(
      "\(quoted(name)) is not a name for a parameter; expected letters, digits and ~!@$%^&*_-+=<>.?/, no digit first")
  }
  guard !ReservedWords.contains(String(name)) else {
    throw Complaint("\(quoted(name)) is not a name for a parameter: it has a meaning in programs")
  }
}

/// A value as CSV writes it.
func valueText(_ value: Value) -> String {
  switch value.sort {
  case .int: "\(value.word)"
  case .bool, .bitVector: value.description
  case .permutation: value.images.map(String.init).joined(separator: " ")
  case .list: value.elements.map(String.init).joined(separator: " ")
  case .pair, .function: preconditionFailure("no task has values of \(value.sort)")
  }
}

/// Reads what `valueText` writes; bit vectors also as decimal numbers.
func readValue(_ text: Substring, _ sort: Sort) throws(Complaint) -> Value {
  switch sort {
  case .int: return try readInteger(text)
  case .bool:
    if text == "true" { return .bool(true) }
    if text == "false" { return .bool(false) }
    let meant = ["true": "true", "1": "true", "false": "false", "0": "false"][text.prefix(8).lowercased()]
    throw Complaint(
      "\(quoted(text)) is not a Bool; expected true or false", hint: meant.map { "did you mean '\($0)'?" })
  case .bitVector(let width): return try readBitVector(text, width)
  case .permutation(let degree):
    let images = text.split(separator: " ", maxSplits: 16).map { isDigits($0) ? Int($0) : nil }
    return try permutation(images, degree, written: quoted(text), form: "separated by spaces")
  case .list:
    var elements: [Int64] = []
    for part in text.split(separator: " ", omittingEmptySubsequences: true) {
      elements.append(try readInteger(part).word)
    }
    return .list(elements)
  case .pair, .function: preconditionFailure("no task has values of \(sort)")
  }
}

private func isDigits(_ text: Substring) -> Bool { !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) } }

private func readInteger(_ text: Substring) throws(Complaint) -> Value {
  guard isDigits(text.first == "-" ? text.dropFirst() : text) else {
    throw Complaint("\(quoted(text)) is not an Int; expected digits, with '-' in front of a negative number")
  }
  guard let number = Int64(text), number != Value.noValueWord else { throw integerOutOfRange(text) }
  return .int(number)
}

func integerOutOfRange(_ text: some StringProtocol) -> Complaint {
  Complaint("\(quoted(text)) is outside the range of Int, -9223372036854775807 … 9223372036854775807")
}

func bitVectorOutOfRange(_ text: some StringProtocol, _ width: Int) -> Complaint {
  Complaint("\(quoted(text)) is outside 0 … \(Value.mask(width: width)), the range of BitVec\(width)")
}

private func readBitVector(_ text: Substring, _ width: Int) throws(Complaint) -> Value {
  if isDigits(text) {
    guard let bits = UInt64(text), bits <= Value.mask(width: width) else { throw bitVectorOutOfRange(text, width) }
    return .bitVector(bits, width: width)
  }
  let digits = text.dropFirst(2)
  let (radix, bitsPerDigit) = text.hasPrefix("#x") ? (16, 4) : (2, 1)
  guard text.hasPrefix("#x") || text.hasPrefix("#b"), !digits.isEmpty,
    digits.utf8.allSatisfy({ isDigit($0, radix: radix) })
  else {
    throw Complaint("\(quoted(text)) is not a BitVec\(width); expected #x..., #b... or a decimal number")
  }
  // Of at most 64 bits, so that they fit.
  guard digits.utf8.count * bitsPerDigit == width, let bits = UInt64(digits, radix: radix) else {
    throw Complaint("\(quoted(text)) has \(digits.utf8.count * bitsPerDigit) bits; expected \(width)")
  }
  return .bitVector(bits, width: width)
}

/// Whether a byte is a digit of base 2 or 16: number readers of the library also take signs.
private func isDigit(_ byte: UInt8, radix: Int) -> Bool {
  radix == 2 ? byte == 48 || byte == 49 : (48...57).contains(byte) || (97...102).contains(byte | 32)
}

/// A permutation from its images, where nil stands for something that is not a number.
func permutation(_ images: [Int?], _ degree: Int, written text: String, form: String) throws(Complaint) -> Value {
  let known = images.compactMap { $0 }
  guard images.count == degree, known.count == degree, let value = Value.permutation(known) else {
    throw Complaint("\(text) is not a Perm\(degree); expected the images of 0 … \(degree - 1), each once, \(form)")
  }
  return value
}
