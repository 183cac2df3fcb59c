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
    let x = UInt64(bitPattern: first.word)
    let y = UInt64(bitPattern: second.word)
    func vector(_ bits: UInt64) -> Value { .bitVector(bits, width: width) }
    func signed(_ bits: UInt64) -> Int64 { Int64(bitPattern: bits << UInt64(64 - width)) >> Int64(64 - width) }
    let (sx, sy) = (signed(x), signed(y))
    switch self {
    case .equal: return .bool(x == y)
    case .distinct: return .bool(x != y)
    case .bvcomp: return .bitVector(x == y ? 1 : 0, width: 1)
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
      let quotient = sy == 0 ? UInt64.max : sx.magnitude / sy.magnitude
      return vector((sx < 0) != (sy < 0) ? 0 &- quotient : quotient)
    case .bvsrem, .bvsmod:
      let magnitude = sy == 0 ? sx.magnitude : sx.magnitude % sy.magnitude
      let remainder = sx < 0 ? 0 &- magnitude : magnitude
      let moves = self == .bvsmod && magnitude != 0 && (sx < 0) != (sy < 0)
      return vector(moves ? remainder &+ UInt64(bitPattern: sy) : remainder)
    case .bvshl: return vector(y < width ? x << y : 0)
    case .bvlshr: return vector(y < width ? x >> y : 0)
    case .bvashr: return vector(UInt64(bitPattern: sx >> Int64(min(y, 63))))
    case .bvult: return .bool(x < y)
    case .bvule: return .bool(x <= y)
    case .bvugt: return .bool(x > y)
    case .bvuge: return .bool(x >= y)
    case .bvslt: return .bool(sx < sy)
    case .bvsle: return .bool(sx <= sy)
    case .bvsgt: return .bool(sx > sy)
    case .bvsge: return .bool(sx >= sy)
    default: return restructured(first, second, width, signed: sx)
    }
  }

  /// Operators that change the width or move bits around.
  private func restructured(_ first: Value, _ second: Value, _ width: Int, signed: Int64) -> Value {
    let x = UInt64(bitPattern: first.word)
    switch self {
    case .concat:
      guard case .bitVector(let low) = second.sort else { preconditionFailure("concat takes bit vectors") }
      return .bitVector(x << UInt64(low) | UInt64(bitPattern: second.word), width: width + low)
    case .extract(let high, let low): return .bitVector(x >> UInt64(low), width: high - low + 1)
    case .zeroExtend(let count): return .bitVector(x, width: width + count)
    case .signExtend(let count): return .bitVector(UInt64(bitPattern: signed), width: width + count)
    case .rotateLeft(let count), .rotateRight(let count):
      var left = count % width
      if case .rotateRight = self { left = (width - left) % width }
      return .bitVector(x << UInt64(left) | x >> UInt64(width - left), width: width)
    case .repeat(let count):
      let bits = (1..<max(count, 2)).prefix(count - 1).reduce(x) { bits, _ in bits << UInt64(width) | x }
      return .bitVector(bits, width: width * count)
    default: preconditionFailure("\(head) is not an operator on bit vectors")
    }
  }

  private func applyPermutation(_ first: Value, _ second: Value, _ degree: Int) -> Value {
    func image(_ word: Int64, _ point: Int64) -> Int64 { (word >> (4 * point)) & 15 }
    var word: Int64 = 0
    switch self {
    case .equal: return .bool(first.word == second.word)
    case .distinct: return .bool(first.word != second.word)
    case .compose:
      for point in 0..<Int64(degree) { word |= image(first.word, image(second.word, point)) << (4 * point) }
    case .inverse:
      for point in 0..<Int64(degree) { word |= point << (4 * image(first.word, point)) }
    default: preconditionFailure("\(head) is not an operator on permutations")
    }
    return Value(sort: first.sort, word: word)
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
