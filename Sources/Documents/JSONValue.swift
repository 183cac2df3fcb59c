public import ExactArithmetic

/// A JSON text (RFC 8259) as a value.
///
/// Numbers keep the digits that they were written with, so nothing is rounded on the way in or out. Names and strings
/// are compared as Swift compares them: canonically equivalent spellings are equal.
public indirect enum JSONValue: Hashable, Sendable {
  /// The literal `null`.
  case null
  /// The literals `true` and `false`.
  case bool(Bool)
  /// A number in JSON's syntax, such as `-12`, `0.5` or `1e-7`.
  case number(String)
  /// A string, its escapes resolved.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object; names are different, and their order is not kept.
  case object([String: JSONValue])
}

extension JSONValue {
  /// An exact integer.
  public static func integer(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }

  /// An exact rational, as the string `"p/q"` or `"p"`.
  public static func exact(_ value: Rational) -> JSONValue { .string(value.description) }

  /// The shortest decimal that reads back as the same `Double`; `"inf"`, `"-inf"` and `"nan"` become strings, since
  /// JSON has no such numbers.
  public static func real(_ value: Double) -> JSONValue {
    value.isFinite ? .number(value.description) : .string(value.isNaN ? "nan" : value.description)
  }

  /// A real number, or null where there is none.
  public static func real(_ value: Double?) -> JSONValue { value.map { .real($0) } ?? .null }

  /// The member of an object with this name; nil when there is none or this is not an object.
  public subscript(name: String) -> JSONValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  /// The text of a string; nil for anything else.
  public var string: String? { if case .string(let text) = self { text } else { nil } }

  /// nil for anything but `true` and `false`.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// nil for anything but an array.
  public var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }

  /// nil for anything but an object.
  public var object: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }

  /// The number when it is integral and in the range of `Int64`, however it is written: 12, 12.0 and 1.2e1 are 12.
  ///
  /// Exact; nil for every other number and for anything that is not a number.
  public var int64: Int64? { integer(as: Int64.self) }

  /// The `Double` nearest to the number; nil when it overflows, and for anything that is not a number.
  public var double: Double? {
    guard case .number(let text) = self, let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// The number when it is integral and in the range of `T`; nil otherwise.
  public func integer<T: FixedWidthInteger>(as type: T.Type) -> T? {
    guard case .number(let text) = self else { return nil }
    if let value = T(text), text.utf8.first != 0x2B { return value }
    guard let decimal = Decimal(text) else { return nil }
    return decimal.integer(as: type)
  }

  /// A number as ± digits · 10^exponent.
  private struct Decimal {
    var isNegative = false
    /// Without zeros at either end; empty for zero.
    var digits: Substring.UTF8View
    var exponent: Int

    /// nil for texts that are not numbers and for exponents of more than 9 digits.
    init?(_ text: String) {
      let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
      let mantissa = parts[0].first == "-" ? parts[0].dropFirst() : parts[0]
      isNegative = parts[0].first == "-"
      exponent = 0
      if parts.count == 2 {
        guard parts[1].utf8.count <= 10, let written = Int(parts[1]) else { return nil }
        exponent = written
      }
      let pieces = mantissa.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      var all = pieces.joined()[...]
      guard !all.isEmpty, all.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
      if pieces.count == 2 { exponent -= pieces[1].utf8.count }
      all = all.drop { $0 == "0" }
      while all.last == "0" {
        all = all.dropLast()
        exponent += 1
      }
      digits = all.utf8
    }

    func integer<T: FixedWidthInteger>(as type: T.Type) -> T? {
      if digits.isEmpty { return 0 }
      guard exponent >= 0, exponent + digits.count <= 20 else { return nil }
      var value: T = 0
      for digit in Array(digits) + Array(repeating: 48, count: exponent) {
        let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
        let step = T(digit - 48)
        let (next, overflowToo) =
          isNegative ? shifted.subtractingReportingOverflow(step) : shifted.addingReportingOverflow(step)
        guard !overflow, !overflowToo else { return nil }
        value = next
      }
      return value
    }
  }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// null
  public init(nilLiteral: ()) { self = .null }
  /// true or false
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// An integer.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// An array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object; the names must differ.
  public init(dictionaryLiteral members: (String, JSONValue)...) {
    self = .object(Dictionary(uniqueKeysWithValues: members))
  }
}

extension JSONValue: CustomStringConvertible {
  /// The value on one line, as `JSONWriter` writes it.
  public var description: String { JSONWriter.text(self) }
}
