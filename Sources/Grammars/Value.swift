/// One value with its sort, in 64 bits.
///
/// | sort | `word` |
/// |---|---|
/// | `int` | the integer, in `-(2^63 - 1) ... 2^63 - 1` (`Int64.min` is kept free to mean *no value*) |
/// | `bool` | 0 or 1 |
/// | `bitVector(w)` | the unsigned number in the low `w` bits, the rest 0 |
/// | `permutation(n)` | the image of point `i` in bits `4i ..< 4i + 4` |
/// | `list` | the number of the list among those that the process has met; equal lists have equal numbers |
public struct Value: Hashable, Sendable {
  /// Which of the rows of the table applies.
  public let sort: Sort
  /// The value in 64 bits, in the one form that the table gives its sort.
  public let word: Int64

  /// A value from its word. The word must be canonical for the sort (table above).
  public init(sort: Sort, word: Int64) {
    self.sort = sort
    self.word = word
  }

  /// An integer.
  ///
  /// - Precondition: not `Int64.min`, the word of *no value*.
  public static func int(_ value: Int64) -> Value {
    precondition(value != noValueWord, "\(value) is outside the range of Int values")
    return Value(sort: .int, word: value)
  }

  /// A truth value: the word 1 for true, 0 for false.
  public static func bool(_ value: Bool) -> Value { Value(sort: .bool, word: value ? 1 : 0) }

  /// A list of integers.
  public static func list(_ elements: [Int64]) -> Value {
    Value(sort: .list, word: ListPool.shared.number(of: elements))
  }

  /// The integers of a list; empty for other values.
  public var elements: [Int64] { sort == .list ? ListPool.shared.elements(word) : [] }

  /// The low `width` bits of `bits`.
  public static func bitVector(_ bits: UInt64, width: Int) -> Value {
    Value(sort: .bitVector(width: width), word: Int64(bitPattern: bits & mask(width: width)))
  }

  /// The permutation that sends `i` to `images[i]`; nil when `images` is not a permutation of `0 ..< count`.
  public static func permutation(_ images: [Int]) -> Value? {
    guard (1...15).contains(images.count), Set(images) == Set(0..<images.count) else { return nil }
    var word: Int64 = 0
    for (point, image) in images.enumerated() { word |= Int64(image) << (4 * Int64(point)) }
    return Value(sort: .permutation(degree: images.count), word: word)
  }

  /// The word that stands for *no value* in a row of Int, Bool or permutation values.
  ///
  /// Bit vectors need none: every `QF_BV` operator is total.
  public static let noValueWord = Int64.min

  /// The `width` low bits set, `width` in `1 ... 64`.
  public static func mask(width: Int) -> UInt64 { width >= 64 ? .max : (1 << UInt64(width)) - 1 }

  /// The images of `0 ..< degree` under a permutation value.
  public var images: [Int] {
    guard case .permutation(let degree) = sort else { return [] }
    return (0..<degree).map { Int((word >> (4 * Int64($0))) & 15) }
  }
}

extension Value: CustomStringConvertible {
  /// The value as SyGuS-IF writes it: `-3` as `(- 3)`, bit vectors as `#x…` (or `#b…`), permutations as
  /// `(perm 1 0 2)`.
  public var description: String {
    switch sort {
    case .int: return word < 0 ? "(- \(word.magnitude))" : "\(word)"
    case .bool: return word == 0 ? "false" : "true"
    case .bitVector(let width):
      let (radix, digits, sign) = width % 4 == 0 ? (16, width / 4, "#x") : (2, width, "#b")
      let text = String(UInt64(bitPattern: word), radix: radix)
      return sign + String(repeating: "0", count: digits - text.count) + text
    case .permutation:
      return "(perm \(images.map(String.init).joined(separator: " ")))"
    case .list:
      return elements.isEmpty ? "nil" : "(list \(elements.map { Value.int($0).description }.joined(separator: " ")))"
    case .pair, .function: preconditionFailure("a \(sort) is not written as a value")
    }
  }
}
