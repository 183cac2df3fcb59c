public import Grammars

extension Operator {
  /// The operator's value on one or two arguments (`second` is ignored by unary operators); `ite` is the interpreter's.
  ///
  /// Int results outside `-(2^63 - 1) ... 2^63 - 1` throw `overflow`. `div` and `mod` are Euclidean (SMT-LIB `Ints`).
  /// Bit-vector operators follow SMT-LIB `QF_BV`, where division by zero gives all ones and its remainder the dividend.
  public func apply(_ first: Value, _ second: Value, modulus: Int64?) throws(NoValue) -> Value {
    switch first.sort {
    case .int: try applyInt(first.word, second.word, modulus)
    case .bool: .bool(applyBool(first.word == 1, second.word == 1))
    case .bitVector(let width): applyBitVector(first, second, width)
    case .permutation(let degree): applyPermutation(first, second, degree)
    case .list where self == .equal: .bool(first.word == second.word)
    case .list where self == .distinct: .bool(first.word != second.word)
    case .list, .pair, .function: preconditionFailure("\(head) on \(first.sort) is the machine's")
    }
  }

  private func applyBool(_ x: Bool, _ y: Bool) -> Bool {
    switch self {
    case .not: !x
    case .and: x && y
    case .or: x || y
    case .xor, .distinct: x != y
    case .equal: x == y
    case .implies: !x || y
    default: preconditionFailure("\(head) is not an operator on Bool")
    }
  }

  private func applyInt(_ x: Int64, _ y: Int64, _ modulus: Int64?) throws(NoValue) -> Value {
    switch self {
    case .add: return try checked(x.addingReportingOverflow(y))
    case .subtract: return try checked(x.subtractingReportingOverflow(y))
    case .multiply: return try checked(x.multipliedReportingOverflow(by: y))
    case .negate: return .int(-x)
    case .abs: return .int(Swift.abs(x))
    case .div: return .int(try euclidean(x, y).quotient)
    case .mod: return .int(try euclidean(x, y).remainder)
    case .less: return .bool(x < y)
    case .lessOrEqual: return .bool(x <= y)
    case .greater: return .bool(x > y)
    case .greaterOrEqual: return .bool(x >= y)
    case .equal: return .bool(x == y)
    case .distinct: return .bool(x != y)
    case .even: return .bool(x & 1 == 0)
    case .fieldAdd, .fieldSubtract, .fieldMultiply, .fieldDivide: return try applyField(x, y, modulus)
    default: preconditionFailure("\(head) is not an operator on Int")
    }
  }

  private func checked(_ result: (partialValue: Int64, overflow: Bool)) throws(NoValue) -> Value {
    guard !result.overflow, result.partialValue != Value.noValueWord else { throw .overflow }
    return .int(result.partialValue)
  }

  private func euclidean(_ x: Int64, _ y: Int64) throws(NoValue) -> (quotient: Int64, remainder: Int64) {
    guard y != 0 else { throw .divisionByZero }
    let (quotient, remainder) = x.quotientAndRemainder(dividingBy: y)
    if remainder >= 0 { return (quotient, remainder) }
    return y > 0 ? (quotient - 1, remainder + y) : (quotient + 1, remainder - y)
  }

  private func applyField(_ x: Int64, _ y: Int64, _ modulus: Int64?) throws(NoValue) -> Value {
    guard let p = modulus, (0..<p).contains(x), (0..<p).contains(y) else { throw .outOfRange }
    switch self {
    case .fieldAdd: return .int((x + y) % p)
    case .fieldSubtract: return .int((x - y + p) % p)
    case .fieldMultiply: return .int(x * y % p)
    default:
      guard y != 0 else { throw .divisionByZero }
      return .int(x * fieldInverse(of: y, modulo: p) % p)
    }
  }

  private func applyBitVector(_ first: Value, _ second: Value, _ width: Int) -> Value {
    let sorts = arity == 1 ? [first.sort] : [first.sort, second.sort]
    guard let sort = resultSort(of: sorts) else { preconditionFailure("\(head) of \(sorts)") }
    return Value(sort: sort, word: bits(first.word, second.word, width, second.sort.width))
  }

  private func applyPermutation(_ first: Value, _ second: Value, _ degree: Int) -> Value {
    switch self {
    case .equal: .bool(first.word == second.word)
    case .distinct: .bool(first.word != second.word)
    default: Value(sort: first.sort, word: permuted(first.word, second.word, degree))
    }
  }

  /// The word of an operator on bit vectors of `width` and `other` bits; every word is a value.
  package func bits(_ first: Int64, _ second: Int64, _ width: Int, _ other: Int) -> Int64 {
    let (x, y) = (UInt64(bitPattern: first), UInt64(bitPattern: second))
    func vector(_ bits: UInt64, _ width: Int) -> Int64 { Int64(bitPattern: bits & Value.mask(width: width)) }
    func vector(_ bits: UInt64) -> Int64 { vector(bits, width) }
    func truth(_ isTrue: Bool) -> Int64 { isTrue ? 1 : 0 }
    func signed(_ bits: UInt64) -> Int64 { Int64(bitPattern: bits << UInt64(64 - width)) >> Int64(64 - width) }
    func rotated(_ count: Int) -> Int64 { count == 0 ? first : vector(x << UInt64(count) | x >> UInt64(width - count)) }
    switch self {
    case .equal, .bvcomp: return truth(x == y)
    case .distinct: return truth(x != y)
    case .bvnot: return vector(~x)
    case .bvneg: return vector(0 &- x)
    case .bvand: return vector(x & y)
    case .bvor: return vector(x | y)
    case .bvxor: return vector(x ^ y)
    case .bvnand: return vector(~(x & y))
    case .bvnor: return vector(~(x | y))
    case .bvxnor: return vector(~(x ^ y))
    case .bvadd: return vector(x &+ y)
    case .bvsub: return vector(x &- y)
    case .bvmul: return vector(x &* y)
    case .bvudiv: return vector(y == 0 ? .max : x / y)
    case .bvurem: return vector(y == 0 ? x : x % y)
    case .bvsdiv:
      let (x, y) = (signed(x), signed(y))
      let quotient = y == 0 ? UInt64.max : x.magnitude / y.magnitude
      return vector((x < 0) != (y < 0) ? 0 &- quotient : quotient)
    case .bvsrem, .bvsmod:
      let (x, y) = (signed(x), signed(y))
      let magnitude = y == 0 ? x.magnitude : x.magnitude % y.magnitude
      let remainder = x < 0 ? 0 &- magnitude : magnitude
      let moves = self == .bvsmod && magnitude != 0 && (x < 0) != (y < 0)
      return vector(moves ? remainder &+ UInt64(bitPattern: y) : remainder)
    case .bvshl: return vector(y < width ? x << y : 0)
    case .bvlshr: return vector(y < width ? x >> y : 0)
    case .bvashr: return vector(UInt64(bitPattern: signed(x) >> Int64(min(y, 63))))
    case .bvult: return truth(x < y)
    case .bvule: return truth(x <= y)
    case .bvugt: return truth(x > y)
    case .bvuge: return truth(x >= y)
    case .bvslt: return truth(signed(x) < signed(y))
    case .bvsle: return truth(signed(x) <= signed(y))
    case .bvsgt: return truth(signed(x) > signed(y))
    case .bvsge: return truth(signed(x) >= signed(y))
    case .concat: return vector(x << UInt64(other) | y, width + other)
    case .extract(let high, let low): return vector(x >> UInt64(low), high - low + 1)
    case .zeroExtend: return first
    case .signExtend(let count): return vector(UInt64(bitPattern: signed(x)), width + count)
    case .rotateLeft(let count): return rotated(count % width)
    case .rotateRight(let count): return rotated((width - count % width) % width)
    case .repeat(let count):
      return vector(
        (1..<max(count, 2)).prefix(count - 1).reduce(x) { bits, _ in bits << UInt64(width) | x }, width * count)
    default: preconditionFailure("\(head) is not an operator on bit vectors")
    }
  }

  /// The word of an operator on permutations of `degree` points whose result is one.
  package func permuted(_ first: Int64, _ second: Int64, _ degree: Int) -> Int64 {
    func image(_ word: Int64, _ point: Int64) -> Int64 { word >> (4 &* point) & 15 }
    var word: Int64 = 0
    switch self {
    case .compose:
      for point in 0..<Int64(degree) { word |= image(first, image(second, point)) << (4 &* point) }
    case .inverse:
      for point in 0..<Int64(degree) { word |= point << (4 &* image(first, point)) }
    default: preconditionFailure("\(head) is not an operator on permutations")
    }
    return word
  }
}

/// The inverse of `x` modulo a prime `p`, `0 < x < p` (extended Euclid).
package func fieldInverse(of x: Int64, modulo p: Int64) -> Int64 {
  var (a, b, s, t) = (p, x, Int64(0), Int64(1))
  while b != 0 {
    let quotient = a / b
    (a, b) = (b, a - quotient * b)
    (s, t) = (t, s - quotient * t)
  }
  return s < 0 ? s + p : s
}
