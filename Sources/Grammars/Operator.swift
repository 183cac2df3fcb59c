/// A primitive function of the languages, by its SMT-LIB name where SMT-LIB has it.
///
/// Semantics live in `Evaluation`; this type holds names and signatures. Every operator costs one step, and one more for
/// each element of a list that it reads (`Int` result, and `fold`) or writes (list result); a body costs its own steps each time.
/// `transduce` and `transduce2` take none for the elements beside those of their bodies.
public enum Operator: Hashable, Sendable {
  /// SMT-LIB's core theory: `ite`, `=`, `distinct`, `not`, `and`, `or`, `xor`, `=>`.
  case ite, equal, distinct, not, and, or, xor, implies
  /// SMT-LIB's Ints: `+ - * - div mod abs < <= > >=`. `div` and `mod` are Euclidean (0 ≤ mod < |divisor|).
  case add, subtract, multiply, negate, div, mod, abs, less, lessOrEqual, greater, greaterOrEqual
  /// `even x`: Levin's own, the same as `(= (mod x 2) 0)`.
  case even
  /// Arithmetic of Z/p on representatives 0 ..< p, p the grammar's `modulus`. Levin's own: `ff.add`, `ff.sub`, …
  case fieldAdd, fieldSubtract, fieldMultiply, fieldDivide
  /// SMT-LIB's QF_BV, bit by bit.
  case bvnot, bvneg, bvand, bvor, bvxor, bvnand, bvnor, bvxnor
  /// Arithmetic and shifts of bit vectors of one width w, modulo 2^w.
  case bvadd, bvsub, bvmul, bvudiv, bvurem, bvsdiv, bvsrem, bvsmod, bvshl, bvlshr, bvashr
  /// Comparisons of bit vectors: of unsigned numbers, of signed ones, and `bvcomp`, whose result is one bit.
  case bvult, bvule, bvugt, bvuge, bvslt, bvsle, bvsgt, bvsge, bvcomp
  /// The bits of the first vector above those of the second.
  case concat
  /// The bits from `low` to `high`, both included, counted from 0 at the lowest.
  case extract(high: Int, low: Int)
  /// So many bits 0 put above the vector.
  case zeroExtend(Int)
  /// So many copies of its highest bit put above the vector.
  case signExtend(Int)
  /// The bits moved up by so many places; those that leave at the top come in at the bottom.
  case rotateLeft(Int)
  /// The bits moved down by so many places; those that leave at the bottom come in at the top.
  case rotateRight(Int)
  /// So many copies of the vector, one above the other.
  case `repeat`(Int)
  /// Permutations, Levin's own: `(compose f g)` sends x to f(g(x)).
  case compose, inverse
  // Loops of Gauthier & Urban 2023. Their first argument is a lambda.
  /// `(loop (lambda ((x S) (i Int)) body) count start)`: x is `start`, then body for i = 1 … count. S is Int or a list.
  case loop
  /// `(loop2 (lambda ((x Int) (y Int)) (pair f g)) count (pair a b))`: the x of the last of `count` steps from (a, b).
  case loop2
  /// `(compr (lambda ((m Int)) test) k)`: the number k, from 0, of the m = 0, 1, 2 … that pass the test; unbounded.
  case compr
  /// Two integers as one value.
  case pair
  /// Integers, Levin's own: the greatest common divisor (of 0 and 0 it is 0), and the integer part of a square root.
  case gcd, isqrt
  /// Lists, element by element with a lambda. `scan` gives the state after each element, `fold` the last state.
  case map, filter, fold, scan
  /// Lists. `nth` counts from 0; `take` and `drop` of a negative number, or of more than there are, have a value.
  /// `(fit k xs)` is the first k ≥ 0 elements, followed by zeros where there are fewer; `(stride k xs)` those at 0, k,
  /// 2k, …; `unique` keeps the first of equal elements; `(index x xs)` is the place of the first x, or the length;
  /// `before` and `after` are what stands before it and behind it.
  case cons, append, reverse, sort, unique, take, drop, fit, stride, before, after, nth, last, length, sum, product,
    index
  /// `(number base xs)`: Σ x_i · base^i; `(digits base n)`: the digits of n ≥ 0, lowest first, one 0 for 0.
  case number, digits
  // Streams. The program's first parameter is the list of the symbols up to now.
  /// `(transduce start (lambda ((s Int) (x Int)) update) (lambda ((s Int) (x Int)) output))`: s is `start`, and update for each
  /// symbol x; then output of that state and the last symbol.
  case transduce
  /// As `transduce` with two state variables: `start` and update are pairs.
  case transduce2
  /// `(nested (lambda ((xs (List Int))) body) open close)`: the stream is read from the inside out. Each group of symbols between
  /// `open` and `close` gives way, brackets and all, to the value of body with xs the symbols of the group; then body with xs what
  /// is left. Without a value where brackets do not pair. Body's streams are xs when that is the name of the first parameter.
  case nested
  /// `(solve (lambda ((xs (List Int))) body) x)`: the least y = 0, 1, 2 … for which body is 0 with xs the stream in which y stands
  /// wherever the symbol x stood; unbounded.
  case solve
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
    .loop, .loop2, .compr, .pair, .gcd, .isqrt, .map, .filter, .fold, .scan, .cons, .append, .reverse, .sort, .unique,
    .take,
    .drop, .fit, .stride, .before, .after, .nth, .last, .length, .sum, .product, .index, .number, .digits, .transduce,
    .transduce2, .nested, .solve,
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
    case .loop: "loop"
    case .loop2: "loop2"
    case .compr: "compr"
    case .pair: "pair"
    case .gcd: "gcd"
    case .isqrt: "isqrt"
    case .map: "map"
    case .filter: "filter"
    case .fold: "fold"
    case .scan: "scan"
    case .cons: "cons"
    case .append: "append"
    case .reverse: "reverse"
    case .sort: "sort"
    case .unique: "unique"
    case .fit: "fit"
    case .before: "before"
    case .after: "after"
    case .take: "take"
    case .drop: "drop"
    case .stride: "stride"
    case .nth: "nth"
    case .last: "last"
    case .length: "length"
    case .sum: "sum"
    case .product: "product"
    case .index: "index"
    case .number: "number"
    case .digits: "digits"
    case .transduce: "transduce"
    case .transduce2: "transduce2"
    case .nested: "nested"
    case .solve: "solve"
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
      .rotateRight, .repeat, .inverse, .isqrt, .reverse, .sort, .unique, .last, .length, .sum, .product:
      1
    case .ite, .loop, .loop2, .fold, .scan, .transduce, .transduce2, .nested: 3
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
    case .loop, .loop2, .compr, .map, .filter, .fold, .scan, .transduce, .transduce2, .nested, .solve:
      return bindingResult(of: arguments)
    default: return isStructured ? listResult(of: arguments) : bitVectorResult(of: arguments)
    }
  }

  /// The sorts that it takes, of those that have no parameter of their own: none for operators on bit vectors and
  /// permutations, and for those that take every sort.
  var signatures: [[Sort]] {
    switch self {
    case .ite, .equal, .distinct: return []
    default: break
    }
    let values = [Sort.int, .bool, .list, .pair]
    let bound: [[Sort]] = [[.int], [.list], [.int, .int], [.list, .int], [.int, .int, .int]]
    let sorts = values + bound.flatMap { parameters in values.map { .function(parameters, $0) } }
    var tuples: [[Sort]] = [[]]
    for _ in 0..<arity { tuples = tuples.flatMap { tuple in sorts.map { tuple + [$0] } } }
    return tuples.filter { resultSort(of: $0) != nil }
  }

  /// The result sort of an operator whose argument is a lambda.
  private func bindingResult(of arguments: [Sort]) -> Sort? {
    switch self {
    case .loop:
      guard arguments[1] == .int, [.int, .list].contains(arguments[2]) else { return nil }
      return arguments[0] == .function([arguments[2], .int], arguments[2]) ? arguments[2] : nil
    case .loop2: return arguments == [.function([.int, .int], .pair), .int, .pair] ? .int : nil
    case .compr: return arguments == [.function([.int], .bool), .int] ? .int : nil
    case .map: return arguments == [.function([.int], .int), .list] ? .list : nil
    case .filter: return arguments == [.function([.int], .bool), .list] ? .list : nil
    case .fold:
      guard arguments[2] == .list, [.int, .list].contains(arguments[1]) else { return nil }
      return arguments[0] == .function([arguments[1], .int], arguments[1]) ? arguments[1] : nil
    case .scan: return arguments == [.function([.int, .int], .int), .int, .list] ? .list : nil
    case .transduce:
      return arguments == [.int, .function([.int, .int], .int), .function([.int, .int], .int)] ? .int : nil
    case .nested: return arguments == [.function([.list], .int), .int, .int] ? .int : nil
    case .solve: return arguments == [.function([.list], .int), .int] ? .int : nil
    default:
      let output = Sort.function([.int, .int, .int], .int)
      return arguments == [.pair, .function([.int, .int, .int], .pair), output] ? .int : nil
    }
  }

  /// The result sort of an operator on lists and pairs.
  private func listResult(of arguments: [Sort]) -> Sort? {
    switch self {
    case .pair: arguments == [.int, .int] ? .pair : nil
    case .gcd: arguments == [.int, .int] ? .int : nil
    case .isqrt: arguments == [.int] ? .int : nil
    case .cons, .take, .drop, .fit, .stride, .before, .after: arguments == [.int, .list] ? .list : nil
    case .append: arguments == [.list, .list] ? .list : nil
    case .reverse, .sort, .unique: arguments == [.list] ? .list : nil
    case .nth, .number, .index: arguments == [.int, .list] ? .int : nil
    case .last, .length, .sum, .product: arguments == [.list] ? .int : nil
    case .digits: arguments == [.int, .int] ? .list : nil
    default: nil
    }
  }

  /// Whether it is run on the symbols of the function's first parameter, a list.
  public var readsStream: Bool {
    switch self {
    case .transduce, .transduce2, .nested, .solve: true
    default: false
    }
  }

  /// Whether it loops, binds variables or works on lists or pairs: it is run by `TermMachine`, not by the batch kernels.
  public var isStructured: Bool {
    switch self {
    case .loop, .loop2, .compr, .pair, .gcd, .isqrt, .map, .filter, .fold, .scan, .cons, .append, .reverse, .sort,
      .unique, .take,
      .drop, .fit, .stride, .before, .after, .nth, .last, .length, .sum, .product, .index, .number, .digits, .transduce,
      .transduce2, .nested, .solve:
      true
    default: false
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
      .bvnand, .bvnor, .bvxnor, .bvadd, .bvmul, .bvcomp, .gcd:
      true
    default: false
    }
  }
}
