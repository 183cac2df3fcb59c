import Evaluation
import Grammars
import Testing

/// `QF_BV` by SMT-LIB's definitions over integers and lists of bits, for widths where `Int` holds everything: a route
/// to each result that shares nothing with the interpreter or the kernels.
private enum Definition {
  static func signed(_ x: Int, _ w: Int) -> Int { x >= 1 << (w - 1) ? x - (1 << w) : x }
  static func modulo(_ x: Int, _ m: Int) -> Int { ((x % m) + m) % m }
  static func bits(_ x: Int, _ w: Int) -> [Int] { (0..<w).map { (x / (1 << $0)) % 2 } }
  static func number(_ bits: [Int]) -> Int { bits.reversed().reduce(0) { 2 * $0 + $1 } }
  static func bitwise(_ x: Int, _ y: Int, _ w: Int, _ f: (Int, Int) -> Bool) -> Int {
    number(zip(bits(x, w), bits(y, w)).map { f($0, $1) ? 1 : 0 })
  }
  static func floor(_ x: Int, _ y: Int) -> Int { (x - modulo(x, y)) / y }

  static func unsignedQuotient(_ x: Int, _ y: Int, _ w: Int) -> Int { y == 0 ? (1 << w) - 1 : x / y }
  static func unsignedRemainder(_ x: Int, _ y: Int) -> Int { y == 0 ? x : x % y }
  static func negative(_ x: Int, _ w: Int) -> Int { modulo(-x, 1 << w) }

  /// `bvsdiv`, `bvsrem`, `bvsmod` as the abbreviations that the theory file writes out.
  static func signedDivision(_ op: Operator, _ s: Int, _ t: Int, _ w: Int) -> Int {
    let (sNegative, tNegative) = (signed(s, w) < 0, signed(t, w) < 0)
    let (a, b) = (sNegative ? negative(s, w) : s, tNegative ? negative(t, w) : t)
    let (quotient, remainder) = (unsignedQuotient(a, b, w), unsignedRemainder(a, b))
    switch op {
    case .bvsdiv: return sNegative == tNegative ? quotient : negative(quotient, w)
    case .bvsrem: return sNegative ? negative(remainder, w) : remainder
    default:
      if remainder == 0 { return 0 }
      switch (sNegative, tNegative) {
      case (false, false): return remainder
      case (true, false): return modulo(negative(remainder, w) + t, 1 << w)
      case (false, true): return modulo(remainder + t, 1 << w)
      case (true, true): return negative(remainder, w)
      }
    }
  }

  static func binary(_ op: Operator, _ x: Int, _ y: Int, _ w: Int, _ v: Int) -> Int {
    let m = 1 << w
    let (sx, sy) = (signed(x, w), signed(y, w))
    func truth(_ holds: Bool) -> Int { holds ? 1 : 0 }
    switch op {
    case .equal, .bvcomp: return truth(x == y)
    case .distinct: return truth(x != y)
    case .bvand: return bitwise(x, y, w) { $0 + $1 == 2 }
    case .bvor: return bitwise(x, y, w) { $0 + $1 > 0 }
    case .bvxor: return bitwise(x, y, w) { $0 != $1 }
    case .bvnand: return bitwise(x, y, w) { $0 + $1 < 2 }
    case .bvnor: return bitwise(x, y, w) { $0 + $1 == 0 }
    case .bvxnor: return bitwise(x, y, w) { $0 == $1 }
    case .bvadd: return modulo(x + y, m)
    case .bvsub: return modulo(x - y, m)
    case .bvmul: return modulo(x * y, m)
    case .bvudiv: return unsignedQuotient(x, y, w)
    case .bvurem: return unsignedRemainder(x, y)
    case .bvsdiv, .bvsrem, .bvsmod: return signedDivision(op, x, y, w)
    case .bvshl: return modulo(x * (1 << y), m)
    case .bvlshr: return x / (1 << y)
    case .bvashr: return modulo(floor(sx, 1 << y), m)
    case .bvult: return truth(x < y)
    case .bvule: return truth(x <= y)
    case .bvugt: return truth(x > y)
    case .bvuge: return truth(x >= y)
    case .bvslt: return truth(sx < sy)
    case .bvsle: return truth(sx <= sy)
    case .bvsgt: return truth(sx > sy)
    case .bvsge: return truth(sx >= sy)
    case .concat: return number(bits(y, v) + bits(x, w))
    default: preconditionFailure("\(op) is not binary")
    }
  }

  static func unary(_ op: Operator, _ x: Int, _ w: Int) -> Int {
    let all = bits(x, w)
    switch op {
    case .bvnot: return number(all.map { 1 - $0 })
    case .bvneg: return negative(x, w)
    case .extract(let high, let low): return number(Array(all[low...high]))
    case .zeroExtend(let count): return number(all + Array(repeating: 0, count: count))
    case .signExtend(let count): return number(all + Array(repeating: all.last!, count: count))
    case .rotateLeft(let count): return number((0..<w).map { all[modulo($0 - count, w)] })
    case .rotateRight(let count): return number((0..<w).map { all[modulo($0 + count, w)] })
    case .repeat(let count): return number((0..<count).flatMap { _ in all })
    default: preconditionFailure("\(op) is not unary")
    }
  }
}

@Suite struct BitVectorsFollowTheDefinitionOfSMTLIB {
  private func all(_ width: Int) -> [Int] { Array(0..<(1 << width)) }
  private func vector(_ x: Int, _ width: Int) -> Value { .bitVector(UInt64(x), width: width) }

  private static let binary = Operator.plain.filter {
    $0.arity == 2 && $0.resultSort(of: [.bitVector(width: 4), .bitVector(width: 4)]) != nil
  }

  @Test(arguments: [1, 2, 3, 4])
  func onAllPairs(_ width: Int) {
    let sort = Sort.bitVector(width: width)
    let pairs = all(width).flatMap { x in all(width).map { (x, $0) } }
    let inputs = pairs.map { [vector($0, width), vector($1, width)] }
    let evaluator = BatchEvaluator(language([sort, sort]), inputs: inputs)
    for op in Self.binary {
      for ((x, y), word) in zip(pairs, evaluator.words(of: applied(op))) {
        let expected = Int64(Definition.binary(op, x, y, width, width))
        check(word == expected, "kernel: \(op) \(x) \(y) at width \(width) gives \(word), not \(expected)")
        let value = try? op.apply(vector(x, width), vector(y, width), modulus: nil)
        check(value?.word == expected, "interpreter: \(op) \(x) \(y) at width \(width), not \(expected)")
        check(value?.sort == op.resultSort(of: [sort, sort]), "sort of \(op)")
      }
    }
    #expect(Self.binary.count == 29)
  }

  @Test func onConcatenationsOfAllPairsOfWidths() {
    for w in 1...4 {
      for v in 1...4 {
        for x in all(w) {
          for y in all(v) {
            let value = try? Operator.concat.apply(vector(x, w), vector(y, v), modulus: nil)
            check(value == vector(Definition.binary(.concat, x, y, w, v), w + v), "\(x):\(w) with \(y):\(v)")
          }
        }
      }
    }
  }

  @Test(arguments: [1, 2, 3, 4])
  func onAllUnaryOperatorsAndIndices(_ width: Int) {
    let sort = Sort.bitVector(width: width)
    let extracts = (0..<width).flatMap { low in (low..<width).map { Operator.extract(high: $0, low: low) } }
    let counted = (0...9).flatMap { [Operator.zeroExtend($0), .signExtend($0), .rotateLeft($0), .rotateRight($0)] }
    let operators = [.bvnot, .bvneg] + extracts + counted + (1...9).map { .repeat($0) }
    let evaluator = BatchEvaluator(language([sort]), inputs: all(width).map { [vector($0, width)] })
    for op in operators {
      for (x, word) in zip(all(width), evaluator.words(of: applied(op))) {
        let expected = Int64(Definition.unary(op, x, width))
        check(word == expected, "kernel: \(op) \(x) at width \(width) gives \(word), not \(expected)")
        let value = try? op.apply(vector(x, width), vector(x, width), modulus: nil)
        check(
          value?.word == expected && value?.sort == op.resultSort(of: [sort]), "interpreter: \(op) \(x) at \(width)")
      }
    }
  }

  /// Values outside the definition's reach: `-2^63 / -1` and shifts by huge counts, by hand.
  @Test func atTheLimitsOfSixtyFourBits() throws {
    let least = Value.bitVector(1 << 63, width: 64)
    let ones = Value.bitVector(.max, width: 64)
    let cases: [(Operator, Value, Value, UInt64)] = [
      (.bvsdiv, least, ones, 1 << 63), (.bvsrem, least, ones, 0), (.bvsmod, least, ones, 0),
      (.bvsdiv, least, .bitVector(0, width: 64), 1), (.bvsdiv, ones, least, 0), (.bvsmod, ones, least, .max),
      (.bvshl, ones, ones, 0), (.bvlshr, ones, least, 0), (.bvashr, least, ones, .max), (.bvneg, least, least, 1 << 63),
    ]
    for (op, x, y, expected) in cases {
      #expect(UInt64(bitPattern: try op.apply(x, y, modulus: nil).word) == expected, "\(op) \(x) \(y)")
    }
  }
}
