/// Integers as strings of decimal digits with the algorithms of school: a second route to every result.
struct SchoolbookDecimal: Equatable {
  /// Least significant first, no zero at the end; empty for 0.
  private var digits: [Int]
  private var isNegative: Bool

  private init(digits: [Int], isNegative: Bool) {
    self.digits = digits
    while self.digits.last == 0 { self.digits.removeLast() }
    self.isNegative = isNegative && !self.digits.isEmpty
  }

  init(_ text: String) {
    let isNegative = text.hasPrefix("-")
    self.init(
      digits: text.utf8.filter { $0 != 45 }.reversed().map { Int($0) - 48 }, isNegative: isNegative)
  }

  var text: String {
    digits.isEmpty ? "0" : (isNegative ? "-" : "") + digits.reversed().map(String.init).joined()
  }

  static prefix func - (a: Self) -> Self { Self(digits: a.digits, isNegative: !a.isNegative) }

  static func + (a: Self, b: Self) -> Self {
    if a.isNegative == b.isNegative {
      return Self(digits: sum(a.digits, b.digits), isNegative: a.isNegative)
    }
    return isLess(a.digits, b.digits)
      ? Self(digits: difference(b.digits, a.digits), isNegative: b.isNegative)
      : Self(digits: difference(a.digits, b.digits), isNegative: a.isNegative)
  }

  static func - (a: Self, b: Self) -> Self { a + -b }

  static func * (a: Self, b: Self) -> Self {
    var result = [Int](repeating: 0, count: a.digits.count + b.digits.count + 1)
    for (i, x) in a.digits.enumerated() {
      var carry = 0
      for (j, y) in b.digits.enumerated() {
        let value = result[i + j] + x * y + carry
        result[i + j] = value % 10
        carry = value / 10
      }
      result[i + b.digits.count] += carry
    }
    return Self(digits: result, isNegative: a.isNegative != b.isNegative)
  }

  /// Long division, toward zero; the remainder has the sign of the dividend.
  func quotientAndRemainder(dividingBy divisor: Self) -> (quotient: Self, remainder: Self) {
    var rest: [Int] = []
    var quotient = [Int](repeating: 0, count: digits.count)
    for index in digits.indices.reversed() {
      rest.insert(digits[index], at: 0)
      while rest.last == 0 { rest.removeLast() }
      while !Self.isLess(rest, divisor.digits) {
        rest = Self(digits: Self.difference(rest, divisor.digits), isNegative: false).digits
        quotient[index] += 1
      }
    }
    return (
      Self(digits: quotient, isNegative: isNegative != divisor.isNegative),
      Self(digits: rest, isNegative: isNegative)
    )
  }

  func power(_ exponent: Int) -> Self { (0..<exponent).reduce(Self("1")) { product, _ in product * self } }

  static func < (a: Self, b: Self) -> Bool {
    if a.isNegative != b.isNegative { return a.isNegative }
    return a.isNegative ? isLess(b.digits, a.digits) : isLess(a.digits, b.digits)
  }

  private static func isLess(_ a: [Int], _ b: [Int]) -> Bool {
    if a.count != b.count { return a.count < b.count }
    return a.reversed().lexicographicallyPrecedes(b.reversed())
  }

  private static func sum(_ a: [Int], _ b: [Int]) -> [Int] {
    var result: [Int] = []
    var carry = 0
    for index in 0..<max(a.count, b.count) {
      let value = (index < a.count ? a[index] : 0) + (index < b.count ? b[index] : 0) + carry
      result.append(value % 10)
      carry = value / 10
    }
    return result + [carry]
  }

  /// `a - b` for `a ≥ b`.
  private static func difference(_ a: [Int], _ b: [Int]) -> [Int] {
    var result = a
    for index in b.indices { result[index] -= b[index] }
    for index in result.indices where result[index] < 0 {
      result[index] += 10
      result[index + 1] -= 1
    }
    return result
  }
}
