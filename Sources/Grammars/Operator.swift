/// A primitive function of the languages, by its SMT-LIB name where SMT-LIB has it.
///
/// Semantics live in `Evaluation`; this type holds names and signatures. Every operator costs one step.
public enum Operator: Hashable, Sendable {
  // Core theory.
  case ite, equal, distinct, not, and, or, xor, implies
  // Ints theory. `div` and `mod` are Euclidean (0 ≤ mod < |divisor|).
  case add, subtract, multiply, negate, div, mod, abs, less, lessOrEqual, greater, greaterOrEqual
  /// `even x`: Levin's own, the same as `(= (mod x 2) 0)`.
  case even
  // Arithmetic of Z/p on representatives 0 ..< p, p the grammar's `modulus`. Levin's own.
  case fieldAdd, fieldSubtract, fieldMultiply, fieldDivide
  // QF_BV.
  case bvnot, bvneg, bvand, bvor, bvxor, bvnand, bvnor, bvxnor
  case bvadd, bvsub, bvmul, bvudiv, bvurem, bvsdiv, bvsrem, bvsmod, bvshl, bvlshr, bvashr
  case bvult, bvule, bvugt, bvuge, bvslt, bvsle, bvsgt, bvsge, bvcomp
  case concat
  case extract(high: Int, low: Int)
  case zeroExtend(Int), signExtend(Int), rotateLeft(Int), rotateRight(Int), `repeat`(Int)
  // Permutations. Levin's own: (compose f g) sends x to f(g(x)).
  case compose, inverse
}

extension Operator {
  /// All operators without an index, in the order of the documentation.
  public static let plain: [Operator] = [
    .ite, .equal, .distinct, .not, .and, .or, .xor, .implies,
    .add, .subtract, .multiply, .negate, .div, .mod, .abs,
    .less, .lessOrEqual, .greater, .greaterOrEqual, .even,
    .fieldAdd, .fieldSubtract, .fieldMultiply, .fieldDivide,
    .bvnot, .bvneg, .bvand, .bvor, .bvxor, .bvnand, .bvnor, .bvxnor,
    .bvadd, .bvsub, .bvmul, .bvudiv, .bvurem, .bvsdiv, .bvsrem, .bvsmod, .bvshl, .bvlshr, .bvashr,
    .bvult, .bvule, .bvugt, .bvuge, .bvslt, .bvsle, .bvsgt, .bvsge, .bvcomp,
    .concat, .compose, .inverse,
  ]

  /// The symbol without indices: `+`, `bvadd`, `extract`, `ff.add`.
  public var symbol: String {
    switch self {
    case .ite: "ite"
    case .equal: "="
    case .distinct: "distinct"
    case .not: "not"
    case .and: "and"
    case .or: "or"
    case .xor: "xor"
    case .implies: "=>"
    case .add: "+"
    case .subtract, .negate: "-"
    case .multiply: "*"
    case .div: "div"
    case .mod: "mod"
    case .abs: "abs"
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    case .even: "even"
    case .fieldAdd: "ff.add"
    case .fieldSubtract: "ff.sub"
    case .fieldMultiply: "ff.mul"
    case .fieldDivide: "ff.div"
    case .bvnot: "bvnot"
    case .bvneg: "bvneg"
    case .bvand: "bvand"
    case .bvor: "bvor"
    case .bvxor: "bvxor"
    case .bvnand: "bvnand"
    case .bvnor: "bvnor"
    case .bvxnor: "bvxnor"
    case .bvadd: "bvadd"
    case .bvsub: "bvsub"
    case .bvmul: "bvmul"
    case .bvudiv: "bvudiv"
    case .bvurem: "bvurem"
    case .bvsdiv: "bvsdiv"
    case .bvsrem: "bvsrem"
    case .bvsmod: "bvsmod"
    case .bvshl: "bvshl"
    case .bvlshr: "bvlshr"
    case .bvashr: "bvashr"
    case .bvult: "bvult"
    case .bvule: "bvule"
    case .bvugt: "bvugt"
    case .bvuge: "bvuge"
    case .bvslt: "bvslt"
    case .bvsle: "bvsle"
    case .bvsgt: "bvsgt"
    case .bvsge: "bvsge"
    case .bvcomp: "bvcomp"
    case .concat: "concat"
    case .extract: "extract"
    case .zeroExtend: "zero_extend"
    case .signExtend: "sign_extend"
    case .rotateLeft: "rotate_left"
    case .rotateRight: "rotate_right"
    case .repeat: "repeat"
    case .compose: "compose"
    case .inverse: "inverse"
    }
  }

  /// The operator as it stands at the head of a term: `+`, `(_ extract 7 0)`.
  public var head: String {
    switch self {
    case .extract(let high, let low): "(_ extract \(high) \(low))"
    case .zeroExtend(let count), .signExtend(let count), .rotateLeft(let count), .rotateRight(let count),
      .repeat(let count):
      "(_ \(symbol) \(count))"
    default: symbol
    }
  }

  /// The number of arguments, 1 to 3.
  public var arity: Int {
    switch self {
    case .not, .negate, .abs, .even, .bvnot, .bvneg, .extract, .zeroExtend, .signExtend, .rotateLeft,
      .rotateRight, .repeat, .inverse:
      1
    case .ite: 3
    default: 2
    }
  }

  /// The sort of the result for arguments of these sorts; nil when the operator does not take them.
  public func resultSort(of arguments: [Sort]) -> Sort? {
    guard arguments.count == arity else { return nil }
    let first = arguments[0]
    switch self {
    case .ite: return first == .bool && arguments[1] == arguments[2] ? arguments[1] : nil
    case .equal, .distinct: return first == arguments[1] ? .bool : nil
    case .not, .and, .or, .xor, .implies: return arguments.allSatisfy { $0 == .bool } ? .bool : nil
    case .add, .subtract, .multiply, .negate, .div, .mod, .abs, .fieldAdd, .fieldSubtract, .fieldMultiply,
      .fieldDivide:
      return arguments.allSatisfy { $0 == .int } ? .int : nil
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .even:
      return arguments.allSatisfy { $0 == .int } ? .bool : nil
    case .compose, .inverse:
      guard case .permutation = first, arguments.allSatisfy({ $0 == first }) else { return nil }
      return first
    default: return bitVectorResult(of: arguments)
    }
  }

  /// The result sort of a `QF_BV` operator.
  private func bitVectorResult(of arguments: [Sort]) -> Sort? {
    guard case .bitVector(let width) = arguments[0] else { return nil }
    func vector(_ width: Int) -> Sort? { (1...64).contains(width) ? .bitVector(width: width) : nil }
    switch self {
    case .bvnot, .bvneg, .rotateLeft, .rotateRight: return arguments[0]
    case .extract(let high, let low):
      return low >= 0 && low <= high && high < width ? vector(high - low + 1) : nil
    case .zeroExtend(let count), .signExtend(let count): return count >= 0 ? vector(width + count) : nil
    case .repeat(let count): return count >= 1 && count <= 64 ? vector(width * count) : nil
    case .concat:
      guard case .bitVector(let other) = arguments[1] else { return nil }
      return vector(width + other)
    default:
      guard arguments[1] == arguments[0] else { return nil }
      switch self {
      case .bvult, .bvule, .bvugt, .bvuge, .bvslt, .bvsle, .bvsgt, .bvsge: return .bool
      case .bvcomp: return .bitVector(width: 1)
      default: return arguments[0]
      }
    }
  }

  /// Whether `f(x, y) = f(y, x)` for all values, *no value* included.
  public var isCommutative: Bool {
    switch self {
    case .equal, .distinct, .and, .or, .xor, .add, .multiply, .fieldAdd, .fieldMultiply, .bvand, .bvor, .bvxor,
      .bvnand, .bvnor, .bvxnor, .bvadd, .bvmul, .bvcomp:
      true
    default: false
    }
  }
}
